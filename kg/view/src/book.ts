// Notes and scenes ("kg-scenes/1"), as the page holds, writes and reads them; kg.view.scenes is the same in Python.

import type { Graph } from "./data";
import { type SceneView, isViewed } from "./scene-view";

export interface Note {
  /** The id of a company or of a claim. */
  readonly on: string;
  readonly text: string;
  readonly author: string;
  /** A partial date. */
  readonly written: string;
}
/** A saved view. Of no companies or no relations it shows all. */
export interface SavedScene {
  readonly name: string;
  readonly companies: readonly string[];
  readonly relations: readonly string[];
  readonly as_of: string;
  readonly note: string;
  readonly view: SceneView;
}
/** A text without blanks at its ends, of so many characters at most; Python counts code points, and takes no half of one. */
const cut = (text: string, longest: number): string => [...text.trim().replace(/\p{Cs}/gu, "\ufffd")].slice(0, longest).join("");

type Position = readonly [number, number];

export const FORMAT = "kg-scenes/1";
/** What a file holds at most, as kg.view.scenes has it. */
export const MOST = 5000;
const LONGEST = 20_000;
const LONGEST_NAME = 300;
const FARTHEST = 1e7;

export class Book {
  notes: readonly Note[] = [];
  scenes: readonly SavedScene[] = [];
  readonly positions = new Map<string, Position>();
  /** What somebody is writing and has not added yet, by what it is on. */
  readonly drafts = new Map<string, string>();
  author = "";
  /** Whether something would be lost if the page were closed. */
  unsaved = false;
  /** Grows with each change. */
  revision = 0;
  #heard: (() => void)[] = [];

  hear(heard: () => void): void {
    this.#heard.push(heard);
  }

  #changed(unsaved: boolean): void {
    this.unsaved = unsaved;
    this.revision += 1;
    for (const heard of this.#heard) heard();
  }

  /** All that is here has been written into a file. */
  saved(): void {
    this.#changed(false);
  }

  on(ids: readonly string[]): Note[] {
    return this.notes.filter((note) => ids.includes(note.on));
  }

  write(on: string, text: string, author: string): void {
    this.author = cut(author, LONGEST_NAME);
    const note = { on, text: cut(text, LONGEST), author: this.author, written: new Date().toISOString().slice(0, 10) };
    this.drafts.delete(on);
    if (!note.text) return;
    this.notes = [...this.notes, note];
    this.#changed(true);
  }

  strike(note: Note): void {
    this.notes = this.notes.filter((one) => one !== note);
    this.#changed(true);
  }

  /** Put scenes in the place of those that there are: added, named anew, in another order. */
  arrange(scenes: readonly SavedScene[]): void {
    this.scenes = scenes.map((one) => ({ ...one, name: cut(one.name, LONGEST_NAME), note: cut(one.note, LONGEST) })).filter((one) => one.name);
    this.#changed(true);
  }

  /** Add what a file says to what is here, each once. Raises an Error that says what does not hold; then nothing is added. */
  add(content: unknown): { readonly notes: number; readonly scenes: number } {
    const { notes, scenes, positions } = read(content);
    const known = new Set([...this.notes, ...this.scenes].map((one) => JSON.stringify(one)));
    const fresh = <T>(all: readonly T[]): T[] => all.filter((one) => !known.has(JSON.stringify(one)));
    this.notes = [...this.notes, ...fresh(notes)];
    this.scenes = [...this.scenes, ...fresh(scenes)];
    for (const [id, place] of positions) this.positions.set(id, place);
    this.#changed(this.unsaved);
    return { notes: notes.length, scenes: scenes.length };
  }

  /** Write all of it as JSON; what is empty is left out. */
  written(places: Iterable<readonly [string, Position]>): string {
    for (const [id, [x, y]] of places) this.positions.set(id, [Math.round(x * 10) / 10, Math.round(y * 10) / 10]);
    const positions = Object.fromEntries([...this.positions].sort(([a], [b]) => (a < b ? -1 : 1)));
    return `${JSON.stringify(filled({ format: FORMAT, notes: this.notes.map(filled), scenes: this.scenes.map(filled), positions }), null, 1)}\n`;
  }
}

