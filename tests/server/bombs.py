"""Queries that are meant to hurt: by name, each a text that must end in an answer or in one line."""

_PATH = "kg:supplies"
_ALL = f"({_PATH}|!{_PATH})*"
_IRIS = [f"<urn:v:{number}>" for number in range(100_000)]


def _nested(opening, closing, depth, inner="", before="SELECT * WHERE ", after=""):
    return before + opening * depth + inner + closing * depth + after


BOMBS = {
    "cartesian product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "cartesian count": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "cartesian filter": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (STRLEN(CONCAT(STR(?a), STR(?f))) = 1) }",
    "cartesian construct": "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "everything path": f"SELECT * {{ ?a {_ALL} ?b . ?b {_ALL} ?c . ?c {_ALL} ?d }}",
    "path in path": f"SELECT (COUNT(*) AS ?n) {{ ?a (({_ALL})*/{_ALL})* ?b . ?c !rdf:type* ?d }}",
    "huge concatenation": "SELECT (GROUP_CONCAT(?x; separator=' ') AS ?all) { ?a ?b ?x . ?c ?d ?y . ?e ?f ?z }",
    "doubling text": "SELECT * { BIND('xxxxxxxxxxxxxxxx' AS ?v0) "
    + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40))
    + " }",
    "doubling replace": "SELECT * { BIND(REPLACE('"
    + "x" * 10_000
    + "', 'x', '"
    + "y" * 10_000
    + "') AS ?a) BIND(REPLACE(?a, 'y', ?a) AS ?b) }",
    "many values": "SELECT * { VALUES ?v { " + " ".join(_IRIS) + " } ?a ?b ?c . ?d ?e ?v }",
    "many values crossed": "SELECT * { VALUES ?v { "
    + " ".join(map(str, range(100_000)))
    + " } VALUES ?w { "
    + " ".join(map(str, range(100_000)))
    + " } FILTER (?v = -?w - 1) }",
    "backtracking": 'SELECT * { ?a ?b ?c . ?d ?e ?f FILTER regex(STR(?c), "(a+)+(a|aa)+(.*a){20}(x+x+)+y$") }',
    "huge regex": 'SELECT * { ?a ?b ?c FILTER regex(STR(?c), "((((a{100}){100}){100}){100})") }',
    "sorting": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c",
    "distinct": "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "grouping": "SELECT ?a ?f ?i (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?a ?f ?i",
    "many optionals": "SELECT * { ?s ?p ?o " + " ".join(f"OPTIONAL {{ ?s ?p{n} ?o{n} }}" for n in range(256)) + " }",
    "many unions": "SELECT * { " + " UNION ".join("{ ?s ?p ?o . ?a ?b ?c }" for _ in range(500)) + " }",
    "long path": f"SELECT * {{ ?s {'/'.join(['?!rdf:type'.lstrip('?')] * 256)} ?o }}",
    "long sequence": f"SELECT * {{ ?s {'/'.join([_PATH] * 256)} ?o }}",
    "braces": _nested("{", "}", 10_000),
    "brackets in a filter": _nested("(", ")", 10_000, "1", "SELECT * { FILTER ", " }"),
    "negations": "SELECT * { FILTER (" + "!" * 10_000 + "true) }",
    "ifs": _nested("IF(true,1,", ")", 10_000, "1", "SELECT * { BIND(", " AS ?x) }"),
    "exists": _nested("{ FILTER EXISTS ", "}", 10_000, "{}"),
    "subselects": _nested("{ SELECT * ", "}", 10_000, "{}"),
    "lists": _nested("(", ")", 10_000, "1", "SELECT * { ?s ?p ", " }"),
    "few lists": _nested("(", ")", 90, "1", "SELECT * { ?s ?p ", " }"),
    "minus": _nested("{ ?s ?p ?o MINUS ", "}", 90, "{ ?a ?b ?c }"),
    "arithmetic": "SELECT (" + "1+" * 100_000 + "1 AS ?x) {}",
    "conjunction": "SELECT * { FILTER (" + "true && " * 100_000 + "true) }",
    "long in": "SELECT * { ?s ?p ?o . ?a ?b ?c FILTER (?o IN (" + ", ".join(_IRIS) + ")) }",
    "prefixes": "".join(f"PREFIX p{n}: <urn:p:{n}>\n" for n in range(100_000)) + "ASK {}",
    "comment": "ASK {} #" + "x" * 10_000_000,
}
