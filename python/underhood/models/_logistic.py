"""Logistic regression."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _core
from underhood.models._history import History
from underhood.models._linear import LinearClassifier, mean_over_rows
from underhood.models._warnings import ConvergenceWarning

__all__ = ["LogisticRegression"]

_REASONS = {
    "converged": "every component of the gradient is within tol of zero.",
    "precision": "the gradient is as small as doubles allow for these data; no step makes it smaller.",
    "no_progress": "no step lowers the objective any more, although the gradient is not small.",
    "max_iter": "max_iter steps were made before the gradient was small enough.",
}


class LogisticRegression(LinearClassifier):
    """Logistic regression: probabilities from planes, by maximum likelihood with an L2 penalty.

    For two classes P(second | x) = 1/(1 + e^(−z)) with z = w·x + b; for more, P(k | x) = e^(z_k)/Σ e^(z_l) with one
    plane a class, trained together. Minimised is

        J = mean over the rows of −ln P(own class) + ‖w‖²/(2·C·rows),

    which is scikit-learn's objective divided by C·rows: the minimum is the same. The bias is not penalised.

    Parameters
    ----------
    C : float, default 1.0
        Inverse strength of the penalty; a large C penalises little.
    tol : float, default 1e-12
        Stop when every component of J's gradient, in units of its column's standard deviation, is at most ``tol``.
        (scikit-learn's 1e-4 leaves three or four digits of the coefficients.)
    max_iter : int, default 1000
        The largest number of steps.
    solver : {"auto", "newton-cholesky", "lbfgs"}, default "auto"
        Newton's method up to 600 unknowns, L-BFGS beyond.
    keep_history : bool, default True
        Keep ``history_``.

    Attributes
    ----------
    classes_ : ndarray
        The labels in ascending order.
    coef_ : ndarray, shape (1, features) or (classes, features)
        The weights w.
    intercept_ : ndarray, shape (1,) or (classes,)
        The bias b; with more than two classes they sum to zero.
    loss_ : float
        J at the end.
    n_iter_ : int
        Steps that were made (at least 1 is reported).
    stop_reason_ : str
        Why the search stopped.
    converged_ : bool
        Whether the gradient is as small as asked for, or as doubles allow.
    history_ : History or None
        Numbers of every step, the start included. ``gradient_norm`` is the largest component, what ``tol`` is
        compared with; ``learning_rate`` is the share of the full step that was taken. With more than two classes
        weights and bias have a class axis.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Warns
    -----
    ConvergenceWarning
        If ``max_iter`` steps were not enough.

    See Also
    --------
    Perceptron, Adaline

    Notes
    -----
    From 8192 rows on, the fit starts where one row in sixteen has its minimum. No copy of X is made beyond one
    conversion.

    Examples
    --------
    >>> import underhood as uh
    >>> model = uh.models.LogisticRegression().fit([[-2.0], [-1.0], [1.0], [2.0]], ["low", "low", "high", "high"])
    >>> model.classes_
    array(['high', 'low'], dtype='<U4')
    >>> model.predict_proba([[0.0]])
    array([[0.5, 0.5]])
    """

    _pass = "steps"
    loss_: float

    def __init__(
        self,
        *,
        C: float = 1.0,
        tol: float = 1e-12,
        max_iter: int = 1000,
        solver: str = "auto",
        keep_history: bool = True,
    ) -> None:
        self.C = C
        self.tol = tol
        self.max_iter = max_iter
        self.solver = solver
        self.keep_history = keep_history

    def _train(self, X: Any, codes: Any, classes: Any) -> tuple[type[Warning], str] | None:
        coef, intercept, steps, stop, loss, norm, solver, raw = _core.fit_logistic(
            X, codes, len(classes), self.C, self.tol, self.max_iter, self.solver, bool(self.keep_history)
        )
        self.coef_, self.intercept_, self.n_iter_, self.loss_ = coef, intercept, max(steps, 1), loss
        self.stop_reason_ = _REASONS[stop]
        self.converged_ = stop in ("converged", "precision")
        self._solver, self._gradient = solver, norm
        self.history_ = None if raw is None else _history(raw, len(coef))
        return None if self.converged_ else (ConvergenceWarning, self.stop_reason_)

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Probability of each class.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, classes)
            Columns in the order of ``classes_``; each row sums to 1.
        """
        read = self._read("predict_proba", X)
        return _core.probabilities(self._net_input("predict_proba", read))

    def _mean_loss(self, z: NDArray[np.float64], codes: NDArray[np.int64], square: float, weights: Any) -> float:
        penalty = square / (2 * self.C * (len(z) if weights is None else weights.sum()))
        if z.shape[1] == 1:
            return mean_over_rows(np.logaddexp(0.0, np.where(codes == 1, -z[:, 0], z[:, 0])), weights) + penalty
        own = z[np.arange(len(z)), codes]
        top = z.max(axis=1)
        return mean_over_rows(top + np.log(np.exp(z - top[:, None]).sum(axis=1)) - own, weights) + penalty

    def _rule(self) -> list[str]:
        two = len(self.coef_) == 1
        return [
            "Logistic regression: "
            + (
                "P(second class) = σ(z) = 1/(1 + e^(−z)) with z = w·x + b;"
                if two
                else "P(class k) = e^(z_k)/Σ e^(z_l) with z_k = w_k·x + b_k;"
            ),
            f"minimise J = mean over rows of −ln P(own class) + ‖w‖²/(2·C·rows), C = {self.C:g};",
            "its gradient is ∂J/∂w = "
            + ("mean((σ(z) − [second class])·x)" if two else "mean((P(k) − [class k])·x)")
            + " + w/(C·rows), ∂J/∂b the same without x and penalty.",
            f"  {'Newton steps −H⁻¹∇J' if self._solver == 'newton-cholesky' else 'L-BFGS steps'}; at the "
            f"end J = {self.loss_:.6g}, "
            f"largest gradient component {self._gradient:.1e}",
        ]


def _history(raw: Any, planes: int) -> History:
    weights, bias, loss, errors, norm, step = raw
    weights, bias = np.array(weights), np.array(bias)
    if planes == 1:
        weights, bias = weights[:, 0], bias[:, 0]
    convention = "loss: mean over rows of −ln P(own class) + ‖w‖²/(2·C·rows)"
    return History(np.arange(len(loss)), loss, errors, weights, bias, norm, step, weights[0], bias[0], convention)
