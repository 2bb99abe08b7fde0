"""What a story is to be about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from kg.dates import first_day, last_day
from kg.errors import InvalidRecord, QueryError
from kg.facts import AsOf
from kg.facts.periods import begin_of, end_of
from kg.model import Claim
from kg.ontology import ontology
from kg.validation import check_date, check_text

__all__ = ["LONGEST_TITLE", "StoryOptions", "StoryRequest", "request_from", "request_record"]

_LANGUAGES = ("en", "fr")
_FARTHEST = 2
LONGEST_TITLE = 300
"""Characters of a title, at most."""
_TEXTS = ("title", "lang", "since", "until", "valid", "known", "recorded")
_LISTS = ("companies", "relations", "narrowed")


class StoryOptions(TypedDict, total=False):
    """What `StoryRequest` takes beside title and companies, for `kg.graph.Graph.bundle`."""

    relations: tuple[str, ...]
    since: str | None
    until: str | None
    hops: int | None
    valid: str | None
    known: str | None
    recorded: str | None
    lang: str


@dataclass(frozen=True, slots=True)
class StoryRequest:
    """What a story is about: ties among some companies, or all around them, in some years.

    Args:
        title: its heading.
        companies: names of companies, or ids once a story is made; none of them is all of a graph.
        relations: only these relations, such as "supplies"; none is all.
        since: a partial date; what was over before it is left out.
        until: a partial date; what began after it is left out.
        hops: how many relations around the companies; 0 is what ties them to each other. None is 1 of
            one company, 0 of several.
        valid: the partial date for which it is decided what holds; None is today.
        known: as the world could know it then.
        recorded: as the store had it then.
        lang: the language of the page, "en" or "fr".
        narrowed: to what the graph was narrowed, in words; filled in when a story is made.

    """

    title: str
    companies: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    hops: int | None = None
    valid: str | None = None
    known: str | None = None
    recorded: str | None = None
    lang: str = "en"
    narrowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check what can be checked without a store."""
        for name in _LISTS:
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not self.title.strip() or len(self.title) > LONGEST_TITLE:
            raise QueryError(f"a story needs a title, of at most {LONGEST_TITLE} characters")
        if self.lang not in _LANGUAGES:
            raise QueryError(f"a story is not written in '{self.lang}': choose one of {', '.join(_LANGUAGES)}")
        for relation in self.relations:
            ontology().relation(relation)
        if self.hops is not None and not 0 <= self.hops <= _FARTHEST:
            raise QueryError(f"a story reaches 0 to {_FARTHEST} relations around its companies, not {self.hops}")
        check_text("a title", self.title)
        check_date("from", self.since)
        check_date("to", self.until)
        if self.since and self.until and last_day(self.until) < first_day(self.since):
            raise QueryError(f"no day lies from {self.since} to {self.until}: turn them round")
        AsOf(self.valid, self.known, self.recorded)

    @property
    def as_of(self) -> AsOf:
        """The dates at which the three clocks stand."""
        return AsOf(self.valid, self.known, self.recorded)

    @property
    def reach(self) -> int:
        """How many relations around its companies it reaches."""
        return self.hops if self.hops is not None else int(len(self.companies) == 1)

    def has_relation(self, claim: Claim) -> bool:
        """Whether a claim states one of its relations."""
        return not self.relations or claim.relation in self.relations

    def has_dates(self, claim: Claim) -> bool:
        """Whether a claim may be true on a day of the story, by its own dates: undated ones are."""
        begin, end = begin_of(claim), end_of(claim)
        if self.until and begin is not None and begin > last_day(self.until):
            return False
        return not (self.since and end is not None and end < first_day(self.since))


def request_record(request: StoryRequest) -> dict[str, Any]:
    """Return a request as plain values; what it does not ask for is left out."""
    values: dict[str, Any] = {name: getattr(request, name) for name in _TEXTS}
    values |= {name: list(getattr(request, name)) for name in _LISTS}
    return {name: value for name, value in values.items() if value} | {"hops": request.reach}


def request_from(record: Mapping[str, Any]) -> StoryRequest:
    """Return the request that plain values are; raise `InvalidRecord`, naming what is wrong with them."""
    unknown = set(record) - {*_TEXTS, *_LISTS, "hops"}
    texts = {name: record[name] for name in _TEXTS if name in record}
    lists = {name: record.get(name, []) for name in _LISTS}
    is_plain = all(isinstance(value, str) for value in texts.values()) and isinstance(record.get("hops"), int)
    if unknown or not is_plain or not all(_is_texts(value) for value in lists.values()):
        raise InvalidRecord(f"a story's request does not hold: {', '.join(sorted(unknown)) or 'its values'}")
    tuples = {name: tuple(value) for name, value in lists.items()}
    return StoryRequest(**{**texts, **tuples, "hops": record["hops"]})


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
