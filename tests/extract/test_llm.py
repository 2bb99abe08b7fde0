"""The language-model reader, against a server of our own on loopback that speaks like the real ones."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from kg.errors import ModelFailed
from kg.extract import READERS, Refusal, Usage, read
from kg.extract.llm import LanguageModel
from kg.extract.llm.pieces import windows
from kg.extract.llm.prompt import instructions
from kg.extract.reader import parse
from kg.model import Document, Modality
from kg.ontology import ontology
from kg.resolve import Resolver

pytest.importorskip("pydantic_ai")

TEXT = "Nvidia a pris 6 % du capital de CoreWeave. La jeune pousse travaille pour Oracle."
ENGLISH = "SoftBank has lent $2.5 billion to OpenAI for five years."
GOOD = {
    "subject": "Nvidia", "relation": "invests-in", "object": "CoreWeave", "modality": "asserted",
    "quote": "Nvidia a pris 6 % du capital de CoreWeave.", "percent": "6 %",
}  # fmt: skip


def document(text=TEXT, lang="fr"):
    return Document("an-article.txt", text, lang, "2025-03-11")


def reader(endpoint, **options):
    return LanguageModel("a-model", endpoint.url, **{"retries": 2, "timeout": 120, **options})


def model_reads(endpoint, *answers, text=TEXT, lang="fr", **options):
    endpoint.answers.extend(answers)
    return read(document(text, lang), Resolver().kind, (reader(endpoint, **options),))


def test_a_claim_of_the_model_is_a_claim_like_any_other(endpoint):
    extraction = model_reads(endpoint, [GOOD])
    (claim,) = extraction.claims
    assert (claim.subject.name, claim.relation, claim.object.name) == ("Nvidia", "invests-in", "CoreWeave")
    assert str(claim.qualifiers.percent) == "6"
    assert claim.evidence[0].quote == GOOD["quote"]
    assert claim.method.startswith("llm/a-model/")
    assert extraction.usage == Usage(1, 100, 20)


def test_a_notebook_has_a_loop_at_work_already_and_the_model_is_asked_all_the_same(endpoint):
    async def cell():
        return model_reads(endpoint, [GOOD])

    # In a thread of its own: where an earlier test has opened a browser, its loop is at work in this one.
    with ThreadPoolExecutor(1) as notebook:
        assert len(notebook.submit(lambda: asyncio.run(cell())).result().claims) == 1


def test_english_terms_are_parsed_from_the_words_that_the_model_points_at(endpoint):
    said = {
        "subject": "SoftBank", "relation": "lends-to", "object": "OpenAI", "modality": "asserted",
        "quote": ENGLISH, "amount": "$2.5 billion", "duration": "five years",
    }  # fmt: skip
    (claim,) = model_reads(endpoint, [said], text=ENGLISH, lang="en").claims
    assert (str(claim.qualifiers.amount), claim.qualifiers.currency) == ("2500000000", "USD")
    assert claim.qualifiers.duration == "P5Y"


def test_a_name_by_reference_brings_the_sentence_that_names_it(endpoint):
    said = {
        "subject": "CoreWeave", "relation": "supplies", "object": "Oracle", "modality": "asserted",
        "quote": "La jeune pousse travaille pour Oracle.", "subject_words": "La jeune pousse",
    }  # fmt: skip
    (claim,) = model_reads(endpoint, [said]).claims
    assert [e.quote for e in claim.evidence] == [said["quote"], GOOD["quote"]]


def test_a_loose_quote_is_sent_back_and_mended(endpoint):
    extraction = model_reads(endpoint, [{**GOOD, "quote": "Nvidia a pris six pour cent de CoreWeave."}], [GOOD])
    assert len(extraction.claims) == 1
    assert extraction.usage.requests == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quote": "Nvidia a racheté Oracle."}, "the quote is not in the text"),
        ({"object": "Microsoft"}, "no quote names the object"),
        ({"subject": "Mistral AI", "subject_words": "Nvidia"}, "the name of the subject"),
        ({"relation": "conspires-with"}, "no relation 'conspires-with'"),
        ({"subject_words": "s", "subject": "Oracle"}, "no quote names the subject"),
        ({"subject": "Core"}, "no quote names the subject"),
    ],
)
def test_what_does_not_stand_in_the_text_is_refused_with_its_reason(endpoint, change, reason):
    extraction = model_reads(endpoint, [{**GOOD, **change}])
    assert extraction.claims == ()
    assert [refusal for refusal in extraction.refused if reason in refusal.detail]


def test_a_busy_server_is_asked_again(endpoint):
    assert len(model_reads(endpoint, 429, 500, [GOOD]).claims) == 1


@pytest.mark.parametrize("answers", [(500,), ("no JSON at all",), (401,)])
def test_a_model_that_cannot_answer_leaves_the_rules_claims_and_says_so(endpoint, answers):
    endpoint.answers.extend(answers)
    extraction = read(document(), Resolver().kind, (*READERS, reader(endpoint, retries=0)))
    assert {claim.method.partition("/")[0] for claim in extraction.claims} <= {"rules", "paragraph"}
    assert len(extraction.failed) == 1
    assert "a-secret" not in extraction.failed[0]


def test_nobody_there_is_one_line(monkeypatch):
    monkeypatch.setenv("KG_LLM_KEY", "x")
    silent = LanguageModel("a-model", "http://127.0.0.1:9/v1", retries=0, timeout=2)
    (failed,) = read(document(), Resolver().kind, (silent,)).failed
    assert "127.0.0.1:9" in failed
    assert "\n" not in failed


def test_without_a_key_it_says_which_variable_to_set(monkeypatch):
    monkeypatch.delenv("KG_LLM_KEY", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelFailed, match="KG_LLM_KEY"):
        list(LanguageModel("a-model", "http://127.0.0.1:9/v1").propose(parse(document())))


def test_a_kept_answer_costs_nothing_and_a_damaged_one_is_asked_again(endpoint, tmp_path):
    first = model_reads(endpoint, [GOOD], cache=str(tmp_path))
    again = model_reads(endpoint, cache=str(tmp_path))
    assert again.claims == first.claims
    assert again.usage == Usage()
    (kept,) = tmp_path.iterdir()
    assert "a-secret" not in kept.read_text("utf-8")
    kept.write_text('{"quotes": [{"quote": 1', "utf-8")
    assert model_reads(endpoint, [GOOD], cache=str(tmp_path)).usage.requests == 1


def test_readers_that_differ_go_to_review_side_by_side(endpoint):
    endpoint.answers.append([{**GOOD, "modality": "denied"}])
    extraction = read(document(), Resolver().kind, (*READERS, reader(endpoint, verify="none")))
    said = {(c.method.partition("/")[0], c.modality, c.reasons) for c in extraction.candidates}
    doubt = ("DISAGREEMENT",)
    assert {("rules", Modality.ASSERTED, doubt), ("llm", Modality.DENIED, doubt)} <= said


def test_readers_that_agree_give_one_claim(endpoint):
    endpoint.answers.append([GOOD])
    claims = read(document(), Resolver().kind, (*READERS, reader(endpoint))).claims
    (claim,) = (claim for claim in claims if claim.relation == "invests-in")
    assert claim.method.startswith("rules/")
    assert "+llm/a-model/" in claim.method


def test_the_prompt_is_built_from_the_ontology():
    for relation in ontology().relations.values():
        assert (f"- {relation.name}:" in instructions()) != relation.is_figure


def test_a_text_is_sent_in_pieces_that_overlap_and_lose_nothing():
    text = "".join(f"Sentence number {i} says something of no weight. " for i in range(900))
    pieces = list(windows(text))
    assert len(pieces) > 3
    assert all(text.startswith(piece, start) for start, piece in pieces)
    for (_, one), (_, two) in pairwise(pieces):
        assert two[:100] in one


def test_a_refusal_names_its_method(endpoint):
    refused = model_reads(endpoint, [{**GOOD, "object": "Microsoft"}]).refused
    assert isinstance(refused[0], Refusal)
    assert refused[0].method.startswith("llm/a-model/")


TURNED = "CoreWeave compte Nvidia parmi ses actionnaires, avec 6 %. La jeune pousse travaille pour Oracle."
STAKE = {
    "subject": "Nvidia", "relation": "holds-stake", "object": "CoreWeave", "modality": "asserted",
    "quote": "CoreWeave compte Nvidia parmi ses actionnaires, avec 6 %.",
}  # fmt: skip
YES = {"claim": 1, "stated": True, "relation": "holds-stake", "subject": "B", "modality": "asserted"}


def verdicts(*answers):
    return json.dumps({"answers": answers})


@pytest.mark.parametrize(
    ("answer", "reasons", "confidence"),
    [
        (verdicts(YES), (), 0.97),
        (verdicts({"claim": 1, "stated": False}), ("NOT_STATED",), 0.9),
        (verdicts({**YES, "subject": "A"}), ("DIRECTION",), 0.9),
        (verdicts(), (), 0.9),
    ],
)
def test_what_rules_doubt_is_asked_a_second_time(endpoint, tmp_path, answer, reasons, confidence):
    extraction = model_reads(endpoint, [STAKE], answer, text=TURNED, cache=str(tmp_path))
    (claim,) = (*extraction.claims, *extraction.candidates)
    assert (claim.reasons, claim.confidence) == (reasons, confidence)
    assert extraction.usage.requests == 2
    assert model_reads(endpoint, text=TURNED, cache=str(tmp_path)).usage.requests == 0


def test_without_verification_nothing_is_asked_twice(endpoint):
    extraction = model_reads(endpoint, [STAKE], text=TURNED, verify="none")
    assert extraction.usage.requests == 1
    assert extraction.claims[0].confidence == 0.96


def test_a_second_question_that_fails_leaves_the_claims_less_sure(endpoint):
    extraction = model_reads(endpoint, [STAKE], 500, text=TURNED, retries=0)
    assert [claim.confidence for claim in extraction.claims] == [0.9]
    assert "answers 500" in extraction.failed[0]
