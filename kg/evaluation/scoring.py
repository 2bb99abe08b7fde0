"""What was said of a text, held against what gold says of it. Pure: nothing is read or printed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TypeAlias

from kg.evaluation.counts import Counts, total
from kg.evaluation.matching import ALSO, GROUPS, RELATIONS, Key, Value, key, norm, same, term_name
from kg.evaluation.records import Expected, Gold, ScoredClaim, Span
from kg.evaluation.traps import sprung

__all__ = [
    "BY_ANY",
    "ClaimSpan",
    "ClaimsByEdge",
    "DocumentScore",
    "Mistake",
    "Same",
    "by_gold_names",
    "score",
    "score_document",
]

ClaimSpan: TypeAlias = tuple[ScoredClaim, Span]
"""A claim and one of its spans."""

ClaimsByEdge: TypeAlias = Mapping[Key, Sequence[ClaimSpan]]
"""What was said of a text: the claims of each edge."""

Same: TypeAlias = Callable[[str, Value, Value], bool | None]
"""Whether a term's value is right, given the term, gold's value and the claim's; None where nothing is said."""

BY_ANY = ", with * for anything"
"""Stands in the note on a trap that only its "*" makes catch something."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One error. `kind` is wrong, missed, status, qualifier or trap (see docs/quality.md).

    `start` and `end` are where `quote` stands in the document, in characters; the quote is the
    claim's where something was said, else gold's. `note` says what was expected.
    """

    kind: str
    document: str
    subject: str
    relation: str
    object: str
    quote: str
    start: int
    end: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """The score of one text. `file` is the gold file's name; `confusion` counts gold's status and the one said."""

    file: str
    document: str
    lang: str
    counts: Counts
    relations: Mapping[str, Counts]
    terms: Mapping[str, Counts]
    statuses: Mapping[str, Counts]
    confusion: Mapping[tuple[str, str], int]
    mistakes: tuple[Mistake, ...]


@dataclass(slots=True)
class _Sheet:
    """Where a document's counts are noted while it is scored."""

    gold: Gold
    counts: list[Counts] = field(default_factory=list)
    relations: dict[str, list[Counts]] = field(default_factory=lambda: defaultdict(list))
    terms: dict[str, list[Counts]] = field(default_factory=lambda: defaultdict(list))
    statuses: dict[str, list[Counts]] = field(default_factory=lambda: defaultdict(list))
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    mistakes: list[Mistake] = field(default_factory=list)

    def note(self, counts: Counts, group: list[Counts]) -> None:
        self.counts.append(counts)
        group.append(counts)

    def mistake(self, kind: str, k: Key, at: Span, note: str = "") -> None:
        self.mistakes.append(Mistake(kind, self.gold.document, *k, at.quote, at.start, at.end, note))

    def done(self) -> DocumentScore:
        return DocumentScore(
            file=self.gold.file,
            document=self.gold.document,
            lang=self.gold.lang,
            counts=total([Counts(), *self.counts]),
            relations={name: total(group) for name, group in self.relations.items()},
            terms={name: total(group) for name, group in self.terms.items()},
            statuses={name: total(group) for name, group in self.statuses.items()},
            confusion=dict(self.confusion),
            mistakes=tuple(self.mistakes),
        )


def score(golds: Iterable[Gold], claims: Iterable[ScoredClaim]) -> tuple[DocumentScore, ...]:
    """Return the score of each annotated text.

    A claim is of a text when its evidence's document has the text's file name, in whatever folder. Where the gold is
    from a store, the documents of that very id count, if there are claims of it.
    """
    by_id: dict[str, list[ClaimSpan]] = defaultdict(list)
    by_document: dict[str, list[ClaimSpan]] = defaultdict(list)
    for claim in claims:
        for span in claim.evidence:
            by_id[span.document].append((claim, span))
            by_document[PurePosixPath(span.document).name].append((claim, span))
    documents = []
    for gold in golds:
        if gold.source:
            # A text that has a source is found by it, and no other of the same file name stands in for it.
            ids = (gold.source, gold.document, f"texts/{gold.document}")
            claim_spans = next((by_id[id_] for id_ in ids if id_ in by_id), [])
        else:
            claim_spans = by_document.get(gold.document, [])
        documents.append(score_document(gold, claim_spans, by_gold_names(gold, claim_spans)))
    return tuple(documents)


