"""Pictures of calculus: tangents and secants, limits, Taylor polynomials, surfaces and contours."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._functions import Given, resolve
from underhood.plot._canvas import COLOURS, axes, finish, pyplot, returned, tell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["contours", "limit", "secants", "surface", "tangent", "taylor"]

_POINTS = 401
_CURVE, _TOUCH, _AIM = COLOURS[0], COLOURS[5], COLOURS[2]
_HIGHEST = 6.0
"""How much higher than what matters a picture may be, in multiples of it."""


def _range(function: str, argument: str, limits: Any) -> tuple[float, float]:
    try:
        low, high = (float(end) for end in limits)
    except (TypeError, ValueError):
        raise TypeError(f"{function}: {argument} is {limits!r}, but must be two numbers") from None
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(
            f"{function}: {argument} is ({low:g}, {high:g}), but must be two finite numbers in rising order"
        )
    return low, high


def _values(f: Callable[[float], Any], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Evaluate a function at many points, NaN where it has no value."""
    found = np.full(x.shape, np.nan)
    with np.errstate(all="ignore"):
        for k, point in np.ndenumerate(x):
            try:
                found[k] = float(f(float(point)))
            except (ValueError, ArithmeticError):
                continue
    found[~np.isfinite(found)] = np.nan
    return found


def _point(function: str, argument: str, value: Any) -> float:
    try:
        point = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{function}: {argument} is a {type(value).__name__}, but must be a number") from None
    if not math.isfinite(point):
        raise ValueError(f"{function}: {argument} is {point}, but must be finite")
    return point


def _curve(ax: Axes, f: Callable[[float], Any], limits: tuple[float, float]) -> NDArray[np.float64]:
    """Draw a function; give its values."""
    x = np.linspace(*limits, _POINTS)
    y = _values(f, x)
    ax.plot(x, y, color=_CURVE, linewidth=1.8, label="f")
    ax.set(xlim=limits, xlabel="x", ylabel="f(x)")
    return y


def _frame(ax: Axes, y: NDArray[np.float64], margin: float = 0.15) -> None:
    """Let the function itself, not what is drawn with it, set the height of the picture; a pole does not."""
    seen = y[np.isfinite(y)]
    if seen.size:
        middle = np.quantile(seen, [0.02, 0.98])
        reach = _HIGHEST * (middle[1] - middle[0]) or 1.0
        low, high = max(seen.min(), middle[0] - reach), min(seen.max(), middle[1] + reach)
        room = margin * (high - low) or max(1.0, 0.1 * abs(high))
        ax.set_ylim(low - room, high + room)


def tangent(f: Given, x: float, *, xlim: ArrayLike | None = None, ax: Axes | None = None) -> Axes:
    """Draw a function and its tangent line at a point.

    Parameters
    ----------
    f : callable or str
        Takes a float and returns a number; nothing is drawn where it has no value.
    x : float
        Where the tangent touches.
    xlim : (float, float), optional
        From where to where; by default two to each side of ``x``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new axes by default.

    Returns
    -------
    matplotlib.axes.Axes
        With the line's equation in the legend.

    Raises
    ------
    TypeError, ValueError
        As :func:`underhood.calculus.derivative`; ``xlim`` is not two numbers in rising order.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.tangent(lambda x: x**2, 1.0)
    >>> ax.get_legend().get_texts()[1].get_text()
    'y = −1 + 2x'
    """
    from underhood.calculus import tangent_line

    at = _point("tangent", "x", x)
    called = resolve("tangent", "f", f, (), point=[at])
    limits = (at - 2, at + 2) if xlim is None else _range("tangent", "xlim", xlim)
    line = tangent_line(called, at)
    ax = axes(ax)
    y = _curve(ax, called, limits)
    ends = np.array(limits)
    ax.plot(ends, line(ends), color=_TOUCH, linewidth=1.4, label=line.text)
    ax.plot([at], [line.value], "o", color=_TOUCH, markersize=6)
    _frame(ax, y)
    return finish(ax, ("f", "tangent"))


