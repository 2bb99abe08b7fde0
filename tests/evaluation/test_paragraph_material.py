"""The windows that the model of the paragraph is fitted on: what is right of them, and whose they are."""

import json
import sys

import pytest

from kg.evaluation.core_score import Score, end_to_end, held, names_given
from kg.evaluation.paragraph import material
from kg.evaluation.paragraph.labelled import FOUND, MARKED, read_windows, renamed
from kg.evaluation.paragraph.material import WINDOWS, core_windows, counter_windows, passage_windows
from kg.evaluation.passages import Passage, part_of
from kg.extract.lexicon import load
from kg.extract.paragraph.network import RELATIONS as ALL

TEXT = (
    "Nordgate étend son empire\n\n"
    "L'assureur Nordgate a publié mercredi ses résultats. "
    "Le groupe a racheté Solvéa pour 340 millions d'euros. "
    "Brévenne détient depuis 2019 12 % du capital de Nordgate.\n"
)
ENTITIES = {"nordgate": "Nordgate", "solvea": "Solvéa", "brevenne": "Brévenne"}
TERMS = {"amount": "340 millions d'euros", "start": "depuis 2019", "percent": "12 %"}


def relation(subject, predicate, object_, quote, *terms, **more):
    marks = [{"key": term, "words": TERMS[term], "char_start": TEXT.index(TERMS[term])} for term in terms]
    said = {"subject": subject, "predicate": predicate, "object": object_, "status": "asserted", "tier": "core"}
    return said | {"quote": quote, "char_start": TEXT.index(quote), "marks": marks} | more


BOUGHT = "Le groupe a racheté Solvéa pour 340 millions d'euros"
HELD = "Brévenne détient depuis 2019 12 % du capital de Nordgate"
RELATIONS = [
    relation("nordgate", "acquires", "solvea", BOUGHT, "amount", status="past", status_also=["asserted"]),
    relation("brevenne", "holds-stake", "nordgate", HELD, "start", "percent"),
]


def record(id_):
    entities = [{"id": i, "name": name, "type": "company", "aliases": []} for i, name in ENTITIES.items()]
    return {"id": id_, "lang": "fr", "date": "2021-03-04", "text": TEXT, "entities": entities, "relations": RELATIONS}


def named(part):
    """Ids of passages that belong to a part."""
    return [name for name in (f"fr-w-{number:03}" for number in range(30)) if part_of(name) == part][:2]


@pytest.fixture(scope="module")
def windows():
    told = record("fr-w-001")
    passage = Passage(told["id"], TEXT, "fr", told["date"], told)
    return {window.names_by: window for window in passage_windows(passage, "train")}


@pytest.fixture(params=[FOUND, MARKED])
def window(request, windows):
    return windows[request.param]


def tie(window, relation_):
    [found] = [tie for tie in window.ties if tie.relation == relation_]
    return found


def test_a_tie_joins_parties_of_two_sentences(window):
    bought = tie(window, "acquires")
    assert (window.names[bought.subject], window.names[bought.object]) in {
        ("Nordgate", "Solvéa"),
        ("nordgate", "solvea"),
    }
    assert (bought.tier, bought.status, bought.also) == ("core", "past", ("asserted",))
    assert {window.kinds[bought.subject], window.kinds[bought.object]} == {"Company"}


def test_a_figure_belongs_to_its_own_tie(window):
    def terms(relation_):
        marks = [(window.marks[number], role) for number, role in tie(window, relation_).terms]
        return {role: window.text[start:end] for (start, end, _, _), role in marks}

    assert terms("acquires") == {"amount": "340 millions d'euros"}
    assert set(held := terms("holds-stake")) == {"start", "percent"}
    assert "2019" in held["start"]
    assert held["percent"] == "12 %"


@pytest.mark.parametrize(("relation_", "quote"), [("acquires", BOUGHT), ("holds-stake", HELD)])
def test_the_quote_of_a_tie_lies_in_its_window(window, relation_, quote):
    start, end = tie(window, relation_).quote
    assert window.text[start:end] == quote
    assert window.spans[-1][0] <= start < end <= window.spans[-1][1]


def test_a_tie_told_elsewhere_is_neither_right_nor_wrong():
    far = (
        TEXT
        + "\n"
        + "Rien de tel ne s'est vu depuis longtemps dans le pays. " * 40
        + "\nNordgate et Solvéa se taisent.\n"
    )
    told = record("fr-w-001") | {"text": far}
    *_, last = passage_windows(Passage("fr-w-001", far, "fr", None, told), "train")
    assert {(tie.tier, tie.terms) for tie in last.ties} == {("mask", ())}


def test_what_the_marks_leave_out_is_no_party():
    told = record("fr-w-001")
    told["entities"] = [e | {"type": "agency"} if e["id"] == "solvea" else e for e in told["entities"][:2]]
    found = next(passage_windows(Passage("fr-w-001", TEXT, "fr", None, told | {"relations": []}), "train"))
    kinds = dict(zip(found.names, found.kinds, strict=True))
    assert (kinds["Nordgate"], kinds["Solvéa"], kinds["Brévenne"]) == ("Company", "Agency", "Other")


