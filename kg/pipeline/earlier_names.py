"""Names that an earlier state of a register's record had: a company is found by them after they were replaced."""

from dataclasses import replace

from kg.importers.contract import Chunk
from kg.resolve import DatedName, RegisterRecord
from kg.store import Store

__all__ = ["with_earlier_names"]


def with_earlier_names(store: Store, chunk: Chunk) -> tuple[RegisterRecord, ...]:
    """Return the records of a chunk, each with the names that the state in the store has and it has no longer.

    They are former names, until the day on which the new state was published at the latest. Those that the register
    gives itself, with its own days, stay as it gives them.
    """
    if chunk.document is None or not chunk.records or not store.holds(chunk.document.id):
        return chunk.records
    held = {(one.register, one.key): one for one in store.records(document=chunk.document.id)}
    published = chunk.document.published
    return tuple(_with_names(new, held.get((new.register, new.key)), published) for new in chunk.records)


def _with_names(new: RegisterRecord, old: RegisterRecord | None, published: str | None) -> RegisterRecord:
    if old is None:
        return new
    former = {one.name: one for one in old.former_names}
    # Who is referred to by a key alone has no name by it.
    known = {*new.names, *(value for _, value in old.entity.identifiers)}
    gone = tuple(former.get(name) or DatedName(name, end=published) for name in old.names if name not in known)
    return replace(new, former_names=(*new.former_names, *gone)) if gone else new
