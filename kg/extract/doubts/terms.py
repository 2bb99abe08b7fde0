"""Whose the figures of a proposal are, and whether they are read whole: scales, bounds, competing values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.extract.figures import bound_before, bound_behind
from kg.extract.plain import plain
from kg.extract.proposal import Proposal
from kg.extract.read_sentence import ReadSentence
from kg.extract.terms import found_in
from kg.reasons import Reason

__all__ = ["doubts", "foreign"]

_BEFORE, _BESIDE = 30, 14
"""Characters beside a figure that tell how to read it."""
_SECOND = re.compile(r"\d\s?(?:-|–|to|à|and|et)\s?$", re.IGNORECASE)
"""What stands before the second figure of a range: "12-15 %"."""
_FROM = re.compile(r"\bfrom\s*$", re.IGNORECASE)
"""What opens a change, or a range: "from 12% to 17%"."""
_OPENS = frozenset({"mark", "cc", "advmod"})
"""How a word that opens a clause hangs on it."""
_WORD = re.compile(r"\s*([^\W\d_]+)")


def doubts(view: ReadSentence, _: Sequence[Proposal]) -> Iterator[Reason]:
    """Yield what speaks against the figures as they are read."""
    text, lexicon = view.parsed.document.text, view.parsed.lexicon
    for name, (start, stop) in view.proposal.printed.items():
        behind = _WORD.match(plain(text[stop : stop + _BESIDE]))
        scales = lexicon.tables["figures.scale"]
        if name.startswith("amount") and behind is not None and _is_scale(behind[1], scales):
            yield Reason.SCALE_WORD
        before = plain(text[max(0, start - _BEFORE) : start])
        if name in {"amount", "percent"} and (
            bound_before(before, lexicon) or bound_behind(plain(text[stop : stop + _BESIDE])) or _SECOND.search(before)
        ):
            yield Reason.BOUND
        if (name == "percent" and _changes(view, start, stop)) or (name == "percent_min" and _FROM.search(before)):
            yield Reason.TWO_VALUES
    if {"percent"} < {name for name in view.proposal.printed if name.startswith("percent")}:
        # A share and a bound of it, told apart: one of them is something else's.
        yield Reason.TWO_VALUES


def foreign(view: ReadSentence) -> set[str]:
    """Return the figures that stand in another clause than the word that states the relation.

    "Zeltan acquired Korba; Brelin paid $5 million": the sum is not the price of Korba.
    """
    trigger, start = view.trigger, view.sentence.start
    if trigger is None:
        return set()
    border = [
        start + token.idx - view.sentence.span.start_char
        for token in view.sentence.span
        if view.says("clauses.borders", token) and (token.dep_ in _OPENS or token.text == ";")
    ]
    said = start + trigger.idx - view.sentence.span.start_char
    return {
        name
        for name, (at, _) in view.proposal.printed.items()
        if any(min(said, at) < place < max(said, at) for place in border)
    }


def _is_scale(word: str, scales: object) -> bool:
    known = {str(scale).lower() for scale in scales} if isinstance(scales, dict) else set()
    return len(word) > 1 and (word.lower() in known or word.lower().rstrip("s") in known)


def _changes(view: ReadSentence, start: int, stop: int) -> bool:
    """Whether another percentage stands beside it ("from 12 % to 7 %"): one of them is the tie's."""
    sentence = view.sentence
    text = plain(view.parsed.document.text[sentence.start : sentence.end])
    told = [
        replace(f, start=f.start + sentence.offset - sentence.start, end=f.end + sentence.offset - sentence.start)
        for f in found_in(sentence, view.parsed.lexicon, None).figures
        if f.kind == "percent" and not f.bound
    ]
    near = [
        f
        for f in told
        if abs(sentence.start + f.start - start) <= _PAIR and sentence.start + f.start not in range(start, stop)
    ]
    return any(
        _TO.fullmatch(text[min(f.end, stop - sentence.start) : max(f.start, start - sentence.start)].strip())
        for f in near
    )


_PAIR = 25
_TO = re.compile(r"(?:to|from|à|de|and|et|-|–)", re.IGNORECASE)
