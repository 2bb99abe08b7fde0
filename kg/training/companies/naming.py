"""From the name that a register or an exchange has to the one that texts use."""

import re

__all__ = ["label", "legal_key", "legal_name", "proper_case"]

_FORM = (
    r"(?:S\.?\s?A\.?\s?/\s?N\.?V\.?|S\.?A\.?\s+N\.?V\.?|S\.?A\.?B\.?(?:\s+de\s+C\.?\s?V\.?)?|de\s+C\.?\s?V\.?|"
    r"A/S|S/A|S\.?p\.?A\.?|S\.?A\.?S\.?|S\.?C\.?A\.?|S\.?A\.?|SE\s*&\s*Co\.?\s*KGaA|AG\s*&\s*Co\.?\s*KGaA|KGaA|AG|SE|"
    r"N\.?\s?V\.?|Soci[eé]t[eé] anonyme|Limited Partnership|"
    r"B\.?V\.?|A\.?B\.?|ASA|Oyj|Abp|P\.?L\.?C\.?|P\.?B\.?C\.?|Inc\.?|Incorporated|Corp\.?|Corporation|"
    r"(?:Public\s+)?(?:Company|Co\.?),?\s*(?:Limited|Ltd\.?|Inc\.?)|Co\.?|Limited|Ltd\.?|LLC|L\.?L\.?P\.?|L\.?P\.?|"
    r"Bhd\.?|Berhad|Tbk\.?|PJSC|JSC|K\.?K\.?|Ltda\.?|A\.?\s?[SŞ]\.?|a\.\s?s\.|Nyrt\.?|S\.?M\.?E\.?|SGPS|GmbH|"
    r"Aktiengesellschaft|Aktiebolag|\(publ\)|B\.?M\.?|Pty\.?|S\.?R\.?L\.?|Public\s+Limited\s+Company)"
)
_TAIL = re.compile(rf"[\s,]+(?:&\s*|and\s+)?{_FORM}$", re.IGNORECASE)
_PLAIN_TAIL = re.compile(r"\s+(?:&\s*|and\s+)?Company$")
_HEAD = re.compile(r"^(?:The|PT|PAO|PJSC|Public Joint Stock Company|AB)\s+(?=\S)", re.IGNORECASE)
_SECURITY = re.compile(
    r"\s+(?:Depositary receipts?|Sponsored\b.*|ADRs?|ADS|GDR|Pref(?:erred)?\b.*|Class [A-Z]\b.*|Series [A-Z]\b.*|"
    r"(?:Common|Ordinary) (?:Stock|Shares?)\b.*|(?:(?:Subordinate|Non-) ?)?Voting Shares?\b.*|Registered Shares?\b.*)$",
    re.IGNORECASE,
)
_SEC_MARK = re.compile(
    r"(?:\s+[/\\]\s*[A-Z .]{1,9}[/\\]?|[/\\](?!S$|SA$|NV$)[A-Z .]{1,6}[/\\]?|\s+[/\\])\s*$", re.IGNORECASE
)
"""The state, or the kind of security, that the SEC adds: "/DE/", "/ADR"."""
_ASIDE = re.compile(
    r"\s*\((?:the|group|holdings?|persero|[^)]*\d[^)]*|[a-z]{1,3}|[^)]*\b(?:class|company|corporation|brand)\b[^)]*|"
    r"[^)]*gesellschaft)\)",
    re.IGNORECASE,
)
"""What stands in brackets and tells nothing of the company, or that it is one."""
_ABBREVIATED = {"corporation": "corp", "incorporated": "inc", "company": "co", "limited": "ltd"}
_SMALL = frozenset({"of", "and", "the", "de", "la", "du", "des", "for", "in", "on", "et", "y", "del"})
_SHORT = 3


def label(name: str) -> str:
    """Return a company's name without its legal form and what tells a security of it apart.

    >>> label("Taiwan Cement Co., Ltd."), label("ageas SA/NV"), label("Henkel AG & Co. KGaA"), label("The Gap, Inc.")
    ('Taiwan Cement', 'ageas', 'Henkel', 'Gap')

    """
    text = _HEAD.sub("", legal_name(name))
    while True:
        short = text
        for pattern in (_TAIL, _PLAIN_TAIL):
            shorter = pattern.sub("", short).rstrip(" ,&-")
            short = shorter if len(shorter) > 1 else short
        if short == text:
            return text
        text = short


def legal_name(title: str) -> str:
    """Return a company's name, with its legal form, out of the title of one of its securities.

    What stands in brackets stays where it tells companies apart, as a country does.

    >>> legal_name("Zijin Mining Group Co. Ltd. Class H"), legal_name("ROYAL MAIL PLC/ADR"), legal_name("Metso (2020-)")
    ('Zijin Mining Group Co. Ltd.', 'ROYAL MAIL PLC', 'Metso')

    """
    text = " ".join(_ASIDE.sub("", title).split())
    while True:
        short = text
        for pattern in (_SECURITY, _SEC_MARK):
            shorter = pattern.sub("", short).rstrip(" ,&-/")
            short = shorter if len(shorter) > 1 else short
        if short == text:
            return text
        text = short


def legal_key(name: str) -> str:
    """Return the letters and digits of a name, its legal form among them: a register's name in one spelling.

    >>> legal_key("ORACLE CORP") == legal_key("Oracle Corporation")
    True

    """
    return "".join(_ABBREVIATED.get(word, word) for word in re.findall(r"[^\W_]+", name.casefold().replace(".", "")))


def proper_case(title: str, is_word: frozenset[str]) -> str:
    """Return a title in capitals as a name is written; one that has small letters stays as it is.

    Short words of no dictionary are initials and stay in capitals; `is_word` holds the short ones that are words.

    >>> proper_case("DTE ENERGY CO", frozenset({"co"})), proper_case("Apple Inc.", frozenset())
    ('DTE Energy Co', 'Apple Inc.')

    """
    if title.upper() != title:
        return title
    return " ".join(_cased(word, at, is_word) for at, word in enumerate(title.split()))


def _cased(word: str, at: int, is_word: frozenset[str]) -> str:
    bare = word.strip(".,&").casefold()
    if at and bare in _SMALL:
        return bare
    if any(c.isdigit() for c in word) or "&" in word or (len(bare) <= _SHORT and bare not in is_word):
        return word
    return "-".join(part.capitalize() for part in word.split("-"))
