"""A graph narrowed to what may be published: what is left, and that every answer says so."""

import csv
import io
import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

import kg
from kg.cli import cli
from kg.errors import QueryError, StoreError, UnknownDocument
from kg.judgements import Judgement, Verdict
from kg.model import Claim, Document, Entity, Modality, Outcome, Tier
from kg.store import DocumentClaims, NarrowedFolder, Selection, judge, open_store, select

NVIDIA, COREWEAVE, OPENAI = (
    Entity(f"company/{name.lower()}", name, "Company", (name,)) for name in ("Nvidia", "CoreWeave", "OpenAI")
)
TEXT = "Nvidia supplies CoreWeave. OpenAI may invest in CoreWeave. Nvidia invests in OpenAI. CoreWeave supplies OpenAI."


def told(document, subject, relation, object_, sentence, method="rules/2", **more):
    start = document.text.index(sentence)
    evidence = document.evidence(start, start + len(sentence))
    modality = more.pop("modality", Modality.ASSERTED)
    return Claim(subject, relation, object_, modality, (evidence,), method=method, **more)


NEWS = Document("news.txt", TEXT, "en", tier=Tier.NEWS)
REGISTER = Document("list/000001", "holder,issuer\nNvidia,CoreWeave\n", "en", tier=Tier.REGISTER)
UNKNOWN = Document("page.txt", TEXT, "en")
SUPPLY = told(NEWS, NVIDIA, "supplies", COREWEAVE, "Nvidia supplies CoreWeave.")
LEAD = told(NEWS, OPENAI, "invests-in", COREWEAVE, "OpenAI may invest in CoreWeave.", modality=Modality.HEDGED)
INVESTS = told(NEWS, NVIDIA, "invests-in", OPENAI, "Nvidia invests in OpenAI.")
DOUBTFUL = told(
    NEWS, COREWEAVE, "supplies", OPENAI, "CoreWeave supplies OpenAI.", outcome=Outcome.TO_REVIEW, reasons=("KIND",)
)
ROW = told(REGISTER, NVIDIA, "holds-stake", COREWEAVE, "Nvidia,CoreWeave", "edges/1")
PROSE = told(REGISTER, COREWEAVE, "competes-with", NVIDIA, "Nvidia,CoreWeave", "rules/2")
OWN = told(UNKNOWN, NVIDIA, "partners-with", OPENAI, "Nvidia invests in OpenAI.", "note/ada")


@pytest.fixture
def store():
    with open_store(None, write=True) as opened:
        opened.commit(
            [
                DocumentClaims(NEWS, (SUPPLY, LEAD, INVESTS), candidates=(DOUBTFUL,)),
                DocumentClaims(REGISTER, (ROW, PROSE)),
                DocumentClaims(UNKNOWN, (OWN,)),
            ]
        )
        judge(opened, [Judgement(Verdict.RIGHT, SUPPLY, NEWS.sha256, "ada", "2026-01-01T00:00:00Z")])
        yield opened


def left(store, **options):
    return {(claim.subject.name, claim.relation) for claim in select(store, Selection.of(**options)).claims()}


def test_accepted_is_what_a_person_confirmed_or_made_and_the_rows_of_a_register(store):
    accepted = {("Nvidia", "supplies"), ("Nvidia", "holds-stake"), ("Nvidia", "partners-with")}
    assert left(store, accepted_only=True) == accepted
    assert left(store, accepted_only=True, tiers=["register"]) == {("Nvidia", "holds-stake")}


def test_tiers_leave_their_documents_and_none_of_which_nobody_said_it(store):
    assert left(store, tiers=["news"]) == {("Nvidia", "supplies"), ("Nvidia", "invests-in")}
    assert left(store, tiers=["news"], leads=True) == left(store, tiers=["news"]) | {("OpenAI", "invests-in")}
    assert left(store, tiers=["web"]) == set()
    with pytest.raises(QueryError, match=r"no tier 'fillings'.*Did you mean 'filing'"):
        Selection.of(tiers=["fillings"])
    with pytest.raises(QueryError, match="ask for them with accepted-only or tiers"):
        Selection.of(leads=True)


def test_no_lead_passes_unless_asked_for_and_accepted_is_stricter(store):
    def candidates(**options):
        return [claim.id for claim in select(store, Selection.of(**options)).candidates()]

    assert candidates(tiers=["news"]) == []
    assert candidates(tiers=["news"], leads=True) == [DOUBTFUL.id]
    assert candidates(accepted_only=True, leads=True) == []
    judge(store, [Judgement(Verdict.RIGHT, LEAD, NEWS.sha256, "ada", "2026-01-02T00:00:00Z")])
    assert ("OpenAI", "invests-in") not in left(store, accepted_only=True)
    assert ("OpenAI", "invests-in") in left(store, accepted_only=True, leads=True)


