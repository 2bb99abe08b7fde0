"""Which company a name means: candidates out of registers and of what kg ships, each with its probability and why."""

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.dates import first_day, last_day
from kg.errors import QueryError
from kg.identifiers import canonical
from kg.judgements import Identities
from kg.model import Document, Entity
from kg.ontology import listed, ontology
from kg.query.name_blocks import Name
from kg.resolve import RegisterRecord
from kg.resolve.names import AUTO_MERGE, REVIEW, NameForm, NameScore, normalise, score
from kg.resolve.record import KEYS, DatedName
from kg.store import DocumentClaims, Store
from kg.store.register_index import Listed, RegisterIndex
from kg.tables.table import Table
from kg.validation import check_date
from kg.wording.identification import because

__all__ = [
    "CLOSE",
    "COUNTRY",
    "Asked",
    "Candidate",
    "beginning_with",
    "identified",
    "identify",
    "registered_names",
    "shipped",
]

COUNTRY = re.compile(r"[A-Z]{2}")
"""A country as ISO 3166-1 has it."""
_COMPANY = "Company"
_SHIPPED = "kg"
"""What stands for a register in records of the companies that kg ships."""
_GROUP = 0.2
"""What a word like Group or Holding tells at most (`kg.resolve.names.form`)."""
_LIKELY = 0.6
"""The most that a name can tell which was not the company's on the day asked for."""
CLOSE = 0.5
"""From this probability on another candidate stands close, and nobody is sure."""
_LOOKED_AT, _BY_LETTERS = 20, 10
"""Records of each index that are compared for one name: by its words, and by its letters."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a company that is looked for.

    `name` as a text has it. `country` is where it is registered (ISO 3166-1, two letters). `day` is the day on which it
    was called so, a partial date. `identifiers` are kinds of the ontology with values. `type` is its class.
    """

    name: str
    country: str | None = None
    day: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    type: str = _COMPANY


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company that may be meant: how likely, and why, with the records of registers that say so.

    `is_sure` says that an identifier is equal (`has_identifier`), or that the name is the same as far as names can
    tell, and no other company's is nearly so. `name_told` is the name that was compared, `reasons` are lines in English
    or French.
    """

    entity: Entity
    probability: float
    is_sure: bool
    name_told: str
    reasons: tuple[str, ...]
    records: tuple[RegisterRecord, ...]
    has_identifier: bool = False


def identify(  # noqa: PLR0913 - keywords, each with a default
    store: Store,
    asked: Asked,
    *,
    limit: int = 10,
    besides: Iterable[RegisterIndex] = (),
    identities: Identities | None = None,
    lang: str = "en",
) -> list[Candidate]:
    """Return the companies that a name may mean: those with an identifier asked for, then the likeliest first.

    Args:
        store: its registers are looked up, and the companies that kg knows by itself.
        asked: what is known.
        limit: how many at most.
        besides: more to look into.
        identities: who is whom; by default as the store has it.
        lang: the language of the reasons, "en" or "fr".

    Raises:
        QueryError: an identifier is of no known kind, or not well formed.
        MissingExtra: tantivy, or what compares names, is not installed.

    """
    if asked.day is not None:
        check_date("on", asked.day)
    if asked.country is not None and not COUNTRY.fullmatch(asked.country):
        raise QueryError(f"'{asked.country}' is no country: write two capitals, as FR (ISO 3166-1)")
    asked = replace(asked, identifiers=tuple(_checked(kind, value) for kind, value in asked.identifiers))
    form, whole = normalise(asked.name), store.identities if identities is None else identities
    best: dict[str, Candidate] = {}
    for hit, best_name, told in _looked_up((store.register_index(), shipped(), *besides), asked, form):
        candidate = _candidate(hit.record, best_name, told, asked, whole, lang)
        known = best.get(candidate.entity.id)
        best[candidate.entity.id] = candidate if known is None else _together(known, candidate)
    found = sorted(best.values(), key=lambda one: (not one.has_identifier, -one.probability, *_called(one.entity)))
    if sum(one.probability >= CLOSE for one in found) > 1:
        found = [replace(one, is_sure=one.has_identifier) for one in found]
    return [one for one in found if one.probability >= REVIEW or one.is_sure][:limit]


def _called(entity: Entity) -> tuple[str, str]:
    return entity.name, entity.id


def identified(store: Store, asked: Asked, *, limit: int = 10, lang: str = "en") -> Table:
    """Return the companies that a name may mean as a table, a row each, the likeliest first; raise as `identify`."""
    rows = []
    for one in identify(store, asked, limit=limit, lang=lang):
        keys = " ".join(f"{kind}:{value}" for kind, value in _identifiers(one))
        records = ", ".join(f"{record.register} {record.key}" for record in one.records if record.register != _SHIPPED)
        told = one.entity.name, one.entity.id, one.is_sure, "; ".join(one.reasons)
        rows.append((one.probability, *told, keys, records))
    return Table(("probability", "company", "id", "sure", "why", "identifiers", "records"), rows, title=asked.name)


def _identifiers(candidate: Candidate) -> list[tuple[str, str]]:
    told = {pair for record in candidate.records for pair in record.entity.identifiers}
    return list(ontology().identifiers_of(candidate.entity.id, told))


def beginning_with(name: str, *, besides: Iterable[RegisterIndex] = ()) -> list[Entity]:
    """Return the companies, shipped and besides, whose names begin with a name and go on, in order of id.

    A word for a group is no going on.
    None where one that kg ships is called by that name itself.
    """
    form = normalise(name)
    longer: dict[str, Entity] = {}
    for index in (shipped(), *besides):
        for hit in index.like(form, _LOOKED_AT):
            for other in hit.forms:
                more = [w for w in other.weights[len(form.words) :] if w > _GROUP]
                if other.words[: len(form.words)] != form.words:
                    continue
                if not more and hit.record.register == _SHIPPED:
                    return []
                if more:
                    longer[hit.record.entity.id] = hit.record.entity
    return [longer[id_] for id_ in sorted(longer)]


def _checked(kind: str, value: str) -> tuple[str, str]:
    if kind not in ontology().identifiers:
        raise QueryError(f"'{kind}' is no kind of identifier: there are {', '.join(sorted(ontology().identifiers))}")
    spelt = canonical(kind, value)
    if spelt is None:
        raise QueryError(f"'{value}' is no {kind}: see how it is written, and its check digits")
    return kind, spelt


_Compared = tuple[Listed, str, NameScore]
"""A record, which of its names is likest to the one that is looked for, and how like."""


def _looked_up(indexes: Sequence[RegisterIndex], asked: Asked, form: NameForm) -> Iterator[_Compared]:
    """Yield the records that may be meant: of the identifiers, of like words, and where none is sure of like letters.

    Of like names only those are read that a person should see, at the least.
    """
    for index, (kind, value) in itertools.product(indexes, asked.identifiers):
        yield from (_compared(hit, form, asked) for hit in index.with_identifier(kind, value))
    seen, best = set[tuple[int, tuple[int, int]]](), 0.0
    for letters, (number, index) in itertools.product((False, True), enumerate(indexes)):
        if letters and best >= AUTO_MERGE:
            return
        for hit in index.like(form, _BY_LETTERS if letters else _LOOKED_AT, letters=letters):
            if hit.type != asked.type or (number, hit.place) in seen:
                continue
            seen.add((number, hit.place))
            compared = _compared(hit, form, asked)
            best = max(best, compared[2].probability)
            if compared[2].probability >= REVIEW:
                yield compared


def _compared(hit: Listed, form: NameForm, asked: Asked) -> _Compared:
    forms = hit.forms or tuple(map(normalise, hit.record.names))
    scored = [(other.name, score(form, other, asked.country, hit.country)) for other in forms]
    return hit, *max(scored, key=lambda one: one[1].probability)


def _candidate(  # noqa: PLR0913, PLR0917 - what is compared, and what it is compared by
    record: RegisterRecord, name: str, told: NameScore, asked: Asked, identities: Identities, lang: str
) -> Candidate:
    """Return what a record makes of the entity that it is about, by who is whom."""
    former = _former(record, name)
    probability, reasons = told.probability, [told.text(lang)]
    if former is not None:
        reasons.append(because("former_name", lang, former.name, former.start or "…", former.end or "…"))
        if not _was_called(former, asked.day):
            probability = min(probability, _LIKELY)
    shared = sorted({*asked.identifiers} & {*record.entity.identifiers})
    apart = {kind for kind, _ in asked.identifiers if kind in KEYS} & {kind for kind, _ in record.entity.identifiers}
    if shared:
        reasons = [because("identifier_equal", lang, *shared[0]), *reasons]
        probability = max(probability, 0.999 if shared[0][0] in KEYS else 0.98)
    elif apart:
        reasons = [because("identifiers_differ", lang, min(apart)), *reasons]
        probability = min(probability, 0.02)
    if record.is_active is False:
        reasons.append(because("not_active", lang, record.end or "–"))
    entity = identities.joined(record.read or record.entity)
    abroad = None not in {asked.country, record.country} and asked.country != (record.country or "")[:2]
    is_sure = bool(shared) or (probability >= AUTO_MERGE and not abroad)
    return Candidate(
        entity, round(probability, 4), is_sure, name, tuple(filter(None, reasons)), (record,), bool(shared)
    )


def _former(record: RegisterRecord, name: str) -> DatedName | None:
    """Return what a record says of a name that it gives for earlier days; None where it is one in use."""
    entity = record.read or record.entity
    if name in {entity.name, *entity.aliases}:
        return None
    return next(one for one in record.former_names if one.name == name)


def _was_called(name: DatedName, day: str | None) -> bool:
    """Whether a former name may have been the company's on a day; on any where no day is asked for."""
    if day is None:
        return True
    begins_late = name.start is not None and first_day(name.start) > last_day(day)
    ended_before = name.end is not None and last_day(name.end) < first_day(day)
    return not (begins_late or ended_before)


