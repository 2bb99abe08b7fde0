"""Securities in names: "Zeltan Common Stock" and « Actions Ordinaires Zeltan » name Zeltan, "Senior Notes" nobody.

A word for a security belongs to no name where one for its kind stands beside it; alone it may ("Zeltan Notes", a
program).
"""

from spacy.tokens import Doc

from kg.extract.lexicon import Lexicon
from kg.extract.possessive import POSSESSIVES

__all__ = ["has_class_behind", "without_security"]

_NEAR = 8
"""Words behind a name in which the class of its securities stands."""


def without_security(doc: Doc, first: int, last: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """Return the tokens of a name that name the issuer of a class of securities; None where it names nothing else."""
    last = _without_end(doc, first, last, lexicon)
    at = first + 1
    while at <= last and lexicon.says("names.security_kind", doc[at].lower_):
        at += 1
    if at > first + 1 and lexicon.says("names.security", doc[first].lower_):
        while at <= last and (lexicon.says("names.inner", doc[at].lower_) or doc[at].is_punct):
            at += 1
        first = at
    return (first, last) if first <= last else None


def _without_end(doc: Doc, first: int, last: int, lexicon: Lexicon) -> int:
    """The last token of a name without the class of securities that it ends with."""
    at = last - 1
    while at >= first and lexicon.says("names.security_kind", doc[at].lower_):
        at -= 1
    if at == last - 1 or not lexicon.says("names.security", doc[last].lower_):
        return last
    # "Zeltan's B Preferred Stock": the letter of the class, and what makes it its issuer's.
    while at >= first and (doc[at].text in POSSESSIVES or (len(doc[at]) == 1 and doc[at].is_alpha)):
        at -= 1
    return at


def has_class_behind(doc: Doc, last: int, lexicon: Lexicon) -> bool:
    """Whether a class of securities stands right behind a name: "Zeltan Class A Common Stock"."""
    kinds = 0
    for token in doc[last + 1 : last + 1 + _NEAR]:
        if kinds and lexicon.says("names.security", token.lower_):
            return True
        if not (lexicon.says("names.security_kind", token.lower_) or len(token) == 1 or token.text in POSSESSIVES):
            return False
        kinds += lexicon.says("names.security_kind", token.lower_)
    return False
