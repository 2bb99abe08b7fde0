"""The formats by name, and the two doors to them: a file, or a folder of files."""

import datetime as dt
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

import pyoxigraph as ox

from kg.errors import KgError, did_you_mean
from kg.export import parquet, rdf, shards, table
from kg.export.bods import write_bods
from kg.export.cypher import write_cypher
from kg.export.ftm import write_ftm
from kg.export.graphml import write_graphml
from kg.export.neo4j import write_neo4j
from kg.export.wikidata import write_wikidata
from kg.model import Claim, Outcome
from kg.query.claims import find_claims
from kg.settings import today as current_day
from kg.store import Store
from kg.store.json_codec import claim_line

__all__ = ["FOLDERS", "FORMATS", "export", "export_folder", "export_shards", "format_of"]


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
        claims, selection = _selected_claims(store, outcomes)
        return write(claims, out, today, selection)

    return written


def _selected_claims(store: Store, outcomes: Collection[Outcome]) -> tuple[Iterable[Claim], str | None]:
    """Return the claims of a store that are to be written, and to what they are narrowed."""
    selection = store.selection
    wanted = {*outcomes, Outcome.TO_REVIEW} if selection.leads else outcomes
    return _StoredClaims(store, wanted), selection.words() if selection.narrows else None


@dataclass(frozen=True, slots=True)
class _StoredClaims:
    """The claims of a store that have one of some outcomes; they can be gone through as often as one likes."""

    store: Store
    outcomes: Collection[Outcome]

    def __iter__(self) -> Iterator[Claim]:
        return find_claims(self.store, self.outcomes)


def _jsonl(claims: Iterable[Claim], out: BinaryIO, _today: dt.date | None, selection: str | None) -> tuple[str, ...]:
    """Claims as JSON lines (kg-claims/1)."""
    out.writelines(claim_line(claim, selection) for claim in claims)
    return ()


def _csv(claims: Iterable[Claim], out: BinaryIO, today: dt.date | None, selection: str | None) -> tuple[str, ...]:
    return table.write_csv(claims, out, today=today, selection=selection)


def _cypher(claims: Iterable[Claim], out: BinaryIO, today: dt.date | None, selection: str | None) -> tuple[str, ...]:
    return write_cypher(claims, out, today=today, selection=selection)


def _parquet(claims: Iterable[Claim], out: BinaryIO, today: dt.date | None, selection: str | None) -> tuple[str, ...]:
    return parquet.write_claims(claims, out, today=today, selection=selection)


def _graphml(claims: Iterable[Claim], out: BinaryIO, today: dt.date | None, selection: str | None) -> tuple[str, ...]:
    return write_graphml(claims, out, today=today, selection=selection)


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
    "turtle12": (".rdf12.ttl", _rdf(rdf.write_turtle12)),
    "trig12": (".rdf12.trig", _rdf(rdf.write_trig12)),
    "nquads12": (".rdf12.nq", _rdf(rdf.write_nquads12)),
    "graphml": (".graphml", _claims(_graphml)),
    "cypher": (".cypher", _claims(_cypher)),
    "parquet": (".parquet", _claims(_parquet)),
    "csv": (".csv", _claims(_csv)),
    "jsonl": (".jsonl", _claims(_jsonl)),
    "bods": (".bods.json", _exchange(write_bods)),
    "ftm": (".ftm.json", _exchange(_ftm)),
    "wikidata": (".wikidata.json", _exchange(write_wikidata)),
}
"""What can be written: the name, the ending of its files, how it is done."""


def _neo4j_folder(store: Store, folder: Path, today: dt.date | None, outcomes: Collection[Outcome]) -> tuple[str, ...]:
    claims, selection = _selected_claims(store, outcomes)
    return write_neo4j(claims, folder, documents=store.documents(), today=today, selection=selection)


def _parquet_folder(
    store: Store, folder: Path, today: dt.date | None, outcomes: Collection[Outcome]
) -> tuple[str, ...]:
    claims, selection = _selected_claims(store, outcomes)
    with folder.joinpath(parquet.CLAIMS).open("wb") as out:
        notes = parquet.write_claims(claims, out, today=today, selection=selection)
    with folder.joinpath(parquet.DOCUMENTS).open("wb") as out:
        parquet.write_documents(store.documents(), out)
    with folder.joinpath(parquet.JUDGEMENTS).open("wb") as out:
        parquet.write_judgements(store, out)
    return notes


_FolderWriter: TypeAlias = Callable[[Store, Path, dt.date | None, Collection[Outcome]], tuple[str, ...]]
FOLDERS: Mapping[str, _FolderWriter] = {"neo4j": _neo4j_folder, "parquet": _parquet_folder}
"""What can be written as a folder of files: the name, how it is done."""


def format_of(path: str) -> str:
    """Return the format that a file's name asks for; raise `KgError` where it asks for none.

    >>> format_of("graph.trig"), format_of("graph.rdf12.trig")
    ('trig', 'trig12')

    """
    endings = {suffix: name for name, (suffix, _) in FORMATS.items()}
    for suffix in sorted(endings, key=len, reverse=True):
        if path.lower().endswith(suffix):
            return endings[suffix]
    raise KgError(
        f"'{path}' does not tell a format: give --format ({', '.join([*FORMATS, 'neo4j'])}), or one of"
        f" {', '.join(endings)}"
    )


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into, put in place when it is whole; raise `KgError` for one that has something in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KgError(f"{folder} is there already: name a new folder")
    part = folder.with_name(f"{folder.name}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir()
        yield part
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        raise KgError(f"{folder} cannot be written: {error.strerror}; free space or choose another place") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def export_shards(store: Store, form: str, folder: Path, count: int, engine: str | None = None) -> tuple[str, ...]:
    """Write a store into a new folder as RDF in parts, for the bulk loaders of SPARQL engines; return notes.

    `form` is one of `kg.export.shards.SHARDED`, `count` how many parts there are at most, `engine` whose loader they
    are for, one of `kg.store.remote.engines.ENGINES`; by default they are for all but Virtuoso. Raises `KgError` as
    `export_folder` does.
    """
    with _new_folder(folder) as part:
        written = shards.write_shards(store, form, part, count, engine)
    statements = sum(shard.statements for shard in written)
    return (f"{statements} statements in {len(written)} parts", *store.selection.notes())


def export_folder(
    store: Store,
    form: str,
    folder: Path,
    *,
    today: dt.date | None = None,
    outcomes: Collection[Outcome] = _ADMITTED,
) -> tuple[str, ...]:
    """Write a store into a new folder, in a format of `FOLDERS`; return notes as `export` does.

    The folder is put in place when it is whole. Raises `KgError` for a name that there is not, and for a folder that
    has something in it.
    """
    if form not in FOLDERS:
        raise KgError(f"no folder has the format '{form}': choose one of {', '.join(FOLDERS)}")
    with _new_folder(folder) as part:
        notes = FOLDERS[form](store, part, today, outcomes)
    return (*notes, *store.selection.notes())


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
    if form == "neo4j":
        raise KgError("neo4j is a folder of files: name a new one with -o")
    if form not in FORMATS:
        raise KgError(f"no format '{form}': choose one of {', '.join(FORMATS)}.{did_you_mean(form, FORMATS)}")
    return (*FORMATS[form][1](store, out, today, outcomes), *store.selection.notes())
