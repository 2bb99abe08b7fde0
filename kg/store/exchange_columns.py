"""Claims, documents and what people say of them as columns from which they come back whole.

A table of claims has the columns of `kg.store.columns`, and what else a claim has:

================================ ===================================================================================
retracted_at, outcome, reasons   when it was withdrawn; what the gate decided, and why
duration_text                    the duration as the source's reader wrote it: P18M, where the column has P1Y6M
subject_aliases, object_aliases  the spellings that sources use
subject_identifiers, object_…    what they identify the ends by, each as "kind:value"
================================ ===================================================================================

One of documents has all of them but their texts, of which it tells hash and length. One of judgements has what people
say of claims, of documents and of who is whom, with the whole record as JSON.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.judgements import Closing, IdentityJudgement, Judgement
from kg.model import Claim, Document, Entity
from kg.store.closing_codec import closing_record
from kg.store.columns import Validity, arrow, table_of
from kg.store.judgement_codec import identity_record, judgement_record

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Word", "documents_table", "exchange_table", "words_table"]

Word: TypeAlias = Judgement | Closing | IdentityJudgement
"""What somebody says."""
_TEXT_COLUMNS = ("retracted_at", "outcome", "duration_text")
_LIST_COLUMNS = ("reasons", "subject_aliases", "object_aliases", "subject_identifiers", "object_identifiers")
_OF_DOCUMENT = ("id", "lang", "title", "url", "published", "tier", "sha256")
_OF_WORD = ("id", "kind", "document", "claim", "verdict", "part", "author", "at", "undoes", "record")


def exchange_table(claims: Sequence[Claim], validity: Callable[[str], Validity]) -> "pa.Table":
    """Return claims as an Arrow table, in their order; `validity` is that of `kg.store.columns.table_of`."""
    pa = arrow()
    table = table_of(claims, validity)
    rows = [_row(claim) for claim in claims]
    for at, name in enumerate((*_TEXT_COLUMNS, *_LIST_COLUMNS)):
        kind = pa.string() if name in _TEXT_COLUMNS else pa.list_(pa.string())
        table = table.append_column(name, pa.array([row[at] for row in rows], kind))
    return table


def _row(claim: Claim) -> tuple[Any, ...]:
    """Return what the columns of a claim that `kg.store.columns` does not have hold of it."""
    object_ = claim.object
    other = object_ if isinstance(object_, Entity) else None
    return (
        *(claim.retracted_at, claim.outcome.value, claim.qualifiers.duration, list(claim.reasons)),
        *(list(claim.subject.aliases), None if other is None else list(other.aliases)),
        *(_identifiers(claim.subject), None if other is None else _identifiers(other)),
    )


def _identifiers(entity: Entity) -> list[str]:
    return [f"{kind}:{value}" for kind, value in entity.identifiers]


def documents_table(documents: Sequence[Document]) -> "pa.Table":
    """Return documents as an Arrow table, in their order."""
    pa = arrow()
    schema = pa.schema([*((name, pa.string()) for name in _OF_DOCUMENT), ("characters", pa.int64())])
    told = ({name: getattr(document, name) for name in _OF_DOCUMENT} for document in documents)
    rows = [row | {"characters": len(document.text)} for row, document in zip(told, documents, strict=True)]
    return pa.Table.from_pylist(rows, schema)


def words_table(words: Iterable[Word]) -> "pa.Table":
    """Return what people say as an Arrow table, in its order."""
    pa = arrow()
    return pa.Table.from_pylist(list(map(_word, words)), pa.schema([(name, pa.string()) for name in _OF_WORD]))


def _word(word: Word) -> dict[str, str | None]:
    told: dict[str, str | None] = {"id": word.id, "author": word.author, "at": word.at, "undoes": word.undoes}
    if isinstance(word, Closing):
        return told | {"kind": "closing", "document": word.document, "record": _json(closing_record(word))}
    if isinstance(word, IdentityJudgement):
        return told | {"kind": "identity", "verdict": word.verdict.value, "record": _json(identity_record(word))}
    told |= {"kind": "claim", "document": word.document, "claim": word.claim.id, "verdict": word.verdict.value}
    return told | {"part": None if word.part is None else word.part.value, "record": _json(judgement_record(word))}


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)
