"""The answer to a question in words: facts, and apart from them plans, reports, denials and what is over."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg import settings
from kg.asking.choice import Choice, Unfit, besides, choose
from kg.asking.intent import Intent
from kg.asking.names import Names, near_names
from kg.asking.nearest import nearest
from kg.asking.reading import Failure, read_question
from kg.asking.sparql import call_of, sparql_of
from kg.asking.summing import summary
from kg.catalogue import Request, answer_request
from kg.errors import NotUnderstood, UnknownEntity
from kg.facts import AsOf
from kg.query.result import QueryResult
from kg.store import Store
from kg.tables.table import Table
from kg.wording.asking import say

__all__ = ["Reply", "Section", "Understood", "ask", "asked"]

_KINDS: Mapping[str, frozenset[str]] = {
    "asserted": frozenset({"asserted"}),
    "planned": frozenset({"announced", "planned", "conditional"}),
    "hedged": frozenset({"hedged"}),
    "denied": frozenset({"denied"}),
    "past": frozenset({"past", "ended"}),
}
"""The kinds of saying that are never in one list, and their modalities."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question in words as it was understood.

    Args:
        text: the question.
        lang: its language.
        intent: what it asks.
        choice: the question of the catalogue that asks the same, with its values.
        call: the command that asks it.
        sparql: its SPARQL, with the values; "" where the answer is computed without.

    """

    text: str
    lang: str
    intent: Intent
    choice: Choice
    call: str
    sparql: str


@dataclass(frozen=True, slots=True)
class Section:
    """What is told apart from facts: of which kind (planned, hedged, denied, past), by which command, and its rows."""

    kind: str
    call: str
    result: QueryResult


@dataclass(frozen=True, eq=False)
class Reply:
    """The answer to a question in words.

    Args:
        understood: the question as it was understood.
        result: the rows of the question of the catalogue. They are facts, unless the question asks for something else.
        verdict: of a question of yes or no "yes" or "no source"; None of others. "No source" is never a no.
        summary: the answer in a sentence or two; "" where the rows say it.
        apart: what is no fact, a section for each kind that is not empty.

    """

    understood: Understood
    result: QueryResult
    verdict: str | None
    summary: str
    apart: tuple[Section, ...]

    @property
    def name(self) -> str:
        """The name of the question of the catalogue."""
        return self.understood.choice.name

    @property
    def values(self) -> Mapping[str, str]:
        """The values of its parameters; companies by their ids."""
        return self.understood.choice.values

    @property
    def sparql(self) -> str:
        """The SPARQL that it ran, with the values; "" where it is computed without."""
        return self.understood.sparql

    def to_json(self) -> dict[str, object]:
        """Return the answer as JSON has it: every number and date as text, each kind of saying in a list of its own."""
        choice = self.understood.choice
        asks = {"name": choice.name, "values": dict(choice.values), "today": choice.today, "call": self.understood.call}
        return {
            "question": self.understood.text,
            "lang": self.understood.lang,
            "understood": asks,
            "sparql": self.sparql or None,
            "verdict": self.verdict,
            "summary": self.summary or None,
            "rows": _records(self.result),
            "apart": {section.kind: _records(section.result) for section in self.apart},
            "notes": list(self.result.notes),
        }

    def __str__(self) -> str:
        from kg.asking.text import reply_text

        return reply_text(self)

    def _repr_html_(self) -> str:
        import html

        return f"<pre>{html.escape(str(self))}</pre>"


def _records(result: QueryResult) -> list[dict[str, str | bool | None]]:
    def shown(value: object) -> str | bool | None:
        return value if isinstance(value, bool) or value is None else str(value)

    return [{name: shown(v) for name, v in zip(result.columns, row, strict=True)} for row in result.table.rows]


def asked(store: Store, text: str, *, lang: str | None = None, as_of: AsOf | None = None) -> Understood:
    """Return how a question in words is understood, without asking it.

    Args:
        store: the graph whose names it may name.
        text: the question, in English or French.
        lang: its language; by default the one in which it is understood.
        as_of: the day from which "last year" counts; by default today.

    Raises:
        NotUnderstood: with what was not understood, and the nearest questions that can be asked.

    """
    entities = list(store.entities())
    names, today = Names.of(entities), (as_of and as_of.day) or settings.today()
    told = read_question(text, names, today.isoformat(), lang)
    if isinstance(told, Failure):
        raise _not_understood(told, names)
    choice = choose(told)
    if isinstance(choice, Unfit):
        companies = tuple(entity for entity in (told.subject, told.object) if entity is not None)
        raise _not_understood(Failure(choice.reason, choice.words, told.lang, companies), names)
    by_id = {entity.id: _unique(entity.name, entity.id, names) for entity in choice.companies.values()}
    return Understood(
        text, told.lang, told, choice, call_of(choice, by_id), sparql_of(store, choice, today.isoformat())
    )


def _unique(name: str, id_: str, names: Names) -> str:
    return name if len(names.called(name)) == 1 else id_


def _not_understood(failure: Failure, names: Names) -> NotUnderstood:
    lang, words = failure.lang, failure.words
    listed = ", ".join(f"'{word}'" for word in words)
    if failure.reason == "several_called":
        message = say(failure.reason, lang, words[0], ", ".join(sorted(entity.id for entity in failure.several)))
    elif failure.reason == "no_such_company":
        near = [name for word in words for name in near_names(word, names)]
        message = say(failure.reason, lang, listed, say("near", lang, ", ".join(near)) if near else "")
    else:
        message = say(failure.reason, lang, listed)
    questions = nearest(failure, names)
    whole = f"{message}. {say('nearest', lang, ' · '.join(questions))}"
    return NotUnderstood(whole, failure.reason, words, questions)


def ask(store: Store, text: str, *, lang: str | None = None, as_of: AsOf | None = None, words: bool = False) -> Reply:
    """Answer a question in words through the catalogue of questions; no model takes part.

    Args:
        store: the graph.
        text: the question, in English or French: "who supplies CoreWeave?".
        lang: its language; by default the one in which it is understood.
        as_of: the day for which it is asked where it names none; by default today.
        words: whether analyses answer in words, as people read them, rather than in values.

    Raises:
        NotUnderstood: with what was not understood, and the nearest questions that can be asked.

    """
    understood = asked(store, text, lang=lang, as_of=as_of)
    intent, day = understood.intent, as_of or AsOf().or_on(settings.today())
    result = _run(store, understood.choice, day, intent.lang if words else "")
    result, others = _by_kind(understood, result)
    apart = (*others, *_apart(store, intent, day))
    told = summary(intent, understood.choice, result)
    result = replace(result, table=told.table, notes=(*result.notes, *_left_out(store, understood, day, result)))
    verdict = None if not intent.is_yes_or_no else "yes" if len(result) else "no source"
    if verdict == "no source":
        apart = (*apart, *_near(store, intent, day))
    return Reply(understood, result, verdict, told.text, apart)


def _run(store: Store, choice: Choice, day: AsOf, words: str) -> QueryResult:
    at = day if choice.today is None else AsOf(valid=choice.today)
    # An analysis and a query both leave alone what has no value.
    request = Request(choice.name, (), choice.values, at, bool(words), words or "en")
    try:
        answer, notes = answer_request(store, request)
    except UnknownEntity as error:
        # An analysis knows those alone that take part on the day; that one does not is an answer.
        named = {entity.id: entity.name for entity in choice.companies.values()}
        message = re.sub("|".join(map(re.escape, named)) or "$^", lambda match: named[match[0]], str(error))
        return QueryResult(Table((), ()), (message,))
    if isinstance(answer, bool | str):
        raise TypeError(f"the question '{choice.name}' gives no table")
    return QueryResult(answer, notes)


def _apart(store: Store, intent: Intent, day: AsOf) -> Sequence[Section]:
    found = []
    names = {entity.id: entity.name for entity in (intent.subject, intent.object) if entity is not None}
    for kind, choice in besides(intent).items():
        result = _run(store, choice, day, "")
        if len(result):
            found.append(Section(kind, call_of(choice, names), result))
    return found


def _by_kind(understood: Understood, result: QueryResult) -> tuple[QueryResult, tuple[Section, ...]]:
    """Return what is asserted in an answer whose rows are of several kinds of saying, and the other kinds apart.

    Disputes stay whole: that one asserts what another denies is what they tell.
    """
    table = result.table
    if "modality" not in table.columns or understood.choice.name == "disputes":
        return result, ()
    parts = dict(_parts(table))
    if len(parts) <= 1:
        return result, ()
    first = parts.pop("asserted", None) or parts.pop(next(iter(parts)))
    sections = tuple(Section(kind, understood.call, QueryResult(part)) for kind, part in parts.items())
    return QueryResult(first, result.notes), sections


def _parts(table: Table) -> Iterator[tuple[str, Table]]:
    """Yield the rows of a table by their kind of saying."""
    modality = table.columns.index("modality")
    for kind, modalities in _KINDS.items():
        rows = [row for row in table.rows if row[modality] in modalities]
        if rows:
            yield kind, Table(table.columns, rows, table.title, table.base, table.kinds)


def _near(store: Store, intent: Intent, day: AsOf) -> Iterator[Section]:
    """Yield what else the sources say of the two that a question names, each kind of saying in a section of its own."""
    ends = [entity for entity in (intent.subject, intent.object) if entity is not None]
    values = {"one": ends[0].id, "other": ends[1].id}
    choice = Choice("evidence", values, dict(zip(values, ends, strict=True)))
    result = _run(store, choice, day, "")
    table, call = result.table, call_of(choice, {entity.id: entity.name for entity in ends})
    relation = table.columns.index("relation")
    # Of the relation itself what is told of another day, or with another figure.
    narrowed = intent.bound is not None or intent.times.on is not None
    others = [row for row in table.rows if narrowed or row[relation] != intent.relation]
    for kind, part in _parts(Table(table.columns, others, table.title, table.base, table.kinds)):
        yield Section(f"other_{kind}", call, QueryResult(part))


def _left_out(store: Store, understood: Understood, day: AsOf, result: QueryResult) -> tuple[str, ...]:
    """Return how many facts a bound leaves out because they tell no figure of its kind."""
    bound, choice = understood.intent.bound, understood.choice
    if bound is None:
        return ()
    unbound = {name: value for name, value in choice.values.items() if name in {"only", "who", "whom"}}
    whole = _run(store, replace(choice, values=unbound), day, "")
    measure = "percent" if bound.measure == "votes" else bound.measure
    figure, currency, claim, of = (whole.columns.index(name) for name in (measure, "currency", "claim", "percent_of"))
    kept = {row[claim] for row in result.table.rows}
    silent = [
        row
        for row in whole.table.rows
        if row[claim] not in kept
        and (
            row[figure] is None
            or (bound.currency and row[currency] != bound.currency)
            or (bound.measure == "votes" and row[of] != "votes")
        )
    ]
    call = call_of(replace(choice, values=unbound), {e.id: e.name for e in choice.companies.values()})
    return (say("without_figure", understood.lang, len(silent), call),) if silent else ()
