"""How a sentence says it: as a fact, a plan, a rumour, a denial, something that is over."""

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.lexicon import Lexicon
from kg.extract.match import Match
from kg.extract.unfulfilled import came_to_nothing, is_inverted, is_offered, nearly, neither, refuted
from kg.model import Modality

__all__ = ["exclusive", "is_no_longer", "modality"]

_GOVERNS = {"xcomp", "ccomp", "acl", "pcomp", "obl:mod", "obl:arg", "obj", "advcl"}


_REPORTED = {"acl", "ccomp", "xcomp", "obj", "dobj", "nmod", "pobj", "prep", "obl:arg"}
_CHAIN = 4
_AROUND = 80
"""Characters before and after a trigger in which a phrase bears on it."""
_LONG = 8
"""A phrase longer than this is found inside words as well (« selon des sources »…)."""


_APART = {";", ":"}
"""What parts two statements, whatever the parse."""


def _chain(match: Match) -> list[Token]:
    """The verb of the match and the verbs above it that bear on it (« prévoit de racheter »)."""
    verb = match.verb if match.verb is not None else match.trigger
    found = [verb]
    while verb.dep_ in _GOVERNS and verb.head != verb and len(found) < _CHAIN:
        head = verb.head
        if any(token.text in _APART for token in verb.doc[min(verb.i, head.i) : max(verb.i, head.i)]):
            break
        nominal_acl = verb.dep_ == "acl" and head.pos_ not in {"VERB", "AUX"}
        finite_adverbial = verb.dep_ == "advcl" and not _is_infinitive(verb)
        if nominal_acl or finite_adverbial or head.pos_ not in {"VERB", "AUX", "NOUN", "ADJ"}:
            break
        verb = head
        found.append(verb)
    return found


def _is_infinitive(verb: Token) -> bool:
    return verb.morph.get("VerbForm", []) == ["Inf"] or verb.tag_ == "VB"


def _auxiliaries(verbs: list[Token]) -> Iterator[Token]:
    for verb in verbs:
        yield verb
        yield from (child for child in verb.children if child.dep_.startswith(("aux", "cop")))


def _phrase(match: Match, lexicon: Lexicon, cue: str, *, after: int = 0) -> bool:
    """Whether a phrase of `cue` stands before the trigger, or up to `after` characters behind it."""
    text, at = match.sentence.span.text, match.trigger.idx - match.sentence.span.start_char
    text = f" {text[max(0, at - _AROUND) : at + len(match.trigger) + after]} ".casefold()
    return any(
        f" {phrase} " in text or f" {phrase}," in text or (len(phrase) > _LONG and phrase in text)
        for phrase in lexicon.cues.get(cue, ())
    )


def _negated(verbs: list[Token], lexicon: Lexicon, cue: str) -> bool:
    return any(
        lexicon.says(cue, child.lower_)
        and child.dep_ in {"advmod", "neg", "det", "preconj"}
        and not any(token.text == "," for token in verb.doc[verb.i : child.i])
        for verb in verbs
        for child in verb.children
    )


def _enders(match: Match, verbs: list[Token]) -> list[Token]:
    """The verbs that may end what the match states: those above it, and the one it is the subject of."""
    head = match.trigger.head
    own = [head] if match.trigger.dep_.startswith("nsubj") and head.pos_ in {"VERB", "AUX"} else []
    return [verb for verb in (*verbs, *own) if verb != match.trigger]


def _ends_later(match: Match, verbs: list[Token], lexicon: Lexicon) -> bool:
    """Whether an end lies ahead (« pourrait vendre sa part »): until then it holds."""
    enders = [v for v in _enders(match, verbs) if lexicon.says("modality.ended", v.lemma_.lower())]
    if not enders:
        return False
    return _doubt(match, enders, lexicon) is not None or _is_ahead(enders, lexicon)


