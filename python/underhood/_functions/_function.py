"""Functions as graphs: called, differentiated, printed and drawn."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from underhood._core import graph as _core
from underhood._functions._combined import Combinable
from underhood._functions._components import listed
from underhood._functions._graphs import Tracing, counted

__all__ = ["Function", "Tracing", "function"]


class Function(Combinable):
    """A function as a graph: it runs natively, has exact derivatives, and can be read.

    :func:`underhood.function` makes one; its derivatives are functions again.

    Attributes
    ----------
    name : str
        What it is called.
    arguments : tuple of str
        The names of its arguments.
    traced : Tracing
        True if it runs as a graph; otherwise false, and ``traced.reason`` says why it is called in Python. As long
        as the shapes of its arguments are not known, ``traced.known`` is false: call it once.

    Notes
    -----
    A call computes with doubles and follows NumPy's rules: ``1/x`` at 0 is infinite. Plain numbers take less than a
    microsecond. Arrays are broadcast if the function is one of numbers; otherwise a graph is made for each
    combination of shapes, the newest 32 of which are kept.

    Functions combine: ``F + G``, ``F - G``, ``F * G``, ``F / G``, ``F ** 2`` and ``-F`` are functions of the arguments
    of both, first those of the one to the left (of texts in alphabetical order, unless ``variables`` were given);
    arguments of the same name are one. Either may be a number or an array. What a caller wrote is not run again for it:
    the graphs are joined, and if one of both has none, both are called. Values of different shapes, such as a gradient
    and a Hessian matrix, are refused.

    They compose as well: ``F(G)`` is the function x ↦ F(G(x)), ``F(G, 2)`` puts a number for F's second argument, and
    ``np.sin(F)`` takes the sines of F's values.

    Whatever else a caller's function uses, numbers and arrays from outside, counts as it was when the graph was made:
    at the first call, or where a derivative or a solver first needed it. Make the function anew after a change.

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
    >>> 2 * F + uh.function("z**2")
    f(x, y, z) = 2*(x**2*sin(y)) + z**2
    >>> G = uh.function("x**2")
    >>> G(uh.function("sin(t)"))
    f(t) = sin(t)**2
    >>> np.exp(-G).derivative()
    f'(x) = -2*x*exp(-x**2)
    """

    @cached_property
    def _derived_functions(self) -> dict[tuple[Any, ...], Function]:
        return {}

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
            raise ValueError(f"{self.name}: wrt is {wrt}, but it has {counted(len(self.arguments))}")
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
                have = (
                    f"the arguments {', '.join(self.arguments)}: say by which to"
                    if self.arguments
                    else "no arguments to"
                )
                raise TypeError(f"{self.name} has {have} differentiate")
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
            needed = ", ".join(self._hessian_product().arguments)
            raise TypeError(f"hvp: {counted(len(arguments))} were given, but these are needed: {needed}")
        return self._hessian_product()(*arguments)

    def _hessian_product(self) -> Function:
        vector = next(name for name in ("v", *(f"v{i}" for i in range(1, 99))) if name not in self.arguments)
        return self._changed("hvp", None, "H·v ", f"{vector}^{{\\top}} H", (vector,))

    def _called(self, name: str) -> Function:
        """Give the same derivative under another name."""
        return Function(None, self.arguments, name, parent=self._parent, change=self._change)

    def __dir__(self) -> list[str]:
        return sorted(name for name in super().__dir__() if not name.startswith("_"))

    # Copies

    def __copy__(self) -> Function:
        return self

    def __deepcopy__(self, memo: Any) -> Function:
        return self

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        if self._parent is not None:
            return _rederived, (self._parent, self._change, self.name)
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


def _rederived(parent: Function, change: tuple[Any, ...], name: str) -> Function:
    kind, *details = change
    if kind == "hvp":
        made = parent._hessian_product()
    else:
        made = parent.derivative(*details) if kind == "derivative" else getattr(parent, kind)(details[0])
    return made if made.name == name else made._called(name)


def _raised(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


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
    shapes, if it depends on them), and a few times more to compare, where it is called first or close by. What it
    prints, counts, appends to a list or draws at random happens then and not at later calls, and numbers and arrays
    that it uses from outside count as they were then. ``isinstance`` tells it what it will be called with: a float or
    an array. What cannot be recorded, such as ``math.sin``, a branch on a value, or a foreign library, makes it a
    function that is called in Python, with numerical derivatives; ``traced`` says so and why.

    Whatever takes a callable takes a text or a Function as well, and for a vector field, a curve or a system a list of
    them. Where a point is an array, a text's variables are its components, never the array as a whole: as many names as
    the point has numbers stand in alphabetical order; x, y and z are the first, second and third number of two or
    three, whether all of them are used or not; numbered names (x0, x1, … or x1, x2, …) say it themselves, and
    ``variables`` says it for any others. So ``"x**2"`` at a point of two numbers is the function x² of (x, y), and
    ``"t**2"`` is refused there.

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
        if f._parent is not None:
            if variables is not None and tuple(variables) != f.arguments:
                raise ValueError(
                    f"function: variables cannot be given anew for a derivative; f has {listed(f.arguments)}"
                )
            return f._called(name or f.name)
        f = f._text or f._python or f
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
