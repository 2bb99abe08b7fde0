"""A document as the matcher sees it: parsed sentences with the names in them, in order."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from kg.extract import names
from kg.extract.kinds import kinds
from kg.extract.lexicon import Lexicon
from kg.extract.lines import Line, lines
from kg.extract.masking import parsed_under_masks
from kg.extract.names import Known, Mention
from kg.extract.plain import plain
from kg.extract.syntax import main_subject

__all__ = ["Sentence", "Text", "mend_lemmas", "quoted", "read_text"]


@dataclass(slots=True, frozen=True)
class Sentence:
    """A sentence of the text: it starts at character `offset` + its own first character."""

    span: Span
    offset: int
    kind: str
    mentions: tuple[Mention, ...]
    by_token: dict[int, Mention] = field(repr=False)

    @property
    def start(self) -> int:
        """Its first character in the document's text."""
        return int(self.offset + self.span.start_char)

    @property
    def end(self) -> int:
        """The character after its last one, white space at the end left out."""
        return int(self.start + len(self.span.text.rstrip()))

    def mention(self, token: Token) -> Mention | None:
        """The name that the token belongs to."""
        return self.by_token.get(token.i)

    def subject_mention(self) -> Mention | None:
        """The name that is the subject of the main clause."""
        token = main_subject(self.span)
        return None if token is None else self.by_token.get(token.i)


@dataclass(slots=True, frozen=True)
class Text:
    """The sentences that are read, and how many lines and characters were not."""

    sentences: tuple[Sentence, ...]
    dropped: tuple[Line, ...]
    filer: Mention | None

    def sentence_at(self, start: int) -> Sentence | None:
        """The sentence that a character of the document stands in."""
        at = bisect_right(self.sentences, start, key=lambda sentence: sentence.start) - 1
        return self.sentences[at] if at >= 0 and start < self.sentences[at].end else None


_ENDED = re.compile(r"[.!?…:;][\s\"”»)\]]*$")
_WORD = re.compile(r"[^\W\d_]+")
_SHOUTED, _WORDS, _LONG, _ENDS = 0.7, 5, 4, (".", "!", ";", ":")


def _calmed(text: str, lang: str, known: Known) -> str:
    """A headline In Title Case with its common words in small letters, which the parser knows; nothing moves."""
    words = [m for m in _WORD.finditer(text) if len(m[0]) >= _LONG]
    titled = [m for m in words if m[0][0].isupper() and not m[0].isupper()]
    if len(words) < _WORDS or len(titled) < _SHOUTED * len(words) or text.rstrip().endswith(_ENDS):
        return text
    for word in titled[1:] if titled[0].start() == 0 else titled:
        if names.is_word(word[0].lower(), lang) and known(word[0]) is None:
            text = text[: word.start()] + word[0].lower() + text[word.end() :]
    return text


def _sentences(doc: Doc) -> Iterator[Span]:
    """The pipeline's sentences, joined where it cut without a full stop: it stumbles over names it does not know."""
    first = 0
    for span in doc.sents:
        if span.end < len(doc) and not _ENDED.search(span.text):
            continue
        yield doc[first : span.end]
        first = span.end


def mend_lemmas(doc: Doc, lexicon: Lexicon) -> None:
    """Put right the lemmas that the pipeline is known to miss (« participe » for « participer », "GPUs")."""
    table = lexicon.tables.get("lemmas.mend", {})
    for token in doc:
        if token.lemma_ == token.text:
            token.lemma_ = names.singular(token.text)
        mended = table.get(token.lemma_.lower())
        if mended is not None and token.pos_ in {"VERB", "AUX", "NOUN", "ADJ"}:
            token.lemma_ = mended


def _kept(text: str, lang: str) -> tuple[list[Line], list[Line]]:
    kept: list[Line] = []
    dropped: list[Line] = []
    for line in lines(text, lang):
        (kept if line.kind in {"prose", "title"} else dropped).append(line)
    return kept, dropped


