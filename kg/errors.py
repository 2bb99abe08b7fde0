"""Everything that can go wrong, as one tree.

KgError                     anything that kg reports to its user in one line
├── DocumentError           a source that cannot be read: missing, binary, empty, wrong encoding …
│   └── UnknownLanguage     neither French nor English
├── ReadingFailed           a document on which a reader broke down, was killed or took too long
├── ModelFailed             a language model that gave no usable answer
│   └── BudgetSpent         the build has spent what it may
├── EdgeListError           a list of edges with a header or with rows that do not hold
├── InvalidRecord           a record that breaks its own rules (a bad date, a percentage of 140 …)
├── ConfigError             a configuration of kg watch that does not hold
├── BundleError             a bundle of kg bundle that is damaged, changed or none
├── AnnotationError         gold, a corpus or claims to be scored that do not hold
├── OntologyError           a file of ontology/ that does not say what it must
├── StoreError              the store refuses
│   ├── NotAStore           the folder holds something else
│   ├── StoreInUse          another process holds the store
│   ├── StoreFull           the disk is full or read-only
│   ├── JournalDamaged      the journal's checksums do not hold
│   ├── TextsMissing        the store keeps no texts of its documents
│   └── UnknownDocument     no document of that name
├── QueryError              a query that cannot be answered
│   ├── UnknownQuery        no library query of that name
│   ├── UnknownEntity       no entity of that name in the graph
│   └── NotUnderstood       a question in words of which something is not understood
└── MissingExtra            an optional library is not installed
    └── MissingReader       the one that reads a kind of file

A message holds the value, the rule that it broke and the next step, on one line.
"""

import difflib
from collections.abc import Iterable, Sequence

__all__ = [
    "AnnotationError",
    "BudgetSpent",
    "BundleError",
    "ConfigError",
    "DocumentError",
    "EdgeListError",
    "InvalidRecord",
    "JournalDamaged",
    "KgError",
    "MissingExtra",
    "MissingReader",
    "ModelFailed",
    "NotAStore",
    "NotUnderstood",
    "OntologyError",
    "QueryError",
    "ReadingFailed",
    "StoreError",
    "StoreFull",
    "StoreInUse",
    "TextsMissing",
    "UnknownDocument",
    "UnknownEntity",
    "UnknownLanguage",
    "UnknownQuery",
    "did_you_mean",
    "unknown_document",
]


class KgError(Exception):
    """Anything that kg reports to its user, in one line."""


class DocumentError(KgError):
    """A source that cannot be read."""


class UnknownLanguage(DocumentError):
    """A text in a language that kg has no reader for."""


class ReadingFailed(KgError):
    """A document on which a reader broke down, was killed or took too long."""


class ModelFailed(KgError):
    """A language model could not be reached, or gave no usable answer."""


class BudgetSpent(ModelFailed):
    """A language model was not asked: what a build may spend on it is spent."""


class EdgeListError(KgError):
    """A list of edges with a header or with rows that do not hold; `rejected` are all of them.

    They are `kg.importers.edges.columns.RejectedRow` records, which name the row, the column, the value and the reason.
    """

    def __init__(self, message: str, rejected: Iterable[object] = ()) -> None:
        super().__init__(message)
        self.rejected = tuple(rejected)


class ConfigError(KgError):
    """A configuration of kg watch that does not hold; `problems` has a line for each thing that is wrong."""

    def __init__(self, message: str, problems: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems) or (message,)


class BundleError(KgError):
    """A bundle that is damaged, was changed, or is none; `problems` has a line for each thing that is wrong."""

    def __init__(self, message: str, problems: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems) or (message,)


class InvalidRecord(KgError, ValueError):
    """A record that breaks one of its own invariants."""


class AnnotationError(KgError):
    """Gold annotations, a corpus of sentences or claims to be scored that do not hold."""


class OntologyError(KgError):
    """A file of ``ontology/`` that does not say what it must."""


class StoreError(KgError):
    """The store refuses."""


class NotAStore(StoreError):
    """The folder holds something that kg did not write."""


class StoreInUse(StoreError):
    """Another process holds the store."""


class StoreFull(StoreError):
    """The disk is full, or the folder cannot be written."""


class JournalDamaged(StoreError):
    """The journal's checksums do not hold."""


class TextsMissing(StoreError):
    """The store has not the texts of its documents, as a graph without its journal."""


class UnknownDocument(StoreError):
    """The store holds no document of that name."""


class QueryError(KgError):
    """A query that cannot be answered."""


class UnknownQuery(QueryError):
    """The library has no query of that name."""


class UnknownEntity(QueryError):
    """The graph holds no entity of that name."""


class NotUnderstood(QueryError):
    """A question in words that is not understood.

    `reason` is a code of `kg.wording.asking`, `words` are what was not understood, `nearest` are questions that can be
    asked, as one would type them.
    """

    def __init__(self, message: str, reason: str = "", words: Sequence[str] = (), nearest: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.reason = reason
        self.words = tuple(words)
        self.nearest = tuple(nearest)


class MissingExtra(KgError):
    """An optional library is not installed."""


class MissingReader(MissingExtra):
    """The library that reads a kind of file is not installed: other files can be read."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean 'x' or 'y'?" for the known words close to `word`, else ""."""
    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=3, cutoff=0.6)
    if not close:
        return ""
    return " Did you mean " + " or ".join(f"'{by_folded[name]}'" for name in close) + "?"


def unknown_document(id_: str, documents: Sequence[str]) -> UnknownDocument:
    """Return the error that a store holds no document of an id, with those that may have been meant."""
    some = f" It holds {len(documents)}, such as '{documents[0]}'." if documents else ""
    return UnknownDocument(f"the store holds no document '{id_}'.{did_you_mean(id_, documents) or some}")
