"""The picture: claims as a viewer that needs no network, and that no name can make run a script.

`view_data` makes the viewer's data out of claims, `html_of` a page out of that; `store_view` and
`store_page` do so for a store. `kg.view.pyvis` is a second exporter.
"""

from kg.view.data import view_data
from kg.view.html import asset, html_of, json_of
from kg.view.views import FORMATS, store_page, store_view

__all__ = ["FORMATS", "asset", "html_of", "json_of", "store_page", "store_view", "view_data"]
