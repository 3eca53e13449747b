"""Pictures of samples: boxes and single values by group, quantiles beside a distribution's, correlations of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from underhood._frames import columns as read_columns
from underhood._frames import numeric
from underhood._results import format_value
from underhood._tables import unknown_name
from underhood.plot._canvas import COLOURS, axes, finish, tell
from underhood.plot._data import bin_edges, boxes, heatmap, short
from underhood.plot._reading import drawable, left_out, name_of, read_names, read_numbers, read_samples

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["box", "correlations", "qq", "strip"]

_POINTS = 3000
_METHODS = ("pearson", "spearman", "kendall")


def box(values: Any, by: Any = None, *, ax: Axes | None = None) -> Axes:
    """Draw a box for all values, or for each group: the middle half, with the median as a line and the mean as a dot.

    The whiskers reach to the last value within one and a half times the height of the box; values beyond are single
    points.

    Parameters
    ----------
    values : vector of numbers, or several samples
        What is compared: all values in one vector; or a list of samples, a dict of names and samples, a frame or a
        matrix, whose columns are the samples. Samples may differ in length.
    by : vector of labels, optional
        The group of each value of one vector.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    TypeError, ValueError
        If ``values`` are not numbers or none of them is finite, or ``by`` is of another length or given with several
        samples.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.box([1.0, 2.0, 3.0, 7.0, 8.0, 9.0], by=["low"] * 3 + ["high"] * 3)
    >>> [text.get_text() for text in ax.get_xticklabels()]
    ['high', 'low']
    >>> ax = uh.plot.box({"low": [1.0, 2.0, 3.0], "high": [7.0, 8.0]})
    >>> [text.get_text() for text in ax.get_xticklabels()]
    ['low', 'high']
    """
    return boxes("box", values, by, ax)


def strip(values: Any, by: Any = None, *, ax: Axes | None = None) -> Axes:
    """Draw every value as a point above its group, moved aside a little so that equal ones can be seen.

    The same values always give the same picture. Of more than 3,000 values an even choice is drawn, and the picture
    says so. A line marks the mean of each group.

    Parameters
    ----------
    values : vector of numbers, or several samples
        What is compared: all values in one vector; or a list of samples, a dict of names and samples, a frame or a
        matrix, whose columns are the samples. Samples may differ in length.
    by : vector of labels, optional
        The group of each value of one vector.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    TypeError, ValueError
        If ``values`` are not numbers or none of them is finite, or ``by`` is of another length or given with several
        samples.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.strip([1.0, 2.0, 3.0, 7.0, 8.0], by=["low"] * 3 + ["high"] * 2)
    >>> [len(points.get_offsets()) for points in ax.collections if len(points.get_offsets()) > 1]
    [2, 3]
    """
    numbers, labels, codes = read_samples("strip", values, by)
    shown = np.flatnonzero(drawable("strip", "values has", numbers, codes))
    ax = axes(ax)
    everything, total = shown, shown.size
    thinned = ""
    if total > _POINTS:
        shown = shown[np.linspace(0, total - 1, _POINTS).astype(int)]
        thinned = f"{_POINTS:,} of {total:,} rows"
    tell(ax, thinned, left_out(numbers, codes))
    for code in range(len(labels)):
        chosen = shown[codes[shown] == code]
        # Multiples of the golden ratio spread evenly, and are no chance.
        aside = 0.5 * (np.arange(1, chosen.size + 1) * 0.6180339887498949 % 1.0) - 0.25
        colour = COLOURS[code % len(COLOURS)]
        ax.scatter(
            code + 1 + aside,
            numbers[chosen],
            s=14,
            alpha=0.65,
            color=colour,
            linewidths=0,
            rasterized=total > 1000,
        )
        own = numbers[everything[codes[everything] == code]]
        if own.size:
            ax.plot([code + 0.65, code + 1.35], [own.mean()] * 2, color="black", linewidth=1.2)
    ax.set_xticks(range(1, len(labels) + 1), [short(label) for label in labels])
    if len(labels) > 4:
        ax.tick_params(axis="x", labelrotation=45)
    ax.set_xlim(0.4, len(labels) + 0.6)
    ax.set_xlabel(name_of(by))
    ax.set_ylabel(name_of(values))
    return finish(ax, ())


def qq(values: Any, distribution: Any = "Normal", *, confidence_level: float = 0.95, ax: Axes | None = None) -> Axes:
    """Draw the values, in order, against the quantiles of a distribution: on the line where they agree.

    The i-th smallest of n values stands at the quantile of (i - ½)/n. The band is where each would lie with the
    probability ``confidence_level`` if the distribution were the right one: order statistics are quantiles of
    Beta(i, n + 1 - i). Some of many points leave it by chance; of a distribution that was fitted to the same values,
    fewer than that.

    Parameters
    ----------
    values : vector of numbers
        The sample, at least three values.
    distribution : str, class or distribution
        ``"Normal"`` or another name in :mod:`underhood.distributions`, or such a class, to be fitted to the values; or
        a distribution as it is.
    confidence_level : float
        Of the band, for each value by itself.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    TypeError, ValueError
        If ``values`` are not numbers or too few, or cannot be fitted; if there is no such distribution, or it is not
        continuous.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.qq([4.1, 5.0, 5.2, 6.3, 4.7, 5.5])
    >>> ax.get_ylabel(), len(ax.collections[0].get_offsets())
    ('values', 6)
    """
    from underhood.distributions import Beta

    numbers = read_numbers("qq", "values", values)
    gone = left_out(numbers, np.zeros(numbers.size, dtype=np.intp))
    numbers = np.sort(numbers[np.isfinite(numbers)])
    n = numbers.size
    if n < 3:
        raise ValueError(f"qq: values has {n} finite values, but at least 3 are needed")
    try:
        level = float(confidence_level)
    except (TypeError, ValueError):
        raise TypeError(f"qq: confidence_level is {confidence_level!r}, but must be a number between 0 and 1") from None
    if not 0 < level < 1:
        raise ValueError(f"qq: confidence_level is {confidence_level}, but must be between 0 and 1")
    X = fitted("qq", "distribution", distribution, numbers)
    if hasattr(X, "pmf"):
        raise TypeError("qq: distribution is discrete, but quantiles of a continuous one are needed")
    ax = axes(ax)
    places, thinned = np.arange(n), ""
    if n > _POINTS:
        # All of the ends, where the eye looks, and an even choice between them.
        places = np.unique(
            np.concatenate([places[:100], np.linspace(0, n - 1, _POINTS - 200).astype(int), places[-100:]])
        )
        thinned = f"{places.size:,} of {n:,} values"
    tell(ax, thinned, gone)
    rank = places + 1.0
    across = np.asarray(X.ppf((rank - 0.5) / n))
    order = Beta(rank, n + 1.0 - rank)
    tail = 0.5 * (1.0 - level)
    low, high = np.asarray(X.ppf(order.ppf(tail))), np.asarray(X.ppf(order.isf(tail)))
    ax.scatter(
        across, numbers[places], s=14, alpha=0.75, color=COLOURS[0], linewidths=0, label="values", rasterized=n > 1000
    )
    ends = [across[0], across[-1]]
    ax.plot(ends, ends, color="black", linewidth=1, label="agreement")
    band = f"{format_value(100 * level)} % band"
    ax.fill_between(across, low, high, color="0.85", zorder=0, linewidth=0, label=band)
    ax.set_xlabel(f"quantiles of {describe_distribution(X)}")
    ax.set_ylabel(name_of(values) or "values")
    return finish(ax, ["values", "agreement", band])


def correlations(
    frame: Any,
    *,
    method: str = "pearson",
    columns: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how the numeric columns of a table go together in pairs: blue where they rise together, red where one falls.

    Rows that miss one of a pair's values are left out of that pair. A column that does not vary has no correlation, and
    stays white.

    Parameters
    ----------
    frame : table
        Anything that :func:`underhood.analyze` takes.
    method : {"pearson", "spearman", "kendall"}
        Whether the values are compared, their ranks, or the order of pairs of rows.
    columns : sequence of str, optional
        The columns to draw; by default all that hold numbers.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    ValueError
        If one of ``columns`` is no column or holds no numbers, if fewer than two columns do, or there is no such
        method.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.correlations({"height": [1, 2, 3, 4], "weight": [1, 3, 2, 4]}, method="spearman")
    >>> ax.texts[1].get_text()
    '0.80'
    """
    if method not in _METHODS:
        raise ValueError(f"correlations: method is {method!r}, but must be one of {', '.join(map(repr, _METHODS))}")
    table = read_columns(frame, function="correlations", argument="frame")
    wanted = list(table) if columns is None else read_names("correlations", "columns", columns)
    numbers: dict[str, NDArray[np.float64]] = {}
    for name in wanted:
        if name not in table:
            problem = f"correlations: columns names {name!r}, which is no column of frame"
            raise ValueError(unknown_name(name, table, problem))
        found = numeric(table[name])
        if found is not None:
            numbers[name] = np.where(np.isfinite(found), found, np.nan)
        elif columns is not None:
            raise ValueError(f"correlations: columns names {name!r}, which holds no numbers")
    if len(numbers) < 2:
        raise ValueError(f"correlations: frame has {len(numbers)} numeric columns, but at least 2 are needed")
    names = list(numbers)
    matrix = np.eye(len(names))
    for i, first in enumerate(names):
        for j, second in enumerate(names[:i]):
            matrix[i, j] = matrix[j, i] = _correlation(numbers[first], numbers[second], method)
    return heatmap(matrix, names, ax=ax)


