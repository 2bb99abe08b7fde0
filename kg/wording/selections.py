"""What a graph was narrowed to, in words: who looks at a part must not take it for the whole."""

from collections.abc import Collection, Mapping

from kg.ontology import ontology

__all__ = ["selection_words"]

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "accepted": "only claims that a person accepted",
        "tiers": "only sources of these tiers: {0}",
        "leads": "with leads",
        "no leads": "without leads",
        "narrowed": "narrowed: {0}",
    },
    "fr": {
        "accepted": "seulement les affirmations acceptées par une personne",
        "tiers": "seulement les sources de ces rangs : {0}",
        "leads": "avec les pistes",
        "no leads": "sans les pistes",
        "narrowed": "restreint : {0}",
    },
}


def selection_words(lang: str, *, accepted_only: bool, tiers: Collection[str], leads: bool) -> str:
    """Return what is left of a graph, as a phrase.

    >>> selection_words("en", accepted_only=True, tiers=["register"], leads=False)
    'narrowed: only claims that a person accepted; only sources of these tiers: register; without leads'

    """
    words, known = _WORDS[lang], ontology().tiers
    labels = ", ".join(term.label[lang] for name, term in known.items() if name in tiers)
    parts = [words["accepted"]] if accepted_only else []
    parts += [words["tiers"].format(labels)] if tiers else []
    return words["narrowed"].format("; ".join([*parts, words["leads" if leads else "no leads"]]))
