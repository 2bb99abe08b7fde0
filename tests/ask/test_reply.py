"""The answer to a question in words: kinds of saying apart, never a no, the SPARQL that gives the same rows."""

import json
import shlex
from decimal import Decimal

import pytest

from kg.asking import ask, asked
from kg.asking.choice import Choice
from kg.asking.sparql import call_of
from kg.errors import NotUnderstood
from kg.facts import AsOf
from kg.graph import Graph
from kg.model import Claim, Document, Modality, Qualifiers
from kg.query import run
from kg.store import DocumentClaims, open_store

from .conftest import BY_NAME
from .lists import TODAY, part

DAY = AsOf(TODAY)
KINDS = {
    "asserted": {"asserted"},
    "planned": {"announced", "planned", "conditional"},
    "hedged": {"hedged"},
    "denied": {"denied"},
    "past": {"past", "ended"},
}


def modalities(result):
    if "modality" not in result.columns:
        return set()
    return {row[result.columns.index("modality")] for row in result.rows}


def test_facts_plans_reports_and_denials_are_in_no_list_together(reply_to):
    texts = [one.text for one in part("open")[0]] + ["what is known about OpenAI?", "what changed since March 2025?"]
    for text in texts:
        reply = reply_to(text)
        if reply.name == "disputes":
            continue
        for result in (reply.result, *(section.result for section in reply.apart)):
            told = modalities(result)
            assert any(told <= kind for kind in KINDS.values()), text


def test_what_is_no_fact_stands_apart_with_the_question_that_lists_it(reply_to):
    reply = reply_to("who invests in OpenAI?")
    assert [(section.kind, section.call) for section in reply.apart] == [
        ("planned", "kg query planned only=invests-in whom=OpenAI"),
        ("hedged", "kg query unproven only=invests-in whom=OpenAI status=hedged"),
    ]
    assert {row[0] for row in reply.apart[0].result.rows} == {"Nvidia"}


def test_a_question_of_yes_or_no_is_never_answered_by_no(reply_to):
    denied = reply_to("did Microsoft acquire CoreWeave?")
    assert (denied.verdict, len(denied.result)) == ("no source", 0)
    assert denied.summary == "No source says so. That is no proof that it is not so."
    assert "denied" in {section.kind for section in denied.apart}
    over = reply_to("Microsoft fournit-elle OpenAI ?")
    assert over.summary == "Aucune source ne le dit. Cela ne prouve pas que ce soit faux."
    assert {"past", "other_asserted"} <= {section.kind for section in over.apart}
    near = next(section for section in over.apart if section.kind == "other_asserted")
    assert "invests-in" in {row[near.result.columns.index("relation")] for row in near.result.rows}


def test_a_tie_without_direction_is_found_from_either_end(reply_to):
    for text in ("does OpenAI compete with Google?", "does Google compete with OpenAI?"):
        assert reply_to(text).verdict == "yes"


def test_a_plan_is_said_to_be_one(reply_to):
    reply = reply_to("will Nvidia invest in OpenAI?")
    assert (reply.verdict, reply.summary) == ("yes", "As a plan, and no fact: 1 document says so.")


def test_the_largest_comes_first_and_what_tells_no_figure_is_counted(reply_to):
    reply = reply_to("who is the largest investor in OpenAI?")
    assert reply.summary == "The largest that the sources tell: Microsoft, 13 bn USD."
    assert reply.result.rows[0][0] == "Microsoft"
    silent = reply_to("who is the main supplier of CoreWeave?")
    assert silent.summary == "2 have no figure to compare."


def test_one_figure_is_meant_exactly_and_others_stand_apart(reply_to):
    reply = reply_to("does Nvidia own 4 % of CoreWeave?")
    assert reply.verdict == "no source"
    near = next(section.result for section in reply.apart if section.kind == "other_asserted")
    assert {row[near.columns.index("percent")] for row in near.rows if row[near.columns.index("percent")]} == {
        Decimal(6),
        Decimal("5.2"),
    }
    assert reply_to("does Nvidia own 6 % of CoreWeave?").verdict == "yes"
    assert {row[0] for row in reply_to("who owns 6 % of CoreWeave?").result.rows} == {"Nvidia"}


def test_a_share_of_votes_is_none_of_the_capital(reply_to):
    reply = reply_to("qui détient plus de 5 % des droits de vote de CoreWeave ?")
    assert reply.understood.call == "kg query facts holds-stake whom=CoreWeave measure=votes more_than=5"
    assert (len(reply.result), len(reply.result.notes)) == (0, 1)


