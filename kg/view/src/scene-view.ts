// How a scene is looked at (its "view" in kg-scenes/1): what it says of the state, and back. kg.view.scene_view is the same in Python.

import { type Graph, day } from "./data";
import { type State, initial, isSound } from "./state";

/** What a scene says of how it is looked at; empty where it leaves that as it is. */
export type SceneView = Readonly<Record<string, unknown>>;
/** Left, top, right and bottom of what is in sight, in the pixels of the data. */
export type Sight = readonly [number, number, number, number];

/** What is called otherwise in a file than in the state. */
const KEYS: Readonly<Record<string, keyof State>> = {
  layout: "arrangement", size: "measure", mark: "mark", weight: "weight", dated: "dated", chosen: "chosen", path: "path",
  least: "least", surely: "surely", source: "source", since: "since", until: "until", versus: "versus",
};
const PLAIN = initial("en", null, "");
const FARTHEST = 1e15;
const isPartial = (one: unknown): one is string => typeof one === "string" && /^(\d{4}(-\d\d(-\d\d)?)?)?$/.test(one);
const isList = (one: unknown, most: number): boolean => isSound("path", one) && (one as string[]).length <= most;
const isSight = (one: unknown): boolean =>
  Array.isArray(one) && one.length === 4 && one.every((at) => typeof at === "number" && Math.abs(at) <= FARTHEST) && one[0] < one[2] && one[1] < one[3];
const dates = new Set(["since", "until", "versus"]);

/** Whether a file may say this of a view. */
export function isViewed(name: string, value: unknown): boolean {
  if (name === "sight") return isSight(value);
  if (name === "hidden") return isList(value, 50);
  if (name === "path") return isList(value, 2) && (value as string[]).length === 2;
  if (dates.has(name)) return isPartial(value);
  const key = KEYS[name];
  return key !== undefined && isSound(key, value);
}

/** What is to be kept of how a picture is looked at. */
export function viewed(state: State, sight: Sight | null): SceneView {
  const found: Record<string, unknown> = { layout: state.arrangement, mark: state.mark };
  for (const [name, key] of Object.entries(KEYS)) if (JSON.stringify(state[key]) !== JSON.stringify(PLAIN[key])) found[name] = state[key];
  const hidden = state.hidden.filter((one) => one.startsWith("m:")).map((one) => one.slice(2));
  return { ...found, ...(hidden.length ? { hidden } : {}), ...(sight ? { sight } : {}) };
}

/** What a view changes in the state. One that says nothing lets go of what is chosen, and leaves colours and layout. */
export function restored(graph: Graph, view: SceneView): Partial<State> {
  const plain = { all: false, chosen: "", path: [], layer: "", finding: -1, since: "", until: "", versus: "", table: false };
  if (!Object.keys(view).length) return plain;
  const found: Record<string, unknown> = { ...plain };
  for (const [name, key] of Object.entries(KEYS)) {
    const value = view[name] ?? PLAIN[key];
    found[key] = dates.has(name) && value ? day(String(value), name !== "since") : value;
  }
  const chosen = String(found["chosen"]);
  if (!graph.companies.has(chosen) && !graph.byLine.has(chosen)) found["chosen"] = "";
  return found as Partial<State>;
}

/** The modalities that a view hides, as the state names them. */
export const hiddenIn = (view: SceneView): string[] => ((view["hidden"] ?? []) as string[]).map((one) => `m:${one}`);
export const sightIn = (view: SceneView): Sight | undefined => view["sight"] as Sight | undefined;
