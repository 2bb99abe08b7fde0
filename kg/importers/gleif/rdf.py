"""GLEIF's data as RDF (Turtle): its nodes gathered into the records that the other formats have.

A record's nodes stand apart in the file, the entity here, its registration and its number there. So the file is put
into a database on disk, by node, and read out record by record. The text of a record is its triples as N-Triples
(https://www.w3.org/TR/n-triples/), sorted, since it has no text of its own.

Source: https://www.gleif.org/ontology/ (Base, L1, L2, ReportingException).
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Self

import pyoxigraph as ox

from kg.errors import DocumentError
from kg.importers.gleif.records import RawRecord

__all__ = ["read_rdf"]

_BATCH = 10_000
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_ONTOLOGY = "https://www.gleif.org/ontology/"
_LEI = re.compile(r"([0-9A-Z]{18}[0-9]{2})(?:-|$)")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_GOVERNMENTS = ("CentralGovernment", "StateGovernment", "LocalGovernment", "SocialSecurity")
_CATEGORIES: Mapping[str, str | None] = {
    "LegalEntity": None,
    "GeneralEntity": "GENERAL",
    "Branch": "BRANCH",
    "Fund": "FUND",
    "SoleProprietor": "SOLE_PROPRIETOR",
    "InternationalOrganization": "INTERNATIONAL_ORGANIZATION",
    "ResidentGovernmentEntity": "RESIDENT_GOVERNMENT_ENTITY",
    **dict.fromkeys(_GOVERNMENTS, "RESIDENT_GOVERNMENT_ENTITY"),
}
"""Classes of entities and their category, the wider class before the narrower."""
_RELATIONSHIPS = {
    "DirectConsolidation": "IS_DIRECTLY_CONSOLIDATED_BY",
    "UltimateConsolidation": "IS_ULTIMATELY_CONSOLIDATED_BY",
    "InternationalBranchRelationship": "IS_INTERNATIONAL_BRANCH_OF",
    "FundManagementRelationship": "IS_FUND-MANAGED_BY",
    "SubFundRelationship": "IS_SUBFUND_OF",
    "FeederMasterFundRelationship": "IS_FEEDER_TO",
}
_EXCEPTIONS = {
    "DirectConsolidationReportingException": "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT",
    "UltimateConsolidationReportingException": "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT",
}
_NAMES = {
    "hasPreviousLegalName": "PREVIOUS_LEGAL_NAME",
    "hasTradingOrOperatingName": "TRADING_OR_OPERATING_NAME",
    "hasAlternativeLanguageLegalName": "ALTERNATIVE_LANGUAGE_LEGAL_NAME",
    "hasAutoASCIITransliteratedLegalName": "AUTO_ASCII_TRANSLITERATED_LEGAL_NAME",
    "hasPreferredASCIITransliteratedLegalName": "PREFERRED_ASCII_TRANSLITERATED_LEGAL_NAME",
}
_PERIODS = {
    "hasRelationshipPeriod": "RELATIONSHIP_PERIOD",
    "hasAccountingPeriod": "ACCOUNTING_PERIOD",
    "hasDocumentFilingPeriod": "DOCUMENT_FILING_PERIOD",
}
_PARTS = ("hasLegalAddress", "hasHeadquartersAddress", "hasRegistrationIdentifier", *_PERIODS)
"""What of a record stands in nodes of its own, to which the property leads."""
_WHOLES = ("identifiesAndRecords", "records")
"""Properties that lead from the registration of a record to it."""

_Node = dict[str, list[str]]


def read_rdf(stream: IO[bytes], path: Path) -> Iterator[RawRecord]:
    """Yield the records of a file, those of one kind after those of another, each kind in the order of its nodes.

    Raises `DocumentError` for what is no Turtle or is cut off.
    """
    with _Nodes() as nodes:
        try:
            nodes.add(ox.parse(stream, ox.RdfFormat.TURTLE, lenient=False))
        except (SyntaxError, ValueError) as error:
            raise DocumentError(f"{path} is no whole Turtle: {' '.join(str(error).split())}") from error
        number = 0
        kinds = ((_CATEGORIES, _entity), (_RELATIONSHIPS, _relationship), (_EXCEPTIONS, _exception))
        for classes, tree_of in kinds:
            for subject, class_ in nodes.of(classes):
                number += 1
                record = _Record(nodes, subject)
                yield RawRecord(number, record.text, tree_of(record, class_))


class _Nodes:
    """The triples of a file by their subjects, on disk."""

    def __init__(self) -> None:
        # A database without a name is a file of its own that SQLite removes: https://www.sqlite.org/inmemorydb.html.
        self._database = sqlite3.connect("")
        self._database.execute("CREATE TABLE triples (subject TEXT, predicate TEXT, object TEXT)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Take in the triples of a file."""
        pending: list[tuple[str, str, str]] = []
        for quad in quads:
            pending.append((str(quad.subject), str(quad.predicate), str(quad.object)))
            if len(pending) == _BATCH:
                self._put(pending)
        self._put(pending)
        self._database.execute("CREATE INDEX subjects ON triples (subject)")
        self._database.execute("CREATE INDEX objects ON triples (object, predicate)")

    def _put(self, pending: list[tuple[str, str, str]]) -> None:
        self._database.executemany("INSERT INTO triples VALUES (?, ?, ?)", pending)
        pending.clear()

    def of(self, classes: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the nodes of some classes of GLEIF with their class, each once, in the order of their names."""
        names = {
            f"<{_ONTOLOGY}{module}/{name}>": name for name in classes for module in ("L1", "L2", "ReportingException")
        }
        ranks = list(names.values())
        self._database.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (class TEXT)")
        self._database.execute("DELETE FROM wanted")
        self._database.executemany("INSERT INTO wanted VALUES (?)", ((name,) for name in names))
        query = (
            "SELECT subject, GROUP_CONCAT(object, ' ') FROM triples JOIN wanted ON object = class "
            "WHERE predicate = ? GROUP BY subject ORDER BY subject"
        )
        for subject, classes_ in self._database.execute(query, (f"<{_TYPE}>",)):
            yield subject, max((names[one] for one in classes_.split(" ")), key=ranks.index)

    def triples(self, subject: str) -> list[tuple[str, str, str]]:
        """Return the triples of a node."""
        rows = self._database.execute("SELECT subject, predicate, object FROM triples WHERE subject = ?", (subject,))
        return rows.fetchall()

    def pointing_at(self, object_: str) -> Iterator[tuple[str, str]]:
        """Yield the nodes that lead to one, with the properties by which they do."""
        yield from self._database.execute("SELECT subject, predicate FROM triples WHERE object = ?", (object_,))


class _Record:
    """The node of a record, its registration, and its parts."""

    def __init__(self, nodes: _Nodes, subject: str) -> None:
        self._nodes = nodes
        self.subject = subject
        self.own = nodes.triples(subject)
        about = (node for node, predicate in nodes.pointing_at(subject) if _name(predicate) in _WHOLES)
        self.registration = [triple for node in dict.fromkeys(about) for triple in nodes.triples(node)]
        leading = [triple for triple in (*self.own, *self.registration) if _name(triple[1]) in _PARTS]
        self.parts = {object_: nodes.triples(object_) for _, _, object_ in leading}

    @property
    def text(self) -> str:
        """Its triples in one order; a node without a name is called by what it says."""
        parts = {node: triples for node, triples in self.parts.items() if triples}
        blank = {node for node in parts if node.startswith("_:")}
        order = sorted(blank, key=lambda node: sorted(f"{p} {o}" for _, p, o in parts[node]))
        called = {node: f"_:b{at}" for at, node in enumerate(order)}
        triples = [*self.own, *self.registration, *(triple for part in parts.values() for triple in part)]
        lines = {f"{called.get(s, s)} {p} {called.get(o, o)} ." for s, p, o in triples}
        return "\n".join(sorted(lines))

    def value(self, name: str) -> str | None:
        """Return the value of a property of it or of its registration."""
        return next(iter(self.values(name)), None)

    def values(self, name: str) -> list[str]:
        """Return the values of a property, sorted."""
        return _values((*self.own, *self.registration), name)


def _values(triples: Iterable[tuple[str, str, str]], name: str) -> list[str]:
    return sorted(_plain(object_) for _, predicate, object_ in triples if _name(predicate) == name)


def _name(node: str) -> str:
    """Return the last part of a name: of <https://www.gleif.org/ontology/L1/hasLegalName> hasLegalName."""
    return re.split(r"[/#]", node.strip("<>"))[-1]


def _plain(node: str) -> str:
    """Return the text of a literal, or the last part of a name."""
    if node.startswith('"'):
        return str(next(iter(ox.parse(f"<x:s> <x:p> {node} .", ox.RdfFormat.N_TRIPLES))).object.value)
    return _name(node)


def _code(name: str | None, prefix: str) -> str | None:
    """Return a code as CDF writes it: of RegistrationStatusPendingTransfer PENDING_TRANSFER."""
    return None if name is None else _WORDS.sub("_", name.removeprefix(prefix)).upper()


def _lei_of(name: str | None) -> str | None:
    """Return the LEI in the name of a node: L-549300J43MRRHUL8JX64."""
    match = _LEI.search(name or "")
    return match[1] if match else None


def _tree(**told: Any) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, {}, [])}


