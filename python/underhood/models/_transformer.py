"""What all transformers share: columns in, columns out."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood.models._estimator import Estimator

__all__ = ["Transformer"]


class Transformer(Estimator):
    """A model that makes new columns of the old ones."""

    _kind = "transformer"

    def __init_subclass__(cls, **options: Any) -> None:
        """Let what the subclass's methods return be the kind of table that the caller has asked for."""
        super().__init_subclass__(**options)
        for name in ("transform", "fit_transform"):
            if name in vars(cls):
                setattr(cls, name, _as_asked(vars(cls)[name]))

    def set_output(self, *, transform: str | None = None) -> Self:
        """Choose what ``transform`` and ``fit_transform`` return.

        Parameters
        ----------
        transform : {"default", "pandas", "polars"}, optional
            An array, or a frame with the columns' names (and, of pandas, the index of X if that is a frame). None
            changes nothing.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If ``transform`` is none of these.

        Examples
        --------
        >>> import underhood as uh
        >>> scaler = uh.models.StandardScaler().set_output(transform="pandas")
        >>> scaler.fit_transform([[1.0, 2.0], [3.0, 6.0]])
            x0   x1
        0 -1.0 -1.0
        1  1.0  1.0
        """
        if transform not in (None, *_OUTPUTS):
            raise ValueError(
                f"{type(self).__name__}.set_output: transform is {transform!r}, but must be one of "
                f"{', '.join(map(repr, _OUTPUTS))} or None"
            )
        if transform is not None:
            # The name is scikit-learn's, whose clone copies it.
            self._sklearn_output_config = {"transform": transform}
        return self

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


_OUTPUTS = ("default", "pandas", "polars")


def _as_asked(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a method that makes columns: its array becomes a frame if ``set_output`` says so."""

    @functools.wraps(method)
    def wrapped(self: Any, X: Any, *arguments: Any, **options: Any) -> Any:
        made = method(self, X, *arguments, **options)
        kind = _output(self)
        return made if kind == "default" or not isinstance(made, np.ndarray) else _frame(kind, made, self, X)

    return wrapped


def _output(transformer: Any) -> str:
    """Say what a transformer gives: its own choice, or scikit-learn's configuration where that is in use."""
    own = transformer.__dict__.get("_sklearn_output_config")
    if own is not None:
        return str(own["transform"])
    sklearn = sys.modules.get("sklearn")
    return "default" if sklearn is None else str(sklearn.get_config().get("transform_output", "default"))


def _frame(kind: str, made: NDArray[Any], transformer: Any, X: Any) -> Any:
    names = transformer.get_feature_names_out().tolist()
    try:
        if kind == "pandas":
            import pandas as pd

            index = X.index if isinstance(X, pd.DataFrame) else None
            return pd.DataFrame(made, columns=names, index=index, copy=False)
        import polars as pl
    except ImportError:
        raise ImportError(f'set_output(transform="{kind}") needs {kind}: pip install {kind}') from None
    return pl.DataFrame(made, schema=names, orient="row")
