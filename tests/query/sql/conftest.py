"""Graphs drawn at random, with all that a dataset has to tell apart: ends that are reported, documents read again."""

import random
from dataclasses import replace
from decimal import Decimal
from itertools import count

import pytest

from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.store import DocumentClaims, open_store
from kg.store.dataset import Tables, push

COMPANIES = [Entity(f"company/{name}", name.title(), "Company", (name.title(),)) for name in ("acme", "bolt", "cameo")]
KNOWN = (None, "2024", "2024-02-29", "2025-03", "2025-03-11", "2026-11")
STARTS = (None, None, "2023-06", "2024", "2025-03-11")
RELATIONS = ("supplies", "holds-stake", "competes-with")


def a_claim(document, number, chance):
    subject, other = chance.sample(COMPANIES, 2)
    relation = chance.choice(RELATIONS)
    share = relation != "competes-with" and chance.random() < 0.6
    terms = Qualifiers(
        start=chance.choice(STARTS),
        end=chance.choice((None, None, "2025-12", "2027")),
        as_of=chance.choice((None, None, "2024-12-31")),
        duration=chance.choice((None, None, "P18M")),
        exclusive=chance.choice((None, None, None, True)),
        percent=Decimal(chance.randint(1, 400)) / 10 if share else None,
        percent_of="revenue" if share and relation == "supplies" else "capital" if share else None,
        amount=Decimal(chance.randint(1, 99)) * 1_000_000 if relation == "supplies" else None,
        currency=chance.choice(("USD", "EUR")) if relation == "supplies" else None,
    )
    line = f"Sentence {number}."
    place = document.text.index(line)
    modality = chance.choice((Modality.ASSERTED,) * 6 + tuple(Modality) + (Modality.ENDED,) * 3)
    where = (document.evidence(place, place + len(line)),)
    return Claim(subject, relation, other, modality, where, terms, document.published, method="made/1", confidence=0.9)


def a_reading(name, chance, reader="made/1"):
    text = " ".join(f"Sentence {number}." for number in range(4))
    document = Document(name, text, "en", chance.choice(KNOWN))
    drawn = {claim.id: claim for number in range(4) for claim in [a_claim(document, number, chance)]}
    return DocumentClaims(document, tuple(drawn.values()), reader)


def fill(store, seed):
    """Commit forty documents, read some of them again, withdraw some."""
    chance = random.Random(seed)  # noqa: S311 - the same graph every time
    names = [f"{number}.txt" for number in range(40)]
    for first in range(0, len(names), 10):
        store.commit([a_reading(name, chance) for name in names[first : first + 10]])
    store.commit([a_reading(name, chance, "made/2") for name in chance.sample(names, 8)])
    for name in chance.sample(names, 3):
        store.forget(name)
    store.commit([replace(a_reading(names[0], chance), reader="made/3")])


@pytest.fixture(scope="session", params=(1, 2))
def graph(request, tmp_path_factory):
    """A graph, and the tables of its dataset; every commit is of another day of April 2025."""
    pytest.importorskip("deltalake")
    days = count(1)
    folder = tmp_path_factory.mktemp("dataset") / "graph"
    with open_store(None, write=True, clock=lambda: f"2025-04-{next(days):02}T08:00:00Z") as store:
        fill(store, request.param)
        push(store, str(folder))
        yield store, Tables(str(folder))
