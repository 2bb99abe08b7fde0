"""The index of texts: words of sentences and documents in any form and without accents, by Tantivy.

English words stand by their stems, accents folded. French ones stand twice, stemmed with their accents and without:
« cédée » is a form of « céder » by its accent alone, and who types « cedee » finds it all the same. Names stand a third
time, case kept, so that "Total" the company is no total. Beside the words stand facets, and of each entry what a hit
tells of it.
"""

import functools
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import formats
from kg.dates import first_day, last_day
from kg.errors import MissingExtra
from kg.model import Document
from kg.store.api import DocumentClaims
from kg.store.text_entries import UNJUDGED, TextEntry, entries, source_of

if TYPE_CHECKING:
    import tantivy

__all__ = ["FACETS", "FIELDS", "NAMES", "UNDATED", "TextIndex", "engine", "version"]

FIELDS: Mapping[str, tuple[str, ...]] = {"en": ("en",), "fr": ("fr", "fr_folded")}
"""The fields that the words of a text of each language stand in; those of documents have "document_" before."""
NAMES = "names"
FACETS = ("relation", "modality", "source", "year", "judged", "outcome", "lang")
"""What hits can be counted by, and chosen by."""
UNDATED = "undated"
_KEYS = ("kind", "document", "company")
_SMALL, _LARGE = 15_000_000, 64_000_000
"""Bytes that a writer may use for a few documents, and for all."""
_LONGEST_WORD = 200


def engine() -> Any:
    """Return the module tantivy; raise `MissingExtra` where it is not installed."""
    try:
        import tantivy
    except ImportError as error:
        raise MissingExtra("searching needs tantivy: pip install 'kg[search]'") from error
    return tantivy


def version() -> str:
    """What an index depends on beside the journal: its own format, and the engine's."""
    return f"{formats.TEXTS} {engine().__version__}"


@functools.cache
def _schema() -> "tantivy.Schema":
    builder = engine().SchemaBuilder()
    for level in ("", "document_"):
        for name in (*FIELDS["en"], *FIELDS["fr"], NAMES):
            builder.add_text_field(f"{level}{name}", tokenizer_name=f"kg_{name}")
    for name in (*_KEYS, *FACETS):
        builder.add_text_field(name, fast=name in FACETS, tokenizer_name="raw", index_option="basic")
    for name in ("first", "last"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_bytes_field("record", stored=True)
    return builder.build()  # type: ignore[no-any-return]


@functools.cache
def _analyzers() -> Mapping[str, "tantivy.TextAnalyzer"]:
    tantivy = engine()
    filters = tantivy.Filter
    lower, fold, short = filters.lowercase(), filters.ascii_fold(), filters.remove_long(_LONGEST_WORD)
    chains = {
        "en": (lower, fold, filters.stemmer("english")),
        "fr": (lower, filters.stemmer("french"), fold),
        "fr_folded": (lower, fold, filters.stemmer("french")),
        NAMES: (fold,),
    }
    analyzers = {}
    for name, chain in chains.items():
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        for one in (short, *chain):
            builder = builder.filter(one)
        analyzers[name] = builder.build()
    return analyzers


class TextIndex:
    """An index of texts in a folder, which must be there, or in memory."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the index in a folder, or begin one."""
        tantivy = engine()
        self.folder = folder
        self.schema = _schema()
        self._index = tantivy.Index(self.schema) if folder is None else tantivy.Index(self.schema, str(folder))
        for name, analyzer in _analyzers().items():
            self._index.register_tokenizer(f"kg_{name}", analyzer)
        # By hand: looking for commits of others would take a thread.
        self._index.config_reader("manual")
        self.searcher = self._index.searcher()

    def change(self, gone: Iterable[str], readings: Iterable[DocumentClaims], *, many: bool = False) -> None:
        """Take out documents by their ids, and take in readings; `many` are written with more memory."""
        writer = self._index.writer(_LARGE if many else _SMALL, 1)
        for document in gone:
            writer.delete_documents_by_term("document", document)
        for reading in readings:
            for entry in entries(reading):
                writer.add_document(_tantivy_document(reading.document, entry))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self.searcher = self._index.searcher()

    @staticmethod
    def words(field: str, text: str) -> list[str]:
        """Return the words of a text as a field has them."""
        return _analyzers()[field].analyze(text)

    @staticmethod
    def places(field: str, text: str) -> list[tuple[str, int, int]]:
        """Return the words of a text as a field has them, each with where it begins and ends, in characters."""
        tokens = _analyzers()[field].pre_tokenize(text).tokens
        return [(token.text, token.char_offset_from, token.char_offset_to) for token in tokens]


def _tantivy_document(document: Document, entry: TextEntry) -> "tantivy.Document":
    new = engine().Document()
    lang = "fr" if document.lang.partition("-")[0] == "fr" else "en"
    text, level = document.text[entry.start : entry.end], ""
    if entry.is_document:
        text, level = "\n".join(filter(None, (document.title, text))), "document_"
    for name in (*FIELDS[lang], NAMES):
        new.add_text(f"{level}{name}", text)
    facets = {
        "kind": ["document" if entry.is_document else "sentence"],
        "document": [document.id],
        "company": entry.companies,
        "relation": entry.relations,
        "modality": entry.modalities,
        "source": [source_of(document)],
        "year": [UNDATED if document.published is None else document.published[:4]],
        "judged": entry.verdicts or (UNJUDGED,),
        "outcome": [entry.outcome],
        "lang": [lang],
    }
    for name, values in facets.items():
        for value in values:
            new.add_text(name, value)
    if document.published is not None:
        new.add_integer("first", first_day(document.published).toordinal())
        new.add_integer("last", last_day(document.published).toordinal())
    new.add_bytes("record", json.dumps(_record(document, entry)).encode())
    return new  # type: ignore[no-any-return]


def _record(document: Document, entry: TextEntry) -> dict[str, Any]:
    """What a hit tells of an entry; the text of a document is the store's."""
    return {
        "document": document.id,
        "title": document.title,
        "published": document.published,
        "source": source_of(document),
        "lang": document.lang,
        "start": entry.start,
        "end": entry.end,
        "text": None if entry.is_document else document.text[entry.start : entry.end],
        "claims": entry.claims,
        "relations": entry.relations,
        "modalities": entry.modalities,
        "outcome": entry.outcome,
        "verdicts": entry.verdicts,
    }
