// A library query with its parameters written into it, as the server binds them: in place of their
// variables, which then are no columns any more.
import { SparqlLanguage } from "codemirror-lang-sparql";

export function substituted(text: string, terms: Map<string, string>): string {
  let out = "";
  let at = 0;
  SparqlLanguage.parser.parse(text).iterate({
    enter(node) {
      if (node.name !== "Var") return;
      const term = terms.get(text.slice(node.from + 1, node.to));
      if (term === undefined) return;
      const isColumn = node.node.parent?.name === "SelectClause";
      out += text.slice(at, node.from) + (isColumn ? "" : term);
      at = node.to;
      if (isColumn) while (text[at] === " ") at += 1;
    },
  });
  return (out + text.slice(at)).replace(/^# (param|example)\b.*\n/gm, "");
}
