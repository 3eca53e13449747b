"""Lasso and elastic net."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from underhood._core import linear as _core
from underhood.models._descent_history import SweepHistory
from underhood.models._linear import one_reason
from underhood.models._linear_regressor import LinearRegressor, read_rows
from underhood.models._warnings import ConvergenceWarning, warn_the_caller

__all__ = ["ElasticNet", "Lasso"]

_REASONS = {
    "converged": "the duality gap, which bounds the distance to the minimum, is at most tol times the objective at "
    "w = 0.",
    "precision": "the duality gap is rounding: doubles allow no smaller one.",
    "max_iter": "max_iter sweeps were made before the duality gap was small enough.",
}


class _Sparse(LinearRegressor):
    """What lasso and elastic net share."""

    _pass = "sweeps"
    _formula: ClassVar[str]
    dual_gap_: Any
    converged_: bool

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        fit_intercept: bool = True,
        max_iter: int = 10_000,
        tol: float = 1e-10,
        warm_start: bool = False,
        positive: bool = False,
        keep_history: bool = True,
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start
        self.positive = positive
        self.keep_history = keep_history

    def _share(self) -> float:
        """Give the share of the price that is on sizes."""
        raise NotImplementedError

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Find the weights.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers. Doubles in C order are read where they lie; anything else is converted once.
        y : array_like, shape (rows,) or (rows, targets)
            Finite numbers; the columns of a matrix are fitted one by one.
        sample_weight : array_like, shape (rows,), or float, optional
            How much each row counts; the objective's mean is weighted, so only proportions matter.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a number is NaN or infinite (the message says where), shapes do not fit, a parameter is out of range,
            or numbers leave the range of doubles.
        TypeError
            If X or y hold no real numbers.
        """
        name = type(self).__name__
        read, target, weights = read_rows(f"{name}.fit", X, y, sample_weight)
        rows = len(target)
        found = _core.fit_elastic_net(
            name, read, target.reshape(rows, -1), weights, self._start(name, read, target), self.alpha, self._share(),
            self._flag("fit_intercept"), self._flag("positive"), self.max_iter, self.tol, self._flag("keep_history"),
        )  # fmt: skip
        coef, intercept, losses, gaps, gradient, largest, sweeps, stops, raw = zip(*found, strict=True)
        single = target.ndim == 1
        closed = not any(sweeps)
        self.n_iter_ = sweeps[0] if single else list(sweeps)  # type: ignore[assignment]
        self.dual_gap_ = gaps[0] if single else np.array(gaps)
        targets = [f"target {t}" for t in range(len(stops))]
        self.stop_reason_ = self._closed_form() if closed else one_reason(_REASONS, list(stops), targets)
        self.converged_ = "max_iter" not in stops
        kept = [None if one is None or closed else _history(one, self._formula) for one in raw]
        self.history_ = None if kept[0] is None else kept[0] if single else kept
        self._loss, self._gradient, self._largest = losses, gradient, largest
        self._learn(
            X, read, target, weights, np.array(coef) if len(coef) > 1 else coef[0].reshape(1, -1), np.array(intercept)
        )
        if not self.converged_:
            warn_the_caller(
                ConvergenceWarning,
                f"{name}.fit: {self.stop_reason_} It is {max(gaps):.2g} now; allow more sweeps, or a larger tol",
            )
        return self

    def _closed_form(self) -> str:
        """Say how the minimum was found without a price on sizes, which is what sweeps are for."""
        if self.positive:
            return "with no price on sizes the weights above zero are found as a set (Lawson and Hanson's method)."
        kind = "ridge regression" if self.alpha else "least squares"
        return f"with no price on sizes the minimum has a closed form, that of {kind}."

    def _start(self, name: str, read: Any, target: Any) -> Any:
        """Give the weights with which the sweeps begin: those of the last fit, if they are wanted."""
        old = self.__dict__.get("coef_")
        if not self.warm_start or old is None:
            return None
        old = old.reshape(-1, old.shape[-1])
        wanted = (1 if target.ndim == 1 else target.shape[1], read.shape[1])
        if old.shape != wanted:
            raise ValueError(
                f"{name}.fit: warm_start goes on from coef_, which is {old.shape[0]}×{old.shape[1]} (targets × "
                f"features), but X and y make {wanted[0]}×{wanted[1]}"
            )
        return old

    @property
    def sparse_coef_(self) -> Any:
        """The weights as a SciPy sparse matrix, in which zeros take no room."""
        from scipy import sparse  # type: ignore[import-untyped]

        self._require_fit("sparse_coef_")
        return sparse.csr_matrix(self.coef_)

    # What a reader sees.

    def _rule(self) -> list[str]:
        price = self.alpha * self._share()
        ridge = self.alpha * (1 - self._share())
        pull = " + λ₂·w" if ridge else ""
        return [
            f"{self._title()}: with z = w·x + b, minimise {self._formula}"
            + (", no weight below zero;" if self.positive else ";"),
            f"  λ₁ = {price:g} is the price of a size"
            + (f", λ₂ = {ridge:g} of a square" if ridge else "")
            + "; b has none.",
            *self._way(price, pull),
        ]

    def _way(self, price: float, pull: str) -> list[str]:
        """Give the gradient, and how the minimum was found."""
        gain = "mean((y − z)·x)" if self.positive else "|mean((y − z)·x)|"
        if not price:
            return [f"its gradient is ∂/∂w = −mean((y − z)·x){pull}, zero at the minimum."]
        return [
            f"its gradient where w ≠ 0 is ∂/∂w = −mean((y − z)·x){pull} + λ₁·sign(w); at w = 0 the size has a kink:",
            f"  a weight stays zero as long as what it would gain, {gain}, is below λ₁.",
            "Coordinate descent takes one weight at a time to where its own derivative is zero. The duality gap",
            "bounds the distance to the minimum: convergence is a proof here, not a guess.",
        ]

    def _title(self) -> str:
        return "Lasso" if type(self).__name__ == "Lasso" else "Elastic net"

    def _findings(self) -> list[str]:
        price, names = self.alpha * self._share(), self._feature_names()
        if not price:
            return [f"The objective is {_several(self._loss)}.", *super()._findings()]
        lines = [
            f"At the end the objective is {_several(self._loss)}, at most {_several(self._gaps())} above its minimum."
        ]
        lines += super()._findings()
        for t, (weights, gradient) in enumerate(zip(self.coef_.reshape(-1, len(names)), self._gradient, strict=True)):
            if t == 3:
                return [*lines, "…"]
            of = f" of target {t}" if len(self._gradient) > 1 else ""
            zero = np.flatnonzero(weights == 0)
            lines.append(f"{len(names) - len(zero)} of {len(names)} weights{of} are not zero.")
            if len(zero):
                size = gradient[zero] if self.positive else np.abs(gradient[zero])
                bars = "{}" if self.positive else "|{}|"
                order = np.argsort(-size)[:8]
                told = [
                    f"{names[zero[i]]} (" + bars.format(f"{gradient[zero[i]]:.4g}") + f" < {price:.4g})" for i in order
                ]
                more = f", … ({len(zero) - len(told)} more)" if len(zero) > len(told) else ""
                lines.append("Zero, since what they would gain is below λ₁: " + ", ".join(told) + more + ".")
            lines.append(f"From λ₁ = {self._largest[t]:.4g} on, all weights{of} would be zero.")
        return lines

    def _gaps(self) -> tuple[float, ...]:
        return tuple(np.ravel(self.dual_gap_).tolist())

    def _facts(self) -> list[tuple[str, str]]:
        return [
            *super()._facts(),
            ("nonzero", f"{np.count_nonzero(self.coef_)} of {self.coef_.size}"),
            ("n_iter_", str(self.n_iter_)),
            ("dual_gap_", _several(self._gaps())),
            ("stop_reason_", self.stop_reason_),
        ]


