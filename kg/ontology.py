"""The schema, read from ``ontology/``: the only module that parses what stands there.

Relations, classes, qualifiers, modalities and their labels and colours come from ``kg.ttl``, the
well-known companies from ``registry.ttl`` and, when first looked for, from ``registry-listed.tsv``, how a language says
things from ``lexicon/*.toml``.
"""

import functools
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.companies import LISTED, Company, listed_companies
from kg.errors import OntologyError, did_you_mean
from kg.settings import setting

__all__ = [
    "BASE",
    "NAMESPACE",
    "PREFIXES",
    "Ontology",
    "Relation",
    "Term",
    "damaged",
    "lexicon",
    "listed",
    "ontology",
    "path",
    "question_words",
    "state",
    "turtle",
    "weights_folder",
]

BASE = "https://w3id.org/company-kg/"
"""Under this base the IRIs of entities, claims and documents are minted, unless a store has its own."""

NAMESPACE = BASE + "ontology#"

PREFIXES: Mapping[str, str] = {
    "kg": NAMESPACE,
    "company": BASE + "company/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "schema": "https://schema.org/",
    "org": "http://www.w3.org/ns/org#",
    "dcterms": "http://purl.org/dc/terms/",
}

_RDF_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True, slots=True)
class Term:
    """A named term: a class of entities, a qualifier, an identifier, a modality.

    `name` is what users say ("percent_of", "Company"), `iri` its IRI, `label` its text by language
    (en, fr), `colour` how it is drawn (#rrggbb) or None, `datatype` the IRI of what it ranges over.
    """

    name: str
    iri: str
    label: Mapping[str, str]
    comment: Mapping[str, str]
    colour: str | None
    datatype: str | None


@dataclass(frozen=True, slots=True)
class Relation(Term):
    """A relation: `domain` and `range` are the class names that its ends may have, subclasses included.

    A relation with `is_figure` has a number for its object, and gives no edge.
    """

    symmetric: bool
    is_figure: bool
    domain: frozenset[str]
    range: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ontology:
    """All that ``kg.ttl`` and ``registry.ttl`` say, by the names that users say.

    `accepted_tiers` are the tiers of sources whose rows count as accepted without a person's word. `companies` are
    those of ``registry.ttl``; `company` knows those of ``registry-listed.tsv`` too.
    """

    relations: Mapping[str, Relation]
    classes: Mapping[str, Term]
    modalities: Mapping[str, Term]
    qualifiers: Mapping[str, Term]
    identifiers: Mapping[str, Term]
    tiers: Mapping[str, Term]
    accepted_tiers: frozenset[str]
    companies: Mapping[str, Company]

    def relation(self, name: str) -> Relation:
        """Return the relation called `name`; raise `OntologyError` with the nearest names."""
        try:
            return self.relations[name]
        except KeyError:
            hint = did_you_mean(name, self.relations) or f" Known: {', '.join(sorted(self.relations))}."
            raise OntologyError(f"the ontology has no relation '{name}'.{hint}") from None

    def company(self, id_: str) -> Company | None:
        """Return an entity of the registry, or None: what is written by hand comes first, the list completes it."""
        own, other = self.companies.get(id_), listed().get(id_)
        if own is None or other is None:
            return own or other
        aliases = tuple(dict.fromkeys((*own.aliases, *other.aliases)))
        return replace(own, aliases=aliases, identifiers={**other.identifiers, **own.identifiers})

    def identifiers_of(self, id_: str, told: Iterable[tuple[str, str]] = ()) -> tuple[tuple[str, str], ...]:
        """Return what identifies an entity: the registry's keys, and those that sources tell, in order of kind.

        >>> ontology().identifiers_of("company/tf1", [("lei", "96950034QI891RN7GB06")])
        (('isin', 'FR0000054900'), ('lei', '96950034QI891RN7GB06'), ('listing', 'XPAR:TFI'))

        """
        company = self.company(id_)
        return tuple(sorted({*(company.identifiers.items() if company else ()), *told}))

    def relation_of(self, iri: str) -> Relation:
        """Return the relation with that IRI."""
        for relation in self.relations.values():
            if relation.iri == iri:
                return relation
        raise OntologyError(f"the ontology has no relation <{iri}>")


