"""What takes long: any text through the reader, many articles through the whole build. ``make test-long``."""

import random
import resource

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.extract import read
from kg.model import Document
from kg.resolve import Resolver

NAMES = ["OpenAI", "CoreWeave", "Microsoft", "Nvidia", "Oracle", "SoftBank"]
WORDS = st.sampled_from(
    [*NAMES, "détient", "6 %", "acquired", "$11.9bn", "rachète", "qui", ",", ".", "l’entreprise", "whose", "et", "and"]
)
PHRASES = st.lists(WORDS, max_size=40).map(" ".join)


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=400), PHRASES), st.sampled_from(["fr", "en"]))
def test_any_text_is_read_and_every_claim_is_grounded(text, lang):
    resolver = Resolver()
    for claim in resolver.resolve(read(Document("t", text or " ", lang, "2025-03-11"), resolver.kind).claims):
        for evidence in claim.evidence:
            assert text[evidence.start : evidence.end] == evidence.quote


@pytest.mark.long
def test_two_thousand_articles_build_without_growth(tmp_path):
    rng = random.Random(7)  # noqa: S311 - the same articles every time
    texts = [path.read_text() for path in sorted(kg.examples().glob("*.txt"))]
    peaks = []
    with kg.open(tmp_path / "store", write=True) as graph:
        for part in range(4):
            folder = tmp_path / f"part-{part}"
            folder.mkdir()
            for number in range(500):
                text = rng.choice(texts)
                for name in NAMES:
                    text = text.replace(name, f"{name}{rng.randrange(300)}")
                (folder / f"{part}-{number}.txt").write_text(text)
            report = graph.build(folder)
            assert (report.read, report.rejected) == (500, [])
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    # The pipelines, the vocabulary and the caches of the engine fill in the first part.
    assert peaks[-1] < peaks[0] * 1.25, peaks
