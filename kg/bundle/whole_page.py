"""All that the page of a story shows, in its order: the one thing of which the page and the PDF are made."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from kg.bundle import picture, timeline
from kg.bundle.categories import facts_by_category
from kg.bundle.content import Note, Section, Wording, sections_of, text_file
from kg.bundle.flows import MoneyFlow, money_flows
from kg.bundle.picture import Picture, placed
from kg.bundle.shown import shown
from kg.bundle.story import Absence, ConflictKind, Story
from kg.facts import Dispute, Fact, disputes_by_tier, disputes_of, fact_id
from kg.model import Claim, Entity
from kg.ontology import ontology
from kg.view.data import FIRST
from kg.view.presentation import address
from kg.view.subgraph import most_connected
from kg.wording.citations import citation_wording
from kg.wording.reasons import reason_words

__all__ = ["ConflictView", "DisputeView", "FlowRow", "LeftOutView", "SceneView", "SourceRow", "WholePage", "whole_page"]


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A sum of money in words; `part` is its size beside the largest of its currency, from 0 to 1."""

    leg: str
    sum: str
    said: str
    relation: str
    fact: str
    category: str
    part: float


@dataclass(frozen=True, slots=True)
class DisputeView:
    """What cannot all be right: each side with the fact that says it."""

    heading: str
    differs: str
    sides: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ConflictView:
    """What two people's work says differently."""

    heading: str
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOutView:
    """Claims that are not in the story for one reason: how many, and those that are listed, with sentence and place."""

    heading: str
    items: tuple[tuple[str, str, str, str], ...]
    more: str


@dataclass(frozen=True, slots=True)
class SceneView:
    """A saved view: its heading, its note, its picture; None where nothing is in it."""

    heading: str
    note: str
    svg: Element | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A document, so that others find it."""

    number: int
    title: str
    document: str
    url: str
    published: str
    kind: str
    lang: str
    sha256: str
    length: str
    text: str


@dataclass(frozen=True, slots=True)
class WholePage:
    """What stands on the page, from top to bottom."""

    wording: Wording
    title: str
    about: tuple[str, ...]
    picture: Element | None
    picture_text: str
    scenes: tuple[SceneView, ...]
    notes: tuple[Note, ...]
    sections: tuple[Section, ...]
    flows: tuple[FlowRow, ...]
    timeline: tuple[Element, ...]
    disputes: tuple[DisputeView, ...]
    conflicts: tuple[ConflictView, ...]
    left_out: tuple[LeftOutView, ...]
    sources: tuple[SourceRow, ...]

    @property
    def words(self) -> Mapping[str, str]:
        """What the page says in its own words."""
        return self.wording.words


def whole_page(story: Story) -> WholePage:
    """Return what the page of a story shows."""
    wording = Wording.of(story)
    facts = tuple(fact for each in facts_by_category(story).values() for fact in each)
    drawn = _picture(wording, facts)
    left = len(story.entities) - len(drawn.entities)
    told = wording.words["picture_part"].format(left) if left > 0 else ""
    return WholePage(
        wording=wording,
        title=shown(story.request.title),
        about=tuple(wording.about()),
        picture=picture.svg(drawn, wording.words["picture"]) if drawn.entities else None,
        picture_text=wording.words["picture_text"].format(len(drawn.entities), len(drawn.facts)) + told,
        scenes=tuple(_scenes(wording, drawn)),
        notes=wording.notes(),
        sections=sections_of(wording),
        flows=tuple(_flow(wording, flow) for flow in money_flows(facts)),
        timeline=timeline.svgs(wording, timeline.timeline_rows(wording), wording.words["timeline"]),
        disputes=tuple(_disputes(wording, facts)),
        conflicts=tuple(_conflicts(wording)),
        left_out=tuple(_left_out(wording)),
        sources=tuple(_sources(wording)),
    )


def _picture(wording: Wording, facts: tuple[Fact, ...]) -> Picture:
    """Return the picture of the most connected part: a line too many hides all others."""
    shown_first = most_connected(wording.story.entities, facts, None, FIRST)
    drawn = tuple(f for f in facts if isinstance(f.object, Entity) and {f.subject.id, f.object.id} <= shown_first)
    return Picture(drawn, placed(drawn, wording.story.scenes.positions), wording.marks, wording.lang)


def _scenes(wording: Wording, drawn: Picture) -> Iterator[SceneView]:
    for scene in wording.story.scenes.scenes:
        heading, facts = shown(scene.name), drawn.facts
        if scene.as_of is not None:
            heading = f"{heading} ({wording.date(scene.as_of)})"
            facts = tuple(fact for each in facts_by_category(wording.story, scene.as_of).values() for fact in each)
        part = replace(drawn, facts=facts).part(scene.companies, scene.relations)
        yield SceneView(heading, shown(scene.note), picture.svg(part, heading) if part.entities else None)


def _flow(wording: Wording, flow: MoneyFlow) -> FlowRow:
    leg = wording.words[flow.kind].format(shown(flow.payer.name), shown(flow.payee.name))
    said = ontology().modalities[flow.fact.modality].label[wording.lang]
    relation, terms = wording.relation(flow.fact.relation), wording.terms(flow.fact)
    return FlowRow(leg, terms, said, relation, fact_id(flow.fact), flow.category.value, flow.part)


def _disputes(wording: Wording, facts: tuple[Fact, ...]) -> Iterator[DisputeView]:
    tiers = {source.id: source.tier for source in wording.story.sources if source.tier is not None}
    for dispute in disputes_by_tier(disputes_of(facts), tiers):
        yield DisputeView(
            wording.statement(dispute.facts[0]),
            wording.words["differs"].format(", ".join(_differs(wording, dispute))),
            tuple((_side(wording, fact), fact_id(fact)) for fact in dispute.facts),
        )


def _differs(wording: Wording, dispute: Dispute) -> Iterator[str]:
    own = {"figure": wording.words["figure"], "modality": wording.words["modality"]}
    for name in dispute.differs:
        yield own.get(name) or ontology().qualifiers[name].label[wording.lang]


def _side(wording: Wording, fact: Fact) -> str:
    modality = ontology().modalities[fact.modality].label[wording.lang]
    sources = "; ".join(wording.source(wording.sources[name]) for name in fact.documents)
    return " · ".join(filter(None, (wording.terms(fact) or "–", modality, sources)))


def _conflicts(wording: Wording) -> Iterator[ConflictView]:
    words, phrases = wording.words, {claim.id: wording.phrase(claim) for claim in wording.story.claims}
    phrases |= {id_: shown(entity.name) for id_, entity in wording.story.entities.items()}
    for conflict in wording.story.conflicts:
        is_frame = conflict.kind is ConflictKind.FRAME
        on = phrases.get(conflict.on) or words.get(f"frame_{conflict.on}" if is_frame else "") or shown(conflict.on)
        heading = words["conflict_on"].format(words[f"conflict_{conflict.kind}"], on)
        yield ConflictView(heading, tuple(shown(_said(side, conflict.kind, words)) for side in conflict.sides))


def _said(side: str, kind: ConflictKind, words: Mapping[str, str]) -> str:
    """Return a side of a conflict with its verdict, or outcome, in words of the page's language."""
    if kind in {ConflictKind.JUDGEMENTS, ConflictKind.IDENTITIES}:
        who, _, said = side.rpartition(": ")
        verdict, _, date = said.partition(" ")
        return f"{words['conflict_on'].format(who, words.get(f'verdict_{verdict}', verdict))} {date}"
    if kind is ConflictKind.READINGS:
        outcome, *reasons = side.split(" ")
        said = words.get(f"outcome_{outcome}", outcome)
        return words["conflict_on"].format(said, reason_words(reasons, words["language"])) if reasons else said
    return side


