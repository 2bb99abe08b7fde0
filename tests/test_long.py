"""What takes long: any text through the reader, many articles through the whole build. ``make test-long``."""

import os
import random
import resource
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.extract import read
from kg.model import Document
from kg.pipeline import BuildOptions, SourceOptions, build
from kg.resolve import Resolver
from kg.store import open_store

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
    document = Document("t", text or " ", lang, "2025-03-11")
    for claim in read(document, resolver.kind, resolve=resolver.entity).claims:
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
            assert (report.read, report.skipped) == (500, [])
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    # The pipelines, the vocabulary and the caches of the engine fill in the first part.
    assert peaks[-1] < peaks[0] * 1.25, peaks


def renamed(texts, count):
    """Articles made by giving the companies of some texts other names, hardly ever the same twice."""
    rng = random.Random(7)  # noqa: S311 - the same articles every time
    for _ in range(count):
        text = rng.choice(texts)
        for name in NAMES:
            text = text.replace(name, name + "".join(rng.choices("abcdefghij", k=4)))
        yield text


def resident():
    """Megabytes resident in this process, and in the largest of those that come of it."""
    page, parents, sizes = os.sysconf("SC_PAGE_SIZE"), {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            sizes[int(folder.name)] = int((folder / "statm").read_text().split()[1]) * page >> 20
        except OSError:
            continue
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sizes[os.getpid()], max((sizes[pid] for pid in ours - {os.getpid()}), default=0)


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="measures by /proc")
def test_ten_thousand_articles_build_in_flat_memory(tmp_path, capsys):
    """Over a quarter of the articles, the most memory of the process that commits and of those that read."""
    count = 10_000
    shared = Path(os.environ.get("KG_SHARED", Path(__file__).parents[2] / "shared")) / "articles"
    files = [*kg.examples().glob("*.txt"), *shared.rglob("*.txt")]
    (tmp_path / "news").mkdir()
    for number, text in enumerate(renamed([path.read_text() for path in sorted(files)], count)):
        (tmp_path / "news" / f"{number:05}.txt").write_text(text)
    peaks = [(0, 0)] * 4
    began = time.monotonic()

    def watch(report):
        if report.read % 80 == 0:
            quarter = min(3, 4 * report.done // count)
            peaks[quarter] = tuple(map(max, peaks[quarter], resident()))

    with open_store(tmp_path / "store", write=True) as store:
        report = build(store, [str(tmp_path / "news")], SourceOptions(), BuildOptions(jobs=2, watch=watch))
        seconds = time.monotonic() - began
        again = build(store, [str(tmp_path / "news")], SourceOptions(), BuildOptions(jobs=2))
    with capsys.disabled():
        sys.stdout.write(f"{report} in {seconds:.0f} s, {again.seconds:.0f} s unchanged; MB by quarter: {peaks}\n")
    assert (report.read, report.skipped, report.failed, again.unchanged) == (count, [], [], count)
    # The second quarter, for the first fills the caches of the engine and the vocabularies.
    assert peaks[3][0] < peaks[1][0] * 1.25, peaks
    assert peaks[3][1] < peaks[1][1] * 1.25, peaks
