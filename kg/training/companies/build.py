"""Brings the lists together: one company a name, its identifiers, and how safely it is known by each of its names."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.companies import Company, KnownBy
from kg.ontology import ontology
from kg.resolve import fold
from kg.training.companies.distinctness import known_by, short_words, without_form
from kg.training.companies.naming import label, legal_key, legal_name, proper_case
from kg.training.companies.sources import Row

__all__ = ["Additions", "companies", "set_apart"]

_FIRST_OF_EXCHANGES = 10
_OF_INDICES = (0, 13)
"""The ranks of members of indices."""
_GENERIC = frozenset(
    (
        *("bancorp", "biosciences", "biotech", "brands", "chemical", "chemicals", "communications", "corporation"),
        *("electronics", "energy", "engineering", "entertainment", "financial", "foods", "global", "health"),
        *("healthcare", "industries", "instruments", "international", "laboratories", "lifesciences", "materials"),
        *("medical", "micro", "motor", "motors", "networks", "oncology", "partners", "pharma", "pharmaceutical"),
        *("pharmaceuticals", "platforms", "precision", "properties", "realty", "resources", "semiconductor"),
        *("semiconductors", "services", "software", "solutions", "systems", "technologies", "technology", "telecom"),
        *("therapeutics", "trust", "wholesale", "worldwide"),
    )
)
"""Last words that texts leave out: "Marvell" is Marvell Technology, if nobody else is called so."""
_SYMBOLS = ("ticker", "listing", "isin", "cik", "lei")
"""What tells companies of one name apart in an id, the shortest first."""
_ALIASES = 3
_AMERICA = "US"


@dataclass(frozen=True, slots=True)
class Additions:
    """What people add to the lists, in ``additions.toml``; ids stand without "company/".

    `take` are names, folded, of companies that are taken whatever their size; `left_out` titles that are not;
    `wrong` identifiers, by folded name, of another company or of old; `same` ids of a second name of a company, with
    the id that it keeps; `names` other names by id, `label` and `known_by` what the rules get wrong, `ambiguous` short
    names, folded, that mean something else as well.
    """

    take: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    ambiguous: frozenset[str] = frozenset()
    wrong: Mapping[str, Sequence[str]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)
    known_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Group:
    """The rows of one company; its key is what the resolver makes of its name."""

    key: str
    name: str
    rows: tuple[Row, ...]
    country: str | None
    is_shared: bool


def companies(rows: Iterable[Row], leis: Mapping[tuple[str, str], str], additions: Additions) -> tuple[Company, ...]:
    """Return the companies of the lists in order of their ids.

    Args:
        rows: all rows of all lists; a company is taken if one of its rows is.
        leis: LEI by legal name and country.
        additions: what people add.

    """
    by_key = _by_key((row for row in rows if row.name not in additions.left_out), additions)
    first_words = Counter(word for _, called in by_key.values() for word in {_first(name) for name in called})
    groups = [group for key, (kept, _) in sorted(by_key.items()) for group in _groups(key, kept)]
    made = [(_best_rank(group), _company(group, leis, first_words, additions.ambiguous)) for group in groups]
    return _settled([company for _, company in sorted(made, key=lambda pair: _precedence(*pair))], additions)


def _best_rank(group: _Group) -> int:
    return min(row.rank for row in group.rows if row.is_taken)


def _precedence(rank: int, company: Company) -> tuple[bool, int, bool, int, str]:
    """Which of a company's names comes first: by hand, of the best list, known by sight, short."""
    is_by_hand = company.id in ontology().companies
    return not is_by_hand, rank, company.known_by is not KnownBy.SIGHT, len(company.name), company.id


def _by_key(rows: Iterable[Row], additions: Additions) -> dict[str, tuple[list[Row], set[str]]]:
    """The rows of each name, with the names."""
    by_key: dict[str, tuple[list[Row], set[str]]] = defaultdict(lambda: ([], set()))
    for row in rows:
        name = label(proper_case(row.name, short_words()))
        if key := fold(name):
            by_key[key][0].append(_corrected(row, key, additions))
            # Elsewhere titles are cut short, and of securities.
            if row.listing or row.cik or row.rank in _OF_INDICES:
                by_key[key][1].add(name)
    return by_key


def _corrected(row: Row, key: str, additions: Additions) -> Row:
    return replace(
        row,
        name=proper_case(row.name, short_words()),
        is_taken=row.is_taken or (key in additions.take and (row.listing or row.cik or row.isin) is not None),
        isin=None if row.isin in additions.wrong.get(key, ()) else row.isin,
        listing=None if row.listing in additions.wrong.get(key, ()) else row.listing,
    )


def _first(name: str) -> str:
    return fold(name.split(maxsplit=1)[0])


