"""Support vector classification with kernels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _linear
from underhood._core import svm as _core
from underhood._results import format_value
from underhood.models._class_weight import class_weights
from underhood.models._classifier import Classifier
from underhood.models._estimator import linear_formula
from underhood.models._input import read_doubles, read_labels, read_matrix, read_weights
from underhood.models._svm_history import SVCHistory, plot_histories
from underhood.models._warnings import ConvergenceWarning, warn_the_caller

__all__ = ["SVC"]

_REASONS = {
    "converged": "no pair of rows violates the conditions of optimality by more than tol.",
    "precision": "the conditions of optimality hold as closely as doubles allow for these data.",
    "no_progress": "rounding ended the search before the conditions held: the numbers of the kernel are too large.",
    "max_iter": "max_iter steps were made before the conditions of optimality held.",
}

_KERNELS = {
    "linear": "x·x′",
    "poly": "(γ·x·x′ + c)^d",
    "rbf": "exp(−γ‖x − x′‖²)",
    "sigmoid": "tanh(γ·x·x′ + c)",
    "precomputed": "as handed in",
}


@dataclass(frozen=True, slots=True)
class _Pair:
    """What was found for two classes."""

    intercept: float
    objective: float
    norm: float
    violation: float
    support: int
    at_bound: int
    rows: int


class SVC(Classifier):
    """Support vector classification: the widest margin between two classes, in the space of a kernel.

    With y = ±1 and f(x) = w·φ(x) + b it minimises

        ½‖w‖² + C·Σ max(0, 1 − y·f(x)),

    where the rows with y·f(x) = 1 are the edges of a margin that is 2/‖w‖ wide. It solves the dual,

        minimise ½αᵀQα − Σα  with  Q_ik = y_i·y_k·K(x_i, x_k),  0 ≤ α ≤ C,  Σ y·α = 0,

    whose solution gives f(x) = Σ α_i·y_i·K(x_i, x) + b. Rows with α = 0 could be left out without changing f; the
    others are the support vectors. Of more than two classes every pair gets its own f, and the class that wins most
    pairs is predicted.

    Parameters
    ----------
    C : float, default 1.0
        The price of a row inside the margin, and the largest α. A small C gives a wide margin with many rows inside.
    kernel : {"rbf", "linear", "poly", "sigmoid", "precomputed"} or callable, default "rbf"
        K(x, x′): exp(−γ‖x − x′‖²), x·x′, (γ·x·x′ + coef0)^degree, tanh(γ·x·x′ + coef0). "precomputed" takes the matrix
        of K in place of X. A callable gets two matrices and gives K for all pairs of their rows.
    degree : int, default 3
        Exponent of "poly".
    gamma : {"scale", "auto"} or float, default "scale"
        γ of "rbf", "poly" and "sigmoid": "scale" is 1/(features · variance of all numbers of X), "auto" 1/features.
    coef0 : float, default 0.0
        Constant of "poly" and "sigmoid".
    tol : float, default 1e-6
        Stop when no pair of rows violates the conditions of optimality by more. (scikit-learn's 1e-3 leaves three
        digits of f.)
    cache_size : float, default 200
        Megabytes for columns of the kernel matrix. Less is slower, and gives the same.
    class_weight : dict, "balanced" or None, default None
        What multiplies C, class by class; "balanced" is rows/(classes · rows of the class).
    max_iter : int, default -1
        The largest number of steps for each pair of classes; -1 sets no limit.
    decision_function_shape : {"ovr", "ovo"}, default "ovr"
        With more than two classes, whether ``decision_function`` gives a value for each class or for each pair.
    break_ties : bool, default False
        Let the f decide between classes that win equally many pairs ("ovr" only), instead of taking the first.
    keep_history : bool, default True
        Keep ``history_``.

    Attributes
    ----------
    classes_ : ndarray
        The labels in ascending order.
    support_ : ndarray of int, shape (vectors,)
        Row numbers of the support vectors, class by class.
    support_vectors_ : ndarray, shape (vectors, features)
        The support vectors; empty for a precomputed kernel.
    n_support_ : ndarray of int, shape (classes,)
        How many each class has.
    dual_coef_ : ndarray, shape (classes − 1, vectors)
        y·α of each. For a vector of class k, line l belongs to the pair with class l if l < k, else with class l + 1.
    intercept_ : ndarray, shape (pairs,)
        b of each pair, in the order (0, 1), (0, 2), …, (1, 2), …
    coef_ : ndarray, shape (pairs, features)
        w of each pair, for the linear kernel.
    dual_objective_ : ndarray, shape (pairs,)
        ½αᵀQα − Σα of each pair.
    margin_ : ndarray, shape (pairs,)
        2/‖w‖ of each pair, in the space of the kernel.
    gamma_ : float
        γ that was used.
    n_iter_ : ndarray of int, shape (pairs,)
        Steps that were made.
    stop_reason_ : str
        Why training stopped.
    converged_ : bool
        Whether the conditions of optimality hold.
    history_ : SVCHistory, dict or None
        Objective and violation along the way; for more than two classes a dictionary by pair of labels.
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
    LinearSVC : planes only, for many rows.

    Notes
    -----
    Steps of two rows, chosen by second-order information, are mixed with Newton steps of all rows between their
    bounds. The rows of a pair of classes are copied once while it is solved. Time grows at least with the square of
    the rows: beyond some ten thousand take ``LinearSVC``. There is no ``probability``: f is no likelihood.

    References
    ----------
    C. Cortes and V. Vapnik, "Support-vector networks", Machine Learning 20 (1995) 273, doi:10.1007/BF00994018.
    R.-E. Fan, P.-H. Chen and C.-J. Lin, "Working set selection using second order information for training support
    vector machines", JMLR 6 (2005) 1889.

    Examples
    --------
    >>> import underhood as uh
    >>> X, y = [[-2.0], [-1.0], [1.0], [3.0]], ["low", "low", "high", "high"]
    >>> model = uh.models.SVC(kernel="linear").fit(X, y)
    >>> model.support_                       # the two rows that hold the margin
    array([2, 1])
    >>> model.margin_.round(6), model.predict([[0.5]])
    (array([2.]), array(['high'], dtype='<U4'))
    """

    _pass = "steps"
    support_: NDArray[np.int64]
    support_vectors_: NDArray[np.float64]
    n_support_: NDArray[np.int64]
    dual_coef_: NDArray[np.float64]
    intercept_: NDArray[np.float64]
    dual_objective_: NDArray[np.float64]
    margin_: NDArray[np.float64]
    gamma_: float
    _own_bounds: bool
    """Whether rows have bounds of their own, C times a weight."""
    n_iter_: Any
    converged_: bool

    def __init__(
        self,
        *,
        C: float = 1.0,
        kernel: str | Callable[[Any, Any], Any] = "rbf",
        degree: int = 3,
        gamma: float | str = "scale",
        coef0: float = 0.0,
        tol: float = 1e-6,
        cache_size: float = 200,
        class_weight: Any = None,
        max_iter: int = -1,
        decision_function_shape: str = "ovr",
        break_ties: bool = False,
        keep_history: bool = True,
    ) -> None:
        self.C = C
        self.kernel = kernel
        self.degree = degree
        self.gamma = gamma
        self.coef0 = coef0
        self.tol = tol
        self.cache_size = cache_size
        self.class_weight = class_weight
        self.max_iter = max_iter
        self.decision_function_shape = decision_function_shape
        self.break_ties = break_ties
        self.keep_history = keep_history

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self.kernel == "precomputed"
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train the model.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers; for a precomputed kernel the matrix of K, rows × rows.
        y : array_like, shape (rows,)
            Labels of any kind that has an order; at least two different ones.
        sample_weight : array_like, shape (rows,), optional
            What multiplies C, row by row; a row of weight 0 counts as absent.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where) or values so large that the kernel overflows, if
            there is only one class, if shapes do not fit, or if a parameter is out of range.
        TypeError
            If X holds no real numbers.
        """
        read = read_matrix("SVC.fit", X)
        rows = read.shape[0]
        classes, codes = read_labels("SVC.fit", y, rows)
        weights = read_weights("SVC.fit", sample_weight, rows)
        factors = class_weights("SVC.fit", self.class_weight, classes, codes)
        if factors is not None:
            weights = factors[codes] if weights is None else weights * factors[codes]
        if self.decision_function_shape not in ("ovr", "ovo"):
            raise ValueError(
                f"SVC.fit: decision_function_shape is {self.decision_function_shape!r}, but must be 'ovr' or 'ovo'"
            )
        if self.break_ties and self.decision_function_shape == "ovo":
            raise ValueError(
                "SVC.fit: break_ties is True, but decision_function_shape is 'ovo', which has no ties to break"
            )
        name, given = self.kernel, read
        self.__dict__.pop("_training_rows", None)
        if callable(name):
            kept = np.array(read_doubles("SVC.fit", read))
            given, name = self._called("fit", name, kept, kept), "precomputed"
        support, counts, dual, pairs, gamma = _core.fit_svc(
            given, codes, len(classes), weights, self.C, name, self.degree, self.gamma, self.coef0, self.tol,
            None if self.max_iter == -1 else self.max_iter, self.cache_size, self._flag("keep_history"),
        )  # fmt: skip
        # Two classes: f is positive on the side of the second, as everywhere; among more, on that of a pair's first.
        sign = -1.0 if len(classes) == 2 else 1.0
        self.classes_ = classes
        self.support_, self.n_support_, self.dual_coef_ = support, np.array(counts), sign * dual
        self._pairs = [_Pair(*pair[:7]) for pair in pairs]
        self.intercept_ = sign * np.array([pair.intercept for pair in self._pairs])
        self.dual_objective_ = np.array([pair.objective for pair in self._pairs])
        self.margin_ = np.array([2.0 / pair.norm if pair.norm > 0 else np.inf for pair in self._pairs])
        self.gamma_ = gamma
        self.n_iter_ = np.array([max(pair[7], 1) for pair in pairs])
        stops = [pair[8] for pair in pairs]
        stop = next((stop for stop in ("max_iter", "no_progress", "precision") if stop in stops), "converged")
        self.stop_reason_, self.converged_ = _REASONS[stop], stop in ("converged", "precision")
        self.history_ = self._histories([pair[9] for pair in pairs])
        self._fit_kernel = name
        if name == "precomputed":
            # What f needs of the kernel are its columns at the support vectors.
            self.support_vectors_ = kept[support] if callable(self.kernel) else np.empty((0, rows))
        else:
            self.support_vectors_ = read_doubles("SVC.fit", read)[support]
        if name == "linear":
            self.coef_ = self._weights()
        else:
            self.__dict__.pop("coef_", None)
        self._own_bounds = weights is not None
        self._remember_features(X, read)
        if not self.converged_:
            warn_the_caller(
                ConvergenceWarning,
                f"SVC.fit: {self.stop_reason_} Allow more steps, or scale the columns first",
            )
        return self

    def _called(self, method: str, kernel: Any, rows: Any, others: Any) -> Any:
        """Ask the caller's kernel about two sets of rows."""
        matrix = np.asarray(kernel(rows, others), dtype=np.float64)
        if matrix.shape != (len(rows), len(others)):
            raise ValueError(
                f"SVC.{method}: kernel gave an array of shape {matrix.shape} for {len(rows)} and {len(others)} rows, "
                f"but must give {len(rows)}×{len(others)}"
            )
        return matrix

    def _histories(self, raw: list[Any]) -> Any:
        if raw[0] is None:
            return None
        convention = "loss: the dual objective ½αᵀQα − Σα, a sum over rows"
        made = [SVCHistory(steps, loss, violation, support, convention) for steps, loss, violation, support in raw]
        return made[0] if len(made) == 1 else dict(zip(self._pair_labels(), made, strict=True))

    def _pair_labels(self) -> list[tuple[Any, Any]]:
        labels = self.classes_.tolist()
        return [(a, b) for k, a in enumerate(labels) for b in labels[k + 1 :]]

    def _weights(self) -> NDArray[np.float64]:
        """Give w of each pair: Σ y·α·x over its support vectors, seen from one of them: Σ y·α = 0."""
        vectors, origin = self.support_vectors_, self.support_vectors_[:1]
        ends = np.concatenate([[0], np.cumsum(self.n_support_)])
        weights = []
        for a in range(len(self.classes_)):
            for b in range(a + 1, len(self.classes_)):
                own, other = slice(ends[a], ends[a + 1]), slice(ends[b], ends[b + 1])
                weights.append(
                    self.dual_coef_[b - 1, own] @ (vectors[own] - origin)
                    + self.dual_coef_[a, other] @ (vectors[other] - origin)
                )
        return np.array(weights)

    def _pair_values(self, method: str, X: Any) -> NDArray[np.float64]:
        """Give f for each row and pair."""
        read = self._read(method, X)
        name, vectors = self._fit_kernel, self.support_vectors_
        if name == "linear":
            return _linear.decision_function(read, self.coef_, self.intercept_)
        of = self._as_fitted
        if callable(of["kernel"]):
            read = self._called(method, of["kernel"], np.array(read_doubles(f"SVC.{method}", read)), vectors)
            vectors = np.arange(float(len(self.support_)))[:, None]
        elif name == "precomputed":
            vectors = self.support_.astype(np.float64)[:, None]
        # For the core f is positive on the side of the first class, as it is kept here for more than two.
        return _core.svc_decision(
            read, name, of["degree"], self.gamma_, of["coef0"], vectors, self.n_support_.tolist(), self.dual_coef_,
            self.intercept_,
        )  # fmt: skip

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Give what decides: f for two classes; else f of each pair, or a value for each class.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            For a precomputed kernel K of each row and each training row.

        Returns
        -------
        ndarray
            Shape (rows,) for two classes, where f > 0 means ``classes_[1]``. For more, "ovo" gives (rows, pairs),
            where f > 0 means the pair's first class; "ovr" gives (rows, classes): pairs won, and a fraction that grows
            with the sum of the f.
        """
        values = self._pair_values("decision_function", X)
        if len(self.classes_) > 2 and self._as_fitted["decision_function_shape"] == "ovr":
            return _core.one_vs_rest_values(values, len(self.classes_))
        return values[:, 0] if len(self.classes_) == 2 else values

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Class of each row.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            For a precomputed kernel K of each row and each training row.

        Returns
        -------
        ndarray, shape (rows,)
            Labels from ``classes_``.
        """
        values = self._pair_values("predict", X)
        classes = len(self.classes_)
        codes: Any
        if classes == 2:
            codes = (values[:, 0] > 0).astype(np.intp)
        elif self._as_fitted["break_ties"]:
            codes = _core.one_vs_rest_values(values, classes).argmax(axis=1)
        else:
            codes = _core.one_vs_one_codes(values, classes)
        return np.asarray(self.classes_[codes])

    def _draw_history(self, ax: Any) -> Any:
        return plot_histories(self, ax)

    # What a reader sees.

    def _rule(self) -> list[str]:
        name = "callable" if callable(self.kernel) else str(self.kernel)
        kernel = "the caller's function" if name == "callable" else _KERNELS[name]
        numbers = []
        if name in ("poly", "rbf", "sigmoid"):
            numbers.append(f"γ = {self.gamma_:.4g}")
        if name in ("poly", "sigmoid"):
            numbers.append(f"c = {self.coef0:g}")
        if name == "poly":
            numbers.append(f"d = {self.degree}")
        indefinite = name in ("sigmoid", "precomputed", "callable")
        bound = "Cᵢ" if self._own_bounds else "C"
        return [
            "Support vector classification: with y = ±1 and f(x) = w·φ(x) + b,",
            (
                f"minimise ½‖w‖² + Σ Cᵢ·max(0, 1 − y·f(x)), Cᵢ being C = {self.C:g} times the row's weight,"
                if self._own_bounds
                else f"minimise ½‖w‖² + C·Σ max(0, 1 − y·f(x)), C = {self.C:g}, a sum over rows,"
            ),
            f"through its dual: minimise ½αᵀQα − Σα, Q_ik = y_i·y_k·K(x_i, x_k), 0 ≤ α ≤ {bound}, Σ y·α = 0;",
            f"  K(x, x′) = {kernel}" + (f" with {', '.join(numbers)}" if numbers else ""),
            *(
                ["  (of no scalar product in general: the dual may then have several minima, and this is one)"]
                * indefinite
            ),
            "its gradient is Qα − 1, and f(x) = Σ α_i·y_i·K(x_i, x) + b.",
            "  each step: the pair of rows that promises most moves to the best point between its bounds, now and then",
            "  all rows between their bounds together; done when no pair violates the conditions of optimality by "
            f"more than {self.tol:g}",
        ]

    def _findings(self) -> list[str]:
        several = len(self.classes_) > 2
        lines = []
        for number, ((a, b), pair) in enumerate(zip(self._pair_labels(), self._pairs, strict=True)):
            most = "Cᵢ" if self._own_bounds else "C"
            bound = f"{pair.at_bound} of them at α = {most} (inside the margin or wrong)"
            bound += f", {pair.support - pair.at_bound} on its edge"
            if several:
                lines.append(f"{a!r} against {b!r} (f > 0 is {a!r}):")
            else:
                lines.append(f"{b!r} where f > 0, {a!r} elsewhere:")
            lines.append(f"  {pair.support} of {pair.rows} rows are support vectors: {bound}")
            space = "" if self._fit_kernel == "linear" else " in the space of the kernel"
            if pair.norm > 0:
                lines.append(f"  ‖w‖ = {pair.norm:.4g}: the margin is 2/‖w‖ = {2.0 / pair.norm:.4g} wide{space}")
            else:
                lines.append("  w = 0: f is the same everywhere, and there is no margin to speak of")
            lines.append(f"  dual objective {pair.objective:.6g}, largest violation {pair.violation:.1e}")
            if self._fit_kernel == "linear":
                formula = linear_formula(self.coef_[number], self.intercept_[number], self._feature_names())
                lines.append(f"  f = {formula}")
        return lines

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("classes_", ", ".join(map(repr, self.classes_.tolist()))),
            ("n_support_", format_value(self.n_support_)),
            ("margin_", format_value(self.margin_)),
            ("n_iter_", format_value(self.n_iter_)),
            ("stop_reason_", self.stop_reason_),
        ]
