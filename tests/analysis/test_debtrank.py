"""What a failure reaches: numbers worked out by hand and by others, ranges that hold every completion."""

import random
import re
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.shocks.debtrank import debt_rank, supply_cascade
from kg.errors import QueryError, UnknownEntity
from kg.facts import AsOf, Interval, TriState
from kg.model import Claim, Document, Entity, Figure, Modality, Qualifiers

_NUMBERS = count()
EXACT = 1e-9


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


def say(subject, relation, object_, *, as_=Modality.ASSERTED, known=None, **terms):
    """A claim whose document is its sentence; companies are given by name."""
    end = object_ if isinstance(object_, Figure) else company(object_)
    sentence = f"{subject} {relation} {object_} ({next(_NUMBERS)})."
    place = (Document(sentence, sentence, "en", known).evidence(0, len(sentence)),)
    return Claim(company(subject), relation, end, as_, place, Qualifiers(**terms), known, "2025-06-01T00:00:00Z")


def hangs(target, source, weight):
    """Claims by which `target` loses a share when `source` fails, and nothing the other way round."""
    terms = {"percent": Decimal(weight) * 100, "percent_of": "revenue"}
    return [
        say(target, "supplies", source, **terms),
        say(target, "supplies", source, percent=Decimal(0), percent_of="cost"),
    ]


def graph(*edges):
    return [claim for edge in edges for claim in hangs(*edge)]


def revenue(name, value, unit="USD", **terms):
    return say(name, "revenue", Figure(Decimal(value), unit), **terms)


def lost(result):
    """The distress of each company by name; an exact one is a number."""
    return {row.company.name: row.distress.low if row.distress.is_exact else row.distress for row in result}


def near(expected):
    return pytest.approx(expected, abs=EXACT)


# ---------------------------------------------------------------- numbers
def test_a_supplier_loses_the_share_of_its_failed_customer():
    [row] = debt_rank(graph(("A", "B", 0.3)), "B")
    assert (row.distress, row.first, row.steps, row.modality) == (*[Interval(0.3, 0.3)] * 2, 1, Modality.ASSERTED)
    assert [relationship.relation for relationship in row.relationships] == ["supplies"]
    assert [cells["through"] for cells in row.cells()] == ["B (revenue)"]


def test_a_customer_loses_the_share_of_its_costs_and_all_by_an_exclusive_supplier():
    costs = [say("S", "supplies", "C", percent=Decimal(20), percent_of="cost")]
    assert lost(debt_rank(costs, "S")) == {"C": near(0.2)}
    assert lost(debt_rank([say("S", "supplies", "C", exclusive=True)], "S")) == {"C": 1.0}
    both = [*costs, say("S", "supplies", "C", exclusive=True)]
    assert lost(debt_rank(both, "S")) == {"C": Interval(0.2, 1.0)}
    denied = [say("S", "supplies", "C", exclusive=True), say("S", "supplies", "C", as_=Modality.DENIED)]
    assert lost(debt_rank(denied, "S")) == {"C": Interval(0.0, 1.0)}


def test_a_shock_goes_on_from_company_to_company():
    chain = graph(("A", "B", 0.5), ("B", "C", 0.4))
    assert lost(debt_rank(chain, "C")) == near({"B": 0.4, "A": 0.2})
    assert lost(debt_rank(chain, "C", loss=0.5)) == near({"B": 0.2, "A": 0.1})
    assert [(row.company.name, row.steps) for row in debt_rank(chain, "C")] == [("B", 1), ("A", 2)]
    assert len(debt_rank(chain, "C")[1].claims) == 4  # both ties, two claims each
    assert lost(debt_rank(chain, "A")) == {}
    assert debt_rank(chain, "A").notes == ("No tie carries it any further.",)


def test_nobody_loses_more_than_everything():
    claims = graph(("B", "A", 1), ("C", "A", 0.8), ("D", "B", 0.7), ("D", "C", 0.9))
    assert lost(debt_rank(claims, "A"))["D"] == 1.0


