"""Taking in a register's file: a record a document, later states stay, what a whole file lacks goes."""

import pytest

from kg.importers.contract import Chunk, RecordReject
from kg.model import Document, Tier
from kg.pipeline import imports
from kg.pipeline.imports import import_register
from kg.query.identification import Asked, identify
from kg.resolve import RegisterRecord, register_entity
from kg.store import open_store


class Rows:
    """A register of names by key, all of one day."""

    prefix = "rows/"

    def __init__(self, names, day="2026-01-05", *, is_delta=False, rejected=()):
        self.names, self.day, self.is_delta, self.rejected = names, day, is_delta, rejected

    def chunks(self):
        for row, (key, name) in enumerate(self.names, 1):
            if key in self.rejected:
                yield Chunk(None, (), (RecordReject(row, row, "name", name, "is no name"),), 1, "rows 1")
                continue
            document = Document(f"rows/{key}", f"{key},{name}", "en", published=self.day, tier=Tier.REGISTER)
            record = RegisterRecord(register_entity(name, "Company", "rows", key), "rows", key)
            yield Chunk(document, (), (), 1, "rows 1", records=(record,))


def names(store):
    return {record.key: record.entity.name for record in store.records()}


@pytest.fixture
def store(monkeypatch):
    monkeypatch.setattr(imports, "_RECORDS", 2)
    with open_store(None, write=True) as store:
        yield store


FIRST = [("a", "Orbicor"), ("b", "Vexal"), ("c", "Halden")]


def test_a_second_import_changes_nothing(store):
    assert import_register(store, Rows(FIRST)).records == 3
    report = import_register(store, Rows(FIRST))
    assert (report.rows, report.unchanged, report.written, report.forgotten) == (3, 3, 0, 0)


def test_a_whole_file_takes_away_what_it_lacks_and_a_delta_does_not(store):
    import_register(store, Rows(FIRST))
    report = import_register(store, Rows([("b", "Vexal SA")], "2026-01-06", is_delta=True))
    assert (report.written, report.forgotten) == (1, 0)
    assert names(store) == {"a": "Orbicor", "b": "Vexal SA", "c": "Halden"}
    report = import_register(store, Rows([("a", "Orbicor")], "2026-01-07"), withdraw=True)
    assert report.forgotten == 2
    assert names(store) == {"a": "Orbicor"}


def test_an_older_state_does_not_replace_a_later_one(store):
    import_register(store, Rows([("a", "Orbicor SA")], "2026-02-01"))
    report = import_register(store, Rows([("a", "Orbicor")], "2026-01-05", is_delta=True))
    assert (report.written, report.unchanged) == (0, 1)
    assert names(store) == {"a": "Orbicor SA"}


def test_a_record_that_does_not_hold_is_named_and_the_others_are_taken_in(store):
    told = []
    report = import_register(store, Rows(FIRST, rejected={"b"}), told.append)
    assert [str(one) for one in told] == ["record 2 (line 2): name 'Vexal' is no name"]
    assert (report.rows, report.bad_rows) == (3, 1)
    assert names(store) == {"a": "Orbicor", "c": "Halden"}


def test_other_sources_are_never_touched(store):
    import_register(store, Rows(FIRST))
    other = Rows([("z", "Kelmar")])
    other.prefix = "rows-of-others/"
    import_register(store, other)
    assert set(names(store)) == {"a", "b", "c", "z"}


@pytest.mark.parametrize(
    "later",
    [
        Rows([]),
        Rows([("a", "Orbicor"), ("x", "?")], rejected={"x"}),
        Rows([(str(at), "Kelmar") for at in range(3)]),
        Rows([*(("a", "Orbicor"), ("b", "Vexal"), ("c", "Halden")), *((f"k{at}", f"Firm {at}") for at in range(35))]),
    ],
    ids=["no rows", "a row that does not hold", "another file", "more than a tenth is gone"],
)
def test_a_file_that_may_not_be_whole_withdraws_nothing(store, later):
    many = [(f"k{at}", f"Firm {at}") for at in range(40)]
    import_register(store, Rows([*FIRST, *many]))
    report = import_register(store, later)
    assert (report.forgotten, report.kept > 0) == (0, True)
    assert set(names(store)) >= {"a", "b", "c", "k39"}


