// The same in words: a table that is always in step with the picture.

import { type Graph, type Line } from "./data";
import { button, el } from "./dom";
import { standing } from "./facts";
import { type Keeper, isOn, shownOf } from "./state";
import { filled, wording } from "./words";

const MOST = 500;

/** The lines of the table, in the data's order: what the picture shows, and the figures of what it shows. */
export function rows(graph: Graph, keeper: Keeper): Line[] {
  const shown = shownOf(graph, keeper.now);
  const drawn = new Set(shown.edges.map((edge) => edge.line.id));
  const companies = new Set(shown.companies);
  const marked = shown.marked;
  return graph.view.lines.filter((line) => {
    if (marked && !marked.has(line.id)) return false;
    if (line.object !== null) return drawn.has(line.id);
    return companies.has(graph.view.companies[line.subject]?.id ?? "") && isOn(keeper.now, line, graph);
  });
}

export function fill(place: HTMLElement, graph: Graph, keeper: Keeper, choose: (id: string) => void): void {
  const { lang, chosen } = keeper.now;
  const w = wording(lang);
  const found = rows(graph, keeper);
  const heads = [w.subject, w.relation, w.object, w.terms, w.modality, w.known, w.sentence];
  const body = found.slice(0, MOST).map((line) => {
    const [subject, relation, object, terms, modality, known] = cells(graph, line, keeper);
    const first = line.claims[0];
    const show = button(relation ?? "", () => choose(line.id), { class: "show", "data-line": line.id });
    return el("tr", { class: `style-${graph.style(standing(graph, line, keeper.now.asOf).modality)}`, "aria-selected": String(line.id === chosen) },
      el("td", {}, el("bdi", {}, subject ?? "")), el("td", {}, show), el("td", {}, el("bdi", {}, object ?? "")),
      el("td", {}, terms ?? ""), el("td", {}, modality ?? ""), el("td", {}, known ?? ""),
      el("td", {}, el("q", { lang: first?.lang ?? "", dir: "auto" }, first?.quote ?? ""), line.claims.length > 1 ? ` (+${line.claims.length - 1})` : null));
  });
  const head = el("tr", {}, ...heads.map((one) => el("th", { scope: "col" }, one)));
  place.replaceChildren(
    el("h2", {}, w.everywhere),
    found.length > MOST ? el("p", { class: "hint" }, filled(w.rows, MOST, found.length)) : "",
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": w.table },
      el("table", {}, el("thead", {}, head), el("tbody", {}, ...body))));
}

/** Subject, relation, object, terms, modality, known from. */
export function cells(graph: Graph, line: Line, keeper: Keeper): string[] {
  const { lang, asOf } = keeper.now;
  const figure = line.figure?.[lang] ?? "";
  const { modality, undecided } = standing(graph, line, asOf);
  const told = graph.modalities.get(modality)?.label[lang] ?? modality;
  return [
    graph.view.companies[line.subject]?.name ?? "", graph.relations.get(line.relation)?.label[lang] ?? line.relation,
    line.object === null ? "" : graph.view.companies[line.object]?.name ?? "",
    [figure, line.terms[lang]].filter(Boolean).join(" · "),
    undecided ? `${told} (${wording(lang).undecided})` : told, line.known,
  ];
}
