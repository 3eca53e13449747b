"""Pictures of a regression: what its residuals look like, and a fitted curve with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from underhood.distributions import Normal
from underhood.plot._canvas import COLOURS, axes, finish, pyplot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Doubles = NDArray[np.float64]

__all__ = ["curve", "residuals"]

_POINTS = 5_000
_LABELLED = 3
_POINT, _LINE = COLOURS[0], COLOURS[5]


def residuals(fit: Any) -> Figure:
    """Draw the residuals of a linear regression in the four ways that show what its numbers rest on.

    Residuals against fitted values (a bend: the line is not straight); their quantiles against a normal distribution's
    (away from the line: errors are not normal); the root of their size against fitted values (a slope: the variance
    changes); residuals against leverage, with Cook's distances of ½ and 1 (beyond: a row that decides the fit alone).
    The three rows that stand out most are numbered. Of more than 5,000 rows an even choice is drawn, and those.

    Parameters
    ----------
    fit : LinearRegressionResult
        What :func:`underhood.stats.linear_regression` gives.

    Returns
    -------
    matplotlib.figure.Figure
        With four axes.

    Raises
    ------
    TypeError
        If ``fit`` is no linear regression.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> figure = uh.plot.residuals(uh.stats.linear_regression([1, 2, 3, 4, 5], [52, 57, 61, 68, 72]))
    >>> [ax.get_title(loc="left") for ax in figure.axes]
    ['Straight?', 'Normal?', 'One variance?', 'Single rows?']
    """
    if not hasattr(fit, "resid_studentized") or not hasattr(fit, "leverage"):
        raise TypeError(f"residuals: fit is a {type(fit).__name__}, but the result of a linear regression is needed")
    figure: Figure = pyplot().figure(figsize=(9, 7), layout="constrained")
    straight, normal, even, single = figure.subplots(2, 2).ravel()
    standard, fitted, leverage = fit.resid_studentized, fit.fittedvalues, fit.leverage
    known = np.isfinite(standard)
    most = np.flatnonzero(known)[np.argsort(-np.abs(standard[known]))[:_LABELLED]]
    shown = np.flatnonzero(known)
    if shown.size > _POINTS:
        shown = np.union1d(shown[np.linspace(0, shown.size - 1, _POINTS).astype(int)], most)
        figure.suptitle(f"{shown.size:,} of {known.sum():,} rows", fontsize="small", color="0.4")

    _cloud(straight, fitted, fit.resid, shown, most, smooth=True)
    straight.axhline(0, color="0.6", linewidth=0.8)
    _named(straight, "Straight?", "fitted value", "residual")

    order = np.argsort(standard[known])
    places = np.empty(order.size)
    places[order] = Normal().ppf((np.arange(order.size) + 0.5) / order.size)
    quantiles = np.full(known.size, np.nan)
    quantiles[known] = places
    _cloud(normal, quantiles, standard, shown, most)
    ends = np.array([places.min(), places.max()]) if places.size else np.zeros(2)
    normal.plot(ends, ends, color=_LINE, linewidth=1)
    _named(normal, "Normal?", "normal quantile", "residual / its sd")

    _cloud(even, fitted, np.sqrt(np.abs(standard)), shown, most, smooth=True)
    _named(even, "One variance?", "fitted value", "√|residual / its sd|")

    _cloud(single, leverage, standard, shown, most)
    single.axhline(0, color="0.6", linewidth=0.8)
    _cook(single, len(fit.params), leverage[known], standard[known])
    _named(single, "Single rows?", "leverage", "residual / its sd")
    return figure


def _cloud(ax: Axes, x: Doubles, y: Doubles, shown: Any, most: Any, *, smooth: bool = False) -> None:
    """Points, the rows that stand out by their number, and the running middle of the others."""
    ax.scatter(x[shown], y[shown], s=14, alpha=0.65, color=_POINT, linewidths=0, rasterized=shown.size > 1000)
    for row in most:
        ax.annotate(str(row), (x[row], y[row]), xytext=(3, 3), textcoords="offset points", fontsize="x-small")
    if smooth and shown.size >= 20:
        order = shown[np.argsort(x[shown], kind="stable")]
        parts = np.array_split(order, min(20, order.size // 10 + 2))
        middles = [(np.median(x[part]), np.median(y[part])) for part in parts]
        ax.plot(*np.transpose(middles), color=_LINE, linewidth=1)


def _cook(ax: Axes, k: int, leverage: Doubles, standard: Doubles) -> None:
    """Where Cook's distance r²·h/((1 − h)·k) is ½ and 1, within what the points span."""
    if not leverage.size:
        return
    low, high = ax.get_ylim()
    reach = np.linspace(min(1e-3, leverage.max() / 2), min(leverage.max() * 1.1, 0.999), 200)
    for distance, style in ((0.5, ":"), (1.0, "--")):
        residual = np.sqrt(distance * k * (1 - reach) / reach)
        for side, label in ((residual, f"Cook's distance {distance:g}"), (-residual, None)):
            ax.plot(reach, side, color=_LINE, linewidth=0.9, linestyle=style, label=label)
    span = max(np.abs(standard).max(), 1e-300)
    ax.set_ylim(min(low, -1.1 * span), max(high, 1.1 * span))
    ax.legend(fontsize="x-small", frameon=False)


def _named(ax: Axes, title: str, x: str, y: str) -> None:
    ax.set_title(title, fontsize="medium", loc="left")
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.locator_params(axis="x", nbins=6)
    finish(ax, ())


def curve(fit: Any, x: Doubles, ax: Axes | None) -> Axes:
    """Draw points, a fitted curve, and the band of its mean."""
    ax = axes(ax)
    shown = np.arange(x.size) if x.size <= _POINTS else np.linspace(0, x.size - 1, _POINTS).astype(int)
    observed = (fit.fittedvalues + fit.resid)[shown]
    ax.scatter(x[shown], observed, s=14, alpha=0.65, color=_POINT, linewidths=0, rasterized=x.size > 1000)
    grid = np.linspace(x.min(), x.max(), 200)
    band = fit.predict(grid, interval="confidence")
    ax.plot(grid, band.predicted, color=_LINE, linewidth=1.5)
    ax.fill_between(grid, band.lower, band.upper, color=_LINE, alpha=0.15, linewidth=0)
    ax.set_xlabel(fit.names[1] if len(fit.names) > 1 else "x")
    ax.set_ylabel(fit.response)
    return finish(ax, ())
