"""Statements of BODS 0.1–0.3 in the shape of 0.4.

The older shapes are those of https://standard.openownership.org/en/0.2.0/ and https://standard.openownership.org/en/0.3.0/;
what changed with each version is listed in the changelog of the standard.
"""

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["is_old", "upgraded"]

_RECORD_TYPES = {
    "entityStatement": "entity",
    "personStatement": "person",
    "ownershipOrControlStatement": "relationship",
}
_AROUND = ("statementDate", "publicationDetails", "source", "annotations", "replacesStatements")
_RENAMED = {
    "settlor-of-trust": "settlor",
    "trustee-of-trust": "trustee",
    "protector-of-trust": "protector",
    "beneficiary-of-trust": "beneficiaryOfLegalArrangement",
    "other-influence-or-control-of-trust": "otherInfluenceOrControl",
}
_CODES = {"individual": "legal"}
_HYPHEN = re.compile(r"-(\w)")


def is_old(statement: Mapping[str, Any]) -> bool:
    """Tell whether a statement has the shape of BODS 0.1–0.3.

    >>> is_old({"statementType": "personStatement"}), is_old({"recordType": "person"})
    (True, False)

    """
    return "statementType" in statement and "recordType" not in statement


def upgraded(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Return a statement of an older version as one of BODS 0.4; what is no statement stays as it is.

    References to statements become references to records: where a statement replaces another one, both are of one
    record, which whoever holds all statements finds out (``replacesStatements`` is kept for that).

    >>> old = {"statementType": "ownershipOrControlStatement", "statementID": "s1",
    ...     "subject": {"describedByEntityStatement": "a"}, "interestedParty": {"describedByPersonStatement": "b"},
    ...     "interests": [{"type": "voting-rights", "share": {"minimum": 25, "maximum": 50}}]}
    >>> new = upgraded(old)
    >>> new["recordType"], new["recordDetails"]["interestedParty"], new["recordDetails"]["interests"][0]["share"]
    ('relationship', 'b', {'minimum': 25, 'exclusiveMaximum': 50})

    """
    kind = _RECORD_TYPES.get(str(statement.get("statementType")))
    if kind is None:
        return dict(statement)
    id_ = statement.get("statementID")
    new = {name: statement[name] for name in _AROUND if name in statement}
    new |= {"statementId": id_, "recordId": id_, "recordType": kind}
    new["recordStatus"] = "updated" if statement.get("replacesStatements") else "new"
    details = {
        name: value for name, value in statement.items() if name not in {*_AROUND, "statementID", "statementType"}
    }
    new["recordDetails"] = _UPGRADES[kind](details)
    return new


def _entity(details: dict[str, Any]) -> dict[str, Any]:
    subtype = details.pop("entitySubtype", None)
    type_: dict[str, Any] = {"type": details.pop("entityType", None)}
    if isinstance(subtype, dict):
        category = str(subtype.get("generalCategory") or "").rpartition("-")[2]
        type_ |= {"subtype": category or None, "details": subtype.get("localTerm")}
    if "incorporatedInJurisdiction" in details:
        details["jurisdiction"] = details.pop("incorporatedInJurisdiction")
    return details | {"entityType": type_} | _unspecified(details, "unspecifiedEntityDetails")


def _person(details: dict[str, Any]) -> dict[str, Any]:
    names = details.get("names")
    if isinstance(names, list):
        details["names"] = [_coded(name, "type") for name in names]
    if "missingInfoReason" in details:
        # BODS 0.1 had a text alone.
        details["unspecifiedPersonDetails"] = {"description": details.pop("missingInfoReason")}
    if details.pop("hasPepStatus", None) or "pepStatusDetails" in details:
        details["politicalExposure"] = {"status": "isPep", "details": details.pop("pepStatusDetails", [])}
    return details | _unspecified(details, "unspecifiedPersonDetails")


def _unspecified(details: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {name: _coded(details[name], "reason")} if name in details else {}


def _relationship(details: dict[str, Any]) -> dict[str, Any]:
    details["subject"] = _reference(details.get("subject"))
    details["interestedParty"] = _reference(details.get("interestedParty"))
    if "componentStatementIDs" in details:
        details["componentRecords"] = details.pop("componentStatementIDs")
    interests = details.get("interests")
    if isinstance(interests, list):
        details["interests"] = [_interest(each) if isinstance(each, dict) else each for each in interests]
    return details


def _reference(party: object) -> object:
    if not isinstance(party, dict):
        return party
    for name in ("describedByEntityStatement", "describedByPersonStatement"):
        if party.get(name):
            return party[name]
    return _coded(party.get("unspecified", party), "reason")


def _interest(interest: Mapping[str, Any]) -> dict[str, Any]:
    new = dict(_coded(interest, "type"))
    if "interestLevel" in new:
        new["directOrIndirect"] = new.pop("interestLevel")
    share = new.get("share")
    if isinstance(share, dict):
        new["share"] = _share(share)
    return new


def _share(share: Mapping[str, Any]) -> dict[str, Any]:
    """Bounds: until 0.3 a flag says whether one is exclusive, by default the upper one is."""
    new = {name: share[name] for name in ("exact",) if name in share}
    for bound, flag, default in (("minimum", "exclusiveMinimum", False), ("maximum", "exclusiveMaximum", True)):
        if bound in share:
            new[flag if share.get(flag, default) is True else bound] = share[bound]
    return new


def _coded(part: Any, name: str) -> Any:
    """Return a part whose code is spelled as in 0.4: 0.1 and 0.2 wrote voting-rights for votingRights."""
    if not isinstance(part, dict) or not isinstance(part.get(name), str):
        return part
    code = part[name]
    new = _RENAMED.get(code) or _CODES.get(code) or _HYPHEN.sub(lambda match: match[1].upper(), code)
    return {**part, name: new}


_UPGRADES = {"entity": _entity, "person": _person, "relationship": _relationship}
