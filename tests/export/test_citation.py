"""Citations: the sentence, its source, its place, in the forms that others take; nothing acts there."""

import json
import re
from dataclasses import replace

import pytest

import kg
from kg.errors import QueryError
from kg.export.citation import annotation, bibliography, chicago_note, csl_item
from kg.export.latex import bibtex_entry, latex
from kg.export.sources import Source, source_from, source_record
from kg.facts import fact_id, facts_of
from kg.model import Document, Tier
from kg.places import Place, PlaceKind

DAY = "2025-06-30"


@pytest.fixture
def claim(story):
    return story[1][1][0]


def source(**changes):
    text = "Microsoft is the largest investor in OpenAI.\n"
    values = {
        "title": "Rivals and partners",
        "url": "https://www.example.org/a?b=1",
        "published": "2025-03-11",
    } | changes
    return Source.of(Document("rivals.txt", text, "en", **values))


@pytest.mark.parametrize(
    ("changes", "note", "entry"),
    [
        (
            {},
            "“Rivals and partners,” example.org, March 11, 2025, https://www.example.org/a?b=1.",
            "“Rivals and partners.” example.org. March 11, 2025. https://www.example.org/a?b=1.",
        ),
        (
            {"published": "2025-03"},
            "“Rivals and partners,” example.org, March 2025, https://www.example.org/a?b=1.",
            "“Rivals and partners.” example.org. March 2025. https://www.example.org/a?b=1.",
        ),
        (  # no date: n.d., and when it was read
            {"published": None},
            "“Rivals and partners,” example.org, n.d., accessed March 12, 2025, https://www.example.org/a?b=1.",
            "“Rivals and partners.” example.org. n.d. Accessed March 12, 2025. https://www.example.org/a?b=1.",
        ),
        (  # a file: no site, no day on which it was read
            {"url": None, "published": None},
            "“Rivals and partners,” rivals.txt, n.d.",
            "“Rivals and partners.” rivals.txt. n.d.",
        ),
        ({"url": None, "title": None}, "rivals.txt, March 11, 2025.", "rivals.txt. March 11, 2025."),
        (
            {"title": "Who said “no”? A “yes”", "url": None},
            "“Who said ‘no’? A ‘yes’,” rivals.txt, March 11, 2025.",
            "“Who said ‘no’? A ‘yes’.” rivals.txt. March 11, 2025.",
        ),
        (
            {"title": 'A "quoted" deal?', "url": None},
            "“A ‘quoted’ deal?,” rivals.txt, March 11, 2025.",
            "“A ‘quoted’ deal?” rivals.txt. March 11, 2025.",
        ),
    ],
)
def test_chicago(claim, changes, note, entry):
    assert chicago_note(claim, source(**changes)) == note
    assert bibliography(claim, source(**changes)) == entry


def test_chicago_in_french(claim):
    assert chicago_note(claim, source(url=None), "fr") == "«\u00a0Rivals and partners\u00a0», rivals.txt, 11 mars 2025."
    assert bibliography(claim, source(published=None, url=None), "fr") == (
        "«\u00a0Rivals and partners\u00a0». rivals.txt. s.\u00a0d."
    )


def test_chicago_names_the_page_and_the_person_who_noted_it(claim):
    paged = source(url=None, places=(Place(0, 45, PlaceKind.PAGE, "12"),))
    paged = replace(paged, places=(Place(0, 45, PlaceKind.PAGE, "12"),))
    assert chicago_note(claim, paged) == "“Rivals and partners,” rivals.txt, March 11, 2025, p. 12."
    noted = replace(claim, method="note/Ana Lovelace")
    assert chicago_note(noted, source(url=None)) == "Ana Lovelace, “Rivals and partners,” rivals.txt, March 11, 2025."
    assert bibliography(noted, source(url=None)).startswith("Ana Lovelace. “Rivals and partners.”")


def test_csl_json_has_what_its_schema_allows(claim):
    """Names and types of https://resource.citationstyles.org/schema/v1.0/input/json/csl-data.json, version 1.0.2."""
    allowed = {
        "id",
        "type",
        "title",
        "container-title",
        "author",
        "issued",
        "accessed",
        "URL",
        "language",
        "annote",
        "note",
    }
    types = {"dataset", "report", "article", "article-newspaper", "webpage", "document"}
    for tier in (None, *Tier):
        item = csl_item(claim, source(tier=tier))
        assert item.keys() <= allowed
        assert item["type"] in types
        assert item["issued"] == {"date-parts": [[2025, 3, 11]]}
    assert "issued" not in csl_item(claim, source(published=None))
    assert csl_item(claim, source(published="2025"))["issued"] == {"date-parts": [[2025]]}
    assert csl_item(replace(claim, method="note/Ana"), source())["author"] == [{"literal": "Ana"}]


