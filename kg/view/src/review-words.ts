// What the cards of a notebook say in their own words.

import type { Lang } from "./data";

const EN = {
  by: "{0} · {1} judged", cards: "Claims to judge, by {0}", actions: "Judge the claim", claims: "What was read in it", confidence: "confidence",
  right: "Right", wrong: "Wrong…", edit: "Put right…", unsure: "Unsure", history: "History", undo: "Take back", later: "Later", keep: "Keep", cancel: "Cancel",
  subject: "Who", relation: "Relation", object: "Whom", modality: "Said as", terms: "Terms, NAME=VALUE a line",
  next: "Next: {0}", done: "Nothing is left to judge.", kept: "{0}: {1}.", undone: "Taken back: {0}.", nothing: "There is nothing to take back.",
  same: "Nothing was changed: the form says what the claim says.", unknown: "There is no term {0}.", nobody: "Nobody has judged it.", tookBack: "{0} took a judgement back, {1} UTC", left: "left for later", noEdit: "A claim of a figure can be called right or wrong, and not be put right.",
};
export type ReviewWords = typeof EN;
const FR: ReviewWords = {
  by: "{0} · {1} jugées", cards: "Affirmations à juger, par {0}", actions: "Juger l’affirmation", claims: "Ce qui y a été lu", confidence: "confiance",
  right: "Juste", wrong: "Faux…", edit: "Corriger…", unsure: "Incertain", history: "Historique", undo: "Reprendre", later: "Plus tard", keep: "Noter", cancel: "Abandonner",
  subject: "Qui", relation: "Relation", object: "À qui", modality: "Modalité", terms: "Termes, NOM=VALEUR par ligne",
  next: "Suivante : {0}", done: "Il ne reste rien à juger.", kept: "{0} : {1}.", undone: "Jugement repris : {0}.", nothing: "Il n’y a rien à reprendre.",
  same: "Rien n’a changé : le formulaire dit ce que dit l’affirmation.", unknown: "Il n’y a pas de terme {0}.", nobody: "Personne ne l’a jugée.", tookBack: "{0} a repris un jugement, {1} UTC", left: "laissée pour plus tard", noEdit: "Une affirmation chiffrée peut être dite juste ou fausse, mais pas corrigée.",
};
export const reviewWords = (lang: Lang): ReviewWords => (lang === "fr" ? FR : EN);
