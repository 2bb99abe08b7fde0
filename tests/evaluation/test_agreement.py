"""`kg evaluate` and the scorer that comes with the gold count alike, figure by figure."""

import contextlib
import importlib.util
import io
import json
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.evaluation.matching import ALSO, GROUPS, NUMERIC, RELATIONS, SYMMETRIC, TERMS, norm, same
from kg.evaluation.report_writer import write
from kg.evaluation.runner import evaluate_gold
from kg.evaluation.scoring import BY_ANY
from kg.ontology import ontology
from kg.store.json_codec import claim_record

LEFT_TO_US = {"gap", "split"}


@pytest.fixture(scope="session")
def scorer(shared):
    spec = importlib.util.spec_from_file_location("shared_score", shared / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def theirs(scorer, gold, texts, claims):
    out, err = io.StringIO(), io.StringIO()
    argv = ["score.py", "--gold", gold, "--texts", texts, "--claims", claims, "--json", "--errors", "100000"]
    before, sys.argv = sys.argv, [str(one) for one in argv]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            scorer.main()
    finally:
        sys.argv = before
    return json.loads(out.getvalue()), Counter(line.split(": ")[1] for line in err.getvalue().splitlines())


def ours(gold, texts, claims):
    out = io.StringIO()
    write(evaluate_gold([gold], texts=texts, claims=claims), "json", None, out)
    report = json.loads(out.getvalue())
    return report, Counter(error["kind"] for error in report["errors"] if BY_ANY not in error["note"])


def assert_agreement(scorer, gold, texts, claims):
    wanted, wanted_errors = theirs(scorer, gold, texts, claims)
    found, found_errors = ours(gold, texts, claims)
    assert {name: found[name] for name in wanted} == wanted
    assert found_errors == wanted_errors


def test_on_what_is_read_in_the_shared_texts(shared, shared_readings, scorer, tmp_path):
    with (tmp_path / "claims.jsonl").open("w") as out:
        for reading in shared_readings.values():
            out.writelines(json.dumps(claim_record(claim)) + "\n" for claim in reading.claims)
    assert_agreement(scorer, shared / "gold", shared, tmp_path / "claims.jsonl")


def test_the_definitions_are_the_scorers(scorer):
    assert set(scorer.RELATIONS) == RELATIONS
    assert set(scorer.SYMMETRIC) == SYMMETRIC
    assert scorer.GROUPS == GROUPS
    assert {name: frozenset(groups) for name, groups in scorer.ALSO.items()} == ALSO
    assert set(scorer.SCORED_QUALIFIERS) == TERMS
    assert set(scorer.NUMERIC) == NUMERIC


def test_the_ontology_has_these_relations():
    known = ontology().relations
    assert set(known) >= RELATIONS
    assert {name for name in RELATIONS if known[name].symmetric} == SYMMETRIC


WORDS = st.sampled_from(
    ["Nord", "le", "la", "L’", "the", "Groupe", "SA", "Inc.", "tech", "Systems", "É", "-", ",", "x"]
)


@given(st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=6).map(" ".join))
def test_names_are_compared_alike(scorer, name):
    assert norm(name) == scorer.norm(name)


VALUES = st.one_of(
    st.none(),
    st.integers(-10, 10**12),
    st.sampled_from(["USD", "usd", "2024", "2024-03", "2024-03-01", "2024 (inferred)", "P5Y", "6", "6.02", "6.1", "x"]),
)


@given(st.sampled_from(sorted({*TERMS, "goods", "exclusive"})), VALUES, VALUES)
def test_terms_are_compared_alike(scorer, term, gold, said):
    assert same(term, gold, said) == scorer.same(term, gold, said)


IDS = ("nord", "tarn", "solv", "brev")
SPELLINGS = {
    "nord": ["Nordgate", "NORDGATE SA", "nord"],
    "tarn": ["Groupe Tarnos", "Tarnos", "les Tarnos"],
    "solv": ["Solvéa", "Solvéa Technologies", "SOLVÉA, Inc."],
    "brev": ["L’Oiseau", "l'Oiseau"],
}
TEXTS = {"one.txt": "Un titre.\nUne phrase qui dit peu, é compris.\r\n" * 4, "two.txt": "A line of text. " * 12}
ID = st.sampled_from(IDS)
NAME = st.one_of(ID.flatmap(lambda i: st.sampled_from(SPELLINGS[i])), st.just("Quercyn"))
RELATION = st.sampled_from([*sorted(RELATIONS), "acquires", "competes-with", "develops"])
STATUS = st.sampled_from(sorted(GROUPS))
PLACE = st.integers(0, 150)
TERM = st.dictionaries(
    st.sampled_from(["amount", "currency", "percent", "quantity", "start", "as_of", "goods"]),
    st.sampled_from([6, 6.02, "6", "6.1", "USD", "usd", "2024", "2024-03"]),
    max_size=3,
)


