"""Document → claims: a rule reader for French and English, its words in ``ontology/lexicon``."""

from kg.extract.reader import VERSION, Extraction, read

__all__ = ["VERSION", "Extraction", "read"]
