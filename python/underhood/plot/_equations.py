"""Pictures of differential equations: slope fields, phase portraits, solutions."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._functions import Given, GivenField, resolve
from underhood.calculus._equations import OdeResult, solve_ivp
from underhood.plot._canvas import COLOURS, axes, finish, returned

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["phase_portrait", "slope_field", "solution"]


def solution(result: OdeResult, ax: Axes | None) -> Axes:
    """Draw every component of a solution over time, smoothly where it is known between the steps."""
    ax = axes(ax)
    t, y = result.t, result.y
    if result.sol is not None and len(t) > 1:
        t = np.unique(np.concatenate([np.linspace(t.min(), t.max(), 600), t]))
        y = result.sol(t)
    rows = y.reshape(-1, len(t)) if len(t) else np.empty((0, 0))
    shown = rows[: len(COLOURS)]
    marker = "." if result.sol is None and len(t) <= 60 else ""
    labels = [f"y[{i}]" if len(rows) > 1 else "y" for i in range(len(shown))]
    for row, label, colour in zip(shown, labels, COLOURS, strict=False):
        ax.plot(t, row, marker=marker, color=colour, linewidth=1.4, label=label)
    for times, points in zip(result.t_events or [], result.y_events or [], strict=True):
        for row, colour in zip(points.reshape(len(times), -1).T, COLOURS, strict=False):
            ax.plot(times, row, "o", markerfacecolor="none", color=colour, markersize=7)
    ax.set(xlabel="t", ylabel="y")
    if len(rows) > len(shown):
        ax.set_title(f"the first {len(shown)} of {len(rows)}", fontsize="small", color="0.4", loc="right")
    return finish(ax, labels)


def slope_field(
    f: Given,
    tlim: tuple[float, float],
    ylim: tuple[float, float],
    solutions: ArrayLike | None = None,
    *,
    args: tuple[Any, ...] = (),
    density: int = 21,
    ax: Axes | None = None,
) -> Axes:
    """Draw the slope field of y' = f(t, y): at every point, a short line in the direction that a solution takes there.

    Parameters
    ----------
    f : callable or str
        ``f(t, y)`` of two numbers, as for :func:`underhood.calculus.solve_ivp`.
    tlim, ylim : (float, float)
        What is shown.
    solutions : float or array_like, optional
        Starts y at the left end (or, as pairs, points (t, y)) from which solutions are drawn through the field.
    args : tuple, default ()
        Further arguments for ``f``.
    density : int, default 21
        How many lines stand beside each other.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib Axes
        What was drawn on. Needs matplotlib.

    Examples
    --------
    >>> ax = uh.plot.slope_field(lambda t, y: y * (1 - y), (0, 5), (0, 1.5), solutions=[0.1, 0.5, 1.4])
    >>> ax.get_xlabel()
    't'
    """
    (t0, t1), (y0, y1) = _limits("slope_field", "tlim", tlim), _limits("slope_field", "ylim", ylim)
    called = _called("slope_field", f, args, ())
    ax = axes(ax)
    t, y = (grid.ravel() for grid in np.meshgrid(_centres(t0, t1, density), _centres(y0, y1, density)))
    with np.errstate(all="ignore"):
        rise = np.array([returned("slope_field", called(float(a), np.float64(b))) for a, b in zip(t, y, strict=True)])
    # Lines of the same length on the page, whatever the units are.
    known = np.isfinite(rise / (y1 - y0))
    across, up = np.full(int(known.sum()), 1 / (t1 - t0)), rise[known] / (y1 - y0)
    length = np.hypot(across, up)
    ax.quiver(
        t[known], y[known], across / length, up / length,
        angles="uv", pivot="mid", color="0.6", headwidth=0, headlength=0, headaxislength=0, width=0.002,
        scale=1.4 * density,
    )  # fmt: skip
    starts = _beginnings(solutions, t0)
    for i, (begin, value) in enumerate(starts):
        for end in (t1, t0):
            if end != begin:
                path = _path(called, (float(begin), end), np.float64(value), [(y0, y1)])
                ax.plot(path[0], path[1], color=COLOURS[i % len(COLOURS)], linewidth=1.8)
        ax.plot(begin, value, "o", color=COLOURS[i % len(COLOURS)], markersize=4)
    ax.set(xlim=(t0, t1), ylim=(y0, y1), xlabel="t", ylabel="y")
    return finish(ax, ())


def _beginnings(solutions: ArrayLike | None, t0: float) -> list[tuple[float, float]]:
    """Read the points that solutions start from: values at the left end, or pairs of a time and a value."""
    given = np.asarray([] if solutions is None else solutions, dtype=float)
    if given.ndim == 2 and given.shape[1] == 2:
        return [(float(t), float(y)) for t, y in given]
    if given.ndim > 1:
        raise ValueError(f"slope_field: solutions has the shape {given.shape}, but values or pairs (t, y) are needed")
    return [(t0, float(y)) for y in given.reshape(-1)]


def phase_portrait(
    f: GivenField,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    starts: ArrayLike | None = None,
    *,
    args: tuple[Any, ...] = (),
    time: float | None = None,
    equilibria: bool = True,
    density: int = 21,
    ax: Axes | None = None,
) -> Axes:
    """Draw how the solutions of a system of two equations that does not depend on time flow through the plane.

    Arrows show the direction (dark ones are fast), lines the trajectories through ``starts`` forward and backward in
    time. Equilibria, where nothing moves, are filled where solutions come back to them, hollow where they leave, and
    crosses where they do both (saddles).

    Parameters
    ----------
    f : callable or list of str
        ``f(t, y)`` of a time (always 0) and an array of two numbers, as for
        :func:`underhood.calculus.solve_ivp`; returns the two slopes. ``["y", "-x"]`` is one too.
    xlim, ylim : (float, float)
        What is shown, of ``y[0]`` and ``y[1]``.
    starts : array_like, shape (k, 2), optional
        Points whose trajectories are drawn; by default a grid of 25.
    args : tuple, default ()
        Further arguments for ``f``.
    time : float, optional
        How long each trajectory is followed, both ways; by default about as long as it takes to cross the picture
        ten times at the usual speed.
    equilibria : bool, default True
        Whether to look for them, by Newton's method from a grid of points.
    density : int, default 21
        How many arrows stand beside each other.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib Axes
        What was drawn on. Needs matplotlib.

    Examples
    --------
    A pendulum with friction:

    >>> import numpy as np
    >>> ax = uh.plot.phase_portrait(lambda t, y: [y[1], -np.sin(y[0]) - 0.2 * y[1]], (-7, 7), (-3, 3))
    >>> ax.get_ylabel()
    'y[1]'
    """
    box = [_limits("phase_portrait", "xlim", xlim), _limits("phase_portrait", "ylim", ylim)]
    called = _called("phase_portrait", f, args, (2,))
    ax = axes(ax)
    size = np.array([high - low for low, high in box])
    points = np.stack(np.meshgrid(*(_centres(*limits, density) for limits in box)), axis=-1).reshape(-1, 2)
    with np.errstate(all="ignore"):
        slopes = np.array([_two(called(0.0, point.copy())) for point in points])
        relative = slopes / size
        speed = np.hypot(*relative.T)
    moving = np.isfinite(speed) & (speed > 0)
    if moving.any():
        arrows = relative[moving] / speed[moving, np.newaxis]
        ax.quiver(
            *points[moving].T, *arrows.T, np.log(speed[moving]),
            angles="uv", pivot="mid", cmap="Greys", alpha=0.55, width=0.0025, scale=1.6 * density,
        )  # fmt: skip
        usual = float(np.median(speed[moving]))
        follow = 10 / usual if time is None else float(time)
        _trajectories(ax, called, _starts(starts, box), follow, box)
    if equilibria:
        _draw_equilibria(ax, called, box)
    ax.set(xlim=box[0], ylim=box[1], xlabel="y[0]", ylabel="y[1]")
    return finish(ax, ())


def _trajectories(
    ax: Axes, called: Any, starts: NDArray[np.float64], follow: float, box: Sequence[tuple[float, float]]
) -> None:
    for i, start in enumerate(starts):
        colour = COLOURS[i % len(COLOURS)] if len(starts) <= len(COLOURS) else COLOURS[0]
        for end in (follow, -follow):
            path = _path(called, (0.0, end), start, box)
            ax.plot(path[1], path[2], color=colour, linewidth=1.1, alpha=0.8)


def _path(
    called: Any, span: tuple[float, float], start: Any, box: Sequence[tuple[float, float]]
) -> list[NDArray[np.float64]]:
    """Follow a solution until it has left the picture for good: times, and each component."""
    margins = [(low - 0.5 * (high - low), high + 0.5 * (high - low)) for low, high in box]

    def inside(t: float, y: NDArray[np.float64]) -> float:
        return float(min(min(v - low, high - v) for v, (low, high) in zip(np.atleast_1d(y), margins, strict=True)))

    inside.terminal = True  # type: ignore[attr-defined]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = solve_ivp(called, span, start, events=inside, dense_output=True, rtol=1e-5, atol=1e-7, max_steps=3000)
    if found.sol is None or len(found.t) < 2:
        return [found.t, *found.y.reshape(-1, len(found.t))]
    t = np.linspace(found.t[0], found.t[-1], max(200, 8 * len(found.t)))
    return [t, *found.sol(t).reshape(-1, len(t))]


def _draw_equilibria(ax: Axes, called: Any, box: Sequence[tuple[float, float]]) -> None:
    for point, kind in _equilibria(called, box):
        style = {"stable": "o", "unstable": "o", "saddle": "X", "centre": "D"}[kind]
        face = "white" if kind == "unstable" else COLOURS[5]
        ax.plot(*point, style, color=COLOURS[5], markerfacecolor=face, markersize=8, zorder=4)


def _equilibria(called: Any, box: Sequence[tuple[float, float]]) -> Iterable[tuple[NDArray[np.float64], str]]:
    """Find points where the slopes vanish, by Newton's method from a grid, and how solutions behave around them."""
    size = np.array([high - low for low, high in box])
    low = np.array([limits[0] for limits in box])
    found: list[NDArray[np.float64]] = []
    for start in np.stack(np.meshgrid(*(_centres(*limits, 7) for limits in box)), axis=-1).reshape(-1, 2):
        point = start.astype(float)
        for _ in range(30):
            slope, matrix = _linear(called, point, size)
            if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) <= 1e-14 * np.abs(matrix).max() ** 2:
                break
            step = np.linalg.solve(matrix, slope)
            point = point - step
            if not (np.abs(point - low) <= 2 * size).all():
                break
            if (np.abs(step) <= 1e-10 * size).all():
                inside = ((point >= low) & (point <= low + size)).all()
                if inside and all((np.abs(point - other) > 1e-6 * size).any() for other in found):
                    found.append(point)
                    yield point, _kind(_linear(called, point, size)[1])
                break


