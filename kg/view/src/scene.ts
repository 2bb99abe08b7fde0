// What a frame consists of, in pixels: shapes, strokes and words, each with its box. Canvas and SVG draw the same.

import type { Edge, Graph, Style } from "./data";
import { standing } from "./facts";
import type { Places } from "./arrange";
import type { Shown, State } from "./state";
import { wording } from "./words";

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
}
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
}
export interface Shape {
  readonly id: string;
  readonly x: number; readonly y: number; readonly r: number;
  readonly shape: string;
  readonly colour: string;
  readonly rim: string;
  readonly alpha: number;
  readonly pinned: boolean;
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
}
export type Ruler = (text: string, size: number, bold: boolean) => number;

export const DASHES: Readonly<Record<Style, readonly number[]>> = {
  fact: [], ahead: [9, 6], reported: [2, 5], over: [10, 4, 2, 4],
};
export const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const NAME = 13;
const WORDS = 11;
const MOST_LABELS = 400;
/** How strongly a line is drawn of which the dates leave open whether it holds. */
const UNDECIDED = 0.5;

export interface Given {
  readonly graph: Graph;
  readonly state: State;
  readonly shown: Shown;
  readonly places: Places;
  readonly bends: ReadonlyMap<string, number>;
  readonly sizes: ReadonlyMap<string, number>;
  readonly camera: Camera;
  readonly width: number;
  readonly height: number;
  readonly look: Look;
  readonly pointed: string;
  readonly ruler: Ruler;
  /** Words are left out while the picture moves and is large. */
  readonly wordless: boolean;
}

/** Radii by the measure of choice, in pixels at a scale of 1. */
export function sizesOf(state: State, shown: Shown): Map<string, number> {
  const weights = new Map<string, number>(shown.companies.map((id) => [id, 0]));
  const sources = new Map<string, Set<number>>();
  for (const { line, from, to } of shown.edges) {
    for (const id of [from, to]) {
      const more = state.measure === "amount" ? (line.amount?.[0] ?? 0) : 1;
      weights.set(id, (weights.get(id) ?? 0) + more);
      if (state.measure === "sources") {
        const seen = sources.get(id) ?? new Set();
        for (const claim of line.claims) seen.add(claim.document);
        sources.set(id, seen);
      }
    }
  }
  for (const [id, seen] of sources) weights.set(id, seen.size);
  if (state.measure === "same") return new Map(shown.companies.map((id) => [id, 14]));
  const most = Math.max(1, ...weights.values());
  return new Map([...weights].map(([id, weight]) => [id, 8 + 18 * Math.sqrt(weight / most)]));
}

/** Compose a frame. */
export function compose(given: Given): Scene {
  const { camera, width, height, shown, places, sizes } = given;
  const grow = Math.min(1.6, Math.max(0.35, Math.sqrt(camera.k)));
  const at = (id: string): { x: number; y: number; r: number } => {
    const place = places.get(id) ?? { x: 0, y: 0 };
    return { x: place.x * camera.k + camera.x, y: place.y * camera.k + camera.y, r: (sizes.get(id) ?? 12) * grow };
  };
  const strokes: Stroke[] = [];
  const edges: Edge[] = [];
  for (const edge of shown.edges) {
    const stroke = strokeOf(given, edge, at(edge.from), at(edge.to), edge.from === edge.to);
    if (outside(stroke, width, height)) continue;
    strokes.push(stroke);
    edges.push(edge);
  }
  const near = nearby(given);
  const shapes: Shape[] = [];
  for (const id of shown.companies) {
    const { x, y, r } = at(id);
    if (x + r < 0 || y + r < 0 || x - r > width || y - r > height) continue;
    const kind = given.graph.kinds.get(given.graph.companies.get(id)?.kind ?? "");
    const chosen = id === given.state.chosen || id === given.pointed;
    shapes.push({
      id, x, y, r, shape: kind?.shape ?? "dot", colour: kind?.colour[given.look.dark ? 1 : 0] ?? given.look.muted,
      rim: chosen ? given.look.text : given.look.ground, alpha: near === null || near.has(id) ? 1 : 0.25,
      pinned: id in given.state.pins,
    });
  }
  shapes.sort((a, b) => a.r - b.r || (a.id < b.id ? -1 : 1));
  const labels = given.wordless ? [] : labelled(given, shapes, strokes, edges);
  return { width, height, strokes, shapes, labels };
}

