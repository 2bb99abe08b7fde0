"""Usual jobs, in English and French: what a person picks, fills in, and hands to his assistant."""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import QueryError, UnknownQuery, did_you_mean
from kg.mcp.fence import fenced, unfenced
from kg.wording.assistants import JOB_NAMES, JOBS

__all__ = ["PROMPTS", "Job", "find_prompt"]

_BLANKS: Mapping[str, tuple[str, ...]] = {
    "suppliers": ("company",),
    "owners": ("company",),
    "deal": ("one", "other"),
    "changes": ("company", "since"),
}


@dataclass(frozen=True, slots=True)
class Job:
    """A job in one language: its name, its title, and its blanks with what each is."""

    name: str
    job: str
    lang: str
    blanks: tuple[str, ...]

    @property
    def title(self) -> str:
        """What a person reads when he picks it."""
        return JOBS[self.lang][f"{self.job}_title"]

    def help(self, blank: str) -> str:
        """Return what goes into a blank."""
        return JOBS[self.lang][blank]

    def text(self, arguments: Mapping[str, str]) -> str:
        """Return the job with its blanks filled in, each fenced; raise `QueryError` for one that is left empty."""
        words = JOBS[self.lang]
        empty = [blank for blank in self.blanks if not arguments.get(blank, "").strip()]
        if empty:
            raise QueryError(f"'{self.name}' needs {', '.join(empty)}")
        values = [fenced(unfenced(arguments[blank]).strip()) for blank in self.blanks]
        return f"{words[self.job].format(*values)}\n\n{words['rules']}"


PROMPTS: Mapping[str, Job] = {
    name: Job(name, job, lang, _BLANKS[job]) for lang, names in JOB_NAMES.items() for job, name in names.items()
}
"""The jobs by name, English ones first."""


def find_prompt(name: str) -> Job:
    """Return the job called `name`; raise `UnknownQuery` with the nearest names."""
    if name not in PROMPTS:
        raise UnknownQuery(f"there is no prompt '{name}'.{did_you_mean(name, PROMPTS)} There are: {', '.join(PROMPTS)}")
    return PROMPTS[name]
