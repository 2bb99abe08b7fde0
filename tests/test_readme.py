"""What the README says that a command prints is what it prints; its Python runs.

``KG_UPDATE_README=1 pytest tests/test_readme.py`` writes the commands' output into it.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def answers(block: str, folder: Path) -> str:
    """Run a block's commands, and return the block as it should read."""
    told = []
    for line in block.splitlines():
        if not line.startswith("$ kg "):
            continue
        command = [Path(sys.executable).with_name("kg"), *shlex.split(line)[2:]]
        environment = {**os.environ, "COLUMNS": "120"}
        environment.pop("KG_STORE", None)
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stderr)
        told += [line, *(row.rstrip() for row in done.stdout.splitlines())]
    return "\n".join(told) + "\n"


def test_every_command_prints_what_the_readme_says(tmp_path):
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg" / "examples").symlink_to(ROOT / "kg" / "examples")
    text = README.read_text()
    real = BLOCK.sub(lambda found: f"```console\n{answers(found[1], tmp_path)}```", text)
    if os.environ.get("KG_UPDATE_README"):
        README.write_text(real)
    assert real == text or os.environ.get("KG_UPDATE_README")


def test_its_python_runs():
    for code in re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL):
        exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - it is ours
