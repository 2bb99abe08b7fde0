"""The rule reader: frames of the lexicon laid over parsed sentences.

Rules and words are data (``ontology/lexicon``); the parse is spaCy's.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from kg.extract import terms
from kg.extract.cap_tables import behind
from kg.extract.fillers import Filler, Fillers
from kg.extract.match import Match, Matcher
from kg.extract.modality import exclusive, is_no_longer, modality
from kg.extract.places import Places
from kg.extract.proposal import End, Parsed, Proposal
from kg.extract.reference import References
from kg.extract.sentence import Sentence
from kg.extract.sentences import Text
from kg.ontology import ontology

__all__ = ["Rules", "end_of"]

_CERTAIN, _BY_REFERENCE = 0.9, 0.75
_BACK, _FAR_BACK = 2, 6
"""Sentences that a deal's terms may stand after it; more, where they name one of its ends."""


@dataclass(frozen=True, slots=True)
class _Draft:
    match: Match
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Rules:
    """Reads what the lexicon's entries say. `method` rises with a change in how they are laid on."""

    method: str = "rules/2"

    def propose(self, parsed: Parsed, before: Sequence[Proposal] = ()) -> Iterator[Proposal]:
        """Yield a proposal for each entry that fits a sentence, with its terms and modality."""
        del before
        text, lexicon = parsed.text, parsed.lexicon
        references = References(text.sentences, lexicon, text.filer)
        matcher = Matcher(lexicon, Places(lexicon, references), Fillers(references))
        recent: list[tuple[int, list[_Draft]]] = []
        for index, sentence in enumerate(text.sentences):
            found = terms.found_in(sentence, lexicon, parsed.document.published)
            holds = partial(terms.requirement_holds, found=found, lexicon=lexicon)
            matches = _weighed(list(matcher.matches(sentence, holds))) if sentence.mentions else []
            gap = index - recent[-1][0] if recent else 0
            added = terms.deal_terms(sentence, found, lexicon, next_to_it=gap == 1)
            if added is not None and recent:
                at, those = recent[-1]
                told = [_with_terms(d, added, sentence) if _speaks_of(sentence, d, gap) else d for d in those]
                recent[-1] = (at, told)
            if matches:
                drafts = [self._draft(m, matches, found, parsed) for m in matches]
                recent.append((index, [*drafts, *_listed(drafts, sentence, found, parsed)]))
        for _, those in recent:
            yield from (draft.proposal for draft in those)

    def _draft(self, match: Match, matches: Sequence[Match], found: terms.Found, parsed: Parsed) -> _Draft:
        lexicon = parsed.lexicon
        told = terms.qualifiers(match, matches, found, lexicon)
        alone = exclusive(match, lexicon)
        how = modality(match, lexicon, dated=told.said.as_of is not None)
        # The date on which a role ceased to be exclusive is no date of the role itself.
        said = replace(told.said, start=None, end=None, as_of=None) if alone is False else told.said
        if said.start is not None and said.end is None and is_no_longer(match, lexicon):
            said = replace(said, start=None, end=said.start)
        fillers = [match.subject, *([match.object] if match.object else [])]
        sentence, relation = match.sentence, ontology().relation(match.frame.relation)
        proposal = Proposal(
            subject=end_of(match.subject, sentence, relation.domain),
            relation=match.frame.relation,
            object=None if match.object is None else end_of(match.object, sentence, relation.range),
            modality=how,
            evidence=_evidence(fillers, sentence, parsed.text),
            qualifiers=replace(said, exclusive=alone),
            printed=told.printed,
            why=match.frame.name,
            trigger=sentence.offset + match.trigger.idx,
            method=self.method,
            confidence=_BY_REFERENCE if any(f.by_reference for f in fillers) else _CERTAIN,
        )
        return _Draft(match, proposal)


def _listed(drafts: Sequence[_Draft], sentence: Sentence, found: terms.Found, parsed: Parsed) -> Iterator[_Draft]:
    """The holders of a list of which the drafts have the first."""
    told = {_ends(draft.proposal) for draft in drafts}
    for draft in drafts:
        for proposal in behind(draft.proposal, sentence, found.figures, parsed.document.text, parsed.lexicon):
            if _ends(proposal) not in told:
                told.add(_ends(proposal))
                yield _Draft(draft.match, proposal)


