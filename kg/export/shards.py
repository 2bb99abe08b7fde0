"""The graph as files for the bulk loaders of SPARQL engines: sorted, in parts, packed, with a list of what they hold.

Engines differ in what their default graph is, and some have none: edges and entities stand in a graph of their own
here, as where kg writes to an endpoint, beside the documents' graphs, the schema and what kg keeps of the whole. A
graph is in one part, so that its blank nodes stay together; that of edges and entities, which has none, may be in
several. ``loading/NAME.sh`` is what loads the parts into an engine. One that holds less than the others has parts of
its own, made when it is named (`kg.store.remote.engines`).
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from kg import formats
from kg.errors import KgError
from kg.export.quad_order import by_graph, in_order
from kg.ontology import PREFIXES
from kg.store import Store
from kg.store.bulk import bulk_quads
from kg.store.iris import IriScheme
from kg.store.remote.engines import ENGINES, engine_of

__all__ = ["MANIFEST", "SHARDED", "Shard", "write_shards"]

SHARDED = {
    "nquads": ("nq", ox.RdfFormat.N_QUADS),
    "trig": ("trig", ox.RdfFormat.TRIG),
    "turtle": ("ttl", ox.RdfFormat.TURTLE),
}
"""What can be written in parts: the ending of the files, the serialisation."""
MANIFEST = "manifest.json"
_LOADING = "loading"
_FOR = re.compile(r"^# For: (\w+); (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shard:
    """A part: its file, how many statements it holds, its bytes, and their hash."""

    name: str
    statements: int
    bytes: int
    sha256: str


def write_shards(store: Store, form: str, folder: Path, count: int, engine: str | None = None) -> list[Shard]:
    """Write a store into a folder that is there, in at most so many parts of about the same size.

    They are for one engine, or for all that hold whatever RDF says. Memory stays the same, however large the store.
    Raises `KgError` where the form has no parts, or the engine reads none such.
    """
    if form not in SHARDED:
        raise KgError(f"'{form}' is not written in parts: choose one of {', '.join(SHARDED)}")
    loading = _loading(form, engine)
    ending, serialisation = SHARDED[form]
    iris = IriScheme(store.base)
    cutter = _Cutter(bulk_quads(store, durations=engine_of(engine).holds_durations), iris.derived)
    shards = []
    for number in range(1, count + 1):
        part = cutter.until(number / count)
        name = f"part-{number:04}.{ending}.gz"
        with (folder / name).open("wb") as file:
            hashed = _Hashed(file)
            # Without a name and a time of its own: two exports are the same to the byte.
            with gzip.GzipFile("", "wb", compresslevel=6, fileobj=cast("IO[bytes]", hashed), mtime=0) as packed:
                _serialise(part, cast("IO[bytes]", packed), serialisation)
        shards.append(Shard(name, cutter.written, hashed.size, hashed.digest.hexdigest()))
        if cutter.is_done:
            break
    _write_beside(folder, _manifest(store, form, shards, cutter.graphs), loading)
    return shards


def _serialise(quads: Iterable[ox.Quad], out: IO[bytes], form: ox.RdfFormat) -> None:
    if form == ox.RdfFormat.N_QUADS:
        ox.serialize(quads, out, form)
    elif form == ox.RdfFormat.TRIG:
        ox.serialize(quads, out, form, prefixes=dict(PREFIXES))
    else:
        ox.serialize((quad.triple for quad in quads), out, form, prefixes=dict(PREFIXES))


@dataclass(slots=True)
class _Hashed:
    """A file that counts and hashes what is written to it."""

    file: IO[bytes]
    size: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self.digest.update(data)
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()


class _Cutter:
    """Quads in order, handed out in parts that end where a graph does; the graph `many` may be cut between subjects."""

    def __init__(self, quads: Iterable[ox.Quad], many: ox.NamedNode) -> None:
        self._total = self._taken = self.graphs = self.written = 0
        self._many = many
        # Sorting takes all quads before it gives the first: the total is known by then.
        self._quads = in_order(self._counted(quads), by_graph)
        self._next = next(self._quads, None)

    def _counted(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        for quad in quads:
            self._total += 1
            yield quad

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self._next is None

    def until(self, share: float) -> Iterator[ox.Quad]:
        """Yield quads until this share of all has been handed out, or a little more."""
        before, self.written = None, 0
        quota = round(self._total * share)
        while self._next is not None and not (self._taken >= quota and self._may_end(before, self._next)):
            before, self._next = self._next, next(self._quads, None)
            self._taken += 1
            self.written += 1
            self.graphs += self._next is None or self._next.graph_name != before.graph_name
            yield before

    def _may_end(self, before: ox.Quad | None, after: ox.Quad) -> bool:
        if before is None or before.graph_name != after.graph_name:
            return before is not None  # no part is empty
        return after.graph_name == self._many and before.subject != after.subject


def _loading(form: str, engine: str | None) -> dict[str, str]:
    """Return what loads parts of this form into one engine, or into all that hold what RDF says: texts by name.

    The first lines of each say what it is for: an engine, and the forms that it reads.
    """
    texts = {file.name: file.read_text("utf-8") for file in files("kg.export").joinpath(_LOADING).iterdir()}
    wanted = {engine.lower()} if engine else {name for name, known in ENGINES.items() if known.holds_durations}
    engine_of(engine)
    found: dict[str, str] = {}
    forms: set[str] = set()
    for name, text in texts.items():
        match = _FOR.search(text)
        if match and match[1] in wanted:
            forms.update(match[2].split())
            if form in match[2].split():
                found[name] = text.replace("{ending}", SHARDED[form][0])
    if not found:
        raise KgError(f"{engine_of(engine).title} reads no {form} in bulk: choose {' or '.join(sorted(forms))}")
    return found


def _manifest(store: Store, form: str, shards: list[Shard], graphs: int) -> dict[str, Any]:
    return {
        "format": formats.BULK,
        "serialisation": form,
        "base": store.base,
        "today": store.today.isoformat(),
        "statements": sum(shard.statements for shard in shards),
        "graphs": graphs,
        "derived_graph": IriScheme(store.base).derived.value,
        "narrowed_to": store.selection.words() if store.selection.narrows else None,
        "files": [asdict(shard) for shard in shards],
    }


def _write_beside(folder: Path, manifest: Mapping[str, Any], loading: Mapping[str, str]) -> None:
    """Write the list of the parts, the prefixes, and what loads the parts."""
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    (folder / "prefixes.ttl").write_text(prefixes, "utf-8")
    (folder / _LOADING).mkdir()
    for name, text in loading.items():
        (folder / _LOADING / name).write_text(text.replace("{derived}", manifest["derived_graph"]), "utf-8")
