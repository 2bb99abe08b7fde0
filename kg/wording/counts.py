"""Counts in words: one thing or many, as a language says it."""

__all__ = ["counted"]


def counted(word: str, count: int, lang: str, *more: object) -> str:
    """Return a wording of the form "one|many" for a count; `more` are what else it takes.

    >>> counted("{0} hit|{0} hits", 0, "en"), counted("{0} résultat|{0} résultats", 0, "fr")
    ('0 hits', '0 résultat')

    """
    one, _, many = word.partition("|")
    singular = {0, 1} if lang == "fr" else {1}
    return (one if count in singular else many).format(count, *more)
