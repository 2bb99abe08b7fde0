"""What columns answer is what SPARQL answers: the same columns, terms, values and order."""

import sys
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.model import Claim, Document, Entity, Figure, Modality, Qualifiers
from kg.query import answers, run, scans
from kg.query.disputes import disputes
from kg.query.library import library
from kg.store import DocumentClaims, column_cache, open_store
from kg.tables import TermRows

SCANS = [name for name, query in library().items() if query.sql]
WORDS = ("Ab", "ab", "Éa", "a b", "ab-", "É", "Zz>\"'\\\nz", "<script>", "\U0001f600 x")
_FEW = 2
_SOME = 40
ENTITIES = tuple(Entity(f"company/{word}", word, "Company", (word,)) for word in WORDS)


@pytest.fixture(autouse=True)
def _however_small(monkeypatch):
    """Columns answer for small stores too."""
    monkeypatch.setattr(column_cache, "_WORTH", 0)


def combinations(query, entities):
    """All arguments that a query can be given, optional ones left out too."""
    values = {
        "entity": entities,
        "relation": ("holds-stake", "competes-with"),
        "text": ("denied",),
        "date": ("2023", "2024-02", "2024-02-29", "9999"),
        "day": ("2023-06-01", "today"),
    }
    choices = [
        [f"{p.name}={value}" for value in values[p.kind]] + ([] if p.required else [None]) for p in query.parameters
    ]
    whole = [[argument for argument in chosen if argument is not None] for chosen in product(*choices)]
    # Of very many combinations those of few values, and some of the others.
    few, many = ([c for c in whole if (len(c) <= _FEW) is is_few] for is_few in (True, False))
    yield from (*few, *many[:: 1 + len(many) // _SOME])


def same_both_ways(store, name, arguments, monkeypatch):
    store.claims_table()
    ours = run(store, name, arguments)
    assert not isinstance(ours.values, TermRows), "columns answered"
    with monkeypatch.context() as patched:
        patched.setattr(answers, "columns_of", lambda *_, **__: None)
        theirs = run(store, name, arguments)
    assert isinstance(theirs.values, TermRows)
    assert (ours.columns, ours.title, ours.base, len(ours)) == (
        theirs.columns,
        theirs.title,
        theirs.base,
        len(theirs),
    )
    assert list(ours.terms) == list(theirs.terms)
    assert list(map(repr, ours.rows)) == list(map(repr, theirs.rows))
    return len(ours)


@pytest.mark.parametrize("name", SCANS)
def test_a_scan_says_what_sparql_says(rich, name, monkeypatch):
    found = [
        same_both_ways(rich, name, arguments, monkeypatch)
        for arguments in combinations(library()[name], ("CoreWeave", "OpenAI", "Microsoft", "Stargate"))
    ]
    assert any(found)


partial = st.sampled_from(["2023", "2024", "2024-02", "2024-03", "2024-02-28", "2024-02-29", "2025-03-11", "2025-03"])
share = st.sampled_from([Decimal(x) for x in ("0", "5", "5.2", "10", "62", "100", "0.000001")])
qualifiers = st.builds(
    Qualifiers,
    amount=st.none() | st.sampled_from([Decimal(0), Decimal("1.5"), Decimal(10**12)]),
    currency=st.none() | st.sampled_from(["EUR", "USD"]),
    percent=st.none() | share,
    percent_min=st.none() | share,
    amount_max=st.none() | st.just(Decimal("2.5")),
    percent_max=st.none() | share,
    percent_of=st.none() | st.sampled_from(["revenue", "capital"]),
    goods=st.none() | st.sampled_from(["chips", 'a "b"']),
    exclusive=st.none() | st.booleans(),
    start=st.none() | partial,
    end=st.none() | partial,
    as_of=st.none() | partial,
    duration=st.none() | st.sampled_from(["P5Y", "P18M", "P0D"]),
)
sayings = st.builds(
    lambda one, other, relation, modality, said: (one, relation, other, modality, said),
    st.sampled_from(ENTITIES[:4]) | st.sampled_from(ENTITIES),
    st.sampled_from(ENTITIES[:4]) | st.sampled_from(ENTITIES),
    st.sampled_from(["supplies", "competes-with", "holds-stake", "revenue", "partners-with"]),
    st.just(Modality.ASSERTED) | st.sampled_from(Modality),
    qualifiers,
)


def reading_of(number, told, published):
    lines = [f"{at}. {one.name!r}" for at, (one, *_) in enumerate(told)]
    document = Document(f"d {number}", "\n".join(lines), "en", published, None if number else "A title")
    claims = []
    for at, (one, relation, other, modality, said) in enumerate(told):
        start = document.text.index(lines[at])
        end = Figure(Decimal("1.25"), "USD") if relation == "revenue" else other
        evidence = (document.evidence(start, start + len(lines[at])),)
        claims.append(Claim(one, relation, end, modality, evidence, said, known_from=published))
    return DocumentClaims(document, tuple(claims))


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_scan_says_what_sparql_says_of_anything(data):
    told = data.draw(st.lists(st.tuples(st.lists(sayings, max_size=8), st.none() | partial), min_size=1, max_size=3))
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        open_store(None, clock=lambda: "2024-06-01T00:00:00Z") as store,
    ):
        store.commit([reading_of(number, *one) for number, one in enumerate(told)])
        named = [entity.id for entity in store.entities()][:3]
        for name in SCANS:
            offered = list(combinations(library()[name], named))
            if offered:
                same_both_ways(store, name, data.draw(st.sampled_from(offered)), monkeypatch)
        found = disputes(store)
        monkeypatch.setattr(column_cache, "_WORTH", 1 << 40)
        assert found == disputes(store)


def test_sparql_of_users_is_answered_by_sparql(rich, tmp_path):
    query = library()["planned"]
    (tmp_path / "planned.rq").write_text(query.text, "utf-8")
    for asked in (query.text, str(tmp_path / "planned.rq")):
        assert isinstance(run(rich, asked).values, TermRows)


def test_a_small_store_is_asked_in_sparql(rich, monkeypatch):
    monkeypatch.undo()
    assert rich.columns() is None
    assert isinstance(run(rich, "planned").values, TermRows)


def test_a_look_up_does_not_wait_for_columns_to_be_made(rich):
    assert isinstance(run(rich, "about", ["Nvidia"]).values, TermRows)
    assert not isinstance(run(rich, "planned").values, TermRows)
    assert not isinstance(run(rich, "about", ["Nvidia"]).values, TermRows)
    rich.forget("more.txt")
    assert isinstance(run(rich, "about", ["Nvidia"]).values, TermRows)


def test_without_duckdb_sparql_answers(rich, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    scans._database.cache_clear()
    assert isinstance(run(rich, "planned").values, TermRows)
    assert len(disputes(rich)) == 3


def test_numbers_that_no_decimal_holds_are_left_to_sparql(rich):
    told = (ENTITIES[0], "holds-stake", ENTITIES[1], Modality.PLANNED, Qualifiers(percent=Decimal("0." + "3" * 20)))
    rich.commit([reading_of(0, [told], None)])
    assert isinstance(run(rich, "planned").values, TermRows)


def test_a_scan_sees_neither_files_nor_variables(rich, tmp_path, monkeypatch):
    import duckdb

    (tmp_path / "secret.csv").write_text("a\n1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(scans, "in_reach", rich.claims_table(), raising=False)
    for sql in ("FROM 'secret.csv'", "FROM read_text('secret.csv')", "FROM in_reach"):
        with pytest.raises(duckdb.Error):
            scans.rows_of(rich.columns(), sql, {})


def test_a_value_can_never_become_part_of_the_sql(rich):
    told = (Entity("company/'; DROP TABLE claims --", "'; DROP", "Company"), "supplies", ENTITIES[0], Modality.PLANNED)
    rich.commit([reading_of(0, [(*told, Qualifiers())], None)])
    assert [row[0] for row in run(rich, "planned", ["'; DROP"]).rows] == ["'; DROP"]
