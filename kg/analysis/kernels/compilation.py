"""Kernels as they suit the size of their input: plain Python, or compiled by numba (https://numba.pydata.org)."""

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar, cast

import numpy as np

__all__ = ["Flags", "Floats", "Ints", "fast", "grown", "grown_floats"]

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
_F = TypeVar("_F", bound=Callable[..., Any])

_COMPILE_FROM = 5_000
"""The number of edges from which on compiling, some seconds when it is first done, pays."""


def fast(function: _F, size: int) -> _F:
    """Return a kernel as it suits `size` edges: as it is, or compiled; what is compiled is kept on disk."""
    return cast("_F", _compiled(function)) if size >= _COMPILE_FROM else function


@functools.cache
def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a kernel, and the helpers that it calls: compiled code calls nothing that is not."""
    import numba

    names = function.__globals__
    helpers = {name: names[name] for name in function.__code__.co_names if isinstance(names.get(name), FunctionType)}
    within = {**names, **{name: _compiled(helper) for name, helper in helpers.items()}}
    copy = FunctionType(function.__code__, within, function.__name__, function.__defaults__)
    copy.__qualname__ = function.__qualname__
    return cast("Callable[..., Any]", numba.njit(cache=True, nogil=True)(copy))


def grown(array: Ints, size: int) -> Ints:
    """Return an array with room for `size` numbers, the first of which are those of another."""
    longer = np.empty(size, np.int64)
    longer[: len(array)] = array
    return longer


def grown_floats(array: Floats, size: int) -> Floats:
    """Return the same of floats."""
    longer = np.empty(size, np.float64)
    longer[: len(array)] = array
    return longer
