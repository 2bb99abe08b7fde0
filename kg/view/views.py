"""The view of a store: all that it holds, its most important part, or what lies around a company."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kg.errors import QueryError, did_you_mean
from kg.facts import facts_of
from kg.model import Claim, Document, Entity
from kg.query import find_entity
from kg.query.opinions import opinions_on
from kg.view.company_records import CompanyDetails
from kg.view.data import FIRST, view_data
from kg.view.html import html_of, json_of
from kg.view.pyvis import LARGEST, network, page
from kg.view.registers import register_records
from kg.view.scenes import Scenes
from kg.view.subgraph import most_connected
from kg.view.traits import traits_of
from kg.wording.viewer import wording

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["FORMATS", "pyvis_network", "store_page", "store_view"]

FORMATS: Mapping[str, str] = {
    "html": "the viewer, as one page",
    "json": "the viewer's data (kg-view/1)",
    "pyvis": "a page drawn by pyvis",
}
"""What a picture can be written as."""


def store_view(  # noqa: PLR0913 - keywords, each with a default
    store: "Store",
    *,
    company: str | None = None,
    title: str | None = None,
    lang: str = "en",
    hops: int = 2,
    as_of: str | None = None,
    today: dt.date | None = None,
    judging: bool = False,
    whole: bool = True,
    size: tuple[int, int] = FIRST,
    scenes: Scenes | None = None,
) -> dict[str, Any]:
    """Return the view of a store as plain values, which `kg.view.data` explains.

    Of all, or of what lies at most `hops` relations from `company`. `as_of`, a partial date, sets the viewer's clock,
    which else stands at `today`, by default that of `kg.settings`. `judging` says that the page can take judgements,
    `size` how many companies and facts are shown at first. Without `whole` the view of all holds its most connected
    part only, and tells how many neighbours of each company are left out. `scenes` are the notes and saved views that
    the page opens with. Raises `InvalidRecord` for what is no date,
    `UnknownEntity` for a company that is not in the graph, `QueryError` for an unknown language.
    """
    words, entity = wording(lang), None if company is None else find_entity(store, company)
    shown, hidden_neighbours = _of_all(store, whole=whole) if entity is None else _near(store, entity.id, hops)
    view = view_data(
        shown,
        _documents(store, shown),
        title=" · ".join((title or _heading(words, entity), *store.selection.notes(lang))),
        lang=lang,
        focus=None if entity is None else entity.id,
        as_of=as_of,
        today=today,
        details=_details(store, shown, hidden_neighbours, entity),
        opinions=opinions_on(store, shown),
        judging=judging,
        whole=whole and entity is None,
        size=size,
    )
    return view | ({"scenes": scenes.json()} if scenes else {})


def _details(
    store: "Store", shown: Sequence[Claim], hidden_neighbours: Mapping[str, int], focus: Entity | None
) -> CompanyDetails:
    """Return what is told of companies beside their claims; the focus is drawn though it may have none."""
    traits = traits_of(store, _entities(shown))
    registers = register_records(store, _by_importance(shown, focus))
    return CompanyDetails(hidden_neighbours, traits, registers, besides=() if focus is None else [focus])


def _by_importance(claims: Iterable[Claim], focus: Entity | None) -> Iterable[str]:
    """Return the ids of companies, that of the focus first, then those with most claims."""
    counts = Counter(id_ for claim in claims for id_ in _ends(claim))
    return [*([] if focus is None else [focus.id]), *(id_ for id_, _ in counts.most_common())]


def _of_all(store: "Store", *, whole: bool) -> tuple[Sequence[Claim], Mapping[str, int]]:
    """Return the claims of a store, or of its most connected part, and how many neighbours of each are left out."""
    claims = list(store.claims())
    shown = claims if whole else _part(claims)
    return shown, _hidden_neighbours(claims, shown)


def _documents(store: "Store", claims: Iterable[Claim]) -> Mapping[str, Document]:
    """Return the documents that claims quote, by id."""
    used = {evidence.document for claim in claims for evidence in claim.evidence}
    return {document.id: document for document in store.documents() if document.id in used}


def store_page(  # noqa: PLR0913 - keywords, each with a default
    store: "Store",
    *,
    company: str | None = None,
    title: str | None = None,
    lang: str = "en",
    hops: int = 2,
    as_of: str | None = None,
    today: dt.date | None = None,
    form: str = "html",
    scenes: Scenes | None = None,
) -> str:
    """Return the picture of a store in one of `FORMATS`; see `store_view`."""
    if form not in FORMATS:
        hint = did_you_mean(form, FORMATS)
        raise QueryError(f"a picture cannot be '{form}': choose one of {', '.join(FORMATS)}.{hint}")
    if form == "pyvis" and scenes:
        raise QueryError("a page drawn by pyvis shows no notes and scenes: leave them out, or write html")
    size = LARGEST if form == "pyvis" else FIRST
    view = store_view(
        store, company=company, title=title, lang=lang, hops=hops, as_of=as_of, today=today, size=size, scenes=scenes
    )
    if form == "pyvis":
        return page(view)
    return html_of(view) if form == "html" else json_of(view)


def pyvis_network(
    store: "Store",
    *,
    company: str | None = None,
    lang: str = "en",
    as_of: str | None = None,
    today: dt.date | None = None,
) -> Any:
    """Return the picture of a store as a `pyvis.network.Network`; see `kg.view.pyvis`."""
    return network(store_view(store, company=company, lang=lang, as_of=as_of, today=today, size=LARGEST))


def _heading(words: Mapping[str, str], company: Entity | None) -> str:
    return words["title"] if company is None else words["around"].format(company.name)


def _near(store: "Store", start: str, hops: int) -> tuple[Sequence[Claim], Mapping[str, int]]:
    """Return the claims on what lies near an entity, and how many neighbours of each lie farther off.

    Only the entities near it are asked for: a store may hold a million claims.
    """
    by_entity: dict[str, list[Claim]] = {}
    front = {start}
    for _ in range(hops + 1):
        by_entity |= {id_: list(store.claims(entity=id_)) for id_ in sorted(front)}
        front = {id_ for centre in front for claim in by_entity[centre] for id_ in _ends(claim)} - by_entity.keys()
    claims = {claim.id: claim for group in by_entity.values() for claim in group}
    shown = [claim for claim in claims.values() if _ends(claim) <= by_entity.keys()]
    return shown, _hidden_neighbours(claims.values(), shown)


def _ends(claim: Claim) -> set[str]:
    return {end.id for end in (claim.subject, claim.object) if isinstance(end, Entity)}


def _entities(claims: Iterable[Claim]) -> Iterable[Entity]:
    return {
        end.id: end for claim in claims for end in (claim.subject, claim.object) if isinstance(end, Entity)
    }.values()


def _part(claims: Sequence[Claim]) -> Sequence[Claim]:
    """The claims on the most connected companies."""
    entities = {entity.id: entity for entity in _entities(claims)}
    shown = most_connected(entities, facts_of(claims), None, FIRST)
    return [c for c in claims if c.subject.id in shown and (not isinstance(c.object, Entity) or c.object.id in shown)]


def _hidden_neighbours(claims: Iterable[Claim], shown: Sequence[Claim]) -> Mapping[str, int]:
    """How many neighbours each company has that are left out."""
    here = {end.id for claim in shown for end in (claim.subject, claim.object) if isinstance(end, Entity)}
    out: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        if not isinstance(claim.object, Entity):
            continue
        for company, neighbour in ((claim.subject.id, claim.object.id), (claim.object.id, claim.subject.id)):
            if company in here and neighbour not in here:
                out[company].add(neighbour)
    return {company: len(neighbours) for company, neighbours in out.items()}
