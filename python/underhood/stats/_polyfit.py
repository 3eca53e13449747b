"""Polynomials by least squares, with inference; fitted without forming powers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from underhood._core import regression as _core
from underhood.stats._regression import LinearRegressionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    Doubles = NDArray[np.float64]

__all__ = ["PolynomialFitResult", "polyfit"]


@dataclass(slots=True, repr=False, eq=False)
class PolynomialFitResult(LinearRegressionResult):
    """A fitted polynomial: a linear regression on 1, x, x², … with all its fields.

    ``coef`` has the coefficients by increasing degree, ``predict(x)`` evaluates it.
    """

    _points: Any = None
    _basis: Any = None

    @property
    def coef(self) -> Doubles:
        """Coefficients by increasing degree: ``coef[j]`` is that of xʲ. numpy.polyfit has them the other way round."""
        return self.params

    @property
    def degree(self) -> int:
        """The degree of the polynomial."""
        return len(self.params) - 1

    def predict(
        self,
        X: Any = None,
        *,
        interval: Literal["confidence", "prediction"] | None = None,
        confidence_level: float | None = None,
    ) -> Any:
        """Evaluate the polynomial, in the basis that it was fitted in.

        Parameters
        ----------
        X : array_like, shape (m,), optional
            Where. Default: the points of the fit.
        interval : {"confidence", "prediction"}, optional
            Whether to add intervals for the mean of y at these x, or for one new y.
        confidence_level : float, optional
            Level of the intervals; default: that of the fit.

        Returns
        -------
        numpy.ndarray or Prediction
            Values; with ``interval``, named parts ``predicted``, ``lower`` and ``upper``.

        Examples
        --------
        >>> from underhood.stats import polyfit
        >>> polyfit([0, 1, 2, 3, 4], [1, 2, 5, 10, 17], 2).predict([5, 6]).round(10)
        array([26., 37.])
        """
        if X is None and interval is None:
            return self.fittedvalues.copy()
        scores, *basis = self._basis
        values = _core.polynomial_basis(self._points if X is None else X, *basis)
        # Scores in the basis are coefficients R·β, so that their covariance is R·cov·Rᵀ.
        return self._predicted(values, scores, self._root @ self._cov_root, interval, confidence_level)

    def plot(self, ax: Axes | None = None) -> Any:
        """Draw the points, the curve, and the band in which its mean lies.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default on a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            Where it was drawn.

        Examples
        --------
        >>> from underhood.stats import polyfit
        >>> ax = polyfit([0, 1, 2, 3, 4], [1, 2, 5, 10, 16], 2).plot()
        >>> ax.get_xlabel()
        'x'
        """
        from underhood.plot._regression import curve

        return curve(self, self._points, ax)

    def _columns(self) -> Any:
        return self._x

    def _of_columns(self) -> tuple[Doubles, Doubles]:
        root = self._root @ self._cov_root
        return self._basis[0], root @ root.T

    def _title(self) -> str:
        return f"Polynomial of degree {self.degree} by {'' if self.weights is None else 'weighted '}least squares"


def polyfit(
    x: ArrayLike,
    y: ArrayLike,
    degree: int,
    *,
    weights: ArrayLike | None = None,
    cov_type: Literal["classical", "HC0", "HC1", "HC2", "HC3"] = "classical",
    confidence_level: float = 0.95,
) -> PolynomialFitResult:
    """Fit a polynomial by least squares: y = c₀ + c₁x + … + c_d·x^d + e.

    It is fitted in the polynomials that are orthogonal on the points (Forsythe's recurrence), with 32 digits, so that
    powers of x, which are nearly dependent and lose digits when rounded, are never formed.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The points; the names of series are taken over.
    degree : int
        The degree; n must be at least two larger.
    weights : array_like, shape (n,), optional
        One for each point, positive, proportional to one over the variance of its y. (numpy.polyfit's ``w`` are their
        roots.)
    cov_type : {"classical", "HC0", "HC1", "HC2", "HC3"}
        Standard errors for errors of one variance, or those that hold when variances differ.
    confidence_level : float
        Level of the confidence intervals.

    Returns
    -------
    PolynomialFitResult
        ``coef`` has the coefficients by increasing degree (numpy.polyfit's decrease), ``bse`` their standard errors,
        ``predict(x)`` the curve; everything else as in :func:`linear_regression`.

    Raises
    ------
    ValueError
        If there are too few points, or too few different x; if a value is missing or infinite; if y does not vary; if
        a weight is not positive.

    References
    ----------
    Forsythe (1957), doi:10.1137/0105007.

    Examples
    --------
    >>> import underhood as uh
    >>> fit = uh.stats.polyfit([0, 1, 2, 3, 4, 5], [1.1, 1.9, 5.2, 9.8, 17.1, 26.0], 2)
    >>> fit.coef.round(3)
    array([ 1.068, -0.053,  1.009])
    >>> fit.predict([6]).round(2)
    array([37.07])
    """
    fit, basis = _core.polyfit(x, y, degree, weights, cov_type, confidence_level)
    arrays, statistics, counts = fit
    points = np.array(x, dtype=np.float64)
    name, response = (str(getattr(values, "name", None) or label) for values, label in ((x, "x"), (y, "y")))
    return PolynomialFitResult(
        ("const", *(name if j == 1 else f"{name}^{j}" for j in range(1, len(arrays[0])))),
        *arrays[:8],
        *statistics[:11],
        *counts[:3],
        statistics[11],
        counts[3],
        cov_type,
        confidence_level,
        None if weights is None else np.array(weights, dtype=np.float64),
        response,
        0,
        _core.polynomial_basis(points, *basis[1:]),
        False,
        *arrays[8:],
        None,
        None,
        points,
        basis,
    )
