"""What rules doubt of a model's claims: those are asked again, by themselves (`kg.extract.llm.verification`)."""

import re
from collections.abc import Sequence

from spacy.tokens import Token

from kg.extract.agreement import is_same_modality
from kg.extract.figures import figures
from kg.extract.plain import plain
from kg.extract.proposal import Parsed, Proposal
from kg.model import Modality, Outcome
from kg.ontology import ontology
from kg.reasons import MEANINGS

__all__ = ["questionable"]

_BY = re.compile(
    r"\b(?:by|par)\b[^,;.:]{0,40}$|\b(?:from|auprès d)\W?(?:e\b|es\b)?\W*(?:the|la|le|les|l')?\W*$", re.IGNORECASE
)
"""What stands right before the one who does it, where that comes last."""
_OF = re.compile(r"\b(?:of|by|to|de|du|d'|des|par|à|au)\W*(?:the|la|le|les|l'|its|son|sa)?\W*$", re.IGNORECASE)
"""What stands right before the parent."""
_OTHER_WAY = {
    "supplies": r"order|buy|bought|purchas|choos|chose|select|pick|hire|tap|award|client|customer|command|achet|achèt|"
    r"confi|choisi|attribu|reten|retien|équip",
    "acquires": r"s[eo]ll?d?\b|sale|belong|apparten|appartien|part of|divest|dispos|cess|cède|cédé|céder|vend",
    "holds-stake": r"s[eo]ll?d?\b|divest|belong|cède|cédé|céder|vend|apparten|appartien|issue|émet",
    "invests-in": r"rais|receiv|secur|pocket|lèv|lev|reçoi|reçu|obt",
    "lends-to": r"borrow|ow(?:e|ed|es)\b|draw|secur|obtain|emprunt|doit|obt|souscri",
    "revenue-share-from": r"pay|paid|pai|pay|vers|reverse",
}
"""Beginnings of words that turn a relation round: who orders is the object of a supply."""
_ROLE = re.compile(
    r"\b(?:owner|(?:share)?holder|stakeholder|parent|investor|backer|buyer|bidder|acquirer|supplier|provider|maker|lender|"
    r"creditor|actionnaire|investisseur|propriétaire|repreneur|acquéreur|acheteur|fournisseur|prestataire|prêteur|"
    r"créancier|maison mère)s?\b(?!\s+(?:of|in|to|for|de|du|des|d')\b)",
    re.IGNORECASE,
)
"""What the one who does it is called, by the name that stands before: "its owner, X"; not "the owner of X"."""
_NOT_SO = ("negation", "denied", "planned", "conditional", "conditional_word", "future_auxiliary")
_NOT_SO_PHRASES = ("hedged_phrase", "planned_phrase", "conditional_phrase", "announced_phrase")
"""The lexicon's words and phrases of what did not happen, has not happened yet, or may not have."""
_DEALS = frozenset({"acquires", "invests-in", "merges-with"})
_SURE = frozenset({Modality.ASSERTED, Modality.PAST})


def questionable(proposals: Sequence[Proposal], before: Sequence[Proposal], parsed: Parsed) -> list[int]:
    """Return which of a model's proposals are to be asked again; `before` is what other readers proposed.

    Those that have a doubt already; whose ends stand in an order that is not the relation's; of whose relation the
    quote has no word that the lexicon knows; that are said as a fact beside a word of doubt; whose figure has a rival
    in the quote; of whose ends another reader says something else. With the marks of 200 passages given as answers
    that is 45 of 100 right claims, 63 of those with their ends swapped, 72 of those with another relation, and of
    plans, denials, rumours and conditions told as facts 78.
    """
    return [
        at
        for at, proposal in enumerate(proposals)
        if any(MEANINGS[doubt][0] is Outcome.TO_REVIEW for doubt in proposal.doubts)
        or any(rule(proposal, parsed) for rule in (_is_turned, _lacks_word, _is_unsure, _has_rivals))
        or any(_differs(proposal, other) for other in before)
    ]


