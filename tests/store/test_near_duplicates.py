"""Copies follow from the texts that a store holds: from nothing else, and in whatever order they came."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import MissingExtra
from kg.model import Document, Tier
from kg.places import Place, PlaceKind
from kg.store import DocumentClaims, NearDuplicates, open_store

STORY = (
    "The chip maker Arvel agreed on Friday to deliver forty thousand boards to the start-up Lumen over three years, in "
    "exchange for a tenth of its shares. Lumen builds models that read radio pictures, and has lost money in each of "
    "its six years. Its founders keep the majority of the votes, whatever happens to the shares that Arvel will get."
)
LONGER = STORY + (
    " The first boards leave the works in the south in March. An analyst in the capital called the price a gift to the "
    "chip maker, whose own shares fell by two percent before the market closed for the holiday."
)
POOL = {
    "story": STORY,
    "reprint": STORY.upper(),
    "wire": "PORTO (Litoral) – " + STORY,
    "longer": LONGER,
    "cut": STORY[:170],
    "other": "Nobody at the harbour had seen the barge of the dredgers of Noorderzon since the storm in winter.",
    "flash": "Arvel buys Lumen.",
    "same flash": "Arvel buys Lumen!",
    "mute": "…",
    "mute too": "—",
}
ALL = {frozenset({"story", "reprint", "wire", "longer", "cut"}), frozenset({"flash", "same flash"})}


def reading(id_, text=None, reader="reader/1"):
    return DocumentClaims(Document(id_, POOL[id_] if text is None else text, "en"), (), reader)


def groups(store):
    return {frozenset(group) for group in store.near_duplicates().groups()}


def test_copies_are_one_source_and_others_are_not(store):
    store.commit([reading(id_) for id_ in POOL])
    assert groups(store) == ALL
    copies = store.near_duplicates()
    assert copies.sources(["other", "wire", "story", "flash", "other"]) == (("other",), ("wire", "story"), ("flash",))
    assert copies.nearest("wire", ["other", "cut", "reprint", "wire"]) == ("cut", 1.0)
    assert copies.nearest("other", POOL) is None
    assert copies.sources(["a document that is not there"]) == (("a document that is not there",),)


def test_records_of_one_file_of_a_register_are_one_source_and_files_are_compared_as_ever(store):
    def row(id_, text):
        places = (Place(0, len(text), PlaceKind.LINE, "2"),) if id_.count("/") == 2 else ()
        document = Document(id_, text, "en", tier=Tier.REGISTER, places=places)
        return DocumentClaims(document, (), "reader/1")

    ids = ("gleif/rr/a", "gleif/rr/b", "bods/gb/a", "bods/dk/a")
    store.commit([*(row(id_, f"{STORY} {id_}") for id_ in ids), row("one.txt", STORY), row("copy.txt", STORY)])
    copies = store.near_duplicates()
    assert copies.sources(ids) == (("gleif/rr/a", "gleif/rr/b"), ("bods/gb/a",), ("bods/dk/a",))
    assert copies.sources(["one.txt", "copy.txt"]) == (("one.txt", "copy.txt"),)


@pytest.mark.parametrize("remote", [False, True], ids=["here", "behind an endpoint"])
def test_files_in_a_folder_are_sources_of_their_own_though_they_are_of_a_registers_tier(engine, remote):
    other = "Orbicor has bought all of Vexal, said Halden on Monday in Lyon."
    texts = {"extracts/fr/a.txt": STORY, "extracts/fr/copy.txt": STORY, "extracts/fr/b.txt": other}
    with open_store(engine("oxigraph") if remote else None, write=True) as store:
        documents = [Document(id_, text, "en", tier=Tier.REGISTER) for id_, text in texts.items()]
        documents += [Document(f"edges.csv/{at}", f"{STORY} {at}", "en", tier=Tier.REGISTER) for at in (1, 2)]
        store.commit(DocumentClaims(document, (), "reader/1") for document in documents)
        copies = store.near_duplicates()
        assert copies.sources(texts) == (("extracts/fr/a.txt", "extracts/fr/copy.txt"), ("extracts/fr/b.txt",))
        assert copies.sources(["edges.csv/1", "edges.csv/2"]) == (("edges.csv/1", "edges.csv/2"),)


def test_only_the_documents_asked_after_tie():
    copies = NearDuplicates(
        {id_: id_.encode() for id_ in "abc"}, {b"a": {b"b": 0.9}, b"b": {b"a": 0.9, b"c": 0.6}, b"c": {b"b": 0.6}}
    )
    assert copies.sources("ac") == (("a",), ("c",))
    assert copies.sources("cab") == (("c", "a", "b"),)


@given(st.data())
def test_neither_order_nor_way_of_coming_counts(data):
    """Documents come in batches, some go, some come with another text first; in the end the same is said."""
    final = data.draw(st.sets(st.sampled_from(sorted(POOL))))
    came = data.draw(st.permutations(sorted(POOL)))
    with open_store(None) as store, open_store(None) as at_once:
        at_once.commit([reading(id_) for id_ in sorted(final)])
        for id_ in came:
            if data.draw(st.booleans()):
                store.commit([reading(id_, data.draw(st.sampled_from(sorted(POOL.values()))))])
            if data.draw(st.booleans()):
                store.near_duplicates()
            if id_ in final:
                store.commit([reading(id_)])
        for document in [document.id for document in store.documents()]:
            if document not in final:
                store.forget(document)
        assert store.near_duplicates() == at_once.near_duplicates()


def test_what_was_forgotten_ties_no_more(store):
    store.commit([reading(id_) for id_ in POOL])
    store.near_duplicates()
    for id_ in ("story", "reprint", "wire", "longer", "same flash"):
        store.forget(id_)
    assert groups(store) == set()
    store.commit([reading("wire")])
    assert groups(store) == {frozenset({"cut", "wire"})}


@pytest.fixture
def kept(tmp_path):
    """A folder whose store has been asked for its copies."""
    with open_store(tmp_path / "kept", write=True) as store:
        store.commit([reading(id_) for id_ in POOL])
        assert groups(store) == ALL
    return tmp_path / "kept"


def without_datasketch(monkeypatch):
    monkeypatch.setattr(
        "kg.store.near_duplicates._sketcher", lambda: (_ for _ in ()).throw(MissingExtra("no datasketch"))
    )


def test_what_is_kept_is_not_worked_out_again(kept, monkeypatch):
    without_datasketch(monkeypatch)
    with open_store(kept, write=True) as store:
        assert groups(store) == ALL
        store.forget("cut")
        store.commit([replace(reading("mute too"), reader="reader/2")])
        assert groups(store) == {
            next(group for group in ALL if "cut" in group) - {"cut"},
            frozenset({"flash", "same flash"}),
        }
        store.commit([reading("new", "Entirely other words.")])
        with pytest.raises(MissingExtra):
            store.near_duplicates()


def test_readers_bring_up_to_date_what_a_writer_left(kept):
    with open_store(kept, write=True) as store:
        store.commit([reading("again", LONGER)])
    with open_store(kept) as first, open_store(kept) as second:
        assert groups(first) == groups(second)
        assert first.near_duplicates().nearest("again", ["longer"]) == ("longer", 1.0)


@pytest.mark.parametrize("content", [b"", b"not a database, but as long as a page of one would be" * 100])
def test_a_damaged_file_is_made_again(kept, content):
    (kept / "copies.db").write_bytes(content)
    with open_store(kept) as store:
        assert groups(store) == ALL
    assert (kept / "copies.db").read_bytes()[:6] == b"SQLite"


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM pair",
        "UPDATE pair SET one = x'00' || substr(one, 2) WHERE rowid = 1",
        "UPDATE document SET text = x'00' || substr(text, 2) WHERE id = 'cut'",
        "UPDATE standing SET answer = x'00'",
    ],
)
def test_a_row_that_is_not_what_was_written_is_no_answer(kept, damage):
    with closing(sqlite3.connect(kept / "copies.db")) as database, database:
        database.execute(damage)
    with open_store(kept) as store:
        assert groups(store) == ALL


def test_sketches_that_are_not_what_was_written_compare_no_new_text(kept):
    with closing(sqlite3.connect(kept / "copies.db")) as database, database:
        database.execute("UPDATE sketch SET whole = zeroblob(length(whole)), opening = zeroblob(length(opening))")
    with open_store(kept, write=True) as store:
        store.commit([reading("once more", f"{LONGER} A last word.")])
        assert any({"once more", "longer"} <= group for group in groups(store))


def test_a_file_of_another_method_is_made_again(kept):
    with sqlite3.connect(kept / "copies.db") as database:
        database.execute("UPDATE standing SET at = 'runs/0 ' || substr(at, 8)")
        database.execute("DROP TABLE pair")
    database.close()
    with open_store(kept) as store:
        assert groups(store) == ALL


def test_threads_may_ask_at_once(store):
    store.commit([reading(id_) for id_ in POOL])
    with ThreadPoolExecutor(4) as pool:
        assert len(set(map(frozenset, pool.map(lambda _: groups(store), range(8))))) == 1


def test_where_no_file_can_be_written_memory_serves(kept):
    (kept / "copies.db").unlink()
    (kept / "copies.db").mkdir()
    with open_store(kept) as store:
        assert groups(store) == ALL
        assert groups(store) == ALL
