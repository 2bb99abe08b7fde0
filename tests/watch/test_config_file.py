"""CONFIG: what it says, and a line for each thing that is wrong with it."""

from pathlib import Path

import pytest

from kg.errors import ConfigError
from kg.watch.config import FORMATS, Interest, NewsKind
from kg.watch.config_file import read_config

WHOLE = """
store = "graph"
digests = "out"
fetched = "web"
lang = "fr"
formats = ["atom", "html"]
lines = 20
keep = 100
every = 60

[[source]]
path = "news"
tier = "news"

[[source]]
path = "/srv/mail/inbox.mbox"
lang = "en"

[[feed]]
url = "https://example.org/feed.xml"
pages = true

[[page]]
url = "https://example.org/about"
every = 86400

[[interest]]
company = "OpenAI"

[[interest]]
name = "Stakes"
relation = "holds-stake"
kinds = ["new", "contradicted"]
"""
LEAST = '[[source]]\npath = "."\n[[interest]]\ncompany = "OpenAI"\n'


def read(tmp_path, text):
    file = tmp_path / "watch.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_config(file)


def problems(tmp_path, text):
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, text)
    lines = [line.replace(f"{tmp_path}/", "") for line in raised.value.problems]
    assert str(raised.value).replace(f"{tmp_path}/", "").startswith(lines[0])
    assert all("\n" not in line for line in lines)
    return lines


def test_all_that_it_can_say(tmp_path):
    config = read(tmp_path, WHOLE)
    assert config.store == str(tmp_path / "graph")
    assert [str(each.path) for each in config.paths] == [str(tmp_path / "news"), "/srv/mail/inbox.mbox"]
    assert [(each.url, each.is_feed, each.pages, each.every) for each in config.addresses] == [
        ("https://example.org/feed.xml", True, True, 3600),
        ("https://example.org/about", False, False, 86400),
    ]
    assert config.interests == (
        Interest("OpenAI", "OpenAI"),
        Interest("Stakes", None, "holds-stake", (NewsKind.CONTRADICTED, NewsKind.NEW)),
    )
    assert (config.digests, config.fetched) == (tmp_path / "out", tmp_path / "web")
    assert (config.lang, config.formats, config.lines, config.keep, config.every) == (
        "fr",
        ("atom", "html"),
        20,
        100,
        60,
    )


def test_the_least_that_it_must_say(tmp_path):
    config = read(tmp_path, LEAST)
    assert (config.store, config.lang, config.formats) == (None, "en", tuple(FORMATS))
    assert config.digests == tmp_path / "digests"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "names nothing to read"),
        ("x = [", "is no TOML: Invalid value (at end of document)"),
        (b"\xff\xfe", "is not UTF-8, at byte 0"),
        ("a = " + "[" * 5000, "nested too deep"),
        (LEAST + 'langg = "fr"\n', "interest[1].langg there is no such key."),
        ('langg = "fr"\n' + LEAST, "watch.toml:1: langg there is no such key. Did you mean 'lang'?"),
        ('lang = "de"\n' + LEAST, "watch.toml:1: lang must be one of en, fr."),
        ('formats = ["atm"]\n' + LEAST, "formats must be one of atom, html, jsonl, markdown. Did you mean 'atom'?"),
        ("formats = []\n" + LEAST, "formats must be a list of some of atom"),
        ("lines = true\n" + LEAST, "lines must be a number from 1 to 1000"),
        ("lines = 0\n" + LEAST, "lines must be a number from 1 to 1000"),
        ("store = 3\n" + LEAST, "store must be a text"),
        ('source = "news"\n', "source must be written as a table of its own: [[source]]"),
        ("[[source]]\n" + LEAST, "watch.toml:1: source[1] lacks 'path'"),
        (LEAST + "[[source]]\nlang = 'fr'\n", "watch.toml:5: source[2] lacks 'path'"),
        (LEAST + "[[source]]\npath = '.'\nteir = 'news'\n", "watch.toml:7: source[2].teir there is no such key. Did"),
        (LEAST + "[[source]]\npath = 'x'\ntier = 'nws'\n", "source[2].tier must be one of register, filing"),
        (LEAST + "[[source]]\npath = '.'\n", "source '.' stands more than once"),
        (LEAST + "[[feed]]\nurl = 'file:///etc/passwd'\n", "watch.toml:6: feed[1].url must be an address: https://…"),
        (LEAST + "[[feed]]\nurl = 'https://[::1/'\n", "(it leads to 'https://[::1/', which is no address)"),
        (LEAST + "[[page]]\nurl = 'https://a.org:x/'\n", "(it leads to 'https://a.org:x/', which is no address)"),
        (LEAST + "[[page]]\nurl = 'https://a:b@c.org/'\n", "(it holds a user name or a password"),
        (LEAST + '[[page]]\nurl = "https://a\\u0000b.org/"\n', "page[1].url must be an address: https://…"),
        (LEAST + "[[feed]]\nurl = 'https://a.org/f'\nevery = 1\n", "feed[1].every must be a number from 60"),
        (
            LEAST + "[[page]]\nurl = 'https://a.org/f'\npages = true\n",
            "page[1].pages there is no such key. There are: url, every,",
        ),
        (LEAST + "[[interest]]\n", "watch.toml:5: interest[2] lacks 'company' or 'relation'"),
        (LEAST + "[[interest]]\nrelation = 'holds-steak'\n", "Did you mean 'holds-stake'?"),
        (LEAST + "[[interest]]\ncompany = 'OpenAI'\nkinds = ['news']\n", "interest[2].kinds must be one of"),
        (LEAST + "[[interest]]\ncompany = 'openai'\n", "interest 'openai' stands more than once"),
        (LEAST + "[[interest]]\ncompany = '東京'\n", "'東京' gives no name of a file: add name"),
        (
            LEAST + f"[[interest]]\ncompany = '{'a' * 260}'\n",
            "gives a file's name of more than 200 letters: add a shorter",
        ),
        (LEAST + '[[interest]]\ncompany = "a\\u0000b"\n', "interest[2].company must be a text"),
        ('[[source]]\npath = "."\n', "names no interest: write a table [[interest]]"),
        (LEAST + "[[interest]]\ncompany = 'X'\n" * 250, "interest stands 251 times; at most 200"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(tmp_path, text, wrong):
    [line, *_] = problems(tmp_path, text)
    assert line.startswith("watch.toml")
    assert wrong in line


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    text = "lang = 'de'\n[[source]]\n[[interest]]\nrelation = 'own'\n"
    assert [line.split(": ")[1].split()[0] for line in problems(tmp_path, text)] == [
        "lang",
        "source[1]",
        "interest[1].relation",
        "interest[1]",
        "names",
    ]


def test_a_file_that_cannot_be_opened_is_one_line(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read: "):
            read_config(path)


def test_a_path_that_is_not_there_is_told_by_check_alone(tmp_path):
    config = read(tmp_path, LEAST + "[[source]]\npath = 'gone'\n")
    [line] = config.missing()
    assert "source[2].path" in line
    assert "is not there" in line


def test_the_example_of_the_docs_holds_and_is_shown_whole():
    docs = Path(__file__).parents[2] / "docs" / "how-to"
    text = (docs / "watch.toml").read_text()
    assert f"```toml\n{text}```" in (docs / "watch.md").read_text()
    assert read_config(docs / "watch.toml").missing() == ()