def _together(one: Candidate, other: Candidate) -> Candidate:
    """Return what two records say of one entity: the surer, with both as its ground."""
    surer, less = (one, other) if one.probability >= other.probability else (other, one)
    records = {(record.register, record.key): record for record in (*surer.records, *less.records)}
    told = one.is_sure or other.is_sure, one.has_identifier or other.has_identifier
    return replace(surer, is_sure=told[0], has_identifier=told[1], records=tuple(records.values()))


@functools.cache
def shipped() -> RegisterIndex:
    """Return the index of the companies that kg knows by itself."""
    index = RegisterIndex()
    index.change((), _shipped_readings(), many=True)
    return index


def _shipped_readings() -> Iterable[DocumentClaims]:
    for id_ in sorted({*listed(), *ontology().companies}):
        company = ontology().company(id_)
        if company is None:
            continue
        spellings = (company.name, *company.aliases)
        entity = Entity(company.id, company.name, company.type, spellings, tuple(sorted(company.identifiers.items())))
        record = RegisterRecord(entity, _SHIPPED, company.id)
        yield DocumentClaims(Document(f"kg/{company.id}", company.name, "en"), (), records=(record,))


def registered_names(store: Store) -> Iterator[Name]:
    """Yield every company's names, of the registers in a store and of what kg knows, each with whose it is.

    `told` of each is the company's id, what it is called, the register, the record's key, and of a former name when it
    was in use.
    """
    for hit in itertools.chain(store.register_index(), shipped()):
        if hit.type == _COMPANY and hit.forms:
            record = hit.record
            for form in hit.forms:
                former = _former(record, form.name)
                dates = None if former is None else (former.start, former.end)
                told = record.entity.id, record.entity.name, record.register, record.key, dates
                yield Name(form, hit.country, told)
