"""Names in a parsed line: where each begins and ends.

The pipeline's own entities are joined with runs of capitalised words, because its labels are weak
on companies (OpenAI is MISC to it, Creatopy a place). What a name is, `kg.extract.kinds` tells.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc, Token

from kg.extract.capitals import INNER_WORDS, LEGAL_FORM, Known, is_name_token, is_word
from kg.extract.lexicon import Lexicon
from kg.extract.possessive import POSSESSIVES, ends_name, is_owned_name, owner
from kg.extract.securities import without_security

__all__ = ["Mention", "Span", "abbreviations", "find", "full_names", "is_short_for", "whole"]

_NUMERIC = {"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"}


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
    `maybe` tells that it may be a company, where it is more probably something else; `full` is the
    place of the full name that it is short for, `margin` says how sure the kind is (`kg.extract.kinds`), None where a
    register knows it.
    """

    first: int
    last: int
    text: str
    name: str
    kind: str
    start: int
    maybe: bool = False
    full: tuple[int, int] | None = None
    margin: float | None = None

    def fits(self, kinds: Collection[str]) -> bool:
        """Whether it is, or may be, of one of the kinds."""
        return self.kind in kinds or (self.maybe and "Company" in kinds)

    @property
    def place(self) -> tuple[int, int]:
        """Its first character in the document, and the one after its last."""
        return self.start, self.start + len(self.text)


def _joins(token: Token, first: int, lexicon: Lexicon, known: Known) -> bool:
    """Whether a small word stands inside the name that began at `first`.

    The pipeline sees the name whole, or the name's first word is one that takes a complement
    (« Union des Plateaux », "Bank of Valmont"), or it is "&" between two, or a number (« Hebdo 13 »).
    """
    doc = token.doc
    if (token.i > first + 1 and _is_syllable(token.nbor(-1), lexicon)) or _CLUB.fullmatch(token.text):
        return True
    if token.i + 1 >= len(doc):
        return _is_number(token)
    if token.pos_ == "CCONJ" and token.text != "&":
        return _is_title_of_one(token, first, lexicon, known)
    if token.text in {"&", "-"}:
        return is_name_token(token.nbor(1), lexicon, known) or _is_syllable(token, lexicon)
    if token.text in POSSESSIVES:
        return is_owned_name(token, lexicon, known)
    return _joins_on(token, first, lexicon)


def _is_syllable(hyphen: Token, lexicon: Lexicon) -> bool:
    """Whether what follows a hyphen is a small part of the name itself ("Mong-koo"), and no word ("-backed")."""
    following = hyphen.nbor(1)
    tight = not hyphen.whitespace_ and not hyphen.nbor(-1).whitespace_
    return hyphen.text == "-" and tight and following.is_alpha and not is_word(following.lower_, lexicon.lang)


def _is_title_of_one(token: Token, first: int, lexicon: Lexicon, known: Known) -> bool:
    """Whether "and" stands inside one name: two common words, and a legal form behind ("Sales and Marketing Inc.").

    So it does in a name that a register knows, and in that of a public body ("Food and Drug Administration").

    « A et B » is two names otherwise, whatever the pipeline says.
    """
    doc = token.doc
    rest = doc[token.i + 1 : token.i + 1 + INNER_WORDS]
    beside = (doc[token.i - 1], doc[token.i + 1])
    if lexicon.lang == "fr" and token.i > 1 and doc[token.i - 2].pos_ == "DET":
        # « la Banque et Caisse d'Épargne »: one article for both common nouns.
        return all(word.text[:1].isupper() and lexicon.says("names.head", word.lower_) for word in beside)
    if any(known(doc[at : word.i + 1].text) for at in range(first, token.i) for word in rest):
        return True
    # A legal form before it ends a name: "Zeltan Inc. and Pell Inc." are two.
    closed = any(LEGAL_FORM.fullmatch(w.text) or lexicon.says("names.authority", w.lower_) for w in rest)
    return (
        closed
        and not LEGAL_FORM.fullmatch(beside[0].text)
        and all(is_word(word.lower_, lexicon.lang) and known(word.text) is None for word in beside)
    )


def _joins_on(token: Token, first: int, lexicon: Lexicon) -> bool:
    doc = token.doc
    if _is_number(token):
        return token.nbor(1).pos_ not in {"NOUN", "ADJ", "SYM"} and token.nbor(1).text not in {"%", ",", "."}
    if not lexicon.says("names.inner", token.lower_):
        return False
    at = token.i + 1
    while at < len(doc) - 1 and lexicon.says("names.inner", doc[at].lower_) and at < token.i + INNER_WORDS:
        at += 1
    if not doc[at].text[:1].isupper():
        return False
    whole = bool(token.ent_type_) and token.ent_iob_ == doc[at].ent_iob_ == "I"
    return whole or lexicon.says("names.head", doc[token.i - 1].lower_, doc[first].lower_)


