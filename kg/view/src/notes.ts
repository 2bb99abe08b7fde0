// Notes on a company or a line, in the panel: read, written, struck out.

import { type Book, namesOf } from "./book";
import type { Graph } from "./data";
import { button, el } from "./dom";
import { storyWording } from "./story-words";
import type { Keeper } from "./state";

/** The notes on what is chosen, and the field for a new one. */
export function notesOn(graph: Graph, book: Book, keeper: Keeper, id: string): HTMLElement {
  const w = storyWording(keeper.now.lang);
  const written = book.on(namesOf(graph, id)).map((note) => el("li", { class: "note" },
    el("p", { dir: "auto" }, note.text),
    el("small", {}, el("bdi", {}, note.author), note.author && note.written ? " · " : "", note.written, " ",
      button("×", () => book.strike(note), { class: "icon", "aria-label": w.dropNote, title: w.dropNote }))));
  const text = el("textarea", { rows: "2", dir: "auto", "aria-label": w.newNote, placeholder: w.newNote, maxlength: "20000" });
  const author = el("input", { type: "text", "aria-label": w.author, placeholder: w.author, maxlength: "300", autocomplete: "name" });
  text.value = book.drafts.get(id) ?? "";
  author.value = book.author;
  const add = (): void => book.write(id, text.value, author.value);
  const act = el("p", { class: "tools" }, author, button(w.addNote, add, { "data-act": "note" }));
  act.hidden = !text.value;
  text.addEventListener("input", () => {
    book.drafts.set(id, text.value);
    act.hidden = !text.value.trim();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) add();
    // What somebody writes is not let go of by a key that lets go of what is chosen.
    event.stopPropagation();
  });
  return el("section", { class: "notes", "aria-label": w.notes }, written.length ? el("ul", {}, ...written) : null, text, act);
}
