"""What is shown of a trained network: its objective as a graph, its gradients, pictures and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import network as _core
from underhood._results import format_value
from underhood.models import _network_words as words
from underhood.models._estimator import Estimator
from underhood.models._input import read_weights
from underhood.models._network_history import NetworkHistory

if TYPE_CHECKING:
    from underhood._functions import Function

__all__ = ["ShownNetwork", "arrows"]


class ShownNetwork(Estimator):
    """A trained model of layers, whose loss is a graph."""

    coefs_: list[NDArray[np.float64]]
    intercepts_: list[NDArray[np.float64]]
    loss_: float
    loss_curve_: list[float]
    best_loss_: float | None
    validation_scores_: list[float] | None
    best_validation_score_: float | None
    n_layers_: int
    n_outputs_: int
    out_activation_: str
    t_: int
    converged_: bool
    history_: NetworkHistory | None
    activation: str
    solver: str
    alpha: float
    _fitted: tuple[list[int], str, str]
    """Sizes, activation and output of the layers."""
    _gradient: float
    _rows: int
    _spreads: NDArray[np.float64] | None

    def _read_y(self, method: str, y: Any, rows: int, known: Any) -> tuple[Any, int | None, Any]:
        """Give what the core reads, the number of classes if there are any, and what is to be remembered.

        ``known`` are the classes that were named beforehand.
        """
        raise NotImplementedError

    def _known_classes(self) -> Any:
        return None

    def _parameters(self) -> NDArray[np.float64]:
        both = zip(self.coefs_, self.intercepts_, strict=True)
        return np.concatenate([np.ravel(part) for pair in both for part in pair])

    def _layers(self) -> _core.Layers:
        sizes, activation, output = self._fitted
        return _core.Layers(type(self).__name__, sizes, activation, output)

    def _class_count(self) -> int | None:
        classes = self.__dict__.get("classes_")
        return None if classes is None else len(classes)

    def _names(self) -> list[str]:
        return [f"{letter}{k}" for k in range(1, self.n_layers_) for letter in ("W", "b")]

    def _data(self, method: str, X: Any, y: Any, sample_weight: Any) -> tuple[Any, Any, int | None, Any]:
        function = f"{type(self).__name__}.{method}"
        read = self._read(method, X)
        targets, classes, _ = self._read_y(method, y, read.shape[0], self._known_classes())
        return read, targets, classes, read_weights(function, sample_weight, read.shape[0])

    def loss_function(self, X: ArrayLike, y: Any, sample_weight: ArrayLike | None = None) -> Function:
        """Give the objective J of rows, taken as one batch, as a function of the weights: the graph that training ran.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,) or (rows, targets)
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        underhood.Function
            J(W1, b1, W2, b2, …). Its ``gradient("W1")`` is what a step of training on these rows begins with; it holds
            a copy of the rows.

        Examples
        --------
        >>> import underhood as uh
        >>> X, y = [[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 4.0, 9.0]
        >>> model = uh.models.MLPRegressor(hidden_layer_sizes=2, solver="lbfgs").fit(X, y)
        >>> J = model.loss_function(X, y)
        >>> J.arguments
        ('W1', 'b1', 'W2', 'b2')
        >>> J.gradient("W1")(model.coefs_[0], model.intercepts_[0], model.coefs_[1], model.intercepts_[1]).shape
        (1, 2)
        """
        from underhood._functions._of_graph import of_graph

        read, targets, classes, weights = self._data("loss_function", X, y, sample_weight)
        traced = self._layers().loss("loss_function", read, targets, classes, weights, float(self._as_fitted["alpha"]))
        return of_graph(traced, "J")

    def gradients(self, X: ArrayLike, y: Any, sample_weight: ArrayLike | None = None) -> dict[str, NDArray[np.float64]]:
        """Give J's gradient by the weights and biases of every layer, at the fitted ones, for rows taken as one batch.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,) or (rows, targets)
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        dict
            ``"W1"``, ``"b1"``, ``"W2"``, …, each in the shape of what it is taken by.
        """
        read, targets, classes, weights = self._data("gradients", X, y, sample_weight)
        flat = self._layers().gradient(
            "gradients", self._parameters(), read, targets, classes, weights, float(self._as_fitted["alpha"])
        )
        found, start = {}, 1
        parts = [part for pair in zip(self.coefs_, self.intercepts_, strict=True) for part in pair]
        for name, part in zip(self._names(), parts, strict=True):
            found[name] = flat[start : start + part.size].reshape(part.shape)
            start += part.size
        return found

    def plot_graph(self, X: ArrayLike, y: Any, sample_weight: ArrayLike | None = None, *, ax: Any = None) -> Any:
        """Draw the graph of J for rows: each node's value, and below it the gradient that flows back to it.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,) or (rows, targets)
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        loss = self.loss_function(X, y, sample_weight)
        parts = [part for pair in zip(self.coefs_, self.intercepts_, strict=True) for part in pair]
        return loss.plot_graph(*parts, ax=ax)

    def _draw_history(self, ax: Any) -> Any:
        from underhood.models._network_plots import plot_history

        return plot_history(self, ax)

    # What a reader sees

    def _passes(self) -> str:
        return super()._passes().replace("epoch", "step") if self._as_fitted["solver"] == "lbfgs" else super()._passes()

    def _rule(self) -> list[str]:
        sizes, activation, output = self._fitted
        layers = len(sizes) - 1
        rows = f"at most {self._rows} rows" if self.solver != "lbfgs" else "all rows"
        return [
            *words.architecture(sizes, activation, output),
            *words.objective(output, self.alpha, layers),
            *words.chain_rule(activation, output, layers, self.alpha != 0),
            *words.update_rule(self, rows),
        ]

    def _findings(self) -> list[str]:
        lines = [
            f"J = {format_value(self.loss_)} in the last epoch, its gradient's length {format_value(self._gradient)}: "
            "means over its batches, each before its own step."
        ]
        if self.solver == "lbfgs":
            lines = [
                f"J = {format_value(self.loss_)} at the end, its gradient's largest component {self._gradient:.2g}."
            ]
        if self.best_validation_score_ is not None:
            lines.append(f"The best validation score was {format_value(self.best_validation_score_)}.")
        lengths = np.linalg.norm(self.coefs_[0], axis=1)
        if self._spreads is not None:
            lengths = lengths * self._spreads
        return [*lines, words.listened(lengths, self._spreads is not None, self._feature_names())]

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("layers", arrows(self._fitted[0])),
            ("loss_", format_value(self.loss_)),
            ("n_iter_", str(self.n_iter_)),
            ("stop_reason_", self.stop_reason_),
        ]


def arrows(sizes: list[int]) -> str:
    """Write sizes of layers in a row."""
    return " → ".join(map(str, sizes))
