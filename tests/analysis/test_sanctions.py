"""Who is owned by listed parties together: OFAC's published examples, the unknown, lists with their days, evidence."""

import csv
import json
from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.analysis.ownership.sanctions import owned_by_listed
from kg.cli import cli
from kg.errors import InvalidRecord, QueryError, UnknownEntity
from kg.facts import AsOf, TriState
from kg.model import Claim, Document, Entity, Modality, Qualifiers, Tier
from kg.resolve import RegisterRecord
from kg.store import DocumentClaims, open_store


def _sibling(name):
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracles = _sibling("oracles")
holds, say, register = oracles.holds, oracles.say, oracles.register


def owned(claims, *listed, **options):
    """The answer for each company that is owned."""
    return {row.company.name: row.answer for row in owned_by_listed(claims, listed="\n".join(listed), **options)}


# ---------------------------------------------------------------- the rule
# FAQ 401: https://ofac.treasury.gov/faqs/401, with X and Y blocked persons.
FAQ_401 = [
    ([("X", "A", 50), ("A", "B", 50)], {"A", "B"}),
    ([("X", "A", 50), ("X", "B", 50), ("A", "C", 25), ("B", "C", 25)], {"A", "B", "C"}),
    ([("X", "A", 50), ("X", "B", 10), ("A", "B", 40)], {"A", "B"}),
    ([("X", "A", 50), ("X", "B", 25), ("A", "C", 25), ("B", "C", 25)], {"A"}),
    ([("X", "A", 25), ("X", "B", 25), ("A", "C", 50), ("B", "C", 50)], set()),
    ([("X", "A", 25), ("Y", "A", 25)], {"A"}),
]


@pytest.mark.parametrize(("edges", "blocked"), FAQ_401)
def test_the_examples_that_ofac_gives(edges, blocked):
    assert owned(register(*edges, ("Y", "Other", 1), ("X", "Other", 1)), "X", "Y") == dict.fromkeys(
        blocked, TriState.TRUE
    )


def test_half_is_owned_and_was_not_for_the_eu_before_its_guidance_of_2024():
    claims = register(("X", "A", 50), ("X", "B", 51))
    for rule in ("ofac", "eu"):
        assert set(owned(claims, "X", rule=rule)) == {"A", "B"}
        assert set(owned(claims, "X", rule=rule, threshold=0.505)) == {"B"}
    before = AsOf(valid="2024-07-02")
    assert set(owned(claims, "X", rule="ofac", as_of=before)) == {"A", "B"}
    assert set(owned(claims, "X", rule="eu", as_of=before)) == {"B"}
    assert "Owned more than 50 %" in owned_by_listed(claims, listed="X", rule="eu", as_of=before).title


def test_control_without_shares_decides_for_the_eu_and_leaves_ofac_undecided():
    claims = [say("A", "subsidiary-of", "X"), holds("A", "B", 100, percent_of="capital")]
    assert owned(claims, "X") == {"A": TriState.UNDECIDED, "B": TriState.UNDECIDED}
    assert owned(claims, "X", rule="eu") == {"A": TriState.TRUE, "B": TriState.TRUE}
    votes = [holds("X", "A", 20, percent_of="capital"), holds("X", "A", 60, percent_of="votes")]
    assert owned(votes, "X") == {}
    assert owned(votes, "X", rule="eu") == {"A": TriState.TRUE}


def test_a_bound_that_reaches_the_threshold_is_possible_as_far_as_others_leave_room():
    bound = [holds("X", "A", percent_min=40, percent_max=60)]
    assert owned(bound, "X") == {"A": TriState.UNDECIDED}
    assert owned([holds("X", "A", percent_min=50)], "X") == {"A": TriState.TRUE}
    assert owned([holds("X", "A", percent_max=49)], "X") == {}
    assert owned([*bound, holds("Other", "A", 55)], "X") == {}


def test_what_is_planned_denied_or_over_does_not_count():
    claims = [
        holds("X", "Fact", 5),
        holds("X", "Planned", 60, as_=Modality.PLANNED),
        holds("X", "Denied", 60, as_=Modality.DENIED),
        holds("X", "Ended", 60, as_=Modality.ENDED),
        holds("X", "Over", 60, end="2024-12-31"),
        holds("X", "Later", 60, start="2027-01-01"),
    ]
    assert owned(claims, "X") == {}
    assert owned(claims, "X", as_of=AsOf(valid="2024-06-01")) == {"Over": TriState.TRUE}
    assert owned(claims, "X", as_of=AsOf(valid="2027-06-01")) == {"Later": TriState.TRUE}


def test_rings_end():
    claims = register(("A", "B", 60), ("B", "A", 60), ("X", "A", 10), ("B", "C", 100))
    assert owned(claims, "X") == {}
    claims = register(("A", "B", 60), ("B", "A", 10), ("X", "A", 50), ("B", "C", 100))
    assert set(owned(claims, "X")) == {"A", "B", "C"}


