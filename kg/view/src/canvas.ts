// The picture on a canvas: camera, pointer and keys. It draws scenes and tells what was pointed at or clicked.

import { select } from "d3-selection";
import { type D3ZoomEvent, type ZoomBehavior, zoom, zoomIdentity } from "d3-zoom";
import { type Camera, FAMILY, type Label, type Ruler, type Scene, type Stroke, corners, head, meets, pointOn } from "./scene";

/** Beyond so many strokes and shapes, words wait until the picture is still. */
const HEAVY = 1200;
const MANY = 2500;

export interface Heard {
  readonly point: (id: string, x: number, y: number) => void;
  readonly click: (id: string, wide: boolean) => void;
  readonly open: (id: string) => void;
  readonly moved: (id: string, x: number, y: number) => void;
}

export class Picture {
  readonly canvas: HTMLCanvasElement;
  camera: Camera = { x: 0, y: 0, k: 1 };
  scene: Scene = { width: 0, height: 0, strokes: [], shapes: [], labels: [] };
  frames = 0;
  #pen: CanvasRenderingContext2D;
  #zoom: ZoomBehavior<HTMLCanvasElement, unknown>;
  #asked = 0;
  #moving = false;
  #wordless = false;
  #still = 0;
  #dragged = "";

  constructor(
    canvas: HTMLCanvasElement,
    readonly compose: (camera: Camera, width: number, height: number, ruler: Ruler, wordless: boolean) => Scene,
    readonly ground: () => string,
    readonly heard: Heard,
  ) {
    this.canvas = canvas;
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("this browser draws no canvas");
    this.#pen = pen;
    this.#zoom = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([0.005, 8])
      .filter((event: MouseEvent) => !event.button && !(event.type === "mousedown" && this.#company(this.#spot(event))))
      .on("zoom", (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => this.#turned(event));
    select(canvas).call(this.#zoom).on("dblclick.zoom", null);
    this.#listen();
  }

  readonly ruler: Ruler = (text, size, bold) => {
    this.#pen.font = `${bold ? 650 : 400} ${size}px ${FAMILY}`;
    return this.#pen.measureText(text).width;
  };

  get width(): number {
    return this.canvas.clientWidth;
  }

  get height(): number {
    return this.canvas.clientHeight;
  }

  #turned(event: D3ZoomEvent<HTMLCanvasElement, unknown>): void {
    this.camera = { x: event.transform.x, y: event.transform.y, k: event.transform.k };
    this.#moving = true;
    clearTimeout(this.#still);
    this.#still = window.setTimeout(() => {
      this.#moving = false;
      if (this.#wordless) this.draw();
    }, 120);
    this.draw();
  }

  /** Draw at the next frame. */
  draw(): void {
    if (!this.#asked) this.#asked = requestAnimationFrame(() => this.paint());
  }

  /** Draw now. */
  paint(): void {
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
    const { width, height } = this;
    if (!width || !height) return;
    const heavy = this.scene.strokes.length + this.scene.shapes.length > HEAVY;
    this.#wordless = this.#moving && heavy;
    this.scene = this.compose(this.camera, width, height, this.ruler, this.#wordless);
    const sharp = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * sharp)) this.canvas.width = Math.round(width * sharp);
    if (this.canvas.height !== Math.round(height * sharp)) this.canvas.height = Math.round(height * sharp);
    this.#pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    paint(this.#pen, this.scene, this.ground());
    this.frames += 1;
  }

  moveTo(camera: Camera, animated: boolean): void {
    const quick = !animated || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const go = (to: Camera): void =>
      this.#zoom.transform(select(this.canvas), zoomIdentity.translate(to.x, to.y).scale(to.k));
    if (quick) return go(camera);
    const from = this.camera;
    const begun = performance.now();
    const step = (now: number): void => {
      const part = Math.min(1, (now - begun) / 300);
      const ease = part * (2 - part);
      const mix = (a: number, b: number): number => a + (b - a) * ease;
      go({ x: mix(from.x, camera.x), y: mix(from.y, camera.y), k: mix(from.k, camera.k) });
      if (part < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  zoomBy(factor: number): void {
    const { x, y, k } = this.camera;
    const [mx, my] = [this.width / 2, this.height / 2];
    this.moveTo({ x: mx - (mx - x) * factor, y: my - (my - y) * factor, k: k * factor }, true);
  }

  panBy(dx: number, dy: number): void {
    this.moveTo({ ...this.camera, x: this.camera.x + dx, y: this.camera.y + dy }, false);
  }

  /** What lies under a place of the canvas: a company's id, a line's id, or "". */
  at(x: number, y: number): string {
    const spot = { x, y };
    return this.#company(spot) || this.#label(spot)?.id || this.#line(spot);
  }

  #company({ x, y }: { x: number; y: number }): string {
    let found = "";
    for (const one of this.scene.shapes) if (Math.hypot(one.x - x, one.y - y) <= Math.max(one.r, 7)) found = one.id;
    return found;
  }

  #label({ x, y }: { x: number; y: number }): Label | undefined {
    return this.scene.labels.find((one) => meets(one, { x0: x, x1: x, y0: y, y1: y }));
  }

  #line({ x, y }: { x: number; y: number }): string {
    let found = "";
    let best = 7;
    for (const one of this.scene.strokes) {
      const far = Math.max(Math.min(one.x0, one.x1, one.cx) - x, x - Math.max(one.x0, one.x1, one.cx),
        Math.min(one.y0, one.y1, one.cy) - y, y - Math.max(one.y0, one.y1, one.cy));
      if (far > best) continue;
      const away = distance(one, x, y);
      if (away < best) [found, best] = [one.id, away];
    }
    return found;
  }

  #spot(event: MouseEvent): { x: number; y: number } {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #listen(): void {
    const { canvas } = this;
    let from = { x: 0, y: 0 };
    canvas.addEventListener("pointerdown", (event) => {
      from = this.#spot(event);
      if (event.button === 0) this.#dragged = this.#company(from);
      if (this.#dragged && event.isTrusted) canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      const spot = this.#spot(event);
      const far = Math.hypot(spot.x - from.x, spot.y - from.y) > 3;
      if (this.#dragged && event.buttons === 1 && far) {
        const { x, y, k } = this.camera;
        return this.heard.moved(this.#dragged, (spot.x - x) / k, (spot.y - y) / k);
      }
      if (event.pointerType === "mouse" && !event.buttons) this.heard.point(this.at(spot.x, spot.y), spot.x, spot.y);
    });
    canvas.addEventListener("pointerup", () => { this.#dragged = ""; });
    canvas.addEventListener("pointerleave", () => this.heard.point("", 0, 0));
    canvas.addEventListener("click", (event) => {
      const spot = this.#spot(event);
      if (Math.hypot(spot.x - from.x, spot.y - from.y) <= 3) this.heard.click(this.at(spot.x, spot.y), event.shiftKey);
    });
    canvas.addEventListener("dblclick", (event) => {
      const id = this.#company(this.#spot(event));
      if (id) this.heard.open(id);
    });
    new ResizeObserver(() => {
      if (this.scene.width !== this.width || this.scene.height !== this.height) this.draw();
    }).observe(canvas);
  }
}

function distance(one: Stroke, x: number, y: number): number {
  let best = Infinity;
  for (let t = 0; t <= 1; t += 0.05) {
    const spot = pointOn(one, t);
    best = Math.min(best, Math.hypot(spot.x - x, spot.y - y));
  }
  return best;
}

/** Draw a scene. Strokes of one look are one path where there are many: a browser draws a path a time. */
export function paint(pen: CanvasRenderingContext2D, scene: Scene, ground: string): void {
  pen.globalAlpha = 1;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, scene.width, scene.height);
  const many = scene.strokes.length > MANY;
  const looks = alike(scene.strokes, (one) => `${one.colour} ${one.width} ${one.alpha} ${one.dash.join()}`);
  for (const group of looks) strokes(pen, group, many);
  shapes(pen, scene);
  pen.setLineDash([]);
  pen.globalAlpha = 1;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = ground;
  for (const label of scene.labels) {
    pen.globalAlpha = 0.8;
    pen.fillStyle = ground;
    pen.fillRect(label.x0, label.y0, label.x1 - label.x0, label.y1 - label.y0);
    pen.globalAlpha = 1;
    const step = (label.y1 - label.y0) / label.lines.length;
    label.lines.forEach((line, at) => {
      pen.font = `${line.bold ? 650 : 400} ${label.size}px ${FAMILY}`;
      const [x, y] = [(label.x0 + label.x1) / 2, label.y0 + step * (at + 0.5)];
      pen.strokeText(line.text, x, y);
      pen.fillStyle = label.colour;
      pen.fillText(line.text, x, y);
    });
  }
}

function alike<T>(all: readonly T[], key: (one: T) => string): IterableIterator<T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const name = key(one);
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return groups.values();
}

function strokes(pen: CanvasRenderingContext2D, group: readonly Stroke[], many: boolean): void {
  const like = group[0];
  if (!like) return;
  pen.strokeStyle = pen.fillStyle = like.colour;
  pen.globalAlpha = many ? like.alpha * 0.55 : like.alpha;
  pen.lineWidth = many ? 1 : like.width;
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

function shapes(pen: CanvasRenderingContext2D, scene: Scene): void {
  pen.setLineDash([]);
  pen.lineWidth = 2;
  const small = scene.shapes.length >= MANY;
  for (const group of alike(scene.shapes, (one) => `${one.colour} ${one.rim} ${one.alpha}`)) {
    pen.beginPath();
    for (const one of group) {
      const points = corners(one.shape, one.x, one.y, one.r);
      if (small) pen.rect(one.x - one.r / 2, one.y - one.r / 2, one.r, one.r);
      else if (points.length) outline(pen, points);
      else {
        pen.moveTo(one.x + one.r, one.y);
        pen.arc(one.x, one.y, one.r, 0, 2 * Math.PI);
      }
    }
    const like = group[0];
    if (!like) continue;
    pen.globalAlpha = like.alpha;
    pen.fillStyle = like.colour;
    pen.strokeStyle = like.rim;
    pen.fill();
    if (!small) pen.stroke();
  }
  pen.globalAlpha = 1;
  for (const one of scene.shapes) {
    if (!one.pinned) continue;
    pen.beginPath();
    pen.fillStyle = one.rim;
    pen.arc(one.x, one.y, Math.max(2.5, one.r / 4), 0, 2 * Math.PI);
    pen.fill();
  }
}
