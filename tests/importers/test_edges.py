"""Lists of edges: what holds becomes claims with their evidence, what does not is named, row by row."""

import io
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DocumentError, EdgeListError, KgError
from kg.facts import AsOf, Interval, relationships
from kg.importers.edges.reading import claims_of_edges, read_edges
from kg.model import Modality
from kg.resolve import Resolver
from kg.tables.rendering import printable


def read(text, **options):
    return read_edges(io.StringIO(text, newline=""), **options)


def wrong(source, **options):
    return [str(each) for each in read_edges(source, **options).rejected]


# ---------------------------------------------------------------------------------- what holds
def test_tuples_mappings_csv_and_a_frame_say_the_same():
    rows = [("Alice", "Beta", 0.6), ("Beta", "Gamma", 0.25)]
    named = [dict(zip(("holder", "issuer", "share"), row, strict=True)) for row in rows]
    text = "holder,issuer,share\nAlice,Beta,0.6\nBeta,Gamma,0.25\n"
    said = [
        [(c.subject, c.relation, c.object, c.qualifiers) for c in claims]
        for claims in (
            claims_of_edges(rows),
            claims_of_edges(named),
            claims_of_edges(pd.DataFrame(named)),
            read(text).claims,
            read(text.replace(",", ";")).claims,
            read(text.replace(",", "\t").replace("\n", "\r\n")).claims,
            read("\ufeff" + text).claims,
        )
    ]
    assert said == [said[0]] * len(said)
    assert [(one.id, relation, terms.percent) for one, relation, _, terms in said[0]] == [
        ("company/alice", "holds-stake", Decimal(60)),
        ("company/beta", "holds-stake", Decimal(25)),
    ]


@pytest.mark.parametrize(
    ("share", "percent"),
    [
        ("0.1", "10"),
        (0.1, "10"),
        ("12.5%", "12.5"),
        ("33.3 %", "33.3"),
        (1, "100"),
        (0, "0"),
        (Decimal("0.3333"), "33.33"),
    ],
)
def test_a_share_is_kept_to_its_last_digit(share, percent):
    [claim] = claims_of_edges([("A", "B", share)])
    assert claim.qualifiers.percent == Decimal(percent)


def test_shares_may_be_read_as_percentages_and_a_percent_column_is_one():
    assert claims_of_edges([("A", "B", 60)], unit="percent")[0].qualifiers.percent == 60
    assert claims_of_edges([{"owner": "A", "company": "B", "percent": 60}])[0].qualifiers.percent == 60
    with pytest.raises(EdgeListError, match="no unit 'per cent'"):
        read_edges([], unit="per cent")


def test_all_terms_have_a_column():
    [claim] = read(
        "Parent;Target;Relation;Subject type;percent_min;percent_max;percent_of;amount;currency;start;end;as_of;"
        "known_from;modality;goods;exclusive;duration\n"
        "Ann Lee;Beta;invests-in;person;10;20;voting;1200.50;EUR;2024;2026-02;2024-12-31;2025-01;planned;chips;no;P2Y\n"
    ).claims
    said = claim.qualifiers
    assert (claim.subject.type, claim.relation, claim.modality) == ("Person", "invests-in", Modality.PLANNED)
    assert claim.known_from == "2025-01"
    assert (said.percent_min, said.percent_max, said.percent_of) == (10, 20, "votes")
    assert (said.amount, said.currency, said.goods, said.exclusive) == (Decimal("1200.5"), "EUR", "chips", False)
    assert (said.start, said.end, said.as_of, said.duration) == ("2024", "2026-02", "2024-12-31", "P2Y")


def test_a_sum_may_be_given_by_its_bounds():
    [claim] = read("holder,issuer,relation,amount_min,amount_max,currency\nA,B,invests-in,0,5000000,USD\n").claims
    said = claim.qualifiers
    assert (said.amount, said.amount_min, said.amount_max, said.currency) == (None, 0, 5_000_000, "USD")


def test_an_empty_cell_says_nothing_and_an_unknown_share_stays_unknown():
    [claim, other] = read("holder,issuer,share\nA,B,\nC,B, \n").claims
    assert claim.qualifiers.percent is None
    assert other.qualifiers.percent is None


