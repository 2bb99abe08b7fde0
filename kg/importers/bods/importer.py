"""A file of BODS as a register: a chunk a record, with all the statements on it that the file has."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.importers.bods.entities import party_of
from kg.importers.bods.records import METHOD, RecordReader
from kg.importers.bods.statements import statement_of, statements_in
from kg.importers.contract import Chunk
from kg.importers.record_chunks import BadRecord, LeftOut, rejected_chunk, source_name
from kg.importers.record_index import RecordIndex
from kg.importers.register_file import RegisterFile

__all__ = ["BodsRegister"]


@dataclass(slots=True)
class BodsRegister(RegisterFile):
    """The statements of a file of BODS: see `kg.importers.contract.Register`.

    A record's document has all statements on it, in the order of the file; ids are ``bods/NAME/RECORD``. `name` tells
    one source from another, by default as the file is called. `retrieved` dates statements that have no date.
    """

    _source: str = field(default="", init=False)

    def __post_init__(self) -> None:
        """Check the date and the name."""
        RegisterFile.__post_init__(self)
        self._source = source_name(self.path, self.name)

    @property
    def prefix(self) -> str:
        """How the ids of its documents begin."""
        return f"bods/{self._source}/"

    def chunks(self) -> Iterator[Chunk]:
        """Yield the file record by record. Raises `DocumentError` for a file that is no JSON, or is cut off."""
        self._left_out = LeftOut()
        with RecordIndex() as index:
            self._scan(index)
            if index.has_aliases:
                # Only now is it known which statements are of one record.
                index.forget_counts()
                self._scan(index)
            reader = RecordReader(index, self.path, self._source, self.retrieved, self._left_out)
            for piece, value in statements_in(self.path):
                try:
                    statement = statement_of(piece, value)
                except BadRecord as error:
                    yield rejected_chunk(METHOD, [piece], error)
                    continue
                key = index.key_of(statement.record)
                if pieces := index.gathered(key, piece):
                    yield reader.chunk(f"{self.prefix}{key}", key, pieces, statement)

    def _scan(self, index: RecordIndex) -> None:
        """Note which statements are of which record, and whom the records are about."""
        for piece, value in statements_in(self.path):
            try:
                statement = statement_of(piece, value)
            except BadRecord:
                continue
            for old in statement.replaces:
                index.alias(statement.record, old)
            key = index.key_of(statement.record)
            index.count(key)
            if statement.kind != "relationship":
                try:
                    index.describe(key, party_of(statement).text(), statement.date or "")
                except BadRecord:
                    continue