def secants(
    f: Given,
    x: float,
    steps: Sequence[float] = (2.0, 1.0, 0.5, 0.1),
    *,
    xlim: ArrayLike | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the secants of a function through a point and points ever closer to it, and the tangent they come to.

    Parameters
    ----------
    f : callable or str
        Takes a float and returns a number.
    x : float
        The point that all secants share.
    steps : sequence of float, default (2, 1, 0.5, 0.1)
        How far away the other point of each is; negative ones lie to the left.
    xlim : (float, float), optional
        From where to where; by default as far as the longest step and a half to both sides.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new axes by default.

    Returns
    -------
    matplotlib.axes.Axes
        With the slope of each secant in the legend.

    Raises
    ------
    TypeError, ValueError
        As :func:`underhood.calculus.derivative`; ``steps`` holds a zero or no finite numbers.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.secants(lambda x: x**2, 1.0, [1.0, 0.1])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['f', 'h = 1: slope 3', 'h = 0.1: slope 2.1', 'tangent: slope 2']
    """
    from underhood.calculus import tangent_line

    at = _point("secants", "x", x)
    called = resolve("secants", "f", f, (), point=[at])
    lengths = [_point("secants", "steps", step) for step in np.ravel(np.asarray(steps, dtype=object))]
    if not lengths or 0.0 in lengths:
        raise ValueError("secants: steps must hold numbers other than zero")
    reach = 1.5 * max(abs(step) for step in lengths)
    limits = (at - reach, at + reach) if xlim is None else _range("secants", "xlim", xlim)
    line = tangent_line(called, at)
    ax = axes(ax)
    y = _curve(ax, called, limits)
    ends = np.array(limits)
    shades = pyplot().get_cmap("cividis")(np.linspace(0.15, 0.85, len(lengths)))
    for step, shade in zip(lengths, shades, strict=True):
        other = float(_values(called, np.array([at + step]))[0])
        slope = (other - line.value) / step
        ax.plot(
            ends, line.value + slope * (ends - at), color=shade, linewidth=1.1, label=f"h = {step:g}: slope {slope:.6g}"
        )
        ax.plot([at + step], [other], "o", color=shade, markersize=4)
    ax.plot(
        ends, line(ends), color=_TOUCH, linewidth=1.6, linestyle="--", label=f"tangent: slope {float(line.slope):.6g}"
    )
    ax.plot([at], [line.value], "o", color=_TOUCH, markersize=6)
    _frame(ax, y)
    return finish(ax, ("f", "secants"))


def taylor(
    f: Given,
    a: float,
    orders: Sequence[int] = (1, 2, 3, 5),
    *,
    xlim: ArrayLike | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a function and its Taylor polynomials of several orders, closing in.

    Parameters
    ----------
    f : callable or str
        Takes a float and returns a number.
    a : float
        The point that they are made at.
    orders : sequence of int, default (1, 2, 3, 5)
        The highest power of each.
    xlim : (float, float), optional
        From where to where; by default four to each side of ``a``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new axes by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError, ValueError
        As :func:`underhood.calculus.taylor`.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.taylor(np.sin, 0.0, [1, 3, 5])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['f', 'order 1', 'order 3', 'order 5']
    """
    from underhood import calculus

    at = _point("taylor", "a", a)
    called = resolve("taylor", "f", f, (), point=[at])
    wanted = list(np.ravel(np.asarray(orders, dtype=object)))
    if not wanted:
        raise ValueError("taylor: orders is empty")
    limits = (at - 4, at + 4) if xlim is None else _range("taylor", "xlim", xlim)
    polynomials = [calculus.taylor(called, at, n) for n in wanted]
    ax = axes(ax)
    y = _curve(ax, called, limits)
    x = np.linspace(*limits, _POINTS)
    shades = pyplot().get_cmap("cividis_r")(np.linspace(0.15, 0.85, len(wanted)))
    for n, polynomial, shade in zip(wanted, polynomials, shades, strict=True):
        ax.plot(x, polynomial(x), color=shade, linewidth=1.3, linestyle="--", label=f"order {n}")
    ax.plot([at], [polynomials[0].coefficients[0]], "o", color=_TOUCH, markersize=6)
    _frame(ax, y, margin=0.35)
    return finish(ax, ("f", "polynomials"))


def limit(f: Given, a: float, *, xlim: ArrayLike | None = None, ax: Axes | None = None) -> Axes:
    """Draw a function around a point that it is not asked at, the points of the approach, and the limits of both sides.

    Parameters
    ----------
    f : callable or str
        Takes a float and returns a number.
    a : float
        The point; or an infinity, which is approached along a logarithmic axis.
    xlim : (float, float), optional
        From where to where; by default one to each side of ``a``, or six decades on the way to an infinity.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new axes by default.

    Returns
    -------
    matplotlib.axes.Axes
        With what was seen in its title.

    Raises
    ------
    TypeError, ValueError
        As :func:`underhood.calculus.limit`; ``a`` is infinite and ``xlim`` reaches across zero.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.limit(lambda x: np.sin(x) / x, 0.0)
    >>> ax.get_title(loc="left")
    'limit as x → 0: 1'
    """
    from underhood import calculus
    from underhood.calculus._point import beside

    if isinstance(a, float | np.floating) and math.isinf(a):
        return _far(f, float(a), xlim, ax)
    at = _point("limit", "a", a)
    called = resolve("limit", "f", f, (), point=[beside(at)])
    limits = (at - 1, at + 1) if xlim is None else _range("limit", "xlim", xlim)
    found = calculus.limit(called, at)
    ax = axes(ax)
    # An even number of points, none of which is the point itself.
    x = np.concatenate([np.linspace(limits[0], at, 400)[:-1], np.linspace(at, limits[1], 400)[1:]])
    if not limits[0] < at < limits[1]:
        x = np.linspace(*limits, 800)
        x = x[x != at]
    y = _values(called, x)
    for part in (x < at, x > at):
        ax.plot(x[part], y[part], color=_CURVE, linewidth=1.8)
    for side in (found.left, found.right):
        if side is None:
            continue
        seen = (
            (side.x >= limits[0])
            & (side.x <= limits[1])
            & np.isfinite(side.y)
            & (side.h > 1e-3 * (limits[1] - limits[0]))
        )
        ax.plot(side.x[seen], side.y[seen], "o", color=_AIM, markersize=3.5)
        if math.isfinite(side.value):
            ax.plot([at], [float(side.value)], "o", markerfacecolor="white", markeredgecolor=_TOUCH, markersize=7)
    ax.axvline(at, color="0.7", linewidth=0.8, linestyle=":")
    words = f"{float(found):.6g}" if not math.isnan(found.value) else found.message
    ax.set(xlim=limits, xlabel="x", ylabel="f(x)")
    ax.set_title(f"limit as x → {at:g}: {words}", loc="left", fontsize="small")
    _frame(ax, y)
    return finish(ax, ())


def _far(f: Given, a: float, xlim: ArrayLike | None, ax: Axes | None) -> Axes:
    """Draw the way to an infinity, on which x grows by decades."""
    from underhood import calculus

    sign = math.copysign(1.0, a)
    toward = "∞" if a > 0 else "−∞"
    limits = sorted((sign, sign * 1e6)) if xlim is None else _range("limit", "xlim", xlim)
    near, far = sorted(abs(end) for end in limits)
    if limits[0] * sign <= 0 or limits[1] * sign <= 0:
        raise ValueError(
            f"limit: xlim is ({limits[0]:g}, {limits[1]:g}), but on the way to {toward} both ends must be "
            f"{'above' if a > 0 else 'below'} 0"
        )
    called = resolve("limit", "f", f, (), point=[sign * math.sqrt(near) * math.sqrt(far)])
    found = calculus.limit(called, a)
    ax = axes(ax)
    x = sign * np.geomspace(near, far, 800)
    y = _values(called, x)
    ax.plot(x, y, color=_CURVE, linewidth=1.8)
    for side in (found.left, found.right):
        if side is not None:
            seen = (side.x >= limits[0]) & (side.x <= limits[1]) & np.isfinite(side.y)
            ax.plot(side.x[seen], side.y[seen], "o", color=_AIM, markersize=3.5)
    value = float(found)
    if math.isfinite(value):
        # What is less than the error of a value is not seen of it.
        value = 0.0 if abs(value) <= found.error else value
        ax.axhline(value, color=_TOUCH, linewidth=1.2, linestyle="--")
    words = f"{value:.6g}" if not math.isnan(value) else found.message
    if a > 0:
        ax.set_xscale("log")
    else:
        # Logarithmic in both directions; all that is drawn lies beyond its straight middle.
        ax.set_xscale("symlog", linthresh=near)
    ax.set(xlim=limits, xlabel="x", ylabel="f(x)")
    ax.set_title(f"limit as x → {toward}: {words}", loc="left", fontsize="small")
    _frame(ax, np.append(y, value))
    return finish(ax, ())


def _grid(
    function: str, f: Given, xlim: Any, ylim: Any, points: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Evaluate a function of two numbers, or of an array of two, on a grid."""
    from underhood.calculus._point import of_array

    (left, right), (low, high) = _range(function, "xlim", xlim), _range(function, "ylim", ylim)
    called = of_array(function, f, np.array([0.618 * left + 0.382 * right, 0.618 * low + 0.382 * high]))
    X, Y = np.meshgrid(np.linspace(left, right, points), np.linspace(low, high, points))
    Z = np.full(X.shape, np.nan)
    with np.errstate(all="ignore"):
        for k in np.ndindex(X.shape):
            try:
                value = called(np.array([X[k], Y[k]]))
            except (ValueError, ArithmeticError):
                continue
            Z[k] = returned(function, value)
    Z[~np.isfinite(Z)] = np.nan
    if not np.isfinite(Z).any():
        raise ValueError(f"{function}: f has no finite value between xlim and ylim")
    return X, Y, Z


def surface(f: Given, xlim: ArrayLike = (-2, 2), ylim: ArrayLike = (-2, 2), *, points: int = 61, ax: Any = None) -> Any:
    """Draw a function of two variables as a surface.

    Parameters
    ----------
    f : callable or str
        Takes two numbers, or an array of two, and returns a number.
    xlim, ylim : (float, float), default (-2, 2)
        From where to where.
    points : int, default 61
        How many points each way the function is called at; at most 2000.
    ax : mpl_toolkits.mplot3d.Axes3D, optional
        Where to draw: axes with ``projection="3d"``; new ones by default.

    Returns
    -------
    mpl_toolkits.mplot3d.Axes3D

    Raises
    ------
    TypeError
        ``f`` cannot be called; ``xlim`` or ``ylim`` is not two numbers.
    ValueError
        ``f`` has no value there, or ``ax`` has no third dimension.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.surface(lambda x, y: x**2 - y**2, (-1, 1), (-1, 1))
    >>> ax.get_zlabel()
    'f(x, y)'
    """
    from underhood.plot._space import new

    X, Y, Z = _grid("surface", f, xlim, ylim, _count("surface", points))
    ax = new(ax, 3, "surface")
    ax.plot_surface(X, Y, Z, cmap="cividis", linewidth=0, rcount=100, ccount=100, alpha=0.95)
    ax.set(xlabel="x", ylabel="y", zlabel="f(x, y)")
    return ax


_MOST_POINTS = 2000
"""Each way: a picture has hardly as many pixels, and the function is called at the square of it."""


def _count(function: str, points: Any) -> int:
    if isinstance(points, bool) or not isinstance(points, int | np.integer) or points < 2:
        raise ValueError(f"{function}: points is {points!r}, but must be a whole number of at least 2")
    if points > _MOST_POINTS:
        raise ValueError(
            f"{function}: points is {points}, which asks for {float(points) ** 2:.3g} values of f, but must be at most "
            f"{_MOST_POINTS} each way"
        )
    return int(points)


def _levels(levels: Any) -> Any:
    """Read how many contour lines are wanted, or their heights in rising order."""
    if isinstance(levels, int | np.integer) and not isinstance(levels, bool):
        if not 1 <= levels <= 1000:
            raise ValueError(f"contours: levels is {levels}, but must be a number of lines from 1 to 1000")
        return int(levels)
    try:
        heights = np.sort(np.asarray(levels, dtype=float).reshape(-1))
    except (TypeError, ValueError):
        heights = np.empty(0)
    if isinstance(levels, bool | float | str) or not len(heights) or not np.isfinite(heights).all():
        raise TypeError(f"contours: levels is {levels!r}, but must be a number of lines, such as 14, or their heights")
    return np.unique(heights)


def contours(
    f: Given,
    xlim: ArrayLike = (-2, 2),
    ylim: ArrayLike = (-2, 2),
    *,
    gradient: bool = True,
    levels: int | ArrayLike = 14,
    points: int = 101,
    ax: Axes | None = None,
) -> Axes:
    """Draw the contour lines of a function of two variables, and its gradient: the arrows stand upright on the lines.

    Parameters
    ----------
    f : callable or str
        Takes two numbers, or an array of two, and returns a number.
    xlim, ylim : (float, float), default (-2, 2)
        From where to where.
    gradient : bool, default True
        Whether to draw the gradient as arrows, longer where it is steeper.
    levels : int or array_like, default 14
        How many contour lines about; or their heights.
    points : int, default 101
        How many points each way the function is called at; at most 2000.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new axes by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError
        ``f`` cannot be called; ``xlim`` or ``ylim`` is not two numbers, ``levels`` neither a number nor heights.
    ValueError
        ``f`` has no value there; ``levels`` or ``points`` is out of range.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.contours(lambda x, y: x**2 + 3 * y**2)
    >>> ax.get_xlabel(), len(ax.collections)
    ('x', 2)
    """
    import warnings

    from underhood import calculus

    lines = _levels(levels)
    X, Y, Z = _grid("contours", f, xlim, ylim, _count("contours", points))
    ax = axes(ax)
    low, high = float(np.nanmin(Z)), float(np.nanmax(Z))
    nowhere = ""
    if low == high:
        nowhere = f"f is {low:.6g} everywhere: no contour lines"
    elif not isinstance(lines, int) and not ((low <= lines) & (lines <= high)).any():
        nowhere = f"f lies between {low:.6g} and {high:.6g}: no contour line at these levels"
    if nowhere:
        tell(ax, nowhere)
        ax.set(xlim=(X.min(), X.max()), ylim=(Y.min(), Y.max()))
    else:
        ax.contour(X, Y, Z, levels=lines, cmap="cividis", linewidths=1.1)
    if gradient:
        places = [
            np.linspace(*_range("contours", name, ends), 14)[1:-1] for name, ends in (("xlim", xlim), ("ylim", ylim))
        ]
        U, V = np.meshgrid(*places)
        slopes = np.full((2, *U.shape), np.nan)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", calculus.AccuracyWarning)
            for k in np.ndindex(U.shape):
                try:
                    slopes[(slice(None), *k)] = calculus.gradient(f, [U[k], V[k]])
                except (ValueError, ArithmeticError):
                    continue
        length = np.hypot(*slopes)
        known = np.isfinite(length) & (length > 0)
        # The root of the length: steep places would outgrow the picture, flat ones vanish.
        scale = np.where(known, 1 / np.sqrt(np.where(known, length, 1.0)), np.nan)
        if known.any():
            ax.quiver(
                U[known],
                V[known],
                (slopes[0] * scale)[known],
                (slopes[1] * scale)[known],
                color=_TOUCH,
                width=0.0035,
                angles="xy",
            )
    ax.set(xlabel="x", ylabel="y")
    ax.spines[["top", "right"]].set_visible(False)
    return ax