def test_each_passes_its_distress_on_once():
    # B is reached by A with 0.1, and passes that on; what it loses by C a round later it keeps to itself.
    claims = graph(("B", "A", 0.1), ("C", "A", 1), ("B", "C", 0.6), ("D", "B", 1))
    assert lost(debt_rank(claims, "A")) == near({"C": 1.0, "B": 0.7, "D": 0.1})
    [b] = [row for row in debt_rank(claims, "A") if row.company.name == "B"]
    assert b.first == Interval(0.1, 0.1)
    assert lost(debt_rank(claims, "A", feedback=True)) == near({"C": 1.0, "B": 0.7, "D": 0.7})


def test_a_new_tie_may_lower_distress_where_each_passes_on_once():
    claims = graph(("C", "A", 1), ("B", "C", 1), ("D", "B", 1))
    assert lost(debt_rank(claims, "A"))["D"] == 1.0
    assert lost(debt_rank([*claims, *graph(("B", "A", 0.1))], "A"))["D"] == near(0.1)


# Inputs of the `neva` package, data/shock_*.json (https://github.com/marcobardoscia/neva): holder, issuer, exposure
# over equity. What comes of them was worked out by an independent program, for the algorithms of 2012 and of 2015.
CYCLE = (("A", "B", 0.5), ("B", "C", 0.5), ("C", "A", 0.5))
CHAIN = (("A", "B", 1 / 3), ("B", "C", 0.5))


@pytest.mark.parametrize(
    ("edges", "loss", "once", "again"),
    [
        (CYCLE, 1.0, {"A": 0.25, "B": 0.5}, {"A": 0.25, "B": 0.5}),
        (CYCLE, 0.4, {"A": 0.1, "B": 0.2}, {"A": 0.1 / 0.875, "B": 0.2 / 0.875}),
        (CHAIN, 1.0, {"A": 1 / 6, "B": 0.5}, {"A": 1 / 6, "B": 0.5}),
    ],
)
def test_published_inputs_give_what_others_work_out(edges, loss, once, again):
    assert lost(debt_rank(graph(*edges), "C", loss=loss)) == near(once)
    assert lost(debt_rank(graph(*edges), "C", loss=loss, feedback=True)) == near(again)


def test_what_comes_back_to_the_company_is_told():
    assert any("C may lose up to 45%" in note for note in debt_rank(graph(*CYCLE), "C", loss=0.4).notes)
    assert any("C may lose up to 46%" in note for note in debt_rank(graph(*CYCLE), "C", loss=0.4, feedback=True).notes)


def test_a_weight_that_hardly_falls_short_of_one_comes_to_an_end():
    claims = graph(("A", "B", "0.999999"), ("B", "A", "0.999999"))
    assert debt_rank(claims, "A", loss=1e-6, feedback=True)[0].distress.high == 1.0


# ---------------------------------------------------------------- what is not known
def test_a_share_that_nobody_gives_may_be_anything_and_is_named():
    result = debt_rank([say("S", "supplies", "C")], "S")
    assert lost(result) == {"C": Interval(0.0, 1.0)}
    assert result.notes[0] == "1 of 1 weights are missing and may be anything from 0 to 1: C on S (supply)."


def test_holders_investors_lenders_and_parents_are_hit():
    claims = [
        say("H", "holds-stake", "X", percent=Decimal(6), percent_of="capital"),
        say("I", "invests-in", "X"),
        say("L", "lends-to", "X", amount=Decimal(10), currency="USD"),
        say("X", "subsidiary-of", "P"),
    ]
    result = debt_rank(claims, "X")
    assert lost(result) == dict.fromkeys("HILP", Interval(0.0, 1.0))
    assert {cells["through"] for row in result for cells in row.cells()} == {"X (capital)"}
    assert lost(debt_rank(claims, "X", channels=["supply"])) == {}
    assert lost(debt_rank(claims, "H")) == {}


