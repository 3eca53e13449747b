"""The perceptron."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from underhood._core import models as _core
from underhood.models._linear import LinearClassifier, mean_over_rows, one_reason
from underhood.models._warnings import ConvergenceWarning

__all__ = ["Perceptron"]

_REASONS = {
    "separated": "an epoch passed without an update: every row is on its side of the plane.",
    "no_progress": "the updates per epoch have stopped falling; probably no plane separates the classes.",
    "max_iter": "max_iter epochs have passed, and the last one still made updates.",
    "overflow": "the numbers left the range of doubles; the weights are the last finite ones. Scale the columns first.",
}


class Perceptron(LinearClassifier):
    """The perceptron: a plane that is turned whenever it gets a row wrong, and left alone otherwise.

    With y = ±1 for the two classes and the net input z = w·x + b, a row is wrong when y·z ≤ 0. Then

        w ← w + η·y·x,    b ← b + η·y

    (a step down max(0, −y·z)). If a plane separates the classes, the updates end after finitely many (Novikoff
    1962), and so does the training; which separating plane is found depends on the order of the rows. If none does,
    updates never end. More than two classes are trained one against the rest. A row of weight s (``sample_weight``
    times ``class_weight``) moves w and b s times as far.

    Parameters
    ----------
    learning_rate : float, default 1.0
        η; scikit-learn calls it ``eta0``. From zero weights it scales w and b alike and changes no prediction.
    max_iter : int, default 1000
        The largest number of epochs (passes over all rows).
    n_iter_no_change : int or None, default 20
        Stop when so many epochs in a row made no fewer updates than the best one before; None never gives up before
        ``max_iter``. (scikit-learn looks at the loss instead, and stops earlier.)
    shuffle : bool, default True
        Present the rows in a new random order in every epoch.
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
    n_iter_ : int
        Epochs that were made (the most of all classes).
    stop_reason_ : str
        Why training stopped.
    converged_ : bool
        Whether every plane separates its class.
    history_ : History, dict or None
        Numbers of every epoch; for more than two classes a dictionary by label. ``errors`` (or ``updates``) counts
        the updates of the epoch; ``loss`` is the mean over the rows (by their weights) of max(0, −y·z), each row
        judged when it was presented. ``partial_fit`` adds to it.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Warns
    -----
    ConvergenceWarning
        If ``max_iter`` epochs were not enough. Not with ``n_iter_no_change=None``, which asks for them all.

    See Also
    --------
    Adaline, LogisticRegression

    Notes
    -----
    A row with z = 0 exactly counts as wrong in training, and as the first class in ``predict``, as in scikit-learn.
    No copy of X is made beyond one conversion.

    References
    ----------
    F. Rosenblatt, "The perceptron", Psychological Review 65 (1958) 386, doi:10.1037/h0042519.

    Examples
    --------
    >>> import underhood as uh
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["no", "no", "no", "yes"]
    >>> model = uh.models.Perceptron(shuffle=False).fit(X, y)
    >>> model.predict([[1, 1], [1, 0]])
    array(['yes', 'no'], dtype='<U3')
    >>> model.history_.updates
    array([2, 3, 3, 2, 2, 3, 2, 1, 0])
    """

    def __init__(
        self,
        *,
        learning_rate: float = 1.0,
        max_iter: int = 1000,
        n_iter_no_change: int | None = 20,
        shuffle: bool = True,
        fit_intercept: bool = True,
        class_weight: Any = None,
        random_state: Any = 0,
        init_scale: float = 0.0,
        keep_history: bool = True,
    ) -> None:
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.n_iter_no_change = n_iter_no_change
        self.shuffle = shuffle
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.random_state = random_state
        self.init_scale = init_scale
        self.keep_history = keep_history

    def _train(self, X: Any, codes: Any, classes: Any, weights: Any, start: Any) -> tuple[type[Warning], str] | None:
        coef, intercept, epochs, stops, rates, raw = _core.fit_perceptron(
            X, codes, len(classes), weights, start, self.learning_rate, self.max_iter, self.n_iter_no_change,
            self._flag("shuffle"), self._flag("fit_intercept"), self.random_state, self.init_scale,
            self._flag("keep_history"),
        )  # fmt: skip
        self.coef_, self.intercept_, self.n_iter_ = coef, intercept, max(epochs)
        self.stop_reason_ = one_reason(_REASONS, stops, classes)
        self.converged_ = all(stop == "separated" for stop in stops)
        self._kept = [(raw, rates)]
        self.__dict__.pop("history_", None)
        if "overflow" in stops or ("max_iter" in stops and self.n_iter_no_change is not None and start is None):
            return ConvergenceWarning, self.stop_reason_
        return None

    def _objective(self, z: Any, codes: Any, coef: Any, intercept: Any, weights: Any) -> float:
        return mean_over_rows(np.maximum(np.where(codes == 1, -z[:, 0], z[:, 0]), 0.0), weights)

    def _convention(self) -> str:
        return "loss: mean over rows of max(0, −y·z), y = ±1, as presented"

    def partial_fit(
        self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Make one epoch over some rows, going on from what was learned before: for rows that come bit by bit.

        The first call starts from zero weights. A call after ``fit`` goes on from there.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,)
            Labels; not every class need be among them.
        classes : array_like, optional
            All labels that will ever come; the first call needs them.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If the first call does not name the classes, if y holds another label, or if X has other features than
            before; otherwise as ``fit``.

        Examples
        --------
        >>> import underhood as uh
        >>> model = uh.models.Perceptron()
        >>> for _ in range(3):
        ...     model = model.partial_fit([[1.0, 2.0]], ["yes"], classes=["no", "yes"])
        ...     model = model.partial_fit([[2.0, 1.0]], ["no"])
        >>> model.predict([[1.0, 2.0], [2.0, 1.0]])
        array(['yes', 'no'], dtype='<U3')
        """
        return self._go_on(X, y, classes, sample_weight)

    def _rule(self) -> list[str]:
        bias = " + b" if self.fit_intercept else ""
        return [
            f"Perceptron: with y = ±1 and z = w·x{bias}, descend max(0, −y·z) row by row:",
            f"  where y·z ≤ 0:  w ← w + η·y·x{',  b ← b + η·y' if bias else ''}     (elsewhere nothing)",
            f"  η = {self.learning_rate:g}, rows in {'a new random' if self.shuffle else 'the same'} order every epoch",
            "  done when an epoch makes no update",
        ]
