"""The viewer as a Jupyter widget, which still shows where no kernel runs: in saved HTML."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import anywidget
import traitlets

from kg.view.html import asset, framed, html_of

__all__ = ["Static", "ViewWidget", "with_html"]


@dataclass(frozen=True, slots=True)
class Static:
    """HTML that Jupyter shows as it is."""

    data: str

    def _repr_html_(self) -> str:
        return self.data


class ViewWidget(anywidget.AnyWidget):
    """A view in a notebook.

    `selected` is what is chosen in the picture, a company's id or a claim's, or ""; set it, and the
    picture follows. `state` is what is in view, as the viewer's page puts it into its address.
    """

    _esm = asset("widget.js")
    _css = asset("style.css")
    data = traitlets.Unicode("{}").tag(sync=True)
    state = traitlets.Unicode("").tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    height = traitlets.Unicode("640px").tag(sync=True)

    def __init__(self, view: Mapping[str, Any], height: str = "640px") -> None:
        """Show a view ("kg-view/1") at a height, as style sheets give it."""
        self._page = html_of(view)
        super().__init__(data=json.dumps(view, ensure_ascii=False), selected=view["focus"] or "", height=height)

    def static(self) -> "Static":
        """Return the same without a kernel, for a cell to show: a frame with the whole page in it."""
        return Static(self._frame())

    def _frame(self) -> str:
        return framed(self._page, self.height)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Give the widget, and beside it the frame for whoever has no kernel: viewers of notebooks, nbconvert.

        nbconvert takes the frame where the notebook was saved without the state of its widgets, as JupyterLab
        saves it; what it executes itself, it should with ``--ExecutePreprocessor.store_widget_state=False``.
        """
        return with_html(super()._repr_mimebundle_(**options), self._frame())


def with_html(bundle: Any, text: str) -> Any:
    """Return what a widget gives Jupyter to show, with HTML beside it for where no kernel runs."""
    data, *metadata = bundle if isinstance(bundle, tuple) else (bundle,)
    whole = (data or {}) | {"text/html": text}
    return (whole, *metadata) if metadata else whole