@given(oracles.shares(), st.data())
def test_it_is_the_least_fixpoint(drawn, data):
    n, found = drawn
    listed = data.draw(st.sets(st.integers(0, n - 1), min_size=1))
    blocked, before = set(listed), None
    while blocked != before:
        before = set(blocked)
        held = {i: sum(p for (who, whom), p in found.items() if whom == i and who in before) for i in range(n)}
        blocked |= {node for node, percent in held.items() if percent >= 50}
    nodes = {node for pair in found for node in pair}
    if listed & nodes:
        got = owned(oracles.claims_from(found), *(f"N{node}" for node in sorted(listed)))
        assert got == dict.fromkeys((f"N{node}" for node in blocked - listed), TriState.TRUE)


# ---------------------------------------------------------------- what is asked
def test_one_company_is_the_owned_or_stands_on_the_chain():
    claims = register(("X", "A", 60), ("A", "B", 60), ("X", "C", 60))
    of = lambda company: {row.company.name for row in owned_by_listed(claims, company, listed="X")}  # noqa: E731
    assert (of("B"), of("A"), of("X"), of("C")) == ({"B"}, {"A", "B"}, {"A", "B", "C"}, {"C"})
    assert "X is listed itself" in owned_by_listed(claims, "X", listed="X").notes


def test_what_does_not_fit_is_told():
    claims = register(("X", "A", 60))
    with pytest.raises(UnknownEntity, match="Nobody"):
        owned_by_listed(claims, listed="Nobody")
    with pytest.raises(UnknownEntity):
        owned_by_listed(claims, "Nobody", listed="X")
    with pytest.raises(InvalidRecord, match="no rule 'uk'"):
        owned_by_listed(claims, listed="X", rule="uk")
    with pytest.raises(InvalidRecord, match="gives no control"):
        owned_by_listed(claims, listed="X", threshold=0)
    found = owned_by_listed(claims, listed="X\n\n Nobody \n")
    assert [row.company.name for row in found] == ["A"]
    assert "listed by name: 2, of which 1 take part in holdings; lists in the graph are not asked" in found.notes
    assert "import a list" in owned_by_listed(claims).notes[0]


# ---------------------------------------------------------------- lists and their evidence
def document(id_, text, tier, published=None):
    return Document(id_, text, "en", published, tier=tier)


def party(name):
    return Entity(f"person/{name.lower()}", name, "Person", (name,))


def listing(id_, name, *topics, published="2024-01-01"):
    told = document(id_, f"{name}: {topics}", Tier.REGISTER, published)
    return DocumentClaims(told, (), "ftm 1", records=(RegisterRecord(party(name), "ftm", id_, topics=topics),))


def holding(id_, name, percent, tier, known):
    told = document(id_, f"{name} holds {percent} % ({id_}).", tier, known)
    alpha = Entity(f"company/{id_.split('/')[0]}", id_.split("/")[0].title(), "Company")
    terms = Qualifiers(percent=Decimal(percent), percent_of="capital")
    place = (told.evidence(0, len(told.text)),)
    claim = Claim(party(name), "holds-stake", alpha, Modality.ASSERTED, place, terms, known_from=known)
    return DocumentClaims(told, (claim,), "hand 1")


@pytest.fixture
def store():
    with open_store(None, write=True) as store:
        yield store


def test_lists_of_registers_say_who_is_listed_and_when(store):
    names = ("Bare", "Dated", "Over", "Ended", "Linked", "Counter")
    topics = (
        ("sanction",),
        ("sanction", "sanction:SDN 2020-03-20/.."),
        ("sanction:EU 2019/2022-06",),
        ("ended-sanction:EU",),
        ("sanction.linked",),
        ("sanction.counter",),
    )
    for number, (name, told) in enumerate(zip(names, topics, strict=True)):
        store.commit([listing(f"ftm/{number}", name, *told)])
        store.commit([holding(f"{name.lower()}co/1", name, 80, Tier.REGISTER, "2015-01-01")])
    graph = kg.Graph(store)

    def of(**dates):
        return {row.company.name for row in graph.analyse("sanctions", as_of=AsOf(**dates) if dates else None)}

    assert of() == {"Bareco", "Datedco"}
    assert of(valid="2021") == {"Bareco", "Datedco", "Overco"}
    assert of(valid="2018") == {"Bareco"}
    assert of(known="2023-12-31") == set()
    [row] = graph.analyse("sanctions", "Datedco")
    lines = list(row.cells())
    assert (lines[0]["document"], lines[0]["says"]) == ("ftm/1", "sanction, sanction:SDN 2020-03-20/..")
    assert [claim.document for line in lines[1:] for claim in line["claims"]] == ["datedco/1"]


