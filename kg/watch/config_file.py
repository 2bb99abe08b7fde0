"""CONFIG, a TOML file: what it may say, and what is wrong with it, each in one line with its place."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from os.path import normpath
from pathlib import Path
from typing import Any

from kg.documents.metadata import is_address
from kg.errors import ConfigError, DocumentError, did_you_mean
from kg.model import Tier
from kg.ontology import ontology
from kg.watch.config import FORMATS, Address, Config, Interest, NewsKind, WatchedPath
from kg.watch.fetching.hosts import split_address

__all__ = ["read_config"]

_LANGUAGES = ("en", "fr")
_LARGEST = 1024 * 1024
"""Bytes of CONFIG: one that is longer is some other file."""
_MOST = 200
"""Interests, and sources: each costs time in every round."""

_LONGEST_NAME = 200
"""Letters of an interest's files, without what they end in: file systems take names of 255 bytes."""

_Check = Callable[[Any], str | None]
"""Says what a value must be instead; None where it holds."""


def read_config(path: str | Path) -> Config:
    """Read CONFIG. Raises `ConfigError`, of which `problems` has a line for each thing that is wrong."""
    file = Path(path)
    try:
        data = file.read_bytes()
        if len(data) > _LARGEST:
            raise ConfigError(f"{file}: is longer than {_LARGEST >> 20} MiB: name the file that says what to watch")
        text = data.decode()
        content = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}: name the file that says what to watch") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: is not UTF-8, at byte {error.start}: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: is no TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{file}: is nested too deep: CONFIG has tables and lists of values only") from error
    reading = _Reading(file, text)
    config = reading.config(content)
    if reading.problems:
        raise ConfigError(_summary(file, reading.problems), reading.problems)
    return config


def _summary(file: Path, problems: list[str]) -> str:
    more = f" (and {len(problems) - 1} more: kg watch --check {file})" if len(problems) > 1 else ""
    return problems[0] + more


# ------------------------------------------------------------------------------ what a value must be
def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() and value.isprintable() else "must be a text"


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _number(least: int, most: int) -> _Check:
    def check(value: Any) -> str | None:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return None if is_number and least <= value <= most else f"must be a number from {least} to {most}"

    return check


def _choice(*choices: str) -> _Check:
    def check(value: Any) -> str | None:
        if isinstance(value, str) and value in choices:
            return None
        return f"must be one of {', '.join(choices)}.{did_you_mean(str(value), choices)}"

    return check


def _choices(*choices: str) -> _Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, list) or not value:
            return f"must be a list of some of {', '.join(choices)}"
        return next((wrong for each in value if (wrong := _choice(*choices)(each)) is not None), None)

    return check


def _url(value: Any) -> str | None:
    if not isinstance(value, str) or not is_address(value) or not value.isprintable():
        return "must be an address: https://…"
    try:
        split_address(value)
    except DocumentError as error:
        return f"must be an address: https://… (it {error})"
    return None


def _relation(value: Any) -> str | None:
    return _choice(*ontology().relations)(value)


_OF_SOURCES: Mapping[str, _Check] = {"lang": _choice(*_LANGUAGES), "tier": _choice(*Tier)}
_OF_ADDRESSES: Mapping[str, _Check] = {"url": _url, "every": _number(60, 10**7), **_OF_SOURCES}
_TABLES: Mapping[str, Mapping[str, _Check]] = {
    "source": {"path": _text, **_OF_SOURCES},
    "feed": {**_OF_ADDRESSES, "pages": _flag},
    "page": _OF_ADDRESSES,
    "interest": {
        "name": _text,
        "company": _text,
        "relation": _relation,
        "kinds": _choices(*NewsKind),
    },
}
_REQUIRED: Mapping[str, str] = {"source": "path", "feed": "url", "page": "url"}
_TOP: Mapping[str, _Check] = {
    "store": _text,
    "digests": _text,
    "fetched": _text,
    "lang": _choice(*_LANGUAGES),
    "formats": _choices(*FORMATS),
    "lines": _number(1, 1000),
    "keep": _number(1, 5000),
    "every": _number(1, 10**6),
}


