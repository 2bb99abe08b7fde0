"""The commands `kg bundle`, its `verify` and `merge`, and `kg cite`."""

import json
import zipfile

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.cli.bundle import _KINDS
from kg.errors import BundleError, KgError
from kg.view.scenes import Note, Scenes


@pytest.fixture
def run(example_store, tmp_path, monkeypatch):
    monkeypatch.setenv("KG_TODAY", "2025-06-30")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KG_STORE", str(example_store))

    def command(*arguments):
        return CliRunner().invoke(cli, list(arguments), catch_exceptions=True)

    return command


def notes(path, *, author):
    path.write_text(json.dumps(Scenes((Note("company/nvidia", f"Says {author}.", author),)).json()), "utf-8")
    return str(path)


def test_a_story_is_made_proved_and_merged(run, tmp_path):
    ask = ("OpenAI–CoreWeave", "--companies", "OpenAI, CoreWeave,Nvidia", "--from", "2024")
    made = run("bundle", *ask, "-o", "ana.zip", "--notes", notes(tmp_path / "ana.json", author="Ana"))
    assert made.exit_code == 0, made.output
    assert made.stdout.startswith("wrote ana.zip: 11 claims of 4 documents, 4 left out, 14 files\n")
    assert (
        run(
            "bundle",
            *ask,
            "--lang",
            "fr",
            "-o",
            "ben.zip",
            "--notes",
            notes(tmp_path / "ben.json", author="Ben"),
            "--texts",
        ).exit_code
        == 0
    )
    proof = run("bundle", "verify", "ben.zip")
    assert (
        "ben.zip is whole: 18 files as the manifest says, 11 claims, the same in each; 12 of 12 quotes stand"
        in proof.stdout
    )
    both = run("bundle", "merge", "ana.zip", "ben.zip")
    assert both.exit_code == 0, both.output
    assert "11 claims of 4 documents, 4 left out, 18 files, 2 conflicts" in both.stdout
    assert "  asked for otherwise: lang: en | fr\n" in both.stdout
    assert "  different notes on company/nvidia: Says Ana. (Ana) | Says Ben. (Ben)\n" in both.stdout
    assert run("bundle", "verify", "merged.zip").exit_code == 0


def test_options_may_stand_before_the_title_and_the_bundle_may_be_printed(run, tmp_path):
    assert run("bundle", "--relation", "supplies", "--from", "2024", "Supplies", "-o", "s.zip").exit_code == 0
    printed = run("bundle", "Supplies", "--relation", "supplies", "--from", "2024", "-o", "-")
    assert printed.stdout_bytes == (tmp_path / "s.zip").read_bytes()


def test_the_very_bundle_is_told_by_its_id(run):
    assert run("bundle", "Supplies", "--relation", "supplies", "-o", "s.zip").exit_code == 0
    id_ = run("bundle", "verify", "s.zip", "--id").stdout.strip()
    assert len(id_) == 64
    assert run("bundle", "verify", "s.zip", "--expect", id_).exit_code == 0
    other = run("bundle", "verify", "s.zip", "--expect", "0" * 64)
    assert "another bundle than 000" in str(other.exception)
    assert id_ in str(other.exception)


def test_what_is_wrong_is_told_a_line_each(run, tmp_path):
    assert run("bundle", "All", "-o", "s.zip").exit_code == 0
    data = bytearray((tmp_path / "s.zip").read_bytes())
    for name in ("claims.csv", "story.json"):
        data[zipfile.ZipFile("s.zip").getinfo(name).header_offset + 80] ^= 1
    (tmp_path / "s.zip").write_bytes(data)
    proof = run("bundle", "verify", "s.zip")
    assert isinstance(proof.exception, BundleError)
    assert "claims.csv was changed" in str(proof.exception)
    assert "kg: s.zip: story.json was changed" in proof.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("T", "--companies", "Nvidai"), "Did you mean 'Nvidia'?"),
        (("T", "--relation", "suplies"), "Did you mean"),
        (("T", "--from", "2025", "--to", "2024"), "no day lies from 2025 to 2024"),
        (("T", "--from", "soon"), "from 'soon' is no date"),
        (("T", "--notes", "none.json"), "none.json: cannot be read"),
        ((" ", "-o", "x.zip"), "a story needs a title"),
        (("T", "--tiers", "press"), "there is no tier 'press'"),
        (("T", "--tiers", "news"), "only sources of these tiers: news"),
        (("verify", "nowhere.zip"), "cannot be read"),
        (("merge", "nowhere.zip", "nowhere.zip"), "cannot be read"),
    ],
)
def test_wrong_requests_are_told_in_one_line(run, tmp_path, arguments, message):
    result = run("bundle", *arguments)
    assert result.exit_code
    said = str(result.exception) if isinstance(result.exception, KgError) else result.output
    assert message in said
    assert "\n" not in said.strip()
    assert not list(tmp_path.glob("*.zip"))


def test_a_claim_is_cited(run):
    claim = json.loads(run("claims", "--format", "jsonl").stdout.splitlines()[0])["claim"]
    assert run("cite", claim[:10]).stdout.startswith("Note: “")
    assert run("cite", claim, "--style", "bibtex").stdout.startswith("@misc{kg")
    assert run("cite", claim, "--lang", "fr").stdout.startswith("Note\u00a0: «")


def test_each_kind_of_conflict_has_words():
    from kg.bundle.story import ConflictKind
    from kg.wording.bundles import BUNDLE_WORDING

    assert set(_KINDS) == {kind.value for kind in ConflictKind}
    assert {f"conflict_{kind}" for kind in ConflictKind} <= BUNDLE_WORDING["en"].keys()