def _groups(key: str, rows: Sequence[Row]) -> Iterator[_Group]:
    """Yield the companies of one name: several, where several well-known ones have it."""
    placed = [_placed(row, rows) for row in rows]
    taken = sorted((row for row in placed if row.is_taken), key=lambda row: row.rank)
    if not taken:
        return
    countries = _countries(taken)
    ciks = {row.cik for row in taken if row.cik}
    if (len(countries) < 2 and len(ciks) < 2) or key in _registered():  # noqa: PLR2004 - two of them have the name
        country = next(iter(countries), None) or _commonest(row.country for row in _of_the_very_name(taken, rows))
        own = tuple(row for row in placed if row.country in {country, None})
        yield _Group(key, _name(own), own, country, is_shared=False)
        return
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in placed:
        parts[legal_key(legal_name(row.name)) if len(ciks) > 1 else row.country or ""].append(row)
    for _, part in sorted(parts.items()):
        if any(row.is_taken for row in part):
            name = legal_name(part[0].name)
            yield _Group(legal_key(name), name, tuple(part), part[0].country, is_shared=True)


def _of_the_very_name(taken: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
    """The rows that have a name of the taken ones with its legal form."""
    keys = {legal_key(legal_name(row.name)) for row in taken}
    return [row for row in rows if legal_key(legal_name(row.name)) in keys]


def _placed(row: Row, rows: Sequence[Row]) -> Row:
    """A row of the SEC with its country, where that is the United States: others have certificates traded there."""
    if row.country:
        return row
    has_ticker = any(other.country == _AMERICA and other.ticker == row.ticker for other in rows)
    of_name = _commonest(other.country for other in _of_the_very_name([row], rows))
    return replace(row, country=_AMERICA if has_ticker or of_name == _AMERICA else None)


def _countries(taken: Sequence[Row]) -> list[str]:
    """The countries of the well-known rows of a name, the best known first.

    A company that several indices have is at home where an exchange has it for its own.
    """
    told = list(dict.fromkeys(row.country for row in taken if row.country))
    at_home = {row.country for row in taken if row.country and row.rank >= _FIRST_OF_EXCHANGES}
    return [country for country in told if country in at_home] if len(at_home) == 1 else told


def _commonest(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value)
    return min(counted, key=lambda value: (-counted[value], value), default=None)


def _name(rows: Sequence[Row]) -> str:
    """The best spelling: of an index, then the commonest one that is not in capitals."""
    best = min(row.rank for row in rows if row.rank != 1) if any(row.rank != 1 for row in rows) else 1
    counted = Counter(label(row.name) for row in rows if row.rank == best or best >= _FIRST_OF_EXCHANGES)
    return min(counted, key=lambda name: (name.isupper() and len(name) > 5, -counted[name], name))  # noqa: PLR2004 - initials are short


def _registered() -> Mapping[str, str]:
    """The ids of the companies written by hand by each of their names."""
    told = ontology().companies.values()
    return {fold(name): company.id for company in told for name in (company.name, *company.aliases)}


def _company(
    group: _Group, leis: Mapping[tuple[str, str], str], first_words: Counter[str], ambiguous: frozenset[str]
) -> Company:
    name = label(group.name)
    registered = _registered().get(group.key)
    short = None if group.is_shared or registered else _short(name, first_words, ambiguous)
    known = KnownBy.IDENTIFIER if group.is_shared else KnownBy.SIGHT if registered else known_by(name)
    full = _full_names(group, name)
    aliases = () if group.is_shared else (*filter(None, [short]), *full)
    id_ = registered or f"company/{fold(short) if short else group.key}"
    shown = ontology().companies[registered].name if registered else group.name if group.is_shared else name
    if known is KnownBy.SIGHT and not registered:
        shown = without_form(name)
    return Company(id_, shown, "Company", aliases, _identifiers(group, leis), known)


def _short(name: str, first_words: Counter[str], ambiguous: frozenset[str]) -> str | None:
    """The first word of a name whose others say nothing, if it is the company's alone and means nothing else."""
    first, *rest = name.split()
    if not rest or any(fold(word) not in _GENERIC for word in rest):
        return None
    is_alone = first_words[fold(first)] == 1 and fold(first) not in ambiguous
    return first if is_alone and known_by(first) is KnownBy.SIGHT and not first.isupper() else None


def _full_names(group: _Group, name: str) -> list[str]:
    """The legal names that fold otherwise than the name: with a form that the resolver does not take off."""
    known = {fold(name)}
    full = []
    for row in sorted(group.rows, key=lambda row: (row.rank, len(row.name), row.name)):
        told = legal_name(row.name)
        if fold(told) not in known and row.is_taken and label(told) != told:
            known.add(fold(told))
            full.append(told)
    return full[:_ALIASES]


def _identifiers(group: _Group, leis: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """The identifiers that the rows agree on, those of the best known ones first."""
    rows = sorted(group.rows, key=lambda row: row.rank)
    sec = next((row for row in rows if row.cik and row.is_taken), None)
    listings = sorted((not row.is_taken, row.rank, len(row.listing), row.listing) for row in rows if row.listing)
    names = {legal_key(row.name) for row in rows}
    found = {lei for name in names if group.country and (lei := leis.get((name, group.country)))}
    told = {
        "ticker": sec.ticker if sec else next((row.ticker for row in rows if row.ticker), None),
        "listing": listings[0][3] if listings else None,
        "isin": _isin(rows),
        "lei": found.pop() if len(found) == 1 else None,
        "cik": sec.cik if sec else None,
    }
    return {kind: value for kind, value in told.items() if value}


def _isin(rows: Sequence[Row]) -> str | None:
    """The ISIN that the index and the exchanges have: where they differ, one of them is old, or a bond's."""
    of_index = {row.isin for row in rows if row.isin and row.rank in _OF_INDICES}
    told = [row.isin for row in rows if row.isin and row.rank not in _OF_INDICES]
    agreed = [isin for isin in told if isin in of_index] if of_index and told else [*told, *of_index]
    return _commonest(agreed)


def _settled(made: Sequence[Company], additions: Additions) -> tuple[Company, ...]:
    """Give each name and each identifier to one company only, and add what people add."""
    by_id: dict[str, Company] = {}
    for company in _united(made, additions.same):
        by_id[company.id] = _merged(by_id[company.id], company) if company.id in by_id else company
    told = _with_additions(by_id, additions)
    own = {fold(c.name): c.id for c in told.values() if c.known_by is not KnownBy.IDENTIFIER} | dict(_registered())
    shared = {fold(c.name) for c in told.values() if c.known_by is KnownBy.IDENTIFIER} | additions.ambiguous
    holders = Counter(key for c in told.values() for key in {fold(alias) for alias in c.aliases})
    values = Counter((kind, value) for c in told.values() for kind, value in c.identifiers.items())

    def aliases(company: Company) -> Iterator[str]:
        keys = {fold(company.name)}
        for alias in company.aliases:
            key = fold(alias)
            if own.get(key, company.id) == company.id and holders[key] == 1 and key not in keys | shared:
                keys.add(key)
                yield alias

    settled = (
        replace(
            company,
            aliases=tuple(aliases(company)),
            identifiers={kind: v for kind, v in company.identifiers.items() if values[kind, v] == 1},
        )
        for _, company in sorted(told.items())
    )
    return tuple(map(set_apart, settled))


def set_apart(company: Company) -> Company:
    """Return a company under an id that a bare name never has, where such a name alone does not mean it.

    >>> set_apart(Company("company/target", "Target", "Company", (), {"ticker": "TGT"}, KnownBy.NAME)).id
    'company/target-tgt'

    """
    symbol = next((company.identifiers[kind] for kind in _SYMBOLS if kind in company.identifiers), None)
    if company.known_by is not KnownBy.NAME or symbol is None or company.id != f"company/{fold(company.name)}":
        return company
    return replace(company, id=f"{company.id}-{fold(symbol.partition(':')[2] or symbol)}")


def _united(made: Sequence[Company], same: Mapping[str, str]) -> list[Company]:
    """The companies, those one that share an identifier: lists have them under an old and a new name."""
    by_hand = ontology().companies.values()
    by_value = {pair: company.id for company in by_hand for pair in company.identifiers.items()}
    told: dict[str, Company] = {}
    for company in made:
        shared = (by_value[pair] for pair in company.identifiers.items() if pair in by_value)
        id_ = _whole(same.get(_bare(company.id), "")) or next(shared, company.id)
        if company.known_by is KnownBy.IDENTIFIER or company.id in ontology().companies:
            id_ = company.id
        own = ontology().companies.get(id_)
        first = told.get(id_) or (Company(id_, own.name, own.type, (), {}) if own else replace(company, id=id_))
        told[id_] = _merged(first, company)
        by_value.update((pair, id_) for pair in company.identifiers.items())
    return list(told.values())


def _whole(id_: str) -> str:
    return f"company/{id_}" if id_ else ""


def _bare(id_: str) -> str:
    return id_.removeprefix("company/")


def _merged(one: Company, other: Company) -> Company:
    """One company that a list has under two of its names; the second is an alias if it is known by sight."""
    also = (other.name,) if other.known_by is KnownBy.SIGHT and fold(other.name) != fold(one.name) else ()
    aliases = tuple(dict.fromkeys((*one.aliases, *also, *other.aliases)))
    # The ticker goes with the CIK: the SEC's, where only one of the two has it.
    first, second = (one, other) if "cik" in one.identifiers or "cik" not in other.identifiers else (other, one)
    return replace(one, aliases=aliases, identifiers={**second.identifiers, **first.identifiers})


def _with_additions(by_id: Mapping[str, Company], additions: Additions) -> dict[str, Company]:
    told = {id_: company for id_, company in by_id.items() if company.identifiers}
    added = {*additions.names, *additions.label, *additions.known_by, *additions.same.values()}
    if missing := sorted(id_ for id_ in added if _whole(id_) not in told):
        raise ValueError(f"additions.toml: no list has {', '.join(missing)}")
    for id_, names in additions.names.items():
        company = told[_whole(id_)]
        told[company.id] = replace(company, aliases=tuple(dict.fromkeys((*names, *company.aliases))))
    for id_, name in additions.label.items():
        told[_whole(id_)] = replace(told[_whole(id_)], name=name)
    for id_, way in additions.known_by.items():
        told[_whole(id_)] = replace(told[_whole(id_)], known_by=KnownBy(way))
    return told
