"""What the viewer’s page says in its own words, in English and French."""

from collections.abc import Mapping

from kg.errors import QueryError, did_you_mean

__all__ = ["plural", "wording"]

_WORDINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Company relations",
        "around": "Around {0}",
        "entity": "{0} entity|{0} entities",
        "relation": "{0} relation|{0} relations",
        "figure": "{0} figure|{0} figures",
        "source": "{0} source|{0} sources",
        "how": "Each line is a relation that a source states. Point at it for the sentence; click to keep it.",
        "left_out": "The most connected part is drawn; {0} entities and {1} relations are left out.",
        "in_table": "The table below lists them.",
        "search": "Find a company",
        "not_found": "Nothing here is called that.",
        "graph": "The graph. Arrow keys move it, + and − zoom; the table below says the same in words.",
        "closer": "Zoom in",
        "farther": "Zoom out",
        "whole": "Show all",
        "relations": "Relations",
        "said": "How it is said",
        "kinds": "Entities",
        "filter": "Click to hide or show",
        "panel": "Details",
        "hint": "Click a company or a line: its sentences and sources appear here.",
        "close": "Close",
        "table": "All relations",
        "to_table": "Table",
        "to_graph": "Picture",
        "subject": "Subject",
        "predicate": "Relation",
        "object": "Object",
        "terms": "Terms",
        "modality": "Said as",
        "known_from": "Known from",
        "sentence": "Sentence",
        "document": "Source",
        "rows_left_out": "The first {0} of {1} relations are listed; kg export gives all.",
        "no_script": "The picture needs JavaScript; the table says the same.",
        "empty": "There is nothing to draw yet.",
        "more": "{0} more in the panel: click",
        "lines": "{0} line|{0} lines",
        "as_of": "as of {0}",
        "undecided": "undecided",
        "undecided_facts": "{0} undecided",
        "made": "Made with kg. Every line is what a source says, not what is certain. Drawn by vis-network, offline.",
        "open": "“",
        "shut": "”",
    },
    "fr": {
        "title": "Relations entre entreprises",
        "around": "Autour de {0}",
        "entity": "{0} entité|{0} entités",
        "relation": "{0} relation|{0} relations",
        "figure": "{0} chiffre|{0} chiffres",
        "source": "{0} source|{0} sources",
        "how": "Chaque trait est une relation qu’une source affirme. Survolez-le pour lire la phrase ; "
        "cliquez pour la garder.",
        "left_out": "La partie la plus reliée est dessinée ; {0} entités et {1} relations n’y figurent pas.",
        "in_table": "Le tableau ci-dessous les donne.",
        "search": "Chercher une entreprise",
        "not_found": "Rien ici ne porte ce nom.",
        "graph": "Le graphe. Les flèches le déplacent, + et − l’agrandissent ou le réduisent ; "
        "le tableau ci-dessous dit la même chose.",
        "closer": "Agrandir",
        "farther": "Réduire",
        "whole": "Tout voir",
        "relations": "Relations",
        "said": "Comment c’est dit",
        "kinds": "Entités",
        "filter": "Cliquez pour masquer ou montrer",
        "panel": "Détails",
        "hint": "Cliquez sur une entreprise ou un trait : ses phrases et ses sources s’affichent ici.",
        "close": "Fermer",
        "table": "Toutes les relations",
        "to_table": "Tableau",
        "to_graph": "Graphe",
        "subject": "Sujet",
        "predicate": "Relation",
        "object": "Objet",
        "terms": "Conditions",
        "modality": "Modalité",
        "known_from": "Connu depuis",
        "sentence": "Phrase",
        "document": "Source",
        "rows_left_out": "Les {0} premières relations sur {1} sont listées ; kg export les donne toutes.",
        "no_script": "Le graphe a besoin de JavaScript ; le tableau dit la même chose.",
        "empty": "Il n’y a encore rien à dessiner.",
        "more": "{0} de plus dans le panneau : cliquez",
        "lines": "{0} trait|{0} traits",
        "as_of": "au {0}",
        "undecided": "indécis",
        "undecided_facts": "{0} indécises",
        "made": "Fait avec kg. Chaque trait est ce que dit une source, non une certitude. "
        "Dessiné par vis-network, hors ligne.",
        "open": "« ",
        "shut": " »",
    },
}


def wording(lang: str) -> Mapping[str, str]:
    """Return the page's words in a language; raise `QueryError` for one that there is not."""
    try:
        return _WORDINGS[lang]
    except KeyError:
        languages = ", ".join(_WORDINGS)
        hint = did_you_mean(lang, _WORDINGS)
        raise QueryError(f"a page cannot be written in '{lang}': choose one of {languages}.{hint}") from None


def plural(forms: str, count: int, lang: str) -> str:
    """Return the form for a count, of "one|many"; in French 0 is singular.

    >>> plural("{0} line|{0} lines", 2, "en"), plural("{0} trait|{0} traits", 0, "fr")
    ('2 lines', '0 trait')
    """
    one, many = forms.split("|")
    singular = count < 2 if lang == "fr" else count == 1  # noqa: PLR2004 - French counts so
    return (one if singular else many).format(count)
