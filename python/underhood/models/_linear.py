"""What perceptron, Adaline and logistic regression share: planes, how they decide, and how they are shown."""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _core
from underhood._results import format_value
from underhood.models._class_weight import row_weights
from underhood.models._classifier import Classifier
from underhood.models._estimator import linear_formula
from underhood.models._history import History
from underhood.models._input import read_labels, read_matrix
from underhood.models._warnings import kin, retold

__all__ = ["LinearClassifier", "epochs_of_planes", "mean_over_rows", "one_reason"]

ONE_EPOCH = "partial_fit makes one epoch over the rows that it is given; when to stop is for its caller to say."
"""The reason why a plane stopped that learns bit by bit."""


class LinearClassifier(Classifier):
    """A classifier made of planes z = w·x + b: the sign of z for two classes, the largest z for more."""

    class_weight: Any
    coef_: NDArray[np.float64]
    intercept_: NDArray[np.float64]
    converged_: bool
    _kept: list[Any]
    """What the core kept of each epoch: one entry a call of fit or partial_fit."""

    def _convention(self) -> str:
        """Say what the loss of the history is."""
        raise NotImplementedError

    def _train(self, X: Any, codes: Any, classes: Any, weights: Any, start: Any) -> tuple[type[Warning], str] | None:
        """Set what is learned; give the warning that the caller should see, if any.

        ``start`` is None, or the planes from which one epoch goes on.
        """
        raise NotImplementedError

    def _make_history(self) -> Any:
        """Make of what was kept what a reader sees."""
        return epochs_of_planes(self._kept, self.classes_, self._convention())

    @cached_property
    def history_(self) -> Any:
        """Numbers of every epoch; None if they were not kept."""
        self._require_fit("history_")
        return self._make_history()

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train the model.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers. Doubles in C order are read where they lie; anything else is converted once.
        y : array_like, shape (rows,)
            Labels of any kind that has an order: numbers, texts, booleans, categories; at least two different ones.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts: a weight of two as much as two such rows, a weight of zero not at all. All count
            alike without it.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where), if there is only one class, if shapes do not
            fit, or if a parameter is out of range.
        TypeError
            If X holds no real numbers.
        """
        name = f"{type(self).__name__}.fit"
        read = read_matrix(name, X)
        classes, codes = read_labels(name, y, read.shape[0])
        weights = row_weights(name, self.class_weight, sample_weight, classes, codes)
        warning = self._train(read, codes, classes, weights, None)
        self.classes_ = classes
        self._remember_features(X, read, weights)
        if warning is not None:
            warnings.warn(f"{name}: {warning[1]}", kin(warning[0]), stacklevel=2)
        return self

    def _go_on(self, X: Any, y: Any, classes: Any, sample_weight: Any) -> Self:
        """Make one more epoch: what ``partial_fit`` of the models does that learn row by row."""
        name = f"{type(self).__name__}.partial_fit"
        read = read_matrix(name, X)
        given = None
        if classes is not None:
            given = read_labels(name, classes, len(list(classes)) if np.iterable(classes) else 1, "classes")[0]
        begun = self.__sklearn_is_fitted__()
        if begun:
            self._check_features("partial_fit", X, read)
            known, start = self.classes_, (self.coef_, self.intercept_)
            if given is not None and given.tolist() != known.tolist():
                raise ValueError(f"{name}: classes is {given.tolist()}, but was {known.tolist()} before")
        elif given is None:
            raise ValueError(
                f"{name}: classes is None, but the first call must name all classes that will ever come: later rows "
                "may be of classes that these are not"
            )
        else:
            planes = 1 if len(given) == 2 else len(given)
            known, start = given, (np.zeros((planes, read.shape[1])), np.zeros(planes))
        codes = _codes_among(name, y, read.shape[0], known)
        if isinstance(self.class_weight, str):
            raise ValueError(
                f"{name}: class_weight is {self.class_weight!r}, but how many rows of each class will come is not "
                "known; pass a dictionary"
            )
        weights = row_weights(name, self.class_weight, sample_weight, known, codes)
        made, kept = (self.n_iter_, self._kept) if begun else (0, [])
        warning = self._train(read, codes, known, weights, start)
        self.n_iter_ += made
        self._kept = [*kept, *self._kept]
        self.stop_reason_, self.converged_ = ONE_EPOCH if warning is None else self.stop_reason_, False
        if not begun:
            self.classes_ = known
            self._remember_features(X, read, weights)
        self._weighted = self._weighted or weights is not None
        if warning is not None:
            warnings.warn(f"{name}: {warning[1]}", kin(warning[0]), stacklevel=3)
        return self

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Net inputs z = w·x + b.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray
            Shape (rows,) for two classes, where z > 0 means ``classes_[1]``; shape (rows, classes) for more.
        """
        read = self._read("decision_function", X)
        z = self._net_input("decision_function", read)
        return z[:, 0] if z.shape[1] == 1 else z

    def _net_input(self, method: str, read: Any) -> NDArray[np.float64]:
        """Net inputs with a column a plane; a refusal names the method that the caller called."""
        try:
            return _core.decision_function(read, self.coef_, self.intercept_)
        except (TypeError, ValueError) as error:
            raise retold(error, "decision_function", f"{type(self).__name__}.{method}") from None

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Class of each row.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows,)
            Labels from ``classes_``.
        """
        read = self._read("predict", X)
        try:
            codes = _core.predict_codes(read, self.coef_, self.intercept_)
        except (TypeError, ValueError) as error:
            raise retold(error, "predict", f"{type(self).__name__}.predict") from None
        return self.classes_[codes]

    # What a reader sees.

    def _findings(self) -> list[str]:
        names = self._feature_names()
        classes = self.classes_.tolist()
        if len(self.coef_) == 1:
            return [
                f"The plane: {classes[1]!r} where z > 0, {classes[0]!r} elsewhere, with",
                "  z = " + linear_formula(self.coef_[0], self.intercept_[0], names),
            ]
        return [
            "One plane a class; the class whose z is largest wins:",
            *(
                f"  z({label!r}) = " + linear_formula(w, b, names)
                for label, w, b in zip(classes, self.coef_, self.intercept_, strict=True)
            ),
        ]

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("classes_", ", ".join(map(repr, self.classes_.tolist()))),
            ("coef_", format_value(self.coef_)),
            ("intercept_", format_value(self.intercept_)),
            ("n_iter_", str(self.n_iter_)),
            ("stop_reason_", self.stop_reason_),
        ]

    # Pictures.

    def _objective(self, z: Any, codes: Any, coef: Any, intercept: Any, weights: Any) -> float:
        """Give the objective for net inputs (rows, planes) of some planes, and weights of rows or None."""
        raise NotImplementedError

    def _weights_of_rows(self, function: str, sample_weight: Any, codes: Any, plane: int) -> Any:
        """Give what each row counts for one of the planes; None where all count alike."""
        return row_weights(function, self.class_weight, sample_weight, self.classes_, codes)

    def plot_loss_surface(
        self,
        X: ArrayLike,
        y: ArrayLike,
        ax: Any = None,
        *,
        weights: Any = None,
        label: Any = None,
        sample_weight: ArrayLike | None = None,
    ) -> Any:
        """Draw the loss over two of the weights, and the way that training took on it.

        All other weights are held where the fit ended, so that the surface is right there, and the beginning of the
        path is drawn on ground that was another then; with two features only the bias is held. Of training that
        diverged the first steps are drawn, and the other weights are held where it began.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,)
            What the model was fitted with.
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.
        weights : pair of names or numbers, optional
            Which two: columns, or "bias". By default both columns, the only one and the bias, or of many columns those
            two whose weights moved most.
        label : label, optional
            Which plane of more than two classes; by default that of the last class.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts, as in ``fit``.

        Returns
        -------
        matplotlib Axes

        Raises
        ------
        ValueError
            If the model kept no history, or ``weights`` or ``label`` name none.
        """
        from underhood.models._loss_surface import loss_course
        from underhood.plot._canvas import axes
        from underhood.plot._descent import path

        self._require_fit("plot_loss_surface")
        course, labels = loss_course(self, X, y, weights, label, sample_weight, "plot_loss_surface")
        ax = path(course, axes(ax))
        ax.set(xlabel=labels[0], ylabel=labels[1])
        ax.set_title(course.title, fontsize="small", wrap=True)
        return ax

    def animate(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        what: str = "boundary",
        kind: str = "html",
        frames: int | None = None,
        weights: Any = None,
        label: Any = None,
        sample_weight: ArrayLike | None = None,
    ) -> Any:
        """Show how training moved the boundary, epoch by epoch.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,)
        what : {"boundary", "loss"}, default "boundary"
            The regions of the classes among the rows (of more than two features in the plane of
            :meth:`plot_boundary`), or the path over the surface of :meth:`plot_loss_surface`.
        kind : {"html", "frames"}, default "html"
            ``"html"``: a page in itself, with play, pause and a slider, that a notebook shows and keeps; it needs no
            network and no other program. ``"frames"``: a still picture of several moments.
        frames : int, optional
            How many moments; by default up to 150 in the page and 9 in the picture, closer together at the start.
        weights, label, sample_weight
            As in :meth:`plot_loss_surface`.

        Returns
        -------
        Animation or matplotlib Figure
            An animation shows itself in Jupyter; ``.html`` is its page and ``.save("training.html")`` writes it.

        Raises
        ------
        ValueError
            If the model kept no history, or an option is none of those above.

        Examples
        --------
        >>> import underhood as uh
        >>> X, y = [[-2.0, 0.0], [-1.0, 1.0], [1.0, 0.0], [2.0, 1.0]], [0, 0, 1, 1]
        >>> uh.models.Adaline().fit(X, y).animate(X, y).html.startswith("<!doctype html>")
        True
        """
        from underhood.models._training_pictures import animate

        self._require_fit("animate")
        return animate(self, X, y, what, kind, frames, (weights, label, sample_weight))


def mean_over_rows(values: NDArray[np.float64], weights: Any) -> float:
    """Mean of a number a row; with weights, the weighted one."""
    return float(np.mean(values) if weights is None else weights @ values / weights.sum())


def _codes_among(function: str, y: Any, rows: int, known: Any) -> Any:
    """Give the place of each label among known classes."""
    found, codes = read_labels(function, y, rows, single=True)
    places = {label: k for k, label in enumerate(known.tolist())}
    new = [label for label in found.tolist() if label not in places]
    if new:
        raise ValueError(
            f"{function}: y holds {new[0]!r}, which is not among the classes of the first call ({known.tolist()})"
        )
    return np.array([places[label] for label in found.tolist()], dtype=np.int64)[codes]


def epochs_of_planes(kept: list[Any], classes: Any, convention: str, first: int = 1) -> Any:
    """One history for two classes; a dictionary of them by label for more; None if they were not kept.

    ``first`` is 0 where the start is the first of what was kept.
    """
    if any(one is None for raw, _ in kept for one in raw):
        return None
    made = [_history([(raw[k], rates[k]) for raw, rates in kept], convention, first) for k in range(len(kept[0][0]))]
    return made[0] if len(made) == 1 else dict(zip(classes.tolist(), made, strict=True))


def _history(parts: list[tuple[Any, float]], convention: str, first: int) -> History:
    """Join what the calls of fit and partial_fit kept of one plane."""
    columns = list(zip(*(raw for raw, _ in parts), strict=True))
    weights, bias, loss, errors, norm = (np.concatenate(column) for column in columns[:5])
    return History(
        np.arange(first, first + len(loss)),
        loss,
        errors,
        weights,
        bias,
        norm,
        np.concatenate([np.full(len(raw[2]), rate) for raw, rate in parts]),
        columns[5][0],
        columns[6][0],
        convention,
    )


def one_reason(sentences: dict[str, str], stops: list[str], classes: Any) -> str:
    """Give the reason of all planes if they agree, else each with its class."""
    if len(set(stops)) == 1:
        return sentences[stops[0]]
    reasons = [f"{label}: {sentences[stop].rstrip('.')}" for label, stop in zip(classes, stops, strict=True)]
    return "; ".join(reasons) + "."
