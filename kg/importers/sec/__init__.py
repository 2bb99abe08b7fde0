"""Files of the Securities and Exchange Commission: who is listed, who holds more than 5 % of whom, 13F reports."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.importers.contract import Register

__all__ = ["reader", "recognises"]

_TICKERS = re.compile(rb'\s*\{\s*(?:"\d+"\s*:\s*\{\s*"cik_str"\s*:|"fields"\s*:\s*\[\s*"cik"\s*,)')
_SCHEDULE = re.compile(rb"<(?:\w+:)?edgarSubmission\b[^>]*/edgar/schedule13[dg]\b", re.IGNORECASE)
_REPORT = re.compile(rb"<(?:\w+:)?(?:informationTable|edgarSubmission)\b[^>]*/edgar/(?:document/)?thirteenf")
_SET = re.compile(rb"(?:\xef\xbb\xbf)?ACCESSION_NUMBER\t")
_SET_NAME = re.compile(r"form13f\.zip", re.IGNORECASE)


def recognises(head: bytes, name: str) -> bool:
    """Whether a file that begins so is one of the SEC's that kg reads; a data set is known by its `name`, too.

    >>> recognises(b'{"0":{"cik_str":789019,"ticker":"MSFT","title":"MICROSOFT CORP"}}', "x.json")
    True

    """
    if _SET_NAME.search(name):
        return True
    return any(form.match(head) for form in (_TICKERS, _SET)) or any(form.search(head) for form in (_SCHEDULE, _REPORT))


def reader(path: Path, *, name: str | None, retrieved: str | None, is_delta: bool) -> "Register":
    """Return what reads a file of the SEC. Raises `DocumentError` for another file.

    Args:
        path: company_tickers.json or company_tickers_exchange.json; a schedule 13D or 13G in XML; the information
            table of a 13F report, with primary_doc.xml beside it; a filing of these forms whole (.txt); a quarter's
            Form 13F data set (.zip), or INFOTABLE.tsv beside SUBMISSION.tsv and COVERPAGE.tsv.
        name: how the ids of documents begin, by default "sec".
        retrieved: when the file was fetched; only files of tickers do not say of when they are.
        is_delta: whether companies that a file of tickers lacks stay; filings withdraw nothing in any case.

    """
    from kg.errors import DocumentError
    from kg.importers.registers import head_of
    from kg.importers.sec.covers import is_set
    from kg.importers.sec.holdings import HoldingsRegister
    from kg.importers.sec.schedules import ScheduleRegister
    from kg.importers.sec.tickers import TickersRegister

    head = head_of(path)
    if _TICKERS.match(head):
        return TickersRegister(path, name=name, retrieved=retrieved, is_delta=is_delta)
    if _SCHEDULE.search(head):
        return ScheduleRegister(path, name=name, retrieved=retrieved)
    if _REPORT.search(head) or is_set(path):
        return HoldingsRegister(path, name=name, retrieved=retrieved)
    raise DocumentError(
        f"{path} is no file of the SEC that kg reads: give company_tickers.json, a schedule 13D or 13G or a 13F report"
        " in XML, or a Form 13F data set"
    )
