"""Names of the version before, which work for one version more and warn."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from kg.renamed import PARAMETERS, warn_of_old_name

__all__ = ["accepts_old_names", "current_names"]

P = ParamSpec("P")
T = TypeVar("T")


def accepts_old_names(function: Callable[P, T]) -> Callable[P, T]:
    """Let an analysis take its parameters by their old names too, with a `DeprecationWarning` that names the new."""

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **current_names(function.__name__, kwargs))

    return call


def current_names(analysis: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options by their names of today; old ones warn. Raises `TypeError` where one is given by both names."""
    current: dict[str, Any] = {}
    for name, value in options.items():
        new = PARAMETERS.get(name, name)
        if new != name:
            warn_of_old_name(f"{analysis}: the parameter '{name}'", f"'{new}'", stacklevel=4)
        if new in current or (new != name and new in options):
            raise TypeError(f"{analysis} is given '{new}' by two names")
        current[new] = value
    return current
