// What the server wrote into the page: its words, the prefixes, the terms of the ontology.

export interface Term {
  name: string; // prefixed, as in kg:supplies
  label: string;
  comment: string;
  kind: string;
}

export interface Relation {
  name: string;
  iri: string;
  label: string;
}

interface Data {
  lang: string;
  words: Record<string, string>;
  prefixes: Record<string, string>;
  terms: Term[];
  relations: Relation[];
  classes: string[]; // IRIs of the classes of entities
}

export const data = JSON.parse(document.getElementById("data")?.textContent ?? "{}") as Data;

// A word of the page, with {0}, {1} … filled in; "one|many" is told by the first of them.
export function say(name: string, ...values: (string | number)[]): string {
  const forms = (data.words[name] ?? name).split("|");
  const count = Number(values[0]);
  const single = data.lang === "fr" ? count < 2 : count === 1;
  const form = forms.length > 1 && !single ? forms[1] : forms[0];
  return (form ?? name).replace(/\{(\d)\}/g, (_, at: string) => {
    const value = values[Number(at)] ?? "";
    return typeof value === "number" ? value.toLocaleString(data.lang) : value;
  });
}
