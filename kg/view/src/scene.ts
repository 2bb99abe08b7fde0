// What a frame consists of, in pixels: shapes, strokes and words, each with its box. Canvas and SVG draw the same.

import type { Places } from "./arrange";
import type { Edge, Graph } from "./data";
import { labelled } from "./labels";
import { type Group, type Ring, initials, inkOn } from "./marks";
import type { Shown, State } from "./state";
import { HeavyScene, type Sheet, type Spots, endAt, isHeavy, spotsOf } from "./heavy";
import { Pens, apart, outside, strokeOf } from "./strokes";

export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}
export interface Look {
  readonly dark: boolean;
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
  readonly over: string;
  /** The colour of a slip that tells of a note. */
  readonly slip: string;
}
/** What became of a line between two days: it came, it went, or another of its kind stands in its place. */
export type Sign = "came" | "went" | "changed";
export interface Stroke {
  readonly id: string;
  readonly x0: number; readonly y0: number;
  readonly cx: number; readonly cy: number;
  readonly x1: number; readonly y1: number;
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly alpha: number;
  readonly arrow: boolean;
  /** Strokes of one number look the same. */
  readonly pen: number;
  readonly sign: Sign | "";
  readonly noted: boolean;
}
export interface Shape {
  readonly id: string;
  readonly x: number; readonly y: number; readonly r: number;
  readonly shape: string;
  readonly colour: string;
  readonly rim: string;
  readonly alpha: number;
  readonly pinned: boolean;
  readonly initials: string;
  readonly ink: string;
  readonly ring: Ring | null;
  readonly noted: boolean;
}
export interface Box {
  readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number;
}
export interface Label extends Box {
  readonly id: string;
  readonly kind: "company" | "line";
  readonly lines: readonly { readonly text: string; readonly bold: boolean }[];
  readonly size: number;
  readonly colour: string;
}
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly strokes: readonly Stroke[];
  readonly shapes: readonly Shape[];
  readonly labels: readonly Label[];
  /** How much there is to draw. */
  readonly size: number;
  /** What is drawn in the place of strokes and shapes where there are thousands. */
  readonly sheets: readonly Sheet[] | null;
}
export type Ruler = (text: string, size: number, bold: boolean) => number;

export const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
/** Discs that are smaller bear no initials. */
const LEGIBLE = 9;
/** How large a disc there is room for in a shape, of one that reaches as far. */
export const INNER: Readonly<Record<string, number>> = { triangle: 0.5, triangleDown: 0.5, diamond: 0.7, square: 0.85 };
/** The radii of the smallest company and of the largest, at a scale of 1: the smallest has room for its initials. */
const [LEAST, MOST] = [12, 26];
/** How large the sign of a change is. */
export const SIGN = 8;
/** The side of the slip that tells of a note. */
export const SLIP = 9;

export interface Given {
  readonly graph: Graph;
  readonly state: State;
  readonly shown: Shown;
  readonly places: Places;
  readonly bends: () => ReadonlyMap<string, number>;
  readonly sizes: ReadonlyMap<string, number>;
  /** The group of each company, null where companies are told by their kind. */
  readonly groups: ReadonlyMap<string, Group> | null;
  /** The companies and lines on which there are notes. */
  readonly noted: ReadonlySet<string>;
  /** What became of lines, where two days are compared. */
  readonly signs: ReadonlyMap<string, Sign> | null;
  readonly camera: Camera;
  readonly width: number;
  readonly height: number;
  readonly look: Look;
  readonly pointed: string;
  readonly ruler: Ruler;
  /** Words are left out while the picture moves and is large. */
  readonly wordless: boolean;
  /** Whether there are so many companies that most are small squares. */
  readonly crowded?: boolean;
}

/** Radii by the measure of choice, in pixels at a scale of 1. */
export function sizesOf(state: State, shown: Shown): Map<string, number> {
  if (state.measure === "same") return new Map(shown.companies.map((id) => [id, 14]));
  const weights = new Map<string, number>(shown.companies.map((id) => [id, 0]));
  const sources = new Map<string, Set<number>>();
  for (const { line, from, to } of shown.edges) {
    const more = state.measure === "amount" ? (line.amount?.[0] ?? 0) : 1;
    for (const id of [from, to]) {
      weights.set(id, (weights.get(id) ?? 0) + more);
      if (state.measure === "sources") {
        const seen = sources.get(id) ?? new Set();
        for (const claim of line.claims) seen.add(claim.document);
        sources.set(id, seen);
      }
    }
  }
  for (const [id, seen] of sources) weights.set(id, seen.size);
  let most = 1;
  for (const weight of weights.values()) most = Math.max(most, weight);
  for (const [id, weight] of weights) weights.set(id, LEAST + (MOST - LEAST) * Math.sqrt(weight / most));
  return weights;
}

