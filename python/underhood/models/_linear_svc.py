"""Linear support vector classification."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import svm as _core
from underhood.models._class_weight import class_weights
from underhood.models._input import read_labels, read_matrix, read_weights
from underhood.models._linear import LinearClassifier, epochs_of_planes, one_reason
from underhood.models._warnings import ConvergenceWarning, kin

__all__ = ["LinearSVC"]

_REASONS = {
    "converged": "the duality gap is at most tol times the objective.",
    "precision": "no step lowers P any more in doubles; the duality gap is what rounding leaves of it.",
    "no_progress": "rounding ended the search before the duality gap was small: the columns are unlike, or far off.",
    "max_iter": "max_iter steps were made before the duality gap was small enough.",
}

_CONVENTION = {
    "squared_hinge": "loss: ½‖w‖² + ½(b/σ)² + C·Σ max(0, 1 − y·z)², y = ±1, a sum over rows",
    "hinge": "loss: ½‖w‖² + ½(b/σ)² + C·Σ max(0, 1 − y·z), y = ±1, a sum over rows",
}


class LinearSVC(LinearClassifier):
    """Linear support vector classification: the plane with the widest margin, at a price for rows inside it.

    With y = ±1 for the two classes and z = w·x + b it minimises

        P = ½‖w‖² + ½(b/σ)² + C·Σ max(0, 1 − y·z)²        (squared hinge; the hinge has no square),

    σ being ``intercept_scaling``. The bias is penalised, as it is in scikit-learn's objective, which this is: it
    counts as the weight of one more feature with the constant value σ. (The textbook's bias is free; a large σ comes
    near to it, and so does standardising the columns.) More than two classes are trained one against the rest.

    Parameters
    ----------
    C : float, default 1.0
        The price of a row inside the margin, as a sum over the rows: with twice as many rows half of it penalises as
        much.
    loss : {"squared_hinge", "hinge"}, default "squared_hinge"
        What a row inside the margin costs. The hinge is that of ``SVC(kernel="linear")``, but for its free bias.
    tol : float, default 1e-10
        Stop when the duality gap, which P is above its minimum at most, is at most ``tol`` times P. (scikit-learn's
        tolerance is about gradients.)
    max_iter : int, default 1000
        The largest number of steps.
    fit_intercept : bool, default True
        Whether there is a bias.
    intercept_scaling : float, default 1.0
        σ.
    class_weight : dict, "balanced" or None, default None
        What multiplies C, class by class; "balanced" is rows/(classes · rows of the class), rows counting by their
        ``sample_weight``. With more than two classes a plane heeds the factor of its own class only, as in
        scikit-learn.
    random_state : int, numpy.random.Generator or None, default 0
        Seed of the order of rows, which counts for more than 599 features only.
    keep_history : bool, default True
        Keep ``history_``: (features + 4) × steps numbers for each plane.

    Attributes
    ----------
    classes_ : ndarray
        The labels in ascending order. Of two the second is y = +1.
    coef_ : ndarray, shape (1, features) or (classes, features)
        The weights w.
    intercept_ : ndarray, shape (1,) or (classes,)
        The bias b.
    objective_ : ndarray, shape (1,) or (classes,)
        P at the end.
    duality_gap_ : ndarray, shape (1,) or (classes,)
        What P is above its minimum at most. The weights are within the root of twice that of the best ones.
    margin_ : ndarray, shape (1,) or (classes,)
        2/‖w‖: how far the planes z = −1 and z = 1 are apart.
    n_iter_ : int
        Steps that were made (the most of all classes).
    stop_reason_ : str
        Why training stopped.
    converged_ : bool
        Whether the duality gap is as small as asked for, or as doubles allow.
    history_ : History, dict or None
        Numbers of every step, the start included; for more than two classes a dictionary by label. ``loss`` is P, and
        ``gradient_norm`` the length of P's gradient; for the hinge, which has none where y·z = 1, and for more than
        599 features it is the root of twice the duality gap, within which the weights are of the best ones.
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
    SVC : the same with kernels. LogisticRegression : probabilities.

    Notes
    -----
    Up to 599 features the squared hinge is solved by Newton's method and the hinge by an interior-point method, both
    through second moments of the rows: some ten and twenty steps, for any number of rows. More features are solved by
    dual coordinate descent. No copy of X is made beyond one conversion.

    References
    ----------
    R.-E. Fan and others, "LIBLINEAR: a library for large linear classification", JMLR 9 (2008) 1871.
    M. C. Ferris and T. S. Munson, "Interior-point methods for massive support vector machines", SIAM J. Optim. 13
    (2002) 783, doi:10.1137/S1052623400374379.

    Examples
    --------
    >>> import underhood as uh
    >>> model = uh.models.LinearSVC().fit([[-1.0], [1.0]], ["no", "yes"])
    >>> model.coef_.round(6)                 # ½w² + 2(1 − w)² is least at 4/5
    array([[0.8]])
    >>> model.predict([[0.3]])
    array(['yes'], dtype='<U3')
    """

    _pass = "steps"
    objective_: NDArray[np.float64]
    duality_gap_: NDArray[np.float64]
    margin_: NDArray[np.float64]

    def __init__(
        self,
        *,
        C: float = 1.0,
        loss: str = "squared_hinge",
        tol: float = 1e-10,
        max_iter: int = 1000,
        fit_intercept: bool = True,
        intercept_scaling: float = 1.0,
        class_weight: Any = None,
        random_state: Any = 0,
        keep_history: bool = True,
    ) -> None:
        self.C = C
        self.loss = loss
        self.tol = tol
        self.max_iter = max_iter
        self.fit_intercept = fit_intercept
        self.intercept_scaling = intercept_scaling
        self.class_weight = class_weight
        self.random_state = random_state
        self.keep_history = keep_history

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train the model.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers. Doubles in C order are read where they lie; anything else is converted once.
        y : array_like, shape (rows,)
            Labels of any kind that has an order; at least two different ones.
        sample_weight : array_like, shape (rows,), optional
            What multiplies C, row by row.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where), if there is only one class, if shapes do not fit,
            or if a parameter is out of range.
        TypeError
            If X holds no real numbers.
        """
        read = read_matrix("LinearSVC.fit", X)
        rows = read.shape[0]
        classes, codes = read_labels("LinearSVC.fit", y, rows)
        weights = read_weights("LinearSVC.fit", sample_weight, rows)
        factors = class_weights("LinearSVC.fit", self.class_weight, classes, codes, weights)
        (coef, intercept, steps, stops, rates, raw), facts = _core.fit_linear_svc(
            read, codes, len(classes), weights, np.ones(len(classes)) if factors is None else factors, self.C,
            self.loss, self.tol, self.max_iter, self.intercept_scaling if self._flag("fit_intercept") else None,
            self.random_state, self._flag("keep_history"),
        )  # fmt: skip
        self.classes_ = classes
        self.coef_, self.intercept_, self.n_iter_ = coef, intercept, max(*steps, 1)
        self.objective_ = np.array([fact[0] for fact in facts])
        self.duality_gap_ = np.array([fact[1] for fact in facts])
        norms = np.sqrt((coef**2).sum(axis=1))
        self.margin_ = np.divide(2.0, norms, out=np.full(len(norms), np.inf), where=norms > 0)
        self._inside, self._solver = [fact[2] for fact in facts], facts[0][3]
        self._rows = rows if weights is None else int(np.count_nonzero(weights))
        self.stop_reason_ = one_reason(_REASONS, stops, classes)
        self.converged_ = not {"max_iter", "no_progress"} & set(stops)
        self._kept = [(raw, rates)]
        self.__dict__.pop("history_", None)
        self._remember_features(X, read, factors if weights is None else weights)
        if not self.converged_:
            warnings.warn(
                f"LinearSVC.fit: {self.stop_reason_} Allow more steps, or scale the columns first",
                kin(ConvergenceWarning),
                stacklevel=2,
            )
        return self

    def _make_history(self) -> Any:
        return epochs_of_planes(self._kept, self.classes_, self._convention(), first=0)

    def _convention(self) -> str:
        return _CONVENTION[self.loss]

    def _objective(self, z: Any, codes: Any, coef: Any, intercept: Any, weights: Any) -> float:
        inside = np.maximum(1.0 - np.where(codes == 1, z[:, 0], -z[:, 0]), 0.0)
        costs = inside**2 if self.loss == "squared_hinge" else inside
        bias = float(intercept[0]) / self.intercept_scaling
        size = float(np.square(coef).sum()) + bias * bias
        return size / 2 + self.C * float(costs.sum() if weights is None else weights @ costs)

    def _weights_of_rows(self, function: str, sample_weight: Any, codes: Any, plane: int) -> Any:
        weights = read_weights(function, sample_weight, len(codes))
        factors = class_weights(function, self.class_weight, self.classes_, codes, weights)
        if factors is None:
            return weights
        # With more than two classes a plane heeds the factor of its own class only.
        of_rows = factors[codes] if len(self.coef_) == 1 else np.where(codes == plane, factors[plane], 1.0)
        return of_rows if weights is None else weights * of_rows

    def _rule(self) -> list[str]:
        square = "²" if self.loss == "squared_hinge" else ""
        bias = " + ½(b/σ)²" if self.fit_intercept else ""
        steps = {
            "newton": "  Newton steps −H⁻¹∇P, each as far as P falls along it; the rows inside the margin make H",
            "interior point": "  interior-point steps on the dual: 0 < α < C, its products with multipliers going to 0",
            "coordinate descent": "  one α of the dual at a time is set to its best value, in random order",
        }
        gradient = (
            "its gradient is ∂P/∂w = w − 2C·Σ max(0, 1 − y·z)·y·x"
            if square
            else "where no y·z is 1 its gradient is ∂P/∂w = w − C·Σ y·x over the rows inside"
        )
        gradient += ", ∂P/∂b likewise with b/σ² and without x." if self.fit_intercept else "."
        return [
            "Linear support vector classification: with y = ±1 and z = w·x + b,"
            if self.fit_intercept
            else "Linear support vector classification: with y = ±1 and z = w·x,",
            f"minimise P = ½‖w‖²{bias} + C·Σ max(0, 1 − y·z){square}, a sum over rows, C = {self.C:g}"
            + (f", σ = {self.intercept_scaling:g};" if self.fit_intercept else ";"),
            gradient,
            steps[self._solver],
            f"  done when P is at most {self.tol:g}·P above the dual objective, which is below the minimum",
        ]

    def _findings(self) -> list[str]:
        labels = self.classes_.tolist()
        named = [""] if len(self.coef_) == 1 else [f" of {label!r}" for label in labels]
        lines = super()._findings()
        for name, objective, gap, margin, inside in zip(
            named, self.objective_, self.duality_gap_, self.margin_, self._inside, strict=True
        ):
            # A gap smaller than the objective's own rounding is a bound on exact arithmetic, not on these doubles.
            near = f"at most {gap:.1e}" if gap > 2.0**-52 * objective else "not more than its rounding"
            lines.append(
                f"The margin{name} is 2/‖w‖ = {margin:.4g} wide, with {inside} of {self._rows} rows inside it or "
                f"wrong; P = {objective:.6g}, {near} above the minimum"
            )
        return lines

    def _facts(self) -> list[tuple[str, str]]:
        return [*super()._facts(), ("duality_gap_", f"{self.duality_gap_.max():.1e}")]
