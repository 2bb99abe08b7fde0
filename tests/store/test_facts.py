"""Edges and the days of claims are those of `kg.facts`, whatever was committed and forgotten, and on whatever day."""

import datetime as dt

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.facts import TriState, periods
from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.ontology import ontology
from kg.store import DocumentClaims, bulk_loader, check, index, open_store

CLOCK = lambda: "2021-06-15T08:00:00Z"  # noqa: E731
TEXT = "Alpha supplies Beta with steel."
ENDS = [Entity(f"company/{name}", name, "Company", (name,)) for name in ("alpha", "beta")]
DATES = ("2019", "2020", "2020-03", "2020-03-05", "2021", "2021-06-15", "2022-02", "2023")
DAYS = [dt.date(2018, 12, 31) + dt.timedelta(days=number) for number in (0, 1, 400, 430, 800, 897, 1000, 1400, 3000)]


def claim(relation="supplies", modality=Modality.ASSERTED, known_from="2020-01-10", document="a", ends=ENDS, **terms):
    place = Document(document, TEXT, "en").evidence(0, len(TEXT))
    return Claim(ends[0], relation, ends[1], modality, (place,), Qualifiers(**terms), known_from)


def reading(*claims):
    return DocumentClaims(Document(claims[0].document, TEXT, "en"), claims, "reader/1")


@st.composite
def claims(draw, document):
    date = st.none() | st.sampled_from(DATES)
    return claim(
        draw(st.sampled_from(["supplies", "competes-with"])),
        draw(st.sampled_from([*Modality, Modality.ASSERTED, Modality.ENDED])),
        draw(date),
        document,
        ENDS if draw(st.booleans()) else ENDS[::-1],
        start=draw(date),
        end=draw(st.none() | st.sampled_from(DATES)),
        as_of=draw(date),
        duration=draw(st.sampled_from([None, None, "P1Y", "P90D"])),
        exclusive=draw(st.sampled_from([None, None, True])),
    )


def readings(document):
    return st.lists(claims(document), max_size=4).map(
        lambda claims: DocumentClaims(Document(document, TEXT, "en"), tuple(claims), "reader/1")
    )


def name(term):
    return term.value.rpartition("#")[2].rpartition("/")[2]


def said(store):
    """What the default graph says of claims, and its edges."""
    marks, edges = set(), set()
    relations = {relation.iri for relation in ontology().relations.values()}
    for quad in store.quads(""):
        if quad.predicate.value in relations:
            edges.add((name(quad.subject), name(quad.predicate), name(quad.object)))
        elif name(quad.predicate) in {"from", "until", "undecided"}:
            marks.add((name(quad.subject), name(quad.predicate), quad.object.value))
    return marks, edges


def expected(store, day):
    """The same, by `kg.facts`."""
    claims = tuple(store.claims())
    marks, edges = set(), set()
    for id_, period in periods(claims).items():
        marks.add((id_, "from", str(period.first or dt.date.min)))
        if period.last is not None:
            marks.add((id_, "until", str(period.last)))
        if period.holds_on(day) is TriState.UNDECIDED:
            marks.add((id_, "undecided", "true"))
        if period.holds_on(day) is not TriState.FALSE:
            match = next(c for c in claims if c.id == id_)
            relation = name(ox.NamedNode(ontology().relation(match.relation).iri))
            edges.add((match.subject.name, relation, match.object.name))
    return marks, edges


def is_right(store, day):
    assert store.today == day
    assert said(store) == expected(store, day)
    assert store.index.size == len(store.index.store)
    assert [v for v in check(store).violations if v.rule != "object-in-range"] == []


@pytest.mark.parametrize("in_bulk", [False, True])
@pytest.mark.parametrize("on_disk", [False, True])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_edges_and_days_are_those_of_the_rule(data, on_disk, in_bulk, tmp_path_factory):
    path = tmp_path_factory.mktemp("facts") / "store" if on_disk else None
    day = data.draw(st.sampled_from(DAYS))
    with pytest.MonkeyPatch.context() as patched:
        if in_bulk:
            patched.setattr(index, "MANY", 1)
            patched.setattr(bulk_loader, "_ENOUGH", 1)
        store = open_store(path, write=True, clock=CLOCK, today=day)
        try:
            for _ in range(data.draw(st.integers(1, 4))):
                what = data.draw(st.sampled_from(["commit", "commit", "forget", "day", "open"]))
                held = [document.id for document in store.documents()]
                if what == "commit":
                    chosen = data.draw(st.lists(st.sampled_from("abc"), unique=True, min_size=1))
                    before = edges_of(store)
                    done = store.commit([data.draw(readings(document)) for document in chosen])
                    after = edges_of(store)
                    assert (done.edges_added, done.edges_removed) == (len(after - before), len(before - after))
                elif what == "forget" and held:
                    store.forget(data.draw(st.sampled_from(held)))
                elif what == "day":
                    day = data.draw(st.sampled_from(DAYS))
                    store.set_day(day)
                elif what == "open" and on_disk:
                    store.close()
                    day = data.draw(st.sampled_from(DAYS))
                    with open_store(path, clock=CLOCK, today=day) as reader:
                        assert reader.notes == ()
                        is_right(reader, day)
                    day = data.draw(st.sampled_from(DAYS))
                    store = open_store(path, write=True, clock=CLOCK, today=day)
                is_right(store, day)
        finally:
            store.close()


