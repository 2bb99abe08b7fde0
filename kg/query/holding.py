"""Which of some documents hold something: one look-up for each, however much there is."""

from collections.abc import Iterator, Sequence

from kg.store import Store
from kg.store.iris import IriScheme

__all__ = ["holding"]

_TOGETHER = 500


def holding(store: Store, documents: Sequence[str], pattern: str) -> Iterator[str]:
    """Yield those of some documents, by id, whose graph holds a pattern of SPARQL."""
    iris = IriScheme(store.base)
    for start in range(0, len(documents), _TOGETHER):
        nodes = {iris.document(id_): id_ for id_ in documents[start : start + _TOGETHER]}
        values = " ".join(map(str, nodes))
        held = f"FILTER EXISTS {{ GRAPH ?document {{ {pattern} }} }}"
        for row in store.query(f"SELECT ?document {{ VALUES ?document {{ {values} }} {held} }}"):
            yield nodes[row["document"]]
