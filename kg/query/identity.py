"""One company or two: from the names that a person gives to a judgement of identity, and the list of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import QueryError, UnknownEntity
from kg.judgements import Identities, IdentityJudgement, IdentityVerdict, current_moment, in_force, standing
from kg.model import Entity
from kg.query.entity_lookup import find_named
from kg.resolve import Resolver, fold
from kg.store import Store
from kg.tables.table import Value

__all__ = ["Split", "identity_phrase", "identity_rows", "merging", "splitting", "taking_back"]


@dataclass(frozen=True, slots=True)
class Split:
    """Which mentions of a company mean another: `name` is what it goes by there, `documents` are where, by id.

    `into` is the other's name or id. Without it, the mention gets an entity of its own, or that which it would have but
    for a merge. Without documents, it is so in all.
    """

    company: str
    name: str
    into: str | None = None
    documents: tuple[str, ...] = ()


def merging(store: Store, one: str, other: str, author: str, tool: str) -> IdentityJudgement:
    """Return the judgement that two names or ids are one company; the first keeps its name.

    Raises `UnknownEntity` or `QueryError` where a name is none, or several; `InvalidRecord` where they are one already.
    """
    first, second = (find_named(store, text, candidates=True) for text in (one, other))
    return IdentityJudgement(IdentityVerdict.SAME, first, second, author, current_moment(), tool=tool)


def splitting(store: Store, split: Split, author: str, tool: str) -> IdentityJudgement:
    """Return the judgement that a name of a company means another one; or, where they are two, that they stay two.

    Raises `UnknownEntity` or `QueryError` where a name is none, or several, and where the company has no such name;
    `UnknownDocument` for a document that is not here.
    """
    for document in split.documents:
        store.document(document)
    company = find_named(store, split.company, candidates=True)
    mention = _mention(store, company, split)
    if mention is None:
        other = find_named(store, split.name, candidates=True)
        return IdentityJudgement(IdentityVerdict.DIFFERENT, company, other, author, current_moment(), tool=tool)
    one, other = _ends(store, company, mention, split)
    return IdentityJudgement(
        IdentityVerdict.DIFFERENT,
        one,
        other,
        author,
        current_moment(),
        mention=mention,
        documents=split.documents,
        tool=tool,
    )


def _mention(store: Store, company: Entity, split: Split) -> str | None:
    """Return the name as documents spell it; None where it is another entity's, and nothing says where it is meant."""
    claims = (*store.claims(entity=company.id), *store.candidates(entity=company.id))
    same = [entity for claim in claims for entity in claim.entities if entity.id == company.id]
    spellings = {spelling for entity in same for spelling in (entity.name, *entity.aliases)}
    spelt = sorted(spelling for spelling in spellings if fold(spelling) == fold(split.name))
    if spelt:
        return split.name if split.name in spelt else spelt[0]
    if split.into is None and not split.documents:
        try:
            find_named(store, split.name, candidates=True)
        except UnknownEntity:
            pass
        else:
            return None
    raise QueryError(f"'{split.name}' is no name of {company.name}: it goes by {', '.join(sorted(spellings))}")


def _ends(store: Store, company: Entity, mention: str, split: Split) -> tuple[Entity, Entity]:
    """Return whom a mention is taken from, and whom it is given to."""
    if split.into is not None:
        try:
            other = find_named(store, split.into, candidates=True)
        except UnknownEntity:
            other = _resolved(split.into, company.type)
        if other.id == company.id:
            raise QueryError(f"'{split.into}' is {company.name} itself: name another company with --into")
        return company, other
    other, named = _resolved(mention, company.type), _resolved(split.company, company.type)
    if other.id != company.id:
        return company, other
    if named.id != other.id and store.identities.canonical(named.id) == company.id:
        # The name that stands for a merge is that which is split off: the rest keeps what it was called before.
        return named, other
    return company, _own(store, company, mention)


def _resolved(name: str, type_: str) -> Entity:
    entity = Resolver().entity(Entity("?", name, type_))
    return Entity(entity.id, entity.name, type_)


def _own(store: Store, company: Entity, mention: str) -> Entity:
    """Return an entity of its own for a name that would be the company: the first number that is free."""
    taken = {entity.id for entity in store.entities()}
    taken |= {end.id for one in store.identities.judgements for end in (one.one, one.other)}
    number = 2
    while f"{company.id}-{number}" in taken:
        number += 1
    return Entity(f"{company.id}-{number}", f"{mention} ({number})", company.type)


def taking_back(judgement: IdentityJudgement, author: str, tool: str) -> IdentityJudgement:
    """Return the judgement that takes another back."""
    unsure = IdentityVerdict.UNSURE
    return IdentityJudgement(
        unsure, judgement.one, judgement.other, author, current_moment(), tool=tool, undoes=judgement.id
    )


def identity_phrase(judgement: IdentityJudgement) -> str:
    """Return what a judgement of identity says, as a plain phrase."""
    one, other = judgement.one.name, judgement.other.name
    if judgement.is_split:
        where = f" in {', '.join(judgement.documents)}" if judgement.documents else ""
        return f"{judgement.mention or one}{where} is {other}, not {one}"
    words = {IdentityVerdict.SAME: "is", IdentityVerdict.DIFFERENT: "is not", IdentityVerdict.UNSURE: "may be"}
    return f"{other} {words[judgement.verdict]} {one}"


def identity_rows(identities: Identities, document: str | None = None) -> Iterator[tuple[Value, ...]]:
    """Yield a row for each judgement of identity, in the columns of `kg.query.review.all_judgements`.

    With `document`, those that are about mentions in it.
    """
    held = {one.id for one in in_force(identities.judgements)}
    stands = {one.id for one in standing(identities.judgements)}
    for one in identities.judgements:
        if document is not None and document not in one.documents:
            continue
        state = "holds" if one.id in held else "replaced" if one.id in stands else "taken back"
        state = "takes back" if one.undoes else "in conflict" if one.id in identities.conflicts else state
        documents = ", ".join(one.documents) or None
        said = (one.at, one.author, one.verdict.value, None, identity_phrase(one), None, None)
        yield (*said, state, documents, one.id)
