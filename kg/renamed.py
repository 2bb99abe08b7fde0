"""Public names of the version before: they work for one version more, and warn.

The command line prints the warning on standard error, Python shows it as a `DeprecationWarning`.
"""

import warnings

__all__ = ["RenamedWarning", "warn_of_old_name"]


class RenamedWarning(DeprecationWarning):
    """An old name was used, which goes with the next version."""


def warn_of_old_name(old: str, new: str, *, stacklevel: int = 3) -> None:
    """Warn that something is called otherwise now.

    Args:
        old: how it was called.
        new: how it is called now.
        stacklevel: how many calls up the caller stands, as in `warnings.warn`.

    """
    warnings.warn(f"{old} is {new} now: the old name goes with the next version", RenamedWarning, stacklevel=stacklevel)
