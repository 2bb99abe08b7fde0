"""Names in a parsed line, and what each is: a company, a person, a product, a programme, a place.

The pipeline's own entities are joined with runs of capitalised words, because its labels are weak
on companies (OpenAI is MISC to it, Creatopy a place). What a name is gets decided once for the
whole document, by a vote over all its mentions: the pipeline's label, the noun before it
(« le PDG de X », « la gamme X »), its legal form, and what the registry knows.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc, Token

from kg.extract.lexicon import Lexicon

__all__ = ["Known", "Mention", "Span", "find", "full_names", "kinds"]

Known = Callable[[str], str | None]
"""Tells what a name is (a class of the ontology) where a register knows it, else None."""

_VOTES: Mapping[str, tuple[str, float]] = {
    "ORG": ("Company", 2.0),
    "MISC": ("Company", 0.5),
    "PER": ("Person", 2.0),
    "PERSON": ("Person", 2.0),
    "LOC": ("Place", 1.5),
    "GPE": ("Place", 1.5),
    "FAC": ("Place", 1.0),
    "PRODUCT": ("Product", 2.0),
    "EVENT": ("Other", 1.0),
    "LAW": ("Other", 2.0),
    "NORP": ("Other", 2.0),
    "LANGUAGE": ("Other", 2.0),
    "WORK_OF_ART": ("Other", 1.0),
}
_NUMERIC = {"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"}
# One word that the pipeline calls a person or a place is as often a company that it does not know.
_SINGLE_WORD_DISCOUNT = 0.6
_CUE = 3.0
_NEAR = 3
_SHAPE = 1.0
_LEGAL = re.compile(
    r"(?:^|\s)(?:Inc|Corp|Corporation|Co|Company|Ltd|Limited|LLC|LLP|PLC|plc|PBC|SA|S\.A|SAS|SARL|SE|NV|N\.V|AG|GmbH|"
    r"SpA|Groupe|Group|Holding|Holdings|Bank|Banque|Technologies|Systems|Airlines|Motors|Capital|Partners|Ventures)\.?$"
)
_LEGAL_TOKEN = re.compile(r"(?:Inc|Corp|Corporation|Ltd|Limited|LLC|LLP|PLC|PBC|SA|SAS|SE|NV|AG|GmbH)\.?")
_INNER_CAPITAL = re.compile(r"[a-zà-ÿ][A-Z]|\d[A-Z]|[A-Z]\d|[A-Za-z]\+$|&")


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `first`–`last` (inclusive) of a parsed line that spell a name."""

    first: int
    last: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at a place: `name` is how the document calls it in full, `kind` what it is.

    It covers the tokens `first`–`last` of its line; `start` is its first character in the document.
    """

    first: int
    last: int
    text: str
    name: str
    kind: str
    start: int

    @property
    def place(self) -> tuple[int, int]:
        """Its first character in the document, and the one after its last."""
        return self.start, self.start + len(self.text)


def _is_month(token: Token, lexicon: Lexicon) -> bool:
    return token.lower_ in lexicon.tables["dates.months"] and not token.text.isupper()


def _is_name_token(token: Token, lexicon: Lexicon, known: Known) -> bool:
    text = token.text
    if lexicon.says("names.never", token.lower_) or not any(c.isalpha() for c in text):
        return False
    if token.ent_type_ == "NORP" and token.pos_ == "ADJ":
        # "the German carmaker" names no German.
        return False
    if _INNER_CAPITAL.search(text):
        return True
    if not text[0].isupper() or lexicon.says("names.company", token.lower_) or _is_month(token, lexicon):
        return False
    if token.is_sent_start or (
        token.i and token.nbor(-1).is_punct and token.nbor(-1).text in {":", "«", "“", '"', "-", "–"}
    ):
        # The first word of a sentence is capitalised whatever it is.
        common = token.pos_ in _COMMON or len(text) == 1
        return token.pos_ == "PROPN" or token.ent_type_ in _VOTES or not common or known(text) is not None
    return True


_COMMON = {"DET", "ADP", "ADV", "PRON", "SCONJ", "CCONJ", "VERB", "AUX", "NUM", "ADJ", "NOUN"}


def _joins(token: Token, lexicon: Lexicon, known: Known) -> bool:
    """Whether a small word stands inside a name the pipeline sees whole, or is "&" between two."""
    inside = bool(token.ent_type_) and token.ent_iob_ == "I" and token.i + 1 < len(token.doc)
    inside = inside and token.nbor(1).ent_iob_ == "I" and token.nbor(1).text[:1].isupper()
    joined = token.text in {"&", "-"} and 0 < token.i < len(token.doc) - 1
    if joined:
        return all(_is_name_token(token.nbor(step), lexicon, known) for step in (-1, 1))
    # « A et B » is two names, whatever the pipeline says.
    return inside and lexicon.says("names.inner", token.lower_) and token.pos_ != "CCONJ"


def _legal_form_follows(token: Token) -> bool:
    """Whether the token is the comma of « Figma, Inc. »."""
    return token.text == "," and token.i + 1 < len(token.doc) and _LEGAL_TOKEN.fullmatch(token.nbor(1).text) is not None


def _runs(doc: Doc, lexicon: Lexicon, known: Known) -> Iterator[tuple[int, int]]:
    first: int | None = None
    for token in doc:
        name = token.ent_type_ not in _NUMERIC and _is_name_token(token, lexicon, known)
        if first is None:
            first = token.i if name and not _LEGAL_TOKEN.fullmatch(token.text) else None
        elif token.is_sent_start and token.nbor(-1).text.endswith(".") and not _LEGAL_TOKEN.fullmatch(token.text):
            yield first, token.i - 1
            first = token.i if name else None
        elif not name and not _joins(token, lexicon, known) and not _legal_form_follows(token):
            yield first, token.i - 1
            first = None
    if first is not None:
        yield first, len(doc) - 1


def _label(doc: Doc, first: int, last: int) -> str:
    labels = Counter(token.ent_type_ for token in doc[first : last + 1] if token.ent_type_)
    return labels.most_common(1)[0][0] if labels else ""


def _split(doc: Doc, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Part a run where the pipeline begins a new entity inside it (« PDG de X Y »): only between whole names."""
    starts = [token.i for token in doc[first : last + 1] if token.ent_iob_ == "B" and token.i > first]
    starts = [i for i in starts if doc[i - 1].ent_type_ and doc[i - 1].ent_type_ != doc[i].ent_type_]
    edges = [first, *starts, last + 1]
    for begin, end in pairwise(edges):
        yield begin, end - 1


