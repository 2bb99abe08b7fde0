// Scenes on a canvas. Strokes and shapes of one look are one path: a browser draws a path at a time.

import { FAMILY, INNER, SIGN, SIGNS, SLIP, type Look, type Scene, type Shape, type Stroke, corners } from "./scene";
import type { Sheet } from "./heavy";
import { MANY, head, pointOn, signed, strength } from "./strokes";

/** Beyond so many, words have no halo beside the ground that is laid under them. */
const MANY_WORDS = 80;

export function paint(pen: CanvasRenderingContext2D, scene: Scene, look: Look): void {
  pen.globalAlpha = 1;
  pen.fillStyle = look.ground;
  pen.fillRect(0, 0, scene.width, scene.height);
  if (scene.sheets) sheets(pen, scene.sheets);
  else {
    const many = scene.strokes.length > MANY ? strength(scene.strokes.length) : 0;
    for (const group of alike(scene.strokes, (one) => one.pen)) strokes(pen, group, many);
    shapes(pen, scene.shapes);
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
  words(pen, scene, look.ground);
  if (!scene.sheets) signs(pen, scene, look);
}

function sheets(pen: CanvasRenderingContext2D, all: readonly Sheet[]): void {
  pen.setLineDash([]);
  for (const { path, colour, alpha, width } of all) {
    pen.globalAlpha = alpha;
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = width;
    if (width) pen.stroke(path);
    else pen.fill(path);
  }
}

function alike<T, K>(all: readonly T[], key: (one: T) => K): IterableIterator<T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const name = key(one);
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return groups.values();
}

function strokes(pen: CanvasRenderingContext2D, group: readonly Stroke[], many: number): void {
  const like = group[0];
  if (!like) return;
  pen.strokeStyle = pen.fillStyle = like.colour;
  pen.globalAlpha = many ? like.alpha * many : like.alpha;
  pen.lineWidth = many ? Math.max(1, like.width - 2) : like.width;
  pen.setLineDash(many ? [] : [...like.dash]);
  pen.beginPath();
  for (const one of group) {
    pen.moveTo(one.x0, one.y0);
    if (many) pen.lineTo(one.x1, one.y1);
    else pen.quadraticCurveTo(one.cx, one.cy, one.x1, one.y1);
  }
  pen.stroke();
  if (many) return;
  pen.beginPath();
  for (const one of group) if (one.arrow) outline(pen, head(one));
  pen.fill();
}

function outline(pen: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]): void {
  points.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
}

function shapes(pen: CanvasRenderingContext2D, all: readonly Shape[]): void {
  pen.setLineDash([]);
  for (const group of alike(all, (one) => `${one.colour} ${one.rim} ${one.alpha}`)) {
    pen.beginPath();
    for (const one of group) figure(pen, one, one.r);
    const like = group[0];
    if (!like) continue;
    pen.globalAlpha = like.alpha;
    pen.fillStyle = like.colour;
    pen.strokeStyle = like.rim;
    pen.lineWidth = 2;
    pen.fill();
    pen.stroke();
  }
  for (const one of all) marks(pen, one);
  pen.globalAlpha = 1;
}

function figure(pen: CanvasRenderingContext2D, one: Shape, r: number): void {
  const points = corners(one.shape, one.x, one.y, r);
  if (points.length) return outline(pen, points);
  pen.moveTo(one.x + r, one.y);
  pen.arc(one.x, one.y, r, 0, 2 * Math.PI);
}

/** The ring of its group, its initials, and the point that says that it is pinned. */
function marks(pen: CanvasRenderingContext2D, one: Shape): void {
  pen.globalAlpha = one.alpha;
  if (one.ring && one.r > 5) {
    pen.strokeStyle = one.ink;
    pen.lineWidth = one.ring.width;
    pen.setLineDash([...one.ring.dash]);
    pen.beginPath();
    figure(pen, one, one.r - 1 - one.ring.width);
    pen.stroke();
    pen.setLineDash([]);
  }
  if (one.initials) {
    pen.font = `650 ${sizeOfInitials(one)}px ${FAMILY}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = one.ink;
    pen.fillText(one.initials, one.x, one.y + 0.5);
  }
  if (!one.pinned) return;
  pen.beginPath();
  pen.fillStyle = one.rim;
  pen.strokeStyle = one.ink;
  pen.lineWidth = 1;
  pen.arc(one.x, one.y - one.r, 3, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
}

/** The size of a company's initials, in pixels: three letters need a smaller one. */
export const sizeOfInitials = (one: Shape): number => Math.round(one.r * (INNER[one.shape] ?? 1) * (one.ring ? 0.7 : 0.85) * ([...one.initials].length > 2 ? 0.8 : 1));

function words(pen: CanvasRenderingContext2D, scene: Scene, ground: string): void {
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = ground;
  const haloed = scene.labels.length <= MANY_WORDS;
  pen.globalAlpha = haloed ? 0.8 : 0.9;
  pen.fillStyle = ground;
  for (const one of scene.labels) pen.fillRect(one.x0, one.y0, one.x1 - one.x0, one.y1 - one.y0);
  pen.globalAlpha = 1;
  let font = "";
  for (const label of scene.labels) {
    const step = (label.y1 - label.y0) / label.lines.length;
    pen.fillStyle = label.colour;
    label.lines.forEach((line, at) => {
      const wanted = `${line.bold ? 650 : 400} ${label.size}px ${FAMILY}`;
      if (wanted !== font) pen.font = font = wanted;
      const [x, y] = [(label.x0 + label.x1) / 2, label.y0 + step * (at + 0.5)];
      if (haloed) pen.strokeText(line.text, x, y);
      pen.fillText(line.text, x, y);
    });
  }
}

/** What became of lines between two days, and slips where there are notes. */
function signs(pen: CanvasRenderingContext2D, scene: Scene, look: Look): void {
  pen.strokeStyle = look.text;
  for (const { sign, x, y } of signed(scene.strokes)) {
    pen.fillStyle = look.ground;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, SIGN, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
    pen.beginPath();
    for (const [x0, y0, x1, y1] of SIGNS[sign]) {
      pen.moveTo(x + x0, y + y0);
      pen.lineTo(x + x1, y + y1);
    }
    pen.stroke();
  }
  pen.lineWidth = 1;
  pen.fillStyle = look.slip;
  for (const [x, y] of slips(scene)) {
    pen.fillRect(x, y, SLIP, SLIP);
    pen.beginPath();
    pen.rect(x + 0.5, y + 0.5, SLIP - 1, SLIP - 1);
    for (const down of [3, 6]) {
      pen.moveTo(x + 2, y + down);
      pen.lineTo(x + SLIP - 2, y + down);
    }
    pen.stroke();
  }
}

/** The upper left corners of the slips that tell of notes. */
export function slips(scene: Scene): [number, number][] {
  const found: [number, number][] = [];
  for (const one of scene.shapes) if (one.noted) found.push([one.x + one.r * 0.6, one.y - one.r - 2]);
  for (const one of scene.strokes) {
    if (!one.noted) continue;
    const { x, y } = pointOn(one, 0.62);
    found.push([x - SLIP / 2, y - SLIP / 2]);
  }
  return found;
}
