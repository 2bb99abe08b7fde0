"""What the tables of a dataset say at a commit, as views in SQL that DuckDB and Spark both take.

A dataset's tables keep every reading; the views leave what counts:

``claims``      the admitted claims of each document's latest reading, with the days on which they state a fact by all
                claims of their relationship (`kg.facts`, and ``docs/facts.md`` for the rule)
``documents``   the documents that have not been withdrawn
``judgements``  what people say of these claims and documents, and of who is whom

They need what an engine reads of the files under the names ``every_claim``, ``every_document``, ``every_judgement`` and
``commits``.
"""

from collections.abc import Iterator

from kg.settings import day_of
from kg.store.dataset.rows import COMMITS, empty_tables

__all__ = ["SOURCES", "views"]

SOURCES = {
    "claims": "every_claim",
    "documents": "every_document",
    "judgements": "every_judgement",
    COMMITS: COMMITS,
}
"""The tables of a dataset, and the names under which the views look for them."""

_STANDS = "SELECT max(t.number) AS number FROM commits t WHERE {until}"

# Most documents are read once: only of the others is it to be asked which reading is the last.
_SUPERSEDED = """
SELECT id, max(commit) AS last, max_by(withdrawn, commit) AS is_gone
FROM every_document WHERE commit <= (SELECT number FROM {prefix}stands)
GROUP BY id HAVING count(*) > 1 OR max(CASE WHEN withdrawn THEN 1 ELSE 0 END) = 1
"""
_CURRENT = """
SELECT {columns}
FROM every_{what} t LEFT JOIN {prefix}superseded s ON t.{document} = s.id
WHERE t.commit <= (SELECT number FROM {prefix}stands) AND (s.id IS NULL OR (t.commit = s.last AND NOT s.is_gone)){more}
"""

# An end that a later source reports closes what was asserted before, on the same terms.
_CLOSED = """
SELECT c.claim, min(e.ends_on) AS ends_on,
  min(least(e.ends_on, CASE
    WHEN c.known_from_last IS NULL OR c.known_from_last > e.ends_on THEN e.surely_ends_on
    ELSE greatest(e.surely_ends_on, c.known_from_last) END)) AS surely_ends_on
FROM {prefix}admitted c JOIN {prefix}admitted e
  ON c.relation = e.relation AND c.party_a = e.party_a AND c.party_b = e.party_b
WHERE e.reports_end AND e.ends_on IS NOT NULL AND c.modality = 'asserted'
  AND c.object_id IS NOT NULL AND e.object_id IS NOT NULL
  AND c.known_from_last < e.known_from_first
  AND (e.exclusive IS NULL OR e.exclusive = c.exclusive)
  AND (e.start_first IS NULL OR c.start_first IS NULL
    OR (e.start_first <= c.start_last AND c.start_first <= e.start_last))
  AND (e.end_last IS NULL OR c.start_first IS NULL OR e.end_last >= c.start_first)
GROUP BY c.claim
"""
_CLAIMS = """
SELECT {columns},
  CASE WHEN d.ends_on < a.valid_from THEN NULL ELSE a.valid_from END AS valid_from,
  CASE WHEN d.ends_on < a.valid_from THEN NULL ELSE least(a.valid_until, d.ends_on) END AS valid_until,
  least(a.surely_until, d.surely_ends_on) AS surely_until
FROM {prefix}admitted a LEFT JOIN {prefix}closed d ON a.claim = d.claim
"""
_RECKONED = ("valid_from", "valid_until", "surely_until")


def views(until: str | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the views, each with its SQL, in the order in which they build on each other.

    With `until`, a day, they show what was committed by then: the past on the recorded clock. `prefix` stands before
    their names, where several pasts are looked at together. Raises `InvalidRecord` where `until` is no date.
    """
    columns = {name: table.schema.names for name, table in empty_tables().items()}
    by_then = "true" if until is None else f"substr(t.at, 1, 10) <= '{day_of(until, 'until')}'"
    yield f"{prefix}stands", _STANDS.format(until=by_then)
    yield f"{prefix}superseded", _SUPERSEDED.format(prefix=prefix)

    def current(what: str, document: str, more: str) -> str:
        named = ", ".join(f"t.{name}" for name in columns[f"{what}s"])
        return _CURRENT.format(columns=named, what=what, document=document, more=more, prefix=prefix)

    yield f"{prefix}documents", current("document", "id", " AND NOT t.withdrawn")
    yield f"{prefix}admitted", current("claim", "document", " AND t.outcome = 'admitted'")
    yield f"{prefix}closed", _CLOSED.format(prefix=prefix)
    # After a point no word is reserved, in either engine.
    plain = ", ".join(f"a.{name}" for name in columns["claims"] if name not in _RECKONED)
    yield f"{prefix}claims", _CLAIMS.format(columns=plain, prefix=prefix)
    # What is said of who is whom is of no document, and stands.
    yield f"{prefix}judgements", current("judgement", "document", "")
