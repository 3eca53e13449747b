"""What all transformers share: columns in, columns out."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood.models._estimator import Estimator

__all__ = ["Transformer"]


class Transformer(Estimator):
    """A model that makes new columns of the old ones."""

    _kind = "transformer"

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Learn from the rows."""
        raise NotImplementedError

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Make the new columns."""
        raise NotImplementedError

    def fit_transform(self, X: ArrayLike, y: Any = None) -> NDArray[np.float64]:
        """``fit(X).transform(X)``.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : ignored
            There for pipelines.

        Returns
        -------
        ndarray, shape (rows, features that come out)
        """
        return self.fit(X, y).transform(X)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """Names of the columns that come out.

        Parameters
        ----------
        input_features : sequence of str, optional
            Names of the columns that go in, if X was no frame.

        Returns
        -------
        ndarray of str
        """
        self._require_fit("get_feature_names_out")
        names = self._feature_names() if input_features is None else [str(name) for name in input_features]
        if len(names) != self.n_features_in_:
            raise ValueError(
                f"{type(self).__name__}.get_feature_names_out: input_features has {len(names)} names for "
                f"{self.n_features_in_} columns"
            )
        return np.array(self._names_out(names), dtype=object)

    def _names_out(self, names: list[str]) -> list[str]:
        """Names of the new columns, from those of the old ones: the same ones unless a subclass says otherwise."""
        return names
