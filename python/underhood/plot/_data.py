"""Pictures of data: how often values occur, how they compare, and how they go together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._frames import columns as read_columns
from underhood._frames import numeric
from underhood._tables import unknown_name
from underhood.plot._canvas import COLOURS, axes, finish, pyplot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "boxes",
    "groups",
    "heatmap",
    "histogram",
    "name_of",
    "pairs",
    "read_groups",
    "read_numbers",
    "scatter",
    "short",
]

_POINTS = 3000


_MOST_BINS = 2000
"""A picture has no more columns of pixels to draw them in."""


def histogram(
    values: Any,
    *,
    by: Any = None,
    bins: int | str | ArrayLike = "auto",
    fit: Any = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often values occur, and, if asked for, a distribution over them.

    Parameters
    ----------
    values : vector of numbers
        What is counted.
    by : vector of labels, optional
        One for each value: a histogram for each label, on the same bins.
    bins : int, str or sequence of edges
        As in :func:`numpy.histogram_bin_edges`.
    fit : bool, str, class or distribution, optional
        What is drawn over the bars, whose heights are then densities (of a discrete distribution: shares of each whole
        number): ``True`` or ``"Normal"`` for the normal distribution fitted to the values, the name of any other in
        :mod:`underhood.distributions`, such a class, or a distribution as it is. With ``by``, one for each group.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    TypeError, ValueError
        If ``values`` are not numbers, or ``by`` is of another length; if there is no such distribution, or it cannot be
        fitted to the values.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.histogram([1, 2, 2, 3, 3, 3], bins=3)
    >>> [int(bar.get_height()) for bar in ax.patches]
    [1, 2, 3]
    >>> ax = uh.plot.histogram([4.1, 5.0, 5.2, 6.3, 4.7, 5.5], fit="Normal")
    >>> ax.get_ylabel(), len(ax.lines)
    ('density', 1)
    """
    numbers = read_numbers("histogram", "values", values)
    labels, codes = read_groups("histogram", by, numbers.size)
    if isinstance(bins, int | np.integer) and not isinstance(bins, bool) and bins > _MOST_BINS:
        raise ValueError(f"histogram: bins is {bins}, but a picture can show at most {_MOST_BINS:,}")
    finite = np.isfinite(numbers)
    if fit is not None and fit is not False:
        from underhood.plot._samples import draw_fits

        return draw_fits(numbers, (labels, codes), bins, fit, name_of(values), axes(ax))
    ax = axes(ax)
    edges = np.histogram_bin_edges(numbers[finite], bins=bins) if finite.any() else np.array([0.0, 1.0])
    for code, label in enumerate(labels):
        chosen = numbers[finite & (codes == code)]
        colour = COLOURS[code % len(COLOURS)]
        alpha = 0.85 if len(labels) == 1 else 0.55
        ax.hist(chosen, bins=list(edges), color=colour, alpha=alpha, label=label, edgecolor="white")
    ax.set_xlabel(name_of(values))
    ax.set_ylabel("rows")
    return finish(ax, labels)


def scatter(x: Any, y: Any, *, by: Any = None, ax: Axes | None = None) -> Axes:
    """Draw one point for each pair of values.

    Of more than 3,000 points an even choice is drawn, and the picture says so.

    Parameters
    ----------
    x, y : vectors of numbers
        The coordinates.
    by : vector of labels, optional
        One for each point, shown by colour.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    TypeError, ValueError
        If ``x`` or ``y`` are not numbers, or the lengths differ.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.scatter([1, 2, 3], [2, 4, 5], by=["a", "b", "b"])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['a', 'b']
    """
    across, up = read_numbers("scatter", "x", x), read_numbers("scatter", "y", y)
    if across.size != up.size:
        raise ValueError(f"scatter: x has {across.size} values, but y has {up.size}")
    labels, codes = read_groups("scatter", by, across.size)
    ax = axes(ax)
    shown = np.flatnonzero(np.isfinite(across) & np.isfinite(up))
    total = shown.size
    if total > _POINTS:
        shown = shown[np.linspace(0, total - 1, _POINTS).astype(int)]
        ax.set_title(f"{_POINTS:,} of {total:,} rows", fontsize="small", color="0.4", loc="right")
    for code, label in enumerate(labels):
        chosen = shown[codes[shown] == code]
        ax.scatter(
            across[chosen],
            up[chosen],
            s=14,
            alpha=0.65,
            color=COLOURS[code % len(COLOURS)],
            label=label,
            linewidths=0,
            rasterized=total > 1000,
        )
    ax.locator_params(axis="x", nbins=6)
    ax.set_xlabel(name_of(x))
    ax.set_ylabel(name_of(y))
    return finish(ax, labels)


