"""The reader of filings, beside those of sentences and tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.extract.filings.customers import customer_sentences, customers
from kg.extract.filings.marked_rows import marked_rows
from kg.extract.filings.merger import control_taken, operations, passages
from kg.extract.filings.schedule import holders
from kg.extract.filings.threshold import crossings, paragraphs
from kg.extract.proposal import End, Parsed, Proposal
from kg.reasons import Reason

__all__ = ["METHOD", "Filings", "without_forms"]

METHOD = "filings/2"


@dataclass(frozen=True, slots=True)
class Filings:
    """Reads what filings claim in forms of their own. `method` rises with a change in how they are read."""

    method: str = METHOD

    def propose(self, parsed: Parsed, before: Sequence[Proposal] = ()) -> Iterator[Proposal]:
        """Yield the customers and the holders that a filing tells of."""
        yield from customers(parsed, self.method)
        yield from marked_rows(parsed, before, self.method)
        yield from holders(parsed, self.method)
        yield from crossings(parsed, self.method)
        yield from control_taken(parsed, self.method)


def without_forms(proposals: Sequence[Proposal], parsed: Parsed, methods: tuple[str, ...]) -> list[Proposal]:
    """Return proposals but for those of some `methods` out of passages whose form is read as a whole.

    In a threshold notice a reader of sentences takes holders in concert, or a former share, for holders; in a decision
    on a merger it takes what is authorised for accomplished.
    """
    told = operations(parsed)
    read = (*paragraphs(parsed), *passages(parsed))
    parties = [name for one in told for name in (one.buyer.name, one.target.name)]
    kept = [
        proposal
        for proposal in proposals
        if not proposal.method.startswith(methods)
        or not (_overlaps(proposal, read) or (_names(proposal.subject, parties) and _names(proposal.object, parties)))
    ]
    return list(_of_customers(kept, parsed, methods))


def _of_customers(proposals: Sequence[Proposal], parsed: Parsed, methods: tuple[str, ...]) -> Iterator[Proposal]:
    """Yield proposals but for what sentences on customers' shares are read for as a whole.

    A reader of sentences tells the customer once more, without the share; where the form tells no customer of who
    files ("the competitor's customer"), it is in doubt.
    """
    files, sentences = parsed.text.registrant, customer_sentences(parsed)
    told = {(one.evidence[0], one.object.name) for one in proposals if one.method == METHOD and one.object is not None}
    for proposal in proposals:
        ends = [end.name for end in (proposal.subject, proposal.object) if end is not None]
        of_form = proposal.relation == "supplies" and proposal.method.startswith(methods)
        if not (of_form and files and any(_names(end, [files.name]) for end in (proposal.subject, proposal.object))):
            yield proposal
            continue
        inside = [span for span in sentences if _overlaps(proposal, [span])]
        if not any((span, name) in told for span in inside for name in ends):
            doubts = (*proposal.doubts, Reason.DISAGREEMENT) if inside else proposal.doubts
            yield replace(proposal, doubts=doubts)


def _overlaps(proposal: Proposal, places: Sequence[tuple[int, int]]) -> bool:
    return any(start < last and first < end for start, end in proposal.evidence for first, last in places)


def _names(end: End | None, names: Sequence[str]) -> bool:
    """Whether an end has one of some names, in full or in short."""
    name = "" if end is None else end.name.casefold()
    return any(name and (name in full.casefold() or full.casefold() in name) for full in names)
