"""Pictures of integrals: the rectangles whose areas add up to one."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, SupportsFloat

import numpy as np

from underhood._core import integrals as _core
from underhood._functions import Given, resolve_called
from underhood.plot._calculus import _frame
from underhood.plot._canvas import COLOURS, axes, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from underhood.calculus._sums import Rule

__all__ = ["riemann"]


def riemann(
    f: Given,
    a: SupportsFloat,
    b: SupportsFloat,
    n: int = 10,
    rule: Rule = "midpoint",
    *,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw the rectangles of a Riemann sum under the graph of a function, with the sum beside the integral.

    Parameters
    ----------
    f : callable or str
        Takes a float and returns a number.
    a, b : float
        The limits; finite.
    n : int, default 10
        How many rectangles; at most 2000 can be told apart.
    rule : {"left", "right", "midpoint", "trapezoid", "lower", "upper"}, default "midpoint"
        Where ``f`` is taken in each cell, as for :func:`underhood.calculus.riemann_sum`; ``"trapezoid"`` draws
        trapezoids.
    ax : matplotlib Axes, optional
        Where to draw; new ones by default.

    Returns
    -------
    matplotlib Axes
        Its title tells the sum and, where there is one, the integral; or in which cell ``f`` has a pole.

    Raises
    ------
    ValueError
        A limit is not finite, ``n`` is not from 1 to 2000, ``rule`` is unknown.
    TypeError
        ``f`` cannot be called or returns something other than one real number.

    Examples
    --------
    >>> import math
    >>> ax = uh.plot.riemann(math.sin, 0, math.pi, 4)
    >>> ax.get_title()
    'midpoint sum with n = 4: 2.05234\nintegral: 2'
    """
    from underhood.calculus import integrate

    f = resolve_called("riemann", "f", f)
    if isinstance(n, int) and n > 2000:
        raise ValueError(f"riemann: n is {n}, but at most 2000 rectangles can be told apart")

    def height(x: float) -> Any:
        """Call f, NaN at a point where it has no value."""
        try:
            return f(x)
        except (ArithmeticError, ValueError):
            return math.nan

    with np.errstate(all="ignore"):
        heights = _core.riemann_heights(height, a, b, n, rule)
    low, high = float(a), float(b)
    width = (high - low) / n
    edges = low + width * np.arange(n + 1)
    finite = np.isfinite(heights)
    ax = axes(ax)
    style: dict[str, Any] = {
        "facecolor": COLOURS[4],
        "edgecolor": COLOURS[0],
        "alpha": 0.45,
        "linewidth": 0.8 if n <= 200 else 0,
    }
    if rule == "trapezoid":
        ends = [_height(f, float(x)) for x in [*edges[:-1], high]]
        for k in np.flatnonzero(finite):
            x, y = edges[[k, k, k + 1, k + 1]], (0.0, ends[k], ends[k + 1], 0.0)
            ax.fill(x, y, **style)
    else:
        ax.bar(edges[:-1][finite], heights[finite], width=width, align="edge", **style)
    x = np.linspace(low, high, 501)
    curve = np.array([_height(f, float(value)) for value in x])
    ax.plot(x, curve, color=COLOURS[5], linewidth=1.8)
    ax.axhline(0, color="0.4", linewidth=0.8)
    title = f"{rule} sum with n = {n}: {np.sum(heights) * width:.6g}"
    if not finite.all():
        pole = int(np.argmin(finite))
        what = "is infinite" if np.isinf(heights[pole]) else "has no value"
        title = f"{rule} sum with n = {n}: none, for f {what} in [{edges[pole]:.4g}, {edges[pole + 1]:.4g}]"
        _frame(ax, np.append(curve, 0.0))
        ax.set_xlim(min(low, high), max(low, high))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            area = integrate(f, low, high, rtol=1e-8)
        title += f"\nintegral: {round(area, 12) + 0.0:.6g}" if area.converged else "\nthe integral was not found"
    except ValueError:
        title += "\nthe integral diverges"
    ax.set(title=title, xlabel="x", ylabel="f(x)")
    return finish(ax, ())


def _height(f: Callable[[float], Any], x: float) -> float:
    """Give the height of a curve, a gap where it has none."""
    try:
        with np.errstate(all="ignore"):
            return float(f(x))
    except (ArithmeticError, ValueError):
        return math.nan
