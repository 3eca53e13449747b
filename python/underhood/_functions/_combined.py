"""Functions of functions: sums, products, quotients and powers, over the arguments of both, and compositions."""

from __future__ import annotations

import inspect
import math
import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from underhood._functions._readable import Readable
from underhood._functions._tracer import Tracer

if TYPE_CHECKING:
    from underhood._functions._function import Function

__all__ = ["Combinable", "composed"]

SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}

SIGNED: dict[Any, str] = {np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/", np.power: "**"}
"""What NumPy calls the same; an array to the left of a function calls it so."""


class Combinable(Readable):
    """What lets a :class:`Function` be added to another, multiplied by a number, and so on."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Compose: ``np.sin(F)`` is the function whose values are the sines of F's."""
        if method != "__call__" or options or ufunc.nout != 1:
            return NotImplemented
        if ufunc in SIGNED:
            return _combined(SIGNED[ufunc], *inputs)
        if ufunc is np.negative:
            return _combined("-", *inputs)
        return composed(ufunc, inputs)

    def _composed(self, arguments: tuple[Any, ...]) -> Function:
        return composed(self, arguments)

    def __add__(self, other: Any) -> Function:
        return _combined("+", self, other)

    def __radd__(self, other: Any) -> Function:
        return _combined("+", other, self)

    def __sub__(self, other: Any) -> Function:
        return _combined("-", self, other)

    def __rsub__(self, other: Any) -> Function:
        return _combined("-", other, self)

    def __mul__(self, other: Any) -> Function:
        return _combined("*", self, other)

    def __rmul__(self, other: Any) -> Function:
        return _combined("*", other, self)

    def __truediv__(self, other: Any) -> Function:
        return _combined("/", self, other)

    def __rtruediv__(self, other: Any) -> Function:
        return _combined("/", other, self)

    def __pow__(self, other: Any) -> Function:
        return _combined("**", self, other)

    def __rpow__(self, other: Any) -> Function:
        return _combined("**", other, self)

    def __neg__(self) -> Function:
        return _combined("-", self)

    def __pos__(self) -> Function:
        return self  # type: ignore[return-value]

    def __abs__(self) -> Function:
        return composed(np.absolute, (self,))


class Combination:
    """Functions and constants, and what is done with their values: an operation with a sign, or another function."""

    def __init__(
        self, operation: Callable[..., Any], parts: tuple[Any, ...], arguments: Sequence[str], sign: str | None = None
    ) -> None:
        self.operation = operation
        self.parts = parts
        self.sign = sign
        self.places = [
            [arguments.index(name) for name in part.arguments] if isinstance(part, Combinable) else None
            for part in parts
        ]
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        self.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in arguments])

    def __call__(self, *arguments: Any) -> Any:
        """Compute; with tracers for arguments the graphs of all become one, and nothing of a caller's is called."""
        traced = any(isinstance(argument, Tracer) for argument in arguments)
        values = []
        for part, places in zip(self.parts, self.places, strict=True):
            if places is None:
                values.append(part)
                continue
            own = [arguments[place] for place in places]
            tracers = traced and any(isinstance(argument, Tracer) for argument in own)
            values.append(part._inlined(own) if tracers else part(*own))
        if self.sign is not None and len(values) == 2:
            self._refuse_different(values)
        if isinstance(self.operation, Combinable) and any(isinstance(value, Tracer) for value in values):
            return self.operation._inlined(values)
        with np.errstate(all="ignore"):
            # NumPy's numbers, for 1/0 to be infinite as in a graph; a tracer calls itself a float.
            found = self.operation(*(np.float64(value) if type(value) is float else value for value in values))
        return float(found) if type(found) is np.float64 else found

    def _refuse_different(self, values: Sequence[Any]) -> None:
        """Refuse values of different shapes: a gradient plus a Hessian matrix would be broadcast, and be nonsense."""
        shapes = [v._trace.builder.shape(v._node) if isinstance(v, Tracer) else np.shape(v) for v in values]
        if () in shapes or shapes[0] == shapes[1] or all(getattr(p, "_elementwise", False) for p in self.parts):
            return
        names = [getattr(part, "name", "the array") for part in self.parts]
        raise ValueError(
            f"function: {names[0]} {self.sign} {names[1]} cannot be formed: the value of the first has the shape "
            f"{shapes[0]}, that of the second {shapes[1]}; both must have one shape, or one of them be a number"
        )


def _combined(sign: str, *given_parts: Any) -> Function:
    """Make one function of two, or of one and a constant; of one alone its negative."""
    parts = tuple(_part(part) for part in given_parts)
    if any(part is None for part in parts):
        return cast("Function", NotImplemented)
    functions, arguments, kind = _functions_of(parts)
    names = {part.name for part in functions}
    name = names.pop() if len(names) == 1 and all(part._parent is None for part in functions) else "f"
    given = any(part._variables is not None for part in functions)
    texts = [_text_of(part) for part in parts]
    if all(text is not None for text in texts):
        # Texts make a text, whose arguments stand in alphabetical order unless another was said.
        arguments = arguments if given else sorted(arguments)
        text = f"{texts[0]} {sign} {texts[1]}" if len(texts) == 2 else f"-{texts[0]}"
        return cast("Function", kind(None, arguments, name, text=text, variables=arguments if given else None))
    operation = SIGNS[sign] if len(parts) == 2 else operator.neg
    return cast("Function", kind(Combination(operation, parts, arguments, sign), arguments, name))


def composed(outer: Callable[..., Any], given_parts: Sequence[Any]) -> Function:
    """Make the function whose values are ``outer`` of those of other functions, and of constants: F(G(x), 2)."""
    parts = tuple(_part(part) for part in given_parts)
    if any(part is None for part in parts):
        found = next(type(given).__name__ for given, part in zip(given_parts, parts, strict=True) if part is None)
        raise TypeError(f"function: a function of functions and numbers cannot be made with a {found}")
    _, arguments, kind = _functions_of(parts)
    return cast("Function", kind(Combination(outer, parts, arguments), arguments, "f"))


def _functions_of(parts: Sequence[Any]) -> tuple[list[Any], list[str], Any]:
    """Give those parts that are functions, the arguments of all of them, and their type."""
    functions = [part for part in parts if isinstance(part, Combinable)]
    return functions, list(dict.fromkeys(name for part in functions for name in part.arguments)), type(functions[0])


def _part(value: Any) -> Any:
    """Read a part: a function, a number or an array of numbers; None for anything else."""
    if isinstance(value, Combinable):
        return value
    if isinstance(value, bool | str):
        return None
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    if array.dtype.kind not in "iuf":
        return None
    return float(array) if array.ndim == 0 else array.astype(np.float64)


def _text_of(part: Any) -> str | None:
    """Write a part as a text in parentheses, if it is one or a number that can be written."""
    if isinstance(part, float):
        whole = part.is_integer() and abs(part) < 1e15
        return f"({int(part) if whole else repr(part)})" if math.isfinite(part) else None
    if isinstance(part, Combinable) and part._text is not None:
        return f"({part._text})"
    return None
