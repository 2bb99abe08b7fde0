"""Tokens: kept hashed in a closed file, good for their time, revoked at once."""

import datetime as dt
import json
import stat

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import KgError
from kg.server.tokens import Role, TokenFile, TokenFileError, new_token
from kg.store import open_store

NOW = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


@pytest.fixture
def file(tmp_path):
    return TokenFile(tmp_path / "tokens.json")


def test_a_token_is_found_until_its_time_is_over(file):
    secret, token = new_token("ada", Role.REVIEWER, 30, NOW)
    file.add(token)
    assert file.find(secret, NOW) == token == file.by_id(token.id, NOW)
    assert file.find(secret + "x", NOW) is None
    late = NOW + dt.timedelta(days=31)
    assert file.find(secret, late) is None
    assert file.by_id(token.id, late) is None


def test_a_revoked_token_opens_nothing_in_a_server_that_has_it_open(file):
    secrets = {}
    for name in ("ada", "bo"):
        secrets[name], token = new_token(name, Role.READER, 30, NOW)
        file.add(token)
    running = TokenFile(file.path)
    assert running.find(secrets["ada"], NOW).name == "ada"
    assert [one.name for one in file.revoke("ada")] == ["ada"]
    assert running.find(secrets["ada"], NOW) is None
    assert running.find(secrets["bo"], NOW).role is Role.READER
    with pytest.raises(TokenFileError, match=r"no token .* is called 'ada'"):
        file.revoke("ada")


def test_the_file_is_closed_to_others_and_holds_no_token(file):
    secret, token = new_token("ada", Role.REVIEWER, 30, NOW)
    file.add(token)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert secret.removeprefix("kg_") not in file.path.read_text()
    file.path.chmod(0o640)
    with pytest.raises(TokenFileError, match=r"others can read .*chmod 600"):
        TokenFile(file.path).tokens()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": "kg-tokens/9", "tokens": []}', '{"format": 1}'])
def test_a_file_that_is_none_is_refused_in_a_line(file, content):
    file.path.write_text(content)
    file.path.chmod(0o600)
    with pytest.raises(TokenFileError) as error:
        file.tokens()
    assert "\n" not in str(error.value)


def test_no_store_keeps_tokens(tmp_path):
    with open_store(tmp_path / "store", write=True):
        pass
    with pytest.raises(TokenFileError, match="is a store: keep tokens elsewhere"):
        TokenFile(tmp_path / "store" / "tokens.json").add(new_token("ada", Role.READER, 1, NOW)[1])


@pytest.mark.parametrize("name", ["", " ", "-x", "a\nb", "a" * 65, "<b>"])
def test_an_author_has_a_name(name):
    with pytest.raises(TokenFileError, match="no name for an author"):
        new_token(name, Role.READER, 1, NOW)


def test_the_commands_make_list_and_revoke(tmp_path):
    path = str(tmp_path / "tokens.json")

    def kg(*arguments):
        done = CliRunner().invoke(cli, ["token", *arguments, "--file", path], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done

    made = kg("add", "--name", "Ada Lovelace", "--role", "reviewer", "--days", "2")
    secret = made.stdout.strip()
    [kept] = json.loads((tmp_path / "tokens.json").read_text())["tokens"]
    assert TokenFile(tmp_path / "tokens.json").find(secret, dt.datetime.now(dt.UTC)).name == "Ada Lovelace"
    assert f"{kept['id']}  reviewer" in kg("list").stdout
    assert kg("revoke", kept["id"]).stdout == f"revoked {kept['id']} of Ada Lovelace\n"
    assert "revoked" in kg("list").stdout
    with pytest.raises(KgError, match="cannot be read"):
        CliRunner().invoke(cli, ["token", "list", "--file", str(tmp_path / "none")], catch_exceptions=False)
