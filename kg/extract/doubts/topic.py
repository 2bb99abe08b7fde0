"""Whether a text is about the business of organisations: a linear model over the words of the whole text.

In reports of sport, wars, votes and trials the words of business stand in other senses. There a tie is believed only
where the sentence itself is plain: it gives a sum or a share, or both ends are known to a register.
"""

from kg.extract.linear import weights
from kg.extract.proposal import Parsed
from kg.extract.read_sentence import ReadSentence

__all__ = ["MODEL", "business", "is_off_topic", "words"]

MODEL = "topics"
"""The weights, in ``ontology/weights``."""
_LEAST = 0.15
"""The probability from which a text is taken to be about business: few of those that are lie below it."""
_FEW = 6
"""So few words that tell what a text is about tell nothing: "Regulators blocked X's takeover of Y"."""
_SURE = 2.0
"""A kind that is so much likelier than the next one, as a logarithm, is taken for sure."""
_TELLING = frozenset({"NOUN", "VERB", "ADJ"})


def business(parsed: Parsed) -> float:
    """Return the probability that a text is about the business of organisations; a few words never speak against it."""
    model, said = weights(MODEL), words(parsed)
    probability = model.probabilities(said)[model.classes.index("business")]
    return max(probability, _LEAST) if len(said) < _FEW else probability


def is_off_topic(view: ReadSentence, probability: float) -> bool:
    """Whether a tie stands in a text about something else, and its sentence is not plain.

    It is plain where a register knows both ends, or it gives a sum or a share and both are surely what they are taken
    for: a club, too, pays a sum for a player.
    """
    if probability >= _LEAST:
        return False
    told = view.proposal.qualifiers
    mentions = [view.mention(end) for _, end in view.ends]
    known = all(mention is not None and mention.margin is None for mention in mentions)
    sure = all(m is not None and (m.margin is None or m.margin > _SURE) for m in mentions)
    return not known and not (sure and (told.amount is not None or told.percent is not None))


def words(parsed: Parsed) -> set[str]:
    """Return the features of a text: the lemmas of its common words, such as "en:contract"."""
    lang = parsed.document.lang
    return {
        f"{lang}:{token.lemma_.lower()}"
        for sentence in parsed.text.sentences
        for token in sentence.span
        if token.i not in sentence.by_token and token.pos_ in _TELLING and token.is_alpha
    }
