"""Documents read to the end as a folder of gold (kg-gold/1): ``gold/`` has the annotations, ``texts/`` the texts."""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from kg.errors import QueryError, StoreFull
from kg.evaluation.gold_record import gold_record
from kg.judgements import ClosedDocument

__all__ = ["write_gold"]

_LONGEST = 100


def write_gold(documents: Iterable[ClosedDocument], folder: Path) -> int:
    """Write closed documents into a new folder; return how many.

    Raises `QueryError` where there are none, or the folder holds something; `StoreFull` where it cannot be written.
    """
    documents = tuple(documents)
    if not documents:
        raise QueryError("no document is read to the end: 'kg close DOCUMENT' says that one is")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise QueryError(f"{folder} holds something already: name a new folder for gold")
    taken: set[str] = set()
    try:
        for part in ("gold", "texts"):
            (folder / part).mkdir(parents=True)
        for document in documents:
            _write(document, folder, taken)
    except OSError as error:
        raise StoreFull(f"{folder} cannot be written: {error.strerror}; free space or choose another place") from error
    return len(documents)


def _write(document: ClosedDocument, folder: Path, taken: set[str]) -> None:
    name = _file_name(document.document.id, taken)
    record = gold_record(document.document, document.claims, document.rejected)
    record |= {"text_file": f"texts/{name}", "annotator": document.closing.author}
    # Bytes, since gold counts the characters of the text as it is: line ends stay.
    (folder / "texts" / name).write_bytes(document.document.text.encode())
    text = json.dumps(record, ensure_ascii=False, indent=1)
    (folder / "gold" / f"{name.removesuffix('.txt')}.gold.json").write_bytes(f"{text}\n".encode())


def _file_name(id_: str, taken: set[str]) -> str:
    """Return the name of a file for a document's text, one that no other document has, whatever its case."""
    stem = re.sub(r"[^\w.-]+", "_", id_).strip("._").removesuffix(".txt")[:_LONGEST] or "document"
    if stem.casefold() in taken:
        stem = f"{stem}-{hashlib.sha256(id_.encode()).hexdigest()[:8]}"
    taken.add(stem.casefold())
    return f"{stem}.txt"
