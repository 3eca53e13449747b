"""What perceptron, Adaline and logistic regression share: planes, how they decide, and how they are shown."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _core
from underhood._results import format_value
from underhood.models._classifier import Classifier
from underhood.models._estimator import linear_formula
from underhood.models._history import History
from underhood.models._input import read_labels, read_matrix
from underhood.models._warnings import kin, retold

__all__ = ["LinearClassifier", "histories", "mean_over_rows", "one_reason"]


class LinearClassifier(Classifier):
    """A classifier made of planes z = w·x + b: the sign of z for two classes, the largest z for more."""

    coef_: NDArray[np.float64]
    intercept_: NDArray[np.float64]
    converged_: bool

    def _train(self, X: Any, codes: Any, classes: Any) -> tuple[type[Warning], str] | None:
        """Set what is learned; give the warning that the caller should see, if any."""
        raise NotImplementedError

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train the model.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers. Doubles in C order are read where they lie; anything else is converted once.
        y : array_like, shape (rows,)
            Labels of any kind that has an order: numbers, texts, booleans, categories; at least two different ones.

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
        name = type(self).__name__
        read = read_matrix(f"{name}.fit", X)
        classes, codes = read_labels(f"{name}.fit", y, read.shape[0])
        warning = self._train(read, codes, classes)
        self.classes_ = classes
        self._remember_features(X, read)
        if warning is not None:
            warnings.warn(f"{name}.fit: {warning[1]}", kin(warning[0]), stacklevel=2)
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

    def _mean_loss(self, z: NDArray[np.float64], codes: NDArray[np.int64], square: float, weights: Any) -> float:
        """Give the objective for net inputs (rows, planes), with ‖w‖² for a penalty, and weights of rows or None."""
        raise AttributeError(f"{type(self).__name__} has no picture of its loss")

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


def histories(raw: list[Any], rates: list[float], classes: Any, convention: str) -> Any:
    """One history for two classes; a dictionary of them by label for more; None if they were not kept."""
    made = [_history(one, rate, convention) for one, rate in zip(raw, rates, strict=True)]
    if any(one is None for one in made):
        return None
    return made[0] if len(made) == 1 else dict(zip(classes.tolist(), made, strict=True))


def _history(raw: Any, rate: float, convention: str) -> History | None:
    if raw is None:
        return None
    weights, bias, loss, errors, norm, initial_weights, initial_bias = raw
    epochs = len(loss)
    return History(
        np.arange(1, epochs + 1),
        loss,
        errors,
        weights,
        bias,
        norm,
        np.full(epochs, rate),
        initial_weights,
        initial_bias,
        convention,
    )


def one_reason(sentences: dict[str, str], stops: list[str], classes: Any) -> str:
    """Give the reason of all planes if they agree, else each with its class."""
    if len(set(stops)) == 1:
        return sentences[stops[0]]
    reasons = [f"{label}: {sentences[stop].rstrip('.')}" for label, stop in zip(classes, stops, strict=True)]
    return "; ".join(reasons) + "."