def test_each_claim_has_its_row_for_evidence_in_the_text_of_the_list():
    edges = read('\r\nholder,issuer,share\r\n"Alpha, Inc.",Beta,0.5\r\n\r\nÉtoile,Beta,0.25')
    assert [claim.evidence[0].quote for claim in edges.claims] == ['"Alpha, Inc.",Beta,0.5', "Étoile,Beta,0.25"]
    for claim in (*edges.claims, *read_edges([("A", "B", 1), ("B", "C,D", 0.5)]).claims):
        [place] = claim.evidence
        assert claim.method == "edges/1"
        assert len(place.quote) == place.end - place.start
    for list_ in (edges, read_edges(pd.DataFrame({"holder": ["A"], "issuer": ["B"]}), name="x")):
        for claim in list_.claims:
            assert list_.document.text[claim.evidence[0].start : claim.evidence[0].end] == claim.evidence[0].quote


def test_entities_are_those_that_articles_give():
    [claim] = claims_of_edges([("NVIDIA", "CoreWeave", 0.06)])
    assert [claim.subject.id, claim.object.id] == ["company/nvidia", "company/coreweave"]
    [claim] = claims_of_edges([{"holder": "SoftBank", "relation": "participates-in", "issuer": "Stargate"}])
    assert claim.object.id == "programme/stargate"


def test_rows_at_odds_are_both_kept_and_make_a_range():
    claims = claims_of_edges([("A", "B", 0.2), ("A", "B", 0.4), ("A", "B", 0.4)])
    assert len({claim.id for claim in claims}) == 3
    [tie] = relationships(claims, AsOf())
    assert tie.share((None, "capital")) == Interval(0.2, 0.4)


def test_names_that_a_list_tells_apart_stay_apart_and_a_note_says_so():
    rows = [("Alpha Holding", "Alpha", 0.6), ("ALPHA", "Beta", 0.5), ("A'", "A", 0.1)]
    edges = read_edges(rows)
    assert edges.rejected == ()
    ids = [(claim.subject.id, claim.object.id) for claim in edges.claims]
    assert ids[0][1] == ids[1][0] == "company/alpha"
    assert ids[0][0].startswith("company/alpha-")
    assert ids[2][1] == "company/a" != ids[2][0]
    assert len(list(edges.notes())) == 2
    assert [(c.subject.id, c.object.id) for c in reversed(claims_of_edges(rows[::-1]))] == ids


def test_a_class_that_one_row_gives_holds_for_the_others():
    claims = claims_of_edges([{"holder": "Ann", "issuer": "B", "subject_type": "person"}, ("Ann", "C", 0.5)])
    assert {claim.subject.id for claim in claims} == {"person/ann"}


