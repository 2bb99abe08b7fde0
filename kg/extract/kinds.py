"""What each name of a document is: a company, a person, a product, a programme, a place.

Decided once for the whole document, by all its mentions together: each gives a probability to every
kind (a linear model over the pipeline's label, the look of the name, the words beside it), and the
kind with the greatest product wins. What the registry knows needs no vote.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc, Token
from spacy.vocab import Vocab

from kg.extract.capitals import Known
from kg.extract.lexicon import Lexicon
from kg.extract.linear import weights
from kg.extract.names import Span

__all__ = ["MODEL", "Kinds", "features", "kinds"]

MODEL = "names"
"""The weights, in ``ontology/weights``."""

_NEAR = 3
_SUFFIXES = (2, 3)
_MANY = 4
_LEGAL = re.compile(
    r"(?:^|\s)(?:Inc|Corp|Corporation|Co|Company|Ltd|Limited|LLC|LLP|PLC|plc|PBC|SA|S\.A|SAS|SARL|SE|NV|N\.V|AG|GmbH|"
    r"SpA|KK|AB|ASA|Oyj)\.?$"
)
_DOUBT = 1.4
"""A name that is four times likelier something else may still be a company, if it does what companies do."""
_PLAIN, _HINT = 40.0, 3.0
"""What a noun right beside a name is worth: « le programme X » is one, however like a company it stands elsewhere;
« la gamme X » is mostly one."""
_SAID: Mapping[str, tuple[str, float]] = {
    "next~programme": ("Programme", _PLAIN), "next~organisation": ("Organisation", _PLAIN),
    "next~public": ("PublicBody", _PLAIN), "next~person": ("Person", _PLAIN), "corporate": ("Company", _PLAIN),
    "after~product": ("Product", _PLAIN), "after~programme": ("Programme", _PLAIN), "state": ("PublicBody", _PLAIN),
    "next~product": ("Product", _HINT),
}  # fmt: skip
_CUES = ("company", "product", "programme", "organisation", "public", "person")


def _apposed(doc: Doc, at: int) -> Token | None:
    """The noun of « X, le programme qui … » right after a name's comma."""
    if at + 1 >= len(doc) or doc[at].text != "," or doc[at + 1].pos_ not in {"DET", "PRON"}:
        return None
    return next((token for token in doc[at + 2 : at + 2 + _NEAR] if token.pos_ == "NOUN"), None)


def _nouns_beside(doc: Doc, span: Span) -> Iterator[tuple[str, Token]]:
    """The nouns that may tell what a name is: the words before it, and the one it hangs on."""
    after = _apposed(doc, span.last + 1)
    if after is not None:
        yield "after", after
    for at in range(max(0, span.first - _NEAR), span.first):
        if doc[at].pos_ in {"NOUN", "ADJ", "PROPN"}:
            yield "next" if at == span.first - 1 else "near", doc[at]
    head = doc[span.first : span.last + 1].root.head
    head = head.head if head.pos_ == "ADP" else head
    if not span.first <= head.i <= span.last and head.pos_ == "NOUN":
        yield "head", head


def features(doc: Doc, span: Span, lexicon: Lexicon) -> set[str]:
    """Return the features of a mention, such as "label=ORG" or "next~company"."""
    return {*_look(span), *_place(doc, span, lexicon), *_company(doc, span, lexicon)}


def _look(span: Span) -> Iterator[str]:
    """The name itself: its words, endings, capitals and digits."""
    words = span.text.split()
    last = words[-1].casefold()
    count = min(len(words), _MANY)
    yield from (f"label={span.label}", f"words={count}", f"label={span.label}/{count}")
    yield from (f"has={word.casefold()}" for word in words)
    yield from (f"first={words[0].casefold()}", f"last={last}")
    yield from (f"ends={last[-n:]}" for n in _SUFFIXES if len(last) > n + 1)
    look = {
        "legal": _LEGAL.search(span.text) is not None,
        "inner": re.search(r"[a-zà-ÿ][A-Z]", span.text) is not None,
        "upper": span.text.isupper() and len(span.text) > 1,
        "digit": any(c.isdigit() for c in span.text),
        "and": "&" in span.text,
        "hyphen": "-" in span.text,
        "small": any(word[:1].islower() for word in words),
        "dot": "." in span.text,
    }
    yield from (f"look={name}" for name, holds in look.items() if holds)


