"""The pairs on which comparing names is fitted and measured."""

from collections import Counter

import pytest

from kg.evaluation.company_names.negatives import negative
from kg.evaluation.company_names.pairs import frequencies, is_frozen, make_pairs, register_names
from kg.resolve import fold
from kg.resolve.names import AUTO_MERGE, normalise, score


@pytest.fixture(scope="module")
def names(shared):
    return [n for n in register_names(shared / "data/gleif/lei-level1-sample-30k.csv.gz") if is_frozen(n)][:3000]


@pytest.fixture(scope="module")
def pairs(names):
    return make_pairs(names, 1500)


def test_pairs_are_the_same_each_time(names, pairs):
    assert make_pairs(names, 1500) == pairs


def test_half_of_the_pairs_are_one_company(pairs):
    assert 0.45 < sum(pair.same for pair in pairs) / len(pairs) < 0.55
    assert len({pair.kind for pair in pairs}) > 15


def test_two_companies_never_differ_in_nothing(pairs):
    for pair in pairs:
        assert pair.first != pair.second
        if not pair.same and fold(pair.first) == fold(pair.second):
            assert set(normalise(pair.first).legal).isdisjoint(normalise(pair.second).legal)


def test_names_that_differ_in_a_legal_form_fall_into_one_half():
    assert is_frozen("Siemens AG") == is_frozen("SIEMENS Aktiengesellschaft".replace("Aktiengesellschaft", "A.G."))


def test_most_pairs_of_names_that_nothing_was_fitted_on_are_told_right(pairs):
    merged = [pair.same for pair in pairs if score(pair.first, pair.second).probability >= AUTO_MERGE]
    assert sum(merged) / len(merged) >= 0.98
    assert sum(merged) / sum(pair.same for pair in pairs) >= 0.8


def test_each_hard_negative_is_another_name():
    common = frequencies(["Zeltan Energy GmbH", "Korba Trading LLC", "Zeltan Foods Inc.", "Korba Energy AG"] * 2)

    class Draw:
        def __init__(self, value):
            import random

            self.value, self.chance = value, random.Random(1)

        def random(self):
            return self.value

        def __getattr__(self, name):
            return getattr(self.chance, name)

    kinds = Counter(negative("Zeltan Energy GmbH", common, Draw(at / 50), lambda *_: "Korba")[1] for at in range(50))
    assert len(kinds) > 3
