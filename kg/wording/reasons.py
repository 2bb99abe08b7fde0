"""Reason codes in words, in English and French: "two readers read the passage differently"."""

from collections.abc import Iterable, Mapping

from kg.reasons import MEANINGS, Reason

__all__ = ["REASON_WORDING", "reason_words"]

_FRENCH: Mapping[Reason, str] = {
    Reason.NO_QUOTE: "la citation n’est pas dans le texte",
    Reason.NO_PARTY_IN_QUOTE: "aucune citation ne nomme la partie, ni des mots qui en tiennent lieu",
    Reason.NOT_A_RELATION: "l’ontologie n’a pas cette relation",
    Reason.SAME_PARTY: "les deux bouts sont la même partie",
    Reason.KIND: "un bout est d’un genre que la relation ne prend pas",
    Reason.SENSE: "le mot a un autre sens ici",
    Reason.OTHER_CLAUSE: "les bouts sont dans des propositions ou des points de liste différents",
    Reason.NOT_A_PARTY: "pas une partie : lieu de dépêche, agence, bourse, symbole, conseil ou titre",
    Reason.NOT_STATED: "à la vérification, la phrase n’énonce pas la relation",
    Reason.REJECTED: "une personne dit que c’est faux",
    Reason.UNKNOWN_KIND: "ce qu’est un bout n’a pu être déterminé",
    Reason.DOUBTFUL_SENSE: "le mot a un sens qui n’est pas un lien, et c’est peut-être le cas ici",
    Reason.REFERENCE: "ce que désigne un pronom ou un nom commun est incertain",
    Reason.NOT_HAPPENED: "une négation, une question, un échec ou une rumeur peut s’y étendre",
    Reason.TWO_VALUES: "deux chiffres se disputent un terme",
    Reason.BOUND: "un chiffre est une borne ou une fourchette, et laquelle est incertain",
    Reason.SCALE_WORD: "un mot d’échelle (million, Mds) à côté du chiffre n’a pas été lu",
    Reason.OFF_TOPIC: "le texte ne parle pas des affaires d’organisations",
    Reason.STEERING: "le texte donne des ordres à qui le lit",
    Reason.DIRECTION: "lequel des deux bouts agit sur l’autre est incertain",
    Reason.DISAGREEMENT: "deux lecteurs lisent le passage différemment",
    Reason.LOW_CONFIDENCE: "la confiance est au-dessous de ce que prend la précision demandée",
    Reason.CONFIRMED: "une personne dit que c’est juste",
    Reason.UNREADABLE_TERM: "un terme n’a pu être lu, et a été laissé de côté",
    Reason.OTHER_CLAUSE_TERM: "un terme d’une autre proposition a été laissé de côté",
}

REASON_WORDING: Mapping[str, Mapping[str, str]] = {
    "en": {reason.value: meaning for reason, (_, meaning) in MEANINGS.items()},
    "fr": {reason.value: _FRENCH[reason] for reason in MEANINGS},
}
"""What each code says, by language."""


def reason_words(codes: Iterable[str], lang: str) -> str:
    """Return reason codes in words; a code of another kg stays as it is.

    >>> reason_words(["DISAGREEMENT", "KIND"], "en")
    'two readers read the passage differently; an end is of a kind that the relation does not take'
    """
    words = REASON_WORDING[lang]
    return "; ".join(words.get(code, code) for code in codes)