# ---------------------------------------------------------------------------------- what does not
@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("A", "B", -0.2), "share '-0.2' is negative; write 0 to 1"),
        (("A", "B", 1.5), "share '1.5' is over 100 %"),
        (("A", "B", 60), "a column of percentages is called percent, or is read with the unit percent"),
        (("A", "B", "130%"), "share '130%' is over 100 %: write 0 to 100"),
        (("A", "B", float("nan")), "share 'nan' is not a number"),
        (("A", "B", "sNaN"), "share 'sNaN' is not a number"),
        (("A", "B", "-Infinity"), "is not a number"),
        (("A", "B", "1_0"), "share '1_0' is not a number"),
        (("A", "B", "٠.٥"), "is not a number"),
        (("A", "B", "0,5"), "write a point for the comma"),
        (("A", "B", True), "is not a number"),
        (("A", "B", "1e-999"), "is no figure"),
        (("A", "A", 0.5), "issuer 'A' is the holder itself"),
        (("Nvidia", "NVIDIA", 0.5), "is the holder itself"),
        (("", "B", 0.5), "holder '' is empty"),
        (("A", None, 0.5), "issuer '' is empty"),
        (("A", "B\x00", 0.5), "control character"),
        (("A", "B", 0.5, 1), "is no edge: write (holder, issuer, share)"),
        ("AB", "is no edge"),
        ({"holder": "A", "isuer": "B"}, "column 'isuer' is unknown. Did you mean 'issuer'?"),
        ({"holder": "A", "issuer": "B", "relation": "holds-steak"}, "Did you mean 'holds-stake'?"),
        ({"holder": "A", "issuer": "B", "relation": "revenue"}, "is no relation between two entities"),
        ({"holder": "A", "issuer": "B", "subject_type": "persn"}, "Did you mean 'Person'?"),
        ({"holder": "A", "issuer": "B", "object_type": "Person"}, "'Person' cannot be the object of 'holds-stake'"),
        ({"holder": "A", "issuer": "B", "amount": 3}, "currency '' is missing beside the amount 3"),
        ({"holder": "A", "issuer": "B", "amount": -3, "currency": "USD"}, "amount '-3' is negative"),
        ({"holder": "A", "issuer": "B", "amount": 3, "currency": "usd"}, "currency 'usd' is no ISO 4217 code"),
        ({"holder": "A", "issuer": "B", "end": "2024-02-30"}, "end '2024-02-30' is no date"),
        ({"holder": "A", "issuer": "B", "start": 2025, "end": 2024}, "end '2024' lies before the start, 2025"),
        ({"holder": "A", "issuer": "B", "modality": "asserting"}, "Did you mean 'asserted'?"),
        ({"holder": "A", "issuer": "B", "percent_of": "vots"}, "Did you mean 'votes'"),
        ({"holder": "A", "issuer": "B", "percent_min": 30, "percent_max": 20}, "is more than percent_max, 20"),
        ({"holder": "A", "issuer": "B", "share": 0.5, "percent": 50}, "stands beside the share"),
        ({"holder": "A", "issuer": "B", "amount_min": 3}, "currency '' is missing beside the amount 3"),
        ({"holder": "A", "issuer": "B", "amount": 3, "amount_max": 4, "currency": "USD"}, "stands beside the amount"),
        (
            {"holder": "A", "issuer": "B", "amount_min": 4, "amount_max": 3, "currency": "USD"},
            "more than amount_max, 3",
        ),
        ({"holder": "A", "issuer": "B", "exclusive": "maybe"}, "is neither yes nor no"),
        ({"holder": "A", "issuer": "B", "duration": "5 years"}, "is no duration"),
    ],
)
def test_a_row_that_does_not_hold_is_named_with_its_column_and_the_way_out(row, said):
    found = wrong([("Good", "Row", 0.5), row])
    assert any(said in line for line in found), found
    assert all(line.startswith("row 2: ") for line in found)
    assert len(read_edges([("Good", "Row", 0.5), row]).claims) == 1


def test_all_that_is_wrong_is_found_in_all_rows():
    edges = read("holder;issuer;share;amount;end\nA;;2;3;2024-13\nB;C;0.5;;\n;D;x;;\nE;F\n")
    assert [(each.row, each.line, each.column) for each in edges.rejected] == [
        *((1, 2, "issuer"), (1, 2, "share"), (1, 2, "end"), (1, 2, "currency")),
        *((3, 4, "holder"), (3, 4, "share")),
        (4, 5, "row"),
    ]
    assert (edges.count, edges.bad_rows, len(edges.claims)) == (4, 3, 1)
    assert str(edges.rejected[0]) == "row 1 (line 2): issuer '' is empty: write a name"


def test_the_error_counts_and_has_all_of_them():
    with pytest.raises(EdgeListError, match=r"^5 of 6 rows of edges.csv do not hold: row 1: .*; and 2 more$") as caught:
        claims_of_edges([*[("A", "B", 2)] * 5, ("A", "B", 1)])
    assert len(caught.value.rejected) == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("Alice,Beta,0.5\n", "name the columns in its first line"),
        ("holder,isuer,share\n", "column 'isuer' is unknown. Did you mean 'issuer'?"),
        ("holder,share\n", "one column is called object or issuer"),
        ("holder,owner,company\n", "column 'owner' says again"),
        ('"holder,issuer\n', "no line of CSV"),
    ],
)
def test_a_header_that_does_not_hold_stops_everything(text, said):
    with pytest.raises(EdgeListError) as caught:
        read(text)
    assert said in str(caught.value)


def test_a_quote_that_is_never_closed_is_told_with_what_it_took():
    edges = read('holder,issuer,share\nA,B,0.5\n"C,D,0.5\nE,F,0.5\n')
    assert len(edges.claims) == 1
    assert [str(each) for each in edges.rejected] == [
        "row 2 (line 3): row '\"C,D,0.5 E,F,0.5' opens a quote that is never closed, and all behind it is lost"
    ]
    [rejected] = read('holder,issuer,share\n"A"x,B,0.5\n').rejected
    assert "is no CSV" in str(rejected)


