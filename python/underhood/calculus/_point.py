"""How a function takes its point: as one array, or as several numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import calculus as _core
from underhood._functions import resolve

__all__ = ["Spread", "names", "of_array", "read", "speaking"]


@contextmanager
def speaking(function: str, inner: str) -> Iterator[None]:
    """Let refusals of ``inner``, which ``function`` is made of, name the function that was called."""
    try:
        yield
    except (TypeError, ValueError) as error:
        if type(error) in (TypeError, ValueError) and str(error).startswith(f"{inner}: "):
            raise type(error)(function + str(error).removeprefix(inner)) from None
        raise


def read(function: str, argument: str, x: ArrayLike) -> NDArray[np.float64]:
    """Give an array of numbers of its own."""
    with speaking(function, "gradient"):
        return _core.point(argument, x)


def names(f: Any, count: int) -> list[str] | None:
    """Give the names of ``f``'s parameters if it takes ``count`` numbers, two or more; None if it takes one array."""
    if count < 2:
        return None
    if isinstance(f, np.ufunc):
        return [f"x{i + 1}" for i in range(count)] if f.nin == count else None
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return None
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    required = [p.name for p in parameters if p.kind in positional and p.default is inspect.Parameter.empty]
    return required if len(required) == count else None


class Spread:
    """A function of several numbers as one of an array."""

    __slots__ = ("called",)

    def __init__(self, called: Callable[..., Any]) -> None:
        """Keep the function."""
        self.called = called

    def __call__(self, point: NDArray[np.float64]) -> Any:
        """Call it with the numbers of an array."""
        return self.called(*point.tolist())


def of_array(function: str, f: Any, shape: tuple[int, ...]) -> Callable[..., Any]:
    """Give ``f`` as a function of one array of this shape."""
    if len(shape) == 1 and names(f, shape[0]) is not None:
        return Spread(resolve(function, "f", f, *[()] * shape[0]))
    return resolve(function, "f", f, shape)
