// The elements that the viewer consists of, and the colours that the style sheet gives it.

import { el } from "./dom";
import { FORMS } from "./save";
import type { Look } from "./scene";

export interface Parts {
  readonly buttons: Readonly<Record<string, HTMLButtonElement>>;
  readonly saving: HTMLSelectElement;
  /** The picture, and the one of the second day beside it. */
  readonly canvases: readonly [HTMLCanvasElement, HTMLCanvasElement];
  readonly halves: readonly [HTMLElement, HTMLElement];
  readonly pictures: HTMLElement;
  readonly tip: HTMLElement;
  readonly told: HTMLElement;
  readonly counts: HTMLElement;
  readonly search: HTMLElement;
  readonly stage: HTMLElement;
  readonly panel: HTMLElement;
  readonly legend: HTMLElement;
  readonly table: HTMLElement;
}

/** The colours of the theme, as the style sheet says them. */
export function lookOf(root: HTMLElement, dark: boolean): Look {
  const css = getComputedStyle(root);
  const value = (name: string): string => css.getPropertyValue(name).trim();
  return { dark, ground: value("--ground"), text: value("--text"), muted: value("--muted"), over: value("--over"), slip: value("--mark") };
}

export function skeleton(root: HTMLElement, title: string): Parts {
  const buttons: Record<string, HTMLButtonElement> = {};
  const made = (name: string, text = ""): HTMLButtonElement => (buttons[name] = el("button", { type: "button", "data-act": name }, text));
  const saving = el("select", { class: "saving" }, el("option", { value: "" }), ...FORMS.map((form) => el("option", { value: form }, form.toUpperCase())));
  const canvases = [el("canvas", { tabindex: "0", role: "application" }), el("canvas", { tabindex: "0", role: "application" })] as const;
  const halves = [el("div", { class: "half" }, canvases[0]), el("div", { class: "half second" }, canvases[1])] as const;
  const pictures = el("div", { class: "pictures" }, halves[0], el("div", { class: "zoom" }, made("closer", "+"), made("farther", "−"), made("whole", "⤢")));
  const tip = el("div", { class: "tip", role: "tooltip", hidden: true });
  const told = el("p", { class: "told", role: "status" });
  const counts = el("span", {});
  const search = el("div", { role: "search" });
  const stage = el("section", { class: "stage" }, pictures, tip, told);
  const details = el("section", { class: "panel", "aria-live": "polite" });
  const legendPlace = el("section", { class: "legend" });
  const tablePlace = el("section", { class: "table" });
  root.classList.add("kg-view");
  root.replaceChildren(
    el("div", { class: "top" }, el("header", {}, el("div", { class: "heading" }, el("h1", {}, el("bdi", {}, title)), el("p", { class: "counts" }, counts, " ", made("all"))), search,
      el("div", { class: "tools" }, made("undo"), made("clear"), made("table"), made("lane"), made("compare"), saving, made("copy"), made("lang"), made("menu", "☰"))),
    el("main", {}, stage, el("aside", {}, details, legendPlace))), tablePlace);
  return { buttons, saving, canvases, halves, pictures, tip, told, counts, search, stage, panel: details, legend: legendPlace, table: tablePlace };
}