/** The ids that a note on a line may bear: its own, and those of its claims. */
export function namesOf(graph: Graph, id: string): string[] {
  const line = graph.lines.get(id);
  return line ? [...new Set([id, ...line.claims.map((claim) => claim.id)])] : [id];
}

/** The companies and lines of a graph on which there are notes. */
export function notedIn(graph: Graph, notes: readonly Note[]): Set<string> {
  const noted = new Set(notes.map((note) => note.on));
  if (noted.size === 0) return noted;
  const found = new Set<string>([...noted].filter((id) => graph.companies.has(id)));
  for (const line of graph.view.lines) if (noted.has(line.id) || line.claims.some((claim) => noted.has(claim.id))) found.add(line.id);
  return found;
}

function filled(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) =>
    typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value)));
}

type Table = Readonly<Record<string, unknown>>;

/** Read what a file says. Whatever is not as the format has it is told, and nothing is taken: a file comes from strangers. */
function read(content: unknown): { notes: Note[]; scenes: SavedScene[]; positions: [string, Position][] } {
  const table = known(content, ["format", "notes", "scenes", "positions"], "");
  if ("format" in table && table["format"] !== FORMAT) throw new Error(`format: ${String(table["format"]).slice(0, 40)}`);
  const notes = list(table, "notes").map((one, at): Note => {
    const where = `notes[${at + 1}]`;
    const said = known(one, ["on", "text", "author", "written"], where);
    return { on: text(said, "on", where, LONGEST_NAME, true), text: text(said, "text", where, LONGEST, true), author: text(said, "author", where, LONGEST_NAME), written: date(said, "written", where) };
  });
  const scenes = list(table, "scenes").map((one, at): SavedScene => {
    const where = `scenes[${at + 1}]`;
    const said = known(one, ["name", "companies", "relations", "as_of", "note", "view"], where);
    const texts = (name: string): string[] => [...new Set(list(said, name).map((each) => text({ [name]: each }, name, where, LONGEST_NAME, true)))];
    return { name: text(said, "name", where, LONGEST_NAME, true), companies: texts("companies"), relations: texts("relations"), as_of: date(said, "as_of", where), note: text(said, "note", where, LONGEST), view: viewIn(said, where) };
  });
  const places = Object.entries(known(table["positions"] ?? {}, null, "positions"));
  return { notes, scenes, positions: places.map(([id, place]) => [id, position(id, place)]) };
}

function known(one: unknown, names: readonly string[] | null, where: string): Table {
  if (typeof one !== "object" || one === null || Array.isArray(one)) throw new Error(`${where || "JSON"}: {…}?`);
  const strange = names && Object.keys(one).find((name) => !names.includes(name));
  if (strange) throw new Error(`${where}: ${strange.slice(0, 40)}?`);
  return one as Table;
}

function viewIn(table: Table, where: string): SceneView {
  const view = known(table["view"] ?? {}, null, `${where}.view`);
  const strange = Object.entries(view).find(([name, value]) => !isViewed(name, value));
  if (strange) throw new Error(`${where}.view.${strange[0].slice(0, 40)}?`);
  return view;
}

function list(table: Table, name: string): unknown[] {
  const found = table[name] ?? [];
  if (!Array.isArray(found) || found.length > MOST) throw new Error(`${name}: […]?`);
  return found;
}

function text(table: Table, name: string, where: string, longest: number, needed = false): string {
  const found = table[name] ?? "";
  if (typeof found !== "string" || [...found].length > longest || (needed && !found.trim())) throw new Error(`${where}.${name}?`);
  return found;
}

function date(table: Table, name: string, where: string): string {
  const found = text(table, name, where, 10);
  if (!/^(\d{4}(-\d\d(-\d\d)?)?)?$/.test(found)) throw new Error(`${where}.${name}: ${found}?`);
  return found;
}

function position(id: string, place: unknown): Position {
  const sound = Array.isArray(place) && place.length === 2 && place.every((at) => typeof at === "number" && Math.abs(at) <= FARTHEST);
  if (!sound) throw new Error(`positions.${id.slice(0, 60)}: [x, y]?`);
  return [place[0] as number, place[1] as number];
}
