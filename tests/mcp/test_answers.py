"""Pages, sizes, arguments, clocks: what every tool has in common, asked of a store in this process."""

import datetime as dt
import json
from contextlib import nullcontext
from dataclasses import replace
from decimal import Decimal

import pytest

from kg.errors import KgError, QueryError, UnknownQuery
from kg.mcp.answer import MAX_BYTES
from kg.mcp.calls import CallTool, ReadResource
from kg.mcp.fence import unfenced
from kg.mcp.fitting import wire_size
from kg.mcp.prompts import PROMPTS, find_prompt
from kg.mcp.tools import JUDGE, TOOLS, find_tool, values_of
from kg.model import Document, Entity, Modality, Tier
from kg.resolve import RegisterRecord
from kg.store import DocumentClaims, Selection, open_store, select
from tests.conftest import COREWEAVE, MICROSOFT, NVIDIA, OPENAI, claim_of

MANY = 120
SECTIONS = ("rows", "facts", "undecided", "plans", "reports", "denied", "past", "leads")


def call(store, tool, commit=0, **arguments):
    answer = CallTool(tool, arguments, commit).result(store)
    assert wire_size(answer) <= MAX_BYTES
    return answer["structured"]


def read(store, uri):
    """A resource, as JSON, and how many bytes it takes."""
    out = []
    ReadResource(uri).answer(store, type("Out", (), {"write": lambda _, content: out.append(content)})())
    return json.loads(out[0]), len(out[0])


def text(store, tool, **arguments):
    return CallTool(tool, arguments).result(store)["text"]


@pytest.fixture(scope="module")
def told(unrecorded, sorted_reading):
    """The story of two documents, one of them as a gate sorts it."""
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(*unrecorded[1], "reader/1"), sorted_reading])
        yield store


@pytest.fixture(scope="module")
def hub():
    """A company that supplies many, each with a long sentence in letters that take much room."""
    with open_store(None, write=True) as store:
        readings = []
        for number in range(MANY):
            customer = Entity(f"company/c{number}", f"Société n° {number} " + "é" * 40, "Company")
            words = f"Nvidia fournit {customer.name}. "
            words += " ".join(f"Ünïcödé{number * 997 + n:x}漢字" for n in range(60))
            document = Document(f"{number:03}.txt", words, "fr", f"2024-01-{number % 28 + 1:02}", "Titre " * 30)
            claim = claim_of(document, words, NVIDIA, "supplies", customer, goods="puces " * 40)
            readings.append(DocumentClaims(document, (claim,)))
        store.commit(readings)
        yield store


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("dossier", {"company": "Nvidia"}),
        ("claims", {"relation": "supplies"}),
        ("question", {"name": "buyers", "arguments": {"company": "Nvidia"}}),
        ("changes", {"since": "2023", "until": "2025"}),
        ("sparql", {"query": "SELECT ?c ?s { GRAPH ?g { ?c kg:sentence ?s } } ORDER BY ?c"}),
    ],
)
def test_pages_together_are_the_whole_and_each_is_small(hub, tool, arguments):
    seen, cursor, pages = [], None, 0
    while True:
        data = call(hub, tool, **arguments, limit=100, **({"cursor": cursor} if cursor else {}))
        rows = [row for section in SECTIONS for row in data.get(section, [])]
        assert data["page"]["rows"] == len(rows) > 0
        seen += [json.dumps(row) for row in rows]
        cursor, pages = data["page"]["next"], pages + 1
        assert data["page"]["truncated"] is (cursor is not None)
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == MANY
    assert pages > MANY / 100


def test_a_row_that_is_cut_says_so(hub):
    [row, *_] = call(hub, "dossier", company="Nvidia", limit=1)["facts"]
    [claim] = row["claims"]
    assert "more characters)⟧" in claim["quote"]
    [whole] = call(hub, "evidence", claim=claim["claim"])["facts"]
    assert len(whole["evidence"][0]["quote"]) > len(claim["quote"])


def test_the_text_says_how_to_go_on(hub):
    said = text(hub, "dossier", company="Nvidia", limit=3)
    assert f"rows: 3 of {MANY}" in said
    assert "truncated: there is more; call again with cursor 3.0" in said


