"""What stays of a name when only its identity counts."""

import re
import unicodedata

__all__ = ["fold"]

_WORD = re.compile(r"[^\W_]+")
# Abbreviated legal forms of the countries whose news we read; a name of nothing else keeps them.
_LEGAL_FORMS = frozenset(
    (
        *("ab", "ag", "as", "asa", "bv", "co", "company", "corp", "corporation", "eurl", "gmbh", "group", "groupe"),
        *("holding", "holdings", "inc", "incorporated", "kg", "kgaa", "limited", "llc", "llp", "lp", "ltd", "nv"),
        *("oy", "oyj", "pbc", "plc", "pty", "sa", "sarl", "sas", "sca", "se", "snc", "spa", "srl"),
    )
)
_LEADING = frozenset({"the", "groupe", "group"})


def fold(name: str) -> str:
    """Return what stays of a name without case, accents, spaces, hyphens and legal forms.

    >>> fold("Société Générale S.A.") == fold("societe-generale")
    True
    >>> fold("Open AI") == fold("OpenAI"), fold("Groupe TF1") == fold("TF1")
    (True, True)
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    # S.A. and d.o.o. are one word each; an apostrophe or a hyphen parts two. Canal+ is not Canal.
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace(".", "").replace("+", "plus")
    words = _WORD.findall(plain)
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    if len(words) > 1 and words[0] in _LEADING:
        words.pop(0)
    return "".join(words)