def _entity(record: _Record, class_: str) -> dict[str, Any]:
    address = record.parts.get(next((o for _, p, o in record.own if _name(p) == "hasLegalAddress"), ""), [])
    names = [{"$": name, "@type": kind} for field, kind in _NAMES.items() for name in record.values(field)]
    entity = _tree(
        LegalName=record.value("hasLegalName"),
        OtherEntityNames=_tree(OtherEntityName=names),
        LegalAddress=_address(address),
        LegalJurisdiction=record.value("hasLegalJurisdiction"),
        RegistrationAuthority=_authority(record),
        EntityCategory=_CATEGORIES[class_],
        EntitySubCategory=_code(class_, "") if class_ in _GOVERNMENTS else None,
        LegalForm=_tree(
            EntityLegalFormCode=(record.value("hasLegalForm") or "").removeprefix("ELF-") or None,
            OtherLegalForm=record.value("hasLegalFormText"),
        ),
        EntityStatus=_code(record.value("hasEntityStatus"), "EntityStatus"),
        EntityCreationDate=record.value("hasEntityCreationDate"),
        EntityExpirationDate=record.value("hasEntityExpirationDate"),
        SuccessorEntity=[_tree(SuccessorLEI=_lei_of(node)) for node in record.values("hasSuccessor")],
    )
    return _tree(
        LEI=record.value("LEI") or _lei_of(_name(record.subject)), Entity=entity, Registration=_registered(record)
    )


