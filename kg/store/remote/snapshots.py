"""Indexes of what stands behind an endpoint, in memory: made at the first asking, and again when it has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import TextsMissing
from kg.model import Document
from kg.store.api import DocumentClaims
from kg.store.judging import reading_now
from kg.store.near_duplicates import rows_among
from kg.store.register_index import RegisterIndex
from kg.store.text_index import TextIndex

if TYPE_CHECKING:
    from kg.store.remote.store import RemoteStore

__all__ = ["Snapshots", "comparable"]

_OF_REGISTERS = "SELECT ?id { ?document kg:tier kg:Register ; schema:identifier ?id }"
_JUDGED = "SELECT ?judgement { ?judgement a ?kind FILTER(?kind IN (kg:Judgement, kg:IdentityJudgement)) }"


@dataclass(slots=True)
class Snapshots:
    """The index of texts and that of what registers say, each with what it was made of."""

    _texts: tuple[frozenset[tuple[str, str]], TextIndex] | None = None
    _registers: tuple[frozenset[tuple[str, str]], RegisterIndex] | None = None

    def texts(self, store: "RemoteStore") -> TextIndex:
        """Return the index of texts; raise `TextsMissing` where the endpoint has not all of them."""
        stand, documents = _stand(store), store.graph.documents()
        if set(documents) - {id_ for id_, _ in stand}:
            host = store.graph.client.host
            raise TextsMissing(f"{host} has not the text of every document: they cannot be searched")
        if self._texts is None or self._texts[0] != stand:
            texts, identities = TextIndex(), store.identities
            texts.change((), (reading_now(store, id_, identities) for id_ in documents), many=True)
            self._texts = stand, texts
        return self._texts[1]

    def registers(self, store: "RemoteStore") -> RegisterIndex:
        """Return the index of what registers say."""
        stand = _stand(store)
        if self._registers is None or self._registers[0] != stand:
            registers = RegisterIndex()
            told = store.graph.records(store.graph.documents_with_records())
            # Of a document the index keeps its id and its records alone.
            readings = (DocumentClaims(Document(id_, "", "en"), (), records=records) for id_, records in told)
            registers.change((), readings, many=True)
            self._registers = stand, registers
        return self._registers[1]


def comparable(store: "RemoteStore", fingerprints: Mapping[str, str]) -> dict[str, str]:
    """Return the fingerprints of the documents that may be copies: as `kg.store.local_reader` chooses them."""
    rows = rows_among((row["id"].value for row in store.query(_OF_REGISTERS)), store.document)
    return {id_: one for id_, one in fingerprints.items() if id_ not in rows}


def _stand(store: "RemoteStore") -> frozenset[tuple[str, str]]:
    """What the endpoint holds by now: documents by their fingerprints, and what people say."""
    judged = {str(row["judgement"]) for row in store.query(_JUDGED)}
    return frozenset({*store.graph.fingerprints().items(), *((word, "") for word in judged)})