def test_a_share_of_votes_is_found_and_shown_as_one():
    text = "Nvidia holds 6 % of the votes of CoreWeave.\nDell holds 7 % of CoreWeave.\n"
    document = Document("votes.txt", text, "en", "2025-03-12")
    claims = [
        Claim(
            BY_NAME[name],
            "holds-stake",
            BY_NAME["CoreWeave"],
            Modality.ASSERTED,
            (document.evidence(start, end),),
            Qualifiers(percent=Decimal(percent), percent_of=of),
            known_from="2025-03-12",
            method="rules/1",
            confidence=0.8,
        )
        for name, percent, of, start, end in (("Nvidia", 6, "votes", 0, 43), ("Dell", 7, "capital", 44, 73))
    ]
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(document, tuple(claims))])
        found = ask(store, "who holds more than 5 % of the voting rights of CoreWeave?", as_of=DAY)
        assert [row[0] for row in found.result.rows] == ["Nvidia"]
        shown = str(ask(store, "who holds more than 5 % of CoreWeave?", as_of=DAY))
    assert "percent_of" in shown
    assert "votes" in shown


def test_figures_are_written_as_the_language_does(reply_to):
    assert reply_to("quel est le premier actionnaire de CoreWeave ?").summary.endswith("Magnetar, 24,5 %.")


def test_how_many_counts_companies_not_claims(reply_to):
    reply = reply_to("how many shareholders does CoreWeave have?")
    assert (len(reply.result), reply.summary) == (4, "3 named by the sources.")


def test_no_sum_is_made_of_what_may_be_one_sum(reply_to):
    reply = reply_to("total invested by Microsoft in OpenAI")
    assert reply.summary.startswith("No sum is made")


def test_a_bound_tells_how_many_it_cannot_decide(reply_to):
    reply = reply_to("who lent more than 1 billion euros to CoreWeave?")
    assert len(reply.result) == 0
    assert reply.result.notes == (
        "2 more tell no such figure, or one in another currency: kg query facts lends-to whom=CoreWeave",
    )


def test_the_sparql_that_is_shown_gives_the_rows(reply_to, market_store):
    shown = 0
    for one in part("open")[0]:
        reply = reply_to(one.text)
        if reply.sparql and reply.understood.intent.shape != "largest":
            table = run(market_store, reply.sparql)
            assert table.columns == reply.result.columns, one.text
            apart = [section.result for section in reply.apart if section.call == reply.understood.call]
            rows = [row for result in (reply.result, *apart) for row in result.table.rows]
            assert sorted(map(str, table.rows)) == sorted(map(str, rows)), one.text
            shown += 1
    assert shown > 60


def test_what_is_computed_shows_its_command_and_no_sparql(market_store):
    understood = asked(market_store, "who controlled GitHub in April 2025?", as_of=DAY)
    assert (understood.sparql, understood.call) == ("", "kg analyse control GitHub --today 2025-04")


def test_who_takes_no_part_on_the_day_is_told_by_name(reply_to):
    reply = reply_to("who controlled GitHub in 2020?")
    assert len(reply.result) == 0
    assert "GitHub" in reply.result.notes[0]


def test_json_keeps_the_kinds_apart_and_writes_figures_as_text(reply_to):
    reply = reply_to("qui détient plus de 5 % de CoreWeave ?")
    told = json.loads(json.dumps(reply.to_json(), ensure_ascii=False))
    assert told["understood"]["values"] == {
        "only": "holds-stake",
        "whom": "company/coreweave",
        "measure": "percent",
        "more_than": "5",
    }
    assert [row["percent"] for row in told["rows"]] == ["24.5", "6", "5.2"]
    assert set(told["apart"]) == {"planned", "past"}
    assert told["verdict"] is None


def test_a_graph_takes_words_and_sparql(market_store):
    graph = Graph(market_store, today=TODAY)
    assert graph.ask("who supplies CoreWeave?").name == "suppliers"
    assert graph.ask("qui fournit CoreWeave ?", as_of="2020").result.rows == []
    assert graph.ask("ASK { ?a kg:supplies ?b }") is True
    with pytest.raises(NotUnderstood, match=r"not understood: 'love'. One can ask: .*CoreWeave"):
        graph.ask("who love CoreWeave?", lang="en")


def test_a_name_in_a_command_is_safe_to_copy():
    names = {"company/x": 'A"; $(touch b) `c`'}
    choice = Choice("suppliers", {"company": "company/x"})
    assert shlex.split(call_of(choice, names))[3:] == [names["company/x"]]
    assert "$(" not in call_of(choice, names).split("'")[0]


def test_text_of_names_is_data(reply_to):
    """A name with quotes, braces or a placeholder stays a name, in the SPARQL and in what is proposed."""
    for text in ('who supplies "} DROP ALL #"?', "who supplies {0} {company}?", "who supplies \\u0022?"):
        with pytest.raises(NotUnderstood):
            reply_to(text)
