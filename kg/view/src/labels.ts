// Words that fit into the picture, none over another.

import type { Edge } from "./data";
import { standing } from "./facts";
import { type Box, type Given, type Label, SIGN, type Shape, type Stroke } from "./scene";
import { UNDECIDED, pointOn, signed } from "./strokes";
import { wording } from "./words";

const NAME = 13;
const WORDS = 11;
const MOST_LABELS = 400;
/** Among so many companies only a few are named, the largest. */
const CROWD = 250;
const FEW = 60;
/** Where buttons lie over the picture: their corner at the upper right, and the height of the clock below. */
const CORNER = [62, 140] as const;
const FOOT = 46;

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
export function labelled(given: Given, shapes: readonly Shape[], strokes: readonly Stroke[], edges: readonly Edge[]): Label[] {
  const room = new Room();
  // Among thousands names lie over what is small: else nothing large in their midst could be named.
  const crowded = given.crowded ?? shapes.length > CROWD;
  const stand = (): void => shapes.forEach(({ x, y, r }) => room.take({ x0: x - r, y0: y - r, x1: x + r, y1: y + r }));
  if (!crowded) stand();
  room.take({ x0: given.width - CORNER[0], x1: given.width, y0: 0, y1: CORNER[1] });
  room.take({ x0: 0, x1: given.width, y0: given.height - FOOT, y1: given.height });
  for (const { x, y } of signed(strokes)) room.take({ x0: x - SIGN, y0: y - SIGN, x1: x + SIGN, y1: y + SIGN });
  const labels: Label[] = [];
  for (const shape of largest(given, shapes).slice(0, crowded ? FEW : MOST_LABELS)) {
    const inside = namesOf(given, shape).filter((one) => one.x0 >= 0 && one.x1 <= given.width && one.y0 >= 0 && one.y1 <= given.height);
    // What is chosen is named in any case.
    const label = inside.find((one) => !room.taken(one)) ?? (rank(given, shape) < 2 ? undefined : inside[0]);
    if (!label) continue;
    room.take(label);
    labels.push(label);
  }
  if (crowded) stand();
  for (const at of weightiest(given, strokes, edges)) {
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

/** The places of the lines to name first: what is chosen, what changed, what has terms. */
function weightiest({ state, pointed }: Given, strokes: readonly Stroke[], edges: readonly Edge[]): number[] {
  const ranked: number[][] = [[], [], [], [], [], [], [], []];
  strokes.forEach((stroke, at) => {
    const line = edges[at]?.line;
    if (!line || stroke.alpha < UNDECIDED) return;
    const rank = (line.id === state.chosen || line.id === pointed ? 4 : 0) + (stroke.sign ? 2 : 0) + (line.short.en ? 1 : 0);
    ranked[7 - rank]?.push(at);
  });
  return ranked.flat().slice(0, MOST_LABELS);
}

/** The companies to name first: what is chosen, what stands out, what is large. Shapes come in order of their size. */
function largest(given: Given, shapes: readonly Shape[]): Shape[] {
  const ranked: Shape[][] = [[], [], [], []];
  for (let at = shapes.length - 1; at >= 0; at -= 1) {
    const one = shapes[at];
    if (one) ranked[3 - rank(given, one)]?.push(one);
  }
  return ranked.flat();
}

const rank = (given: Given, one: Shape): number =>
  (one.id === given.state.chosen || one.id === given.pointed ? 2 : 0) + (one.alpha === 1 ? 1 : 0);

/** A company's name at the places where it can stand: below its disc, else above it, else beside it. */
function namesOf(given: Given, shape: Shape): Label[] {
  const text = clipped(given.graph.name(shape.id), 28);
  const [wide, high] = [given.ruler(text, NAME, true) + 6, NAME * 1.35];
  const { x, y, r } = shape;
  const corners = [[x - wide / 2, y + r + 2], [x - wide / 2, y - r - 2 - high], [x + r + 2, y - high / 2], [x - r - 2 - wide, y - high / 2]] as const;
  const colour = shape.alpha === 1 ? given.look.text : given.look.muted;
  return corners.map(([x0, y0]) => ({ id: shape.id, kind: "company", lines: [{ text, bold: true }], size: NAME, colour, x0, x1: x0 + wide, y0, y1: y0 + high }));
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
