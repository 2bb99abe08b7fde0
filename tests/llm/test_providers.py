"""A provider that answers slowly, wrongly, in pieces or not at all: one clear line, nothing lost, the rest goes on."""

import json
import logging
import re
from pathlib import Path

import pytest

from kg.extract import READERS
from kg.extract.llm import LanguageModel
from kg.pipeline import BuildOptions, SourceOptions, build
from kg.store import open_store

from .answers import as_answer
from .conftest import Workplace
from .endpoint import KEY, Reply, completion, cut, failure, in_pieces, slowly

QUOTE = "What OpenAI builds this year is built for Adobe."
SAID = {
    "subject": "OpenAI", "subject_kind": "company", "relation": "supplies",
    "object": "Adobe", "object_kind": "company", "modality": "asserted", "quote": QUOTE,
}  # fmt: skip
ANSWER = json.dumps(as_answer([SAID]))
GOOD = completion(ANSWER)

FAULTS = {
    "refuses the key": failure(401, f"Incorrect API key provided: {KEY}"),
    "has no such model": failure(404, "The model `m` does not exist"),
    "is broken": failure(500, f"Traceback (most recent call last): key={KEY}"),
    "is overloaded": failure(503, "overloaded"),
    "lets nobody in": failure(429, "quota"),
    "sends a page": Reply(f"<html><body><h1>Welcome</h1>{KEY}</body></html>".encode(), kind="text/html"),
    "sends a page and an error": Reply(f"<html>{KEY}</html>".encode(), 502, "text/html"),
    "sends nothing": Reply(b""),
    "sends half a letter": Reply(b'"\xff\xfe'),
    "sends other JSON": Reply(json.dumps({"hello": KEY}).encode()),
    "sends a list": Reply(b"[]"),
    "sends no choice": Reply(b'{"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": []}'),
    "says nothing": completion(None),
    "says an empty text": completion(""),
    "talks": completion(f"I am sorry, but I cannot read {KEY}.\nAsk me something else."),
    "says another form": completion(json.dumps({"relations": [{"a": KEY}]})),
    "says another type": completion(json.dumps(dict.fromkeys(as_answer([SAID]), KEY))),
    "says half an answer": completion(ANSWER[:-20]),
    "hangs up half-way": cut(GOOD),
}
"""What a provider does at worst, again and again."""

MENDED = {
    "is busy once": [failure(429), GOOD],
    "is broken twice": [failure(500), failure(503), GOOD],
    "hangs up once": [cut(GOOD), GOOD],
    "answers in pieces": [in_pieces(GOOD)],
    "answers slowly and in pieces": [slowly(in_pieces(GOOD, 7), 0.3)],
    "puts fences around it": [completion(f"```json\n{ANSWER}\n```")],
    "thinks aloud first": [completion(f"<think>Who supplies whom? OpenAI.</think>\n{ANSWER}")],
    "talks once": [completion("no JSON at all"), GOOD],
    "says another form once": [completion(json.dumps({"relations": []})), GOOD],
}
"""What comes right when it is asked again, or needs no mending."""

BAD = {
    "quote": "OpenAI bought Adobe outright.",
    "subject": "Mistral AI",
    "relation": "conspires-with",
    "modality": "perhaps",
    "object_kind": "galaxy",
}
"""One field of a claim, spoilt, beside a claim that is right."""


def write(workplace, name, number, *replies):
    """Write an article in which each reader finds one claim, and set what the server says of it."""
    workplace.write(f"{name}.txt", f"Microsoft owns {number}% of OpenAI. In hall {number}, all is new. {QUOTE}\n")
    workplace.endpoint.answer.replies[f"In hall {number}, "] = list(replies)


def claims(workplace):
    """The claims of a store, as (document, reader, relation)."""
    ran = workplace.run("export", "--format", "jsonl")
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    return {
        (claim["evidence"][0]["document"][:-4], method.partition("/")[0], claim["relation"])
        for claim in told
        for method in claim["method"].split("+")
    }


def read_by_both(workplace, **options):
    """Build the articles, and return the report."""
    reader = LanguageModel("a-model", workplace.endpoint.url, str(workplace.folder / "cache"), **options)
    with open_store(workplace.store, write=True) as store:
        how = BuildOptions(jobs=0, readers=(*READERS, reader))
        return build(store, [str(workplace.folder / "articles")], SourceOptions("en"), how)


