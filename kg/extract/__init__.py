"""Document → claims: a rule reader for French and English, its words in ``ontology/lexicon``."""

from kg.extract.reader import VERSION, Extraction, fingerprint, read

__all__ = ["VERSION", "Extraction", "fingerprint", "read"]
