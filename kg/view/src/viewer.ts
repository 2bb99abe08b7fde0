// The viewer: one front-end for a file, a server's page and a notebook.

import { type Places, arrange, bends, relaxed } from "./arrange";
import { Picture } from "./canvas";
import { Clock, Finder, filters, legend } from "./controls";
import { Graph, type View } from "./data";
import { el } from "./dom";
import { standing } from "./facts";
import { Desk } from "./judging";
import { Layers, story } from "./layers";
import { merged } from "./merge";
import * as panel from "./panel";
import { FORMS, type Form, csv, download, gexf, json, svg } from "./save";
import { type Look, compose, sizesOf } from "./scene";
import { Keeper, type Shown, findingOf, initial, read, shownOf, spelt } from "./state";
import * as table from "./table";
import { TextSearch } from "./texts";
import { dayOf, filled, wording } from "./words";

export interface Shell {
  /** Where the state was left, and where it is put: the part of an address after #. */
  readonly address: () => string;
  readonly keep: (address: string) => void;
  /** Told what is chosen: a company's or a line's id, or "". */
  readonly chosen?: (id: string) => void;
  /** Gives more of the graph around a company, where there is a server to ask. */
  readonly more?: (id: string) => Promise<View>;
  /** The address of the server's search of all texts. */
  readonly search?: (words: string, lang: string) => string;
  /** The address of the server's picture of the page on which a claim's sentence stands. */
  readonly page?: (claim: string) => string;
  /** The token of whoever is signed in and may judge. */
  readonly token?: string;
}

export class Viewer {
  graph: Graph;
  readonly keeper: Keeper;
  readonly picture: Picture;
  places: Places = new Map();
  #shown: Shown;
  #bends = new Map<string, number>();
  #sizes = new Map<string, number>();
  #pointed = "";
  #look: Look;
  #parts: ReturnType<typeof skeleton>;
  #clock: Clock;
  #find: Finder;
  #way: Finder;
  #texts: TextSearch;
  #layers: Layers;
  #desk: Desk | undefined;
  #dark = matchMedia("(prefers-color-scheme: dark)");

