// The query editor: CodeMirror in a shadow root, where its styles are constructed sheets, which a policy
// without 'unsafe-inline' allows; in the page itself CodeMirror would add a <style> element, which it forbids.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField, type Transaction } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import { complete } from "./completion";
import { say } from "./data";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--keyword)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--variable)" },
  { tag: [tags.string, tags.annotation], color: "var(--string)" },
  { tag: [tags.number, tags.integer, tags.float, tags.bool], color: "var(--number)" },
  { tag: [tags.url, tags.namespace, tags.typeName], color: "var(--name)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--ground)", color: "var(--text)", fontSize: "14px" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "11rem", maxHeight: "26rem" },
  ".cm-content": { caretColor: "var(--text)", padding: ".6rem 0" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--muted)", border: "0" },
  ".cm-placeholder": { color: "var(--muted)" },
  ".cm-wrong": { backgroundColor: "var(--wrong)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--rule)" },
  ".cm-tooltip": { backgroundColor: "var(--ground)", border: "1px solid var(--rule)", boxShadow: "var(--shade)" },
  ".cm-tooltip.cm-completionInfo": { padding: ".4rem .6rem", maxWidth: "22rem", font: "13px/1.4 system-ui, sans-serif" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "13px", maxHeight: "15rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".15rem .5rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--ground)" },
  ".cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionDetail": { color: "var(--muted)", fontStyle: "normal", font: "13px system-ui, sans-serif" },
  ".cm-completionIcon": { display: "none" },
});

// Left to Chromium, typing over several lines writes style attributes into what it joins, which the policy forbids.
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main } = view.state.selection;
    if (event.inputType !== "insertText" || !event.data || main.empty || view.composing) return false;
    event.preventDefault();
    const text = event.data;
    const insert = (): Transaction => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type" });
    const taken = view.state.facet(EditorView.inputHandler).some((take) => take(view, main.from, main.to, text, insert));
    if (!taken) view.dispatch(insert());
    return true;
  },
});

const mark = StateEffect.define<number | null>();
const wrongLine = Decoration.line({ class: "cm-wrong" });

// The line that the server's complaint names, until the text changes.
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(found, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(mark)) return effect.value === null ? Decoration.none : Decoration.set(wrongLine.range(effect.value));
    }
    return transaction.docChanged ? Decoration.none : found;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class Editor {
  private readonly view: EditorView;

  constructor(host: HTMLElement, text: string, run: () => void, changed: (text: string) => void) {
    const root = host.attachShadow({ mode: "open" });
    const runs = (): boolean => (run(), true);
    this.view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          keymap.of([{ key: "Mod-Enter", run: runs }]),
          lineNumbers(),
          highlightSpecialChars(),
          history(),
          bracketMatching(),
          closeBrackets(),
          indentOnInput(),
          autocompletion({ override: [complete] }),
          // Tab stays what moves the focus on.
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
          sparql(),
          syntaxHighlighting(colours),
          placeholder(say("placeholder")),
          look,
          marked,
          typedOver,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": say("editor"), "aria-describedby": "keys" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString());
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    if (text === this.text) return;
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text },
      selection: { anchor: 0 },
      scrollIntoView: true,
    });
  }

  focus(): void {
    this.view.focus();
  }

  // Marks the place that a complaint names, as in "line 3, column 14"; takes the mark off when it names none.
  complain(complaint: string): void {
    const [, line] = /\bline (\d+), column \d+/.exec(complaint) ?? [];
    const { doc } = this.view.state;
    const number = Number(line);
    const at = number >= 1 && number <= doc.lines ? doc.line(number).from : null;
    this.view.dispatch({ effects: mark.of(at) });
  }
}
