"""Who does what to whom, in one sentence, as English and French write it."""

import unicodedata

__all__ = ["statement", "with_terms"]

_ELIDED = frozenset("aeiou")
_BLANK = "\N{NO-BREAK SPACE}"


def statement(subject: str, relation: str, other: str, lang: str) -> str:
    """Return a relation's label between its two ends; in French "de" loses its vowel before another.

    A name in "h" or "y" keeps the "de": whether these letters are mute is not known of a company.

    >>> statement("Nvidia", "est partenaire de", "OpenAI", "fr"), statement("Nvidia", "invests in", "OpenAI", "en")
    ('Nvidia est partenaire d’OpenAI', 'Nvidia invests in OpenAI')
    """
    first = unicodedata.normalize("NFD", other[:1]).casefold()[:1]
    if lang == "fr" and relation.endswith(" de") and first in _ELIDED:
        return f"{subject} {relation[:-1]}’{other}"
    return f"{subject} {relation} {other}".rstrip()


def with_terms(said: str, terms: str, lang: str) -> str:
    r"""Return a statement with its terms after a colon, before which French has a space.

    >>> with_terms("A supplies B", "chips", "en"), with_terms("A fournit B", "", "fr"), with_terms("A", "B", "fr")
    ('A supplies B: chips', 'A fournit B', 'A\xa0: B')
    """
    return f"{said}{_BLANK if lang == 'fr' else ''}: {terms}" if terms else said
