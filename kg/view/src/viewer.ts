// The viewer: one front-end for a file, a server's page and a notebook.

import { type Places, arrange, bends, relaxed } from "./arrange";
import { Book, notedIn } from "./book";
import { Picture } from "./canvas";
import { type Difference, DayField, dayToCompare, differenceOf, told } from "./compare";
import { Clock, Finder, filters, legend } from "./controls";
import { type Edge, Graph, type View } from "./data";
import { el } from "./dom";
import { days, standing } from "./facts";
import { Desk } from "./judging";
import { Lane } from "./lane";
import { afterFrame, whenIdle } from "./later";
import { Layers, story } from "./layers";
import { type Group, groupsOf } from "./marks";
import { merged } from "./merge";
import { notesOn } from "./notes";
import * as panel from "./panel";
import { Presentation } from "./presenting";
import { FORMS, type Form, csv, download, gexf, json, svg } from "./save";
import { type SceneView, type Sight, sightIn } from "./scene-view";
import { type Look, type Scene, compose, sizesOf } from "./scene";
import { Story, viewOf } from "./scenes";
import { type Parts, lookOf, skeleton } from "./skeleton";
import { Keeper, type Shown, findingOf, initial, isSame, read, shownOf, spelt } from "./state";
import { storyWording } from "./story-words";
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

/** What stands beside the picture; it is made when the picture has been seen. */
interface Beside {
  readonly clock: Clock;
  readonly texts: TextSearch;
  readonly layers: Layers;
  readonly lane: Lane;
  readonly story: Story;
  readonly show: Presentation;
}

export class Viewer {
  graph: Graph;
  readonly keeper: Keeper;
  readonly picture: Picture;
  /** The picture of the second day, once two have been compared. */
  second: Picture | null = null;
  readonly book = new Book();
  places: Places = new Map();
  #shown: Shown;
  #later: Shown | null = null;
  #difference: Difference | null = null;
  /** Made when lines are drawn as curves: among thousands they are straight. */
  #bends: ReadonlyMap<string, number> | null = null;
  #drawn: readonly Edge[] = [];
  #sizes = new Map<string, number>();
  #groups: ReadonlyMap<string, Group> | null = null;
  #noted: ReadonlySet<string> = new Set();
  #pointed = "";
  /** How the scene that was shown last is looked at. */
  #framed: SceneView = {};
  #look: Look;
  #parts: Parts;
  #find: Finder;
  #way: Finder;
  #beside: Beside | null = null;
  #desk: Desk | undefined;
  /** The fields of the two days, made when days are compared first. */
  #days: readonly DayField[] = [];
  #dark = matchMedia("(prefers-color-scheme: dark)");

