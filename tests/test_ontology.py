import csv
import gzip
import json
import re
import unicodedata
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import ORG, OWL, PROV, RDF, RDFS, SDO, SKOS

from kg import ontology as module
from kg.errors import OntologyError
from kg.model import Modality, Qualifiers
from kg.ontology import BASE, NAMESPACE, lexicon, ontology, turtle
from kg.resolve import fold

FILES = sorted(file.name for file in (Path(__file__).parents[1] / "ontology").glob("*.ttl"))
ONE_WAY = (SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
MATCHES = (SKOS.exactMatch, *ONE_WAY)


def parsed(name):
    return rdflib.Graph().parse(data=turtle(name), format="turtle")


@pytest.fixture(scope="module")
def schema():
    return parsed("kg.ttl")


@pytest.fixture(scope="module")
def mappings():
    return parsed("mappings.ttl")


@pytest.mark.parametrize("name", FILES)
def test_a_file_means_the_same_to_rdflib_and_to_pyoxigraph(name):
    assert len(parsed(name)) == len({*ox.parse(turtle(name), ox.RdfFormat.TURTLE)}) > 30


# ---------------------------------------------------------------- the schema
def test_a_relation_is_found_by_its_name_and_by_its_iri():
    relation = ontology().relation("holds-stake")
    assert relation.iri == NAMESPACE + "holdsStake"
    assert ontology().relation_of(relation.iri) is relation


def test_an_unknown_relation_is_one_line_with_the_nearest_names():
    with pytest.raises(OntologyError) as error:
        ontology().relation("holds-stakes")
    assert str(error.value) == "the ontology has no relation 'holds-stakes'. Did you mean 'holds-stake'?"
    with pytest.raises(OntologyError, match=r"'zzz'\. Known: acquires, competes-with, .*supplies\.$"):
        ontology().relation("zzz")
    with pytest.raises(OntologyError, match=r"no relation <https://example\.org/x>"):
        ontology().relation_of("https://example.org/x")


def test_the_relations_are_those_of_the_design():
    entities = {name for name, r in ontology().relations.items() if not r.is_figure}
    assert entities == {
        *("invests-in", "supplies", "competes-with", "holds-stake", "partners-with", "acquires", "merges-with"),
        *("subsidiary-of", "lends-to", "revenue-share-from", "participates-in", "develops"),
    }
    assert {"revenue", "debt"} <= {name for name, r in ontology().relations.items() if r.is_figure}
    assert {name for name, r in ontology().relations.items() if r.symmetric} == {
        *("competes-with", "partners-with", "merges-with"),
    }


def test_the_ends_of_a_relation_hold_every_class_below_the_one_that_is_named():
    legal = {"LegalEntity", "Company", "Organisation", "PublicBody"}
    agents = {"Agent", "Person", *legal}
    everything = {*agents, "Entity", "Programme", "Product"}
    assert set(ontology().classes) == everything
    relations = ontology().relations
    assert (relations["supplies"].domain, relations["supplies"].range) == (agents, agents)
    assert relations["invests-in"].range == everything
    assert (relations["competes-with"].domain, relations["holds-stake"].range) == (legal, legal)
    assert (relations["participates-in"].range, relations["develops"].range) == ({"Programme"}, {"Product"})
    assert relations["revenue"].range == frozenset()


def test_every_end_is_closed_over_subclasses(schema):
    local = {name: rdflib.URIRef(NAMESPACE + name) for name in ontology().classes}
    below = {
        name: {other for other, iri in local.items() if node in schema.transitive_objects(iri, RDFS.subClassOf)}
        for name, node in local.items()
    }
    for relation in ontology().relations.values():
        for end in filter(None, (relation.domain, relation.range)):
            assert end == frozenset().union(*(below[name] for name in end)), relation.name


def test_the_terms_of_the_model_are_those_of_the_ontology():
    assert set(ontology().qualifiers) == set(Qualifiers.__dataclass_fields__)
    assert set(ontology().modalities) == {modality.value for modality in Modality}


def test_every_term_of_the_file_speaks_both_languages(schema):
    terms = {s for s in schema.subjects() if str(s).startswith(NAMESPACE)}
    assert len(terms) > 60
    for term in terms:
        languages = sorted(label.language for label in schema.objects(term, RDFS.label))
        assert languages == ["en", "fr"], term
        assert {c.language for c in schema.objects(term, RDFS.comment)} in ({"en", "fr"}, set()), term


def contrast_on_white(colour):
    """The contrast ratio of WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize("kind", ["relations", "classes"])
def test_colours_stand_out_from_white_and_from_each_other(kind):
    colours = {name: term.colour for name, term in getattr(ontology(), kind).items() if term.colour}
    # WCAG 2.2, 1.4.11: what carries meaning in a drawing has a contrast of 3 to 1.
    assert {name: c for name, c in colours.items() if contrast_on_white(c) < 3} == {}
    assert [(a, b) for a, b in combinations(colours, 2) if colours[a] == colours[b]] == []


# ---------------------------------------------------------------- files that do not hold
@pytest.fixture
def broken(monkeypatch, tmp_path):
    """A folder of ontology files that a test may break; the cached reading is left alone."""
    for name in ("kg.ttl", "registry.ttl"):
        (tmp_path / name).write_text(turtle(name), "utf-8")
    (tmp_path / "lexicon").mkdir()
    monkeypatch.setattr(module, "_folder", lambda: tmp_path)

    def rewrite(name, old, new):
        text = (tmp_path / name).read_text("utf-8")
        assert old in text
        (tmp_path / name).write_text(text.replace(old, new, 1), "utf-8")

    return rewrite


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("kg.ttl", "kg:Entity a owl:Class ;", "kg:Entity a ;", r"^ontology/kg\.ttl: .*line \d+"),
        ("kg.ttl", "rdfs:domain kg:Agent ;", "", r"^ontology/kg\.ttl: the relation .* lacks rdfs:domain"),
        ("registry.ttl", 'rdfs:label "OpenAI"', 'skos:altLabel "OpenAI"', r"registry\.ttl: <.*/openai> lacks a label"),
        ("registry.ttl", "reg:openai", "<https://example.org/openai>", "or lies outside"),
        ("registry.ttl", "reg:openai a kg:Company", "reg:openai a kg:Firm", r"<.*/openai> is of no class of kg\.ttl"),
    ],
)
def test_a_damaged_file_is_named_in_one_line(broken, name, old, new, message):
    broken(name, old, new)
    with pytest.raises(OntologyError, match=message) as error:
        ontology.__wrapped__()
    assert "\n" not in str(error.value)


@pytest.mark.usefixtures("broken")
def test_a_missing_file_and_a_damaged_lexicon_are_named(tmp_path):
    with pytest.raises(OntologyError, match=r"ontology/shapes\.ttl cannot be read: .*; reinstall kg"):
        turtle("shapes.ttl")
    (tmp_path / "lexicon/xx.toml").write_text("a = [", "utf-8")
    with pytest.raises(OntologyError, match=r"^ontology/lexicon/xx\.toml: "):
        lexicon.__wrapped__("xx")


# ---------------------------------------------------------------- the registry
COMPANIES = [pytest.param(company, id=company.id) for company in ontology().companies.values()]


def slug(name):
    spelt = name.replace("+", " plus ").replace("&", " and ")
    plain = "".join(c for c in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def test_the_registry_knows_the_companies_of_the_story_and_many_more():
    names = {company.name for company in ontology().companies.values()}
    assert {"OpenAI", "CoreWeave", "Microsoft", "Nvidia", "Oracle", "SoftBank", "EDF", "État français"} <= names
    assert len(names) == len(ontology().companies) > 120


@pytest.mark.parametrize("company", COMPANIES)
def test_a_company_is_named_after_its_label_and_its_class(company):
    # What the resolver made of the name before the registry knew it stays the id: stores that have it stay right.
    folded = {fold(name) for name in (company.name, *company.aliases)}
    assert company.id.removeprefix(f"{company.type.lower()}/") in {slug(company.name), *folded}
    assert all(name == name.strip() and fold(name) for name in (company.name, *company.aliases))


def test_no_name_means_two_companies_and_none_is_said_twice():
    owners = {}
    for company in ontology().companies.values():
        for name in (company.name, *company.aliases):
            assert owners.setdefault(fold(name), company.id) == company.id, name
        folded = [fold(name) for name in (company.name, *company.aliases)]
        assert len(set(folded)) == len(folded), f"{company.id}: an alias that differs in nothing that counts"


def test_no_alias_is_a_ticker_unless_it_is_the_company_s_name_too(shared):
    tickers = {row["ticker"] for row in sec_rows(shared)}
    spoken = {"AWS", "HPE", "BNP", "GM", "GE", "SEC", "FTC", "IMF", "FMI", "VW", "OVH", "EADS", "P&G"}
    aliases = {alias for company in ontology().companies.values() for alias in company.aliases}
    assert aliases & tickers <= spoken


def sec_rows(shared):
    return json.loads((shared / "data/sec/company_tickers.json").read_text("utf-8")).values()


def test_tickers_and_ciks_are_those_of_the_sec(shared):
    register = {row["ticker"]: row for row in sec_rows(shared)}
    checked = 0
    for company in ontology().companies.values():
        ticker, cik = (company.identifiers.get(kind) for kind in ("ticker", "cik"))
        assert (ticker is None) is (cik is None), company.id
        if ticker is None:
            continue
        row = register[ticker]
        names = [fold(name) for name in (company.name, *company.aliases)]
        assert str(row["cik_str"]) == cik, company.id
        assert any(fold(row["title"]).startswith(name) for name in names), (company.id, row["title"])
        checked += 1
    assert checked > 80


def test_leis_are_those_of_gleif_for_the_legal_entity_of_that_very_name(shared):
    with gzip.open(shared / "data/gleif/lei-level1-sample-30k.csv.gz", "rt", encoding="utf-8", newline="") as file:
        register = {row["LEI"]: row for row in csv.DictReader(file)}
    with_lei = [company for company in ontology().companies.values() if "lei" in company.identifiers]
    assert {company.name for company in with_lei} >= {"Amazon Web Services"}
    for company in with_lei:
        row = register[company.identifiers["lei"]]
        assert row["Entity.EntityCategory"] == "GENERAL"
        assert fold(row["Entity.LegalName"]) in {fold(name) for name in (company.name, *company.aliases)}


def test_an_identifier_names_one_company_and_none_is_unverified():
    seen = [(k, v) for company in ontology().companies.values() for k, v in company.identifiers.items()]
    assert len(set(seen)) == len(seen)
    assert {kind for kind, _ in seen} == {"ticker", "cik", "lei"}


# ---------------------------------------------------------------- the mappings
def matched(mappings, *predicates):
    return {(s, o) for predicate in predicates for s, o in mappings.subject_objects(predicate)}


def test_every_term_is_matched_or_says_why_not(schema, mappings):
    terms = {s for s in schema.subjects(RDF.type) if str(s).startswith(NAMESPACE)}
    values = {s for s in terms if (s, RDF.type, rdflib.URIRef(NAMESPACE + "Modality")) in schema}
    for term in terms - values:
        told = {*(p for p in MATCHES if (term, p, None) in mappings), *mappings.objects(term, SKOS.editorialNote)}
        assert told, f"mappings.ttl says nothing of {term}"
    assert {s for s, _, _ in mappings} <= terms, "mappings.ttl maps a term that kg.ttl lacks"


def test_whatever_is_not_exact_is_explained_by_name(mappings):
    for term, other in matched(mappings, *ONE_WAY, RDFS.seeAlso):
        notes = " ".join(mappings.objects(term, SKOS.editorialNote))
        name = mappings.namespace_manager.curie(other, generate=False)
        assert re.search(rf"{re.escape(name)}\b", notes), f"{term}: no word on {name}"


def test_nothing_can_be_inferred_from_a_mapping(mappings):
    assert set(mappings.predicates()) == {*MATCHES, RDFS.seeAlso, SKOS.editorialNote}
    assert str(OWL) not in turtle("mappings.ttl")


def test_no_match_turns_a_relation_round(mappings):
    """Each term here runs from object to subject of ours."""
    turned = {
        *("isOwnedBy", "isParentCompanyOf", "hasSubsidiary", "isProducedBy", "buysFrom"),
        *("P127", "P355", "P178", "P8324", "funder", "subOrganization", "manufacturer", "participant"),
    }
    sides = {re.split(r"[/#]", other)[-1] for _, other in matched(mappings, *MATCHES)}
    asides = {re.split(r"[/#]", other)[-1] for _, other in matched(mappings, RDFS.seeAlso)}
    assert sides & turned == set()
    assert turned <= asides
    assert not {"competitor", "supplies", "owl"} & (sides | asides)


def test_a_pair_of_terms_is_matched_in_one_way_only(mappings):
    pairs = [pair for p in (*MATCHES, RDFS.seeAlso) for pair in matched(mappings, p)]
    assert len(pairs) == len(set(pairs))


def test_the_terms_of_w3c_and_schema_org_exist(mappings):
    known = {str(term) for space in (ORG, PROV, SDO) for term in dir(space)}
    others = {str(other) for _, other in matched(mappings, *MATCHES, RDFS.seeAlso)}
    named = {other for other in others if other.startswith((str(ORG), str(PROV), str(SDO)))}
    assert len(named) > 30
    assert named <= known


# FIBO's module on products stands outside the shared excerpt; both terms are in the published file
# https://spec.edmcouncil.org/fibo/ontology/FND/ProductsAndServices/ProductsAndServices/
OUTSIDE = {
    f"https://spec.edmcouncil.org/fibo/ontology/FND/ProductsAndServices/ProductsAndServices/{name}"
    for name in ("sellsTo", "buysFrom")
}


def test_the_terms_of_fibo_and_gleif_exist(shared, mappings):
    published = rdflib.Graph()
    for file in sorted((shared / "data/ontologies").rglob("*.*")):
        if file.suffix in {".rdf", ".ttl"}:
            published.parse(file)
    known = {str(s) for s in published.subjects()}
    spaces = ("https://spec.edmcouncil.org/", "https://www.omg.org/", "https://www.gleif.org/")
    named = {str(o) for _, o in matched(mappings, *MATCHES, RDFS.seeAlso) if str(o).startswith(spaces)}
    assert len(named) > 25
    assert named - known == OUTSIDE


def test_the_base_is_where_the_schema_says_it_is():
    assert NAMESPACE.startswith(BASE)
    assert all(term.iri.startswith(NAMESPACE) for term in ontology().relations.values())
