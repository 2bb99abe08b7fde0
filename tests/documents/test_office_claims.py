"""One article says the same in whichever office file it stands, and each claim leads to the paragraph that says it."""

import io
from pathlib import Path

import docx
import odfdo
import pytest

from kg.documents import Source, parse
from kg.documents.formats import media_type
from kg.model import Claim
from kg.pipeline.document_steps import read_document
from kg.places import PlaceKind, places_in

pytestmark = pytest.mark.slow

ARTICLES = {
    "fr": (
        "OpenAI se rapproche d’Oracle",
        "Paris, le 12 mars 2025 – OpenAI a signé avec Oracle un contrat de 30 milliards de dollars sur cinq ans.",
        "Oracle fournira de la puissance de calcul à OpenAI.",
        "- Nvidia détient 6\xa0% du capital de CoreWeave.",
        "En 2024, Microsoft représentait 62\xa0% du chiffre d’affaires de CoreWeave.",
    ),
    "en": (
        "Nvidia leans on CoreWeave",
        "March 12, 2025",
        "Nvidia owns 6% of CoreWeave and supplies CoreWeave with chips.",
        "- Microsoft accounted for 62% of CoreWeave’s revenue in 2024.",
        "SoftBank has acquired Ampere for $6.5 billion.",
    ),
}


def as_txt(paragraphs):
    return "\n\n".join(paragraphs).encode()


def as_docx(paragraphs):
    document, buffer = docx.Document(), io.BytesIO()
    for at, text in enumerate(paragraphs):
        style = "Title" if at == 0 else "List Bullet" if text.startswith("- ") else None
        document.add_paragraph(text.removeprefix("- "), style)
    document.save(buffer)
    return buffer.getvalue()


def as_odt(paragraphs):
    document, buffer = odfdo.Document("text"), io.BytesIO()
    document.body.clear()
    for at, text in enumerate(paragraphs):
        if text.startswith("- "):
            document.body.append(odfdo.List([text[2:]]))
        else:
            document.body.append(odfdo.Header(1, text) if at == 0 else odfdo.Paragraph(text))
    document.save(buffer)
    return buffer.getvalue()


def as_rtf(paragraphs):
    body = "".join(r"\pard\plain " + "".join(map(letter, text)) + r"\par" + "\n" for text in paragraphs)
    return (r"{\rtf1\ansi\ansicpg1252 " + body + "}").encode("ascii")


def letter(char):
    return char if char.isascii() else rf"\u{ord(char)}?"


FORMATS = {".docx": as_docx, ".odt": as_odt, ".rtf": as_rtf}


def claims(suffix, data, lang):
    name = f"x{suffix}"
    document = parse(data, Source(name, name), media_type=media_type(Path(name)))
    assert document.lang == lang
    return document, read_document(document)[0].claims


def told(claim: Claim):
    """Return what a claim says, without the document that says it."""
    return (
        claim.subject.id,
        claim.relation,
        getattr(claim.object, "id", str(claim.object)),
        claim.modality,
        claim.qualifiers,
        claim.known_from,
        claim.outcome,
        tuple(evidence.quote for evidence in claim.evidence),
    )


@pytest.mark.parametrize("lang", ARTICLES)
def test_the_same_article_gives_the_same_claims_each_with_its_paragraph(lang):
    article = ARTICLES[lang]
    _, expected = claims(".txt", as_txt(article), lang)
    assert len(expected) > 3
    assert {claim.known_from for claim in expected} == {"2025-03-12"}
    for suffix, make in FORMATS.items():
        document, found = claims(suffix, make(article), lang)
        assert set(map(told, found)) == set(map(told, expected)), suffix
        for evidence in (each for claim in found for each in claim.evidence):
            places = places_in(document.places, evidence.start, evidence.end)
            assert {place.kind for place in places} == {PlaceKind.PARAGRAPH}
            number = next(at for at, text in enumerate(article, 1) if evidence.quote in text)
            assert str(number) in {place.name for place in places}, (suffix, evidence.quote)
