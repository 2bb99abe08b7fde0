"""Wikidata: items of a JSON dump, a line each, and saved results of SPARQL queries."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.importers.contract import Register

__all__ = ["reader", "recognises"]

_ITEM = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{(?=[^\n]{0,400}"type"\s*:\s*"item")(?=[^\n]{0,400}"id"\s*:\s*"Q\d)'
)
_RESULTS = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"head"\s*:\s*\{\s*(?:"link"\s*:\s*\[[^\]]*\]\s*,\s*)?"vars"\s*:')
_ENTITY = re.compile(rb'"http://www\.wikidata\.org/entity/Q\d')


def recognises(head: bytes, name: str) -> bool:
    """Whether a file that begins so is of Wikidata; its `name` does not matter.

    Results of a query are recognised where an item stands in their first 64 KiB.

    >>> recognises(b'{"type":"item","id":"Q95","labels":{}}', "x.json")
    True

    """
    del name
    return bool(_ITEM.match(head) or (_RESULTS.match(head) and _ENTITY.search(head)))


def reader(path: Path, *, name: str | None, retrieved: str | None, is_delta: bool) -> "Register":
    """Return what reads a file of Wikidata. Raises `DocumentError` for another file.

    Args:
        path: lines of a dump, or of a part of one, with or without the brackets of the array; results of a query in
            SPARQL 1.1 Query Results JSON Format, whose variables are those of `kg.importers.wikidata.results`.
        name: how the ids of documents begin, by default "wikidata".
        retrieved: when the file was fetched; items of a dump tell when they were last changed.
        is_delta: whether items that the file lacks stay.

    """
    from kg.errors import DocumentError
    from kg.importers.registers import head_of
    from kg.importers.wikidata.dump import DumpRegister
    from kg.importers.wikidata.results import ResultsRegister

    head = head_of(path)
    if _ITEM.match(head):
        return DumpRegister(path, name=name, retrieved=retrieved, is_delta=is_delta)
    if _RESULTS.match(head):
        return ResultsRegister(path, name=name, retrieved=retrieved, is_delta=is_delta)
    raise DocumentError(f"{path} is no file of Wikidata: give lines of a JSON dump, or results of a query as JSON")
