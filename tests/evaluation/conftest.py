"""Gold and claims written by hand, on disk as a user has them."""

import json

import pytest

TEXT = (
    "Nordgate a racheté Solvéa pour 340 millions d'euros.\n"
    "Tarnos, filiale de Nordgate, rivalise avec Brévenne.\n"
    "Brévenne a démenti vouloir s'allier à Tarnos.\n"
)
ENTITIES = {"nordgate": "Nordgate", "solvea": "Solvéa", "tarnos": "Groupe Tarnos", "brevenne": "Brévenne"}


def quote(number):
    return TEXT.splitlines()[number]


def relation(id_, subject, predicate, object_, line, **more):
    found = {"id": id_, "subject": subject, "predicate": predicate, "object": object_, "quote": quote(line)}
    return found | {"char_start": TEXT.index(quote(line)), "status": "asserted", "tier": "core"} | more


def a_gold(**more):
    return {
        "schema": "kg-gold/1",
        "text_file": "articles/deal.txt",
        "lang": "fr",
        "entities": [{"id": i, "name": n, "type": "company", "aliases": []} for i, n in ENTITIES.items()],
        "relations": [
            relation(
                *("r1", "nordgate", "acquires", "solvea", 0),
                status="past",
                qualifiers={"amount": 340_000_000, "currency": "EUR", "evidence_also": ["x"]},
            ),
            relation("r2", "tarnos", "subsidiary-of", "nordgate", 1),
            relation("r3", "tarnos", "competes-with", "brevenne", 1, tier="accept"),
            relation("r4", "brevenne", "partners-with", "tarnos", 2, status="denied"),
        ],
        "traps": [
            {
                "must_not": "a partnership as a fact",
                "quote": quote(2),
                "edges": [
                    {"subject": "tarnos", "predicate": "partners-with", "object": "brevenne", "statuses": ["asserted"]}
                ],
            },
            {
                "must_not": "Solvéa has no part in anything else",
                "quote": quote(0),
                "edges": [{"subject": "solvea", "predicate": "*", "object": "*"}],
            },
        ],
    } | more


def a_claim(subject, name, object_, line, modality="asserted", **qualifiers):
    start = TEXT.index(quote(line))
    span = {"document": "below/deal.txt", "start": start, "end": start + len(quote(line)), "quote": quote(line)}
    return {
        "subject": {"name": subject},
        "relation": name,
        "object": {"name": object_},
        "modality": modality,
        "qualifiers": qualifiers,
        "evidence": [span],
    }


class Folder:
    """A folder with gold/, articles/ and claims.jsonl."""

    def __init__(self, path):
        self.path, self.gold, self.claims = path, path / "gold", path / "claims.jsonl"
        self.gold.mkdir()
        (path / "articles").mkdir()
        (path / "articles" / "deal.txt").write_bytes(TEXT.encode())

    def write_gold(self, record, name="deal.gold.json"):
        text = record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)
        (self.gold / name).write_text(text, "utf-8")

    def write_claims(self, *claims):
        self.claims.write_text("".join(json.dumps(c, ensure_ascii=False) + "\n" for c in claims), "utf-8")


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path)
    made.write_gold(a_gold())
    return made