def test_sparql_and_rdf_are_of_what_is_left_alone_and_nothing_can_be_written(store):
    part = select(store, Selection.of(accepted_only=True))
    assert bool(part.query("ASK { company:nvidia kg:supplies company:coreweave }"))
    assert not bool(part.query("ASK { company:nvidia kg:investsIn company:openai }"))
    said = [str(row["words"].value) for row in part.query("SELECT ?words { ?graph kg:selection ?words }")]
    assert said == [part.selection.words()]
    kept = {claim.id: claim.recorded_at for claim in store.claims()}
    assert {claim.recorded_at for claim in part.claims()} <= {*kept.values()}
    with pytest.raises(StoreError, match="a selection is for reading"):
        part.commit([])
    with pytest.raises(StoreError, match="left out here"):
        part.claim(INVESTS.id)


def test_a_tier_is_data_of_its_document_in_journal_and_rdf(store):
    assert store.document("news.txt").tier is Tier.NEWS
    assert store.document("page.txt").tier is None
    pattern = "?document kg:tier ?tier ; schema:identifier 'news.txt' . ?tier kg:name ?label"
    rows = store.query(f"SELECT ?label {{ {pattern} }}")
    assert [row["label"].value for row in rows] == ["news"]


def test_every_answer_says_that_it_is_narrowed(store):
    graph = kg.Graph(store).select(tiers=["news"], leads=True)
    words = "narrowed: only sources of these tiers: news; with leads"
    for form in ("csv", "jsonl", "graphml", "trig", "turtle", "jsonld"):
        out = io.BytesIO()
        notes = graph.export(form, out)
        assert words in notes
        assert words in out.getvalue().decode(), form
    assert words in graph.page(form="json")
    assert "restreint : seulement les sources de ces rangs : presse" in graph.page(lang="fr")
    assert words in graph.analyse("issues").notes
    assert words in graph.relations().notes
    assert words in graph.query("suppliers", "CoreWeave").notes
    assert words in str(graph.show("CoreWeave"))
    assert set(graph.to_pandas()["selection"]) == {words}
    assert graph.to_networkx().graph["selection"] == words


def test_the_whole_graph_says_nothing_of_it(store):
    out = io.BytesIO()
    kg.Graph(store).select().export("csv", out)
    assert b"narrowed" not in out.getvalue()
    assert kg.Graph(store).select().store is store


def test_leads_to_review_are_in_tables_with_their_outcome_and_in_no_rdf(store):
    graph = kg.Graph(store).select(tiers=["news"], leads=True)
    out = io.BytesIO()
    graph.export("csv", out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))
    assert {(row["claim"], row["outcome"], row["fact"]) for row in rows} >= {(DOUBTFUL.id, "to-review", "false")}
    out = io.BytesIO()
    graph.export("nquads", out)
    assert DOUBTFUL.id not in out.getvalue().decode()


def test_the_command_line_narrows_view_export_analysis_and_questions(tmp_path):
    path, register = tmp_path / "store", tmp_path / "list.csv"
    register.write_text("holder,issuer,share\nNvidia,CoreWeave,0.06\n", "utf-8")

    def run(*arguments):
        done = CliRunner().invoke(cli, [*map(str, arguments), "--store", str(path)])
        assert done.exit_code == 0, (done.output, done.exception)
        return done

    run("import", "edges", register, "--tier", "register")
    run("add", "OpenAI", "invests-in", "CoreWeave", "--source", "a talk", "--author", "ada")
    exported = run("export", "--format", "jsonl", "--accepted-only", "--tiers", "register").stdout.splitlines()
    assert [json.loads(line)["subject"]["name"] for line in exported] == ["Nvidia"]
    assert "narrowed: only claims that a person accepted" in run("view", "-o", "-", "--accepted-only").stdout
    assert "narrowed: only sources" in run("analyse", "owners", "CoreWeave", "--tiers", "own-note").stdout
    assert "Nvidia" not in run("query", "investors", "CoreWeave", "--tiers", "own-note").stdout
    assert "narrowed: only sources" in run("show", "CoreWeave", "--tiers", "register").stdout
    listed = run("claims", "--tiers", "register", "--format", "jsonl")
    assert [json.loads(line)["subject"] for line in listed.stdout.splitlines()] == ["Nvidia"]
    assert "kg: note: narrowed: only sources" in listed.stderr
    exported = run("claims", "--accepted-only", "--tiers", "own-note", "--format", "csv").stdout
    assert [row["subject"] for row in csv.DictReader(io.StringIO(exported, newline=""))] == ["OpenAI"]
    assert "only claims that a person accepted" in exported
    period = ("--clock", "recorded", "--from", "2000", "--to", "2999")
    changed = run("diff", *period, "--tiers", "own-note", "--format", "jsonl")
    assert {json.loads(line)["subject"] for line in changed.stdout.splitlines()} == {"OpenAI"}
    assert "kg: note: narrowed: only sources" in changed.stderr
    assert len(run("diff", *period, "--format", "jsonl").stdout.splitlines()) > len(changed.stdout.splitlines())


