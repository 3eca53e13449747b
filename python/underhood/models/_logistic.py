"""Logistic regression."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _core
from underhood.models._history import History
from underhood.models._linear import LinearClassifier, mean_over_rows
from underhood.models._warnings import ConvergenceWarning

__all__ = ["LogisticRegression"]

_PENALTIES = ("auto", "l2", "l1", "elasticnet")

_REASONS = {
    "converged": "every component of the gradient is within tol of zero.",
    "precision": "no step lowers the objective in a digit that doubles hold; the gradient that is left is rounding.",
    "no_progress": "no step lowers the objective any more, although the gradient is not small.",
    "max_iter": "max_iter steps were made before the gradient was small enough.",
    "separated": "planes separate the classes (but for rows that lie on them, perhaps): without a penalty ever larger "
    "weights fit ever better, and none are best. These are where the search was left; a finite C has a best one.",
}


class LogisticRegression(LinearClassifier):
    """Logistic regression: probabilities from planes, by maximum likelihood with an L2 or an L1 penalty, or none.

    For two classes P(second | x) = 1/(1 + e^(−z)) with z = w·x + b; for more, P(k | x) = e^(z_k)/Σ e^(z_l) with one
    plane a class, trained together. Minimised is

        J = mean over the rows of −ln P(own class) + (ρ·‖w‖₁ + (1 − ρ)·‖w‖²/2)/(C·rows),    ρ = ``l1_ratio``,

    which is scikit-learn's objective divided by C·rows: the minimum is the same. The bias is not penalised. With ρ = 0
    all weights are shrunk; with ρ > 0 some are exactly zero. Where rows have weights (``sample_weight`` times
    ``class_weight``), the mean is by them, and their sum takes the place of the number of rows.

    Parameters
    ----------
    C : float, default 1.0
        Inverse strength of the penalty; a large C penalises little, ``numpy.inf`` not at all.
    l1_ratio : float, default 0.0
        ρ, the share of the penalty that is on absolute values: 0 for squares alone (L2, "ridge"), 1 for absolute
        values alone (L1, "lasso"), between them the elastic net.
    penalty : {"auto", "l2", "l1", "elasticnet", None}, default "auto"
        Another way to say it, which scikit-learn gives up in version 1.10: "l2" means ``l1_ratio=0``, "l1" means
        ``l1_ratio=1``, None means ``C=numpy.inf``, whatever these are; "auto" and "elasticnet" leave it to them.
    fit_intercept : bool, default True
        Whether there is a bias b; without one it stays 0, and every plane goes through the origin.
    class_weight : dict, "balanced" or None, default None
        Weights of the classes by label, which multiply those of their rows (1 for classes that are not named);
        "balanced" makes the classes' sums of weights equal.
    tol : float, default 1e-12
        Stop when every component of J's gradient, in units of its column's standard deviation, is at most ``tol``;
        for a weight that is zero and has an L1 price, what the component is beyond the price.
        (scikit-learn's 1e-4 leaves three or four digits of the coefficients.)
    max_iter : int, default 1000
        The largest number of steps.
    solver : {"auto", "newton-cholesky", "lbfgs", "proximal-newton"}, default "auto"
        With an L1 penalty proximal Newton steps, without one Newton's method up to 600 unknowns and L-BFGS beyond.
        All find the same minimum. (scikit-learn's "liblinear" penalises the bias as well, and has another minimum;
        "sag" and "saga" have this one.)
    random_state : None
        Accepted for scikit-learn's sake, and without effect: nothing here is left to chance.
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
        If ``max_iter`` steps were not enough; if there is no penalty and planes separate the classes, so that no
        finite weights are best.
    UserWarning
        If ``penalty`` overrules what ``l1_ratio`` or ``C`` say.

    See Also
    --------
    Perceptron, Adaline

    Notes
    -----
    With an L1 penalty, each step minimises the quadratic model of the log loss together with the kinks (Yuan, Ho and
    Lin 2012), by coordinate descent and, once it is known which weights are zero, by solving for the others. With more
    than 600 unknowns it works on the columns that matter, and takes up others until none is missed.

    From 4096 rows on, the fit starts where one row in sixteen has its minimum; these rows are copied, and so are the
    columns that matter of a wide L1 fit. Otherwise no copy of X is made beyond one conversion.

    References
    ----------
    G.-X. Yuan, C.-H. Ho and C.-J. Lin, "An improved GLMNET for L1-regularized logistic regression", JMLR 13 (2012)
    1999.

    Examples
    --------
    >>> import underhood as uh
    >>> model = uh.models.LogisticRegression().fit([[-2.0], [-1.0], [1.0], [2.0]], ["low", "low", "high", "high"])
    >>> model.classes_
    array(['high', 'low'], dtype='<U4')
    >>> model.predict_proba([[0.0]])
    array([[0.5, 0.5]])
    >>> X = [[-2.0, 1.0], [-1.0, -1.0], [1.0, 1.0], [2.0, -1.0]]
    >>> uh.models.LogisticRegression(l1_ratio=1.0).fit(X, [0, 0, 1, 1]).coef_.round(3)    # the second tells nothing
    array([[1.012, 0.   ]])
    """

    _pass = "steps"
    loss_: float

    def __init__(
        self,
        *,
        C: float = 1.0,
        l1_ratio: float = 0.0,
        penalty: str | None = "auto",
        fit_intercept: bool = True,
        class_weight: Any = None,
        tol: float = 1e-12,
        max_iter: int = 1000,
        solver: str = "auto",
        random_state: Any = None,
        keep_history: bool = True,
    ) -> None:
        self.C = C
        self.l1_ratio = l1_ratio
        self.penalty = penalty
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.tol = tol
        self.max_iter = max_iter
        self.solver = solver
        self.random_state = random_state
        self.keep_history = keep_history

    def _price(self) -> tuple[Any, Any]:
        """C and ρ as ``penalty`` has them."""
        penalty, C, ratio = self.penalty, self.C, self.l1_ratio
        if ratio is None and penalty != "elasticnet":
            ratio = 0.0
        if penalty == "auto" or penalty == "elasticnet":
            return C, ratio
        overruled = None
        if penalty is None:
            if C != 1.0 or ratio != 0:
                overruled = f"C={C!r} and l1_ratio={ratio!r}"
            C, ratio = np.inf, 0.0
        elif penalty in _PENALTIES:
            own = 1.0 if penalty == "l1" else 0.0
            if ratio not in (0, own):
                overruled = f"l1_ratio={ratio!r}"
            ratio = own
        else:
            raise ValueError(
                f"LogisticRegression.fit: penalty is {penalty!r}, but must be one of "
                f"{', '.join(map(repr, _PENALTIES))} or None"
            )
        if overruled:
            warnings.warn(
                f"LogisticRegression.fit: penalty={penalty!r} overrules {overruled}", UserWarning, stacklevel=4
            )
        return C, ratio

    def _train(self, X: Any, codes: Any, classes: Any, weights: Any, start: Any) -> tuple[type[Warning], str] | None:
        C, ratio = self._price()
        coef, intercept, steps, stop, loss, norm, solver, raw = _core.fit_logistic(
            X, codes, len(classes), weights, C, ratio, self._flag("fit_intercept"), self.tol, self.max_iter,
            self.solver, self._flag("keep_history"),
        )  # fmt: skip
        self.coef_, self.intercept_, self.n_iter_, self.loss_ = coef, intercept, max(steps, 1), loss
        self.stop_reason_ = _REASONS[stop]
        self.converged_ = stop in ("converged", "precision")
        self._solver, self._gradient, self._prices = solver, norm, (C, ratio)
        self._kept = [raw]
        self.__dict__.pop("history_", None)
        return None if self.converged_ else (ConvergenceWarning, self.stop_reason_)

    def _make_history(self) -> History | None:
        raw = self._kept[0]
        return None if raw is None else _history(raw, self._convention())

    def _convention(self) -> str:
        return f"loss: mean over rows of −ln P(own class){_terms(*self._prices)[0]}"

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

    def _objective(self, z: Any, codes: Any, coef: Any, intercept: Any, weights: Any) -> float:
        price, ratio = self._prices
        size = ratio * np.abs(coef).sum() + (1 - ratio) / 2 * np.square(coef).sum()
        penalty = float(size / (price * (len(z) if weights is None else weights.sum())))
        if z.shape[1] == 1:
            return mean_over_rows(np.logaddexp(0.0, np.where(codes == 1, -z[:, 0], z[:, 0])), weights) + penalty
        own = z[np.arange(len(z)), codes]
        top = z.max(axis=1)
        return mean_over_rows(top + np.log(np.exp(z - top[:, None]).sum(axis=1)) - own, weights) + penalty

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Natural logarithm of each class's probability, to full precision however small it is.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, classes)
            Columns in the order of ``classes_``.
        """
        read = self._read("predict_log_proba", X)
        return _core.log_probabilities(self._net_input("predict_log_proba", read))

    def _rule(self) -> list[str]:
        two, bias = len(self.coef_) == 1, self.fit_intercept
        penalty, slope, values = _terms(*self._prices)
        solvers = {
            "newton-cholesky": "Newton steps −H⁻¹∇J",
            "lbfgs": "L-BFGS steps",
            "proximal-newton": "proximal Newton steps (the quadratic model of the log loss, with the kinks of |w|)",
        }
        return [
            "Logistic regression: "
            + (
                f"P(second class) = σ(z) = 1/(1 + e^(−z)) with z = w·x{' + b' if bias else ''};"
                if two
                else f"P(class k) = e^(z_k)/Σ e^(z_l) with z_k = w_k·x{' + b_k' if bias else ''};"
            ),
            f"minimise J = mean over rows of −ln P(own class){penalty}{values};",
            "its gradient is ∂J/∂w = "
            + ("mean((σ(z) − [second class])·x)" if two else "mean((P(k) − [class k])·x)")
            + slope
            + (f", ∂J/∂b the same without x{' and penalty' if penalty else ''}." if bias else "."),
            f"  {solvers[self._solver]}; at the end J = {self.loss_:.6g}, "
            f"largest gradient component {self._gradient:.1e}",
        ]

    def _findings(self) -> list[str]:
        lines = super()._findings()
        if self._solver != "proximal-newton":
            return lines
        used = np.count_nonzero(self.coef_, axis=0)
        names = [name for name, planes in zip(self._feature_names(), used, strict=True) if not planes]
        shown = ", ".join(names[:10]) + (f", … ({len(names) - 10} more)" if len(names) > 10 else "")
        found = f"{len(names)} of {self.n_features_in_} features have no weight" + (f": {shown}" if names else "")
        return [*lines, found]


def _terms(C: Any, ratio: Any) -> tuple[str, str, str]:
    """Write what the penalty adds to the objective and to its slope, and the values of its parameters."""
    if np.isinf(C):
        return "", "", ""
    if ratio == 0:
        return " + ‖w‖²/(2·C·rows)", " + w/(C·rows)", f", C = {C:g}"
    if ratio == 1:
        return " + ‖w‖₁/(C·rows)", " + sign(w)/(C·rows)", f", C = {C:g}"
    return (
        " + (ρ·‖w‖₁ + (1 − ρ)·‖w‖²/2)/(C·rows)",
        " + (ρ·sign(w) + (1 − ρ)·w)/(C·rows)",
        f", C = {C:g}, ρ = {ratio:g}",
    )


def _history(raw: Any, convention: str) -> History:
    weights, bias, loss, errors, norm, step = raw
    if weights.shape[1] == 1:
        weights, bias = weights[:, 0], bias[:, 0]
    return History(np.arange(len(loss)), loss, errors, weights, bias, norm, step, weights[0], bias[0], convention)
