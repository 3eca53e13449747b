"""Functions as graphs: called, differentiated, printed and drawn."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import graph as _core
from underhood._functions._tracer import Tracer, trace_of
from underhood._functions._tracing import NotTracedError, Shapes, trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Function", "Tracing", "function"]

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

    __slots__ = ("reason",)

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        """Why not; empty if it is."""

    def __bool__(self) -> bool:
        return not self.reason

    def __repr__(self) -> str:
        return f"not traced: {self.reason}" if self.reason else "traced"


class Function(_core.Function):
    """A function as a graph: it runs natively, has exact derivatives, and can be read.

    :func:`underhood.function` makes one; its derivatives are functions again.

    Attributes
    ----------
    name : str
        What it is called.
    arguments : tuple of str
        The names of its arguments.
    traced : Tracing
        True if it runs as a graph; otherwise false, and ``traced.reason`` says why it is called in Python.

    Notes
    -----
    A call computes with doubles and follows NumPy's rules: ``1/x`` at 0 is infinite. Plain numbers take less than a
    microsecond. Arrays are broadcast if the function is one of numbers; otherwise a graph is made for each
    combination of shapes, the last 32 of which are kept.

    Examples
    --------
    >>> import numpy as np
    >>> import underhood as uh
    >>> F = uh.function(lambda x, y: x**2 * np.sin(y), name="F")
    >>> F
    F(x, y) = x**2*sin(y)
    >>> F(3.0, np.pi / 2)
    9.0
    >>> F.derivative("x")
    ∂F/∂x(x, y) = 2*x*sin(y)
    >>> F.gradient()(3.0, np.pi / 2).round(12)
    array([6., 0.])
    """

    def __init__(
        self,
        call: Callable[..., Any] | None,
        arguments: Sequence[str],
        name: str,
        *,
        text: str | None = None,
        parent: Function | None = None,
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
        self._derived_functions: dict[tuple[Any, ...], Function] = {}
        self._elementwise: bool | None = None
        self._last: Shapes | None = None
        self._vector: _core.Traced | None = None

    # Graphs

    def _numbers(self) -> Shapes:
        return ((),) * len(self.arguments)

    def _at(self, shapes: Shapes, point: Sequence[Any] | None = None) -> _core.Traced | None:
        """Give the graph for arguments of these shapes; None if there is none."""
        known = self._graphs.get(shapes)
        if known is not None:
            return known
        if shapes in self._reasons:
            return None
        try:
            traced, shaped = self._made(shapes, point)
        except NotTracedError as error:
            self._reasons[shapes] = str(error)
            if len(self._reasons) > KEPT:
                del self._reasons[next(iter(self._reasons))]
            if error.__cause__ is not None:
                # Called with the caller's own arguments: what it raises comes out as it went in.
                raise error.__cause__ from None
            return None
        if shapes == self._numbers():
            self._elementwise = not shaped and _core.of_numbers(traced)
            if self._elementwise:
                self._prepare(traced)
        self._graphs[shapes] = traced
        self._keep(traced, KEPT)
        if len(self._graphs) > KEPT:
            del self._graphs[next(iter(self._graphs))]
        return traced

    def _made(self, shapes: Shapes, point: Sequence[Any] | None) -> tuple[_core.Traced, bool]:
        if self._parent is not None:
            return self._derived(shapes)
        if self._text is not None:
            numbers = _core.parse(self._text, None if self._variables is None else list(self._variables))
            if not any(shapes):
                return numbers, False
            builder = _core.Builder()
            inputs = [builder.input(i, list(shape)) for i, shape in enumerate(shapes)]
            named = [(name, list(shape)) for name, shape in zip(self.arguments, shapes, strict=True)]
            return builder.finish(named, builder.inline(numbers, inputs)), False
        assert self._python is not None
        try:
            return trace(self._python, self.arguments, shapes, point)
        except NotTracedError as error:
            if point is None:
                raise NotTracedError(str(error)) from None
            raise

    def _derived(self, shapes: Shapes) -> tuple[_core.Traced, bool]:
        kind, *details = self._change
        parent = self._parent
        assert parent is not None
        own = shapes[:-1] if kind == "hvp" else shapes
        of_parent = parent._at(own)
        if of_parent is None:
            raise NotTracedError(parent._reasons[own])
        if kind == "derivative":
            place, order = details
            for _ in range(order):
                of_parent = of_parent.derivative(place)
            return of_parent, not parent._elementwise
        if kind == "gradient":
            return of_parent.gradient(details[0]), True
        if kind == "jacobian":
            return of_parent.jacobian(details[0]), True
        if kind == "hessian":
            return of_parent.hessian(details[0]), True
        return of_parent.hvp(details[0]), True

    @property
    def traced(self) -> Tracing:
        """Whether it runs as a graph, and if not, why."""
        if self._last is None and not self._graphs:
            self._at(self._numbers())
        shapes = self._last if self._last is not None else self._numbers()
        if shapes in self._graphs or (self._elementwise and self._numbers() in self._graphs):
            return Tracing()
        reason = self._reasons.get(shapes, "it has not been called yet")
        if self._last is None and reason.startswith("it raises"):
            reason += " (for numbers; it may be one of arrays: call it)"
        return Tracing(reason)

    # Calling

    def _call(self, *arguments: Any, **keywords: Any) -> Any:
        if keywords or len(arguments) != len(self.arguments):
            arguments = self._ordered(arguments, keywords)
        if any(isinstance(argument, Tracer) for argument in arguments):
            return self._inside(arguments)
        values = [_value(self.name, name, x) for name, x in zip(self.arguments, arguments, strict=True)]
        shapes: Shapes = tuple(np.shape(value) for value in values)
        self._last = shapes
        if any(shapes):
            numbers = self._at(self._numbers())
            if numbers is not None and self._elementwise:
                return self._over(numbers, values, shapes)
        traced = self._at(shapes, values if self._python is not None else None)
        if traced is not None:
            return traced(*values)
        if self._python is not None:
            return self._python(*arguments)
        return self._numerical(arguments)

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
                f"{self.name} takes {_counted(len(names))} ({', '.join(names)}), but {len(arguments)} were given"
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

    def _numerical(self, arguments: tuple[Any, ...]) -> Any:
        """Differentiate a function that can only be called."""
        from underhood import calculus

        kind, *details = self._change
        parent = self._parent
        assert parent is not None
        if kind == "derivative":
            place, order = details

            def along(x: Any) -> Any:
                return parent(*arguments[:place], x, *arguments[place + 1 :])

            return float(calculus.derivative(along, arguments[place], order=order))
        places = details[0]
        values = arguments[:-1] if kind == "hvp" else arguments
        if len(places) == 1:
            at = np.asarray(values[places[0]], dtype=float)

            def of_vector(x: Any) -> Any:
                return parent(*values[: places[0]], x, *values[places[0] + 1 :])

        else:
            at = np.array([float(values[place]) for place in places])

            def of_vector(x: Any) -> Any:
                changed = list(values)
                for place, number in zip(places, x, strict=True):
                    changed[place] = float(number)
                return parent(*changed)

        if kind == "hvp":
            return np.asarray(calculus.hessian(of_vector, at)) @ np.asarray(arguments[-1], dtype=float)
        return getattr(calculus, kind)(of_vector, at)

    # Derivatives

    def _place(self, wrt: str | int) -> int:
        if isinstance(wrt, str):
            if wrt not in self.arguments:
                raise ValueError(f"{self.name} has no argument {wrt!r}; its arguments are {', '.join(self.arguments)}")
            return self.arguments.index(wrt)
        place = range(len(self.arguments))
        if isinstance(wrt, bool) or not isinstance(wrt, int | np.integer):
            raise TypeError(
                f"{self.name}: wrt is a {type(wrt).__name__}, but must be the name or number of an argument"
            )
        if int(wrt) not in place:
            raise ValueError(f"{self.name}: wrt is {wrt}, but it has {_counted(len(self.arguments))}")
        return int(wrt)

    def _places(self, wrt: str | int | Sequence[str | int] | None) -> list[int]:
        if wrt is None:
            return list(range(len(self.arguments)))
        if isinstance(wrt, list | tuple):
            return [self._place(one) for one in wrt]
        return [self._place(wrt)]  # type: ignore[arg-type]

    def derivative(self, wrt: str | int | None = None, order: int = 1) -> Function:
        """Differentiate by an argument that is a number.

        Parameters
        ----------
        wrt : str or int, optional
            The argument's name or number; may be left out if there is only one.
        order : int, default 1
            How often.

        Returns
        -------
        Function
            ∂ᵖf/∂xᵖ, a function of the same arguments.

        Examples
        --------
        >>> import underhood as uh
        >>> uh.function("x**2 * sin(x)").derivative()
        f'(x) = 2*x*sin(x) + x**2*cos(x)
        >>> uh.function("a*x**3").derivative("x", order=2)
        ∂²f/∂x²(a, x) = 6*a*x
        """
        if wrt is None:
            if len(self.arguments) != 1:
                raise TypeError(
                    f"{self.name} has the arguments {', '.join(self.arguments)}: say by which to differentiate"
                )
            wrt = 0
        place = self._place(wrt)
        if isinstance(order, bool) or not isinstance(order, int | np.integer):
            raise TypeError(f"{self.name}: order is a {type(order).__name__}, but must be a whole number")
        if order < 1:
            raise ValueError(f"{self.name}: order is {order}, but must be at least 1")
        known = self._derived_functions.get(("derivative", place, int(order)))
        if known is not None:
            return known
        variable = self.arguments[place]
        if len(self.arguments) == 1:
            name = self.name + "'" * order if order < 4 else f"{self.name}⁽{_raised(order)}⁾"
            symbol = self._formula() + ("'" * order if order < 4 else f"^{{({order})}}")
        else:
            power = "" if order == 1 else _raised(order)
            name = f"∂{power}{self.name}/∂{variable}{power}"
            upper = "" if order == 1 else f"^{{{order}}}"
            symbol = f"\\frac{{\\partial{upper} {self._formula()}}}{{\\partial {variable}{upper}}}"
        change = ("derivative", place, int(order))
        made = Function(None, self.arguments, name, parent=self, change=change, symbol=symbol)
        return self._derived_functions.setdefault(change, made)

    def _changed(self, kind: str, wrt: Any, sign: str, symbol: str, more: tuple[str, ...] = ()) -> Function:
        key = (kind, wrt) if wrt is None else (kind, *self._places(wrt))
        known = self._derived_functions.get(key)
        if known is not None:
            return known
        made = Function(
            None,
            self.arguments + more,
            f"{sign}{self.name}",
            parent=self,
            change=(kind, self._places(wrt)),
            symbol=f"{symbol} {self._formula()}",
        )
        return self._derived_functions.setdefault(key, made)

    def gradient(self, wrt: str | int | Sequence[str | int] | None = None) -> Function:
        """Give the gradient ∇f of a function whose value is one number.

        Parameters
        ----------
        wrt : str, int or sequence of them, optional
            By which arguments; by default by all.

        Returns
        -------
        Function
            Of the same arguments. By one array it has that array's shape; by several numbers it is the vector of the
            partial derivatives, in order.

        Examples
        --------
        >>> import numpy as np
        >>> import underhood as uh
        >>> uh.function("x**2 + 3*x*y").gradient()
        ∇f(x, y) = [2*x + 3*y, 3*x]
        >>> length = uh.function(lambda v: np.sqrt(np.sum(v**2)))
        >>> length.gradient()([3.0, 4.0])
        array([0.6, 0.8])
        """
        return self._changed("gradient", wrt, "∇", "\\nabla")

    def jacobian(self, wrt: str | int | Sequence[str | int] | None = None) -> Function:
        """Give the Jacobian matrix ∂fᵢ/∂xⱼ: the shape of the value, followed by that of the argument.

        Parameters
        ----------
        wrt : str, int or sequence of them, optional
            By which arguments; by default by all.

        Returns
        -------
        Function
            Of the same arguments.

        Examples
        --------
        >>> import numpy as np
        >>> import underhood as uh
        >>> polar = uh.function(lambda v: np.stack([v[0] * np.cos(v[1]), v[0] * np.sin(v[1])]))
        >>> polar.jacobian()([2.0, np.pi / 4]).round(3)
        array([[ 0.707, -1.414],
               [ 0.707,  1.414]])
        """
        return self._changed("jacobian", wrt, "J", "J")

    def hessian(self, wrt: str | int | Sequence[str | int] | None = None) -> Function:
        """Give the Hessian matrix ∂²f/∂xᵢ∂xⱼ of a function whose value is one number.

        Parameters
        ----------
        wrt : str, int or sequence of them, optional
            By which arguments; by default by all.

        Returns
        -------
        Function
            Of the same arguments.

        Examples
        --------
        >>> import underhood as uh
        >>> uh.function("x**2 + 3*x*y").hessian()
        Hf(x, y) = [[2, 3], [3, 0]]
        """
        return self._changed("hessian", wrt, "H", "H")

    def hvp(self, *arguments: ArrayLike) -> Any:
        """Compute the Hessian matrix times a vector, ∇²f(x)·v, without forming the matrix.

        Parameters
        ----------
        *arguments : array_like
            The arguments of the function, then ``v`` in the shape of the gradient.

        Returns
        -------
        ndarray or float
            In the shape of ``v``.

        Examples
        --------
        >>> import numpy as np
        >>> import underhood as uh
        >>> F = uh.function(lambda x: np.sum(x**4))
        >>> F.hvp([1.0, 2.0], [1.0, 1.0])
        array([12., 48.])
        """
        if len(arguments) != len(self.arguments) + 1:
            needed = ", ".join((*self.arguments, "v"))
            raise TypeError(f"hvp: {_counted(len(arguments))} were given, but these are needed: {needed}")
        return self._changed("hvp", None, "H·v ", "v^{\\top} H", ("v",))(*arguments)

    # Reading

    def _shown(self) -> _core.Traced | None:
        """Give the graph that is printed: that of numbers, or the last one."""
        numbers = self._at(self._numbers()) if self._readable_as_numbers() else None
        if numbers is None and self._last is not None:
            numbers = self._graphs.get(self._last)
        if numbers is None and self._parent is not None and self._parent._last is not None:
            shapes = self._parent._last
            numbers = self._at((*shapes, shapes[0]) if self._change[0] == "hvp" else shapes)
        # What a person wrote stays as it was written; what was derived is put in order.
        return numbers if numbers is None or self._parent is None else _core.tidied(numbers)

    def _readable_as_numbers(self) -> bool:
        try:
            return self._at(self._numbers()) is not None
        except ValueError:  # a derivative that does not exist for numbers
            return False

    def _head(self) -> str:
        return f"{self.name}({', '.join(self.arguments)})"

    def __str__(self) -> str:
        traced = self._shown()
        if traced is None:
            why = self.traced
            return f"{self._head()}: {why}" if why.reason else self._head()
        parts, whole, arrays = _core.written(traced)
        lines = [f"{self._head()} = {whole}"]
        lines += [f"  {'where' if i == 0 else '     '} {name} = {text}" for i, (name, text) in enumerate(parts)]
        lines += [f"  with {name} of shape {tuple(shape)}" for name, shape in arrays]
        return "\n".join(lines)

    __repr__ = __str__

    def _formula(self) -> str:
        if self._symbol is not None:
            return self._symbol
        return self.name if len(self.name) == 1 else f"\\mathrm{{{self.name}}}".replace("_", "\\_")

    def latex(self) -> str:
        r"""Write the function as a formula in LaTeX.

        Returns
        -------
        str
            Such as ``f(x) = x^{2} \sin(x)``, without dollar signs.

        Raises
        ------
        ValueError
            It is not traced, so there is no formula.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.function("x**2 / (1 + y)").latex())
        f(x, y) = \frac{x^{2}}{1 + y}
        """
        traced = self._shown()
        if traced is None:
            raise ValueError(f"latex: {self.name} has no formula: {self.traced}")
        parts, whole, _ = _core.formula(traced)
        symbols = ", ".join(_symbol(name) for name in self.arguments)
        lines = [f"{self._formula()}({symbols}) = {whole}"]
        lines += [f"{name} = {text}" for name, text in parts]
        return ", \\quad ".join(lines)

    def _repr_latex_(self) -> str | None:
        return None if self._shown() is None else f"$\\displaystyle {self.latex()}$"

    def plot_graph(self, *arguments: ArrayLike, ax: Axes | None = None) -> Axes:
        """Draw the computational graph at a point: each node's value, and below it the gradient that flows back.

        Parameters
        ----------
        *arguments : array_like
            The point: one value for each argument.
        ax : matplotlib Axes, optional
            Where to draw; by default a new figure.

        Returns
        -------
        matplotlib Axes
            The axes.

        Raises
        ------
        ValueError
            The function is not traced, or its graph has more nodes than a picture can show.

        Examples
        --------
        >>> import underhood as uh
        >>> ax = uh.function("x*y + sin(x)").plot_graph(2.0, 3.0)
        """
        from underhood.plot._graphs import draw

        values = [
            _value(self.name, name, x) for name, x in zip(self.arguments, self._ordered(arguments, {}), strict=True)
        ]
        traced = self._at(tuple(np.shape(value) for value in values))
        if traced is None:
            raise ValueError(f"plot_graph: {self.name} has no graph: {self.traced}")
        return draw(self._head(), traced, values, ax)

    # Copies

    def __copy__(self) -> Function:
        return self

    def __deepcopy__(self, memo: Any) -> Function:
        return self

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        if self._parent is not None:
            return _rederived, (self._parent, self._change)
        if self._text is not None:
            return _remade, (self._text, self._variables, self.name)
        try:
            pickle.dumps(self._python)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise pickle.PicklingError(
                f"{self.name} was made from a function that cannot be pickled ({error}); "
                "define it with def at the top of a module, or write it as a text"
            ) from None
        return _remade, (self._python, self.arguments, self.name)


def _remade(f: Any, variables: Sequence[str] | None, name: str) -> Function:
    return function(f, variables=variables, name=name)


def _rederived(parent: Function, change: tuple[Any, ...]) -> Function:
    kind, *details = change
    if kind == "derivative":
        return parent.derivative(*details)
    if kind == "hvp":
        return parent._changed("hvp", None, "H·v ", "v^{\\top} H", ("v",))
    return getattr(parent, kind)(details[0])  # type: ignore[no-any-return]


def _value(function: str, argument: str, x: Any) -> Any:
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


def _counted(count: int) -> str:
    return f"{count} argument{'' if count == 1 else 's'}"


def _raised(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _symbol(name: str) -> str:
    """Write a variable as the formula does."""
    builder = _core.Builder()
    return _core.formula(builder.finish([(name, [])], builder.input(0, [])))[1]


def _parameters(f: Callable[..., Any], variables: Sequence[str] | None) -> tuple[Callable[..., Any], list[str]]:
    """Name a callable's arguments; one that takes some by keyword only is wrapped."""
    if isinstance(f, np.ufunc):
        names = ["x"] if f.nin == 1 else [f"x{i + 1}" for i in range(f.nin)]
        return f, names if variables is None else list(variables)
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        if variables is None:
            raise TypeError("function: the arguments of f cannot be found out; name them: variables=['x', …]") from None
        return f, list(variables)
    if variables is not None:
        return f, list(variables)
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        raise TypeError("function: f takes any number of arguments (*args); name them: variables=['x', 'y', …]")
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    if any(parameter.kind is parameter.KEYWORD_ONLY for parameter in needed):
        raise TypeError("function: f takes arguments by keyword only; wrap it: lambda x: f(x=x)")
    return f, [parameter.name for parameter in needed]


