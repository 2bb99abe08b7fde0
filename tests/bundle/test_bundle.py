"""What a bundle holds: one story in many forms, all of which say the same claims."""

import csv
import io
import json
import warnings
from dataclasses import replace

import pyoxigraph as ox
import pytest
import rdflib

import kg
from kg.bundle import bundled
from kg.bundle.categories import facts_by_category
from kg.bundle.codec import story_files, story_from
from kg.bundle.rdf import claims_in
from kg.errors import QueryError, UnknownEntity
from kg.facts import facts_of
from kg.importers.claims.importer import ClaimImporter
from kg.model import Modality, Outcome, Qualifiers, Tier
from kg.store import DocumentClaims
from kg.store.iris import term
from tests.bundle.visible import visible


def test_the_page_of_the_seed_story_reads_as_it_did(seed_bundle, compared):
    compared("story.txt", visible(seed_bundle.files["story.html"].decode()))


def test_the_files_are_those_that_the_manifest_names(seed_bundle):
    manifest = json.loads(seed_bundle.files["manifest.json"])
    assert manifest["format"] == "kg-bundle/1"
    assert {each["name"] for each in manifest["files"]} == seed_bundle.files.keys() - {"manifest.json"}
    assert sorted(seed_bundle.files) == [
        *("citations.bib", "citations.json", "claims-rdf12.trig", "claims.csv", "claims.ftm.json", "claims.jsonl"),
        *("claims.trig", "documents.json", "judgements.jsonl", "manifest.json", "notes.json", "story.html"),
        *("story.json", "story.pdf"),
    ]


def test_the_same_story_gives_the_same_bytes(seed, seed_bundle):
    assert bundled(seed).archive() == seed_bundle.archive()


def test_a_story_is_read_back_whole(seed, sorted_reading, small):
    assert story_from(story_files(seed)) == seed
    leads = small(claims=(*sorted_reading.claims, *sorted_reading.candidates[1:]))
    assert story_from(story_files(leads)) == leads


def test_rdf_says_each_claim_and_rdf_1_2_reifies_it(seed, seed_bundle):
    for name in ("claims.trig", "claims-rdf12.trig"):
        found = claims_in(seed_bundle.files[name], seed.base, seed.entities)
        assert found.keys() == {claim.id for claim in seed.claims}
    quads = list(ox.parse(seed_bundle.files["claims-rdf12.trig"], format=ox.RdfFormat.TRIG))
    reified = {quad.subject: quad.object for quad in quads if quad.predicate == term("rdf:reifies")}
    assert len(reified) == len(seed.claims)
    assert all(isinstance(triple, ox.Triple) for triple in reified.values())
    assert not any(quad.predicate == term("rdf:subject") for quad in quads)


def test_rdflib_reads_the_rdf_with_the_hashes_of_the_texts_and_none_of_the_texts(seed, seed_bundle):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own, of its parser of TriG
        graph = rdflib.Dataset()
        graph.parse(data=seed_bundle.files["claims.trig"], format="trig")
    hashes = {str(value) for _, _, value, _ in graph.quads((None, rdflib.URIRef("https://schema.org/sha256"), None))}
    assert hashes == {source.sha256 for source in seed.sources}


def test_json_lines_can_be_taken_in_again(seed_bundle, tmp_path):
    (tmp_path / "claims.jsonl").write_bytes(seed_bundle.files["claims.jsonl"])
    chunks = list(ClaimImporter(tmp_path / "claims.jsonl", "Ana").chunks())
    assert sum(chunk.rows for chunk in chunks) == 32
    assert not [reject for chunk in chunks for reject in chunk.rejected]


def test_csv_names_claims_and_what_is_a_fact(seed, seed_bundle):
    rows = list(csv.DictReader(io.StringIO(seed_bundle.files["claims.csv"].decode(), newline="")))
    assert {row["claim"] for row in rows} == {claim.id for claim in seed.claims}
    holding = {claim.id for fact in facts_of(seed.claims) if fact.is_fact for claim in fact.claims}
    assert {row["claim"] for row in rows if row["fact"] == "true"} == holding


