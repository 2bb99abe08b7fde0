import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Entity
from kg.resolve import Resolver, fold


def entity(name, kind="Company"):
    return Resolver().entity(Entity(f"{kind.lower()}/provisional", name, kind, (name,)))


@pytest.mark.parametrize(
    "names",
    [
        ("Nvidia", "NVIDIA", "Nvidia Corp.", "NVIDIA Corporation"),
        ("OpenAI", "Open AI", "openai"),
        ("Microsoft", "Microsoft Corp.", "MICROSOFT"),
        ("Opower", "OPOWER", "Opower, Inc."),
        ("Média-Participations", "Media Participations", "Groupe Média Participations"),
    ],
)
def test_one_company_is_one_entity_across_spellings(names):
    assert len({entity(name).id for name in names}) == 1


def test_a_company_and_a_product_of_one_name_stay_two():
    assert entity("Marianne").id != entity("Marianne", "Product").id


def test_names_that_differ_by_a_sign_that_counts_stay_two():
    assert entity("Canal+").id != entity("Canal").id
    assert entity("Google").id != entity("Google Cloud").id


def test_the_registry_gives_its_own_name_and_keeps_the_spelling():
    assert (entity("NVIDIA Corp.").name, entity("NVIDIA Corp.").aliases) == ("Nvidia", ("NVIDIA Corp.",))


@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_any_name_has_an_entity_with_an_id_that_only_its_folded_name_decides(name):
    assert entity(name).id == entity(name).id
    if fold(name):
        assert entity(name.upper().lower()).id == entity(name.lower().upper().lower()).id
    assert entity(name).id.startswith("company/")
    assert len(entity(name).id) > len("company/")