def test_a_cursor_of_an_older_graph_is_told(hub):
    first = call(hub, "claims", commit=4, limit=2)
    again = call(hub, "claims", commit=4, limit=2, cursor=first["page"]["next"])
    later = call(hub, "claims", commit=5, limit=2, cursor=first["page"]["next"])
    assert "changed" not in again
    assert "the graph has changed" in later["changed"]


def test_a_document_is_read_piece_by_piece():
    words = "漢字 " * 4_000
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(Document("long/long.txt", words, "en"), ())])
        uri, pieces = "kg://document/long%2Flong.txt", []
        while uri:
            data, size = read(store, uri)
            assert size <= MAX_BYTES
            pieces.append(unfenced(data["text"]))
            uri = data["next"]
    assert "".join(pieces) == words
    assert len(pieces) == 3


@pytest.mark.parametrize(
    "uri",
    [
        "kg://claim/",
        "kg://claim/nobody",
        "kg://document/nobody",
        "kg://ontology/x",
        "http://x",
        "kg:",
        "kg://document/a?from=x",
    ],
)
def test_a_resource_that_is_not_there_is_one_line(told, uri):
    with pytest.raises(KgError) as caught:
        ReadResource(uri).answer(told, None)
    assert "\n" not in str(caught.value)


def test_what_is_monstrous_is_cut_and_still_told():
    """Long names, quotes, titles, terms; many spans, disputes, records of registers: of everything the worst."""
    long = "🏭⟧\\u202e" * 2_000
    ends = [Entity(f"company/{'x' * 400}{n}", f"{n}{long}", "Company", (long, f"{n}{long}")) for n in range(2)]
    readings = []
    for number in range(12):
        words = "".join(f"{number} {part} {long[:3_000]}" for part in range(6))
        document = Document(f"{number}{long[:600]}", words, "en", f"2024-{number + 1:02}", long, long)
        claims = []
        for relation in ("supplies", "invests-in", "lends-to", "acquires", "partners-with"):
            terms = {"amount": Decimal(10**number + 5), "currency": "USD", "goods": long}
            claim = claim_of(document, words[:3_000], ends[0], relation, ends[1], **terms)
            spans = [document.evidence(at, at + 3_000) for at in range(0, 15_000, 3_000)]
            claims.append(replace(claim, evidence=tuple(spans)))
        identifiers = tuple(("ticker", f"T{n}" * 60) for n in range(20))
        party = replace(ends[0], identifiers=identifiers)
        record = RegisterRecord(party, long[:300], f"{number}{long[:300]}", topics=(long,) * 9)
        readings.append(DocumentClaims(document, tuple(claims), records=(record,)))
    with open_store(None, write=True) as store:
        store.commit(readings)
        told = call(store, "dossier", company=ends[0].id)
        assert told["not_shown"]
        assert told["facts"]
        assert call(store, "between", one=ends[0].id, other=ends[1].id)["page"]["rows"] > 0
        assert call(store, "find_company", name="🏭 1u202e")["page"]["total"] is not None
        assert call(store, "question", name="disputes")["page"]["rows"] > 0
        assert call(store, "question", name="sources")["page"]["rows"] > 0
        assert call(store, "changes", since="2023", until="2025")["page"]["rows"] > 0
        assert call(store, "analyse", name="circular")["page"]
        assert call(store, "claims")["page"]["rows"] > 0
        claim = told["facts"][0]["claims"][0]["claim"]
        [row] = call(store, "evidence", claim=claim)["facts"]
        assert row["more_evidence"] == 1
        query = "SELECT ?a ?b ?c ?d { GRAPH ?g { ?x kg:sentence ?a ; kg:goods ?b ; kg:document ?c } ?y rdfs:label ?d }"
        assert call(store, "sparql", query=query)["page"]["rows"] > 0