# ------------------------------------------------------------------------------ what is in it
def test_companies_dates_and_relations_choose(example_store, told):
    both = told(example_store, companies=("OpenAI", "CoreWeave"))
    assert {frozenset(end.id for end in claim.entities) for claim in both.claims} == {
        frozenset({"company/openai", "company/coreweave"})
    }
    assert both.request.companies == ("company/openai", "company/coreweave")
    around = told(example_store, companies=("CoreWeave",))
    assert around.request.reach == 1
    assert {"company/nvidia", "company/microsoft", "company/openai"} <= around.entities.keys()
    supplies = told(example_store, companies=("CoreWeave",), relations=("supplies",), hops=1)
    assert {claim.relation for claim in supplies.claims} == {"supplies"}


def test_what_lies_outside_the_dates_is_left_out_and_counted(example_store, told):
    whole = told(example_store)
    early = told(example_store, until="2024-12")
    outside = [each.claim.id for each in early.left_out if each.absence == "other-dates"]
    assert early.counts["other-dates"] == len(outside)
    assert {claim.id for claim in whole.claims} == {claim.id for claim in early.claims} | set(outside)
    assert not {claim.id for claim in early.claims} & set(outside)


def test_what_was_not_known_yet_is_left_out_and_told_so(example_store, told):
    then = told(example_store, known="2025-03-11")
    assert {claim.known_from for claim in then.claims} == {"2025-03-11"}
    assert then.counts["other-clock"] == len([e for e in then.left_out if e.absence == "other-clock"]) > 0


def test_what_is_to_review_is_listed_with_its_reasons(seed, seed_bundle):
    assert seed.counts == {"to-review": 8}
    assert {each.claim.outcome for each in seed.left_out} == {Outcome.TO_REVIEW}
    page = visible(seed_bundle.files["story.html"].decode())
    assert "8 to review: the reader is not sure, and nobody has judged" in page
    assert "reasons: two readers read the passage differently; its confidence is below what" in page


def test_a_narrowed_graph_tells_how_much_is_left_out_and_nothing_of_it(story, sorted_reading):
    (french, _), (english, claims) = story
    rest = tuple(claim.recorded(None) for claim in claims)
    with kg.open(None, write=True) as graph:
        graph.store.commit(
            [
                replace(sorted_reading, document=replace(french, tier=Tier.FILING)),
                DocumentClaims(replace(english, tier=Tier.NEWS), rest),
            ]
        )
        narrowed = graph.select(tiers=["filing"]).bundle("Filings", companies=["CoreWeave"]).story
        with_leads = graph.select(tiers=["filing"], leads=True).bundle("Filings", companies=["CoreWeave"]).story
    assert {claim.document for claim in narrowed.claims} == {french.id}
    assert narrowed.left_out == ()
    assert narrowed.counts == {"narrowed": 3, "to-review": 1}
    assert Outcome.TO_REVIEW in {claim.outcome for claim in with_leads.claims}
    files = bundled(narrowed, with_paper=False).files
    assert english.text.splitlines()[4].encode() not in b"".join(files.values())
    assert json.loads(files["claims.jsonl"].splitlines()[0])["selection"] == narrowed.request.narrowed[0]
    assert "3 left out on purpose: the graph was narrowed" in visible(files["story.html"].decode())


def test_leads_stand_apart_and_are_in_no_rdf(small, sorted_reading):
    lead = sorted_reading.candidates[1]
    made = bundled(small(claims=(*sorted_reading.claims, lead)), with_paper=False)
    page = visible(made.files["story.html"].decode())
    assert page.index("Leads to review\nNo facts: readings that nobody has judged yet") > page.index("\nFacts\n")
    assert lead.id.encode() in made.files["claims.jsonl"]
    assert lead.id.encode() not in made.files["claims.trig"]


