"""The picture: claims as one HTML page that needs no network, and that no name can make run a script."""

from kg.view.page import notebook_html, page, store_page

__all__ = ["notebook_html", "page", "store_page"]
