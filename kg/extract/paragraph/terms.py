"""The terms of a tie that the paragraph model saw: which figures are its own, and what they make of a claim.

The model tells how likely a figure belongs to a tie; what the sentence itself shows (a share beside its holder, the
level before a change, a figure that a rule has read of another pair) counts for more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.dates import first_day, last_day
from kg.extract.attachment import owners
from kg.extract.dates import DateSpan
from kg.extract.names import Mention
from kg.extract.numerals import FigureSpan
from kg.extract.paragraph.seen import Term, Tie
from kg.extract.paragraph.windows import Mark
from kg.extract.proposal import Parsed, Proposal
from kg.extract.sentence import Sentence
from kg.extract.terms import found_in
from kg.model import Qualifiers

__all__ = ["own_terms", "terms_of"]

_SURE = 0.5


def own_terms(tie: Tie, sentences: Sequence[Sentence], parsed: Parsed, before: Sequence[Proposal]) -> tuple[Term, ...]:
    """Return the likely terms of a tie in the sentences that it quotes, without those that are another's.

    `before` is what the rules propose.
    """
    likely = [term for term in tie.terms if term.probability >= _SURE]
    taken = {place for proposal in before if _is_other(proposal, tie) for place in proposal.printed.values()}
    told = [term for sentence in sentences for term in _in_sentence(likely, tie, sentence, parsed)]
    kept = [term for term in told if not (_is_taken(term, taken) and _has_other(term, told, taken))]
    if tie.relation == "holds-stake" and not any(term.role == "percent" for term in kept):
        beside = [term for sentence in sentences for term in _beside(tie, sentence, parsed)]
        kept.extend(term for term in beside if len(beside) == 1 and not _is_taken(term, taken))
    return tuple(kept)


def _in_sentence(terms: Sequence[Term], tie: Tie, sentence: Sentence, parsed: Parsed) -> Iterator[Term]:
    """Yield the terms that stand in a sentence, as it has them: no level before a change, no share of another's."""
    figures, held = _figures(sentence, parsed)
    for term in (term for term in terms if sentence.start <= term.mark.start < sentence.end):
        if isinstance(term.mark.figure, DateSpan):
            yield term
            continue
        figure = next((f for f in figures if f.kind == term.mark.kind and _meets(f, term, sentence)), None)
        if figure is not None and (figure not in held or held[figure].name in {tie.subject, tie.object}):
            yield replace(term, mark=replace(term.mark, figure=figure))


def _beside(tie: Tie, sentence: Sentence, parsed: Parsed) -> Iterator[Term]:
    """Yield the shares that stand beside the holder: terms, however likely the model takes them for such."""
    for figure, holder in _figures(sentence, parsed)[1].items():
        if holder.name == tie.subject:
            start, end = sentence.offset + figure.start, sentence.offset + figure.end
            yield Term("percent", Mark(start, end, "percent", figure=figure), 1.0)


def _figures(sentence: Sentence, parsed: Parsed) -> tuple[Sequence[FigureSpan], Mapping[FigureSpan, Mention]]:
    """The figures of a sentence, and the shares that stand beside a name, each with it."""
    figures = found_in(sentence, parsed.lexicon, parsed.document.published).figures
    return figures, owners([figure for figure in figures if figure.kind == "percent"], sentence, parsed.lexicon)


def _meets(figure: FigureSpan, term: Term, sentence: Sentence) -> bool:
    """Whether a figure of a sentence, whose offsets are those of its line, is that of a term."""
    return sentence.offset + figure.start < term.mark.end and term.mark.start < sentence.offset + figure.end


def _is_other(proposal: Proposal, tie: Tie) -> bool:
    """Whether a proposal is of the same relation between another pair."""
    pair = {proposal.subject.name, "" if proposal.object is None else proposal.object.name}
    return proposal.relation == tie.relation and pair != {tie.subject, tie.object}


def _is_taken(term: Term, taken: set[tuple[int, int]]) -> bool:
    return any(term.mark.start < end and start < term.mark.end for start, end in taken)


def _has_other(term: Term, terms: Sequence[Term], taken: set[tuple[int, int]]) -> bool:
    """Whether another term could stand in its place."""
    return any(other.role == term.role and not _is_taken(other, taken) for other in terms)


def terms_of(terms: Sequence[Term], parsed: Parsed) -> tuple[Qualifiers, dict[str, tuple[int, int]]]:
    """Return terms as a claim has them, and where the text has its figures.

    Of two for one place the surer counts, and no bounds beside what is told exactly.
    """
    said: dict[str, object] = {}
    printed: dict[str, tuple[int, int]] = {}
    for term in sorted(terms, key=lambda term: -term.probability):
        figure, place = term.mark.figure, (term.mark.start, term.mark.end)
        if isinstance(figure, DateSpan):
            said.setdefault(term.role, figure.iso)
        elif isinstance(figure, FigureSpan) and term.role == "duration":
            said.setdefault("duration", figure.unit)
        elif isinstance(figure, FigureSpan):
            name = f"{term.role}_{figure.bound}" if figure.bound else term.role
            rivals = {term.role} if figure.bound else {f"{term.role}_min", f"{term.role}_max"}
            other = term.role == "amount" and said.get("currency", figure.unit) != figure.unit
            if name in said or rivals & said.keys() or other:
                continue
            said[name], printed[name] = figure.value, place
            said.setdefault("as_printed", parsed.document.text[slice(*place)].strip())
            if term.role == "amount":
                said["currency"] = figure.unit
    if "start" in said and "end" in said and last_day(str(said["end"])) < first_day(str(said["start"])):
        del said["end"]
    return Qualifiers(**said), printed  # type: ignore[arg-type]
