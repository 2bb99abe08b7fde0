"""Which clause a figure or a date belongs to, and which holder a share that stands beside a name.

"Quantock, founded in 1990, bought Bellrope": the year tells of Quantock, not of the purchase. "owned by X (30%) and
Y (20%)": each share is that of the name before it.
"""

import re
from collections.abc import Sequence

from spacy.tokens import Token

from kg.extract.dates import DateSpan
from kg.extract.figures import FigureSpan
from kg.extract.lexicon import Lexicon
from kg.extract.match import Match
from kg.extract.names import Mention
from kg.extract.sentence import Sentence
from kg.extract.syntax import clause_verb

__all__ = ["bears_on", "beside", "describes_a_name", "owners"]

_CONTENT = frozenset({"VERB", "AUX", "NOUN", "ADJ"})
_CONTROL = frozenset({"xcomp", "acomp"})


def _root(match: Match, start: int, end: int) -> Token | None:
    span = match.trigger.doc.char_span(start, end, alignment_mode="expand")
    return None if span is None else span.root


def describes_a_name(match: Match, start: int, end: int) -> bool:
    """Whether what stands there hangs on a clause that describes a name: "X, valued at $12 billion, …".

    Not where the match itself stands in that clause, nor where the figure hangs on the name alone: "X (30%)".
    """
    root = _root(match, start, end)
    if root is None:
        return False
    stops = {match.trigger, *match.trigger.ancestors}
    if match.verb is not None:
        stops.add(match.verb)
    child = root
    for token in root.ancestors:
        if token in stops and token.i not in match.sentence.by_token:
            return False
        if token.i in match.sentence.by_token:
            within = match.trigger == child or match.trigger in child.subtree
            return child != root and child.pos_ in _CONTENT and not within
        child = token
    return False


def bears_on(date: DateSpan, match: Match) -> bool:
    """Whether a date speaks of the match: it hangs on the match's own clause, not on one below or beside it."""
    root = _root(match, date.start, date.end)
    if root is None or describes_a_name(match, date.start, date.end):
        return False
    verb = match.verb if match.verb is not None else match.trigger
    own = [match.trigger, verb]
    if match.trigger.pos_ != "VERB" and (above := clause_verb(match.trigger)) is not None:
        own.append(above)
    if verb.dep_ in _CONTROL:
        own.append(verb.head)
    clause = clause_verb(root)
    front = date.start - match.sentence.span.start_char <= _FRONT
    return clause is None or clause in own or (front and clause in verb.ancestors)


_FRONT = 12
"""Characters from the start of a sentence within which a date holds for all of it (« En janvier, … »)."""


def owners(percents: Sequence[FigureSpan], sentence: Sentence, lexicon: Lexicon) -> dict[FigureSpan, Mention]:
    """Return the percentages that stand beside a name as its own, each with that name.

    "X (30%)", "X with 40 per cent", « X : 22 % », "35% by X".
    """
    text, shift = sentence.span.doc.text, sentence.offset
    after = beside(lexicon)
    by = _pattern(lexicon.cues.get("figures.held_by", frozenset()), r"\s*(?:{})\s+(?:\w{{1,3}}['\s]\s*)?")
    found: dict[FigureSpan, Mention] = {}
    for figure in percents:
        for mention in sentence.mentions:
            start, end = (at - shift for at in mention.place)
            behind = end <= figure.start and after.fullmatch(text[end : figure.start])
            ahead = figure.end <= start and by.fullmatch(text[figure.end : start])
            if behind or ahead:
                found[figure] = mention
    return found


def beside(lexicon: Lexicon) -> re.Pattern[str]:
    """Return what may stand between a holder and the share behind it: a bracket, a colon, "with", or nothing."""
    return _pattern(lexicon.cues.get("figures.holds_with", frozenset()), r"\s*(?:\(|:|-)?\s*(?:{})?\s*(?:\(\s*)?")


def _pattern(words: frozenset[str], template: str) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(template.format(alternatives or "(?!)"), re.IGNORECASE)
