"""Who files or issues a text: the one that « nous », "we", "our" and "the Company" stand for, or nobody.

The cover of a filing names it (`kg.filings`). Another text says it in a definition: the name before a bracket that
holds such a word (``Tesla, Inc. and its
subsidiaries (the "Company")``), or the name that references to such words "refer to", "mean" or "are to". Where no
sentence defines it, it is the company that the head of the text names first, if the text goes on to speak of that one
more than of any other. Otherwise nobody: a wrong filer makes every "we" of the text a false claim.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from spacy.tokens import Span, Token

from kg.extract.capitals import LEGAL_FORM
from kg.extract.dates import dates
from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention
from kg.extract.sentence import Sentence, quoted
from kg.filings import THRESHOLD, cover

__all__ = ["filer", "is_filer_word", "issuer", "registrant"]

_HEAD = 2
"""Sentences that are the head of a text."""
_COMPANY = frozenset({"Company"})
_TERMS = 2
"""Words for the filer that must stand before a sentence's verb to be defined by it: one may be said by the way."""
_TITLE = 24
"""Tokens of a title that may begin with its filer: a longer line is a sentence."""
_LISTING = frozenset({"or", "and", "collectively", "together", "ou", "et", "ensemble", "ci", "après", "hereinafter"})
_MARKS = frozenset({"«", "“", '"', "”", "»"})


def filer(sentences: Sequence[Sentence], lexicon: Lexicon, registrant: Mention | None = None) -> Mention | None:
    """Return who files the text, or None where no word speaks of a filer or it is not told who that is.

    Args:
        sentences: those of the text.
        lexicon: that of its language.
        registrant: whom the cover of a filing names.

    """
    if not any(is_filer_word(token, lexicon) for sentence in sentences for token in sentence.span):
        return None
    if registrant is not None:
        return registrant
    defined = next((m for sentence in sentences for m in _defined(sentence, lexicon)), None)
    return defined or _of_the_head(sentences, lexicon)


def registrant(text: str) -> Mention | None:
    """Return whom the cover of a filing names as its registrant, None for another text."""
    found = cover(text)
    return None if found is None or found.owner is None or not found.is_by_owner else _company(text, *found.owner)


def issuer(text: str, lang: str) -> tuple[Mention | None, str | None]:
    """Return the company whose holders a threshold notice tells, and the day as of which it does."""
    found = cover(text)
    if found is None or found.form != THRESHOLD or found.owner is None:
        return None, None
    day = next((date.iso for date in dates(found.crossed or "", lang, None)), None)
    return _company(text, *found.owner), day


def _company(text: str, start: int, end: int) -> Mention:
    return Mention(0, 0, text[start:end], text[start:end], "Company", start)


def is_filer_word(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word speaks of who files the text: "we", or "the Company" with a capital, outside quotations."""
    if lexicon.says("reference.first_person", token.lower_):
        return not quoted(token)
    titled = token.text[:1].isupper() and token.i > 0 and lexicon.says("reference.definite", token.nbor(-1).lower_)
    return titled and lexicon.says("reference.company", token.lower_)


def _is_term(token: Token, lexicon: Lexicon) -> bool:
    """Whether it is a word for the filer as a definition gives it: “we”, “the Company”."""
    return lexicon.says("reference.first_person", token.lower_) or (
        lexicon.says("reference.company", token.lower_) and token.text[:1].isupper()
    )


def _defined(sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield the companies that a sentence defines as the filer."""
    doc = sentence.span.doc
    terms = [token for token in sentence.span if token.i not in sentence.by_token and _is_term(token, lexicon)]
    for token in terms:
        opened = _bracket(token, sentence)
        if opened is not None and _defines(doc[opened + 1 : token.i + 2], lexicon):
            yield from [m for m in sentence.mentions if m.last < opened and m.fits(_COMPANY)][-1:]
    verbs = [t.i for t in sentence.span if lexicon.says("reference.defines", t.lemma_.lower(), t.lower_)]
    defined = [token for token in terms if verbs and token.i < verbs[-1]]
    if len({token.lower_ for token in defined}) >= _TERMS:
        after = [m for m in sentence.mentions if m.first > defined[-1].i and m.fits(_COMPANY)]
        yield from after[:1]


def _bracket(token: Token, sentence: Sentence) -> int | None:
    """The place of the bracket that a token stands in."""
    for at in range(token.i - 1, sentence.span.start - 1, -1):
        if token.doc[at].text == ")":
            return None
        if token.doc[at].text == "(":
            return at
    return None


def _defines(words: Span, lexicon: Lexicon) -> bool:
    """Whether a bracket's words up to a term define it: they are a list of terms, or say "referred to as"."""
    small = [t for t in words if t.is_alpha and not lexicon.says("reference.definite", t.lower_)]
    listed = all(_is_term(t, lexicon) or t.text[:1].isupper() or t.lower_ in _LISTING for t in small)
    told = any(lexicon.says("reference.defines", t.lemma_.lower()) for t in small)
    marked = any(t.text in _MARKS for t in words)
    return listed or (told and marked)


def _of_the_head(sentences: Sequence[Sentence], lexicon: Lexicon) -> Mention | None:
    """The company that a short title begins with, or the one of the head that the whole text speaks of most.

    Beside "our" or "we" stands somebody else: "our suppliers include X". Of two named as often it is neither.
    """
    named = [m for sentence in sentences[:_HEAD] for m in sentence.mentions if m.fits(_COMPANY)]
    if not named:
        return None
    if _is_title(sentences[0]) and named[0].first == sentences[0].span.start == 0:
        return named[0]
    alone = [
        m
        for sentence in sentences[:_HEAD]
        if not any(is_filer_word(token, lexicon) for token in sentence.span)
        for m in sentence.mentions
        if m.fits(_COMPANY)
    ]
    counts = Counter(m.name for sentence in sentences for m in sentence.mentions if m.kind in _COMPANY)
    rivals = [count for name, count in counts.items() if alone and name != alone[0].name]
    return alone[0] if alone and counts[alone[0].name] > max(rivals, default=0) else None


def _is_title(sentence: Sentence) -> bool:
    """Whether it is a short first line that no full stop makes a sentence, but for the one of "Inc."."""
    *_, last = [token for token in sentence.span if not token.is_space]
    named = LEGAL_FORM.fullmatch(last.text) is not None or last.i in sentence.by_token
    return sentence.kind == "title" and len(sentence.span) <= _TITLE and (named or not last.text.endswith("."))
