"""Pictures of matrices: the four subspaces, the circle that becomes an ellipse, and the grid that a map moves."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core.linalg import column_space, left_null_space, null_space, read_numbers, row_space, svdvals
from underhood.linalg import _singular as singular
from underhood.plot import _space
from underhood.plot._canvas import COLOURS, pyplot
from underhood.plot._vectors import span

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["image", "subspaces", "svd", "transformation"]

Float = NDArray[np.float64]

_TOO_LARGE = 6.0
"""Maps that stretch further have a scale of their own before and after."""


def subspaces(a: ArrayLike) -> Figure:
    """Draw the four fundamental subspaces of a matrix.

    On the left the domain, which row space and null space share; on the right the codomain, which column space and
    left null space share. The two of each side are perpendicular, and a maps the row space one to one onto the column
    space.

    Parameters
    ----------
    a : array_like, shape (m, n)
        The matrix; m and n are 2 or 3.

    Returns
    -------
    matplotlib.figure.Figure
        With one axes for the domain and one for the codomain.

    Raises
    ------
    TypeError, ValueError
        If a is not a matrix of finite numbers with 2 or 3 rows and columns.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> figure = uh.plot.subspaces([[1, 2, 3], [2, 4, 6]])
    >>> [ax.get_title() for ax in figure.axes]
    ['domain, 3-d', 'codomain, 2-d']
    """
    matrix = _matrix("subspaces", a, (2, 3))
    m, n = matrix.shape
    figure: Figure = pyplot().figure(figsize=(9.6, 4.6), layout="compressed")
    sides = (
        ("domain", n, (row_space(matrix), null_space(matrix)), ("row space", "null space")),
        ("codomain", m, (column_space(matrix), left_null_space(matrix)), ("column space", "left null space")),
    )
    for place, (name, dimensions, parts, words) in enumerate(sides, start=1):
        ax = figure.add_subplot(1, 2, place, projection="3d" if dimensions == 3 else None)
        _space.frame(ax, np.eye(dimensions), margin=1.4)
        if dimensions == 3:
            _space.look(ax, [part for part in parts if part.shape[1] == 2])
        for which, (columns, word) in enumerate(zip(parts, words, strict=True)):
            size = columns.shape[1]
            extent = (
                ("the origin only", "a line", "a plane", "all of space")[size]
                if dimensions == 3
                else ("the origin only", "a line", "the whole plane")[size]
            )
            colour = COLOURS[2 * (place - 1) + which]
            if size == 0:
                ax.plot([], [], color=colour, marker="o", linestyle="", label=f"{word}: {extent}")
            else:
                span(ax, columns, colour, f"{word}: {extent}")
                for column in columns.T:
                    _space.arrow(ax, column, colour)
        ax.set_title(f"{name}, {dimensions}-d")
        ax.legend(fontsize="small", frameon=False, loc="upper left")
    return figure


def svd(a: ArrayLike) -> Figure:
    """Draw what the singular values mean: a turns the unit circle into an ellipse.

    Of all perpendicular pairs of directions, one stays perpendicular: the right singular vectors v₁, v₂. They become
    the half axes σ₁u₁, σ₂u₂ of the ellipse.

    Parameters
    ----------
    a : array_like, shape (2, 2)
        The matrix.

    Returns
    -------
    matplotlib.figure.Figure
        With one axes before and one after.

    Raises
    ------
    TypeError, ValueError
        If a is not a 2×2 matrix of finite numbers.
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> figure = uh.plot.svd([[2, 1], [0, 1]])
    >>> figure.axes[1].get_title()
    'after: half axes σ₁ = 2.29, σ₂ = 0.874'
    """
    matrix = _matrix("svd", a, (2,))
    u, s, vt = singular.svd(matrix)
    figure: Figure = pyplot().figure(figsize=(9.2, 4.6), layout="compressed")
    circle = _circle()
    panels = (
        ("before: the unit circle", circle, vt.T, ("v₁", "v₂")),
        (f"after: half axes σ₁ = {s[0]:.3g}, σ₂ = {s[1]:.3g}", matrix @ circle, u * s, ("σ₁u₁", "σ₂u₂")),
    )
    common = np.hstack([circle, matrix @ circle]).T if s[0] < _TOO_LARGE else circle.T
    for place, (title, curve, arrows, names) in enumerate(panels, start=1):
        ax: Any = figure.add_subplot(1, 2, place)
        _space.frame(ax, np.vstack([curve.T, common]), margin=1.25)
        if place == 2:
            ax.plot(*circle, color="0.8", linewidth=1.0, linestyle=":")
        ax.fill(*curve, color=COLOURS[4], alpha=0.18, linewidth=0)
        ax.plot(*curve, color=COLOURS[4], linewidth=1.6)
        for i in range(2):
            _space.arrow(ax, arrows[:, i], COLOURS[(0, 5)[i]], label=names[i])
        ax.set_title(title)
    return figure


def transformation(matrix: Float, eigenvectors: list[tuple[float, Float]], title: str) -> Figure:
    """Draw the grid, the circle and the eigenvectors before and after a 2×2 map; the cube of a 3×3 map."""
    dimensions = len(matrix)
    figure: Figure = pyplot().figure(figsize=(9.4, 4.9), layout="compressed")
    for place, (name, move) in enumerate((("before", np.eye(dimensions)), ("after", matrix)), start=1):
        ax: Any = figure.add_subplot(1, 2, place, projection="3d" if dimensions == 3 else None)
        names = [("A" if place == 2 else "") + unit for unit in ("e₁", "e₂", "e₃")]
        draw = _space_moved if dimensions == 3 else _plane_moved
        draw(ax, move, _beside(matrix), eigenvectors, names, place == 1)
        ax.set_title(name)
    figure.suptitle(fill(title, 80))
    return figure


def image(ax: Axes, matrix: Float, eigenvectors: list[tuple[float, Float]], title: str) -> Axes:
    """Draw what a map makes of the plane or of space, on the caller's axes."""
    dimensions = len(matrix)
    _space.new(ax, dimensions, "LinearMap.plot")
    draw = _space_moved if dimensions == 3 else _plane_moved
    draw(ax, matrix, np.eye(dimensions), eigenvectors, ["Ae₁", "Ae₂", "Ae₃"], True)
    ax.set_title(fill(title, 50), fontsize="medium")
    return ax


