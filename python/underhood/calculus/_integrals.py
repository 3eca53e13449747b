"""Integrals over lines, boxes and regions."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike

from underhood._core import integrals as _core
from underhood._core.graph import Traced
from underhood._functions import resolve
from underhood._functions._components import listed
from underhood._functions._function import Function
from underhood._functions._tracing import NotTracedError, trace
from underhood.calculus._estimate import AccuracyWarning, Estimate

__all__ = ["integrate"]

Method = Literal["auto", "gauss-kronrod", "tanh-sinh"]
Limit = SupportsFloat | Callable[..., Any]


def integrate(
    f: Callable[..., Any] | str,
    a: SupportsFloat | Sequence[tuple[Limit, Limit]],
    b: SupportsFloat | None = None,
    *,
    rtol: float = 1e-10,
    atol: float = 0.0,
    points: ArrayLike | None = None,
    method: Method = "auto",
    limit: int = 5000,
    args: tuple[Any, ...] = (),
) -> Estimate:
    """Compute a definite integral, ∫ₐᵇ f(x) dx, or one over a box or region, ∫∫ f(x, y) dy dx.

    Parameters
    ----------
    f : callable or str
        Takes a float (for a region: as many floats as there are pairs of limits, in their order) and returns a number.
        A text (``"exp(-x**2)"``), an :class:`underhood.Function` and what can be traced runs compiled.
        Where it raises a ``ValueError`` or an ``ArithmeticError`` (``1 / 0``, ``math.log(0)``) or returns NaN or
        infinity, it is taken to have a singular point there. It is never called outside the limits.
    a, b : float
        The limits; ``inf`` and ``-inf`` are welcome. ``a > b`` gives the negative. For a region ``a`` is a sequence of
        pairs, one for each variable, the innermost last, and ``b`` is left out; each limit is a number or a function of
        the variables before: ``integrate(f, [(0, 1), (0, lambda x: x)])`` is ∫₀¹ ∫₀ˣ f(x, y) dy dx.
    rtol, atol : float
        The error may be ``max(atol, rtol * abs(integral))``. An error as small as rounding allows, about 1e-14 of the
        integral of ``abs(f)``, will do as well; so an integral of zero needs no ``atol``.
    points : array_like, optional
        Places between ``a`` and ``b`` where ``f`` is known to jump, bend, peak or blow up.
    method : {"auto", "gauss-kronrod", "tanh-sinh"}, default "auto"
        ``"gauss-kronrod"`` only halves intervals; ``"tanh-sinh"`` takes each interval between points as a whole, for
        singular ends; ``"auto"`` does whatever is needed.
    limit : int, default 5000
        How many intervals, of 21 calls each, may be looked at in one integral.
    args : tuple
        Further arguments of ``f``, behind the variables.

    Returns
    -------
    Estimate
        A float with ``error``, ``evaluations``, ``converged``, ``method`` and ``message``.

    Raises
    ------
    ValueError
        The integral diverges; a limit is NaN; a tolerance is negative; a point lies outside the limits.
    TypeError
        ``f`` cannot be called or returns something other than one real number; a limit is not a number.

    Warns
    -----
    AccuracyWarning
        The tolerance was not reached, ``f`` has no finite values in a part of the range, or it was zero wherever it
        was called: what is zero but for a narrow peak may be missed.

    Notes
    -----
    Smooth integrands take 23 calls over a finite range, and some 100 to 300 over an infinite one, where the double
    exponential rule [2]_ is tried first. Otherwise intervals are halved adaptively under the rule of Gauss and Kronrod
    with 21 points, whose error is judged by null rules [1]_. Towards singular ends (and singular places inside, which
    are searched for) the tanh-sinh rule [2]_ takes over, or the limit of sums of ever smaller pieces [3]_; oscillations
    without end are summed wave by wave [4]_.
    A function that was not simple at first sight is looked at on a finer grid before it is believed. A peak that is
    much narrower than an eighth of the range may still stand unseen between the points, and of a function that seems
    smooth at the first 21 points a jump within 0.2 % of the range from its ends; ``points`` helps. Where all points
    give zero, 1200 more at uneven distances are looked at before the integral is said to be zero.
    Ends at which ``f`` is ``1/(x log(x)**p)`` are recognised by the logarithm, where they lie at zero or at infinity.
    For a region all integrals together may take as many calls as 60 of ``limit`` intervals; the errors of the inner
    integrals count. Next to a singular corner inner integrals may seem to diverge; they count as points without value.

    A singularity at a place other than zero can be resolved only as far as doubles lie apart there. Write
    ``x**-0.9`` from 0 to 1, rather than ``(1 - x)**-0.9``, for best results.

    It differs from ``scipy.integrate.quad``: the result is one number that knows its error; the default tolerance is
    relative, 1e-10, so that small integrals are as good as large ones; divergent integrals are refused; ``points`` go
    with infinite limits; for regions (``dblquad``, ``tplquad``) the arguments of ``f`` come in the order of the limits,
    outermost first, where ``dblquad`` calls ``f(y, x)``. There are no ``weight`` functions: they are not needed.

    References
    ----------
    .. [1] J. Berntsen, T. O. Espelid, "Error estimation in automatic quadrature routines", ACM Trans. Math. Softw. 17
       (1991) 233-252.
    .. [2] H. Takahasi, M. Mori, "Double exponential formulas for numerical integration", Publ. RIMS 9 (1974) 721-741.
    .. [3] P. Wynn, "On a device for computing the e_m(S_n) transformation", MTAC 10 (1956) 91-96.
    .. [4] I. M. Longman, "Note on a method for computing infinite integrals of oscillatory functions", Proc. Camb.
       Phil. Soc. 52 (1956) 764-768.

    Examples
    --------
    >>> import math
    >>> from underhood.calculus import integrate
    >>> area = integrate(math.sin, 0, math.pi)
    >>> round(area, 12), area.converged
    (2.0, True)
    >>> round(integrate(lambda x: math.exp(-x * x), -math.inf, math.inf) ** 2, 10)
    3.1415926536
    >>> round(integrate(lambda x: math.sin(x) / x, 0, math.inf), 10)
    1.5707963268
    >>> integrate(lambda x: 1 / x, 0, 1)
    Traceback (most recent call last):
    ...
    ValueError: integrate: f has a divergent integral: near x = 0 it grows like |x − 0|^-1.00

    The volume under the plane ``x * y`` over a triangle:

    >>> round(integrate(lambda x, y: x * y, [(0, 1), (0, lambda x: x)]), 12)
    0.125
    """
    # A graph that is at hand takes the short way: the integral itself takes a microsecond.
    graph = f._graphs.get(((),)) if type(f) is Function and not args else f
    if type(graph) is Traced and b is not None and (type(a) is float or type(a) is int):
        found = _core.integrate(graph, a, b, rtol, atol, points, method, limit)
        if found[3] and found[1]:
            return Estimate(*found)
    else:
        found = _by_calls(f, a, b, rtol, atol, points, method, limit, tuple(args))
    return estimate("integrate", found)


def _by_calls(
    f: Any, a: Any, b: Any, rtol: float, atol: float, points: Any, method: Method, limit: int, further: tuple[Any, ...]
) -> Any:
    """Integrate what is called in Python, or made into a graph first; or over a region."""
    if isinstance(a, (list, tuple)):
        if b is not None:
            raise TypeError("integrate: b is given, but a holds the limits of a region already")
        if points is not None or method != "auto":
            raise ValueError("integrate: points and method are for integrals over a line")
        pairs = _pairs(a)
        integrand = _integrand(f, further, len(pairs))
        with np.errstate(all="ignore"):
            return _core.integrate_region(traced(integrand, lambda: _inside(pairs)), pairs, rtol, atol, limit)
    if b is None:
        raise TypeError("integrate: b is missing")
    integrand = _integrand(f, further, 1)
    if isinstance(integrand, Traced):
        return _core.integrate(integrand, a, b, rtol, atol, points, method, limit)
    with np.errstate(all="ignore"):
        later = partial(traced, integrand, lambda: _inside([(a, b)]))
        return _core.integrate(integrand, a, b, rtol, atol, points, method, limit, later)


LOOKS = 500
"""A function that was zero so often has been looked at closely; an empty range takes no call at all."""


def estimate(function: str, found: tuple[float, float, int, bool, str, str]) -> Estimate:
    """Make an estimate of what the core found, and warn if it is not to be trusted."""
    if not found[3]:
        warnings.warn(f"{function}: not converged: {found[5]}", AccuracyWarning, stacklevel=3)
    elif found[0] == found[1] == 0 and found[2] > LOOKS:
        warnings.warn(
            f"{function}: f was zero at all {found[2]:,} places where it was called; if it is not zero everywhere, "
            "say where, points=[…]",
            AccuracyWarning,
            stacklevel=3,
        )
    return Estimate(*found)


def _integrand(f: Any, further: tuple[Any, ...], variables: int) -> Callable[..., Any]:
    """Give a function of the variables alone: a text or a Function of numbers as its graph, a callable as it is."""
    if isinstance(f, Traced):
        return f
    if isinstance(f, str):
        f = resolve("integrate", "f", f)
        if further:
            raise ValueError("integrate: args goes with a callable, but f is a text: write the numbers into it")
    if isinstance(f, Function) and not further:
        if variables == 1 and len(f.arguments) > 1:
            raise ValueError(
                f"integrate: f has the variables {listed(f.arguments)}, but a and b are the limits of one: give a pair "
                "for each, integrate(f, [(a, b), (c, d)])"
            )
        return resolve("integrate", "f", f, *((),) * variables)
    integrand = resolve("integrate", "f", f)
    return partial(_called, integrand, further) if further else integrand


def _called(f: Callable[..., Any], further: tuple[Any, ...], *variables: float) -> Any:
    return f(*variables, *further)


def traced(f: Callable[..., Any], inside: Callable[[], list[float]]) -> Callable[..., Any]:
    """Give the graph of a function of numbers, or the function where there is none; it is called inside the limits."""
    if isinstance(f, Traced):
        return f
    try:
        point = inside()
        return trace(f, [f"x{i + 1}" for i in range(len(point))], ((),) * len(point), point)[0]
    except (NotTracedError, ArithmeticError, TypeError, ValueError):
        return f


def _inside(pairs: Sequence[tuple[Any, Any]]) -> list[float]:
    """Give a point between the limits."""
    point: list[float] = []
    for pair in pairs:
        low, high = sorted(float(limit(*point)) if callable(limit) else float(limit) for limit in pair)
        if math.isinf(low) and math.isinf(high):
            point.append(0.6)
        elif math.isinf(low) or math.isinf(high):
            point.append(high - 0.6 if math.isinf(low) else low + 0.6)
        else:
            point.append(low + 0.618 * (high - low))
    return point


def _pairs(limits: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Read the limits of a region."""
    pairs = []
    for k, pair in enumerate(limits):
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise ValueError(f"integrate: the limits of a region are pairs (low, high), but number {k} is {pair!r}")
        low, high = (_limit(limit, k) for limit in pair)
        pairs.append((low, high))
    return pairs


def _limit(limit: Any, earlier: int) -> Any:
    """Give a limit as a number, or as a function of the earlier variables."""
    if isinstance(limit, str | Function):
        limit = resolve("integrate", "limits", limit, *((),) * earlier)
        return limit if earlier else limit()
    return limit
