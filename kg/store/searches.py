"""The two indexes that are searched, of texts and of what registers say, each in its folder."""

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from kg.store import register_index, text_index
from kg.store.index import Index
from kg.store.journal import Journal
from kg.store.register_index import RegisterIndex
from kg.store.search_cache import SearchCache, SearchKind
from kg.store.text_index import TextIndex

__all__ = ["REGISTERS", "TEXTS", "Searches"]

TEXTS, REGISTERS = "texts", "registers"
"""The names of their folders in a store."""

_TEXTS = SearchKind(text_index.version, TextIndex, Index.documents)
_RECORDS = SearchKind(register_index.version, RegisterIndex, Index.documents_with_records)


@dataclass(frozen=True, slots=True)
class Searches:
    """Where the indexes are kept: without folders in memory."""

    texts: SearchCache[TextIndex] = field(default_factory=functools.partial(SearchCache, _TEXTS))
    registers: SearchCache[RegisterIndex] = field(default_factory=functools.partial(SearchCache, _RECORDS))

    @classmethod
    def below(cls, folder: Path, base: Path | None = None) -> Self:
        """Return those of a store's folder; `base` is that of another store, from which they may be taken over."""
        texts, registers = (
            SearchCache(kind, folder / name, None if base is None else base / name)
            for kind, name in ((_TEXTS, TEXTS), (_RECORDS, REGISTERS))
        )
        return cls(texts, registers)

    def make(self, journal: Journal, index: Index) -> None:
        """Bring both up to date; raise `MissingExtra` without tantivy."""
        self.texts.at(journal, index)
        self.registers.at(journal, index)

    def link(self, folder: Path) -> None:
        """Give a folder all that they have; raise `OSError` where that cannot be."""
        self.texts.link(folder / TEXTS)
        self.registers.link(folder / REGISTERS)

    def close(self) -> None:
        """Let go of what is held in memory."""
        self.texts.close()
        self.registers.close()
