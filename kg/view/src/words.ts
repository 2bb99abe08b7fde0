// What the viewer says in its own words.

import type { Lang, View } from "./data";

const EN = {
  search: "Find a company", nothing: "Nothing here is called that.", graph: "The picture. Arrow keys move it, + and − zoom; the table says the same in words.",
  closer: "Zoom in", farther: "Zoom out", whole: "Show all", undo: "Undo", table: "Table", picture: "Picture",
  relations: "Relations", said: "How it is said", kinds: "Entities", filter: "Click to hide or show",
  filters: "Filters", least: "Amount from", surely: "Confidence from", source: "Source", every: "All sources",
  asOf: "As of", always: "All times", play: "Play", pause: "Pause", layout: "Layout", web: "Web", owners: "Ownership", circle: "Circle of the story", relax: "Rearrange",
  size: "Size", bySize: { lines: "Relations", amount: "Amounts", sources: "Sources", same: "All the same" },
  path: "Path", pathTo: "Path to another company", noPath: "No path is known.", showPage: "Show the page with the sentence marked", pathOf: "{0} steps", clear: "Clear",
  layer: "Analysis", noLayer: "None", findings: "Findings", moreFindings: "and {0} more: kg analyse lists them", moreLines: "and {0} more relations, marked in the picture", outOfView: "Nothing of it is in view.", save: "Save as", details: "Details", hint: "Click a company or a line: its sentences and sources appear here. Double-click a company to see its neighbours.",
  close: "Close", subject: "Subject", relation: "Relation", object: "Object", terms: "Terms", modality: "Said as",
  known: "Known from", sentence: "Sentence", document: "Source", expand: "Show {0} more neighbours", expanded: "All neighbours are shown", collapse: "Hide its neighbours", remove: "Hide",
  pin: "Pin", unpin: "Unpin", against: "Others say otherwise", confidence: "confidence", counts: "{0} of {1} entities · {2} of {3} relations", first: "The most connected part is shown; search and expand for the rest.",
  rows: "The first {0} of {1} rows are listed; save as CSV for all.", copy: "Copy link", copied: "Copied", open: "“", shut: "”", empty: "There is nothing to draw yet.",
  everywhere: "Every relation", options: "Options", loading: "Asking the server…", failed: "The server has no answer.", menu: "Show and hide the options",
  asOfDay: "as of {0}", today: "today", madeOn: "when this was made", undecided: "undecided", ofWhich: "{0} undecided", whyUndecided: "The bounds of its dates leave open whether it holds on this day.", holds: "Holds",
  registers: "Registers", row: "The register’s record, to the letter", stated: "Ties that registers state",
  texts: "Search the sentences", foundTexts: "Sentences found: {0}.", firstTexts: "The first {0} are listed.", noTexts: "No sentence here has all these words.", allTexts: "Search all texts for “{0}”",
};
type Said = typeof EN;
const FR: Said = {
  search: "Chercher une entreprise", nothing: "Rien ici ne porte ce nom.", graph: "Le graphe. Les flèches le déplacent, + et − l’agrandissent ou le réduisent ; le tableau dit la même chose.",
  closer: "Agrandir", farther: "Réduire", whole: "Tout voir", undo: "Annuler", table: "Tableau", picture: "Graphe",
  relations: "Relations", said: "Comment c’est dit", kinds: "Entités", filter: "Cliquez pour masquer ou montrer",
  filters: "Filtres", least: "Montant à partir de", surely: "Confiance à partir de", source: "Source", every: "Toutes les sources",
  asOf: "À la date du", always: "Toutes dates", play: "Lecture", pause: "Pause", layout: "Disposition", web: "Réseau", owners: "Détention", circle: "Cercle du récit", relax: "Réarranger",
  size: "Taille", bySize: { lines: "Relations", amount: "Montants", sources: "Sources", same: "Toutes égales" },
  path: "Chemin", pathTo: "Chemin vers une autre entreprise", noPath: "Aucun chemin n’est connu.", showPage: "Montrer la page, phrase surlignée", pathOf: "{0} étapes", clear: "Effacer",
  layer: "Analyse", noLayer: "Aucune", findings: "Résultats", moreFindings: "et {0} de plus : kg analyse les donne", moreLines: "et {0} relations de plus, marquées dans le graphe", outOfView: "Rien n’en est en vue.", save: "Enregistrer", details: "Détails", hint: "Cliquez sur une entreprise ou un trait : ses phrases et ses sources s’affichent ici. Double-cliquez sur une entreprise pour voir ses voisines.",
  close: "Fermer", subject: "Sujet", relation: "Relation", object: "Objet", terms: "Conditions", modality: "Modalité",
  known: "Connu depuis", sentence: "Phrase", document: "Source", expand: "Montrer {0} voisines de plus", expanded: "Toutes ses voisines sont montrées", collapse: "Masquer ses voisines", remove: "Masquer",
  pin: "Épingler", unpin: "Détacher", against: "D’autres disent autre chose", confidence: "confiance", counts: "{0} entités sur {1} · {2} relations sur {3}", first: "La partie la plus reliée est montrée ; cherchez et dépliez pour le reste.",
  rows: "Les {0} premières lignes sur {1} sont listées ; enregistrez en CSV pour toutes.", copy: "Copier le lien", copied: "Copié", open: "« ", shut: " »", empty: "Il n’y a encore rien à dessiner.",
  everywhere: "Toutes les relations", options: "Options", loading: "Question au serveur…", failed: "Le serveur n’a pas de réponse.", menu: "Montrer ou masquer les options",
  asOfDay: "au {0}", today: "aujourd’hui", madeOn: "quand ceci fut fait", undecided: "indécis", ofWhich: "{0} indécises", whyUndecided: "Ses dates laissent ouvert si elle vaut ce jour-là.", holds: "Vaut",
  registers: "Registres", row: "La fiche du registre, à la lettre", stated: "Liens qu’affirment les registres",
  texts: "Chercher dans les phrases", foundTexts: "Phrases trouvées : {0}.", firstTexts: "Les {0} premières sont listées.", noTexts: "Aucune phrase ici ne contient tous ces mots.", allTexts: "Chercher « {0} » dans tous les textes",
};

export type Wording = Said;
export const wording = (lang: Lang): Said => (lang === "fr" ? FR : EN);

/** Put values into a sentence's places. */
export const filled = (text: string, ...values: (string | number)[]): string =>
  text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? ""));

/** A day, and whether it is today: a page that is opened later says that it was when it was made. */
export function dayOf(on: string, view: View, lang: Lang): string {
  if (on !== view.today) return on;
  const w = wording(lang);
  return `${on} (${on === new Date().toISOString().slice(0, 10) ? w.today : w.madeOn})`;
}
