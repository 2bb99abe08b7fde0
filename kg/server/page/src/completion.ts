// What the editor offers: keywords, prefixes, the ontology's terms, the query's own variables, the library.
import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { EditorView } from "@codemirror/view";
import { data } from "./data";

const KEYWORDS =
  "SELECT DISTINCT CONSTRUCT DESCRIBE ASK WHERE FILTER OPTIONAL UNION MINUS GRAPH BIND VALUES PREFIX LIMIT OFFSET " +
  "ORDER BY GROUP BY HAVING COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT NOT EXISTS COALESCE BOUND CONTAINS STRSTARTS " +
  "STRENDS LCASE UCASE STR LANG DATATYPE REGEX REPLACE SUBSTR STRLEN CONCAT STRAFTER STRBEFORE";

const keywords: Completion[] = [...new Set(KEYWORDS.split(" "))].map((label) => ({ label, type: "keyword", boost: 1 }));

const terms: Completion[] = data.terms.map((term) => ({
  label: term.name,
  detail: term.label,
  ...(term.comment ? { info: () => information(term.comment) } : {}),
  type: term.kind,
  apply: (view, completion, from, to) => insert(view, completion, term.name, from, to),
}));

const prefixes: Completion[] = Object.keys(data.prefixes).map((prefix) => ({
  label: `${prefix}:`,
  detail: data.prefixes[prefix] ?? "",
  type: "namespace",
  apply: (view, completion, from, to) => insert(view, completion, `${prefix}:`, from, to),
}));

const declarations: Completion[] = Object.entries(data.prefixes).map(([prefix, iri]) => ({
  label: `${prefix}: <${iri}>`,
  type: "namespace",
}));

const library: Completion[] = [];

// The library, whose queries are offered by their names as soon as they are known.
export function offer(name: string, title: string, sparql: string): void {
  const apply = (view: EditorView): void =>
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: sparql }, selection: { anchor: 0 } });
  library.push({ label: name, detail: title, type: "text", boost: -1, apply });
}

export function complete(context: CompletionContext): CompletionResult | null {
  const node = syntaxTree(context.state).resolveInner(context.pos, -1).name;
  if (/Comment|String|IriRef/.test(node)) return null;
  const declared = context.matchBefore(/\bPREFIX\s+[\w-]*$/i);
  if (declared) {
    const from = declared.from + declared.text.search(/[\w-]*$/);
    return { from, options: declarations, validFor: /^[\w-]*$/ };
  }
  const variable = context.matchBefore(/[?$]\w*/);
  if (variable) return { from: variable.from, options: variables(context), validFor: /^[?$]\w*$/ };
  const word = context.matchBefore(/[\w-]+:?[\w-]*/);
  if (!word && !context.explicit) return null;
  const from = word?.from ?? context.pos;
  if (word?.text.includes(":")) return { from, options: terms, validFor: /^[\w-]*:?[\w-]*$/ };
  const alone = context.state.doc.toString().trim() === (word?.text ?? "");
  return { from, options: [...keywords, ...prefixes, ...terms, ...(alone ? library : [])], validFor: /^[\w-]*:?[\w-]*$/ };
}

function variables(context: CompletionContext): Completion[] {
  const all = context.state.doc.toString().match(/[?$]\w+/g) ?? [];
  const current = context.matchBefore(/[?$]\w*/)?.text;
  return [...new Set(all)].filter((name) => name !== current).map((label) => ({ label, type: "variable" }));
}

function information(text: string): Node {
  const node = document.createElement("span");
  node.textContent = text;
  return node;
}

// Writes a name, and declares its prefix at the top where the query does not yet.
function insert(view: EditorView, completion: Completion, name: string, from: number, to: number): void {
  const prefix = name.slice(0, name.indexOf(":"));
  const declared = new RegExp(`\\bPREFIX\\s+${prefix}:`, "i").test(view.state.doc.toString());
  const declaration = declared ? "" : `PREFIX ${prefix}: <${data.prefixes[prefix]}>\n`;
  const changes = [{ from, to, insert: name }];
  if (declaration) changes.unshift({ from: 0, to: 0, insert: declaration });
  view.dispatch({
    changes,
    selection: { anchor: from + declaration.length + name.length },
    annotations: pickedCompletion.of(completion),
    scrollIntoView: true,
  });
}