@pytest.fixture(scope="module")
def faulty(endpoint, tmp_path_factory):
    """One build, one article a fault and one of no fault: the report, why each was read in part, and the claims."""
    workplace = Workplace(tmp_path_factory.mktemp("faulty"), endpoint)
    for number, (name, reply) in enumerate(FAULTS.items(), 11):
        write(workplace, name, number, reply)
    write(workplace, "well", 10, GOOD)
    report = read_by_both(workplace)
    reasons = {Path(one.source).stem: one.reason for one in report.partially_read}
    return workplace, report, reasons, claims(workplace)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_provider_that_fails_costs_one_line_and_its_own_reading(fault, faulty):
    _, _, reasons, found = faulty
    assert re.fullmatch(r"the language model a-model at 127\.0\.0\.1:\d+ .{10,260}", reasons[fault])
    assert not re.search(r"Traceback|Error:|For further information", reasons[fault])
    assert {reader for document, reader, _ in found if document == fault} in ({"rules"}, {"rules", "paragraph"})


def test_the_rest_goes_on(faulty):
    _, report, reasons, found = faulty
    assert (report.read, report.skipped, report.failed) == (len(FAULTS) + 1, [], [])
    assert set(reasons) == set(FAULTS)
    assert {("well", "rules", "holds-stake"), ("well", "llm", "supplies")} <= found


def test_a_provider_that_repeats_the_key_has_it_told_to_nobody(faulty):
    workplace, _, reasons, _ = faulty
    assert not [reason for reason in reasons.values() if KEY in reason]
    assert workplace.files_that_tell(KEY) == []


def test_what_fails_for_one_reason_is_one_line_and_the_exit_status_tells(workplace):
    write(workplace, "one", 71, failure(401))
    write(workplace, "two", 72, failure(401))
    write(workplace, "well", 73, GOOD)
    ran = workplace.build()
    (complaint,) = ran.stderr.splitlines()
    assert re.fullmatch(r"kg: read in part: \S+ and 1 more: the language model a-model at \S+ answers 401.*", complaint)
    assert ran.exit_code == 1
    assert "read 3 documents" in ran.stdout


@pytest.fixture(scope="module")
def mended(endpoint, tmp_path_factory):
    workplace = Workplace(tmp_path_factory.mktemp("mended"), endpoint)
    for number, (name, replies) in enumerate(MENDED.items(), 11):
        write(workplace, name, number, *replies)
    for number, (name, spoilt) in enumerate(BAD.items(), 51):
        write(workplace, name, number, completion(json.dumps(as_answer([{**SAID, name: spoilt}, SAID]))))
    return workplace.build(), claims(workplace)


@pytest.mark.parametrize("fault", MENDED)
def test_what_can_be_mended_is_mended_without_a_word(fault, mended):
    ran, found = mended
    assert fault not in ran.stderr
    assert (fault, "llm", "supplies") in found


@pytest.mark.parametrize("name", BAD)
def test_a_bad_claim_takes_no_good_one_with_it(name, mended):
    assert (name, "llm", "supplies") in mended[1]


def test_what_failed_is_asked_again_by_the_next_build_and_nothing_else_is(workplace):
    write(workplace, "one", 81, GOOD)
    write(workplace, "two", 82, failure(503))
    assert workplace.build().exit_code == 1
    workplace.endpoint.requests.clear()
    write(workplace, "two", 82, GOOD)
    ran = workplace.build()
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert all("In hall 82" in request.messages for request in workplace.endpoint.requests)
    assert {(name, "llm", "supplies") for name in ("one", "two")} <= claims(workplace)


@pytest.mark.parametrize("fault", ["never answers", "hangs up at once"])
def test_a_provider_that_never_answers_is_waited_for_only_so_long(fault, workplace):
    write(workplace, "two", 83, slowly(GOOD, 30) if fault == "never answers" else Reply(b"", piece=1, cut=True))
    report = read_by_both(workplace, timeout=0.3, retries=1)
    (partial,) = report.partially_read
    assert "\n" not in partial.reason
    assert (report.read, claims(workplace)) == (1, {("two", "rules", "holds-stake")})


def test_the_key_is_sent_as_a_bearer_token_and_stands_nowhere_else(workplace, caplog):
    caplog.set_level(logging.DEBUG)
    write(workplace, "one", 84, GOOD)
    ran = workplace.build()
    assert {request.headers["Authorization"] for request in workplace.endpoint.requests} == {f"Bearer {KEY}"}
    assert all(KEY not in json.dumps(request.body) for request in workplace.endpoint.requests)
    assert KEY not in ran.output + caplog.text
    assert workplace.files_that_tell(KEY) == []


def test_a_password_in_the_address_is_shown_to_nobody(workplace):
    write(workplace, "one", 85, failure(500))
    ran = workplace.build(url=workplace.endpoint.url.replace("http://", "http://me:a-password@"))
    assert "the language model a-model at " in ran.stderr
    assert "a-password" not in ran.output
    assert workplace.files_that_tell("a-password") == []
