"""Records of registers in RDF, each a node of its document's graph, with the names of earlier days beside it."""

import functools
from collections.abc import Iterable, Iterator

from kg.resolve import DatedName, RegisterRecord
from kg.store.iris import IriScheme, date_text, term, text_term

__all__ = ["record_lines"]


@functools.cache
def _iri(prefixed: str) -> str:
    return str(term(prefixed))


_TYPE, _RECORD, _ABOUT = _iri("rdf:type"), _iri("kg:RegisterRecord"), _iri("kg:about")
_REGISTER, _KEY, _FORMER = _iri("kg:register"), _iri("kg:recordKey"), _iri("kg:formerName")
_NAME, _ACTIVE = _iri("skos:prefLabel"), _iri("kg:isActive")
_TEXTS = {"country": "kg:country", "legal_form": "kg:legalForm"}
_DATES = {"start": "kg:founded", "end": "kg:dissolved"}
_MANY = {"topics": "kg:topic", "sectors": "kg:sector", "addresses": "kg:address"}


def record_lines(records: Iterable[RegisterRecord], graph: str, iris: IriScheme, end: str) -> Iterator[str]:
    """Yield the lines of a document's records, N-Quads in its graph."""
    for number, record in enumerate(records):
        node = f"{graph[:-1]}#record{number}>"
        yield f"{node} {_TYPE} {_RECORD}{end}{node} {_ABOUT} {iris.entity(record.entity.id)}{end}"
        yield f"{node} {_REGISTER} {text_term(record.register)}{end}{node} {_KEY} {text_term(record.key)}{end}"
        for name, predicate in _TEXTS.items():
            if (value := getattr(record, name)) is not None:
                yield f"{node} {_iri(predicate)} {text_term(value)}{end}"
        for name, predicate in _DATES.items():
            if (value := getattr(record, name)) is not None:
                yield f"{node} {_iri(predicate)} {date_text(value)}{end}"
        for name, predicate in _MANY.items():
            for value in getattr(record, name):
                yield f"{node} {_iri(predicate)} {text_term(value)}{end}"
        if record.is_active is not None:
            yield f'{node} {_ACTIVE} "{str(record.is_active).lower()}"^^{_iri("xsd:boolean")}{end}'
        for place, former in enumerate(record.former_names):
            yield from _former_lines(f"{node[:-1]}-name{place}>", node, former, end)


def _former_lines(name: str, node: str, former: DatedName, end: str) -> Iterator[str]:
    yield f"{node} {_FORMER} {name}{end}{name} {_NAME} {text_term(former.name)}{end}"
    for predicate, date in (("kg:start", former.start), ("kg:end", former.end)):
        if date is not None:
            yield f"{name} {_iri(predicate)} {date_text(date)}{end}"
