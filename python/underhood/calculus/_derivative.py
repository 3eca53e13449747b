"""Derivatives and gradients of functions."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal, SupportsFloat, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import calculus as _core
from underhood._functions import Given
from underhood._functions._function import Function
from underhood._results import Result
from underhood.calculus._complex import complex_step
from underhood.calculus._estimate import AccuracyWarning, Estimate
from underhood.calculus._exact import NO_VALUE, exact_derivative, exact_gradient, known_derivative
from underhood.calculus._point import number, of_array, of_number, read, whole

__all__ = [
    "NUMERICAL",
    "Gradient",
    "Method",
    "derivative",
    "estimated",
    "estimated_gradient",
    "gradient",
    "numerical",
    "warn",
]


@dataclass(slots=True, repr=False, eq=False)
class Gradient(Result):
    """A gradient, and how good it is; what ``gradient(…, details=True)`` returns.

    Attributes
    ----------
    values : ndarray
        The partial derivatives, in the shape of ``x``.
    error : ndarray
        A cautious estimate of the absolute error of each.
    evaluations : int
        How often the function was called.
    converged : bool
        Whether every entry converged.
    method : list of str
        How each was computed: ``"central"``, ``"forward"`` or ``"backward"``, in the order of the flattened ``x``.
    message : str
        What is wrong with the first entry that did not converge; empty if all did.
    """

    values: NDArray[np.float64]
    error: NDArray[np.float64]
    evaluations: int
    converged: bool
    method: list[str]
    message: str


Method = Literal["auto", "exact", "central", "forward", "backward", "richardson", "complex"]

NUMERICAL = ("auto", "exact", "central", "forward", "backward", "richardson")
"""The methods of all functions; a single derivative has the complex step besides."""

HIGHEST = 4
"""The highest order that differences are taken for."""


def numerical(function: str, method: Any, allowed: tuple[str, ...]) -> str:
    """Give the core's name of a method, after refusing what is none."""
    if not isinstance(method, str) or method not in allowed:
        known = ", ".join(f'"{name}"' for name in allowed)
        found = f'"{method}"' if isinstance(method, str) else f"a {type(method).__name__}"
        error = ValueError if isinstance(method, str) else TypeError
        raise error(f"{function}: method is {found}, but must be one of {known}")
    return "auto" if method in ("richardson", "exact") else method


