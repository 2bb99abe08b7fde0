"""The checksums of the index's tables: damage is mended before the engine meets it."""

import pytest

from kg.store import open_store


@pytest.mark.parametrize("write", [True, False])
def test_a_damaged_table_is_mended_before_it_is_asked(folder, state, write):
    with open_store(folder) as store:
        before = state(store)
    for path in (folder / "index").glob("*.sst"):
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 4
        path.write_bytes(bytes(content))
    with open_store(folder, write=write) as store:
        assert store.notes == ("the index was damaged or of an older kg, and has been made again",)
        assert state(store) == before
        # A path over a damaged table would go on without end.
        assert len(list(store.query("SELECT ?a ?b { ?a (kg:holdsStake|kg:supplies)+ ?b }"))) > 0
    with open_store(folder) as store:
        assert store.notes == ()


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"000001.sst": 1}', b"\xff"])
def test_sums_that_say_nothing_do_no_harm(folder, state, content):
    with open_store(folder) as store:
        before = state(store)
    (folder / "index.sums").write_bytes(content)
    for write in (False, True):
        with open_store(folder, write=write) as store:
            assert state(store) == before