def _circle() -> Float:
    angles = np.linspace(0, 2 * np.pi, 241)
    return np.vstack([np.cos(angles), np.sin(angles)])


def _cube(dimensions: int) -> Float:
    """Corners of the unit square or cube, one a row; the last coordinate counts fastest."""
    return np.stack(np.meshgrid(*[[0.0, 1.0]] * dimensions, indexing="ij"), axis=-1).reshape(-1, dimensions)


def _beside(matrix: Float) -> Float:
    """Points that both pictures make room for, so that they have one scale; unless the map stretches too far."""
    points = _cube(len(matrix)) @ matrix.T
    if len(matrix) == 2:
        points = np.vstack([points, (matrix @ _circle()).T])
    return points if np.abs(points).max() <= _TOO_LARGE else np.eye(len(matrix))


def _plane_moved(
    ax: Any, move: Float, common: Float, eigenvectors: list[tuple[float, Float]], names: list[str], legend: bool
) -> None:
    circle, square = _circle(), _cube(2)[[0, 2, 3, 1]].T
    seen = np.hstack([move @ circle, move @ square, np.eye(2), square])
    reach = _space.frame(ax, np.vstack([seen.T, common]), margin=1.25)
    ax.grid(visible=False)
    _grid(ax, move, reach)
    ax.fill(*(move @ square), color=COLOURS[1], alpha=0.35, linewidth=0)
    ax.plot(*(move @ circle), color=COLOURS[2], linewidth=1.8)
    labels = _labels(eigenvectors) if legend else [None] * len(eigenvectors)
    for i, ((_, vector), label) in enumerate(zip(eigenvectors, labels, strict=True)):
        _space.line(ax, vector, COLOURS[3], linestyle=("--", ":")[i % 2], linewidth=2.0, label=label)
    for i, colour in enumerate((COLOURS[0], COLOURS[5])):
        _space.arrow(ax, move[:, i], colour, label=names[i])
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach))
    if legend and eigenvectors:
        ax.legend(fontsize="small", frameon=True, framealpha=0.9, edgecolor="none", loc="lower right")


def _labels(eigenvectors: list[tuple[float, Float]]) -> list[str | None]:
    """Name the lines of eigenvectors, those with one eigenvalue once."""
    values = [f"{value:.3g}" for value, _ in eigenvectors]
    return [
        None if value in values[:i] else f"eigenvector{'s' if values.count(value) > 1 else ''}, λ = {value}"
        for i, value in enumerate(values)
    ]


def _grid(ax: Any, move: Float, reach: float) -> None:
    """Draw the lines with whole-number coordinates, moved: enough to fill the picture, few enough to be told apart."""
    from matplotlib.collections import LineCollection

    smallest = svdvals(move)[-1]
    many = int(np.clip(np.ceil(1.5 * reach / max(float(smallest), 0.05)), 2, 24))
    places = np.arange(-many, many + 1.0)
    ends = np.array([places[0], places[-1]])
    lines = [np.vstack([np.full(2, at), ends]) for at in places] + [np.vstack([ends, np.full(2, at)]) for at in places]
    segments = [(move @ points).T for points in lines]
    heavy = [1.3 if i % len(places) == many else 0.7 for i in range(len(segments))]
    ax.add_collection(
        LineCollection(segments, colors=COLOURS[4], linewidths=heavy, alpha=0.55, zorder=1), autolim=False
    )


def _space_moved(
    ax: Any, move: Float, common: Float, eigenvectors: list[tuple[float, Float]], names: list[str], legend: bool
) -> None:
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    faces = [(0, 1, 3, 2), (4, 5, 7, 6), (0, 1, 5, 4), (2, 3, 7, 6), (0, 2, 6, 4), (1, 3, 7, 5)]
    moved = _cube(3) @ move.T
    _space.frame(ax, np.vstack([moved, np.eye(3), common]), margin=1.1)
    cube = [moved[list(face)] for face in faces]
    ax.add_collection3d(Poly3DCollection(cube, facecolor=COLOURS[4], edgecolor=COLOURS[0], alpha=0.16, linewidth=0.8))
    labels = _labels(eigenvectors) if legend else [None] * len(eigenvectors)
    for (_, vector), label in zip(eigenvectors, labels, strict=True):
        _space.line(ax, vector, COLOURS[3], linestyle="--", linewidth=1.3, label=label)
    for i, colour in enumerate((COLOURS[0], COLOURS[5], COLOURS[2])):
        _space.arrow(ax, move[:, i], colour, label=names[i])
    if legend and eigenvectors:
        ax.legend(fontsize="small", frameon=False, loc="upper left")


def _matrix(function: str, a: Any, allowed: tuple[int, ...]) -> Float:
    matrix = read_numbers(function, "a", a)
    if matrix.ndim != 2 or any(size not in allowed for size in matrix.shape):
        shape = "×".join(map(str, matrix.shape)) or "a single number"
        sizes = "2×2" if allowed == (2,) else "with 2 or 3 rows and columns"
        raise ValueError(f"{function}: a is {shape}, but the picture needs a matrix {sizes}")
    return matrix