def test_a_note_names_a_few_missing_weights_and_counts_the_rest():
    claims = [say("S", "supplies", f"C{number}") for number in range(7)]
    assert debt_rank(claims, "S").notes[0].startswith("7 of 7 weights are missing")
    assert " and 2 more." in debt_rank(claims, "S").notes[0]


def test_plans_take_part_when_asked_for_and_say_so():
    claims = [say("A", "supplies", "B", as_=Modality.PLANNED), *graph(("C", "A", 0.5))]
    assert lost(debt_rank(claims, "B")) == {}
    rows = debt_rank(claims, "B", modalities=(Modality.ASSERTED, Modality.PLANNED))
    assert [(row.company.name, row.modality) for row in rows] == [("A", Modality.PLANNED), ("C", Modality.PLANNED)]


def test_a_past_date_knows_nothing_of_what_came_later():
    claims = [say("A", "supplies", "B", known=date, percent=Decimal(share), percent_of="revenue", as_of=date[:4])
              for date, share in (("2024-05-01", 20), ("2025-05-01", 60))]  # fmt: skip
    assert lost(debt_rank(claims, "B"))["A"] == near(0.6)
    assert lost(debt_rank(claims, "B", as_of=AsOf(known="2024-12")))["A"] == near(0.2)


# ---------------------------------------------------------------- R
def test_the_debtrank_of_a_shock_is_the_share_of_revenue_that_is_lost():
    sizes = [revenue("A", 100), revenue("B", 100), revenue("C", 100)]
    notes = debt_rank([*graph(*CYCLE), *sizes], "C").notes  # (0.25 + 0.5) / 3
    assert any(re.search(r"between 0\.2500 and 0\.2500; revenues by ", note) for note in notes)


def test_the_debtrank_is_a_range_where_revenues_are_at_odds():
    sizes = [revenue("A", 100, as_of="2024"), revenue("A", 300, as_of="2024"), revenue("A", 9, as_of="2020")]
    notes = debt_rank([*graph(("A", "B", 0.4)), *sizes, revenue("B", 100)], "B").notes
    assert any(re.search(r"between 0\.2000 and 0\.3000; revenues by ", note) for note in notes)


def test_without_all_revenues_in_one_currency_there_is_no_debtrank():
    claims = graph(("A", "B", 0.4))
    assert any("2 of them are not known" in note for note in debt_rank(claims, "B").notes)
    mixed = debt_rank([*claims, revenue("A", 1), revenue("B", 1, "EUR")], "B")
    assert any("EUR and USD, which are not added up" in note for note in mixed.notes)
    assert any("nobody has any revenue" in n for n in debt_rank([*claims, revenue("A", 0), revenue("B", 0)], "B").notes)


# ---------------------------------------------------------------- laws
NAMES = "ABCDEF"
WEIGHTS = st.integers(1, 100)
EDGES = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1]),
    WEIGHTS,
    max_size=12,
)
LOSSES = st.integers(1, 100)


def percent_graph(edges, missing=()):
    """A graph of weights in percent; of those in `missing` no source says how large they are."""
    base = [say("A", "competes-with", "B")]  # so that A is known
    for (target, source), weight in edges.items():
        if (target, source) in missing:
            zero = {"percent": Decimal(0), "percent_of": "cost"}
            base += [say(target, "supplies", source), say(target, "supplies", source, **zero)]
        else:
            base += hangs(target, source, Decimal(weight) / 100)
    return base


def simulated(edges, loss):
    """The states of the paper, step by step: undistressed, distressed, inactive."""
    h, state = dict.fromkeys(NAMES, 0.0), dict.fromkeys(NAMES, "U")
    h["A"], state["A"] = loss, "D"
    while "D" in state.values():
        hit = [i for i in NAMES if state[i] == "D"]
        new = {j: min(1.0, h[j] + sum(edges.get((j, i), 0) / 100 * h[i] for i in hit)) for j in NAMES}
        state = {j: "I" if state[j] != "U" else "D" if new[j] > 0 else "U" for j in NAMES}
        h = new
    return {j: h[j] for j in NAMES if j != "A" and h[j] > 0}