function nearby(given: Given): Set<string> | null {
  if (given.shown.marked === null) return null;
  const near = new Set([given.state.chosen, ...given.state.path]);
  for (const edge of given.shown.edges) {
    if (given.shown.marked.has(edge.line.id)) near.add(edge.from).add(edge.to);
  }
  return near;
}

interface End { readonly x: number; readonly y: number; readonly r: number }

function strokeOf(given: Given, edge: Edge, a: End, b: End, own: boolean): Stroke {
  const { line } = edge;
  const relation = given.graph.relations.get(line.relation);
  const { modality, undecided } = standing(given.graph, line, given.state.asOf);
  const style = given.graph.style(modality);
  const marked = given.shown.marked === null || given.shown.marked.has(line.id);
  const chosen = line.id === given.state.chosen || line.id === given.pointed;
  const colour = style === "over" ? given.look.over : relation?.colour[given.look.dark ? 1 : 0] ?? given.look.muted;
  const bend = given.bends.get(line.id) ?? 0;
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const cx = own ? a.x + 3 * a.r : (a.x + b.x) / 2 - dy * bend;
  const cy = own ? a.y - 5 * a.r : (a.y + b.y) / 2 + dx * bend;
  const from = own ? { x: a.x, y: a.y - a.r } : towards(a, cx, cy, 0);
  const to = own ? { x: a.x + a.r, y: a.y } : towards(b, cx, cy, 3);
  return {
    id: line.id, x0: from.x, y0: from.y, cx, cy, x1: to.x, y1: to.y, colour,
    width: chosen ? 4 : style === "fact" ? 2 : 1.7, dash: DASHES[style], alpha: marked ? (undecided ? UNDECIDED : 1) : 0.13,
    arrow: !relation?.symmetric,
  };
}

/** The point on the rim of a company's disc, on the way to somewhere. */
function towards(end: End, x: number, y: number, gap: number): { x: number; y: number } {
  const far = Math.hypot(x - end.x, y - end.y) || 1;
  const part = Math.min(1, (end.r + gap) / far);
  return { x: end.x + (x - end.x) * part, y: end.y + (y - end.y) * part };
}

function outside(one: Stroke, width: number, height: number): boolean {
  return (
    Math.max(one.x0, one.x1, one.cx) < 0 || Math.max(one.y0, one.y1, one.cy) < 0 ||
    Math.min(one.x0, one.x1, one.cx) > width || Math.min(one.y0, one.y1, one.cy) > height
  );
}

export function pointOn(one: Stroke, t: number): { x: number; y: number } {
  const u = 1 - t;
  return {
    x: u * u * one.x0 + 2 * u * t * one.cx + t * t * one.x1,
    y: u * u * one.y0 + 2 * u * t * one.cy + t * t * one.y1,
  };
}

/** Boxes in a grid, so that one is compared with its neighbours only. */
class Room {
  #cells = new Map<number, Box[]>();

  #each(box: Box, act: (key: number) => boolean): boolean {
    for (let x = Math.floor(box.x0 / 80); x <= Math.floor(box.x1 / 80); x += 1) {
      for (let y = Math.floor(box.y0 / 40); y <= Math.floor(box.y1 / 40); y += 1) if (act(x * 100_003 + y)) return true;
    }
    return false;
  }

  taken(box: Box): boolean {
    return this.#each(box, (key) => (this.#cells.get(key) ?? []).some((other) => meets(box, other)));
  }

  take(box: Box): void {
    this.#each(box, (key) => {
      const cell = this.#cells.get(key);
      if (cell) cell.push(box);
      else this.#cells.set(key, [box]);
      return false;
    });
  }
}

export const meets = (a: Box, b: Box): boolean => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;