def test_nothing_to_tell_and_unknown_companies_are_told_in_one_line(example_store, told):
    with pytest.raises(QueryError, match="no source says anything of"):
        told(example_store, companies=("Oracle", "Nvidia"))
    with pytest.raises(UnknownEntity, match="Nvidia"):
        told(example_store, companies=("Nvidai",))


def test_texts_go_along_only_where_they_are_asked_for(example_store, told, seed_bundle):
    with_texts = told(example_store, with_texts=True)
    files = bundled(with_texts, with_paper=False).files
    assert files["texts/0001.txt"].decode() == with_texts.texts[with_texts.sources[0].id]
    assert story_from(files) == with_texts
    assert not [name for name in seed_bundle.files if name.startswith("texts/")]


def test_what_people_said_stands_beside_each_claim_and_goes_along(story):
    (french, claims), (english, others) = story
    with kg.open(None, write=True) as graph:
        graph.store.commit([DocumentClaims(french, claims), DocumentClaims(english, others)])
        stake, rival = claims[3], others[1]
        graph.judge(stake, "right", author="Ana")
        graph.judge(stake, "unsure", author="Ben")
        graph.judge(others[0], "wrong", author="Ben", part="not-stated")
        graph.merge("SoftBank", "Oracle", author="Ana")
        made = graph.bundle("Deals")
    page = visible(made.files["story.html"].decode())
    assert "confirmed by Ana on" in page
    assert "Ben is unsure (" in page
    assert "1 refused: the text does not bear it out, or a person called it wrong" in page
    assert rival.id in {claim.id for claim in made.story.claims}
    assert {word.author for word in made.story.words} == {"Ana", "Ben"}
    assert [word.verdict for word in made.story.identities] == ["same"]
    assert story_from(made.files) == made.story
    assert made.files["claims.trig"].count(b"a kg:Judgement") == 3


def test_a_story_larger_than_one_is_refused(example_store, told, monkeypatch):
    monkeypatch.setattr("kg.bundle.gathering.MOST", 31)
    with pytest.raises(QueryError, match="32 claims are no story"):
        told(example_store)
    monkeypatch.setattr("kg.bundle.gathering.MOST", 32)
    monkeypatch.setattr("kg.bundle.bundle.MOST_ON_PAPER", 31)
    made = bundled(told(example_store))
    assert "story.pdf" not in made.files
    assert "story.pdf is left out: 32 claims are too many for paper, 31 at most" in made.notes


def test_the_end_of_a_relationship_is_told_though_it_lies_outside_the_dates(story):
    """Else the story would tell as a fact what its own graph knows to be over."""
    (french, claims), (english, _) = story
    stake = claims[3]
    over = replace(
        stake, modality=Modality.ENDED, known_from="2025-05-01", qualifiers=Qualifiers(),
        evidence=(english.evidence(0, 44),),
    )  # fmt: skip
    with kg.open(None, write=True, today="2025-06-30") as graph:
        graph.store.commit(
            [DocumentClaims(french, claims), DocumentClaims(replace(english, published="2025-05-01"), (over,))]
        )
        story = graph.bundle("Deals", ["Nvidia", "CoreWeave"], until="2025-03").story
    lists = {category.value: list(facts) for category, facts in facts_by_category(story).items()}
    assert lists["facts"] == []
    assert len(lists["ended"]) > 0


def test_of_a_narrowed_graph_no_judgement_tells_what_was_called_wrong(story):
    (french, claims), _ = story
    with kg.open(None, write=True) as graph:
        graph.store.commit([DocumentClaims(french, claims)])
        graph.judge(claims[3], "wrong", author="Ana", part="relation", relation="invests-in")
        narrowed = graph.select(accepted_only=True).bundle("Deals")
        whole = graph.bundle("Deals")
    assert [claim.relation for claim in narrowed.story.claims] == ["invests-in"]
    assert claims[3].id.encode() not in b"".join(narrowed.files.values())
    assert claims[3].id.encode() in whole.files["judgements.jsonl"]