def _correlation(x: NDArray[np.float64], y: NDArray[np.float64], method: str) -> float:
    """Correlate the rows that both have; NaN where one does not vary."""
    from underhood import stats

    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    if x.size < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return np.nan
    return float(np.asarray(stats.corr(np.column_stack([x, y]), method=method))[0, 1])


def draw_fits(
    numbers: NDArray[np.float64],
    groups: tuple[list[str], NDArray[np.intp]],
    bins: Any,
    fit: Any,
    name: str,
    ax: Axes,
) -> Axes:
    """Draw the histogram of each group as shares for each unit, and the distribution over it."""
    from underhood.plot._distributions import ceiling, curve, steps

    labels, codes = groups
    finite = np.isfinite(numbers)
    drawn = []
    for code, label in enumerate(labels):
        values = numbers[finite & (codes == code)]
        if not values.size:
            raise ValueError(
                f"histogram: values has no finite value{f' in group {label!r}' if label else ''} to fit to"
            )
        drawn.append((label, values, fitted("histogram", "fit", fit, values)))
    discrete = hasattr(drawn[0][2], "pmf")
    every = np.concatenate([values for _, values, _ in drawn])
    edges = steps(every) if discrete and isinstance(bins, str) else bin_edges(bins, every)
    top = 0.0
    for code, (label, values, X) in enumerate(drawn):
        colour = COLOURS[code % len(COLOURS)]
        alone = len(drawn) == 1
        text = f"{label}: {describe_distribution(X)}" if label else describe_distribution(X)
        heights, _, _ = ax.hist(values, bins=list(edges), density=True, color=colour, alpha=0.5, edgecolor="white")
        x, y = curve(X, "pmf" if discrete else "pdf")
        highest = ceiling(X, x, y)
        style = "o-" if discrete else "-"
        ax.plot(x, np.minimum(y, 10 * highest), style, color=COLOURS[5] if alone else colour, markersize=4, label=text)
        top = max(top, highest, float(np.max(heights)))
    ax.set_ylim(0.0, 1.05 * top)
    ax.set_xlabel(name)
    ax.set_ylabel("share" if discrete else "density")
    # One curve, too, is named.
    finish(ax, ())
    ax.legend(fontsize="small", frameon=False)
    return ax


