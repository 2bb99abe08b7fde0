// What the pages of reviewers share: what the server wrote into the page, its words, and how it is told of a judgement.

export interface Judged {
  id: string;
  author: string;
  at: string;
  verdict: string;
  part: string | null;
  state: string;
  correction?: string;
}

export interface Claim {
  id: string;
  phrase: string;
  outcome: string;
  reasons: string[];
  confidence: number;
  subject: string;
  relation: string;
  object: string;
  modality: string;
  terms: Record<string, string>;
  judged: Judged[];
}

export interface Option {
  name: string;
  label: string;
}

export interface Passage {
  start: number;
  end: number;
  claims: Claim[];
}

interface Desk {
  lang: string;
  words: Record<string, string>;
  root: string; // the way to the server's root
  csrf: string | null; // null for who may not judge
  relations: Option[];
  modalities: Option[];
  terms: Option[];
  document?: string;
  text_sha256?: string;
  passages?: Passage[];
}

export interface Made {
  judgement: string;
  claims: Claim[];
}

export const desk = JSON.parse(document.getElementById("data")?.textContent ?? "{}") as Desk;

// A word of the page, with {0} filled in; "one|many" is told by the count.
export function say(name: string, value: string | number = ""): string {
  const [one = name, many] = (desk.words[name] ?? name).split("|");
  const single = desk.lang === "fr" ? Number(value) < 2 : Number(value) === 1;
  const form = many === undefined || single ? one : many;
  return form.replace("{0}", typeof value === "number" ? value.toLocaleString(desk.lang) : value);
}

// Why the server did not take what was sent: one line, and what there is now where others were first.
export class Refusal extends Error {
  constructor(
    message: string,
    readonly now: Claim[] | null = null,
  ) {
    super(message);
  }
}

export async function send(address: string, body: unknown): Promise<Made> {
  const headers = { "content-type": "application/json", "x-kg-csrf": desk.csrf ?? "" };
  return (await asked(address, { method: "POST", headers, body: JSON.stringify(body) })) as Made;
}

export async function get(address: string): Promise<unknown> {
  return asked(address, { headers: { accept: "application/json" } });
}

async function asked(address: string, request: RequestInit): Promise<unknown> {
  const separator = address.includes("?") ? "&" : "?";
  let answer: Response;
  try {
    answer = await fetch(`${desk.root}${address}${separator}lang=${desk.lang}`, request);
  } catch {
    throw new Refusal(say("unreachable"));
  }
  if (answer.ok) return answer.json();
  if (answer.headers.get("content-type")?.startsWith("application/json")) {
    const refused = (await answer.json()) as { message: string; claims?: Claim[] };
    throw new Refusal(refused.message, refused.claims ?? null);
  }
  throw new Refusal((await answer.text()).trim().split("\n")[0] ?? String(answer.status));
}

// A document's id as it stands in an address.
export function pathOf(document: string): string {
  return document.split("/").map(encodeURIComponent).join("/");
}

const status = document.getElementById("status");
const trouble = document.getElementById("trouble");

// Says in a line what became of something; a screen reader reads it out.
export function tell(line: string): void {
  if (status) status.textContent = line;
  if (trouble) trouble.hidden = true;
}

export function complain(error: unknown): void {
  if (!trouble) return;
  trouble.textContent = say("failed", error instanceof Error ? error.message : String(error));
  trouble.hidden = false;
  if (status) status.textContent = "";
}