def derivative(
    f: Given,
    x: SupportsFloat,
    *,
    order: int = 1,
    method: Method = "auto",
    step: float | None = None,
) -> Estimate:
    """Compute the derivative of a function at a point, f⁽ᵖ⁾(x): exactly where ``f`` can be traced, else numerically.

    Parameters
    ----------
    f : callable or str
        Takes a float and returns a number. Numerically, it is called at ``x`` first, then at 20 to 40 points near it,
        up to some hundred for a function that is hard. Where it raises a ``ValueError`` or an ``ArithmeticError``
        (``math.sqrt(-1)``, ``1 / 0``) or returns NaN or infinity *beside* ``x``, its domain is taken to end;
        anything raised *at* ``x``, any other exception, and one without which no derivative could be formed come
        out as they are.
    x : float
        The point.
    order : int, default 1
        Which derivative: 1 to 4 (higher ones if exact, as long as the formula stays of a reasonable size; 1 for the
        complex step).
    method : {"auto", "exact", "central", "forward", "backward", "richardson", "complex"}, default "auto"
        ``"exact"`` differentiates the graph that ``f`` was traced into. ``"central"``, ``"forward"`` and ``"backward"``
        extrapolate difference quotients to step zero, from both sides of ``x``, from above or from below;
        ``"richardson"`` does so from both sides where ``f`` is defined on both. ``"complex"`` calls
        ``f`` with the complex number x + ih and divides the imaginary part by h: no difference is formed and no digit
        lost, but ``f`` must be made of functions that know complex numbers. ``"auto"`` is exact where ``f`` can be
        traced and ``"richardson"`` elsewhere.
    step : float, optional
        The largest step to start from; by default it is found. Give one if ``f`` must not be called further away: then
        it is not traced either.

    Returns
    -------
    Estimate
        A float with ``error``, ``evaluations``, ``converged``, ``method`` and ``message``. At a corner it is the
        mean of the derivatives on both sides, with half their difference as its error; NaN where ``f`` jumps, rises
        vertically or has no value, and at ``x = nan``.

    Raises
    ------
    TypeError
        ``f`` cannot be called or returns something other than one real number; ``x`` is not a number; ``f`` does not
        take complex numbers, but ``method`` needs it to.
    ValueError
        ``x`` is infinite, ``order`` is not 1 to 4 (where ``f`` is not traced), ``step`` is not positive, ``method`` is
        unknown, or ``"exact"`` for an ``f`` that cannot be traced.

    Warns
    -----
    AccuracyWarning
        The result did not converge (not for ``x = nan``).

    Notes
    -----
    Smooth functions get about 14 correct digits at order 1, then 13, 11 and 10 at orders 2 to 4. What limits them
    is that ``f`` itself is rounded: ``1e6 + sin(x)`` has ten digits of ``sin`` left, and so has its slope.
    ``error`` takes that into account. Warnings that NumPy gives about invalid values and overflow inside ``f`` are
    silenced, since the end of a domain is looked for.

    What is differentiated is ``f`` as it is computed. Where that is exactly constant on both sides, the slope is 0 and
    nothing shows that it is the tread of a staircase: at a step of ``floor(1e8*x)/1e8``, or of ``(1 - cos(x))/x**2``
    at 1e-8, whose numerator has no digits left there.

    Unlike ``scipy.differentiate.derivative``, ``f`` is called with plain floats, and the result is a number.

    The numerical method is Ridders' extrapolation of difference quotients [1]_ over all runs of neighbouring steps,
    with an account of the rounding noise in each, and checks that the same steps also reproduce ``f(x)`` and agree with
    finer ones. The complex step is that of Squire and Trapp [2]_; it is compared with the numerical derivative, since a
    function that is not analytic (``abs``, ``conj``, comparisons) would give a wrong number.

    References
    ----------
    .. [1] C. Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", Advances in Engineering Software 4 (1982)
       75-76.
    .. [2] W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40
       (1998) 110-112.

    Examples
    --------
    >>> import math
    >>> from underhood.calculus import derivative
    >>> d = derivative(math.log, 1e-3)
    >>> abs(d - 1000) <= d.error < 1e-8
    True
    >>> f"{derivative(math.sin, 0.0, order=3):.6f}"
    '-1.000000'

    At the end of its domain a function is looked at from one side:

    >>> d = derivative(lambda x: math.exp(x) if x >= 0 else math.nan, 0.0)
    >>> round(d, 9), d.method
    (1.0, 'forward')

    The complex step has no rounding to speak of:

    >>> import cmath
    >>> derivative(cmath.exp, 1.0, method="complex") == math.e
    True
    """
    estimate = estimated(f, x, order, method, step)
    warn("derivative", estimate, f" at x = {float(x)!r}")
    return estimate


def estimated(
    f: Given, x: SupportsFloat, order: int = 1, method: Method = "auto", step: float | None = None
) -> Estimate:
    """Compute what :func:`derivative` returns, without a warning: whoever calls warns in its own name."""
    if (
        type(f) is Function
        and type(x) is float
        and type(order) is int
        and order >= 1
        and method == "auto"
        and step is None
    ):
        known = known_derivative(f, x, order)
        if known is not None:
            return known
    chosen = numerical("derivative", method, (*NUMERICAL, "complex"))
    point = number("derivative", "x", x)
    estimate = None
    if chosen == "complex":
        estimate = complex_step(f, point, order, step)
    else:
        called = of_number("derivative", f, step, point)
        if method in ("auto", "exact") and whole(order):
            estimate = exact_derivative("derivative", called, point, order, required=method == "exact")
    if estimate is None:
        if whole(order) and order > HIGHEST and chosen != "complex":
            raise ValueError(
                f"derivative: order is {order}, but differences give 1, 2, 3 or 4: write f as a text or in NumPy's "
                "functions, so that it can be traced (uh.function(f).traced says why it is not), or take order! times "
                "the last coefficient of taylor(f, x, order)"
            )
        with np.errstate(all="ignore"):
            value, error, evaluations, converged, used, doubt = _core.derivative(called, point, order, chosen, step)
        estimate = Estimate(value, error, evaluations, converged, used, doubt or "")
    return estimate