def _quote(proposal: Proposal, parsed: Parsed) -> str:
    return plain(parsed.document.text[slice(*proposal.evidence[0])])


def _is_turned(proposal: Proposal, parsed: Parsed) -> bool:
    """Whether the order of the two ends is not the relation's own, by the words between them."""
    subject, object_ = proposal.subject, proposal.object
    if object_ is None or ontology().relation(proposal.relation).symmetric:
        return False
    start, end = proposal.evidence[0]
    first, second = sorted((subject, object_), key=lambda one: one.start)
    if not (start <= first.start and second.end <= end):
        return False
    text = plain(parsed.document.text)
    between = text[first.end : second.start]
    if proposal.relation == "subsidiary-of":
        return (first is subject) != (_OF.search(between) is not None)
    told = text[start : second.start]
    words = _OTHER_WAY.get(proposal.relation)
    is_other_way = words is not None and re.search(rf"\b(?:{words})", told, re.IGNORECASE) is not None
    is_turned = is_other_way or _BY.search(between) is not None or _ROLE.search(between) is not None
    return is_turned if first is subject else not is_turned


def _tokens(proposal: Proposal, parsed: Parsed) -> list[Token]:
    """The words of the quote, where its sentences were parsed."""
    start, end = proposal.evidence[0]
    return [
        token
        for sentence in parsed.text.sentences
        if sentence.start < end and start < sentence.end
        for token in sentence.span
        if start <= sentence.offset + token.idx < end
    ]


def _lacks_word(proposal: Proposal, parsed: Parsed) -> bool:
    """Whether the lexicon knows no word of the quote that may say the relation."""
    tokens = _tokens(proposal, parsed)
    frames = (parsed.lexicon.frames_at(token.lemma_.lower(), token.lower_) for token in tokens)
    return bool(tokens) and not any(frame.relation == proposal.relation for those in frames for frame in those)


def _is_unsure(proposal: Proposal, parsed: Parsed) -> bool:
    """Whether a word of doubt, denial or plan, or a question mark, stands in the quote of a fact."""
    if proposal.modality not in _SURE:
        return False
    # What is sold ends a stake and makes a purchase.
    cues = (*_NOT_SO, "announced" if proposal.relation in _DEALS else "ended")
    lexicon, quote = parsed.lexicon, " ".join(_quote(proposal, parsed).casefold().split())
    phrases = (phrase for cue in _NOT_SO_PHRASES for phrase in lexicon.cues.get(f"modality.{cue}", ()))
    if "?" in quote or any(phrase in quote for phrase in phrases):
        return True
    return any(
        lexicon.says(f"modality.{cue}", token.lemma_.lower(), token.lower_)
        or not {"Cnd", "Fut"}.isdisjoint((*token.morph.get("Mood", []), *token.morph.get("Tense", [])))
        for token in _tokens(proposal, parsed)
        for cue in cues
    )


def _has_rivals(proposal: Proposal, parsed: Parsed) -> bool:
    """Whether the quote has another figure of a kind that the claim has one of."""
    found = figures(_quote(proposal, parsed), parsed.document.lang)
    said = proposal.qualifiers
    mine = {
        kind: {getattr(said, name) for name in proposal.printed if name.startswith(kind)}
        for kind in ("amount", "percent", "quantity")
    }
    return any(mine.get(f.kind) and f.value not in mine[f.kind] for f in found)


def _differs(proposal: Proposal, other: Proposal) -> bool:
    """Whether another reader says something else of the same ends in the same place."""
    (start, end), (first, last) = proposal.evidence[0], other.evidence[0]
    if not (start < last and first < end) or set(_names(proposal)) != set(_names(other)):
        return False
    turned = _names(proposal) != _names(other) and not ontology().relation(proposal.relation).symmetric
    return turned or proposal.relation != other.relation or not is_same_modality(proposal.modality, other.modality)


def _names(proposal: Proposal) -> tuple[str, str]:
    return plain(proposal.subject.name), "" if proposal.object is None else plain(proposal.object.name)
