"""A caller's function, in the form that runs fastest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from underhood._core import graph as _core
from underhood._functions._function import Function, function
from underhood._functions._tracing import NotTracedError, Shapes, trace

__all__ = ["reshaped", "resolve"]


def resolve(
    function: str, argument: str, f: Any, *shapes: tuple[int, ...], point: Sequence[Any] | None = None
) -> Callable[..., Any]:
    """Give a function of arguments of these shapes in the form that the compiled core takes.

    A text, a :class:`~underhood.Function` or a callable becomes a graph (``Traced``), if it can; otherwise what comes
    out is the callable itself. A callable is traced anew each time, since what it uses may have changed, and compared
    once with itself, at ``point`` or at one that is made up. ``function`` and ``argument`` are named in refusals.
    """
    if isinstance(f, _core.Traced):
        return f
    if isinstance(f, str):
        f = _read(function, argument, f)
    if not callable(f):
        found = type(f).__name__
        raise TypeError(f"{function}: {argument} is a {found}, but must be a function that can be called")
    if not shapes:
        return f  # type: ignore[no-any-return]
    shapes = tuple(tuple(shape) for shape in shapes)
    if isinstance(f, Function):
        return _of_function(function, argument, f, shapes)
    names = [f"x{i + 1}" for i in range(len(shapes))] if len(shapes) > 1 else ["x"]
    try:
        return trace(f, names, shapes, point)[0]
    except NotTracedError:
        return f  # type: ignore[no-any-return]


def _read(caller: str, argument: str, text: str) -> Function:
    try:
        return function(text)
    except ValueError as error:
        raise ValueError(str(error).replace("function: text", f"{caller}: {argument}", 1)) from None


def _of_function(caller: str, argument: str, f: Function, shapes: Shapes) -> Callable[..., Any]:
    count = len(f.arguments)
    if count == len(shapes) and not (f._text is not None and shapes == ((1,),)):
        return f._at(shapes) or f
    if len(shapes) == 1 and len(shapes[0]) == 1 and shapes[0][0] == count:
        return _of_vector(f, count)
    names = ", ".join(f.arguments)
    wanted = f"{len(shapes)} arguments are" if len(shapes) != 1 else f"one of shape {shapes[0]} is"
    raise ValueError(f"{caller}: {argument} has the variables {names or '(none)'}, but {wanted} passed to it")


def _of_vector(f: Function, count: int) -> Callable[..., Any]:
    """Make a function of several numbers one of a vector; the same one each time."""
    known = f.__dict__.get("_vector")
    if known is not None:
        return known  # type: ignore[no-any-return]
    traced = f._at(((),) * count)
    if traced is None:
        return lambda x: f(*x)
    builder = _core.Builder()
    x = builder.input(0, [count])
    parts = [builder.reshape(builder.slice(x, [(i, 1, 1)]), []) for i in range(count)]
    f._vector = builder.finish([("x", [count])], builder.inline(traced, parts))
    return f._vector


def reshaped(traced: _core.Traced, shape: tuple[int, ...]) -> _core.Traced:
    """Give a graph whose value has another shape."""
    builder = _core.Builder()
    inputs = [builder.input(i, one) for i, (_, one) in enumerate(traced.arguments)]
    return builder.finish(traced.arguments, builder.reshape(builder.inline(traced, inputs), list(shape)))