  constructor(readonly root: HTMLElement, view: View, readonly shell: Shell) {
    this.graph = new Graph(view);
    const start = initial(view.lang, view.focus, view.asOf);
    this.keeper = new Keeper(start, read(shell.address(), start));
    this.#parts = skeleton(root, view.title);
    this.#look = lookOf(root, this.#dark.matches);
    this.picture = this.#pictureOn(0);
    this.#find = new Finder(this.graph, this.keeper, "kg-find", (id) => this.flyTo(id), shell.more && ((name) => void this.#seek(name)));
    this.#way = new Finder(this.graph, this.keeper, "kg-way", (id) => this.#pathTo(id));
    this.#parts.search.append(this.#find.place);
    // What is judged leaves the picture or comes back to it; the panel keeps the focus.
    this.#desk = shell.token ? new Desk(shell.token, () => this.#renew(false, true)) : undefined;
    const strange = this.#bring(view.scenes);
    this.#shown = shownOf(this.graph, this.keeper.now);
    this.#listen();
    this.#renew(true);
    this.fit(false, findingOf(this.graph, this.keeper.now)?.companies);
    this.picture.paint();
    root.dataset["drawn"] = "yes";
    // The picture is seen before all that stands beside it is made.
    afterFrame(() => this.#furnish(strange));
  }

  /** Take the notes and scenes that come with the data; return what does not hold of them. */
  #bring(scenes: unknown): string {
    try {
      if (scenes !== undefined) this.book.add(scenes);
      return "";
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
  }

  #furnish(strange: string): void {
    const { keeper, shell, book } = this;
    const parts = this.#parts;
    const show = new Presentation(this.root, book, keeper, {
      graph: () => this.graph, shown: () => this.#shown, show: (at) => this.#scene(at), fit: () => this.#frame(false),
      ended: () => { this.#renew(false); this.fit(false); },
    });
    const scenes = new Story(book, keeper, {
      show: (at) => this.#scene(at), present: () => show.begin(), save: () => this.saveStory(), open: (file) => void this.openStory(file),
      jump: (id) => this.flyTo(id), shown: () => this.#shown, sight: () => this.#sight(),
    });
    this.#beside = {
      clock: new Clock(this.graph, keeper), texts: new TextSearch(this.graph, keeper, (id) => this.flyTo(id), shell.search),
      layers: new Layers(keeper, (at) => this.find(at)), lane: new Lane(keeper, (id) => this.flyTo(id)), story: scenes, show,
    };
    parts.panel.before(this.#beside.texts.place, this.#beside.layers.place);
    parts.panel.after(scenes.place);
    parts.pictures.append(this.#beside.clock.place);
    parts.stage.append(this.#beside.lane.place, show.place);
    if (strange) scenes.told.textContent = filled(storyWording(keeper.now.lang).unreadable, "--scenes", strange);
    book.hear(() => {
      this.#noted = notedIn(this.graph, book.notes);
      this.#tell(false);
      this.picture.draw();
      this.second?.draw();
    });
    this.#tell(false);
    this.root.dataset["ready"] = "yes";
    whenIdle(() => this.#list());
  }

  /** A picture in one of the two halves: of the clock's day, and of the day that it is compared with. */
  #pictureOn(half: 0 | 1): Picture {
    const made = new Picture(this.#parts.canvases[half], (camera, width, height, ruler, wordless): Scene => compose({
      graph: this.graph, state: half ? { ...this.keeper.now, asOf: this.keeper.now.versus } : this.keeper.now,
      shown: (half && this.#later) || this.#shown, places: this.places, bends: () => (this.#bends ??= bends(this.#drawn)), sizes: this.#sizes, groups: this.#groups,
      noted: this.#noted, signs: (half ? this.#difference?.after : this.#difference?.before) ?? null,
      camera, width, height, look: this.#look, pointed: this.#pointed, ruler, wordless,
    }), () => this.#look, {
      point: (id, x, y) => this.#point(id, x + this.#parts.halves[half].offsetLeft, y + this.#parts.halves[half].offsetTop),
      click: (id) => this.choose(id), open: (id) => void this.expand(id), moved: (id, x, y) => this.#moved(id, x, y),
      turned: (camera) => (half ? this.picture : this.keeper.now.versus ? this.second : null)?.follow(camera),
    });
    return made;
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
    const [beside, above] = [Math.min(130, 0.2 * width), Math.min(150, 0.32 * height)];
    const k = Math.min((width - beside) / (right - left + 1), (height - above) / (low - top + 1), 1.5);
    this.picture.moveTo({ x: width / 2 - k * (left + right) / 2, y: (height - 30) / 2 - k * (top + low) / 2, k }, animated);
  }

  /** Bring a saved scene into view. */
  #scene(at: number): void {
    const scene = this.book.scenes[at];
    if (!scene) return;
    this.#framed = scene.view;
    this.#beside?.story.mark(at);
    this.keeper.set(viewOf(this.graph, scene));
    this.#frame(true);
  }

  /** Look at what a scene had in sight; else at what stands out in it. */
  #frame(animated: boolean): void {
    const sight = sightIn(this.#framed);
    const { companies, edges, marked } = this.#shown;
    if (!sight) return this.fit(animated, marked ? edges.filter(({ line }) => marked.has(line.id)).flatMap(({ from, to }) => [from, to]) : companies);
    const [left, top, right, low] = sight;
    const { width, height } = this.picture;
    const k = Math.min(width / (right - left), height / (low - top));
    this.picture.moveTo({ x: width / 2 - k * (left + right) / 2, y: height / 2 - k * (top + low) / 2, k }, animated);
  }

