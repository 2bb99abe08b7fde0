// What is in view: one immutable record, its history, and its spelling in the address.

import type { Edge, Finding, Graph, Lang, Line } from "./data";
import { standing } from "./facts";
import { MARKS, type Mark } from "./marks";
import { type Dated, DATED, isWithin } from "./window";

export type Arrangement = "web" | "owners" | "circle";
export type Measure = "lines" | "amount" | "sources" | "same";

export interface State {
  /** Companies shown beside those of the first look, and taken out of it. */
  readonly added: readonly string[];
  /** Whether all that the data holds is shown beside them. */
  readonly all: boolean;
  readonly removed: readonly string[];
  /** Relations and modalities that are hidden: "r:supplies", "m:planned". */
  readonly hidden: readonly string[];
  readonly least: number;
  readonly surely: number;
  readonly source: string;
  readonly asOf: string;
  readonly chosen: string;
  readonly arrangement: Arrangement;
  readonly measure: Measure;
  /** By what companies are told apart, and whether lines are as wide as their amounts are large. */
  readonly mark: Mark;
  readonly weight: "amount" | "same";
  /** A window of time, from a day to a day, "" where it is open, and the date of claims that must lie in it. */
  readonly since: string;
  readonly until: string;
  readonly dated: Dated;
  /** The day with which that of the clock is compared, "" for none. */
  readonly versus: string;
  /** Whether the timeline is shown. */
  readonly lane: boolean;
  readonly pins: Readonly<Record<string, readonly [number, number]>>;
  /** The ends of a path that is looked for. */
  readonly path: readonly string[];
  /** The layer that is laid over the picture, "" for none, and the place of what it found that is chosen, or -1. */
  readonly layer: string;
  readonly finding: number;
  readonly table: boolean;
  readonly lang: Lang;
}

export function initial(lang: Lang, focus: string | null, asOf: string): State {
  return {
    added: [], all: false, removed: [], hidden: [], least: 0, surely: 0, source: "", asOf, chosen: focus ?? "",
    arrangement: "web", measure: "lines", mark: "kind", weight: "amount",
    since: "", until: "", dated: "holds", versus: "", lane: false, pins: {}, path: [], layer: "", finding: -1, table: false, lang,
  };
}

type Heard = (now: State, before: State) => void;

/** Holds the state; every change goes through it, and can be undone. */
export class Keeper {
  #now: State;
  #past: State[] = [];
  #heard: Heard[] = [];

  constructor(readonly start: State, from: State) {
    this.#now = from;
  }

  get now(): State {
    return this.#now;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  hear(heard: Heard): void {
    this.#heard.push(heard);
  }

