"""A narrowed server: what is left out is nowhere in it, and its first page and description say that it is narrowed."""

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.judgements import Judgement, Verdict
from kg.model import Document, Tier
from kg.store import DocumentClaims, judge, open_store
from tests.conftest import COREWEAVE, NVIDIA, claim_of

WHISPER = "Nvidia supplies CoreWeave, whispers the press."
FILING = "Nvidia holds a stake in CoreWeave, says the filing."


def read(id_, text, relation, tier):
    document = Document(id_, text, "en", tier=tier)
    return DocumentClaims(document, (claim_of(document, text, NVIDIA, relation, COREWEAVE),))


@pytest.fixture
def served(serving, tmp_path):
    with open_store(tmp_path / "store", write=True) as store:
        store.commit(
            [read("press.txt", WHISPER, "supplies", Tier.NEWS), read("filing.txt", FILING, "holds-stake", Tier.FILING)]
        )
    with serving(tmp_path / "store", tmp_path / "log", "--tiers", "filing", "--time-limit", "300") as server:
        server.folder = tmp_path / "store"
        yield server


def test_nothing_of_what_is_left_out_is_served(served, until):
    def everything():
        html, rdf = {"accept": "text/html"}, {"accept": "application/n-quads"}
        answers = {
            "data": served.get("data", headers=rdf),
            "search": served.get("search", params={"q": "CoreWeave"}, headers=html),
            "question": served.get("library/sources", headers={"accept": "text/csv"}),
            "filing": served.get("documents/filing.txt"),
        }
        assert {name: one.status_code for name, one in answers.items()} == dict.fromkeys(answers, 200)
        return {name: one.text for name, one in answers.items()}

    for name, text in everything().items():
        assert "filing" in text, name
        assert "press.txt" not in text, name
        assert "whispers" not in text, name
    assert served.get("documents/press.txt").status_code == 404
    assert served.get("documents/press.txt/read").status_code == 404
    more = "CoreWeave is held by Nvidia, adds another filing."
    with open_store(served.folder, write=True) as store:
        store.commit(
            [read("second.txt", more, "invests-in", Tier.FILING), read("third.txt", WHISPER, "holds-stake", Tier.WEB)]
        )
    until(lambda: "second.txt" in served.get("library/sources", headers={"accept": "text/csv"}).text)
    assert "third.txt" not in everything()["question"]


def test_it_says_so_on_its_first_page_and_in_its_description(served):
    english, french = (served.get("", params={"lang": lang}).text for lang in ("en", "fr"))
    assert "narrowed: only sources of these tiers: filing; without leads" in english
    assert "restreint : seulement les sources de ces rangs" in french
    described = served.get("sparql", headers={"accept": "text/turtle"}).text
    assert 'kg:selection "narrowed: only sources of these tiers: filing; without leads"@en' in described
    assert "@fr" in described
    assert served.get("health").json()["selection"].startswith("narrowed: only sources")
    for path in ("viewer", "search?q=CoreWeave"):
        assert "narrowed: only sources" in served.get(path, headers={"accept": "text/html"}).text, path


def test_a_whole_graph_says_nothing_of_it(server):
    assert 'id="selection"' not in server.get("").text
    assert "selection" not in server.get("health").json()


def test_what_is_narrowed_takes_no_changes(tmp_path):
    done = CliRunner().invoke(cli, ["serve", "--write", "--accepted-only", "--store", str(tmp_path)])
    assert (done.exit_code, "a narrowed graph is for reading" in done.output) == (2, True)


def test_documents_of_which_nobody_accepted_a_claim_are_not_served(serving, tmp_path):
    with open_store(tmp_path / "store", write=True) as store:
        store.commit(
            [read("press.txt", WHISPER, "supplies", Tier.NEWS), read("filing.txt", FILING, "holds-stake", Tier.FILING)]
        )
        document = store.document("filing.txt")
        [claim] = store.claims(document="filing.txt")
        judge(store, [Judgement(Verdict.RIGHT, claim, document.sha256, "ada", "2026-01-01T00:00:00Z")])
    with serving(tmp_path / "store", tmp_path / "log", "--accepted-only", "--time-limit", "300") as server:
        assert server.get("documents/filing.txt").status_code == 200
        assert server.get("documents/press.txt").status_code == 404
        assert "whispers" not in server.get("search", params={"q": "CoreWeave"}, headers={"accept": "text/html"}).text
        assert "press.txt" not in server.get("data", headers={"accept": "application/n-quads"}).text