def _tells_end(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word beside the one that ties says that it is over: "former"; "demerged" may be parsed as a verb."""
    words = {token.lemma_.lower(), token.lower_}
    return any(lexicon.says("modality.ended_adjective", word) for word in words)


def _is_over(match: Match, verbs: list[Token], lexicon: Lexicon) -> bool:
    if any(_tells_end(child, lexicon) for child in match.trigger.children):
        return True
    if any(lexicon.says("modality.ended", verb.lemma_.lower()) for verb in _enders(match, verbs)):
        return exclusive(match, lexicon) is None
    if _phrase(match, lexicon, "modality.ended_phrase", after=_AROUND) or came_to_nothing(match.trigger, lexicon):
        return True
    return _is_no_longer(verbs, lexicon)


def _is_no_longer(verbs: list[Token], lexicon: Lexicon) -> bool:
    ne_plus = any(child.lower_ in {"ne", "n'"} for verb in verbs for child in verb.children)
    return _negated(verbs, lexicon, "modality.no_longer") and (ne_plus or lexicon.lang == "en")


def is_no_longer(match: Match, lexicon: Lexicon) -> bool:
    """Whether the sentence says that it no longer holds: « n'est plus », "no longer"."""
    return _is_no_longer(_chain(match), lexicon)


def _is_denied(match: Match, verbs: list[Token], lexicon: Lexicon) -> bool:
    if any(lexicon.says("modality.denied", verb.lemma_.lower()) for verb in verbs if verb != match.trigger):
        return True
    told_by = _told_by(verbs[-1]) if match.verb is not None else ()
    if any(lexicon.says("modality.denied", token.lemma_.lower()) for token in told_by):
        return True
    if any(refuted(word, lexicon) for word in (match.trigger, verbs[0])) or nearly(verbs[0], lexicon):
        return True
    return neither(match.trigger, verbs[0], lexicon) or _negated([*verbs, match.trigger], lexicon, "modality.negation")


def _told_by(verb: Token) -> Iterator[Token]:
    """The words above that report what a verb says: « a démenti la rumeur d'un rachat »."""
    for _ in range(_CHAIN):
        if verb.dep_ not in _REPORTED or verb.head == verb:
            return
        verb = verb.head
        yield verb


def _is_planned(match: Match, verbs: list[Token], lexicon: Lexicon) -> bool:
    if _is_headline(verbs[0]):
        return True
    purpose = match.frame.event and verbs[0].dep_ == "advcl" and _is_infinitive(verbs[0])
    return purpose or _is_ahead(verbs, lexicon) or _phrase(match, lexicon, "modality.planned_phrase")


def _is_headline(verb: Token) -> bool:
    """Whether it is the infinitive of a headline, "X to buy Y", or that of "is to buy"."""
    to = any(child.tag_ == "TO" for child in verb.children)
    if to and verb.dep_ == "xcomp" and verb.head.lemma_ == "be":
        # "X is to buy Y".
        return True
    lone = verb.head == verb or verb.head.pos_ not in {"VERB", "AUX", "ADJ", "NOUN"}
    return to and verb.tag_ == "VB" and (lone or any(child.dep_ == "nsubj" for child in verb.children))


def _is_ahead(verbs: list[Token], lexicon: Lexicon) -> bool:
    """Whether the verbs say that it is yet to come: a future tense, or a verb of intention above."""
    for token in _auxiliaries(verbs):
        future = token.morph.get("Tense", []) == ["Fut"]
        if future or (
            token.dep_.startswith("aux") and lexicon.says("modality.future_auxiliary", token.lower_, token.lemma_)
        ):
            return True
    if any(lexicon.says("modality.future_auxiliary", v.lemma_) and v.pos_ in {"VERB", "AUX"} for v in verbs[1:]):
        return True
    return any(lexicon.says("modality.planned", v.lemma_.lower()) for v in verbs[1:])


def _doubt(match: Match, verbs: list[Token], lexicon: Lexicon) -> Modality | None:
    tokens = list(_auxiliaries(verbs))
    if any(lexicon.says("modality.conditional", t.lemma_.lower(), t.lower_) and _is_modal(t) for t in tokens):
        return Modality.CONDITIONAL
    if any(c.dep_ == "mark" and lexicon.says("modality.conditional_word", c.lower_) for v in verbs for c in v.children):
        return Modality.CONDITIONAL
    amods = (child for child in match.trigger.children if child.dep_ == "amod")
    if any(lexicon.says("modality.conditional_word", c.lower_) for c in amods) or is_inverted(verbs[0]):
        return Modality.CONDITIONAL
    if _phrase(match, lexicon, "modality.conditional_phrase", after=_AROUND):
        return Modality.CONDITIONAL
    if any("Cnd" in t.morph.get("Mood", []) for t in tokens) or _phrase(
        match, lexicon, "modality.hedged_phrase", after=_AROUND
    ):
        return Modality.HEDGED
    return None


def _is_modal(token: Token) -> bool:
    return token.tag_ == "MD" or "Cnd" in token.morph.get("Mood", [])


def _is_past_state(match: Match, verbs: list[Token], lexicon: Lexicon, *, dated: bool) -> bool:
    """A state told in a past tense without a date; with one, it is a fact as of that date.

    What a change leads to holds since: "cut its stake to 22%".
    """
    head = verbs[0]
    if match.frame.event or dated or lexicon.says("figures.changes", head.lemma_.lower()):
        return False
    if match.trigger != head and match.frame.pos == "noun" and not match.frame.via:
        return any(_is_imperfect(token, lexicon) for token in head.children if token.dep_ == "cop")
    aux = any(child.dep_ == "aux:tense" for child in head.children)
    simple_past = head.tag_ == "VBD"
    return _is_imperfect(head, lexicon) or simple_past or (aux and match.frame.pos == "verb")


def _is_imperfect(verb: Token, lexicon: Lexicon) -> bool:
    """Whether a French verb stands in the imperfect; its ending tells where the pipeline does not."""
    ends = verb.lower_.endswith(("ait", "aient")) and not verb.lower_.endswith(("rait", "raient"))
    return "Imp" in verb.morph.get("Tense", []) or (lexicon.lang == "fr" and ends and verb.pos_ in {"VERB", "AUX"})


def _is_past_word(match: Match, verbs: list[Token], lexicon: Lexicon) -> bool:
    """Whether a word puts it in the past: "used to supply", "then its supplier", "formerly owned by"."""
    if any(lexicon.says("modality.past", v.lemma_.lower()) and v.tag_ == "VBD" for v in verbs[1:]):
        return True
    beside = [child for token in (match.trigger, verbs[0]) for child in token.children if child.dep_ == "advmod"]
    return any(lexicon.says("modality.past_word", child.lower_) for child in beside)


def _is_agreed(match: Match, verbs: list[Token], lexicon: Lexicon) -> bool:
    """Whether it is a deed that somebody has bound himself to: "has agreed to lend"."""
    bound = any(lexicon.says("modality.announced", verb.lemma_.lower()) for verb in verbs[1:])
    return match.frame.event and _is_infinitive(verbs[0]) and bound


def exclusive(match: Match, lexicon: Lexicon) -> bool | None:
    """Whether the role is exclusive: « le seul fournisseur » is, « a cessé d'être le seul » no longer."""
    if not any(
        lexicon.says("modality.exclusive", child.lemma_.lower(), child.lower_) for child in match.trigger.children
    ):
        return None
    above = [*([match.verb] if match.verb is not None else []), *list(match.trigger.ancestors)[:_CHAIN]]
    ended = any(lexicon.says("modality.ended", verb.lemma_.lower()) for verb in above if verb.pos_ in {"VERB", "AUX"})
    return not (ended or _negated([match.trigger, *above], lexicon, "modality.no_longer"))


def _is_presupposed(match: Match, lexicon: Lexicon) -> bool:
    """Whether a role is named in passing, and true whatever the verb: « X veut racheter son rival Y »."""
    if match.frame.pos != "role" or any(child.dep_ == "cop" for child in match.trigger.children):
        return False
    owned = any(lexicon.says("reference.possessive", child.lower_) for child in match.trigger.children)
    return owned and match.trigger.dep_ not in {"attr", "xcomp", "oprd"}


def modality(match: Match, lexicon: Lexicon, *, dated: bool) -> Modality:
    """Return how the sentence says the match; `dated` tells that it names the date it holds at."""
    if match.frame.modality is not None:
        return Modality(match.frame.modality)
    if _is_presupposed(match, lexicon):
        over = any(_tells_end(child, lexicon) for child in match.trigger.children)
        return Modality.ENDED if over else Modality.ASSERTED
    verbs = _chain(match)
    announced = any(lexicon.says("modality.announced", v.lemma_.lower()) for v in verbs if v != match.trigger)
    announced = (
        announced or _is_headline(verbs[0]) or _phrase(match, lexicon, "modality.announced_phrase", after=_AROUND)
    )
    # The first that holds: what is over or denied is not merely planned, a rumour of a plan is a rumour.
    readings = (
        (exclusive(match, lexicon) is False or _ends_later(match, verbs, lexicon), Modality.ASSERTED),
        (_is_over(match, verbs, lexicon), Modality.ENDED),
        (_is_denied(match, verbs, lexicon), Modality.DENIED),
        (_is_past_word(match, verbs, lexicon), Modality.PAST),
        ((doubt := _doubt(match, verbs, lexicon)) is not None, doubt),
        (_is_headline(verbs[0]) and match.frame.closes, Modality.ANNOUNCED),
        (_is_planned(match, verbs, lexicon), Modality.PLANNED),
        (announced and (match.frame.closes or _is_agreed(match, verbs, lexicon)), Modality.ANNOUNCED),
        (is_offered(match.trigger, lexicon), Modality.PLANNED),
        (_is_past_state(match, verbs, lexicon, dated=dated), Modality.PAST),
    )
    return next((how for holds, how in readings if holds and how is not None), Modality.ASSERTED)
