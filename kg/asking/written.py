"""SPARQL that a language model writes for a question in words: how it is asked, and what its query must be.

A query is taken only where it is one SELECT or ASK of SPARQL 1.1, asks no other server, and uses no term of the
ontology and no company that there is not. What a model writes is shown, and runs where it can be killed
(`kg.server.once`): it is a stranger's query.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import ModelFailed, QueryError, did_you_mean
from kg.ontology import BASE, NAMESPACE, PREFIXES, ontology, turtle
from kg.store import Store
from kg.store.iris import IriScheme
from kg.store.sparql import ask as parsed

if TYPE_CHECKING:
    from kg.extract.llm.client import Endpoint

__all__ = ["Written", "checked", "write"]

_TRIES = 2
"""How often a query that cannot be taken is written again."""
_STRINGS = re.compile(r'"""(?:.|\n)*?"""|\'\'\'(?:.|\n)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_TOKENS = re.compile(r"<([^<>\s]*)>|\b(kg|company):([\w-]*)|#[^\n]*")
_STATED = re.compile(r"^kg:([\w-]+)\s", re.MULTILINE)

_FORM = """\
Answer with JSON of this form and nothing else: {"queries": [{"sparql": "..."}]}, with exactly one query.
The query is one SPARQL 1.1 SELECT or ASK. No SERVICE, no FROM. Add LIMIT 200 to a SELECT.
These prefixes are known: kg:, company:, rdf:, rdfs:, oa:, schema:, xsd:."""
_SHAPE = """\
How the graph is laid out:
- A fact that holds today is a plain triple: ?a kg:holdsStake ?b .
- Every statement of a source is a claim: ?c a kg:Claim ; rdf:subject ?a ; rdf:predicate kg:holdsStake ; \
rdf:object ?b ; kg:modality ?m ; kg:sentence ?sentence ; kg:document ?document .
- A claim may have kg:percent, kg:percentOf ("capital", "votes", "revenue"), kg:amount, kg:currency ("USD"), kg:goods, \
kg:start, kg:end, kg:asOf, kg:knownFrom.
- A figure of a company (kg:revenue, kg:debt) is the number that is the claim's rdf:object, with kg:unit ("USD").
- Names are rdfs:label. Find a company by its label unless it is listed below.
Always select the sentence where you use claims. Never mix claims of several modalities without selecting ?m."""


@dataclass(frozen=True, slots=True)
class Written:
    """A query that a model wrote: its text, the model, and the tokens that it took, sent and received."""

    sparql: str
    model: str
    tokens: tuple[int, int]


def write(endpoint: "Endpoint", store: Store, question: str) -> Written:
    """Have a model write the SPARQL of a question; one that cannot be taken is written again, with the reason.

    Args:
        endpoint: the model.
        store: the graph, whose companies it may name.
        question: the question, in whatever language the model knows.

    Raises:
        ModelFailed: where the endpoint cannot be reached, or writes nothing that can be taken.

    """
    from kg.extract.llm.client import Question, ask

    message, sent, received = f"Question: {question}", 0, 0
    refusal = ""
    for _ in range(_TRIES + 1):
        answer = ask(endpoint, Question(_instructions(store, question), message, _answer_type(), "queries", _no_faults))
        sent, received = sent + answer.usage.input_tokens, received + answer.usage.output_tokens
        if answer.failed is not None:
            raise answer.failed
        sparql = str(answer.items[0].get("sparql", "")) if answer.items else ""
        try:
            return Written(checked(sparql, store), endpoint.model, (sent, received))
        except QueryError as error:
            refusal = " ".join(str(error).split())
            message = f"Question: {question}\n\nThis query was refused:\n{sparql}\nWhy: {refusal}\nWrite another."
    raise ModelFailed(f"{endpoint.name} wrote no query that can be asked: {refusal}")


def checked(sparql: str, store: Store) -> str:
    """Return a query that may be asked; raise `QueryError` with what is wrong with it.

    >>> from kg.store import open_store
    >>> with open_store(None, write=True) as store:
    ...     checked("SELECT ?a { ?a kg:suplies ?b }", store)
    Traceback (most recent call last):
    ...
    kg.errors.QueryError: the ontology has no kg:suplies. Did you mean 'supplies'?
    """
    text = sparql.strip()
    if not text:
        raise QueryError("there is no query: write one SELECT or ASK")
    if _builds_triples(text):
        raise QueryError("only SELECT and ASK are asked: write one of these")
    companies = set()
    for iri, prefix, local in _TOKENS.findall(_STRINGS.sub('""', text)):
        whole = iri or (PREFIXES[prefix] + local if prefix else "")
        if whole.startswith(NAMESPACE):
            _check_term(whole.removeprefix(NAMESPACE))
        elif whole.startswith((f"{BASE}company/", f"{store.base}company/")):
            companies.add(whole)
    _check_companies(companies, store)
    return text


def _builds_triples(sparql: str) -> bool:
    # What the engine answers belongs to the thread that asked: it ends here, and no traceback keeps it.
    return isinstance(parsed(ox.Store(), sparql, {}), ox.QueryTriples)


def _check_term(name: str) -> None:
    known = _terms()
    if name and name not in known:
        raise QueryError(f"the ontology has no kg:{name}.{did_you_mean(name, known)}")


def _terms() -> frozenset[str]:
    """Return the local names of all that the ontology defines."""
    return frozenset(_STATED.findall(turtle("kg.ttl")))


def _check_companies(iris: Iterable[str], store: Store) -> None:
    for iri in sorted(iris):
        rows = store.query("SELECT ?id ?label { ?id rdfs:label ?label }", {"id": ox.NamedNode(iri)})
        if next(iter(rows), None) is None:
            raise QueryError(f"there is no <{iri}> in the graph: find companies by rdfs:label")


def _instructions(store: Store, question: str) -> str:
    relations = "\n".join(
        f"- kg:{relation.iri.removeprefix(NAMESPACE)}: {relation.comment['en']}"
        for relation in ontology().relations.values()
    )
    modalities = "\n".join(f"- kg:{name.capitalize()}: {m.comment['en']}" for name, m in ontology().modalities.items())
    named = "\n".join(f"- {name}: <{iri}>" for name, iri in _named(store, question))
    parts = (_FORM, _SHAPE, f"Relations:\n{relations}", f"Modalities:\n{modalities}", f"Companies named:\n{named}")
    return "\n\n".join(parts)


def _named(store: Store, question: str) -> list[tuple[str, str]]:
    """Return the companies that a question names, with their IRIs; their names are data, on a line each."""
    from kg.asking.names import Names, with_names
    from kg.asking.tokens import split
    from kg.asking.words import words_of

    words, iris = words_of("en"), IriScheme(store.base)
    tokens = with_names(split(question, words), question, Names.of(store.entities()), words)
    return [(" ".join(e.name.split()), iris.entity(e.id).value) for token in tokens for e in token.named]


def _no_faults(_: dict[str, Any]) -> list[str]:
    return []


def _answer_type() -> Any:
    from pydantic import BaseModel, create_model

    return create_model("Answer", __base__=BaseModel, queries=(list[dict[str, Any]], ...))
