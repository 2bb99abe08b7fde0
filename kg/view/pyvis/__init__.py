"""The picture as pyvis draws it, made safe: a second exporter beside the viewer."""

from kg.view.pyvis.page import network, page

__all__ = ["network", "page"]
