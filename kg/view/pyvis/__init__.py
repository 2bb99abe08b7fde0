"""The picture as pyvis draws it, made safe: a second exporter beside the viewer, of the same view ("kg-view/1")."""

from kg.view.pyvis.elements import LARGEST
from kg.view.pyvis.page import network, page

__all__ = ["LARGEST", "network", "page"]
