"""What speaks for and against a proposal, as named features: what its confidence is worked out from.

A sign says something of the names (how sure their kinds are, how they are written), of the words that stand for them,
of the way in the parse from the word that states the relation to each end, of the sentence and of the text. Signs are
common to all relations, so that few marked texts teach them.
"""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from kg.extract.capitals import is_word
from kg.extract.figures import figures
from kg.extract.plain import plain
from kg.extract.proposal import End, Parsed, Proposal
from kg.extract.read_sentence import ReadSentence
from kg.extract.sentence import quoted
from kg.extract.syntax import clause_verb

__all__ = ["signs"]

_MARGINS = (0.5, 1.0, 2.0, 4.0)
_COUNTS = (1, 2, 4)
_LENGTHS = (10, 20, 30, 45)
_CLAUSES = frozenset({"advcl", "relcl", "acl:relcl", "acl", "ccomp", "parataxis", "conj", "xcomp", "appos", "csubj"})
_FAR = 4
_TOPICS = 5
_COMPANY = frozenset({"Company"})
_AROUND = 2


def signs(
    proposal: Proposal, parsed: Parsed, beside: Sequence[Proposal] = (), business: float | None = None
) -> set[str]:
    """Return the signs of a proposal.

    `beside` are the other proposals of its document, `business` is the probability that the text is about the business
    of organisations (`kg.extract.doubts.topic`).
    """
    view = ReadSentence.of(proposal, parsed)
    found = {
        f"method={proposal.method.partition('/')[0]}",
        f"relation={proposal.relation}",
        f"lang={parsed.document.lang}",
        f"modality={proposal.modality.value}",
        f"why={proposal.why}",
        f"topic={'unknown' if business is None else int(business * _TOPICS)}",
    }
    if view is None:
        return found
    return {*found, *_kinds(view), *_ends(view), *_ways(view), *_sentence(view), *_text(parsed), *_others(view, beside)}


def _bucket(value: float, borders: tuple[float, ...]) -> int:
    return sum(value >= border for border in borders)


def _kinds(view: ReadSentence) -> Iterator[str]:
    subject, object_ = view.proposal.subject.kind, view.object.kind
    yield f"kinds={view.proposal.relation}:{subject}/{object_}"
    for role, end in view.ends:
        yield f"{role}:{end.kind}"
        mention = view.mention(end)
        if mention is None:
            yield f"{role}:nameless"
            continue
        sure = "known" if mention.margin is None else _bucket(mention.margin, _MARGINS)
        yield from (f"{role}:sure={sure}", f"sure={sure}/{end.kind}")
        if mention.maybe or mention.kind != end.kind:
            yield from (f"{role}:maybe", f"maybe={mention.kind}")


def _ends(view: ReadSentence) -> Iterator[str]:
    lang = view.parsed.document.lang
    named = [m.name for s in view.parsed.text.sentences for m in s.mentions]
    for role, end in view.ends:
        words = end.name.split()
        yield f"{role}:words={min(len(words), _FAR)}"
        yield f"{role}:times={_bucket(named.count(end.name), _COUNTS)}"
        if all(is_word(word.strip(".,").lower(), lang) for word in words):
            yield from (f"{role}:common", f"common={len(words) > 1}")
        if end.name.isupper():
            yield f"{role}:upper"
        if any(c.isdigit() for c in end.name):
            yield f"{role}:digit"
        yield from _reference(role, end, view)


def _reference(role: str, end: End, view: ReadSentence) -> Iterator[str]:
    """What stands for an end that is not named: which word, how far off its name is, who else it could be."""
    token = view.token(end.start)
    short = end.antecedent is not None and token is not None and token.i in view.sentence.by_token
    if end.antecedent is None or short:
        yield f"{role}:{'short' if short else 'named'}"
        return
    yield from (f"{role}:reference", "reference")
    if token is None:
        return
    yield f"{role}:by={token.lemma_.lower()}"
    yield f"by={token.pos_}"
    start = end.antecedent[0]
    sentences = view.parsed.text.sentences
    between = [s for s in sentences if start < s.start <= view.sentence.start]
    yield f"{role}:back={min(len(between), _FAR)}"
    rivals = {
        m.name
        for s in sentences
        for m in s.mentions
        if min(start, end.start) - 1 <= m.start < max(start, end.start) and m.fits(_COMPANY) and m.name != end.name
    }
    yield f"{role}:rivals={min(len(rivals), _FAR)}"
    yield f"rivals={min(len(rivals), _FAR)}"


def _ways(view: ReadSentence) -> Iterator[str]:
    """The way in the parse from the word that states the relation to each end, and what stands around that word."""
    trigger = None if view.proposal.trigger is None else view.token(view.proposal.trigger)
    if trigger is None:
        return
    lang = view.parsed.document.lang
    lemma = trigger.lemma_.lower()
    relations = {frame.relation for frame in view.parsed.lexicon.frames_at(lemma, trigger.lower_)}
    yield from (f"trigger={lang}:{lemma}", f"trigger={trigger.pos_}", f"senses={min(len(relations), _FAR)}")
    yield f"trigger={lang}:{lemma}/{view.proposal.relation}"
    for child in trigger.children:
        if child.dep_ in {"neg", "prt", "mark"} or child.pos_ in {"AUX", "SCONJ", "PART"}:
            yield f"{lang}:{child.dep_.partition(':')[0]}={child.lemma_.lower()}"
        elif child.i not in view.sentence.by_token and child.pos_ == "NOUN":
            yield f"{lang}:{child.dep_.partition(':')[0]}-noun={child.lemma_.lower()}"
    clause = clause_verb(trigger)
    for role, end in view.ends:
        token = view.token(end.end - 1) or view.token(end.start)
        if token is not None:
            yield from _way(role, trigger, token, view)
            yield f"{role}:clause={clause_verb(token) == clause}"
            if quoted(token) != quoted(trigger):
                yield f"{role}:quoted"
            if _bracketed(token) and not _bracketed(trigger):
                yield f"{role}:bracketed"


