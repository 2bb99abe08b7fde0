"""Cards to judge: a sentence with its paragraph, and what is read in it as plain phrases."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.errors import QueryError
from kg.judgements import ClosingState, Draw, IdentityJudgement, Judgement, Stratum, in_force, ordered, standing
from kg.model import Claim, Document, Entity, Evidence, Outcome
from kg.ontology import ontology
from kg.query.claims import ClaimFilter, find_claims
from kg.query.closings import closings_of
from kg.query.entity_lookup import find_named
from kg.query.identity import identity_rows
from kg.query.judged import judged_documents
from kg.store import Store
from kg.store import unmatched as unmatched_of
from kg.tables.table import Table, Value
from kg.wording.statements import statement, with_terms
from kg.wording.terms import figure, terms

__all__ = [
    "Card",
    "Queue",
    "all_judgements",
    "card",
    "cards",
    "find_claim",
    "find_judgement",
    "judgements_of",
    "phrase",
    "state_of",
    "stratum_of",
]


_NEAR = 1200
"""Characters on either side of a sentence that are shown with it at most."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is judged at a time: the claims of one sentence that come up, and where they stand.

    `paragraph` is the text around the sentence, `start` its first character in the document; `marks` are the places in
    the paragraph of the sentence, and of the names and figures in it, each with what it is: "quote", "name", "figure".
    """

    document: Document
    paragraph: str
    start: int
    marks: tuple[tuple[int, int, str], ...]
    claims: tuple[Claim, ...]


def judgements_of(store: Store, document: str | None = None) -> Iterator[Judgement]:
    """Yield the judgements that a store keeps, those that were taken back among them, by document and time."""
    for id_ in judged_documents(store) if document is None else [document]:
        yield from store.reading(id_).judgements


def all_judgements(
    store: Store, document: str | None = None, *, unmatched: bool = False, identity: bool = False
) -> Table:
    """Return judgements as a table, a row each: what holds, what was taken back, what fits nothing any more.

    Those of claims come first, by document, then those of identity, and at last which documents were read to the end.
    With `document`, those that are about it, with `unmatched` and `identity` only those that are so.
    """
    found = [] if identity else list(judgements_of(store, document))
    lost = _unmatched(store, {judgement.document for judgement in found})
    now = list(map(store.identities.judgement, found))
    held = {judgement.id for group in _by_document(now) for judgement in in_force(group)}
    stands = {judgement.id for group in _by_document(now) for judgement in standing(group)}
    shown = [judgement for judgement in found if judgement.id in lost or not unmatched]
    rows = [_row(judgement, state_of(judgement, held, stands, lost)) for judgement in shown]
    if not unmatched:
        rows += identity_rows(store.identities, document)
    if not identity:
        rows += _closing_rows(store, document, unmatched=unmatched)
    return Table(_COLUMNS, rows, "Judgements")


def find_judgement(store: Store, id_: str) -> Judgement | IdentityJudgement:
    """Return the judgement whose id begins so; raise `QueryError` where none or several do."""
    words: tuple[Judgement | IdentityJudgement, ...] = (*judgements_of(store), *store.identities.judgements)
    found = [word for word in words if word.id.startswith(id_)]
    if len(found) != 1 or not id_:
        closing = next((one for one, _ in closings_of(store) if id_ and one.id.startswith(id_)), None)
        if closing is not None and not found:
            raise QueryError(f"'{id_}' is a closing: 'kg close {closing.document} --undo' takes it back")
        many = f"{len(found)} begin with it" if found else "there is none such"
        raise QueryError(f"no judgement is called '{id_}': {many}; 'kg judgements' lists them")
    return found[0]


def _unmatched(store: Store, documents: Iterable[str]) -> set[str]:
    """Return the ids of the judgements that fit nothing in their document any more."""
    identities = store.identities
    return {judgement.id for id_ in documents for judgement in unmatched_of(store.reading(id_), identities)}


def _closing_rows(store: Store, document: str | None, *, unmatched: bool) -> Iterator[tuple[Value, ...]]:
    """Yield a row for each closing; where `unmatched`, for those of a text that was changed."""
    for closing, state in closings_of(store, document):
        if not unmatched or state is ClosingState.CHANGED:
            what = (None, None, None, None, state.value, closing.document, closing.id)
            yield closing.at, closing.author, "read to the end", *what


def state_of(judgement: Judgement, held: Collection[str], stands: Collection[str], lost: Collection[str] = ()) -> str:
    """Return what has become of a judgement, by the ids of those in force, that stand, and that fit nothing."""
    if judgement.undoes:
        return "takes back"
    if judgement.id in lost:
        return "unmatched"
    return "holds" if judgement.id in held else "replaced" if judgement.id in stands else "taken back"


_COLUMNS = ("at", "author", "verdict", "part", "claim", "correction", "drawn", "state", "document", "judgement")


def _by_document(judgements: Iterable[Judgement]) -> Iterable[list[Judgement]]:
    groups: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        groups[judgement.document].append(judgement)
    return groups.values()


def _row(judgement: Judgement, state: str) -> tuple[Value, ...]:
    correction = judgement.correction
    return (
        judgement.at,
        judgement.author,
        judgement.verdict.value,
        judgement.part and judgement.part.value,
        phrase(judgement.claim),
        None if correction is None else phrase(correction),
        f"{judgement.drawn.value} {judgement.stratum.name}".strip(),
        state,
        judgement.document,
        judgement.id,
    )


@dataclass(frozen=True, slots=True)
class Queue:
    """Which claims come up for an author: of what outcomes, in what order, and which of them."""

    author: str
    outcomes: Collection[Outcome] = frozenset(Outcome)
    how: Draw = Draw.ALL
    seed: int = 0
    stratum: Stratum = field(default_factory=Stratum)


def stratum_of(store: Store, company: str | None = None, relation: str | None = None) -> Stratum:
    """Return the part of a store that a company's name and a relation tell; raise `KgError` with the nearest names."""
    if relation is not None:
        ontology().relation(relation)
    entity = None if company is None else find_named(store, company, candidates=True)
    return Stratum("" if entity is None else entity.id, relation or "")