def test_contradicting_sources_stand_side_by_side_the_register_first(store):
    store.commit([listing("ftm/1", "Ivan", "sanction")])
    store.commit([holding("alpha/press", "Ivan", 40, Tier.NEWS, "2024-06-01")])
    store.commit([holding("alpha/register", "Ivan", 51, Tier.REGISTER, "2024-05-01")])
    result = kg.Graph(store).analyse("sanctions")
    [row] = result
    assert row.answer is TriState.UNDECIDED
    assert (row.together.low, row.together.high) == (0.40, 0.51)
    told = [(line["tier"], line["says"], line["known_from"]) for line in list(row.cells())[1:]]
    assert told == [
        (Tier.REGISTER, "51 % of capital", "2024-05-01"),
        (Tier.NEWS, "40 % of capital", "2024-06-01"),
    ]
    text = str(result)
    assert "“Ivan: ('sanction',)” ftm/1" in text
    assert text.index("alpha/register") < text.index("alpha/press")
    assert set(result.table()["document"]) == {"ftm/1", "alpha/register", "alpha/press"}
    assert result.to_networkx().number_of_edges() == 2


def test_a_list_in_the_form_of_followthemoney_from_its_import_to_the_answer(tmp_path):
    lines = [
        ("p1", "Person", {"name": ["Ivan Petrov"], "topics": ["sanction"]}),
        ("p2", "Person", {"name": ["Olga Petrova"]}),
        ("s2", "Sanction", {"entity": ["p2"], "program": ["EU-UKR"], "startDate": ["2022-03-01"]}),
        ("c1", "Company", {"name": ["Alpha Trading LLC"], "jurisdiction": ["ru"]}),
        ("c2", "Company", {"name": ["Beta Shipping LLC"], "topics": ["sanction.linked"]}),
        ("o1", "Ownership", {"owner": ["p1"], "asset": ["c1"], "percentage": ["30"], "startDate": ["2019"]}),
        ("o2", "Ownership", {"owner": ["p2"], "asset": ["c1"], "percentage": ["20-25%"], "startDate": ["2019"]}),
        ("o3", "Ownership", {"owner": ["c1"], "asset": ["c2"], "percentage": ["100"]}),
    ]
    file, folder = tmp_path / "list.ftm.json", tmp_path / "store"
    told = [json.dumps({"id": id_, "schema": schema, "properties": has}) for id_, schema, has in lines]
    file.write_text("\n".join(told))

    def run(*arguments):
        done = CliRunner().invoke(cli, [*map(str, arguments), "--store", str(folder)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    run("import", "ftm", file, "--name", "demo", "--retrieved", "2025-11-03")
    rows = list(csv.DictReader(run("analyse", "sanctions", "--format", "csv").splitlines()))
    assert {(row["company"], row["owned"]) for row in rows} == {
        ("Alpha Trading LLC", "yes"),
        ("Beta Shipping LLC", "yes"),
    }
    evidence = [(row["document"], row["sentence"]) for row in rows if row["company"] == "Alpha Trading LLC"]
    assert evidence == [(f"ftm/demo/{id_}", told[at]) for id_, at in (("p1", 0), ("s2", 2), ("o1", 5), ("o2", 6))]
    # In 2021 one of the two was not listed yet.
    assert "nothing found" in run("analyse", "sanctions", "--valid", "2021")


def test_the_command_takes_names_or_a_file_of_them_and_a_list_of_edges(tmp_path):
    edges, names = tmp_path / "edges.csv", tmp_path / "names.txt"
    edges.write_text("holder,issuer,share\nX,A,0.3\nY,A,0.2\n")
    names.write_text("X\nY\n")

    def run(*arguments):
        return CliRunner().invoke(cli, ["analyse", "sanctions", "--edges", str(edges), *arguments])

    assert "nothing found" in run("--listed", "X").output
    assert "A · owned: yes · together: 50 %" in run("--listed", str(names)).output
    assert '"A"' in run("--listed", str(names), "--format", "json").output
    names.write_bytes(b"\xff\xfe\xff")
    assert isinstance(run("--listed", str(names)).exception, QueryError)


def test_a_server_reads_no_file_that_a_stranger_names(store, tmp_path):
    store.commit([holding("alpha/1", "Ivan", 60, Tier.REGISTER, "2024-05-01")])
    secret = tmp_path / "names.txt"
    secret.write_text("Ivan")
    graph = kg.Graph(store)
    with pytest.raises(UnknownEntity, match="nothing that takes part"):
        graph.query("sanctions", listed=str(secret))
    assert len(graph.query("sanctions", listed=["Ivan", "Olga"])) > 0
    with pytest.raises(QueryError, match="no parameter 'background'"):
        graph.query("sanctions", background="x")