def _bracketed(token: Token) -> bool:
    before = token.doc[max(0, token.i - 30) : token.i].text
    return before.rfind("(") > before.rfind(")")


def _way(role: str, trigger: Token, token: Token, view: ReadSentence) -> Iterator[str]:
    up, down = [trigger, *trigger.ancestors], [token, *token.ancestors]
    common = next((t for t in up if t in down), None)
    if common is None:
        yield f"{role}:apart"
        return
    rising = [t.dep_.partition(":")[0] for t in up[: up.index(common)]]
    falling = [t.dep_.partition(":")[0] for t in down[: down.index(common)] if t.i not in _same(token, view)]
    own = view.sentence.by_token.get(token.i)
    head = token.doc[own.first : own.last + 1].root if own is not None else token
    yield f"{role}:way={'>'.join(rising)}|{head.dep_.partition(':')[0]}<{'<'.join(falling[1:])}"
    yield f"{role}:dep={head.dep_}"
    yield f"{role}:far={min(len(rising) + len(falling), _FAR + 2)}"
    yield from (f"{role}:over={dep}" for dep in {*rising, *falling} & _CLAUSES)
    first, last = sorted((trigger.i, token.i))
    names = {m.name for m in view.sentence.mentions if first < m.first and m.last < last}
    yield f"{role}:names={min(len(names), _FAR - 1)}"
    verbs = sum(t.pos_ == "VERB" for t in token.doc[first + 1 : last])
    yield f"{role}:verbs={min(verbs, _FAR - 1)}"
    marks = {t.text for t in token.doc[first + 1 : last] if t.is_punct}
    yield from (f"{role}:mark={mark}" for mark in marks & {",", ";", ":", "(", "-", "–", "—", '"', "«"})
    yield f"{role}:{'after' if token.i > trigger.i else 'before'}/{trigger.pos_}"


def _same(token: Token, view: ReadSentence) -> set[int]:
    """The tokens of the name that a token belongs to, but for itself."""
    mention = view.sentence.by_token.get(token.i)
    return set() if mention is None else set(range(mention.first, mention.last + 1)) - {token.i}


def _sentence(view: ReadSentence) -> Iterator[str]:
    sentence = view.sentence
    text = sentence.span.text
    yield f"length={_bucket(len(sentence.span), _LENGTHS)}"
    yield f"line={sentence.kind}"
    names = {m.name for m in sentence.mentions}
    yield f"names={min(len(names), 6)}"
    yield f"companies={min(sum(m.kind == 'Company' for m in sentence.mentions), 6)}"
    yield from (f"has={mark}" for mark in ("?", ";", ":", "(", '"', "«", "!", "…", "•") if mark in text)
    held = {figure.kind for figure in figures(plain(text), view.parsed.document.lang)}
    yield from (f"figure={kind}" for kind in held)
    yield from (f"term={name}" for name in view.proposal.qualifiers.terms())


def _text(parsed: Parsed) -> Iterator[str]:
    """What the whole text is like: how many of its names are companies, how many figures of business it holds."""
    mentions = [m for s in parsed.text.sentences for m in s.mentions]
    companies = sum(m.kind == "Company" for m in mentions) / max(len(mentions), 1)
    people = sum(m.kind == "Person" for m in mentions) / max(len(mentions), 1)
    yield f"companies~{int(companies * 5)}"
    yield f"people~{int(people * 5)}"
    long = sum(len(s.span) for s in parsed.text.sentences)
    business = sum(
        bool(parsed.lexicon.frames_at(t.lemma_.lower(), t.lower_)) or t.lower_ in {"%", "$", "€", "£"}
        for s in parsed.text.sentences
        for t in s.span
    )
    yield f"business~{min(int(100 * business / max(long, 1)), 12)}"
    yield f"long~{_bucket(long, (100, 250, 600, 1500))}"


def _others(view: ReadSentence, beside: Sequence[Proposal]) -> Iterator[str]:
    """What else its reader proposed: of the same two ends, of the same sentence."""
    names = {view.proposal.subject.name, view.object.name}
    place = view.proposal.evidence[0]
    others = [p for p in beside if p is not view.proposal and p.method == view.proposal.method]
    here = [p for p in others if p.evidence[0] == place and p.object is not None]
    pair = [p for p in others if p.object and {p.subject.name, p.object.name} == names]
    same = [p for p in pair if p.relation == view.proposal.relation and p.subject.name == view.proposal.subject.name]
    yield f"here={min(len(here), _FAR)}"
    yield f"again={min(len({p.evidence[0] for p in same} - {place}), 2)}"
    yield from (f"also={p.relation}" for p in pair if p not in same)
    if any(p.relation == view.proposal.relation and p not in same for p in pair):
        yield "turned"
