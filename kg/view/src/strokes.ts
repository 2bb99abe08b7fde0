// Lines of the picture as curves in pixels, each with the look of its relation, its modality and its weight.

import type { Edge, Style } from "./data";
import { type Standing, standing } from "./facts";
import { type Given, SIGN, type Sign, type Stroke } from "./scene";
import { widthOf } from "./weight";

export interface End { readonly x: number; readonly y: number; readonly r: number }

export const DASHES: Readonly<Record<Style, readonly number[]>> = {
  fact: [], ahead: [9, 6], reported: [2, 5], over: [10, 4, 2, 4],
};
/** How strongly a line is drawn of which the dates leave open whether it holds. */
export const UNDECIDED = 0.5;
const FAINT = 0.13;
/** How strongly what is on both days alike is drawn, where two days are compared. */
const ALIKE = 0.3;

/** Beyond so many, lines are straight and thin. */
export const MANY = 2500;
/** How strongly a line is drawn among so many: the more there are, the fainter, so that companies stand out of them. */
export const strength = (lines: number): number => Math.max(0.2, 0.55 * Math.min(1, Math.sqrt(MANY / lines)));

interface Pen {
  readonly number: number;
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly alpha: number;
  readonly arrow: boolean;
}

/** The looks of a frame's strokes, each once: what looks alike is drawn as one path. */
export class Pens {
  #made = new Map<string, Map<number, Pen>>();
  #count = 0;
  readonly #thinner: number;

  constructor(readonly given: Given) {
    this.#thinner = Math.min(1, Math.max(0.6, Math.sqrt(given.camera.k)));
  }

  of({ line }: Edge, { modality, undecided }: Standing, sign: Sign | ""): Pen {
    const { graph, state, shown, pointed, signs, look } = this.given;
    const marked = shown.marked === null || shown.marked.has(line.id);
    const chosen = line.id === state.chosen || line.id === pointed;
    const style = graph.style(modality);
    const plain = style === "fact" ? 2 : 1.7;
    const width = state.weight === "same" ? plain : widthOf(line);
    let named = this.#made.get(line.relation);
    if (!named) this.#made.set(line.relation, named = new Map());
    const key = (((STYLES.indexOf(style) * 2 + Number(undecided)) * 2 + Number(marked)) * 2 + Number(chosen)) * 4096 + width * 16 + (sign ? 1 : 0);
    const known = named.get(key);
    if (known) return known;
    const relation = graph.relations.get(line.relation);
    const strength = signs ? (sign ? 1 : ALIKE) : undecided ? UNDECIDED : 1;
    const pen: Pen = {
      number: this.#count++,
      colour: style === "over" ? look.over : relation?.colour[look.dark ? 1 : 0] ?? look.muted,
      width: chosen ? Math.max(4, width + 1.5) : sign ? Math.max(3, width) : state.weight === "same" ? width : Math.max(1, width * this.#thinner),
      dash: sign === "went" ? DASHES.ahead : DASHES[style], alpha: marked ? strength : FAINT, arrow: !relation?.symmetric,
    };
    named.set(key, pen);
    return pen;
  }
}

const STYLES: readonly Style[] = ["fact", "ahead", "reported", "over"];

export function strokeOf(given: Given, edge: Edge, a: End, b: End, pens: Pens): Stroke {
  const { line } = edge;
  const sign = given.signs?.get(line.id) ?? "";
  const pen = pens.of(edge, standing(given.graph, line, given.state.asOf), sign);
  const own = edge.from === edge.to;
  const bend = given.bends().get(line.id) ?? 0;
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const cx = own ? a.x + 3 * a.r : (a.x + b.x) / 2 - dy * bend;
  const cy = own ? a.y - 5 * a.r : (a.y + b.y) / 2 + dx * bend;
  const here = own ? 0 : towards(a, cx, cy, 0);
  const there = own ? 0 : towards(b, cx, cy, 3);
  return {
    id: line.id, cx, cy,
    x0: own ? a.x : a.x + (cx - a.x) * here, y0: own ? a.y - a.r : a.y + (cy - a.y) * here,
    x1: own ? a.x + a.r : b.x + (cx - b.x) * there, y1: own ? a.y : b.y + (cy - b.y) * there,
    colour: pen.colour, width: pen.width, dash: pen.dash, alpha: pen.alpha, arrow: pen.arrow, pen: pen.number,
    sign, noted: given.noted.has(line.id),
  };
}

/** How much of the way to somewhere lies within a company's disc. */
function towards(end: End, x: number, y: number, gap: number): number {
  const [dx, dy] = [x - end.x, y - end.y];
  return Math.min(1, (end.r + gap) / (Math.sqrt(dx * dx + dy * dy) || 1));
}

/** Whether two companies lie so far off, on one side, that no line between them is seen. */
export function apart(a: End, b: End, width: number, height: number): boolean {
  const far = Math.abs(a.x - b.x) + Math.abs(a.y - b.y) + 200;
  return Math.max(a.x, b.x) < -far || Math.max(a.y, b.y) < -far || Math.min(a.x, b.x) > width + far || Math.min(a.y, b.y) > height + far;
}

export function outside(one: Stroke, width: number, height: number): boolean {
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

/** Where the signs of strokes stand: on the middle of each, or where on it none stands yet. */
export function signed(strokes: readonly Stroke[]): { readonly sign: Sign; readonly x: number; readonly y: number }[] {
  const found: { sign: Sign; x: number; y: number }[] = [];
  const cells = new Map<string, { x: number; y: number }[]>();
  const cell = (x: number, y: number): string => `${Math.round(x / (2 * SIGN))} ${Math.round(y / (2 * SIGN))}`;
  const isFree = ({ x, y }: { x: number; y: number }): boolean => [-1, 0, 1].every((right) => [-1, 0, 1].every((down) =>
    (cells.get(cell(x + right * 2 * SIGN, y + down * 2 * SIGN)) ?? []).every((other) => Math.hypot(other.x - x, other.y - y) > 2 * SIGN + 1)));
  for (const one of strokes) {
    if (!one.sign) continue;
    const spots = [0.5, 0.35, 0.65, 0.25, 0.75].map((t) => pointOn(one, t));
    const spot = spots.find(isFree) ?? spots[0] ?? pointOn(one, 0.5);
    const key = cell(spot.x, spot.y);
    cells.set(key, [...(cells.get(key) ?? []), spot]);
    found.push({ sign: one.sign, ...spot });
  }
  return found;
}

/** The three corners of an arrow's head at a stroke's end. */
export function head(one: Stroke): [number, number][] {
  const turn = Math.atan2(one.y1 - one.cy, one.x1 - one.cx);
  const size = 5 + 1.6 * Math.min(one.width, 6);
  const side = (by: number): [number, number] => [one.x1 - size * Math.cos(turn + by), one.y1 - size * Math.sin(turn + by)];
  return [[one.x1, one.y1], side(0.42), side(-0.42)];
}