def _is_number(token: Token) -> bool:
    """Whether it is a short number that may end a name, and no year."""
    return token.text.isdigit() and len(token.text) <= _DIGITS and token.i > 0 and not token.nbor(-1).is_punct


_DIGITS = 3
_CLUB = re.compile(r"\d{2}ers")
"""A club that is called after a year, as in "San Francisco 49ers"."""


def _legal_form_follows(token: Token) -> bool:
    """Whether the token is the comma of « Figma, Inc. »."""
    return token.text == "," and token.i + 1 < len(token.doc) and LEGAL_FORM.fullmatch(token.nbor(1).text) is not None


def _runs(doc: Doc, lexicon: Lexicon, known: Known) -> Iterator[tuple[int, int]]:
    first: int | None = None
    for token in doc:
        name = token.ent_type_ not in _NUMERIC and is_name_token(token, lexicon, known)
        if first is None:
            first = token.i if name and not LEGAL_FORM.fullmatch(token.text) else None
        elif token.is_sent_start and token.nbor(-1).text.endswith(".") and not LEGAL_FORM.fullmatch(token.text):
            yield first, token.i - 1
            first = token.i if name else None
        elif not name and not _joins(token, first, lexicon, known) and not _legal_form_follows(token):
            yield first, token.i - (not ends_name(token, first))
            first = None
    if first is not None:
        yield first, len(doc) - 1


def _label(doc: Doc, first: int, last: int) -> str:
    labels = Counter(token.ent_type_ for token in doc[first : last + 1] if token.ent_type_)
    return labels.most_common(1)[0][0] if labels else ""