def by_gold_names(gold: Gold, claim_spans: Iterable[ClaimSpan]) -> ClaimsByEdge:
    """Return what is scored of `claim_spans`, by edge: ends by gold's ids, "?name" for a name that gold has not."""
    by_edge = defaultdict(list)
    for claim, span in claim_spans:
        if claim.relation in RELATIONS and span.start < gold.limit:
            ends = [gold.ids.get(norm(name), "?" + norm(name)) for name in (claim.subject, claim.object)]
            by_edge[key(ends[0], claim.relation, ends[1])].append((claim, span))
    return by_edge


def score_document(
    gold: Gold, claim_spans: Iterable[ClaimSpan], by_edge: ClaimsByEdge, matches: Same = same
) -> DocumentScore:
    """Return the score of one text: of all its claims with their spans, and of those that count, by edge."""
    sheet = _Sheet(gold)
    right = {expected.key for expected in gold.expected}
    for _, span in claim_spans:
        is_grounded = gold.text[span.start : span.end] == span.quote
        sheet.counts.append(Counts(spans=1, grounded=int(is_grounded)))
    for k, claims in by_edge.items():
        sheet.note(Counts(said=1, right=int(k in right)), sheet.relations[k[1]])
        if k not in right:
            sheet.mistake("wrong", k, claims[0][1])
    for trap in gold.traps:
        caught = sprung(trap, by_edge, right, wildcards=False)
        by_any = sprung(trap, by_edge, right, wildcards=True)
        sheet.counts.append(Counts(traps=1, sprung=int(bool(caught)), sprung_by_any=int(bool(by_any))))
        for k in by_any:
            sheet.mistake("trap", k, by_edge[k][0][1], f"must not{'' if k in caught else BY_ANY}: {trap.must_not}")
    for expected in _to_find(gold, by_edge):
        _find(sheet, expected, by_edge.get(expected.key, ()), matches)
    return sheet.done()


def _to_find(gold: Gold, by_edge: ClaimsByEdge) -> Iterator[Expected]:
    """Yield what must be found, each edge once; of a group that words one fact, the member that is said."""
    core = {expected.key: expected for expected in gold.expected if expected.core}
    for k in (k for group in gold.any_of for k in group):
        core.pop(k, None)
    for group in gold.any_of:
        best = next((k for k in group if k in by_edge), group[0])
        core[best] = next(expected for expected in gold.expected if expected.key == best)
    yield from core.values()


def _find(sheet: _Sheet, expected: Expected, claims: Sequence[ClaimSpan], matches: Same) -> None:
    k = expected.key
    hit = int(bool(claims))
    sheet.note(Counts(core=1, found=hit), sheet.relations[k[1]])
    of_status = sheet.statuses[expected.status]
    of_status.append(Counts(core=1, found=hit))
    if not claims:
        sheet.mistake("missed", k, Span("", expected.start, expected.start + len(expected.quote), expected.quote))
        return
    alike = [alternative for alternative in sheet.gold.expected if alternative.key == k]
    statuses = [status for alternative in alike for status in alternative.statuses]
    groups = {group for status in statuses for group in ALSO.get(status, {GROUPS[status]})}
    fitting = [claim.modality for claim, _ in claims if GROUPS[claim.modality] in groups]
    exact = [modality for modality in fitting if modality in statuses]
    answer = [*exact, *fitting, claims[0][0].modality][0]
    # Gold may hold two statuses equally right: the one that was said is then the one to compare with.
    sheet.confusion[answer if exact else expected.status, answer] += 1
    sheet.counts.append(Counts(status_right=int(bool(fitting))))
    of_status.append(Counts(status_right=int(bool(fitting))))
    if not fitting:
        modalities = sorted({claim.modality for claim, _ in claims})
        sheet.mistake("status", k, claims[0][1], f"gold {' or '.join(statuses)}, said {' and '.join(modalities)}")
    terms = {name: value for alternative in alike for name, value in alternative.qualifiers.items()}
    for name, value in terms.items():
        _compare(sheet, k, claims, (name, value), matches)


def _compare(sheet: _Sheet, k: Key, claims: Sequence[ClaimSpan], term: tuple[str, Value], matches: Same) -> None:
    name, value = term
    called = term_name(name)
    answers = [matches(name, value, claim.qualifiers.get(called)) for claim, _ in claims]
    hit, wrong = any(answers), False in answers
    sheet.note(Counts(terms=1, terms_right=int(hit), terms_wrong=int(wrong and not hit)), sheet.terms[called])
    if not hit:
        values = sorted({str(v) for claim, _ in claims if (v := claim.qualifiers.get(called)) is not None})
        sheet.mistake("qualifier", k, claims[0][1], f"{name} {value}, said {' and '.join(values) or 'nothing'}")
