"""Every reason code has a text that gives it: the one that the docs show, read anew."""

import json

import pytest

from kg import documents
from kg.extract.confidence import settled
from kg.extract.llm import LanguageModel
from kg.extract.reader import READERS, read
from kg.judgements import Judgement, Verdict, judged
from kg.model import Claim, Document, Outcome
from kg.reasons import EXAMPLES, MEANINGS, Reason
from kg.resolve import Resolver
from kg.settings import PRECISION


def said(text, relation, **told):
    """What a model answers that reads a relation between the two companies of a text."""
    return {"quote": text, "subject": "Zeltan Corp", "relation": relation, "object": "Korba Inc",
            "modality": "asserted", **told}  # fmt: skip


def second(**answer):
    """What it answers when it is asked a second time."""
    return json.dumps({"answers": [{"claim": 1, **answer}]})


ANSWERS = {
    Reason.NO_QUOTE: lambda _: ([said("Zeltan bought Korba", "acquires")],),
    Reason.NO_PARTY_IN_QUOTE: lambda text: ([said(text, "partners-with", object="Brelin Corp")],),
    Reason.NOT_A_RELATION: lambda text: ([said(text, "admires")],),
    Reason.NOT_STATED: lambda text: ([said(text, "acquires")], second(stated=False)),
    Reason.STEERING: lambda text: ([said(text.partition(".")[0] + ".", "partners-with")],),
    Reason.DIRECTION: lambda text: ([said(text, "supplies")], second(stated=True, subject="B")),
    Reason.DISAGREEMENT: lambda text: ([said(text, "invests-in")], second(stated=True)),
    Reason.UNREADABLE_TERM: lambda text: ([said(text, "acquires", amount="a few million dollars")],),
}
"""What a language model answers, for the codes that its claims alone are given."""
VERDICTS = {Reason.REJECTED: Verdict.WRONG, Reason.CONFIRMED: Verdict.RIGHT}
"""What a person says of the claims of a code's text."""
WITH_RULES = {Reason.DISAGREEMENT}


def reading(code, endpoint):
    """All that is read in a code's text: claims, as a build sorts them, and proposals of which there is none."""
    text = EXAMPLES[code][0]
    document = Document("a-text.txt", text, documents.identify(text, "the text"), "2025-03-11")
    readers = READERS
    if code in ANSWERS:
        pytest.importorskip("pydantic_ai")
        endpoint.answers.extend(ANSWERS[code](text))
        model = LanguageModel("a-model", endpoint.url, retries=1, timeout=10)
        readers = (*READERS, model) if code in WITH_RULES else (model,)
    resolver = Resolver()
    extraction = read(document, resolver.kind, readers, resolver.entity)
    assert not extraction.failed
    claims = [settled(claim, PRECISION) for claim in (*extraction.claims, *extraction.candidates)]
    if code in VERDICTS:
        words = [
            Judgement(VERDICTS[code], claim, document.sha256, "ada", "2026-01-01T00:00:00Z")
            for claim in extraction.claims
        ]
        told = judged(document, extraction.claims, extraction.candidates, words)
        claims = [*told.claims, *told.candidates]
    return [*claims, *extraction.refused]


def codes(found):
    return found.reasons if isinstance(found, Claim) else (found.reason,)


def outcome(found):
    return found.outcome if isinstance(found, Claim) else Outcome.REFUSED


@pytest.mark.parametrize("code", Reason)
def test_a_text_gives_it_with_its_outcome(code, endpoint):
    given = [found for found in reading(code, endpoint) if codes(found)[:1] == (code,)]
    assert {outcome(found) for found in given} == {MEANINGS[code][0]}


def test_no_code_lacks_a_text():
    assert list(EXAMPLES) == list(MEANINGS) == list(Reason)
