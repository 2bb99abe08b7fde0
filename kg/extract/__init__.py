"""Document → claims: a rule reader for French and English, its words in ``ontology/lexicon``.

What reads text loads spaCy when it is asked for; where that is not installed, it is a `MissingExtra`. The lexicon,
dates and figures need none.
"""

from typing import TYPE_CHECKING, Any

from kg.errors import MissingExtra

if TYPE_CHECKING:
    from kg.extract.proposal import Reader, Refusal, Usage
    from kg.extract.reader import READERS, Extraction, fingerprint, read
    from kg.extract.tables.summary import TableSummary

__all__ = ["READERS", "Extraction", "Reader", "Refusal", "TableSummary", "Usage", "fingerprint", "read"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from kg.extract import proposal, reader
        from kg.extract.tables import summary
    except ModuleNotFoundError as error:
        if error.name not in {"spacy", "numpy"}:
            raise
        raise MissingExtra("reading text needs spaCy and its pipelines: pip install 'kg[read]'") from error
    module = next(module for module in (reader, summary, proposal) if hasattr(module, name))
    return getattr(module, name)
