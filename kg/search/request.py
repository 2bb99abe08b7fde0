"""What is searched for: words, phrases, what must not stand there; and what a sentence must be about."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kg.dates import is_partial_date
from kg.errors import QueryError, did_you_mean
from kg.judgements import Verdict
from kg.model import Outcome
from kg.ontology import ontology
from kg.store.text_entries import NO_CLAIM, UNJUDGED

__all__ = ["JUDGED", "LEVELS", "OUTCOMES", "SearchRequest", "Term", "terms_of"]

LEVELS = ("sentences", "documents")
OUTCOMES = (Outcome.ADMITTED.value, Outcome.TO_REVIEW.value, NO_CLAIM)
"""What is claimed there: an admitted claim, at least one to review, or nothing."""
JUDGED = ("yes", UNJUDGED, *(verdict.value for verdict in Verdict))
"""What people say of a claim there: anything, nothing, or this."""
_LONGEST, _MOST = 1_000, 50
_LAST_PAGE = 10_000
_QUOTES = str.maketrans({"“": '"', "”": '"', "«": '"', "»": '"', "„": '"'})
_PIECE = re.compile(r'(?P<sign>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_SAID = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or a phrase whose words stand together; `is_excluded` where it must not stand there."""

    text: str
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is searched for; None is any.

    `words` must all be there, in any form; those in quotes together, those after a minus not at all. They may be empty
    where something else is asked for. `company` is named there, or a claim there is about it; `relation` and `modality`
    are those of a claim there. `since` and `until` are partial dates of the document, `source` is its address's host or
    its id. `outcome` is one of `OUTCOMES`, `judged` one of `JUDGED`, `within` one of `LEVELS`.

    Raises `QueryError` for what cannot be searched for.
    """

    words: str = ""
    company: str | None = None
    relation: str | None = None
    modality: str | None = None
    document: str | None = None
    source: str | None = None
    lang: str | None = None
    since: str | None = None
    until: str | None = None
    outcome: str | None = None
    judged: str | None = None
    within: str = "sentences"
    limit: int = 20
    offset: int = 0

    def __post_init__(self) -> None:
        """Check what is asked for."""
        _check("relation", self.relation, ontology().relations)
        _check("modality", self.modality, ontology().modalities)
        _check("outcome", self.outcome, OUTCOMES)
        _check("verdict", self.judged, JUDGED)
        _check("place to search", self.within, LEVELS)
        _check("language", self.lang, ("en", "fr"))
        for name in ("since", "until"):
            date = getattr(self, name)
            if date is not None and not is_partial_date(date):
                raise QueryError(f"{name} '{date}' is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
        if not 1 <= self.limit <= _LAST_PAGE or not 0 <= self.offset <= _LAST_PAGE:
            raise QueryError(f"hits are listed 1 to {_LAST_PAGE} at a time, from hit 0 to {_LAST_PAGE}: choose so")
        if not any(not term.is_excluded for term in terms_of(self.words)) and not self.is_filtered:
            raise QueryError("there is nothing to search for: give a word, or words in quotes")

    @property
    def is_filtered(self) -> bool:
        """Whether anything but words is asked for."""
        names = ("company", "relation", "modality", "document", "source", "lang", "since", "until", "outcome", "judged")
        return any(getattr(self, name) is not None for name in names)


def _check(what: str, value: str | None, known: Collection[str]) -> None:
    if value is not None and value not in known:
        hint = did_you_mean(value, known) or f" There are: {', '.join(known)}."
        raise QueryError(f"there is no {what} '{value}'.{hint}")


def terms_of(words: str) -> tuple[Term, ...]:
    """Return the words and phrases of a text; raise `QueryError` where quotes do not close, or it is too long.

    >>> [term.text for term in terms_of('contract "take or pay" -Nvidia')]
    ['contract', 'take or pay', 'Nvidia']
    """
    if len(words) > _LONGEST:
        raise QueryError(f"{len(words)} characters are too many to search for: give at most {_LONGEST}")
    try:
        words.encode()
    except UnicodeEncodeError as error:
        raise QueryError("what is searched for is no text: it holds half of a surrogate pair") from error
    plain = words.translate(_QUOTES)
    if plain.count('"') % 2:
        raise QueryError(f"a quote does not close in «{' '.join(words.split())[:60]}»: give its end, or leave it out")
    terms = tuple(_pieces(plain))
    if len(terms) > _MOST:
        raise QueryError(f"{len(terms)} words are too many to search for: give at most {_MOST}")
    return terms


def _pieces(words: str) -> Iterator[Term]:
    """Yield what says anything: a sign that stands alone, as in "AT & T", does not."""
    for match in _PIECE.finditer(words):
        text = match["word"] if match["phrase"] is None else match["phrase"]
        if _SAID.search(text):
            yield Term(text, bool(match["sign"]))
