"""Pictures of data: how often values occur, how they compare, and how they go together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._frames import columns as read_columns
from underhood._frames import doubles, numeric
from underhood._tables import unknown_name
from underhood.plot._canvas import COLOURS, axes, finish, pyplot, tell
from underhood.plot._reading import drawable, left_out, name_of, read_groups, read_names, read_numbers, read_samples

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["bin_edges", "boxes", "groups", "heatmap", "histogram", "pairs", "scatter", "short"]

Doubles = NDArray[np.float64]
Codes = NDArray[np.intp]

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
        As in :func:`underhood.stats.histogram`; at most 2,000.
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
        If ``values`` are not numbers or none of them is finite, ``by`` is of another length, or there are no such bins;
        if there is no such distribution, or it cannot be fitted to the values.
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
    shown = drawable("histogram", "values has", numbers, codes)
    edges = bin_edges(bins, numbers[shown])
    ax = axes(ax)
    tell(ax, left_out(numbers, codes))
    if fit is not None and fit is not False:
        from underhood.plot._samples import draw_fits

        return draw_fits(numbers, (labels, codes), bins, fit, name_of(values), ax)
    _bars(ax, numbers, (labels, codes), edges)
    ax.set_xlabel(name_of(values))
    ax.set_ylabel("rows")
    return finish(ax, labels)


def _bars(ax: Axes, numbers: Doubles, groups: tuple[list[str], Codes], edges: Doubles) -> None:
    """Draw the bars of each group."""
    labels, codes = groups
    for code, label in enumerate(labels):
        chosen = numbers[np.isfinite(numbers) & (codes == code)]
        colour = COLOURS[code % len(COLOURS)]
        alpha = 0.85 if len(labels) == 1 else 0.55
        ax.hist(chosen, bins=list(edges), color=colour, alpha=alpha, label=label, edgecolor="white")


def bin_edges(bins: Any, values: Doubles) -> Doubles:
    """Choose the bins of a histogram, as many as a picture can show."""
    from underhood import stats

    if isinstance(bins, bool | np.bool_):
        raise TypeError(f"histogram: bins is {bins}, but must be a whole number, a rule such as 'auto', or edges")
    if isinstance(bins, int | np.integer) and bins > _MOST_BINS:
        raise ValueError(f"histogram: bins is {bins}, but a picture can show at most {_MOST_BINS:,}")
    edges = stats.histogram(values, bins).edges
    if not np.all(edges[1:] > edges[:-1]):
        raise ValueError("histogram: bins has two equal edges, but each must be above the one before")
    if edges.size > _MOST_BINS + 1:
        raise ValueError(
            f"histogram: bins has {edges.size:,} edges, but a picture can show at most {_MOST_BINS:,} bins"
        )
    return edges


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
        If ``x`` or ``y`` are not numbers, the lengths differ, or no row has finite values of both.
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
    # A row is in the picture if both of its values are numbers.
    rows = np.where(np.isnan(across) | np.isnan(up), np.nan, np.where(np.isfinite(across), up, np.inf))
    drawable("scatter", "x and y together have", rows, codes)
    ax = axes(ax)
    tell(ax, _points(ax, across, up, (labels, codes)), left_out(rows, codes))
    ax.set_xlabel(name_of(x))
    ax.set_ylabel(name_of(y))
    return finish(ax, labels)


def _points(ax: Axes, across: Doubles, up: Doubles, groups: tuple[list[str], Codes]) -> str:
    """Draw the points of each group; say so if not all are drawn."""
    labels, codes = groups
    shown = np.flatnonzero(np.isfinite(across) & np.isfinite(up) & (codes >= 0))
    total = shown.size
    if total > _POINTS:
        shown = shown[np.linspace(0, total - 1, _POINTS).astype(int)]
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
    return f"{_POINTS:,} of {total:,} rows" if total > _POINTS else ""


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
        If ``values`` are not numbers or none of them is finite, or ``by`` is of another length.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.groups([1.0, 2.0, 3.0, 7.0, 8.0, 9.0], ["low"] * 3 + ["high"] * 3)
    >>> [text.get_text() for text in ax.get_xticklabels()]
    ['high', 'low']
    """
    read_numbers("groups", "values", values)
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
    values = doubles(matrix, "heatmap", "matrix")
    names = read_names("heatmap", "names", names)
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
    wanted = [name for name in table if name != by] if columns is None else read_names("pairs", "columns", columns)
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
    groups = read_groups("pairs", None if by is None else table[by], drawn[names[0]].size)
    figure: Figure = pyplot().figure(figsize=(2.3 * len(names), 2.1 * len(names)), layout="constrained")
    grid = figure.subplots(len(names), len(names), sharex="col", squeeze=False)
    for i, up in enumerate(names):
        for j, across in enumerate(names):
            ax = grid[i, j]
            if i == j:
                _bars(ax, drawn[up], groups, bin_edges(20, drawn[up][np.isfinite(drawn[up])]))
            else:
                _points(ax, drawn[across], drawn[up], groups)
            finish(ax, groups[0])
            legend = ax.get_legend()
            if legend is not None and (i, j) != (0, len(names) - 1):
                legend.remove()
            ax.set_xlabel(across if i == len(names) - 1 else "")
            ax.set_ylabel(up if j == 0 else "")
    return figure


def boxes(function: str, values: Any, by: Any, ax: Axes | None) -> Axes:
    """Draw a box for each group."""
    numbers, labels, codes = read_samples(function, values, by)
    finite = drawable(function, "values has", numbers, codes)
    ax = axes(ax)
    tell(ax, left_out(numbers, codes))
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


def short(text: str) -> str:
    return text if len(text) <= 18 else text[:17] + "…"
