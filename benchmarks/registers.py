"""What reading a register costs, record by record to claims and records, against pandas on the same file, in one run.

Reading   rows a second of a register's reader, and of pandas, which takes the cells alone: no check, no claims
Memory    what the process holds at most beside what it holds before, for a file and for one ten times as long: it
          should be the same
Store     rows a second of a whole import into a store on disk, and of a second one of the same file, which writes
          nothing

Each side is a process of its own. Files are made up; the sample of GLEIF's level 1 is real, and is read where the
shared data are. ``--quick`` takes a tenth of the rows. A register is a line of `CASES`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import _memory
from bench import ROOT, Row

sys.path.append(str(ROOT))

ROWS, LONG = 30_000, 10
SHARED = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared"))


@dataclass(frozen=True)
class Case:
    """A register's format: what reads it, how a file of some rows is written, and what pandas makes of it."""

    register: str
    write: Callable[[Path, int], None]
    pandas: Callable[[Path], Any]


# ---------------------------------------------------------------- GLEIF
def _entities(count: int) -> Iterator[dict[str, Any]]:
    from tests.importers.gleif.files import entity, lei, named

    for at in range(count):
        former = named(f"Old company {at} SA", xml_lang="fr", type="PREVIOUS_LEGAL_NAME")
        yield entity(
            lei(f"A{at}"),
            f"Company {at} SA",
            OtherEntityNames={"OtherEntityName": [former]},
            RegistrationAuthority={
                "RegistrationAuthorityID": "RA000189",
                "RegistrationAuthorityEntityID": f"{at:09}",
            },
            LegalForm={"EntityLegalFormCode": "K65D"},
        )


def _relationships(count: int) -> Iterator[dict[str, Any]]:
    from tests.importers.gleif.files import lei, relationship

    periods = [("ACCOUNTING_PERIOD", "2018-01-01", "2018-12-31"), ("RELATIONSHIP_PERIOD", "2018-02-06")]
    return (relationship(lei(f"A{at}"), lei(f"B{at % 997}"), periods=periods) for at in range(count))


def _gleif(trees: Callable[[int], Iterator[dict[str, Any]]], form: str) -> Callable[[Path, int], None]:
    def write(path: Path, count: int) -> None:
        from tests.importers.gleif import files

        path.write_bytes(files.FORMATS[form](list(trees(count))))

    return write


def _sample(path: Path, count: int) -> None:
    """The first rows of GLEIF's level 1; of a longer file they stand again, with keys of their own."""
    import gzip

    from tests.importers.gleif.files import lei

    with gzip.open(SHARED / "data" / "gleif" / "lei-level1-sample-30k.csv.gz", "rt", encoding="utf-8") as file:
        header, *rows = file.read().splitlines()
    with path.open("w", encoding="utf-8") as out:
        out.write(f"{header}\n")
        for at in range(count):
            row = rows[at % len(rows)]
            out.write(f"{row if at < len(rows) else lei(f'A{at}') + row[20:]}\n")


def _csv(path: Path) -> Any:
    import pandas as pd

    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _xml(item: str, namespace: str) -> Callable[[Path], Any]:
    def read(path: Path) -> Any:
        import pandas as pd

        return pd.read_xml(path, xpath=f".//x:{item}", namespaces={"x": namespace}, dtype=str)

    return read


def _json(key: str) -> Callable[[Path], Any]:
    def read(path: Path) -> Any:
        import pandas as pd

        return pd.json_normalize(json.loads(path.read_bytes())[key])

    return read


# ---------------------------------------------------------------- the SEC, Wikidata, OpenCorporates
def _tickers(path: Path, count: int) -> None:
    rows = {str(at): {"cik_str": at + 1, "ticker": "AB", "title": f"Company {at} Inc."} for at in range(count)}
    path.write_text(json.dumps(rows), "utf-8")


def _holdings(path: Path, count: int) -> None:
    from tests.importers import sec_files

    path.with_name("primary_doc.xml").write_text(sec_files.cover(), "utf-8")
    rows = (sec_files.row(name=f"COMPANY {at}", cusip=sec_files.cusip(at)) for at in range(count))
    path.write_text(sec_files.table(*rows), "utf-8")


def _items(path: Path, count: int) -> None:
    from tests.importers import wikidata_files

    with path.open("w", encoding="utf-8") as out:
        for at in range(count):
            parent = wikidata_files.thing(f"Q{at // 7 + 1}")
            out.write(wikidata_files.lines(wikidata_files.item(f"Q{at + 2}", f"Company {at}", P749=[parent])))


