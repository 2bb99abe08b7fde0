"""What a question asks → the question of the catalogue that asks the same, with the values of its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.asking.intent import Intent
from kg.catalogue import catalogue
from kg.model import Entity
from kg.ontology import ontology

__all__ = ["Choice", "Unfit", "besides", "choose"]

_DEDICATED: Mapping[tuple[str, str], str] = {
    ("supplies", "subject"): "suppliers",
    ("supplies", "object"): "buyers",
    ("holds-stake", "subject"): "holders",
    ("holds-stake", "object"): "holdings",
    ("invests-in", "subject"): "investors",
    ("competes-with", "subject"): "competitors",
    ("competes-with", "object"): "competitors",
}
"""Questions about one end of a relation, by the relation and the end that they ask for."""
_APART: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "planned": ("planned", {}),
    "hedged": ("unproven", {"status": "hedged"}),
    "denied": ("unproven", {"status": "denied"}),
    "past": ("past", {}),
}
"""The questions about what is no fact, by what is asked for, with the values that tell it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A question of the catalogue by its name, the values of its parameters, and the companies among them.

    `today` is the day for which it is asked, where the question names one; of analyses it is no parameter.
    """

    name: str
    values: Mapping[str, str]
    companies: Mapping[str, Entity] = field(default_factory=dict)
    today: str | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why the catalogue has no question that asks the same: a reason of `kg.wording.asking`, and words it is about."""

    reason: str
    words: tuple[str, ...] = ()


def choose(intent: Intent) -> Choice | Unfit:
    """Return the question of the catalogue that asks what `intent` does, or why there is none."""
    if intent.topic is not None:
        return _topic(intent)
    if intent.modality:
        return _apart(intent)
    if intent.times.since is not None:
        return _since(intent)
    return Unfit("until") if intent.times.until is not None else _facts(intent)


def besides(intent: Intent) -> dict[str, Choice]:
    """Return what is told apart from the facts that `intent` asks for: plans, reports, denials, what is over."""
    if intent.relation is None or intent.modality or intent.times.since is not None:
        return {}
    values = {"only": intent.relation, **_ends(intent)}
    companies = _companies(intent)
    return {name: Choice(question, {**values, **more}, companies) for name, (question, more) in _APART.items()}


def _topic(intent: Intent) -> Choice | Unfit:
    name = intent.topic or ""
    parameters = {parameter.name for parameter in catalogue()[name].parameters}
    values = {**intent.values, **{key: entity.id for key, entity in intent.companies.items()}}
    times = intent.times
    if "from" in parameters:
        values |= {key: date for key, date in (("from", times.since), ("to", times.until)) if date is not None}
        if times.on is not None:
            return Unfit("not_on", (times.on,))
        return Choice(name, values, intent.companies)
    unfit = _unfit(intent, name)
    if unfit is not None:
        return unfit
    if times.on is not None and name == "figures":
        return Choice(name, {**values, "on": times.on}, intent.companies)
    return Choice(name, values, intent.companies, times.on)


def _unfit(intent: Intent, name: str) -> Unfit | None:
    """Return what of a topic's time or figure its question cannot take."""
    times = intent.times
    if times.since is not None or times.until is not None:
        return Unfit("not_since", (times.since or times.until or "",))
    if intent.bound is not None:
        return Unfit("no_bound", (format(intent.bound.value.normalize(), "f"),))
    if times.on is not None and name != "figures" and not _takes_day(name):
        return Unfit("not_on", (times.on,))
    return None


def _takes_day(name: str) -> bool:
    """Whether a question is answered for a day: analyses are, and queries that have a parameter for it."""
    question = catalogue()[name]
    return question.COMMAND == "analyse" or any(parameter.name == "today" for parameter in question.parameters)


def _apart(intent: Intent) -> Choice | Unfit:
    name, values = _APART[intent.modality]
    if intent.bound is not None:
        return Unfit("no_bound", (format(intent.bound.value.normalize(), "f"),))
    if intent.times.on or intent.times.since or intent.times.until:
        return Unfit("not_on", (intent.times.on or intent.times.since or intent.times.until or "",))
    return Choice(name, {"only": intent.relation or "", **_ends(intent), **values}, _companies(intent))


def _since(intent: Intent) -> Choice | Unfit:
    """What began, ended or became known: a relation since a day."""
    if intent.bound is not None:
        return Unfit("no_bound", (format(intent.bound.value.normalize(), "f"),))
    if intent.question is not None:
        return Unfit("not_since", (intent.times.since or "",))
    times = {"from": intent.times.since or ""}
    if intent.times.until is not None:
        times["to"] = intent.times.until
    return Choice("changes", {**times, "only": intent.relation or "", **_ends(intent)}, _companies(intent))


def _whole(intent: Intent, name: str) -> Choice:
    """A question that takes the named company alone."""
    entity = intent.subject or intent.object
    companies = {} if entity is None else {"company": entity}
    return Choice(name, {key: one.id for key, one in companies.items()}, companies, intent.times.on)


def _facts(intent: Intent) -> Choice | Unfit:
    relation = intent.relation or ""
    name = intent.question or _DEDICATED.get((relation, intent.asked or ""))
    if name is not None and intent.bound is None:
        return _whole(intent, name)
    values = {"only": relation, **_ends(intent)}
    bound = intent.bound
    if bound is not None:
        hows = (bound.how,) if bound.how else ("at_least", "at_most")
        values |= {"measure": bound.measure, **dict.fromkeys(hows, format(bound.value.normalize(), "f"))}
        if bound.currency:
            values["money"] = bound.currency
    return Choice("facts", values, _companies(intent), intent.times.on)


def _ends(intent: Intent) -> dict[str, str]:
    return {name: entity.id for name, entity in _companies(intent).items()}


def _companies(intent: Intent) -> dict[str, Entity]:
    """Return the named companies by the parameter that each is; of a relation without direction either may do it."""
    subject, object_ = intent.subject, intent.object
    if intent.relation is not None and ontology().relation(intent.relation).symmetric and subject is None:
        subject, object_ = object_, None
    return {name: entity for name, entity in (("who", subject), ("whom", object_)) if entity is not None}
