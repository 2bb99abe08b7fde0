"""The language of a text. French and English are read; the other languages are recognised to be refused."""

import functools
from collections.abc import Mapping
from typing import Any

from kg.errors import UnknownLanguage

__all__ = ["LANGUAGES", "identify", "supported"]

LANGUAGES = ("en", "fr")
"""The languages that have a reader."""

# The languages of business news. A wider choice would cost short titles: a French headline of four
# words looks as much like Walloon or Occitan.
_NAMES: Mapping[str, str] = {
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
    """Return the language of a BCP 47 tag.

    Args:
        tag: a tag such as "fr-CA".
        where: the name of the source, for messages.

    Returns:
        "en" or "fr".

    Raises:
        UnknownLanguage: kg has no reader for the language.

    >>> supported("fr-CA", "deal.txt")
    'fr'

    """
    lang = tag.strip().replace("_", "-").partition("-")[0].casefold()
    if lang not in LANGUAGES:
        name = _NAMES.get(lang)
        language = f"{name} ({tag})" if name else f"'{tag}'"
        raise UnknownLanguage(f"{where}: kg has no reader for {language}; it reads French (fr) and English (en)")
    return lang


def identify(text: str, where: str, hint: str | None = None) -> str:
    """Identify the language of a text.

    By the naive Bayes classifier of langid (Lui and Baldwin 2012, https://aclanthology.org/P12-3005/), over the
    languages of business news.

    Args:
        text: the text; its first 20,000 characters count.
        where: the name of the source, for messages.
        hint: the language tag that the page declares. It decides only where the text does not, because
            templates declare "en" on many French pages.

    Returns:
        "en" or "fr".

    Raises:
        UnknownLanguage: the text is in another language, or its language cannot be identified.

    >>> identify("Oracle has announced that it will buy the company.", "deal.txt")
    'en'

    """
    ranked = _identifier().rank(text[:_ENOUGH])
    best, certainty = ranked[0]
    if best in LANGUAGES and certainty >= _SURE:
        return str(best)
    if hint:
        return supported(hint, where)
    supported_lang, probability = next((lang, p) for lang, p in ranked if lang in LANGUAGES)
    if probability >= _FLOOR and probability >= _NEAR * certainty:
        return str(supported_lang)
    finding = f"reads as {_NAMES[best]} ({best})" if certainty >= _FLOOR else "does not tell its language"
    raise UnknownLanguage(f"{where}: the text {finding}; kg reads French and English: give --lang fr|en to force one")


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_NAMES))
    return identifier
