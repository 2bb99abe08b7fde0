"""Which company a name means: by words, by letters, by identifiers, on its day; the index reads what it must."""

import pytest

from kg.errors import QueryError
from kg.model import Document, Tier
from kg.query.identification import Asked, identify, registered_names
from kg.resolve import DatedName, RegisterRecord, register_entity
from kg.resolve.names import AUTO_MERGE, normalise
from kg.store import DocumentClaims, open_store
from kg.store.register_index import RegisterIndex

pytest.importorskip("tantivy")
pytest.importorskip("rapidfuzz")

LEI = "7ZW8QJWVPR4P1J1KQY45"
NAMES = (
    ("Zeltan Korba Industries SA", "FR"),
    ("Zeltan Media GmbH", "DE"),
    ("Dorvane Shipping Ltd", "GB"),
    ("Dorvane Shipping SA", "FR"),
    ("Halden Cells Inc", "US"),
)


def reading(number, name, country=None, *, type_="Company", former=(), **identifiers):
    entity = register_entity(name, type_, "gleif", str(number), identifiers=identifiers.items())
    record = RegisterRecord(entity, "gleif", str(number), country=country, former_names=tuple(former))
    document = Document(f"gleif/lei/{number}", f"{name} {number}", "en", tier=Tier.REGISTER)
    return DocumentClaims(document, (), "gleif 1", records=(record,))


@pytest.fixture
def store():
    with open_store(None, write=True) as store:
        store.commit([reading(number, *one) for number, one in enumerate(NAMES)])
        yield store


def names(store, *asked, **more):
    return [one.entity.name for one in identify(store, Asked(*asked, **more))]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Zeltan Korba Industries", "Zeltan Korba Industries SA"),
        ("ZELTAN MEDIA", "Zeltan Media GmbH"),
        ("Zletan Korba Industries", "Zeltan Korba Industries SA"),
        ("Haldne Clels", "Halden Cells Inc"),
    ],
)
def test_a_name_is_found_without_its_form_and_with_typing_errors(store, asked, found):
    assert names(store, asked)[0] == found


def test_letters_are_looked_up_where_words_find_nothing_sure(store):
    """A common word finds others, which are not what is meant."""
    store.commit([reading(100 + number, f"{word} Shipping Ltd") for number, word in enumerate(("Ostvik", "Mirelle"))])
    assert names(store, "Dorvnae Shipping Ltd")[0] == "Dorvane Shipping Ltd"


def test_of_two_that_are_called_alike_the_country_tells(store):
    french = identify(store, Asked("Dorvane Shipping", country="FR"))
    assert [one.entity.name for one in french] == ["Dorvane Shipping SA", "Dorvane Shipping Ltd"]
    assert french[0].probability > french[1].probability
    assert "country" in french[0].reasons[0]


def test_an_equal_identifier_goes_before_the_name(store):
    store.commit([reading(9, "HLV Industries", lei=LEI)])
    [first, *_] = identify(store, Asked("Zeltan Media GmbH", identifiers=(("lei", LEI),)))
    assert (first.entity.name, first.is_sure) == ("HLV Industries", True)


def test_a_former_name_counts_for_its_days(store):
    store.commit([reading(9, "Orvane SA", former=[DatedName("Tessaly Works SA", "2001", "2016")])])
    [then] = identify(store, Asked("Tessaly Works SA", day="2010"))
    [now] = identify(store, Asked("Tessaly Works SA", day="2020"))
    assert then.probability >= AUTO_MERGE > now.probability
    assert any("2016" in reason for reason in now.reasons)


def test_people_are_no_companies(store):
    store.commit([reading(9, "Ostvik Mirelle", type_="Person")])
    assert names(store, "Ostvik Mirelle") == []
    assert names(store, "Ostvik Mirelle", type="Person") == ["Ostvik Mirelle"]


@pytest.mark.parametrize("name", ["", "…", "🙂", "a" * 5000, "' OR 1=1 --", "株式会社", "\u202egnp.exe"])
def test_whatever_is_asked_for_has_an_answer(store, name):
    assert names(store, name) == []


@pytest.mark.parametrize(
    "asked",
    [
        Asked("Acme", country="France"),
        Asked("Acme", identifiers=(("lei", "1"),)),
        Asked("Acme", identifiers=(("shoe", "1"),)),
    ],
)
def test_what_is_no_country_and_no_identifier_is_told(store, asked):
    with pytest.raises(QueryError):
        identify(store, asked)


def test_names_come_out_of_an_index_as_they_were_prepared():
    index = RegisterIndex()
    former = [DatedName("Müller Söhne Fund II L.P.", "1990")]
    index.change((), [reading(1, "ООО «Яндекс» Türkiye", "RU", former=former)])
    [listed] = index.like(normalise("Müller Söhne Fund II L.P."))
    assert listed.forms == tuple(map(normalise, listed.record.names))
    assert [dict(form.spellings) for form in listed.forms] == [
        dict(normalise(name).spellings) for name in listed.record.names
    ]
    assert (listed.type, listed.country) == ("Company", "RU")


def test_all_names_of_companies_are_listed_with_whose_they_are(store):
    store.commit([reading(9, "Orvane SA", "FR-75", former=[DatedName("Tessaly Works SA", end="2016")])])
    store.commit([reading(10, "Ostvik Mirelle", type_="Person")])
    told = {name.form.name: name for name in registered_names(store) if name.told[2] == "gleif"}
    assert told.keys() == {name for name, _ in NAMES} | {"Orvane SA", "Tessaly Works SA"}
    assert told["Tessaly Works SA"].told[1:] == ("Orvane SA", "gleif", "9", (None, "2016"))
    assert told["Orvane SA"].country == "FR"
