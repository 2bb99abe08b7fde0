"""Every real text comes out right: to the letter, in its language, with its date or none."""

import json

import pytest

from kg.documents import Source, find, parse, read


def real(shared):
    return [s for s in find([str(shared / "articles"), str(shared / "seed")]) if isinstance(s, Source)]


def test_every_real_text_is_found_and_none_is_passed_over(shared):
    sources = list(find([str(shared / "articles"), str(shared / "seed")]))
    texts = [*(shared / "articles").rglob("*.txt"), *(shared / "seed").glob("*.txt")]
    assert sorted(source.path for source in sources) == sorted(map(str, texts))
    assert len({source.id for source in sources}) == len(texts) > 30


def test_every_real_text_is_kept_to_the_letter(shared):
    for source in real(shared):
        with open(source.path, "rb") as file:  # noqa: PTH123 - a source's path is a string
            assert read(source).text == file.read().decode("utf-8"), source.id


def test_without_its_sidecar_the_language_is_right_and_the_date_right_or_unknown(shared):
    dated = 0
    for source in real(shared):
        document = read(source)
        with open(source.path, "rb") as file:  # noqa: PTH123 - a source's path is a string
            alone = parse(file.read(), Source(source.id, "alone"))
        assert alone.lang == ("en" if source.id.startswith("en") else "fr"), source.id
        assert alone.published in {None, document.published}, source.id
        dated += alone.published is not None
    assert dated >= 35


def test_sidecars_are_obeyed(shared):
    [source] = find([str(shared / "articles/fr/fr-oracle-opower.txt")])
    metadata = json.loads((shared / "articles/fr/fr-oracle-opower.json").read_text("utf-8"))
    document = read(source)
    assert (document.title, document.published, document.url) == (metadata["title"], metadata["date"], metadata["url"])


@pytest.mark.parametrize("first", ["en", "fr"])
def test_headlines_alone_are_enough_for_the_language(shared, first):
    for source in find([str(shared / "articles" / first)]):
        title = read(source).title
        assert parse(title.encode(), source).lang == first, title