def _several(values: Any) -> str:
    return ", ".join(f"{value:.6g}" for value in values[:8]) + (", …" if len(values) > 8 else "")


def _history(raw: Any, formula: str) -> SweepHistory:
    loss, gap, nonzero, change, weights = raw
    return SweepHistory(np.arange(1, len(loss) + 1), loss, gap, nonzero, change, weights, f"loss: {formula}")


class ElasticNet(_Sparse):
    """Elastic net: least squares with a price on the weights' sizes and on their squares.

    With z = w·x + b, and means over the rows, it minimises

        ½·mean (y − z)² + λ₁·‖w‖₁ + ½·λ₂·‖w‖²,    λ₁ = alpha·l1_ratio,  λ₂ = alpha·(1 − l1_ratio),

    scikit-learn's objective. The price on sizes makes weights exactly zero; the one on squares lets columns that say
    the same share a weight, where a lasso would pick one of them. The intercept has no price.

    Parameters
    ----------
    alpha : float, default 1.0
        The price as a whole. (:class:`Ridge` has a sum where this has half a mean: ``Ridge(alpha * rows)`` is
        ``ElasticNet(alpha, l1_ratio=0)``.)
    l1_ratio : float, default 0.5
        The share of it on sizes: 1 is the lasso, 0 ridge regression.
    fit_intercept : bool, default True
        Fit b; otherwise b = 0 and nothing is centred.
    max_iter : int, default 10000
        The largest number of sweeps.
    tol : float, default 1e-10
        Stop when the duality gap is at most ``tol`` times the objective at w = 0. (scikit-learn's 1e-4 leaves two or
        three digits of the weights.)
    warm_start : bool, default False
        Begin with the weights of the last fit.
    positive : bool, default False
        Allow no weight below zero.
    keep_history : bool, default True
        Keep ``history_``: a few numbers for each sweep, and the weights if there are at most a hundred.

    Attributes
    ----------
    coef_ : ndarray, shape (features,) or (targets, features)
        The weights w; zeros are exact.
    intercept_ : float or ndarray, shape (targets,)
        The intercept b.
    sparse_coef_ : scipy.sparse.csr_matrix
        The weights without their zeros.
    dual_gap_ : float or ndarray, shape (targets,)
        How far the objective is from its minimum at most.
    n_iter_ : int or list of int
        Sweeps that were made; 0 where the price on sizes is zero, and the minimum has a closed form.
    stop_reason_ : str
        Why the descent stopped.
    converged_ : bool
        Whether the gap is as small as asked for, or as doubles allow.
    history_ : SweepHistory, list of SweepHistory or None
        Objective, gap, number of nonzero weights and largest change of every sweep; one for each target. None where no
        sweep was made.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Warns
    -----
    ConvergenceWarning
        If ``max_iter`` sweeps were not enough.

    See Also
    --------
    Lasso, Ridge, enet_path

    Notes
    -----
    The price sees units: standardise first (:class:`StandardScaler`). With up to 64 columns, or four times as many
    rows as columns, X is gone through once or twice, and never copied; all sweeps use XᵀX. Otherwise one centred copy
    of X is made, columns that provably have weight zero are left out early, and each sweep over all columns is followed
    by some over the nonzero ones. Once the set of nonzero weights has settled, the sweep ends with the exact minimum
    over them.

    References
    ----------
    H. Zou and T. Hastie, J. R. Stat. Soc. B 67 (2005) 301. J. Friedman, T. Hastie, R. Tibshirani, J. Stat. Softw. 33
    (2010) 1. E. Ndiaye et al., J. Mach. Learn. Res. 18 (2017) 128.

    Examples
    --------
    >>> import underhood as uh
    >>> X = [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.0]]     # the columns say the same,
    >>> model = uh.models.ElasticNet(0.1).fit(X, [2.0, 4.0, 6.0, 8.0])
    >>> model.coef_.round(4)                                     # and share what there is
    array([0.9608, 0.9608])
    """

    _formula = "½·mean over rows of (y − z)² + λ₁·‖w‖₁ + ½·λ₂·‖w‖²"

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        l1_ratio: float = 0.5,
        fit_intercept: bool = True,
        max_iter: int = 10_000,
        tol: float = 1e-10,
        warm_start: bool = False,
        positive: bool = False,
        keep_history: bool = True,
    ) -> None:
        self.l1_ratio = l1_ratio
        super().__init__(
            alpha, fit_intercept=fit_intercept, max_iter=max_iter, tol=tol, warm_start=warm_start, positive=positive,
            keep_history=keep_history,
        )  # fmt: skip

    def _share(self) -> float:
        return self.l1_ratio


