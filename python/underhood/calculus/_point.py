"""How a function takes its point: as one array, or as several numbers."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import calculus as _core
from underhood._core.graph import Traced
from underhood._functions import is_written, resolve
from underhood._functions._components import component_names
from underhood._functions._function import Function
from underhood._functions._function import function as make

__all__ = [
    "Spread",
    "beside",
    "between",
    "finite",
    "names",
    "number",
    "of_array",
    "of_number",
    "read",
    "speaking",
    "whole",
]


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
    if type(x) is np.ndarray and x.dtype == np.float64:
        return x.copy()
    with speaking(function, "gradient"):
        return _core.point(argument, x)


def number(function: str, argument: str, x: SupportsFloat) -> float:
    """Give a plain number."""
    if type(x) is float:
        return x
    with speaking(function, "derivative"):
        return _core.number(argument, x)  # type: ignore[arg-type]


def beside(a: float, way: float = 1.0) -> float:
    """Give a point beside ``a``, at which a function is called that is not to be called at ``a`` itself."""
    if math.isinf(a):
        return math.copysign(7.3, a)
    return a + way * 0.05 * max(1.0, abs(a))


def between(a: Any, b: Any) -> list[float] | None:
    """Give a point between two limits; None if these are no finite numbers, which the core refuses."""
    try:
        point = 0.618 * float(a) + 0.382 * float(b)
    except (TypeError, ValueError, OverflowError):
        return None
    return [point] if math.isfinite(point) else None


def whole(order: Any) -> bool:
    """Whether this is an order that a graph can be differentiated by; the core refuses any other by name."""
    return isinstance(order, int | np.integer) and not isinstance(order, bool) and bool(order >= 1)


def finite(function: str, x: NDArray[np.float64]) -> None:
    """Refuse a point that holds an infinity; NaN passes."""
    if np.isinf(x).any():
        where = np.argwhere(np.isinf(x))[0].tolist()
        place = f"at index {where[0] if len(where) == 1 else tuple(where)}" if where else ""
        raise ValueError(f"{function}: x holds infinity {place}".rstrip())


def names(f: Any, count: int) -> list[str] | None:
    """Give the names of ``f``'s parameters if it takes ``count`` numbers, two or more; None if it takes one array."""
    if count < 2:
        return None
    if isinstance(f, str):
        try:
            f = make(f)
        except ValueError:
            return None
    if isinstance(f, Function) and f._is_text and f._variables is None:
        return component_names(f.arguments, count)
    if isinstance(f, Function):
        return list(f.arguments) if len(f.arguments) == count else None
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


def of_number(function: str, f: Any, step: float | None, x: float) -> Callable[..., Any]:
    """Give ``f`` as a function of one number: as a graph if it can, unless a step says how far it may be called."""
    return f if step is not None and _plain(f) else resolve(function, "f", f, (), point=[x])


def _plain(f: Any) -> bool:
    """Whether this is a callable that was not made into a graph by the caller."""
    return callable(f) and not isinstance(f, Function | Traced)


def of_array(function: str, f: Any, x: NDArray[np.float64], step: float | None = None) -> Callable[..., Any]:
    """Give ``f`` as a function of one array like ``x``: as a graph if it can, unless a step is given."""
    if isinstance(f, Spread | Traced):
        return f
    if is_written(f):
        return resolve(function, "f", f, x.shape, point=[x])
    if x.ndim == 1 and names(f, x.size) is not None:
        called = f if step is not None and _plain(f) else resolve(function, "f", f, *[()] * x.size, point=x.tolist())
        return Spread(called)
    return f if step is not None and _plain(f) else resolve(function, "f", f, x.shape, point=[x])
