"""From a name as it is written to words without case, accents, dots and foreign letters.

Letters outside Latin are turned into Latin ones by anyascii, a table of Unicode's own names and national standards
(BGN/PCGN for Cyrillic, pinyin for Chinese). It knows no language, so that Яндекс comes out as "yandeks" and not as
"yandex": `skeleton` writes alike what sounds alike.
"""

import functools
import re
import unicodedata

__all__ = ["expanded", "skeleton", "spelled"]

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss", "æ": "ae", "œ": "oe"})
_LETTERS = str.maketrans(
    {"ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_FOREIGN = re.compile(r"[^\x00-\u024f\u0300-\u036f\u1e00-\u1eff\u2000-\u206f]")
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=(?:AG|SA|SE|NV|BV|AB|GmbH|Ltd|LLC|Inc|PLC|SpA|SAS)\b)")
"""SiemensAG: a legal form that lost its space."""
_REGISTER = re.compile(r"[/\\] ?(?:[A-Z]{2,3}|NEW|CORP|ADR|FI)[/\\]?\s*$|/$")
"""What the SEC writes after a name that several filers have: the state, /NEW/."""
_DOTTED = re.compile(r"(?<![^\W_])((?:[^\W\d_]\. ?){1,}[^\W\d_])(?:\.|(?![^\W_]))")
_SHORT_AND = re.compile(r"(?<![^\W_])([^\W_]{1,2})&([^\W_]{1,2})(?![^\W_])")
_SLASHED = re.compile(r"(?<![^\W_])([^\W\d_])/([^\W\d_])(?![^\W_])")
_ARTICLE = re.compile(r"(?<=[^\W_] )([ld])['’`´](?=[^\W_]{3})")
_APOSTROPHE = re.compile(r"['’`´ʼ\"]")
_DIGITS = re.compile(r"(?<=[a-z]{3})(?=\d)|(?<=\d)(?=[a-z]{3})")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+")

_SOUNDS = (
    *(("kh", "h"), ("sch", "s"), ("sh", "s"), ("ch", "k"), ("ck", "k"), ("ph", "f"), ("x", "ks"), ("zh", "z")),
    *(("ts", "c"), ("tz", "c"), ("q", "k"), ("c", "k"), ("w", "v"), ("y", "i"), ("j", "i"), ("z", "s"), ("h", "")),
)
_REPEATED = re.compile(r"(.)\1+")


def _plain(text: str) -> str:
    """Without accents, in lower case."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@functools.lru_cache(maxsize=65536)
def _latin(word: str) -> str:
    from anyascii import anyascii

    return anyascii(word)


def spelled(name: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of a name, plainly spelled, and whether letters of another script were among them.

    >>> spelled("Société Générale S.A.")
    (('societe', 'generale', 'sa'), False)
    >>> spelled("J.P. Morgan & Co."), spelled("AT&T Inc."), spelled("NOVO NORDISK A/S")
    ((('jp', 'morgan', 'and', 'co'), False), (('att', 'inc'), False), (('novo', 'nordisk', 'as'), False))
    >>> spelled("ООО Яндекс")
    (('ooo', 'yandeks'), True)

    """
    # Most names have few of the signs that follow, and millions of names are prepared.
    text = name if name.isascii() else unicodedata.normalize("NFKC", name)
    if "/" in text or "\\" in text:
        text = _REGISTER.sub("", text)
    text = _GLUED.sub(" ", text)
    is_foreign = not text.isascii() and _FOREIGN.search(text) is not None
    if is_foreign:
        text = _latin(text)
    text = _plain(text)
    if "." in text:
        text = _DOTTED.sub(lambda match: match[1].replace(".", "").replace(" ", "") + " ", text)
    if "&" in text:
        text = _SHORT_AND.sub(r"\1\2", text)
    if "/" in text:
        text = _SLASHED.sub(r"\1\2", text)
    if _APOSTROPHE.search(text):
        text = _APOSTROPHE.sub("", _ARTICLE.sub("", text))
    text = text.replace("&", " and ").replace("+", "plus ")
    if _DIGIT.search(text):
        text = _DIGITS.sub(" ", text)
    return tuple(_WORD.findall(text)), is_foreign


def expanded(name: str) -> tuple[str, ...]:
    """Return the words whose umlauts German and Scandinavian registers also write as two letters.

    >>> expanded("Müller Söhne GmbH")
    ('mueller', 'soehne')

    """
    if name.isascii():
        return ()
    text = unicodedata.normalize("NFC", name).casefold()
    return tuple(_plain(word.translate(_UMLAUTS)) for word in _WORD.findall(text) if word.translate(_UMLAUTS) != word)


@functools.lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """Return a word in letters that transliterations do not quarrel over.

    >>> skeleton("yandeks") == skeleton("yandex"), skeleton("gazprom") == skeleton("gasprom")
    (True, True)

    """
    for sound, plain in _SOUNDS:
        word = word.replace(sound, plain)
    return _REPEATED.sub(r"\1", word)
