"""A document sentence by sentence: every claim stands with one, and sentences that say nothing of two names show."""

from kg.model import Document
from kg.query.passages import passages
from kg.store import DocumentClaims

TEXT = (
    "A headline of one line\n\n"
    "Nvidia Corp. owns 5.2% of CoreWeave. Dr. Smith of the U.S. office agreed. «Rien ?» dit OpenAI.\n"
    "Microsoft met OpenAI. It rained."
)


def texts(document, claims=()):
    return [passage.text for passage in passages(DocumentClaims(document, tuple(claims), "reader/1"))]


def test_sentences_end_where_a_reader_would_end_them():
    assert texts(Document("a", TEXT, "en")) == [
        "A headline of one line",
        "Nvidia Corp. owns 5.2% of CoreWeave.",
        "Dr. Smith of the U.S. office agreed.",
        "«Rien ?» dit OpenAI.",
        "Microsoft met OpenAI.",
        "It rained.",
    ]


def test_places_are_the_documents(unrecorded):
    for document, claims in unrecorded:
        found = passages(DocumentClaims(document, claims, "reader/1"))
        assert all(document.text[one.start : one.end] == one.text for one in found)
        assert [claim for one in found for claim in one.claims] != []
        assert sorted(claim.id for one in found for claim in one.claims) == sorted(claim.id for claim in claims)


def test_two_names_and_no_claim_are_told():
    found = passages(DocumentClaims(Document("a", TEXT, "en"), (), "reader/1"))
    assert [one.text for one in found if one.is_silent] == [
        "Nvidia Corp. owns 5.2% of CoreWeave.",
        "Microsoft met OpenAI.",
    ]


def test_a_text_without_end_is_one_passage_and_an_empty_one_none():
    assert len(texts(Document("a", "word " * 200_000, "en"))) == 1
    assert texts(Document("a", "\n\n", "en")) == []
