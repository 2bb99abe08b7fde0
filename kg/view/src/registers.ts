// What registers say of a company: each record in words, with its row as evidence, and the ties that registers state.

import type { Edge, Graph, Registered } from "./data";
import { el } from "./dom";
import { type Keeper } from "./state";
import { wording } from "./words";

const SHOWN = 50;

/** The part of a company's story that registers tell; nothing where none does. */
export function registered(graph: Graph, id: string, keeper: Keeper, told: (edge: Edge) => Node): Node[] {
  const { lang } = keeper.now;
  const w = wording(lang);
  const records = graph.companies.get(id)?.registers ?? [];
  const ties = (graph.around.get(id) ?? []).filter((edge) => isStated(graph, edge)).slice(0, SHOWN);
  if (!records.length && !ties.length) return [];
  const record = (one: Registered): HTMLElement => {
    const source = one.url ? el("a", { href: one.url, rel: "noopener noreferrer", target: "_blank" }, one.document) : one.document;
    return el("li", { class: "registered" }, el("span", { dir: "auto" }, one.words[lang]),
      ...one.more[lang].map((line) => el("p", { class: "particulars", dir: "auto" }, line)),
      el("details", {}, el("summary", {}, w.row),
        el("figure", {}, el("blockquote", { dir: "auto", tabindex: "0" }, one.row), el("figcaption", {}, source))));
  };
  const list = (...items: Node[]): Node[] => (items.length ? [el("ul", {}, ...items)] : []);
  return [
    el("h3", {}, w.registers), ...list(...records.map(record)),
    ...(ties.length ? [el("h3", {}, w.stated), ...list(...ties.map((edge) => el("li", {}, told(edge))))] : []),
  ];
}

/** Whether a record of a register is among the sources of a line. */
function isStated(graph: Graph, edge: Edge): boolean {
  return edge.line.claims.some((claim) => graph.view.documents[claim.document]?.tier === "register");
}
