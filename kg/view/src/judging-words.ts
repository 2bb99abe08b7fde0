// What is said of judgements: in the viewer's panel, and on the cards of a notebook.

import type { Lang, Opinion, Verdict } from "./data";
import { filled } from "./words";

/** What of a claim can be wrong, and the key for it where keys judge. */
export const PARTS = { name: "n", identity: "i", direction: "d", relation: "r", modality: "m", term: "t", "not-stated": "s" } as const;
export type Part = keyof typeof PARTS;

const EN = {
  verdicts: { right: "Right", wrong: "Wrong", unsure: "Unsure" } as Record<Verdict, string>,
  said: { right: "confirmed by {0}, {1}", wrong: "called wrong by {0}, {1}", unsure: "{0} is unsure, {1}" } as Record<Verdict, string>,
  parts: { name: "a name", identity: "which company it is", direction: "the direction", relation: "the relation", modality: "how firmly it is said", term: "a term or figure", "not-stated": "the sentence does not say it" } as Record<Part, string>,
  own: "added by {0}", confirmed: "confirmed", rejected: "called wrong", you: "you", undo: "Take back", which: "What is wrong?", judge: "Is it right? {0}",
  kept: "Kept: {0}.", leaves: "Kept: {0}. It leaves the graph.", undone: "Taken back.", sending: "Sending…", lookAgain: "Look at what was said, then judge again.",
  signIn: "You are no longer signed in: sign in, load this page anew, then judge again.", failed: "The server has no answer: nothing was kept.",
};
export type JudgingWords = typeof EN;
const FR: JudgingWords = {
  verdicts: { right: "Juste", wrong: "Faux", unsure: "Incertain" },
  said: { right: "confirmé par {0}, {1}", wrong: "dit faux par {0}, {1}", unsure: "{0} hésite, {1}" },
  parts: { name: "un nom", identity: "de quelle entreprise il s’agit", direction: "le sens", relation: "la relation", modality: "la fermeté du propos", term: "un terme ou un chiffre", "not-stated": "la phrase ne le dit pas" },
  own: "ajouté par {0}", confirmed: "confirmé", rejected: "dit faux", you: "vous", undo: "Reprendre", which: "Qu’est-ce qui est faux ?", judge: "Est-ce juste ? {0}",
  kept: "Noté : {0}.", leaves: "Noté : {0}. La relation quitte le graphe.", undone: "Jugement repris.", sending: "Envoi…", lookAgain: "Regardez ce qui a été dit, puis jugez de nouveau.",
  signIn: "Vous n’êtes plus connecté : connectez-vous, rechargez cette page, puis jugez de nouveau.", failed: "Le serveur n’a pas de réponse : rien n’a été noté.",
};
export const judgingWords = (lang: Lang): JudgingWords => (lang === "fr" ? FR : EN);

/** A verdict with what is wrong: "wrong, the direction". */
export function verdictOf(verdict: Verdict, part: string | undefined, w: JudgingWords): string {
  const told = w.verdicts[verdict].toLowerCase();
  return part ? `${told}, ${w.parts[part as Part] ?? part}` : told;
}

/** What one person says: "called wrong by ada, 2026-11-30 09:12 UTC: the direction". */
export function opinionOf(one: Opinion, w: JudgingWords): string {
  const said = filled(w.said[one.verdict] ?? one.verdict, one.by, one.at ? `${one.at.slice(0, 16).replace("T", " ")} UTC` : "");
  return one.part ? `${said}: ${w.parts[one.part as Part] ?? one.part}` : said;
}