def _left_out(wording: Wording) -> Iterator[LeftOutView]:
    listed = defaultdict(list)
    for each in wording.story.left_out:
        claim = each.claim
        reasons = wording.words["reasons"].format(reason_words(claim.reasons, wording.lang)) if claim.reasons else ""
        quote = f"{wording.words['open']}{shown(claim.quote)}{wording.words['shut']}"
        listed[each.absence].append((wording.phrase(claim), shown(reasons), quote, _absent_place(wording, claim)))
    for absence in Absence:
        count, items = wording.story.counts.get(absence.value, 0), tuple(listed[absence])
        if count:
            more = wording.words["unlisted"].format(count - len(items)) if 0 < len(items) < count else ""
            yield LeftOutView(wording.words[absence.value].format(count), items, more)


def _absent_place(wording: Wording, claim: Claim) -> str:
    """Return where the sentences of a claim stand that is left out: its document may be none of the story's sources."""
    by_document = defaultdict(list)
    for evidence in claim.evidence:
        by_document[evidence.document].append(wording.words["place"].format(evidence.start, evidence.end))
    return "; ".join(f"{_document(wording, id_)}, {', '.join(places)}" for id_, places in by_document.items())


def _document(wording: Wording, id_: str) -> str:
    source = wording.sources.get(id_)
    return shown(id_) if source is None else f"[{wording.numbers[id_]}] {wording.source(source)}"


def _sources(wording: Wording) -> Iterator[SourceRow]:
    words = wording.words
    for number, source in enumerate(wording.story.sources, 1):
        file = text_file(wording.story, number)
        yield SourceRow(
            number,
            shown(source.title or source.id),
            shown(source.id),
            address(source.url),
            wording.date(source.published) if source.published else citation_wording(wording.lang).undated,
            ontology().tiers[source.tier].label[wording.lang] if source.tier else "",
            source.lang,
            source.sha256,
            words["characters"].format(source.length),
            words["with_text"].format(file) if file else words["without_text"],
        )