def test_no_frozen_passage_is_written(tmp_path, monkeypatch):
    shared, corpus, out = tmp_path / "shared", tmp_path / "ontology" / "corpus", tmp_path / "out"
    ids = {part: named(part) for part in ("train", "calibrate", "frozen")}
    for at, folder in enumerate((shared / "passages", corpus / "passages")):
        folder.mkdir(parents=True)
        lines = [json.dumps(record(names[at])) for names in ids.values()]
        (folder / "fr.jsonl").write_text("\n".join(lines), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["material", "--shared", str(shared), "--out", str(out), "--jobs", "1"])
    material.main()
    written = {(window.id, window.part) for window in read_windows(out / WINDOWS) if window.part != "corpus"}
    assert written == {(name, part) for part in ("train", "calibrate") for name in ids[part]}
    data = json.loads((out / WINDOWS).with_suffix(".data.json").read_text("utf-8"))
    assert set(data) == {"shared/passages/fr.jsonl", "ontology/corpus/passages/fr.jsonl"}


def test_a_sentence_of_core_says_one_tie_and_leaves_its_sister_open():
    words = ["Brévenne", "has", "a", "stake", "in", "Nordgate", "-LRB-", "insurance", "-RRB-", "."]
    ends = {"e1_start": 0, "e1_end": 0, "e2_start": 5, "e2_end": 5}
    item = {"id": "E1", "context": words, "relation": "shareholder_of", "invert_relation": 0} | ends
    [found] = core_windows([item])
    assert found.texts == ("Brévenne has a stake in Nordgate ( insurance ) .",)
    assert [(found.names[t.subject], t.relation, found.names[t.object], t.tier) for t in found.ties] == [
        ("Brévenne", "holds-stake", "Nordgate", "core"),
        ("Brévenne", "invests-in", "Nordgate", "mask"),
    ]


def test_a_window_whose_companies_are_called_otherwise_says_the_same(window):
    table = {}
    told = renamed(window, lambda name: table.setdefault(name, f"Compagnie {len(table)}"))
    assert "Nordgate" not in told.text
    for before, after in zip(window.marks, told.marks, strict=True):
        word = window.text[before[0] : before[1]]
        assert told.text[after[0] : after[1]] == table.get(word, word)
    start, end = tie(told, "acquires").quote
    assert told.text[start:end] == BOUGHT.replace("Solvéa", table["Solvéa"])


def test_sentences_of_core_that_are_kept_for_scoring_are_not_fitted_on():
    sentence = {"relation": "merged_with", "invert_relation": 0, "context": ["A", "and", "B", "merge"]}
    place = {"e1_start": 0, "e1_end": 0, "e2_start": 2, "e2_end": 2}
    items = [sentence | place | {"id": f"E{number}"} for number in range(40)]
    fitted = {window.id for window in core_windows(items)}
    assert fitted == {item["id"] for item in items if part_of(item["id"]) != "frozen"}


def test_a_counter_example_says_of_one_relation_alone_that_it_is_not_stated():
    told = list(counter_windows(load("en"), "en"))
    assert told
    for window in told:
        left = {tie.relation for tie in window.ties}
        assert {tie.tier for tie in window.ties} == {"mask"}
        assert len(left) == len(ALL) - 1
        assert set(window.kinds) == {None}


def core_sentence(id_, relation_, *words):
    ends = {"e1_start": 0, "e1_end": 0, "e2_start": len(words) - 2, "e2_end": len(words) - 2}
    names = {"e1_name": words[0], "e2_name": words[-2]}
    return {"id": id_, "relation": relation_, "invert_relation": 0, "context": list(words)} | ends | names


def test_sentences_of_core_are_scored_with_their_names_and_end_to_end(tmp_path):
    ids = [f"E{number}" for number in range(60)]
    kept = next(id_ for id_ in ids if part_of(id_) == "frozen")
    bought = core_sentence(kept, "acquired_by", "Microsoft", "was", "acquired", "by", "Oracle", ".")
    fitted = bought | {"id": next(id_ for id_ in ids if part_of(id_) != "frozen")}
    (tmp_path / "train.json").write_text(json.dumps([bought, fitted]), "utf-8")
    items = held(tmp_path)
    assert [item["id"] for item in items] == [kept]
    scores = dict(names_given(items))
    assert {score.there for score in scores.values()} == {1}
    assert [scores[least].said for least in sorted(scores)] == sorted((s.said for s in scores.values()), reverse=True)
    found = end_to_end(items)
    assert found.there == 1
    assert found.right == 1


def test_a_score_of_nothing_is_nought_and_no_fault():
    assert str(Score(0, 0, 0)) == "precision 0.000  recall 0.000  F1 0.000  (said 0, there 0)"
