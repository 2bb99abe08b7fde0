// Scenes shown one after another, over the whole screen where the browser lets them, with what is said of each.

import { type Book, namesOf } from "./book";
import type { Graph } from "./data";
import { button, el } from "./dom";
import type { Keeper, Shown } from "./state";
import { storyWording } from "./story-words";
import { dayOf, filled, wording } from "./words";

/** So many notes on what is shown are told beside a scene's own. */
const MOST_NOTES = 6;

export interface Stage {
  readonly graph: () => Graph;
  readonly shown: () => Shown;
  /** Bring a scene into view. */
  readonly show: (at: number) => void;
  /** Fit what is in view into what room there is now. */
  readonly fit: () => void;
  readonly ended: () => void;
}

export class Presentation {
  readonly place = el("section", { class: "presentation", hidden: true, tabindex: "-1" });
  #at = -1;
  #before: HTMLElement | null = null;

  constructor(readonly root: HTMLElement, readonly book: Book, readonly keeper: Keeper, readonly stage: Stage) {
    // The browser's own way out of the full screen ends the presentation, too.
    document.addEventListener("fullscreenchange", () => {
      if (this.isOn && !document.fullscreenElement) this.end();
      else if (this.isOn) this.stage.fit();
    });
    document.addEventListener("keydown", (event) => this.#key(event), true);
  }

  get isOn(): boolean {
    return this.#at >= 0;
  }

  begin(at = 0): void {
    if (!this.book.scenes.length) return;
    this.#before = document.activeElement as HTMLElement | null;
    this.root.classList.add("presenting");
    this.place.hidden = false;
    void this.root.requestFullscreen?.().catch(() => undefined);
    this.go(at);
    this.place.focus();
  }

  go(at: number): void {
    const next = Math.max(0, Math.min(this.book.scenes.length - 1, at));
    if (next === this.#at) return;
    this.#at = next;
    this.stage.show(next);
    this.fill();
    this.stage.fit();
  }

  end(): void {
    this.#at = -1;
    this.root.classList.remove("presenting");
    this.place.hidden = true;
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    this.stage.ended();
    this.#before?.focus();
  }

  fill(): void {
    const scene = this.book.scenes[this.#at];
    if (!scene) return;
    const { lang } = this.keeper.now;
    const [w, count] = [storyWording(lang), this.book.scenes.length];
    const progress = filled(w.progress, this.#at + 1, count);
    const when = scene.as_of ? dayOf(this.keeper.now.asOf, this.stage.graph().view, lang) : wording(lang).always;
    const step = (sign: string, label: string, by: number, off: boolean): HTMLElement =>
      button(sign, () => this.go(this.#at + by), { "aria-label": label, title: label, disabled: off });
    this.place.setAttribute("aria-label", w.presentation);
    this.place.replaceChildren(
      el("div", { class: "said", "aria-live": "polite" },
        el("h2", {}, el("bdi", {}, scene.name), " ", el("small", {}, when)),
        scene.note ? el("p", { dir: "auto" }, scene.note) : null,
        ...this.#notes()),
      el("div", { class: "steps" },
        step("←", w.previous, -1, this.#at === 0), el("span", {}, progress),
        el("progress", { max: String(count), value: String(this.#at + 1), "aria-label": progress }),
        step("→", w.next, 1, this.#at === count - 1), button("×", () => this.end(), { "aria-label": w.end, title: `${w.end}. ${w.keys}` })));
  }

  /** The notes on what the scene shows. */
  #notes(): HTMLElement[] {
    const graph = this.stage.graph();
    const shown = this.stage.shown();
    const here = new Map<string, string>(shown.companies.map((id) => [id, graph.name(id)]));
    for (const { line, from, to } of shown.edges) for (const id of namesOf(graph, line.id)) here.set(id, `${graph.name(from)} → ${graph.name(to)}`);
    const notes = this.book.notes.filter((note) => here.has(note.on)).slice(0, MOST_NOTES);
    return notes.length ? [el("ul", {}, ...notes.map((note) => el("li", {}, el("b", {}, el("bdi", {}, here.get(note.on) ?? "")), " ", el("span", { dir: "auto" }, note.text))))] : [];
  }

  /** Arrows, page keys and space go on and back, Home and End to the ends; Escape ends. */
  #key(event: KeyboardEvent): void {
    if (!this.isOn || event.ctrlKey || event.metaKey || event.altKey) return;
    const isButton = event.target instanceof HTMLButtonElement;
    const to = { ArrowRight: this.#at + 1, PageDown: this.#at + 1, " ": isButton ? undefined : this.#at + 1, ArrowLeft: this.#at - 1, PageUp: this.#at - 1, Home: 0, End: this.book.scenes.length - 1 }[event.key];
    if (event.key === "Escape") this.end();
    else if (to !== undefined) this.go(to);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