  /** What of the places is in sight; null where every company is. */
  #sight(): Sight | null {
    const { camera: { x, y, k }, width, height } = this.picture;
    const [left, top, right, low] = [-x / k, -y / k, (width - x) / k, (height - y) / k].map(Math.round) as [number, number, number, number];
    const isAll = this.#shown.companies.every((id) => {
      const spot = this.places.get(id);
      return !spot || (spot.x >= left && spot.x <= right && spot.y >= top && spot.y <= low);
    });
    return isAll ? null : [left, top, right, low];
  }

  saveStory(): void {
    const wanted = new Set([...this.book.scenes.flatMap((scene) => scene.companies), ...Object.keys(this.keeper.now.pins)]);
    const here = this.keeper.now.arrangement === "web" ? [...this.places].filter(([id]) => wanted.has(id)) : [];
    const text = this.book.written(here.map(([id, { x, y }]) => [id, [x, y]] as const));
    download("scenes.json", new Blob([text], { type: "application/json" }));
    this.book.saved();
    if (this.#beside) this.#beside.story.told.textContent = filled(storyWording(this.keeper.now.lang).saved, "scenes.json");
  }

  /** Add the notes and scenes of a file to those that are here. */
  async openStory(file: Blob & { readonly name: string }): Promise<void> {
    const w = storyWording(this.keeper.now.lang);
    const say = (text: string): void => { if (this.#beside) this.#beside.story.told.textContent = text; };
    try {
      const { notes, scenes } = this.book.add(JSON.parse(await file.text()));
      const known = new Set([...this.graph.companies.keys(), ...this.graph.view.lines.flatMap((line) => [line.id, ...line.claims.map((claim) => claim.id)])]);
      const strangers = this.book.notes.filter((note) => !known.has(note.on)).length;
      for (const [id, [x, y]] of this.book.positions) if (this.places.has(id)) this.places.set(id, { x, y });
      this.#renew(true);
      say(filled(w.readBack, notes, scenes) + (strangers ? ` ${filled(w.elsewhere, strangers)}` : ""));
    } catch (error) {
      say(filled(w.unreadable, file.name, error instanceof Error ? error.message : ""));
    }
  }

  async save(form: Form): Promise<void> {
    const { scene, canvas } = this.picture;
    const content: Record<Exclude<Form, "png">, () => [string, string]> = {
      svg: () => [svg(scene, this.#look), "image/svg+xml"],
      gexf: () => [gexf(this.graph, this.keeper, this.places), "application/xml"],
      json: () => [json(this.graph, this.keeper, this.places, this.book), "application/json"],
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
    this.#beside?.texts.know(this.graph);
  }

  #renew(all: boolean, isPanelKept = false): void {
    const { now } = this.keeper;
    const before = this.#shown;
    this.#shown = shownOf(this.graph, now);
    const moved = all || !isSame(before.companies, this.#shown.companies);
    if (moved || now.arrangement !== "web") this.places = arrange(this.graph, now, this.#shown, this.places, this.book.positions);
    for (const [id, [x, y]] of Object.entries(now.pins)) if (this.places.has(id)) this.places.set(id, { x, y });
    this.#groups = now.mark === "kind" ? null : groupsOf(this.graph, now.mark, this.#shown.companies).of;
    this.#noted = notedIn(this.graph, this.book.notes);
    this.#compare();
    this.#drawn = this.#later ? [...new Set([...this.#shown.edges, ...this.#later.edges])] : this.#shown.edges;
    this.#bends = null;
    this.#sizes = sizesOf(now, { ...this.#shown, edges: this.#drawn });
    this.#tell(isPanelKept);
    this.picture.draw();
  }

  /** Two days side by side, where a second one is set. */
  #compare(): void {
    const { now } = this.keeper;
    const isOn = now.versus !== "";
    this.root.classList.toggle("compared", isOn);
    this.#later = isOn ? shownOf(this.graph, { ...now, asOf: now.versus }) : null;
    this.#difference = this.#later && differenceOf(this.graph, this.#shown, now.asOf, this.#later, now.versus);
    if (isOn && !this.#days.length) {
      this.#days = [new DayField(this.keeper, "asOf"), new DayField(this.keeper, "versus")];
      this.#parts.halves.forEach((half, at) => { if (this.#days[at]) half.append(this.#days[at].place); });
    }
    for (const field of this.#days) field.fill();
    if (!isOn) return this.#parts.halves[1].remove();
    if (!this.#parts.halves[1].isConnected) this.#parts.halves[0].after(this.#parts.halves[1]);
    this.second ??= this.#pictureOn(1);
    this.second.draw();
  }

  #acts(): panel.Acts {
    const { graph, keeper, book } = this;
    const acts: panel.Acts = {
      asks: this.shell.more !== undefined, page: this.shell.page, desk: this.#desk,
      choose: (id) => (graph.byLine.has(id) ? this.flyTo(id) : this.choose(id)), expand: (id) => void this.expand(id),
      collapse: (id) => this.collapse(id), remove: (id) => this.remove([id]), pin: (id) => this.#pin(id),
      notes: (id) => notesOn(graph, book, keeper, id),
      layer: () => {
        const found = findingOf(graph, keeper.now);
        if (found) return { told: story(graph, found, keeper, acts), close: () => this.find(-1) };
        return this.#difference && { told: told(graph, this.#difference, keeper, acts), close: () => keeper.set({ versus: "" }) };
      },
      seek: () => { this.#parts.panel.append(this.#way.place); this.#way.input.focus(); },
    };
    return acts;
  }

  #tell(isPanelKept: boolean): void {
    const { keeper, graph } = this;
    const parts = this.#parts;
    const w = wording(keeper.now.lang);
    this.root.classList.toggle("tabled", keeper.now.table);
    this.root.classList.toggle("lane-open", keeper.now.lane);
    const part = this.#shown.companies.length < graph.companies.size ? ` · ${w.first}` : "";
    const { asOf, versus, lang } = keeper.now;
    const on = (day: string, { companies, edges }: Shown): string => {
      const undecided = day ? edges.filter((edge) => standing(graph, edge.line, day).undecided).length : 0;
      return [
        day ? filled(w.asOfDay, dayOf(day, graph.view, lang)) : w.always,
        filled(w.counts, companies.length, graph.companies.size, edges.length, graph.edges.length),
        ...(undecided ? [filled(w.ofWhich, undecided)] : []),
      ].join(" · ");
    };
    parts.counts.textContent = [on(asOf, this.#shown), ...(this.#later ? [on(versus, this.#later)] : [])].join(" → ") + part;
    this.#name();
    if (!this.#beside) return;
    if (!isPanelKept) panel.fill(parts.panel, graph, keeper, this.#acts());
    const { clock, layers, texts, lane, story: scenes, show } = this.#beside;
    layers.fill(graph);
    parts.legend.replaceChildren(legend(graph, keeper, this.#shown, this.#look.dark), el("h2", {}, w.filters), filters(graph, keeper, () => this.#relax()));
    if (this.root.dataset["ready"]) this.#list();
    const path = keeper.now.path.length === 2 && !this.#shown.marked ? w.noPath : "";
    const { marked } = this.#shown;
    const unseen = graph.layers.has(keeper.now.layer) && !this.#shown.edges.some((edge) => marked?.has(edge.line.id)) ? w.outOfView : "";
    this.#say(path || unseen || (graph.companies.size === 0 ? w.empty : ""));
    texts.label();
    this.#way.label(w.pathTo);
    clock.fill();
    lane.fill(graph, this.#shown);
    scenes.fill(graph);
    show.fill();
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
    parts.canvases.forEach((canvas, at) => canvas.setAttribute("aria-label", at ? `${keeper.now.versus} · ${w.graph}` : w.graph));
    parts.panel.setAttribute("aria-label", w.details);
    const named: Record<string, string> = { closer: w.closer, farther: w.farther, whole: w.whole, menu: w.menu };
    for (const [name, text] of Object.entries(named)) {
      parts.buttons[name]?.setAttribute("aria-label", text);
      parts.buttons[name]?.setAttribute("title", text);
    }
    const more = storyWording(keeper.now.lang);
    const on: Record<string, boolean> = { lane: keeper.now.lane, compare: keeper.now.versus !== "" };
    for (const [name, pressed] of Object.entries(on)) parts.buttons[name]?.setAttribute("aria-pressed", String(pressed));
    const said: Record<string, string> = { undo: w.undo, all: keeper.now.all ? more.showFirst : filled(more.showAll, this.graph.companies.size), lane: more.timeline, compare: more.compare, table: keeper.now.table ? w.picture : w.table, copy: w.copy, lang: keeper.now.lang === "en" ? "Français" : "English", clear: w.clear };
    for (const [name, text] of Object.entries(said)) if (parts.buttons[name]) parts.buttons[name].textContent = text;
    parts.buttons["undo"]?.toggleAttribute("disabled", !keeper.canUndo);
    parts.buttons["all"]?.toggleAttribute("hidden", !keeper.now.all && this.#shown.companies.length >= this.graph.companies.size);
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
    const { tip, canvases, stage } = this.#parts;
    for (const canvas of canvases) canvas.style.cursor = id ? "pointer" : "grab";
    if (id !== this.#pointed) {
      this.#pointed = id;
      const line = this.graph.lines.get(id);
      const first = line?.claims[0];
      tip.replaceChildren(...(line ? [el("strong", {}, ...panel.statement(this.graph, line, this.keeper)), el("p", {}, line.terms[this.keeper.now.lang]),
        first ? el("q", { lang: first.lang, dir: "auto" }, first.quote.slice(0, 400)) : ""] : [el("bdi", {}, this.graph.name(id))]));
      this.picture.draw();
      this.second?.draw();
    }
    tip.hidden = !id;
    tip.style.left = `${Math.max(8, Math.min(x + 14, stage.clientWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${y + 18 + tip.offsetHeight < stage.clientHeight ? y + 18 : Math.max(8, y - tip.offsetHeight - 12)}px`;
  }

  #listen(): void {
    const { buttons, saving, canvases } = this.#parts;
    const on = (name: string, act: () => void): void => buttons[name]?.addEventListener("click", act);
    on("closer", () => this.picture.zoomBy(1.4));
    on("farther", () => this.picture.zoomBy(1 / 1.4));
    on("whole", () => this.fit(true));
    on("undo", () => this.keeper.undo());
    on("all", () => this.keeper.set({ all: !this.keeper.now.all }));
    on("table", () => this.keeper.set({ table: !this.keeper.now.table }));
    on("lane", () => this.keeper.set({ lane: !this.keeper.now.lane }));
    on("compare", () => this.#versus());
    on("lang", () => this.keeper.set({ lang: this.keeper.now.lang === "en" ? "fr" : "en" }));
    on("clear", () => this.keeper.set({ path: [] }));
    on("menu", () => this.root.classList.toggle("unfolded"));
    on("copy", () => void navigator.clipboard?.writeText(location.href).then(() => this.#say(wording(this.keeper.now.lang).copied)));
    saving.addEventListener("change", () => {
      const form = FORMS.find((one) => one === saving.value);
      saving.selectedIndex = 0;
      if (form) void this.save(form);
    });
    for (const canvas of canvases) canvas.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("beforeunload", (event) => { if (this.book.unsaved) event.preventDefault(); });
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.keeper.now.chosen) this.choose("");
      else if (event.key === "Escape" && this.keeper.now.finding >= 0) this.find(-1);
      else if (event.key === "Escape" && this.keeper.now.versus) this.keeper.set({ versus: "" });
      if (event.key === "z" && (event.ctrlKey || event.metaKey) && !(event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement)) this.keeper.undo();
    });
    this.keeper.hear((now, before) => {
      this.#renew(now.arrangement !== before.arrangement);
      const isOther = now.all !== before.all || (now.versus === "") !== (before.versus === "") || now.lane !== before.lane;
      if (now.arrangement !== before.arrangement) this.fit(true);
      else if (isOther) this.fit(false);
      this.shell.keep(spelt(now, this.keeper.start));
      if (now.chosen !== before.chosen) this.shell.chosen?.(now.chosen);
    });
    const dress = (isPrinted: boolean): void => {
      this.root.classList.toggle("printing", isPrinted);
      this.#look = lookOf(this.root, this.#dark.matches && !isPrinted);
      this.#renew(false);
      this.picture.paint();
      this.second?.paint();
    };
    this.#dark.addEventListener("change", () => dress(false));
    // Paper is white: what was dark is drawn anew.
    window.addEventListener("beforeprint", () => dress(true));
    window.addEventListener("afterprint", () => dress(false));
  }

  /** Compare the clock's day with today; where that is the clock's day, one before it with it. End it where it is on. */
  #versus(): void {
    const { asOf, versus } = this.keeper.now;
    const today = this.graph.view.today ?? this.graph.view.asOf;
    if (versus) this.keeper.set({ versus: "" });
    else this.keeper.set({ asOf: asOf && asOf !== today ? asOf : dayToCompare(days(this.graph), today), versus: today, chosen: "", layer: "", finding: -1, path: [] });
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
