"use strict";
/* The page's own script. Text reaches the page through textContent only. */
(() => {
  const byId = (id) => document.getElementById(id);
  const given = (id) => JSON.parse(byId(id).textContent);
  const facts = given("facts"), words = facts.words;
  const nodes = new Map(given("nodes").map((n) => [n.id, n]));
  const edges = new Map(given("edges").map((e) => [e.id, e]));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const hidden = { relation: new Set(), modality: new Set() };
  let chosen = null, pointed = null, look = {}, grown = 1;

  const isOver = (e) => facts.edges[e.id].style === "over";
  const isHidden = (e) => hidden.relation.has(e.relation) || hidden.modality.has(e.modality);
  const touches = (e, id) => e.from === id || e.to === id;
  const isNear = (e) => !chosen || e.id === chosen || touches(e, chosen);

  /* ---- what is drawn */
  function el(tag, options, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(options || {})) if (value) made.setAttribute(name, value);
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  }

  function nodeItem(n) {
    const tied = [...edges.values()].filter((e) => touches(e, n.id) && !isHidden(e));
    const alone = [...edges.values()].some((e) => touches(e, n.id)) && !tied.length;
    const near = !chosen || n.id === chosen || (edges.has(chosen) ? touches(edges.get(chosen), n.id)
      : tied.some((e) => touches(e, chosen)));
    n.faded = alone || !near;
    const colour = (facts.colours.kinds[n.kind] || ["#737373", "#a0a0a0"])[dark.matches ? 1 : 0];
    const border = n.id === chosen ? look.text : look.ground;
    const both = { background: colour, border };
    return { id: n.id, x: n.x, y: n.y, shape: n.shape, size: n.size * grown, opacity: n.faded ? 0.25 : 1,
      borderWidth: n.id === chosen ? 3 * grown : 2, color: { ...both, highlight: both, hover: { ...both, border: look.text } } };
  }

  function edgeItem(e) {
    const colour = isOver(e) ? look.over : facts.colours.relations[e.relation][dark.matches ? 1 : 0];
    return { id: e.id, from: e.from, to: e.to, arrows: e.arrows, smooth: e.smooth,
      dashes: e.dashes && e.dashes.map((part) => part * grown), width: (e.id === chosen ? 4 : e.width) * grown, hidden: isHidden(e),
      color: { color: colour, highlight: colour, hover: colour, opacity: isNear(e) ? (e.undecided ? 0.5 : 1) : 0.15 } };
  }

  function readLook() {
    const css = getComputedStyle(document.documentElement);
    const value = (name) => css.getPropertyValue(name).trim();
    look = { text: value("--text"), muted: value("--muted"), faint: value("--faint"), ground: value("--ground"),
      over: value("--over") };
  }

  readLook();
  const stage = byId("graph");
  turnUpright();
  const shown = { nodes: new vis.DataSet([...nodes.values()].map(nodeItem)),
    edges: new vis.DataSet([...edges.values()].map(edgeItem)) };
  const network = new vis.Network(stage, shown, given("options"));

  /* A high screen shows a wide graph turned by a quarter. */
  function turnUpright() {
    const all = [...nodes.values()];
    const span = (axis) => Math.max(...all.map((n) => n[axis])) - Math.min(...all.map((n) => n[axis]));
    if (all.length < 2 || stage.clientHeight <= stage.clientWidth || span("y") >= span("x")) return;
    all.forEach((n) => { [n.x, n.y] = [n.y, n.x]; });
  }

  function restyle() {
    readLook();
    shown.nodes.update([...nodes.values()].map(nodeItem));
    shown.edges.update([...edges.values()].map(edgeItem));
  }

  /* Seen from afar, nodes and lines are drawn larger, so that they are still seen. */
  function grow() {
    const wanted = 1.5 ** Math.max(0, Math.round(Math.log(0.4 / network.getScale()) / Math.log(1.5)));
    if (wanted === grown) return;
    grown = wanted;
    restyle();
  }

  /* All nodes, with room around them for their names; what is close together is not blown up. */
  function fit(animated) {
    const places = Object.values(network.getPositions());
    if (!places.length) return;
    const span = (axis) => [Math.min(...places.map((p) => p[axis])), Math.max(...places.map((p) => p[axis]))];
    const [left, right] = span("x"), [top, low] = span("y");
    const scale = Math.min((stage.clientWidth - 150) / (right - left + 1), (stage.clientHeight - 150) / (low - top + 1), 1.5);
    network.moveTo({ position: { x: (left + right) / 2, y: (top + low) / 2 }, scale: Math.max(scale, 0.02),
      animation: animated && { duration: 300 } });
    if (!animated) grow();
  }

  /* vis-network 9.1.2, which pyvis pins, tells where an edge runs only by its inner objects. */
  function pointOn(e) {
    const drawn = network.body.edges[e.id];
    if (e.from === e.to) return () => ({ x: drawn.from.x, y: drawn.from.y - 2.6 * drawn.from.options.size - 20 });
    return (place) => drawn.edgeType.getPoint(place);
  }

  function drawLabels(ctx) {
    const places = network.getPositions();
    const names = [...nodes.values()].map((n) => ({ ...n, ...places[n.id], size: n.size * grown, name: n.label, must: n.id === chosen }));
    names.sort((a, b) => b.must - a.must || a.faded - b.faded || b.size - a.size);
    const first = (e) => (e.id === chosen) * 4 + (e.id === pointed) * 2 + (e.terms ? 1 : 0);
    const lines = [...edges.values()].filter((e) => !isHidden(e) && isNear(e) && network.body.edges[e.id].connected);
    lines.sort((a, b) => first(b) - first(a));
    const written = lines.map((e) => ({ id: e.id, words: e.label, terms: e.terms, short: e.short, over: isOver(e), point: pointOn(e) }));
    kgLabels.draw(ctx, network.getScale(), names, written, look);
    document.documentElement.dataset.drawn = "yes";
  }

  /* ---- what is told */
  function statement(told) {
    return [el("bdi", null, told.subject), " ", el("span", { class: "verb" }, told.relation), " ",
      told.is_figure ? "" : el("bdi", null, told.object)];
  }

  function particulars(told) {
    return el("p", { class: "particulars" }, el("span", { class: "said style-" + told.style }, told.modality),
      told.terms ? el("strong", null, told.terms) : "",
      told.known_from ? el("span", null, words.known_from + " " + told.known_from) : "");
  }

  function sentence(source, withLink) {
    const title = withLink && source.url
      ? el("a", { href: source.url, rel: "noopener noreferrer", target: "_blank" }, source.title) : source.title;
    const rest = [source.document === source.title ? "" : source.document, source.date].filter(Boolean);
    return el("figure", null,
      el("blockquote", { lang: source.lang, dir: "auto" }, words.open + source.quote + words.shut),
      el("figcaption", null, el("bdi", null, title), rest.length ? " · " + rest.join(" · ") : ""));
  }

  const edgeStory = (id) => [el("h2", null, ...statement(facts.edges[id])), particulars(facts.edges[id]),
    ...facts.edges[id].sources.map((source) => sentence(source, true))];

  function nodeStory(id) {
    const told = facts.nodes[id];
    const tied = [...edges.values()].filter((e) => touches(e, id));
    const rows = tied.map((e) => {
      const open = el("button", { type: "button", class: "show", "data-edge": e.id }, ...statement(facts.edges[e.id]));
      return el("li", null, open, particulars(facts.edges[e.id]));
    });
    const figures = (facts.figures[id] || []).map((f) =>
      el("li", null, el("span", null, ...statement(f)), particulars(f), ...f.sources.map((s) => sentence(s, true))));
    const known = [told.kind, ...told.identifiers.map(([kind, value]) => kind + " " + value)].join(" · ");
    return [el("h2", null, el("bdi", null, told.name)), el("p", { class: "particulars" }, known),
      el("ul", null, ...rows, ...figures)];
  }

  function tell(id) {
    const panel = byId("panel");
    if (!id) return panel.replaceChildren(el("p", { class: "hint" }, words.hint));
    const close = el("button", { type: "button", class: "close", "aria-label": words.close, title: words.close }, "×");
    close.addEventListener("click", () => choose(null));
    panel.replaceChildren(close, ...(nodes.has(id) ? nodeStory(id) : edgeStory(id)));
    panel.scrollTop = 0;
  }

  function choose(id) {
    chosen = id;
    restyle();
    tell(id);
    byId("tip").hidden = true;
    if (id && innerWidth <= 800) byId("panel").scrollIntoView({ block: "nearest" });
  }

  function flyTo(id) {
    const ends = nodes.has(id) ? [id] : [edges.get(id).from, edges.get(id).to];
    const places = Object.values(network.getPositions(ends));
    const middle = (axis) => places.reduce((sum, p) => sum + p[axis], 0) / places.length;
    network.moveTo({ position: { x: middle("x"), y: middle("y") }, scale: Math.max(network.getScale(), 0.9),
      animation: { duration: 400 } });
    choose(id);
  }

  /* ---- pointing and clicking */
  function under(dom) {
    const box = kgLabels.at(network.DOMtoCanvas(dom));
    return network.getNodeAt(dom) || (box && (box.node || box.edge)) || network.getEdgeAt(dom) || null;
  }

  function tipOf(id) {
    if (nodes.has(id)) {
      const told = facts.nodes[id];
      const tied = [...edges.values()].filter((e) => touches(e, id)).map((e) => el("p", null, ...statement(facts.edges[e.id])));
      const more = tied.length > 6 ? el("p", { class: "hint" }, words.more.replace("{0}", tied.length - 6)) : "";
      return [el("h2", null, el("bdi", null, told.name)), el("p", { class: "particulars" }, told.kind), ...tied.slice(0, 6), more];
    }
    const told = facts.edges[id];
    const more = told.sources.length - 2;
    return [el("h2", null, ...statement(told)), particulars(told), ...told.sources.slice(0, 2).map((s) => sentence(s, false)),
      more > 0 ? el("p", { class: "hint" }, words.more.replace("{0}", more)) : ""];
  }

  function point(dom) {
    const tip = byId("tip");
    const id = dom && under(dom);
    stage.style.cursor = id ? "pointer" : "grab";
    if (id !== pointed) {
      pointed = id;
      if (id) tip.replaceChildren(...tipOf(id).filter(Boolean));
      network.redraw();
    }
    tip.hidden = !id;
    if (!id) return;
    const right = Math.min(dom.x + 16, stage.clientWidth - tip.offsetWidth - 8);
    const low = dom.y + 18 + tip.offsetHeight < stage.clientHeight ? dom.y + 18 : dom.y - tip.offsetHeight - 12;
    tip.style.left = Math.max(8, right) + "px";
    tip.style.top = Math.max(8, low) + "px";
  }

  const within = (event) => {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  stage.addEventListener("pointermove", (event) => { if (event.pointerType === "mouse" && !event.buttons) point(within(event)); });
  stage.addEventListener("pointerleave", () => point(null));
  network.on("afterDrawing", drawLabels);
  network.on("click", (event) => choose(under(event.pointer.DOM)));
  network.on("dragStart", () => point(null));
  network.on("zoom", () => { point(null); grow(); });
  network.on("animationFinished", grow);
  network.on("dragEnd", () => { for (const [id, p] of Object.entries(network.getPositions())) Object.assign(nodes.get(id), p); });

  /* ---- search, legend, buttons */
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const named = [...nodes.keys()].map((id) => ({ id, name: facts.nodes[id].name, key: folded(facts.nodes[id].name) }));
  byId("names").append(...named.map((one) => el("option", { value: one.name.slice(0, 80) })));

  function search(text, exactly) {
    const key = folded(text.trim());
    const best = key && (named.find((one) => one.key === key) || (!exactly
      && (named.find((one) => one.key.startsWith(key)) || named.find((one) => one.key.includes(key)))));
    byId("found").textContent = best || !key || exactly ? "" : words.not_found;
    if (best) flyTo(best.id);
  }
  byId("search").addEventListener("keydown", (event) => { if (event.key === "Enter") search(event.target.value, false); });
  byId("search").addEventListener("input", (event) => search(event.target.value, true));

  function toggle(button) {
    const kind = button.dataset.relation ? "relation" : "modality";
    const name = button.dataset[kind];
    const isOff = !hidden[kind].delete(name) && Boolean(hidden[kind].add(name));
    button.setAttribute("aria-pressed", String(!isOff));
    restyle();
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.relation || button.dataset.modality) toggle(button);
    if (button.dataset.edge) {
      flyTo(button.dataset.edge);
      if (button.closest("table")) stage.scrollIntoView({ block: "center" });
    }
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen) choose(null); });
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor, animation: { duration: 200 } });
  byId("closer").addEventListener("click", () => zoom(1.35));
  byId("farther").addEventListener("click", () => zoom(1 / 1.35));
  byId("whole").addEventListener("click", () => fit(true));
  dark.addEventListener("change", restyle);
  addEventListener("resize", () => fit(false));

  fit(false);
  if (facts.focus) choose(facts.focus);
  /* For whoever embeds or tests the page: the network, and where an edge or a node is, in page pixels. */
  window.kgPage = { network, at: (id) => {
    const spot = edges.has(id) ? pointOn(edges.get(id))(0.5) : network.getPosition(id);
    const dom = network.canvasToDOM(spot), box = stage.getBoundingClientRect();
    return { x: dom.x + box.left, y: dom.y + box.top };
  } };
})();