@st.composite
def golds(draw, name):
    ends = st.tuples(ID, RELATION, ID)
    relations = []
    for number, (subject, predicate, object_) in enumerate(draw(st.lists(ends, max_size=7)), 1):
        tier = draw(st.sampled_from(["core", "core", "accept"]))
        qualifiers = draw(TERM) | draw(st.sampled_from([{}, {"percent_of_supplier_revenue": 6, "quantity_min": None}]))
        relations.append(
            {"id": f"r{number}", "subject": subject, "predicate": predicate, "object": object_, "tier": tier}
            | {"status": draw(STATUS), "status_also": draw(st.lists(STATUS, max_size=2)), "quote": "phrase"}
            | {"qualifiers": qualifiers}
        )
    ids = [one["id"] for one in relations]
    groups = draw(st.lists(st.lists(st.sampled_from(ids), max_size=3), max_size=2)) if ids else []
    record = {"schema": "kg-gold/1", "text_file": f"texts/{name}", "lang": draw(st.sampled_from(["fr", "en"]))}
    record["entities"] = [{"id": i, "name": SPELLINGS[i][0], "aliases": SPELLINGS[i][1:2]} for i in IDS]
    record |= {"relations": relations, "core_any_of": groups, "traps": draw(st.lists(traps(), max_size=3))}
    return record | draw(st.sampled_from([{}, {"annotated_chars": 60}]))


@st.composite
def traps(draw):
    trap = {"must_not": "so", "quote": draw(st.sampled_from(["phrase", "text", "absent"]))}
    trap |= draw(st.sampled_from([{}, {"char_start": 5}]))
    end = st.one_of(ID, st.just("*"))
    edge = st.fixed_dictionaries(
        {"subject": end, "predicate": st.one_of(RELATION, st.just("*")), "object": end},
        optional={"statuses": st.lists(STATUS, max_size=4), "qualifiers": TERM},
    )
    return trap | draw(st.one_of(st.just({}), st.fixed_dictionaries({"edges": st.lists(edge, max_size=3)})))


@st.composite
def spans(draw):
    document = draw(st.sampled_from(sorted(TEXTS)))
    start = draw(PLACE)
    end = start + draw(st.integers(1, 30))
    noise = draw(st.sampled_from(["", "", "", "?"]))
    folder = draw(st.sampled_from(["", "texts/", "a/b/"]))
    return {"document": folder + document, "start": start, "end": end, "quote": TEXTS[document][start:end] + noise}


@st.composite
def claims(draw, gold):
    """A claim of gold's, with noise, or one out of nowhere."""
    of_gold = [one for record in gold for one in record["relations"]]
    subject, relation, object_, qualifiers = draw(NAME), draw(RELATION), draw(NAME), draw(TERM)
    if of_gold and draw(st.booleans()):
        one = draw(st.sampled_from(of_gold))
        ends = draw(st.permutations([one["subject"], one["object"]]))
        subject, object_ = (draw(st.sampled_from(SPELLINGS[end])) for end in ends)
        relation = one["predicate"]
        qualifiers = draw(st.sampled_from([qualifiers, one["qualifiers"]]))
    claim = {"subject": {"name": subject}, "relation": relation, "object": {"name": object_}}
    claim["evidence"] = draw(st.lists(spans(), min_size=1, max_size=2))
    claim["qualifiers"] = {name: str(value) for name, value in qualifiers.items() if value is not None}
    return claim | draw(st.sampled_from([{}, {"modality": draw(STATUS)}]))


@settings(max_examples=300)
@given(st.data())
def test_on_gold_and_claims_made_up_at_random(scorer, tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("made", numbered=True)
    (folder / "gold").mkdir()
    (folder / "texts").mkdir()
    gold = [data.draw(golds(name)) for name in TEXTS]
    for (name, text), record in zip(TEXTS.items(), gold, strict=True):
        (folder / "texts" / name).write_bytes(text.encode())
        (folder / "gold" / f"{name}.gold.json").write_text(json.dumps(record))
    lines = data.draw(st.lists(claims(gold), max_size=10))
    (folder / "claims.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert_agreement(scorer, folder / "gold", folder, folder / "claims.jsonl")
