"""The command that lists claims one by one, with what the gate decided of each and why."""

import sys
from typing import TYPE_CHECKING

import click

from kg.cli.common import (
    LANGUAGES,
    OUTCOME_HELP,
    OUTCOMES,
    opened_graph,
    selection_option,
    store_option,
    tell_notes,
    today_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.model import Claim
    from kg.store import Selection, Store

__all__ = ["claims"]


@click.command()
@click.argument("company", required=False)
@click.option("--to-review", "outcome", flag_value="to-review", help="Short for --outcome to-review.")
@click.option("--outcome", type=OUTCOMES, default="all", show_default=True, help=OUTCOME_HELP)
@click.option("--relation", metavar="RELATION", help="Only this relation, such as holds-stake.")
@click.option("--reason", metavar="CODE", help="Only those with this reason, such as TWO_VALUES.")
@click.option("--text", metavar="WORDS", help="Only those with all these words in their names or quotes.")
@click.option("--document", metavar="ID", help="Only those of this document.")
@click.option("--format", "form", default="table", show_default=True, help="table, csv, json, jsonl or markdown.")
@click.option("--lang", type=LANGUAGES, default="en", help="The language of relations and terms.")
@selection_option
@today_option
@store_option
def claims(
    company: str | None,
    outcome: str,
    relation: str | None,
    reason: str | None,
    text: str | None,
    document: str | None,
    form: str,
    lang: str,
    store_path: str,
    selection: "Selection",
) -> None:
    """List claims one by one: who, what, on which terms, how surely, what the gate decided, why, and each quote.

    Only admitted claims are in the graph. Those to review may be right, those refused are not borne out by the text:
    they are kept beside it, and listed here. At the end stands how many there are for each reason. As csv it is the
    table that kg export writes.

    For example: kg claims --to-review; kg claims CoreWeave --reason TWO_VALUES.
    """
    from kg.query import ClaimFilter, claims_table, find_claims, outcomes_of
    from kg.tables.rendering import renderer

    write = renderer(form)
    wanted = ClaimFilter(company, relation, None if reason is None else _code(reason), text, document)
    with opened_graph(store_path, selection) as graph:
        found = list(find_claims(graph.store, outcomes_of(outcome), wanted))
        tell_notes(selection.notes())
        if form == "csv":
            _write_csv(graph.store, found)
            return
    write(claims_table(found, lang), sys.stdout)
    if form in {"table", "markdown"} and found:
        click.echo(f"\n{_counts(found)}")


def _write_csv(store: "Store", found: "Sequence[Claim]") -> None:
    from itertools import chain

    from kg.export.table import write_csv
    from kg.model import Outcome

    # What holds is told by all claims of a relationship, also by those that are not listed.
    others = (claim for claim in found if claim.outcome is not Outcome.ADMITTED)
    words = store.selection.words() if store.selection.narrows else None
    only = {claim.id for claim in found}
    write_csv(chain(store.claims(), others), sys.stdout.buffer, only=only, selection=words)


def _code(reason: str) -> str:
    """Return a reason code as it is written; raise `QueryError` with the nearest one where there is none such."""
    from kg.errors import QueryError, did_you_mean
    from kg.reasons import Reason

    code = reason.upper().replace("-", "_")
    if code not in set(Reason):
        hint = did_you_mean(code, list(Reason)) or f" There are: {', '.join(Reason)}."
        raise QueryError(f"there is no reason '{reason}'.{hint}")
    return code


def _counts(found: "Sequence[Claim]") -> str:
    """Return how many claims there are of each outcome, and of each reason with what it means."""
    from collections import Counter

    from kg.model import Outcome
    from kg.query import reason_counts
    from kg.reasons import MEANINGS, Reason

    outcomes = Counter(claim.outcome for claim in found)
    words = {Outcome.ADMITTED: "admitted", Outcome.TO_REVIEW: "to review", Outcome.REFUSED: "refused"}
    heading = ", ".join(f"{outcomes[outcome]} {word}" for outcome, word in words.items() if outcomes[outcome])
    reasons = reason_counts(found)
    width = max(map(len, reasons), default=0)
    lines = [
        f"{count:>5}  {code:<{width}}  {MEANINGS[Reason(code)][1] if code in set(Reason) else ''}".rstrip()
        for code, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    ]
    return "\n".join([heading, *lines])
