// The timeline beside the picture: how many lines have a date when, and each line as a bar. A window in it narrows the picture.

import type { Edge, Graph } from "./data";
import { button, el } from "./dom";
import { asSaid, standing } from "./facts";
import { type Keeper, type Shown, type State, shownOf } from "./state";
import { type Scale, after, before, scaleOf, stepOf } from "./steps";
import { storyWording } from "./story-words";
import { DATED, type Dated, type Days, daysOf, isWithin } from "./window";
import { filled, wording } from "./words";

/** So many lines have a bar: more are a wall. */
const MOST = 80;
/** So many steps a page key moves a handle. */
const STRIDE = 12;
const SVG = "http://www.w3.org/2000/svg";
type End = "since" | "until";

interface Row {
  readonly edge: Edge;
  readonly days: Days;
}

export class Lane {
  readonly place = el("section", { class: "lane", hidden: true });
  #head = el("h2", {});
  #dated = el("select", { name: "dated" });
  #datedLabel = el("span", {});
  #clear = button("", () => this.keeper.set({ since: "", until: "" }), { "data-act": "all-time" });
  #told = el("p", { class: "hint", role: "status" });
  #strip = el("div", { class: "strip" });
  #bars = document.createElementNS(SVG, "svg");
  /** What lies outside the window. */
  #veils = { since: el("div", { class: "veil" }), until: el("div", { class: "veil" }) };
  #handles: Readonly<Record<End, HTMLElement>> = { since: this.#handle("since"), until: this.#handle("until") };
  #years = el("div", { class: "years", "aria-hidden": "true" });
  #rows = el("ul", { class: "rows" });
  #more = el("p", { class: "hint" });
  #scale: Scale | null = null;

