// The query library: each question with a form for its parameters, to be run or opened in the editor.
import { offer } from "./completion";
import { data, say } from "./data";
import { button, byId, el } from "./dom";
import { type Question, rows } from "./protocol";
import { isWritable, literal } from "./terms";
import { substituted } from "./substitute";

interface Parameter {
  name: string;
  kind: "entity" | "relation" | "date" | "day" | "text" | "number";
  text: string;
  optional: boolean;
  default: string | null;
}

interface Entry {
  name: string;
  title: Record<string, string>;
  parameters: Parameter[];
  usage: string;
  examples: string[];
  sparql: string | null;
}

type Field = HTMLInputElement | HTMLSelectElement;

export interface Acts {
  run: (question: Question) => void;
  open: (text: string) => void;
  fail: (message: string) => void;
}

const forms = new Map<string, { place: HTMLDetailsElement; fields: Map<string, Field> }>();

export async function fill(acts: Acts): Promise<void> {
  const place = byId("questions", HTMLElement);
  const response = await fetch("library", { headers: { accept: "application/json" } }).catch(() => null);
  if (!response?.ok) {
    place.replaceChildren(el("p", { class: "none" }, say("no_library")));
    return;
  }
  const entries = (await response.json()) as Entry[];
  place.replaceChildren(...entries.map((entry) => item(entry, acts)));
  for (const entry of entries) if (entry.sparql) offer(entry.name, titled(entry), entry.sparql);
  const filter = byId("find", HTMLInputElement);
  filter.addEventListener("input", () => {
    const wanted = filter.value.toLowerCase();
    for (const entry of entries) {
      const made = forms.get(entry.name);
      if (made) made.place.hidden = !`${entry.name} ${titled(entry)}`.toLowerCase().includes(wanted);
    }
  });
}

// Opens a question's form, with the values of an address.
export function reveal(name: string, values: Record<string, string>): void {
  const made = forms.get(name);
  if (!made) return;
  made.place.open = true;
  for (const [key, field] of made.fields) field.value = values[key] ?? "";
}

function titled(entry: Entry): string {
  return entry.title[data.lang] ?? entry.title["en"] ?? entry.name;
}

function item(entry: Entry, acts: Acts): HTMLDetailsElement {
  const fields = new Map(entry.parameters.map((parameter, at) => [parameter.name, field(entry, parameter, at)]));
  const labels = entry.parameters.map((parameter) => labelled(entry, parameter, fields.get(parameter.name)));
  const form = el("form", {}, ...labels);
  const act = el("div", { class: "acts" }, el("button", { type: "submit", class: "primary" }, say("ask")));
  const sparql = entry.sparql;
  if (sparql !== null) act.append(button(say("open"), () => void opened(entry, sparql, fields, acts)));
  else act.append(el("small", {}, say("computed")));
  form.append(act);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...fields].map(([name, one]) => [name, one.value.trim()]));
    acts.run({ kind: "library", name: entry.name, values });
  });
  const place = el("details", { name: "question" }, el("summary", {}, titled(entry)), form);
  place.addEventListener("toggle", () => place.open && place.scrollIntoView({ block: "nearest" }));
  forms.set(entry.name, { place, fields });
  return place;
}

function labelled(entry: Entry, parameter: Parameter, input: Field | undefined): HTMLElement {
  const note = parameter.optional ? ` (${say("optional")})` : "";
  // The library explains its parameters in English.
  const text = el("span", { lang: "en" }, parameter.text || parameter.name);
  const list = parameter.kind === "entity" ? el("datalist", { id: `${fieldId(entry, parameter)}-names` }) : null;
  return el("label", {}, el("span", {}, el("b", {}, parameter.name), " ", text, note), input ?? null, list);
}

function fieldId(entry: Entry, parameter: Parameter): string {
  return `${entry.name}-${parameter.name}`;
}

