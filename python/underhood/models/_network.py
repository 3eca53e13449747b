"""What both networks share while they train: sizes, starts, the core's call, and why it stopped."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _models
from underhood._core import network as _core
from underhood.models import _network_words as words
from underhood.models._input import read_matrix, read_weights
from underhood.models._network_history import NetworkHistory
from underhood.models._network_shown import ShownNetwork, arrows
from underhood.models._warnings import ConvergenceWarning, DivergenceWarning, warn_the_caller

__all__ = ["LayeredNetwork", "takes_all_rows"]

_LARGEST = float(np.finfo(np.float64).max)
_RANGES = (("momentum", 0.0, 1.0), ("power_t", -_LARGEST, _LARGEST), ("beta_1", 0.0, 1.0), ("beta_2", 0.0, 1.0))
"""Numbers of one solver each. What it asks of them beyond this it says when it is in use."""


def takes_all_rows(model: Any, method: str) -> str | None:
    """Say why a network has no ``partial_fit``, if it has none."""
    if model.solver != "lbfgs":
        return None
    return f'{type(model).__name__}.{method}: solver is "lbfgs", which needs all rows at once; take "sgd" or "adam"'


class LayeredNetwork(ShownNetwork):
    """A model of layers whose loss is a graph: trained by the graph's gradient, and shown as it is."""

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 1e-4,
        batch_size: int | str = "auto",
        learning_rate: str = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = 0,
        tol: float = 1e-4,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: int = 10,
        max_fun: int = 15000,
        init: Any = None,
        keep_history: bool = True,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.max_fun = max_fun
        self.init = init
        self.keep_history = keep_history

    # What classifier and regressor do in their own ways.

    def _out(self, classes: int | None) -> str:
        raise NotImplementedError

    def _remember_y(self, remembered: Any) -> None:
        raise NotImplementedError

    # Training

    def _check_numbers(self, function: str) -> None:
        """Refuse numbers that make no sense, also those that the solver in use does not look at."""
        for name, least, most in _RANGES:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
                raise TypeError(f"{function}: {name} is a {type(value).__name__}, but must be a number")
            if not least <= value <= most:
                wanted = f"between {least:g} and {most:g}" if most < _LARGEST else "finite"
                raise ValueError(f"{function}: {name} is {value:g}, but must be {wanted}")

    def _sizes(self, function: str, features: int, outputs: int) -> list[int]:
        hidden = self.hidden_layer_sizes
        sizes = [hidden] if isinstance(hidden, int | np.integer) else hidden
        try:
            sizes = list(sizes)
        except TypeError:
            raise TypeError(
                f"{function}: hidden_layer_sizes is a {type(hidden).__name__}, but must be whole numbers, one a hidden "
                "layer"
            ) from None
        for size in sizes:
            if isinstance(size, bool) or not isinstance(size, int | np.integer):
                raise TypeError(f"{function}: hidden_layer_sizes holds {size!r}, but must hold whole numbers")
            if size < 1:
                raise ValueError(f"{function}: hidden_layer_sizes holds {size}, but a layer has at least 1 unit")
        return [features, *map(int, sizes), outputs]

    def _start(self, function: str, sizes: list[int], goes_on: bool) -> Any:
        """Give the parameters to begin with; None for new ones."""
        if goes_on:
            shapes = [coef.shape for coef in self.coefs_]
            if shapes != list(pairwise(sizes)):
                raise ValueError(
                    f"{function}: the layers are {arrows(sizes)}, but the fitted ones, from which it would go on, are "
                    f"{arrows([shapes[0][0], *(b for _, b in shapes)])}"
                )
            return self._parameters()
        if self.init is None:
            return None
        try:
            coefs, intercepts = self.init
            parts = [
                np.asarray(part, dtype=np.float64) for pair in zip(coefs, intercepts, strict=True) for part in pair
            ]
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"{function}: init must be a pair (coefs, intercepts), two lists with an array a layer: {error}"
            ) from None
        wanted: list[tuple[int, ...]] = []
        for a, b in pairwise(sizes):
            wanted += [(a, b), (b,)]
        found = [part.shape for part in parts]
        if found != wanted:
            raise ValueError(f"{function}: init has arrays of the shapes {found}, but the layers need {wanted}")
        return np.concatenate([part.ravel() for part in parts])

    def _learn(
        self, method: str, X: Any, y: Any, sample_weight: Any, *, known: Any = None, goes_on: bool = False
    ) -> None:
        name = type(self).__name__
        function = f"{name}.{method}"
        for option in ("activation", "solver", "learning_rate"):
            value = getattr(self, option)
            if not isinstance(value, str):
                raise TypeError(f"{function}: {option} is a {type(value).__name__}, but must be a name")
        self._check_numbers(function)
        read = read_matrix(function, X)
        if goes_on:
            self._check_features(method, X, read)
        rows, features = read.shape
        targets, classes, remembered = self._read_y(method, y, rows, known)
        weights = read_weights(function, sample_weight, rows)
        outputs = targets.shape[1] if classes is None else 1 if classes == 2 else classes
        sizes = self._sizes(function, features, outputs)
        layers = _core.Layers(name, sizes, self.activation, self._out(classes))
        state = self.__dict__.get("_state") if method == "partial_fit" and goes_on else None
        patience = 2**62 if self.n_iter_no_change == np.inf else self.n_iter_no_change
        batch: Any = self.batch_size
        if isinstance(batch, str):
            if batch != "auto":
                raise ValueError(f'{function}: batch_size is {batch!r}, but must be "auto" or a whole number')
            batch = None
        found = layers.fit(
            method, read, targets, classes, weights, self._start(function, sizes, goes_on), state, self.solver,
            self.alpha, batch, self.learning_rate, self.learning_rate_init, self.power_t,
            self.max_iter, self._flag("shuffle"), self.random_state, self.tol, self.momentum,
            self._flag("nesterovs_momentum"), self._flag("early_stopping") and self.solver != "lbfgs",
            self.validation_fraction, self.beta_1, self.beta_2, self.epsilon, patience, self.max_fun,
            self._flag("keep_history"),
        )  # fmt: skip
        self._remember_y(remembered)
        if not goes_on:
            self._remember_features(X, read, weights)
            self._spreads = _spreads(read)
        self._remember_parameters()
        self._keep(found, sizes, layers, method == "partial_fit" and goes_on, rows)
        self._warn(function, method, found[3])

    def _keep(self, found: Any, sizes: list[int], layers: _core.Layers, more: bool, rows: int) -> None:
        theta, self._state, steps, stop, self.loss_, losses, scores, self._gradient, kept = found
        earlier = (self.loss_curve_, self.history_) if more else ([], None)
        self._fitted = (sizes, self.activation, self._out(self._class_count()))
        self._rows = min(rows, 200 if isinstance(self.batch_size, str) else int(self.batch_size))
        self.coefs_, self.intercepts_ = [], []
        start = 0
        for a, b in pairwise(sizes):
            middle, end = start + a * b, start + a * b + b
            self.coefs_.append(theta[start:middle].reshape(a, b))
            self.intercepts_.append(theta[middle:end])
            start = end
        self.n_layers_, self.n_outputs_, self.out_activation_ = len(sizes), sizes[-1], self._fitted[2]
        self.n_iter_ = (self.n_iter_ if more else 0) + steps
        self.t_ = self._state[3]
        self.loss_curve_ = earlier[0] + losses
        watched = bool(scores)
        self.best_loss_ = None if watched else min(self.loss_curve_, default=self.loss_)
        self.validation_scores_ = scores if watched else None
        self.best_validation_score_ = max(scores) if watched else None
        self.converged_ = stop in ("converged", "precision") or (stop == "no_progress" and self.solver != "lbfgs")
        self.stop_reason_ = self._reason(stop)
        self.history_ = None if kept is None else self._history(kept, losses, scores, earlier[1])

    def _history(self, kept: Any, losses: list[float], scores: list[float], earlier: Any) -> NetworkHistory:
        norm, step, ratio = kept
        loss = np.array(losses[: len(norm)])
        if earlier is not None:
            loss, norm, step = (
                np.concatenate(pair)
                for pair in ((earlier.loss, loss), (earlier.gradient_norm, norm), (earlier.step, step))
            )
            ratio = np.concatenate([earlier.update_ratio, ratio])
        epoch = np.arange(1, len(loss) + 1)
        score = np.array(scores) if scores else None
        return NetworkHistory(epoch, loss, norm, step, ratio, score, words.convention(self.out_activation_))

    def _reason(self, stop: str) -> str:
        if self.solver == "lbfgs":
            return {
                "converged": f"every component of the gradient is within tol={self.tol:g} of zero.",
                "precision": "the gradient is as small as doubles allow for these data.",
                "no_progress": "no step lowers the loss any more, although the gradient is not small (largest "
                f"component {self._gradient:.2g}): a corner of the activation, or rounding.",
            }.get(
                stop,
                f"{self.n_iter_} steps were made (max_iter={self.max_iter}, max_fun={self.max_fun}) before the "
                f"gradient was small enough (largest component {self._gradient:.2g}).",
            )
        watched = self.validation_scores_ is not None
        if stop == "overflow":
            return (
                "the numbers left the range of doubles: the learning rate is too large for these data. The weights are "
                + (
                    "those of the best epoch."
                    if watched
                    else f"the last finite ones, those after {self.n_iter_} epochs."
                )
            )
        if stop == "diverged":
            return (
                f"the loss, {self.loss_:.3g}, is more than twice what it was at its best or at the start: the learning "
                "rate is too large for these data."
            )
        if stop == "no_progress":
            if self.validation_scores_ is not None:
                best = int(np.argmax(self.validation_scores_)) + 1
                return (
                    f"the validation score has not risen by tol={self.tol:g} in {self.n_iter_no_change} epochs; the "
                    f"weights are those of epoch {best}, whose score was best."
                )
            return (
                f"the loss has not fallen by tol={self.tol:g} below its best in {self.n_iter_no_change} epochs: it "
                "stands still, or hovers around a low place."
            )
        return "as many epochs were made as were asked for; the loss did not stand still before."

    def _warn(self, function: str, method: str, stop: str) -> None:
        if stop in ("overflow", "diverged"):
            kind: type[Warning] = DivergenceWarning
            advice = "Take a smaller learning_rate_init, or standardise the columns if they are not"
        elif (stop == "max_iter" and method == "fit") or (stop == "no_progress" and self.solver == "lbfgs"):
            kind, advice = ConvergenceWarning, "Allow more (max_iter), or standardise the columns if they are not"
        else:
            return
        warn_the_caller(kind, f"{function}: {self.stop_reason_} {advice}")

    # What a caller does

    def _refuse_partial(self, function: str) -> None:
        if self.early_stopping:
            raise ValueError(f"{function}: partial_fit does not support early_stopping=True: there is nothing to stop")

    def fit(self, X: ArrayLike, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """Train the network.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers. Doubles in C order are read where they lie; anything else is converted once.
        y : array_like, shape (rows,) or, for a regressor, (rows, targets)
            Labels of a classifier, numbers of a regressor.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts in the mean of its batch.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where), if shapes do not fit, or if a parameter is out of
            range.
        TypeError
            If X holds no real numbers.
        """
        goes_on = self._flag("warm_start") and self.__sklearn_is_fitted__()
        known = self._known_classes() if goes_on else None
        self._learn("fit", X, y, sample_weight, known=known, goes_on=goes_on)
        return self


def _spreads(X: Any) -> NDArray[np.float64] | None:
    """Give the standard deviation of each column; None where squares of X are beyond the doubles."""
    try:
        return np.sqrt(_models.fit_scaler(X)[1])
    except ValueError:
        return None
