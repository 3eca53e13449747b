"""Columns with mean 0 and standard deviation 1."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _core
from underhood._results import format_value
from underhood.models._input import read_matrix
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
    n_samples_seen_ : int
        Number of rows.
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
    n_samples_seen_: int

    def __init__(self, *, with_mean: bool = True, with_std: bool = True) -> None:
        self.with_mean = with_mean
        self.with_std = with_std

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Learn mean and standard deviation of each column.

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
            If X holds a NaN or an infinity (the message says where) or has no rows or columns.
        """
        read = read_matrix("StandardScaler.fit", X)
        self.mean_, self.var_, self.scale_ = _core.fit_scaler(read)
        self.n_samples_seen_ = read.shape[0]
        self._remember_features(X, read)
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
        mean = self.mean_ if self.with_mean else np.zeros(self.n_features_in_)
        scale = self.scale_ if self.with_std else np.ones(self.n_features_in_)
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
        return lines if len(lines) <= 12 else [*lines[:8], f"  … ({len(lines) - 10} more) …", *lines[-2:]]