def fitted(function: str, argument: str, distribution: Any, values: NDArray[np.float64]) -> Any:
    """Give a distribution: as it is, or of a class or a name, fitted to the values."""
    from underhood import distributions

    if distribution is True:
        distribution = "Normal"
    if isinstance(distribution, str):
        kinds = (distributions.Continuous, distributions.Discrete)
        families = {name: getattr(distributions, name) for name in distributions.__all__}
        known = [
            name for name, it in families.items() if isinstance(it, type) and issubclass(it, kinds) and it not in kinds
        ]
        if distribution not in known:
            problem = f"{function}: {argument} is {distribution!r}, which is no distribution"
            raise ValueError(unknown_name(distribution, known, problem))
        distribution = families[distribution]
    if isinstance(distribution, type) and hasattr(distribution, "fit"):
        try:
            return distribution.fit(values).distribution
        except ValueError as problem:
            raise ValueError(f"{function}: the distribution cannot be fitted; {problem}") from None
    if not (hasattr(distribution, "cdf") and hasattr(distribution, "ppf")):
        raise TypeError(
            f"{function}: {argument} is a {type(distribution).__name__}, but must be the name of a distribution, such "
            "a class, or a distribution"
        )
    return distribution


def describe_distribution(X: Any) -> str:
    """Write a distribution with its parameters to four digits."""
    parameters = getattr(X, "parameters", None)
    if not parameters:
        return type(X).__name__
    text = ", ".join(f"{name}={format_value(value, 4)}" for name, value in parameters.items())
    label = f"{type(X).__name__}({text})"
    return label if len(label) <= 60 else type(X).__name__