def _place(doc: Doc, span: Span, lexicon: Lexicon) -> Iterator[str]:
    """Where the mention stands: the words before and after it, what it is in the parse."""
    lang, root = lexicon.lang, doc[span.first : span.last + 1].root
    before = doc[span.first - 1] if span.first else None
    after = doc[span.last + 1] if span.last + 1 < len(doc) else None
    for name, token in (("before", before), ("after", after)):
        yield f"{lang}:{name}={'^' if token is None else token.lemma_.lower()}"
        yield f"{name}:{'^' if token is None else token.pos_}"
    if before is not None and before.i:
        yield f"{lang}:before2={before.nbor(-1).lemma_.lower()} {before.lemma_.lower()}"
    yield f"{lang}:dep={root.dep_}"
    yield f"{lang}:dep={root.dep_}/{root.head.lemma_.lower()}"
    yield f"dep={root.dep_.partition(':')[0]}/{root.head.pos_}"
    if doc.vocab.vectors_length and doc[span.first].has_vector:
        given = _given_names(doc.vocab, lexicon.masks)
        vector = doc[span.first].vector
        near = float(vector @ given) / (float(vector @ vector) ** 0.5 or 1.0)
        yield f"given={int(near * 5)}/{min(span.last - span.first, 2)}"


@functools.cache
def _given_names(vocab: Vocab, masks: tuple[str, ...]) -> Any:
    """The direction in which the vectors of first names lie, of length one."""
    vectors = [vocab[mask].vector / vocab[mask].vector_norm for mask in masks]
    mean = sum(vectors) / len(vectors)
    return mean / float(mean @ mean) ** 0.5


def _company(doc: Doc, span: Span, lexicon: Lexicon) -> Iterator[str]:
    """What the nouns beside the mention call it, and whether it stands where a relation's end would."""
    for where, noun in _nouns_beside(doc, span):
        yield from (f"{where}~{cue}" for cue in _CUES if lexicon.says(f"names.{cue}", noun.lemma_.lower(), noun.lower_))
        yield f"{lexicon.lang}:{where}={noun.lemma_.lower()}"
    if any(lexicon.says("names.state", token.lower_) for token in doc[span.first : span.last + 1]):
        yield "state"
    first, *_, last = [word.casefold() for word in span.text.split() * 2]
    if first != last and lexicon.says("names.corporate", last):
        yield "corporate"
    yield from (f"opens~{cue}" for cue in _CUES if lexicon.says(f"names.{cue}", first))
    root = doc[span.first : span.last + 1].root
    for up in list(root.ancestors)[:2]:
        yield from (f"under~{frame.relation}" for frame in lexicon.frames_at(up.lemma_.lower(), up.lower_))
    before = doc[span.first - 1] if span.first else None
    if before is not None and (before.like_num or before.pos_ == "NUM"):
        yield "counted"


@dataclass(frozen=True, slots=True)
class Kinds:
    """What the names of a document are, by their texts.

    `maybe` names those that are something else, but may well be a company. `margin` tells how much likelier the kind
    is than the next one, as a logarithm, over a mention on the average; nothing where a register knows the name.
    """

    kind_of: Mapping[str, str]
    maybe: frozenset[str]
    margin: Mapping[str, float]


def kinds(lines: Iterable[tuple[Doc, tuple[Span, ...]]], lexicon: Lexicon, known: Known) -> Kinds:
    """Decide what each name of a document is, by all its mentions."""
    model = weights(MODEL)
    votes: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(model.classes))
    times: Counter[str] = Counter()
    for doc, spans in lines:
        for span in spans:
            ballot = votes[span.text]
            times[span.text] += 1
            found = features(doc, span, lexicon)
            for at, score in enumerate(model.scores(found)):
                ballot[at] += score
            for cue, (kind, worth) in _SAID.items():
                ballot[model.classes.index(kind)] += worth * (cue in found)
    company = model.classes.index("Company")
    kind_of: dict[str, str] = {}
    margin: dict[str, float] = {}
    maybe: set[str] = set()
    for name, ballot in votes.items():
        told = known(name) or ("Place" if lexicon.says("names.countries", name.casefold()) else None)
        kind_of[name] = told or model.classes[max(range(len(ballot)), key=lambda at: ballot[at])]
        if told is None:
            first, second, *_ = sorted(ballot, reverse=True)
            margin[name] = (first - second) / times[name]
            if kind_of[name] != "Company" and max(ballot) - ballot[company] < _DOUBT:
                maybe.add(name)
    return Kinds(kind_of, frozenset(maybe), margin)
