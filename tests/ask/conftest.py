"""A small market in memory: facts, plans, reports, denials and what is over, in every relation that is asked about."""

import functools
from decimal import Decimal

import pytest

from kg.asking import ask
from kg.asking.names import Names
from kg.facts import AsOf
from kg.model import Claim, Document, Entity, Figure, Modality, Qualifiers
from kg.store import DocumentClaims, open_store

TODAY = "2025-06-15"


def _entity(name, type_="Company", id_=None):
    return Entity(f"{type_.lower()}/{id_ or name.lower().replace(' ', '-')}", name, type_, (name,))


NAMES = (
    *("OpenAI", "CoreWeave", "Microsoft", "Nvidia", "Oracle", "SoftBank", "Google", "Dell", "Magnetar", "Fidelity"),
    *(
        "Thrive Capital",
        "Weights & Biases",
        "Core Scientific",
        "JPMorgan",
        "Blackstone",
        "LinkedIn",
        "GitHub",
        "Orange",
    ),
)
BY_NAME = {name: _entity(name) for name in NAMES}
BY_NAME |= {"Stargate": _entity("Stargate", "Programme"), "MAI": _entity("MAI", "Product")}
BY_NAME |= {f"Meridian {at}": _entity("Meridian", id_=f"meridian-{at}") for at in ("fr", "us")}

# subject, relation, object, modality, terms; each becomes a document's line, which is its sentence.
FACTS = (
    ("Nvidia", "supplies", "CoreWeave", "asserted", {"goods": "chips"}),
    ("Dell", "supplies", "CoreWeave", "asserted", {"goods": "servers"}),
    ("CoreWeave", "supplies", "Microsoft", "asserted", {"percent": 62, "percent_of": "revenue", "as_of": "2024"}),
    ("CoreWeave", "supplies", "OpenAI", "planned", {"amount": 11_900_000_000, "currency": "USD", "duration": "P5Y"}),
    ("Microsoft", "supplies", "OpenAI", "ended", {"goods": "cloud", "end": "2025-01"}),
    ("Nvidia", "holds-stake", "CoreWeave", "asserted", {"percent": 6, "percent_of": "capital"}),
    ("Nvidia", "holds-stake", "CoreWeave", "asserted", {"percent": Decimal("5.2"), "percent_of": "capital"}),
    ("Magnetar", "holds-stake", "CoreWeave", "asserted", {"percent": Decimal("24.5"), "percent_of": "capital"}),
    ("Fidelity", "holds-stake", "CoreWeave", "asserted", {"percent": 4, "percent_of": "capital"}),
    ("Nvidia", "holds-stake", "CoreWeave", "past", {"percent": 7, "as_of": "2023"}),
    ("OpenAI", "holds-stake", "CoreWeave", "planned", {"amount": 350_000_000, "currency": "USD"}),
    ("Microsoft", "invests-in", "OpenAI", "asserted", {"amount": 13_000_000_000, "currency": "USD"}),
    ("Thrive Capital", "invests-in", "OpenAI", "asserted", {"amount": 1_300_000_000, "currency": "USD"}),
    ("SoftBank", "invests-in", "OpenAI", "hedged", {"amount": 40_000_000_000, "currency": "USD"}),
    ("Nvidia", "invests-in", "OpenAI", "planned", {"amount": 100_000_000_000, "currency": "USD"}),
    ("OpenAI", "competes-with", "Microsoft", "asserted", {}),
    ("Google", "competes-with", "OpenAI", "asserted", {}),
    ("OpenAI", "partners-with", "Oracle", "asserted", {}),
    ("OpenAI", "partners-with", "SoftBank", "asserted", {}),
    ("Oracle", "participates-in", "Stargate", "asserted", {"start": "2025-01"}),
    ("SoftBank", "participates-in", "Stargate", "asserted", {"start": "2025-01"}),
    ("Microsoft", "acquires", "CoreWeave", "denied", {}),
    ("CoreWeave", "acquires", "Weights & Biases", "asserted", {"amount": 1_700_000_000, "currency": "USD"}),
    ("CoreWeave", "acquires", "Core Scientific", "announced", {"amount": 9_000_000_000, "currency": "USD"}),
    ("JPMorgan", "lends-to", "CoreWeave", "asserted", {"amount": 650_000_000, "currency": "USD"}),
    ("Blackstone", "lends-to", "CoreWeave", "asserted", {"amount": 7_500_000_000, "currency": "USD"}),
    ("LinkedIn", "subsidiary-of", "Microsoft", "asserted", {}),
    ("GitHub", "subsidiary-of", "Microsoft", "asserted", {}),
    ("Microsoft", "revenue-share-from", "OpenAI", "asserted", {"percent": 20, "percent_of": "revenue"}),
    ("Microsoft", "develops", "MAI", "asserted", {}),
    ("Orange", "partners-with", "Meridian fr", "asserted", {}),
    ("Orange", "merges-with", "Meridian us", "hedged", {}),
    ("CoreWeave", "revenue", Figure(Decimal(1_900_000_000), "USD"), "asserted", {"as_of": "2024"}),
    ("CoreWeave", "revenue", Figure(Decimal(229_000_000), "USD"), "asserted", {"as_of": "2023"}),
    ("CoreWeave", "debt", Figure(Decimal(7_900_000_000), "USD"), "asserted", {"as_of": "2025"}),
)


def _terms(terms):
    return Qualifiers(**{k: Decimal(v) if k in {"percent", "amount"} else v for k, v in terms.items()})


def market():
    text = "".join(f"{number}. {subject} {relation}.\n" for number, (subject, relation, *_) in enumerate(FACTS))
    document = Document("market.txt", text, "en", "2025-03-12")
    lines, claims, start = text.splitlines(keepends=True), [], 0
    for line, (subject, relation, object_, modality, terms) in zip(lines, FACTS, strict=True):
        evidence = document.evidence(start, start + len(line) - 1)
        start += len(line)
        claims.append(
            Claim(
                BY_NAME[subject],
                relation,
                object_ if isinstance(object_, Figure) else BY_NAME[object_],
                Modality(modality),
                (evidence,),
                _terms(terms),
                known_from=document.published,
                method="rules/1",
                confidence=0.8,
            )
        )
    return DocumentClaims(document, tuple(claims))


@pytest.fixture(scope="session")
def market_store():
    """The market as a store in memory."""
    with open_store(None, write=True) as store:
        store.commit([market()])
        yield store


@pytest.fixture(scope="session")
def market_names(market_store):
    """The names of the market."""
    return Names.of(market_store.entities())


@pytest.fixture(scope="session")
def reply_to(market_store):
    """What answers a question on the day of the lists; each is asked once."""
    return functools.cache(lambda text: ask(market_store, text, as_of=AsOf(TODAY)))
