"""What the pages of a story say, worded: the page and the PDF are made of this alone, and so say the same.

All text of sources is on one line and without marks that steer (`kg.bundle.shown`); whoever writes it has to escape it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.bundle.categories import Category, facts_by_category
from kg.bundle.codec import text_name
from kg.bundle.shown import shown
from kg.bundle.story import Story
from kg.export.citation import annotation, bibliography, chicago_note, csl_item
from kg.export.latex import bibtex_entry
from kg.export.sources import Source
from kg.facts import Fact, TriState, fact_id
from kg.judgements import Verdict, author_of
from kg.model import Claim, Entity, Evidence
from kg.ontology import ontology
from kg.query.review import phrase
from kg.view.presentation import address, language
from kg.wording.bundles import bundle_wording
from kg.wording.citations import citation_wording
from kg.wording.places import place_label
from kg.wording.statements import statement
from kg.wording.viewer import plural

__all__ = [
    "Citations",
    "Group",
    "Note",
    "Quote",
    "Saying",
    "Section",
    "Statement",
    "Wording",
    "sections_of",
    "text_file",
]

_DAY = len("2025-03-11")


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence and where it stands; `number` is that of its source in the list of sources."""

    text: str
    lang: str
    number: int
    where: str
    url: str
    place: str


@dataclass(frozen=True, slots=True)
class Citations:
    """A claim as others cite it."""

    note: str
    entry: str
    bibtex: str
    csl: str
    annotation: str


@dataclass(frozen=True, slots=True)
class Saying:
    """A claim: its sentences, what people say of it, the numbers of the notes on it."""

    claim: str
    quotes: tuple[Quote, ...]
    judged: tuple[str, ...]
    notes: tuple[int, ...]
    citations: Citations


@dataclass(frozen=True, slots=True)
class Statement:
    """Claims that agree, as one statement with its terms and what else is to be told of it."""

    fact: str
    text: str
    terms: str
    details: tuple[str, ...]
    sayings: tuple[Saying, ...]
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Statements of one relation."""

    heading: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Statements that are said as firmly."""

    category: Category
    title: str
    lead: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote beside a company or a claim; `target` is the claim or fact that the page can lead to."""

    number: int
    on: str
    text: str
    by: str
    target: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Words what is in a story, in the language that it asks for.

    `sources` are its documents by id, `numbers` their places in the list of sources, `marks` the numbers of the notes
    on each company, claim and fact, by its id.
    """

    story: Story
    sources: Mapping[str, Source]
    numbers: Mapping[str, int]
    marks: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, story: Story) -> "Wording":
        """Return the wording of a story."""
        marks: dict[str, tuple[int, ...]] = {}
        for number, note in enumerate(story.scenes.notes, 1):
            marks[note.on] = (*marks.get(note.on, ()), number)
        numbers = {source.id: number for number, source in enumerate(story.sources, 1)}
        return cls(story, story.by_source, numbers, marks)

    @property
    def lang(self) -> str:
        """The language."""
        return self.story.request.lang

    @property
    def words(self) -> Mapping[str, str]:
        """What the pages say in their own words."""
        return bundle_wording(self.lang)

    def date(self, date: str) -> str:
        """Return a partial date in words."""
        return citation_wording(self.lang).date(date)

    def on_date(self, date: str) -> str:
        """Return a partial date as it stands in a sentence: a day has its article in French."""
        is_day = len(date) == _DAY
        return self.words["on_date"].format(self.date(date)) if is_day else self.date(date)

    def statement(self, fact: Fact) -> str:
        """Return who does what to whom."""
        end = shown(fact.object.name) if isinstance(fact.object, Entity) else ""
        return statement(shown(fact.subject.name), self.relation(fact.relation), end, self.lang)

    def relation(self, name: str) -> str:
        """Return a relation's label."""
        return ontology().relation(name).label[self.lang]

    def terms(self, fact: Fact) -> str:
        """Return the terms of a fact, those of a figure with it."""
        return shown(fact.terms(self.lang))

    def about(self) -> Iterator[str]:
        """Yield what the story is about: companies, relations, dates, clocks, what it was narrowed to."""
        request, words, entities = self.story.request, self.words, self.story.entities
        names = ", ".join(shown(entities[id_].name if id_ in entities else id_) for id_ in request.companies)
        yield words["about"].format(names) if names else words["about_all"]
        if request.relations:
            yield words["relations"].format(", ".join(map(self.relation, request.relations)))
        if request.since or request.until:
            name = "dates" if request.since and request.until else "dates_since" if request.since else "dates_until"
            yield words[name].format(*(self.date(d) for d in (request.since, request.until) if d))
        yield words["day"].format(self.date(self.story.day))
        for name in ("known", "recorded"):
            if date := getattr(request, name):
                yield words[name].format(self.date(date))
        yield from map(shown, request.narrowed)

    def citations(self, claim: Claim) -> Citations:
        """Return a claim as others cite it."""
        source = self.sources[claim.document]
        item = csl_item(claim, source)
        text = self.story.texts.get(claim.document)
        note = annotation(claim, source, self.lang, base=self.story.base, text=text)
        return Citations(
            chicago_note(claim, source, self.lang),
            bibliography(claim, source, self.lang),
            bibtex_entry(item),
            json.dumps([item], ensure_ascii=False, indent=1),
            json.dumps(note, ensure_ascii=False, indent=1),
        )

    def quote(self, evidence: Evidence) -> Quote:
        """Return a sentence with its source and its place."""
        source = self.sources[evidence.document]
        return Quote(
            shown(evidence.quote),
            language(evidence.lang),
            self.numbers[source.id],
            self.source(source),
            address(source.url),
            self.place(evidence, source),
        )

    def source(self, source: Source) -> str:
        """Return a document's title and date."""
        published = self.date(source.published) if source.published else citation_wording(self.lang).undated
        return f"{shown(source.title or source.id, 160)}, {published}"

    def place(self, evidence: Evidence, source: Source) -> str:
        """Return where a sentence stands: on which page, at which characters."""
        page = place_label(source.places_of(evidence), self.lang)
        return ", ".join(filter(None, (shown(page), self.words["place"].format(evidence.start, evidence.end))))

    def judged(self, claim: Claim) -> Iterator[str]:
        """Yield what people say of a claim: whose own it is, who confirmed or doubts it, and when."""
        author = author_of(claim)
        if author is not None:
            yield self.words["own"].format(shown(author))
        for opinion in self.story.opinions.get(claim.id, ()):
            if opinion.author != author or opinion.verdict is not Verdict.RIGHT:
                yield self.words[opinion.verdict.value].format(shown(opinion.author), self.date(opinion.at[:10]))

    def phrase(self, claim: Claim) -> str:
        """Return a claim as a plain phrase, its modality with it."""
        return shown(phrase(claim, self.lang))

    def notes(self) -> tuple[Note, ...]:
        """Return the notes with their numbers, each with what it is on in words."""
        words, entities = self.words, self.story.entities
        phrases = {claim.id: self.phrase(claim) for claim in self.story.claims}
        facts = {fact_id(f): f for facts in facts_by_category(self.story).values() for f in facts}
        phrases |= {id_: " · ".join(filter(None, (self.statement(f), self.terms(f)))) for id_, f in facts.items()}
        phrases |= {id_: shown(entity.name) for id_, entity in entities.items()}
        notes = []
        for number, note in enumerate(self.story.scenes.notes, 1):
            name = phrases.get(note.on)
            on = words["note_lost"].format(shown(note.on)) if name is None else words["note_on"].format(name)
            by = ", ".join(filter(None, (shown(note.author), self.date(note.written) if note.written else "")))
            target = note.on if name is not None and note.on not in entities else ""
            notes.append(Note(number, on, shown(note.text), by, target))
        return tuple(notes)