def test_nothing_in_a_message_steers_a_terminal_or_breaks_a_line():
    lines = wrong([("A\x1b[31m\nB", "\ud800", "0\u202e" + "9" * 500)])
    assert len(lines) == 3
    for line in lines:
        assert line.isprintable()
        assert len(line) < 200


def test_a_gap_in_a_frame_is_no_number_gone_wrong():
    table = pd.DataFrame(
        {
            "holder": ["A", "B"],
            "issuer": ["B", "C"],
            "share": [0.5, None],
            "percent_min": [None, 20],
            "end": [None, 2030],
        }
    )
    edges = read_edges(table)
    assert edges.rejected == ()
    assert [(c.qualifiers.percent, c.qualifiers.percent_min, c.qualifiers.end) for c in edges.claims] == [
        (50, None, None),
        (None, 20, "2030"),
    ]
    [line] = wrong(pd.DataFrame({"holder": ["A"], "issuer": ["B"], "share": [float("nan")]}))
    assert "share 'nan' is not a number" in line
    with pytest.raises(EdgeListError, match="Did you mean 'holder'"):
        read_edges(pd.DataFrame({"hodler": ["A"], "issuer": ["B"]}))


def test_a_file_is_read_by_its_path_and_one_that_cannot_be_is_named(tmp_path):
    good = tmp_path / "register.csv"
    good.write_bytes("\ufeffholder,issuer,share\r\nÉtoile,Beta,0.5\r\n".encode())
    for path in (good, str(good)):
        [claim] = claims_of_edges(path)
        assert claim.document == "register.csv"
        assert claim.subject.name == "Étoile"
    latin = tmp_path / "latin.csv"
    latin.write_bytes("holder,issuer\nÉtoile,Beta\n".encode("latin-1"))
    for path in (latin, tmp_path / "no.csv", tmp_path):
        with pytest.raises(DocumentError, match="cannot be read"):
            claims_of_edges(path)
    with good.open("rb") as handle, pytest.raises(DocumentError, match="as bytes"):
        claims_of_edges(handle)


CELLS = st.one_of(st.text(max_size=8), st.floats(), st.none(), st.booleans(), st.integers(), st.dates())


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6))
def test_whatever_stands_in_a_row_it_is_a_claim_or_is_named(rows):
    edges = read_edges(rows)
    assert len(edges.claims) + edges.bad_rows == len(rows) == edges.count
    for each in edges.rejected:
        assert printable(str(each)) == str(each)


@given(st.text(max_size=60))
def test_whatever_a_file_holds_nothing_breaks_but_with_an_error_of_ours(text):
    try:
        edges = read("holder,issuer,share\n" + text)
    except KgError:
        return
    assert len(edges.claims) + edges.bad_rows == edges.count
    for claim in edges.claims:
        [place] = claim.evidence
        assert edges.document.text[place.start : place.end] == place.quote


@given(st.decimals(0, 1, allow_nan=False, places=12))
def test_a_written_share_loses_no_digit(share):
    [claim] = claims_of_edges([("A", "B", format(share, "f"))])
    assert claim.qualifiers.percent == share * 100


def test_ids_do_not_hang_on_other_rows_where_names_are_not_alike():
    assert claims_of_edges([("A", "B", 0.5)])[0].subject == Resolver().entity(
        claims_of_edges([("A", "C", 1)])[0].subject
    )


def test_in_a_column_of_holders_a_subsidiary_has_its_parent_there():
    for one, other in (("parent", "company"), ("holder", "issuer")):
        [claim] = claims_of_edges([{one: "Big", other: "Small", "relation": "subsidiary-of"}])
        assert (claim.subject.name, claim.object.name) == ("Small", "Big")
    [claim] = claims_of_edges([{"subject": "Small", "object": "Big", "relation": "subsidiary-of"}])
    assert (claim.subject.name, claim.object.name) == ("Small", "Big")


def test_a_currency_beside_no_amount_is_named():
    with pytest.raises(EdgeListError, match="stands beside no amount"):
        claims_of_edges([{"holder": "A", "issuer": "B", "share": 0.5, "currency": "USD"}])
