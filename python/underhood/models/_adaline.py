"""Adaline, the adaptive linear neuron."""

from __future__ import annotations

from typing import Any

import numpy as np

from underhood._core import models as _core
from underhood.models._linear import LinearClassifier, histories, mean_over_rows, one_reason
from underhood.models._warnings import ConvergenceWarning, DivergenceWarning

__all__ = ["Adaline"]

_REASONS = {
    "converged": "the gradient is tol times shorter than at zero weights.",
    "no_progress": "the loss has not fallen by tol in five epochs: at this constant rate it hovers around its minimum.",
    "max_iter": "max_iter epochs have passed before the gradient was short enough.",
    "diverged": "the loss grew more than 1e10-fold: the learning rate is too large.",
    "overflow": "the numbers left the range of doubles: the learning rate is too large. The weights are the "
    "last finite ones.",
}


class Adaline(LinearClassifier):
    """Adaline: the perceptron's plane, found by descending the mean squared error.

    With y = ±1 for the two classes and z = w·x + b, it minimises

        L(w, b) = mean over the rows of (y − z)²

    by ``"batch"`` steps w ← w + 2η·mean((y − z)·x), b ← b + 2η·mean(y − z), or by ``"stochastic"`` ones, which take
    one row at a time: w ← w + 2η·(y − z)·x. (Mind the factors: some books have ½ before the sum, or a sum instead of
    the mean, and their rates are other numbers.) More than two classes are trained one against the rest.

    L is a quadratic. Batch descent converges exactly when η is below the critical rate 2/λ, λ being the largest
    eigenvalue of L's Hessian, 2·mean of (x, 1)(x, 1)ᵀ. The model computes that number and warns when η reaches it.

    Parameters
    ----------
    learning_rate : float or "auto", default "auto"
        η. "auto" takes half the critical rate for batch steps. For stochastic ones it takes 0.1 over the mean of
        ‖(x, 1)‖², which costs about ten per cent of excess loss (Widrow and Stearns 1985), or less if a single row
        would overshoot.
    solver : {"batch", "stochastic"}, default "batch"
        One step an epoch along the whole gradient, or one step a row.
    max_iter : int, default 1000
        The largest number of epochs.
    tol : float or None, default 1e-4
        Stop when the gradient is shorter than ``tol`` times the gradient at zero weights; stochastic steps stop too
        when the loss has not fallen by ``tol`` below its best in five epochs. None makes all ``max_iter`` epochs.
    shuffle : bool, default True
        Present the rows in a new random order in every epoch (stochastic steps).
    random_state : int, numpy.random.Generator or None, default 0
        Seed of the order and of the initial weights: the same seed gives the same bits. None takes a new one each time.
    init_scale : float, default 0.0
        Standard deviation of the normal draws with which the weights start; the bias starts at 0.
    keep_history : bool, default True
        Keep ``history_``: (features + 4) × epochs numbers for each plane.

    Attributes
    ----------
    classes_ : ndarray
        The labels in ascending order. Of two the second is y = +1.
    coef_ : ndarray, shape (1, features) or (classes, features)
        The weights w.
    intercept_ : ndarray, shape (1,) or (classes,)
        The bias b.
    critical_learning_rate_ : float
        2/λ of this X: batch descent converges below it and diverges above. Stochastic steps diverge there on
        average, often below. For more than 512 columns, or more columns than rows, it is good to some six digits.
    learning_rate_ : float
        The rate that was used.
    n_iter_ : int
        Epochs that were made (the most of all classes).
    stop_reason_ : str
        Why training stopped.
    converged_ : bool
        Whether it stopped by ``tol``.
    history_ : History, dict or None
        Numbers of every epoch; for more than two classes a dictionary by label. ``loss``, ``errors`` and
        ``gradient_norm`` belong to the weights at the epoch's end and to all rows.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Warns
    -----
    DivergenceWarning
        If the learning rate is at or above the critical one, or the loss grew beyond all bounds. The weights stay
        finite.
    ConvergenceWarning
        If ``max_iter`` epochs were not enough for ``tol``.

    See Also
    --------
    Perceptron, LogisticRegression

    Notes
    -----
    With at least as many rows as columns, and no more than 512 columns, all steps of a batch fit use the second
    moments of X, gathered once: an epoch then costs the same for any number of rows. No copy of X is made beyond one
    conversion.

    References
    ----------
    B. Widrow and M. E. Hoff, "Adaptive switching circuits", IRE WESCON Convention Record 4 (1960) 96.

    Examples
    --------
    >>> import underhood as uh
    >>> X, y = [[-2.0], [-1.0], [1.0], [2.0]], [0, 0, 1, 1]
    >>> model = uh.models.Adaline().fit(X, y)
    >>> model.critical_learning_rate_                    # 1 / mean of x²
    0.4
    >>> model.coef_.round(3), model.predict([[0.5]])
    (array([[0.6]]), array([1]))
    """

    critical_learning_rate_: float
    learning_rate_: float

    def __init__(
        self,
        *,
        learning_rate: float | str = "auto",
        solver: str = "batch",
        max_iter: int = 1000,
        tol: float | None = 1e-4,
        shuffle: bool = True,
        random_state: Any = 0,
        init_scale: float = 0.0,
        keep_history: bool = True,
    ) -> None:
        self.learning_rate = learning_rate
        self.solver = solver
        self.max_iter = max_iter
        self.tol = tol
        self.shuffle = shuffle
        self.random_state = random_state
        self.init_scale = init_scale
        self.keep_history = keep_history

    def _train(self, X: Any, codes: Any, classes: Any) -> tuple[type[Warning], str] | None:
        rate = self.learning_rate
        if isinstance(rate, str):
            if rate != "auto":
                raise ValueError(f'Adaline.fit: learning_rate is {rate!r}, but must be "auto" or a positive number')
            chosen = None
        else:
            chosen = rate
        (coef, intercept, epochs, stops, rates, raw), critical = _core.fit_adaline(
            X, codes, len(classes), chosen, self.solver, self.max_iter, self.tol, bool(self.shuffle),
            self.random_state, self.init_scale, bool(self.keep_history),
        )  # fmt: skip
        self.coef_, self.intercept_, self.n_iter_ = coef, intercept, max(epochs)
        self.critical_learning_rate_, self.learning_rate_ = critical, rates[0]
        self.stop_reason_ = one_reason(_REASONS, stops, classes)
        self.converged_ = all(stop in ("converged", "no_progress") for stop in stops)
        self.history_ = histories(raw, rates, classes, "loss: mean over rows of (y − z)², y = ±1, at the epoch's end")
        if rates[0] >= critical:
            return DivergenceWarning, (
                f"learning_rate={rates[0]:g} is not below the critical rate {critical:.4g} of this X, so "
                f"descent diverges. "
                f"{self.stop_reason_} Take a rate below {critical:.4g}, or standardise the columns first"
            )
        if any(stop in ("diverged", "overflow") for stop in stops):
            return DivergenceWarning, (
                f"learning_rate={rates[0]:g} is too large for steps of one row (critical for batch steps: "
                f"{critical:.4g}). "
                f"{self.stop_reason_}"
            )
        if "max_iter" in stops and self.tol is not None:
            return (
                ConvergenceWarning,
                f"{self.stop_reason_} Allow more epochs, or standardise the columns if they are not",
            )
        return None

    def _mean_loss(self, z: Any, codes: Any, square: float, weights: Any) -> float:
        return mean_over_rows((np.where(codes == 1, 1.0, -1.0) - z[:, 0]) ** 2, weights)

    def _rule(self) -> list[str]:
        step = (
            "  each epoch:  w ← w + 2η·mean((y − z)·x),  b ← b + 2η·mean(y − z)"
            if self.solver == "batch"
            else "  each row:  w ← w + 2η·(y − z)·x,  b ← b + 2η·(y − z)"
        )
        return [
            "Adaline: with y = ±1 and z = w·x + b, minimise L = mean over rows of (y − z)²;",
            "its gradient is ∂L/∂w = −2·mean((y − z)·x), ∂L/∂b = −2·mean(y − z).",
            step,
            f"  η = {self.learning_rate_:.4g}; at and above {self.critical_learning_rate_:.4g} "
            "(2/λ, λ the largest eigenvalue of the Hessian) descent diverges",
        ]

    def _facts(self) -> list[tuple[str, str]]:
        return [*super()._facts(), ("critical_learning_rate_", f"{self.critical_learning_rate_:.4g}")]
