"""CORE's sentences (Borchert et al., CC BY 4.0) as samples: English sentences with two marked names.

Twelve relations; seven of them are ours. `invert_relation` turns the two ends round.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.evaluation.passages import part_of
from kg.extract import kinds
from kg.extract.lexicon import load
from kg.extract.names import find
from kg.extract.reader import pipeline
from kg.resolve import Resolver

__all__ = ["RELATIONS", "SAME", "core_items", "core_names"]

RELATIONS: Mapping[str, tuple[str, bool]] = {
    "acquired_by": ("acquires", True),
    "shareholder_of": ("holds-stake", False),
    "client_of": ("supplies", True),
    "competitor_of": ("competes-with", False),
    "collaboration": ("partners-with", False),
    "subsidiary_of": ("subsidiary-of", False),
    "merged_with": ("merges-with", False),
}
"""CORE's relation → ours, and whether ours goes from its second name to its first."""

SAME = {"invests-in": "holds-stake"}
"""CORE has one relation for money put in and shares held."""

_ENDS = {"product_or_service_of": ("Product", "Company"), "brand_of": ("Product", "Company")}
_NO_KIND = {"traded_on", "regulated_by", "undefined"}
_SILVER = {"PERSON": "Person", "GPE": "Place"}
"""What the pipeline knows well enough to teach: people of two words, and places."""


def core_items(core: Path) -> list[dict[str, Any]]:
    """Return CORE's sentences as they are in its file."""
    return list(json.loads((core / "train.json").read_text("utf-8")))


def core_names(core: Path) -> Iterator[tuple[set[str], str]]:
    """Yield the names of CORE's sentences: the two marked ends, and the people and places beside them."""
    lexicon = load("en")
    for item in core_items(core):
        if item["relation"] in _NO_KIND or item["e1_name"] == item["e2_name"] or part_of(str(item["id"])) == "frozen":
            continue
        kinds_of = _ENDS.get(item["relation"], ("Company", "Company"))
        ends = dict(zip((item["e1_name"], item["e2_name"]), kinds_of, strict=True))
        doc = pipeline("en")(" ".join(item["context"]))
        for span in find(doc, lexicon, Resolver().kind):
            if span.text in ends:
                yield kinds.features(doc, span, lexicon), ends[span.text]
            elif span.label in _SILVER and (" " in span.text or span.label == "GPE"):
                yield kinds.features(doc, span, lexicon), _SILVER[span.label]
