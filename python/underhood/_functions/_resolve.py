"""A caller's function, in the form that runs fastest.

What is written in names, a text or an :class:`~underhood.Function` made from one, is a function of numbers. Where a
point is one array, its variables are the components of the point, found by :func:`places`: it is never applied to an
array element by element, since ``"x**2"`` at a point of two numbers is the function x² of (x, y). A plain Python
function that must be given several numbers is given the components as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Real
from types import FunctionType
from typing import Any, TypeVar

import numpy as np

from underhood._core import graph as _core
from underhood._functions._components import listed, places
from underhood._functions._function import Function, function
from underhood._functions._tracing import NotTracedError, Shapes, trace

__all__ = ["Given", "GivenField", "is_written", "required", "reshaped", "resolve", "resolve_called", "solved"]

T = TypeVar("T")

Given = Callable[..., Any] | str
"""What is taken as a function."""

GivenField = Given | Sequence[Given | float]
"""What is taken as a function of several values: a list gives one after the other."""

TIME, STATE = "t", "y"


def is_written(f: Any) -> bool:
    """Whether a function is a text, a :class:`~underhood.Function`, or a list of these and of other functions."""
    if isinstance(f, list | tuple):
        return any(is_written(part) or callable(part) for part in f)
    return isinstance(f, str | Function)


def resolve(
    function: str,
    argument: str,
    f: Any,
    *shapes: tuple[int, ...],
    point: Sequence[Any] | None = None,
    state: bool = False,
) -> Callable[..., Any]:
    """Give a function of arguments of these shapes in the form that the compiled core takes.

    A text, a :class:`~underhood.Function`, a list of these, or a callable becomes a graph (``Traced``), if it can;
    otherwise what comes out is the callable itself. A callable is traced anew each time, since what it uses may have
    changed, and compared once with itself, at ``point`` or at one that is made up. With ``state`` the two arguments are
    a time and a state, t and y in a text; in a list of texts for two or three components y is the second of x, y and z.
    ``function`` and ``argument`` are named in refusals.
    """
    if isinstance(f, _core.Traced):
        return f
    shapes = tuple(tuple(shape) for shape in shapes)
    caller = (function, argument)
    if isinstance(f, list | tuple) and shapes and is_written(f):
        return _of_parts(caller, f, shapes, point, state)
    if isinstance(f, str):
        f = _read(caller, f)
    if not callable(f):
        found = type(f).__name__
        raise TypeError(f"{function}: {argument} is a {found}, but must be a function that can be called")
    if not shapes:
        return f  # type: ignore[no-any-return]
    if isinstance(f, Function):
        if f._is_text:
            return _of_text(caller, f, f.arguments, shapes, state)
        return _of_function(caller, f, shapes)
    if len(shapes) == 1 and len(own := required(f)) > 1:
        if shapes[0] != (len(own),):
            passed = "one number" if shapes[0] == () else f"one array of shape {shapes[0]}"
            raise TypeError(
                f"{function}: {argument} takes {listed(own)}, but {passed} is passed to it; write it as a function of "
                "one argument, lambda x: …"
            )
        return _of_vector(Function(f, own, "f"), len(own))
    names = [f"x{i + 1}" for i in range(len(shapes))] if len(shapes) > 1 else ["x"]
    try:
        return trace(f, names, shapes, point)[0]
    except NotTracedError:
        return f  # type: ignore[no-any-return]


def resolve_called(function: str, argument: str, f: Any) -> Callable[..., Any]:
    """Do the same for a function of one number that is called a few times: a plain callable stays what it is.

    Tracing costs as much as a hundred calls, and saves nothing where no derivative is wanted.
    """
    return resolve(function, argument, f, *(((),) if is_written(f) else ()))


def solved(function: str, argument: str, f: Any, solve: Callable[[Callable[..., Any]], T]) -> T:
    """Solve for a function of one number that is called a few times, traced only if there is no other way.

    Python's floats raise where they are divided by zero or overflow; a traced function has an infinity there.
    """
    try:
        return solve(resolve_called(function, argument, f))
    except ArithmeticError:
        traced = resolve(function, argument, f, ())
        if not isinstance(traced, _core.Traced):
            raise
        return solve(traced)


def required(f: Any) -> list[str]:
    """Name the parameters that a plain Python function must be given; nothing for what is called another way."""
    if not isinstance(f, FunctionType):
        return []
    code = f.__code__
    return list(code.co_varnames[: code.co_argcount - len(f.__defaults__ or ())])


def _read(caller: tuple[str, str], text: str) -> Function:
    try:
        return function(text)
    except ValueError as error:
        raise ValueError(str(error).replace("function: text", ": ".join(caller), 1)) from None


def _of_text(
    caller: tuple[str, str],
    f: Function,
    variables: Sequence[str],
    shapes: Shapes,
    state: bool,
    in_list: bool = False,
) -> Callable[..., Any]:
    """Give a function of numbers as one of arguments of these shapes, ``variables`` being those of the whole point."""
    found = _state_places(variables, shapes, in_list) if state else _places(f, variables, shapes)
    if found is None:
        raise ValueError(_in_doubt(*caller, variables, shapes, state))
    order = [found[variables.index(name)] for name in f.arguments]
    key = (shapes, tuple(order))
    if key in f._placed:
        return f._placed[key]
    traced = f._at(((),) * len(order))
    if traced is None:  # a derivative of a function that is not traced
        return lambda *point: f(*(_component(point, *place) for place in order))
    if order == [(i, None) for i in range(len(shapes))] and not any(shapes):
        return traced
    builder = _core.Builder()
    inputs = [builder.input(i, list(shape)) for i, shape in enumerate(shapes)]

    def part(number: int, index: int | None) -> int:
        if index is None:
            return inputs[number]
        return builder.reshape(builder.slice(inputs[number], [(index, 1, 1)]), [])

    output = builder.inline(traced, [part(*place) for place in order])
    named = ["t", "y"] if state else ["x"] if len(shapes) == 1 else [f"x{i + 1}" for i in range(len(shapes))]
    made = builder.finish([(name, list(shape)) for name, shape in zip(named, shapes, strict=True)], output)
    f._placed[key] = made
    return made


def _component(point: Sequence[Any], number: int, index: int | None) -> Any:
    return point[number] if index is None else point[number][index]


def _places(f: Function, variables: Sequence[str], shapes: Shapes) -> list[tuple[int, int | None]] | None:
    """Say for each variable which argument it is, and which component of that; None where that is in doubt."""
    if any(shapes) and (len(shapes) > 1 or len(shapes[0]) > 1):
        return None
    size = len(shapes) if not any(shapes) else shapes[0][0]
    given = f._variables is not None  # their order was said
    found = list(range(size)) if given and len(variables) == size else None if given else places(variables, size)
    if found is None:
        return None
    return [(0, place) if any(shapes) else (place, None) for place in found]


def _state_places(variables: Sequence[str], shapes: Shapes, in_list: bool) -> list[tuple[int, int | None]] | None:
    """Do the same for a time ``t`` and a state, which is ``y`` as a whole or has components with names of their own.

    Of a list of texts each gives one number, so that y is a component where there are several.
    """
    unknowns = [name for name in variables if name != TIME]
    if unknowns == [] or (unknowns == [STATE] and not (in_list and shapes[1] not in ((), (1,)))):
        return [(0, None) if name == TIME else (1, None) for name in variables]
    if len(shapes[1]) != 1 or shapes[1][0] < 2:
        return None
    size = shapes[1][0]
    found = places(unknowns, size) if _standard(unknowns) else None
    if found is None:
        return None
    place = dict(zip(unknowns, found, strict=True))
    return [(0, None) if name == TIME else (1, place[name]) for name in variables]


def _standard(names: Sequence[str]) -> bool:
    """Whether names tell their order by themselves: x, y, z, or numbers behind one name."""
    return set(names) <= {"x", "y", "z"} or all(name[-1].isdigit() for name in names)


def _in_doubt(function: str, argument: str, variables: Sequence[str], shapes: Shapes, state: bool) -> str:
    has = f"{function}: {argument} has the variable{'s' * (len(variables) > 1)} {listed(variables)}"
    if state:
        size = shapes[1][0] if len(shapes[1]) == 1 else 1
        if len(shapes[1]) > 1 or size < 2:
            return f"{has}, but must be written in t (the time) and y (the solution)"
        numbered = listed([f"y{i}" for i in range(min(size, 3))]) + (", …" if size > 3 else "")
        short = f" (or {listed(['x', 'y', 'z'][:size])})" if size <= 3 else ""
        return (
            f"{has}, but must be written in t (the time) and y (the whole solution), or as a list of {size} texts, "
            f"one for each component's slope, in t, {numbered}{short}"
        )
    if not any(shapes):
        numbers = "one number is" if len(shapes) == 1 else f"{len(shapes)} numbers are"
        return f"{has}, but {numbers} passed to it"
    if len(shapes) > 1 or len(shapes[0]) > 1:
        return f"{has}, but an array of shape {shapes[0]} is passed to it: use a function of an array"
    size = shapes[0][0]
    names = listed(["x", "y", "z"][:size]) if size <= 3 else f"x0, x1, …, x{size - 1}"
    if len(variables) > size:
        return f"{has}, but a point of {size} number{'s' * (size > 1)} is passed to it"
    return (
        f"{has}, but its point has {size} numbers, and which is which is in doubt: call them {names}, or say the order "
        "of all, uh.function(text, variables=[…])"
    )


def _of_function(caller: tuple[str, str], f: Function, shapes: Shapes) -> Callable[..., Any]:
    """Give a Function that was made from a callable."""
    count = len(f.arguments)
    if count == len(shapes):
        return f._at(shapes) or f
    if len(shapes) == 1 and len(shapes[0]) == 1 and shapes[0][0] == count:
        return _of_vector(f, count)
    wanted = f"{len(shapes)} arguments are" if len(shapes) != 1 else f"one of shape {shapes[0]} is"
    raise ValueError(f"{caller[0]}: {caller[1]} has the arguments {listed(f.arguments)}, but {wanted} passed to it")


def _of_vector(f: Function, count: int) -> Callable[..., Any]:
    """Make a function of several numbers one of a vector; the same one each time."""
    key = (((count,),), ())
    if key not in f._placed:
        traced = f._at(((),) * count)
        if traced is None:
            return lambda x: f(*x)
        builder = _core.Builder()
        x = builder.input(0, [count])
        parts = [builder.reshape(builder.slice(x, [(i, 1, 1)]), []) for i in range(count)]
        f._placed[key] = builder.finish([("x", [count])], builder.inline(traced, parts))
    return f._placed[key]


def _of_parts(
    caller: tuple[str, str], parts: Sequence[Any], shapes: Shapes, point: Sequence[Any] | None, state: bool
) -> Callable[..., Any]:
    """Make a list of functions one whose value is the vector of theirs; what its texts call things is shared."""
    functions = [_read(caller, part) if isinstance(part, str) else part for part in parts]
    texts = [part for part in functions if isinstance(part, Function) and part._is_text]
    variables = sorted({name for part in texts for name in part.arguments})
    made: list[Any] = []
    for part in functions:
        if isinstance(part, Real):
            made.append(_constant(float(part), shapes))
        elif isinstance(part, Function) and part._is_text:
            given = part._variables is not None
            made.append(_of_text(caller, part, part.arguments if given else variables, shapes, state, in_list=True))
        else:
            made.append(resolve(*caller, part, *shapes, point=point, state=state))
    if not all(isinstance(part, _core.Traced) and np.prod(part.shape, dtype=int) == 1 for part in made):
        return lambda *at: np.array([float(np.asarray(part(*at), dtype=np.float64).reshape(())) for part in made])
    builder = _core.Builder()
    inputs = [builder.input(i, list(shape)) for i, shape in enumerate(shapes)]
    values = [builder.reshape(builder.inline(part, inputs), [1]) for part in made]
    return builder.finish(made[0].arguments, builder.concatenate(values, 0))


def _constant(value: float, shapes: Shapes) -> _core.Traced:
    builder = _core.Builder()
    return builder.finish([(f"x{i + 1}", list(shape)) for i, shape in enumerate(shapes)], builder.number(value))


def reshaped(traced: _core.Traced, shape: tuple[int, ...]) -> _core.Traced:
    """Give a graph whose value has another shape."""
    builder = _core.Builder()
    inputs = [builder.input(i, one) for i, (_, one) in enumerate(traced.arguments)]
    return builder.finish(traced.arguments, builder.reshape(builder.inline(traced, inputs), list(shape)))