@dataclass(slots=True)
class _Reading:
    """One reading of CONFIG, which gathers what is wrong."""

    file: Path
    text: str
    problems: list[str] = field(default_factory=list)

    def config(self, content: Mapping[str, Any]) -> Config:
        known = {name: value for name, value in content.items() if name not in _TABLES}
        top = self._checked(known, _TOP, (*_TOP, *_TABLES), "")
        tables = {name: list(self._tables(name, content.get(name, []))) for name in _TABLES}
        interests = self._interests(tables["interest"])
        if not (tables["source"] or tables["feed"] or tables["page"]):
            self._problem("", "names nothing to read: write a table [[source]] with a path, or [[feed]] with a url")
        if not interests and not tables["interest"]:
            self._problem("", "names no interest: write a table [[interest]] with a company or a relation")
        addresses = [Address(**each, is_feed=True) for each in tables["feed"]]
        addresses += [Address(**each) for each in tables["page"]]
        self._repeated("source", [str(each["path"]) for each in tables["source"]])
        self._repeated("address", [each.url for each in addresses])
        store = top.pop("store", None)
        return Config(
            paths=tuple(WatchedPath(**{**each, "path": self._path(each["path"])}) for each in tables["source"]),
            addresses=tuple(addresses),
            interests=tuple(interests),
            digests=self._path(top.pop("digests", "digests")),
            fetched=self._path(top.pop("fetched", "fetched")),
            store=store if store is None or "://" in store else str(self._path(store)),
            formats=tuple(dict.fromkeys(top.pop("formats", FORMATS))),
            where=self.file,
            **top,
        )

    def _path(self, name: str) -> Path:
        """Return a path as it stands from where CONFIG is: under cron, nobody knows the current folder."""
        return Path(normpath(self.file.parent / Path(name).expanduser()))

    def _tables(self, name: str, tables: Any) -> Iterator[dict[str, Any]]:
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            self._problem(name, f"must be written as a table of its own: [[{name}]]")
            return
        if len(tables) > _MOST:
            self._problem(name, f"stands {len(tables)} times; at most {_MOST} are watched: split CONFIG")
            return
        for number, table in enumerate(tables, 1):
            where = f"{name}[{number}]"
            values = self._checked(table, _TABLES[name], _TABLES[name], where)
            required = _REQUIRED.get(name)
            if required is not None and required not in table:
                self._problem(where, f"lacks '{required}'")
            elif required is None or required in values:
                yield values

    def _checked(
        self, table: Mapping[str, Any], checks: Mapping[str, _Check], names: Collection[str], where: str
    ) -> dict[str, Any]:
        values = {}
        for name, value in table.items():
            key = f"{where}.{name}" if where else name
            if name not in checks:
                hint = did_you_mean(name, names) or f" There are: {', '.join(names)}."
                self._problem(key, f"there is no such key.{hint}")
            elif wrong := checks[name](value):
                self._problem(key, wrong)
            else:
                values[name] = value
        return values

    def _interests(self, tables: list[dict[str, Any]]) -> list[Interest]:
        interests = []
        for number, table in enumerate(tables, 1):
            company, relation = table.get("company"), table.get("relation")
            asked = " ".join(filter(None, (company, relation)))
            if not asked:
                self._problem(f"interest[{number}]", "lacks 'company' or 'relation': of what is the digest to tell?")
                continue
            kinds = tuple(kind for kind in NewsKind if kind in table.get("kinds", tuple(NewsKind)))
            interest = Interest(table.get("name") or asked, company, relation, kinds)
            if not interest.file:
                self._problem(
                    f"interest[{number}]",
                    f"'{interest.name}' gives no name of a file: add name = \"…\" in Latin letters",
                )
            elif len(interest.file) > _LONGEST_NAME:
                self._problem(
                    f"interest[{number}]",
                    f"'{interest.name[:40]}…' gives a file's name of more than {_LONGEST_NAME} letters: "
                    'add a shorter name = "…"',
                )
            interests.append(interest)
        # Two digests of one name would be written over each other.
        self._repeated("interest", [interest.file for interest in interests])
        return interests

    def _repeated(self, what: str, names: list[str]) -> None:
        for name in [name for name, count in Counter(filter(None, names)).items() if count > 1]:
            self._problem(what, f"'{name}' stands more than once: leave one, or give it another name")

    def _problem(self, key: str, wrong: str) -> None:
        line = _line(self.text, key)
        place = f"{self.file}:{line}" if line else str(self.file)
        self.problems.append(f"{place}: {f'{key} ' if key else ''}{wrong}")


def _line(text: str, key: str) -> int | None:
    """Return the line of a key such as "interest[2].relation", as far as it can be told; tomllib does not keep it."""
    match = re.fullmatch(r"(?:(\w+)\[(\d+)\])?\.?(.*)", key)
    if match is None:
        return None
    table, number, name = match.groups()
    lines = text.splitlines()
    heads = [at for at, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{table}\s*\]\]", line)] if table else [-1]
    if len(heads) < int(number or 1):
        return None
    start = heads[int(number or 1) - 1]
    if not name:
        return start + 1 or None
    for at, line in enumerate(lines[start + 1 :], start + 2):
        if line.lstrip().startswith("["):
            break
        if re.match(rf"""\s*["']?{re.escape(name)}["']?\s*[=.]""", line):
            return at
    return start + 1 or None
