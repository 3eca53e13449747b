"""The graphs of a function, one for each combination of shapes, and how it is called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._core import graph as _core
from underhood._functions._components import listed
from underhood._functions._tracer import Tracer, trace_of
from underhood._functions._tracing import NotTracedError, Shapes, compare, generic_point, trace

__all__ = ["Graphs", "Tracing", "counted", "value_of"]

KEPT = 32
"""How many graphs a function keeps, one for each combination of shapes."""


class Tracing:
    """Whether a function runs as a graph; false in conditions if not, with the reason.

    Examples
    --------
    >>> import underhood as uh
    >>> step = uh.function(lambda x: 1.0 if x > 0 else 0.0)
    >>> bool(step.traced)
    False
    >>> step.traced.reason
    'it branches on a value (if, and, or, max, min, assert): use np.where, np.maximum, np.minimum'
    """

    __slots__ = ("known", "reason")

    def __init__(self, reason: str = "", *, known: bool = True) -> None:
        self.reason = reason
        """Why not; empty if it is."""
        self.known = known
        """False as long as it depends on the shapes of arguments that it has not been called with."""

    def __bool__(self) -> bool:
        return not self.reason

    def __repr__(self) -> str:
        return f"not traced{'' if self.known else ' yet'}: {self.reason}" if self.reason else "traced"


class Graphs(_core.Function):
    """What :class:`Function` has inside: where it comes from, and its graphs."""

    _composed: Callable[[tuple[Any, ...]], Any]
    """Makes the function of functions, F(G)."""

    def __init__(
        self,
        call: Callable[..., Any] | None,
        arguments: Sequence[str],
        name: str,
        *,
        text: str | None = None,
        parent: Graphs | None = None,
        change: tuple[Any, ...] = (),
        symbol: str | None = None,
        variables: Sequence[str] | None = None,
    ) -> None:
        self.name = name
        self.arguments = tuple(arguments)
        self._python = call
        self._text = text
        self._parent = parent
        self._change = change
        self._symbol = symbol
        self._variables = None if variables is None else tuple(variables)
        self._graphs: dict[Shapes, _core.Traced] = {}
        self._reasons: dict[Shapes, str] = {}
        self._placed: dict[tuple[Any, ...], _core.Traced] = {}
        """What it is as a function of points whose components are its arguments."""
        self._slopes: dict[int, tuple[_core.Traced, _core.Traced] | None] = {}
        """Its graph and that of each derivative, for a function of one number without kinks; None for any other."""
        self._elementwise: bool | None = None
        """Whether arrays are computed element by element; None if no graph of numbers has been made yet."""
        self._at_arrays = self._is_text
        """Whether it was seen at arrays that it is such a function."""
        self._doubtful = False
        """Whether its graph of numbers takes a number where a vector is usual."""
        self._last: Shapes | None = None

    @property
    def _is_text(self) -> bool:
        """Whether it was made from a text, or derived from one that was: its arguments are numbers."""
        if self._parent is not None:
            return self._parent._is_text and self._change[0] != "hvp"
        return self._text is not None

    # Graphs

    def _numbers(self) -> Shapes:
        return ((),) * len(self.arguments)

    def _at(self, shapes: Shapes, point: Sequence[Any] | None = None, *, own: bool = False) -> _core.Traced | None:
        """Give the graph for arguments of these shapes; None if there is none.

        Made from a callable, it is compared with that at ``point``: if these are the caller's ``own`` arguments, what
        the callable raises comes out as it went in.
        """
        known = self._graphs.get(shapes)
        if known is not None:
            return known
        if shapes in self._reasons:
            return None
        raised: BaseException | None = None
        try:
            traced, shaped = self._made(shapes, point, own)
        except NotTracedError as error:
            self._reasons[shapes] = str(error)
            if len(self._reasons) > KEPT:
                del self._reasons[next(iter(self._reasons))]
            raised = error.__cause__ if own else None
        else:
            if shapes == self._numbers():
                self._elementwise = not shaped and _core.of_numbers(traced)
                if self._elementwise:
                    self._prepare(traced, self._at_arrays)
            self._graphs[shapes] = traced
            self._keep(traced, KEPT)
            if len(self._graphs) > KEPT:
                del self._graphs[next(iter(self._graphs))]
            return traced
        if raised is not None:  # outside the handler, which would write itself into the exception
            raise raised
        return None

    def _made(self, shapes: Shapes, point: Sequence[Any] | None, own: bool) -> tuple[_core.Traced, bool]:
        if self._parent is not None:
            return self._derived(self._parent, shapes, point, own)
        if self._text is not None:
            numbers = _core.parse(self._text, None if self._variables is None else list(self._variables))
            if not any(shapes):
                return numbers, False
            builder = _core.Builder()
            inputs = [builder.input(i, list(shape)) for i, shape in enumerate(shapes)]
            named = [(name, list(shape)) for name, shape in zip(self.arguments, shapes, strict=True)]
            return builder.finish(named, builder.inline(numbers, inputs)), False
        assert self._python is not None
        traced, shaped, doubtful = trace(self._python, self.arguments, shapes, point, anywhere=own)
        if shapes == self._numbers():
            self._doubtful = doubtful
        return traced, shaped

    def _derived(
        self, parent: Graphs, shapes: Shapes, point: Sequence[Any] | None, own: bool
    ) -> tuple[_core.Traced, bool]:
        kind, *details = self._change
        count = len(parent.arguments)
        of_parent = parent._at(shapes[:count], None if point is None else point[:count], own=own)
        if of_parent is None:
            raise NotTracedError(parent._reasons[shapes[:count]])
        if kind == "derivative":
            place, order = details
            for _ in range(order):
                of_parent = of_parent.derivative(place)
            return of_parent, not parent._elementwise
        _at_one_point(kind, parent, details[0], shapes)
        if kind == "gradient":
            return of_parent.gradient(details[0]), True
        if kind == "jacobian":
            return of_parent.jacobian(details[0]), True
        if kind == "hessian":
            return of_parent.hessian(details[0]), True
        product = of_parent.hvp(details[0])
        wanted = tuple(product.arguments[-1][1])
        if wanted != shapes[-1]:
            reason = f"hvp: v has the shape {shapes[-1]}, but the gradient of {parent.name} has {wanted}"
            raise ValueError(reason) if own else NotTracedError(reason)
        return product, True

    def _known_shapes(self) -> Shapes | None:
        """Give the shapes that it is read with: numbers, or those that it was used with; None if not known yet."""
        if self._is_text:
            return self._numbers()
        if self._parent is None and self._last is None:
            self._at(self._numbers())
        if self._elementwise:
            return self._numbers()
        # A graph may have been made for a derivative or a solver, before any call.
        used = self._last or next((shapes for shapes in reversed(self._graphs) if any(shapes)), None)
        if used is not None:
            return used
        if self._parent is not None:
            shapes = self._parent._known_shapes()
            if shapes is None or self._change[0] != "hvp":
                return shapes
            places = self._change[1]
            return (*shapes, shapes[places[0]] if len(places) == 1 else (len(places),))
        if self._doubtful or self._reasons.get(self._numbers(), "").startswith("it raises"):
            return None
        return self._numbers()

    @property
    def traced(self) -> Tracing:
        """Whether it runs as a graph, and if not, why."""
        shapes = self._known_shapes()
        if shapes is None:
            origin: Graphs = self
            while origin._parent is not None:
                origin = origin._parent
            found = origin._reasons.get(origin._numbers())
            numbers = f" (with numbers {found})" if found else ""
            return Tracing(f"the shapes of its arguments are not known, call it once{numbers}", known=False)
        try:
            return Tracing() if self._at(shapes) is not None else Tracing(self._reasons[shapes])
        except ValueError as error:  # a derivative that does not exist for these shapes
            return Tracing(str(error))

    # Calling

    def _call(self, *arguments: Any, **keywords: Any) -> Any:
        if keywords or len(arguments) != len(self.arguments):
            arguments = self._ordered(arguments, keywords)
        if any(isinstance(argument, Tracer | Graphs) for argument in arguments):
            composes = any(isinstance(argument, Graphs) for argument in arguments)
            return self._composed(arguments) if composes else self._inside(arguments)
        values = [value_of(self.name, name, x) for name, x in zip(self.arguments, arguments, strict=True)]
        shapes: Shapes = tuple(np.shape(value) for value in values)
        self._last = shapes
        if any(shapes):
            found = self._element_by_element(values, shapes)
            if found is not None:
                return found
        traced = self._at(shapes, values, own=True)
        if traced is not None:
            return traced(*values)
        if self._python is not None:
            return self._python(*arguments)
        from underhood._functions._numerical import numerical

        return numerical(self, arguments)

    def _element_by_element(self, values: list[Any], shapes: Shapes) -> NDArray[np.float64] | None:
        """Give the values at arrays of a function of numbers; None for any other."""
        if self._change and self._change[0] != "derivative":  # its value is an array
            return None
        ones = [
            np.ravel(x)[0] if np.size(x) else made
            for x, made in zip(values, generic_point(self._numbers()), strict=True)
        ]
        numbers = self._at(self._numbers(), ones)
        if numbers is None or not self._elementwise:
            return None
        if not (self._at_arrays or self._holds_for_arrays(numbers, values, shapes)):
            return None
        return self._over(numbers, values, shapes)

    def _holds_for_arrays(self, numbers: _core.Traced, values: list[Any], shapes: Shapes) -> bool:
        """Whether the callable, asked once, gives for arrays what the graph gives element by element."""
        if self._parent is not None:
            parent, at = self._parent, values[: len(self._parent.arguments)]
            holds = parent._element_by_element(at, tuple(np.shape(x) for x in at)) is not None
            self._at_arrays = parent._at_arrays
        else:
            assert self._python is not None
            try:
                with np.errstate(all="ignore"):
                    theirs = np.asarray(self._python(*[np.copy(x)[()] for x in values]))
            except Exception:
                holds = False
            else:
                whole = np.broadcast_shapes(*shapes)
                if theirs.ndim == 0:  # a constant need not have the shape of the arguments
                    theirs = np.broadcast_to(theirs, whole)
                compared = compare(lambda *at: self._over(numbers, list(at), shapes), values, theirs)
                holds = compared.verdict if compared.verdict is not None else compared.same
                self._at_arrays = bool(compared.verdict) and theirs.size > 1
                if compared.verdict is False:
                    self._elementwise = False
        if self._at_arrays:
            self._open_to_arrays()
        return bool(holds)

    def _over(self, traced: _core.Traced, values: list[Any], shapes: Shapes) -> NDArray[np.float64]:
        shape = np.broadcast_shapes(*shapes)
        size = int(np.prod(shape, dtype=int))
        whole = [np.ravel(x if np.size(x) == 1 else np.broadcast_to(x, shape)) for x in values]
        return _core.over(traced, whole, size).reshape(shape)

    def _ordered(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, ...]:
        """Put keyword arguments in their places, as Python does."""
        names = self.arguments
        if len(arguments) > len(names):
            raise TypeError(
                f"{self.name} takes {counted(len(names))} ({', '.join(names)}), but {len(arguments)} were given"
            )
        given = dict(zip(names, arguments, strict=False))
        for name, value in keywords.items():
            if name not in names:
                raise TypeError(f"{self.name} has no argument {name!r}; its arguments are {', '.join(names)}")
            if name in given:
                raise TypeError(f"{self.name} got two values for {name!r}")
            given[name] = value
        missing = [name for name in names if name not in given]
        if missing:
            raise TypeError(f"{self.name} needs a value for {', '.join(missing)}")
        return tuple(given[name] for name in names)

    def _inside(self, arguments: tuple[Any, ...]) -> Any:
        """Become part of another function that is being traced."""
        if self._python is not None:
            return self._python(*arguments)
        return self._inlined(arguments)

    def _inlined(self, arguments: Sequence[Any]) -> Any:
        """Put its graph into that of another function; what a caller wrote is not run again if there is one."""
        trace = trace_of(*arguments)
        lifted = [trace.lift(argument) for argument in arguments]
        shapes = tuple(trace.builder.shape(x._node) for x in lifted)
        traced = self._at(self._numbers())
        if traced is None or not self._elementwise:
            trace.shaped = True
            traced = self._at(shapes)
        if traced is None:
            trace.refuse(f"it calls {self.name}, which is not traced: {self._reasons[shapes]}")
        return trace.tracer(trace.builder.inline(traced, [x._node for x in lifted]))


def _at_one_point(kind: str, parent: Graphs, places: Sequence[int], shapes: Shapes) -> None:
    """Refuse to take a derivative by several numbers, or of a function of numbers, over arrays of points."""
    arrays = [place for place in places if shapes[place]]
    if not arrays or not (len(places) > 1 or (parent._is_text and kind != "jacobian")):
        return
    first = parent.arguments[arrays[0]]
    whole = {"jacobian": "the Jacobian matrix", "hessian": "the Hessian matrix"}.get(kind, "the gradient")
    instead = f"over a grid, call each partial derivative, such as derivative({first!r})"
    if not parent._is_text:
        instead += f"; if {first} is one point, say so: {kind}({first!r})"
    raise ValueError(
        f"{kind}: {whole} of {parent.name} by {listed([parent.arguments[place] for place in places])} is taken at one "
        f"point, where each of these is a number, but {first} has the shape {shapes[arrays[0]]}: {instead}"
    )


def value_of(function: str, argument: str, x: Any) -> Any:
    """Read an argument: a float, or an array of doubles."""
    if isinstance(x, float | int) and not isinstance(x, bool):
        try:
            return float(x)
        except OverflowError:
            raise ValueError(f"{function}: {argument} is a whole number beyond the doubles") from None
    try:
        array = _core.read(x)
    except (TypeError, ValueError) as error:
        message = str(error).replace("function: an argument", f"{function}: {argument}", 1)
        raise type(error)(message) from None
    return float(array) if array.ndim == 0 else array


def counted(count: int) -> str:
    """Write how many arguments."""
    return f"{count} argument{'' if count == 1 else 's'}"
