"""The desk in the terminal: a card at a time, a key a judgement."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import click

from kg.errors import KgError, QueryError
from kg.judgements import Judgement, Part, Verdict, current_moment
from kg.model import Claim
from kg.query.review import Card, Queue, judgements_of, phrase
from kg.store import Store, judge

__all__ = ["ReviewLoop"]

_PARTS = {
    "n": Part.NAME,
    "i": Part.IDENTITY,
    "d": Part.DIRECTION,
    "r": Part.RELATION,
    "m": Part.MODALITY,
    "t": Part.TERM,
    "s": Part.NOT_STATED,
}
_KEYS = "x right, n wrong, e edit, u unsure, h history, z undo, s later, q end"
_STYLES = {"quote": {"bold": True}, "name": {"fg": "cyan", "bold": True}, "figure": {"fg": "yellow", "bold": True}}


@dataclass(slots=True)
class ReviewLoop:
    """Shows cards and takes judgements until there are none left or the reviewer has had enough."""

    store: Store
    queue: Queue
    lang: str = "en"
    said: list[Judgement] = field(default_factory=list)

    def run(self, cards: Sequence[Card]) -> None:
        """Go through cards; what is judged is committed at once."""
        total, at = sum(len(card.claims) for card in cards), 0
        for card in cards:
            self._show(card)
            for claim in card.claims:
                at += 1
                if not self._judged(claim, f"{at} of {total}"):
                    self._close()
                    return
        self._close()

    def _show(self, card: Card) -> None:
        click.echo(f"\n{card.document.title or card.document.id} ({card.document.published or 'no date'})")
        click.echo(_marked(card))

    def _judged(self, claim: Claim, number: str) -> bool:
        """Ask for one claim until it is judged or left; return False where the reviewer ends."""
        reasons = f"; {', '.join(claim.reasons)}" if claim.reasons else ""
        click.echo(f"\n  {phrase(claim, self.lang)}")
        click.echo(f"  {number}; confidence {claim.confidence:.2f}, {claim.outcome.value}{reasons}")
        while True:
            key = self._key(_KEYS)
            if key == "q":
                return False
            if key == "s":
                return True
            if key == "z":
                self._undo()
            elif key == "h":
                self._history(claim)
            elif key == "e" and self._edit(claim):
                return True
            elif key in {"x", "u"}:
                self._commit(claim, Verdict.RIGHT if key == "x" else Verdict.UNSURE)
                return True
            elif key == "n" and self._wrong(claim):
                return True

    def _wrong(self, claim: Claim) -> bool:
        key = self._key("what is wrong: n name, i identity, d direction, r relation, m modality, t term, s not stated")
        if key not in _PARTS:
            click.echo("  not judged")
            return False
        self._commit(claim, Verdict.WRONG, part=_PARTS[key])
        return True

    def _edit(self, claim: Claim) -> bool:
        """Ask what the claim should say, and take it if the gate does."""
        from kg.pipeline.own_claims import corrected

        line = click.prompt("  what it should say, such as: percent=6 modality=planned subject=Nvidia", default="")
        changes = dict(part.split("=", 1) for part in _parts(line) if "=" in part)
        if not changes:
            return False
        try:
            right = corrected(claim, self.store.document(claim.document), self.queue.author, **changes)
            self._commit(claim, Verdict.WRONG, correction=right)
        except KgError as error:
            click.echo(f"  {error}")
            return False
        return True

    def _commit(self, claim: Claim, verdict: Verdict, **more: object) -> None:
        reading = self.store.reading(claim.document)
        word = Judgement(
            verdict,
            claim,
            reading.document.sha256,
            self.queue.author,
            current_moment(),
            tool="terminal",
            reader=reading.reader,
            drawn=self.queue.how,
            stratum=self.queue.stratum,
            **more,  # type: ignore[arg-type]
        )
        judge(self.store, [word])
        self.said.append(word)
        instead = f"; instead: {phrase(word.correction, self.lang)}" if word.correction else ""
        click.echo(f"  {verdict}{f', {word.part}' if word.part else ''}{instead}")

    def _undo(self) -> None:
        if not self.said:
            click.echo("  nothing to take back")
            return
        last = self.said.pop()
        reading = self.store.reading(last.document)
        undone = Judgement(
            *(Verdict.UNSURE, last.claim, reading.document.sha256, self.queue.author, current_moment()),
            tool="terminal",
            undoes=last.id,
        )
        judge(self.store, [undone])
        click.echo(f"  taken back: {last.verdict}, {phrase(last.claim, self.lang)}")

    def _history(self, claim: Claim) -> None:
        now = self.store.identities.judgement
        told = [word for word in judgements_of(self.store, claim.document) if now(word).claim.id == claim.id]
        for word in told:
            click.echo(f"  {word.at} {word.author}: {word.verdict}{f', {word.part}' if word.part else ''}")
        if not told:
            click.echo("  nobody has judged it")

    @staticmethod
    def _key(keys: str) -> str:
        click.echo(f"  [{keys}] ", nl=False)
        try:
            # Where nothing more comes, the reviewer has gone.
            key = click.getchar().lower() or "q"
        except EOFError:
            key = "q"
        except OSError as error:
            raise QueryError("kg review needs a terminal; kg judge takes one judgement without") from error
        click.echo(key)
        return key

    def _close(self) -> None:
        click.echo(f"\njudged {len(self.said)}; 'kg judgements' lists them")


def _parts(line: str) -> list[str]:
    """The parts of a line at the spaces before a name and its sign of equality."""
    import re

    return [part.strip() for part in re.split(r"\s+(?=\w+=)", line.strip())]


def _marked(card: Card) -> str:
    """The paragraph with its sentence, names and figures set apart; the narrowest mark of a character counts."""
    styles: list[str] = [""] * len(card.paragraph)
    for start, end, what in sorted(card.marks, key=lambda mark: mark[0] - mark[1]):
        styles[start:end] = [what] * (end - start)
    shown, at = "", 0
    while at < len(styles):
        end = at
        while end < len(styles) and styles[end] == styles[at]:
            end += 1
        piece = card.paragraph[at:end]
        shown += click.style(piece, **_STYLES[styles[at]]) if styles[at] else piece  # type: ignore[arg-type]
        at = end
    return shown
