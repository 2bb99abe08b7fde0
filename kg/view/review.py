"""Claims to judge, card by card: what a notebook shows of `kg.Graph.review`, and how it goes on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from kg.errors import KgError
from kg.judgements import WHOLE, Judgement, Stratum, Verdict
from kg.model import Claim, Qualifiers
from kg.query.review import Card, Queue, cards, phrase
from kg.store import CommitResult, Store, reading_now
from kg.view.cards import card_data, cards_html

if TYPE_CHECKING:
    from kg.view.review_widget import ReviewWidget

__all__ = ["Desk", "Review", "ReviewSession"]

_TOOL = "notebook"
_LATER = "later"


class Desk(Protocol):
    """What takes judgements: a `kg.Graph`."""

    store: Store

    def judge(  # noqa: PLR0913 - keywords, each with a default
        self,
        claim: Claim | str,
        verdict: str,
        *,
        author: str,
        part: str | None = None,
        drawn: str = "chance",
        stratum: Stratum = WHOLE,
        tool: str = "python",
        kinds: Mapping[str, str] | None = None,
        **changes: str | None,
    ) -> CommitResult:
        """Say of a claim that it is right, wrong or unsure."""

    def take_back(self, judgement: Judgement | str, *, author: str, tool: str = ...) -> CommitResult:
        """Take a judgement back."""


@dataclass(frozen=True, slots=True)
class Review:
    """Cards to judge: iterate over them, or show it in a notebook, which judges them one at a time."""

    desk: Desk
    queue: Queue
    lang: str = "en"

    def __iter__(self) -> Iterator[Card]:
        """Iterate over the cards whose claims the author has not judged yet."""
        return cards(self.desk.store, self.queue)

    def widget(self) -> "ReviewWidget":
        """Return the cards as a Jupyter widget; raise `ImportError` without anywidget."""
        from kg.view.review_widget import ReviewWidget

        return ReviewWidget(self)

    def html(self) -> str:
        """Return the first cards as a list that acts on nothing."""
        return cards_html(self, self.lang)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        try:
            widget = self.widget()
        except ImportError:
            return {"text/plain": repr(self), "text/html": self.html()}
        return widget._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        return f"<claims to judge, by {self.queue.author}; shown in a notebook>"


class ReviewSession:
    """Where someone stands in a review: the card, the claim on it, what was said since the start.

    `heard` takes what the front-end sends, and `state` is what it shows.
    """

    def __init__(self, review: Review) -> None:
        self._desk, self._queue, self._lang = review.desk, review.queue, review.lang
        self._cards = iter(review)
        self._shown: list[Card] = []
        self._card, self._claim = -1, 0
        self._done: dict[str, str] = {}
        self._said: list[tuple[int, int, Judgement]] = []
        self._told: dict[str, Any] = {}
        self._forward()

    @property
    def claim(self) -> Claim | None:
        """The claim that is judged next; None where there is none left."""
        return self._shown[self._card].claims[self._claim] if self._card < len(self._shown) else None

    def state(self) -> dict[str, Any]:
        """Return what the front-end shows, as plain values."""
        card = None if self.claim is None else self._shown[self._card]
        done = {claim.id: self._done.get(claim.id, "") for claim in (card.claims if card else ())}
        return {
            "author": self._queue.author,
            "lang": self._lang,
            "judged": len(self._said),
            "card": None if card is None else card_data(card, self._lang),
            "at": self._claim,
            "done": done,
            "told": self._told,
        }

    def heard(self, message: Mapping[str, Any]) -> None:
        """Do what the front-end asks for; what is about another claim than the one that is up came too late."""
        act, claim = message.get("act"), self.claim
        self._told = {}
        try:
            if act == "undo":
                self._undo()
            elif claim is None or (act != "pick" and message.get("claim") != claim.id):
                return
            elif act == "pick":
                self._pick(str(message.get("claim")))
            elif act == "judge" and message.get("verdict") in list(Verdict):
                self._judge(claim, str(message["verdict"]), part=message.get("part"))
            elif act == "correct":
                self._correct(claim, message.get("fields") or {})
            elif act == "later":
                self._done[claim.id] = _LATER
                self._forward()
            elif act == "history":
                self._told = {"what": "history", "words": self._history(claim)}
        except KgError as error:
            self._told = {"what": "error", "text": str(error)}

    # ------------------------------------------------------------------------------ acts
    def _judge(self, claim: Claim, verdict: str, part: str | None = None, **changes: str | None) -> None:
        author = self._queue.author
        more: dict[str, Any] = {"stratum": self._queue.stratum, "tool": _TOOL, **changes}
        known = {word.id for word in self._desk.store.reading(claim.document).judgements}
        self._desk.judge(claim, verdict, author=author, part=part, drawn=self._queue.how.value, **more)
        words = self._desk.store.reading(claim.document).judgements
        self._said += [(self._card, self._claim, word) for word in words if word.id not in known]
        self._done[claim.id] = verdict
        self._told = {"what": "kept", "verdict": verdict, "part": part, "phrase": phrase(claim, self._lang)}
        self._forward()

    def _correct(self, claim: Claim, fields: Mapping[str, str]) -> None:
        """Take what the text says instead, where it says something else than the claim."""
        before = card_data(self._shown[self._card], self._lang)["claims"][self._claim]["fields"] or {}
        terms, old = _terms(fields.get("terms", "")), _terms(before.get("terms", ""))
        unknown = sorted(terms.keys() - Qualifiers.__dataclass_fields__.keys())
        ends = {name: fields[name].strip() for name in ("subject", "relation", "object", "modality") if name in fields}
        changes = {name: value for name, value in ends.items() if value != before.get(name)}
        changes |= {name: value for name, value in terms.items() if value != old.get(name)}
        changes |= dict.fromkeys(old.keys() - terms.keys(), "")
        if unknown or not changes:
            self._told = {"what": "unknown" if unknown else "same", "text": ", ".join(unknown)}
        else:
            self._judge(claim, Verdict.WRONG.value, **changes)

    def _undo(self) -> None:
        """Take the last one back, and show its claim again."""
        if not self._said:
            self._told = {"what": "nothing"}
            return
        card, at, judgement = self._said[-1]
        self._desk.take_back(judgement, author=self._queue.author, tool=_TOOL)
        self._said.pop()
        self._card, self._claim = card, at
        claim = self._shown[card].claims[at]
        self._done.pop(claim.id, None)
        self._told = {"what": "undone", "phrase": phrase(claim, self._lang)}

    def _pick(self, id_: str) -> None:
        places = [at for at, claim in enumerate(self._shown[self._card].claims) if claim.id == id_]
        self._claim = places[0] if places else self._claim

    def _history(self, claim: Claim) -> list[dict[str, Any]]:
        return [
            {
                "by": word.author,
                "at": word.at,
                "verdict": word.verdict.value,
                "part": word.part and word.part.value,
                "undoes": word.undoes is not None,
            }
            for word in reading_now(self._desk.store, claim.document).judgements
            if word.claim.id in {claim.id, self._desk.store.identities.claim(claim).id}
        ]

    def _forward(self) -> None:
        """Go to the next claim that is neither judged nor left for later: on this card, else on the next."""
        while True:
            if 0 <= self._card < len(self._shown):
                claims = self._shown[self._card].claims
                order = [*range(self._claim, len(claims)), *range(self._claim)]
                open_ = [at for at in order if claims[at].id not in self._done]
                if open_:
                    self._claim = open_[0]
                    return
            self._card, self._claim = self._card + 1, 0
            if self._card == len(self._shown):
                card = next(self._cards, None)
                if card is None:
                    return
                self._shown.append(card)


def _terms(text: str) -> dict[str, str]:
    """The terms of a form, NAME=VALUE a line."""
    pairs = (line.partition("=") for line in text.splitlines() if line.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}
