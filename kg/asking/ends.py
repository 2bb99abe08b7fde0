"""Who does what to whom: a construction of the lexicon laid over the words of a question."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.asking.clause import Clause, Phrase
from kg.asking.words import Construction
from kg.extract.templates import Frame
from kg.model import Entity
from kg.ontology import ontology

__all__ = ["Filled", "bearer_asked", "filled", "role_of_asked"]

_HAVE = {"en": ("have", "count"), "fr": ("avoir", "compter", "posséder")}
_END = ("subject", "object")


@dataclass(frozen=True, slots=True)
class Filled:
    """A construction with its ends: who is named at which, which one is asked for, and the words that it uses."""

    construction: Construction
    subject: Entity | None
    object: Entity | None
    asked: str | None
    used: frozenset[int]
    verbs: frozenset[int]

    @property
    def relation(self) -> str:
        """The relation that it states."""
        return self.construction.frame.relation


def filled(clause: Clause, *, has_percent: bool) -> Iterator[Filled]:
    """Yield every way in which a construction fits a clause."""
    for at, token in enumerate(clause.tokens):
        if token.named:
            continue
        for lemma in sorted(token.lemmas):
            for construction in clause.words.constructions.get(lemma, ()):
                for used, verb in _triggers(clause, at, construction.frame, has_percent=has_percent):
                    found = _fill(clause, at, verb, construction, used)
                    if found is not None:
                        yield found


def _triggers(
    clause: Clause, at: int, frame: Frame, *, has_percent: bool
) -> Iterator[tuple[frozenset[int], int | None]]:
    """Yield the words that a construction uses, and its verb, where all that it needs stands there."""
    used = {at}
    for needed in (frame.beside, frame.called):
        if needed:
            beside = next((i for i, t in enumerate(clause.tokens) if t.says(*needed) and i != at), None)
            if beside is None:
                return
            used.add(beside)
    parts = {i for i in range(len(clause.tokens)) if clause.tokens[i].says(*clause.words.lists["part"])} - {at}
    much = bool(clause.find("much")) and not clause.find("count")
    if frame.requires in {"percent", "part"}:
        if not (parts or has_percent or much):
            return
    elif frame.requires is not None:
        return
    if "percent" in frame.terms or frame.requires:
        used |= parts
    if frame.particle:
        behind = [i for i in range(at + 1, len(clause.tokens)) if clause.tokens[i].lower == frame.particle]
        if not behind:
            return
        used.add(behind[0])
    yield from _with_verb(clause, at, frame, frozenset(used))


def _with_verb(
    clause: Clause, at: int, frame: Frame, used: frozenset[int]
) -> Iterator[tuple[frozenset[int], int | None]]:
    if frame.pos == "verb":
        yield used, at
    elif frame.pos == "role" or frame.act:
        yield used, None
    else:
        via = frame.via.difference(clause.words.lists["change"])
        yield from (
            (used | {i}, i) for i, t in enumerate(clause.tokens) if i not in {at, *clause.marks} and t.says(*via)
        )


def _fill(clause: Clause, at: int, verb: int | None, construction: Construction, used: frozenset[int]) -> Filled | None:
    frame = construction.frame
    symmetric = ontology().relation(frame.relation).symmetric
    ends: dict[str, Entity] = {}
    names = clause.names
    if symmetric and len(names) == len(_END) and names[1].joins and clause.asking is None:
        ends = dict(zip(_END, (name.entity for name in names if name.entity), strict=True))
        used |= set(range(names[0].at + 1, names[1].at))
    else:
        for name in (_unmarked(name, frame) for name in names):
            end = _end(frame, _places(clause, name, at, verb, frame))
            if end is None or end in ends or name.entity is None:
                return None
            ends[end] = name.entity
    if not ends or not _fits(frame.relation, ends):
        return None
    missing = [end for end in _END if end not in ends]
    asked = missing[0] if missing else None
    if asked is not None and not _asks_for(clause, at, verb, frame, asked):
        return None
    # A verb that ends things ends those that its noun names: "sold its stake"; by itself it is the relation.
    verbs = frozenset() if verb is None else frozenset({verb})
    return Filled(construction, ends.get("subject"), ends.get("object"), asked, used, verbs)


def _unmarked(phrase: Phrase, frame: Frame) -> Phrase:
    """Return a phrase without the particle of the verb before it: "who took over X"."""
    is_particle = bool(frame.particle) and phrase.preposition == frame.particle
    return replace(phrase, preposition="") if is_particle else phrase


def _fits(relation: str, ends: dict[str, Entity]) -> bool:
    """Whether the relation can have what is named at its ends."""
    told = ontology().relation(relation)
    kinds = {"subject": told.domain, "object": told.range}
    return not told.is_figure and all(entity.type in kinds[end] for end, entity in ends.items())


def _asks_for(clause: Clause, at: int, verb: int | None, frame: Frame, asked: str) -> bool:
    """Whether the word that asks can stand at an end."""
    asking = clause.asking
    if asking is None:
        return True
    if frame.pos == "role" and _asks_of_noun(clause, asking, at):
        return True
    if frame.act and not asking.preposition:
        return True
    return _end(frame, _places(clause, asking, at, verb, frame)) == asked


def _asks_of_noun(clause: Clause, asking: Phrase, noun: int) -> bool:
    """Whether it asks which one a noun is: "which suppliers", "who are the suppliers", not "of which"."""
    has = any(t.says(*_HAVE[clause.lang]) for t in clause.tokens[asking.at : noun]) and not clause.names
    return not asking.preposition and not has


def _end(frame: Frame, places: list[str]) -> str | None:
    for place in places:
        for end in _END:
            if place in getattr(frame, end):
                return end
    return None


def _places(clause: Clause, phrase: Phrase, at: int, verb: int | None, frame: Frame) -> list[str]:
    """Return the places of the construction at which a phrase may stand, the surest first."""
    marked = [f"prep:{phrase.preposition}"] if phrase.preposition else []
    of = ["of"] if phrase.preposition == clause.of or phrase.owns else []
    if frame.pos == "role":
        return _role_places(clause, phrase, at, of, marked)
    if frame.act:
        owner = ["owner"] if phrase.owns else []
        compound = ["of"] if phrase.at == at - 1 and phrase.entity is not None else []
        return [*owner, *of, *marked, *compound] or ["agent"]
    passive = verb is not None and clause.is_passive(verb)
    if verb is not None and phrase == clause.subject_of(verb):
        return ["patient"] if passive else ["agent"]
    if passive and phrase.preposition == clause.by:
        return ["agent", *marked]
    if phrase.owns:
        return ["owner", "of"]
    return [*of, *marked] or ["patient"]


def _role_places(clause: Clause, phrase: Phrase, noun: int, of: list[str], marked: list[str]) -> list[str]:
    """Return the places of a noun that is said of somebody: of whom it is said, or whose it is."""
    if of or marked:
        return [*of, *marked]
    if phrase.entity is not None and _is_beside(clause, phrase.at, noun):
        is_said = phrase.at > 0 and clause.tokens[phrase.at - 1].says("be")
        return ["bearer"] if is_said else ["of", "bearer"]  # "CoreWeave suppliers", « fournisseurs CoreWeave »
    haves = [i for i, t in enumerate(clause.tokens) if t.says(*_HAVE[clause.lang])]
    owners = [n for n in (*clause.names, clause.asking) if n is not None and not n.preposition and not n.owns]
    if haves and owners:
        first = clause.subject_of(haves[-1])
        return ["of"] if phrase == first else ["bearer"]
    return ["bearer"]


def _is_beside(clause: Clause, at: int, noun: int) -> bool:
    """Whether a name stands before an English noun, or behind a French one, with no more than adjectives between."""
    first, last = (at, noun) if clause.lang == "en" else (noun, at)
    verbs = (*clause.words.lists["auxiliary"], *_HAVE[clause.lang])
    between = range(first + 1, last)
    apart = (clause.tokens[i].named or clause.tokens[i].says(*verbs) or clause.is_in(i, "asks") for i in between)
    return first < last and not any(apart)


def bearer_asked(one: Filled) -> Filled:
    """Return a construction of a noun with the end that the noun is said of asked for, though one is named there."""
    frame = one.construction.frame
    end = next((end for end in _END if "bearer" in getattr(frame, end)), None)
    if frame.pos != "role" or end is None:
        return one
    subject, object_ = (one.subject, None) if end == "object" else (None, one.object)
    return replace(one, subject=subject, object=object_, asked=end)


def role_of_asked(clause: Clause, relation: str, asked: str | None) -> frozenset[int]:
    """Return where a noun only names the end that is asked for: "which shareholders hold more than 5% …"."""
    if clause.asking is None or asked is None:
        return frozenset()
    at = clause.asking.at + 1
    if at >= len(clause.tokens) or clause.tokens[at].named:
        return frozenset()
    frames = [c.frame for lemma in clause.tokens[at].lemmas for c in clause.words.constructions.get(lemma, ())]
    told = any(f.pos == "role" and f.relation == relation and "bearer" in getattr(f, asked) for f in frames)
    return frozenset({at}) if told else frozenset()
