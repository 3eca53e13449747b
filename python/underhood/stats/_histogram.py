"""How values are distributed: counts in bins, and the share of values up to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import stats as core
from underhood._results import Result, format_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["EcdfResult", "HistogramResult", "ecdf", "histogram"]


@dataclass(slots=True, repr=False, eq=False)
class HistogramResult(Result):
    """What :func:`histogram` counts; unpacks to (counts or density, edges), as NumPy's.

    Attributes
    ----------
    counts : ndarray
        How many values each bin holds, or the sum of their weights.
    edges : ndarray
        Where bins begin and end, one more than there are bins. A bin holds its left edge, only the last one its right
        edge too.
    rule : str
        How the bins were chosen.
    missing, outside : int
        How many values are missing (NaN), and how many lie in no bin: they are left out.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("values", "edges")
    counts: NDArray[Any]
    edges: NDArray[np.float64]
    rule: str
    missing: int
    outside: int
    _density: bool

    @property
    def widths(self) -> NDArray[np.float64]:
        """The bins' widths."""
        return np.diff(self.edges)

    @property
    def centers(self) -> NDArray[np.float64]:
        """The middles of the bins."""
        return self.edges[:-1] + self.widths / 2

    @property
    def density(self) -> NDArray[np.float64]:
        """The height of each bin when all areas together are 1."""
        found: NDArray[np.float64] = self.counts / self.counts.sum() / self.widths
        return found

    @property
    def values(self) -> NDArray[Any]:
        """What was asked for: the density, or the counts."""
        return self.density if self._density else self.counts

    def _title(self) -> str:
        return f"histogram of {len(self.counts)} bins ({self.rule})"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the bins; needs matplotlib.

        Examples
        --------
        >>> import underhood as uh
        >>> ax = uh.stats.histogram([1, 2, 2, 3], bins=3).plot()
        >>> ax.get_ylabel()
        'count'
        """
        from underhood.plot._canvas import COLOURS, axes, finish

        ax = axes(ax)
        ax.stairs(self.values, self.edges, fill=True, color=COLOURS[0], alpha=0.85, edgecolor="white")
        ax.set_ylabel("density" if self._density else "count")
        return finish(ax, ())


@dataclass(slots=True, repr=False, eq=False)
class EcdfResult(Result):
    """What :func:`ecdf` finds: a function ``F(t)``; unpacks to (x, y).

    Attributes
    ----------
    x : ndarray
        The distinct values, ascending.
    y : ndarray
        The share of values that are at most that.
    n, missing : int
        How many values there are, and how many are missing (NaN), which are left out.
    confidence_level : float
        Of the band.
    half_width : float
        How far the band reaches above and below ``y``.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("x", "y")
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    n: int
    missing: int
    confidence_level: float
    half_width: float

    def __call__(self, t: ArrayLike) -> Any:
        """Give the share of values that are at most ``t``."""
        points = np.asarray(t, dtype=np.float64)
        found = np.concatenate([[0.0], self.y])[np.searchsorted(self.x, points, side="right")]
        found = np.where(np.isnan(points), np.nan, found)
        return float(found) if found.ndim == 0 else found

    @property
    def lower(self) -> NDArray[np.float64]:
        """The band's lower edge at ``x``."""
        return np.maximum(self.y - self.half_width, 0.0)

    @property
    def upper(self) -> NDArray[np.float64]:
        """The band's upper edge at ``x``."""
        return np.minimum(self.y + self.half_width, 1.0)

    def _title(self) -> str:
        return "empirical distribution function"

    def plot(self, ax: Axes | None = None, *, band: bool = True) -> Axes:
        """Draw the steps, and the band about them; needs matplotlib.

        Examples
        --------
        >>> import underhood as uh
        >>> ax = uh.stats.ecdf([1, 2, 2, 5]).plot()
        >>> ax.get_ylabel()
        'share of values up to here'
        """
        from underhood.plot._canvas import COLOURS, axes, finish

        ax = axes(ax)
        finite = np.isfinite(self.x)
        x = self.x[finite]
        if band:
            ax.fill_between(x, self.lower[finite], self.upper[finite], step="post", color=COLOURS[0], alpha=0.2, lw=0)
        ax.step(x, self.y[finite], where="post", color=COLOURS[0])
        ax.set_ylabel("share of values up to here")
        ax.set_ylim(0, 1)
        return finish(ax, ())


