"""Adaline, the adaptive linear neuron."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from underhood._core import models as _core
from underhood.models._linear import LinearClassifier, mean_over_rows, one_reason
from underhood.models._warnings import ConvergenceWarning, DivergenceWarning

__all__ = ["Adaline"]

_SOLVED = "the equations of least squares were solved; no steps were made."

_BY_ROWS = ("stochastic", "mini-batch")
"""The solvers that can learn bit by bit."""

_REASONS = {
    "converged": "the gradient (in standardised columns) is tol times shorter than at zero weights.",
    "hovers": "over the last quarter of the epochs the loss has not fallen by tol² on average: at this constant "
    "rate it hovers around its minimum.",
    "no_progress": "over the last quarter of the epochs the loss has not fallen by tol² on average, but it is far "
    "above its minimum: steps are slow where columns lie far from zero, or are of unlike units. Standardise the "
    "columns first.",
    "max_iter": "max_iter epochs have passed before the gradient was short enough.",
    "diverged": "the loss grew more than 1e10-fold: the learning rate is too large.",
    "overflow": "the numbers left the range of doubles: the learning rate is too large. The weights are the "
    "last finite ones.",
}


class Adaline(LinearClassifier):
    """Adaline: the perceptron's plane, found by descending the mean squared error.

    With y = ±1 for the two classes and z = w·x + b, it minimises

        L(w, b) = mean over the rows of (y − z)²

    by ``"batch"`` steps w ← w + 2η·mean((y − z)·x), b ← b + 2η·mean(y − z), by ``"stochastic"`` ones, which take
    one row at a time: w ← w + 2η·(y − z)·x, or by ``"mini-batch"`` ones, which take the mean over ``batch_size`` rows.
    (Mind the factors: some books have ½ before the sum, or a sum instead of the mean, and their rates are other
    numbers.) ``"exact"`` makes no steps and solves the equations of least squares. More than two classes are trained
    one against the rest. A row of weight s (``sample_weight`` times ``class_weight``) counts s times in the mean;
    where steps take rows one by one, or some by some, a row's gradient is multiplied by s.

    L is a quadratic. Batch descent converges exactly when η is below the critical rate 2/λ, λ being the largest
    eigenvalue of L's Hessian, 2·mean of (x, 1)(x, 1)ᵀ. The model computes that number and warns when η reaches it.

    Parameters
    ----------
    learning_rate : float or "auto", default "auto"
        η. "auto" takes half the critical rate for batch steps. For stochastic ones it takes 0.1 over the mean of
        ‖(x, 1)‖², which costs about ten per cent of excess loss (Widrow and Stearns 1985), or less if a single row
        would overshoot; for mini-batches ``batch_size`` times that, or less if a batch would.
    solver : {"batch", "stochastic", "mini-batch", "exact"}, default "batch"
        One step an epoch along the whole gradient, one step a row, one step for ``batch_size`` rows, or the
        solution at once. "exact" takes the plane with the shortest w where several are best (columns that depend on
        each other, or more columns than rows).
    batch_size : int, default 32
        Rows of a mini-batch.
    max_iter : int, default 1000
        The largest number of epochs.
    tol : float or None, default 1e-4
        Stop when the gradient with respect to standardised columns is shorter than ``tol`` times that at zero
        weights; stochastic and mini-batch steps stop too when over the last quarter of the epochs (ten at least) the
        loss is not on average ``tol``² lower than over the quarter before (it goes with the square of the gradient).
        If it is then higher above its minimum than steps of this rate explain, that is no convergence. None makes all
        ``max_iter`` epochs.
    shuffle : bool, default True
        Present the rows in a new random order in every epoch (stochastic and mini-batch steps).
    fit_intercept : bool, default True
        Whether there is a bias b; without one it stays 0, and the plane goes through the origin.
    class_weight : dict, "balanced" or None, default None
        Weights of the classes by label, which multiply those of their rows (1 for classes that are not named);
        "balanced" makes the classes' sums of weights equal.
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
        The rate that was used; 0 if no steps were made.
    n_iter_ : int
        Epochs that were made (the most of all classes).
    stop_reason_ : str
        Why training stopped.
    converged_ : bool
        Whether it stopped by ``tol`` and near the minimum, or was solved.
    history_ : History, dict or None
        Numbers of every epoch; for more than two classes a dictionary by label. ``loss``, ``errors`` and
        ``gradient_norm`` belong to the weights at the epoch's end and to all rows. "exact" leaves one entry.
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
        If ``max_iter`` epochs were not enough for ``tol``, or the steps came to no progress far above the minimum.

    See Also
    --------
    Perceptron, LogisticRegression

    Notes
    -----
    With at least as many rows as columns, and no more than 512 columns, all steps of a batch fit use the second
    moments of X, gathered once: an epoch then costs the same for any number of rows. No copy of X is made beyond one
    conversion (``"exact"`` makes one if columns depend on each other or some rows have no weight).

    Far from zero (a column of years, or of timestamps) the raw gradient is nearly all along the bias, and short long
    before the weights are right. So whether descent has arrived is judged in standardised columns; descent itself is
    as slow there as the critical rate says, and ends with a ConvergenceWarning. Standardise the columns, or take
    ``"exact"``.

    ``partial_fit(X, y, classes=None, sample_weight=None)`` exists for stochastic and mini-batch steps: one epoch over
    the rows it is given, from where the last call ended; the first call names all classes.

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
    >>> uh.models.Adaline(solver="exact").fit(X, y).coef_
    array([[0.6]])
    """

    critical_learning_rate_: float
    learning_rate_: float

    def __init__(
        self,
        *,
        learning_rate: float | str = "auto",
        solver: str = "batch",
        batch_size: int = 32,
        max_iter: int = 1000,
        tol: float | None = 1e-4,
        shuffle: bool = True,
        fit_intercept: bool = True,
        class_weight: Any = None,
        random_state: Any = 0,
        init_scale: float = 0.0,
        keep_history: bool = True,
    ) -> None:
        self.learning_rate = learning_rate
        self.solver = solver
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.tol = tol
        self.shuffle = shuffle
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.random_state = random_state
        self.init_scale = init_scale
        self.keep_history = keep_history

    def _train(self, X: Any, codes: Any, classes: Any, weights: Any, start: Any) -> tuple[type[Warning], str] | None:
        rate = self.learning_rate
        if isinstance(rate, str):
            if rate != "auto":
                raise ValueError(f'Adaline.fit: learning_rate is {rate!r}, but must be "auto" or a positive number')
            chosen = None
        else:
            chosen = rate
        (coef, intercept, epochs, stops, rates, raw), critical = _core.fit_adaline(
            X, codes, len(classes), weights, start, chosen, self.solver, self.batch_size, self.max_iter, self.tol,
            self._flag("shuffle"), self._flag("fit_intercept"), self.random_state, self.init_scale,
            self._flag("keep_history"),
        )  # fmt: skip
        exact = self.solver == "exact"
        self.coef_, self.intercept_, self.n_iter_ = coef, intercept, max(epochs)
        self.critical_learning_rate_, self.learning_rate_ = critical, rates[0]
        self.stop_reason_ = _SOLVED if exact else one_reason(_REASONS, stops, classes)
        self.converged_ = all(stop in ("converged", "hovers") for stop in stops)
        self._kept = [(raw, rates)]
        self.__dict__.pop("history_", None)
        if rates[0] >= critical and start is None:
            return DivergenceWarning, (
                f"learning_rate={rates[0]:g} is not below the critical rate {critical:.4g} of this X, so "
                f"descent diverges. "
                f"{self.stop_reason_} Take a rate below {critical:.4g}, or standardise the columns first"
            )
        if any(stop in ("diverged", "overflow") for stop in stops):
            rows = "one row" if self.solver == "stochastic" else "some rows"
            return DivergenceWarning, (
                f"learning_rate={rates[0]:g} is too large for steps of {rows} (critical for batch steps: "
                f"{critical:.4g}). {self.stop_reason_}"
            )
        if "no_progress" in stops and "max_iter" not in stops:
            return ConvergenceWarning, f'{self.stop_reason_} Or take solver="exact"'
        if "max_iter" in stops and self.tol is not None and start is None:
            return (
                ConvergenceWarning,
                f"{self.stop_reason_} Allow more epochs, standardise the columns if they are not, or take "
                'solver="exact"',
            )
        return None

    def _objective(self, z: Any, codes: Any, coef: Any, intercept: Any, weights: Any) -> float:
        return mean_over_rows((np.where(codes == 1, 1.0, -1.0) - z[:, 0]) ** 2, weights)

    def _convention(self) -> str:
        return "loss: mean over rows of (y − z)², y = ±1, at the epoch's end"

    @property
    def partial_fit(self) -> Callable[..., Self]:
        """One epoch over some rows, for stochastic and mini-batch steps: ``partial_fit(X, y, classes, sample_weight)``.

        It goes on from what was learned before, and the first call, which must name all ``classes`` that will ever
        come, from zero weights. With ``learning_rate="auto"`` each call takes the rate that fits its rows.
        """
        if self.solver not in _BY_ROWS:
            raise AttributeError(
                f"Adaline has partial_fit with solver {' or '.join(map(repr, _BY_ROWS))}, but solver is "
                f"{self.solver!r}, which needs all rows at once"
            )
        return self._partial_fit

    def _partial_fit(
        self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        return self._go_on(X, y, classes, sample_weight)

    def _rule(self) -> list[str]:
        bias = self.fit_intercept
        steps = {
            "batch": "  each epoch:  w ← w + 2η·mean((y − z)·x)" + (",  b ← b + 2η·mean(y − z)" if bias else ""),
            "stochastic": "  each row:  w ← w + 2η·(y − z)·x" + (",  b ← b + 2η·(y − z)" if bias else ""),
            "mini-batch": f"  each {self.batch_size} rows:  w ← w + 2η·mean((y − z)·x)"
            + (",  b ← b + 2η·mean(y − z)" if bias else ""),
            "exact": f"  no steps: where the gradient is zero, w {'and b solve' if bias else 'solves'} the equations "
            "of least squares",
        }
        lines = [
            f"Adaline: with y = ±1 and z = w·x{' + b' if bias else ''}, minimise L = mean over rows of (y − z)²;",
            "its gradient is ∂L/∂w = −2·mean((y − z)·x)" + (", ∂L/∂b = −2·mean(y − z)." if bias else "."),
            steps[self.solver],
        ]
        critical = (
            f"at and above {self.critical_learning_rate_:.4g} "
            "(2/λ, λ the largest eigenvalue of the Hessian) descent diverges"
        )
        if self.solver == "exact":
            return [*lines, f"  (with rates {critical})"]
        return [*lines, f"  η = {self.learning_rate_:.4g}; {critical}"]

    def _facts(self) -> list[tuple[str, str]]:
        return [*super()._facts(), ("critical_learning_rate_", f"{self.critical_learning_rate_:.4g}")]