/** Words that fit: names first, then lines, the marked and the quantified before others; none over another. */
function labelled(given: Given, shapes: readonly Shape[], strokes: readonly Stroke[], edges: readonly Edge[]): Label[] {
  const room = new Room();
  for (const one of shapes) room.take({ x0: one.x - one.r, y0: one.y - one.r, x1: one.x + one.r, y1: one.y + one.r });
  const labels: Label[] = [];
  const names = [...shapes].sort((a, b) => rank(given, b) - rank(given, a) || b.r - a.r || (a.id < b.id ? -1 : 1));
  for (const shape of names.slice(0, MOST_LABELS)) {
    const label = nameOf(given, shape);
    const inside = label.x0 >= 0 && label.x1 <= given.width && label.y0 >= 0 && label.y1 <= given.height;
    if (room.taken(label) || !inside) continue;
    room.take(label);
    labels.push(label);
  }
  const order = edges.map((_, at) => at).filter((at) => (strokes[at]?.alpha ?? 0) >= UNDECIDED);
  const first = (at: number): number => {
    const edge = edges[at];
    if (!edge) return 0;
    return (edge.line.id === given.state.chosen || edge.line.id === given.pointed ? 2 : 0) + (edge.line.short.en ? 1 : 0);
  };
  order.sort((a, b) => first(b) - first(a) || a - b);
  for (const at of order.slice(0, MOST_LABELS)) {
    const edge = edges[at];
    const stroke = strokes[at];
    if (!edge || !stroke) continue;
    const label = lineLabel(given, edge, stroke, room);
    if (!label) continue;
    room.take(label);
    labels.push(label);
  }
  return labels;
}

const rank = (given: Given, one: Shape): number =>
  (one.id === given.state.chosen || one.id === given.pointed ? 2 : 0) + (one.alpha === 1 ? 1 : 0);

function nameOf(given: Given, shape: Shape): Label {
  const text = clipped(given.graph.name(shape.id), 28);
  const half = given.ruler(text, NAME, true) / 2 + 3;
  const top = shape.y + shape.r + 2;
  return {
    id: shape.id, kind: "company", lines: [{ text, bold: true }], size: NAME,
    colour: shape.alpha === 1 ? given.look.text : given.look.muted,
    x0: shape.x - half, x1: shape.x + half, y0: top, y1: top + NAME * 1.35,
  };
}

function lineLabel(given: Given, edge: Edge, stroke: Stroke, room: Room): Label | null {
  const { graph, state, look, ruler } = given;
  const { line } = edge;
  const { modality, undecided } = standing(graph, line, state.asOf);
  const style = graph.style(modality);
  const words = graph.relations.get(line.relation)?.label[state.lang] ?? line.relation;
  const told = graph.modalities.get(modality)?.label[state.lang] ?? modality;
  const mark = undecided ? ` (${wording(state.lang).undecided})` : style === "fact" ? "" : ` (${told})`;
  const short = line.short[state.lang];
  const both = [{ text: clipped(words + mark, 40), bold: false }, ...(short ? [{ text: clipped(short, 34), bold: true }] : [])];
  const tries = short ? [both, [{ text: clipped(short + mark, 40), bold: true }]] : [both];
  const length = Math.hypot(stroke.x1 - stroke.x0, stroke.y1 - stroke.y0);
  for (const lines of tries) {
    const half = Math.max(...lines.map((one) => ruler(one.text, WORDS, one.bold))) / 2 + 3;
    const high = lines.length * WORDS * 1.3;
    if (length < high + 8) continue;
    for (const t of [0.5, 0.4, 0.6, 0.3, 0.7]) {
      const { x, y } = pointOn(stroke, t);
      const box = { x0: x - half, x1: x + half, y0: y - high / 2, y1: y + high / 2 };
      if (room.taken(box)) continue;
      return { id: line.id, kind: "line", lines, size: WORDS, colour: style === "over" ? look.muted : look.text, ...box };
    }
  }
  return null;
}

const clipped = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);

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

/** The three corners of an arrow's head at a stroke's end. */
export function head(one: Stroke): [number, number][] {
  const turn = Math.atan2(one.y1 - one.cy, one.x1 - one.cx);
  const size = 5 + 1.6 * one.width;
  const side = (by: number): [number, number] => [one.x1 - size * Math.cos(turn + by), one.y1 - size * Math.sin(turn + by)];
  return [[one.x1, one.y1], side(0.42), side(-0.42)];
}