  constructor(readonly keeper: Keeper, readonly pick: (id: string) => void) {
    this.#bars.setAttribute("preserveAspectRatio", "none");
    this.#bars.setAttribute("aria-hidden", "true");
    this.#strip.append(this.#bars, this.#veils.since, this.#veils.until, this.#handles.since, this.#handles.until);
    this.place.append(el("div", { class: "head" }, this.#head, el("label", {}, this.#datedLabel, this.#dated), this.#clear, this.#told),
      this.#strip, this.#years, this.#rows, this.#more);
    this.#dated.addEventListener("change", () => keeper.set({ dated: DATED.find((one) => one === this.#dated.value) ?? "holds" }));
    this.#rows.addEventListener("keydown", (event) => this.#walk(event));
    this.#brush();
  }

  fill(graph: Graph, shown: Shown): void {
    const { keeper } = this;
    const { lane, since, until, lang, dated } = keeper.now;
    this.place.hidden = !lane;
    if (!lane) return;
    const w = storyWording(lang);
    const all = this.#all(graph, shown);
    this.#scale = scaleOf(all.flatMap(({ days }) => [days.start, days.end, days.known].filter(Boolean)));
    this.#head.textContent = w.timeline;
    this.place.setAttribute("aria-label", w.timeline);
    this.#datedLabel.textContent = w.dated;
    this.#dated.replaceChildren(...DATED.map((one) => el("option", { value: one }, w.byDate[one])));
    this.#dated.value = dated;
    this.#clear.textContent = w.allTime;
    this.#clear.disabled = !since && !until;
    const inside = all.filter(({ edge }) => isWithin(edge.line, keeper.now));
    const undated = all.filter(({ days }) => !of(days, dated)).length;
    const range = [since || w.open, until || w.open];
    this.#told.textContent = [since || until ? filled(w.inWindow, inside.length, all.length, ...range) : filled(w.noWindow, all.length),
      undated ? filled(dated === "holds" ? w.always : w.undated, undated) : ""].filter(Boolean).join(" ");
    this.#strip.hidden = this.#years.hidden = !this.#scale;
    if (this.#scale) this.#draw(this.#scale, all, keeper.now);
    this.#list(graph, since || until ? inside : all);
  }

  /** The lines that are in view but for the window. */
  #all(graph: Graph, shown: Shown): Row[] {
    const { now } = this.keeper;
    const { edges } = now.since || now.until ? shownOf(graph, { ...now, since: "", until: "" }) : shown;
    return edges.map((edge) => ({ edge, days: daysOf(edge.line) }));
  }

  #draw(scale: Scale, all: readonly Row[], now: State): void {
    const { marks, written } = scale;
    const steps = marks.length - 1;
    const counts = new Array<number>(steps).fill(0);
    const step = (on: string): number => Math.min(steps - 1, stepOf(marks, on));
    for (const { days } of all) {
      const [from, to] = now.dated === "holds" ? [days.start || days.known, days.end || marks.at(-1) || ""] : [days[now.dated], days[now.dated]];
      if (from) for (let at = step(from); at <= step(to); at += 1) counts[at] = (counts[at] ?? 0) + 1;
    }
    const most = Math.max(1, ...counts);
    this.#bars.setAttribute("viewBox", `0 0 ${steps} ${most}`);
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", counts.map((count, at) => (count ? `M${at} ${most}v${-count}h1v${count}z` : "")).join(""));
    this.#bars.replaceChildren(path);
    const [left, right] = [now.since ? scale.place(now.since) : 0, now.until ? scale.place(after(now.until)) : 1];
    this.#veils.since.style.right = `${(1 - left) * 100}%`;
    this.#veils.until.style.left = `${right * 100}%`;
    this.#stand("since", left, now.since ? written(now.since) : "");
    this.#stand("until", right, now.until ? written(now.until) : "");
    const few = Math.max(1, Math.ceil(steps / Math.max(2, Math.floor(this.#strip.clientWidth / 75))));
    this.#years.replaceChildren(...marks.slice(0, -1).flatMap((mark, at) => {
      if (at % few || at > 0.93 * steps) return [];
      const said = el("span", {}, written(mark));
      said.style.left = `${(at / steps) * 100}%`;
      return [said];
    }));
  }

  #handle(end: End): HTMLElement {
    const made = el("div", { class: `handle ${end}`, role: "slider", tabindex: "0", "data-end": end });
    made.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -STRIDE, PageUp: STRIDE, Home: -Infinity, End: Infinity }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      this.#set(end, this.#now(end) + by, false);
    });
    return made;
  }

  #stand(end: End, place: number, shown: string): void {
    const made = this.#handles[end];
    const w = storyWording(this.keeper.now.lang);
    made.style.left = `${place * 100}%`;
    made.setAttribute("aria-label", w[end]);
    made.setAttribute("aria-valuemin", "0");
    made.setAttribute("aria-valuemax", String((this.#scale?.marks.length ?? 1) - 1));
    made.setAttribute("aria-valuenow", String(this.#now(end)));
    made.setAttribute("aria-valuetext", shown || w.open);
    made.title = `${w[end]} ${shown || w.open}`;
  }

  /** The mark at which a handle stands. */
  #now(end: End): number {
    const { since, until } = this.keeper.now;
    const marks = this.#scale?.marks ?? [];
    if (end === "since") return since ? stepOf(marks, since) : 0;
    return until ? stepOf(marks, after(until)) : marks.length - 1;
  }

  /** Put a handle at a mark; at the ends of the scale the window is open. */
  #set(end: End, wanted: number, passing: boolean): void {
    const marks = this.#scale?.marks ?? [];
    const last = marks.length - 1;
    const other = this.#now(end === "since" ? "until" : "since");
    const at = end === "since" ? Math.max(0, Math.min(wanted, other - 1)) : Math.min(last, Math.max(wanted, other + 1));
    const mark = marks[at] ?? "";
    this.keeper.set(end === "since" ? { since: at === 0 ? "" : mark } : { until: at === last ? "" : before(mark) }, passing);
  }

  /** A drag over the strip is a window; a drag of a handle moves that. */
  #brush(): void {
    let held: End | "new" | "" = "";
    let from = 0;
    const markAt = (event: PointerEvent): number => {
      const box = this.#strip.getBoundingClientRect();
      return Math.round(Math.max(0, Math.min(1, (event.clientX - box.left) / (box.width || 1))) * ((this.#scale?.marks.length ?? 1) - 1));
    };
    const span = (a: number, b: number, passing: boolean): void => {
      const marks = this.#scale?.marks ?? [];
      const [first, last] = [Math.min(a, b), Math.max(a, b)];
      if (first === last) return;
      this.keeper.set({ since: first === 0 ? "" : marks[first] ?? "", until: last === marks.length - 1 ? "" : before(marks[last] ?? "") }, passing);
    };
    this.#strip.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const end = event.target instanceof HTMLElement ? event.target.dataset["end"] : "";
      held = end === "since" || end === "until" ? end : "new";
      from = markAt(event);
      if (event.isTrusted) this.#strip.setPointerCapture(event.pointerId);
      // The view before the drag is one to come back to.
      this.keeper.set({});
    });
    this.#strip.addEventListener("pointermove", (event) => {
      if (held === "new") span(from, markAt(event), true);
      else if (held) this.#set(held, markAt(event), true);
    });
    for (const name of ["pointerup", "pointercancel"] as const) this.#strip.addEventListener(name, () => { held = ""; });
  }

  #list(graph: Graph, rows: readonly Row[]): void {
    const { lang, asOf } = this.keeper.now;
    const w = storyWording(lang);
    const key = ({ days }: Row): string => days.start || days.known || "9999";
    const sorted = [...rows].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
    const scroll = this.#rows.scrollTop;
    const focused = document.activeElement instanceof HTMLElement && this.#rows.contains(document.activeElement) ? document.activeElement.dataset["line"] : undefined;
    this.#rows.setAttribute("aria-label", w.rows);
    this.#rows.replaceChildren(...sorted.slice(0, MOST).map(({ edge, days }) => {
      const { modality } = standing(graph, edge.line, asOf);
      const relation = graph.relations.get(edge.line.relation)?.label[lang] ?? edge.line.relation;
      const dates = [days.start || days.end ? filled(w.fromTo, asSaid(days.start, edge.line.start, false) || "…", asSaid(days.end, edge.line.end, true) || "…") : "", days.known ? filled(w.known, edge.line.known) : ""].filter(Boolean).join(", ");
      const show = button("", () => this.pick(edge.line.id), { "data-line": edge.line.id, "aria-pressed": String(edge.line.id === this.keeper.now.chosen) });
      show.append(el("span", { class: "what" }, el("bdi", {}, graph.name(edge.from)), ` ${relation} `, el("bdi", {}, graph.name(edge.to))), " ", el("span", { class: "when" }, dates || wording(lang).always), this.#bar(days, graph.style(modality)));
      return el("li", {}, show);
    }));
    this.#buttons().forEach((one, at) => { one.tabIndex = at && one.dataset["line"] !== focused ? -1 : 0; });
    this.#rows.scrollTop = scroll;
    if (focused) this.#buttons().find((one) => one.dataset["line"] === focused)?.focus();
    this.#more.hidden = rows.length <= MOST;
    this.#more.textContent = filled(w.moreRows, rows.length - MOST);
  }

  /** A line's days as a bar, and a notch where it was known first. */
  #bar(days: Days, style: string): HTMLElement {
    const track = el("span", { class: "track", "aria-hidden": "true" });
    const { place } = this.#scale ?? { place: () => 0 };
    if (days.start || days.end) {
      const bar = el("span", { class: `bar style-${style}${days.start ? "" : " from-open"}${days.end ? "" : " to-open"}` });
      bar.style.left = `${(days.start ? place(days.start) : 0) * 100}%`;
      bar.style.right = `${(1 - (days.end ? place(days.end) : 1)) * 100}%`;
      track.append(bar);
    }
    if (days.known) {
      const notch = el("span", { class: "notch" });
      notch.style.left = `${place(days.known) * 100}%`;
      track.append(notch);
    }
    return track;
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.#rows.querySelectorAll("button")];
  }

  /** Up and down move in the list, which is one stop of Tab. */
  #walk(event: KeyboardEvent): void {
    const found = this.#buttons();
    const at = found.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: found.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    found[to]?.focus();
  }
}

const of = (days: Days, dated: Dated): string => (dated === "holds" ? days.start || days.known : days[dated]);
