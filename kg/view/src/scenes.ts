// Saved views with a name: kept, put in order, and written into a file with the notes; and the one that is shown now.

import { type Book, MOST, type SavedScene, namesOf } from "./book";
import { type Graph, day } from "./data";
import { button, el } from "./dom";
import { type Sight, hiddenIn, restored, viewed } from "./scene-view";
import type { Keeper, Shown, State } from "./state";
import { storyWording } from "./story-words";
import { filled } from "./words";

/** The view that a scene shows, as a change of the state. What is not in this graph is left out. */
export function viewOf(graph: Graph, scene: SavedScene): Partial<State> {
  const first = graph.view.first;
  const companies = scene.companies.filter((id) => graph.companies.has(id));
  const wanted = new Set(scene.companies.length ? companies : first);
  const inFirst = new Set(first);
  const relations = new Set(scene.relations);
  const { view } = scene;
  return {
    ...restored(graph, view),
    added: [...wanted].filter((id) => !inFirst.has(id)), removed: first.filter((id) => !wanted.has(id)),
    hidden: [...(relations.size ? graph.view.relations.filter((one) => !relations.has(one.name)).map((one) => `r:${one.name}`) : []), ...hiddenIn(view)],
    asOf: scene.as_of ? day(scene.as_of, true) : "",
  };
}

/** What is in view, as a scene: what it shows, and how it is looked at. */
export function sceneOf(graph: Graph, state: State, shown: Shown, name: string, sight: Sight | null): SavedScene {
  const relations = graph.view.relations.map((one) => one.name);
  const isFiltered = state.hidden.some((one) => one.startsWith("r:"));
  return { name, companies: shown.companies, relations: isFiltered ? relations.filter((one) => !state.hidden.includes(`r:${one}`)) : [], as_of: state.asOf, note: "", view: viewed(state, sight) };
}

export interface StoryActs {
  readonly show: (at: number) => void;
  readonly present: () => void;
  readonly save: () => void;
  readonly open: (file: File) => void;
  readonly jump: (id: string) => void;
  readonly shown: () => Shown;
  /** What of it is in sight; null where all of it is. */
  readonly sight: () => Sight | null;
}

/** The list of scenes and of notes. Elements stay while somebody writes in them. */
export class Story {
  readonly place = el("section", { class: "story" });
  readonly told = el("p", { class: "hint", role: "status" });
  #body = el("div", { id: "kg-story" });
  #head = button("", () => this.#unfold(this.#body.hidden === true), { class: "unfold", "aria-controls": "kg-story" });
  #edited = -1;
  #shownAt = -1;
  /** The name of a scene that is not saved yet. */
  #typed = "";
  #filled = "";
  #graph: Graph | null = null;

