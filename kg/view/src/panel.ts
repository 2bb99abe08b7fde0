// What is told of a line or a company: claims, terms, sources, the sentence in its paragraph.

import type { Claim, Edge, Graph, Line } from "./data";
import { button, el } from "./dom";
import { period, standing } from "./facts";
import { type Desk, judged, mark } from "./judging";
import { registered } from "./registers";
import { type Keeper, type State, shownOf } from "./state";
import { filled, wording } from "./words";

/** Neighbours that one press of a button brings in. */
const STEP = 12;

export interface Acts {
  /** Whether there is a server to ask for more. */
  readonly asks: boolean;
  /** The address of the page on which a claim's sentence stands, where there is a server that draws it. */
  readonly page: ((claim: string) => string) | undefined;
  /** What takes judgements, where someone is signed in. */
  readonly desk: Desk | undefined;
  readonly choose: (id: string) => void;
  readonly expand: (id: string) => void;
  readonly collapse: (id: string) => void;
  readonly remove: (id: string) => void;
  readonly pin: (id: string) => void;
  readonly seek: (id: string) => void;
  /** The notes on a company or a line, and the field for a new one. */
  readonly notes: (id: string) => HTMLElement;
  /** Tell of what is chosen in a layer, where nothing else is; null where nothing is. */
  readonly layer: () => { readonly told: readonly Node[]; readonly close: () => void } | null;
}

/** What the words on a line depend on: the language, and the day. */
export interface Told {
  readonly now: Pick<State, "lang" | "asOf">;
}

export function statement(graph: Graph, line: Line, keeper: Told): (Node | string)[] {
  const { lang } = keeper.now;
  const object = line.object === null ? "" : graph.view.companies[line.object]?.name ?? "";
  return [
    el("bdi", {}, graph.view.companies[line.subject]?.name ?? ""), " ",
    el("span", { class: "verb" }, graph.relations.get(line.relation)?.label[lang] ?? line.relation), " ",
    object ? el("bdi", {}, object) : "",
  ];
}

/** How a line stands on a day, in words. */
export function stance(graph: Graph, line: Line, { now: { lang, asOf } }: Told): HTMLElement[] {
  const w = wording(lang);
  const { modality, undecided } = standing(graph, line, asOf);
  const said = el("span", { class: `said style-${graph.style(modality)}` }, graph.modalities.get(modality)?.label[lang] ?? modality);
  return undecided ? [said, el("span", { class: "undecided", title: w.whyUndecided }, w.undecided)] : [said];
}

export function particulars(graph: Graph, line: Line, keeper: Told, ...before: Node[]): HTMLElement {
  const { lang } = keeper.now;
  const w = wording(lang);
  const holds = period(line);
  const figure = line.figure ? line.figure[lang] : "";
  const terms = [figure, line.terms[lang]].filter(Boolean).join(" · ");
  return el("p", { class: "particulars" },
    ...before, ...stance(graph, line, keeper),
    terms ? el("strong", {}, terms) : null,
    holds ? el("span", {}, `${w.holds} ${holds}`) : null,
    line.known ? el("span", {}, `${w.known} ${line.known}`) : null,
    mark(line.claims, lang));
}

/** A claim's sentence: the quote marked in its paragraph, where it stands, and what people say of the claim. */
export function sentence(graph: Graph, claim: Claim, keeper: Keeper, acts: Acts): HTMLElement {
  const { lang } = keeper.now;
  const w = wording(lang);
  const source = graph.view.documents[claim.document];
  const paragraph = graph.view.paragraphs[claim.paragraph];
  const words = paragraph === undefined ? [el("mark", {}, claim.quote)] : marked(paragraph, claim.marks);
  const title = source?.url
    ? el("a", { href: source.url, rel: "noopener noreferrer", target: "_blank" }, source.title)
    : source?.title ?? "";
  const label = claim.place?.[lang] ?? "";
  const place = claim.page && acts.page
    ? el("a", { href: acts.page(claim.id), rel: "noopener", target: "_blank", title: w.showPage }, label) : label;
  const rest = [source && source.id !== source.title ? source.id : "", place, claim.known, `${w.confidence} ${Math.round(claim.confidence * 100)} %`, claim.method];
  return el("figure", { "data-claim": claim.id },
    el("blockquote", { lang: claim.lang, dir: "auto" }, w.open, ...words, w.shut),
    el("figcaption", {}, el("bdi", {}, title), ...rest.filter(Boolean).flatMap((one) => [" · ", one])),
    judged(graph, claim, lang, acts.desk));
}

function marked(text: string, marks: readonly (readonly [number, number])[]): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    parts.push(text.slice(at, from), el("mark", {}, text.slice(from, to)));
    at = to;
  }
  return [...parts, text.slice(at)];
}

