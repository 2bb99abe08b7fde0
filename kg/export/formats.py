"""The formats by name, and the one door to them."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import BinaryIO, TypeAlias

import pyoxigraph as ox

from kg.errors import KgError, did_you_mean
from kg.export import network, rdf, table
from kg.store import Store
from kg.store.json_codec import claim_line

__all__ = ["FORMATS", "export", "format_of"]


_Writer: TypeAlias = Callable[[Store, BinaryIO, dt.date | None], tuple[str, ...]]


def _rdf(write: Callable[[Iterable[ox.Quad], BinaryIO], None]) -> _Writer:
    """A writer of quads, which every RDF format holds whole, as a writer of a store."""

    def written(store: Store, out: BinaryIO, _today: dt.date | None) -> tuple[str, ...]:
        write(store.quads(), out)
        return ()

    return written


def _jsonl(store: Store, out: BinaryIO, _today: dt.date | None) -> tuple[str, ...]:
    """Claims as JSON lines (kg-claims/1)."""
    out.writelines(claim_line(claim) for claim in store.claims())
    return ()


FORMATS: Mapping[str, tuple[str, _Writer]] = {
    "turtle": (".ttl", _rdf(rdf.write_turtle)),
    "trig": (".trig", _rdf(rdf.write_trig)),
    "nquads": (".nq", _rdf(rdf.write_nquads)),
    "jsonld": (".jsonld", _rdf(rdf.write_jsonld)),
    "graphml": (".graphml", lambda store, out, today: network.graphml(store.claims(), out, today=today)),
    "csv": (".csv", lambda store, out, today: table.write_csv(store.claims(), out, today=today)),
    "jsonl": (".jsonl", _jsonl),
}
"""What can be written: the name, the ending of its files, how it is done."""


def format_of(path: str) -> str:
    """Return the format that a file's name asks for; raise `KgError` where it asks for none."""
    ending = PurePath(path).suffix.lower()
    for name, (suffix, _) in FORMATS.items():
        if ending == suffix:
            return name
    endings = ", ".join(suffix for suffix, _ in FORMATS.values())
    raise KgError(f"'{path}' does not tell a format: give --format ({', '.join(FORMATS)}), or one of {endings}")


def export(store: Store, form: str, out: BinaryIO, *, today: dt.date | None = None) -> tuple[str, ...]:
    """Write a store in a format of `FORMATS`, and return a note on each text that the format cannot hold.

    `today` is the day for which tables and GraphML say what is a fact, by default the day of `kg.settings`; RDF holds
    the edges of the day at which the store stands, and JSON lines hold no decision. Raises `KgError` for a name that
    there is not.
    """
    if form not in FORMATS:
        raise KgError(f"no format '{form}': choose one of {', '.join(FORMATS)}.{did_you_mean(form, FORMATS)}")
    return FORMATS[form][1](store, out, today)
