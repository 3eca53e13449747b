"""Columns brought into one range."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._results import format_value
from underhood.models._estimator import first_and_last
from underhood.models._input import read_doubles, read_matrix, refuse_overflow
from underhood.models._transformer import Transformer

__all__ = ["MinMaxScaler"]


class MinMaxScaler(Transformer):
    """Bring every column into a range: low + (high − low)·(x − min)/(max − min).

    Learn minimum and maximum from the training rows, and use them for all others, which may then lie outside the range
    (unless ``clip``). One wild value squeezes all others together; :class:`StandardScaler` minds it less.

    Parameters
    ----------
    feature_range : pair of numbers, default (0, 1)
        The range, low and high.
    clip : bool, default False
        Put values that leave the range onto its border.

    Attributes
    ----------
    data_min_, data_max_, data_range_ : ndarray, shape (features,)
        Minimum and maximum of each column, and their difference.
    scale_, min_ : ndarray, shape (features,)
        ``X * scale_ + min_`` is what ``transform`` gives, to rounding.
    n_samples_seen_ : int
        Number of rows.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    See Also
    --------
    StandardScaler

    Notes
    -----
    A constant column becomes low; other values of it are moved by as much, not stretched, as in scikit-learn.
    (scikit-learn calls columns constant whose range is below 2.2e-15, whatever their unit; here the range must be 0.)
    The training minimum becomes low exactly, and the maximum high but for the rounding of low + (high − low).

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.MinMaxScaler().fit_transform([[1.0, 7.0], [2.0, 7.0], [5.0, 7.0]])
    array([[0.  , 0.  ],
           [0.25, 0.  ],
           [1.  , 0.  ]])
    """

    data_min_: NDArray[np.float64]
    data_max_: NDArray[np.float64]
    data_range_: NDArray[np.float64]
    scale_: NDArray[np.float64]
    min_: NDArray[np.float64]
    n_samples_seen_: int
    _ends: tuple[float, float]
    _clips: bool

    def __init__(self, feature_range: Any = (0, 1), *, clip: bool = False) -> None:
        self.feature_range = feature_range
        self.clip = clip

    def _range(self, method: str) -> tuple[float, float]:
        name = f"MinMaxScaler.{method}"
        try:
            low, high = (float(end) for end in self.feature_range)
        except (TypeError, ValueError):
            raise TypeError(f"{name}: feature_range is {self.feature_range!r}, but must be two numbers") from None
        if not (np.isfinite(low) and np.isfinite(high) and low < high and np.isfinite(high - low)):
            raise ValueError(
                f"{name}: feature_range is ({low:g}, {high:g}), but must be two finite numbers, the smaller first. "
                "Minimum of desired feature range must be smaller than maximum"
            )
        return low, high

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Learn minimum and maximum of each column.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers.
        y : ignored
            There for pipelines.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where) or has no rows or columns, or ``feature_range`` is
            no range.
        """
        read = read_matrix("MinMaxScaler.fit", X)
        values = read_doubles("MinMaxScaler.fit", read)
        self._learn("fit", values.min(axis=0), values.max(axis=0), len(values))
        self._remember_features(X, read)
        return self

    def partial_fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Learn from more rows, as if those of all calls had been there at once.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers.
        y : ignored
            There for pipelines.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            As :meth:`fit`, or if the columns are others than before.

        Examples
        --------
        >>> import underhood as uh
        >>> uh.models.MinMaxScaler().partial_fit([[1.0], [2.0]]).partial_fit([[6.0]]).data_max_
        array([6.])
        """
        if not self.__sklearn_is_fitted__():
            return self.fit(X, y)
        values = read_doubles("MinMaxScaler.partial_fit", self._read("partial_fit", X))
        low, high = np.minimum(self.data_min_, values.min(axis=0)), np.maximum(self.data_max_, values.max(axis=0))
        self._learn("partial_fit", low, high, self.n_samples_seen_ + len(values))
        return self

    def _learn(self, method: str, least: Any, most: Any, rows: int) -> None:
        low, high = self._range(method)
        with np.errstate(over="ignore", invalid="ignore"):
            spread = most - least
            scale = (high - low) / np.where(spread == 0, 1.0, spread)
            start = low - least * scale
        for found, problem in (
            (spread, "spans a range so wide that it overflows"),
            (scale, "spans too small a range"),
            (start, "lies too far from zero for its small range"),
        ):
            if not np.isfinite(found).all():
                column = int(np.flatnonzero(~np.isfinite(found))[0])
                raise ValueError(f"MinMaxScaler.{method}: X {problem} (column {column}); change its unit")
        self.data_min_, self.data_max_, self.data_range_, self.scale_, self.min_ = least, most, spread, scale, start
        self.n_samples_seen_ = rows
        self._ends, self._clips = (low, high), self._flag("clip")

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Bring the columns into the range: low + (high − low)·(x − min)/(max − min).

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, features)

        Raises
        ------
        ValueError
            If a number leaves the range of doubles; the message names the row.
        """
        values = read_doubles("MinMaxScaler.transform", self._read("transform", X))
        low, high = self._ends
        with np.errstate(over="ignore"):
            made = values - self.data_min_
            made /= np.where(self.data_range_ == 0, 1.0, self.data_range_)
            if high - low != 1:
                made *= high - low
            if low:
                made += low
        if self._clips:
            return np.clip(made, low, high, out=made)
        return refuse_overflow("MinMaxScaler.transform", made)

    def inverse_transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Bring the columns back: min + (max − min)·(x − low)/(high − low).

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, features)

        Raises
        ------
        ValueError
            If a number leaves the range of doubles; the message names the row.
        """
        values = read_doubles("MinMaxScaler.inverse_transform", self._read("inverse_transform", X))
        with np.errstate(over="ignore"):
            made = values - self._ends[0]
            made /= self.scale_
            made += self.data_min_
        return refuse_overflow("MinMaxScaler.inverse_transform", made)

    def _facts(self) -> list[tuple[str, str]]:
        return [("data_min_", format_value(self.data_min_)), ("data_max_", format_value(self.data_max_))]

    def _rule(self) -> list[str]:
        low, high = self._ends
        clipped = ", and what lies outside is put onto the border" if self._clips else ""
        return [
            f"Each column is moved and stretched so that its training rows fill {low:g} to {high:g}{clipped}; "
            "nothing is minimised."
        ]

    def _findings(self) -> list[str]:
        columns = zip(self._feature_names(), self.data_min_, self.data_max_, strict=True)
        lines = [f"  {name}: from {least:.4g} to {most:.4g}" for name, least, most in columns]
        return first_and_last(lines, "  ")
