"""Each of the words shown to people is there in English and in French, with the same places for values."""

import re
from dataclasses import asdict

import pytest

from kg.wording.asking import ASKING
from kg.wording.assistants import JOB_NAMES, JOBS
from kg.wording.bundles import BUNDLE_WORDING
from kg.wording.citations import CITATION_WORDING
from kg.wording.digests import DIGEST_WORDING
from kg.wording.dossiers import DOSSIER_WORDING
from kg.wording.naming import NAMING
from kg.wording.pages import WORDINGS
from kg.wording.reasons import REASON_WORDING
from kg.wording.reviewing import REVIEWING
from kg.wording.viewer import wording

CATALOGUES = {
    "assistants": JOBS,
    "assistants, names": JOB_NAMES,
    "bundles": BUNDLE_WORDING,
    "citations": {
        lang: {n: w for n, w in asdict(words).items() if n != "mark_inside"} for lang, words in CITATION_WORDING.items()
    },
    "asking": ASKING,
    "digests": {lang: asdict(words) for lang, words in DIGEST_WORDING.items()},
    "dossiers": {lang: asdict(words) for lang, words in DOSSIER_WORDING.items()},
    "naming": NAMING,
    "pages": WORDINGS,
    "reasons": REASON_WORDING,
    "reviewing": REVIEWING,
    "viewer": {lang: wording(lang) for lang in ("en", "fr")},
}


def places(text):
    return set(re.findall(r"\{\d\}", str(text)))


@pytest.mark.parametrize("name", CATALOGUES)
def test_english_and_french_say_the_same_things(name):
    english, french = CATALOGUES[name]["en"], CATALOGUES[name]["fr"]
    assert set(CATALOGUES[name]) == {"en", "fr"}
    assert english.keys() == french.keys()
    assert [word for word, text in french.items() if not text] == []
    assert {word: places(text) for word, text in english.items()} == {w: places(text) for w, text in french.items()}
