"""What the cells of a list of edges mean, and what is wrong with them: each by its column, none of them silently."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from kg.dates import first_day, is_partial_date, last_day
from kg.errors import InvalidRecord, did_you_mean
from kg.importers.edges.rows import RawRow
from kg.model import Modality, Qualifiers, canonical_decimal
from kg.ontology import ontology

if TYPE_CHECKING:
    from kg.importers.edges.columns import RejectedRow

__all__ = ["DEFAULT_RELATION", "BadCell", "Fields", "kind_of", "name_of", "number_of", "word_of"]

DEFAULT_RELATION = "holds-stake"
"""What a row says that names no relation."""

_PERCENT_OF: Mapping[str, str] = {
    **dict.fromkeys(("capital", "equity", "shares"), "capital"),
    **dict.fromkeys(("votes", "vote", "voting", "voting rights"), "votes"),
    **dict.fromkeys(("revenue", "sales"), "revenue"),
    **dict.fromkeys(("cost", "costs"), "cost"),
}
_YES_NO: Mapping[str, bool] = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
# Python's own float() and Decimal() take 1_0, Arabic digits and sNaN as well.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_NOT_FINITE = re.compile(r"[+-]?(?:s?nan\d*|inf(?:inity)?)", re.IGNORECASE)
_LONGEST = 100
_EXACT = Context(prec=2 * _LONGEST)
_HUNDRED = Decimal(100)
_FRACTION = "a column of percentages is called percent, or is read with the unit percent"


class BadCell(Exception):
    """What is wrong with one cell."""


class Fields:
    """Reads the cells of one row; `rejected` gathers what does not hold."""

    def __init__(self, row: RawRow, *, percent: bool) -> None:
        self.row = row
        self.rejected: list[RejectedRow] = [row.rejected(*wrong) for wrong in row.wrong]
        self._percent = percent

    def reject(self, column: str, value: object, reason: str) -> None:
        """Note what is wrong with a cell."""
        self.rejected.append(self.row.rejected(column, value, reason))

    def read(self, column: str, meaning: Callable[[Any], Any], default: Any = None) -> Any:
        """Return what a cell means; `default` where it is empty, or wrong, which is noted."""
        value = self.row.values.get(column)
        if value is None:
            return default
        try:
            return meaning(value)
        except BadCell as bad:
            self.reject(column, value, str(bad))
            return default

    def name(self, column: str) -> str:
        """Return the name of an end; one is needed."""
        if self.row.values.get(column) is None and not self.row.wrong:
            self.reject(column, "", "is empty: write a name")
        return str(self.read(column, name_of, ""))

    def relation(self) -> str:
        """Return the name of the relation."""
        return str(self.read("relation", _relation, DEFAULT_RELATION))

    def qualifiers(self) -> Qualifiers:
        """Return the terms of the row, without those that do not hold."""
        low, exact, high = self._percentages()
        start, end = self.read("start", _date), self.read("end", _date)
        if start and end and last_day(end) < first_day(start):
            self.reject("end", end, f"lies before the start, {start}")
        return Qualifiers(
            **self._sums(),
            percent=exact,
            percent_min=low,
            percent_max=high,
            percent_of=self.read("percent_of", _percent_of),
            goods=self.read("goods", name_of),
            exclusive=self.read("exclusive", _yes_or_no),
            indirect=self.read("indirect", _yes_or_no),
            start=start,
            end=end,
            as_of=self.read("as_of", _date),
            duration=self.read("duration", _duration),
        )

    def known_from(self) -> str | None:
        """Return the date from which it was known."""
        found: str | None = self.read("known_from", _date)
        return found

    def modality(self) -> Modality:
        """Return how it is said; asserted by default."""
        return Modality(self.read("modality", _modality, Modality.ASSERTED))

    def _sums(self) -> dict[str, Any]:
        """Return the sum of the row, or its bounds, with the currency; nothing where one of the two is missing."""
        sums = {name: self.read(name, _amount) for name in ("amount", "amount_min", "amount_max")}
        currency = self.read("currency", _currency)
        given = [name for name in sums if self.row.values.get(name) is not None]
        # Unlike a share, a sum has no unit of its own.
        if given and self.row.values.get("currency") is None:
            amount = self.row.values[given[0]]
            self.reject("currency", "", f"is missing beside the amount {amount}: write one, as in USD")
        if currency is not None and not given:
            self.reject("currency", currency, "stands beside no amount: write the sum, or leave the cell empty")
        for name in given[1:] if "amount" in given else ():
            self.reject(name, self.row.values[name], "stands beside the amount: give one of the two")
        low, high = sums["amount_min"], sums["amount_max"]
        if low is not None and high is not None and low > high:
            self.reject("amount_min", low, f"is more than amount_max, {high}")
        is_whole = currency is not None and any(amount is not None for amount in sums.values())
        return {**sums, "currency": currency} if is_whole else {}

    def _percentages(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        share = self.read("share", _percent if self._percent else _share)
        percent = self.read("percent", _percent)
        low, high = self.read("percent_min", _percent), self.read("percent_max", _percent)
        given = [name for name in ("share", "percent") if self.row.values.get(name) is not None]
        ranged = [name for name in ("percent_min", "percent_max") if self.row.values.get(name) is not None]
        for name in given[1:] + (ranged if given else []):
            self.reject(name, self.row.values[name], f"stands beside the {given[0]}: give one of the two")
        if low is not None and high is not None and low > high:
            self.reject("percent_min", low, f"is more than percent_max, {high}")
        return low, share if share is not None else percent, high


def kind_of(word: object) -> str:
    """Return the class of the ontology that a word names ("person" → "Person"); raise `BadCell` for none."""
    known = ontology().classes
    found = {name.casefold(): name for name in known}.get(re.sub(r"[\s_-]", "", str(word)).casefold())
    if found is None:
        raise BadCell(f"is no class of the ontology.{did_you_mean(str(word), known) or _there_are(known)}")
    return found


def _there_are(names: Any) -> str:
    return f" There are: {', '.join(names)}."


def name_of(value: object) -> str:
    """Return a name, each of its gaps a space; raise `BadCell` for none."""
    if not isinstance(value, str):
        # Numbers serve as names of nodes in many lists; what is not a number is none.
        if isinstance(value, float) and not math.isfinite(value):
            raise BadCell("is no name")
        value = str(value)
    if not value.isprintable() and any(unicodedata.category(char) in {"Cc", "Cs"} for char in value.strip()):
        raise BadCell("holds a control character or a line break")
    return " ".join(value.split())


def _relation(value: object) -> str:
    relations = {name: relation for name, relation in ontology().relations.items() if not relation.is_figure}
    return word_of(str(value).strip().replace("_", "-").replace(" ", "-"), relations, "relation between two entities")


def word_of(word: str, known: Iterable[str], what: str) -> str:
    """Return a word that is one of some; raise `BadCell` with the nearest for any other."""
    known = list(known)
    if word not in known:
        raise BadCell(f"is no {what}.{did_you_mean(word, known) or _there_are(known)}")
    return word


def number_of(value: object) -> Decimal:
    """Return a number exactly as it is written, a float as Python writes it; raise `BadCell` for none."""
    text = float.__repr__(value) if isinstance(value, float) else str(value).strip()
    if _NOT_FINITE.fullmatch(text):
        raise BadCell("is not a number: leave the cell empty where nothing is known")
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text) or isinstance(value, bool):
        mark = ": write a point for the comma, and no mark between thousands" if "," in text else ""
        raise BadCell(f"is not a number{mark or ': write digits, as in 12.5'}")
    return Decimal(text)


def _share(value: object) -> Decimal:
    """Return a fraction as a percentage; what bears a percent sign is one already."""
    if isinstance(value, str) and value.strip().endswith("%"):
        return _percent(value)
    number = number_of(value)
    if number > 1:
        raise BadCell(f"is over 100 %: write 0 to 1; {_FRACTION}")
    return _in_range(number, 1)


def _percent(value: object) -> Decimal:
    text = value.strip().removesuffix("%").strip() if isinstance(value, str) else value
    number = number_of(text)
    if number > _HUNDRED:
        raise BadCell("is over 100 %: write 0 to 100")
    return _in_range(number, 100)


def _in_range(number: Decimal, whole: int) -> Decimal:
    if number < 0:
        raise BadCell(f"is negative; write 0 to {whole}")
    return _written(_EXACT.multiply(_written(number), _HUNDRED / whole))


def _written(number: Decimal) -> Decimal:
    try:
        return canonical_decimal(number)
    except InvalidRecord as error:
        raise BadCell(str(error).removeprefix(f"{number:.3e} ")) from error


def _amount(value: object) -> Decimal:
    number = number_of(value)
    if number < 0:
        raise BadCell("is negative: a sum is 0 or more")
    return _written(number)


def _currency(value: object) -> str:
    return str(_term("currency", value))


def _duration(value: object) -> str:
    return str(_term("duration", value))


def _term(name: str, value: object) -> object:
    """Return a term as `Qualifiers` takes it."""
    word = str(value).strip()
    try:
        return getattr(Qualifiers(**{name: word}), name)  # type: ignore[arg-type]
    except InvalidRecord as error:
        raise BadCell(str(error).removeprefix(f"{word!r} ")) from error


def _date(value: object) -> str:
    if isinstance(value, dt.datetime):
        value = value.date()
    # A column of years with gaps comes out of pandas as 2024.0.
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if not is_partial_date(text):
        raise BadCell("is no date: write YYYY, YYYY-MM or YYYY-MM-DD, of the calendar")
    return text


def _percent_of(value: object) -> str:
    word = " ".join(str(value).casefold().replace("_", " ").split())
    if word not in _PERCENT_OF:
        known = list(dict.fromkeys(_PERCENT_OF.values()))
        raise BadCell(f"is nothing that a share is of.{did_you_mean(word, _PERCENT_OF) or _there_are(known)}")
    return _PERCENT_OF[word]


def _yes_or_no(value: object) -> bool:
    word = str(value).strip().casefold()
    if word not in _YES_NO:
        raise BadCell("is neither yes nor no")
    return _YES_NO[word]


def _modality(value: object) -> Modality:
    return Modality(word_of(str(value).strip().casefold(), map(str, Modality), "modality"))
