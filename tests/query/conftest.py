"""The story, told to a store in memory; and a richer one, with all that sources can disagree on."""

from decimal import Decimal

import pytest

from kg.model import Claim, Document, Entity, Figure, Modality, Qualifiers
from kg.store import DocumentClaims, open_store


def _entity(name, type_="Company"):
    return Entity(f"{type_.lower()}/{name.lower()}", name, type_, (name,))


OPENAI, COREWEAVE, MICROSOFT, NVIDIA, ORACLE, SOFTBANK, GOOGLE = map(
    _entity, ("OpenAI", "CoreWeave", "Microsoft", "Nvidia", "Oracle", "SoftBank", "Google")
)

# subject, relation, object, modality, terms; each becomes a document's line, which is its sentence.
_MORE = (
    (MICROSOFT, "acquires", COREWEAVE, "asserted", {}),  # the story denies it
    (ORACLE, "partners-with", OPENAI, "ended", {}),  # the story asserts it, from the other end
    (COREWEAVE, "revenue", Figure(Decimal(1_920_000_000), "USD"), "asserted", {"as_of": "2024"}),
    (COREWEAVE, "revenue", Figure(Decimal(1_900_000_000), "USD"), "asserted", {"as_of": "2024"}),
    (COREWEAVE, "revenue", Figure(Decimal(229_000_000), "USD"), "asserted", {"as_of": "2023"}),
    (MICROSOFT, "invests-in", OPENAI, "asserted", {"amount": Decimal(10**10), "currency": "USD", "start": "2023-01"}),
    (MICROSOFT, "invests-in", OPENAI, "asserted", {"amount": Decimal(13 * 10**9), "currency": "USD"}),
    (MICROSOFT, "invests-in", OPENAI, "asserted", {"amount": Decimal(12 * 10**9), "currency": "EUR"}),
    (SOFTBANK, "invests-in", OPENAI, "hedged", {"amount": Decimal(4 * 10**10), "currency": "USD"}),
    (MICROSOFT, "supplies", OPENAI, "asserted", {"exclusive": True, "end": "2024"}),  # over when recorded
    (MICROSOFT, "supplies", OPENAI, "asserted", {"goods": "cloud", "end": "2030"}),
    (GOOGLE, "competes-with", OPENAI, "asserted", {}),
    (GOOGLE, "supplies", OPENAI, "announced", {}),
    (NVIDIA, "holds-stake", COREWEAVE, "past", {"percent": Decimal(7), "as_of": "2023"}),
)


def more():
    text = "".join(f"{number}. {subject.name} {relation}.\n" for number, (subject, relation, *_) in enumerate(_MORE))
    document = Document("more.txt", text, "en", "2025-04-02")
    lines = text.splitlines(keepends=True)
    claims = []
    for number, (subject, relation, object_, modality, terms) in enumerate(_MORE):
        start = sum(map(len, lines[:number]))
        evidence = document.evidence(start, start + len(lines[number]) - 1)
        claims.append(
            Claim(
                subject,
                relation,
                object_,
                Modality(modality),
                (evidence,),
                Qualifiers(**terms),
                known_from=document.published,
                method="rules/1",
                confidence=0.8,
            )
        )
    return document, tuple(claims)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The day for which questions are answered."""
    monkeypatch.setenv("KG_TODAY", "2026-12-01")


@pytest.fixture
def store(unrecorded):
    with open_store(None) as opened:
        opened.commit([DocumentClaims(document, claims, "rules/1") for document, claims in unrecorded])
        yield opened


@pytest.fixture
def rich(unrecorded, clock):
    with open_store(None, clock=clock) as opened:
        opened.commit([DocumentClaims(document, claims, "rules/1") for document, claims in (*unrecorded, more())])
        yield opened