def edges_of(store):
    return said(store)[1]


def test_a_contract_that_ran_out_yesterday_is_no_edge_today(tmp_path):
    contract = claim(start="2015-01-01", duration="P5Y", known_from="2015-02-01")
    with open_store(tmp_path / "s", write=True, clock=CLOCK, today=dt.date(2019, 12, 31)) as store:
        store.commit([reading(contract)])
        assert edges_of(store) == {("alpha", "supplies", "beta")}
    for opening in ({"write": True}, {}):
        with open_store(tmp_path / "s", today=dt.date(2020, 1, 1), **opening) as store:
            assert (store.notes, edges_of(store)) == ((), set())
        with open_store(tmp_path / "s", today=dt.date(2019, 12, 31), **opening) as store:
            assert (store.notes, len(edges_of(store))) == ((), 1)


def test_a_source_that_reports_an_end_closes_what_an_older_one_asserts():
    told, ended = claim(), claim(modality=Modality.ENDED, known_from="2021-01-01", document="b")
    with open_store(None, clock=CLOCK, today=dt.date(2021, 6, 1)) as store:
        store.commit([reading(told)])
        assert len(edges_of(store)) == 1
        assert store.commit([reading(ended)]).edges_removed == 1
        rows = store.query("SELECT ?until { ?c kg:until ?until }")
        assert [row["until"].value for row in rows] == ["2020-12-31"]
        assert store.forget("b").edges_added == 1


def test_a_fact_of_a_day_is_a_query_over_from_and_until():
    with open_store(None, clock=CLOCK, today=dt.date(2021, 6, 1)) as store:
        store.commit([reading(claim(end="2020-06"))])
        query = """SELECT ?sentence ?document ?today {
          ?claim kg:from ?from ; kg:sentence ?sentence ; kg:document ?document
          OPTIONAL { ?claim kg:until ?until } FILTER(?from <= ?today && COALESCE(?until >= ?today, true)) }"""

        def rows(day):
            today = ox.Literal(day, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
            return [(row["sentence"].value, row["document"].value) for row in store.query(query, {"today": today})]

        assert [len(rows(day)) for day in ("2020-01-09", "2020-01-10", "2020-06-30", "2020-07-01")] == [0, 1, 1, 0]
        assert rows("2020-06-30") == [(TEXT, "a")]


def test_a_reader_beside_another_says_for_which_day_the_edges_stand(tmp_path):
    with open_store(tmp_path / "s", write=True, clock=CLOCK, today=dt.date(2020, 2, 1)) as store:
        store.commit([reading(claim(end="2020-02-01"))])
    with (
        open_store(tmp_path / "s", today=dt.date(2020, 2, 1)) as first,
        open_store(tmp_path / "s", today=dt.date(2020, 2, 2)) as second,
    ):
        assert first.notes == ()
        assert second.notes == ("its edges stand for 2020-02-01, since others have the store open",)
        assert (second.today, len(edges_of(second))) == (dt.date(2020, 2, 1), 1)
        with pytest.raises(StoreError, match="open for reading"):
            second.set_day(dt.date(2020, 2, 2))


def test_a_day_that_breaks_off_is_moved_again(tmp_path, monkeypatch):
    with open_store(tmp_path / "s", write=True, clock=CLOCK, today=dt.date(2020, 2, 1)) as store:
        store.commit([reading(claim(end="2020-02-01"))])
    with monkeypatch.context() as broken:

        def fail(*_):
            raise OSError(28, "No space left on device")

        broken.setattr(index, "day_change", fail)
        # A writer makes the index anew, which moves no edge.
        with open_store(tmp_path / "s", write=True, today=dt.date(2020, 2, 2)) as store:
            is_right(store, dt.date(2020, 2, 2))
    with open_store(tmp_path / "s", write=True, today=dt.date(2020, 2, 1)) as store:
        is_right(store, dt.date(2020, 2, 1))
        monkeypatch.setattr(index, "day_change", fail)
        with pytest.raises(StoreError):
            store.set_day(dt.date(2020, 2, 2))
        is_right(store, dt.date(2020, 2, 1))


def test_what_a_user_says_of_claims_changes_no_edge():
    first, second = claim(), claim(document="b")
    with open_store(None, clock=CLOCK, today=dt.date(2021, 6, 1)) as store:
        store.commit([reading(first), reading(second)])
        copied = [replace_graph(quad) for quad in store.quads() if quad.subject.value.startswith(f"{store.base}claim/")]
        store.replace_graph("https://example.org/mine", copied)
        store.forget("a")
        is_right(store, dt.date(2021, 6, 1))
        store.forget("b")
        assert edges_of(store) == set()


def replace_graph(quad):
    return ox.Triple(quad.subject, quad.predicate, quad.object)
