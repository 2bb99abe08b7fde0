"""A document as the matcher sees it: parsed sentences with the names in them, in order."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.extract import names
from kg.extract.capitals import Known, is_word, singular
from kg.extract.filer import filer, issuer, registrant
from kg.extract.kinds import Kinds, kinds
from kg.extract.lexicon import Lexicon
from kg.extract.lines import Line, lines
from kg.extract.masking import parsed_under_masks
from kg.extract.names import Mention
from kg.extract.plain import plain
from kg.extract.sentence import Sentence
from kg.extract.tables.table import Piece, Table, layouts, pieces, tables, without_tables

__all__ = ["Text", "mend_lemmas", "read_text"]


@dataclass(slots=True, frozen=True)
class Text:
    """The sentences that are read, the lines that are not, who files the text, and the tables.

    `registrant` is whom the cover of a filing names, `issuer` the company whose holders a threshold notice tells, as of
    `crossed`.
    """

    sentences: tuple[Sentence, ...]
    dropped: tuple[Line, ...]
    filer: Mention | None
    tables: tuple[Table, ...] = ()
    registrant: Mention | None = None
    issuer: Mention | None = None
    crossed: str | None = None

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
        if is_word(word[0].lower(), lang) and known(word[0]) is None:
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
            token.lemma_ = singular(token.text)
        mended = table.get(token.lemma_.lower())
        if mended is not None and token.pos_ in {"VERB", "AUX", "NOUN", "ADJ"}:
            token.lemma_ = mended


def _kept(text: str, lang: str, known: Known) -> tuple[list[Line], list[Line]]:
    kept: list[Line] = []
    dropped: list[Line] = []
    for line in lines(text, lang, known):
        (kept if line.kind in {"prose", "title"} else dropped).append(line)
    return kept, dropped


def read_text(text: str, lexicon: Lexicon, pipeline: Language, known: Known) -> Text:
    """Parse a text line by line and find its names; `pipeline` is the language's spaCy pipeline."""
    laid_out = layouts(text, lexicon)
    kept, dropped = _kept(without_tables(text, laid_out), lexicon.lang, known)
    docs: list[Doc] = list(pipeline.pipe([_calmed(plain(line.text), lexicon.lang, known) for line in kept]))
    for doc in docs:
        mend_lemmas(doc, lexicon)
    spans = [names.find(doc, lexicon, known) for doc in docs]
    named = list(zip(docs, spans, strict=True))
    in_tables = pieces(laid_out, lexicon)
    cells = _cells(in_tables, lexicon, pipeline, known)
    decided = kinds([*named, *cells], lexicon, known)
    full = names.full_names(decided.kind_of, names.abbreviations([*named, *cells]))
    found: list[Sentence] = []
    lines_and_cells = [*kept, *(Line(piece.cell.start, piece.cell.text, "cell") for piece in in_tables)]
    mentions = _mentions(lines_and_cells, [*named, *cells], _Named(decided, full))
    mentions, cell_mentions = mentions[: len(kept)], mentions[len(kept) :]
    parses = parsed_under_masks(docs, mentions, pipeline, lexicon)
    for line, doc, those in zip(kept, parses, mentions, strict=True):
        mend_lemmas(doc, lexicon)
        found.extend(_build(line, doc, those))
    told = tables(laid_out, list(zip(in_tables, cell_mentions, strict=True)))
    files, (held, crossed) = registrant(text), issuer(text, lexicon.lang)
    return Text(tuple(found), tuple(dropped), filer(found, lexicon, files), told, files, held, crossed)


def _cells(
    in_tables: Sequence[Piece], lexicon: Lexicon, pipeline: Language, known: Known
) -> list[tuple[Doc, tuple[names.Span, ...]]]:
    """Parse pieces of tables: a cell is one name as it stands, a caption may hold some."""
    docs = list(pipeline.pipe([plain(piece.cell.text) for piece in in_tables]))
    return [
        (doc, names.whole(doc) if piece.is_name else names.find(doc, lexicon, known))
        for piece, doc in zip(in_tables, docs, strict=True)
    ]


@dataclass(slots=True, frozen=True)
class _Named:
    """What the names of a document are, and what is short for what."""

    kinds: Kinds
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
    kind, margin = what.kinds.kind_of.get(name, "Person"), what.kinds.margin.get(name)
    return Mention(span.first, span.last, span.text, name, kind, start, name in what.kinds.maybe, short, margin)


def _build(line: Line, doc: Doc, mentions: Sequence[Mention]) -> Iterator[Sentence]:
    for span in _sentences(doc):
        if not span.text.strip():
            continue
        inside = tuple(m for m in mentions if span.start <= m.first < span.end)
        by_token = {i: m for m in inside for i in range(m.first, m.last + 1)}
        yield Sentence(span, line.start, line.kind, inside, by_token)