def histogram(
    a: Any,
    bins: int | str | ArrayLike = "auto",
    range: ArrayLike | None = None,  # noqa: A002  (NumPy's name)
    weights: ArrayLike | None = None,
    density: bool = False,
) -> HistogramResult:
    """Count how many values fall into each bin.

    Parameters
    ----------
    a : array_like
        The values; missing ones (NaN) are left out, and counted.
    bins : int, str or vector, default "auto"
        How many bins of one width; or the rule that chooses how many, "auto", "sturges", "fd" (Freedman and Diaconis),
        "scott", "doane", "rice", "sqrt"; or their edges, ascending. NumPy's default is 10 bins.
    range : (float, float), optional
        Where the first bin begins and the last one ends; by default at the smallest and the largest value. Values
        outside are left out, and counted.
    weights : array_like, optional
        How much each value counts, in the shape of ``a``; not with a rule.
    density : bool, default False
        Whether the result unpacks to the density (all areas together are 1) rather than the counts.

    Returns
    -------
    HistogramResult
        With ``counts``, ``density``, ``edges``, ``centers``, ``widths``, ``missing``, ``outside``, and :meth:`plot`;
        it unpacks as :func:`numpy.histogram`.

    Raises
    ------
    ValueError
        If there are no values, an infinite one and no ``range``, edges or a range that do not ascend, weights of
        another shape, no such rule, or more bins than make sense.
    TypeError
        If ``a`` does not hold real numbers.

    Notes
    -----
    For n values with the range r, the standard deviation s and the interquartile range q, the bins are at most so
    wide: "sturges" r/(log₂n + 1), "rice" r/(2n^(1/3)), "sqrt" r/√n, "scott" s(24√π/n)^(1/3), "fd" 2q/n^(1/3), "doane"
    as Sturges' with a term for the skewness; "auto" takes the narrower of "fd" and "sturges", with 2√n bins at most by
    the former. Whole numbers get bins of width 1 or more. All as in NumPy 2.

    Examples
    --------
    >>> import underhood as uh
    >>> counts, edges = uh.stats.histogram([1, 2, 2.5, 5], bins=2)
    >>> counts, edges
    (array([3, 1]), array([1., 3., 5.]))
    """
    if not isinstance(density, bool | np.bool_):
        raise TypeError(f"histogram: density is a {type(density).__name__}, but must be True or False")
    found, edges, outside, missing = core.histogram_counts(a, bins, range, weights, isinstance(bins, str) and _whole(a))
    counts = found.astype(np.int64) if weights is None else found
    if density and not counts.sum() > 0:
        raise ValueError("histogram: a has no values in the bins, so there is no density")
    rule = bins if isinstance(bins, str) else "edges given" if np.ndim(bins) else "number given"
    return HistogramResult(counts, edges, rule, missing, outside, bool(density))


def _whole(a: Any) -> bool:
    """Whether the values are whole numbers by their type."""
    dtype = getattr(a, "dtype", None)
    if dtype is None:
        try:
            dtype = np.asarray(a).dtype
        except ValueError:
            return False  # ragged: to be refused by whoever reads it
    if hasattr(dtype, "is_integer"):  # polars
        return bool(dtype.is_integer())
    return getattr(dtype, "kind", "O") in "iu"


def ecdf(a: Any, *, confidence_level: float = 0.95) -> EcdfResult:
    """Find the empirical distribution function, F(t) = the share of values that are at most t.

    Parameters
    ----------
    a : vector of numbers
        The values; missing ones (NaN) are left out, and counted.
    confidence_level : float, default 0.95
        How often a band like this one covers the whole true distribution function.

    Returns
    -------
    EcdfResult
        With ``x``, ``y``, ``lower``, ``upper``; it can be called, ``F(t)``, and has :meth:`plot`.

    Raises
    ------
    ValueError
        If there are no values, or the level is not between 0 and 1.
    TypeError
        If ``a`` does not hold real numbers.

    Notes
    -----
    The band reaches √(ln(2/(1 − level))/(2n)) above and below F, everywhere at once, whatever the distribution:
    Dvoretzky, Kiefer and Wolfowitz (1956), with Massart's constant (1990).

    Examples
    --------
    >>> import underhood as uh
    >>> F = uh.stats.ecdf([3, 1, 3, 2])
    >>> F(2.5), F.x, F.y
    (0.5, array([1., 2., 3.]), array([0.25, 0.5 , 1.  ]))
    """
    x, up_to, n, missing, half_width = core.distribution_steps(a, confidence_level)
    return EcdfResult(x, up_to / n, n, missing, float(confidence_level), half_width)


def interval_texts(edges: NDArray[np.float64]) -> list[str]:
    """Write the bins between edges, with as many digits as tell the edges apart.

    Examples
    --------
    >>> interval_texts(np.array([0.0, 0.5, 1.0]))
    ['[0, 0.5)', '[0.5, 1]']
    """
    texts = next(
        found
        for digits in (3, 6, 10, 17)
        if len(set(found := [format_value(edge, digits) for edge in edges])) == len(set(edges)) or digits == 17
    )
    closing = [")"] * (len(edges) - 2) + ["]"]
    return [f"[{low}, {high}{end}" for low, high, end in zip(texts[:-1], texts[1:], closing, strict=True)]
