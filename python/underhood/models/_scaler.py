"""Columns with mean 0 and standard deviation 1."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _core
from underhood._results import format_value
from underhood.models._estimator import first_and_last
from underhood.models._input import read_doubles, read_matrix, read_weights
from underhood.models._transformer import Transformer

__all__ = ["StandardScaler"]


class StandardScaler(Transformer):
    """Give every column mean 0 and standard deviation 1: (x − mean)/std.

    Learn mean and deviation from the training rows, and use them for all others. The deviation has the divisor n, as in
    scikit-learn (``uh.stats`` divides by n − 1).

    Parameters
    ----------
    with_mean : bool, default True
        Subtract the mean.
    with_std : bool, default True
        Divide by the standard deviation.

    Attributes
    ----------
    mean_ : ndarray, shape (features,)
        Mean of each column.
    var_ : ndarray, shape (features,)
        Variance of each column, divisor n.
    scale_ : ndarray, shape (features,)
        Standard deviation of each column; 1 for a constant one, which becomes 0.
    n_features_in_ : int
        Number of features.
    n_samples_seen_ : int or float
        Number of rows; with weights, the sum of those.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.StandardScaler().fit_transform([[1.0, 7.0], [3.0, 7.0]])
    array([[-1.,  0.],
           [ 1.,  0.]])
    """

    mean_: NDArray[np.float64]
    var_: NDArray[np.float64]
    scale_: NDArray[np.float64]
    n_samples_seen_: Any

    def __init__(self, *, with_mean: bool = True, with_std: bool = True) -> None:
        self.with_mean = with_mean
        self.with_std = with_std

    def fit(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> Self:
        """Learn mean and standard deviation of each column.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers.
        y : ignored
            There for pipelines.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts: a weight of 2 is the same as the row twice.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where) or has no rows or columns, or a weight is negative.
        """
        self._flag("with_mean"), self._flag("with_std")  # Needed by transform only, refused here.
        read = read_matrix("StandardScaler.fit", X)
        count, self.mean_, self.var_, self.scale_ = _moments("fit", read, sample_weight)
        self.n_samples_seen_ = count
        self._remember_features(X, read)
        return self

    def partial_fit(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from more rows, as if those of all calls had been there at once.

        Means and variances of both parts are joined by Chan, Golub and LeVeque's formula (1983,
        doi:10.1080/00031305.1983.10483115), which loses no more digits than the means' own rounding costs.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers.
        y : ignored
            There for pipelines.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

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
        >>> scaler = uh.models.StandardScaler().partial_fit([[1.0], [2.0]]).partial_fit([[6.0]])
        >>> scaler.mean_, scaler.n_samples_seen_
        (array([3.]), 3)
        """
        if not self.__sklearn_is_fitted__():
            return self.fit(X, y, sample_weight)
        read = self._read("partial_fit", X)
        count, mean, var, _ = _moments("partial_fit", read, sample_weight)
        joined = _joined((self.n_samples_seen_, self.mean_, self.var_), (count, mean, var))
        self.n_samples_seen_, self.mean_, self.var_ = joined
        self.scale_ = _scale(self.mean_, self.var_)
        self._remember_parameters()
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """(x − mean)/std, column by column.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, features)
        """
        return self._apply("transform", X, inverse=False)

    def inverse_transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """x·std + mean, column by column: the way back.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, features)
        """
        return self._apply("inverse_transform", X, inverse=True)

    def _apply(self, method: str, X: Any, inverse: bool) -> NDArray[np.float64]:
        read = self._read(method, X)
        mean = self.mean_ if self._as_fitted["with_mean"] else np.zeros(self.n_features_in_)
        scale = self.scale_ if self._as_fitted["with_std"] else np.ones(self.n_features_in_)
        return _core.scale_columns(read, mean, scale, inverse)

    def _facts(self) -> list[tuple[str, str]]:
        return [("mean_", format_value(self.mean_)), ("scale_", format_value(self.scale_))]

    def _rule(self) -> list[str]:
        steps = {
            (True, True): "(x − mean)/std",
            (True, False): "x − mean",
            (False, True): "x/std",
            (False, False): "x as it is",
        }
        return [f"Each column becomes {steps[bool(self.with_mean), bool(self.with_std)]}; nothing is minimised."]

    def _findings(self) -> list[str]:
        columns = zip(self._feature_names(), self.mean_, self.scale_, strict=True)
        lines = [f"  {name}: mean {mean:.4g}, std {scale:.4g}" for name, mean, scale in columns]
        return first_and_last(lines, "  ")


_Moments = tuple[Any, NDArray[np.float64], NDArray[np.float64]]
"""Number of rows (or sum of their weights), mean and variance of each column."""


def _moments(method: str, read: Any, sample_weight: Any) -> tuple[Any, Any, Any, Any]:
    """Give the number of rows, and mean, variance and scale of each column."""
    function = f"StandardScaler.{method}"
    weights = read_weights(function, sample_weight, read.shape[0])
    if weights is None:
        return read.shape[0], *_core.fit_scaler(read)
    values = read_doubles(function, read)
    count, mean, var = _weighted(values, weights)
    if not np.isfinite(var).all():
        column = int(np.flatnonzero(~np.isfinite(var))[0])
        raise ValueError(f"{function}: X holds values so large that their squares overflow (column {column})")
    return count, mean, var, _scale(mean, var)


def _weighted(values: NDArray[np.float64], weights: NDArray[np.float64]) -> _Moments:
    """Join the moments of blocks of rows; each block's variance is the corrected two-pass sum."""
    total: _Moments | None = None
    size = max(1, 2**16 // values.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, len(values), size):
            rows, own = values[start : start + size], weights[start : start + size]
            count = float(own.sum())
            if count == 0:
                continue
            base = rows[np.argmax(own > 0)]
            mean = base + own @ (rows - base) / count
            away = rows - mean
            rest = own @ away / count
            block = (count, mean + rest, np.maximum(own @ away**2 / count - rest**2, 0.0))
            total = block if total is None else _joined(total, block)
    assert total is not None, "read_weights lets no weights pass that are zero everywhere"
    return total


def _joined(one: _Moments, other: _Moments) -> _Moments:
    """Moments of two sets of rows together."""
    (n, mean, var), (m, other_mean, other_var) = one, other
    share = m / (n + m)
    apart = other_mean - mean
    return n + m, mean + apart * share, var * (1 - share) + other_var * share + apart**2 * (share * (1 - share))


def _scale(mean: NDArray[np.float64], var: NDArray[np.float64]) -> NDArray[np.float64]:
    """Root of the variance; 1 where it is not above the rounding of the mean, as for a constant column."""
    spread = np.sqrt(var)
    return np.where(spread <= 10 * np.finfo(np.float64).eps * np.abs(mean), 1.0, spread)
