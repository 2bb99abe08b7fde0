"""Cards to judge as a Jupyter widget: a shell over `kg.view.review.ReviewSession`."""

import json
from typing import Any

import anywidget
import traitlets

from kg.ontology import Relation, Term, ontology
from kg.view.html import asset
from kg.view.review import Review, ReviewSession
from kg.view.widget import with_html

__all__ = ["ReviewWidget"]


class ReviewWidget(anywidget.AnyWidget):
    """A card at a time, with buttons and keys; each judgement is kept at once.

    `state` is what is shown (`ReviewSession.state`), `choices` the relations and modalities that a correction can
    name. The front-end sends messages: {"act": "judge", "claim": ID, "verdict": "wrong", "part": "name"}.
    """

    _esm = asset("review.js")
    _css = asset("review.css")
    state = traitlets.Unicode("{}").tag(sync=True)
    choices = traitlets.Unicode("{}").tag(sync=True)

    def __init__(self, review: Review) -> None:
        """Show the first card of a review."""
        self._review, self._session = review, ReviewSession(review)
        choices = {
            "relation": [_choice(term, review.lang) for term in ontology().relations.values()],
            "modality": [_choice(term, review.lang) for term in ontology().modalities.values()],
        }
        super().__init__(state=self._state(), choices=json.dumps(choices, ensure_ascii=False))
        self.on_msg(self._heard)

    def _state(self) -> str:
        return json.dumps(self._session.state(), ensure_ascii=False)

    def _heard(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, dict):
            self._session.heard(content)
            self.state = self._state()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Give the widget, and beside it the cards as a list for whoever has no kernel."""
        return with_html(super()._repr_mimebundle_(**options), self._review.html())


def _choice(term: Term | Relation, lang: str) -> list[str]:
    return [term.name, term.label.get(lang, term.name)]
