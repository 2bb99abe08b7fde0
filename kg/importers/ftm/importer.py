"""A file of FollowTheMoney as a register: a chunk an entity; of statements, an entity and a dataset."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kg.errors import InvalidRecord
from kg.importers.contract import Chunk
from kg.importers.ftm.parties import REGISTER, Party, party_of, record_of, sanction_topics
from kg.importers.ftm.proxies import PARTIES, Proxy
from kg.importers.ftm.reading import FtmFile
from kg.importers.ftm.ties import LINKS, Tie, ties_of
from kg.importers.record_chunks import (
    BadRecord,
    LeftOut,
    record_chunk,
    record_document,
    rejected_chunk,
    source_name,
)
from kg.importers.record_index import Piece, RecordIndex
from kg.importers.register_file import RegisterFile
from kg.model import Claim, Document, Entity
from kg.ontology import ontology
from kg.resolve import RegisterRecord

__all__ = ["METHOD", "FtmRegister"]

METHOD = "ftm/2"
"""What reads entities; its number changes where the same entity becomes another claim."""
_CLAIMED_BY = "register/ftm"
_SANCTION = "Sanction"
_SEEN = "seen\n"
"""Before a key: since when what is nested is there. No id has a line in it."""


@dataclass(slots=True)
class FtmRegister(RegisterFile):
    """The entities of a file of FollowTheMoney: see `kg.importers.contract.Register`.

    Documents are called ``ftm/NAME/ID``; those of statements ``ftm/NAME/DATASET/ID``, since each dataset is a source.
    `name` tells one source from another, by default as the file is called. `retrieved` dates entities that have no
    date.
    """

    _source: str = field(default="", init=False)

    def __post_init__(self) -> None:
        """Check the date and the name."""
        RegisterFile.__post_init__(self)
        self._source = source_name(self.path, self.name)

    @property
    def prefix(self) -> str:
        """How the ids of its documents begin."""
        return f"ftm/{self._source}/"

    def chunks(self) -> Iterator[Chunk]:
        """Yield the file entity by entity. Raises `DocumentError` for a file that is no such file, or is cut off."""
        self._left_out = LeftOut()
        file = FtmFile(self.path)
        with RecordIndex() as index:
            _scan(file, index)
            reader = _Reader(self, index, self._left_out)
            for fragment in file.fragments():
                if fragment.proxy is None:
                    error = fragment.reject or BadRecord("entity", "", "does not hold")
                    yield rejected_chunk(METHOD, [fragment.piece], error)
                    continue
                pieces = index.gathered(fragment.key, fragment.piece)
                if pieces:
                    proxy = fragment.proxy if len(pieces) == 1 else file.proxy(pieces)
                    proxy = replace(proxy, seen=proxy.seen or index.description(_SEEN + fragment.key))
                    yield reader.chunk(fragment.key, pieces, proxy, file.header)

    def document(self, key: str, pieces: Sequence[Piece], proxy: Proxy, header: str) -> Document:
        """Return the document of an entity."""
        datasets = ", ".join(proxy.datasets)
        return record_document(
            pieces,
            f"{self.prefix}{key}",
            path=self.path,
            title=f"{datasets or self._source}: {proxy.schema} {proxy.id}",
            header=header,
            published=proxy.seen or self.retrieved,
            url=next((url for url in proxy.values("sourceUrl") if url.startswith(("http://", "https://"))), None),
        )


def _scan(file: FtmFile, index: RecordIndex) -> None:
    """Note how many parts each entity has, and whom others may mean by its id."""
    for fragment in file.fragments():
        proxy = fragment.proxy
        if proxy is None:
            continue
        index.count(fragment.key)
        if not fragment.piece.rows and proxy.seen is not None:
            # Its own text does not tell the day of what it is nested in; the latest counts.
            index.describe(_SEEN + fragment.key, proxy.seen, proxy.seen)
        for alias in fragment.aliases:
            index.alias(alias, proxy.id)
        party = party_of(proxy)
        known = index.description(proxy.id)
        if known is not None:
            before = Party.from_text(known)
            schema = Proxy("", before.schema, {}).joined(Proxy("", proxy.schema, {})).schema
            party = before.joined(party, schema)
        index.describe(proxy.id, party.text())


def _without_twins(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces without those whose text another one has: an entity may stand in several others."""
    return list({piece.text: piece for piece in reversed(pieces)}.values())[::-1]


