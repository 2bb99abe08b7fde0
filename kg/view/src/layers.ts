// What analyses found, laid over the picture: which layer, its findings, and the story of one.

import type { Finding, Graph } from "./data";
import { button, el } from "./dom";
import { type Acts, particulars, sentence, statement } from "./panel";
import { type Keeper, findingOf } from "./state";
import { filled, wording } from "./words";

/** So many lines of a finding are told with their sentences; the picture marks all. */
const MOST = 100;

/** The choice of a layer, and the list of what it found. Up and down move in the list, which is one stop of Tab. */
export class Layers {
  readonly place = el("section", { class: "layers" });
  #select = el("select", { name: "layer" });
  #label = el("span", {});
  #comment = el("p", { class: "hint", id: "kg-layer-comment" });
  #list = el("ul", {});
  #more = el("p", { class: "hint" });
  #filled = "";
  #graph: Graph | null = null;

  constructor(readonly keeper: Keeper, readonly pick: (at: number) => void) {
    this.place.append(el("label", {}, this.#label, this.#select), this.#comment, this.#list, this.#more);
    this.#select.setAttribute("aria-describedby", this.#comment.id);
    this.#select.addEventListener("change", () => keeper.set({ layer: this.#select.value, finding: -1, path: [], chosen: "" }));
    this.#list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Bring the place in step. Elements stay where they are for as long as they can, and so does the focus. */
  fill(graph: Graph): void {
    const { layer: name, lang } = this.keeper.now;
    const w = wording(lang);
    const layer = graph.layers.get(name);
    this.place.hidden = graph.layers.size === 0;
    const filling = JSON.stringify([lang, layer?.name]);
    if (filling !== this.#filled || graph !== this.#graph) {
      [this.#filled, this.#graph] = [filling, graph];
      this.#label.textContent = w.layer;
      this.#select.replaceChildren(el("option", { value: "" }, w.noLayer), ...[...graph.layers.values()].map((one) =>
        el("option", { value: one.name }, `${one.label[lang]} (${one.findings.length + (one.more ?? 0)})`)));
      this.#comment.textContent = layer?.comment[lang] ?? "";
      this.#list.setAttribute("aria-label", w.findings);
      this.#list.replaceChildren(...(layer?.findings ?? []).map((one, at) => this.#item(one, at)));
      this.#more.textContent = layer?.more ? filled(w.moreFindings, layer.more) : "";
      this.#comment.hidden = this.#list.hidden = !layer;
      this.#more.hidden = !layer?.more;
    }
    this.#select.value = layer?.name ?? "";
    this.#buttons().forEach((made, at) => {
      const isChosen = at === this.keeper.now.finding;
      made.setAttribute("aria-pressed", String(isChosen));
      made.tabIndex = isChosen || (at === 0 && !(findingOf(graph, this.keeper.now))) ? 0 : -1;
    });
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.#list.querySelectorAll("button")];
  }

  #item(finding: Finding, at: number): HTMLElement {
    const { lang } = this.keeper.now;
    const made = button("", () => this.pick(at === this.keeper.now.finding ? -1 : at), { class: "finding", "data-finding": String(at) });
    made.append(el("bdi", {}, finding.title[lang]), el("small", { dir: "auto" }, finding.detail[lang]));
    return el("li", {}, made);
  }

  #key(event: KeyboardEvent): void {
    const found = this.#buttons();
    const at = found.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: found.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    found[to]?.focus();
  }
}

/** What is told of a finding: title and detail, and its lines with their sentences, each leading to its story. */
export function story(graph: Graph, finding: Finding, keeper: Keeper, acts: Acts): Node[] {
  const { lang } = keeper.now;
  const w = wording(lang);
  const lines = finding.lines.map((id) => graph.lines.get(id)).filter((one) => one !== undefined).slice(0, MOST);
  const item = (line: (typeof lines)[number]): HTMLElement => {
    const show = button("", () => acts.choose(line.id), { class: "show", "data-line": line.id });
    show.append(...statement(graph, line, keeper));
    return el("li", {}, show, particulars(graph, line, keeper), ...line.claims.map((one) => sentence(graph, one, keeper, acts)));
  };
  const left = finding.lines.length - lines.length;
  return [
    el("h2", {}, el("bdi", {}, finding.title[lang])),
    el("p", { class: "detail", dir: "auto" }, finding.detail[lang]),
    el("ul", {}, ...lines.map(item)),
    ...(left > 0 ? [el("p", { class: "hint" }, filled(w.moreLines, left))] : []),
  ];
}