def _results(path: Path, count: int) -> None:
    from tests.importers import wikidata_files

    rows = ({"item": f"Q{at + 2}", "itemLabel": f"Company {at}", "parent": f"Q{at // 7 + 1}"} for at in range(count))
    path.write_text(wikidata_files.results(*rows), "utf-8")


def _companies(path: Path, count: int) -> None:
    from tests.importers.opencorporates_files import COMPANIES, ZELTAN, table

    rows = ({**ZELTAN, "company_number": f"{at:08}", "name": f"Company {at} Ltd"} for at in range(count))
    path.write_text(table(COMPANIES, *rows), "utf-8")


def _relationships_of_companies(path: Path, count: int) -> None:
    from tests.importers.opencorporates_files import HELD, RELATIONSHIPS, table

    rows = (
        {**HELD, "oc_relationship_identifier": at, "subject_entity_company_number": f"{at:08}"} for at in range(count)
    )
    path.write_text(table(RELATIONSHIPS, *rows), "utf-8")


def _lines(path: Path) -> Any:
    import pandas as pd

    return pd.read_json(path, lines=True)


def _bindings(path: Path) -> Any:
    import pandas as pd

    return pd.json_normalize(json.loads(path.read_bytes())["results"]["bindings"])


def _objects(path: Path) -> Any:
    import pandas as pd

    return pd.read_json(path, orient="index", dtype=False)


_TABLE = "http://www.sec.gov/edgar/document/thirteenf/informationtable"


def _table(path: Path) -> Any:
    """SEC's tables begin with a blank line, which pandas does not read."""
    import io

    import pandas as pd

    return pd.read_xml(
        io.BytesIO(path.read_bytes().strip()), xpath=".//x:infoTable", namespaces={"x": _TABLE}, dtype=str
    )


# ---------------------------------------------------------------- BODS and FollowTheMoney: an issuer, a holder, a tie
def _bods(path: Path, count: int) -> None:
    def statement(record: str, kind: str, **details: object) -> dict[str, object]:
        publication = {"publicationDate": "2024-02-01", "bodsVersion": "0.4", "publisher": {"name": "A register"}}
        return {
            "statementId": f"statement-of-{record:0>24}",
            "recordId": record,
            "recordType": kind,
            "recordStatus": "new",
            "statementDate": "2024-01-31",
            "publicationDetails": publication,
            "recordDetails": {"isComponent": False, **details},
        }

    def trio(at: int) -> Iterator[dict[str, object]]:
        number = {"scheme": "GB-COH", "id": f"{at:08}"}
        type_, names = {"type": "registeredEntity"}, [{"fullName": f"Jo Doe {at}"}]
        yield statement(f"e{at}", "entity", entityType=type_, name=f"Company {at} Ltd", identifiers=[number])
        yield statement(f"p{at}", "person", personType="knownPerson", names=names)
        interest = {"type": "shareholding", "share": {"exact": at % 100}, "startDate": "2020-01-01"}
        yield statement(f"r{at}", "relationship", subject=f"e{at}", interestedParty=f"p{at}", interests=[interest])

    _write_trios(path, count, trio)


def _ftm(path: Path, count: int) -> None:
    def entity(id_: str, schema: str, **properties: str) -> dict[str, object]:
        values = {name: [value] for name, value in properties.items()}
        return {"id": id_, "schema": schema, "properties": values, "datasets": ["made"], "last_change": "2024-02-01"}

    def trio(at: int) -> Iterator[dict[str, object]]:
        number = {"jurisdiction": "gb", "registrationNumber": f"{at:08}"}
        yield entity(f"NK-{at}a", "Company", name=f"Company {at} Ltd", **number)
        yield entity(f"NK-{at}p", "Person", name=f"Jo Doe {at}")
        ends = {"owner": f"NK-{at}p", "asset": f"NK-{at}a"}
        yield entity(f"NK-{at}o", "Ownership", percentage=f"{at % 100}%", startDate="2020", **ends)

    _write_trios(path, count, trio)