def groups(values: Any, by: Any, *, ax: Axes | None = None) -> Axes:
    """Draw a box for each group: the middle half of its values, with the median as a line and the mean as a dot.

    The whiskers reach to the last value within one and a half times the height of the box; values beyond are single
    points.

    Parameters
    ----------
    values : vector of numbers
        What is compared.
    by : vector of labels
        The group of each value.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    TypeError, ValueError
        If ``values`` are not numbers, or ``by`` is of another length.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.groups([1.0, 2.0, 3.0, 7.0, 8.0, 9.0], ["low"] * 3 + ["high"] * 3)
    >>> [text.get_text() for text in ax.get_xticklabels()]
    ['high', 'low']
    """
    return boxes("groups", values, by, ax)


def heatmap(matrix: ArrayLike, names: Sequence[str], *, ax: Axes | None = None) -> Axes:
    """Draw a correlation matrix: blue for pairs that rise together, red for those of which one falls.

    Parameters
    ----------
    matrix : array, shape (n, n)
        Values from -1 to 1; NaN stays white.
    names : sequence of str
        Of the rows and columns.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    ValueError
        If the matrix is not square or has not as many rows as there are names.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.heatmap([[1.0, 0.8], [0.8, 1.0]], ["height", "weight"])
    >>> ax.texts[1].get_text()
    '0.80'
    """
    values = np.asarray(matrix, dtype=np.float64)
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise ValueError(f"heatmap: matrix has the shape {values.shape}, but a square one is needed")
    if len(names) != len(values):
        raise ValueError(f"heatmap: names has {len(names)} texts, but matrix has {len(values)} rows")
    ax = axes(ax)
    ax.imshow(values, cmap="RdBu", vmin=-1, vmax=1)
    ticks, texts = range(len(names)), [short(str(name)) for name in names]
    ax.set_xticks(ticks, texts, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(ticks, texts)
    if len(names) <= 8:
        for i, j in np.ndindex(values.shape):
            if np.isfinite(values[i, j]):
                colour = "white" if abs(values[i, j]) > 0.6 else "black"
                ax.text(j, i, f"{values[i, j]:.2f}", ha="center", va="center", color=colour, fontsize="small")
    ax.spines[:].set_visible(False)
    return ax


def pairs(frame: Any, *, by: str | None = None, columns: Sequence[str] | None = None) -> Figure:
    """Draw every numeric column of a table against every other, with histograms on the diagonal.

    Parameters
    ----------
    frame : table
        Anything that :func:`underhood.analyze` takes.
    by : str, optional
        The column of groups, shown by colour.
    columns : sequence of str, optional
        The columns to draw; by default the first five that hold numbers.

    Returns
    -------
    matplotlib.figure.Figure
        With one axes for each pair.

    Raises
    ------
    ValueError
        If ``by`` or one of ``columns`` is no column, or no column holds numbers.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> figure = uh.plot.pairs(uh.datasets.load("iris"), by="species")
    >>> len(figure.axes)
    16
    """
    table = read_columns(frame, function="pairs", argument="frame")
    wanted = [name for name in table if name != by] if columns is None else list(columns)
    for argument, name in [("by", by), *(("columns", name) for name in wanted)]:
        if name is not None and name not in table:
            raise ValueError(
                unknown_name(name, table, f"pairs: {argument} names {name!r}, which is no column of frame")
            )
    numbers = {name: numeric(table[name]) for name in wanted}
    drawn = {name: values for name, values in numbers.items() if values is not None and np.isfinite(values).any()}
    names = list(drawn)[: 5 if columns is None else None]
    if not names:
        raise ValueError("pairs: no column of frame holds numbers")
    labels = table[by] if by is not None else None
    figure: Figure = pyplot().figure(figsize=(2.3 * len(names), 2.1 * len(names)), layout="constrained")
    grid = figure.subplots(len(names), len(names), sharex="col", squeeze=False)
    for i, up in enumerate(names):
        for j, across in enumerate(names):
            ax = grid[i, j]
            if i == j:
                histogram(drawn[up], by=labels, bins=20, ax=ax)
            else:
                scatter(drawn[across], drawn[up], by=labels, ax=ax)
                ax.set_title("")
            legend = ax.get_legend()
            if legend is not None and (i, j) != (0, len(names) - 1):
                legend.remove()
            ax.set_xlabel(across if i == len(names) - 1 else "")
            ax.set_ylabel(up if j == 0 else "")
    return figure


def boxes(function: str, values: Any, by: Any, ax: Axes | None) -> Axes:
    """Draw a box for each group."""
    numbers = read_numbers(function, "values", values)
    labels, codes = read_groups(function, by, numbers.size)
    ax = axes(ax)
    finite = np.isfinite(numbers)
    samples = [numbers[finite & (codes == code)] for code in range(len(labels))]
    drawn = ax.boxplot(
        samples,
        widths=0.6,
        patch_artist=True,
        showmeans=True,
        medianprops={"color": "black"},
        meanprops={"marker": "o", "markersize": 4, "markerfacecolor": "white", "markeredgecolor": "black"},
        flierprops={"marker": ".", "markersize": 3, "markeredgecolor": "0.5", "rasterized": numbers.size > 2000},
    )
    for code, box in enumerate(drawn["boxes"]):
        box.set(facecolor=COLOURS[code % len(COLOURS)], alpha=0.6)
    ax.set_xticks(range(1, len(labels) + 1), [short(str(label)) for label in labels])
    if len(labels) > 4:
        ax.tick_params(axis="x", labelrotation=45)
    ax.set_xlabel(name_of(by))
    ax.set_ylabel(name_of(values))
    return finish(ax, ())


def name_of(values: Any) -> str:
    name = getattr(values, "name", None)
    return "" if name is None else str(name)


def short(text: str) -> str:
    return text if len(text) <= 18 else text[:17] + "…"


def read_numbers(function: str, argument: str, values: Any) -> NDArray[np.float64]:
    numbers = numeric(values)
    if numbers is None:
        raise TypeError(f"{function}: {argument} does not hold numbers")
    if numbers.ndim != 1:
        raise ValueError(f"{function}: {argument} has {numbers.ndim} axes, but a vector is needed")
    return numbers


def read_groups(function: str, by: Any, size: int) -> tuple[list[str], NDArray[np.intp]]:
    """Labels and the code of each row (-1 where there is none); one group without a name if nothing was asked for."""
    if by is None:
        return [""], np.zeros(size, dtype=np.intp)
    values = by.to_list() if hasattr(by, "to_list") else np.asarray(by).tolist()
    if not isinstance(values, list) or len(values) != size:
        found = f"{len(values)} labels" if isinstance(values, list) else "a single value"
        raise ValueError(f"{function}: the groups are {found}, but there are {size} values")
    words = [None if value is None or value != value else str(value) for value in values]
    labels = sorted({word for word in words if word is not None})
    place = {label: code for code, label in enumerate(labels)}
    return labels, np.array([-1 if word is None else place[word] for word in words], dtype=np.intp)
