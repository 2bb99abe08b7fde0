"""An endpoint that answers slowly, wrongly or not at all: one clear line, what was right stays, the rest goes on."""

import json
import time

import pytest

from kg.extract import read
from kg.extract.llm import LanguageModel
from kg.model import Document
from kg.resolve import Resolver

pytest.importorskip("pydantic_ai")

TEXT = "Nvidia owns 6% of CoreWeave. SoftBank has lent $2.5 billion to OpenAI."
STAKE = {
    "subject": "Nvidia", "relation": "holds-stake", "object": "CoreWeave", "modality": "asserted",
    "quote": "Nvidia owns 6% of CoreWeave.", "percent": "6%",
}  # fmt: skip
LOAN = {
    "subject": "SoftBank", "relation": "lends-to", "object": "OpenAI", "modality": "asserted",
    "quote": "SoftBank has lent $2.5 billion to OpenAI.",
}  # fmt: skip


def said(*claims):
    return json.dumps({"quotes": [{"quote": c["quote"], "claims": [c]} for c in claims]}, ensure_ascii=False)


def sent(body, kind="application/json", status=200):
    """A function that sends a body as it is."""

    def send(handler):
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return send


def completion(content, reason="stop", **message):
    told = {"role": "assistant", "content": content, **message}
    choice = {"index": 0, "finish_reason": reason, "message": told}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    body = {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
    return json.dumps(body).encode()


def in_pieces(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for byte in completion(said(STAKE)):
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
    handler.close_connection = True


def too_slow(handler):
    time.sleep(1.5)
    sent(completion(said(STAKE)))(handler)


def cut_off(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(completion(said(STAKE))[:80])
    handler.close_connection = True


def model_reads(endpoint, *answers, text=TEXT, **options):
    endpoint.answers.extend(answers)
    model = LanguageModel("a-model", endpoint.url, **{"retries": 0, "timeout": 10, "verify": "none", **options})
    return read(Document("a.txt", text, "en", "2025-03-11"), Resolver().kind, (model,))


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (400, "answers 400"),
        (401, "answers 401: check the key"),
        (404, "answers 404: check the model's name and the address"),
        (429, "answers 429: it is asked too much"),
        (503, "answers 503"),
        (
            sent(b"<html><body>Sign in</body></html>", "text/html"),
            "no usable answer: it is no chat completion, check the address",
        ),
        (sent(b"<html>Bad gateway</html>", "text/html", 502), "answers 502"),
        (sent(b"[]"), "gave no usable answer"),
        (sent(b'{"error": {"message": "no such model"}}'), "gave no usable answer"),
        (sent(b'{"choices": []}'), "gave no usable answer"),
        (sent(b""), "gave no usable answer"),
        (sent(b"{not JSON"), "gave no usable answer"),
        (sent(completion(None)), "gave no usable answer"),
        (sent(completion("")), "gave no usable answer: it is empty"),
        (sent(completion(None, refusal="I will not read this.")), "gave no usable answer: it refuses the text"),
        ("I found no relations.", "no usable answer: it has not the form that was asked for"),
        ('{"companies": ["Nvidia"]}', "gave no usable answer"),
        ('{"quotes": "none"}', "gave no usable answer"),
        (cut_off, "cannot be reached"),
    ],
)
def test_what_goes_wrong_is_one_line(endpoint, answer, line):
    extraction = model_reads(endpoint, answer)
    (failed,) = extraction.failed
    assert line in failed
    assert failed.startswith("the language model a-model at 127.0.0.1")
    assert "\n" not in failed
    assert "a-secret" not in failed
    assert len(failed) < 330
    assert extraction.claims == ()


def test_an_endpoint_that_takes_too_long_is_one_line(endpoint):
    (failed,) = model_reads(endpoint, too_slow, timeout=0.3).failed
    assert "cannot be reached" in failed


@pytest.mark.parametrize(
    "answer",
    [
        f"```json\n{said(STAKE)}\n```",
        f"Here they are:\n```\n{said(STAKE)}\n```\nThat is all.",
        json.dumps(json.loads(said(STAKE))["quotes"]),
        json.dumps({**json.loads(said(STAKE)), "note": "one more field"}),
        in_pieces,
    ],
)
def test_what_can_be_read_is_read(endpoint, answer):
    extraction = model_reads(endpoint, answer)
    assert len(extraction.claims) == 1
    assert extraction.failed == ()


@pytest.mark.parametrize(
    "bad",
    [
        {**LOAN, "relation": "likes"},
        {**LOAN, "object": None},
        {**LOAN, "subject": ["SoftBank"]},
        {**LOAN, "quote": "SoftBank lends everything."},
        {**LOAN, "quote": ""},
    ],
)
def test_one_bad_claim_costs_no_good_one_and_is_counted(endpoint, bad):
    extraction = model_reads(endpoint, said(STAKE, bad))
    assert [claim.relation for claim in extraction.claims] == ["holds-stake"]
    assert len(extraction.refused) == 1


def test_an_answer_that_is_cut_off_keeps_its_whole_quotes(endpoint):
    whole = said(STAKE, LOAN)
    extraction = model_reads(endpoint, sent(completion(whole[: whole.index("lends-to")], "length")))
    assert [claim.relation for claim in extraction.claims] == ["holds-stake"]
    assert len(extraction.failed) == 1


def test_a_correction_that_fails_leaves_what_was_right(endpoint):
    extraction = model_reads(endpoint, said(STAKE, {**LOAN, "quote": "SoftBank lends."}), 500)
    assert [claim.relation for claim in extraction.claims] == ["holds-stake"]
    assert extraction.usage.requests == 1


def test_a_piece_that_fails_costs_the_others_nothing_and_is_asked_again(endpoint, tmp_path):
    filler = "The market was quiet and nothing of note was said by anybody on that day. " * 120
    text = f"{TEXT}\n{filler}\nAlphabet owns 9% of Mistral AI."
    late = {**STAKE, "subject": "Alphabet", "object": "Mistral AI", "quote": "Alphabet owns 9% of Mistral AI."}
    del late["percent"]
    first = model_reads(endpoint, said(STAKE), "no JSON", "no JSON", "no JSON", text=text, cache=str(tmp_path))
    assert len(first.claims) == 1
    assert len(first.failed) == 1
    endpoint.answers.clear()
    before = len(endpoint.requests)
    second = model_reads(endpoint, said(late), text=text, cache=str(tmp_path))
    assert len(second.claims) == 2
    assert len(endpoint.requests) == before + 1
