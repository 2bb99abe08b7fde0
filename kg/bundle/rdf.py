"""A story as RDF: TriG of RDF 1.1, and of RDF 1.2, in which each claim reifies its triple.

https://www.w3.org/TR/rdf12-concepts/#section-triple-terms, https://www.w3.org/TR/trig/
"""

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.bundle.story import Story
from kg.errors import BundleError, InvalidRecord
from kg.export.rdf import write_trig
from kg.export.sources import Source
from kg.model import Claim, Document, Entity, Evidence
from kg.store import DocumentClaims, Store
from kg.store.index import Index
from kg.store.iris import IriScheme, term
from kg.store.judgement_codec import identity_record
from kg.store.local import LocalStore
from kg.store.memory_journal import MemoryJournal
from kg.store.rdf_decode import claims_from
from kg.store.replay import make, reading_record

__all__ = ["claims_in", "reified", "story_store", "trig"]

_SUBJECT, _PREDICATE, _OBJECT = (term(f"rdf:{name}") for name in ("subject", "predicate", "object"))
_REIFIES, _TYPE, _CLAIM = term("rdf:reifies"), term("rdf:type"), term("kg:Claim")
_HASH = term("schema:sha256")
_BEFORE = "1970-01-01T00:00:00Z"
_LONGEST = 512 << 20
"""Characters of all documents: what stands in for them is made in memory."""


def story_store(story: Story) -> LocalStore:
    """Return a store in memory of the admitted claims of a story, for what takes a store.

    Its documents have of their texts what is quoted, at its place, and blanks elsewhere: the rest is not here.
    """
    if sum(source.length for source in story.sources) > _LONGEST:
        raise BundleError(f"the documents of the story have more than {_LONGEST >> 20} million characters together")
    iris = IriScheme(story.base)
    journal, index = MemoryJournal({"base": story.base}), Index(ox.Store(), iris)
    journal.append(_BEFORE, [reading_record(reading) for reading in _readings(story)])
    if story.identities:
        journal.append(_BEFORE, (), identities=[identity_record(word) for word in story.identities])
    make(journal, index, dt.date.fromisoformat(story.day))
    return LocalStore(journal, index, read_only_reason="a story is for reading")


def _readings(story: Story) -> Iterator[DocumentClaims]:
    by_source: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in story.admitted:
        by_source[claim.document].append(claim)
    for source in story.sources:
        claims = tuple(by_source[source.id])
        words = tuple(word for word in story.words if word.document == source.id)
        quotes = [e for claim in story.claims for e in claim.evidence if e.document == source.id]
        yield DocumentClaims(_stand_in(source, quotes), claims, judgements=words)


def _stand_in(source: Source, quotes: Iterable[Evidence]) -> Document:
    pieces, at = list[str](), 0
    for quote in sorted(quotes, key=lambda quote: (quote.start, quote.end)):
        if quote.end > at:
            pieces += [" " * (quote.start - at), quote.quote[max(0, at - quote.start) :]]
            at = quote.end
    text = "".join([*pieces, " " * (source.length - at)])
    return Document(
        source.id, text, source.lang, source.published, source.title, source.url, "", source.tier, source.places
    )


def trig(story: Story, store: Store, *, is_reified: bool = False) -> bytes:
    """Return a story as TriG; `store` is that of `story_store`."""
    hashes = {IriScheme(story.base).document(source.id): source.sha256 for source in story.sources}
    quads = (
        ox.Quad(quad.subject, _HASH, ox.Literal(hashes[quad.subject]), quad.graph_name)
        if quad.predicate == _HASH and isinstance(quad.subject, ox.NamedNode)
        else quad
        for quad in store.quads()
    )
    out = io.BytesIO()
    write_trig(reified(quads) if is_reified else quads, out)
    return out.getvalue()


def reified(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield quads in which each claim reifies its triple, and is described by no rdf:subject, predicate and object."""
    parts: defaultdict[tuple[object, object], dict[ox.NamedNode, object]] = defaultdict(dict)
    for quad in quads:
        if quad.predicate in {_SUBJECT, _PREDICATE, _OBJECT}:
            parts[quad.subject, quad.graph_name][quad.predicate] = quad.object
        else:
            yield quad
    for (claim, graph), ends in parts.items():
        triple = ox.Triple(ends[_SUBJECT], ends[_PREDICATE], ends[_OBJECT])  # type: ignore[arg-type]
        yield ox.Quad(claim, _REIFIES, triple, graph)  # type: ignore[arg-type]


def _unreified(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    for quad in quads:
        if quad.predicate != _REIFIES:
            yield quad
        elif isinstance(quad.object, ox.Triple):
            for predicate, end in zip((_SUBJECT, _PREDICATE, _OBJECT), quad.object, strict=True):
                yield ox.Quad(quad.subject, predicate, end, quad.graph_name)


def claims_in(data: bytes, base: str, entities: Mapping[str, Entity]) -> dict[str, Claim]:
    """Return the claims that some TriG of a story holds, by the id that they have there; `entities` by their ids.

    Raises `InvalidRecord` for what is no TriG, and for a claim that does not say what its name would.
    """
    iris = IriScheme(base)
    try:
        quads = list(_unreified(ox.parse(data, format=ox.RdfFormat.TRIG)))
        names = {iris.id_of(q.subject, "claim/") for q in quads if q.predicate == _TYPE and q.object == _CLAIM}
        found = {claim.id: claim for claim in claims_from(quads, iris, entities.__getitem__)}
    except (SyntaxError, ValueError, KeyError) as error:
        raise InvalidRecord(f"is no TriG of a story: {' '.join(str(error).split())}") from error
    changed = sorted(names ^ set(found))
    if changed:
        raise InvalidRecord(f"claim {changed[0]} does not say what it is called by")
    return found