def test_numbers_are_those_of_json(told):
    row = call(
        told,
        "sparql",
        query="SELECT ?a ?b ?c ?d { BIND(1e400 AS ?a) BIND('INF'^^xsd:double AS ?b) "
        "BIND(12345678901234567890.5 AS ?c) BIND('1E9999'^^xsd:double AS ?d) }",
    )["rows"][0]
    assert json.loads(json.dumps(row, allow_nan=False)) == row


# ------------------------------------------------------------------------------ what is told
def test_facts_and_all_else_stand_apart(told):
    data = call(told, "dossier", company="CoreWeave", leads=True)
    assert [row["relation"] for row in data["facts"]] == ["supplies", "supplies", "holds-stake"]
    assert [row["modality"] for row in data["denied"]] == ["denied"]
    [lead] = data["leads"]
    # A reason that is none of kg's own codes came with the claim.
    assert (lead["modality"], lead["reasons"]) == ("planned", ["⟦TWO_VALUES⟧"])
    assert "plans" not in data
    assert call(told, "dossier", company="CoreWeave")["not_shown_leads"] == 1


def test_the_three_clocks_turn_back(told):
    assert "facts" not in call(told, "claims", company="CoreWeave", known_on="2025-02")
    known = call(told, "claims", company="CoreWeave", known_on="2025-03-11")
    assert known["as_of"] == {"known_on": "2025-03-11"}
    assert {unfenced(row["claims"][0]["document"]) for row in known["facts"]} == {"deal.txt"}
    assert call(told, "claims", recorded_on="2000-01-01")["page"]["total"] == 0
    assert "leads" not in call(told, "claims", leads=True, known_on="2025-01")
    assert "leads" in call(told, "claims", leads=True, known_on="2025-04")
    held = call(told, "claims", company="Microsoft", holds_on="2020")
    assert held["as_of"] == {"holds_on": "2020"}
    assert "facts" not in held


def test_claims_are_filtered(told):
    def ends(**filters):
        data = call(told, "claims", **filters)
        return sorted(unfenced(row["object"]) for section in SECTIONS for row in data.get(section, []))

    assert ends(company="OpenAI", other="Oracle") == ["Oracle"]
    assert ends(relation="competes-with") == ["Microsoft"]
    assert ends(modality="denied") == ["CoreWeave"]
    assert ends(text="partnership softbank") == ["Oracle", "SoftBank", "Stargate"]
    assert ends(tier="register") == []
    assert ends(company="CoreWeave", other="OpenAI", relation="supplies") == ["OpenAI"]


def test_tiers_are_told_and_asked_for():
    with open_store(None, write=True) as store:
        for tier in (Tier.NEWS, Tier.FILING):
            words = f"Nvidia holds a stake in CoreWeave, says the {tier}."
            document = Document(f"{tier}.txt", words, "en", "2025", tier=tier)
            store.commit([DocumentClaims(document, (claim_of(document, words, NVIDIA, "holds-stake", COREWEAVE),))])
        [row] = call(store, "claims", tier="filing")["facts"]
        assert row["claims"][0]["tier"] == "filing"
        narrowed = select(store, Selection.of(tiers=["news"]))
        data = call(narrowed, "dossier", company="Nvidia")
        assert [unfenced(claim["document"]) for row in data["facts"] for claim in row["claims"]] == ["news.txt"]
        assert "narrowed" in data["notes"][0]
        with pytest.raises(KgError):
            ReadResource("kg://document/filing.txt").answer(narrowed, None)


def test_what_the_sources_leave_open_is_undecided_and_what_they_lack_is_missing():
    words = "Microsoft owns part of OpenAI."
    document = Document("a.txt", words, "en", "2025")
    with open_store(None, write=True) as store:
        claim = claim_of(document, words, MICROSOFT, "holds-stake", OPENAI, percent_min=Decimal(40))
        store.commit([DocumentClaims(document, (claim,))])
        data = call(store, "analyse", name="control", arguments={"company": "OpenAI"})
    assert "rows" not in data
    assert [row["control"] for row in data["undecided"]] == ["undecided"]
    assert any("not known exactly" in note for note in data["missing"])