@given(EDGES, LOSSES)
def test_distress_is_that_of_the_states_of_the_paper(edges, loss):
    assert lost(debt_rank(percent_graph(edges), "A", loss=loss / 100)) == near(simulated(edges, loss / 100))


@given(EDGES, LOSSES, LOSSES)
def test_a_greater_loss_never_lowers_distress(edges, one, other):
    claims, (less, more) = percent_graph(edges), sorted((one, other))
    for again in (False, True):
        low, high = (lost(debt_rank(claims, "A", loss=loss / 100, feedback=again)) for loss in (less, more))
        assert all(low[name] <= high[name] + EXACT for name in low)


@given(EDGES, st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), WEIGHTS)
def test_one_more_tie_never_lowers_distress_where_everything_is_passed_on(edges, relationship, weight):
    more = edges | (
        {relationship: max(weight, edges.get(relationship, 0))} if relationship[0] != relationship[1] else {}
    )
    low, high = (lost(debt_rank(percent_graph(one), "A", feedback=True)) for one in (edges, more))
    assert all(low[name] <= high[name] + EXACT for name in low)
    once = lost(debt_rank(percent_graph(more), "A"))
    assert all(once[name] <= high[name] + EXACT for name in once)


@given(EDGES, st.data())
def test_ranges_hold_whatever_the_missing_weights_are(edges, data):
    missing = data.draw(st.sets(st.sampled_from(sorted(edges)))) if edges else set()
    completed = edges | {pair: data.draw(WEIGHTS) for pair in sorted(missing)}
    for again in (False, True):
        ranges = {row.company: row for row in debt_rank(percent_graph(edges, missing), "A", loss=0.7, feedback=again)}
        for row in debt_rank(percent_graph(completed), "A", loss=0.7, feedback=again):
            for name in ("distress", "first"):
                value, bounds = getattr(row, name).low, getattr(ranges[row.company], name)
                assert bounds.low - EXACT <= value <= bounds.high + EXACT
    cascade = {row.company: row for row in supply_cascade(percent_graph(edges, missing), "A", threshold=0.3)}
    for row in supply_cascade(percent_graph(completed), "A", threshold=0.3):
        assert cascade[row.company].fails in {row.fails, TriState.UNDECIDED}


