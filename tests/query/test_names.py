from dataclasses import dataclass

import pytest

from kg.errors import QueryError, UnknownEntity
from kg.model import Entity
from kg.query.names import find_entity


@dataclass
class Names:
    """A store of nothing but entities."""

    known: tuple[Entity, ...]
    base: str = "https://example.org/"

    def entities(self):
        return iter(self.known)


STORE = Names(
    (
        Entity("company/nvidia", "Nvidia", "Company", ("NVIDIA Corp.", "the chip maker")),
        Entity("company/societegenerale", "Société Générale", "Company", ("SocGen",)),
        Entity("company/orange", "Orange", "Company"),
        Entity("product/orange", "Orange", "Product"),
        Entity("company/chip", "Chip", "Company", ("Nvidia",)),
    )
)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("company/nvidia", "company/nvidia"),
        ("https://example.org/company/nvidia", "company/nvidia"),
        ("<https://example.org/company/nvidia>", "company/nvidia"),
        ("Nvidia", "company/nvidia"),
        ("NVIDIA", "company/nvidia"),
        ("nvidia corporation", "company/nvidia"),
        ("The Chip-Maker", "company/nvidia"),
        ("societe generale sa", "company/societegenerale"),
        ("SOCGEN", "company/societegenerale"),
        ("product/orange", "product/orange"),
    ],
)
def test_a_name_is_found_in_any_spelling(text, id_):
    assert find_entity(STORE, text).id == id_


def test_a_name_wins_over_another_entitys_alias():
    assert find_entity(STORE, "nvidia").id == "company/nvidia"


def test_a_name_of_two_lists_their_ids():
    with pytest.raises(QueryError, match="'orange' may be any of company/orange, product/orange: give one"):
        find_entity(STORE, "orange")


def test_an_unknown_name_gives_the_nearest():
    with pytest.raises(UnknownEntity, match=r"nothing in the graph is called 'Nvidai'. Did you mean 'Nvidia'\?"):
        find_entity(STORE, "Nvidai")


@pytest.mark.parametrize("text", ["", "   ", "!!", "Zzzzzz"])
def test_nothing_like_it_says_where_to_look(text):
    with pytest.raises(UnknownEntity, match="kg query entities"):
        find_entity(STORE, text)