def cards(store: Store, queue: Queue) -> Iterator[Card]:
    """Yield the cards of a queue whose claims its author has not judged yet, in the order of the draw.

    A random draw leaves out only what he has judged as one, of the same part of the graph or of a larger one: what he
    met otherwise would be missing from the measure.

    A random draw has one claim a card, since its neighbours were not drawn; otherwise a card has all the claims of its
    sentence that come up.
    """
    wanted = ClaimFilter(queue.stratum.company or None, queue.stratum.relation or None)
    found = list(find_claims(store, queue.outcomes, wanted))
    done = _done(store, found, queue)
    left = ordered((claim for claim in found if claim.id not in done), queue.how, queue.seed)
    groups: dict[object, list[Claim]] = {}
    for claim in left:
        place = claim.document, claim.evidence[0].start, claim.evidence[0].end
        groups.setdefault(claim.id if queue.how is Draw.RANDOM else place, []).append(claim)
    for claims in groups.values():
        yield card(store.document(claims[0].document), claims)


def _done(store: Store, found: Iterable[Claim], queue: Queue) -> set[str]:
    """The claims that the author of a queue has judged."""
    by_document: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in found:
        by_document[claim.document].append(claim)
    now = store.identities.judgement
    return {
        now(judgement).claim.id
        for document in by_document
        for judgement in in_force(store.reading(document).judgements)
        if judgement.author == queue.author and (queue.how is not Draw.RANDOM or _measures(judgement, queue.stratum))
    }


def _measures(judgement: Judgement, stratum: Stratum) -> bool:
    return judgement.drawn is Draw.RANDOM and judgement.stratum.tells_of(stratum)


def card(document: Document, claims: Sequence[Claim]) -> Card:
    """Return the card of the claims of one sentence."""
    start, end = _paragraph(document.text, claims[0].evidence[0])
    paragraph = document.text[start:end]
    marks = {(place.start - start, place.end - start, "quote") for claim in claims for place in claim.evidence}
    for claim in claims:
        names = {name for entity in claim.entities for name in (entity.name, *entity.aliases)}
        marks.update(_found(paragraph, names, "name"))
        if claim.qualifiers.as_printed:
            marks.update(_found(paragraph, {claim.qualifiers.as_printed}, "figure"))
    inside = sorted(mark for mark in marks if 0 <= mark[0] < mark[1] <= len(paragraph))
    return Card(document, paragraph, start, tuple(inside), tuple(claims))


def _paragraph(text: str, evidence: Evidence) -> tuple[int, int]:
    """The place of the paragraph around a quote; of one without end, what lies near it."""
    first, last = max(evidence.start - _NEAR, 0), min(evidence.end + _NEAR, len(text))
    start, end = text.rfind("\n", first, evidence.start) + 1, text.find("\n", evidence.end, last)
    return start or first, last if end < 0 else end


def _found(text: str, words: Iterable[str], what: str) -> Iterator[tuple[int, int, str]]:
    for word in words:
        at = text.find(word)
        while at >= 0:
            yield at, at + len(word), what
            at = text.find(word, at + len(word))


def phrase(claim: Claim, lang: str = "en") -> str:
    """Return a claim as a plain phrase.

    "Nvidia holds a stake in CoreWeave: 6 % [asserted]"
    """
    object_ = claim.object.name if isinstance(claim.object, Entity) else figure(claim.object, lang)
    said = terms(claim.qualifiers, lang)
    modality = ontology().modalities[claim.modality].label[lang]
    relation = ontology().relation(claim.relation).label[lang]
    return f"{with_terms(statement(claim.subject.name, relation, object_, lang), said, lang)} [{modality}]"


def find_claim(store: Store, id_: str) -> Claim:
    """Return the claim or candidate whose id begins so; raise `QueryError` where none or several do."""
    found = [claim for claim in find_claims(store, frozenset(Outcome)) if claim.id.startswith(id_)]
    if len(found) != 1 or not id_:
        many = f"{len(found)} claims begin with it" if found else "there is none such"
        raise QueryError(f"no claim is called '{id_}': {many}; 'kg claims --format jsonl' lists them with their ids")
    return found[0]
