"""Older formats of the journal: what makes the commits of one those of the next.

A migration is given the journal's header and a function that reads its commits from the first, as often as it
likes; it yields the commits as the next format has them. Nothing is dropped on the way: documents, withdrawals,
times and the user's own graphs stay.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from kg import formats
from kg.ontology import BASE
from kg.store.journal_format import Record
from kg.store.json_codec import claim_from

__all__ = ["MIGRATIONS", "Commits", "Migration"]

Commits: TypeAlias = Callable[[], Iterable[Record]]
Migration: TypeAlias = Callable[[Record, Commits], Iterator[Record]]


def _with_new_ids(header: Record, commits: Commits) -> Iterator[Record]:
    """Give claims the ids that `kg.model.Claim` says: version 1 hashed further spans and the publication date too.

    What was two claims and is one now was recorded when the first of them was. In the user's graphs a claim is
    called by its new id.
    """
    base = str(header.get("base", BASE))
    named = re.compile(rf"(<{re.escape(base)}claim/)([0-9a-f]{{32}})")
    texts = (text for commit in commits() for text in commit.get("own", {}).values())
    old_ids = {match[2] for text in texts for match in named.finditer(text)}
    new_ids = _new_ids(commits(), old_ids) if old_ids else {}

    def renamed(match: re.Match[str]) -> str:
        return match[1] + new_ids.get(match[2], match[2])

    recorded: dict[str, dict[str, str]] = {}
    for commit in commits():
        for document in commit["forgotten"]:
            recorded.pop(document, None)
        readings = [_reading(reading, recorded) for reading in commit["readings"]]
        yield commit | _own_renamed(commit, lambda text: named.sub(renamed, text)) | {"readings": readings}


def _own_renamed(commit: Record, rename: Callable[[str], str]) -> Record:
    """Return what a commit does to the user's graphs, nothing where it does not touch them."""
    return {"own": {key: rename(text) for key, text in commit["own"].items()}} if "own" in commit else {}


def _new_id(record: Record) -> str:
    # A copy works its id out anew.
    return replace(claim_from(record, checked=False)).id


def _new_ids(commits: Iterable[Record], old_ids: set[str]) -> dict[str, str]:
    """Return the new ids of some claims by their old ones."""
    records = (claim for commit in commits for reading in commit["readings"] for claim in reading["claims"])
    return {record["id"]: _new_id(record) for record in records if record["id"] in old_ids}


def _reading(reading: Record, recorded: dict[str, dict[str, str]]) -> Record:
    """Return a reading whose claims have new ids, each once; `recorded` says when a document's claims were first."""
    before = recorded.get(reading["document"]["id"], {})
    claims: dict[str, Record] = {}
    since: dict[str, str] = {}
    for record in reading["claims"]:
        id_ = _new_id(record)
        since[id_] = min(at for at in (before.get(id_), since.get(id_), record["recorded_at"]) if at is not None)
        claims[id_] = record | {"id": id_, "recorded_at": since[id_]}
    recorded[reading["document"]["id"]] = since
    return reading | {"claims": list(claims.values())}


def _as_they_are(_: Record, commits: Commits) -> Iterator[Record]:
    """Take the commits as they are: the next version may say more of a reading, and asks for no more."""
    return iter(commits())


MIGRATIONS: Mapping[str, tuple[str, Migration]] = {
    "kg-journal/1": ("kg-journal/2", _with_new_ids),
    "kg-journal/2": ("kg-journal/3", _as_they_are),
    "kg-journal/3": ("kg-journal/4", _as_they_are),
    "kg-journal/4": (formats.JOURNAL, _as_they_are),
}
"""Each older format: the format that it becomes, and what makes its commits those of that."""
