"""The desk in the terminal: what a person says by a key, and what becomes of it."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import KgError
from kg.graph import Graph
from kg.judgements import Draw, Stratum
from kg.store import open_store


@pytest.fixture
def store(tmp_path, sorted_reading):
    path = str(tmp_path / "store")
    with open_store(path, write=True) as opened:
        opened.commit([sorted_reading])
    return path


@pytest.fixture
def kg(store):
    def call(*arguments, keys="", code=0):
        runner = CliRunner(env={"KG_AUTHOR": "ada", "KG_STORE": store})
        done = runner.invoke(cli, [*map(str, arguments)], input=keys, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    return call


def listed(kg, *more):
    return [json.loads(line) for line in kg("judgements", "--format", "jsonl", *more).splitlines()]


def test_one_claim_is_judged_by_its_id_and_taken_back(kg, sorted_reading):
    claim = sorted_reading.claims[0]
    assert "1 withdrawn" in kg("judge", claim.id[:12], "wrong", "--part", "not-stated")
    [word] = listed(kg)
    assert (word["author"], word["verdict"], word["part"], word["state"]) == ("ada", "wrong", "not-stated", "holds")
    assert "1 came" in kg("judgements", "--undo", word["judgement"][:12])
    assert [one["state"] for one in listed(kg)] == ["taken back", "takes back"]


def test_what_is_wrong_is_put_right_at_once(kg, sorted_reading):
    claim = sorted_reading.claims[1]
    said = kg("judge", claim.id, "wrong", "--modality", "past")
    assert "; instead: " in said
    assert "[past] (1 came, 1 withdrawn)" in said
    [word] = listed(kg)
    assert "past" in word["correction"]


def test_many_are_judged_by_keys_and_the_next_time_begins_where_one_stopped(kg, sorted_reading):
    total = len(sorted_reading.claims) + len(sorted_reading.candidates)
    shown = kg("review", keys="xnsuq")
    assert f"1 of {total}" in shown
    assert "judged 3" in shown
    assert [one["verdict"] for one in listed(kg)].count("right") == 1
    assert f"1 of {total - 3}" in kg("review", keys="q")


def test_a_key_takes_the_last_one_back_and_shows_what_was_said(kg):
    shown = kg("review", keys="xzhq")
    assert "taken back: right" in shown
    assert "nobody has judged it" in shown
    kg("review", keys="u")
    assert "ada: right" in kg("review", "--draw", "random", keys="hshshsh")


def test_an_edit_goes_through_the_gate(kg):
    shown = kg("review", "--relation", "holds-stake", keys="epercent=77\nemodality=past\nq")
    assert "the quote gives no percent of 77" in shown
    assert "wrong; instead: " in shown
    assert [one["verdict"] for one in listed(kg)] == ["wrong"]


def test_random_draws_say_so(kg):
    kg("review", "--draw", "random", keys="xq")
    assert [one["drawn"] for one in listed(kg)] == [Draw.RANDOM]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["judge", "zzz", "right"], "no claim is called 'zzz'"),
        (["judgements", "--undo", "zzz"], "no judgement is called 'zzz'"),
        (["judgements", "--undo", ""], "no judgement is called ''"),
        (["close", "deal.txt", "--undo"], "'deal.txt' is not closed"),
        (["close", "dael.txt"], "holds no document 'dael.txt'.* 'deal.txt'"),
    ],
)
def test_what_is_not_there_is_said_in_a_line(kg, arguments, message):
    with pytest.raises(KgError, match=message):
        kg(*arguments)


def test_what_random_draws_say_of_the_graph_comes_with_its_bounds(kg, store):
    kg("review", "--draw", "random", "--outcome", "admitted", keys="xns")
    kg("review", "--draw", "all", "--outcome", "to-review", keys="n" + "s" + "q")
    printed = json.loads(kg("evaluate", "--judgements", "--store", store, "--format", "json"))
    told = {name: cell["value"] for name, cell in printed["results"]["bindings"][0].items()}
    assert (told["of"], told["judged"], told["right"]) == ("all", "2", "1")
    assert float(told["low"]) < float(told["share"]) < float(told["high"])


def test_a_claim_of_ones_own_stands_on_a_note_that_says_where_it_is_from(kg, store):
    note = ("add", "Nvidia", "holds-stake", "Nebius", "--term", "percent=6", "--source", "https://example.org/13g")
    assert kg(*note, "--date", "2025-03-11").startswith("added: Nvidia holds a stake in Nebius: 6 %")
    assert kg(*note, "--date", "2025-03-11").startswith("here already")
    with open_store(store) as opened:
        [claim] = [one for one in opened.claims() if one.object.name == "Nebius"]
        assert (claim.method, claim.known_from) == ("note/ada", "2025-03-11")
        assert opened.document(claim.document).url == "https://example.org/13g"


def test_a_claim_of_ones_own_out_of_a_document_quotes_it(kg, store, sorted_reading):
    text = sorted_reading.document.text
    quote = text.splitlines()[3]
    said = kg("add", "CoreWeave", "partners-with", "Nvidia", "--document", "deal.txt", "--quote", quote)
    assert said == "added: CoreWeave partners with Nvidia [asserted] (1 came)\n"
    with open_store(store) as opened:
        [claim] = [one for one in opened.claims() if one.relation == "partners-with" and one.document == "deal.txt"]
    assert (claim.quote, claim.method) == (quote, "person/ada")


def test_who_goes_without_a_word_ends_the_review(kg):
    assert "judged 1" in kg("review", keys="x")


def test_a_term_without_a_value_is_no_term(kg, sorted_reading):
    assert "write NAME=VALUE" in kg("judge", sorted_reading.claims[0].id, "wrong", "--term", "percent", code=2)


def test_a_document_is_closed_listed_and_opened_again(kg):
    said = kg("close", "deal.txt")
    assert said == (
        "closed deal.txt: 2 claims hold in it; 1 to review count as not stated, unless somebody calls them right\n"
    )
    [row] = listed(kg)
    assert (row["author"], row["verdict"], row["state"], row["document"]) == (
        *("ada", "read to the end", "holds", "deal.txt"),
    )
    assert listed(kg, "--unmatched") == []
    assert kg("close", "deal.txt", "--undo") == "taken back: deal.txt is not read to the end\n"
    assert [one["state"] for one in listed(kg)] == ["taken back", "takes back"]


def test_a_closing_of_an_earlier_text_is_listed_as_such(kg, store, sorted_reading):
    kg("close", "deal.txt")
    with open_store(store, write=True) as opened:
        document = replace(sorted_reading.document, text=sorted_reading.document.text + "Et encore.\n")
        opened.commit([replace(sorted_reading, document=document)])
    [row] = listed(kg, "--unmatched")
    assert (row["verdict"], row["state"]) == ("read to the end", "unmatched")


def test_a_notebook_closes_a_document(store):
    with Graph(open_store(store, write=True)) as graph:
        assert graph.close_document("deal.txt", author="ada").documents == 1
        graph.close_document("deal.txt", author="ada", undo=True)
        assert list(graph.judgements().to_pandas()["state"]) == ["taken back", "takes back"]


def test_a_random_draw_from_a_part_is_recorded_and_measures_that_part_alone(kg, store):
    kg("review", "--draw", "random", "--outcome", "admitted", "--relation", "supplies", keys="xx")
    [drawn] = {one["drawn"] for one in listed(kg)}
    assert drawn == "random relation supplies"
    printed = json.loads(kg("evaluate", "--judgements", "--store", store, "--format", "json"))
    [row] = printed["results"]["bindings"]
    assert (row["of"]["value"], row["judged"]["value"]) == ("relation supplies", str(len(listed(kg))))
    shown = kg("review", "--draw", "random", "--outcome", "admitted", keys="q")
    assert "1 of 2" in shown, "what was drawn from a part comes up again when all are drawn from"


def test_what_is_drawn_from_all_need_not_be_judged_again_in_a_part(kg):
    kg("review", "--draw", "random", "--outcome", "admitted", keys="xx")
    assert "judged 0" in kg("review", "--draw", "random", "--outcome", "admitted", "--company", "OpenAI")


def test_evaluation_tells_what_readers_missed_in_documents_read_to_the_end(kg, store, sorted_reading):
    kg("judge", sorted_reading.candidates[1].id, "right")
    kg("close", "deal.txt")
    printed = json.loads(kg("evaluate", "--judgements", "--store", store, "--format", "json"))
    row = {name: cell["value"] for name, cell in printed["results"]["bindings"][0].items()}
    assert (row["of"], row["judged"], row["right"], row["share"]) == ("recall", "3", "2", "0.667")


def test_a_name_that_is_no_company_is_told_what_it_is(kg, store, sorted_reading):
    note = ("add", "Nvidia", "participates-in", "Polaris", "--source", "a talk")
    with pytest.raises(KgError, match="takes Programme"):
        kg(*note)
    kg(*note, "--kind", "Polaris=Programme")
    stake = next(
        one for one in sorted_reading.candidates if one.relation == "holds-stake" and one.subject.name == "Nvidia"
    )
    change = ("judge", stake.id, "wrong", "--relation", "participates-in", "--object", "capital", "--term", "percent=")
    with pytest.raises(KgError):
        kg(*change)
    kg(*change, "--kind", "capital=Programme")
    with open_store(store) as opened:
        found = {one.object.name: one.object.type for one in opened.claims() if one.relation == "participates-in"}
    assert found == {"Polaris": "Programme", "capital": "Programme"}


@pytest.mark.parametrize(
    ("kind", "message"),
    [("Polaris=Program", "can be no 'Program'.*Programme"), ("Polar=Programme", "'Polar' is no end of the claim")],
)
def test_a_kind_that_there_is_not_or_of_no_end_is_refused_in_a_line(kg, kind, message):
    with pytest.raises(KgError, match=message):
        kg("add", "Nvidia", "participates-in", "Polaris", "--source", "a talk", "--kind", kind)


def test_a_kind_needs_a_correction(kg, sorted_reading):
    assert "give --subject or --object too" in kg(
        "judge", sorted_reading.claims[0].id, "wrong", "--kind", "Polaris=Programme", code=2
    )


def test_a_notebook_says_how_a_claim_was_drawn_and_what_is_right_instead(store, sorted_reading):
    claim = sorted_reading.claims[0]
    with Graph(open_store(store, write=True)) as graph:
        graph.judge(
            claim.id, "wrong", author="ada", part="modality", drawn="random", stratum=Stratum(relation="supplies"),
            modality="past",
        )  # fmt: skip
        [word] = graph.store.reading(claim.document).judgements
    assert (word.verdict, word.part, word.drawn, word.tool) == ("wrong", "modality", "random", "python")
    assert (word.stratum.relation, word.correction.modality) == ("supplies", "past")
    assert word.reader == sorted_reading.reader
