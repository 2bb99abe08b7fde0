"""A story as a table, and as entities of FollowTheMoney; and which claims these say."""

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping

from kg.bundle.story import Story
from kg.errors import InvalidRecord
from kg.export.ftm import write_ftm
from kg.export.table import write_csv
from kg.model import Claim
from kg.store import Store
from kg.wording.printable import unguarded

__all__ = ["csv_of", "ftm_of", "rows_in", "says_row", "ties_in"]

_SAME = ("subject_id", "relation", "modality", "quote", "document")
_ENDS = {"Ownership": ("owner", "asset"), "UnknownLink": ("subject", "object")}
"""The schemata of ties, each with its two ends."""


def csv_of(story: Story) -> bytes:
    """Return a story as CSV, a row a claim: see `kg.export.table`."""
    out, narrowed = io.BytesIO(), "; ".join(story.request.narrowed) or None
    write_csv(story.claims, out, today=dt.date.fromisoformat(story.day), selection=narrowed)
    return out.getvalue()


def ftm_of(story: Story, store: Store) -> bytes:
    """Return a story as entities of FollowTheMoney: its ties; what is planned or denied has no term there."""
    out = io.BytesIO()
    write_ftm(store, story.admitted, out)
    return out.getvalue()


def rows_in(data: bytes) -> Mapping[str, Mapping[str, str]]:
    """Return the rows of a story's CSV by the ids of their claims; raise `InvalidRecord` for what is none."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode(), newline=""))
        rows, missing = list(reader), {"claim", *_SAME} - set(reader.fieldnames or ())
        if missing:
            raise InvalidRecord(f"is no table of claims: it lacks the column '{min(missing)}'")
        return {unguarded(row["claim"]): {name: unguarded(row[name]) for name in _SAME} for row in rows}
    except (UnicodeDecodeError, csv.Error, KeyError, AttributeError, TypeError) as error:
        raise InvalidRecord(f"is no table of claims: {error!r}") from error


def says_row(claim: Claim) -> Mapping[str, str]:
    """Return what the row of a claim says of it."""
    values = (claim.subject.id, claim.relation, claim.modality.value, claim.quote, claim.document)
    return dict(zip(_SAME, values, strict=True))


def ties_in(data: bytes) -> Mapping[str, tuple[str, ...]]:
    """Return the two ends of each tie in some FollowTheMoney, by its claim's id; raise `InvalidRecord` for no such."""
    try:
        entities = [json.loads(line) for line in data.splitlines()]
        ties = [(e["id"], _ENDS[e["schema"]], e["properties"]) for e in entities if e["schema"] in _ENDS]
        return {
            id_.removeprefix("kg-"): tuple(str(end) for name in names for end in properties[name])
            for id_, names, properties in ties
        }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidRecord(f"is no FollowTheMoney: {error!r}") from error