def sections_of(wording: Wording) -> tuple[Section, ...]:
    """Return what a story says, apart by how firmly it is said; a list that has nothing is left out, but for facts."""
    words, day, made = wording.words, wording.date(wording.story.day), list[Section]()
    by_category = facts_by_category(wording.story)
    for category in Category:
        facts = by_category[category]
        if facts or category is Category.FACTS:
            lead = words[f"{category}_lead"].format(day)
            made.append(Section(category, words[category.value], lead, _groups(wording, facts)))
    return tuple(made)


def _groups(wording: Wording, facts: Sequence[Fact]) -> tuple[Group, ...]:
    relations = dict.fromkeys(fact.relation for fact in facts)
    return tuple(
        Group(
            wording.relation(relation),
            tuple(_statement(wording, fact) for fact in facts if fact.relation == relation),
        )
        for relation in relations
    )


def _statement(wording: Wording, fact: Fact) -> Statement:
    words, count = wording.words, wording.story.count_sources(fact.documents)
    modality = ontology().modalities[fact.modality].label[wording.lang]
    details = (
        "" if fact.is_fact else modality,
        words["undecided"] if fact.holds is TriState.UNDECIDED else "",
        words["known_from"].format(wording.on_date(fact.known_from)) if fact.known_from else "",
        plural(words["source" if wording.story.copies is not None else "source_document"], count, wording.lang),
    )
    id_ = fact_id(fact)
    return Statement(
        id_,
        wording.statement(fact),
        wording.terms(fact),
        tuple(filter(None, details)),
        tuple(_saying(wording, claim) for claim in fact.claims),
        wording.marks.get(id_, ()),
    )


def _saying(wording: Wording, claim: Claim) -> Saying:
    return Saying(
        claim.id,
        tuple(map(wording.quote, claim.evidence)),
        tuple(wording.judged(claim)),
        wording.marks.get(claim.id, ()),
        wording.citations(claim),
    )


def text_file(story: Story, number: int) -> str | None:
    """Return the name of the file with the text of a document, by its number; None where it is not in the bundle."""
    return text_name(number) if story.sources[number - 1].id in story.texts else None
