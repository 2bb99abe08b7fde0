"""Document → claims: a rule reader for French and English, its words in ``ontology/lexicon``.

Importing this loads spaCy; where it is not installed, that is a `MissingExtra`.
"""

from kg.errors import MissingExtra

try:
    from kg.extract.proposal import Reader, Refusal, Usage
    from kg.extract.reader import READERS, Extraction, fingerprint, read
    from kg.extract.tables.summary import TableSummary
except ModuleNotFoundError as error:
    if error.name not in {"spacy", "numpy"}:
        raise
    raise MissingExtra("reading text needs spaCy and its pipelines: pip install 'kg[read]'") from error

__all__ = ["READERS", "Extraction", "Reader", "Refusal", "TableSummary", "Usage", "fingerprint", "read"]
