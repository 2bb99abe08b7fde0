"""One template reads its passive, relative, participial, nominal and listed forms; a new relation needs no code."""

import pytest

from kg.extract import read
from kg.extract.lexicon import load
from kg.extract.templates import frames_of
from kg.model import Document
from kg.resolve import Resolver

ACQUIRED = [
    "Oracle a racheté Opower.",
    "Opower a été rachetée par Oracle.",
    "Oracle, qui a racheté Opower, recrute.",
    "Opower, rachetée par Oracle, recrute.",
    "Oracle a annoncé le rachat d'Opower.",
    "Le rachat d'Opower par Oracle est conclu.",
    "Oracle prévoit de racheter Opower.",
    "Oracle a racheté Figma et Opower.",
]


@pytest.mark.parametrize("sentence", ACQUIRED)
def test_variants_of_one_entry_are_not_written_out(sentence):
    claims = read(Document("d", sentence, "fr", None), Resolver().kind).claims
    edges = {(claim.subject.name, claim.relation, claim.object.name) for claim in claims}
    assert ("Oracle", "acquires", "Opower") in edges


def frames(template, **entry):
    grammar = {"prepositions": ["de", "à", "dans", "parmi"], "copulas": ["être"], "of": ["de"], "by": ["par"],
               "between": ["entre"]}  # fmt: skip
    return list(frames_of("fr", 0, {"relation": "holds-stake", "template": template, **entry}, grammar))


@pytest.mark.parametrize(
    ("template", "kind", "subject", "object_"),
    [
        ("{A} détenir {B}", "verb", ("agent",), ("patient",)),
        ("{A} investir {amount} dans {B}", "verb", ("agent",), ("prep:dans",)),
        ("{A} détenir {percent} part de {B}", "noun", ("agent",), ("of", "prep:de")),
        ("{A} détenir part dans ({B})", "noun", ("agent",), ("prep:dans", "topic")),
        ("{A} être actionnaire de {B}", "role", ("bearer",), ("of", "prep:de")),
        ("{B} compter {A} parmi actionnaire", "verb", ("patient",), ("agent",)),
        ("{A}-backed {B}", "compound", ("hyphen",), ("head",)),
        ("{X} vendre {B} à {A}", "verb", ("prep:à",), ("patient",)),
    ],
)
def test_a_template_tells_where_the_ends_stand(template, kind, subject, object_):
    frame = frames(template)[0]
    assert (frame.pos, frame.subject, frame.object) == (kind, subject, object_)


def test_figures_in_a_template_are_the_terms_that_it_takes():
    assert frames("{A} détenir {percent} part de {B} {amount}")[0].terms == {"percent", "amount"}


def test_nouns_give_the_nominal_frames():
    kinds = [f.pos for f in frames("{A} racheter {B}", action=["rachat"], actor=["acquéreur"], target=["cible"])]
    assert kinds == ["verb", "noun", "role", "role"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_frame_names_its_entry(lang):
    names = [frame.name for entry in load(lang).entries for frame in entry.frames]
    assert all(name.startswith(f"{lang}/") for name in names)
