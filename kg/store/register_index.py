"""The index of what registers say, by Tantivy: records by the identifiers, the words and the letters of their names.

It proposes; `kg.resolve.names` compares. A name is looked up by its words, where rare ones count more than common ones.
Only where these find nothing is it looked up by its letters, three at a time, which costs more and finds what is
spelt wrong.
"""

import functools
import itertools
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import formats
from kg.resolve import RegisterRecord
from kg.resolve.names import NameForm, normalise
from kg.store.api import DocumentClaims
from kg.store.record_codec import name_form_from, name_form_record, record_from, register_record
from kg.store.text_index import engine

if TYPE_CHECKING:
    import tantivy

__all__ = ["Listed", "RegisterIndex", "version"]

_SMALL, _LARGE = 15_000_000, 128_000_000
"""Bytes that a writer may use for a few records, and for all."""
_RAW = ("document", "identifier", "key", "initials", "part")
_WORDS, _LETTERS = "words", "letters"
_PARTS = 1 << 10
"""Parts in which all records are walked through: each is in memory at once."""
_GRAM = 3
_FAR = 0.3
"""Of the rank of the best hit: what ranks lower shares a common word with the name, or a few letters."""
_FAR_LETTERS = 0.5
"""The same of what is found by letters: a typing error leaves most of them."""
_RAREST = 12
"""Letters, three at a time, that a name is looked up by, the rarest: common ones are in a tenth of all names."""
_MOST = 4
"""Words of a name that are looked up, the rarest: the others are what many names have."""


def version() -> str:
    """What an index depends on beside the journal: its own format, and the engine's."""
    return f"{formats.REGISTERS} {engine().__version__}"


@functools.cache
def _schema() -> "tantivy.Schema":
    builder = engine().SchemaBuilder()
    for name in _RAW:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (_WORDS, _LETTERS):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("record", "names"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Listed:
    """A record that was found, so far as it takes to compare names; all of it is read when it is asked for.

    `place` is where it stands in its index. `type` is the entity's class, `country` two letters, `forms` its names,
    but for keys that stand for one, each prepared for comparison.
    """

    place: tuple[int, int]
    type: str
    country: str | None
    forms: tuple[NameForm, ...]
    _told: bytes

    @property
    def record(self) -> RegisterRecord:
        """The record."""
        return record_from(json.loads(self._told))


class RegisterIndex:
    """An index of registers' records in a folder, which must be there, or in memory."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the index in a folder, or begin one."""
        tantivy = engine()
        self.folder = folder
        self._schema = _schema()
        self._index = tantivy.Index(self._schema) if folder is None else tantivy.Index(self._schema, str(folder))
        # By hand: looking for commits of others would take a thread.
        self._index.config_reader("manual")
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def change(self, gone: Iterable[str], readings: Iterable[DocumentClaims], *, many: bool = False) -> None:
        """Take out documents by their ids, and take in the records of readings; `many` are written with more memory."""
        writer = self._index.writer(_LARGE if many else _SMALL, 1)
        for document in gone:
            writer.delete_documents_by_term("document", document)
        for reading in readings:
            for record in reading.records:
                writer.add_document(_tantivy_document(reading.document.id, record))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def __iter__(self) -> Iterator[Listed]:
        """Yield all records, in an order that depends on nothing but what they say; few are in memory at once."""
        for part in range(_PARTS):
            query = self._term("part", str(part))
            if count := self._searcher.search(query, 1).count:
                yield from sorted(self._found(query, count), key=lambda listed: listed._told)  # noqa: SLF001 - its own

    def with_identifier(self, kind: str, value: str) -> Iterator[Listed]:
        """Yield the records that have an identifier (in its one spelling: `kg.identifiers.canonical`)."""
        yield from self._found(self._term("identifier", f"{kind}:{value}"), 64)

    def like(self, name: NameForm, limit: int = 30, *, letters: bool = False) -> list[Listed]:
        """Return records with names like another, the likest first as far as words can tell.

        Args:
            name: prepared by `kg.resolve.names.normalise`.
            limit: how many at most.
            letters: look the name up by its letters, for what its words do not find.

        """
        tantivy = engine()
        should = tantivy.Occur.Should
        if letters:
            held = [(self._searcher.doc_freq(_LETTERS, gram), gram) for gram in _grams(name.joined)]
            rarest = sorted(pair for pair in held if pair[0])[:_RAREST]
            parts = [(should, self._term(_LETTERS, gram)) for _, gram in rarest]
        else:
            ranked = sorted(zip(name.words, name.weights, strict=True), key=lambda pair: (-pair[1], pair[0]))
            words = [word for word, _ in ranked[:_MOST]] + [*name.spellings]
            parts = [(should, self._term(_WORDS, word)) for word in dict.fromkeys(words)]
            parts.append((should, self._term(_WORDS, name.joined)))
            parts += [(should, self._term("key", name.key))] if name.key else []
            parts += [(should, self._term("initials", initials)) for initials in _acronyms(name)]
        far = _FAR_LETTERS if letters else _FAR
        return list(self._found(tantivy.Query.boolean_query(parts), limit, far)) if parts else []

    def _term(self, field: str, value: str) -> "tantivy.Query":
        return engine().Query.term_query(self._schema, field, value)  # type: ignore[no-any-return]

    def _found(self, query: "tantivy.Query", limit: int, far: float = 0.0) -> Iterator[Listed]:
        hits = self._searcher.search(query, limit, count=False).hits
        for score, address in hits:
            if score < far * hits[0][0]:
                return
            document = self._searcher.doc(address)
            type_, country, forms = json.loads(bytes(document["names"][0]))
            place = address.segment_ord, address.doc
            yield Listed(place, type_, country, tuple(map(name_form_from, forms)), bytes(document["record"][0]))


def _tantivy_document(document: str, record: RegisterRecord) -> Any:
    new = engine().Document()
    keys = {value for _, value in record.entity.identifiers}
    # Who refers to an entity by its key alone gives it no name.
    forms = [normalise(name) for name in record.names if name not in keys]
    values = {
        "document": [document],
        "part": [str(zlib.crc32(document.encode()) % _PARTS)],
        "identifier": [f"{kind}:{value}" for kind, value in record.entity.identifiers],
        "key": dict.fromkeys(form.key for form in forms if form.key),
        "initials": dict.fromkeys(itertools.chain.from_iterable(form.initials for form in forms)),
    }
    for name, texts in values.items():
        for text in texts:
            new.add_text(name, text)
    for form in forms:
        new.add_text(_WORDS, " ".join(dict.fromkeys((*form.words, *form.spellings, form.joined))))
        new.add_text(_LETTERS, " ".join(_grams(form.joined)))
    country = record.country[:2] if record.country else None
    names = record.entity.type, country, [name_form_record(form) for form in forms]
    for name, told in (("record", register_record(record)), ("names", names)):
        new.add_bytes(name, json.dumps(told, ensure_ascii=False).encode())
    return new


def _grams(text: str) -> Sequence[str]:
    padded = f"_{text}_"
    return tuple(dict.fromkeys(padded[at : at + _GRAM] for at in range(max(len(padded) - _GRAM + 1, 1))))


def _acronyms(name: NameForm) -> Iterator[str]:
    """Yield what stands for longer names where a name may be their initials."""
    if len(name.words) == 1 and 2 <= len(name.joined) <= 6:  # noqa: PLR2004 - as acronyms are long
        yield name.joined
