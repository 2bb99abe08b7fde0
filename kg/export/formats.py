"""The formats by name, and the one door to them."""

import json
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import BinaryIO

from kg.errors import KgError, did_you_mean
from kg.export import network, rdf, table
from kg.store import Store
from kg.store.record import claim_record

__all__ = ["FORMATS", "export", "format_of"]


def _jsonl(store: Store, out: BinaryIO) -> None:
    """Claims as JSON lines, kg-claims/1."""
    out.writelines(json.dumps(claim_record(claim), ensure_ascii=False).encode() + b"\n" for claim in store.claims())


FORMATS: Mapping[str, tuple[str, Callable[[Store, BinaryIO], object]]] = {
    "turtle": (".ttl", lambda store, out: rdf.write_turtle(store.quads(), out)),
    "trig": (".trig", lambda store, out: rdf.write_trig(store.quads(), out)),
    "nquads": (".nq", lambda store, out: rdf.write_nquads(store.quads(), out)),
    "jsonld": (".jsonld", lambda store, out: rdf.write_jsonld_of(store.quads(), out)),
    "graphml": (".graphml", lambda store, out: network.graphml(store.claims(), out)),
    "csv": (".csv", lambda store, out: table.write_csv(store.claims(), out)),
    "jsonl": (".jsonl", _jsonl),
}
"""What can be written: the name, the ending of its files, how it is done."""


def format_of(path: str) -> str:
    """Return the format that a file's name asks for; raise `KgError` where it asks for none."""
    ending = PurePath(path).suffix.lower()
    for name, (known, _) in FORMATS.items():
        if ending == known:
            return name
    endings = ", ".join(known for known, _ in FORMATS.values())
    raise KgError(f"'{path}' does not tell a format: give --format ({', '.join(FORMATS)}), or one of {endings}")


def export(store: Store, form: str, out: BinaryIO) -> None:
    """Write a store in a format of `FORMATS`; raise `KgError` for a name that there is not."""
    if form not in FORMATS:
        raise KgError(f"no format '{form}': choose one of {', '.join(FORMATS)}.{did_you_mean(form, FORMATS)}")
    FORMATS[form][1](store, out)
