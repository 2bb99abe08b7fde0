"""The graph in parts holds what the graph holds, to the last statement, however it is cut."""

import gzip
import hashlib
import json
import subprocess
import sys

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kg import formats
from kg.cli import cli
from kg.errors import KgError, StoreError
from kg.export import export_shards
from kg.export.quad_order import by_graph
from kg.export.shards import SHARDED
from kg.ontology import PREFIXES
from kg.store import DocumentClaims, open_store
from kg.store.bulk import bulk_quads
from kg.store.iris import IriScheme
from kg.store.remote.engines import ENGINES

IRIS = IriScheme()
XSD = PREFIXES["xsd"]


@pytest.fixture
def store(unrecorded):
    with open_store(None) as opened:
        opened.commit([DocumentClaims(document, claims) for document, claims in unrecorded])
        opened.replace_graph("urn:mine", [ox.Triple(ox.BlankNode("a"), ox.NamedNode("urn:p"), ox.BlankNode("b"))])
        yield opened


def read(folder, form="nquads"):
    """The statements of each part, in their order."""
    ending, serialisation = SHARDED[form]
    parts = sorted(folder.glob(f"part-*.{ending}.gz"))
    return [list(ox.parse(gzip.decompress(part.read_bytes()), serialisation)) for part in parts]


def grounded(quads):
    """Statements with their blank nodes told apart by nothing."""
    return sorted(" ".join("_" if isinstance(t, ox.BlankNode) else str(t) for t in quad) for quad in quads)


@pytest.mark.parametrize("count", [1, 2, 5, 40])
@pytest.mark.parametrize("form", ["nquads", "trig"])
def test_the_parts_are_the_graph_sorted_and_each_graph_is_in_one(store, tmp_path, form, count):
    export_shards(store, form, tmp_path / "bulk", count)
    parts = read(tmp_path / "bulk", form)
    quads = [quad for part in parts for quad in part]
    assert grounded(quads) == grounded(bulk_quads(store))
    assert 1 <= len(parts) <= count
    assert all(parts)
    assert [by_graph(quad)[:2] for quad in quads] == sorted(by_graph(quad)[:2] for quad in quads)
    graphs = [{quad.graph_name for quad in part} - {IRIS.derived} for part in parts]
    assert sum(map(len, graphs)) == len(set().union(*graphs))
    assert ox.DefaultGraph() not in set().union(*graphs)


def test_the_list_says_what_each_part_holds(store, tmp_path):
    export_shards(store, "nquads", tmp_path / "bulk", 3)
    told = json.loads((tmp_path / "bulk/manifest.json").read_text())
    parts = read(tmp_path / "bulk")
    assert (told["format"], told["serialisation"], told["base"]) == (formats.BULK, "nquads", store.base)
    assert [file["statements"] for file in told["files"]] == list(map(len, parts))
    assert told["statements"] == sum(map(len, parts))
    assert told["graphs"] == len({quad.graph_name for part in parts for quad in part})
    for file in told["files"]:
        data = (tmp_path / "bulk" / file["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])


def test_two_exports_are_the_same_to_the_byte(store, tmp_path):
    for name in ("one", "two"):
        export_shards(store, "turtle", tmp_path / name, 3)
    one, two = ({f.name: f.read_bytes() for f in (tmp_path / n).glob("*.*")} for n in ("one", "two"))
    assert one == two


def test_turtle_has_the_prefixes_and_the_statements_without_their_graphs(store, tmp_path):
    export_shards(store, "turtle", tmp_path / "bulk", 3)
    parts = read(tmp_path / "bulk", "turtle")
    expected = {grounded([quad.triple])[0] for quad in bulk_quads(store)}
    assert {line for part in parts for line in grounded(quad.triple for quad in part)} == expected
    for part in (tmp_path / "bulk").glob("part-*.ttl.gz"):
        assert b"@prefix kg: <" in gzip.decompress(part.read_bytes())[:2000]
    assert "@prefix kg: <" in (tmp_path / "bulk/prefixes.ttl").read_text()


def test_only_an_engine_that_holds_no_durations_is_given_texts(store, tmp_path):
    kinds = {}
    for name in (None, "virtuoso"):
        export_shards(store, "nquads", tmp_path / str(name), 1, name)
        [quads] = read(tmp_path / str(name))
        values = [q.object for q in quads if q.predicate.value.endswith("#duration")]
        kinds[name] = {v.datatype.value.removeprefix(XSD) for v in values if isinstance(v, ox.Literal)}
    assert kinds == {None: {"duration"}, "virtuoso": {"string"}}


def test_what_loads_the_parts_is_beside_them_for_each_engine(store, tmp_path):
    names = set()
    for engine in (None, "virtuoso"):
        for form in SHARDED:
            folder = tmp_path / f"{engine}-{form}"
            if engine and form == "trig":
                with pytest.raises(KgError, match=r"Virtuoso 7\.2 reads no trig in bulk: choose nquads or turtle"):
                    export_shards(store, form, folder, 1, engine)
                assert not folder.exists()
                continue
            export_shards(store, form, folder, 1, engine)
            for script in (folder / "loading").iterdir():
                assert "{ending}" not in script.read_text()
                assert "{derived}" not in script.read_text()
                assert f"part-*.{SHARDED[form][0]}.gz" in script.read_text() or script.suffix in {".ttl", ".sh"}
                if script.suffix == ".sh":
                    subprocess.run(["sh", "-n", script], check=True)
                    names.add(script.stem)
    assert names == set(ENGINES)
    with pytest.raises(StoreError, match="knows no engine 'blaze'"):
        export_shards(store, "nquads", tmp_path / "x", 1, "blaze")


def test_the_command_writes_a_new_folder(tmp_path, example_store):
    def kg(*arguments):
        return CliRunner().invoke(cli, ["export", "--store", str(example_store), *map(str, arguments)])

    done = kg("--shards", 2, "-o", tmp_path / "bulk")
    assert (done.exit_code, done.output.count("statements in 2 parts")) == (0, 1)
    assert "is there already" in str(kg("--shards", 2, "-o", tmp_path / "bulk").exception)
    assert "is not written in parts" in str(kg("--shards", 2, "--format", "csv", "-o", tmp_path / "b").exception)
    for wrong in (["--shards", 2], ["--shards", 2, "--outcome", "all", "-o", "x"], ["--for", "jena", "-o", "x.nq"]):
        assert kg(*wrong).exit_code == 2


FLAT = """
import sys, resource
from pathlib import Path
from kg.export import export_shards, quad_order, shards
import pyoxigraph as ox
from kg.store import open_store
count, folder = int(sys.argv[1]), Path(sys.argv[2])
def quads(store, **_):
    p = ox.NamedNode("urn:p")
    for n in range(count):
        yield ox.Quad(ox.NamedNode(f"urn:s{n}"), p, ox.Literal(f"{n}" * 40), ox.NamedNode(f"urn:g{n % 99}"))
shards.bulk_quads = quads
shards.in_order = lambda quads, key: quad_order.in_order(quads, key, 2000)
with open_store(None) as store:
    export_shards(store, "nquads", folder, 4)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_ten_times_the_statements_take_no_more_memory(tmp_path):
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", FLAT, str(count), tmp_path / str(count)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for count in (5_000, 50_000)
    ]
    # All of them would be some 50 MB.
    assert peaks[1] < peaks[0] + 8_000, peaks
