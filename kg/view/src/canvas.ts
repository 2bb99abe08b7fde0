// The picture on a canvas: camera, pointer and keys. It draws scenes and tells what was pointed at or clicked.

import { select } from "d3-selection";
import { type D3ZoomEvent, type ZoomBehavior, zoom, zoomIdentity } from "d3-zoom";
import { meets } from "./labels";
import { paint } from "./paint";
import { type Camera, FAMILY, type Label, type Look, type Ruler, type Scene, type Stroke } from "./scene";
import { pointOn } from "./strokes";

/** Beyond so many strokes and shapes, words wait until the picture is still. */
const HEAVY = 1200;

const LATIN = /^[\u0020-\u024f\u2010-\u203a\u20ac]*$/;

export interface Heard {
  readonly point: (id: string, x: number, y: number) => void;
  readonly click: (id: string, wide: boolean) => void;
  readonly open: (id: string) => void;
  readonly moved: (id: string, x: number, y: number) => void;
  /** The camera has moved. */
  readonly turned: (camera: Camera) => void;
}

export class Picture {
  readonly canvas: HTMLCanvasElement;
  camera: Camera = { x: 0, y: 0, k: 1 };
  scene: Scene = { width: 0, height: 0, strokes: [], shapes: [], labels: [], size: 0, sheets: null };
  frames = 0;
  #pen: CanvasRenderingContext2D;
  #widths = new Map<string, Map<string, number>>();
  #zoom: ZoomBehavior<HTMLCanvasElement, unknown>;
  #asked = 0;
  #moving = false;
  #wordless = false;
  #still = 0;
  #dragged = "";
  #move = 0;

  constructor(
    canvas: HTMLCanvasElement,
    readonly compose: (camera: Camera, width: number, height: number, ruler: Ruler, wordless: boolean) => Scene,
    readonly look: () => Look,
    readonly heard: Heard,
  ) {
    this.canvas = canvas;
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("this browser draws no canvas");
    this.#pen = pen;
    this.#zoom = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([0.005, 8])
      .duration(0)
      .filter((event: MouseEvent) => !event.button && !(event.type === "mousedown" && this.#company(this.#spot(event))))
      .on("zoom", (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => this.#turned(event));
    select(canvas).call(this.#zoom).on("dblclick.zoom", null);
    this.#listen();
  }

  /** How wide a text is. Of Latin letters each is measured once: kerning apart, a text is as wide as they are. */
  readonly ruler: Ruler = (text, size, bold) => {
    const font = `${bold ? 650 : 400} ${size}px ${FAMILY}`;
    let known = this.#widths.get(font);
    if (!known) this.#widths.set(font, known = new Map());
    let width = 0;
    for (const sign of LATIN.test(text) ? text : [text]) {
      let own = known.get(sign);
      if (own === undefined) {
        this.#pen.font = font;
        own = this.#pen.measureText(sign).width;
        if (known.size < 5000) known.set(sign, own);
      }
      width += own;
    }
    return width;
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
    this.heard.turned(this.camera);
  }

  /** Look where another picture looks. */
  follow({ x, y, k }: Camera): void {
    const now = this.camera;
    if (now.x !== x || now.y !== y || now.k !== k) this.moveTo({ x, y, k }, false);
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
    const heavy = this.scene.size > HEAVY;
    this.#wordless = this.#moving && heavy;
    this.scene = this.compose(this.camera, width, height, this.ruler, this.#wordless);
    const sharp = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * sharp)) this.canvas.width = Math.round(width * sharp);
    if (this.canvas.height !== Math.round(height * sharp)) this.canvas.height = Math.round(height * sharp);
    this.#pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    paint(this.#pen, this.scene, this.look());
    this.frames += 1;
  }

  moveTo(camera: Camera, animated: boolean): void {
    const quick = !animated || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const go = (to: Camera): void =>
      this.#zoom.transform(select(this.canvas), zoomIdentity.translate(to.x, to.y).scale(to.k));
    // A move that is still under way ends where the next one begins.
    const move = (this.#move += 1);
    if (quick) return go(camera);
    const from = this.camera;
    const begun = performance.now();
    const step = (now: number): void => {
      if (move !== this.#move) return;
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
