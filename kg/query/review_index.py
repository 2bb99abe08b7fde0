"""Which claims of a store come up next, kept so that a card costs no walk over all claims.

Each document's claims are put in once, and again when its reading changes. For each queue that was asked for lately
the index keeps its claims in order; a card is then the first of them that its author has not judged.
"""

from bisect import bisect_left, insort
from collections import OrderedDict, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from kg.judgements import Draw, DrawKey, DrawnItem, Stratum, draw_key, in_force, item_of
from kg.model import Claim, Outcome
from kg.store import DocumentClaims

__all__ = ["Drawn", "ReviewIndex", "Selection"]

_KEPT = 16
"""How many queues are kept in order; the one that was not asked for longest is made again when it is."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which claims come up, and in what order; `company` is an entity's id. None is any."""

    outcomes: frozenset[Outcome] = frozenset(Outcome)
    how: Draw = Draw.ALL
    seed: int = 0
    company: str | None = None
    relation: str | None = None

    @property
    def stratum(self) -> Stratum:
        """The part of the graph that it draws from."""
        return Stratum(self.company or "", self.relation or "")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The claims of one card: their document and their ids, in order."""

    document: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    item: DrawnItem
    outcome: Outcome
    entities: tuple[str, ...]

    def is_in(self, selection: Selection) -> bool:
        return (
            self.outcome in selection.outcomes
            and selection.relation in {None, self.item.relation}
            and (selection.company is None or selection.company in self.entities)
        )


@dataclass(slots=True)
class ReviewIndex:
    """The claims of a store, admitted or not, as they come up to be judged."""

    _entries: dict[str, _Entry] = field(default_factory=dict)
    _by_document: dict[str, list[str]] = field(default_factory=dict)
    _judged: dict[str, dict[tuple[str, str], Stratum | None]] = field(default_factory=dict)
    _by_author: defaultdict[str, dict[str, Stratum | None]] = field(default_factory=lambda: defaultdict(dict))
    _about: dict[str, str] = field(default_factory=dict)
    _queues: OrderedDict[Selection, list[tuple[DrawKey, str]]] = field(default_factory=OrderedDict)

    def put(self, reading: DocumentClaims) -> None:
        """Take in a document's reading, in the place of the one before."""
        document = reading.document.id
        self.remove(document)
        entries = {claim.id: _entry(claim) for claim in (*reading.claims, *reading.candidates)}
        self._by_document[document] = list(entries)
        self._entries |= entries
        for selection, queue in self._queues.items():
            key = draw_key(selection.how, selection.seed)
            for entry in entries.values():
                if entry.is_in(selection):
                    insort(queue, (key(entry.item), entry.item.id))
        for judgement in reading.judgements:
            self._about |= {judgement.id: document, judgement.claim.id: document}
        marks = {
            (one.author, one.claim.id): one.stratum if one.drawn is Draw.RANDOM else None
            for one in in_force(reading.judgements)
        }
        if marks:
            self._judged[document] = marks
        for (author, claim), stratum in marks.items():
            self._by_author[author][claim] = stratum

    def remove(self, document: str) -> None:
        """Leave out a document."""
        entries = [self._entries.pop(id_) for id_ in self._by_document.pop(document, ())]
        for selection, queue in self._queues.items():
            key = draw_key(selection.how, selection.seed)
            for entry in entries:
                if entry.is_in(selection):
                    del queue[bisect_left(queue, (key(entry.item), entry.item.id))]
        for author, claim in self._judged.pop(document, {}):
            self._by_author[author].pop(claim, None)

    def document_of(self, id_: str) -> str | None:
        """Return the document of a claim that is here or was judged, or of a judgement; None for any other id."""
        entry = self._entries.get(id_)
        return self._about.get(id_) if entry is None else entry.item.document

    def draw(self, selection: Selection, author: str, limit: int = 1, offset: int = 0) -> tuple[list[Drawn], int]:
        """Return the next cards for an author but the first `offset`, and how many claims are left to him in all.

        What he has judged is left out; of a random draw, only what he judged as one that tells of the same part of the
        graph, as in `kg.query.review.cards`.
        """
        queue = self._queue(selection)
        is_random = selection.how is Draw.RANDOM
        done = {
            claim
            for claim, stratum in self._by_author.get(author, {}).items()
            if not is_random or (stratum is not None and stratum.tells_of(selection.stratum))
        }
        left = len(queue) - sum(self._is_in(claim, selection) for claim in done)
        sentences: dict[object, str] = {}
        for _, id_ in queue:
            if len(sentences) == offset + limit:
                break
            if id_ not in done:
                sentences.setdefault(id_ if is_random else self._entries[id_].item.sentence, id_)
        return [self._card(first, selection, done) for first in list(sentences.values())[offset:]], left

    def forget_queues(self) -> None:
        """Let go of the queues: where much changes at once, one that is asked for is sorted anew in less time."""
        self._queues.clear()

    def _card(self, first: str, selection: Selection, done: Collection[str]) -> Drawn:
        """The claims that come up with one: all of its sentence, but for a random draw, which drew it alone."""
        item = self._entries[first].item
        if selection.how is Draw.RANDOM:
            return Drawn(item.document, (first,))
        key = draw_key(selection.how, selection.seed)
        there = [self._entries[id_] for id_ in self._by_document[item.document] if id_ not in done]
        same = [entry.item for entry in there if entry.item.sentence == item.sentence and entry.is_in(selection)]
        return Drawn(item.document, tuple(one.id for one in sorted(same, key=key)))

    def _is_in(self, claim: str, selection: Selection) -> bool:
        entry = self._entries.get(claim)
        return entry is not None and entry.is_in(selection)

    def _queue(self, selection: Selection) -> list[tuple[DrawKey, str]]:
        """The claims of a selection in the order in which they come up."""
        if selection not in self._queues:
            key = draw_key(selection.how, selection.seed)
            items = (entry.item for entry in self._entries.values() if entry.is_in(selection))
            self._queues[selection] = sorted((key(item), item.id) for item in items)
            while len(self._queues) > _KEPT:
                self._queues.popitem(last=False)
        self._queues.move_to_end(selection)
        return self._queues[selection]


def _entry(claim: Claim) -> _Entry:
    return _Entry(item_of(claim), claim.outcome, tuple(entity.id for entity in claim.entities))