  constructor(readonly book: Book, readonly keeper: Keeper, readonly acts: StoryActs) {
    this.place.append(el("h2", {}, this.#head), this.#body, this.told);
    this.#unfold(book.scenes.length > 0);
  }

  #unfold(open: boolean): void {
    this.#body.hidden = !open;
    this.#head.setAttribute("aria-expanded", String(open));
  }

  /** Mark which scene is shown; -1 for none. */
  mark(at: number): void {
    this.#shownAt = at;
  }

  fill(graph: Graph): void {
    const { book, keeper } = this;
    const w = storyWording(keeper.now.lang);
    const filling = JSON.stringify([keeper.now.lang, book.revision, this.#edited, this.#shownAt]);
    if (filling === this.#filled && graph === this.#graph) return;
    [this.#filled, this.#graph] = [filling, graph];
    const counts = book.scenes.length + book.notes.length ? ` (${book.scenes.length} · ${book.notes.length})` : "";
    this.#head.textContent = w.story + counts;
    this.place.setAttribute("aria-label", w.story);
    const active = document.activeElement instanceof HTMLElement && this.#body.contains(document.activeElement) ? document.activeElement.dataset["keep"] : undefined;
    this.#body.replaceChildren(
      book.scenes.length ? el("ol", { "aria-label": w.scenes }, ...book.scenes.map((one, at) => this.#item(one, at))) : el("p", { class: "hint" }, w.noScenes),
      this.#adding(graph), this.#tools(), ...this.#notes(graph));
    if (active) this.#body.querySelector<HTMLElement>(`[data-keep="${active}"]`)?.focus();
  }

  #item(scene: SavedScene, at: number): HTMLElement {
    const w = storyWording(this.keeper.now.lang);
    if (at === this.#edited) return this.#editing(scene, at);
    const { scenes } = this.book;
    const swap = (other: number): void => {
      const next = [...scenes];
      [next[at], next[other]] = [scenes[other] ?? scene, scene];
      this.book.arrange(next);
    };
    const icon = (sign: string, label: string, act: () => void, off = false): HTMLElement => {
      const said = filled(label, scene.name);
      return button(sign, act, { class: "icon", "aria-label": said, title: said, disabled: off, "data-keep": `${sign}${at}` });
    };
    const show = button("", () => this.acts.show(at), { class: "show", "data-scene": String(at), "aria-current": at === this.#shownAt ? "true" : undefined, "data-keep": `show${at}`, title: filled(w.showScene, scene.name) });
    show.append(el("bdi", {}, scene.name));
    return el("li", {}, show, el("span", { class: "icons" },
      icon("↑", w.up, () => swap(at - 1), at === 0), icon("↓", w.down, () => swap(at + 1), at === scenes.length - 1),
      icon("✎", w.edit, () => this.#edit(at)), icon("×", w.drop, () => this.book.arrange(scenes.filter((one) => one !== scene)))),
      scene.note ? el("p", { class: "hint", dir: "auto" }, scene.note) : null);
  }

  #edit(at: number): void {
    this.#edited = at;
    if (this.#graph) this.fill(this.#graph);
    this.#body.querySelector<HTMLElement>(".writing input")?.focus();
  }

  #editing(scene: SavedScene, at: number): HTMLElement {
    const w = storyWording(this.keeper.now.lang);
    const name = el("input", { type: "text", "aria-label": w.sceneName, maxlength: "300", required: true, dir: "auto" });
    const note = el("textarea", { rows: "3", "aria-label": w.sceneNote, placeholder: w.sceneNote, maxlength: "20000", dir: "auto" });
    [name.value, note.value] = [scene.name, scene.note];
    const done = (kept: boolean): void => {
      this.#edited = -1;
      if (kept && name.value.trim()) this.book.arrange(this.book.scenes.map((one, i) => (i === at ? { ...one, name: name.value, note: note.value } : one)));
      else if (this.#graph) this.fill(this.#graph);
      this.#body.querySelector<HTMLElement>(`[data-keep="show${at}"]`)?.focus();
    };
    const form = el("div", { class: "writing" }, name, note, el("p", { class: "tools" }, button(w.keep, () => done(true)), button(w.leave, () => done(false))));
    heard(form, () => done(true), () => done(false));
    return el("li", {}, form);
  }

  #adding(graph: Graph): HTMLElement {
    const w = storyWording(this.keeper.now.lang);
    const name = el("input", { type: "text", "aria-label": w.sceneName, placeholder: w.sceneName, maxlength: "300", required: true, dir: "auto", "data-keep": "name" });
    name.value = this.#typed;
    name.addEventListener("input", () => { this.#typed = name.value; });
    const add = (): void => {
      const shown = this.acts.shown();
      if (!name.value.trim()) return name.focus();
      if (shown.companies.length > MOST) {
        this.told.textContent = filled(w.tooMany, MOST);
        return;
      }
      const scene = sceneOf(graph, this.keeper.now, shown, name.value, this.acts.sight());
      this.#typed = "";
      this.#shownAt = this.book.scenes.length;
      this.book.arrange([...this.book.scenes, scene]);
    };
    const form = el("div", { class: "writing" }, name, button(w.saveScene, add, { "data-act": "scene" }));
    heard(form, add, () => { name.value = this.#typed = ""; });
    return form;
  }

  #tools(): HTMLElement {
    const w = storyWording(this.keeper.now.lang);
    const { book } = this;
    const file = el("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-label": w.openStory });
    file.addEventListener("change", () => {
      const chosen = file.files?.[0];
      file.value = "";
      if (chosen) this.acts.open(chosen);
    });
    const isEmpty = !book.scenes.length && !book.notes.length;
    return el("p", { class: "tools" },
      button(`▶ ${w.present}`, () => this.acts.present(), { "data-act": "present", disabled: !book.scenes.length, "data-keep": "present" }),
      button(book.unsaved ? `${w.saveStory} (${w.unsaved})` : w.saveStory, () => this.acts.save(), { "data-act": "save-story", disabled: isEmpty, "data-keep": "save" }),
      button(w.openStory, () => file.click(), { "data-act": "open-story", "data-keep": "open" }), file);
  }

  #notes(graph: Graph): HTMLElement[] {
    const w = storyWording(this.keeper.now.lang);
    if (this.book.notes.length === 0) return [];
    const lines = new Map<string, string>();
    for (const line of graph.view.lines) for (const id of namesOf(graph, line.id)) lines.set(id, line.id);
    return [el("h3", {}, w.notes), el("ul", {}, ...this.book.notes.map((note) => {
      const on = graph.companies.has(note.on) ? note.on : lines.get(note.on);
      const line = on === undefined ? undefined : graph.lines.get(on);
      const named = line ? [line.subject, line.object ?? -1].map((at) => graph.view.companies[at]?.name ?? "").filter(Boolean).join(" → ") : on && graph.name(on);
      const where = on === undefined ? el("span", { class: "hint" }, w.gone) : button(named ?? "", () => this.acts.jump(on), { class: "show", title: w.jump });
      return el("li", { class: "note" }, where, el("p", { dir: "auto" }, note.text), el("small", {}, [note.author, note.written].filter(Boolean).join(" · ")));
    }))];
  }
}

/** Enter in a line keeps what was written, Escape leaves it. No key of these reaches the picture. */
function heard(form: HTMLElement, keep: () => void, leave: () => void): void {
  form.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) keep();
    else if (event.key === "Escape") leave();
  });
}
