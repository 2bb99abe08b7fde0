"""Whatever bytes come, they are a document or one clear line, in good time.

Each hostile document is parsed in a process that is killed when its time is up: what hangs in native
code could not be stopped otherwise.
"""

import multiprocessing
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Metadata, Source, parse
from kg.documents.containers.article_fields import article_page
from kg.documents.formats import FRONT_MATTER, sniff
from kg.documents.html import read_html
from kg.documents.mail import read_mail
from kg.errors import DocumentError
from kg.extract.lexicon import load
from kg.extract.tables.grid import Cell, grids
from kg.extract.tables.names import name_in
from kg.filings import cover
from kg.pipeline.workers import ProcessRunner

ENGLISH = "Nvidia owns 6% of CoreWeave and competes with Microsoft. "
FRENCH = "Oracle a annoncé le rachat de la société Opower. "
LONG = 10_000_000
RNG = random.Random(5)  # noqa: S311 - the same bytes every time
KINDS = ["text/plain", "text/markdown", "text/html", None]


def html(body):
    return f"<html><body><article>{body}</article></body></html>".encode()


HOSTILE = {
    "a line of 10 MB": (ENGLISH * (LONG // len(ENGLISH))).encode(),
    "a word of 10 MB": b"x" * LONG,
    "10 MB of text in a page": html(f"<p>{ENGLISH * (LONG // len(ENGLISH))}</p>"),
    "nothing but tags opened": b"<html><body>" + b"<" * 1_000_000,
    "a thousand nested tags": html("<div>" * 1000 + ENGLISH * 5 + "</div>" * 1000),
    "a hundred thousand nested tags": html("<div>" * 100_000 + ENGLISH * 5),
    "a thousand nested marks": html("<p>" + "<b>" * 1000 + ENGLISH * 5 + "</b>" * 1000 + "</p>"),
    "a thousand nested lists": html("<ul><li>" * 1000 + ENGLISH * 5),
    "three hundred nested tables": html("<table><tr><td>" * 300 + ENGLISH * 5),
    "a tag of many attributes": html("<p " + "a='b' " * 200_000 + ">" + ENGLISH * 5 + "</p>"),
    "entities over entities": html("<p>" + "&amp;lt;" * 200_000 + ENGLISH * 5 + "</p>"),
    "text set from right to left": (f"\u202e{ENGLISH}\u202c\u2067{FRENCH}\u2069\n" * 20).encode(),
    "NUL": ENGLISH.encode() + b"\0" + ENGLISH.encode(),
    "NUL in UTF-16": ("\ufeff" + (ENGLISH * 5).replace("N", "\0N")).encode("utf-16-le"),
    "three encodings": (FRENCH * 5).encode() + (FRENCH * 5).encode("cp1252") + (FRENCH * 5).encode("utf-16"),
    "half a UTF-16": (FRENCH * 5).encode("utf-16")[:-1],
    "random bytes": RNG.randbytes(100_000),
    "random Unicode": "".join(map(chr, RNG.choices([*range(32, 0xD7FF), *range(0xE000, 0x10FFFF)], k=50_000))).encode(),
    "letters under two thousand accents": (("N" + "\u0301" * 2000 + "vidia owns CoreWeave. ") * 20).encode(),
    "brackets": b"[" * 50_000 + b"]" * 50_000,
    "stars": b"*" * 50_000 + b"a" + b"*" * 50_000,
    "ticks": b"`" * 30_000 + b"a" + b"``" * 30_000,
    "quotes in quotes": b">" * 50_000 + b"a",
    "links in links": b"[a](" * 30_000,
    "tags in Markdown": b"<a " * 50_000,
    "comments in Markdown": b"<!--" * 50_000,
    "a table of a line": b"|" * 20_000 + b"\n" + b"|-" * 20_000 + b"\n" + b"|a" * 20_000,
    "lists in lists": "".join("  " * depth + "- a\n" for depth in range(1000)).encode(),
    "empty lines": ENGLISH.encode() + b"\n" * 1_000_000 + ENGLISH.encode(),
    "a front matter without end": b"---\n" + b"a: b\n" * 100_000,
}


def outcome_of(case):
    """What becomes of some bytes: nothing but a document, or the one line that refuses them."""
    data, kind = case
    try:
        document = parse(data, Source("x", "x"), media_type=kind, known=Metadata(lang="en"))
    except DocumentError as error:
        return str(error)
    document.text.encode("utf-8")
    return "a document" if document.text.strip() else "nothing"


@pytest.fixture(scope="module")
def workers():
    """Two processes, which load what parses pages once; one that is killed is replaced."""
    with ProcessRunner(2) as started:
        yield started
    assert multiprocessing.active_children() == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.long] * ("10 MB" in n)) for n in HOSTILE])