def _split(doc: Doc, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Part a run where the pipeline sees a person begin inside it, or end (« Renault Jean Dupont »)."""
    people = {"PER", "PERSON"}
    starts = [
        token.i
        for token in doc[first + 1 : last + 1]
        if token.ent_iob_ == "B"
        and doc[token.i - 1].ent_type_
        and _two_words(token)
        and len({token.ent_type_, doc[token.i - 1].ent_type_} & people) == 1
    ]
    edges = [first, *starts, last + 1]
    for begin, end in pairwise(edges):
        yield begin, end - 1


def _two_words(token: Token) -> bool:
    return token.i + 1 < len(token.doc) and token.nbor(1).ent_iob_ == "I" and token.nbor(1).text[:1].isupper()


def _extended(doc: Doc, first: int, last: int, known: Known) -> int:
    """The last token of the name, small letters included where the register knows them (« Crédit agricole »)."""
    if known(doc[first : last + 1].text) is not None:
        return last
    for end in (last + 2, last + 1):
        if end < len(doc) and not doc[end].is_punct and known(doc[first : end + 1].text) is not None:
            return end
    return last


def _completed(doc: Doc, first: int, last: int, lexicon: Lexicon) -> int:
    """The last token of a French name that begins with a capitalised common noun: « Établissement public foncier ».

    The noun's adjectives and complements in small letters belong to it, where they lead to another capital or the
    noun stands alone between its article and them.
    """
    noun = doc[last]
    common = lexicon.lang == "fr" and first == last and first > 0 and not noun.is_sent_start
    if not common or not is_word(noun.lower_, "fr") or noun.pos_ not in {"NOUN", "PROPN"} or noun.text.isupper():
        return last
    if doc[first - 1].pos_ not in {"DET", "ADP"} or doc[first - 1].text[:1].isupper():
        return last
    at = last + 1
    while at < len(doc) and doc[at].pos_ == "ADJ" and doc[at].text.islower():
        at += 1
    end = at - 1
    while at + 1 < len(doc) and doc[at].lower_ in _COMPLEMENT:
        at += 1 + (doc[at + 1].lower_ in _ARTICLE)
        if at >= len(doc) or doc[at].pos_ not in {"NOUN", "PROPN"}:
            break
        end = at
        at += 1
        while at < len(doc) and doc[at].pos_ == "ADJ" and doc[at].text.islower():
            end = at
            at += 1
    return end


_COMPLEMENT = {"de", "d'", "du", "des"}
_ARTICLE = {"la", "l'", "les"}


def _led(doc: Doc, first: int, lexicon: Lexicon) -> int:
    """The first token of a name that a small word or a digit leads: « le ministère des Armées », "3M"."""
    at = first - 1
    if first and doc[at].text.isdigit() and not doc[at].whitespace_ and not (at and doc[at - 1].is_currency):
        # The pipeline takes the 3 of "3M" for a number of its own.
        return at
    while at > 0 and lexicon.says("names.inner", doc[at].lower_) and first - at < INNER_WORDS:
        at -= 1
    # "the agency MMT" tells what MMT is, « la région Grand Est » names it.
    joined, public = at < first - 1, lexicon.says("names.public", doc[at].lower_)
    leads = (public and (joined or lexicon.lang == "fr")) or (joined and lexicon.says("names.site", doc[at].lower_))
    family = first > 0 and lexicon.says("names.family", doc[first - 1].lower_)
    return at if leads and at >= 0 else first - 1 if family else first


def _with_states(doc: Doc, runs: Iterable[tuple[int, int]], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The runs, with the states that are named by an adjective: « l'État français », "the German government"."""
    taken: set[int] = set()
    for first, last in runs:
        at = last + 1
        state = lexicon.says("names.state", doc[last].lower_) and at < len(doc) and doc[at].pos_ == "ADJ"
        taken.update(range(first, at + state))
        yield first, last + state
    for token in doc[:-1]:
        names_state = lexicon.lang == "en" and lexicon.says("names.state", token.nbor(1).lower_)
        if names_state and token.ent_type_ in {"NORP", "GPE"} and token.i not in taken and token.text[:1].isupper():
            yield token.i, token.i + 1


def find(doc: Doc, lexicon: Lexicon, known: Known) -> tuple[Span, ...]:
    """Return the names of a parsed line, in order, not overlapping."""
    found: list[Span] = []
    for first, last in _with_states(doc, _runs(doc, lexicon, known), lexicon):
        for begin, end in _split(doc, first, last):
            if any(begin <= span.last and span.first <= end for span in found):
                continue
            end_known = max(_extended(doc, begin, end, known), _completed(doc, begin, end, lexicon))
            begin_led = begin if found and found[-1].last >= begin - INNER_WORDS else _led(doc, begin, lexicon)
            bounds = without_security(doc, begin_led, end_known, lexicon)
            if bounds is not None:
                start, stop = bounds
                found.append(Span(start, stop, doc[start : stop + 1].text, _label(doc, max(begin, start), stop)))
    return tuple(sorted(found, key=lambda span: span.first))


def whole(doc: Doc) -> tuple[Span, ...]:
    """Return a parsed line as the one name that it is known to be: a cell of a column of names."""
    return (Span(0, len(doc) - 1, doc.text, _label(doc, 0, len(doc) - 1)),) if len(doc) else ()


def full_names(kind_of: Mapping[str, str], short: Mapping[str, str]) -> Mapping[str, str]:
    """Map what the document calls somebody for short to the full name that it gives elsewhere.

    A person's last name; a company's name without its legal form and general words ("Disney" is not
    told from "The Walt Disney Company", but "Figma" is from "Figma, Inc."); what stands in brackets
    behind a name (`short`, as `abbreviations` finds it); a possessive that nothing owned follows ("Figma's").
    """
    people = [name for name, kind in kind_of.items() if kind == "Person" and " " in name]
    last = Counter(name.split()[-1] for name in people)
    full = {name.split()[-1]: name for name in people if last[name.split()[-1]] == 1}
    companies = {_bare(name): name for name, kind in kind_of.items() if kind == "Company" and _bare(name) != name}
    full.update({bare: name for bare, name in companies.items() if bare in kind_of})
    full = {**full, **short}
    # "Figma's" without what is owned is Figma, where the document calls it so anywhere else.
    owners = {name: own for name in kind_of if (own := owner(name)) is not None}
    told = {
        own: full.get(own) or companies.get(own) or own for own in owners.values() if {own} & {*kind_of, *companies}
    }
    return {**full, **{name: told[own] for name, own in owners.items() if own in told}}


def _bare(name: str) -> str:
    """A company's name without its legal form."""
    words = [word.rstrip(",") for word in name.split()]
    while len(words) > 1 and LEGAL_FORM.fullmatch(words[-1]):
        words.pop()
    return " ".join(words)


_QUOTES = "«»“”\"' "


def abbreviations(lines: Iterable[tuple[Doc, tuple[Span, ...]]]) -> Mapping[str, str]:
    """Map each name that stands in brackets right behind another to it: "Advanced Micro Devices (AMD)".

    The one in brackets is made of the other's first letters, or is a part of it (“Valmora”).
    """
    found: dict[str, str] = {}
    for doc, spans in lines:
        for one, two in pairwise(spans):
            gap = doc[one.last + 1 : two.first].text.strip(_QUOTES)
            if gap != "(" or two.last + 1 >= len(doc):
                continue
            part = two.text in one.text.split() or one.text.startswith(two.text)
            if part or is_short_for(two.text, one.text):
                found[two.text] = one.text
    return found


def is_short_for(short: str, name: str) -> bool:
    """Whether a name in capitals spells the first letters of another.

    >>> is_short_for("UPC", "Union Pacific Corporation"), is_short_for("UPC", "Oracle")
    (True, False)
    """
    letters = "".join(word[0] for word in re.findall(r"\w+", name)).casefold()
    plain = short.casefold().replace(".", "")
    return short.isupper() and len(plain) > 1 and len(letters) > 1 and _is_within(plain, letters, name.casefold())


def _is_within(initials: str, letters: str, name: str) -> bool:
    """Whether an acronym is spelt by the first letters of a name, small words left out or not."""
    at = 0
    for letter in letters:
        at += at < len(initials) and initials[at] == letter
    return at == len(initials) or (name[:1] == initials[0] and all(c in name for c in initials))
