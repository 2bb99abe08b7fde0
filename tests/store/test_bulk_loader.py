"""Many new documents are loaded beside the tables; what comes of it is what small commits bring about."""

from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.store import bulk_loader, check, index, open_store, plan

CLOCK = lambda: "2025-04-01T08:00:00Z"  # noqa: E731


@pytest.fixture
def eager(monkeypatch):
    """Every new document is loaded in bulk, in batches of one, and no label count is kept from one to the next."""
    monkeypatch.setattr(index, "MANY", 1)
    monkeypatch.setattr(bulk_loader, "_ENOUGH", 1)
    monkeypatch.setattr(bulk_loader, "_ENTITIES", 0)
    monkeypatch.setattr(plan, "_REMEMBERED", 0)


def pages(readings, count):
    """The story over and over, each time in documents of their own, that call Nvidia now this, now that."""
    names = ("Nvidia", "NVIDIA", "Nvidia Corp")
    for number in range(count):
        reading = readings[number % len(readings)]
        document = replace(reading.document, id=f"{number}.txt")
        claims = []
        for claim in reading.claims:
            evidence = tuple(replace(place, document=document.id) for place in claim.evidence)
            subject = claim.subject
            if subject.id == "company/nvidia":
                subject = replace(subject, name=names[number % 3], aliases=(names[number % 3],))
            claims.append(replace(claim, subject=subject, evidence=evidence))
        yield replace(reading, document=document, claims=tuple(claims))


@pytest.mark.slow
def test_a_bulk_says_what_small_commits_say(tmp_path, readings, state, monkeypatch):
    many = list(pages(readings, index.MANY + 7))
    with open_store(tmp_path / "bulk", write=True, clock=CLOCK) as store, open_store(None, clock=CLOCK) as small:
        done = store.commit(many)
        with monkeypatch.context() as patched:
            patched.setattr(index, "MANY", 1 << 40)
            assert small.commit(many) == done
        assert state(store) == state(small)
        assert check(store).violations == ()
        assert store.index.size == len(store.index.store)
    with open_store(tmp_path / "bulk") as again:
        assert again.notes == ()
        assert state(again)[0] == tuple(again.claims())


@pytest.mark.usefixtures("eager")
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_comes_in_bulk_comes_to_the_same(data, readings, state):
    """Commits of new documents and of documents read again, mixed, with documents withdrawn in between."""
    offered = list(pages(readings, 6))
    with open_store(None, clock=CLOCK) as in_bulk, open_store(None, clock=CLOCK) as small:
        for _ in range(data.draw(st.integers(1, 4))):
            chosen = data.draw(st.lists(st.sampled_from(offered), unique_by=lambda r: r.document.id))
            chosen = [replace(r, claims=tuple(data.draw(st.sets(st.sampled_from(r.claims))))) for r in chosen]
            done = in_bulk.commit(chosen)
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(index, "MANY", 1 << 40)
                assert small.commit(chosen) == done
            held = [document.id for document in small.documents()]
            if held and data.draw(st.booleans()):
                id_ = data.draw(st.sampled_from(held))
                assert in_bulk.forget(id_) == small.forget(id_)
            assert state(in_bulk) == state(small)
            assert in_bulk.index.size == len(in_bulk.index.store)
        assert check(in_bulk).violations == ()


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_bulk_that_breaks_off_is_made_again_from_the_journal(tmp_path, readings, monkeypatch, after):
    left = [None] * after

    class Failing:
        def __init__(self, store):
            self._store = store

        def __contains__(self, quad):
            return self._store is not None and quad in self._store

        def quads_for_pattern(self, *pattern):
            return self._store.quads_for_pattern(*pattern)

        def bulk_load(self, *arguments):
            if not left:
                self._store = None  # the traceback keeps this object
                raise OSError(28, "No space left on device")
            left.pop()
            self._store.bulk_load(*arguments)

    store = open_store(tmp_path / "s", write=True, clock=CLOCK)
    with monkeypatch.context() as broken:
        broken.setattr(index, "BulkLoader", lambda held, *rest: bulk_loader.BulkLoader(Failing(held), *rest))
        with pytest.raises(StoreError, match="safe in the journal"):
            store.commit(readings)
    with pytest.raises(StoreError, match="open the store again"):
        store.commit([replace(reading, claims=()) for reading in readings])
    store.close()
    with open_store(tmp_path / "s") as again:
        assert again.notes == ("the index was damaged or of an older kg, and has been made again",)
        assert len(list(again.claims())) == 11
        assert check(again).violations == ()


def test_a_bulk_killed_on_the_way_loses_nothing(tmp_path, start):
    code = """
    import os, signal
    from kg.store.bulk_loader import BulkLoader
    class Killing:
        def __init__(self, store): self.store = store
        def __contains__(self, quad): return quad in self.store
        def quads_for_pattern(self, *pattern): return self.store.quads_for_pattern(*pattern)
        def bulk_load(self, *arguments):
            self.store.bulk_load(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)
    real = BulkLoader.__init__
    BulkLoader.__init__ = lambda self, store, *rest: real(self, Killing(store), *rest)
    open_store(sys.argv[1], write=True).commit([reading(n) for n in range(100)])
    """
    process = start(code, tmp_path / "s")
    process.communicate(timeout=600)
    assert process.returncode == -9
    with open_store(tmp_path / "s") as store:
        assert len(list(store.claims())) == 500
        assert check(store).violations == ()


@pytest.mark.usefixtures("eager")
def test_literals_survive_a_bulk(tmp_path, readings):
    hell = "<script>\"'\\ \n\t\r{}\x00 \u2028\U0001f600 .\n <http://x/> .\n"
    document = replace(readings[0].document, id=hell, text=hell, title=hell)
    claim = replace(readings[0].claims[0], evidence=(document.evidence(0, len(hell)),), method=hell)
    with open_store(tmp_path / "s", write=True) as store:
        store.commit([replace(readings[0], document=document, claims=(claim,))])
        assert store.index.size == len(store.index.store)
        assert ox.Literal(hell) in {quad.object for quad in store.quads()}
        assert check(store).violations == ()
