// Where companies stand: places come with the data; what joins later finds its own.

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3-force";
import type { Edge, Graph } from "./data";
import type { Shown, State } from "./state";

export interface Place {
  x: number;
  y: number;
}
export type Places = Map<string, Place>;

const STEP = 210;
const OWNS = new Set(["holds-stake", "acquires", "subsidiary-of", "invests-in"]);
/** Beyond so many, and where all are shown, what joins stays where the data puts it. */
const MOST = 1500;

interface Body extends SimulationNodeDatum {
  readonly id: string;
}

/** Return the places of all that is shown; `before` are the present ones, `kept` those that come with notes and scenes. */
export function arrange(graph: Graph, state: State, shown: Shown, before: Places, kept: ReadonlyMap<string, readonly [number, number]>): Places {
  const found = state.arrangement === "owners" ? owners(shown)
    : state.arrangement === "circle" ? circle(graph, shown)
    : web(graph, state, shown, before, kept);
  for (const [id, [x, y]] of Object.entries(state.pins)) if (found.has(id)) found.set(id, { x, y });
  return found;
}

function web(graph: Graph, state: State, shown: Shown, before: Places, kept: ReadonlyMap<string, readonly [number, number]>): Places {
  const first = new Set(graph.view.first);
  const places: Places = new Map();
  const joining: string[] = [];
  for (const id of shown.companies) {
    const company = graph.companies.get(id);
    const own = kept.get(id);
    const place = before.get(id) ?? (own ? { x: own[0], y: own[1] } : first.has(id) && company ? { x: company.x, y: company.y } : undefined);
    if (place) places.set(id, place);
    else joining.push(id);
  }
  if (joining.length === 0) return places;
  if (state.all || shown.companies.length > MOST) {
    for (const id of joining) {
      const company = graph.companies.get(id);
      places.set(id, { x: company?.x ?? 0, y: company?.y ?? 0 });
    }
    return places;
  }
  return joined(shown, places, joining);
}

/** Set down what joins beside its neighbours, and let it find room; what stood stays. */
function joined(shown: Shown, places: Places, joining: readonly string[]): Places {
  const bodies: Body[] = [];
  joining.forEach((id, at) => {
    const near = shown.edges.flatMap((edge) => (edge.from === id ? [edge.to] : edge.to === id ? [edge.from] : []));
    const anchor = near.map((other) => places.get(other)).find((place) => place !== undefined) ?? { x: 0, y: 0 };
    const turn = at * 2.399963;
    bodies.push({ id, x: anchor.x + STEP * Math.cos(turn), y: anchor.y + STEP * Math.sin(turn) });
  });
  for (const [id, place] of places) bodies.push({ id, x: place.x, y: place.y, fx: place.x, fy: place.y });
  const links = shown.edges.filter((edge) => edge.from !== edge.to).map((edge) => ({ source: edge.from, target: edge.to }));
  forceSimulation(bodies)
    .force("link", forceLink<Body, { source: string; target: string }>(links).id((one) => one.id).distance(STEP))
    .force("charge", forceManyBody().strength(-900).distanceMax(4 * STEP))
    .force("room", forceCollide(70))
    .stop()
    .tick(120);
  return new Map(bodies.map((one) => [one.id, { x: one.x ?? 0, y: one.y ?? 0 }]));
}

/** Lay everything out anew by forces, from where it stands. */
export function relaxed(shown: Shown, places: Places, pinned: ReadonlySet<string>): Places {
  const bodies: Body[] = shown.companies.map((id) => {
    const { x, y } = places.get(id) ?? { x: 0, y: 0 };
    return pinned.has(id) ? { id, x, y, fx: x, fy: y } : { id, x, y };
  });
  const links = shown.edges.filter((edge) => edge.from !== edge.to).map((edge) => ({ source: edge.from, target: edge.to }));
  forceSimulation(bodies)
    .force("link", forceLink<Body, { source: string; target: string }>(links).id((one) => one.id).distance(STEP))
    .force("charge", forceManyBody().strength(-1400))
    .force("room", forceCollide(75))
    .force("x", forceX().strength(0.03))
    .force("y", forceY().strength(0.05))
    .stop()
    .tick(bodies.length > MOST ? 30 : 250);
  return new Map(bodies.map((one) => [one.id, { x: one.x ?? 0, y: one.y ?? 0 }]));
}