class _Reader:
    """Reads the entities of one file, all of which an index knows."""

    def __init__(self, register: FtmRegister, index: RecordIndex, left_out: LeftOut) -> None:
        self._register, self._index, self._left_out = register, index, left_out
        self._party = lru_cache(maxsize=1 << 14)(self._looked_up)

    def chunk(self, key: str, pieces: Sequence[Piece], proxy: Proxy, header: str) -> Chunk:
        """Return the chunk of an entity, or that of its reject."""
        try:
            is_read = proxy.schema in PARTIES or proxy.schema in LINKS or proxy.schema == _SANCTION
            if not is_read:
                self._left_out.add(f"entity of schema {proxy.schema}, for which kg has no class or relation")
                return record_chunk(METHOD, pieces, None)
            document = self._register.document(key, _without_twins(pieces), proxy, header)
            claims = self._claims(proxy, document) if proxy.schema in LINKS else []
            return record_chunk(METHOD, pieces, document, claims, self._records(proxy, key))
        except (BadRecord, InvalidRecord) as error:
            return rejected_chunk(METHOD, pieces, error)

    def _records(self, proxy: Proxy, key: str) -> list[RegisterRecord]:
        if proxy.schema in PARTIES:
            party_of(proxy, self._left_out)
            roles = sum(topic.startswith("role.") for topic in proxy.values("topics"))
            self._left_out.add("topic of a role (politically exposed persons)", roles)
            return [record_of(proxy, self._entity("id", proxy.id), key)]
        if proxy.schema != _SANCTION:
            return []
        targets = [self._entity("entity", target) for target in proxy.values("entity") if self._is_party(target)]
        topics = sanction_topics(proxy)
        if not targets:
            self._left_out.add("Sanction on what is no company, organisation or person")
        return [RegisterRecord(target, REGISTER, key, topics=topics) for target in targets]

    def _claims(self, proxy: Proxy, document: Document) -> list[Claim]:
        claims = (self._claim(tie, document) for tie in ties_of(proxy, self._left_out))
        return list({claim.id: claim for claim in claims if claim is not None}.values())

    def _claim(self, tie: Tie, document: Document) -> Claim | None:
        if not (self._is_party(tie.subject) and self._is_party(tie.object)):
            other = next(id_ for id_ in (tie.subject, tie.object) if not self._is_party(id_))
            self._left_out.add(f"tie with a {self._schema(other)}, for which kg has no class")
            return None
        subject, object_ = self._entity("subject", tie.subject), self._entity("object", tie.object)
        if subject.id == object_.id:
            raise BadRecord("asset", object_.name, "is the owner itself: a claim is of two")
        relation = ontology().relation(tie.relation)
        for end, allowed, name in ((subject, relation.domain, "subject"), (object_, relation.range, "object")):
            if end.type not in allowed:
                raise BadRecord(name, end.name, f"is a {end.type}, which cannot be the {name} of {tie.relation}")
        start, end_ = document.places[0].start, document.places[-1].end
        evidence = document.evidence(start, end_)
        return Claim(
            *(subject, tie.relation, object_, tie.modality, (evidence,), tie.qualifiers),
            known_from=document.published,
            method=_CLAIMED_BY,
        )

    def _is_party(self, id_: str) -> bool:
        return self._schema(id_) in PARTIES

    def _schema(self, id_: str) -> str:
        return self._known("entity", id_)[0].schema

    def _entity(self, field: str, id_: str) -> Entity:
        party, key = self._known(field, id_)
        return party.entity(key)

    def _known(self, field: str, id_: str) -> tuple[Party, str]:
        known = self._party(id_)
        if known is None:
            raise BadRecord(field, id_, "is no entity of this file: a file has both ends of its ties")
        return known

    def _looked_up(self, id_: str) -> tuple[Party, str] | None:
        key = self._index.key_of(id_)
        text = self._index.description(key)
        return None if text is None else (Party.from_text(text), key)
