"""A graph and a dossier tell how much of what was drawn at random is right."""

import io

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.facts import AsOf
from kg.judgements import WHOLE, Draw, Judgement, Share, Stratum, Verdict
from kg.query import between, dossier, write_dossier
from kg.query.judged import company_share, judged_documents, judged_in_words, judged_share
from kg.store import DocumentClaims, judge, open_store


def word(claim, document, verdict, drawn=Draw.RANDOM, stratum=WHOLE):
    return Judgement(verdict, claim, document.sha256, "ada", "2026-01-01T00:00:00Z", drawn=drawn, stratum=stratum)


@pytest.fixture
def judged(tmp_path, sorted_reading, unrecorded):
    """OpenAI: one right claim drawn from all, one wrong drawn from its own, one wrong that was doubtful."""
    with open_store(tmp_path / "store", write=True) as store:
        store.commit([sorted_reading, DocumentClaims(*unrecorded[1], "reader/1")])
        (supplies, revenue), (document, others) = (
            sorted_reading.claims,
            (sorted_reading.document, DocumentClaims(*unrecorded[1], "reader/1")),
        )
        partners, competes = (
            next(one for one in others.claims if one.relation == relation)
            for relation in ("partners-with", "competes-with")
        )
        judge(
            store,
            [
                word(supplies, document, Verdict.RIGHT),
                word(revenue, document, Verdict.WRONG),
                word(partners, others.document, Verdict.WRONG, stratum=Stratum(company="company/openai")),
                word(competes, others.document, Verdict.WRONG, Draw.UNCERTAIN),
            ],
        )
        yield store


def all_of(store, entity):
    return [*store.claims(entity=entity), *store.candidates(entity=entity)]


def test_the_whole_is_measured_by_draws_from_the_whole(judged):
    assert judged_documents(judged) == ["deal.txt", "rivals.txt"]
    assert judged_share(judged) == Share(1, 2)


def test_a_company_is_measured_by_draws_from_all_and_from_its_own(judged):
    shares = {name: company_share(judged, id_, all_of(judged, id_)) for name, id_ in (
        ("OpenAI", "company/openai"), ("CoreWeave", "company/coreweave"), ("Nvidia", "company/nvidia"),
    )}  # fmt: skip
    assert shares == {"OpenAI": Share(1, 2), "CoreWeave": Share(1, 2), "Nvidia": Share(0, 0)}
    before = AsOf(recorded="2025-12")
    assert company_share(judged, "company/openai", all_of(judged, "company/openai"), before) == Share(0, 0)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Of 2 claims judged at random 1 are right (9–91 %)"),
        ("fr", "Sur 2 affirmations jugées au hasard, 1 sont justes (9–91 %)"),
    ],
)
def test_a_dossier_says_so_where_there_is_something_to_say(judged, lang, line):
    def text(found):
        out = io.StringIO()
        write_dossier(found, out, lang)
        return out.getvalue()

    assert judged_in_words(Share(1, 2), lang) == line
    assert line in text(dossier(judged, "OpenAI"))
    assert "judged" not in text(dossier(judged, "Nvidia"))
    assert "jug" not in text(between(judged, "OpenAI", "CoreWeave"))


def test_a_build_says_so_at_its_end(judged, tmp_path):
    judged.close()
    (tmp_path / "news.txt").write_text("Nothing happened today, and nobody was surprised by it.\n")

    def build(*more):
        path = str(tmp_path / "store")
        return CliRunner().invoke(cli, ["build", str(tmp_path / "news.txt"), "--store", path, *more]).output

    assert build().endswith("\nOf 2 claims judged at random 1 are right (9–91 %)\n")
    assert build("-q") == ""
