"""Public names of the version before: they work for one version more, and warn.

The command line prints the warning on standard error, Python shows it as a `DeprecationWarning`.
"""

import warnings
from collections.abc import Mapping

__all__ = ["ANALYSIS_NAMES", "LIBRARY", "PARAMETERS", "RenamedWarning", "warn_of_new_answer", "warn_of_old_name"]

LIBRARY: Mapping[str, str] = {
    "concentration": "revenue-shares",
    "customers": "buyers",
    "frenemies": "facts-between-rivals",
    "path": "connections",
}
"""Library queries whose name an analysis has alone: the old name, and today's."""

PARAMETERS: Mapping[str, str] = {
    "again": "feedback",
    "clocks": "as_of",
    "least": "min_share",
    "longest": "max_length",
    "most": "limit",
    "of": "basis",
}
"""Parameters of analyses: the old name, and today's."""

ANALYSIS_NAMES: Mapping[str, str] = {"Answer": "TriState", "Clocks": "AsOf"}
"""Names of `kg.analysis`: the old one, and today's."""


class RenamedWarning(DeprecationWarning):
    """An old name was used, which goes with the next version."""


def warn_of_old_name(old: str, new: str, *, stacklevel: int = 3) -> None:
    """Warn that something is called otherwise now.

    Args:
        old: how it was called.
        new: how it is called now.
        stacklevel: how many calls up the caller stands, as in `warnings.warn`.

    """
    warnings.warn(
        f"{old} is called {new} now: the old name goes with the next version", RenamedWarning, stacklevel=stacklevel
    )


def warn_of_new_answer(name: str, *, stacklevel: int = 3) -> None:
    """Warn that a name of `LIBRARY` is answered by the analysis of that name now."""
    warnings.warn(
        f"'{name}' is the analysis of that name now; the rows that it listed are those of '{LIBRARY[name]}'",
        RenamedWarning,
        stacklevel=stacklevel,
    )
