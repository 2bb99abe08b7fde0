import pytest

from kg.errors import QueryError, UnknownEntity
from kg.model import Claim, Document, Entity, Modality
from kg.query.entity_lookup import find_entity
from kg.store import DocumentClaims, open_store

BASE = "https://example.org/"
NAMES = {
    "company/nvidia": ("Nvidia", "NVIDIA Corp.", "the chip maker"),
    "company/société": ("Société Générale", "SocGen"),
    "company/orange": ("Orange",),
    "product/orange": ("Orange",),
    "company/chip": ("Chip", "Nvidia Corp"),
}


@pytest.fixture(scope="module")
def store():
    """A store in which each name stands in the sources as it is listed first, most often."""
    document = Document("names.txt", "x" * 100, "en")
    other = Entity("company/other", "Other", "Company", ("Other",))
    claims = []
    for place, (id_, (name, *aliases)) in enumerate(NAMES.items()):
        entity = Entity(id_, name, id_.partition("/")[0].capitalize(), (name, *aliases))
        evidence = (document.evidence(place, place + 1),)
        claims.append(Claim(other, "invests-in", entity, Modality.ASSERTED, evidence))
    with open_store(None, base=BASE) as opened:
        opened.commit([DocumentClaims(document, tuple(claims))])
        yield opened


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("company/nvidia", "company/nvidia"),
        ("https://example.org/company/nvidia", "company/nvidia"),
        ("<https://example.org/company/nvidia>", "company/nvidia"),
        ("company:nvidia", "company/nvidia"),
        ("Nvidia", "company/nvidia"),
        ("NVIDIA", "company/nvidia"),
        ("nvidia corporation", "company/nvidia"),
        ("The Chip-Maker", "company/nvidia"),
        ("societe generale sa", "company/société"),
        ("SOCGEN", "company/société"),
        ("product/orange", "product/orange"),
    ],
)
def test_a_name_is_found_in_any_spelling(store, text, id_):
    assert find_entity(store, text).id == id_


def test_a_name_wins_over_another_entitys_alias(store):
    assert find_entity(store, "nvidia").id == "company/nvidia"


def test_a_name_of_two_lists_their_ids(store):
    with pytest.raises(QueryError, match="'orange' may be any of company/orange, product/orange: give one"):
        find_entity(store, "orange")


def test_an_unknown_name_gives_the_nearest(store):
    with pytest.raises(UnknownEntity, match=r"nothing in the graph is called 'Nvidai'. Did you mean 'Nvidia'\?"):
        find_entity(store, "Nvidai")


@pytest.mark.parametrize("text", ["", "   ", "!!", "Zzzzzz"])
def test_nothing_like_it_says_where_to_look(store, text):
    with pytest.raises(UnknownEntity, match="kg query entities"):
        find_entity(store, text)