def function(
    f: Callable[..., Any] | str | Function, *, variables: Sequence[str] | None = None, name: str | None = None
) -> Function:
    """Make a function a graph, which runs natively, is differentiated exactly, printed and drawn.

    Parameters
    ----------
    f : callable or str
        A Python function written with plain operators and NumPy's functions, or a text such as
        ``"x**2 * sin(y)"``, in which every name is a variable that is a number.
    variables : sequence of str, optional
        The names of the arguments. By default a callable's own (those with a default keep it), and a text's in
        alphabetical order.
    name : str, optional
        What to call it; by default a ``def``'s name, else ``"f"``.

    Returns
    -------
    Function
        Called like ``f``, with ``derivative``, ``gradient``, ``jacobian``, ``hessian`` and ``hvp``, ``latex`` and
        ``plot_graph``.

    Raises
    ------
    TypeError
        ``f`` is neither a callable nor a text, or its arguments cannot be found out.
    ValueError
        The text cannot be read; the message shows where and what to write instead.

    Notes
    -----
    A callable is run *once* with stand-ins for its arguments, which record what is computed (for each combination of
    shapes, if it depends on them), and once more to compare. What it prints, counts or draws at random happens then
    and not at later calls, and an array that it uses from outside counts as it was. What cannot be recorded, such as
    ``math.sin``, a branch on a value, or a foreign library, makes it a function that is called in Python, with
    numerical derivatives; ``traced`` says so and why.

    Everything is computed in doubles. At kinks the derivative is a subgradient: 0 for ``abs`` at 0, the mean of both
    sides for ``maximum`` where they are equal.

    Examples
    --------
    >>> import numpy as np
    >>> import underhood as uh
    >>> f = uh.function("x**2 * sin(x)")
    >>> f
    f(x) = x**2*sin(x)
    >>> f.derivative()
    f'(x) = 2*x*sin(x) + x**2*cos(x)
    >>> f([0.0, np.pi / 2]).round(6)
    array([0.      , 2.467401])

    A loss with data, and its exact gradient:

    >>> X, y = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]), np.array([1.0, 2.0, 4.0])
    >>> loss = uh.function(lambda w: np.mean((X @ w - y) ** 2))
    >>> loss.gradient()([0.0, 0.5]).round(6)
    array([-1.666667, -2.333333])
    """
    if isinstance(f, Function):
        if variables is None and name is None:
            return f
        f = f._text if f._text is not None else f._python if f._python is not None else f
    if variables is not None:
        if isinstance(variables, str):
            variables = [variables]
        variables = [str(variable) for variable in variables]
    if isinstance(f, str):
        traced = _core.parse(f, None if variables is None else list(variables))
        names = [argument for argument, _ in traced.arguments]
        return Function(None, names, name or "f", text=f, variables=variables)
    if not callable(f):
        found = type(f).__name__
        raise TypeError(
            f"function: f is a {found}, but must be a function that can be called, or a text such as 'x**2'"
        )
    call, names = _parameters(f, variables)
    own = getattr(f, "__name__", "f")
    return Function(call, names, name or (own if own.isidentifier() else "f"), variables=variables)
