"""Whether the ends of a proposal can be parties: kinds that are told for sure, and names that are only an address."""

import re
from collections.abc import Iterator, Sequence
from itertools import permutations

from spacy.tokens import Token

from kg.extract.capitals import LEGAL_FORM, is_word
from kg.extract.names import is_short_for
from kg.extract.proposal import End, Proposal
from kg.extract.read_sentence import ReadSentence
from kg.reasons import Reason

__all__ = ["doubts"]

_LISTED = re.compile(r"\(\s*[^()]{0,40}?:\s*[A-Z0-9.]{1,8}\s*[^()]{0,40}\)")
"""A bracket with an exchange and a ticker: ``(NYSE: ORCL)``."""
_QUOTED_TICKER = re.compile(r"<\s*[A-Z0-9]{1,6}(?:\.[A-Z]{1,3})?\s*>")
_BARE_TICKER = re.compile(r"\(\s*[A-Z]{1,5}(?:\.[A-Z]{1,3})?\s*\)")
_DEFINES = re.compile(r"(?:[,\s]+(?:[A-Z][\w.]*|de))*\s*\(\s*(?:the\s+|la\s+|le\s+|l['’])?[\"“«]\s*")
"""What stands between a name, perhaps with its legal form, and the short one that a bracket gives it: ``Inc. (“X``."""
_INITIALS = 2
"""Letters that two companies may share by chance: BP is not Banque Populaire."""
_SURE = 2.0
"""A kind that is so much likelier than the next one, as a logarithm, is taken for sure."""
_OWNED_BY_NOBODY = frozenset({"Person", "Place", "PublicBody"})
_OWNS = frozenset({"acquires", "holds-stake", "invests-in", "merges-with", "subsidiary-of"})
_BETWEEN_FIRMS = frozenset({"competes-with", "partners-with", "merges-with", "subsidiary-of"})
_MODIFIER = frozenset({"compound", "amod", "nmod", "poss"})


def doubts(view: ReadSentence, _: Sequence[Proposal]) -> Iterator[Reason]:
    """Yield what speaks against the ends as parties."""
    for role, end in view.ends:
        if _is_listing(end, view) or _is_phrase(end, view) or _is_modifier(end, role, view):
            yield Reason.NOT_A_PARTY
        if _is_unsure(end, view):
            yield Reason.UNKNOWN_KIND
        if _is_somebody_elses(end, view):
            yield Reason.REFERENCE
    names = view.proposal.subject.name, view.object.name
    if _are_defined(view) or any(
        len(short) > _INITIALS and is_short_for(short, name) for short, name in permutations(names)
    ):
        yield Reason.SAME_PARTY
    yield from _of_kinds(view)


def _are_defined(view: ReadSentence) -> bool:
    """Whether a bracket behind one end gives it the name of the other."""
    first, last = sorted((view.proposal.subject, view.object), key=lambda end: end.start)
    return _DEFINES.fullmatch(view.parsed.document.text, first.end, max(first.end, last.start)) is not None


def _of_kinds(view: ReadSentence) -> Iterator[Reason]:
    """What kinds of ends make doubtful, though the ontology allows them: parties, armies and persons that "supply"."""
    relation, subject, object_ = view.proposal.relation, view.proposal.subject.kind, view.object.kind
    if relation in _OWNS and object_ != "Company" and not _is_called(view.object, view):
        yield Reason.KIND if object_ in _OWNED_BY_NOBODY and _is_sure(view.object, view) else Reason.UNKNOWN_KIND
    partners = {"PublicBody"} if relation == "partners-with" else set()
    if relation in _BETWEEN_FIRMS and {subject, object_} - partners != {"Company"}:
        yield Reason.UNKNOWN_KIND
    if relation == "supplies" and subject != "Company":
        yield Reason.UNKNOWN_KIND
    if relation == "supplies" and object_ == "Place":
        yield Reason.KIND
    elif relation == "supplies" and view.proposal.qualifiers.percent_of == "revenue" and _may_be_goods(view):
        yield Reason.UNKNOWN_KIND