def read_text(text: str, lexicon: Lexicon, pipeline: Language, known: Known) -> Text:
    """Parse a text line by line and find its names; `pipeline` is the language's spaCy pipeline."""
    kept, dropped = _kept(text, lexicon.lang)
    docs: list[Doc] = list(pipeline.pipe([_calmed(plain(line.text), lexicon.lang, known) for line in kept]))
    for doc in docs:
        mend_lemmas(doc, lexicon)
    spans = [names.find(doc, lexicon, known) for doc in docs]
    named = list(zip(docs, spans, strict=True))
    kind_of, maybe = kinds(named, lexicon, known)
    full = names.full_names(kind_of, names.abbreviations(named))
    found: list[Sentence] = []
    mentions = _mentions(kept, named, _Named(kind_of, maybe, full))
    parses = parsed_under_masks(docs, mentions, pipeline, lexicon)
    for line, doc, those in zip(kept, parses, mentions, strict=True):
        mend_lemmas(doc, lexicon)
        found.extend(_build(line, doc, those))
    return Text(tuple(found), tuple(dropped), _filer(found, lexicon))


@dataclass(slots=True, frozen=True)
class _Named:
    """What the names of a document are: their kinds, those that may be companies, what is short for what."""

    kind_of: Mapping[str, str]
    maybe: Collection[str]
    full: Mapping[str, str]


def _mentions(
    kept: Sequence[Line], named: Sequence[tuple[Doc, tuple[names.Span, ...]]], what: _Named
) -> list[list[Mention]]:
    first: dict[str, tuple[int, int]] = {}
    for line, (doc, spans) in zip(kept, named, strict=True):
        for span in spans:
            start = line.start + doc[span.first].idx
            first.setdefault(span.text, (start, start + len(span.text)))
    return [
        [_mention(span, what, line.start + doc[span.first].idx, first) for span in spans]
        for line, (doc, spans) in zip(kept, named, strict=True)
    ]


def _mention(span: names.Span, what: _Named, start: int, first: Mapping[str, tuple[int, int]]) -> Mention:
    name = what.full.get(span.text, span.text)
    short = first.get(name) if span.text not in name else None
    kind = what.kind_of.get(name, "Person")
    return Mention(span.first, span.last, span.text, name, kind, start, name in what.maybe, short)


def _build(line: Line, doc: Doc, mentions: Sequence[Mention]) -> Iterator[Sentence]:
    for span in _sentences(doc):
        if not span.text.strip():
            continue
        inside = tuple(m for m in mentions if span.start <= m.first < span.end)
        by_token = {i: m for m in inside for i in range(m.first, m.last + 1)}
        yield Sentence(span, line.start, line.kind, inside, by_token)


def _filer(sentences: Sequence[Sentence], lexicon: Lexicon) -> Mention | None:
    """Who « we » is where nobody is quoted: the company that the head of the text names first."""
    if not any(_is_filer(token, lexicon) for sentence in sentences for token in sentence.span):
        return None
    named = (mention for sentence in sentences[:_HEAD] for mention in sentence.mentions if mention.fits(_COMPANY))
    return next(named, None)


def _is_filer(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word speaks of who files the text: "we", or "the Company" with a capital."""
    if lexicon.says("reference.first_person", token.lower_):
        return not quoted(token)
    titled = token.text[:1].isupper() and token.i > 0 and lexicon.says("reference.definite", token.nbor(-1).lower_)
    return titled and lexicon.says("reference.company", token.lower_)


_HEAD = 2
_COMPANY = frozenset({"Company"})
_OPEN, _CLOSE = {"«", "“", '"'}, {"»", "”", '"'}


def quoted(token: Token) -> bool:
    """Whether a token stands inside a quotation: more marks were opened before it than closed."""
    depth = 0
    for before in token.doc[: token.i]:
        if before.text == '"':
            depth = 1 - depth
        else:
            depth += (before.text in _OPEN) - (before.text in _CLOSE)
    return depth > 0
