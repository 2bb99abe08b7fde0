// Legend, filters, time and search: what is shown, and how.

import type { Graph, Kind, Modality, Relation } from "./data";
import { button, el } from "./dom";
import { days, standing } from "./facts";
import { groupKey, widthKey } from "./key";
import { type Mark, groupsOf, inkOn, marksOf } from "./marks";
import { DASHES } from "./strokes";
import { type Arrangement, type Keeper, type Measure, type Shown, shownOf } from "./state";
import { storyWording } from "./story-words";
import { dayOf, wording } from "./words";

const SVG = "http://www.w3.org/2000/svg";

/** A sample of a line, as the legend shows it. */
function sample(colour: string, dash: readonly number[]): SVGElement {
  const made = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  made.setAttribute("width", "30");
  made.setAttribute("height", "10");
  made.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M1 5H29");
  path.setAttribute("stroke", colour);
  path.setAttribute("stroke-width", "3");
  if (dash.length) path.setAttribute("stroke-dasharray", dash.join(" "));
  made.append(path);
  return made;
}

/** The legend, which is also the filter: a press hides or shows. */
export function legend(graph: Graph, keeper: Keeper, now: Shown, dark: boolean): HTMLElement {
  const { lang, hidden } = keeper.now;
  const w = wording(lang);
  const { edges } = hidden.length ? shownOf(graph, { ...keeper.now, hidden: [] }) : now;
  const counts = new Map<string, number>();
  const [relations, modalities] = [new Map<string, number>(), new Map<string, number>()];
  for (const { line } of edges) {
    const { modality } = standing(graph, line, keeper.now.asOf);
    relations.set(line.relation, (relations.get(line.relation) ?? 0) + 1);
    modalities.set(modality, (modalities.get(modality) ?? 0) + 1);
  }
  for (const [name, count] of relations) counts.set(`r:${name}`, count);
  for (const [name, count] of modalities) counts.set(`m:${name}`, count);
  const entry = (key: string, term: Relation | Modality, mark: SVGElement): HTMLElement => {
    const flip = (): void => keeper.set({ hidden: hidden.includes(key) ? hidden.filter((one) => one !== key) : [...hidden, key] });
    const made = button("", flip, { class: "entry", "aria-pressed": String(!hidden.includes(key)), "data-filter": key, title: term.comment[lang] });
    made.append(mark, el("span", {}, term.label[lang]), el("b", {}, String(counts.get(key) ?? 0)));
    return el("li", {}, made);
  };
  const occurring = { r: new Set<string>(), m: new Set<string>() };
  for (const { line } of graph.edges) {
    occurring.r.add(line.relation);
    occurring.m.add(line.modality);
  }
  const inData = <T extends Relation | Modality>(terms: readonly T[], prefix: "r" | "m"): T[] =>
    terms.filter((term) => occurring[prefix].has(term.name) || counts.has(`${prefix}:${term.name}`) || hidden.includes(`${prefix}:${term.name}`));
  const colour = (one: Relation | Kind): string => one.colour[dark ? 1 : 0];
  const here = new Set(now.companies.map((id) => graph.companies.get(id)?.kind));
  const kinds = graph.view.kinds.filter((kind) => here.has(kind.name));
  const { mark, weight } = keeper.now;
  return el("div", {},
    el("h2", {}, w.relations, " ", el("small", {}, w.filter)),
    el("ul", {}, ...inData(graph.view.relations, "r").map((one) => entry(`r:${one.name}`, one, sample(colour(one), [])))),
    el("h2", {}, w.said),
    el("ul", {}, ...inData(graph.view.modalities, "m").map((one) => entry(`m:${one.name}`, one, sample("currentColor", DASHES[one.style])))),
    weight === "amount" ? widthKey(graph, lang) : null,
    el("h2", {}, w.kinds),
    el("ul", {}, ...kinds.map((one) => el("li", { class: "entry" }, spot(one, mark === "kind" ? colour(one) : "currentColor"), el("span", {}, one.label[lang])))),
    ...(mark === "kind" ? [] : [el("h2", {}, `${storyWording(lang).marks} · ${storyWording(lang).mark[mark]}`), groupKey(graph, groupsOf(graph, mark, now.companies).groups, mark, lang, dark, inkOn)]));
}