function field(entry: Entry, parameter: Parameter, at: number): Field {
  const id = fieldId(entry, parameter);
  const common = { id, name: parameter.name, required: !parameter.optional, autocomplete: "off", spellcheck: "false" };
  if (parameter.kind === "relation") {
    const none = el("option", { value: "" }, say(parameter.optional ? "any" : "choose"));
    const options = data.relations.map((relation) => el("option", { value: relation.name }, relation.label));
    return el("select", { id, name: parameter.name, required: !parameter.optional }, none, ...options);
  }
  const example = parameter.default ?? exampleOf(entry, parameter, at);
  const input = el("input", { type: "text", ...common, placeholder: example ?? undefined });
  if (parameter.kind === "date" || parameter.kind === "day") {
    input.pattern = "\\d{4}(-\\d{2}(-\\d{2})?)?";
    input.title = say("date");
    if (example === null) input.placeholder = say("date");
  }
  if (parameter.kind === "number") input.inputMode = "decimal";
  if (parameter.kind === "entity") suggest(input, `${id}-names`);
  return input;
}

// The value that an example of the library gives to a parameter: "kg query holders CoreWeave".
function exampleOf(entry: Entry, parameter: Parameter, at: number): string | null {
  for (const example of entry.examples) {
    const words = (example.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).slice(3).map((word) => word.replace(/["']/g, ""));
    const named = words.find((word) => word.startsWith(`${parameter.name}=`));
    if (named) return named.slice(parameter.name.length + 1);
    const loose = words.filter((word) => !word.includes("="))[at];
    if (loose) return loose;
  }
  return null;
}

const RDFS = "http://www.w3.org/2000/01/rdf-schema#";
const SKOS = "http://www.w3.org/2004/02/skos/core#";

function suggest(input: HTMLInputElement, list: string): void {
  input.setAttribute("list", list);
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    const typed = input.value.trim();
    if (typed.length > 1) waiting = window.setTimeout(() => void names(typed, list), 250);
  });
}

async function names(typed: string, list: string): Promise<void> {
  const classes = data.classes.map((iri) => `<${iri}>`).join(" ");
  const found = await rows(
    `SELECT DISTINCT ?name WHERE { VALUES ?class { ${classes} } ?id a ?class . ?id <${RDFS}label> ?name .
       FILTER (CONTAINS(LCASE(STR(?name)), ${literal(typed.toLowerCase())})) } LIMIT 20`,
  ).catch(() => []);
  const options = found.map((row) => el("option", { value: row["name"]?.value ?? "" }));
  document.getElementById(list)?.replaceChildren(...options);
}

async function opened(entry: Entry, sparql: string, fields: Map<string, Field>, acts: Acts): Promise<void> {
  const terms = new Map<string, string>();
  for (const parameter of entry.parameters) {
    const value = fields.get(parameter.name)?.value.trim() || parameter.default;
    if (!value) continue;
    const term = await written(parameter, value);
    if (term === null) {
      acts.fail(say("unknown", value));
      return;
    }
    terms.set(parameter.name, term);
  }
  acts.open(substituted(sparql, terms));
}

// A value as a term of SPARQL; null for a name that the graph does not hold.
async function written(parameter: Parameter, value: string): Promise<string | null> {
  if (parameter.kind === "relation") {
    const relation = data.relations.find((one) => one.name === value);
    return relation ? `<${relation.iri}>` : null;
  }
  if (parameter.kind === "number") return `${literal(value)}^^<http://www.w3.org/2001/XMLSchema#decimal>`;
  if (parameter.kind === "day") return `${literal(value)}^^<http://www.w3.org/2001/XMLSchema#date>`;
  if (parameter.kind !== "entity") return literal(value);
  const classes = data.classes.map((iri) => `<${iri}>`).join(" ");
  const found = await rows(
    `SELECT DISTINCT ?id WHERE { VALUES ?class { ${classes} } ?id a ?class . ?id <${RDFS}label>|<${SKOS}altLabel> ?name .
       FILTER (LCASE(STR(?name)) = ${literal(value.toLowerCase())}) } LIMIT 1`,
  ).catch(() => []);
  const iri = found[0]?.["id"]?.value;
  return iri && isWritable(iri) ? `<${iri}>` : null;
}
