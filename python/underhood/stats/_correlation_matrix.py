"""Covariance and correlation of all pairs of columns: a plain matrix, or one with names if a frame went in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import correlation as core
from underhood._frames import columns, doubles, numeric
from underhood._results import Result, format_value, html_table, text_table
from underhood.stats._correlation import CorrelationResult, kendalltau, pearsonr, spearmanr

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["CorrelationMatrix", "corr", "cov"]

_SHOWN = 12
"""More columns than this do not fit a line."""


@dataclass(slots=True, repr=False, eq=False)
class CorrelationMatrix(Result):
    """A symmetric matrix whose rows and columns have names: what :func:`corr` and :func:`cov` make of a frame.

    It goes wherever an array goes: ``np.asarray(result)``, ``result[0, 1]``, ``result.shape``; and a pair is had by
    name, ``result["height", "weight"]``.

    Attributes
    ----------
    names : tuple of str
        The columns, in their order.
    values : ndarray, shape (p, p)
        The matrix.
    kind : str
        What it holds: ``"Pearson's correlations"``, ``"covariances"``, …
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    kind: str
    _source: tuple[Any, Any, str, str] | None = None

    def pair(self, first: str, second: str, *, confidence_level: float = 0.95) -> CorrelationResult:
        """Test one pair: its coefficient with p-value, interval and words.

        Parameters
        ----------
        first, second : str
            Two of the names.
        confidence_level : float, default 0.95
            Level of the interval.

        Returns
        -------
        CorrelationResult
            As :func:`pearsonr`, :func:`spearmanr` or :func:`kendalltau` give it. The frame is asked again: if it was
            changed meanwhile, that is an error.

        Examples
        --------
        >>> import underhood as uh
        >>> table = {"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5]}
        >>> pair = uh.stats.corr(table).pair("a", "b")
        >>> round(pair.statistic, 6), round(pair.pvalue, 6)
        (0.8, 0.104088)
        """
        if self._source is None:
            raise ValueError("pair: a matrix of covariances has no tests; make one of correlations with corr")
        x, y, method, nan_policy = self._source
        i, j = self._place(first), self._place(second)
        table = [column for data in (x, y) if data is not None for column in _columns_of(data)]
        test = {"pearson": pearsonr, "spearman": spearmanr, "kendall": kendalltau}[method]
        found = test(table[i], table[j], confidence_level=confidence_level, nan_policy=nan_policy)
        if not np.isclose(found.statistic, self.values[i, j], rtol=1e-9, atol=1e-12, equal_nan=True):
            raise ValueError("pair: the columns are no longer those that the matrix was made of; make it again")
        return found

    @property
    def pvalues(self) -> NDArray[np.float64]:
        """p-value of each pair's test of no correlation, shape (p, p), with NaN on the diagonal.

        They are not corrected for their number: see :func:`multipletests`. Computed anew each time.
        """
        found = np.full(self.values.shape, np.nan)
        for i, first in enumerate(self.names):
            for j, second in enumerate(self.names[:i]):
                found[i, j] = found[j, i] = self.pair(first, second).pvalue
        return found

    @property
    def shape(self) -> tuple[int, ...]:
        """(p, p), as an array has it."""
        return self.values.shape

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.values, dtype=dtype) if copy or dtype is not None else self.values

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Any:
        return iter(self.values)

    def __getitem__(self, index: Any) -> Any:
        """Give what the array gives; a name stands for its place."""
        places = tuple(map(self._place, index)) if isinstance(index, tuple) else self._place(index)
        found = self.values[places]
        return float(found) if isinstance(found, np.float64) else found

    def _place(self, key: Any) -> Any:
        if not isinstance(key, str):
            return key
        if key not in self.names:
            raise KeyError(f"no column is called {key!r}; there are {', '.join(map(repr, self.names))}")
        return self.names.index(key)

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame; needs pandas.

        Examples
        --------
        >>> import underhood as uh
        >>> table = {"a": [1, 2, 3], "b": [1, 3, 2]}
        >>> uh.stats.corr(table).to_frame().loc["a", "b"].item()
        0.5
        """
        import pandas as pd

        return pd.DataFrame(self.values, index=list(self.names), columns=list(self.names))

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw a heat map; covariances are drawn as the correlations that they belong to.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default on a new figure.

        Examples
        --------
        >>> import underhood as uh
        >>> uh.stats.corr({"a": [1, 2, 3], "b": [1, 3, 2]}).plot().texts[1].get_text()
        '0.50'
        """
        from underhood.plot import heatmap

        values = self.values
        if self.kind == "covariances":
            with np.errstate(invalid="ignore", divide="ignore"):
                root = np.sqrt(np.diag(values))
                values = values / root / root[:, None]
        return heatmap(values, self.names, ax=ax)

    def _title(self) -> str:
        return f"{self.kind} of {len(self.names)} columns"

    def _cells(self) -> list[list[str]]:
        return [
            [name, *(format_value(value, 4) for value in row)]
            for name, row in zip(self.names, self.values, strict=True)
        ]

    def __repr__(self) -> str:
        if len(self.names) > _SHOWN:
            return f"{self._title()}\n{self.values}"
        return f"{self._title()}\n" + text_table(["", *self.names], self._cells())

    def _repr_html_(self) -> str:
        return f"<p>{self._title()}</p>" + html_table(["", *self.names], self._cells())


