// The question in the address's fragment, which no server sees, so that it can be shared; the last query kept.
import type { Question } from "./protocol";

const KEPT = "kg.query";

export function address(question: Question): string {
  const said = question.kind === "sparql" ? { query: question.text } : { library: question.name, ...filled(question.values) };
  return `#${new URLSearchParams(said)}`;
}

export function asked(hash: string): Question | null {
  const { query, library, ...values } = Object.fromEntries(new URLSearchParams(hash.slice(1)));
  if (query) return { kind: "sparql", text: query };
  return library ? { kind: "library", name: library, values } : null;
}

// A browser may forbid a page to keep anything; the page works all the same.
export function keep(text: string): void {
  try {
    localStorage.setItem(KEPT, text);
  } catch {
    return;
  }
}

export function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function filled(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}
