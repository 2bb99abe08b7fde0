// What is in view, as files: PNG, SVG, GEXF, JSON, and the table as CSV.

import type { Book } from "./book";
import type { Graph } from "./data";
import { el } from "./dom";
import { standing } from "./facts";
import { FAMILY, SIGN, SIGNS, SLIP, type Look, type Scene, type Shape, corners } from "./scene";
import { head, signed } from "./strokes";
import { sizeOfInitials, slips } from "./paint";
import { type Keeper, shownOf } from "./state";
import type { Places } from "./arrange";
import { cells, rows } from "./table";
import { wording } from "./words";

export type Form = "png" | "svg" | "gexf" | "json" | "csv";
export const FORMS: readonly Form[] = ["png", "svg", "gexf", "json", "csv"];

// What XML 1.0 cannot hold: https://www.w3.org/TR/xml/#charsets
// eslint-disable-next-line no-control-regex
const UNSPEAKABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const xml = (text: string): string =>
  text.replace(UNSPEAKABLE, "\ufffd").replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const round = (value: number): string => String(Math.round(value * 10) / 10);

/** Write a scene as SVG 1.1: the picture as it is seen, words as words. */
export function svg(scene: Scene, { ground, text, slip }: Look): string {
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${scene.width}" height="${scene.height}" viewBox="0 0 ${scene.width} ${scene.height}" font-family="${xml(FAMILY)}">`,
    `<rect width="100%" height="100%" fill="${ground}"/>`,
  ];
  const points = (of: readonly (readonly [number, number])[]): string => of.map(([x, y]) => `${round(x)},${round(y)}`).join(" ");
  for (const one of scene.strokes) {
    const dash = one.dash.length ? ` stroke-dasharray="${one.dash.join(" ")}"` : "";
    parts.push(`<path d="M${round(one.x0)} ${round(one.y0)}Q${round(one.cx)} ${round(one.cy)} ${round(one.x1)} ${round(one.y1)}" fill="none" stroke="${one.colour}" stroke-width="${one.width}" opacity="${one.alpha}"${dash}/>`);
    if (one.arrow) parts.push(`<polygon points="${points(head(one))}" fill="${one.colour}" opacity="${one.alpha}"/>`);
  }
  for (const one of signed(scene.strokes)) parts.push(sign(one, ground, text));
  for (const one of scene.shapes) {
    const look = `fill="${one.colour}" stroke="${one.rim}" stroke-width="2" opacity="${one.alpha}"`;
    const around = corners(one.shape, one.x, one.y, one.r);
    parts.push(around.length ? `<polygon points="${points(around)}" ${look}/>` : `<circle cx="${round(one.x)}" cy="${round(one.y)}" r="${round(one.r)}" ${look}/>`);
    if (one.ring && one.r > 5) parts.push(ring(one));
    if (one.initials) parts.push(`<text x="${round(one.x)}" y="${round(one.y)}" font-size="${sizeOfInitials(one)}" font-weight="650" text-anchor="middle" dominant-baseline="central" fill="${one.ink}" opacity="${one.alpha}">${xml(one.initials)}</text>`);
  }
  for (const label of scene.labels) {
    const step = (label.y1 - label.y0) / label.lines.length;
    parts.push(`<rect x="${round(label.x0)}" y="${round(label.y0)}" width="${round(label.x1 - label.x0)}" height="${round(label.y1 - label.y0)}" fill="${ground}" opacity="0.8"/>`);
    label.lines.forEach((line, at) => {
      const [x, y] = [(label.x0 + label.x1) / 2, label.y0 + step * (at + 0.5)];
      parts.push(`<text x="${round(x)}" y="${round(y)}" font-size="${label.size}" font-weight="${line.bold ? 650 : 400}" text-anchor="middle" dominant-baseline="central" fill="${label.colour}" stroke="${ground}" stroke-width="4" paint-order="stroke">${xml(line.text)}</text>`);
    });
  }
  for (const [x, y] of slips(scene)) parts.push(`<rect x="${round(x)}" y="${round(y)}" width="${SLIP}" height="${SLIP}" fill="${slip}" stroke="${text}"/>`);
  return `${parts.join("\n")}\n</svg>\n`;
}

