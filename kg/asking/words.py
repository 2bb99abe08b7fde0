"""What the words of a language are in a question: out of ``ontology/questions`` and the lexicon of relations.

Each relation's constructions are those by which texts are read (`kg.extract.templates`), those of questions first.
"""

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.asking.inflection import forms_of
from kg.extract.lexicon import load
from kg.extract.templates import Frame, frames_of
from kg.ontology import question_words

__all__ = ["LANGUAGES", "Construction", "Topic", "Words", "plain", "words_of"]

LANGUAGES = ("en", "fr")
"""The languages in which one can ask."""
_ACCENTS = str.maketrans("àâäéèêëîïôöùûüÿçœ", "aaaeeeeiioouuuyco")


@dataclass(frozen=True, slots=True)
class Construction:
    """A construction that states a relation, and which question of the catalogue asks for an end of it, by the end.

    `is_own` tells those that are questions' own from those of texts.
    """

    frame: Frame
    questions: Mapping[str, str]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """A question that is no relation between two ends: the words that tell it, and what it takes.

    What it takes first is whose one of the nouns `owner` is, where it has any. With `clause` a relation may stand
    in it.
    """

    question: str
    cues: tuple[tuple[frozenset[str], ...], ...]
    takes: tuple[str, ...]
    extra: frozenset[str]
    values: Mapping[str, str]
    say: str
    clause: bool
    owner: frozenset[str]
    needs: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a language: `lists` by their name in ``ontology/questions``, `lemmas` by form.

    `says` are questions as one would type them, by the question of the catalogue that answers them. `goods` are the
    nouns by which texts tell what is supplied; questions are not told by them, as no answer tells goods apart.
    """

    lang: str
    lists: Mapping[str, tuple[str, ...]]
    lemmas: Mapping[str, frozenset[str]]
    constructions: Mapping[str, tuple[Construction, ...]]
    topics: tuple[Topic, ...]
    says: tuple[tuple[str, str], ...]
    prepositions: tuple[tuple[str, ...], ...]
    cues: Mapping[str, frozenset[str]]
    goods: frozenset[str]

    def of_form(self, form: str) -> frozenset[str]:
        """Return the dictionary forms that a printed form may be of; where none is known, those without accents."""
        return self.lemmas.get(form) or self.lemmas.get(plain(form)) or frozenset()

    def phrases(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Return the phrases of a list, a tuple of words each, the longest first."""
        return _phrases(self.lists[name])


@functools.lru_cache(maxsize=256)
def _phrases(listed: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(phrase.split()) for phrase in listed), key=len, reverse=True))


def plain(form: str) -> str:
    """Return a form without its accents.

    >>> plain("détient")
    'detient'
    """
    return form.translate(_ACCENTS)


@functools.cache
def words_of(lang: str) -> Words:
    """Read the words of a language; raise `OntologyError` where a file does not say what it must."""
    raw, lexicon = question_words(lang), load(lang)
    topics = tuple(_topic(entry) for entry in raw["topic"])
    constructions = tuple(_constructions(lang, raw["entry"]))
    lists = {
        f"{section}.{key}" if section != "words" else key: tuple(value)
        for section in ("words", "modality", "figures", "dates")
        for key, value in raw[section].items()
    }
    known = {lemma for one in constructions for lemma in _lemmas(one.frame)}
    known |= {word for topic in topics for cue in topic.cues for part in cue for word in part}
    known |= {word for topic in topics for word in topic.extra}
    known |= {word for listed in lists.values() for phrase in listed for word in phrase.split()}
    known |= {word for name in ("planned", "denied", "ended") for word in lexicon.cues[f"modality.{name}"]}
    known |= {*raw["irregular"]}
    by_lemma: dict[str, list[Construction]] = defaultdict(list)
    for construction in constructions:
        for lemma in _triggers(construction, lists):
            by_lemma[lemma].append(construction)
    prepositions = {*(p.replace("_", " ") for p in _lexical_prepositions(lang)), *raw["words"]["prepositions"]}
    return Words(
        lang=lang,
        lists=lists,
        lemmas=_forms(known, lang, raw["irregular"]),
        constructions={lemma: tuple(those) for lemma, those in by_lemma.items()},
        topics=topics,
        says=(*((say["question"], say["text"]) for say in raw["say"]), *((t.question, t.say) for t in topics)),
        prepositions=tuple(sorted((tuple(p.split()) for p in prepositions), key=len, reverse=True)),
        cues=lexicon.cues,
        goods=frozenset(lemma for one in constructions for lemma in _goods(one, lists)),
    )


def _triggers(construction: Construction, lists: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return the words by which a construction is told in a question: of texts' no bare "have", no "sales", no goods.

    Nor is a deal one of partners: it may be of any relation.
    """
    frame = construction.frame
    if construction.is_own:
        return frame.lemmas
    bare = lists["auxiliary"] if frame.pos == "verb" and not frame.beside else ()
    deals = lists["deal"] if frame.relation == "partners-with" and frame.pos == "noun" else ()
    return frame.lemmas.difference(bare, deals, _goods(construction, lists), lists["no_act"] if frame.act else ())


def _goods(construction: Construction, lists: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return the nouns of a construction that name goods and no trade."""
    frame = construction.frame
    if construction.is_own or frame.relation != "supplies" or frame.pos != "noun" or frame.act:
        return frozenset()
    return frame.lemmas.difference(lists["trade"])


def _lexical_prepositions(lang: str) -> Sequence[str]:
    """Return the prepositions of the lexicon of relations, as templates have them."""
    from kg.ontology import lexicon

    return tuple(lexicon(lang)["grammar"]["prepositions"])


def _forms(known: set[str], lang: str, irregular: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    forms: dict[str, set[str]] = defaultdict(set)
    bare: dict[str, set[str]] = defaultdict(set)
    for lemma in known:
        for form in forms_of(lemma, lang, irregular):
            forms[form].add(lemma)
            bare[plain(form)].add(lemma)
    return {form: frozenset(lemmas) for form, lemmas in {**bare, **forms}.items()}


def _lemmas(frame: Frame) -> Iterator[str]:
    yield from (*frame.lemmas, *frame.via, *frame.beside)


def _constructions(lang: str, own: Sequence[Mapping[str, Any]]) -> Iterator[Construction]:
    from kg.ontology import lexicon

    grammar = lexicon(lang)["grammar"]
    for index, entry in enumerate(own):
        questions = {end: str(entry[end]) for end in ("subject", "object") if end in entry}
        plain_entry = {key: value for key, value in entry.items() if key not in questions}
        for frame in frames_of(lang, index, plain_entry, grammar):
            yield Construction(frame, questions, is_own=True)
    for lexical in load(lang).entries:
        for frame in lexical.frames:
            if frame.pos != "compound" and not frame.described:
                yield Construction(frame, {}, is_own=False)


def _topic(entry: Mapping[str, Any]) -> Topic:
    cues = tuple(tuple(frozenset(part.split("|")) for part in cue.split()) for cue in entry["cue"])
    return Topic(
        question=entry["question"],
        cues=cues,
        takes=tuple(entry["takes"]),
        extra=frozenset(entry.get("extra", ())),
        values=entry.get("values", {}),
        say=entry["say"],
        clause=bool(entry.get("clause", False)),
        owner=frozenset(entry.get("owner", ())),
        needs=entry.get("needs"),
    )
