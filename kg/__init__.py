"""kg: a company relationship knowledge graph out of news, every edge with its sentence."""

__version__ = "0.1.0"
