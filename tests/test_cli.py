"""The command line as a user meets it: what it prints, and one clear line for whatever goes wrong."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner

import kg
from kg.cli import cli, main
from kg.cli.columns import ask_columns
from kg.documents import ColumnQuestion, Source
from kg.store import open_store

ARTICLE = "Nvidia prend une part\n\nNvidia détient 6 % du capital de CoreWeave. OpenAI rivalise avec Microsoft.\n"


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch, capfd) -> Callable[..., Done]:
    def call(*arguments) -> Done:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        capfd.readouterr()
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        sys.stdout.flush()
        shown = capfd.readouterr()
        return Done(code, shown.out, shown.err)

    return call


@pytest.fixture(scope="session")
def examples(example_store, tmp_path_factory) -> Path:
    """A store of the example articles."""
    return shutil.copytree(example_store, tmp_path_factory.mktemp("cli") / "store")


@pytest.fixture
def article(tmp_path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE)
    return path


def assert_one_line(done: Done, *parts: str) -> None:
    """It failed, with one line that says what, where and what to do."""
    assert done.code == 1, done
    lines = [line for line in done.err.splitlines() if line]
    assert len(lines) == 1, done.err
    assert lines[0].startswith("kg: ")
    for part in parts:
        assert part in lines[0]


# ---------------------------------------------------------------------------------- what it does
def test_build_tells_what_it_read_and_reading_twice_changes_nothing(run, article, tmp_path):
    store = tmp_path / "store"
    first, second = run("build", article, "--store", store), run("build", article, "--store", store)
    assert (first.code, second.code) == (0, 0)
    assert "read 1 documents, 2 claims" in first.out
    assert "read 0 documents, 0 claims admitted, 0 to review, 0 refused, 1 unchanged" in second.out


def test_build_reads_standard_input(run, tmp_path, monkeypatch):
    class Piped:
        buffer = __import__("io").BytesIO(ARTICLE.encode())

    monkeypatch.setattr(sys, "stdin", Piped)
    assert "2 claims" in run("build", "-", "--lang", "fr", "--store", tmp_path / "s").out


def test_relations_lists_terms_and_modality(run, examples):
    shown = run("relations", "--store", examples).out
    assert "6 % of capital" in shown
    assert "350 M USD" in shown
    assert "planned" in shown


def test_relations_of_one_company_in_french_as_json_lines(run, examples):
    done = run(
        "relations", "Nvidia", "--relation", "holds-stake", "--format", "jsonl", "--lang", "fr", "--store", examples
    )
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert {(row["subject"], row["object"]) for row in rows} == {("Nvidia", "CoreWeave")}


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
def test_query_answers_in_every_form(run, examples, form):
    assert "Nvidia" in run("query", "holders", "CoreWeave", "--format", form, "--store", examples).out


def test_query_takes_sparql_and_a_file(run, examples, tmp_path):
    sparql = "SELECT ?who { ?who kg:holdsStake company:coreweave }"
    (tmp_path / "q.rq").write_text(sparql)
    for query in (sparql, tmp_path / "q.rq"):
        assert "nvidia" in run("query", query, "--store", examples).out


def test_the_library_is_listed_with_its_parameters(run):
    shown = run("query", "--list").out
    for name in ("suppliers", "holders", "revenue-shares", "changes", "planned", "evidence", "connections", "about"):
        assert f"kg query {name}" in shown
    for name in ("owners", "frenemies", "concentration", "path"):
        assert f"kg analyse {name}" in shown
    assert run("analyse", "--list").out == shown


def test_show_and_between_print_the_sentence(run, examples):
    assert "Nvidia détient 6 % du capital de CoreWeave" in run("show", "CoreWeave", "--store", examples).out
    assert "Microsoft" in run("between", "OpenAI", "Microsoft", "--lang", "fr", "--store", examples).out


@pytest.fixture
def press(run, tmp_path):
    """A store of four articles on one stake: two of their own, a reprint, one with another figure."""
    more = (
        "The chip maker has had a seat on the board since the autumn, and has never missed one of its meetings there."
    )
    texts = {
        "daily": f"Nvidia owns 6% of CoreWeave. {more}",
        "reprint": f"(Litoral) – Nvidia owns 6% of CoreWeave. {more}",
        "register": "Nvidia détient 6 % du capital de CoreWeave.",
        "rival": "Nvidia owns 5.2% of CoreWeave.",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(f"{name.capitalize()} of May\n\n{text}\n", "utf-8")
        date = "2025-05-09" if name == "rival" else "2025-05-02"
        lang = "fr" if name == "register" else "en"
        assert (
            run("build", tmp_path / f"{name}.txt", "--lang", lang, "--date", date, "--store", tmp_path / "press").code
            == 0
        )
    return tmp_path / "press"


def test_disputed_figures_are_shown_by_source_and_date_with_copies_counted_once(run, press):
    done = run("query", "disputes", "CoreWeave", "--format", "jsonl", "--store", press)
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [(row["differs"], row["terms"], row["known_from"], row["sources"], row["document"]) for row in rows] == [
        ("percent", "6 % of capital", "2025-05-02", "2", "daily.txt"),
        ("percent", "6 % of capital", "2025-05-02", "2", "register.txt"),
        ("percent", "6 % of capital", "2025-05-02", "2", "reprint.txt"),
        ("percent", "5.2 % of capital", "2025-05-09", "1", "rival.txt"),
    ]
    assert rows[-1]["sentence"] == "Nvidia owns 5.2% of CoreWeave."
    for command in (("show", "Nvidia"), ("between", "CoreWeave", "Nvidia")):
        shown = run(*command, "--store", press).out
        assert "2 independent sources, 3 documents" in shown
        assert (
            "Disputed: the sources differ\n  Nvidia holds a stake in CoreWeave · percent\n    6 % of capital" in shown
        )
    copies = run("query", "copies", "--store", press).out.splitlines()
    assert [line.split()[:2] for line in copies] == [["group", "document"], ["1", "daily.txt"], ["1", "reprint.txt"]]


def test_python_has_the_disputes_as_a_table(press):
    with kg.open(press) as graph:
        table = graph.disputes("CoreWeave")
        assert list(table["document"]) == ["daily.txt", "register.txt", "reprint.txt", "rival.txt"]
        assert graph.disputes().equals(table)
        assert "2 independent sources, 3 documents" in str(graph.show("CoreWeave"))


def test_view_writes_a_page(run, examples, tmp_path):
    page = tmp_path / "graph.html"
    assert run("view", "-o", page, "--store", examples).code == 0
    assert "<title>" in page.read_text()
    data = run("view", "--format", "json", "-o", "-", "--store", examples).out
    assert "CoreWeave" in {one["name"] for one in json.loads(data)["companies"]}


@pytest.mark.parametrize("form", ["turtle", "trig", "nquads", "jsonld", "graphml", "csv", "jsonl"])
def test_export_writes_every_format(run, examples, form):
    done = run("export", "--format", form, "--store", examples)
    assert done.code == 0, done.err
    assert "coreweave" in done.out.casefold()


def test_forget_withdraws_a_document(run, examples, tmp_path):
    store = tmp_path / "copy"
    shutil.copytree(examples, store)
    done = run("forget", "stargate.en.html", "--store", store)
    assert done.code == 0
    assert "claims withdrawn" in done.out
    with open_store(store) as left:
        assert all(claim.document != "stargate.en.html" for claim in left.claims())


def test_check_finds_nothing_wrong_with_the_examples(run, examples):
    done = run("check", "--store", examples)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("0 violations")


def test_the_store_may_come_from_the_environment(run, examples, monkeypatch):
    monkeypatch.setenv("KG_STORE", str(examples))
    assert "CoreWeave" in run("relations").out


def test_every_command_has_help():
    for name, command in cli.commands.items():
        assert command.help, name
        assert all(option.help for option in command.params if option.param_type_name == "option"), name


def test_a_file_of_many_documents_is_forgotten_by_its_name(run, tmp_path):
    lines = [json.dumps({"title": f"Stake {share}", "body": f"Microsoft owns {share}% of Oracle."}) for share in (6, 7)]
    (tmp_path / "news.jsonl").write_text("\n".join(lines))
    store = tmp_path / "s"
    assert "read 2 documents" in run("build", tmp_path / "news.jsonl", "--lang", "en", "--store", store).out
    done = run("forget", "news.jsonl", "--store", store)
    assert done.out.startswith("forgot 2 documents of news.jsonl: ")
    assert_one_line(run("forget", "news.jsonl", "--store", store), "no document 'news.jsonl'")


def test_addresses_without_a_page_are_counted_at_the_end(run, tmp_path):
    (tmp_path / "list.urls").write_text("https://example.org/1\nhttps://example.org/2\n")
    done = run("build", tmp_path / "list.urls", "--store", tmp_path / "s")
    assert "2 of 2 listed addresses without a page in these files" in done.out


def test_the_columns_of_a_sheet_are_asked_for_by_their_numbers(capfd, monkeypatch):
    question = ColumnQuestion("notes.csv", ("Wer", "Was"), ("Ada", "Oracle has …"), ("Was",))
    answers = iter([2, 1, 0, 0])
    asked = []
    monkeypatch.setattr("click.prompt", lambda text, **how: (asked.append((text, how["default"])), next(answers))[1])
    assert ask_columns(Source("notes.csv", "notes.csv"), question) == {"text": "Was", "title": "Wer"}
    assert asked[0] == ("Which column holds the text of an article? 0 is none, and reads the sheet as a table", 2)
    assert "2  Was: Oracle has …" in capfd.readouterr().err
    monkeypatch.setattr("click.prompt", lambda *_, **__: 0)
    assert ask_columns(Source("notes.csv", "notes.csv"), question) == {"text": ""}


# ---------------------------------------------------------------------------------- what goes wrong
def test_a_missing_file(run, tmp_path):
    assert_one_line(run("build", "-q", tmp_path / "no.txt", "--store", tmp_path / "s"), "no.txt", "not")


def test_a_binary_file(run, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"%PDF-1.7\x00\x01\x02")
    assert_one_line(run("build", "-q", tmp_path / "a.txt", "--store", tmp_path / "s"), "a.txt")


def test_an_empty_file(run, tmp_path):
    (tmp_path / "a.txt").write_bytes(b" \n")
    assert_one_line(run("build", "-q", tmp_path / "a.txt", "--store", tmp_path / "s"), "a.txt", "empty")


def test_a_wrong_encoding(run, tmp_path):
    (tmp_path / "a.txt").write_bytes(bytes(range(128, 256)) * 4)
    assert_one_line(run("build", "-q", tmp_path / "a.txt", "--store", tmp_path / "s"), "a.txt", "encoding")


def test_an_unknown_language(run, tmp_path):
    (tmp_path / "a.txt").write_text("Der Konzern hat gestern angekündigt, seinen größten Konkurrenten zu übernehmen.")
    assert_one_line(run("build", "-q", tmp_path / "a.txt", "--store", tmp_path / "s"), "a.txt", "--lang")


def test_what_fails_does_not_keep_the_rest_from_being_read(run, article, tmp_path):
    done = run("build", tmp_path / "no.txt", article, "--store", tmp_path / "s")
    assert done.code == 1
    assert "read 1 documents" in done.out
    assert "1 sources not read" in done.out


def test_a_folder_that_something_else_wrote_is_left_alone(run, article, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.md").write_text("mine")
    assert_one_line(run("build", "-q", article, "--store", tmp_path / "other"), "no store of kg")
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["notes.md"]


def test_a_store_that_is_not_there(run, tmp_path):
    assert_one_line(run("relations", "--store", tmp_path / "s"), "there is no store", "kg build")
    assert not (tmp_path / "s").exists()


def test_a_store_of_an_older_format(run, tmp_path):
    store = Path(shutil.copytree(Path(__file__).parent / "store" / "formats" / "v1", tmp_path / "old"))
    for command in (["relations"], ["verify"], ["build", "-q", tmp_path], ["backup", tmp_path / "saved"]):
        assert_one_line(run(*command, "--store", store), "kg-journal/1", f"'kg migrate --store {store}'")
    assert run("migrate", "--store", store).out == "brought from kg-journal/1 to kg-journal/5\n"
    assert run("verify", "--store", store).out == "0 differences; verified 1 documents, 2 claims, 3 quotes\n"
    assert "has the format kg-journal/5 already" in run("migrate", "--store", store).out


def test_a_store_that_is_not_there_is_not_migrated(run, tmp_path):
    assert_one_line(run("migrate", "--store", tmp_path / "s"), "there is no store")


def test_a_store_in_use_by_another_process(run, article, examples):
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import sys; from kg.store import open_store\ns = open_store(sys.argv[1])\n"
                "print('open', flush=True); sys.stdin.read()"
            ),
            examples,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"open\n"
        assert_one_line(run("build", "-q", article, "--store", examples), "in use")
        assert run("relations", "--store", examples).code == 0
    finally:
        holder.communicate()


def test_a_page_that_cannot_be_written_leaves_the_old_one(run, examples, tmp_path):
    assert_one_line(run("view", "-o", tmp_path / "no" / "graph.html", "--store", examples), "cannot be written")


def test_a_full_disk_loses_nothing(run, article, tmp_path):
    store = tmp_path / "store"
    assert run("build", "-q", article, "--store", store).code == 0
    with open_store(store) as before:
        kept = [claim.id for claim in before.claims()]
    (tmp_path / "more.txt").write_text("Un titre\n\n" + "Microsoft a racheté Nvidia pour 2 milliards d'euros. " * 100)
    limited = f"ulimit -f 24; exec {sys.executable} -m kg build -q {tmp_path / 'more.txt'} --store {store}"
    done = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if "Traceback" in line] == []
    assert "full" in done.stderr or "cannot" in done.stderr, done.stderr
    with open_store(store) as after:
        assert [claim.id for claim in after.claims()] == kept


def test_a_sparql_syntax_error(run, examples):
    assert_one_line(run("query", "SELECT ?x { ?x kg:supplies }", "--store", examples), "no SPARQL")


def test_an_unknown_query_name(run, examples):
    assert_one_line(run("query", "suplliers", "OpenAI", "--store", examples), "Did you mean 'suppliers'")


def test_a_company_that_is_not_in_the_graph(run, examples):
    assert_one_line(run("show", "Nvidea", "--store", examples), "Nvidea", "Did you mean 'Nvidia'")


def test_a_query_without_its_company(run, examples):
    assert_one_line(run("query", "holders", "--store", examples), "company")


def test_an_unknown_document(run, examples, tmp_path):
    store = tmp_path / "copy"
    shutil.copytree(examples, store)
    assert_one_line(run("forget", "stargate.en.htm", "--store", store), "Did you mean 'stargate.en.html'")


def test_an_unknown_format(run, examples):
    assert_one_line(run("export", "--format", "turtel", "--store", examples), "turtle")


def test_wrong_usage_is_two(run):
    assert run("build").code == 2


def test_lexicon_test_shows_the_entry_the_roles_and_the_places():
    ran = CliRunner().invoke(cli, ["lexicon", "test", "Nvidia détient 6 % du capital de CoreWeave."])
    assert ran.exit_code == 0
    assert "entry    fr/holds-stake: {A} détenir" in ran.output
    assert "subject  0–6  Nvidia" in ran.output


def test_lexicon_test_tells_of_words_that_found_no_names():
    ran = CliRunner().invoke(cli, ["lexicon", "test", "--lang", "fr", "Les actionnaires ont racheté des parts."])
    assert "Readings: none" in ran.output
    assert "racheté" in ran.output


def test_lexicon_entries_lists_templates_and_names_a_relation_that_is_none():
    ran = CliRunner().invoke(cli, ["lexicon", "entries", "lends-to", "--lang", "en"])
    assert "lends-to: {A} lend|loan {amount} to {B}" in ran.output
    wrong = CliRunner().invoke(cli, ["lexicon", "entries", "lend-to"])
    assert "no relation" in str(wrong.exception)
    assert "lends-to" in str(wrong.exception)


def test_a_build_with_a_model_that_nobody_answers_for_keeps_the_rules_claims_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("KG_LLM_KEY", "a-secret")
    article = tmp_path / "a.txt"
    article.write_text("Nvidia détient 6 % du capital de CoreWeave, a annoncé la société hier soir à Paris.", "utf-8")
    store = str(tmp_path / "store")
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.001)
    monkeypatch.setattr("openai._base_client.MAX_RETRY_DELAY", 0.002)
    asked = ["build", str(article), "--llm", "a-model", "--llm-url", "http://127.0.0.1:9/v1", "--store", store]
    ran = CliRunner().invoke(cli, asked)
    assert ran.exit_code == 1
    assert "read in part" in ran.output
    assert "a-secret" not in ran.output
    assert "1 claims" in ran.output
    assert "read 1 documents" in CliRunner().invoke(cli, asked).output


def test_a_price_that_is_none_is_named(tmp_path):
    ran = CliRunner().invoke(cli, ["build", str(tmp_path), "--llm", "m", "--llm-price", "cheap"])
    assert ran.exit_code == 2
    assert "write IN,OUT" in ran.output


# ---------------------------------------------------------------------------------- the day
def test_today_may_be_given_and_a_file_that_is_written_says_for_which_day_it_stands(run, examples, tmp_path):
    done = run("export", "--today", "2025-03", "-o", tmp_path / "graph.csv", "--store", examples)
    assert done.code == 0
    assert "the facts are those of 2025-03-31" in done.err


@pytest.mark.parametrize("command", [("relations",), ("query", "holders", "CoreWeave"), ("show", "Nvidia"), ("view",)])
def test_a_day_that_is_none_is_one_line(run, examples, command, monkeypatch):
    assert_one_line(run(*command, "--today", "2025-02-30", "--store", examples), "--today '2025-02-30' is no date")
    monkeypatch.setenv("KG_TODAY", "soon")
    assert_one_line(run(*command, "--store", examples), "'soon' is no date: write YYYY")


@pytest.fixture
def sorted_store(tmp_path, sorted_reading):
    path = tmp_path / "sorted"
    with open_store(path, write=True) as store:
        store.commit([sorted_reading])
    return path


def test_claims_are_listed_with_what_the_gate_decided_and_counted_by_reason(run, sorted_store):
    done = run("claims", "--store", sorted_store)
    assert (done.code, done.err) == (0, "")
    *_, heading, first, second, third = done.out.splitlines()
    assert heading == "2 admitted, 1 to review, 1 refused"
    assert first == "    1  KIND             an end is of a kind that the relation does not take"
    assert (second.split()[:2], third.split()[:2]) == (["1", "TWO_VALUES"], ["1", "UNREADABLE_TERM"])
    review = run("claims", "--to-review", "--store", sorted_store, "--format", "jsonl").out
    [claim] = map(json.loads, review.splitlines())
    assert (claim["subject"], claim["outcome"], claim["reasons"]) == ("OpenAI", "to-review", "TWO_VALUES")
    assert run("claims", "--outcome", "to-review", "--store", sorted_store, "--format", "jsonl").out == review
    table = run("claims", "--reason", "kind", "--store", sorted_store, "--format", "markdown").out.splitlines()
    assert table[0].startswith("| subject | relation |")
    assert len([line for line in table if line.startswith("| Nvidia | ")]) == 1
    assert run("claims", "--text", "nobody", "--store", sorted_store).out == "no rows\n"
    assert_one_line(run("claims", "--reason", "KINDS", "--store", sorted_store), "no reason 'KINDS'", "'KIND'")


def test_what_is_to_review_is_mentioned_and_never_mixed_in(run, sorted_store, tmp_path):
    relations = run("relations", "--store", sorted_store)
    assert relations.err == "kg: note: 1 more claims are to review: kg claims --to-review lists them\n"
    assert "holds a stake" not in relations.out
    assert "1 more to review" in run("show", "OpenAI", "--store", sorted_store).out
    assert "to review (TWO_VALUES)" in run("show", "OpenAI", "--outcome", "all", "--store", sorted_store).out
    assert "refused (KIND" in run("between", "Nvidia", "CoreWeave", "--outcome", "refused", "--store", sorted_store).out
    exported = tmp_path / "claims.jsonl"
    assert run("export", "-o", exported, "--outcome", "refused", "--store", sorted_store).code == 0
    assert [json.loads(line)["outcome"] for line in exported.read_text().splitlines()] == ["refused"]
    assert_one_line(run("export", "--format", "turtle", "--outcome", "all", "--store", sorted_store), "as jsonl, csv")


def test_a_build_ends_with_the_counts_of_the_outcomes_and_sorts_anew_by_precision(run, article, tmp_path):
    store = tmp_path / "store"
    built = run("build", article, "--store", store).out
    told = re.match(r"read 1 documents, 2 claims admitted, (\d+) to review, (\d+) refused", built)
    doubtful, refused = map(int, told.groups())
    again = run("build", article, "--store", store, "--precision", "1").out
    sorted_ = f"0 claims admitted, {doubtful + 2} to review, {refused} refused"
    assert again.startswith(f"read 0 documents, 1 documents sorted anew, {sorted_}")
    listed = run("claims", "--to-review", "--store", store).out
    assert f"{doubtful + 2} to review\n" in listed
    assert re.search(r"\n +[2-9]  LOW_CONFIDENCE", listed)
    assert run("build", article, "--store", store, "--precision", "1").out.startswith("read 0 documents, 0 claims")


def test_a_mail_is_forgotten_with_what_is_attached_to_it(run, tmp_path):
    message = EmailMessage()
    message["Subject"], message["From"] = "Stakes", "ada@example.org"
    message.set_content("Microsoft owns 6% of Oracle.")
    message.add_attachment("Microsoft owns 7% of Nvidia.", filename="note.txt")
    (tmp_path / "m.eml").write_bytes(bytes(message))
    store = tmp_path / "s"
    assert "read 2 documents" in run("build", tmp_path / "m.eml", "--lang", "en", "--store", store).out
    assert run("forget", "m.eml", "--store", store).out.startswith("forgot 2 documents of m.eml: ")
    with open_store(store) as left:
        assert list(left.documents()) == []