def corr(
    x: ArrayLike, y: ArrayLike | None = None, *, method: str = "pearson", nan_policy: str = "raise"
) -> NDArray[np.float64] | CorrelationMatrix:
    """Matrix of correlations of all pairs of columns, between −1 and 1.

    Parameters
    ----------
    x : array_like, shape (n,) or (n, p), frame or dictionary of columns
        The variables, one a column; ``np.corrcoef`` has them in rows unless ``rowvar=False``.
    y : array_like, shape (n,) or (n, k), or frame, optional
        More variables, which come after those of ``x``.
    method : {"pearson", "spearman", "kendall"}
        Pearson's r measures how closely the points follow a straight line; Spearman's ρ, which is r of the ranks, how
        closely they follow any rising or falling curve; Kendall's τ_b how many more pairs of points rise together than
        fall.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused; left out of the pairs that it takes part in, as pandas does (each pair then
        has its own rows, and the matrix need not be positive semidefinite); or makes those pairs NaN.

    Returns
    -------
    ndarray, shape (p + k, p + k), or CorrelationMatrix
        Exactly symmetric, with ones on the diagonal. NaN where nothing is known: with "propagate" everywhere in the row
        and the column of a variable with gaps; with "omit", as in pandas, for a pair that shares fewer than two rows,
        or in which one is constant over those, and on the diagonal of a variable with fewer than two values. If ``x``
        has named columns the result has their names, and can be used as the array.

    Raises
    ------
    ValueError
        If a value is missing (unless ``nan_policy`` says otherwise) or infinite, a column is constant (it is correlated
        with nothing), the numbers of rows differ, or there is one row only.

    See Also
    --------
    pearsonr, spearmanr, kendalltau : One pair, with p-value and interval; of a frame's matrix also
        :meth:`CorrelationMatrix.pair` and ``pvalues``.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.stats.corr([1, 2, 3, 4], [1, 8, 27, 64], method="spearman")
    array([[1., 1.],
           [1., 1.]])
    >>> uh.stats.corr({"height": [1.6, 1.7, 1.9], "weight": [60, 80, 75]}).names
    ('height', 'weight')
    """
    found = core.corr(_numbers("corr", "x", x), _numbers("corr", "y", y), method, nan_policy)
    names = _names_of_both(x, y)
    if names is None:
        return found
    title = {"pearson": "Pearson's", "spearman": "Spearman's", "kendall": "Kendall's"}[method]
    return CorrelationMatrix(names, found, f"{title} correlations", (x, y, method, nan_policy))


def cov(
    x: ArrayLike, y: ArrayLike | None = None, *, ddof: int = 1, nan_policy: str = "raise"
) -> NDArray[np.float64] | CorrelationMatrix:
    """Matrix of covariances Σ(xᵢ − x̄)(yᵢ − ȳ)/(n − ddof) of all pairs of columns.

    Parameters
    ----------
    x : array_like, shape (n,) or (n, p), frame or dictionary of columns
        The variables, one a column; ``np.cov`` has them in rows unless ``rowvar=False``.
    y : array_like, shape (n,) or (n, k), or frame, optional
        More variables, which come after those of ``x``.
    ddof : int, default 1
        What is taken from n in the divisor.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused; left out of the pairs that it takes part in, as pandas does (each pair then
        has its own rows, and the matrix need not be positive semidefinite); or makes those pairs NaN.

    Returns
    -------
    ndarray, shape (p + k, p + k), or CorrelationMatrix
        Exactly symmetric, with the variances on the diagonal; of one vector of shape (1, 1). NaN as for :func:`corr`,
        and for a pair that shares no more rows than ``ddof``. If ``x`` has named columns the result has their names,
        and can be used as the array.

    Raises
    ------
    ValueError
        If a value is missing (unless ``nan_policy`` says otherwise) or infinite, the numbers of rows differ, or there
        are not more rows than ``ddof``.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.stats.cov([[1, 2], [2, 6], [3, 4]])
    array([[1., 1.],
           [1., 4.]])
    >>> uh.stats.cov([1, 2, 3], [2, 6, 4])
    array([[1., 1.],
           [1., 4.]])
    """
    found = core.cov(_numbers("cov", "x", x), _numbers("cov", "y", y), ddof, nan_policy)
    names = _names_of_both(x, y)
    return found if names is None else CorrelationMatrix(names, found, "covariances")


def _names_of_both(x: Any, y: Any) -> tuple[str, ...] | None:
    """Give the names of all columns if x has any."""
    names = None if type(x) is np.ndarray else _names(x)
    if names is None or y is None:
        return names
    more = _names(y)
    if more is None:
        name = getattr(y, "name", None)
        width = np.shape(y)[1] if np.ndim(y) == 2 else 1
        more = (str(name),) if name else ("y",) if width == 1 else tuple(f"y{i}" for i in range(width))
    return (*names, *more)


def _columns_of(data: Any) -> list[NDArray[np.float64]]:
    """Take the columns apart as numbers."""
    return list(np.atleast_2d(doubles(_numbers("pair", "x", data), "pair", "x").T))


def _names(data: Any) -> tuple[str, ...] | None:
    if isinstance(data, dict):
        return tuple(map(str, data))
    found: Sequence[Any] | None = getattr(data, "columns", None)
    return None if found is None else tuple(map(str, found))


def _numbers(function: str, argument: str, data: Any) -> Any:
    """Put the columns of a dictionary side by side; the core reads everything else."""
    if not isinstance(data, dict):
        return data
    found = []
    for name, column in columns(data, function=function, argument=argument).items():
        numbers = numeric(column)
        if numbers is None:
            raise TypeError(f"{function}: {argument} has a column without numbers, {name!r}; leave it out")
        found.append(numbers)
    return np.column_stack(found) if found else np.empty((0, 0))
