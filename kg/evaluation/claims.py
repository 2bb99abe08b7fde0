"""Claims to be scored: a store's, or the lines of an export (kg-claims/1), of kg or of another program."""

from collections.abc import Iterable
from pathlib import Path

from kg import formats
from kg.errors import AnnotationError, did_you_mean
from kg.evaluation.fields import RecordFields, parsed
from kg.evaluation.matching import GROUPS, RELATIONS
from kg.evaluation.records import ScoredClaim, Span
from kg.model import Claim, Outcome
from kg.store.json_codec import claim_record

__all__ = ["read_claims", "scored_claims"]


def scored_claims(claims: Iterable[Claim]) -> tuple[ScoredClaim, ...]:
    """Return claims of ours as they are scored: by their record, as an export would have them."""
    return tuple(_scored_claim(RecordFields(claim_record(claim), f"claim {claim.id}")) for claim in claims)


def read_claims(path: Path) -> tuple[ScoredClaim, ...]:
    """Return the claims of a file of JSON lines (kg-claims/1).

    Only what is scored is asked for, so that other programs' claims can be scored: names, relation,
    evidence; modality (asserted by default) and qualifiers. Claims that say that they were not admitted are left out.
    Raises `AnnotationError` with the line, also where it
    says that it is of another version.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise AnnotationError(f"{path}: cannot be read: {error.strerror}") from error
    records = (parsed(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip())
    return tuple(_scored_claim(fields) for fields in records if _is_admitted(fields))


def _is_admitted(fields: RecordFields) -> bool:
    return (fields.get("outcome", str) or Outcome.ADMITTED) == Outcome.ADMITTED


def _scored_claim(fields: RecordFields) -> ScoredClaim:
    version = str(fields.record.get("format", ""))
    if version.startswith("kg-claims/") and version != formats.CLAIMS:
        raise fields.wrong(f"has the format {version}, this kg reads {formats.CLAIMS}")
    modality = fields.get("modality", str) or "asserted"
    if modality not in GROUPS:
        raise fields.wrong(f"'{modality}' is no modality.{did_you_mean(modality, GROUPS)}")
    relation, subject, end = fields.need("relation", str), fields.inside("subject"), fields.inside("object")
    named = relation in RELATIONS or "name" in end.record
    return ScoredClaim(
        subject=subject.need("name", str),
        relation=relation,
        object=end.need("name", str) if named else "",
        modality=modality,
        qualifiers=fields.values("qualifiers"),
        evidence=tuple(_span(evidence) for evidence in fields.each("evidence")),
        subject_also=tuple(subject.texts("aliases")),
        object_also=tuple(end.texts("aliases")),
    )


def _span(fields: RecordFields) -> Span:
    start, end = fields.need("start", int), fields.need("end", int)
    return Span(fields.need("document", str), start, end, fields.need("quote", str))
