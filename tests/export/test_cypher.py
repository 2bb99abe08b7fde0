"""The statements of Cypher, run by an embedded engine: what is in the database is the claims, and nothing else ran.

The engine (real-ladybug, which Kùzu became) runs openCypher over tables that must be declared first. It takes every
statement but the constraints at the head, which are Neo4j's own: their form is compared with that of its manual.
"""

import io
import re
from dataclasses import replace
from decimal import Decimal

import pytest
import real_ladybug

from kg.export.cypher import literal, write_cypher
from kg.export.neo4j import FIGURE_KINDS
from kg.export.nodes import FIGURE, edge_type
from kg.export.properties import EDGE, Kind, claim_of, entity_of, node_kinds
from kg.model import Claim, Entity, Evidence, Figure, Modality, Qualifiers
from kg.ontology import ontology

COLUMNS = {Kind.TEXT: "STRING", Kind.NUMBER: "DOUBLE", Kind.INTEGER: "INT64", Kind.BOOLEAN: "BOOLEAN",
           Kind.TEXTS: "STRING[]"}  # fmt: skip
CONSTRAINT = re.compile(r"CREATE CONSTRAINT \w+ IF NOT EXISTS FOR \(n:\w+\) REQUIRE n\.id IS UNIQUE")
HOSTILE = (
    "'; MATCH (n) DETACH DELETE n; //",
    "\\'; MATCH (n) DETACH DELETE n; //",
    "\\u0027 MATCH (n) DETACH DELETE n //",
    "\\\\u0027}] AS row MATCH (n) DETACH DELETE n;\n",
    "*/ /* `x` $x {x} :param x => 1;\r\n;\n",
    "\x01\x1f\x7f\x85\u2028\u2029 é 😀 \t\b\f",
    "\\",
    'a"b',
    "\\n",
)


@pytest.fixture
def database():
    """An empty database with the tables of the ontology's classes and relations."""
    connection = real_ladybug.Connection(real_ladybug.Database(":memory:", buffer_pool_size=1 << 28))
    labels = ("Company", "Programme")
    for label in labels:
        connection.execute(f"CREATE NODE TABLE {label}(id STRING PRIMARY KEY, {columns(node_kinds())})")
    connection.execute(f"CREATE NODE TABLE {FIGURE}(id STRING PRIMARY KEY, {columns(FIGURE_KINDS)})")
    for relation in ontology().relations.values():
        ends = [f"FROM {one} TO {FIGURE}" for one in labels] if relation.is_figure else [
            f"FROM {one} TO {other}" for one in labels for other in labels
        ]  # fmt: skip
        name = edge_type(relation.name)
        connection.execute(f"CREATE REL TABLE {name}({', '.join(ends)}, {columns(EDGE)})")
    return connection


def columns(kinds):
    return ", ".join(f"`{name}` {COLUMNS[kind]}" for name, kind in kinds.items())


def statements(claims):
    out = io.BytesIO()
    assert write_cypher(claims, out) == ()
    lines = out.getvalue().decode().split(";\n")
    assert lines.pop() == ""
    return [re.sub(r"^//.*\n", "", each, flags=re.MULTILINE) for each in lines]


def run(database, claims):
    """Run what the engine takes; return how often it was one of Neo4j's constraints instead."""
    written = statements(claims)
    constraints = [each for each in written if each.startswith("CREATE CONSTRAINT")]
    assert [each for each in constraints if not CONSTRAINT.fullmatch(each)] == []
    for each in written[len(constraints) :]:
        database.execute(each)
    return len(constraints)


def rows(database, query):
    answer = database.execute(query)
    while answer.has_next():
        yield answer.get_next()


def claims_in(database):
    """The claims that the database holds, each made of its relationship and the nodes at its ends."""
    for subject, edge, object_ in rows(database, "MATCH (s)-[r]->(o) RETURN s, r, o"):
        properties = {name: value for name, value in edge.items() if name in EDGE and value is not None}
        yield claim_of(properties, node(subject), node(object_))


def node(found):
    told = {name: value for name, value in found.items() if value is not None}
    if told["_LABEL"] == FIGURE:
        return Figure(Decimal(told.get("value_text") or repr(told["value"])), told["unit"])
    return entity_of(told["id"], told)


def hostile_claims():
    for at, text in enumerate(HOSTILE):
        ends = (Entity(f"company/{text}", text, "Company", (text,)), Entity("company/y", "Y", "Company"))
        place = Evidence(f"d{at} {text}", 0, len(text), text, "en")
        yield Claim(ends[0], "supplies", ends[1], Modality.ASSERTED, (place,), Qualifiers(goods=text), method=text)


def test_the_database_holds_the_claims_with_figures_places_and_digits(database, story):
    told = [claim for _, claims in story for claim in claims]
    first = told[0]
    debt = Claim(
        first.subject, "debt", Figure(Decimal("123456789012345678.25"), "USD"), Modality.ASSERTED, first.evidence
    )
    two = replace(
        told[3], evidence=(*told[3].evidence, first.evidence[0]), qualifiers=Qualifiers(quantity=Decimal(10) ** 16)
    )
    wanted = [*told, debt, two]
    assert run(database, wanted) == len(ontology().classes) + 1
    assert {claim.id: claim for claim in claims_in(database)} == {claim.id: claim for claim in wanted}
    names = dict(rows(database, "MATCH (n:Company) RETURN n.id, n.aliases"))
    assert names["company/openai"] == ["OpenAI"]


def test_run_again_it_makes_nothing_twice(database, story):
    told = [claim for _, claims in story for claim in claims]
    for _ in range(2):
        run(database, told)
    assert sorted(claim.id for claim in claims_in(database)) == sorted(claim.id for claim in told)
    assert [*rows(database, "MATCH (n) RETURN count(n)")] == [[7]]


def test_no_text_of_a_source_runs(database):
    hostile = list(hostile_claims())
    run(database, hostile)
    assert {claim.id: claim for claim in claims_in(database)} == {claim.id: claim for claim in hostile}
    assert [*rows(database, "MATCH (n) RETURN count(n)")] == [[len(HOSTILE) + 1]]


def test_neo4j_reads_no_escape_where_a_text_has_a_backslash():
    """It replaces ``\\uXXXX`` before it reads a query, unless the backslash is itself behind one."""
    for text in HOSTILE:
        written = literal(text)
        pairs = re.sub(r"\\\\", "", written)
        assert all(int(code, 16) < 32 or int(code, 16) in {0x7F, 0x85, 0x2028, 0x2029}
                   for code in re.findall(r"\\u([0-9a-f]{4})", pairs))  # fmt: skip
        assert re.search(r"(?<!\\)'", pairs[1:-1]) is None
        assert not re.search(r"[\x00-\x1f]", written)
