"""Documents with words to search for, in both languages, some with claims and judgements."""

import datetime as dt
from dataclasses import replace

import pytest

from kg.judgements import Judgement, Verdict, moment
from kg.model import Claim, Document, Entity, Modality, Outcome
from kg.store import DocumentClaims, open_store

DEAL = Document(
    "deal.en.txt",
    "CoreWeave signs a contract.\n"
    "CoreWeave Inc. signed a take-or-pay contract with OpenAI. “We pay whatever we take,” said OpenAI.\n"
    "Analysts doubted the contracts of Total and others. The total was never told.",
    "en",
    "2025-03-11",
    title="A long contract",
    url="https://www.example.org/deal",
)
CESSION = Document(
    "cession.fr.md",
    "La société a été cédée à Nvidia. Nvidia détient 6\u00a0% du capital privilégié.\nLe contrat sera signé plus tard.",
    "fr",
    "2024",
)
UNDATED = Document("memo.txt", "A contract without a date.", "en")


def entity(name):
    return Entity(f"company/{name.lower()}", name, "Company")


def claim_of(document, quote, subject, relation, object_, modality=Modality.ASSERTED):
    start = document.text.index(quote)
    evidence = document.evidence(start, start + len(quote))
    return Claim(
        entity(subject),
        relation,
        entity(object_),
        modality,
        (evidence,),
        known_from=document.published,
        method="test/1",
    )


SUPPLIES = claim_of(
    DEAL, "CoreWeave Inc. signed a take-or-pay contract with OpenAI.", "CoreWeave", "supplies", "OpenAI"
)
STAKE = claim_of(CESSION, "Nvidia détient 6\u00a0% du capital privilégié.", "Nvidia", "holds-stake", "CoreWeave")
PLANNED = replace(
    claim_of(CESSION, "Le contrat sera signé plus tard.", "Nvidia", "partners-with", "OpenAI", Modality.PLANNED),
    outcome=Outcome.TO_REVIEW,
    reasons=("TWO_VALUES",),
    confidence=0.5,
)
READINGS = (
    DocumentClaims(DEAL, (SUPPLIES,), "test/1"),
    DocumentClaims(CESSION, (STAKE,), "test/1", (PLANNED,)),
    DocumentClaims(UNDATED, (), "test/1"),
)


def judgement(claim, document, verdict=Verdict.WRONG):
    return Judgement(verdict, claim, document.sha256, "ada", moment(dt.datetime(2025, 4, 1, tzinfo=dt.UTC)))


@pytest.fixture(params=["memory", "disk"])
def store(request, tmp_path):
    """The documents in a store of each kind."""
    with open_store(None if request.param == "memory" else tmp_path / "store", write=True) as opened:
        opened.commit(READINGS)
        yield opened


@pytest.fixture
def folder(tmp_path):
    """The documents in a store on disk, closed."""
    path = tmp_path / "store"
    with open_store(path, write=True) as opened:
        opened.commit(READINGS)
    return path