def test_an_annotation_selects_by_words_and_by_place(claim, story):
    document = story[1][0]
    note = annotation(claim, Source.of(document, (claim,)), text=document.text)
    assert note["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (note["type"], note["created"]) == ("Annotation", "2025-03-12T08:00:00Z")
    target = note["target"][0]
    exact, place = target["selector"]
    assert exact["type"] == "TextQuoteSelector"
    assert document.text[place["start"] : place["end"]] == exact["exact"] == claim.quote
    assert document.text.startswith(f"{exact['prefix']}{exact['exact']}{exact['suffix']}")
    assert target["source"] == "https://w3id.org/company-kg/document/rivals.txt"
    web = annotation(claim, replace(Source.of(document), url="https://example.org/a"))
    assert web["target"][0]["source"] == "https://example.org/a"
    assert "prefix" not in web["target"][0]["selector"][0]


# ------------------------------------------------------------------------------ BibTeX
def fields_of(entry):
    """Read an entry as BibTeX does: a value ends where its braces are even; nothing may follow but the next one."""
    head = re.match(r"@misc\{(\w+),\n", entry)
    at, fields = head.end(), {}
    while not entry.startswith("}", at):
        name = re.match(r"  (\w+) = ", entry[at:])
        at += name.end()
        start, depth = at, 0
        while depth or entry[at] != ",":
            depth += {"{": 1, "}": -1}.get(entry[at], 0)
            at += 1
        fields[name[1]] = entry[start:at]
        at += 2
    assert entry[at:] == "}"
    return fields


def test_bibtex_has_the_fields_of_a_page_of_the_web(claim):
    assert fields_of(bibtex_entry(csl_item(claim, source()))) == {
        "key": "{Rivals and partners}",
        "title": "{{Rivals and partners}}",
        "howpublished": "{example.org}",
        "year": "{2025}",
        "month": "mar",
        "day": "{11}",
        "url": "{https://www.example.org/a?b=1}",
        "urldate": "{2025-03-12}",
        "language": "{en}",
        "annote": "{Microsoft is the largest investor in OpenAI.}",
        "note": f"{{kg claim {claim.id}, characters 0–44 of rivals.txt}}",
    }
    undated = fields_of(bibtex_entry(csl_item(claim, source(published=None))))
    assert "year" not in undated
    assert undated["note"].startswith("{n.d. ")


def test_no_text_breaks_out_of_bibtex(claim, payloads):
    tex = [
        "}}, evil = {x",
        "{",
        "}",
        "\\}",
        "\\input{/etc/passwd}",
        "\\write18{rm -rf /}",
        "100 % & #1 $x$ _a_ ^b~c",
        '"',
        "@misc{x,",
    ]
    for payload in (*tex, *payloads):
        if not payload.strip():
            continue
        hostile = source(title=payload, url=f"https://x.example/{payload[:60]}")
        fields = fields_of(bibtex_entry(csl_item(replace(claim, method=f"note/{payload}"), hostile)))
        assert fields.keys() <= {
            "author",
            "key",
            "title",
            "howpublished",
            "year",
            "month",
            "day",
            "url",
            "urldate",
            "language",
            "annote",
            "note",
        }
        bare = re.sub(
            r"\\(textbackslash|textbraceleft|textbraceright|textasciicircum|textasciitilde)\{\}|\\[$&%#_]",
            "",
            fields["title"],
        )
        assert not re.search(r"[\\$&%#_^~]", bare)
        assert not re.search(r"[\\{}\s]", fields["url"][1:-1])


def test_latex_prints_each_letter():
    assert latex("a_b & {c}\\d") == r"a\_b \& \textbraceleft{}c\textbraceright{}\textbackslash{}d"


# ------------------------------------------------------------------------------ of a graph
@pytest.fixture(scope="module")
def graph(story):
    from kg.store import DocumentClaims

    with kg.open(None, write=True, today=DAY) as made:
        made.store.commit(DocumentClaims(document, claims) for document, claims in story)
        yield made


def test_a_graph_cites_a_claim_by_the_first_letters_of_its_id(graph, claim):
    assert graph.cite(claim.id[:8]) == graph.cite(claim)
    assert graph.cite(claim).splitlines() == [
        "Note: “Rivals and partners,” rivals.txt, March 2025.",
        "Bibliography: “Rivals and partners.” rivals.txt. March 2025.",
    ]
    assert json.loads(graph.cite(claim, "csl-json"))[0]["id"] == f"kg{claim.id[:12]}"
    assert json.loads(graph.cite(claim, "annotation"))["type"] == "Annotation"
    assert graph.cite(claim, "bibtex").startswith("@misc{kg")


def test_a_fact_is_cited_by_all_its_claims(graph):
    fact = next(fact for fact in facts_of(graph.store.claims()) if fact.relation == "supplies")
    assert graph.cite(fact_id(fact), "bibtex").count("@misc") == len(fact.claims)


@pytest.mark.parametrize(("name", "style"), [("nothing", "chicago"), ("", "chicago")])
def test_what_there_is_not_is_told(graph, claim, name, style):
    with pytest.raises(QueryError, match="no claim is called"):
        graph.cite(name, style)
    with pytest.raises(QueryError, match=r"there is no style 'bibtx'.*Did you mean 'bibtex'"):
        graph.cite(claim, "bibtx")
    with pytest.raises(QueryError, match="not written in 'de'"):
        graph.cite(claim, lang="de")


def test_the_identity_of_a_document_is_read_back(story):
    for document, claims in story:
        identity = Source.of(document, claims)
        assert source_from(source_record(identity)) == identity
