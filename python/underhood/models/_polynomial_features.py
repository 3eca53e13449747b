"""Columns for all products of columns up to a degree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, combinations_with_replacement
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import linear as _core
from underhood.models._input import read_matrix
from underhood.models._transformer import Transformer

__all__ = ["PolynomialFeatures"]


class PolynomialFeatures(Transformer):
    """Make columns of all products of columns up to a degree, so that a linear model of them is a polynomial.

    Of two columns a and b, degree 2 makes 1, a, b, a², a·b, b²: by falling powers of the first, then of the second.

    Parameters
    ----------
    degree : int or (int, int), default 2
        The largest degree, or the smallest and the largest. (The column of ones has its own parameter.)
    interaction_only : bool, default False
        Only products of different columns: no a².
    include_bias : bool, default True
        A column of ones first. Leave it out before a model that fits an intercept.

    Attributes
    ----------
    n_output_features_ : int
        How many columns come out: (n + d choose d) for n columns and degree d.
    powers_ : ndarray of int, shape (n_output_features_, features)
        The exponent of each column that goes in (made when asked for).
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    See Also
    --------
    LinearRegression, Ridge

    Notes
    -----
    Powers of numbers far from zero are nearly proportional to each other: standardise first. No copy of X is made
    beyond one conversion; the result is as large as it has to be.

    Examples
    --------
    >>> import underhood as uh
    >>> columns = uh.models.PolynomialFeatures(2)
    >>> columns.fit_transform([[2.0, 3.0]])
    array([[1., 2., 3., 4., 6., 9.]])
    >>> columns.get_feature_names_out(["a", "b"]).tolist()
    ['1', 'a', 'b', 'a^2', 'a b', 'b^2']
    """

    n_output_features_: int

    def __init__(
        self, degree: int | tuple[int, int] = 2, *, interaction_only: bool = False, include_bias: bool = True
    ) -> None:
        self.degree = degree
        self.interaction_only = interaction_only
        self.include_bias = include_bias

    def _options(self) -> tuple[Any, Any, bool, bool]:
        """Give the smallest and the largest degree, and both flags."""
        degree = self.degree
        if isinstance(degree, tuple | list):
            if len(degree) != 2:
                raise ValueError(
                    f"PolynomialFeatures.fit: degree has {len(degree)} entries, but must be a number or (min, max)"
                )
            least, most = degree
        else:
            least, most = 0, degree
        return least, most, self._flag("interaction_only"), self._flag("include_bias")

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Count the columns that come out.

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
            If X holds a NaN or an infinity (the message says where), has no rows or columns, or the degree asks for
            no columns or for more than memory can hold.
        TypeError
            If X holds no real numbers, or the degree is no whole number.
        """
        read = read_matrix("PolynomialFeatures.fit", X)
        options = self._options()
        self.n_output_features_ = _core.polynomial_count(read, *options)
        self._kept = options
        self._remember_features(X, read)
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Make the columns.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, n_output_features_)

        Raises
        ------
        ValueError
            If X does not fit the columns that were counted, holds a NaN or an infinity, or a product leaves the range
            of doubles.
        """
        return _core.polynomial_features(self._read("transform", X), *self._kept)

    def _choices(self) -> Iterator[tuple[int, ...]]:
        """Give the factors of each column that comes out, in their order."""
        least, most, interaction_only, include_bias = self._kept
        choose = combinations if interaction_only else combinations_with_replacement
        first = [()] if include_bias else []
        degrees = range(max(least, 1), most + 1)
        return chain(first, chain.from_iterable(choose(range(self.n_features_in_), degree) for degree in degrees))

    @property
    def powers_(self) -> NDArray[np.int64]:
        """The exponent of each column that goes in, for each that comes out."""
        self._require_fit("powers_")
        powers = np.zeros((self.n_output_features_, self.n_features_in_), dtype=np.int64)
        for row, factors in zip(powers, self._choices(), strict=True):
            for factor in factors:
                row[factor] += 1
        return powers

    def _names_out(self, names: list[str]) -> list[str]:
        return [_name(factors, names) for factors in self._choices()]

    def _rule(self) -> list[str]:
        least, most, interaction_only, include_bias = self._kept
        kind = "different columns" if interaction_only else "columns"
        degrees = f"degree {most}" if max(least, 1) == most else f"degrees {max(least, 1)} to {most}"
        ones = " and a column of ones" if include_bias else ""
        return [f"Products of {kind} of {degrees}{ones}; nothing is minimised."]

    def _findings(self) -> list[str]:
        choices = self._choices()
        names = self._feature_names()
        shown = [_name(factors, names) for _, factors in zip(range(12), choices, strict=False)]
        more = self.n_output_features_ - len(shown)
        return [
            f"{self.n_features_in_} columns go in, {self.n_output_features_} come out: "
            + ", ".join(shown) + (f", … ({more} more)" if more else "")
        ]  # fmt: skip

    def _facts(self) -> list[tuple[str, str]]:
        return [("n_output_features_", str(self.n_output_features_))]


def _name(factors: tuple[int, ...], names: list[str]) -> str:
    """``a^2 b`` for two of column a and one of b."""
    if not factors:
        return "1"
    told = dict.fromkeys(factors, 0)
    for factor in factors:
        told[factor] += 1
    return " ".join(names[j] if power == 1 else f"{names[j]}^{power}" for j, power in told.items())