function spot(kind: Kind, colour: string): SVGElement {
  const made = document.createElementNS(SVG, "svg");
  for (const [name, value] of [["width", "14"], ["height", "14"], ["viewBox", "0 0 14 14"], ["aria-hidden", "true"]] as const) made.setAttribute(name, value);
  const paths: Record<string, string> = {
    square: "M2 2H12V12H2Z", triangle: "M7 1L13 12H1Z", triangleDown: "M7 13L13 2H1Z", diamond: "M7 0L14 7L7 14L0 7Z",
    hexagon: "M3.5 1H10.5L14 7L10.5 13H3.5L0 7Z",
  };
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", paths[kind.shape] ?? "M7 1A6 6 0 1 1 6.99 1Z");
  path.setAttribute("fill", colour);
  made.append(path);
  return made;
}

function choice<T extends string>(label: string, name: string, options: readonly (readonly [T, string])[], now: T, pick: (one: T) => void): HTMLElement {
  const made = el("select", { name });
  for (const [value, text] of options) {
    const option = el("option", { value }, text.length > 60 ? `${text.slice(0, 59)}…` : text);
    option.selected = value === now;
    made.append(option);
  }
  made.addEventListener("change", () => {
    const found = options[made.selectedIndex];
    if (found) pick(found[0]);
  });
  return el("label", {}, el("span", {}, label), made);
}

/** Filters by amount, confidence and source; layout and size. */
export function filters(graph: Graph, keeper: Keeper, relax: () => void): HTMLElement {
  const { lang, least, surely, source, arrangement, measure, mark, weight } = keeper.now;
  const w = wording(lang);
  const more = storyWording(lang);
  const marks = marksOf(graph);
  const sums = [0, 1e6, 1e8, 1e9, 1e10, 1e11];
  const sum = new Intl.NumberFormat(lang, { notation: "compact" });
  const sure = [0, 0.5, 0.7, 0.8, 0.9];
  const told = new Set<number>();
  for (const line of graph.view.lines) for (const one of line.claims) told.add(one.document);
  const sources = graph.view.documents.filter((_, at) => told.has(at)).slice(0, 500).map((one) => [one.id, one.title] as const);
  return el("div", { class: "filters" },
    choice<Arrangement>(w.layout, "layout", [["web", w.web], ["owners", w.owners], ["circle", w.circle]], arrangement, (one) => keeper.set({ arrangement: one })),
    choice<Measure>(w.size, "size", (["lines", "amount", "sources", "same"] as const).map((one) => [one, w.bySize[one]] as const), measure, (one) => keeper.set({ measure: one })),
    marks.length > 1 ? choice<Mark>(more.marks, "mark", marks.map((one) => [one, more.mark[one]] as const), mark, (one) => keeper.set({ mark: one })) : null,
    choice<"amount" | "same">(more.weight, "weight", [["amount", more.byAmount], ["same", more.same]], weight, (one) => keeper.set({ weight: one })),
    choice(w.least, "least", sums.map((one) => [String(one), one ? sum.format(one) : "–"] as const), String(least), (one) => keeper.set({ least: Number(one) })),
    choice(w.surely, "surely", sure.map((one) => [String(one), one ? `${one * 100} %` : "–"] as const), String(surely), (one) => keeper.set({ surely: Number(one) })),
    choice(w.source, "source", [["", w.every] as const, ...sources], source, (one) => keeper.set({ source: one })),
    button(w.relax, relax, { "data-act": "relax" }));
}

/** The slider of time: one step is one day on which something changes; the last is "all times". */
export class Clock {
  readonly place = el("div", { class: "clock", role: "group" });
  #slider = el("input", { type: "range", min: "0", step: "1" });
  #shown = el("output", {});
  #play = el("button", { type: "button" });
  #label = el("span", {});
  #days: string[];
  #timer = 0;

