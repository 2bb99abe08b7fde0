// What the viewer says of notes, scenes, the timeline, two days side by side, and the marks of companies.

import type { Lang } from "./data";

const EN = {
  story: "Scenes and notes", scenes: "Scenes", notes: "Notes", noScenes: "Save what is in view as a scene, write notes on companies and lines, and play the scenes as a presentation.",
  sceneName: "Name of the scene", saveScene: "Save this view as a scene", showScene: "Show “{0}”", up: "Move “{0}” up", down: "Move “{0}” down", edit: "Edit “{0}”", drop: "Delete “{0}”", keep: "Keep", leave: "Cancel",
  sceneNote: "What is said with it", present: "Present", saveStory: "Save scenes", openStory: "Open scenes…", unsaved: "not saved yet", saved: "Saved as {0}.",
  tooMany: "A scene holds {0} companies at most: hide some first.", unreadable: "{0} is no file of notes and scenes (kg-scenes/1): {1}", readBack: "Read: {0} notes, {1} scenes.", elsewhere: "{0} notes are on what is not here.",
  newNote: "New note", author: "Your name", addNote: "Add the note", dropNote: "Delete this note", jump: "Show what it is on", gone: "not in this picture",
  previous: "Previous scene", next: "Next scene", end: "End the presentation", progress: "Scene {0} of {1}", presentation: "Presentation", keys: "Arrow keys go on and back, Escape ends.",
  timeline: "Timeline", dated: "Dates", byDate: { holds: "on which they hold", start: "of their start", end: "of their end", known: "since when they are known" },
  since: "From", until: "To", open: "open", allTime: "Whole time", inWindow: "{0} of {1} relations lie in {2} – {3}.", noWindow: "{0} relations. Drag over the bars, or move the two handles, to narrow the picture.", undated: "{0} have no such date.", always: "{0} have no date and count as holding throughout.", moreRows: "and {0} more: narrow the time", rows: "Relations by date",
  known: "known {0}", fromTo: "{0} – {1}", 
  compare: "Compare dates", first: "First date", second: "Second date", came: "Came", went: "Went", changed: "Changed", unchanged: "{0} relations are the same on both days.", nothing: "None", becomes: "becomes", compared: "{0} → {1}", 
  weight: "Line width", byAmount: "By amount", same: "All the same", widths: "Line width: the amount in its currency, else the share", thin: "neither is stated",
  marks: "Companies by", mark: { kind: "Kind", country: "Country", sector: "Sector" }, others: "Others and unknown", whence: "A country by the register, else by its number there, else by the ISIN.",
  showAll: "Show all {0}", showFirst: "Show the most connected part",
};
type Said = typeof EN;
const FR: Said = {
  story: "Scènes et notes", scenes: "Scènes", notes: "Notes", noScenes: "Enregistrez la vue comme scène, écrivez des notes sur les entreprises et les traits, et jouez les scènes en présentation.",
  sceneName: "Nom de la scène", saveScene: "Enregistrer cette vue comme scène", showScene: "Montrer « {0} »", up: "Monter « {0} »", down: "Descendre « {0} »", edit: "Modifier « {0} »", drop: "Supprimer « {0} »", keep: "Garder", leave: "Annuler",
  sceneNote: "Ce qu’on dit avec elle", present: "Présenter", saveStory: "Enregistrer les scènes", openStory: "Ouvrir des scènes…", unsaved: "pas encore enregistré", saved: "Enregistré sous {0}.",
  tooMany: "Une scène contient au plus {0} entreprises : masquez-en d’abord.", unreadable: "{0} n’est pas un fichier de notes et de scènes (kg-scenes/1) : {1}", readBack: "Lu : {0} notes, {1} scènes.", elsewhere: "{0} notes portent sur ce qui n’est pas ici.",
  newNote: "Nouvelle note", author: "Votre nom", addNote: "Ajouter la note", dropNote: "Supprimer cette note", jump: "Montrer ce dont elle parle", gone: "absent de ce graphe",
  previous: "Scène précédente", next: "Scène suivante", end: "Finir la présentation", progress: "Scène {0} sur {1}", presentation: "Présentation", keys: "Les flèches avancent et reculent, Échap finit.",
  timeline: "Chronologie", dated: "Dates", byDate: { holds: "où elles valent", start: "de leur début", end: "de leur fin", known: "depuis quand on le sait" },
  since: "De", until: "À", open: "ouvert", allTime: "Tout le temps", inWindow: "{0} relations sur {1} tombent dans {2} – {3}.", noWindow: "{0} relations. Glissez sur les barres, ou déplacez les deux poignées, pour resserrer le graphe.", undated: "{0} n’ont pas cette date.", always: "{0} n’ont pas de date et comptent comme valables tout le temps.", moreRows: "et {0} de plus : resserrez le temps", rows: "Relations par date",
  known: "connu {0}", fromTo: "{0} – {1}", 
  compare: "Comparer deux dates", first: "Première date", second: "Seconde date", came: "Apparues", went: "Disparues", changed: "Changées", unchanged: "{0} relations sont les mêmes aux deux dates.", nothing: "Aucune", becomes: "devient", compared: "{0} → {1}", 
  weight: "Largeur des traits", byAmount: "Selon le montant", same: "Toutes égales", widths: "Largeur des traits : le montant dans sa monnaie, sinon la part", thin: "ni l’un ni l’autre n’est dit",
  marks: "Entreprises par", mark: { kind: "Genre", country: "Pays", sector: "Secteur" }, others: "Autres et inconnus", whence: "Le pays selon le registre, sinon selon son numéro au registre, sinon selon l’ISIN.",
  showAll: "Tout montrer ({0})", showFirst: "Montrer la partie la plus reliée",
};

export type StoryWording = Said;
export const storyWording = (lang: Lang): Said => (lang === "fr" ? FR : EN);
