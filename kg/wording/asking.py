"""What is said of a question in words and of its answer, in English and French; {0}, {1} … are values."""

from collections.abc import Mapping

from kg.wording.counts import counted

__all__ = ["ASKING", "say"]

ASKING: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unknown_words": "not understood: {0}",
        "no_such_company": "nothing in the graph is called {0}{1}",
        "near": "; did you mean {0}?",
        "several_called": "'{0}' may be any of {1}: write one of these ids in its place",
        "negation": "{0}: what no source says cannot be listed; ask without it",
        "two_at_one_end": "{0}: one question about each of them, please",
        "too_many_figures": "there are more dates or figures than one question can be about",
        "about_figure": "about {0}: give the figure a bound, as 'more than', 'at least', 'less than' or 'at most'",
        "goods": "{0}: each source names goods in words of its own; ask without it",
        "too_long": "the question is longer than {0} characters",
        "no_company": "the question names no company of the graph",
        "no_relation": "each word is known, but not what they ask together",
        "until": "facts are those of a day: ask 'in 2024' or 'as of 2024', or what changed between two dates",
        "not_on": "this cannot be asked for a date ({0})",
        "not_since": "this cannot be asked since or until a date ({0})",
        "no_bound": "this cannot be asked with a figure as its bound ({0})",
        "nearest": "One can ask: {0}",
        "understood": "understood as: {0}",
        "yes": "Yes: {0} document says so.|Yes: {0} documents say so.",
        "yes_planned": "As a plan, and no fact: {0} document says so.|As a plan, and no fact: {0} documents say so.",
        "yes_hedged": "Only as a report, and no fact: {0} document says so.|"
        "Only as a report, and no fact: {0} documents say so.",
        "yes_denied": "A denial: {0} document tells it.|A denial: {0} documents tell it.",
        "yes_past": "It was so, and is no longer: {0} document says so.|"
        "It was so, and is no longer: {0} documents say so.",
        "no_source": "No source says so. That is no proof that it is not so.",
        "count": "{0} named by the sources.",
        "largest": "The largest that the sources tell: {0}.",
        "not_compared": "{0} has no figure to compare.|{0} have no figure to compare.",
        "currencies": "The sums are in several currencies, and were not compared.",
        "no_total": "No sum is made: several sources may tell of the same money.",
        "nothing": "No source says anything of that.",
        "without_figure": "{0} more tells no such figure, or one in another currency: {1}|"
        "{0} more tell no such figure, or one in another currency: {1}",
        "planned": "Plans, announcements and conditions, no facts",
        "hedged": "Only reported, no facts",
        "denied": "Denied",
        "past": "Past or ended",
        "asserted": "Facts as they are told",
        "other_asserted": "Other ties of the two, asserted",
        "other_planned": "Other ties of the two, planned or announced",
        "other_hedged": "Other ties of the two, only reported",
        "other_denied": "Other ties of the two, denied",
        "other_past": "Other ties of the two, past or ended",
        "pair": "all that is said of the two: {0}",
        "written": "SPARQL written by {0}, checked before it ran",
    },
    "fr": {
        "unknown_words": "pas compris : {0}",
        "no_such_company": "rien dans le graphe ne s’appelle {0}{1}",
        "near": " ; vouliez-vous dire {0} ?",
        "several_called": "« {0} » peut être {1} : écrivez l’un de ces identifiants à sa place",
        "negation": "{0} : ce qu’aucune source ne dit ne peut être listé ; posez la question sans ce mot",
        "two_at_one_end": "{0} : une question pour chacune, s’il vous plaît",
        "too_many_figures": "il y a plus de dates ou de chiffres qu’une question n’en peut porter",
        "about_figure": "à peu près {0} : donnez une borne au chiffre, "
        "par « plus de », « au moins », « moins de » ou « au plus »",
        "goods": "{0} : chaque source nomme les biens dans ses propres mots ; posez la question sans ce mot",
        "too_long": "la question a plus de {0} caractères",
        "no_company": "la question ne nomme aucune entreprise du graphe",
        "no_relation": "chaque mot est connu, mais non ce qu’ils demandent ensemble",
        "until": "les faits sont ceux d’un jour : demandez « en 2024 », ou ce qui a changé entre deux dates",
        "not_on": "cela ne se demande pas pour une date ({0})",
        "not_since": "cela ne se demande pas depuis ou jusqu’à une date ({0})",
        "no_bound": "cela ne se demande pas avec un chiffre pour borne ({0})",
        "nearest": "On peut demander : {0}",
        "understood": "compris comme : {0}",
        "yes": "Oui : {0} document le dit.|Oui : {0} documents le disent.",
        "yes_planned": "Comme projet, et non comme fait : {0} document le dit.|"
        "Comme projet, et non comme fait : {0} documents le disent.",
        "yes_hedged": "Seulement rapporté, et non comme fait : {0} document le dit.|"
        "Seulement rapporté, et non comme fait : {0} documents le disent.",
        "yes_denied": "Un démenti : {0} document le rapporte.|Un démenti : {0} documents le rapportent.",
        "yes_past": "Cela a été, et n’est plus : {0} document le dit.|"
        "Cela a été, et n’est plus : {0} documents le disent.",
        "no_source": "Aucune source ne le dit. Cela ne prouve pas que ce soit faux.",
        "count": "{0} nommé par les sources.|{0} nommés par les sources.",
        "largest": "Le plus grand que disent les sources : {0}.",
        "not_compared": "{0} n’a pas de chiffre à comparer.|{0} n’ont pas de chiffre à comparer.",
        "currencies": "Les sommes sont en plusieurs monnaies, et n’ont pas été comparées.",
        "no_total": "Aucune somme n’est faite : plusieurs sources peuvent parler du même argent.",
        "nothing": "Aucune source n’en dit rien.",
        "without_figure": "{0} de plus ne donne pas ce chiffre, ou le donne en une autre monnaie : {1}|"
        "{0} de plus ne donnent pas ce chiffre, ou le donnent en une autre monnaie : {1}",
        "planned": "Projets, annonces et conditions, non des faits",
        "hedged": "Seulement rapporté, non des faits",
        "denied": "Démenti",
        "past": "Passé ou terminé",
        "asserted": "Faits tels qu’ils sont dits",
        "other_asserted": "Autres liens entre les deux, affirmés",
        "other_planned": "Autres liens entre les deux, prévus ou annoncés",
        "other_hedged": "Autres liens entre les deux, seulement rapportés",
        "other_denied": "Autres liens entre les deux, démentis",
        "other_past": "Autres liens entre les deux, passés ou terminés",
        "pair": "tout ce qui est dit des deux : {0}",
        "written": "SPARQL écrit par {0}, vérifié avant d’être posé",
    },
}


def say(code: str, lang: str, *values: object) -> str:
    """Say something of a question; of one that has a form for one and one for many by the number among the values.

    >>> say("unknown_words", "en", "weather")
    'not understood: weather'
    """
    wording = ASKING[lang][code]
    if "|" in wording and isinstance(values[0], int):
        return counted(wording, values[0], lang, *values[1:])
    return wording.format(*values)