  constructor(readonly root: HTMLElement, view: View, readonly shell: Shell) {
    this.graph = new Graph(view);
    const start = initial(view.lang, view.focus, view.asOf);
    this.keeper = new Keeper(start, read(shell.address(), start));
    this.#parts = skeleton(root, view.title);
    this.#look = lookOf(root, this.#dark.matches);
    this.picture = new Picture(this.#parts.canvas, (camera, width, height, ruler, wordless) => compose({
      graph: this.graph, state: this.keeper.now, shown: this.#shown, places: this.places, bends: this.#bends,
      sizes: this.#sizes, camera, width, height, look: this.#look, pointed: this.#pointed, ruler, wordless,
    }), () => this.#look.ground, {
      point: (id, x, y) => this.#point(id, x, y), click: (id) => this.choose(id), open: (id) => void this.expand(id),
      moved: (id, x, y) => this.#moved(id, x, y),
    });
    this.#find = new Finder(this.graph, this.keeper, "kg-find", (id) => this.flyTo(id), shell.more && ((name) => void this.#seek(name)));
    this.#way = new Finder(this.graph, this.keeper, "kg-way", (id) => this.#pathTo(id));
    this.#texts = new TextSearch(this.graph, this.keeper, (id) => this.flyTo(id), shell.search);
    this.#clock = new Clock(this.graph, this.keeper);
    this.#layers = new Layers(this.keeper, (at) => this.find(at));
    this.#parts.panel.before(this.#texts.place, this.#layers.place);
    this.#parts.search.append(this.#find.place);
    this.#parts.stage.append(this.#clock.place);
    // What is judged leaves the picture or comes back to it; the panel keeps the focus.
    this.#desk = shell.token ? new Desk(shell.token, () => this.#renew(false, true)) : undefined;
    this.#shown = shownOf(this.graph, this.keeper.now);
    this.#listen();
    this.#renew(true);
    this.fit(false, findingOf(this.graph, this.keeper.now)?.companies);
    this.picture.paint();
    root.dataset["drawn"] = "yes";
    // The picture is seen before the table below it is made; a frame that is out of sight paints none, so a timer tells.
    setTimeout(() => this.#list(), 50);
  }

  // ---------------------------------------------------------------------------- acts
  choose(id: string): void {
    if (id !== this.keeper.now.chosen) this.keeper.set({ chosen: id });
  }

  flyTo(id: string): void {
    const edge = this.graph.byLine.get(id);
    const wanted = edge ? [edge.from, edge.to] : [id];
    const { added, removed } = this.keeper.now;
    const missing = wanted.filter((one) => !this.#shown.companies.includes(one));
    this.keeper.set({ chosen: id, added: [...added, ...missing], removed: removed.filter((one) => !wanted.includes(one)) });
    const spots = wanted.map((one) => this.places.get(one)).filter((one) => one !== undefined);
    const k = Math.max(this.picture.camera.k, 0.8);
    const middle = (axis: "x" | "y"): number => spots.reduce((sum, one) => sum + one[axis], 0) / Math.max(1, spots.length);
    this.picture.moveTo({ x: this.picture.width / 2 - middle("x") * k, y: this.picture.height / 2 - middle("y") * k, k }, true);
  }

  /** Show what the layer found at a place, with those whom it is about; -1 shows the whole layer again. */
  find(at: number): void {
    this.keeper.set({ finding: at, chosen: "", path: [] });
    this.fit(true, findingOf(this.graph, this.keeper.now)?.companies);
  }

  /** Bring in the next neighbours of a company, from the server where there is one and it has more. */
  async expand(id: string): Promise<void> {
    if (panel.next(this.graph, this.keeper, id).length === 0 && !(await this.#ask(id))) return;
    const { added, removed } = this.keeper.now;
    const more = panel.next(this.graph, this.keeper, id);
    this.keeper.set({ chosen: id, added: [...new Set([...added, ...more])], removed: removed.filter((one) => !more.includes(one)) });
  }

  /** Ask the server, where there is one, for what lies around a company; tell whether all is well. */
  async #ask(company: string): Promise<View | boolean> {
    if (!this.shell.more) return true;
    const w = wording(this.keeper.now.lang);
    this.#say(w.loading);
    try {
      const found = await this.shell.more(company);
      this.#take(found);
      this.#say("");
      return found;
    } catch {
      this.#say(w.failed);
      return false;
    }
  }

  /** Find a company that is not in the data, by its name. */
  async #seek(name: string): Promise<void> {
    const found = await this.#ask(name);
    if (typeof found === "object" && found.focus) this.flyTo(found.focus);
  }

  /** Take away the neighbours of a company that hang on it alone. */
  collapse(id: string): void {
    const tied = (one: string): Set<string> => new Set(this.#shown.edges.flatMap((edge) =>
      edge.from === one ? [edge.to] : edge.to === one ? [edge.from] : []).filter((other) => other !== one));
    this.remove([...tied(id)].filter((one) => tied(one).size === 1));
  }

  remove(ids: readonly string[]): void {
    const { added, removed } = this.keeper.now;
    this.keeper.set({ added: added.filter((one) => !ids.includes(one)), removed: [...new Set([...removed, ...ids])] });
  }

  #pin(id: string): void {
    const pins = { ...this.keeper.now.pins };
    const place = this.places.get(id);
    if (id in pins) delete pins[id];
    else if (place) pins[id] = [Math.round(place.x), Math.round(place.y)];
    this.keeper.set({ pins });
  }

  #moved(id: string, x: number, y: number): void {
    this.places.set(id, { x, y });
    this.keeper.set({ pins: { ...this.keeper.now.pins, [id]: [Math.round(x), Math.round(y)] } }, true);
  }

  #pathTo(id: string): void {
    const from = this.keeper.now.chosen;
    if (this.graph.companies.has(from)) this.keeper.set({ path: [from, id], layer: "", finding: -1 });
    this.fit(true);
  }

  /** Fit all that is shown, or some of it, with room for names. */
  fit(animated: boolean, ids?: readonly string[]): void {
    const spots = ids?.length ? ids.map((id) => this.places.get(id)).filter((one) => one !== undefined) : [...this.places.values()];
    const { width, height } = this.picture;
    if (!spots.length || !width) return;
    let [left, right, top, low] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { x, y } of spots) {
      left = Math.min(left, x); right = Math.max(right, x);
      top = Math.min(top, y); low = Math.max(low, y);
    }
    const k = Math.min((width - 130) / (right - left + 1), (height - 150) / (low - top + 1), 1.5);
    this.picture.moveTo({ x: width / 2 - k * (left + right) / 2, y: (height - 30) / 2 - k * (top + low) / 2, k }, animated);
  }

  async save(form: Form): Promise<void> {
    const { scene, canvas } = this.picture;
    const content: Record<Exclude<Form, "png">, () => [string, string]> = {
      svg: () => [svg(scene, this.#look.ground), "image/svg+xml"],
      gexf: () => [gexf(this.graph, this.keeper, this.places), "application/xml"],
      json: () => [json(this.graph, this.keeper, this.places), "application/json"],
      csv: () => [csv(this.graph, this.keeper), "text/csv"],
    };
    if (form === "png") {
      canvas.toBlob((blob) => { if (blob) download("graph.png", blob); });
      return;
    }
    const [text, type] = content[form]();
    download(`graph.${form}`, new Blob([text], { type: `${type};charset=utf-8` }));
  }

  // ---------------------------------------------------------------------------- in step
  #take(view: View): void {
    this.graph = new Graph(merged(this.graph.view, view));
    this.#find.know(this.graph);
    this.#way.know(this.graph);
    this.#texts.know(this.graph);
  }

  #renew(all: boolean, isPanelKept = false): void {
    const before = this.#shown;
    this.#shown = shownOf(this.graph, this.keeper.now);
    const moved = all || before.companies.join("\n") !== this.#shown.companies.join("\n");
    this.places = moved || this.keeper.now.arrangement !== "web" ? arrange(this.graph, this.keeper.now, this.#shown, this.places) : this.places;
    for (const [id, [x, y]] of Object.entries(this.keeper.now.pins)) if (this.places.has(id)) this.places.set(id, { x, y });
    this.#bends = bends(this.#shown.edges);
    this.#sizes = sizesOf(this.keeper.now, this.#shown);
    this.#tell(isPanelKept);
    this.picture.draw();
  }

  #tell(isPanelKept: boolean): void {
    const { keeper, graph } = this;
    const parts = this.#parts;
    const w = wording(keeper.now.lang);
    const acts: panel.Acts = {
      asks: this.shell.more !== undefined, page: this.shell.page, desk: this.#desk,
      choose: (id) => (graph.byLine.has(id) ? this.flyTo(id) : this.choose(id)), expand: (id) => void this.expand(id),
      collapse: (id) => this.collapse(id), remove: (id) => this.remove([id]), pin: (id) => this.#pin(id),
      layer: () => {
        const found = findingOf(graph, keeper.now);
        return found ? { told: story(graph, found, keeper, acts), close: () => this.find(-1) } : null;
      },
      seek: () => { parts.panel.append(this.#way.place); this.#way.input.focus(); },
    };
    if (!isPanelKept) panel.fill(parts.panel, graph, keeper, acts);
    this.#layers.fill(graph);
    parts.legend.replaceChildren(legend(graph, keeper, this.#shown, this.#look.dark), el("h2", {}, w.filters), filters(graph, keeper, () => this.#relax()));
    if (this.root.dataset["drawn"]) this.#list();
    this.root.classList.toggle("tabled", keeper.now.table);
    const path = keeper.now.path.length === 2 && !this.#shown.marked ? w.noPath : "";
    const { marked } = this.#shown;
    const unseen = graph.layers.has(keeper.now.layer) && !this.#shown.edges.some((edge) => marked?.has(edge.line.id)) ? w.outOfView : "";
    const part = this.#shown.companies.length < graph.companies.size ? ` · ${w.first}` : "";
    const { asOf, lang } = keeper.now;
    const undecided = this.#shown.edges.filter((edge) => standing(graph, edge.line, asOf).undecided).length;
    parts.counts.textContent = [
      asOf ? filled(w.asOfDay, dayOf(asOf, graph.view, lang)) : w.always,
      filled(w.counts, this.#shown.companies.length, graph.companies.size, this.#shown.edges.length, graph.edges.length),
      ...(undecided ? [filled(w.ofWhich, undecided)] : []),
    ].join(" · ") + part;
    this.#say(path || unseen || (graph.companies.size === 0 ? w.empty : ""));
    this.#name();
    this.#clock.fill();
  }

  #list(): void {
    table.fill(this.#parts.table, this.graph, this.keeper, (id) => this.flyTo(id));
  }

  #say(text: string): void {
    this.#parts.told.textContent = text;
  }

  /** Words on what stays: buttons and fields. */
  #name(): void {
    const { keeper } = this;
    const w = wording(keeper.now.lang);
    const parts = this.#parts;
    this.root.lang = keeper.now.lang;
    this.#find.label(w.search);
    this.#way.label(w.pathTo);
    this.#texts.label();
    parts.canvas.setAttribute("aria-label", w.graph);
    parts.panel.setAttribute("aria-label", w.details);
    const named: Record<string, string> = { closer: w.closer, farther: w.farther, whole: w.whole, menu: w.menu };
    for (const [name, text] of Object.entries(named)) {
      parts.buttons[name]?.setAttribute("aria-label", text);
      parts.buttons[name]?.setAttribute("title", text);
    }
    const said: Record<string, string> = { undo: w.undo, table: keeper.now.table ? w.picture : w.table, copy: w.copy, lang: keeper.now.lang === "en" ? "Français" : "English", clear: w.clear };
    for (const [name, text] of Object.entries(said)) if (parts.buttons[name]) parts.buttons[name].textContent = text;
    parts.buttons["undo"]?.toggleAttribute("disabled", !keeper.canUndo);
    parts.buttons["clear"]?.toggleAttribute("hidden", keeper.now.path.length === 0);
    parts.saving.setAttribute("aria-label", w.save);
    const first = parts.saving.options[0];
    if (first) first.textContent = w.save;
  }

  #relax(): void {
    this.places = relaxed(this.#shown, this.places, new Set(Object.keys(this.keeper.now.pins)));
    this.fit(true);
  }

  #point(id: string, x: number, y: number): void {
    const { tip, canvas, stage } = this.#parts;
    canvas.style.cursor = id ? "pointer" : "grab";
    if (id !== this.#pointed) {
      this.#pointed = id;
      const line = this.graph.lines.get(id);
      const first = line?.claims[0];
      tip.replaceChildren(...(line ? [el("strong", {}, ...panel.statement(this.graph, line, this.keeper)), el("p", {}, line.terms[this.keeper.now.lang]),
        first ? el("q", { lang: first.lang, dir: "auto" }, first.quote.slice(0, 400)) : ""] : [el("bdi", {}, this.graph.name(id))]));
      this.picture.draw();
    }
    tip.hidden = !id;
    tip.style.left = `${Math.max(8, Math.min(x + 14, stage.clientWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${y + 18 + tip.offsetHeight < stage.clientHeight ? y + 18 : Math.max(8, y - tip.offsetHeight - 12)}px`;
  }

  #listen(): void {
    const { buttons, saving, canvas } = this.#parts;
    const on = (name: string, act: () => void): void => buttons[name]?.addEventListener("click", act);
    on("closer", () => this.picture.zoomBy(1.4));
    on("farther", () => this.picture.zoomBy(1 / 1.4));
    on("whole", () => this.fit(true));
    on("undo", () => this.keeper.undo());
    on("table", () => this.keeper.set({ table: !this.keeper.now.table }));
    on("lang", () => this.keeper.set({ lang: this.keeper.now.lang === "en" ? "fr" : "en" }));
    on("clear", () => this.keeper.set({ path: [] }));
    on("menu", () => this.root.classList.toggle("unfolded"));
    on("copy", () => void navigator.clipboard?.writeText(location.href).then(() => this.#say(wording(this.keeper.now.lang).copied)));
    saving.addEventListener("change", () => {
      const form = FORMS.find((one) => one === saving.value);
      saving.selectedIndex = 0;
      if (form) void this.save(form);
    });
    canvas.addEventListener("keydown", (event) => this.#key(event));
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.keeper.now.chosen) this.choose("");
      else if (event.key === "Escape" && this.keeper.now.finding >= 0) this.find(-1);
      if (event.key === "z" && (event.ctrlKey || event.metaKey) && !(event.target instanceof HTMLInputElement)) this.keeper.undo();
    });
    this.keeper.hear((now, before) => {
      this.#renew(now.arrangement !== before.arrangement);
      if (now.arrangement !== before.arrangement) this.fit(true);
      this.shell.keep(spelt(now, this.keeper.start));
      if (now.chosen !== before.chosen) this.shell.chosen?.(now.chosen);
    });
    this.#dark.addEventListener("change", () => {
      this.#look = lookOf(this.root, this.#dark.matches);
      this.#renew(false);
    });
  }

  /** Arrows move, + and − zoom, 0 fits; Tab within the picture walks over companies, Enter opens. */
  #key(event: KeyboardEvent): void {
    const steps: Record<string, readonly [number, number]> = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    const step = steps[event.key];
    if (step) this.picture.panBy(step[0], step[1]);
    else if (event.key === "+" || event.key === "=") this.picture.zoomBy(1.4);
    else if (event.key === "-") this.picture.zoomBy(1 / 1.4);
    else if (event.key === "0") this.fit(true);
    else if (event.key === "n" || event.key === "p") this.#walk(event.key === "n" ? 1 : -1);
    else if (event.key === "Enter" && this.graph.companies.has(this.keeper.now.chosen)) void this.expand(this.keeper.now.chosen);
    else return;
    event.preventDefault();
  }

  #walk(by: number): void {
    const ids = this.#shown.companies;
    const at = ids.indexOf(this.keeper.now.chosen);
    const id = ids[(at + by + ids.length) % ids.length];
    if (id !== undefined) this.flyTo(id);
  }
}