def _may_be_goods(view: ReadSentence) -> bool:
    """Whether a share of the revenue may be that of a product: nothing tells that the name is a customer's.

    "Brelix represented 20% of our revenue": no legal form, no register, no word for customers, no "to" before it.
    """
    mention, token = view.mention(view.object), view.token(view.object.start)
    if mention is None or mention.margin is None or LEGAL_FORM.fullmatch(view.object.name.split()[-1]):
        return False
    led = token is not None and token.i > 0 and token.nbor(-1).pos_ == "ADP"
    return not led and not any(view.says("tables.customer", word) for word in view.sentence.span)


def _is_called(end: End, view: ReadSentence) -> bool:
    """Whether the noun right before a name calls it what can be owned: « la marque X », "the retailer X"."""
    token = view.token(end.start)
    before = None if token is None or token.i == 0 else token.nbor(-1)
    return before is not None and (view.says("names.company", before) or view.says("names.called", before))


def _is_sure(end: End, view: ReadSentence) -> bool:
    mention = view.mention(end)
    return mention is not None and (mention.margin is None or mention.margin > _SURE)


def _is_somebody_elses(end: End, view: ReadSentence) -> bool:
    """Whether "the acquisition", with no doer of its own, is laid to another than the one that files the text."""
    filer = view.parsed.text.filer
    acts = end.antecedent is not None and view.proposal.trigger == end.start
    return acts and filer is not None and filer.name != end.name


def _is_unsure(end: End, view: ReadSentence) -> bool:
    """Whether an end was taken for a company that is more probably something else."""
    mention = view.mention(end)
    if mention is None or mention.margin is None or LEGAL_FORM.fullmatch(end.name.split()[-1]):
        return False
    return mention.kind != end.kind and not _is_called(end, view)


def _is_listing(end: End, view: ReadSentence) -> bool:
    """Whether the words are an exchange or a ticker in its bracket, or an agency behind a place."""
    start, text = view.sentence.start, view.parsed.document.text[view.sentence.start : view.sentence.end]
    tickers = [
        *_LISTED.finditer(text),
        *_QUOTED_TICKER.finditer(text),
        *(m for m in _BARE_TICKER.finditer(text) if end.antecedent is None),
    ]
    return any(start + match.start() < end.start < start + match.end() for match in tickers)


def _is_phrase(end: End, view: ReadSentence) -> bool:
    """Whether a name is made of common words that the text, too, writes small: "Annual Report", "Vice President"."""
    mention = view.mention(end)
    if end.kind != "Company" or mention is None or mention.margin is None:
        return False
    words = [word.strip(".,'’\"") for word in end.name.split()]
    if any(LEGAL_FORM.fullmatch(word) for word in end.name.split()) or end.name.isupper():
        return False
    common = all(is_word(word.lower(), view.parsed.document.lang) for word in words if word)
    return common and end.name.lower() in view.parsed.document.text


def _is_modifier(end: End, role: str, view: ReadSentence) -> bool:
    """Whether an English name only tells which noun is meant: "Human Resources positions", "the court's ruling".

    A noun that calls the name what it is ("the Slack unit") or states the relation itself leaves it its place.
    """
    root = view.root(end)
    trigger = view.trigger
    if role == "subject" or end.antecedent is not None or root is None or view.parsed.document.lang != "en":
        return False
    noun = root.head
    if root.dep_ not in _MODIFIER or noun.i <= root.i or noun.pos_ != "NOUN" or noun.i in view.sentence.by_token:
        return False
    return noun != trigger and not _calls(noun, view)


def _calls(noun: Token, view: ReadSentence) -> bool:
    frames = view.parsed.lexicon.frames_at(noun.lemma_.lower(), noun.lower_)
    cues = ("names.company", "names.called", "figures.capital", "figures.measure")
    return bool(frames) or any(view.says(cue, noun) for cue in cues)