/** Compose a frame. */
export function compose(given: Given): Scene {
  const { width, height } = given;
  const spots = spotsOf(given, Math.min(1.6, Math.max(0.35, Math.sqrt(given.camera.k))));
  if (isHeavy(given, spots)) return new HeavyScene(given, spots, nearby(given), shapesOf);
  const pens = new Pens(given);
  const strokes: Stroke[] = [];
  const edges: Edge[] = [];
  for (const edge of given.shown.edges) {
    const [a, b] = [endAt(spots, edge.line.subject), endAt(spots, edge.line.object ?? 0)];
    if (apart(a, b, width, height)) continue;
    const stroke = strokeOf(given, edge, a, b, pens);
    if (outside(stroke, width, height)) continue;
    strokes.push(stroke);
    edges.push(edge);
  }
  const shapes = shapesOf(given, spots, spots.seen);
  const labels = given.wordless ? [] : labelled(given, shapes, strokes, edges);
  return { width, height, strokes, shapes, labels, size: strokes.length + shapes.length, sheets: null };
}

/** The companies at some places of the data, as they are drawn: the smallest first. */
function shapesOf(given: Given, spots: Spots, places: readonly number[]): Shape[] {
  const { graph, state, look, groups, noted } = given;
  const near = nearby(given);
  const theme = look.dark ? 1 : 0;
  const shapes: Shape[] = [];
  for (const at of places) {
    const company = graph.view.companies[at];
    if (!company) continue;
    const { id } = company;
    const kind = graph.kinds.get(company.kind);
    const group = groups?.get(id);
    const colour = group ? group.colour[theme] : kind?.colour[theme] ?? look.muted;
    const chosen = id === state.chosen || id === given.pointed;
    const end = endAt(spots, at);
    shapes.push({
      id, ...end, shape: kind?.shape ?? "dot", colour, rim: chosen ? look.text : look.ground,
      alpha: near === null || near.has(id) ? 1 : 0.25, pinned: id in state.pins,
      initials: end.r * (INNER[kind?.shape ?? ""] ?? 1) >= LEGIBLE ? initials(company.name) : "", ink: inkOn(colour), ring: group?.ring ?? null, noted: noted.has(id),
    });
  }
  return shapes.sort((a, b) => a.r - b.r);
}

/** The companies that stand out; null where all do. */
function nearby({ shown, state }: Given): Set<string> | null {
  if (shown.marked === null && !state.since && !state.until) return null;
  const near = new Set([state.chosen, ...state.path]);
  for (const edge of shown.edges) {
    if (shown.marked === null || shown.marked.has(edge.line.id)) near.add(edge.from).add(edge.to);
  }
  return near;
}

/** The corners of a shape, or none for a disc. */
export function corners(shape: string, x: number, y: number, r: number): [number, number][] {
  const turned = (sides: number, from: number): [number, number][] =>
    Array.from({ length: sides }, (_, at) => {
      const turn = from + (2 * Math.PI * at) / sides;
      return [x + r * Math.cos(turn), y + r * Math.sin(turn)];
    });
  const up = -Math.PI / 2;
  const by: Record<string, () => [number, number][]> = {
    square: () => turned(4, Math.PI / 4), triangle: () => turned(3, up), triangleDown: () => turned(3, -up),
    diamond: () => turned(4, up), hexagon: () => turned(6, 0),
  };
  return by[shape]?.() ?? [];
}

/** The strokes of a sign in its disc: +, − or ≠, drawn, so that no font is needed. */
export const SIGNS: Readonly<Record<Sign, readonly (readonly [number, number, number, number])[]>> = {
  came: [[-4, 0, 4, 0], [0, -4, 0, 4]], went: [[-4, 0, 4, 0]], changed: [[-4, -1.8, 4, -1.8], [-4, 1.8, 4, 1.8], [-2.5, 4.5, 2.5, -4.5]],
};
