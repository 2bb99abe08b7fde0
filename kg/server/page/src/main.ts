// The page of kg serve: ask, read the answer, take it away.
import { address, asked, keep, kept } from "./address";
import { data, say } from "./data";
import { button, byId, el } from "./dom";
import { Editor } from "./editor";
import { fill, reveal } from "./library";
import { type Answer, answered, fetched, type Question, Refusal } from "./protocol";
import { shown, summary } from "./results";
import { description } from "./terms";

const FORMATS: Record<Answer["kind"], [label: string, media: string, ending: string][]> = {
  rows: [
    ["CSV", "text/csv", "csv"],
    ["TSV", "text/tab-separated-values", "tsv"],
    ["JSON", "application/sparql-results+json", "json"],
    ["XML", "application/sparql-results+xml", "xml"],
  ],
  truth: [
    ["JSON", "application/sparql-results+json", "json"],
    ["XML", "application/sparql-results+xml", "xml"],
  ],
  graph: [
    ["Turtle", "text/turtle", "ttl"],
    ["N-Triples", "application/n-triples", "nt"],
    ["JSON-LD", "application/ld+json", "jsonld"],
  ],
};

const runButton = byId("run", HTMLButtonElement);
const stopButton = byId("stop", HTMLButtonElement);
const status = byId("status", HTMLElement);
const trouble = byId("trouble", HTMLElement);
const results = byId("results", HTMLElement);
const answerPart = byId("answer", HTMLElement);
const downloads = byId("downloads", HTMLElement);

let running: AbortController | null = null;

const start = asked(location.hash);
const editor = new Editor(
  byId("editor", HTMLElement),
  (start?.kind === "sparql" ? start.text : kept()) ?? say("starter"),
  () => go({ kind: "sparql", text: editor.text }),
  keep,
);

// Asks, and writes the question into the address, so that it can be shared and gone back to.
function go(question: Question): void {
  const wanted = address(question);
  if (wanted !== location.hash) history.pushState(null, "", wanted);
  translate();
  void ask(question);
}

async function ask(question: Question): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const began = performance.now();
  told("", say("running"));
  busy(true);
  try {
    const answer = await answered(question, mine.signal);
    if (running !== mine) return;
    told("", summary(answer, (performance.now() - began) / 1000));
    results.replaceChildren(shown(answer, (iri) => address({ kind: "sparql", text: description(iri) })));
    downloads.replaceChildren(say("download"), ...offered(question, answer));
    if (question.kind === "library") bring(answerPart);
  } catch (error) {
    if (running !== mine) return;
    if (mine.signal.aborted) told("", say("stopped"));
    else told(error instanceof Refusal ? error.message : String(error), "");
  } finally {
    if (running === mine) {
      running = null;
      busy(false);
    }
  }
}

// Scrolls to what is not in view.
function bring(part: HTMLElement): void {
  const { top } = part.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) part.scrollIntoView({ block: "start" });
}

function told(complaint: string, line: string): void {
  trouble.textContent = complaint;
  trouble.hidden = complaint === "";
  status.textContent = line;
  editor.complain(complaint);
  results.replaceChildren();
  downloads.replaceChildren();
}

function busy(yes: boolean): void {
  results.setAttribute("aria-busy", String(yes));
  stopButton.disabled = !yes;
}

function offered(question: Question, answer: Answer): HTMLButtonElement[] {
  return FORMATS[answer.kind].map(([label, media, ending]) =>
    button(label, () => void download(question, media, ending), { "aria-label": `${say("download")} ${label}` }),
  );
}

// The server writes the file: its CSV and its Turtle are the standard's, not this page's.
async function download(question: Question, media: string, ending: string): Promise<void> {
  try {
    const content = await (await fetched(question, media)).blob();
    const link = el("a", { download: `${question.kind === "library" ? question.name : "answer"}.${ending}` });
    link.href = URL.createObjectURL(content);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    trouble.textContent = error instanceof Refusal ? error.message : String(error);
    trouble.hidden = false;
  }
}

// Shows and asks what the address says: at the start, on following a link, on going back.
function follow(): void {
  const question = asked(location.hash);
  if (question === null) return;
  if (question.kind === "sparql") editor.text = question.text;
  else reveal(question.name, question.values);
  translate();
  void ask(question);
}

// The links to the page in other languages keep the question.
function translate(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-lang]")) {
    link.href = `?lang=${link.dataset["lang"]}${location.hash}`;
  }
}

runButton.addEventListener("click", () => go({ kind: "sparql", text: editor.text }));
stopButton.addEventListener("click", () => running?.abort());
addEventListener("popstate", follow);
void fill({
  run: go,
  open: (text) => {
    editor.text = text;
    editor.focus();
  },
  fail: (message) => told(message, ""),
}).then(() => {
  if (start?.kind === "library") follow();
});
if (start?.kind === "sparql") follow();
translate();
document.documentElement.dataset["ready"] = data.lang;
