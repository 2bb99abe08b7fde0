"""What a notebook says of cards to judge where no kernel runs, in English and French."""

from collections.abc import Mapping

from kg.errors import QueryError, did_you_mean

__all__ = ["wording"]

_WORDINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "none": "There is nothing left to judge.",
        "without_kernel": "Sentences and what was read in them. To judge them, run the notebook.",
        "more": "The first {0} are listed.",
        "confidence": "confidence",
    },
    "fr": {
        "none": "Il ne reste rien à juger.",
        "without_kernel": "Des phrases et ce qui y a été lu. Pour les juger, exécutez le carnet.",
        "more": "Les {0} premières sont listées.",
        "confidence": "confiance",
    },
}


def wording(lang: str) -> Mapping[str, str]:
    """Return the words in a language; raise `QueryError` for one that there is not."""
    if lang not in _WORDINGS:
        hint = did_you_mean(lang, _WORDINGS)
        raise QueryError(f"cards cannot be written in '{lang}': choose one of {', '.join(_WORDINGS)}.{hint}")
    return _WORDINGS[lang]
