import pytest

from kg.resolve import fold
from kg.resolve.names import normalise


@pytest.mark.parametrize(
    ("name", "words", "legal"),
    [
        ("Siemens AG", ("siemens",), ("ag",)),
        ("SiemensAG", ("siemens",), ("ag",)),
        ("Zeltan GmbH & Co. KG", ("zeltan",), ("gmbhcokg",)),
        ("Zeltan Sp. z o.o.", ("zeltan",), ("spzoo",)),
        ("ZELTAN SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ", ("zeltan",), ("spzoo",)),
        ("Zeltan S.à r.l.", ("zeltan",), ("sarl",)),
        ("Zeltan S.R.L. in liquidazione", ("zeltan",), ("srl",)),
        ("Zeltan (P) Ltd.", ("zeltan",), ("ltd",)),
        ("Zeltan Private Limted", ("zeltan",), ("ltd",)),
        ("Bowne de Mexico S.A. de C.V.", ("bowne",), ("sa",)),
        ("ООО Яндекс", ("yandeks",), ("ooo",)),
        ("UAB Zeltan", ("zeltan",), ("uab",)),
        ("トヨタ自動車株式会社", ("toyotazidongche",), ("kabushiki",)),
        ("华为技术有限公司", ("huaweijishu",), ("ltd",)),
        ("Ελληνικά Πετρέλαια Α.Ε.", ("ellinika", "petrelaia"), ("ae",)),
        ("Zeltan Int'l Mfg. Bros.", ("zeltan", "international", "manufacturing", "brothers"), ()),
        ("Sté Zeltan et Fils", ("societe", "zeltan", "son"), ()),
        ("L'Oréal", ("loreal",), ()),
        ("Canal+", ("canalplus",), ()),
        ("AT&T Inc.", ("att",), ("inc",)),
        ("SA", ("sa",), ()),
        ("The", ("the",), ()),
    ],
)
def test_a_name_is_parted_into_words_and_legal_form(name, words, legal):
    form = normalise(name)
    assert (form.words, form.legal) == (words, legal)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("Fund II", ("2",)),
        ("Fund I LP", ("1",)),
        ("Trust 2004-AHL1", ("2004", "1")),
        ("Capital One", ("1",)),
        ("Second Street", ("2",)),
        ("Series B", ("b",)),
        ("Zeltan Equity EUR", ("eur",)),
        ("3M", ()),
        ("I Capital", ()),
        ("Plan B", ("b",)),
    ],
)
def test_numbers_stand_apart_in_figures(name, numbers):
    assert normalise(name).numbers == numbers


def test_places_are_one_in_all_languages():
    codes = [set(normalise(f"Zeltan {place}").places) for place in ("Germany", "Deutschland", "Allemagne")]
    assert codes == [{"de"}] * 3
    assert set(normalise("Zeltan (Hong Kong) Ltd").places) == {"hk"}


def test_rare_words_tell_more_than_common_ones():
    form = normalise("Zeltan Fund Management Group")
    rare, *common, group = form.weights
    assert rare == 1
    assert all(group < weight < rare for weight in common)


def test_a_name_of_common_words_tells_little_by_itself():
    assert normalise("Global Investment Fund").distinctiveness < 1.5 < normalise("Zeltan Korba").distinctiveness


def test_the_key_is_what_ids_are_made_of():
    assert normalise("Société Générale S.A.").key == fold("Société Générale S.A.") == "societegenerale"
