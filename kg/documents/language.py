"""Which language a text is in: French and English are read, the others are told from them."""

import functools
from collections.abc import Mapping
from typing import Any

from kg.errors import UnknownLanguage

__all__ = ["LANGUAGES", "identify", "supported"]

LANGUAGES = ("en", "fr")
"""The languages that have a reader."""

# The languages of business news. A wider choice would cost short titles: a French headline of four
# words looks as much like Walloon or Occitan.
_TOLD_APART: Mapping[str, str] = {
    "ar": "Arabic",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
_ENOUGH = 20_000  # characters; the tail of a long report tells no more
_FLOOR = 0.1  # below it French or English is one of many guesses; measured on titles of three words
_NEAR = 0.5  # share of the best guess; the names in a short title pull it towards Polish or Catalan
_SURE = 0.9


def supported(tag: str, where: str) -> str:
    """Return the language of a BCP 47 tag ("fr-CA" → "fr"); raise `UnknownLanguage` if it has no reader."""
    lang = tag.strip().replace("_", "-").partition("-")[0].casefold()
    if lang not in LANGUAGES:
        known = _TOLD_APART.get(lang)
        named = f"{known} ({tag})" if known else f"'{tag}'"
        raise UnknownLanguage(f"{where}: kg has no reader for {named}; it reads French (fr) and English (en)")
    return lang


def identify(text: str, where: str, hint: str | None = None) -> str:
    """Return "fr" or "en", whichever `text` is in; raise `UnknownLanguage` for another or none.

    `hint` is what the page says of itself. It decides only where the text does not: templates say
    "en" over many a French article.
    """
    ranked = _identifier().rank(text[:_ENOUGH])
    best, certainty = ranked[0]
    if best in LANGUAGES and certainty >= _SURE:
        return str(best)
    if hint:
        return supported(hint, where)
    ours, likely = next((lang, p) for lang, p in ranked if lang in LANGUAGES)
    if likely >= _FLOOR and likely >= _NEAR * certainty:
        return str(ours)
    found = f"reads as {_TOLD_APART[best]} ({best})" if certainty >= _FLOOR else "does not tell its language"
    raise UnknownLanguage(f"{where}: the text {found}; kg reads French and English: give --lang fr|en to force one")


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_TOLD_APART))
    return identifier
