"""How good a graph is, or what it says of one company: what is right of the claims that were drawn at random."""

from collections.abc import Iterable

from kg.facts import NO_CUTOFF, AsOf
from kg.judgements import WHOLE, Judgement, Share, Stratum, standing
from kg.judgements.estimate import measured, share_of
from kg.model import Claim
from kg.query.recorded import identities_then
from kg.reasons import Reason
from kg.store import Store, whole_of
from kg.wording.dossiers import DOSSIER_WORDING

__all__ = ["company_share", "judged_documents", "judged_in_words", "judged_share"]

_JUDGED = "SELECT DISTINCT ?id { GRAPH ?document { ?word a kg:Judgement . ?document schema:identifier ?id } }"
_MARKS = {Reason.CONFIRMED, Reason.REJECTED}


def judged_documents(store: Store) -> list[str]:
    """Return the ids, sorted, of the documents with judgements: asked of the graph, since most have none."""
    return sorted(value.value for row in store.query(_JUDGED) for value in row)


def judged_share(store: Store) -> Share:
    """Return the share of right ones among the claims that were drawn at random from the whole graph and judged."""
    said = (word for id_ in judged_documents(store) for word in store.reading(id_).judgements)
    words = map(store.identities.judgement, said)
    return share_of(measured(standing(words), WHOLE))


def company_share(store: Store, company: str, claims: Iterable[Claim], as_of: AsOf = NO_CUTOFF) -> Share:
    """Return the share of right ones among a company's claims that were drawn at random and judged.

    They were drawn from all claims or from the company's own. `claims` are those of the company, admitted or not: which
    of them people have judged stands among their reasons. What was said after the recorded date of `as_of` is left out.
    A word on a company that is one with this one, now or at that date, is a word on this one.
    """
    if as_of.recorded is None:
        documents = sorted({claim.document for claim in claims if _MARKS.intersection(claim.reasons)})
    else:
        # Claims of then bear the marks of then, and their documents may have been forgotten since.
        documents = [id_ for id_ in judged_documents(whole_of(store)) if store.holds(id_)]
    said = (word for id_ in documents for word in store.reading(id_).judgements if _is_said(word, as_of))
    words = map(identities_then(store, as_of).judgement, said)
    return share_of(measured(standing(words), Stratum(company=company)))


def _is_said(word: Judgement, as_of: AsOf) -> bool:
    return as_of.recorded is None or word.at[: len(as_of.recorded)] <= as_of.recorded


def judged_in_words(share: Share, lang: str = "en") -> str:
    """Return a share as a phrase.

    >>> judged_in_words(Share(93, 100))
    'Of 100 claims judged at random 93 are right (86–97 %)'
    """
    low, high = (round(100 * bound) for bound in share.interval)
    return DOSSIER_WORDING[lang].judged.format(share.judged, share.right, low, high)
