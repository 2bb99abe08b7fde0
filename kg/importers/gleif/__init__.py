"""GLEIF: who is who (level 1), who consolidates whom (level 2) and why no parent is reported, in all its formats.

What of it becomes what is told in ``docs/reference/registers/gleif.md``.
"""

from pathlib import Path

from kg.importers.contract import Register

__all__ = ["reader", "recognises"]


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file that begins so, unpacked, is one of GLEIF's; its `name` is not asked.

    >>> recognises(b"LEI,Entity.LegalName,Entity.LegalAddress.Country", "lei.csv")
    True

    """
    from kg.importers.gleif.heads import is_gleif

    del name
    return is_gleif(head)


def reader(path: Path, *, name: str | None = None, retrieved: str | None = None, is_delta: bool = False) -> Register:
    """Return what reads a file of GLEIF.

    Args:
        path: the file, which may be packed (.gz, .zip).
        name: what the source is called in the graph, with which the ids of its documents begin; by default "gleif".
        retrieved: the day on which it was fetched, a partial date, for records that tell no day of their own.
        is_delta: whether it has only what changed; a file of changes that says so is one by itself.

    """
    from kg.importers.gleif.importer import GleifRegister

    return GleifRegister(path, name=name, retrieved=retrieved, is_delta=is_delta)