def _extended(doc: Doc, first: int, last: int, known: Known) -> int:
    """The last token of the name, small letters included where the register knows them (« Crédit agricole »)."""
    for end in (last + 2, last + 1):
        if end < len(doc) and not doc[end].is_punct and known(doc[first : end + 1].text) is not None:
            return end
    return last


def find(doc: Doc, lexicon: Lexicon, known: Known) -> tuple[Span, ...]:
    """Return the names of a parsed line, in order, not overlapping."""
    found: list[Span] = []
    for first, last in _runs(doc, lexicon, known):
        for begin, end in _split(doc, first, last):
            if found and begin <= found[-1].last:
                continue
            end_known = _extended(doc, begin, end, known)
            found.append(Span(begin, end_known, doc[begin : end_known + 1].text, _label(doc, begin, end_known)))
    return tuple(found)


_NOUN_KINDS = {
    "names.company": "Company",
    "names.product": "Product",
    "names.programme": "Programme",
    "names.organisation": "Organisation",
    "names.public": "PublicBody",
    "names.person": "Person",
}


def _apposed(doc: Doc, at: int) -> Token | None:
    """The noun of « X, le programme qui … » right after a name's comma."""
    if at + 1 >= len(doc) or doc[at].text != "," or doc[at + 1].pos_ not in {"DET", "PRON"}:
        return None
    return next((token for token in doc[at + 2 : at + 2 + _NEAR] if token.pos_ == "NOUN"), None)


def _nouns_beside(doc: Doc, span: Span) -> Iterator[Token]:
    """The nouns that may tell what a name is: the word before it, and the one it hangs on."""
    before = doc[span.first - 1] if span.first else None
    head = doc[span.first : span.last + 1].root.head
    head = head.head if head.pos_ == "ADP" else head
    after = _apposed(doc, span.last + 1)
    if after is not None:
        yield after
    for noun in {token.i: token for token in (before, head) if token is not None}.values():
        outside = not span.first <= noun.i <= span.last
        if outside and noun.pos_ in {"NOUN", "ADJ", "PROPN"} and (noun == before or abs(noun.i - span.first) <= _NEAR):
            yield noun


def _cues(doc: Doc, span: Span, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    """Yield what the words around one mention say that it is."""
    for noun in _nouns_beside(doc, span):
        for cue, kind in _NOUN_KINDS.items():
            if lexicon.says(cue, noun.lemma_.lower(), noun.lower_):
                # « les puces Nvidia » names the maker as often as « les puces Blackwell » the chip.
                weak = kind == "Product" and noun.i < span.first
                yield kind, _SHAPE if weak else _CUE
    first_word = span.text.split()[0].casefold()
    for cue in ("names.public", "names.organisation", "names.company"):
        if lexicon.says(cue, first_word) and " " in span.text:
            yield _NOUN_KINDS[cue], _CUE
    yield from _shape(doc, span)


def _shape(doc: Doc, span: Span) -> Iterator[tuple[str, float]]:
    """Yield what the look and the place of one mention say that it is."""
    before = doc[span.first - 1] if span.first else None
    if before is not None and (before.like_num or before.pos_ == "NUM"):
        yield "Product", _SHAPE
    root = doc[span.first : span.last + 1].root
    if root.dep_.startswith("nsubj") and root.head.pos_ == "VERB":
        # Who acts is an agent; places seldom do.
        yield "Company", _SHAPE
    if _LEGAL.search(span.text):
        yield "Company", _CUE
    if _INNER_CAPITAL.search(span.text):
        yield "Company", _SHAPE


def kinds(lines: Iterable[tuple[Doc, tuple[Span, ...]]], lexicon: Lexicon, known: Known) -> Mapping[str, str]:
    """Decide what each name of a document is, by the vote of all its mentions (name text → kind)."""
    votes: dict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for doc, spans in lines:
        for span in spans:
            ballot = votes[span.text]
            if span.label in _VOTES:
                kind, weight = _VOTES[span.label]
                single = " " not in span.text and kind in {"Person", "Place"}
                ballot[kind] += weight * (_SINGLE_WORD_DISCOUNT if single else 1)
            for kind, weight in _cues(doc, span, lexicon):
                ballot[kind] += weight
    return {
        name: known(name) or (max(sorted(ballot), key=lambda kind: ballot[kind]) if ballot else "Other")
        for name, ballot in votes.items()
    }


def full_names(kind_of: Mapping[str, str]) -> Mapping[str, str]:
    """Map a person's last name, said alone, to the full name that the document gives elsewhere."""
    people = [name for name, kind in kind_of.items() if kind == "Person" and " " in name]
    last = Counter(name.split()[-1] for name in people)
    return {name.split()[-1]: name for name in people if last[name.split()[-1]] == 1}
