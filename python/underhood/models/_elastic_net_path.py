"""Weights of lasso and elastic net along falling prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import linear as _core
from underhood._results import Result, format_value
from underhood.models._input import read_matrix, read_target
from underhood.models._warnings import ConvergenceWarning, warn_the_caller

__all__ = ["CoefficientPath", "enet_path", "lasso_path"]


@dataclass(slots=True, repr=False, eq=False)
class CoefficientPath(Result):
    """Weights along falling prices; unpacks as ``alphas, coefs, dual_gaps``.

    Attributes
    ----------
    alphas : ndarray, shape (prices,)
        The prices, falling.
    coefs : ndarray, shape (features, prices)
        The weights at each price.
    dual_gaps : ndarray, shape (prices,)
        How far the objective is from its minimum at most.
    intercepts : ndarray, shape (prices,)
        The intercept at each price.
    n_iters : ndarray of int, shape (prices,)
        Sweeps at each price; each begins where the last one ended.
    names : list of str
        Names of the features.
    l1_ratio : float
        The share of the price on sizes.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("alphas", "coefs", "dual_gaps")
    alphas: NDArray[np.float64]
    coefs: NDArray[np.float64]
    dual_gaps: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    n_iters: NDArray[np.int64]
    names: list[str]
    l1_ratio: float

    def entered(self) -> list[tuple[str, float]]:
        """Features in the order in which they get a weight, each with the largest price at which it has one.

        Returns
        -------
        list of (str, float)
        """
        has = self.coefs != 0
        first = [(int(row.argmax()), name) for row, name in zip(has, self.names, strict=True) if row.any()]
        return [(name, float(self.alphas[at])) for at, name in sorted(first, key=lambda pair: pair[0])]

    def _title(self) -> str:
        return f"Weights of {len(self.names)} features along {len(self.alphas)} prices"

    def _rows(self) -> list[tuple[str, str]]:
        entered = self.entered()
        told = ", ".join(f"{name} ({alpha:.3g})" for name, alpha in entered[:8])
        return [
            ("alphas", f"{self.alphas[0]:.6g} to {self.alphas[-1]:.6g}"),
            ("l1_ratio", format_value(self.l1_ratio)),
            ("enter", told + (f", … ({len(entered) - 8} more)" if len(entered) > 8 else "") or "none"),
            ("largest gap", f"{self.dual_gaps.max():.3g}"),
        ]

    def plot(self, ax: Any = None) -> Any:
        """Draw each weight over the price, which falls to the right.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        from underhood.plot._canvas import axes

        ax = axes(ax)
        for name, weights in zip(self.names, self.coefs, strict=True):
            ax.plot(self.alphas, weights, label=name)
        ax.set_xscale("log")
        ax.invert_xaxis()
        ax.axhline(0.0, color="gray", linewidth=0.5)
        ax.set_xlabel("alpha (falls to the right)")
        ax.set_ylabel("weight")
        if len(self.names) <= 12:
            ax.legend(fontsize="small")
        return ax


def _path(kind: str, X: Any, y: Any, l1_ratio: Any, eps: Any, alphas: Any, options: dict[str, Any]) -> CoefficientPath:
    read = read_matrix(kind, X)
    target = read_target(kind, y, read.shape[0])
    if target.ndim != 1:
        raise ValueError(f"{kind}: y is a matrix, but one target is needed: y should be a 1d array")
    found, coefs, intercepts, gaps, sweeps, converged = _core.elastic_net_path(
        kind, read, target, alphas, eps, l1_ratio, **options
    )
    if not converged:
        warn_the_caller(
            ConvergenceWarning,
            f"{kind}: max_iter sweeps were not enough at every price; the largest duality gap is {gaps.max():.2g}",
        )
    columns = getattr(X, "columns", None)
    names = [str(name) for name in columns] if columns is not None else [f"x{j}" for j in range(read.shape[1])]
    return CoefficientPath(found, coefs, gaps, intercepts, sweeps, names, float(l1_ratio))


def lasso_path(
    X: ArrayLike,
    y: ArrayLike,
    *,
    eps: float = 1e-3,
    alphas: int | ArrayLike = 100,
    fit_intercept: bool = True,
    positive: bool = False,
    max_iter: int = 10_000,
    tol: float = 1e-10,
) -> CoefficientPath:
    """Weights of the lasso along falling prices.

    The first price is the one at which all weights are zero, max |x̃ⱼᵀỹ|/rows. (scikit-learn's function of this name
    takes X and y as they are, as ``fit_intercept=False`` does here.)

    Parameters
    ----------
    X : array_like, shape (rows, features)
        Finite numbers.
    y : array_like, shape (rows,)
        Finite numbers.
    eps : float, default 1e-3
        The last price over the first one, where ``alphas`` is a number.
    alphas : int or array_like, default 100
        How many prices, in equal ratios; or which.
    fit_intercept : bool, default True
        Fit an intercept at each price; otherwise there is none.
    positive : bool, default False
        Allow no weight below zero.
    max_iter : int, default 10000
        The largest number of sweeps at a price.
    tol : float, default 1e-10
        Stop when the duality gap is at most ``tol`` times the objective at w = 0.

    Returns
    -------
    CoefficientPath
        Unpacks as ``alphas, coefs, dual_gaps``; ``.plot()`` draws the weights.

    Raises
    ------
    ValueError
        If a number is NaN or infinite (the message says where), shapes do not fit, or a parameter is out of range.
    TypeError
        If X or y hold no real numbers.

    Warns
    -----
    ConvergenceWarning
        If ``max_iter`` sweeps were not enough somewhere.

    Examples
    --------
    >>> import underhood as uh
    >>> X = [[0.0, 1.0], [1.0, 0.0], [2.0, 0.0], [3.0, 1.0]]
    >>> path = uh.models.lasso_path(X, [0.0, 2.0, 4.0, 6.1], alphas=[1.0, 0.1, 0.001])
    >>> path.coefs.round(3)
    array([[1.23 , 1.95 , 2.029],
           [0.   , 0.   , 0.046]])
    >>> path.entered()
    [('x0', 1.0), ('x1', 0.001)]
    """
    options = {
        "fit_intercept": bool(fit_intercept), "positive": bool(positive), "max_iter": max_iter, "tol": tol,
    }  # fmt: skip
    return _path("lasso_path", X, y, 1.0, eps, alphas, options)


def enet_path(
    X: ArrayLike,
    y: ArrayLike,
    *,
    l1_ratio: float = 0.5,
    eps: float = 1e-3,
    alphas: int | ArrayLike = 100,
    fit_intercept: bool = True,
    positive: bool = False,
    max_iter: int = 10_000,
    tol: float = 1e-10,
) -> CoefficientPath:
    """Weights of the elastic net along falling prices.

    Parameters
    ----------
    X : array_like, shape (rows, features)
        Finite numbers.
    y : array_like, shape (rows,)
        Finite numbers.
    l1_ratio : float, default 0.5
        The share of the price on sizes, above 0.
    eps, alphas, fit_intercept, positive, max_iter, tol
        As in :func:`lasso_path`.

    Returns
    -------
    CoefficientPath
        Unpacks as ``alphas, coefs, dual_gaps``; ``.plot()`` draws the weights.

    Raises
    ------
    ValueError
        If a number is NaN or infinite (the message says where), shapes do not fit, or a parameter is out of range.
    TypeError
        If X or y hold no real numbers.

    Warns
    -----
    ConvergenceWarning
        If ``max_iter`` sweeps were not enough somewhere.

    Examples
    --------
    >>> import underhood as uh
    >>> X = [[0.0, 1.0], [1.0, 0.0], [2.0, 0.0], [3.0, 1.0]]
    >>> uh.models.enet_path(X, [0.0, 2.0, 4.0, 6.1], alphas=[1.0, 0.1]).coefs.round(3)
    array([[1.164, 1.913],
           [0.   , 0.   ]])
    """
    options = {
        "fit_intercept": bool(fit_intercept), "positive": bool(positive), "max_iter": max_iter, "tol": tol,
    }  # fmt: skip
    return _path("enet_path", X, y, l1_ratio, eps, alphas, options)
