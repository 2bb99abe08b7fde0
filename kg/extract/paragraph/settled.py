"""What the names of a document are, once the paragraph model has read them: the second word on kinds.

The names' model (`kg.extract.kinds`) looks at a name and the words beside it, the paragraph model at all that is said
there: where the two differ, the second is right twenty times as often (docs/quality.md).
"""

import math
from collections.abc import Mapping
from dataclasses import replace

from kg.extract.filer import filer
from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention
from kg.extract.paragraph.seen import Seen
from kg.extract.paragraph.windows import KINDS
from kg.extract.sentence import Sentence
from kg.extract.sentences import Text

__all__ = ["settled"]

_LIKELY = 0.5
"""From this probability on the paragraph model's kind counts."""
_NO_PARTY = 0.9
"""And from this one on, what it takes for none of them is no party."""
_MAYBE = 0.2
"""What is a company with this probability may be one."""
_LEAST = 1e-3


def settled(text: Text, seen: Seen, lexicon: Lexicon) -> Text:
    """Return the text with the kinds of its names settled, and its filer looked for among them."""
    sentences = tuple(_settled(sentence, seen) for sentence in text.sentences)
    return replace(text, sentences=sentences, filer=filer(sentences, lexicon, text.registrant))


def _settled(sentence: Sentence, seen: Seen) -> Sentence:
    mentions = tuple(_of_kind(mention, seen.kinds.get(mention.name)) for mention in sentence.mentions)
    if mentions == sentence.mentions:
        return sentence
    by_token = {at: mention for mention in mentions for at in range(mention.first, mention.last + 1)}
    return replace(sentence, mentions=mentions, by_token=by_token)


def _of_kind(mention: Mention, probabilities: Mapping[str, float] | None) -> Mention:
    """A mention with the likeliest kind; what a register knows, or the model has not read, stays what it is."""
    if probabilities is None or mention.margin is None:
        return mention
    likely = {kind: probabilities.get(kind, 0.0) for kind in KINDS}
    best, *others = sorted(likely, key=lambda kind: -likely[kind])
    other = 1 - sum(likely.values())
    # Of a single line the model sees little: what the first word took for a company is weighed as a doubtful one.
    doubtful = mention.maybe or mention.kind == "Company"
    if other >= _NO_PARTY:
        return replace(mention, kind="Place", maybe=doubtful, margin=math.log(other / max(likely[best], _LEAST)))
    if likely[best] < _LIKELY:
        return mention
    maybe = best != "Company" and (doubtful or likely["Company"] >= _MAYBE)
    second = max(other, likely[others[0]], _LEAST)
    return replace(mention, kind=best, maybe=maybe, margin=math.log(likely[best] / second))
