"use strict";
/* Names and labels, drawn on vis-network's canvas by our own hand: at one readable size whatever the
   zoom, and never one over another. What finds no room waits until the reader zooms in. */
const kgLabels = (() => {
  const NAME = { size: 13.5, weight: 650, room: 150 };
  const LINE = { size: 11.5, weight: 400, room: 190 };
  const PLACES = [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72];
  const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
  let boxes = [];

  const meets = (a, b) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
  const inside = (box, p) => box.x0 <= p.x && p.x <= box.x1 && box.y0 <= p.y && p.y <= box.y1;

  function wrapped(ctx, text, room) {
    const lines = [];
    for (const word of text.split(" ")) {
      const joined = lines.length ? lines[lines.length - 1] + " " + word : word;
      if (lines.length && ctx.measureText(joined).width <= room) lines[lines.length - 1] = joined;
      else lines.push(word);
    }
    if (lines.length > 2) lines.splice(2, lines.length, lines[1] + "…");
    return lines.slice(0, 2).map((line) => shortened(ctx, line, room * 1.3));
  }

  function shortened(ctx, text, room) {
    if (ctx.measureText(text).width <= room) return text;
    let short = text;
    while (short && ctx.measureText(short + "…").width > room) short = short.slice(0, -1);
    return short + "…";
  }

  function font(ctx, kind, scale, weight) {
    ctx.font = `${weight || kind.weight} ${kind.size / scale}px ${FAMILY}`;
  }

  /* The lines of a label, each {text, weight}, and the box that they need, around (0, 0). */
  function block(ctx, parts, kind, scale) {
    const lines = [];
    for (const part of parts) {
      if (!part.text) continue;
      font(ctx, kind, scale, part.weight);
      for (const text of wrapped(ctx, part.text, kind.room / scale)) {
        lines.push({ text, weight: part.weight, width: ctx.measureText(text).width });
      }
    }
    const pad = 3 / scale;
    const height = lines.length * kind.size * 1.25 / scale;
    return { lines, width: Math.max(0, ...lines.map((l) => l.width)) + 2 * pad, height: height + pad };
  }

  const boxAt = (label, p) => ({
    x0: p.x - label.width / 2, x1: p.x + label.width / 2, y0: p.y - label.height / 2, y1: p.y + label.height / 2,
  });

  function write(ctx, label, p, kind, scale, colours) {
    const step = kind.size * 1.25 / scale;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    label.lines.forEach((line, at) => {
      font(ctx, kind, scale, line.weight);
      const y = p.y + (at - (label.lines.length - 1) / 2) * step;
      ctx.strokeStyle = colours.ground;
      ctx.lineWidth = 4 / scale;
      ctx.strokeText(line.text, p.x, y);
      ctx.fillStyle = colours.text;
      ctx.fillText(line.text, p.x, y);
    });
  }

  function name(ctx, node, scale, look) {
    const label = block(ctx, [{ text: node.name }], NAME, scale);
    const p = { x: node.x, y: node.y + node.size + label.height / 2 + 2 / scale };
    const box = boxAt(label, p);
    // The name of a large node may lie over small ones: it says what the crowd belongs to.
    const inWay = (other) => !(other.body < node.size) && meets(box, other);
    if (!node.must && boxes.some(inWay)) return;
    boxes.push({ ...box, node: node.id });
    write(ctx, label, p, NAME, scale, { text: node.faded ? look.faint : look.text, ground: look.ground });
  }

  function line(ctx, edge, scale, look) {
    const both = [{ text: edge.words }, { text: edge.terms, weight: 650 }];
    const tries = edge.short ? [both, [{ text: edge.short, weight: 650 }]] : [both];
    for (const parts of tries) {
      const label = block(ctx, parts, LINE, scale);
      for (const place of PLACES) {
        const p = edge.point(place);
        const box = boxAt(label, p);
        if (boxes.some((other) => meets(box, other))) continue;
        boxes.push({ ...box, edge: edge.id });
        write(ctx, label, p, LINE, scale, { text: edge.over ? look.muted : look.text, ground: look.ground });
        return;
      }
    }
  }

  /* Draw what fits: the nodes' own bodies are kept free, then names, then lines in the order given. */
  function draw(ctx, scale, nodes, edges, look) {
    boxes = nodes.map((n) => ({
      x0: n.x - n.size, x1: n.x + n.size, y0: n.y - n.size, y1: n.y + n.size, node: n.id, body: n.size * 0.999,
    }));
    ctx.save();
    nodes.forEach((node) => name(ctx, node, scale, look));
    edges.forEach((edge) => line(ctx, edge, scale, look));
    ctx.restore();
  }

  const at = (p) => boxes.find((box) => inside(box, p));

  const placed = () => boxes;

  return { draw, at, placed };
})();