def _kind(matrix: NDArray[np.float64]) -> str:
    real = np.linalg.eigvals(matrix).real
    small = 1e-7 * np.abs(matrix).max()
    if real.min() < -small and real.max() > small:
        return "saddle"
    if real.max() > small:
        return "unstable"
    return "stable" if real.max() < -small else "centre"


def _linear(called: Any, point: NDArray[np.float64], size: NDArray[np.float64]) -> tuple[Any, NDArray[np.float64]]:
    """Give the slopes at a point, and their derivatives by central differences."""
    with np.errstate(all="ignore"):
        columns = []
        for i in range(2):
            step = np.zeros(2)
            step[i] = 1e-5 * size[i]
            columns.append((_two(called(0.0, point + step)) - _two(called(0.0, point - step))) / (2 * step[i]))
        return _two(called(0.0, point.copy())), np.array(columns).T


def _called(function: str, f: Any, args: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    if args and callable(f):
        return resolve(function, "f", lambda t, y: f(t, y, *args), (), shape)
    return resolve(function, "f", f, (), shape, state=True)


def _limits(function: str, argument: str, limits: Any) -> tuple[float, float]:
    """Read two ends of an axis."""
    try:
        low, high = (float(limit) for limit in limits)
    except (TypeError, ValueError):
        raise TypeError(f"{function}: {argument} is {limits!r}, but must be a pair of numbers") from None
    if not (np.isfinite([low, high]).all() and low < high):
        raise ValueError(f"{function}: {argument} is {limits!r}, but must go from a smaller to a larger number")
    return low, high


def _starts(starts: ArrayLike | None, box: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    if starts is None:
        return np.stack(np.meshgrid(*(_centres(*limits, 5) for limits in box)), axis=-1).reshape(-1, 2)
    points = np.atleast_2d(np.asarray(starts, dtype=float))
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"phase_portrait: starts has the shape {points.shape}, but points of two numbers are needed")
    return points


def _centres(low: float, high: float, count: int) -> NDArray[np.float64]:
    return low + (np.arange(count) + 0.5) / count * (high - low)


def _two(value: Any) -> NDArray[np.float64]:
    """Read the two slopes."""
    slopes = np.asarray(value, dtype=float).reshape(-1)
    if slopes.shape != (2,):
        raise ValueError(f"phase_portrait: f returned {slopes.size} numbers, but must return two slopes")
    return slopes
