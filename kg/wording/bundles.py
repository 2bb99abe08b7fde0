"""What the pages of a story say in their own words, in English and French."""

from collections.abc import Mapping

from kg.errors import QueryError, did_you_mean

__all__ = ["BUNDLE_WORDING", "bundle_wording"]

_BLANK = "\N{NO-BREAK SPACE}"

BUNDLE_WORDING: Mapping[str, Mapping[str, str]] = {
    "en": {
        "about": "About {0}",
        "about_all": "About all of the graph",
        "relations": "Relations: {0}",
        "dates": "Dates: {0} to {1}",
        "open_date": "open",
        "day": "What holds is decided for {0}",
        "known": "As the world could know it on {0}",
        "recorded": "As the graph had it on {0}",
        "lead": "Each statement is what a source says, with its sentence. Facts, plans, reports, "
        "leads, and what is over "
        "or denied stand apart.",
        "contents": "Contents",
        "picture": "The picture",
        "picture_text": "{0} companies and other entities, {1} lines. Solid: told as a fact. Dashed: "
        "planned or announced. "
        "Dotted: reported, or a lead. Grey: over or denied. The lists below say the same in words.",
        "picture_part": " The most connected part is drawn; {0} more are in the lists.",
        "scene_none": "Nothing of the story is in this view.",
        "notes": "Notes",
        "note_on": "On {0}",
        "note_lost": "On something that is not in this story ({0})",
        "facts": "Facts",
        "plans": "Planned, announced or conditional",
        "reports": "Reported",
        "leads": "Leads to review",
        "ended": "Over",
        "denied": "Denied",
        "facts_lead": "Told as facts that hold on {0}.",
        "plans_lead": "No facts: what is said to be ahead.",
        "reports_lead": "No facts: what sources say by hearsay.",
        "leads_lead": "No facts: readings that nobody has judged yet. Their sentences may not say so.",
        "ended_lead": "What was so, and is no more on {0}.",
        "denied_lead": "What a source says is not so.",
        "none": "None.",
        "undecided": "undecided: the dates leave open whether it holds",
        "since": "from {0}",
        "until": "until {0}",
        "known_from": "known from {0}",
        "source": "{0} source|{0} independent sources",
        "source_document": "{0} document|{0} documents",
        "own": "added by {0}",
        "right": "confirmed by {0} on {1}",
        "wrong": "called wrong by {0} on {1}",
        "unsure": "{0} is unsure ({1})",
        "cite": "Cite this",
        "chicago": "Chicago",
        "claim": "Claim {0}",
        "fact": "Fact {0}",
        "place": "characters {0}–{1}",
        "open": "“",
        "shut": "”",
        "flows": "Money, leg by leg",
        "flows_lead": "Sums are those of the contract, purchase or loan as told, for its whole "
        "length, whether or not they "
        "were paid. They are not added up: two sources may tell of one payment. Bars compare sums of one currency.",
        "leg": "Who pays whom",
        "sum": "Sum",
        "said": "Said as",
        "for": "Relation",
        "pays": "{0} pays {1} for goods or services",
        "invests": "{0} invests in {1}",
        "lends": "{0} lends to {1}",
        "shares": "{0} shares revenue with {1}",
        "contributes": "{0} contributes to {1}",
        "buys": "{0} pays the owners of {1}",
        "worth": "a stake of {0} in {1}; who paid whom is not said",
        "unsaid": "{0} and {1}; who pays is not said",
        "timeline": "Timeline",
        "timeline_text": "A bar is the time in which something is said to be so, pale where its "
        "bounds are not exact, with "
        "an arrow where no end is told. A diamond is the day on which its source appeared.",
        "undated": "no date",
        "disputes": "Disputes",
        "disputes_lead": "What cannot all be right, side by side. Nothing is decided here.",
        "differs": "They differ in: {0}",
        "figure": "figure",
        "modality": "how it is said",
        "conflicts": "Where two people's work differs",
        "conflicts_lead": "This story was merged from several. Both sides stay; nothing is decided here.",
        "conflict_notes": "Different notes",
        "conflict_judgements": "Contradictory judgements",
        "conflict_identities": "Disagreement on who is whom",
        "conflict_ends": "One sentence, other companies",
        "conflict_readings": "In one story, left out of the other",
        "conflict_texts": "A document with two texts",
        "conflict_layout": "Other places in the picture",
        "conflict_scenes": "Other saved views of one name",
        "conflict_frame": "Other dates, clocks or languages",
        "left_out": "Left out, and why",
        "left_out_lead": "On the same companies and relations. What is listed is no part of the story.",
        "to-review": "{0} to review: the reader is not sure, and nobody has judged",
        "refused": "{0} refused: the text does not bear it out, or a person called it wrong",
        "other-dates": "{0} of other dates than those of the story",
        "other-clock": "{0} not known, or not recorded, at the date asked for",
        "narrowed": "{0} left out on purpose: the graph was narrowed, and they are not listed",
        "unlisted": "… and {0} more, not listed",
        "reasons": "reasons: {0}",
        "sources": "Sources",
        "sources_lead": "The SHA-256 is that of the text as kg read it. “Characters” count in that text.",
        "document": "Document",
        "published": "Published",
        "kind": "Kind",
        "hash": "SHA-256 of the text",
        "characters": "{0} characters",
        "with_text": "its text is in this bundle: {0}",
        "without_text": "its text is not in this bundle",
        "check": "How to check it",
        "check_lead": "Files beside this page say the same: claims.jsonl (kg-claims/1), claims.csv, claims.trig and "
        "claims-rdf12.trig (RDF), claims.ftm.json (FollowTheMoney), documents.json, "
        "judgements.jsonl, notes.json, and "
        "citations. manifest.json has the SHA-256 of each. This proves that nothing was changed since, and that each "
        "sentence stands where it is said to:",
        "made": "Made with kg, offline. Nothing in this page loads or runs anything.",
        "page": "Page {0} of {1}",
        "to_top": "To the contents",
        "language": "en",
    },
    "fr": {
        "about": f"Au sujet de{_BLANK}: {{0}}",
        "about_all": "Au sujet de tout le graphe",
        "relations": f"Relations{_BLANK}: {{0}}",
        "dates": f"Dates{_BLANK}: de {{0}} à {{1}}",
        "open_date": "sans limite",
        "day": "Ce qui vaut est décidé pour le {0}",
        "known": "Tel que le monde pouvait le savoir au {0}",
        "recorded": "Tel que le graphe le tenait au {0}",
        "lead": "Chaque énoncé est ce que dit une source, avec sa phrase. Les faits, les projets, ce "
        "qui est rapporté, les "
        "pistes, ce qui est terminé et ce qui est démenti restent séparés.",
        "contents": "Sommaire",
        "picture": "Le graphe",
        "picture_text": f"{{0}} entreprises et autres entités, {{1}} traits. Plein{_BLANK}: dit comme un fait. "
        f"Tirets{_BLANK}: prévu ou annoncé. Pointillé{_BLANK}: rapporté, ou piste. Gris{_BLANK}: "
        f"terminé ou démenti. Les "
        "listes ci-dessous disent la même chose en mots.",
        "picture_part": " La partie la plus reliée est dessinée\N{NO-BREAK SPACE}; {0} de plus sont dans les listes.",
        "scene_none": "Rien du récit n’est dans cette vue.",
        "notes": "Notes",
        "note_on": f"Sur{_BLANK}: {{0}}",
        "note_lost": "Sur une chose absente de ce récit ({0})",
        "facts": "Faits",
        "plans": "Prévu, annoncé ou conditionnel",
        "reports": "Rapporté",
        "leads": "Pistes à vérifier",
        "ended": "Terminé",
        "denied": "Démenti",
        "facts_lead": "Dit comme un fait qui vaut le {0}.",
        "plans_lead": f"Aucun fait{_BLANK}: ce qui est dit à venir.",
        "reports_lead": f"Aucun fait{_BLANK}: ce que des sources disent par ouï-dire.",
        "leads_lead": f"Aucun fait{_BLANK}: des lectures que personne n’a encore jugées. Leurs phrases ne le disent "
        "peut-être pas.",
        "ended_lead": "Ce qui fut, et n’est plus le {0}.",
        "denied_lead": "Ce dont une source dit que ce n’est pas.",
        "none": "Rien.",
        "undecided": f"indécis{_BLANK}: les dates laissent ouvert si cela vaut",
        "since": "depuis {0}",
        "until": "jusqu’à {0}",
        "known_from": "connu depuis {0}",
        "source": "{0} source|{0} sources indépendantes",
        "source_document": "{0} document|{0} documents",
        "own": "ajouté par {0}",
        "right": "confirmé par {0} le {1}",
        "wrong": "dit faux par {0} le {1}",
        "unsure": "{0} hésite ({1})",
        "cite": "Citer",
        "chicago": "Chicago",
        "claim": "Affirmation {0}",
        "fact": "Fait {0}",
        "place": "caractères {0}–{1}",
        "open": f"«{_BLANK}",
        "shut": f"{_BLANK}»",
        "flows": "L’argent, étape par étape",
        "flows_lead": "Les sommes sont celles du contrat, de l’achat ou du prêt, telles que dites, "
        "pour toute sa durée, "
        f"payées ou non. Elles ne sont pas additionnées{_BLANK}: deux sources peuvent parler d’un même paiement. Les "
        "barres comparent les sommes d’une même monnaie.",
        "leg": "Qui paie qui",
        "sum": "Somme",
        "said": "Dit comme",
        "for": "Relation",
        "pays": "{0} paie {1} pour des biens ou services",
        "invests": "{0} investit dans {1}",
        "lends": "{0} prête à {1}",
        "shares": "{0} partage des revenus avec {1}",
        "contributes": "{0} contribue à {1}",
        "buys": "{0} paie les propriétaires de {1}",
        "worth": f"une part de {{0}} dans {{1}}{_BLANK}; qui a payé qui n’est pas dit",
        "unsaid": f"{{0}} et {{1}}{_BLANK}; qui paie n’est pas dit",
        "timeline": "Chronologie",
        "timeline_text": "Une barre est le temps où une chose est dite valoir, pâle là où ses bornes "
        "sont inexactes, avec une "
        "flèche là où aucune fin n’est dite. Un losange est le jour où sa source a paru.",
        "undated": "sans date",
        "disputes": "Contesté",
        "disputes_lead": "Ce qui ne peut être juste à la fois, côte à côte. Rien n’est tranché ici.",
        "differs": f"Elles diffèrent par{_BLANK}: {{0}}",
        "figure": "chiffre",
        "modality": "la manière de le dire",
        "conflicts": "Là où le travail de deux personnes diffère",
        "conflicts_lead": f"Ce récit réunit plusieurs travaux. Les deux côtés restent{_BLANK}; rien n’est tranché ici.",
        "conflict_notes": "Notes différentes",
        "conflict_judgements": "Jugements contraires",
        "conflict_identities": "Désaccord sur l’identité",
        "conflict_ends": "Une phrase, d’autres entreprises",
        "conflict_readings": "Dans un récit, écarté de l’autre",
        "conflict_texts": "Un document à deux textes",
        "conflict_layout": "D’autres places dans le graphe",
        "conflict_scenes": "D’autres vues d’un même nom",
        "conflict_frame": "D’autres dates, horloges ou langues",
        "left_out": "Écarté, et pourquoi",
        "left_out_lead": "Sur les mêmes entreprises et relations. Ce qui est listé ne fait pas partie du récit.",
        "to-review": f"{{0}} à vérifier{_BLANK}: le lecteur n’est pas sûr, et personne n’a jugé",
        "refused": f"{{0}} refusés{_BLANK}: le texte ne le soutient pas, ou une personne l’a dit faux",
        "other-dates": "{0} d’autres dates que celles du récit",
        "other-clock": "{0} inconnus, ou non enregistrés, à la date demandée",
        "narrowed": f"{{0}} écartés exprès{_BLANK}: le graphe a été restreint, et ils ne sont pas listés",
        "unlisted": "… et {0} de plus, non listés",
        "reasons": f"raisons{_BLANK}: {{0}}",
        "sources": "Sources",
        "sources_lead": f"Le SHA-256 est celui du texte tel que kg l’a lu. Les "
        f"«{_BLANK}caractères{_BLANK}» se comptent dans ce "
        "texte.",
        "document": "Document",
        "published": "Paru",
        "kind": "Genre",
        "hash": "SHA-256 du texte",
        "characters": "{0} caractères",
        "with_text": f"son texte est joint{_BLANK}: {{0}}",
        "without_text": "son texte n’est pas joint",
        "check": "Comment le vérifier",
        "check_lead": f"Des fichiers à côté de cette page disent la même chose{_BLANK}: claims.jsonl "
        f"(kg-claims/1), claims.csv, "
        "claims.trig et claims-rdf12.trig (RDF), claims.ftm.json (FollowTheMoney), documents.json, judgements.jsonl, "
        "notes.json, et des citations. manifest.json a le SHA-256 de chacun. Ceci prouve que rien "
        "n’a changé depuis, et que "
        f"chaque phrase est là où elle est dite{_BLANK}:",
        "made": "Fait avec kg, hors ligne. Rien dans cette page ne charge ni n’exécute quoi que ce soit.",
        "page": "Page {0} sur {1}",
        "to_top": "Au sommaire",
        "language": "fr",
    },
}
"""The texts by language: "singular|plural" where a count decides, {0} and {1} where a value goes."""


def bundle_wording(lang: str) -> Mapping[str, str]:
    """Return the words of a story's pages in a language; raise `QueryError` for one that there is not."""
    if lang not in BUNDLE_WORDING:
        hint = did_you_mean(lang, BUNDLE_WORDING)
        raise QueryError(f"a story is not written in '{lang}': choose one of {', '.join(BUNDLE_WORDING)}.{hint}")
    return BUNDLE_WORDING[lang]