def test_dates_with_open_bounds_are_undecided():
    words = "Nvidia supplies CoreWeave until 2025."
    document = Document("a.txt", words, "en", "2024-01-01")
    with open_store(None, write=True) as store:
        store.commit(
            [DocumentClaims(document, (claim_of(document, words, NVIDIA, "supplies", COREWEAVE, end="2025"),))]
        )
        assert "facts" in call(store, "dossier", company="Nvidia", holds_on="2024-06-01")
        assert "undecided" in call(store, "dossier", company="Nvidia", holds_on="2025-06-01")
        assert "past" in call(store, "dossier", company="Nvidia", holds_on="2027-06-01")
        about = call(store, "question", name="about", arguments={"company": "Nvidia"}, holds_on="2027-06-01")
        assert "facts" not in about
        assert len(about["past"]) == 1
        claim = about["past"][0]["claims"][0]["claim"]
        [row] = call(store, "evidence", claim=claim)["past"]
        assert (row["modality"], row["said"], row["holds"]) == ("ended", "asserted", "no")
        ended = call(store, "changes", since="2024-06", until="2027", clock="valid")
        assert [row["change"] for row in ended["past"]] == ["ended"]


def test_a_dispute_is_told_with_the_claims_of_either_side(story):
    with open_store(None, write=True) as store:
        store.commit(
            [
                DocumentClaims(document, tuple(replace(c, recorded_at=None) for c in claims))
                for document, claims in story
            ]
        )
        data = call(store, "between", one="Nvidia", other="CoreWeave")
    [dispute] = data["disputes"]
    assert dispute["differs"] == ["percent"]
    assert len(dispute["claims"]) == 2


def test_find_company_knows_names_aliases_and_ids(told):
    for asked, match in (("coreweave", "name"), ("company/openai", "id"), ("wea", "words"), ("⟦Nvidia⟧", "name")):
        first = call(told, "find_company", name=asked)["rows"][0]
        assert (first["match"], first["in_graph"]) == (match, True), asked
    other = call(told, "find_company", name="Siemens AG", country="DE")["rows"]
    assert any(row["match"] == "like" and not row["in_graph"] for row in other)
    with pytest.raises(QueryError, match="no letter"):
        call(told, "find_company", name="…")


def test_sparql_reads_no_further_than_it_is_asked(hub):
    data = call(hub, "sparql", query="SELECT ?a ?b ?c { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }", limit=5)
    assert data["page"] == {"rows": 5, "total": None, "truncated": True, "next": "5.0"}


def test_sparql_answers_ask_and_construct(told):
    assert call(told, "sparql", query="ASK { ?a kg:supplies ?b }")["answer"] is True
    triples = call(told, "sparql", query="CONSTRUCT { ?a kg:supplies ?b } { ?a kg:supplies ?b }")["rows"]
    assert {row["p"] for row in triples} == {"⟦ontology#supplies⟧"}
    with pytest.raises(QueryError, match="columns"):
        call(
            told,
            "sparql",
            query="SELECT * { " + " ".join(f"OPTIONAL {{ ?a{n} ?b{n} ?c{n} }}" for n in range(14)) + " }",
        )


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:a> <a:a> <a:a> }",
        "SELECT * { SERVICE <http://x/> { ?a ?b ?c } }",
        "SELECT",
        "LOAD <http://x/>",
    ],
)
def test_sparql_only_reads_this_graph(told, query):
    with pytest.raises(QueryError):
        call(told, "sparql", query=query)


def test_every_question_and_analysis_is_answered_or_says_what_it_needs(told):
    listed = call(told, "question", limit=100)["rows"]
    assert len(listed) > 40
    given = {
        "company": "CoreWeave",
        "one": "Nvidia",
        "other": "OpenAI",
        "from": "2024",
        "to": "2026",
        "relation": "supplies",
        "only": "supplies",
    }
    for entry in listed:
        needed = [name for name in entry["arguments"] if not name.endswith("?")]
        arguments = {name: given[name] for name in needed}
        data = call(told, "question", name=entry["name"], arguments=arguments)
        assert "page" in data
        with pytest.raises(QueryError) if needed else nullcontext():
            call(told, "question", name=entry["name"])


