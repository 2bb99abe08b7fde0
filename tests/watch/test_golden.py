"""Five days of articles, and what each day's digests tell.

``KG_UPDATE_DOCS=1 pytest tests/watch`` writes the golden files anew. Of articles that are others' work they hold
names, relations, counts and hashes of lines, and no sentence.
"""

import hashlib
import json
import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from kg.documents.formats import SUFFIXES
from kg.watch.config import Interest, WatchedPath
from tests.watch.own_story import DAYS

GOLDEN = Path(__file__).parent / "golden"


def compare(name, text):
    path = GOLDEN / name
    if os.environ.get("KG_UPDATE_DOCS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert text == path.read_text()


def watching(desk, *interests, lang="en"):
    news = desk.folder / "news"
    news.mkdir()
    named = tuple(Interest(each, None, each) if each == each.lower() else Interest(each, each) for each in interests)
    desk.config = replace(desk.config, paths=(WatchedPath(news),), interests=named, lang=lang)
    return news


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_own_texts_over_five_days(desk, lang):
    news = watching(desk, "CoreWeave", "OpenAI", lang=lang)
    told = []
    for day, files in DAYS.items():
        desk.day = day
        for name, text in files.items():
            (news / name).write_text(text)
        told.append(desk.look())
        assert desk.look() == {}, "run twice it tells nothing twice"
        if day == "2026-05-07":
            compare(f"openai.{lang}.md", (desk.digests / "openai.md").read_text())
            compare(f"openai.{lang}.html", (desk.digests / "openai.html").read_text())
    assert told == [
        {"CoreWeave": {"new": 2}, "OpenAI": {"new": 1}},
        {"CoreWeave": {"confirmed": 1, "copy": 1}, "OpenAI": {"copy": 1}},
        {"CoreWeave": {"contradicted": 1}, "OpenAI": {"new": 1}},
        {"CoreWeave": {"contradicted": 1, "ended": 1}, "OpenAI": {"contradicted": 1, "new": 1, "ended": 2}},
        {"CoreWeave": {"denied": 1}, "OpenAI": {"new": 1, "changed": 1}},
    ]
    compare(f"openai.{lang}.atom", (desk.digests / "openai.atom").read_text())
    compare(f"coreweave.{lang}.jsonl", (desk.digests / "coreweave.jsonl").read_text())


ARTICLES, PER_DAY = 30, 6
RELATIONS = ("acquires", "holds-stake", "partners-with", "subsidiary-of", "supplies")


@pytest.mark.slow
def test_thirty_articles_over_five_days(desk, shared):
    """The last thirty by date; each day brings six of them."""
    folder = shared / "articles"
    described = [(json.loads(path.read_text()), path) for path in sorted(folder.glob("*/*.json"))]
    dated = sorted(((about["date"], about["id"], path) for about, path in described if about.get("date")))
    chosen = [path for _, _, path in dated][-ARTICLES:]
    assert len(chosen) == ARTICLES
    news = watching(desk, "Microsoft", "Facebook", *RELATIONS)
    golden = []
    for at in range(0, ARTICLES, PER_DAY):
        desk.day = f"2026-05-{4 + at // PER_DAY:02}"
        for path in chosen[at : at + PER_DAY]:
            shutil.copy(path, news)
            shutil.copy(path.with_suffix(".txt"), news)
        told = desk.look()
        assert desk.look() == {}, "run twice it tells nothing twice"
        golden.append({"day": desk.day, "told": told, "lines": sorted(lines_of(desk, desk.day))})
    everything = Counter(kind for day in golden for counts in day["told"].values() for kind in counts)
    assert everything["new"] > 0
    compare("articles.json", json.dumps(golden, indent=1, ensure_ascii=False) + "\n")


def lines_of(desk, day):
    for path in desk.digests.glob("*.jsonl"):
        for line in map(json.loads, path.read_text().splitlines()):
            if line["at"].startswith(day):
                digest = hashlib.sha256(json.dumps(line, sort_keys=True).encode()).hexdigest()[:12]
                ends = f"{line['subject']} {line['relation']} {line['object']}"
                yield f"{line['interest']}: {line['kind']}: {ends} ({digest})"


FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{0}</channel></rss>'
ENTRY = (
    "<item><guid>{0}</guid><title>News {0}</title><link>https://example.org/{0}</link>"
    "<pubDate>Mon, 04 May 2026 08:00:00 GMT</pubDate><description>{1}</description></item>"
)
MAIL = (
    "From ada@example.org Mon May  4 08:00:00 2026\nFrom: ada@example.org\nSubject: News\n"
    "Date: Mon, 04 May 2026 08:00:00 +0000\n\n{0}\n\n"
)


@pytest.mark.slow
def test_a_feed_and_a_mailbox_on_disk_are_read_when_they_grow(desk):
    if not {".mbox", ".rss"} <= set(SUFFIXES):
        pytest.skip("this kg does not read files of many documents yet")
    news = watching(desk, "CoreWeave")
    entries = [ENTRY.format(1, "Nvidia owns a 6% stake in CoreWeave.")]
    (news / "feed.rss").write_text(FEED.format("".join(entries)))
    (news / "in.mbox").write_text(MAIL.format("OpenAI now competes with Microsoft."))
    assert desk.look() == {"CoreWeave": {"new": 1}}
    assert desk.look() == {}
    entries.append(ENTRY.format(2, "Nvidia owns 9% of CoreWeave."))
    (news / "feed.rss").write_text(FEED.format("".join(entries)))
    with (news / "in.mbox").open("a") as mailbox:
        mailbox.write(MAIL.format("Microsoft denied that it would acquire CoreWeave."))
    assert desk.look() == {"CoreWeave": {"contradicted": 1, "denied": 1}}
    cited = [line["citation"] for line in map(json.loads, (desk.digests / "coreweave.jsonl").read_text().splitlines())]
    assert [citation.get("url") for citation in cited] == ["https://example.org/1", "https://example.org/2", None]