def _ends(proposal: Proposal) -> tuple[str, str, str]:
    return proposal.subject.name, proposal.relation, "" if proposal.object is None else proposal.object.name


def _weighed(matches: Sequence[Match]) -> list[Match]:
    """The matches without those that a stronger one of the same pair makes idle: who buys all, buys a part."""
    bought = {_pair(match) for match in matches if match.frame.relation == "acquires"}
    matches = [_shared(match, matches) for match in matches]
    lent = {_pair(match) for match in matches if match.frame.relation == "lends-to"}
    bought |= lent
    kept = [match for match in matches if match.frame.relation != "invests-in" or _pair(match) not in bought]
    # "bought the carmaker from Ford": what is sold is a company, no goods.
    sold = {match.trigger.i for match in kept if match.frame.relation == "acquires"}
    return [
        match
        for match in kept
        if match.frame.relation != "supplies" or (match.trigger.i not in sold and _pair(match) not in lent)
    ]


def _shared(match: Match, matches: Sequence[Match]) -> Match:
    """A match of one owner among several, or of half: each holds a stake in what would be his subsidiary alone.

    "owned by A and B", "half owned by A".
    """
    if match.frame.relation != "subsidiary-of" or match.trigger.pos_ != "VERB" or match.object is None:
        return match
    owned = match.subject.mention.name
    owners = {
        other.object.mention.name
        for other in matches
        if other.object is not None and other.trigger == match.trigger and other.subject.mention.name == owned
    }
    halved = match.trigger.i > 0 and match.trigger.nbor(-1).lower_ in _HALF
    if len(owners) == 1 and not halved:
        return match
    frame = replace(match.frame, relation="holds-stake", terms=match.frame.terms | {"percent"})
    return replace(match, frame=frame, subject=match.object, object=match.subject)


_HALF = frozenset({"half", "jointly", "partly", "conjointement"})


def _pair(match: Match) -> tuple[str, str]:
    return match.subject.mention.name, "" if match.object is None else match.object.mention.name


def end_of(filler: Filler, sentence: Sentence, kinds: Collection[str]) -> End:
    """Return the end of a claim that a name, or a word that stands for it, fills in a sentence.

    A name that may be a company is one where only a company fits.
    """
    mention, token = filler.mention, filler.token
    kind = mention.kind if mention.kind in kinds or not mention.maybe else "Company"
    if not filler.by_reference:
        return End(mention.name, kind, *mention.place, antecedent=mention.full)
    start = sentence.offset + token.idx
    return End(mention.name, kind, start, start + len(token), antecedent=mention.place)


def _evidence(fillers: Sequence[Filler], sentence: Sentence, text: Text) -> tuple[tuple[int, int], ...]:
    """The sentence, and those that name what a reference in it stands for."""
    places = [(sentence.start, sentence.end)]
    for filler in fillers:
        start, _ = (not filler.by_reference and filler.mention.full) or filler.mention.place
        naming = text.sentence_at(start) or sentence
        if (naming.start, naming.end) not in places:
            places.append((naming.start, naming.end))
    return tuple(places)


def _speaks_of(sentence: Sentence, draft: _Draft, gap: int) -> bool:
    """Whether a sentence that tells terms can mean a deal before it: names of others speak against it."""
    ends = {draft.proposal.subject.name, "" if draft.proposal.object is None else draft.proposal.object.name}
    named = {mention.name for mention in sentence.mentions if mention.kind == "Company"}
    return gap <= (_FAR_BACK if named & ends else 0 if named else _BACK)


def _with_terms(draft: _Draft, added: terms.Told, sentence: Sentence) -> _Draft:
    """The draft with the terms that a later sentence adds, where it takes amounts and has none yet."""
    said = draft.proposal.qualifiers
    frame = draft.match.frame
    held = said.percent is not None and not frame.event
    if "amount" not in frame.terms or said.amount is not None or held:
        return draft
    told = replace(
        said,
        amount=added.said.amount,
        currency=added.said.currency,
        duration=said.duration or added.said.duration,
        as_printed=added.said.as_printed,
    )
    evidence = (*draft.proposal.evidence, (sentence.start, sentence.end))
    printed = {**added.printed, **draft.proposal.printed}
    return replace(draft, proposal=replace(draft.proposal, qualifiers=told, evidence=evidence, printed=printed))