def _write_trios(path: Path, count: int, trio: Callable[[int], Iterator[dict[str, object]]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(f"{json.dumps(each)}\n" for at in range(count // 3) for each in trio(at))


_LEI_XML = _xml("LEIRecord", "http://www.gleif.org/data/schema/leidata/2016")
CASES: Mapping[str, Case] = {
    "gleif level 1, sample.csv": Case("gleif", _sample, _csv),
    "gleif level 1, golden.csv": Case("gleif", _gleif(_entities, "csv"), _csv),
    "gleif level 1, golden.json": Case("gleif", _gleif(_entities, "json"), _json("records")),
    "gleif level 1, cdf.xml": Case("gleif", _gleif(_entities, "xml"), _LEI_XML),
    "gleif level 2, golden.csv": Case("gleif", _gleif(_relationships, "csv"), _csv),
    "bods, statements.jsonl": Case("bods", _bods, _lines),
    "ftm, entities.jsonl": Case("ftm", _ftm, _lines),
    "sec company_tickers.json": Case("sec", _tickers, _objects),
    "sec 13F table.xml": Case("sec", _holdings, _table),
    "wikidata lines of a dump.json": Case("wikidata", _items, _lines),
    "wikidata results.json": Case("wikidata", _results, _bindings),
    "opencorporates companies.csv": Case("opencorporates", _companies, _csv),
    "opencorporates relationships.csv": Case("opencorporates", _relationships_of_companies, _csv),
}


# ---------------------------------------------------------------- one side, in a process of its own
@dataclass(frozen=True)
class Cost:
    """Processor seconds of reading a file, the rows that there were, and MB that it took beside what was there."""

    seconds: float
    rows: int
    megabytes: float


def _taken(name: str, side: str, path: Path) -> int:
    if side == "pandas":
        return len(CASES[name].pandas(path))
    from kg.importers.registers import register

    source = register(CASES[name].register, path)
    if side == "kg":
        return sum(chunk.rows for chunk in source.chunks())
    from kg.pipeline.imports import import_register
    from kg.store import open_store

    with open_store(path.with_suffix(".store"), write=True) as store:
        return import_register(store, source).rows


def _warm(name: str, side: str, path: Path) -> None:
    """Load what a side takes, on the first rows of the file."""
    if side == "pandas":
        import pandas as pd

        pd.DataFrame({"a": ["b"]})
    else:
        from kg.importers.registers import register

        next(iter(register(CASES[name].register, path).chunks()))


def one(name: str, side: str, path: Path) -> None:
    """Print what a side costs, as JSON; this is what the process of a side does."""
    _warm(name, side, path)
    before, start = _memory.start(), time.process_time()
    rows = _taken(name, side, path)
    print(json.dumps([time.process_time() - start, rows, _memory.peak() - before]))


def cost(name: str, side: str, path: Path) -> Cost:
    command = [sys.executable, __file__, "--one", name, side, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this file
    return Cost(*json.loads(done.stdout))


# ---------------------------------------------------------------- the table
def measured(name: str, count: int, folder: Path) -> Iterator[Row]:
    """Yield the lines of a case: reading with its memory, and taking in."""
    suffix = name.rpartition(".")[2]
    short, long = folder / f"short.{suffix}", folder / f"long.{suffix}"
    CASES[name].write(short, count)
    CASES[name].write(long, count * LONG)
    ours, theirs, grown = cost(name, "kg", short), cost(name, "pandas", short), cost(name, "kg", long)
    pandas = cost(name, "pandas", long)
    if not ours.rows == theirs.rows == count or grown.rows != count * LONG:
        raise ValueError(f"{name}: {ours.rows} and {theirs.rows} of {count} rows, {grown.rows} of the long file")
    rates = f"{ours.rows / ours.seconds:,.0f} and {theirs.rows / theirs.seconds:,.0f} rows a second"
    memory = f"{ours.megabytes:.0f} and {grown.megabytes:.0f} MB at {count:,} and {count * LONG:,}"
    yield Row(name, ours.seconds, theirs.seconds, f"{rates}; {memory}, pandas {pandas.megabytes:.0f}")
    first, second = cost(name, "store", short), cost(name, "store", short)
    yield Row(f"{name}: store", first.seconds, None, f"{first.rows / first.seconds:,.0f} rows a second")
    yield Row(f"{name}: again", second.seconds, None, f"{second.rows / second.seconds:,.0f} rows a second")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    parser.add_argument("--rows", type=int, default=ROWS, help=f"how many rows the shorter files have: {ROWS:,}")
    parser.add_argument("--case", choices=CASES, action="append", help="a case alone; repeatable")
    parser.add_argument("--one", nargs=3, metavar=("CASE", "SIDE", "FILE"), help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if told.one:
        one(told.one[0], told.one[1], Path(told.one[2]))
        return
    print(f"{'':<28}{'kg':>12}{'pandas':>12}{'pandas/kg':>10}")
    for name in told.case or CASES:
        case = CASES[name]
        if case.write is _sample and not SHARED.is_dir():
            print(f"{name}: the shared data are not here: {SHARED} (set KG_SHARED)")
            continue
        with tempfile.TemporaryDirectory() as folder:
            for row in measured(name, told.rows // (10 if told.quick else 1), Path(folder)):
                print(row, flush=True)


if __name__ == "__main__":
    main()
