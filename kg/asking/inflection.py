"""The forms that English and French words take in a question, by rule; ``ontology/questions`` has those of no rule.

A form that no text has does no harm: it is only looked up. Without a dictionary and without a parser this stays small
and needs nothing but the words of the lexicons.
"""

from collections.abc import Iterator, Mapping, Sequence

__all__ = ["forms_of", "tense_of"]

_VOWELS = "aeiou"
_TENIR = ("tenir", "venir")
_QUERIR = ("iert", "ièrent", "is", "ise", "ises", "érait", "éraient", "érant", "erra", "erront")
_SECOND_GROUP = (
    *("it", "issent", "issait", "issaient", "i", "ie", "is", "ies", "issant"),
    *("ira", "iront", "irait", "iraient"),
)
_THIRD_GROUP = (
    *("", "ent", "ait", "aient", "u", "ue", "us", "ues", "it", "ant"),
    *("ra", "ront", "rait", "raient"),
)
_SUBJECTS_ER = ("e", "es", "ent", "ons", "ez", "ait", "aient", "é", "ée", "és", "ées", "ant", "a", "èrent")


def forms_of(word: str, lang: str, irregular: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the forms of a word in dictionary form, in lower case, itself among them.

    Args:
        word: a noun or a verb; both kinds of forms are made.
        lang: "en" or "fr".
        irregular: forms that no rule makes, by the word.

    Example:
        >>> sorted(forms_of("supply", "en", {}))
        ['supplied', 'supplies', 'supply', 'supplying']

    """
    made = _english(word) if lang == "en" else _french(word)
    return {word, *made, *irregular.get(word, ())}


def tense_of(form: str, verb: str) -> str:
    """Return "future" or "conditional" where a form of a French verb is in one of these, else "".

    Their endings are those of « avoir » behind an r; where the verb's own stem ends in r that is no more than a past.

    Example:
        >>> tense_of("détiendra", "détenir"), tense_of("rachèterait", "racheter"), tense_of("entrait", "entrer")
        ('future', 'conditional', '')

    """
    stem = verb[:-2]
    if not verb.endswith(("er", "ir", "re")):
        return ""
    if form.endswith(("ra", "ront")) and form != f"{stem}a":
        return "future"
    return "conditional" if form.endswith(("rait", "raient")) and form not in {f"{stem}ait", f"{stem}aient"} else ""


def _english(word: str) -> Iterator[str]:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        yield from (f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing")
    elif word.endswith("e"):
        yield from (f"{word}s", f"{word}d", f"{word[:-1]}ing")
    else:
        yield f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"
        yield from (f"{word}ed", f"{word}ing")
        # Own stays single, plan doubles: both are made.
        if word[-1:] not in f"{_VOWELS}wxy" and word[-2:-1] in _VOWELS and word[-3:-2] not in _VOWELS:
            yield from (f"{word}{word[-1]}ed", f"{word}{word[-1]}ing")


def _french(word: str) -> Iterator[str]:
    yield from _french_noun(word)
    if word.endswith("er"):
        yield from _first_group(word[:-2])
    elif word.endswith(_TENIR):
        yield from _tenir(word[:-4])
    elif word.endswith("quérir"):
        stem = word[:-4]
        yield from (f"{stem}{ending}" for ending in _QUERIR)
    elif word.endswith("ir"):
        yield from (f"{word[:-2]}{ending}" for ending in _SECOND_GROUP)
    elif word.endswith("re"):
        yield from (f"{word[:-2]}{ending}" for ending in _THIRD_GROUP)


def _french_noun(word: str) -> Iterator[str]:
    yield from (f"{word}s", f"{word}e", f"{word}es")
    if word.endswith("eur"):
        yield from (f"{word[:-3]}{ending}" for ending in ("euse", "euses", "rice", "rices"))
    elif word.endswith("al"):
        yield f"{word[:-2]}aux"
    elif word.endswith("er"):
        yield from (f"{word[:-2]}ère", f"{word[:-2]}ères")
    elif word.endswith("en"):
        yield from (f"{word}ne", f"{word}nes")
    elif word.endswith("au"):
        yield f"{word}x"


def _first_group(stem: str) -> Iterator[str]:
    yield from (f"{stem}{ending}" for ending in _SUBJECTS_ER)
    yield from (f"{stem}er{ending}" for ending in ("a", "ont", "ait", "aient"))
    if stem.endswith("g"):
        yield from (f"{stem}e{ending}" for ending in ("ait", "aient", "ons", "ant", "a"))
    if stem.endswith("c"):
        yield from (f"{stem[:-1]}ç{ending}" for ending in ("ait", "aient", "ons", "ant", "a"))
    # Racheter: rachète; posséder: possède; the vowel opens where the ending is mute.
    if len(stem) > 1 and stem[-2] in "eé":
        for ending in ("e", "es", "ent", "era", "eront", "erait"):
            yield f"{stem[:-2]}è{stem[-1]}{ending}"
            yield f"{stem}{stem[-1]}{ending}"


def _tenir(stem: str) -> Iterator[str]:
    endings = ("ient", "iennent", "enait", "enaient", "enu", "enue", "enus", "enues", "iendra", "iendront", "int")
    yield from (f"{stem}{ending}" for ending in (*endings, "iendrait", "enant"))
