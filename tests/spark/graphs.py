"""Graphs of holdings and deals for the tests of the jobs."""

import importlib.util
import random
from decimal import Decimal
from pathlib import Path

from kg.model import Claim, Document, Entity, Modality, Qualifiers

ROOT = Path(__file__).parents[2]


def company(number):
    return Entity(f"company/{number:02}", f"C{number:02}", "Company")


def claim(document, subject, relation, other, **said):
    terms = {name: Decimal(value) if name in {"percent", "amount"} else value for name, value in said.items()}
    sentence = f"{subject.name} {relation} {other.name} {sorted(said.items())}."
    told = Document(document, sentence, "en", "2025-01-01")
    place = (told.evidence(0, len(sentence)),)
    return Claim(subject, relation, other, Modality.ASSERTED, place, Qualifiers(**terms), "2025-01-01", method="test/1")


def holdings_of(seed, companies=14, *, is_whole=False):
    """Exact holdings with rings: the holders of each company share out at most the whole, or nearly all of it."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    claims = []
    for issuer in range(companies):
        left = 1000
        for holder in chance.sample(range(companies), chance.randint(0, 3)):
            share = chance.randint(1, left) if holder != issuer and left > 1 else 0
            share = left - 1 if is_whole and share else share
            left -= share
            if share:
                said = {"percent": str(Decimal(share) / 10), "percent_of": "capital"}
                claims.append(claim(f"d{issuer}-{holder}", company(holder), "holds-stake", company(issuer), **said))
    return claims


def generated(companies, claims):
    """Claims of `benchmarks/_generate.py`."""
    spec = importlib.util.spec_from_file_location("_generate", ROOT / "benchmarks" / "_generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [claim for reading in module.readings(companies, claims) for claim in reading.claims]
