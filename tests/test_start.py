"""What starting costs is what is loaded: nothing before it is asked for."""

import subprocess
import sys

import click
import pytest

from kg.cli.application import cli
from kg.cli.overview import overview


def loaded(code: str) -> set[str]:
    """The modules that a new interpreter has after some code."""
    code += "\nimport sys; print('\\n' + ' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("columns", ["80", "100", "160"])
def test_the_text_made_already_is_that_of_click(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys, "argv", ["/usr/bin/kg", "--help"])
    monkeypatch.setattr(sys.modules["__main__"], "__package__", None)
    with click.Context(cli, info_name="kg", **cli.context_settings) as context:
        assert overview() == cli.get_help(context)


@pytest.mark.parametrize(("columns", "name"), [("81", "kg"), ("80", "kg.bat")])
def test_of_other_widths_and_names_click_tells(monkeypatch, columns, name):
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    monkeypatch.setattr(sys.modules["__main__"], "__package__", None)
    assert overview() is None


def test_kg_alone_loads_nothing_that_a_bare_interpreter_does_not():
    assert loaded("import kg") - loaded("pass") == {"kg"}


def test_help_loads_no_library():
    code = "import sys; sys.argv = ['kg', '--help']; from kg.cli import main; main()"
    assert not {"click", "typing", "kg.cli.application"} & loaded(code)


def test_a_command_loads_no_other():
    code = "from kg.cli import cli; cli.main(['verify', '--help'], standalone_mode=False)"
    ours = {name for name in loaded(code) if name.startswith("kg.cli.")}
    assert ours == {"kg.cli.application", "kg.cli.common", "kg.cli.maintenance"}


def test_every_command_has_its_own_name():
    for name, command in cli.commands.items():
        assert command.name == name
