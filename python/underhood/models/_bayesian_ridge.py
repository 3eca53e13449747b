"""Bayesian linear regression."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import linear as _core
from underhood.models._descent_history import EvidenceHistory
from underhood.models._input import read_doubles, refuse_overflow
from underhood.models._linear_regressor import LinearRegressor, read_rows
from underhood.models._warnings import ConvergenceWarning, DataConversionWarning, warn_the_caller

__all__ = ["BayesianRidge"]

_REASONS = {
    "converged": "α, λ and the weights changed by less than tol of themselves.",
    "precision": "α, λ and the weights change by no more than rounding.",
    "max_iter": "max_iter rounds were made before α, λ and the weights came to rest.",
}


class BayesianRidge(LinearRegressor):
    """Bayesian linear regression: ridge regression that finds its price, and says how sure it is.

    Rows are y = w·x + b + noise with noise ~ N(0, 1/α), and the weights have the prior w ~ N(0, I/λ). Given the data
    their posterior is normal,

        w | y ~ N(m, Σ),    Σ = (α·X̃ᵀX̃ + λ·I)⁻¹,    m = α·Σ·X̃ᵀỹ,

    whose mean is ridge regression at the price λ/α. α and λ are those that make the data most probable with the
    weights integrated out (the evidence, or marginal likelihood), weakly held by gamma priors:

        ln p(y | α, λ) = ½·(k·ln λ + n·ln α − α·‖ỹ − X̃m‖² − λ·‖m‖² + ln det Σ − n·ln 2π).

    Parameters
    ----------
    max_iter : int, default 10000
        The largest number of rounds. (A round costs a few numbers for each weight.)
    tol : float, default 1e-9
        Stop when α, λ and the weights as a whole change by at most this share of themselves. (scikit-learn stops when
        the weights change by 1e-3 in their own unit, often far from the largest evidence.)
    alpha_1, alpha_2 : float, default 1e-6
        Shape and rate of the gamma prior on α.
    lambda_1, lambda_2 : float, default 1e-6
        Shape and rate of the gamma prior on λ.
    alpha_init, lambda_init : float or None, default None
        Where the rounds start; None takes one over the variance of y, and the sum of the columns' variances times that,
        so that units do not matter. (scikit-learn's λ starts at 1, from where targets in the hundred thousands may
        end at weights of zero.)
    compute_score : bool, default True
        Keep ``scores_``.
    fit_intercept : bool, default True
        Fit b; otherwise b = 0 and nothing is centred.
    keep_history : bool, default True
        Keep ``history_``.

    Attributes
    ----------
    coef_ : ndarray, shape (features,)
        m, the posterior mean of the weights.
    intercept_ : float
        The intercept b.
    alpha_ : float
        Precision (one over the variance) of the noise.
    lambda_ : float
        Precision of the weights.
    sigma_ : ndarray, shape (features, features)
        Σ, the posterior covariance of the weights.
    scores_ : ndarray, shape (n_iter_ + 1,)
        The log evidence, with the priors of α and λ, before each round and at the end.
    gamma_ : float
        The number of weights that the data determine; the prior decides the others.
    n_iter_ : int
        Rounds that were made.
    stop_reason_ : str
        Why the rounds stopped.
    converged_ : bool
        Whether they stopped by ``tol``.
    history_ : EvidenceHistory or None
        Evidence, α, λ and γ of every round.
    X_offset_ : ndarray, shape (features,)
        Means of the columns, around which the posterior stands.
    X_scale_ : ndarray, shape (features,)
        Ones; there for scikit-learn's sake.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Warns
    -----
    ConvergenceWarning
        If ``max_iter`` rounds were not enough.

    See Also
    --------
    Ridge, LinearRegression

    Notes
    -----
    One λ for all weights: standardise first (:class:`StandardScaler`). Uncertainty is that of the weights and of the
    noise; α, λ and b are taken at their estimates, as in scikit-learn. (That of b would add 1/(α·rows) to the
    variance.) No copy of X is made where X̃ᵀX̃ is well-conditioned; otherwise a centred one is.

    References
    ----------
    D. J. C. MacKay, Neural Computation 4 (1992) 415. M. E. Tipping, J. Mach. Learn. Res. 1 (2001) 211.

    Examples
    --------
    >>> import numpy as np
    >>> import underhood as uh
    >>> x = np.arange(20.0)
    >>> y = 1.0 + 2.0 * x + np.where(x % 2 == 0, 0.5, -0.5)       # noise of variance 1/4
    >>> model = uh.models.BayesianRidge().fit(x[:, None], y)
    >>> round(1 / model.alpha_, 2)
    0.26
    >>> model.predict_interval([[10.0], [100.0]]).round(1)        # surer where the rows are
    array([[ 20. ,  22. ],
           [196.6, 204. ]])
    """

    _pass = "rounds"
    alpha_: float
    lambda_: float
    gamma_: float
    sigma_: NDArray[np.float64]
    scores_: NDArray[np.float64]
    X_offset_: NDArray[np.float64]
    X_scale_: NDArray[np.float64]
    converged_: bool

    def __init__(
        self,
        *,
        max_iter: int = 10_000,
        tol: float = 1e-9,
        alpha_1: float = 1e-6,
        alpha_2: float = 1e-6,
        lambda_1: float = 1e-6,
        lambda_2: float = 1e-6,
        alpha_init: float | None = None,
        lambda_init: float | None = None,
        compute_score: bool = True,
        fit_intercept: bool = True,
        keep_history: bool = True,
    ) -> None:
        self.max_iter = max_iter
        self.tol = tol
        self.alpha_1 = alpha_1
        self.alpha_2 = alpha_2
        self.lambda_1 = lambda_1
        self.lambda_2 = lambda_2
        self.alpha_init = alpha_init
        self.lambda_init = lambda_init
        self.compute_score = compute_score
        self.fit_intercept = fit_intercept
        self.keep_history = keep_history

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = False
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Find the posterior of the weights and the precisions.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers. Doubles in C order are read where they lie; anything else is converted once.
        y : array_like, shape (rows,)
            Finite numbers.
        sample_weight : array_like, shape (rows,), or float, optional
            How much each row counts: one of weight 2 is as good as two rows.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a number is NaN or infinite (the message says where), shapes do not fit, a parameter is out of range,
            numbers leave the range of doubles, or a precision becomes infinite where the priors allow it.
        TypeError
            If X or y hold no real numbers.
        """
        read, target, weights = read_rows("BayesianRidge.fit", X, y, sample_weight)
        if target.ndim == 2:
            if target.shape[1] != 1:
                raise ValueError(
                    f"BayesianRidge.fit: y is {len(target)}×{target.shape[1]}, but a vector is needed: y should be a "
                    "1d array"
                )
            warn_the_caller(
                DataConversionWarning,
                "A column-vector y was passed when a 1d array was expected; it is read as y.ravel()",
            )
            target = target[:, 0]
        coef, intercept, means, alpha, precision, sigma, gamma, rounds, stop, raw = _core.fit_bayesian_ridge(
            read, target, weights, self.max_iter, self.tol, self.alpha_1, self.alpha_2, self.lambda_1, self.lambda_2,
            self.alpha_init, self.lambda_init, self._flag("fit_intercept"),
        )  # fmt: skip
        self.alpha_, self.lambda_, self.sigma_, self.gamma_ = alpha, precision, sigma, gamma
        self.X_offset_, self.X_scale_ = means, np.ones(len(means))
        self.n_iter_, self.stop_reason_, self.converged_ = rounds, _REASONS[stop], stop != "max_iter"
        evidence, alphas, lambdas, effective, change = raw
        self.__dict__.pop("scores_", None)
        if self.compute_score:
            self.scores_ = evidence
        self.history_ = None
        if self.keep_history:
            self.history_ = EvidenceHistory(
                np.arange(len(evidence)), -evidence, alphas, lambdas, effective, change,
                "loss: −ln p(y | α, λ), priors of α and λ included",
            )  # fmt: skip
        self._evidence = float(evidence[-1])
        self._learn(X, read, target, weights, coef.reshape(1, -1), np.array([intercept]))
        if not self.converged_:
            warn_the_caller(
                ConvergenceWarning,
                f"BayesianRidge.fit: {self.stop_reason_} Allow more rounds, or a larger tol",
            )
        return self

    def predict(self, X: ArrayLike, return_std: bool = False) -> Any:
        """Mean of the predictive distribution of each row, and its standard deviation.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        return_std : bool, default False
            Give the standard deviation √(1/α + (x − x̄)ᵀ·Σ·(x − x̄)) as well.

        Returns
        -------
        mean : ndarray, shape (rows,)
        std : ndarray, shape (rows,)
            Only if it was asked for.
        """
        if not return_std:
            return super().predict(X)
        # What is no matrix of doubles is converted once for both.
        read = read_doubles("BayesianRidge.predict", self._read("predict", X))
        return self._predicted(read), _core.predictive_deviation(read, self.X_offset_, self.sigma_, self.alpha_)

    def predict_interval(self, X: ArrayLike, level: float = 0.95) -> NDArray[np.float64]:
        """Give the ends of the interval that holds a new y with probability ``level``.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        level : float, default 0.95
            Between 0 and 1.

        Returns
        -------
        ndarray, shape (rows, 2)
            Lower and upper ends: mean ∓ z·std, z the normal quantile.
        """
        mean, std = self.predict(X, return_std=True)
        reach = _quantile("predict_interval", level) * std
        with np.errstate(over="ignore", invalid="ignore"):
            ends = np.column_stack([mean - reach, mean + reach])
        return refuse_overflow("BayesianRidge.predict_interval", ends)

    def plot_bands(self, X: ArrayLike, y: ArrayLike | None = None, level: float = 0.95, ax: Any = None) -> Any:
        """Draw the line, how sure it is, and where new rows are expected; for one feature.

        Parameters
        ----------
        X : array_like, shape (rows, 1)
            The rows; the picture reaches a quarter of their range beyond them.
        y : array_like, shape (rows,), optional
            Draws the rows as points.
        level : float, default 0.95
            What both bands hold: the narrow one the line, the wide one a new y.
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        from underhood.plot._canvas import axes

        read = read_doubles("BayesianRidge.plot_bands", self._read("plot_bands", X))
        if read.shape[1] != 1:
            raise ValueError(
                f"BayesianRidge.plot_bands: the model has {read.shape[1]} features, but a picture of bands shows 1"
            )
        reach = _quantile("plot_bands", level)
        low, high = read.min(), read.max()
        margin = 0.25 * (high - low or 1.0)
        x = np.linspace(low - margin, high + margin, 200)
        mean, std = self.predict(x[:, None], return_std=True)
        own = np.sqrt(np.maximum(std**2 - 1 / self.alpha_, 0.0))
        ax = axes(ax)
        label = f"{100 * level:g} %"
        ax.fill_between(x, mean - reach * std, mean + reach * std, alpha=0.15, color="C0", label=f"{label} of new rows")
        ax.fill_between(
            x, mean - reach * own, mean + reach * own, alpha=0.35, color="C0", label=f"{label} for the line"
        )
        ax.plot(x, mean, color="C0", label="mean")
        if y is not None:
            ax.scatter(read[:, 0], np.ravel(np.asarray(y)), s=14, color="black", zorder=3)
        ax.set_xlabel(self._feature_names()[0])
        ax.set_ylabel("y")
        ax.legend(fontsize="small")
        ax.set_title(f"noise 1/√α = {self.alpha_**-0.5:.4g}", fontsize="small")
        return ax

    def _rule(self) -> list[str]:
        return [
            "Bayesian ridge: y = w·x + b + noise, noise ~ N(0, 1/α), prior w ~ N(0, I/λ);",
            "posterior w ~ N(m, Σ), Σ = (α·X̃ᵀX̃ + λ·I)⁻¹, m = α·Σ·X̃ᵀỹ: ridge regression at the price λ/α.",
            "maximise over α and λ the evidence "
            "ln p(y | α, λ) = ½·(k·ln λ + n·ln α − α·‖ỹ − X̃m‖² − λ·‖m‖² + ln det Σ − n·ln 2π);",
            "its derivatives are zero where λ = γ/‖m‖² and α = (n − γ)/‖ỹ − X̃m‖², "
            "γ = Σ α·e/(λ + α·e) over the eigenvalues e of X̃ᵀX̃.",
            "  each round: compute m and γ, then set α and λ so (with the priors' small terms added)",
        ]

    def _findings(self) -> list[str]:
        names = self._feature_names()
        deviations = np.sqrt(np.diag(self.sigma_))
        lines = [
            f"Noise: α = {self.alpha_:.6g}, standard deviation {self.alpha_**-0.5:.4g}. "
            f"Weights: λ = {self.lambda_:.6g}, "
            f"typical size {self.lambda_**-0.5:.4g}. Ridge regression at the price {self.lambda_ / self.alpha_:.4g}.",
            f"The data determine γ = {self.gamma_:.3g} of {len(names)} weights; log evidence {self._evidence:.6g}.",
            *super()._findings(),
            "Weights with their posterior standard deviations:",
        ]
        order = np.argsort(-np.abs(self.coef_) / np.maximum(deviations, 1e-300))
        told = [f"  {names[j]}: {self.coef_[j]:+.4g} ± {deviations[j]:.2g}" for j in order[:12]]
        return [*lines, *told, *([f"  … ({len(names) - 12} more)"] if len(names) > 12 else [])]

    def _facts(self) -> list[tuple[str, str]]:
        return [
            *super()._facts(),
            ("alpha_", f"{self.alpha_:.6g}"),
            ("lambda_", f"{self.lambda_:.6g}"),
            ("n_iter_", str(self.n_iter_)),
            ("stop_reason_", self.stop_reason_),
        ]


def _quantile(method: str, level: Any) -> float:
    from underhood.special import ndtri

    read = np.asarray(level)
    if read.ndim or read.dtype.kind not in "biuf":
        raise TypeError(f"BayesianRidge.{method}: level is a {type(level).__name__}, but must be a number")
    if not 0 < read < 1:
        raise ValueError(f"BayesianRidge.{method}: level is {float(read):g}, but must be between 0 and 1")
    return float(ndtri(0.5 + 0.5 * float(read)))