  /** Change the view; `passing` says that this is no step to come back to, as a slider's move is none. */
  set(patch: Partial<State>, passing = false): void {
    const before = this.#now;
    if (!passing) this.#past = [...this.#past.slice(-99), before];
    this.#now = { ...before, ...patch };
    for (const heard of this.#heard) heard(this.#now, before);
  }

  undo(): void {
    const last = this.#past.pop();
    if (!last) return;
    const before = this.#now;
    this.#now = last;
    for (const heard of this.#heard) heard(last, before);
  }
}

/** Write a state as the part of an address after #: only what differs from the start. */
export function spelt(state: State, start: State): string {
  const said: Record<string, unknown> = {};
  for (const key of Object.keys(start) as (keyof State)[]) {
    if (JSON.stringify(state[key]) !== JSON.stringify(start[key])) said[key] = state[key];
  }
  return Object.keys(said).length ? encodeURIComponent(JSON.stringify(said)) : "";
}

/** Read what `spelt` wrote. Whatever is not of the right kind is left out: an address comes from strangers. */
export function read(hash: string, start: State): State {
  let said: unknown;
  try {
    said = JSON.parse(decodeURIComponent(hash.replace(/^#/, "") || "{}"));
  } catch {
    return start;
  }
  if (typeof said !== "object" || said === null) return start;
  const given = said as Record<string, unknown>;
  const found: Record<string, unknown> = { ...start };
  for (const [key, sound] of Object.entries(SOUND)) if (key in given && sound(given[key])) found[key] = given[key];
  return found as unknown as State;
}

const isText = (one: unknown): boolean => typeof one === "string" && one.length < 500;
const isTexts = (one: unknown): boolean => Array.isArray(one) && one.every(isText);
const isNumber = (one: unknown): boolean => typeof one === "number" && Number.isFinite(one);
const oneOf = (...names: string[]) => (one: unknown): boolean => typeof one === "string" && names.includes(one);
const isPlace = (one: unknown): boolean => Array.isArray(one) && one.length === 2 && one.every(isNumber);
const isDay = (one: unknown): boolean => typeof one === "string" && /^(\d{4}-\d\d-\d\d)?$/.test(one);
const isSwitch = (one: unknown): boolean => typeof one === "boolean";
const SOUND: Record<keyof State, (one: unknown) => boolean> = {
  added: isTexts, all: isSwitch, removed: isTexts, hidden: isTexts, least: isNumber, surely: isNumber, source: isText,
  asOf: isDay, since: isDay, until: isDay, versus: isDay, dated: oneOf(...DATED), mark: oneOf(...MARKS), weight: oneOf("amount", "same"), chosen: isText,
  arrangement: oneOf("web", "owners", "circle"), measure: oneOf("lines", "amount", "sources", "same"),
  pins: (one) => typeof one === "object" && one !== null && !Array.isArray(one) && Object.values(one).every(isPlace),
  path: isTexts, layer: isText, finding: (one) => Number.isInteger(one) && Number(one) >= -1, table: isSwitch, lane: isSwitch,
  lang: oneOf("en", "fr"),
};

/** Whether a value is of the right kind for a part of the state. */
export const isSound = (key: keyof State, value: unknown): boolean => SOUND[key](value);

export function isOn(state: State, line: Line, graph: Graph): boolean {
  const { modality, shown } = standing(graph, line, state.asOf);
  if (!shown) return false;
  if (state.hidden.length && (state.hidden.includes(`r:${line.relation}`) || state.hidden.includes(`m:${modality}`))) return false;
  if (state.least > 0 && (line.amount?.[0] ?? 0) < state.least) return false;
  if (line.confidence < state.surely) return false;
  if ((state.since || state.until) && !isWithin(line, state)) return false;
  return !state.source || line.claims.some((one) => graph.view.documents[one.document]?.id === state.source);
}

/** What is drawn: the companies in view, and the lines between them that no filter hides. */
export interface Shown {
  readonly companies: readonly string[];
  readonly edges: readonly Edge[];
  /** Lines that stand out: of the path, of a layer, of what is chosen; all of them where nothing is marked. */
  readonly marked: ReadonlySet<string> | null;
}

export function shownOf(graph: Graph, state: State): Shown {
  const kept = new Set(state.all ? graph.companies.keys() : [...graph.view.first, ...state.added].filter((id) => graph.companies.has(id)));
  for (const id of state.removed) kept.delete(id);
  for (const id of state.path) if (graph.companies.has(id)) kept.add(id);
  const way = state.path.length === 2 ? shortest(graph, state, state.path[0] ?? "", state.path[1] ?? "") : [];
  for (const edge of way) kept.add(edge.from).add(edge.to);
  for (const id of findingOf(graph, state)?.companies ?? []) if (graph.companies.has(id)) kept.add(id);
  const edges: Edge[] = [];
  for (const edge of graph.edges) {
    if (kept.has(edge.from) && kept.has(edge.to) && isOn(state, edge.line, graph)) edges.push(edge);
  }
  return { companies: [...kept], edges, marked: marks(graph, state, way) };
}

/** Whether two lists are the same ids in the same order. */
export const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((id, at) => id === other[at]);

function marks(graph: Graph, state: State, way: readonly Edge[]): Set<string> | null {
  if (way.length) return new Set(way.map((edge) => edge.line.id));
  const layer = graph.layers.get(state.layer);
  if (layer) return new Set((findingOf(graph, state)?.lines ?? layer.findings.flatMap((one) => one.lines)));
  if (graph.byLine.has(state.chosen)) return new Set([state.chosen]);
  if (!graph.companies.has(state.chosen)) return null;
  return new Set((graph.around.get(state.chosen) ?? []).map((edge) => edge.line.id));
}

/** What is chosen of what the layer found. */
export const findingOf = (graph: Graph, state: State): Finding | undefined =>
  graph.layers.get(state.layer)?.findings[state.finding];

/** The lines of a shortest path over what the filters let through, without regard to direction. */
export function shortest(graph: Graph, state: State, from: string, to: string): Edge[] {
  const came = new Map<string, Edge | null>([[from, null]]);
  let front = [from];
  while (front.length && !came.has(to)) {
    const next: string[] = [];
    for (const id of front) {
      for (const edge of graph.around.get(id) ?? []) {
        const other = edge.from === id ? edge.to : edge.from;
        if (came.has(other) || !isOn(state, edge.line, graph)) continue;
        came.set(other, edge);
        next.push(other);
      }
    }
    front = next.sort();
  }
  const way: Edge[] = [];
  for (let at = to, edge = came.get(to); edge; edge = came.get(at)) {
    way.unshift(edge);
    at = edge.from === at ? edge.to : edge.from;
  }
  return way;
}
