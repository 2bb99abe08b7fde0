// The key to what the picture says without words: the groups of companies, and how wide lines are.

import type { Graph, Lang } from "./data";
import { el } from "./dom";
import { type Group, type Mark, groupLabel } from "./marks";
import { storyWording } from "./story-words";
import { AMOUNTS, SHARES, THIN, widthOfAmount, widthOfShare } from "./weight";

const SVG = "http://www.w3.org/2000/svg";

function drawing(width: number, height: number, parts: readonly (readonly [string, Readonly<Record<string, string>>])[]): SVGElement {
  const made = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ width: String(width), height: String(height), viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" })) made.setAttribute(name, value);
  for (const [name, attributes] of parts) {
    const part = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    made.append(part);
  }
  return made;
}

/** The groups of a mark: each with its colour, its ring, its name and how many there are. */
export function groupKey(graph: Graph, groups: readonly Group[], mark: Mark, lang: Lang, dark: boolean, ink: (colour: string) => string): HTMLElement {
  const w = storyWording(lang);
  const item = ({ name, colour, ring, companies }: Group): HTMLElement => {
    const [fill, radius] = [colour[dark ? 1 : 0], 8 - (ring?.width ?? 0)];
    const sample = drawing(20, 20, [
      ["circle", { cx: "10", cy: "10", r: "9", fill }],
      ...(ring ? [["circle", { cx: "10", cy: "10", r: String(radius), fill: "none", stroke: ink(fill), "stroke-width": String(ring.width), "stroke-dasharray": ring.dash.join(" ") }] as const] : []),
    ]);
    return el("li", { class: "entry", "data-group": name }, sample, el("span", {}, name ? el("bdi", {}, groupLabel(graph, name, mark, lang)) : w.others), el("b", {}, String(companies)));
  };
  return el("div", {}, el("ul", {}, ...groups.map(item)), mark === "country" ? el("p", { class: "hint" }, w.whence) : null);
}

/** Samples of the widths, with what they stand for; only of what occurs. */
export function widthKey(graph: Graph, lang: Lang): HTMLElement | null {
  const w = storyWording(lang);
  const [sum, share] = [new Intl.NumberFormat(lang, { notation: "compact" }), new Intl.NumberFormat(lang, { style: "percent" })];
  const money = graph.edges.some(({ line }) => line.amount && line.amount[0] > 0);
  const shares = graph.edges.some(({ line }) => !line.amount && line.percent !== null && line.percent > 0);
  if (!money && !shares) return null;
  const item = (width: number, text: string): HTMLElement =>
    el("li", { class: "width" }, drawing(30, 10, [["path", { d: "M1 5H29", stroke: "currentColor", "stroke-width": String(width) }]]), el("span", {}, text));
  return el("div", { class: "widths" }, el("h2", {}, w.widths), el("ul", {}, item(THIN, w.thin),
    ...(money ? AMOUNTS.map((one) => item(widthOfAmount(one), sum.format(one))) : []),
    ...(shares ? SHARES.map((one) => item(widthOfShare(one), share.format(one / 100))) : [])));
}
