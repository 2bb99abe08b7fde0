// Questions to the server: SPARQL 1.1 Protocol, and the library beside it. All addresses are relative.
import { say } from "./data";

export type Question =
  | { kind: "sparql"; text: string }
  | { kind: "library"; name: string; values: Record<string, string> };

export interface Cell {
  type: "uri" | "literal" | "bnode" | "triple" | "typed-literal";
  value: string;
  datatype?: string;
  "xml:lang"?: string;
}

export type Row = Record<string, Cell | undefined>;

export type Answer =
  | { kind: "rows"; columns: string[]; rows: Row[] }
  | { kind: "truth"; value: boolean }
  | { kind: "graph"; turtle: string };

// A refusal, in the one line that the server gives as its reason.
export class Refusal extends Error {}

const JSON_RESULTS = "application/sparql-results+json";
const SHOWN = `${JSON_RESULTS}, text/turtle;q=0.9`;

export async function fetched(question: Question, accept: string, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { accept };
  const common = signal ? { signal } : {};
  let response: Response;
  try {
    if (question.kind === "sparql") {
      headers["content-type"] = "application/sparql-query";
      response = await fetch("sparql", { method: "POST", body: question.text, headers, ...common });
    } else {
      const values = new URLSearchParams(Object.entries(question.values).filter(([, value]) => value !== ""));
      const address = `library/${encodeURIComponent(question.name)}?${values}`;
      response = await fetch(address, { headers, ...common });
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refusal(say("unreachable"));
  }
  if (!response.ok) throw new Refusal(await reason(response));
  return response;
}

async function reason(response: Response): Promise<string> {
  const plain = response.headers.get("content-type")?.startsWith("text/plain");
  const line = plain ? (await response.text()).trim().split("\n")[0] : "";
  return line || say("refused", `${response.status} ${response.statusText}`.trim());
}

export async function answered(question: Question, signal: AbortSignal): Promise<Answer> {
  const response = await fetched(question, SHOWN, signal);
  if (response.headers.get("content-type")?.includes("turtle")) return { kind: "graph", turtle: await response.text() };
  try {
    const found = await response.json();
    if (typeof found.boolean === "boolean") return { kind: "truth", value: found.boolean };
    return { kind: "rows", columns: found.head.vars, rows: found.results.bindings };
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Refusal(say("unreadable"));
  }
}

export async function rows(sparql: string): Promise<Row[]> {
  const response = await fetched({ kind: "sparql", text: sparql }, JSON_RESULTS);
  return (await response.json()).results.bindings;
}