class Lasso(_Sparse):
    """Lasso: least squares with a price on the weights' sizes, which makes many of them exactly zero.

    With z = w·x + b, and means over the rows, it minimises

        ½·mean (y − z)² + α·‖w‖₁,

    scikit-learn's objective. At the minimum every column with a weight has |mean((y − z)·x)| = α, and every column
    below that has none: ``explain()`` lists them. The intercept has no price.

    Parameters
    ----------
    alpha : float, default 1.0
        α. Zero is least squares.
    fit_intercept : bool, default True
        Fit b; otherwise b = 0 and nothing is centred.
    max_iter : int, default 10000
        The largest number of sweeps.
    tol : float, default 1e-10
        Stop when the duality gap is at most ``tol`` times the objective at w = 0. (scikit-learn's 1e-4 leaves two or
        three digits of the weights.)
    warm_start : bool, default False
        Begin with the weights of the last fit.
    positive : bool, default False
        Allow no weight below zero.
    keep_history : bool, default True
        Keep ``history_``: a few numbers for each sweep, and the weights if there are at most a hundred.

    Attributes
    ----------
    coef_ : ndarray, shape (features,) or (targets, features)
        The weights w; zeros are exact. Where columns are the same, which of them gets the weight is arbitrary.
    intercept_ : float or ndarray, shape (targets,)
        The intercept b.
    sparse_coef_ : scipy.sparse.csr_matrix
        The weights without their zeros.
    dual_gap_ : float or ndarray, shape (targets,)
        How far the objective is from its minimum at most.
    n_iter_ : int or list of int
        Sweeps that were made; 0 where the price on sizes is zero, and the minimum has a closed form.
    stop_reason_ : str
        Why the descent stopped.
    converged_ : bool
        Whether the gap is as small as asked for, or as doubles allow.
    history_ : SweepHistory, list of SweepHistory or None
        Objective, gap, number of nonzero weights and largest change of every sweep; one for each target. None where no
        sweep was made.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Warns
    -----
    ConvergenceWarning
        If ``max_iter`` sweeps were not enough.

    See Also
    --------
    ElasticNet, Ridge, lasso_path

    Notes
    -----
    See :class:`ElasticNet` for units, copies and the method.

    References
    ----------
    R. Tibshirani, J. R. Stat. Soc. B 58 (1996) 267.

    Examples
    --------
    >>> import underhood as uh
    >>> X = [[0.0, 1.0], [1.0, 0.0], [2.0, 0.0], [3.0, 1.0]]
    >>> model = uh.models.Lasso(0.25).fit(X, [0.0, 2.0, 4.0, 6.1])
    >>> model.coef_.round(12)
    array([1.83, 0.  ])
    >>> print(model.explain().splitlines()[-2])
    Zero, since what they would gain is below λ₁: x1 (|0.0125| < 0.25).
    """

    _formula = "½·mean over rows of (y − z)² + λ₁·‖w‖₁"

    def _share(self) -> float:
        return 1.0