def _address(told: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    triples = list(told)

    def one(field: str) -> str | None:
        return next(iter(_values(triples, field)), None)

    further = [one(f"hasAddressLine{number}") for number in (2, 3, 4)]
    return _tree(
        FirstAddressLine=one("hasAddressLine1"),
        AdditionalAddressLine=[line for line in further if line],
        City=one("hasCity"),
        PostalCode=one("hasPostalCode"),
        Country=one("hasCountry"),
    )


def _authority(record: _Record) -> dict[str, Any]:
    node = next((o for _, p, o in record.own if _name(p) == "hasRegistrationIdentifier"), "")
    part = record.parts.get(node, [])
    return _tree(
        RegistrationAuthorityID=next(iter(_values(part, "hasRegisteredAuthority")), None),
        RegistrationAuthorityEntityID=next(iter(_values(part, "hasEntityID")), None),
    )


def _registered(record: _Record) -> dict[str, Any]:
    return _tree(
        LastUpdateDate=record.value("hasLastUpdateDate"),
        RegistrationStatus=_code(record.value("hasRegistrationStatus"), "RegistrationStatus"),
    )


def _relationship(record: _Record, class_: str) -> dict[str, Any]:
    periods = [
        _tree(
            StartDate=next(iter(_values(record.parts[node], "hasStart")), None),
            EndDate=next(iter(_values(record.parts[node], "hasEnd")), None),
            PeriodType=_PERIODS[_name(predicate)],
        )
        for _, predicate, node in (*record.own, *record.registration)
        if _name(predicate) in _PERIODS
    ]
    told = _tree(
        StartNode=_tree(NodeID=_lei_of(record.value("hasChild")), NodeIDType="LEI"),
        EndNode=_tree(NodeID=_lei_of(record.value("hasParent")), NodeIDType="LEI"),
        RelationshipType=_RELATIONSHIPS[class_],
        RelationshipPeriods=_tree(RelationshipPeriod=periods),
        RelationshipStatus=_code(record.value("hasRelationshipStatus"), "RelationshipStatus"),
    )
    return {"Relationship": told, **_tree(Registration=_registered(record))}


def _exception(record: _Record, class_: str) -> dict[str, Any]:
    reasons = [_code(name, "ExceptionReasonKind") for name in record.values("hasExceptionReason")]
    lei = _lei_of(record.value("hasReportingEntity"))
    return {"ExceptionCategory": _EXCEPTIONS[class_], **_tree(LEI=lei, ExceptionReason=reasons)}
