import pyoxigraph as ox
import pytest

from kg.errors import OntologyError, QueryError, UnknownEntity
from kg.model import Claim, Document, Entity, Modality
from kg.ontology import NAMESPACE
from kg.query.arguments import bind
from kg.query.library import parse
from kg.store import DocumentClaims, open_store

QUERY = parse(
    "q",
    """\
# param company: entity — who
# param since: date = 2024 — the first day
# param relation: relation? — only this
# param least: number? — at least
# param word: text? — a word
""",
)


@pytest.fixture(scope="module")
def names():
    """A store of one company."""
    document = Document("d.txt", "x", "en")
    ends = Entity("company/nvidia", "Nvidia", "Company"), Entity("company/intel", "Intel", "Company")
    claim = Claim(ends[0], "competes-with", ends[1], Modality.ASSERTED, (document.evidence(0, 1),))
    with open_store(None, base="https://example.org/") as store:
        store.commit([DocumentClaims(document, (claim,))])
        yield store


def test_values_become_terms_in_order(names):
    assert bind(QUERY, ["nvidia", "2025-01", "holds-stake", "5.50", 'a"b'], names) == {
        "company": ox.NamedNode("https://example.org/company/nvidia"),
        "since": ox.Literal("2025-01"),
        "relation": ox.NamedNode(NAMESPACE + "holdsStake"),
        "least": ox.Literal("5.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
        "word": ox.Literal('a"b'),
    }


def test_defaults_stand_in_and_optional_ones_stay_free(names):
    assert bind(QUERY, ["Nvidia"], names) == {
        "company": ox.NamedNode("https://example.org/company/nvidia"),
        "since": ox.Literal("2024"),
    }


def test_names_and_order_mix(names):
    bound = bind(QUERY, ["since=2023", "Nvidia", "word=a=b", "supplies"], names)
    assert (bound["since"].value, bound["word"].value) == ("2023", "a=b")
    assert bound["relation"].value == NAMESPACE + "supplies"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ([], QueryError, r"needs company \(who\): kg query q COMPANY \[SINCE\]"),
        (["a", "2024", "supplies", "1", "b", "c"], QueryError, "cannot use 'c'"),
        (["Nvidia", "sinse=2024"], QueryError, "no parameter 'sinse'. Did you mean 'since'"),
        (["Nvidia", "zzz=2024"], QueryError, "It takes: company, since"),
        (["since=2024", "since=2025"], QueryError, "given since twice: 2024 and 2025"),
        (["Nvidai"], UnknownEntity, "Did you mean 'Nvidia'"),
        (["Nvidia", "yesterday"], QueryError, "since 'yesterday' is no date: write YYYY"),
        (["Nvidia", "2024-02-30"], QueryError, "is no date"),
        (["Nvidia", "relation=holds"], OntologyError, "no relation 'holds'"),
        (["Nvidia", "least=many"], QueryError, "least 'many' is no number"),
        (["Nvidia", "least=sNaN"], QueryError, "is no number"),
        (["Nvidia", "least=inf"], QueryError, "is no number"),
        (["Nvidia", "word=\udcff"], QueryError, "is no text: write it in UTF-8"),
        (["\udcff"], UnknownEntity, "nothing in the graph is called"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(names, arguments, error, message):
    with pytest.raises(error, match=message) as caught:
        bind(QUERY, arguments, names)
    assert "\n" not in str(caught.value)
