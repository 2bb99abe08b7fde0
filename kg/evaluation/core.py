"""CORE's sentences (Borchert et al., CC BY 4.0) as samples: English sentences with two marked names.

Twelve relations; seven of them are ours. `invert_relation` turns the two ends round.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from kg.extract import kinds, pairs
from kg.extract.lexicon import load
from kg.extract.masking import parsed_under_masks
from kg.extract.names import Mention, Span, find
from kg.extract.proposal import Parsed
from kg.extract.reader import pipeline
from kg.extract.rules import Rules
from kg.extract.sentence import Sentence
from kg.extract.sentences import Text, mend_lemmas
from kg.model import Document
from kg.resolve import Resolver

__all__ = ["OURS", "RELATIONS", "SAME", "core_items", "core_names", "core_pairs", "core_sentences", "label_of", "ruled"]

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

OURS = frozenset(relation for relation, _ in RELATIONS.values())
"""Our relations that CORE knows."""

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
        if item["relation"] in _NO_KIND or item["e1_name"] == item["e2_name"]:
            continue
        kinds_of = _ENDS.get(item["relation"], ("Company", "Company"))
        ends = dict(zip((item["e1_name"], item["e2_name"]), kinds_of, strict=True))
        doc = pipeline("en")(" ".join(item["context"]))
        for span in find(doc, lexicon, Resolver().kind):
            if span.text in ends:
                yield kinds.features(doc, span, lexicon), ends[span.text]
            elif span.label in _SILVER and (" " in span.text or span.label == "GPE"):
                yield kinds.features(doc, span, lexicon), _SILVER[span.label]


def label_of(item: Mapping[str, Any]) -> str:
    """Return the class of a CORE sentence, as `kg.extract.pairs.label` names it."""
    if item["relation"] not in RELATIONS:
        return pairs.NONE
    relation, turned = RELATIONS[item["relation"]]
    subject_is_first_name = turned == bool(item["invert_relation"])
    stands_first = item["e1_start"] < item["e2_start"]
    return pairs.label(relation, subject_first=subject_is_first_name == stands_first)


def core_pairs(core: Path) -> Iterator[tuple[set[str], str]]:
    """Yield the marked pair of each sentence with its class; the names are given, not found."""
    for pair, item in core_sentences(core):
        yield pairs.features(pair, load("en")), label_of(item)


def core_sentences(core: Path) -> Iterator[tuple[pairs.Pair, Mapping[str, Any]]]:
    """Yield the marked pair of each sentence, parsed, with the sentence as it is in CORE's file."""
    lexicon, items = load("en"), core_items(core)
    docs = list(pipeline("en").pipe([Doc(pipeline("en").vocab, _folded(item)) for item in items]))
    mentions = [_mentions(item, doc) for item, doc in zip(items, docs, strict=True)]
    parses = parsed_under_masks(docs, mentions, pipeline("en"), lexicon)
    for item, doc, spans in zip(items, parses, mentions, strict=True):
        mend_lemmas(doc, lexicon)
        by_token = {i: m for m in spans for i in range(m.first, m.last + 1)}
        sentence = Sentence(doc[:], 0, "prose", tuple(spans), by_token)
        first, second = (by_token[start] for start in sorted((item["e1_start"], item["e2_start"])))
        yield pairs.Pair(first, second, sentence), item


def ruled(pair: pairs.Pair) -> str:
    """Return the class that the rules give a pair whose names are given, or none."""
    text = Text((pair.sentence,), (), None)
    document = Document("core", pair.sentence.span.text, "en", None)
    for proposal in Rules().propose(Parsed(document, text, load("en"))):
        ends = (proposal.subject.name, "" if proposal.object is None else proposal.object.name)
        relation = SAME.get(proposal.relation, proposal.relation)
        for subject_first, names in (
            (True, (pair.first.name, pair.second.name)),
            (False, (pair.second.name, pair.first.name)),
        ):
            if ends == names and relation in OURS:
                return pairs.label(relation, subject_first=subject_first)
    return pairs.NONE


def _folded(item: Mapping[str, Any]) -> list[str]:
    return [word.replace("’", "'") for word in item["context"]]


def _mentions(item: Mapping[str, Any], doc: Doc) -> list[Mention]:
    ends = [(item[f"{end}_start"], item[f"{end}_end"]) for end in ("e1", "e2")]
    own = [Span(a, b, doc[a : b + 1].text, doc[a].ent_type_) for a, b in ends]
    beside = [
        span for span in find(doc, load("en"), Resolver().kind) if all(span.last < a or span.first > b for a, b in ends)
    ]
    spans = sorted([*own, *beside], key=lambda span: span.first)
    decided = kinds.kinds([(doc, tuple(spans))], load("en"), Resolver().kind)
    kind_of, maybe = decided.kind_of, decided.maybe
    return [Mention(s.first, s.last, s.text, s.text, kind_of[s.text], 0, s.text in maybe) for s in spans]