class _Graph:
    """The triples of one Turtle file, by subject and predicate."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.values: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
        try:
            for triple in ox.parse(turtle(name), ox.RdfFormat.TURTLE):
                if isinstance(triple.object, ox.NamedNode | ox.Literal):
                    self.values[str(_value(triple.subject))][_value(triple.predicate)].append(triple.object)
        except SyntaxError as error:
            raise OntologyError(f"ontology/{name}: {error}") from error

    def of_type(self, local: str) -> list[str]:
        iri = NAMESPACE + local
        return [s for s in self.values if any(o.value == iri for o in self.values[s][_RDF_TYPE.value])]

    def all(self, subject: str, prefixed: str) -> list[str]:
        return [o.value for o in self.values[subject].get(_expand(prefixed), [])]

    def one(self, subject: str, prefixed: str) -> str | None:
        values = self.all(subject, prefixed)
        return values[0] if values else None

    def text(self, subject: str, prefixed: str) -> dict[str, str]:
        values = self.values[subject].get(_expand(prefixed), [])
        return {o.language: o.value for o in values if isinstance(o, ox.Literal) and o.language}


def _value(node: Any) -> str:
    return str(node.value)


def _expand(prefixed: str) -> str:
    prefix, _, local = prefixed.partition(":")
    return PREFIXES[prefix] + local


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _folder() -> Path:
    """The folder ``ontology/``: inside the package when installed, beside it in a checkout."""
    package = Path(str(files("kg")))
    inside = package / "_ontology"
    return inside if inside.is_dir() else package.parent / "ontology"


def weights_folder() -> Path | None:
    """Return the folder of weights that a user has made (KG_WEIGHTS), or None; raise `OntologyError` for no folder."""
    told = setting("KG_WEIGHTS")
    if told is None:
        return None
    folder = Path(told).absolute()
    if not folder.is_dir():
        raise OntologyError(f"there is no folder of weights {told}: name one that kg train made, or none")
    return folder


_FITTED = frozenset({"heads.npz", "confidence.json"})
"""What ``kg train`` makes: nothing else is taken from a folder that a user names."""


def _own(name: str) -> Path | None:
    """The file that a user's weights have in the place of one of ``ontology/weights``, by its bare name."""
    is_fitted = name.startswith("weights/") and Path(name).name in _FITTED
    folder = weights_folder() if is_fitted else None
    own = None if folder is None else folder / Path(name).name
    return own if own is not None and own.is_file() else None


def path(name: str) -> Path:
    """Return where a file of ``ontology/`` lies that is no text; of weights, the user's come first."""
    found = _own(name) or _folder() / name
    if not found.is_file():
        raise OntologyError(f"ontology/{name} is missing; reinstall kg")
    return found


def state(name: str) -> tuple[str, int, int]:
    """Return what changes with a file of ``ontology/`` or with KG_WEIGHTS: what is made of it is kept by that."""
    found = path(name)
    now = found.stat()
    return str(found), now.st_mtime_ns, now.st_size


def damaged(name: str, error: Exception) -> OntologyError:
    """Return the error that a file of weights does not hold what it must, in one line."""
    own = _own(name)
    said = " ".join(f"{error}".split()) or type(error).__name__
    if own is not None:
        return OntologyError(
            f"the weights {own} are damaged ({said}): make them anew with kg train, with no KG_WEIGHTS"
        )
    return OntologyError(f"ontology/{name} is damaged ({said}); reinstall kg")


def turtle(name: str) -> str:
    """Return the text of a file of ``ontology/``, such as "kg.ttl"; of weights, the user's come first."""
    try:
        return (_own(name) or _folder() / name).read_text("utf-8")
    except OSError as error:
        raise OntologyError(f"ontology/{name} cannot be read: {error.strerror}; reinstall kg") from error


@functools.cache
def lexicon(lang: str) -> Mapping[str, Any]:
    """Return what ``lexicon/<lang>.toml`` says, as TOML values; `kg.extract` gives them meaning."""
    name = f"lexicon/{lang}.toml"
    try:
        return tomllib.loads(turtle(name))
    except tomllib.TOMLDecodeError as error:
        raise OntologyError(f"ontology/{name}: {error}") from error


@functools.cache
def question_words(lang: str) -> Mapping[str, Any]:
    """Return what ``questions/<lang>.toml`` says, as TOML values; `kg.asking` gives them meaning."""
    name = f"questions/{lang}.toml"
    try:
        return tomllib.loads(turtle(name))
    except tomllib.TOMLDecodeError as error:
        raise OntologyError(f"ontology/{name}: {error}") from error


