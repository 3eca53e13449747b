"""Pictures of vectors: arrows, sums, and what they span."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core.linalg import read_numbers
from underhood.plot import _space
from underhood.plot._canvas import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["spans", "vectors"]

Float = NDArray[np.float64]


def vectors(
    *vectors: ArrayLike, labels: Sequence[str] | None = None, head_to_tail: bool = False, ax: Axes | None = None
) -> Axes:
    """Draw vectors of two or three components as arrows from the origin.

    Parameters
    ----------
    *vectors : array_like, shape (2,) or (3,)
        The vectors, all of one length; the columns of a matrix are ``*matrix.T``.
    labels : sequence of str, optional
        A name for each.
    head_to_tail : bool, default False
        Whether each begins where the one before it ends, with their sum as a dashed arrow.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure. Three components need axes with ``projection="3d"``.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    TypeError, ValueError
        If a vector is not made of two or three finite numbers, or the lengths differ.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.vectors([2, 1], [-1, 2], labels=["u", "v"], head_to_tail=True)
    >>> [text.get_text() for text in ax.texts if text.get_text()]
    ['u', 'v', 'u + v']
    """
    arrows = [_read("vectors", "vectors", value, 1) for value in vectors]
    dimensions = _common("vectors", "vectors", [len(arrow) for arrow in arrows])
    names = _names("vectors", labels, len(arrows))
    ax = _space.new(ax, dimensions, "vectors")
    tails = np.zeros((len(arrows), dimensions))
    if head_to_tail:
        tails[1:] = np.cumsum(arrows, axis=0)[:-1]
    tips = tails + arrows
    reached = tips if head_to_tail else np.array(arrows)
    _space.frame(ax, reached, tight=True)
    for i, (tail, tip) in enumerate(zip(tails, tips, strict=True)):
        if dimensions == 3:
            _space.drop(ax, tip)
        _space.arrow(ax, tip, COLOURS[i % len(COLOURS)], tail=tail, label=names[i], beside=head_to_tail)
    if head_to_tail and len(arrows) > 1:
        together = " + ".join(names) if all(0 < len(name) < 6 for name in names) else "sum"
        _space.arrow(ax, tips[-1], "0.25", label=together, dashed=True, width=1.6, beside=True)
    return ax


def spans(*sets: ArrayLike, labels: Sequence[str] | None = None, ax: Axes | None = None) -> Axes:
    """Draw what vectors span: a line, a plane, or all of space.

    Parameters
    ----------
    *sets : array_like, shape (n,) or (n, k)
        A vector, whose multiples are a line; or a matrix, whose columns' combinations are drawn. n is 2 or 3, the same
        for all.
    labels : sequence of str, optional
        A name for each.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure. Three components need axes with ``projection="3d"``.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn, with the vectors as arrows.

    Raises
    ------
    TypeError, ValueError
        If an argument is not made of finite numbers, or has other than two or three rows.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> ax = uh.plot.spans([[1, 0], [0, 1], [1, 1]], labels=["plane"])
    >>> ax.name, ax.get_legend_handles_labels()[1]
    ('3d', ['plane'])
    """
    matrices = [_read("spans", "sets", value, 2) for value in sets]
    dimensions = _common("spans", "sets", [len(matrix) for matrix in matrices])
    names = _names("spans", labels, len(matrices))
    ax = _space.new(ax, dimensions, "spans")
    _space.frame(ax, np.hstack(matrices).T)
    bases = [_space.rank_basis(matrix) for matrix in matrices]
    if dimensions == 3:
        _space.look(ax, [basis for basis in bases if basis.shape[1] == 2])
    for i, (matrix, basis) in enumerate(zip(matrices, bases, strict=True)):
        colour = COLOURS[i % len(COLOURS)]
        span(ax, basis, colour, names[i] or _word(basis))
        for column in matrix.T:
            _space.arrow(ax, column, colour)
    ax.legend(fontsize="small", frameon=False, loc="upper left")
    return ax


def span(ax: Any, basis: Float, colour: str, label: str) -> None:
    """Draw what the orthonormal columns span."""
    dimensions, rank = basis.shape
    if rank == 0:
        ax.plot(*([0.0] for _ in range(dimensions)), "o", color=colour, markersize=8, label=label, linestyle="")
    elif rank == 1:
        _space.line(ax, basis[:, 0], colour, label=label)
    elif rank == 2:
        _space.plane(ax, basis, colour, label=label)
    else:
        ax.plot([], [], [], "s", color=colour, alpha=0.4, label=label, linestyle="")


def _word(basis: Float) -> str:
    dimensions, rank = basis.shape
    if rank == dimensions:
        return "the whole plane" if rank == 2 else "all of space"
    return ("the origin", "a line", "a plane")[rank]


def _read(function: str, argument: str, value: Any, axes: int) -> Float:
    """Read a vector of 2 or 3 components, or, with axes = 2, a matrix of 2 or 3 rows; a vector has one column."""
    numbers = read_numbers(function, argument, value)
    if axes == 2 and numbers.ndim == 1:
        numbers = numbers[:, None]
    if numbers.ndim != axes:
        expected = "a vector is needed (for the columns of a matrix, give *a.T)"
        expected = expected if axes == 1 else "a vector or a matrix is needed"
        raise ValueError(f"{function}: {argument} has one with {numbers.ndim} axes, but {expected}")
    if len(numbers) not in (2, 3):
        raise ValueError(f"{function}: {argument} has one of {len(numbers)} components, but a picture shows 2 or 3")
    return numbers


def _common(function: str, argument: str, lengths: list[int]) -> int:
    if not lengths:
        raise ValueError(f"{function}: {argument} is empty, but at least one is needed")
    if len(set(lengths)) > 1:
        other = next(n for n in lengths if n != lengths[0])
        raise ValueError(f"{function}: {argument} have {lengths[0]} and {other} components, but all need as many")
    return lengths[0]


def _names(function: str, labels: Sequence[str] | None, count: int) -> list[str]:
    if labels is None:
        return [""] * count
    names = [labels] if isinstance(labels, str) else [str(label) for label in labels]
    if len(names) != count:
        raise ValueError(f"{function}: labels has {len(names)} texts, but there are {count} vectors")
    return names