def test_a_build_takes_the_tier_and_a_change_of_it_reads_nothing_anew(tmp_path):
    article = tmp_path / "a.txt"
    article.write_text("Nvidia owns a 6% stake in CoreWeave.", "utf-8")
    with kg.Graph(open_store(None, write=True)) as graph:
        graph.build(article, lang="en", tier="news")
        report = graph.build(article, lang="en", tier="filing")
        assert (report.read, report.sorted_anew) == (0, 1)
        assert graph.documents()["a.txt"].tier is Tier.FILING
        assert graph.build(article, lang="en").unchanged == 1
        assert graph.documents()["a.txt"].tier is Tier.FILING


def test_a_part_follows_the_whole_and_leaves_it_open(store):
    asked = "ASK { company:nvidia kg:investsIn company:openai }"
    with select(store, Selection.of(tiers=["news"])) as part:
        assert bool(part.query(asked))
        judge(store, [Judgement(Verdict.WRONG, INVESTS, NEWS.sha256, "ada", "2026-01-02T00:00:00Z")])
        assert {(claim.subject.name, claim.relation) for claim in part.claims()} == {("Nvidia", "supplies")}
        assert not bool(part.query(asked))
    assert len(list(store.claims())) > 1


def test_documents_of_other_tiers_are_not_there(store):
    part = select(store, Selection.of(tiers=["register"]))
    assert (part.holds("list/000001"), part.holds("news.txt"), part.holds("page.txt")) == (True, False, False)
    for read in (part.document, part.reading):
        assert read("list/000001")
        with pytest.raises(UnknownDocument, match=r"'news\.txt' is left out here; narrowed: only sources"):
            read("news.txt")
    news = kg.Graph(store).select(tiers=["news"])
    assert (len(kg.Graph(store).query("copies").to_pandas()), len(news.query("copies").to_pandas())) == (2, 0)
    assert "narrowed: only sources of these tiers: news; without leads" in news.search("Nvidia").notes


# ---------------------------------------------------------------------------------- a store of its own
def test_a_narrowed_folder_holds_what_is_left_and_follows(tmp_path):
    path = tmp_path / "store"
    with open_store(path, write=True) as whole:
        whole.commit(
            [DocumentClaims(NEWS, (SUPPLY, INVESTS)), DocumentClaims(REGISTER, (ROW,)), DocumentClaims(UNKNOWN, (OWN,))]
        )
        judge(whole, [Judgement(Verdict.RIGHT, SUPPLY, NEWS.sha256, "ada", "2026-01-01T00:00:00Z")])
    (tmp_path / "work").mkdir()
    selection = Selection.of(tiers=["news", "register"])
    folder = NarrowedFolder(path, tmp_path / "work", selection)

    def held():
        with open_store(folder.folder) as part:
            assert [row["words"].value for row in part.query("SELECT ?words { ?graph kg:selection ?words }")] == [
                selection.words()
            ]
            assert [reading for one in part.documents() for reading in part.reading(one.id).judgements] == []
            return {one.id for one in part.documents()}, {(one.subject.name, one.relation) for one in part.claims()}

    news = {("Nvidia", "supplies"), ("Nvidia", "invests-in")}
    assert held() == ({"news.txt", "list/000001"}, {*news, ("Nvidia", "holds-stake")})
    with open_store(path, write=True) as whole:
        judge(whole, [Judgement(Verdict.WRONG, INVESTS, NEWS.sha256, "ada", "2026-01-02T00:00:00Z")])
        whole.commit([DocumentClaims(replace(REGISTER, tier=Tier.WEB), (ROW,))])
        whole.commit([DocumentClaims(replace(UNKNOWN, tier=Tier.NEWS), (OWN,))])
    folder.follow()
    assert held() == ({"news.txt", "page.txt"}, {("Nvidia", "supplies"), ("Nvidia", "partners-with")})
    with open_store(path, write=True) as whole:
        whole.forget("page.txt")
    folder.follow()
    assert held() == ({"news.txt"}, {("Nvidia", "supplies")})
    folder.close()
