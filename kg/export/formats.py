"""The formats by name, and the one door to them."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import BinaryIO, TypeAlias

import pyoxigraph as ox

from kg.errors import KgError, did_you_mean
from kg.export import network, rdf, table
from kg.export.bods import write_bods
from kg.export.ftm import write_ftm
from kg.export.wikidata import write_wikidata
from kg.model import Claim, Outcome
from kg.query.claims import find_claims
from kg.settings import today as current_day
from kg.store import Store
from kg.store.json_codec import claim_line

__all__ = ["FORMATS", "export", "format_of"]


_ADMITTED = frozenset({Outcome.ADMITTED})
_Writer: TypeAlias = Callable[[Store, BinaryIO, dt.date | None, Collection[Outcome]], tuple[str, ...]]


def _rdf(write: Callable[[Iterable[ox.Quad], BinaryIO], None]) -> _Writer:
    """A writer of quads, which every RDF format holds whole, as a writer of a store."""

    def written(store: Store, out: BinaryIO, _today: dt.date | None, outcomes: Collection[Outcome]) -> tuple[str, ...]:
        if set(outcomes) != _ADMITTED:
            raise KgError("RDF holds admitted claims alone: export the others as jsonl, csv or graphml")
        write(store.quads(), out)
        return ()

    return written


def _claims(write: Callable[[Iterable[Claim], BinaryIO, dt.date | None, str | None], tuple[str, ...]]) -> _Writer:
    """A writer of claims as a writer of a store: of those that have one of some outcomes, and of leads if asked for."""

    def written(store: Store, out: BinaryIO, today: dt.date | None, outcomes: Collection[Outcome]) -> tuple[str, ...]:
        selection = store.selection
        wanted = {*outcomes, Outcome.TO_REVIEW} if selection.leads else outcomes
        return write(find_claims(store, wanted), out, today, selection.words() if selection.narrows else None)

    return written


def _jsonl(claims: Iterable[Claim], out: BinaryIO, _today: dt.date | None, selection: str | None) -> tuple[str, ...]:
    """Claims as JSON lines (kg-claims/1)."""
    out.writelines(claim_line(claim, selection) for claim in claims)
    return ()


def _csv(claims: Iterable[Claim], out: BinaryIO, today: dt.date | None, selection: str | None) -> tuple[str, ...]:
    return table.write_csv(claims, out, today=today, selection=selection)


def _graphml(claims: Iterable[Claim], out: BinaryIO, today: dt.date | None, selection: str | None) -> tuple[str, ...]:
    return network.graphml(claims, out, today=today, selection=selection)


def _exchange(write: Callable[[Store, Iterable[Claim], BinaryIO, dt.date], tuple[str, ...]]) -> _Writer:
    """A writer of another standard, which has terms for admitted claims alone, as a writer of a store."""

    def written(store: Store, out: BinaryIO, today: dt.date | None, outcomes: Collection[Outcome]) -> tuple[str, ...]:
        if set(outcomes) != _ADMITTED:
            raise KgError("this format holds admitted claims alone: export the others as jsonl, csv or graphml")
        return write(store, find_claims(store, outcomes), out, today or current_day())

    return written


def _ftm(store: Store, claims: Iterable[Claim], out: BinaryIO, _today: dt.date) -> tuple[str, ...]:
    return write_ftm(store, claims, out)


FORMATS: Mapping[str, tuple[str, _Writer]] = {
    "turtle": (".ttl", _rdf(rdf.write_turtle)),
    "trig": (".trig", _rdf(rdf.write_trig)),
    "nquads": (".nq", _rdf(rdf.write_nquads)),
    "jsonld": (".jsonld", _rdf(rdf.write_jsonld)),
    "graphml": (".graphml", _claims(_graphml)),
    "csv": (".csv", _claims(_csv)),
    "jsonl": (".jsonl", _claims(_jsonl)),
    "bods": (".bods.json", _exchange(write_bods)),
    "ftm": (".ftm.json", _exchange(_ftm)),
    "wikidata": (".wikidata.json", _exchange(write_wikidata)),
}
"""What can be written: the name, the ending of its files, how it is done."""


def format_of(path: str) -> str:
    """Return the format that a file's name asks for; raise `KgError` where it asks for none."""
    for name, (suffix, _) in FORMATS.items():
        if path.lower().endswith(suffix):
            return name
    endings = ", ".join(suffix for suffix, _ in FORMATS.values())
    raise KgError(f"'{path}' does not tell a format: give --format ({', '.join(FORMATS)}), or one of {endings}")


def export(
    store: Store,
    form: str,
    out: BinaryIO,
    *,
    today: dt.date | None = None,
    outcomes: Collection[Outcome] = _ADMITTED,
) -> tuple[str, ...]:
    """Write a store in a format of `FORMATS`; return a note on each text that the format cannot hold.

    Of a store that is narrowed the file says so, and so does a note.

    `today` is the day for which tables and GraphML say what is a fact, by default the day of `kg.settings`; RDF holds
    the edges of the day at which the store stands, and JSON lines hold no decision. `outcomes` are those of the claims
    to write. Raises `KgError` for a name that there is not, and for claims that RDF does not hold.
    """
    if form not in FORMATS:
        raise KgError(f"no format '{form}': choose one of {', '.join(FORMATS)}.{did_you_mean(form, FORMATS)}")
    return (*FORMATS[form][1](store, out, today, outcomes), *store.selection.notes())
