"""The customers of a tenth of the sales and more, which a report names or counts.

Accounting rules ask for their number and shares, not for their names (ASC 280-10-50-42, IFRS 8.34):
https://asc.fasb.org/280/tableOfContent. They are told in one form: who, "accounted for", how much of the sales.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from kg.extract.filings.concentration import customer_shares, day_of, figure_of, named_by, unnamed_members
from kg.extract.filings.sales_shares import SalesShare, sales_shares
from kg.extract.names import Mention
from kg.extract.plain import plain
from kg.extract.proposal import End, Parsed, Proposal
from kg.extract.sentence import Sentence
from kg.model import Modality, Qualifiers
from kg.xbrl import XbrlFact

__all__ = ["customer_sentences", "customers", "unnamed"]

_SURE = 0.97
"""Below that of tables of customers, by whose heads no name is left to chance."""
_VERB = re.compile(r"\b(?:(?:has|have|had) )?(?:accounted for|represent(?:s|ed)?|comprised|constituted)\b")
_CUE = re.compile(
    r"\b(?:customers?|wholesalers?|distributors?|resellers?|(?:sales|revenues?) (?:to|from))\b", re.IGNORECASE
)
_BOUGHT = re.compile(r"\b(?:purchases?|payments?|costs?|receivables?|amounts due)\b(?! (?:made )?by\b)", re.IGNORECASE)
"""What leads a supplier, or a debt, and no customer: "purchases from our distributor"."""
_OWNED = re.compile(r"(?P<owner>[\w.&-]+(?:'s|s'))\s+(?:[\w-]+\s+){0,3}$")
"""Whose customer it is: "the competitor's largest customer"."""
_OURS = re.compile(r"(?:company|group|registrant|corporation)'s", re.IGNORECASE)
_UNREAL = re.compile(r"\b(?:would|could|may|might|will|shall|should|not|never|nor|to|if)\b", re.IGNORECASE)
_IF = re.compile(r"(?:if|assuming|pro forma)\b", re.IGNORECASE)
_SAYS = re.compile(r"\b(?:said|says|reported|announced|told|disclosed)\b")
_FILER = re.compile(r"\b(?:we|our|the (?:company|group|registrant|corporation))\b", re.IGNORECASE)
_FORMER = re.compile(r"\b(?:former|previous|ex-?)\s*(?:[\w-]+\s+){0,2}$", re.IGNORECASE)
# What may stand between a word for customers and the verb, beside the names.
_BETWEEN = re.compile(
    r"(?:[\s,;:()–—-]|\b(?:and|its|their|the|or|both|each|namely|including|affiliates|affiliated companies|"
    r"subsidiaries|collectively|together|inc|corp|corporation|co|company|ltd|llc|plc)\b\.?)*",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\b(?:customer|distributor|wholesaler) ([A-Z]|\d)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(one|two|three|four|five|six)(?: [\w.]+){0,2} (?:customers?|wholesalers?|distributors?)\b", re.IGNORECASE
)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def customers(parsed: Parsed, method: str) -> Iterator[Proposal]:
    """Yield the customers that a filing names, with their shares of its sales.

    Where the filing marks a share up, its context tells the period, and which of the names of a sentence it is of.
    """
    files = parsed.text.registrant
    if files is None:
        return
    marked = customer_shares(parsed.document.facts)
    for sentence in parsed.text.sentences:
        text, told = plain(sentence.span.text), set()
        for mention, share in _marked(sentence, text, marked, parsed.document.lang):
            if not _is_same(mention, files):
                told.add(mention.name)
                yield _proposal(sentence, files, mention, share, method)
        for mention, share in _stated(sentence, text, files, parsed.document.lang):
            if mention.name not in told:
                value = share.figures[0].value if share.figures else None
                dated = replace(share, when=day_of(share.when, value, marked))
                yield _proposal(sentence, files, mention, dated, method)


def _marked(
    sentence: Sentence, text: str, marked: Sequence[XbrlFact], lang: str
) -> Iterator[tuple[Mention, SalesShare]]:
    """Yield the customers of a sentence whose shares are marked up with their names."""
    for fact in marked:
        mention = named_by(sentence.mentions, fact) if sentence.start <= fact.start < sentence.end else None
        figure = figure_of(fact, text, sentence.start, lang) if mention is not None else None
        if mention is not None and figure is not None:
            yield mention, SalesShare((figure,), fact.period[1] if fact.period else None)


def _stated(sentence: Sentence, text: str, files: Mention, lang: str) -> Iterator[tuple[Mention, SalesShare]]:
    """Yield the customers that a sentence tells in words, with their shares."""
    verb = _VERB.search(text)
    told = sales_shares(text, verb.end(), files.name, lang) if verb is not None else None
    if verb is None or told is None:
        return
    named = [mention for mention in _before(sentence, text, verb) if not _is_same(mention, files)]
    cue = _cue(sentence, text, named[0]) if named else None
    if cue is None or not _is_customers(text, cue, verb, files):
        return
    if not told.ours and not _is_filers(sentence, text, cue, files):
        return
    shares: Sequence[SalesShare] = told.shares if len(named) == 1 else ()
    pairs = zip(named, told.by_customer, strict=True) if len(named) == len(told.by_customer) > 1 else ()
    paired = {mention.name: share for mention, share in pairs}
    for mention in named:
        own = [paired[mention.name]] if mention.name in paired else shares
        for share in own or [SalesShare(when=told.when)]:
            yield mention, share


def customer_sentences(parsed: Parsed) -> tuple[tuple[int, int], ...]:
    """Return where a filing names customers before "accounted for": who they are is read here, and nowhere else."""
    if parsed.text.registrant is None:
        return ()
    read = ((sentence, plain(sentence.span.text)) for sentence in parsed.text.sentences)
    verbs = ((sentence, text, _VERB.search(text)) for sentence, text in read)
    return tuple((s.start, s.end) for s, text, verb in verbs if verb is not None and list(_before(s, text, verb)))


def _cue(sentence: Sentence, text: str, mention: Mention) -> re.Match[str] | None:
    """The word for customers that leads a name."""
    return next(reversed(list(_CUE.finditer(text, 0, mention.start - sentence.start))), None)


def _is_customers(text: str, cue: re.Match[str], verb: re.Match[str], files: Mention) -> bool:
    """Whether the word is of customers of who files, and the verb tells what was."""
    owned = _OWNED.search(text[: cue.start()])
    owner = "" if owned is None else owned["owner"]
    is_ours = not owner or _OURS.fullmatch(owner) or owner.rstrip("s'").casefold() in files.name.casefold().split()
    unreal = _UNREAL.search(text[cue.end() : verb.end()]) or _IF.match(text)
    return bool(is_ours) and not unreal and not _BOUGHT.search(text[: cue.start()])


def _is_filers(sentence: Sentence, text: str, cue: re.Match[str], files: Mention) -> bool:
    """Whether nobody but who files can be meant where the text does not say whose sales they are.

    "Its sales" and what somebody says are of who files only where the sentence names it before.
    """
    before = [m for m in sentence.mentions if m.start - sentence.start < cue.start() and m.fits({"Company"})]
    is_named = any(_is_same(m, files) for m in before) or _FILER.search(text[: cue.start()]) is not None
    others = any(not _is_same(m, files) for m in before)
    refers = _SAYS.search(text[: cue.start()]) or re.search(r"\bits\b", text, re.IGNORECASE)
    return not others and (is_named or not refers)


def unnamed(parsed: Parsed) -> int:
    """Return how many customers a filing tells the shares of and does not name ("Customer A", "three wholesalers")."""
    if parsed.text.registrant is None:
        return 0
    labels: set[str] = set()
    counted = 0
    for sentence in parsed.text.sentences:
        text = plain(sentence.span.text)
        verb = _VERB.search(text)
        if verb is None or "%" not in text[verb.end() :] or list(_before(sentence, text, verb)):
            continue
        labels |= {match[1].upper() for match in _LABEL.finditer(text)}
        number = _COUNTED.search(text[: verb.start()])
        counted = max(counted, _NUMBERS[number[1].lower()] if number else 0)
    return max(len(labels), counted, len(_marked_unnamed(parsed)))


def _marked_unnamed(parsed: Parsed) -> frozenset[str]:
    """Return the members of marked-up shares that name nobody; those of tables are counted with the tables."""
    shares = []
    for fact in customer_shares(parsed.document.facts):
        sentence = parsed.text.sentence_at(fact.start)
        verb = _VERB.search(plain(sentence.span.text)) if sentence is not None else None
        if sentence is None or (verb and list(_before(sentence, plain(sentence.span.text), verb))):
            continue
        shares.append(fact)
    return unnamed_members(shares)


def _before(sentence: Sentence, text: str, verb: re.Match[str]) -> Iterator[Mention]:
    """Yield the companies between a word for customers and the verb, where nothing else stands there."""
    cues = list(_CUE.finditer(text, 0, verb.start()))
    for cue in reversed(cues):
        first, last = sentence.start + cue.end(), sentence.start + verb.start()
        named = [m for m in sentence.mentions if first <= m.start and m.place[1] <= last]
        rest = text[cue.end() : verb.start()]
        for mention in named:
            rest = rest.replace(mention.text, " ", 1)
        if named and _BETWEEN.fullmatch(rest):
            yield from (m for m in named if m.fits({"Company"}) and not _LABEL.search(m.text))
            return


def _is_same(mention: Mention, files: Mention) -> bool:
    short, full = mention.name.casefold(), files.name.casefold()
    return short in full or full in short


def _proposal(sentence: Sentence, files: Mention, customer: Mention, share: SalesShare, method: str) -> Proposal:
    start, end = customer.place
    said: dict[str, object] = {"as_of": share.when} if share.when else {}
    printed = {}
    for figure in share.figures:
        name = f"percent_{figure.bound}" if figure.bound else "percent"
        said |= {name: figure.value, "percent_of": "revenue"}
        printed[name] = (sentence.start + figure.start, sentence.start + figure.end)
    return Proposal(
        End(files.name, "Company", *files.place),
        "supplies",
        End(customer.name, "Company", start, end, customer.full),
        Modality.PAST if _is_former(sentence, start) else Modality.ASSERTED,
        ((sentence.start, sentence.end), files.place),
        Qualifiers(**said),  # type: ignore[arg-type]
        MappingProxyType(printed),
        "filings/customers",
        method,
        _SURE,
    )


def _is_former(sentence: Sentence, start: int) -> bool:
    """Whether the word for the customer says that it is one no more: "our former customer"."""
    head = plain(sentence.span.text)[: start - sentence.start]
    cues = list(_CUE.finditer(head))
    return bool(cues) and _FORMER.search(head[: cues[-1].start()]) is not None
