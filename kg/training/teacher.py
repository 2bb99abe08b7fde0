"""Marks that a language model makes: what it reads in unmarked texts, and what the gate admits of that.

Any reader can be the teacher. A text that it could not read to the end is dropped: what is not marked there would count
as wrong.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg import documents
from kg.documents import SkippedSource
from kg.errors import DocumentError, InvalidRecord
from kg.evaluation.gold_record import entity_records, relation_records
from kg.evaluation.matching import RELATIONS
from kg.evaluation.passages import Passage
from kg.extract import Reader, Usage, read
from kg.extract.reader import parse
from kg.model import Claim, Document, Entity
from kg.resolve import Resolver

__all__ = ["Taught", "marked", "taught"]


@dataclass(slots=True)
class Taught:
    """Documents with the teacher's marks, the hash of each text, what was dropped and why, and what it cost."""

    passages: list[Passage] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    dropped: list[SkippedSource] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)

    @property
    def ties(self) -> int:
        """How many ties are marked."""
        return sum(passage.core_ties for passage in self.passages)


def taught(paths: Iterable[str], readers: tuple[Reader, ...]) -> Taught:
    """Have readers mark the texts below some paths; a text that cannot be read whole is dropped."""
    told = Taught()
    for source in documents.find(paths):
        if isinstance(source, SkippedSource):
            told.dropped.append(source)
            continue
        try:
            document = documents.read(source)
            known = document.id in told.hashes
            failed = "another text has its name" if known else _mark(document, readers, told)
        except (DocumentError, InvalidRecord) as error:
            failed = str(error)
        if failed:
            told.dropped.append(SkippedSource(source.path, failed))
    return told


def _mark(document: Document, readers: tuple[Reader, ...], told: Taught) -> str:
    """Add a document with its marks; return why it cannot be, where it cannot."""
    resolver = Resolver()
    extraction = read(document, resolver.kind, readers, resolver.entity)
    told.usage = told.usage + extraction.usage
    if extraction.failed:
        return extraction.failed[0]
    told.passages.append(marked(document, extraction.claims))
    told.hashes[document.id] = document.sha256
    return ""


def marked(document: Document, claims: Sequence[Claim]) -> Passage:
    """Return a document as one whose ties are the claims, each to be found."""
    ties = [claim for claim in claims if claim.relation in RELATIONS and isinstance(claim.object, Entity)]
    entities = {entity.id: entity for claim in ties for entity in claim.entities}
    spellings = _spellings(document, entities)
    gold = {
        "entities": [
            record | {"aliases": sorted(spellings[record["id"]] - {record["name"]})} for record in entity_records(ties)
        ],
        "relations": relation_records(ties),
    }
    return Passage(document.id, document.text, document.lang, document.published, gold)


def _spellings(document: Document, entities: Mapping[str, Entity]) -> Mapping[str, set[str]]:
    """How a document calls entities: as the claims have it, and in the short forms that kg finds."""
    resolver = Resolver()
    found: defaultdict[str, set[str]] = defaultdict(set)
    of = {name: entity.id for entity in entities.values() for name in (entity.name, *entity.aliases)}
    for name, id_ in of.items():
        found[id_].add(name)
    for sentence in parse(document, resolver.kind).text.sentences:
        for mention in sentence.mentions:
            told = of.get(mention.name) or of.get(mention.text)
            if told is not None:
                found[told] |= {mention.name, mention.text}
    return found