/** The colours of the theme, as the style sheet says them. */
function lookOf(root: HTMLElement, dark: boolean): Look {
  const css = getComputedStyle(root);
  const value = (name: string): string => css.getPropertyValue(name).trim();
  return { dark, ground: value("--ground"), text: value("--text"), muted: value("--muted"), over: value("--over") };
}

function skeleton(root: HTMLElement, title: string) {
  const buttons: Record<string, HTMLButtonElement> = {};
  const made = (name: string, text = ""): HTMLButtonElement => (buttons[name] = el("button", { type: "button", "data-act": name }, text));
  const saving = el("select", { class: "saving" }, el("option", { value: "" }), ...FORMS.map((form) => el("option", { value: form }, form.toUpperCase())));
  const canvas = el("canvas", { tabindex: "0", role: "application" });
  const tip = el("div", { class: "tip", role: "tooltip", hidden: true });
  const told = el("p", { class: "told", role: "status" });
  const counts = el("p", { class: "counts" });
  const search = el("div", { role: "search" });
  const stage = el("section", { class: "stage" }, canvas, tip, told,
    el("div", { class: "zoom" }, made("closer", "+"), made("farther", "−"), made("whole", "⤢")));
  const details = el("section", { class: "panel", "aria-live": "polite" });
  const legendPlace = el("section", { class: "legend" });
  const tablePlace = el("section", { class: "table" });
  root.classList.add("kg-view");
  root.replaceChildren(
    el("header", {}, el("div", { class: "heading" }, el("h1", {}, el("bdi", {}, title)), counts), search,
      el("div", { class: "tools" }, made("undo"), made("clear"), made("table"), saving, made("copy"), made("lang"), made("menu", "☰"))),
    el("main", {}, stage, el("aside", {}, details, legendPlace)), tablePlace);
  return { buttons, saving, canvas, tip, told, counts, search, stage, panel: details, legend: legendPlace, table: tablePlace };
}