def warn(function: str, found: Estimate | Gradient, where: str = "") -> None:
    """Warn whoever called ``function`` that what it found is not to be trusted. NaN in, NaN out needs no warning."""
    if found.message and not found.message.endswith("x is NaN"):
        warnings.warn(f"{function}: not converged{where}: {found.message}", AccuracyWarning, stacklevel=3)


@overload
def gradient(
    f: Given,
    x: ArrayLike,
    *,
    order: int = ...,
    method: Method = ...,
    step: float | None = ...,
    details: Literal[False] = ...,
) -> NDArray[np.float64]: ...
@overload
def gradient(
    f: Given,
    x: ArrayLike,
    *,
    order: int = ...,
    method: Method = ...,
    step: float | None = ...,
    details: Literal[True],
) -> Gradient: ...
def gradient(
    f: Given,
    x: ArrayLike,
    *,
    order: int = 1,
    method: Method = "auto",
    step: float | None = None,
    details: bool = False,
) -> NDArray[np.float64] | Gradient:
    """Compute the gradient of a function of many variables: ∇f(x), one partial derivative for each entry of ``x``.

    Parameters
    ----------
    f : callable or str
        Takes an array of the shape of ``x`` (a copy of its own each time) and returns one number; or, if it has exactly
        as many parameters without a default as ``x`` has entries (two or more), takes these as numbers: ``f(x, y)``. A
        text's variables are the entries (see :func:`underhood.function`). Exceptions are treated as by
        :func:`derivative`.
    x : array_like
        The point; any shape. A number is an array without axes.
    order : int, default 1
        1 for the gradient; 2 to 4 for the pure higher derivatives ∂ᵖf/∂xᵢᵖ.
    method : {"auto", "exact", "central", "forward", "backward", "richardson"}, default "auto"
        As for :func:`derivative`, for every coordinate.
    step : float, optional
        As for :func:`derivative`.
    details : bool, default False
        Return a :class:`Gradient` with errors instead of the array.

    Returns
    -------
    ndarray or Gradient
        The partial derivatives in the shape of ``x``; NaN throughout if ``x`` holds a NaN.

    Raises
    ------
    TypeError
        ``f`` cannot be called or returns something other than one real number; ``x`` holds no real numbers.
    ValueError
        ``x`` is empty or holds an infinity; ``order``, ``method`` or ``step`` is out of range.

    Warns
    -----
    AccuracyWarning
        An entry did not converge (not for NaN in ``x``).

    Notes
    -----
    ``f`` is called some 20 to 40 times for each entry; each entry is as accurate as a :func:`derivative`.
    ``numpy.gradient`` is something else: it differences values that stand in an array.

    Examples
    --------
    >>> import numpy as np
    >>> from underhood.calculus import gradient
    >>> gradient(lambda x: x @ x, [1.0, 2.0, 3.0]).round(10)
    array([2., 4., 6.])
    >>> gradient(lambda x, y: np.sin(x) * y, [0.0, 2.0]).round(10)
    array([2., 0.])
    >>> gradient(lambda x: np.sin(x[0]) * x[1], [0.0, 2.0], details=True).converged
    True
    """
    found = estimated_gradient(f, x, order, method, step)
    warn("gradient", found)
    return found if details else found.values


def estimated_gradient(
    f: Given, x: ArrayLike, order: int = 1, method: Method = "auto", step: float | None = None
) -> Gradient:
    """Compute a gradient with its errors, without a warning: whoever calls warns in its own name."""
    chosen = numerical("gradient", method, NUMERICAL)
    point = read("gradient", "x", x)
    called = of_array("gradient", f, point, step)
    if method in ("auto", "exact") and order == 1:
        exact = exact_gradient("gradient", called, point, required=method == "exact")
        if exact is not None:
            values, errors = exact
            message = NO_VALUE if method == "exact" and not np.isfinite(values).all() else ""
            return Gradient(values, errors, 1, not message, ["exact"] * values.size, message)
    elif method == "exact":
        raise ValueError(f"gradient: order is {order}, but method 'exact' gives the first derivatives")
    with np.errstate(all="ignore"):
        values, errors, evaluations, converged, methods, doubt = _core.gradient(called, point, order, chosen, step)
    message = "" if doubt is None else f"entry {doubt[0]} is not to be trusted: {doubt[1]}"
    return Gradient(values, errors, evaluations, converged, methods, message)