def test_hostile_bytes_are_a_document_or_one_line_within_a_minute(workers, name):
    cases = [(HOSTILE[name], kind) for kind in KINDS]
    ended = [outcome for _, outcome in workers.map(outcome_of, cases, lambda _: 60.0)]
    for line in ended:
        assert isinstance(line, str), line
        assert line == "a document" or (line.startswith("x: ") and "\n" not in line)


MANY = 100_000
RUNS = [
    *(
        "\n",
        " ",
        "\xa0",
        "-",
        "*",
        "|",
        "_",
        "(",
        "[",
        "<",
        "&",
        "1",
        "i",
        "a",
        ".",
        "(1)",
        "\r\n",
        "a\r\n",
        "> ",
        "- ",
        ", ",
    ),
    *("<!---->", "<!--", "<b> </b>", "&nbsp;", "<br>", "i v x ", "i;", "----- ", "--|", "Date: ", "From: a\n", "soit "),
    *("Type of reporting person ", "<a@", "<b>A b</b>C", "Sent from ", "\n \n", "* ", "(exact name of registrant\n"),
]
COVER = "SECURITIES AND EXCHANGE COMMISSION\n\nFORM 10-K\n\nZeltan Corp"
LINEAR = {
    "a cover": lambda text: (cover(f"{COVER}{text}"), cover(f"{COVER}\nDate: {text}")),
    "front matter": lambda text: FRONT_MATTER.match(f"---\r\n{text}"),
    "a footnote's mark": lambda text: read_html(f"<p>Zeltan buys Orvane<sup>{text}</sup>.<p>It pays.", "x"),
    "a page": lambda text: read_html(f"<p>Zeltan buys Orvane {text} <b>now</b>.<p>It pays.", "x"),
    "an article": lambda text: article_page({"title": "x", "text": f"a{text}b"}),
    "a mail": lambda text: read_mail(f"Subject: Fwd: x\n\nZeltan{text}\nSent from x y".encode(), "x"),
    "a text of any kind": lambda text: sniff(f"Zeltan{text}", "x"),
    "tables": lambda text: grids(f"Zeltan\n{text}x\n| a | b |\n| {text[:1000]} | c |"),
    "a name": lambda text: name_in(Cell(f"Zeltan{text}"[:240] + "x", 0), load("en")),
}


def passes(case):
    """What becomes of a text where one of them meets it: it may be refused."""
    name, text = case
    try:
        LINEAR[name](text)
    except DocumentError as error:
        return str(error)
    return "read"


@pytest.mark.slow
@pytest.mark.parametrize("name", LINEAR)
def test_no_pattern_takes_more_than_linear_time(workers, name):
    cases = [(name, f"{run * (MANY // len(run))}{end}") for run in RUNS for end in ("", "x")]
    for case, outcome in workers.map(passes, cases, lambda _: 60.0):
        assert isinstance(outcome, str), (case[1][:20], outcome)


def test_ten_megabytes_are_no_article():
    assert "too long for an article" in outcome_of((HOSTILE["a line of 10 MB"], "text/plain"))


MIXED = st.lists(
    st.one_of(
        st.binary(max_size=50),
        st.text(max_size=50).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.text("éèàœ€ßñ ", max_size=20).map(lambda text: text.encode("cp1252", "replace")),
        st.text(max_size=20).map(lambda text: text.encode("utf-16", "replace")),
        st.sampled_from(
            [
                "\u202e",
                "\u2066",
                "\0",
                "\ufeff",
                "\u2028",
                "<p>",
                "</div>",
                "<!--",
                "]]>",
                "&#0;",
                "```",
                "---\n",
                ENGLISH,
            ]
        ).map(str.encode),
    ),
    max_size=12,
).map(b"".join)


@settings(max_examples=300)
@given(MIXED, st.sampled_from(KINDS))
def test_a_mixture_of_encodings_and_marks_is_a_document_or_one_line(data, kind):
    line = outcome_of((data, kind))
    assert line == "a document" or (line.startswith("x: ") and "\n" not in line)