def _term(graph: _Graph, iri: str) -> Term:
    return Term(
        name=graph.one(iri, "kg:name") or _local(iri),
        iri=iri,
        label=graph.text(iri, "rdfs:label"),
        comment=graph.text(iri, "rdfs:comment"),
        colour=graph.one(iri, "kg:colour"),
        datatype=graph.one(iri, "rdfs:range"),
    )


def _terms(graph: _Graph, kind: str) -> dict[str, Term]:
    terms = [_term(graph, iri) for iri in graph.of_type(kind)]
    return {term.name: term for term in terms}


def _relation(graph: _Graph, iri: str, subclasses: Mapping[str, frozenset[str]]) -> Relation:
    term = _term(graph, iri)
    types = graph.all(iri, "rdf:type")
    ends = {}
    for end in ("rdfs:domain", "rdfs:range"):
        name = graph.one(iri, end)
        if name is None:
            raise OntologyError(f"ontology/kg.ttl: the relation {term.name} lacks {end}")
        ends[end] = subclasses.get(_local(name), frozenset())
    return Relation(
        name=term.name,
        iri=iri,
        label=term.label,
        comment=term.comment,
        colour=term.colour,
        datatype=term.datatype,
        symmetric=_expand("owl:SymmetricProperty") in types,
        is_figure=NAMESPACE + "FigureRelation" in types,
        domain=ends["rdfs:domain"],
        range=ends["rdfs:range"],
    )


def _subclasses(graph: _Graph) -> dict[str, frozenset[str]]:
    """Return for each class of entities the names of all classes at or below it."""
    parents = {
        _local(iri): {_local(p) for p in graph.all(iri, "rdfs:subClassOf") if p.startswith(NAMESPACE)}
        for iri in list(graph.values)
        if _expand("owl:Class") in graph.all(iri, "rdf:type")
    }

    def above(name: str) -> set[str]:
        return {name}.union(*(above(parent) for parent in parents.get(name, ())))

    return {name: frozenset(other for other in parents if name in above(other)) for name in parents}


def _company(graph: _Graph, iri: str, classes: Mapping[str, Term], identifiers: Mapping[str, Term]) -> Company:
    name = graph.one(iri, "rdfs:label")
    kind = _local(graph.one(iri, "rdf:type") or "")
    if kind not in classes:
        raise OntologyError(f"ontology/registry.ttl: <{iri}> is of no class of kg.ttl")
    if name is None or not iri.startswith(BASE):
        raise OntologyError(f"ontology/registry.ttl: <{iri}> lacks a label, or lies outside <{BASE}>")
    return Company(
        id=iri.removeprefix(BASE),
        name=name,
        type=kind,
        aliases=tuple(graph.all(iri, "skos:altLabel")),
        identifiers={
            key: value for key, term in identifiers.items() if (value := graph.one(iri, "kg:" + _local(term.iri)))
        },
    )


@functools.cache
def listed() -> Mapping[str, Company]:
    """Return the companies of ``registry-listed.tsv`` by their ids, read once in a process."""
    return {company.id: company for company in listed_companies(turtle(LISTED).splitlines())}


@functools.cache
def ontology() -> Ontology:
    """Read ``kg.ttl`` and ``registry.ttl``, once in a process; raise `OntologyError` if they do not hold."""
    graph, registry = _Graph("kg.ttl"), _Graph("registry.ttl")
    subclasses = _subclasses(graph)
    relations = [
        _relation(graph, iri, subclasses) for kind in ("Relation", "FigureRelation") for iri in graph.of_type(kind)
    ]
    entity_classes = subclasses["Entity"]
    classes = {name: _term(graph, NAMESPACE + name) for name in subclasses if name in entity_classes}
    identifiers = _terms(graph, "Identifier")
    companies = [_company(registry, iri, classes, identifiers) for iri in list(registry.values)]
    return Ontology(
        relations={relation.name: relation for relation in relations},
        classes=classes,
        modalities=_terms(graph, "Modality"),
        qualifiers=_terms(graph, "Qualifier"),
        identifiers=identifiers,
        tiers=_terms(graph, "Tier"),
        accepted_tiers=frozenset(
            _term(graph, iri).name for iri in graph.of_type("Tier") if graph.one(iri, "kg:countsAsAccepted") == "true"
        ),
        companies={company.id: company for company in companies},
    )
