"""Which companies the names of a file mean: many names against all that registers say, out of core.

As `kg.query.identification`, and with the same comparison, but the names are paired by DuckDB (`kg.query.name_blocks`)
and no name is looked up by itself. Memory is flat however many names there are on either side; names wait on disk.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from kg.errors import DocumentError
from kg.importers.csv_rows import CsvRow, csv_rows
from kg.importers.packed import unpacked
from kg.query.identification import CLOSE, COUNTRY, registered_names
from kg.query.name_blocks import Blocks, Name
from kg.resolve.names import AUTO_MERGE, REVIEW, NameScore, normalise, score
from kg.store import Store
from kg.wording.identification import because
from kg.wording.printable import guarded

__all__ = ["COLUMNS", "BatchReport", "NameFile", "identify_file", "told_of"]

COLUMNS = ("line", "name", "country", "decision", "probability", "id", "company", "name_told", "register", "key", "why")
"""Of what is written: a row a candidate, the likeliest first, or one without a candidate.

`line` is where the name stands in the file. `decision` is "same" where the name means this company, as far as names can
tell, and no other stands close; "review" where a person should look; "none" where no company is called so. `name_told`
is the company's name that was compared, `register` and `key` say whose it is.
"""


@dataclass(slots=True)
class BatchReport:
    """What came of a file: names read and `bad_rows` left out, and how many names got which decision."""

    names: int = 0
    bad_rows: int = 0
    listed: int = 0
    pairs: int = 0
    same: int = 0
    review: int = 0
    none: int = 0


@dataclass(frozen=True, slots=True)
class NameFile:
    """A CSV file of names; .gz and .zip are read as they are.

    `column` has the names, `country_column` where each is registered (ISO 3166-1, two letters); None where that is the
    column `country`, if there is one.
    """

    path: Path
    column: str = "name"
    country_column: str | None = None

    def rows(self, on_reject: Callable[[str], None]) -> Iterator[Name]:
        """Yield the names, prepared, each with its line.

        Rows that do not hold are told, each with its line, and left out. Raises `DocumentError` for a file that cannot
        be read, or without the columns.
        """
        with unpacked(self.path) as stream:
            for row in csv_rows(stream, self.path):
                if row.wrong is None:
                    self._check(row)
                name = Name(normalise(row.cells.get(self.column, "")), self._country(row), row.line)
                wrong = row.wrong or self._wrong(name)
                if wrong is None:
                    yield name
                else:
                    on_reject(f"line {row.line} {wrong}")

    def _check(self, row: CsvRow) -> None:
        for column in (self.column, self.country_column):
            if column is not None and column not in row.cells:
                there = ", ".join(row.cells)
                raise DocumentError(f"{self.path} has no column '{column}': it has {there}; choose with --column")

    def _country(self, row: CsvRow) -> str | None:
        return row.cells.get(self.country_column or "country", "").upper() or None

    def _wrong(self, name: Name) -> str | None:
        if not name.form.joined:
            return "has no name" if not name.form.name else f"has a name without letters: '{name.form.name[:40]}'"
        if name.country is not None and not COUNTRY.fullmatch(name.country):
            return f"has '{name.country[:40]}' for a country: write two letters, as FR (ISO 3166-1)"
        return None


def identify_file(  # noqa: PLR0913 - keywords, each with a default
    store: Store,
    names: NameFile,
    out: TextIO,
    *,
    limit: int = 3,
    lang: str = "en",
    on_reject: Callable[[str], None] = lambda _: None,
    progress: Callable[[str], None] = lambda _: None,
) -> BatchReport:
    """Write which companies the names of a file mean, as CSV of `COLUMNS`, in the file's order.

    Args:
        store: its registers are looked up, and the companies that kg knows by itself.
        names: the file.
        out: what is written to.
        limit: how many candidates of a name at most.
        lang: the language of the reasons, "en" or "fr".
        on_reject: told of each row that does not hold, by its line.
        progress: told how many names and pairs there are, before they are compared.

    Raises:
        DocumentError: the file cannot be read, or has not the columns.
        MissingExtra: DuckDB, pyarrow or what compares names is not installed.

    """
    report = BatchReport()
    with tempfile.TemporaryDirectory(prefix="kg-names-") as folder, closing(Blocks(Path(folder))) as blocks:
        report.names = blocks.take_asked(names.rows(_counting(report, on_reject)))
        report.listed = blocks.take_listed(registered_names(store))
        report.pairs = _paired(blocks, report, progress)
        _write(blocks, out, report, limit, lang)
    return report


def _counting(report: BatchReport, on_reject: Callable[[str], None]) -> Callable[[str], None]:
    def rejected(line: str) -> None:
        report.bad_rows += 1
        on_reject(line)

    return rejected


def _paired(blocks: Blocks, report: BatchReport, progress: Callable[[str], None]) -> int:
    """Pair the names, and tell how many pairs there are before and after; return how many are compared."""
    most, left_out = blocks.find()
    progress(f"{report.names:,} names × {report.listed:,} of registers: at most {most:,} pairs share a block")
    if left_out:
        progress(f"{left_out:,} blocks that too many names share are left out: these words tell nothing by themselves")
    pairs, paired, beyond = blocks.join()
    if beyond:
        progress(f"{beyond:,} times a name's commoner block is left out: its rarer ones have names enough")
    progress(f"{pairs:,} pairs to compare, for {paired:,} of the names")
    return pairs


def _write(blocks: Blocks, out: TextIO, report: BatchReport, limit: int, lang: str) -> None:
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for asked, listed in blocks.pairs():
        decision, rows = told_of(asked, listed, limit, lang)
        setattr(report, decision, getattr(report, decision) + 1)
        writer.writerows(rows)


def told_of(asked: Name, listed: Sequence[Name], limit: int = 3, lang: str = "en") -> tuple[str, list[tuple[Any, ...]]]:
    """Return what is decided of a name, and the rows of `COLUMNS` that say so, by the names it is compared with."""
    best = _candidates(asked, listed)
    decision = _decision(asked, best)
    head = asked.told, guarded(asked.form.name), asked.country or "", decision
    rows = [_row(one, told, lang) for one, told in best[: 1 if decision == "same" else limit]]
    return decision, [(*head, *row) for row in rows or [("",) * (len(COLUMNS) - len(head))]]


_Scored = tuple[Name, NameScore]


def _candidates(asked: Name, listed: Sequence[Name]) -> list[_Scored]:
    """Return the companies that a name may mean, each by its likest name, the likeliest first."""
    best: dict[str, _Scored] = {}
    for name in listed:
        told = score(asked.form, name.form, asked.country, name.country)
        id_ = name.told[0]
        if told.probability >= REVIEW and (id_ not in best or best[id_][1].probability < told.probability):
            best[id_] = name, told
    return sorted(best.values(), key=lambda one: (-one[1].probability, one[0].told[:2]))


def _decision(asked: Name, best: Sequence[_Scored]) -> str:
    """Return what is said of a name: that it is one only where no other stands close, and no country is against it."""
    if not best:
        return "none"
    name, told = best[0]
    is_alone = told.probability >= AUTO_MERGE and not any(other.probability >= CLOSE for _, other in best[1:])
    is_abroad = None not in {asked.country, name.country} and asked.country != name.country
    return "same" if is_alone and not is_abroad else "review"


def _row(name: Name, told: NameScore, lang: str) -> tuple[Any, ...]:
    id_, company, register, key, former = name.told
    why = [told.text(lang)]
    if former is not None:
        why.append(because("former_name", lang, name.form.name, former[0] or "…", former[1] or "…"))
    texts = company, name.form.name, register, key, "; ".join(why)
    return (f"{told.probability:.4f}", id_, *map(guarded, texts))