def test_what_is_gone_of_a_whole_file_goes_unasked_as_far_as_it_is_a_tenth(store):
    many = [(f"k{at}", f"Firm {at}") for at in range(40)]
    import_register(store, Rows(many))
    report = import_register(store, Rows(many[:36], "2026-01-06"))
    assert (report.forgotten, report.kept, len(names(store))) == (4, 0, 36)
    report = import_register(store, Rows(many[:30], "2026-01-07"))
    assert (report.forgotten, report.kept, report.held) == (0, 6, 36)
    report = import_register(store, Rows(many[:30], "2026-01-07"), withdraw=True)
    assert (report.forgotten, report.kept, len(names(store))) == (6, 0, 30)


class Walked:
    """A store that counts how often its documents are gone through."""

    def __init__(self, store):
        self.store, self.walks = store, 0

    def __getattr__(self, name):
        return getattr(self.store, name)

    def document_ids(self, prefix=""):
        self.walks += 1
        return self.store.document_ids(prefix)


def test_what_a_file_lacks_is_found_in_one_walk_through_the_documents(store):
    many = [(f"k{at}", f"Firm {at}") for at in range(40)]
    walked = Walked(store)
    import_register(walked, Rows(many))
    assert walked.walks == 1
    report = import_register(walked, Rows(many[:30], "2026-01-07"))
    assert (walked.walks, report.kept, report.held) == (2, 10, 40)


@pytest.mark.parametrize("withdraw", [False, True])
def test_a_file_with_a_record_that_does_not_hold_withdraws_nothing_even_where_it_is_asked(store, withdraw):
    import_register(store, Rows(FIRST))
    report = import_register(store, Rows([("a", "?"), ("b", "Vexal")], rejected={"a"}), withdraw=withdraw)
    assert (report.forgotten, report.kept, report.held) == (0, 2, 0 if withdraw else 3)


def former(store, key):
    [record] = [record for record in store.records() if record.key == key]
    return [(one.name, one.start, one.end) for one in record.former_names]


def test_a_name_that_a_later_state_replaced_is_a_former_name_from_then_on(store):
    import_register(store, Rows([("a", "Orbicor Mines")], "2026-01-05"))
    import_register(store, Rows([("a", "Orbicor Sable")], "2026-03-01", is_delta=True))
    assert former(store, "a") == [("Orbicor Mines", None, "2026-03-01")]
    # It stays when the record changes again, and another one joins it.
    import_register(store, Rows([("a", "Orbicor SA")], "2026-05-01", is_delta=True))
    assert former(store, "a") == [("Orbicor Sable", None, "2026-05-01"), ("Orbicor Mines", None, "2026-03-01")]
    # A company that takes its old name again is called so.
    import_register(store, Rows([("a", "Orbicor Mines")], "2026-06-01", is_delta=True))
    assert names(store) == {"a": "Orbicor Mines"}
    assert {name for name, _, _ in former(store, "a")} == {"Orbicor SA", "Orbicor Sable"}


def test_a_replaced_name_is_found_on_a_day_when_it_was_in_use(store):
    import_register(store, Rows([("a", "Quillon Vestra Mines")], "2025-01-05"))
    import_register(store, Rows([("a", "Helvane Orbicor")], "2026-03-01", is_delta=True))
    [then] = identify(store, Asked("Quillon Vestra Mines", day="2025-06"))
    assert (then.is_sure, then.records[0].entity.name) == (True, "Helvane Orbicor")
    assert any("2026-03-01" in reason for reason in then.reasons)
    [since] = identify(store, Asked("Quillon Vestra Mines", day="2026-06"))
    assert (since.is_sure, since.probability < then.probability) == (False, True)


def test_an_older_whole_file_does_not_withdraw_what_came_later(store):
    import_register(store, Rows(FIRST, "2026-01-05"))
    import_register(store, Rows([("d", "Kelmar")], "2026-02-01", is_delta=True))
    report = import_register(store, Rows(FIRST, "2026-01-05"))
    assert report.forgotten == 0
    assert names(store)["d"] == "Kelmar"
