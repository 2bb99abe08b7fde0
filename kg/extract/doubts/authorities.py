"""Public bodies and venues that a text speaks of as rules, judges or markets, and not as parties of a tie.

Who files reports with a regulator, agrees with a tax office or is listed on an exchange has no business with it; a
court and a law have none with anybody. Nor is a company bought where some of its shares are.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from kg.extract.capitals import LEGAL_FORM
from kg.extract.proposal import End, Proposal
from kg.extract.read_sentence import ReadSentence
from kg.extract.securities import has_class_behind
from kg.reasons import Reason

__all__ = ["doubts"]

_LAW = re.compile(
    r"(?:Regulations?|Rules?|Sections?|Articles?|Directives?|Schedules?|Exhibits?|Règlements?|Titres?|Annexes?)"
    r"\s+(?:n°\s*)?(?:[A-Z]{1,3}|[IVX]+|\(?[A-Z]{2}\)?\s*\d+|[A-Z]?[\d.][\w./-]*|[A-Z]-[A-Z])"
    r"|.* (?:Act|Code)(?: of \d{4})?"
)
"""The name of a law, or of a part of one: "Regulation S-K", "Securities Act"."""
_BUSINESS = frozenset({"supplies", "partners-with", "lends-to", "competes-with", "acquires", "merges-with"})
_ALL = 100
_CONTROL = frozenset({"acquires", "merges-with", "subsidiary-of"})


def doubts(view: ReadSentence, _: Sequence[Proposal]) -> Iterator[Reason]:
    """Yield what speaks against the ends as parties of a tie."""
    for _role, end in view.ends:
        words = [word.casefold() for word in end.name.split()]
        if LEGAL_FORM.fullmatch(end.name.split()[-1]):
            continue
        if _LAW.fullmatch(end.name) or _says("names.court", words, view) or _is_venue(end, words, view):
            yield Reason.NOT_A_PARTY
        elif view.proposal.relation in _BUSINESS and _says("names.regulator", words, view):
            yield Reason.DOUBTFUL_SENSE
    if view.proposal.relation in _CONTROL and _is_of_a_class(view.object, view):
        yield Reason.DOUBTFUL_SENSE


def _says(cue: str, words: Sequence[str], view: ReadSentence) -> bool:
    """Whether the lexicon has a name, or a part of it, in a list: "the U.S. Internal Revenue Service"."""
    parts = (" ".join(words[at:end]) for at, end in combinations(range(len(words) + 1), 2))
    return view.parsed.lexicon.says(cue, *parts)


def _is_venue(end: End, words: Sequence[str], view: ReadSentence) -> bool:
    """Whether an exchange is where something is listed or sold: "on the Nasdaq", « sur Euronext »."""
    token = view.token(end.start)
    if token is None or not _says("names.exchange", words, view):
        return False
    before = [t.lower_ for t in token.doc[max(0, token.i - 2) : token.i] if t.pos_ != "DET"]
    return bool(before) and view.parsed.lexicon.says("names.on", before[-1])


def _is_of_a_class(end: End, view: ReadSentence) -> bool:
    """Whether what is bought is a class of a company's securities, and so perhaps a few of them."""
    token = view.token(end.end - 1)
    if view.proposal.qualifiers.percent == _ALL:
        return False
    return token is not None and has_class_behind(token.doc, token.i, view.parsed.lexicon)