@given(EDGES, st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(edges, chance: random.Random):
    claims = percent_graph(edges, set(list(edges)[::2]))
    mixed = chance.sample(claims, len(claims))
    for ask in (debt_rank, supply_cascade):
        one, other = ask(claims, "A"), ask(mixed, "A")
        assert (one.rows, one.notes) == (other.rows, other.notes)


# ---------------------------------------------------------------- the cascade
def failures(result):
    return {row.company.name: (str(row.fails), row.round) for row in result}


def test_who_loses_half_of_its_revenue_fails_in_turn():
    claims = graph(("A", "B", 0.6), ("C", "A", 0.5), ("D", "C", 0.49))
    result = supply_cascade(claims, "B")
    assert failures(result) == {"A": ("yes", 1), "C": ("yes", 2), "D": ("no", None)}
    assert [row.lost for row in result] == [Interval(share, share) for share in (0.6, 0.5, 0.49)]
    assert [len(row.claims) for row in result] == [2, 4, 6]
    assert failures(supply_cascade(claims, "B", threshold=0.7)) == {"A": ("no", None)}


def test_losses_by_several_failures_are_added_up():
    claims = graph(("A", "S", 0.5), ("B", "S", 0.5), ("C", "A", 0.25), ("C", "B", 0.25))
    assert failures(supply_cascade(claims, "S"))["C"] == ("yes", 2)


def test_revenue_and_supply_are_not_added_to_each_other():
    claims = [
        say("C", "supplies", "X", percent=Decimal(30), percent_of="revenue"),
        say("C", "supplies", "X", percent=Decimal(0), percent_of="cost"),
        say("X", "supplies", "C", percent=Decimal(30), percent_of="cost"),
        say("X", "supplies", "C", percent=Decimal(0), percent_of="revenue"),
    ]
    assert failures(supply_cascade(claims, "X")) == {"C": ("no", None)}
    assert lost(debt_rank(claims, "X")) == {"C": near(0.6)}


def test_without_its_exclusive_supplier_a_company_fails_and_without_the_only_known_one_it_may():
    claims = [say("S", "supplies", "C", exclusive=True), say("S", "supplies", "D")]
    result = supply_cascade(claims, "S")
    assert failures(result) == {"C": ("yes", 1), "D": ("undecided", 1)}
    assert "1 may lose the only supplier that is known of them: D." in result.notes


def test_what_may_fail_may_take_others_with_it_and_claims_tell_why():
    claims = [say("S", "supplies", "D"), *graph(("E", "D", 0.9))]
    result = supply_cascade(claims, "S")
    assert failures(result) == {"D": ("undecided", 1), "E": ("undecided", 2)}
    assert {claim.id for claim in result[1].claims} == {claim.id for claim in claims}
    assert [cells["through"] for cells in result[1].cells()] == ["D (revenue)"]


def test_the_cascade_runs_along_ownership_when_asked_to():
    claims = [say("H", "holds-stake", "X")]
    assert failures(supply_cascade(claims, "X")) == {}
    assert supply_cascade(claims, "X").notes == ("No tie carries it any further.",)
    assert failures(supply_cascade(claims, "X", channels=("ownership",))) == {"H": ("undecided", 1)}


# ---------------------------------------------------------------- the examples, and bad questions
def test_the_failure_of_microsoft_costs_coreweave_62_percent(examples):
    row = next(row for row in debt_rank(examples, "Microsoft") if row.company.name == "CoreWeave")
    assert row.first == Interval(0.62, 0.62)
    assert row.distress.low == 0.62
    assert "62" in " ".join(claim.evidence[0].quote for claim in row.claims)
    assert failures(supply_cascade(examples, "Microsoft"))["CoreWeave"] == ("yes", 1)


@pytest.mark.parametrize(
    ("ask", "options", "message"),
    [
        (debt_rank, {"loss": 0}, "a loss of 0 is no part"),
        (debt_rank, {"loss": 1.5}, "a loss of 1.5 is no part"),
        (debt_rank, {"loss": float("nan")}, "a loss of nan is no part"),
        (supply_cascade, {"threshold": 62}, "a threshold of 62 is no share"),
        (debt_rank, {"channels": ["suply"]}, "does not run along 'suply'.*Did you mean 'supply'"),
    ],
)
def test_a_bad_question_gets_one_line(ask, options, message):
    with pytest.raises(QueryError, match=message):
        ask(graph(("A", "B", 0.4)), "B", **options)
    with pytest.raises(UnknownEntity, match="nothing that takes part here, at this date, is called 'Z'"):
        ask(graph(("A", "B", 0.4)), "Z")


def test_a_note_names_the_documents_of_the_revenues():
    told = [revenue("A", 60), revenue("B", 40)]
    result = debt_rank([*hangs("A", "B", 0.5), *told], "B")
    [note] = [one for one in result.notes if one.startswith("R, ")]
    assert result.name == "shock"
    assert all(claim.document in note for claim in told)


def test_two_relations_that_expose_alike_are_told_once():
    result = debt_rank([say("A", "invests-in", "B"), say("A", "holds-stake", "B")], "B")
    assert [line["through"] for row in result for line in row.cells()] == ["B (capital)"]
    [note] = [one for one in result.notes if "missing" in one]
    assert note.startswith("1 of 1 weights")
    assert note.count("A on B (capital)") == 1
    assert len(result[0].relationships) == 2