# ------------------------------------------------------------------------------ what is asked
@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("dossier", {}, "needs company"),
        ("dossier", {"compny": "x"}, "Did you mean 'company'"),
        ("dossier", {"company": ["x"]}, "not a list"),
        ("dossier", {"company": "CoreWeave", "limit": 0}, "1 to 100"),
        ("dossier", {"company": "CoreWeave", "limit": 101}, "1 to 100"),
        ("dossier", {"company": "CoreWeave", "limit": "many"}, "whole number"),
        ("dossier", {"company": "CoreWeave", "cursor": "next"}, "no cursor"),
        ("dossier", {"company": "CoreWeave", "cursor": "9" * 400}, "no cursor"),
        ("dossier", {"company": "CoreWeave", "cursor": "9" * 25 + ".1"}, "no cursor"),
        ("dossier", {"company": "CoreWeave", "holds_on": "yesterday"}, "no date"),
        ("claims", {"relation": "suplies"}, "supplies"),
        ("claims", {"modality": "wished"}, "choose one of"),
        ("question", {"name": "supliers"}, "suppliers"),
        ("question", {"name": "suppliers", "arguments": "OpenAI"}, "an object"),
        ("question", {"name": "suppliers", "arguments": {"company": "OpenAI", "x": 1}}, "x"),
        ("question", {"name": "suppliers", "arguments": {str(n): n for n in range(30)}}, "20 at most"),
        ("analyse", {"name": "contrl"}, "no analysis"),
        ("analyse", {"name": "control", "arguments": {"as_of": "2024"}}, "holds_on"),
        ("changes", {"since": "2026", "until": "2025"}, "earlier date first"),
        ("evidence", {"claim": "0" * 32}, "no claim"),
        ("evidence", {"claim": " ".join("abcdef")}, "1 to 5"),
        ("nothing", {}, "There are: find_company"),
    ],
)
def test_what_does_not_fit_is_one_line_that_says_what_to_do(told, tool, arguments, said):
    with pytest.raises(KgError) as caught:
        CallTool(tool, arguments).result(told)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_judge_is_a_tool_only_for_who_asks_for_it():
    with pytest.raises(UnknownQuery):
        find_tool(JUDGE.name)
    assert find_tool(JUDGE.name, judging=True) is JUDGE
    assert JUDGE.name not in TOOLS


def test_values_come_out_of_their_fences():
    values = values_of(TOOLS["analyse"], {"name": "⟦owners⟧", "arguments": {"company": "⟦A⟧", "listed": ["⟦B⟧", "C"]}})
    assert values["arguments"] == {"company": "A", "listed": ["B", "C"]}
    assert values["limit"] == 20


def test_prompts_ask_for_their_blanks():
    assert "⟦A⟧" in find_prompt("who_supplies").text({"company": "⟦A⟧"})
    assert "⟦a\\nb⟧" in find_prompt("quoi_de_neuf").text({"company": "a\nb", "since": "2024"})
    with pytest.raises(QueryError, match="needs other"):
        PROMPTS["deal_brief"].text({"one": "A"})
    with pytest.raises(UnknownQuery, match="who_owns"):
        find_prompt("who_own")


def test_a_term_keeps_its_value():
    words = "Nvidia may hold 5.25% of CoreWeave for $1.5 billion."
    document = Document("a.txt", words, "en", "2025")
    with open_store(None, write=True) as store:
        terms = {"percent": Decimal("5.25"), "amount": Decimal("1.5E9"), "currency": "USD", "exclusive": False}
        claim = claim_of(document, words, NVIDIA, "holds-stake", COREWEAVE, Modality.HEDGED, **terms)
        store.commit([DocumentClaims(document, (claim,))])
        [row] = call(store, "dossier", company="Nvidia")["reports"]
    assert row["terms"] == {"amount": 1_500_000_000, "currency": "USD", "percent": 5.25, "exclusive": False}


def test_the_day_is_todays_where_nobody_names_one(told):
    told_on = call(told, "dossier", company="CoreWeave")["as_of"]["holds_on"]
    assert dt.date.fromisoformat(told_on) <= dt.datetime.now(dt.UTC).date()