/** What became of a line between two days. */
function sign({ sign, x, y }: ReturnType<typeof signed>[number], ground: string, text: string): string {
  const lines = SIGNS[sign];
  const drawn = lines.map(([x0, y0, x1, y1]) => `M${round(x + x0)} ${round(y + y0)}L${round(x + x1)} ${round(y + y1)}`).join("");
  return `<g stroke="${text}" stroke-width="2"><circle cx="${round(x)}" cy="${round(y)}" r="${SIGN}" fill="${ground}"/><path class="sign" d="${drawn}"/></g>`;
}

/** The ring that tells a company's group. */
function ring(one: Shape): string {
  if (!one.ring) return "";
  const r = one.r - 1 - one.ring.width;
  const look = `fill="none" stroke="${one.ink}" stroke-width="${one.ring.width}" stroke-dasharray="${one.ring.dash.join(" ")}" opacity="${one.alpha}"`;
  const around = corners(one.shape, one.x, one.y, r);
  return around.length ? `<polygon points="${around.map(([x, y]) => `${round(x)},${round(y)}`).join(" ")}" ${look}/>` : `<circle cx="${round(one.x)}" cy="${round(one.y)}" r="${round(r)}" ${look}/>`;
}

/** Write what is in view as GEXF 1.3, which Gephi reads: https://gexf.net/schema.html */
export function gexf(graph: Graph, keeper: Keeper, places: Places): string {
  const shown = shownOf(graph, keeper.now);
  const { lang } = keeper.now;
  const titles = ["relation", "modality", "terms", "start", "end", "known from", "sentence"];
  const attributes = titles.map((title, at) => `<attribute id="${at}" title="${title}" type="string"/>`).join("");
  const nodes = shown.companies.map((id) => {
    const place = places.get(id) ?? { x: 0, y: 0 };
    return `<node id="${xml(id)}" label="${xml(graph.name(id))}"><viz:position x="${round(place.x)}" y="${round(-place.y)}"/></node>`;
  });
  const edges = shown.edges.map(({ line, from, to }) => {
    const { modality } = standing(graph, line, keeper.now.asOf);
    const values = [line.relation, modality, line.terms[lang], line.start, line.end, line.known, line.claims[0]?.quote ?? ""];
    const said = values.map((value, at) => `<attvalue for="${at}" value="${xml(value)}"/>`).join("");
    return `<edge id="${xml(line.id)}" source="${xml(from)}" target="${xml(to)}" label="${xml(line.relation)}"><attvalues>${said}</attvalues></edge>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<graph defaultedgetype="directed" mode="static"><attributes class="edge">${attributes}</attributes>
<nodes>
${nodes.join("\n")}
</nodes>
<edges>
${edges.join("\n")}
</edges>
</graph>
</gexf>
`;
}

/** Write the table as CSV (RFC 4180). A cell that a spreadsheet would run is made text. */
export function csv(graph: Graph, keeper: Keeper): string {
  const w = wording(keeper.now.lang);
  const cell = (text: string): string => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  const heads = [w.subject, w.relation, w.object, w.terms, w.modality, w.known, w.sentence, w.document];
  const lines = rows(graph, keeper).map((line) => {
    const first = line.claims[0];
    return [...cells(graph, line, keeper), first?.quote ?? "", graph.view.documents[first?.document ?? -1]?.title ?? ""];
  });
  return [heads, ...lines].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** Write what is in view as data that a viewer reads again ("kg-view/1"). */
export function json(graph: Graph, keeper: Keeper, places: Places, book: Book): string {
  const shown = shownOf(graph, keeper.now);
  const index = new Map(shown.companies.map((id, at) => [id, at]));
  const renumbered = rows(graph, keeper).map((line) => ({
    ...line,
    subject: index.get(graph.view.companies[line.subject]?.id ?? "") ?? 0,
    object: line.object === null ? null : index.get(graph.view.companies[line.object]?.id ?? "") ?? 0,
  }));
  const companies = shown.companies.map((id) => ({ ...graph.companies.get(id), ...(places.get(id) ?? {}) }));
  const here = new Set(renumbered.map((line) => line.id));
  const layers = [...graph.layers.values()].map((layer) => ({
    ...layer, findings: layer.findings.filter((one) => one.lines.every((id) => here.has(id))),
  })).filter((layer) => layer.findings.length);
  return JSON.stringify({ ...graph.view, companies, lines: renumbered, first: shown.companies, layers, scenes: JSON.parse(book.written([])) as unknown }, null, 1);
}

export function download(name: string, content: Blob): void {
  const link = el("a", { href: URL.createObjectURL(content), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
