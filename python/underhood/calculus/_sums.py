"""Sums that approach integrals: Riemann's, and those of values on a grid."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import integrals as _core
from underhood._functions import is_written, resolve

__all__ = ["cumulative", "riemann_sum", "simpson", "trapezoid"]

Rule = Literal["left", "right", "midpoint", "trapezoid", "lower", "upper"]


def riemann_sum(
    f: Callable[[float], Any] | str, a: SupportsFloat, b: SupportsFloat, n: int, rule: Rule = "midpoint"
) -> float:
    """Add up ``n`` rectangles of equal width between ``a`` and ``b``: Σ f(xᵢ) (b − a)/n.

    Parameters
    ----------
    f : callable or str
        Takes a float and returns a number.
    a, b : float
        The limits; finite. With ``a > b`` the sum is that of negative widths.
    n : int
        How many rectangles.
    rule : {"left", "right", "midpoint", "trapezoid", "lower", "upper"}, default "midpoint"
        Where ``f`` is taken in each cell. ``"trapezoid"`` takes the mean of both ends; ``"lower"`` and ``"upper"`` the
        least and the greatest of 65 values in each cell, which for a function that bends little within a cell are
        Darboux's sums.

    Returns
    -------
    float
        The sum; NaN if ``f`` is NaN at one of the places.

    Raises
    ------
    ValueError
        A limit is not finite, ``n`` is not positive, ``rule`` is unknown.
    TypeError
        ``f`` cannot be called or returns something other than one real number.

    See Also
    --------
    integrate : The integral itself.
    underhood.plot.riemann : The rectangles as a picture.

    Examples
    --------
    >>> from underhood.calculus import riemann_sum
    >>> [round(riemann_sum(lambda x: x * x, 0, 1, n, "left"), 4) for n in (10, 100, 1000)]
    [0.285, 0.3284, 0.3328]
    >>> riemann_sum(lambda x: x * x, 0, 1, 4, "lower") < 1 / 3 < riemann_sum(lambda x: x * x, 0, 1, 4, "upper")
    True
    """
    shapes = ((),) if is_written(f) else ()
    heights = _core.riemann_heights(resolve("riemann_sum", "f", f, *shapes), a, b, n, rule)
    return float(np.sum(heights) * ((float(b) - float(a)) / n))


def trapezoid(y: ArrayLike, x: ArrayLike | None = None, dx: float = 1.0, axis: int = -1) -> Any:
    """Integrate values on a grid by the rule of the trapezoid: Σ (xᵢ₊₁ − xᵢ)(yᵢ + yᵢ₊₁)/2.

    Parameters
    ----------
    y : array_like
        The values; any number of axes.
    x : array_like, optional
        Their places: one for each value along the axis, or an array of the shape of ``y``.
    dx : float, default 1.0
        The distance between places, if ``x`` is not given.
    axis : int, default -1
        The axis along which to integrate.

    Returns
    -------
    float or ndarray
        The integrals, of the shape of ``y`` without the axis. Fewer than two values give 0.

    Raises
    ------
    ValueError
        ``y`` has no such axis, or ``x`` does not fit to ``y``.
    TypeError
        ``y`` or ``x`` holds no real numbers.

    Notes
    -----
    NaN in a row makes its integral NaN. The error falls with the square of the step. As ``numpy.trapezoid``.

    Examples
    --------
    >>> from underhood.calculus import trapezoid
    >>> trapezoid([1, 2, 3], dx=2)
    8.0
    >>> trapezoid([[1, 2, 3], [4, 5, 6]], x=[0, 1, 4])
    array([ 9., 21.])
    """
    return _whole("trapezoid", y, x, dx, axis, parabolas=False)


def simpson(y: ArrayLike, x: ArrayLike | None = None, dx: float = 1.0, axis: int = -1) -> Any:
    """Integrate values on a grid by Simpson's rule: parabolas through three values each.

    Parameters
    ----------
    y : array_like
        The values; any number of axes.
    x : array_like, optional
        Their places: one for each value along the axis, or an array of the shape of ``y``. Steps may be uneven.
    dx : float, default 1.0
        The distance between places, if ``x`` is not given.
    axis : int, default -1
        The axis along which to integrate.

    Returns
    -------
    float or ndarray
        The integrals, of the shape of ``y`` without the axis.

    Raises
    ------
    ValueError
        ``y`` has no such axis, or ``x`` does not fit to ``y``.
    TypeError
        ``y`` or ``x`` holds no real numbers.

    Notes
    -----
    With an even number of values one step is left over; the area under the last parabola is used for it (Cartwright,
    2017), as in ``scipy.integrate.simpson``. Two values are integrated as a trapezoid.

    Examples
    --------
    >>> from underhood.calculus import simpson
    >>> simpson([0, 1, 4, 9, 16])  # x², whose integral is 64/3
    21.333333333333332
    """
    return _whole("simpson", y, x, dx, axis, parabolas=True)


def cumulative(
    y: ArrayLike,
    x: ArrayLike | None = None,
    dx: float = 1.0,
    axis: int = -1,
    *,
    method: Literal["trapezoid", "simpson"] = "trapezoid",
    initial: float | None = None,
) -> NDArray[np.float64]:
    """Integrate values on a grid from the first up to each: the running integral.

    Parameters
    ----------
    y : array_like
        The values; any number of axes, but at least one.
    x : array_like, optional
        Their places: one for each value along the axis, or an array of the shape of ``y``.
    dx : float, default 1.0
        The distance between places, if ``x`` is not given.
    axis : int, default -1
        The axis along which to integrate.
    method : {"trapezoid", "simpson"}, default "trapezoid"
        The rule.
    initial : float, optional
        A number to begin with: 0 makes the result as long as ``y``. With ``"simpson"`` it is added to all, as SciPy
        does; the rule of the trapezoid is begun with 0 only, for the same reason.

    Returns
    -------
    ndarray
        The running integrals; one less than ``y`` has along the axis, unless ``initial`` is given.

    Raises
    ------
    ValueError
        ``y`` has no such axis, ``x`` does not fit to ``y``, ``method`` is unknown, ``initial`` is not 0 with the
        rule of the trapezoid.
    TypeError
        ``y`` or ``x`` holds no real numbers.

    Notes
    -----
    It stands for both ``scipy.integrate.cumulative_trapezoid`` and ``cumulative_simpson``.

    Examples
    --------
    >>> from underhood.calculus import cumulative
    >>> cumulative([0, 1, 4, 9, 16], initial=0)
    array([ 0. ,  0.5,  3. ,  9.5, 22. ])
    >>> cumulative([0, 1, 4, 9, 16], method="simpson").round(12)
    array([ 0.33333333,  2.66666667,  9.        , 21.33333333])
    """
    if method not in ("trapezoid", "simpson"):
        raise ValueError(f"cumulative: method is {method!r}, but must be one of 'trapezoid' or 'simpson'")
    rows, places, dx, axis = _rows("cumulative", y, x, dx, axis)
    flat = rows.reshape(_count(rows), rows.shape[-1])
    sums = _core.cumulative(flat, places, dx, method == "simpson")
    if initial is not None:
        start = number("cumulative", "initial", initial)
        if method == "trapezoid" and start != 0:
            raise ValueError(f"cumulative: initial is {start:g}, but must be 0 with the rule of the trapezoid")
        sums = np.concatenate([np.zeros((len(sums), 1)), sums], axis=1) + start
    return np.moveaxis(sums.reshape(*rows.shape[:-1], sums.shape[-1]), -1, axis)


def _whole(function: str, y: ArrayLike, x: ArrayLike | None, dx: float, axis: int, *, parabolas: bool) -> Any:
    rows, places, dx, _ = _rows(function, y, x, dx, axis)
    sums = _core.integrate_samples(rows.reshape(_count(rows), rows.shape[-1]), places, dx, parabolas)
    return float(sums[0]) if rows.ndim == 1 else sums.reshape(rows.shape[:-1])


def _rows(
    function: str, y: ArrayLike, x: ArrayLike | None, dx: float, axis: int
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None, float, int]:
    """Bring the axis to the end, and the places, if there are any, into the shape of the rows."""
    values = _array(function, "y", y)
    if values.ndim == 0:
        raise ValueError(f"{function}: y is a single number, but at least one axis is needed")
    try:
        axis = range(values.ndim)[axis]
    except IndexError:
        raise ValueError(f"{function}: axis is {axis}, but y has {values.ndim} axes") from None
    rows = np.moveaxis(values, axis, -1)
    if rows.shape[-1] == 0:
        raise ValueError(f"{function}: y has 0 values, but at least 1 is needed")
    if x is None:
        return rows, None, number(function, "dx", dx), axis
    places = _array(function, "x", x)
    if places.ndim == values.ndim and places.ndim > 1:
        places = np.moveaxis(places, axis, -1)
    if places.shape not in ((rows.shape[-1],), rows.shape):
        raise ValueError(
            f"{function}: x has the shape {np.shape(x)}, but y has {rows.shape[-1]} values along axis {axis}"
        )
    return (
        rows,
        np.ascontiguousarray(np.broadcast_to(places, rows.shape)).reshape(_count(rows), rows.shape[-1]),
        1.0,
        axis,
    )


def _count(rows: NDArray[np.float64]) -> int:
    """Count the rows; an empty array's are not determined by its size."""
    return math.prod(rows.shape[:-1])


def _array(function: str, argument: str, values: Any) -> NDArray[np.float64]:
    """Read an array of real numbers."""
    return _core.numbers(function, argument, values)


def number(function: str, argument: str, value: SupportsFloat) -> float:
    """Read one real number."""
    array = _array(function, argument, value)
    if array.size != 1:
        raise TypeError(f"{function}: {argument} has the shape {array.shape}, but must be one number")
    return float(array.reshape(-1)[0])
