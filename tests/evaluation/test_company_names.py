"""The pairs on which comparing names is fitted and measured."""

import random

import numpy as np
import pytest

from kg.evaluation.company_names.fit import fitted
from kg.evaluation.company_names.negatives import negative
from kg.evaluation.company_names.pairs import make_pairs
from kg.evaluation.company_names.register import count_words, is_frozen, register_names
from kg.evaluation.company_names.variants import variant
from kg.resolve.names import AUTO_MERGE, normalise, score
from kg.resolve.names.features import FEATURES


def chance(seed):
    return random.Random(seed)  # noqa: S311 - a draw of examples, no secret


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
        first, second = normalise(pair.first), normalise(pair.second)
        if not pair.same and first.joined == second.joined:
            assert set(first.legal).isdisjoint(second.legal)


def test_names_that_differ_in_a_legal_form_fall_into_one_half():
    assert is_frozen("Siemens AG") == is_frozen("SIEMENS Aktiengesellschaft".replace("Aktiengesellschaft", "A.G."))


def test_most_pairs_of_names_that_nothing_was_fitted_on_are_told_right(pairs):
    merged = [pair.same for pair in pairs if score(pair.first, pair.second).probability >= AUTO_MERGE]
    assert sum(merged) / len(merged) >= 0.98
    assert sum(merged) / sum(pair.same for pair in pairs) >= 0.8


def test_hard_negatives_are_of_many_kinds():
    words = count_words(["Zeltan Energy GmbH", "Korba Trading LLC", "Zeltan Foods Inc.", "Korba Energy AG"])
    made = [negative("Zeltan Energy GmbH", words, chance(at), lambda *_: "Korba Energy AG") for at in range(80)]
    assert len({kind for _, kind in made}) >= 4
    assert "Zeltan Energy GmbH" not in {text for text, _ in made}


def test_variants_keep_a_word_of_the_name():
    words = count_words(["Zeltan Energy GmbH", "Zeltan Foods Inc."])
    made = {variant("Zeltan Energy GmbH", words, chance(at))[0] for at in range(60)}
    assert len(made) > 10
    assert all("e" in text.casefold() for text in made)


def test_weights_have_the_signs_that_they_must_have():
    rows = np.zeros((4, len(FEATURES)))
    rows[:2, FEATURES.index("numbers_differ")] = 1  # speaks for one company here, and must not
    fit = fitted(rows, np.array([1.0, 1.0, 0.0, 0.0]))
    assert fit["weights"]["numbers_differ"] == 0
