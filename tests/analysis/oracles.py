"""What the tests of holdings share: claims in a few words, small random graphs, and the answers by brute force.

Shares are whole percents, so that exact halves happen; what is worked out by hand is worked out in fractions.
"""

from decimal import Decimal
from fractions import Fraction
from itertools import count, permutations, product

import numpy as np
from hypothesis import strategies as st

from kg.analysis.ownership.holdings import Holdings
from kg.model import Claim, Document, Entity, Modality, Qualifiers

_NUMBERS = count()
_RECORDED = "2025-06-01T00:00:00Z"


# ---------------------------------------------------------------- claims
def entity(name, type_=None):
    """A company; a name in lower case is a person."""
    type_ = type_ or ("Person" if name.islower() else "Company")
    return Entity(f"{type_.lower()}/{name.lower()}", name, type_, (name,))


def say(subject, relation, object_, *, as_=Modality.ASSERTED, document=None, known=None, recorded=_RECORDED, **terms):
    """A claim whose document is its own sentence, unless it is one of a `document` that says more."""
    sentence = f"{subject} {relation} {object_} ({next(_NUMBERS)})."
    place = (Document(document or sentence, sentence, "en", known).evidence(0, len(sentence)),)
    terms = {name: Decimal(str(value)) if name.startswith("percent") and name != "percent_of" else value
             for name, value in terms.items()}  # fmt: skip
    return Claim(entity(subject), relation, entity(object_), as_, place, Qualifiers(**terms), known, recorded)


def holds(subject, object_, percent=None, **terms):
    """A claim that one holds a percentage of another."""
    terms |= {} if percent is None else {"percent": percent}
    return say(subject, "holds-stake", object_, **terms)


def register(*edges, name="register"):
    """Claims of one document: (holder, issuer, percent)."""
    return [holds(*edge, document=name) for edge in edges]


def pairs(result, one, other):
    return {(getattr(row, one).name, getattr(row, other).name) for row in result}


# ---------------------------------------------------------------- random graphs
_PERCENTS = st.one_of(st.sampled_from([0, 0, 10, 20, 25, 30, 40, 50, 50, 51, 60, 100]), st.integers(0, 100))


@st.composite
def shares(draw, most=6, least=2, *, full=False):
    """How many nodes, and percents by (holder, issuer); no node is held by more than the whole.

    With `full` a node whose holders hold less is held by one more, whom nobody holds.
    """
    n = draw(st.integers(least, most))
    found = {}
    for issuer in range(n):
        left = 100
        for holder in draw(st.permutations([other for other in range(n) if other != issuer])):
            percent = min(left, draw(_PERCENTS))
            if percent:
                found[holder, issuer] = percent
            left -= percent
        if full and left and left < 100:
            found[n + issuer, issuer] = left
    return (2 * n if full else n), found


@st.composite
def ranges(draw, most=5, edges=None):
    """How many nodes, and ranges of percents by (holder, issuer); the least are no more than the whole together."""
    n = draw(st.integers(2, most))
    places = [(i, j) for i in range(n) for j in range(n) if i != j]
    chosen = draw(st.lists(st.sampled_from(places), unique=True, max_size=edges or len(places)))
    left, found = dict.fromkeys(range(n), 100), {}
    for holder, issuer in chosen:
        low = min(left[issuer], draw(_PERCENTS))
        high = draw(st.one_of(st.just(low), st.just(100), st.integers(low, 100)))
        left[issuer] -= low
        found[holder, issuer] = (low, high)
    return n, found


def graph_of(n, found):
    """Holdings of percents, or of ranges of percents."""
    both = [share if isinstance(share, tuple) else (share, share) for share in found.values()]
    holder, issuer = ([pair[side] for pair in found] for side in (0, 1))
    low, high = ([share[side] / 100 for share in both] for side in (0, 1))
    return Holdings.of_arrays(n, holder, issuer, low, high)


def claims_from(found, *, document="register"):
    """The same as claims of one document; node 3 is the company N3."""
    said = []
    for (holder, issuer), share in found.items():
        low, high = share if isinstance(share, tuple) else (share, share)
        terms = {"percent": low} if low == high else {"percent_min": low, "percent_max": high}
        said.append(holds(f"N{holder}", f"N{issuer}", document=document, **terms))
    return said


def completions(found, rng, many):
    """Some ways in which ranges may turn out: whole percents within them, no more than the whole together."""
    for _ in range(many):
        exact, left = {pair: low for pair, (low, _) in found.items()}, {}
        for (_, issuer), low in exact.items():
            left[issuer] = left.get(issuer, 100) - low
        order = list(found)
        rng.shuffle(order)
        for pair in order:
            room = min(found[pair][1] - exact[pair], left[pair[1]])
            more = rng.choice([0, room, rng.randint(0, room)])
            exact[pair] += more
            left[pair[1]] -= more
        yield {pair: percent for pair, percent in exact.items() if percent}


def extremes(found):
    """The corners of all that ranges allow: per company some shares as great as can be, in turn, the others least."""
    by_issuer = {}
    for pair in found:
        by_issuer.setdefault(pair[1], []).append(pair)
    corners = []
    for group in by_issuer.values():
        mine = set()
        for order in permutations(group):
            for many in range(len(order) + 1):
                exact = {pair: found[pair][0] for pair in group}
                left = 100 - sum(exact.values())
                for pair in order[:many]:
                    more = min(found[pair][1] - found[pair][0], left)
                    exact[pair] += more
                    left -= more
                mine.add(tuple(sorted(exact.items())))
        corners.append(sorted(mine))
    for chosen in product(*corners):
        yield {pair: percent for corner in chosen for pair, percent in corner if percent}


# ---------------------------------------------------------------- brute force
def controls(n, found, threshold=Fraction(1, 2), *, inclusive=False):
    """Who controls whom: the least fixpoint, by going round until nothing is added."""
    answer = set()
    for who in range(n):
        group = {who}
        while True:
            more = set()
            for whom in set(range(n)) - group:
                together = sum((Fraction(found.get((one, whom), 0), 100) for one in group), Fraction(0))
                if together > threshold or (inclusive and together == threshold):
                    more.add(whom)
            if not more:
                break
            group |= more
        answer |= {(who, whom) for whom in group - {who}}
    return answer


def tops(pairs_):
    """The pairs whose controller is controlled by none but those that it controls itself."""
    return {(who, whom) for who, whom in pairs_ if all((who, one) in pairs_ for one, other in pairs_ if other == who)}


def matrix(n, found):
    a = np.zeros((n, n))
    for (holder, issuer), percent in found.items():
        a[holder, issuer] = percent / 100
    return a


def met(n, found, holder):
    """The chance, for each node, that a walk up its holders meets one of them: solved as it is defined.

    Nodes from which the holder cannot be met have none; of the others x_j = a_ij + sum over k not i of a_kj x_k.
    """
    a = matrix(n, found)
    front, below = [holder], {holder}
    while front:
        front = [j for j in range(n) for i in front if a[i, j] and j not in below]
        below |= set(front)
    nodes = sorted(below)
    inner = a[np.ix_(nodes, nodes)].copy()
    at = nodes.index(holder)
    direct = inner[at].copy()
    inner[at] = 0
    x = np.zeros(n)
    x[nodes] = np.linalg.lstsq(np.eye(len(nodes)) - inner.T, direct, rcond=None)[0]
    return x


def is_open(n, found):
    """Whether the sums of all chains are finite, and far from not being so."""
    return max(abs(np.linalg.eigvals(matrix(n, found))), default=0) < 0.999