/** Who owns stands above what is owned; those without a tie of ownership stand below. */
function owners(shown: Shown): Places {
  const above = new Map<string, string[]>();
  const tied = new Set<string>();
  for (const { line, from, to } of shown.edges) {
    if (!OWNS.has(line.relation) || from === to) continue;
    const [owner, owned] = line.relation === "subsidiary-of" ? [to, from] : [from, to];
    above.set(owned, [...(above.get(owned) ?? []), owner]);
    tied.add(owner).add(owned);
  }
  const levels = levelled(shown.companies.filter((id) => tied.has(id)), above);
  const lowest = Math.max(-1, ...levels.values());
  const rows: string[][] = [];
  for (const id of shown.companies) (rows[levels.get(id) ?? lowest + 1] ??= []).push(id);
  const places: Places = new Map();
  let down = 0;
  for (const row of rows) {
    if (!row) continue;
    const sorted = ordered(row, above, places);
    // A long row is folded, so that a page stays wider than high by a small factor only.
    const width = Math.max(8, Math.ceil(Math.sqrt(shown.companies.length) * 2));
    for (let at = 0; at < sorted.length; at += width) {
      const part = sorted.slice(at, at + width);
      part.forEach((id, i) => places.set(id, { x: (i - (part.length - 1) / 2) * 190, y: down }));
      down += 170;
    }
  }
  return places;
}

function levelled(ids: readonly string[], above: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const levels = new Map<string, number>(ids.map((id) => [id, 0]));
  // Rounds are bounded: owners may own each other.
  for (let round = 0; round < Math.min(ids.length, 12); round += 1) {
    let moved = false;
    for (const id of ids) {
      const level = Math.max(0, ...(above.get(id) ?? []).map((owner) => (levels.get(owner) ?? 0) + 1));
      if (level > (levels.get(id) ?? 0) && level <= 12) {
        levels.set(id, level);
        moved = true;
      }
    }
    if (!moved) break;
  }
  return levels;
}

function ordered(row: readonly string[], above: ReadonlyMap<string, readonly string[]>, places: Places): string[] {
  const middle = (id: string): number => {
    const xs = (above.get(id) ?? []).map((owner) => places.get(owner)?.x).filter((x) => x !== undefined);
    return xs.length ? xs.reduce((sum, x) => sum + x, 0) / xs.length : 0;
  };
  return [...row].sort((a, b) => middle(a) - middle(b) || (a < b ? -1 : 1));
}

/** A circle in the order of the story: who comes first in time stands first. */
function circle(graph: Graph, shown: Shown): Places {
  const first = new Map<string, string>();
  for (const { line, from, to } of shown.edges) {
    const known = line.start || line.known || "9999";
    for (const id of [from, to]) if (known < (first.get(id) ?? "99999")) first.set(id, known);
  }
  const key = (id: string): string => first.get(id) ?? "99999";
  const ids = [...shown.companies].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : graph.name(a) < graph.name(b) ? -1 : 1));
  const radius = Math.max(170, (ids.length * 120) / (2 * Math.PI));
  return new Map(ids.map((id, at) => {
    const turn = (2 * Math.PI * at) / ids.length - Math.PI / 2;
    return [id, { x: 1.25 * radius * Math.cos(turn), y: radius * Math.sin(turn) }];
  }));
}

/** How far each line bends to one side: lines between the same two part like the strands of a rope. A lone one is straight. */
export function bends(edges: readonly Edge[]): Map<string, number> {
  const first = new Map<number, Edge>();
  const together = new Map<number, Edge[]>();
  for (const edge of edges) {
    const [one, other] = [edge.line.subject, edge.line.object ?? 0];
    const key = Math.min(one, other) * 2 ** 26 + Math.max(one, other);
    const before = first.get(key);
    if (!before) {
      first.set(key, edge);
      continue;
    }
    const group = together.get(key);
    if (group) group.push(edge);
    else together.set(key, [before, edge]);
  }
  const found = new Map<string, number>();
  for (const group of together.values()) {
    const step = Math.min(0.36, 1.2 / group.length);
    group.forEach((edge, rank) => {
      const bend = (rank - (group.length - 1) / 2) * step;
      found.set(edge.line.id, edge.from < edge.to ? bend : -bend);
    });
  }
  return found;
}