  constructor(readonly graph: Graph, readonly keeper: Keeper) {
    this.#days = days(graph);
    this.#slider.max = String(this.#days.length);
    this.#slider.addEventListener("input", () => this.#go(Number(this.#slider.value), true));
    this.#slider.addEventListener("change", () => this.#go(Number(this.#slider.value), false));
    this.#play.addEventListener("click", () => (this.#timer ? this.stop() : this.#start()));
    this.place.append(this.#label, this.#play, this.#slider, this.#shown);
    this.place.hidden = this.#days.length < 2;
    this.fill();
  }

  #go(at: number, passing: boolean): void {
    this.keeper.set({ asOf: this.#days[at] ?? "" }, passing);
  }

  #start(): void {
    let at = this.keeper.now.asOf ? this.#days.indexOf(this.keeper.now.asOf) : -1;
    const step = (): void => {
      at += 1;
      this.#go(at, at > 0);
      if (at >= this.#days.length) this.stop();
    };
    this.#timer = window.setInterval(step, Math.max(120, Math.min(900, 12_000 / this.#days.length)));
    step();
    this.fill();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.fill();
  }

  fill(): void {
    const { asOf, lang } = this.keeper.now;
    const w = wording(lang);
    const at = asOf ? this.#days.filter((one) => one <= asOf).length - 1 : this.#days.length;
    this.#slider.value = String(Math.max(0, at));
    this.#slider.setAttribute("aria-label", w.asOf);
    const shown = asOf ? dayOf(asOf, this.graph.view, lang) : w.always;
    this.#slider.setAttribute("aria-valuetext", shown);
    this.#shown.textContent = shown;
    this.#label.textContent = w.asOf;
    this.#play.textContent = this.#timer ? "❚❚" : "▶";
    this.#play.setAttribute("aria-label", this.#timer ? w.pause : w.play);
  }
}

const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** A field that finds companies by name, as one types; `pick` is told which. */
export class Finder {
  readonly place = el("div", { class: "finder" });
  readonly input = el("input", { type: "search", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false" });
  #list = el("ul", { role: "listbox", hidden: true });
  #told = el("span", { role: "status", class: "told" });
  #graph: Graph;
  #names: { id: string; name: string; key: string }[] | null = null;
  #found: string[] = [];
  #at = -1;

  constructor(graph: Graph, readonly keeper: Keeper, id: string, readonly pick: (id: string) => void, readonly ask?: (name: string) => void) {
    this.#list.id = `${id}-list`;
    this.input.setAttribute("aria-controls", this.#list.id);
    this.place.append(this.input, this.#list, this.#told);
    this.#graph = graph;
    this.input.addEventListener("input", () => this.#look());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.#shut(), 150));
  }

  know(graph: Graph): void {
    this.#graph = graph;
    this.#names = null;
  }

  /** The names, made when they are first looked through: the most connected first. */
  #known(): { id: string; name: string; key: string }[] {
    if (this.#names) return this.#names;
    const lines = (id: string): number => this.#graph.around.get(id)?.length ?? 0;
    this.#names = [...this.#graph.companies.values()].map(({ id, name }) => ({ id, name, key: folded(name) }));
    return this.#names.sort((a, b) => lines(b.id) - lines(a.id) || (a.key < b.key ? -1 : 1));
  }

  label(text: string): void {
    this.input.placeholder = text;
    this.input.setAttribute("aria-label", text);
    this.#list.setAttribute("aria-label", text);
  }

  #look(): void {
    const key = folded(this.input.value.trim());
    const by = (fits: (one: string) => boolean): { id: string; name: string }[] => this.#known().filter((one) => fits(one.key));
    const found = key ? [...by((one) => one.startsWith(key)), ...by((one) => !one.startsWith(key) && one.includes(key))].slice(0, 8) : [];
    this.#found = found.map((one) => one.id);
    this.#at = found.length ? 0 : -1;
    this.#list.replaceChildren(...found.map((one, at) => {
      const item = el("li", { role: "option", id: `${this.#list.id}-${at}` }, el("bdi", {}, one.name));
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        this.#take(one.id);
      });
      return item;
    }));
    this.#list.hidden = found.length === 0;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.#told.textContent = key && found.length === 0 ? wording(this.keeper.now.lang).nothing : "";
    this.#mark();
  }

  #mark(): void {
    [...this.#list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === this.#at)));
    if (this.#at >= 0) this.input.setAttribute("aria-activedescendant", `${this.#list.id}-${this.#at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #key(event: KeyboardEvent): void {
    const count = this.#found.length;
    if (event.key === "Enter") {
      const id = this.#found[this.#at];
      if (id !== undefined) this.#take(id);
      else if (this.input.value.trim()) this.ask?.(this.input.value.trim());
    } else if (event.key === "Escape") this.#shut();
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      this.#at = (this.#at + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      this.#mark();
    }
  }

  #take(id: string): void {
    this.input.value = "";
    this.#shut();
    this.pick(id);
  }

  #shut(): void {
    this.#found = [];
    this.#list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}
