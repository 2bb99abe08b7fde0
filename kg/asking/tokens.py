"""The words of a question, with the names, dates and figures among them, each with its place in the text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kg.asking.words import Words
from kg.extract.dates import dates
from kg.extract.figures import figures
from kg.extract.lexicon import load
from kg.model import Entity

__all__ = ["Bound", "Token", "split", "with_dates", "with_figures"]

_WORD = re.compile(r"\w+(?:['/:-]\w+)*'?")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|lorsqu|puisqu)'", re.IGNORECASE)
_ENGLISH_TAIL = re.compile(r"(?:n't|'(?:s|ll|d|re|ve|m))$", re.IGNORECASE)
_ARTICLE = re.compile(r" (?:an?|une?|the|les?)$")
_YEAR = re.compile(r"(?<![\w.,-])(?:19|20)\d\d(?![\w%]|[.,]\d)")
_FULL = {"'s": "is", "'re": "are", "'ll": "will", "'ve": "have", "n't": "not"}
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " ", "‐": "-", "‑": "-"})
_UNACCENTED = {"fevrier": "février", "aout": "août", "decembre": "décembre", "debut": "début"}
"""Words of dates as they are typed in haste; they are as long with their accents."""
_ROLES = ("since", "until", "on")
_BOUNDS = ("more_than", "at_least", "less_than", "at_most", "about")


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure that is asked for: how it bounds, of what, and in which currency.

    `measure` is percent, votes (a percentage of these) or amount. `how` is a parameter of "facts"; "" where just this
    figure is meant, "about" where one like it is.
    """

    how: str
    measure: str
    value: Decimal
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `start`–`end` with its dictionary forms; or, in place of words, names, a date (`iso`) or a figure."""

    text: str
    start: int
    end: int
    lemmas: frozenset[str] = frozenset()
    named: tuple[Entity, ...] = ()
    iso: str = ""
    role: str = ""
    bound: Bound | None = None

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def is_word(self) -> bool:
        """Whether it is a word, and no name, date or figure."""
        return not (self.named or self.iso or self.bound)

    def says(self, *lemmas: str) -> bool:
        """Whether it is a form of one of these words."""
        return not self.named and not self.lemmas.isdisjoint(lemmas)


def split(text: str, words: Words) -> list[Token]:
    """Return the words of a text: elisions, contractions and inverted pronouns apart.

    >>> from kg.asking.words import words_of
    >>> [token.text for token in split("Qu’est-ce que Nvidia détient-elle ?", words_of("fr"))]
    ["Qu'", 'est-ce', 'que', 'Nvidia', 'détient', 'elle']
    """
    tokens = []
    for match in _WORD.finditer(text.translate(_APOSTROPHES)):
        tokens += [
            Token(part, start, start + len(part), words.of_form(part.lower()) | words.of_form(_FULL.get(part, "")))
            for part, start in _parts(match[0], match.start(), words)
        ]
    return tokens


def _parts(word: str, start: int, words: Words) -> Iterator[tuple[str, int]]:
    lower = word.lower()
    if lower in words.lemmas or "/" in word or ":" in word:
        yield word, start
        return
    elision = _ELISION.match(word) if words.lang == "fr" else None
    tail = _ENGLISH_TAIL.search(word) if words.lang == "en" else None
    if elision is not None and elision.end() < len(word):
        yield word[: elision.end()], start
        yield from _parts(word[elision.end() :], start + elision.end(), words)
    elif elision is not None:
        yield word, start
    elif tail is not None and tail.start():
        yield from _parts(word[: tail.start()], start, words)
        yield tail[0], start + tail.start()
    elif "-" in word:
        at = start
        for part in word.split("-"):
            if part:
                yield part, at
            at += len(part) + 1
    else:
        yield word.rstrip("'"), start


def with_dates(tokens: Sequence[Token], text: str, words: Words, today: str) -> list[Token]:
    """Return the tokens with each date, and the words that lead it, as one; `today` is what relative ones go by."""
    text, named = _accented(text.translate(_APOSTROPHES)), [token for token in tokens if token.named]
    found = [(span.start, span.end, span.iso, span.role) for span in dates(text, words.lang, today)]
    found += [
        (match.start(), match.end(), match[0], "in")
        for match in _YEAR.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end, *_ in found)
    ]
    spans = []
    for start, end, iso, role in sorted(found):
        if any(token.start < end and start < token.end for token in named):
            continue
        first, led = _led(text, start, end, words, {"since": "since", "until": "until"}.get(role, "on"))
        spans.append(Token(text[first:end], first, end, iso=iso, role=led))
    months = {month.lower() for month in load(words.lang).tables["dates.months"]}
    return [
        # "May Microsoft …" tells no time: nothing leads it, and no year follows.
        replace(t, iso="", role="") if t.role == "on" and t.text.lower() in months else t
        for t in _between(_replaced(tokens, spans), words)
    ]


def _accented(text: str) -> str:
    return re.sub("|".join(_UNACCENTED), lambda match: _UNACCENTED[match[0]], text)


def _led(text: str, start: int, end: int, words: Words, role: str) -> tuple[int, str]:
    """Return where a date begins with the words that lead it, and what they make of it."""
    phrases = sorted(
        ((phrase, name) for name in _ROLES for phrase in words.lists[f"dates.{name}"]), key=lambda one: -len(one[0])
    )
    inside = next(((p, name) for p, name in phrases if text[start:end].lower().startswith(f"{p} ")), None)
    if inside is not None:
        # Without its lead: "at the end of" is longer than the "of" that was read.
        start, role = start + len(inside[0]) + 1, inside[1]
    while True:
        before = text[:start].rstrip().lower()
        led = next(((p, name) for p, name in phrases if before.endswith(p) and _is_whole(before, p)), None)
        if led is None:
            return start, role
        start = len(before) - len(led[0])
        role = led[1] if led[1] != "on" or role not in {"since", "until"} else role


def _is_whole(before: str, phrase: str) -> bool:
    at = len(before) - len(phrase)
    return at == 0 or not before[at - 1].isalnum()


def _between(tokens: list[Token], words: Words) -> list[Token]:
    """Return the tokens where "between X and Y" and "from X to Y" are the two ends of a time; "in X and Y" is none."""
    done: list[Token] = []
    for token in tokens:
        done.append(token)
        joint = _joint(done, words)
        if joint is None:
            continue
        at = len(done) - (2 if done[-2].iso else 3)
        opens = at > 0 and done[at - 1].lower in words.lists["dates.between"]
        if opens or joint not in words.lists["join"]:
            done[at - opens :] = [replace(done[at], role="since"), replace(token, role="until")]
    return done


def _joint(tokens: Sequence[Token], words: Words) -> str | None:
    """Return the word that joins the last two dates; None where the last two are no dates that one joins."""
    if len(tokens) > 1 and tokens[-1].iso and tokens[-2].iso:
        lead = tokens[-1].text.lower().partition(" ")[0]
        return lead if lead in words.lists["dates.and"] else None
    joined = len(tokens) > 2 and bool(tokens[-1].iso and tokens[-3].iso)  # noqa: PLR2004 - two and what joins them
    return tokens[-2].lower if joined and tokens[-2].lower in words.lists["dates.and"] else None


def with_figures(tokens: Sequence[Token], text: str, words: Words) -> list[Token]:
    """Return the tokens with each percentage and each sum of money, and the words that make it a bound, as one."""
    text = text.translate(_APOSTROPHES)
    spans = []
    for figure in figures(text, words.lang):
        if figure.kind not in {"percent", "amount"}:
            continue
        if any(t.start < figure.end and figure.start < t.end for t in tokens if t.named or t.iso):
            continue
        how, start, end = _bounded(text, figure.start, figure.end, words)
        votes = _votes(text, end, words) if figure.kind == "percent" else end
        measure, end = "votes" if votes > end else figure.kind, votes
        bound = Bound(how, measure, figure.value, figure.unit if measure == "amount" else "")
        spans.append(Token(text[start:end], start, end, bound=bound))
    return _replaced(tokens, spans)


def _bounded(text: str, start: int, end: int, words: Words) -> tuple[str, int, int]:
    """Return what the words around a figure make of it, and where they begin and end."""
    before, behind = _ARTICLE.sub("", text[:start].rstrip().lower()), text[end:].lstrip().lower()
    led = [
        (len(p), how)
        for how in _BOUNDS
        for p in words.lists[f"figures.{how}"]
        if before.endswith(p) and _is_whole(before, p)
    ]
    if led:
        length, how = max(led)
        return how, len(before) - length, end
    for how in ("at_least", "at_most"):
        for phrase in words.lists[f"figures.{how}_behind"]:
            if behind.startswith(phrase):
                return how, start, end + text[end:].lower().index(phrase) + len(phrase)
    return "", start, end


def _votes(text: str, end: int, words: Words) -> int:
    """Return where the words end that make a percentage one of votes; where there are none, where it ends itself."""
    behind = text[end:].lower()
    told = [phrase for phrase in words.lists["figures.votes_behind"] if re.match(rf"\s*{phrase}\b", behind)]
    return end + len(behind) - len(behind.lstrip()) + max(map(len, told)) if told else end


def _replaced(tokens: Sequence[Token], spans: Sequence[Token]) -> list[Token]:
    kept = [t for t in tokens if not any(span.start < t.end and t.start < span.end for span in spans)]
    return sorted([*kept, *spans], key=lambda token: token.start)