function lineStory(graph: Graph, line: Line, keeper: Keeper, acts: Acts): Node[] {
  const { lang } = keeper.now;
  const w = wording(lang);
  const several = new Set(line.claims.map((one) => one.terms[lang])).size > 1;
  const told = line.claims.flatMap((claim) => [
    several && claim.terms[lang] ? el("p", { class: "terms" }, claim.terms[lang]) : null,
    sentence(graph, claim, keeper, acts),
  ]).filter((one) => one !== null);
  const others = line.against.map((id) => graph.lines.get(id)).filter((one) => one !== undefined);
  const against = others.length === 0 ? [] : [
    el("h3", {}, w.against),
    el("div", { class: "sides" }, ...others.map((other) => el("div", { class: "side" },
      button("", () => acts.choose(other.id), { class: "show" }), particulars(graph, other, keeper),
      ...other.claims.map((claim) => sentence(graph, claim, keeper, acts))))),
  ];
  against[1]?.querySelectorAll("button.show").forEach((made, at) => {
    const other = others[at];
    if (other) made.append(...statement(graph, other, keeper));
  });
  return [el("h2", {}, ...statement(graph, line, keeper)), particulars(graph, line, keeper), acts.notes(line.id), ...told, ...against];
}

function companyStory(graph: Graph, id: string, keeper: Keeper, acts: Acts): Node[] {
  const { lang, pins } = keeper.now;
  const w = wording(lang);
  const company = graph.companies.get(id);
  const kind = graph.kinds.get(company?.kind ?? "")?.label[lang] ?? company?.kind ?? "";
  const known = [kind, ...(company?.ids ?? []).map(([name, value]) => `${name} ${value}`)].join(" · ");
  const shown = new Set(shownOf(graph, keeper.now).companies);
  const rest = graph.neighbours(id).filter((one) => !shown.has(one)).length;
  const beyond = acts.asks ? company?.more ?? 0 : 0;
  const more = filled(w.expand, Math.min(rest || beyond, STEP));
  const expand = rest + beyond > 0 ? button(more, () => acts.expand(id), { "data-act": "expand" }) : el("span", { class: "hint" }, w.expanded);
  const tools = el("p", { class: "tools" }, expand,
    button(w.collapse, () => acts.collapse(id), { "data-act": "collapse" }), button(w.remove, () => acts.remove(id), { "data-act": "remove" }),
    button(id in pins ? w.unpin : w.pin, () => acts.pin(id), { "data-act": "pin" }), button(w.pathTo, () => acts.seek(id), { "data-act": "path" }));
  const told = (edge: Edge): HTMLElement => {
    const show = button("", () => acts.choose(edge.line.id), { class: "show", "data-line": edge.line.id });
    show.append(...statement(graph, edge.line, keeper));
    return show;
  };
  const item = (edge: Edge): HTMLElement => el("li", {}, told(edge), particulars(graph, edge.line, keeper));
  const figures = (graph.figures.get(id) ?? []).map((line) =>
    el("li", {}, el("span", {}, ...statement(graph, line, keeper)), particulars(graph, line, keeper), ...line.claims.map((one) => sentence(graph, one, keeper, acts))));
  return [el("h2", {}, el("bdi", {}, company?.name ?? id)), el("p", { class: "particulars" }, known), tools, acts.notes(id),
    ...registered(graph, id, keeper, told), el("ul", {}, ...(graph.around.get(id) ?? []).slice(0, 200).map(item), ...figures)];
}

export function fill(panel: HTMLElement, graph: Graph, keeper: Keeper, acts: Acts): void {
  const { chosen, lang } = keeper.now;
  const w = wording(lang);
  const line = graph.lines.get(chosen);
  const found = line || graph.companies.has(chosen) ? null : acts.layer();
  if (!line && !graph.companies.has(chosen) && !found) return panel.replaceChildren(el("p", { class: "hint" }, w.hint));
  const close = button("×", () => (found ? found.close() : acts.choose("")), { class: "close", "aria-label": w.close, title: w.close });
  panel.replaceChildren(close, ...(found ? found.told : line ? lineStory(graph, line, keeper, acts) : companyStory(graph, chosen, keeper, acts)));
  panel.scrollTop = 0;
}

/** The next neighbours to bring in: of a relation, or of any that no filter hides. */
export function next(graph: Graph, keeper: Keeper, id: string): string[] {
  const shown = new Set(shownOf(graph, keeper.now).companies);
  const hidden = new Set(keeper.now.hidden);
  const open = new Set((graph.around.get(id) ?? []).filter((edge) => !hidden.has(`r:${edge.line.relation}`))
    .flatMap((edge) => [edge.from, edge.to]));
  return graph.neighbours(id).filter((one) => !shown.has(one) && open.has(one)).slice(0, STEP);
}
