"""A language model's endpoint of our own, and builds that ask it."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import cli

from .endpoint import KEY, Endpoint, Script, serving


@pytest.fixture(scope="module")
def endpoint():
    """A server that answers by a `Script`, with the key in the environment and a client that tries again at once."""
    pytest.importorskip("pydantic_ai")
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("KG_LLM_KEY", KEY)
        changed.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.001)
        changed.setattr("openai._base_client.MAX_RETRY_DELAY", 0.002)
        yield from serving(Script())


@dataclass(frozen=True, slots=True)
class Workplace:
    """A folder with articles, a store, and the server that the builds ask where they are told no other."""

    folder: Path
    endpoint: Endpoint | None = None

    @property
    def store(self) -> Path:
        return self.folder / "store"

    def write(self, name: str, text: str) -> None:
        (self.folder / "articles").mkdir(exist_ok=True)
        (self.folder / "articles" / name).write_text(text, "utf-8")

    def run(self, *arguments: object) -> Result:
        """Run `kg`; whatever it raises but its own errors comes up."""
        return CliRunner().invoke(cli, [*map(str, arguments), "--store", str(self.store)])

    def build(self, *options: object, url: str | None = None) -> Result:
        """Build the articles with the rules and the model."""
        asked = ("--llm", "a-model", "--llm-url", url or self.endpoint.url)
        return self.run("build", self.folder / "articles", "--lang", "en", "-j", "0", *asked, *options)

    def files_that_tell(self, words: str) -> list[Path]:
        """The files below the folder that hold these words: store, cache, whatever was left."""
        return [path for path in self.folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


@pytest.fixture
def workplace(tmp_path, endpoint):
    endpoint.requests.clear()
    return Workplace(tmp_path, endpoint)
