// Frames of thousands of companies: what looks alike is gathered into one path at once, and no record is made of each.

import type { Edge } from "./data";
import { standing } from "./facts";
import { labelled } from "./labels";
import type { Box, Given, Label, Scene, Shape, Stroke } from "./scene";
import { type End, MANY, Pens, strength, strokeOf } from "./strokes";

/** So many companies in sight, and so many lines in all, are drawn in this way. */
const COMPANIES = 1000;
const LINES = MANY;
/** So many companies are named at most, the largest. */
const NAMED = 60;
/** The side of the smallest company, in pixels. */
const SMALLEST = 2.5;
const FAINT = 0.25;

/** A path of one look. */
export interface Sheet {
  readonly path: Path2D;
  readonly colour: string;
  readonly alpha: number;
  /** The width of its lines; 0 of what is filled. */
  readonly width: number;
}

/** Where all companies of a graph stand on the canvas, by their place in the data; `seen` are those in sight. */
export interface Spots {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly r: Float32Array;
  readonly seen: readonly number[];
}

export function spotsOf({ graph, camera, shown, places, sizes, width, height }: Given, grow: number): Spots {
  const { length } = graph.view.companies;
  const [x, y, r] = [new Float32Array(length), new Float32Array(length), new Float32Array(length)];
  const seen: number[] = [];
  for (const id of shown.companies) {
    const at = graph.at.get(id) ?? 0;
    const place = places.get(id);
    const [across, down, radius] = [(place?.x ?? 0) * camera.k + camera.x, (place?.y ?? 0) * camera.k + camera.y, (sizes.get(id) ?? 12) * grow];
    x[at] = across;
    y[at] = down;
    r[at] = radius;
    if (across + radius >= 0 && down + radius >= 0 && across - radius <= width && down - radius <= height) seen.push(at);
  }
  return { x, y, r, seen };
}

export const endAt = ({ x, y, r }: Spots, at: number): End => ({ x: x[at] ?? 0, y: y[at] ?? 0, r: r[at] ?? 0 });

/** Whether a frame is drawn in this way: not where what has a sign of its own would have to be told apart. */
export const isHeavy = (given: Given, spots: Spots): boolean =>
  spots.seen.length >= COMPANIES && given.shown.edges.length > LINES && !given.signs && !given.noted.size;

/** The frame. Its strokes and shapes are made when somebody points at one, or saves the picture. */
export class HeavyScene implements Scene {
  readonly width: number;
  readonly height: number;
  readonly labels: readonly Label[];
  readonly sheets: readonly Sheet[];
  readonly size: number;
  #strokes: readonly Stroke[] | null = null;
  #shapes: readonly Shape[] | null = null;

  constructor(readonly given: Given, readonly spots: Spots, near: ReadonlySet<string> | null, readonly make: (given: Given, spots: Spots, at: readonly number[]) => Shape[]) {
    [this.width, this.height] = [given.width, given.height];
    this.sheets = [...linesOf(given, spots), ...discsOf(given, spots, near)];
    this.size = given.shown.edges.length + spots.seen.length;
    this.labels = given.wordless ? [] : this.#named();
  }

  get strokes(): readonly Stroke[] {
    return (this.#strokes ??= this.#drawn(this.given.shown.edges));
  }

  get shapes(): readonly Shape[] {
    return (this.#shapes ??= this.make(this.given, this.spots, this.spots.seen));
  }

  #drawn(edges: readonly Edge[]): Stroke[] {
    const pens = new Pens(this.given);
    return edges.map((edge) => strokeOf(this.given, edge, endAt(this.spots, edge.line.subject), endAt(this.spots, edge.line.object ?? 0), pens));
  }

  /** The names of the largest, of what is chosen and of what stands out, with the words of lines that do. */
  #named(): Label[] {
    const { graph, state, pointed, shown } = this.given;
    const { r, seen } = this.spots;
    const least = Float32Array.from(seen, (at) => r[at] ?? 0).sort().at(-NAMED) ?? 0;
    const chosen = [state.chosen, pointed, ...state.path].map((id) => graph.at.get(id)).filter((at) => at !== undefined);
    const large = spread(seen.filter((at) => (r[at] ?? 0) >= least));
    const marked = shown.marked ? shown.edges.filter((edge) => shown.marked?.has(edge.line.id)).slice(0, NAMED) : [];
    const ends = marked.flatMap(({ line }) => [line.subject, line.object ?? 0]);
    return labelled({ ...this.given, crowded: true }, this.make(this.given, this.spots, [...new Set([...chosen, ...ends, ...large])]), this.#drawn(marked), marked);
  }
}

/** As many as are named, from all over a list: of many of one size the first ones stand in one corner. */
const spread = (places: readonly number[]): number[] => {
  const step = Math.max(1, places.length / NAMED);
  return Array.from({ length: Math.min(NAMED, places.length) }, (_, at) => places[Math.floor(at * step)] ?? 0);
};

function linesOf(given: Given, { x, y }: Spots): Sheet[] {
  const { graph, state, shown, width, height } = given;
  const pens = new Pens(given);
  const strong = strength(shown.edges.length);
  const sheets: Sheet[] = [];
  for (const edge of shown.edges) {
    const [a, b] = [edge.line.subject, edge.line.object ?? 0];
    const [x0, y0, x1, y1] = [x[a] ?? 0, y[a] ?? 0, x[b] ?? 0, y[b] ?? 0];
    if (outside({ x0, y0, x1, y1 }, width, height)) continue;
    const pen = pens.of(edge, standing(graph, edge.line, state.asOf), "");
    const sheet = (sheets[pen.number] ??= { path: new Path2D(), colour: pen.colour, alpha: pen.alpha * strong, width: Math.max(1, pen.width - 2) });
    sheet.path.moveTo(x0, y0);
    sheet.path.lineTo(x1, y1);
  }
  return sheets.filter(Boolean);
}

const outside = ({ x0, y0, x1, y1 }: Box, width: number, height: number): boolean =>
  (x0 < 0 && x1 < 0) || (y0 < 0 && y1 < 0) || (x0 > width && x1 > width) || (y0 > height && y1 > height);

function discsOf({ graph, groups, look }: Given, { x, y, r, seen }: Spots, near: ReadonlySet<string> | null): Iterable<Sheet> {
  const theme = look.dark ? 1 : 0;
  const sheets = new Map<string, Sheet>();
  let most = SMALLEST;
  for (const at of seen) most = Math.max(most, r[at] ?? 0);
  for (const at of seen) {
    const company = graph.view.companies[at];
    if (!company) continue;
    const colour = groups?.get(company.id)?.colour[theme] ?? graph.kinds.get(company.kind)?.colour[theme] ?? look.muted;
    const alpha = near === null || near.has(company.id) ? 1 : FAINT;
    const key = alpha === 1 ? colour : `${colour} faint`;
    let sheet = sheets.get(key);
    if (!sheet) sheets.set(key, sheet = { path: new Path2D(), colour, alpha, width: 0 });
    // Squared, so that the large ones are told from thousands of small ones.
    const side = Math.max(SMALLEST, (r[at] ?? 0) ** 2 / most);
    sheet.path.rect((x[at] ?? 0) - side / 2, (y[at] ?? 0) - side / 2, side, side);
  }
  return sheets.values();
}
