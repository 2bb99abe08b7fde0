"""The learned reader: what it says passes the same gate, and it never speaks of what a rule has read."""

from kg.extract import read
from kg.extract.learned import Learned
from kg.extract.pairs import features, label, pairs
from kg.extract.reader import parse
from kg.extract.rules import Rules
from kg.model import Document
from kg.resolve import Resolver

TEXT = "Nvidia owns 6% of CoreWeave. Oracle and SoftBank are competitors of Microsoft, analysts say."


def document(text=TEXT, lang="en"):
    return Document("d", text, lang, None)


def test_a_pair_that_a_rule_has_read_is_left_alone():
    parsed = parse(document(), Resolver().kind)
    ruled = list(Rules().propose(parsed))
    learned = list(Learned(least=0.0).propose(parsed, ruled))
    read_by_rules = {frozenset({p.subject.name, p.object.name}) for p in ruled}
    assert read_by_rules.isdisjoint({frozenset({p.subject.name, p.object.name}) for p in learned})


def test_it_says_how_sure_it_is():
    claims = read(document(), Resolver().kind, (Learned(least=0.3),)).candidates
    assert claims
    assert all(claim.method == "learned/1" and 0.3 <= claim.confidence <= 1 for claim in claims)


def test_a_quarrel_is_no_relation_to_it():
    quarrel = document("Oracle filed a lawsuit against Microsoft over its partnership with Nvidia.")
    assert read(quarrel, Resolver().kind, (Learned(least=0.0),)).candidates == ()


def test_concepts_are_common_to_both_languages():
    found = []
    for lang, text in (("en", "Microsoft acquired Nvidia."), ("fr", "Microsoft a racheté Nvidia.")):
        parsed = parse(document(text, lang), Resolver().kind)
        (pair,) = pairs(parsed.text.sentences[0])
        found.append({name for name in features(pair, parsed.lexicon) if name.startswith("mid~")})
    assert "mid~acquires" in found[0] & found[1]


def test_a_class_tells_where_its_subject_stands():
    assert label("acquires", subject_first=True) == "acquires>"
    assert label("acquires", subject_first=False) == "acquires<"
    assert label("merges-with", subject_first=False) == "merges-with"
