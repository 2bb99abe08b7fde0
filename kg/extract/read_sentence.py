"""A proposal laid over the sentence that it was read in: what its signs and doubts are told by."""

from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.names import Mention
from kg.extract.proposal import End, Parsed, Proposal
from kg.extract.sentence import Sentence

__all__ = ["ReadSentence"]


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A proposal between two names, with the sentence that says it and its tokens."""

    proposal: Proposal
    object: End
    sentence: Sentence
    parsed: Parsed

    @classmethod
    def of(cls, proposal: Proposal, parsed: Parsed) -> "ReadSentence | None":
        """Return a proposal with its sentence; None for a figure, and where its evidence is in no sentence read."""
        sentence = parsed.text.sentence_at(proposal.evidence[0][0]) if proposal.evidence else None
        if sentence is None or proposal.object is None:
            return None
        return cls(proposal, proposal.object, sentence, parsed)

    @property
    def ends(self) -> tuple[tuple[str, End], tuple[str, End]]:
        """The two ends with their roles."""
        return ("subject", self.proposal.subject), ("object", self.object)

    def token(self, start: int) -> Token | None:
        """The token of the sentence that begins at, or holds, a character of the document."""
        at = start - self.sentence.offset
        return next((t for t in self.sentence.span if t.idx <= at < t.idx + max(len(t), 1)), None)

    def root(self, end: End) -> Token | None:
        """The word of a name in this sentence that the rest of the name hangs on."""
        token = self.token(end.end - 1)
        mention = None if token is None else self.sentence.by_token.get(token.i)
        return token if token is None or mention is None else token.doc[mention.first : mention.last + 1].root

    def mention(self, end: End) -> Mention | None:
        """The name that an end is, in this sentence or where its name stands."""
        start = end.antecedent[0] if end.antecedent else end.start
        sentence = self.parsed.text.sentence_at(start) or self.sentence
        return next((m for m in sentence.mentions if m.start <= start < m.place[1]), None)

    @property
    def trigger(self) -> Token | None:
        """The word that states the relation."""
        return None if self.proposal.trigger is None else self.token(self.proposal.trigger)

    def says(self, cue: str, *tokens: Token) -> bool:
        """Whether the lexicon has one of some words, as lemma or as printed, in a list."""
        return any(self.parsed.lexicon.says(cue, token.lemma_.lower(), token.lower_) for token in tokens)
