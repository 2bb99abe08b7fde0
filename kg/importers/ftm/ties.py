"""What a relationship of FollowTheMoney says that kg has a relation for: ownership, and a parent where it is said."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kg.errors import InvalidRecord
from kg.importers.ftm.proxies import Proxy, first_date, last_date
from kg.importers.record_chunks import BadRecord, LeftOut
from kg.importers.shares import share_of
from kg.model import Modality, Qualifiers

__all__ = ["LINKS", "SUBSIDIARY", "Tie", "ties_of"]

SUBSIDIARY = "subsidiary-of"
LINKS = {"Ownership": ("owner", "asset"), "UnknownLink": ("subject", "object")}
"""Schemata that may be ties, with the properties that name the ends."""
_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"\d{1,30}(?:\.\d{1,12})?")
_ENDED = {"ended", "ceased", "former", "inactive", "terminated", "expired", "closed"}
_INDIRECT = {"indirect", "ultimate"}


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie between two entities of the file, by their ids there."""

    subject: str
    relation: str
    object: str
    modality: Modality
    qualifiers: Qualifiers


def ties_of(proxy: Proxy, left_out: LeftOut) -> Iterator[Tie]:
    """Yield the ties that a relationship is. Raises `BadRecord` where it does not hold.

    Where several owners, assets or percentages are given, each is a tie of its own: which belong together is not said.
    """
    first, second = LINKS[proxy.schema]
    ends = (proxy.values(first), proxy.values(second))
    for name, values in ((first, ends[0]), (second, ends[1])):
        if not values:
            raise BadRecord(name, "", f"is empty: {proxy.schema} has both ends")
    if proxy.schema == "UnknownLink" and SUBSIDIARY not in proxy.values("role"):
        left_out.add("UnknownLink, which does not say what links its ends")
        return
    relation = "holds-stake" if proxy.schema == "Ownership" else SUBSIDIARY
    for subject, object_, share in itertools.product(*ends, _shares(proxy, left_out)):
        yield Tie(subject, relation, object_, _modality(proxy), _terms(proxy, share))


def _shares(proxy: Proxy, left_out: LeftOut) -> list[dict[str, Any]]:
    shares: list[dict[str, Any]] = []
    for value in proxy.values("percentage"):
        share = share_of(value)
        if share is None:
            left_out.add("percentage that is no figure from 0 to 100 (its text stays)")
        shares.append({"as_printed": value} if share is None else share.terms(value))
    return shares or [{}]


def _terms(proxy: Proxy, share: dict[str, Any]) -> Qualifiers:
    # What goes through others is a type of an Ownership; another link has its role alone to say so.
    kinds = " ".join(proxy.values("ownershipType" if proxy.schema == "Ownership" else "role")).casefold()
    is_indirect = any(word in kinds for word in _INDIRECT)
    is_votes = "vot" in " ".join(proxy.values("sharesType")).casefold()
    says_what = bool(share) or "capital" in proxy.values("sharesType")
    amount, currency = _number(proxy, "sharesValue"), proxy.first("sharesCurrency")
    has_amount = amount is not None and currency is not None and _CURRENCY.fullmatch(currency)
    try:
        return Qualifiers(
            **share,
            percent_of="votes" if is_votes else "capital" if says_what and proxy.schema == "Ownership" else None,
            quantity=_number(proxy, "sharesCount"),
            amount=amount if has_amount else None,
            currency=currency if has_amount else None,
            indirect=True if is_indirect else False if "direct" in kinds else None,
            start=first_date(proxy.values("startDate")),
            end=last_date(proxy.values("endDate")),
            as_of=last_date(proxy.values("date")),
        )
    except InvalidRecord as error:
        raise BadRecord(proxy.schema, proxy.id, str(error)) from error


def _number(proxy: Proxy, name: str) -> Decimal | None:
    """Return the number of a property; None where it has none, or several."""
    values = proxy.values(name)
    return Decimal(values[0]) if len(values) == 1 and _NUMBER.fullmatch(values[0]) else None


def _modality(proxy: Proxy) -> Modality:
    words = {value.casefold() for value in proxy.values("status")}
    if Modality.PAST.value in words:
        return Modality.PAST
    return Modality.ENDED if words & _ENDED else Modality.ASSERTED
