from hypothesis import given
from hypothesis import strategies as st

from kg.extract.lines import lines

PAGE = """Nvidia entre au capital de Mistral AI
Nvidia prend 5 % de la jeune pousse.
Lire aussi :
- Oracle rachète un concurrent
- Microsoft attaque Google en justice
Un accord attendu
Le contrat prévoit :
- une livraison de puces par Nvidia à Mistral AI dès 2026,
- un bail sur cinq ans.
"""


def test_a_link_list_and_the_headings_in_the_body_are_told_from_prose():
    kinds = [(line.kind, line.text) for line in lines(PAGE, "fr")]
    assert [kind for kind, _ in kinds] == [
        *("title", "prose", "furniture", "furniture", "furniture", "heading", "prose", "prose", "prose"),
    ]


def test_a_one_line_link_is_furniture():
    assert [line.kind for line in lines("Titre\nLire aussi : Oracle rachète un concurrent\n", "fr")] == [
        *("title", "furniture"),
    ]


@given(st.text(max_size=300))
def test_lines_keep_their_place(text):
    for line in lines(text, "en"):
        assert text[line.start : line.start + len(line.text)] == line.text


def test_a_line_that_no_parser_takes_whole_is_read_in_pieces():
    text = "Titre\n" + "Un mot. " * 10_000
    pieces = [line for line in lines(text, "fr") if line.kind == "prose"]
    assert len(pieces) > 1
    assert "".join(line.text for line in pieces) == text.splitlines()[1]
    assert max(len(line.text) for line in pieces) <= 20_000
