"""Makes readings of companies that do not exist: the same ones for the same size, with exact evidence.

A few companies take part in most claims, as in the news; documents are in English, each from one day
of 2015–2025, with a sentence a claim. Every relation, modality and kind of term occurs.
"""

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from kg.model import Claim, Document, Entity, Figure, Modality, Qualifiers
from kg.store import DocumentClaims

__all__ = ["readings"]

_SYLLABLES = ("Ar", "Bel", "Cor", "Dal", "El", "Fer", "Gal", "Hel", "Is", "Jo", "Kal", "Lum", "Mar", "Nor", "Or", "Pal")
_ENDINGS = ("a", "ex", "ia", "on", "um", "is", "or", "yne", "ent", "ix")
# Relation, how often, sentence.
_SAYINGS = (
    ("supplies", 25, "{subject} delivers {goods} to {object} for {amount} million dollars."),
    ("supplies", 5, "{object} brings in {percent}% of the revenue of {subject}."),
    ("holds-stake", 20, "{subject} holds {percent}% of {object}."),
    ("invests-in", 15, "{subject} invests {amount} million dollars in {object}."),
    ("competes-with", 12, "{subject} competes with {object}."),
    ("partners-with", 8, "{subject} works with {object} under an agreement of five years."),
    ("acquires", 4, "{subject} buys {object} for {amount} million dollars."),
    ("subsidiary-of", 5, "{subject} is a subsidiary of {object}."),
    ("lends-to", 2, "{subject} lends {object} {amount} million dollars."),
    ("merges-with", 1, "{subject} merges with {object}."),
    ("revenue-share-from", 1, "{subject} takes {percent}% of the revenue of {object}."),
    ("revenue", 2, "{subject} had a revenue of {object}."),
)
_OFTEN = tuple(often for _, often, _ in _SAYINGS)
_MODALITIES = tuple(Modality)
_HOW_OFTEN = (70, 6, 8, 2, 6, 2, 4, 2)
_GOODS = ("chips", "batteries", "computing power", "steel", "software")
_PER_DOCUMENT = 10


def _name(number: int) -> str:
    """Return a name of its own for every number: its digits, in syllables."""
    number, last = divmod(number, len(_ENDINGS))
    syllables = []
    while number or not syllables:
        number, digit = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[digit])
    return "".join(syllables).capitalize() + _ENDINGS[last]


def _company(number: int) -> Entity:
    name = _name(number)
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


def _terms(relation: str, sentence: str, chance: random.Random, day: dt.date) -> Qualifiers:
    amount = Decimal(chance.randint(1, 9_000)) * 1_000_000 if "{amount}" in sentence else None
    share = "capital" if relation == "holds-stake" else "revenue"
    return Qualifiers(
        amount=amount,
        currency=None if amount is None else "USD",
        percent=Decimal(chance.randint(1, 1000)) / 10 if "{percent}" in sentence else None,
        percent_of=share if "{percent}" in sentence else None,
        goods=chance.choice(_GOODS) if "{goods}" in sentence else None,
        duration="P5Y" if "five years" in sentence else None,
        start=f"{day.year}-{day.month:02}" if chance.random() < 0.3 else None,
        end=str(day.year + chance.randint(1, 9)) if chance.random() < 0.1 else None,
    )


def _ends(claim: int, count: int, chance: random.Random) -> tuple[Entity, Entity]:
    """Draw two companies; the square makes low numbers frequent, the first claims give each its turn."""
    subject = claim if claim < count else int(count * chance.random() ** 2)
    other = int((count - 1) * chance.random() ** 2)
    return _company(subject), _company(other + (other >= subject))


def _sentence(template: str, subject: Entity, other: Entity | Figure, said: Qualifiers) -> str:
    amount = None if said.amount is None else int(said.amount) // 1_000_000
    end = other.name if isinstance(other, Entity) else f"{int(other.value) // 1_000_000} million dollars"
    return template.format(subject=subject.name, object=end, goods=said.goods, amount=amount, percent=said.percent)


def _reading(number: int, companies: int, chance: random.Random) -> DocumentClaims:
    day = dt.date(2015, 1, 1) + dt.timedelta(days=chance.randrange(4017))
    drawn, sentences = [], []
    for claim in range(number * _PER_DOCUMENT, (number + 1) * _PER_DOCUMENT):
        [(relation, _, template)] = chance.choices(_SAYINGS, _OFTEN)
        said = _terms(relation, template, chance, day)
        subject, company = _ends(claim, companies, chance)
        other = Figure(Decimal(chance.randint(1, 90_000)) * 1_000_000, "USD") if relation == "revenue" else company
        [modality] = chance.choices(_MODALITIES, _HOW_OFTEN)
        drawn.append((subject, relation, other, modality, said))
        sentences.append(_sentence(template, subject, other, said))
    text = "\n".join(sentences) + "\n"
    document = Document(f"news/{number:06}.txt", text, "en", day.isoformat(), f"News {number}")
    claims, start = [], 0
    for (*ends, modality, said), sentence in zip(drawn, sentences, strict=True):
        place = (document.evidence(start, start + len(sentence)),)
        claims.append(Claim(*ends, modality, place, said, document.published, method="generated/1", confidence=0.9))
        start += len(sentence) + 1
    return DocumentClaims(document, tuple(claims), "generated/1")


def readings(companies: int, claims: int) -> Iterator[DocumentClaims]:
    """Yield documents with about `claims` claims on `companies` companies; equal sizes give equal readings."""
    chance = random.Random(companies * 1_000_003 + claims)
    for number in range(claims // _PER_DOCUMENT):
        yield _reading(number, companies, chance)
