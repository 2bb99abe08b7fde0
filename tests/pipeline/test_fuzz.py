"""Whatever text comes, it is read or fails in one clear line, in good time, and costs no other document."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import KgError, ReadingFailed
from kg.model import Document
from kg.pipeline.document_steps import ParsedDocument, attempt, prepare, read
from kg.pipeline.workers import ProcessRunner

SENTENCE = "Nvidia owns 6% of CoreWeave and competes with Microsoft. "
PHRASE = "Nvidia détient 6 % du capital de CoreWeave. "
RNG = random.Random(5)  # noqa: S311 - the same texts every time

HOSTILE = {
    "text set from right to left": f"\u202e{SENTENCE}\u202c\u2067{PHRASE}\u2069\n" * 20,
    "random Unicode": "".join(map(chr, RNG.choices([*range(32, 0xD7FF), *range(0xE000, 0x10FFFF)], k=5000))),
    "letters under two thousand accents": ("N" + "\u0301" * 2000 + "vidia owns CoreWeave. ") * 5,
    "letters with nothing between them": "\u200b".join(SENTENCE) * 5,
    "brackets": "(" * 3000 + SENTENCE,
    "quotes": "«" * 3000 + SENTENCE + "»" * 3000,
    "a number without end": "1,234." * 2000 + " " + SENTENCE,
    "numbers without a unit": "1 " * 5000 + "dollars " + SENTENCE,
    "no-break spaces": SENTENCE + "de" + "\u00a0" * 15_000 + "l " + SENTENCE,
    "spaces": SENTENCE + " " * 15_000 + SENTENCE,
    "empty lines": SENTENCE + "\n" * 50_000 + SENTENCE,
    "a list of one name": "Nvidia, " * 2000 + SENTENCE,
    "one name over and over": "Nvidia " * 2000 + "owns CoreWeave.",
    "names joined": "Nvidia and " * 2000 + "Oracle own 6% of CoreWeave.",
    "capitals": "NVIDIA OWNS COREWEAVE " * 500,
    "dashes": "- " * 5000 + SENTENCE,
    "full stops": SENTENCE + "." * 20_000,
    "clauses in clauses": "Nvidia, which owns CoreWeave, " * 500,
    "references to references": SENTENCE + "the company whose " * 1000,
    "shares": "6% " * 5000 + SENTENCE,
    "sums": "$" * 5000 + SENTENCE + "$1bn " * 2000,
    "a word of twenty thousand letters": "Nvidia" * 3500 + " owns CoreWeave.",
    "control characters": "".join(map(chr, range(1, 32))) * 50 + SENTENCE,
}


def parsed(text, lang):
    return ParsedDocument(Document("x", text, lang, "2025-03-11"), "")


@pytest.mark.long
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read_within_a_minute(name):
    with ProcessRunner(2) as workers:
        texts = [parsed(HOSTILE[name], lang) for lang in ("en", "fr")]
        for item, said in workers.map(read, texts, lambda _: 60.0, prepare):
            assert not isinstance(said, KgError), said
            for evidence in (evidence for claim in said.claims for evidence in claim.evidence):
                assert item.document.text[evidence.start : evidence.end] == evidence.quote


PIECES = st.sampled_from(
    [
        "\u202e",
        "\u2066",
        "\u0301",
        "\ufeff",
        "\u2028",
        "\x85",
        "\r",
        "\0",
        " ",
        "\n",
        "\u00a0",
        "«",
        "(",
        "%",
        "$",
        "1,2",
    ]
)
WORDS = st.sampled_from(["Nvidia ", "owns ", "détient ", "6 % ", "of ", "du capital de ", "CoreWeave", ", qui ", ". "])


@pytest.mark.long
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(PIECES, WORDS, st.text(max_size=20)), max_size=60).map("".join), st.sampled_from(["fr", "en"])
)
def test_any_text_brings_out_no_defect(text, lang):
    assert not isinstance(attempt(read, parsed(text or " ", lang)), ReadingFailed)
