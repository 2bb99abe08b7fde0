"""A question's text → what it asks, or why it is not understood.

Every word must be explained: by what opens questions, by a name, a date or a figure, by a construction of a relation or
by a topic. What is left over is what was not understood, and nothing is answered then: a question whose every word
counts cannot be answered by one that is only like it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.asking.choice import Choice, choose
from kg.asking.clause import CONTRACTIONS, Clause
from kg.asking.ends import Filled, bearer_asked, filled, role_of_asked
from kg.asking.intent import Intent, Times
from kg.asking.marks import modalities_of, one_modality, shape_of
from kg.asking.names import Names, unknown_names, with_names
from kg.asking.tokens import Bound, Token, split, with_dates, with_figures
from kg.asking.topics import Matched, matched
from kg.asking.words import LANGUAGES, Words, words_of
from kg.model import Entity

__all__ = ["Failure", "read_question"]

_LONGEST = 400
"""Characters of the longest question that is read."""
_OF_RELATION = frozenset({"planned", "unproven", "past"})
"""Topics that a noun of an act narrows to its relation."""
_WHOLE = 2
"""What a topic of several words counts for beside a construction of as many."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a question is not understood: a reason of `kg.wording.asking`, the words it is about, and what was.

    `several` are the entities that a name may be.
    """

    reason: str
    words: tuple[str, ...] = ()
    lang: str = "en"
    companies: tuple[Entity, ...] = ()
    lemmas: frozenset[str] = frozenset()
    several: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parts:
    """A question taken apart; `crowded` says that it has more dates or figures than a question can be about."""

    clause: Clause
    times: Times
    bound: Bound | None
    text: str
    crowded: bool


def read_question(text: str, names: Names, today: str, lang: str | None = None) -> Intent | Failure:
    """Return what a question asks; where it is not understood, why.

    Args:
        text: the question, in English or French.
        names: the names in the graph.
        today: the day from which relative dates count, in ISO form.
        lang: its language; by default the one in which more of it is understood.

    """
    if len(text) > _LONGEST:
        return Failure("too_long", (str(_LONGEST),), lang or "en")
    readings = [_read(text, names, today, words_of(one)) for one in ([lang] if lang else LANGUAGES)]
    understood = [reading for reading in readings if isinstance(reading, Intent)]
    if understood:
        return understood[0]
    failures = [reading for reading in readings if isinstance(reading, Failure)]
    return max(failures, key=lambda failure: (len(failure.lemmas), -len(failure.words)))


def _read(text: str, names: Names, today: str, words: Words) -> Intent | Failure:
    parts = _parts(text, names, today, words)
    clause = parts.clause
    doubtful = next((token for token in clause.tokens if len(token.named) > 1), None)
    if doubtful is not None:
        return _failure(parts, "several_called", (doubtful.text,), several=doubtful.named)
    missing = unknown_names(clause.tokens, text)
    if missing:
        return _failure(parts, "no_such_company", tuple(missing))
    if parts.crowded:
        return _failure(parts, "too_many_figures")
    if parts.bound is not None and parts.bound.how == "about":
        return _failure(parts, "about_figure", (format(parts.bound.value.normalize(), "f"),))
    best = max(_intents(parts), key=lambda one: one[0], default=None)
    if best is not None:
        return best[1]
    return _why(parts)


def _parts(text: str, names: Names, today: str, words: Words) -> _Parts:
    tokens = with_names(split(text, words), text, names, words)
    tokens = with_figures(with_dates(tokens, text, words, today), text, words)
    dates, bounds = [t for t in tokens if t.iso], [t.bound for t in tokens if t.bound]
    kept = [token for token in tokens if not token.iso and token.bound is None]
    polite = {at for places in Clause(kept, words).find("polite", exact=True) for at in places}
    clause = Clause([token for at, token in enumerate(kept) if at not in polite], words)
    bound = bounds[0] if bounds else None
    crowded = len(bounds) > 1 or len({token.role for token in dates}) < len(dates)
    return _Parts(clause, _times(dates), bound, text, crowded)


def _times(dates: Sequence[Token]) -> Times:
    by_role = {token.role: token.iso for token in dates}
    return Times(by_role.get("on"), by_role.get("since"), by_role.get("until"))


# ------------------------------------------------------------------------------ what explains the words
def _explained(clause: Clause) -> set[int]:
    """Return the words that need no construction and no topic: what asks, what fills, what marks."""
    done = {at for at, token in enumerate(clause.tokens) if token.named}
    asked = clause.asking
    for at, token in enumerate(clause.tokens):
        plain = clause.is_in(at, "filler") or clause.is_thing(at) or token.says(*clause.words.lists["auxiliary"])
        mark = any((token.lower,) == p for p in clause.words.prepositions)
        mark = mark or (clause.lang == "fr" and token.lower in CONTRACTIONS)
        relative = at > 0 and clause.is_thing(at - 1) and clause.is_in(at, "relative")
        cleft = token.lower == "qui" and at > 0 and clause.tokens[at - 1].lower == "est-ce"
        lists = clause.is_in(at, "lists") and done >= set(range(at))
        plain = plain or clause.is_apposition(at)
        turnover = token.lower == "affaires" and at > 1 and clause.tokens[at - 2].says("chiffre")
        if turnover or plain or mark or relative or cleft or lists or (asked is not None and at == asked.at):
            done.add(at)
    for name in clause.names:
        done |= clause.preposition_before(name.at)[1]
    if asked is not None:
        done |= clause.preposition_before(asked.at)[1]
    return done


# ------------------------------------------------------------------------------ readings
_Scored = tuple[tuple[bool, int, int], Intent]


def _intents(parts: _Parts) -> Iterator[_Scored]:
    """Yield what a question may ask, each with how much of it says so."""
    explained = _explained(parts.clause)
    shape, shaped = shape_of(parts.clause)
    for one in filled(parts.clause, has_percent=parts.bound is not None and parts.bound.measure != "amount"):
        found = _relational(parts, one, explained, shape, shaped)
        if found is not None:
            yield found
    for match in matched(parts.clause):
        found = _topical(parts, match, explained, shape, shaped)
        if found is not None:
            yield found


def _relational(parts: _Parts, one: Filled, explained: set[int], shape: str, shaped: frozenset[int]) -> _Scored | None:
    clause = parts.clause
    frame = one.construction.frame
    if not one.verbs.isdisjoint(shaped):
        return None
    told, modal = modalities_of(clause, one.used)
    modality = one_modality(clause, one, told)
    if shape == "largest" and one.asked is None:
        # Which is the largest is asked of all: "is X the largest supplier of Y" is answered by who that is.
        one = bearer_asked(one)
    more = set(one.used) | shaped | modal
    more |= _beside(clause, frame.relation) | role_of_asked(clause, frame.relation, one.asked)
    if _left_over(clause, explained | more):
        return None
    counts = shape == "count" and _counts(clause, one)
    if shape == "amount" and _counts_bare(clause, one, parts):
        shape, counts = "count", True
    if modality is None or (shape == "count" and not counts) or not _is_askable(clause, one, shape):
        return None
    question = one.construction.questions.get(one.asked or "")
    if question is not None and (parts.bound is not None or modality):
        return None
    intent = Intent(
        lang=clause.lang,
        relation=frame.relation,
        subject=one.subject,
        object=one.object,
        asked=one.asked,
        modality=modality,
        times=parts.times,
        bound=parts.bound,
        shape=shape,
        question=question,
    )
    own = int(one.construction.is_own)
    return (isinstance(choose(intent), Choice), len(one.used) + own, own), intent


def _is_askable(clause: Clause, one: Filled, shape: str) -> bool:
    """Whether a relation with these ends can be asked for so: companies are counted and compared, not one of them."""
    if one.asked is None:
        return shape not in {"count", "largest"} and (bool(shape) or not _asks_who(clause))
    if shape == "largest" and one.construction.frame.act:
        # "The largest acquisition of X" may be by X or of X.
        return all(name.preposition != clause.of for name in clause.names)
    return True


def _counts_bare(clause: Clause, one: Filled, parts: _Parts) -> bool:
    """Whether « combien » asks how many: « combien ont investi », not « combien X a-t-elle investi »."""
    if one.asked is None or parts.bound is not None or _has_part(clause):
        return False
    plural = [t.lower for t in clause.tokens[1:2] if t.lower in {"ont", "sont", "avaient", "étaient"}]
    return one.construction.frame.pos == "role" or bool(plural)


def _asks_who(clause: Clause) -> bool:
    """Whether a word asks for a company, though both ends are named."""
    asking = clause.asking
    if asking is None or clause.is_thing(asking.at):
        return False
    return clause.tokens[asking.at].lower in {"who", "whom", "whose", "qui", "dont"}


def _counts(clause: Clause, one: Filled) -> bool:
    """Whether what is counted are companies: "how many suppliers", not "how many chips"."""
    last = max((place for places in clause.find("count") for place in places), default=-1)
    nouns = {at for at in one.used if one.construction.frame.pos in {"role", "noun"}}
    nouns |= role_of_asked(clause, one.relation, one.asked)
    return last + 1 >= len(clause.tokens) or clause.is_thing(last + 1) or last + 1 in nouns


def _has_part(clause: Clause) -> bool:
    return any(token.says(*clause.words.lists["part"]) for token in clause.tokens)


def _beside(clause: Clause, relation: str) -> set[int]:
    """Return the words for money or goods that a verb of this relation takes beside its ends."""
    name = {"supplies": "goods", "invests-in": "money", "lends-to": "money"}.get(relation)
    names = [name] if name else []
    if relation in {"holds-stake", "invests-in"}:
        names.append("part")
    return {at for one in names for at in range(len(clause.tokens)) if clause.tokens[at].says(*clause.words.lists[one])}


def _topical(parts: _Parts, match: Matched, explained: set[int], shape: str, shaped: frozenset[int]) -> _Scored | None:
    topic, clause = match.topic, parts.clause
    values, used = dict(topic.values), set(match.used)
    if topic.clause and len(clause.names) == 2:  # noqa: PLR2004 - the two that the evidence is about
        for inner in filled(clause, has_percent=parts.bound is not None):
            more = set(inner.used) | _beside(clause, inner.relation)
            if inner.used.isdisjoint(match.cue) and not _left_over(clause, explained | used | more | shaped):
                values["only"], used = inner.relation, used | more
                break
    if topic.needs == "since" and not parts.times.since:
        return None
    acts = _acts(clause) if topic.question in _OF_RELATION else {}
    if len(set(acts.values())) > 1:
        return None
    for at, relation in acts.items():
        values["only"], used = relation, used | {at}
    if parts.bound is not None and "only" not in values:
        return None
    if _left_over(clause, explained | used | shaped):
        return None
    intent = Intent(
        lang=clause.lang,
        topic=topic.question,
        companies=match.companies,
        values=values,
        times=parts.times,
        bound=parts.bound,
        shape=shape if shape in {"largest", "count"} else "",
    )
    # What the act is done to is told by a relation with its ends, where one fits.
    weight = (0, 0) if acts else (len(match.cue), _WHOLE if len(match.cue) > 1 else 0)
    return (isinstance(choose(intent), Choice), *weight), intent


def _acts(clause: Clause) -> dict[int, str]:
    """Return where nouns of acts stand, with their relations: "which acquisitions are planned"."""
    named = {}
    for at, token in enumerate(clause.tokens):
        frames = [c.frame for lemma in token.lemmas for c in clause.words.constructions.get(lemma, ())]
        acts = [frame.relation for frame in frames if frame.act and not token.named]
        if acts:
            named[at] = acts[0]
    return named


def _left_over(clause: Clause, explained: set[int]) -> list[int]:
    return [at for at in range(len(clause.tokens)) if at not in explained]


# ------------------------------------------------------------------------------ why not
def _why(parts: _Parts) -> Failure:
    clause = parts.clause
    if any(clause.is_in(at, "negation") for at in range(len(clause.tokens))):
        word = next(t.text for at, t in enumerate(clause.tokens) if clause.is_in(at, "negation"))
        return _failure(parts, "negation", (word,))
    if any(name.joins for name in clause.names):
        joined = [clause.tokens[name.at].text for name in clause.names]
        return _failure(parts, "two_at_one_end", tuple(joined))
    explained = _explained(clause) | shape_of(clause)[1] | modalities_of(clause, frozenset())[1]
    tries = [set(one.used) | _beside(clause, one.relation) for one in filled(clause, has_percent=True)]
    tries += [set(match.used) for match in matched(clause)]
    tries.append({at for at, t in enumerate(clause.tokens) if t.lemmas & clause.words.constructions.keys()})
    best = min(tries, key=lambda used: len(_left_over(clause, explained | used)))
    left = _left_over(clause, explained | best)
    goods = {at for at, t in enumerate(clause.tokens) if not t.named and t.lemmas & clause.words.goods}
    words = tuple(dict.fromkeys(clause.tokens[at].text for at in left if at not in goods))
    if words:
        return _failure(parts, "unknown_words", words)
    if goods:
        return _failure(parts, "goods", tuple(clause.tokens[at].text for at in sorted(goods)))
    return _failure(parts, "no_company" if not clause.names else "no_relation")


def _failure(parts: _Parts, reason: str, words: tuple[str, ...] = (), several: tuple[Entity, ...] = ()) -> Failure:
    clause = parts.clause
    companies = tuple(name.entity for name in clause.names if name.entity is not None)
    lemmas = frozenset(lemma for token in clause.tokens if not token.named for lemma in token.lemmas)
    return Failure(reason, words, clause.lang, companies, lemmas, several)
