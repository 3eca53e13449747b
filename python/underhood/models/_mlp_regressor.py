"""A network that predicts numbers."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood.models._input import read_target, refuse_overflow
from underhood.models._network import LayeredNetwork, takes_all_rows
from underhood.models._only_where import only_where
from underhood.models._regressor import Regressor

__all__ = ["MLPRegressor"]


class MLPRegressor(LayeredNetwork, Regressor):
    """A network of layers a = φ(X·W + b) whose last gives numbers: a multi-layer perceptron.

    Minimised is, batch by batch,

        J = mean over the batch's rows of ½‖ŷ − y‖² + α/(2·rows of the batch)·Σ‖W‖²,

    or with ``loss="poisson"``, where ŷ = e^z, the mean of half the deviance, ŷ − y + y·ln(y/ŷ). Steps are
    scikit-learn's. Of several targets J is the sum, whose gradient they follow; scikit-learn reports the mean as its
    loss.

    The loss is one graph: ``loss_function`` gives it, ``gradients`` what it says of every layer.

    Parameters
    ----------
    loss : {"squared_error", "poisson"}, default "squared_error"
        What is minimised.
    hidden_layer_sizes : int or sequence of int, default (100,)
        Units of each hidden layer; ``()`` for none.
    activation : {"identity", "logistic", "tanh", "relu"}, default "relu"
        What hidden layers do with their net inputs. The slope of relu at 0 is taken as 0.
    solver : {"lbfgs", "sgd", "adam"}, default "adam"
        A step a batch, with momentum (``sgd``) or by Adam; or all rows at once by L-BFGS.
    alpha : float, default 1e-4
        Strength α of the penalty.
    batch_size : int or "auto", default "auto"
        Rows of a batch: "auto" takes 200. No more than there are.
    learning_rate : {"constant", "invscaling", "adaptive"}, default "constant"
        How ``sgd`` changes its rate: not at all; to ``learning_rate_init/(rows seen + 1)**power_t`` after each epoch;
        or to a fifth of it whenever it would stop otherwise, down to 1e-6.
    learning_rate_init : float, default 0.001
        The rate η at the beginning.
    power_t : float, default 0.5
        Exponent of ``"invscaling"``.
    max_iter : int, default 200
        Most epochs (steps of L-BFGS).
    shuffle : bool, default True
        Take the rows in a new random order in every epoch.
    random_state : int, numpy.random.Generator or None, default 0
        Seed of the first weights, of the rows set aside and of the order: the same seed gives the same bits, others
        than scikit-learn's. None takes a new one each time.
    tol : float, default 1e-4
        Progress below which an epoch counts as none; for L-BFGS, what every component of the gradient must be within.
    warm_start : bool, default False
        Let ``fit`` go on from the weights of the last one.
    momentum : float, default 0.9
        μ of ``sgd``, from 0 to 1.
    nesterovs_momentum : bool, default True
        Look ahead along the momentum.
    early_stopping : bool, default False
        Set rows aside, and stop when R² on them no longer rises; the weights are then those of the best epoch.
        L-BFGS does not.
    validation_fraction : float, default 0.1
        The share of rows that ``early_stopping`` sets aside.
    beta_1, beta_2, epsilon : float, default 0.9, 0.999, 1e-8
        How long Adam remembers gradients and their squares, and what keeps its steps short where they are small.
    n_iter_no_change : int, default 10
        More epochs than these in a row without progress end the training.
    max_fun : int, default 15000
        Most evaluations of J by L-BFGS.
    init : pair (coefs, intercepts) or None, default None
        Weights to begin with, as ``coefs_`` and ``intercepts_`` hold them. None draws them as Glorot and Bengio do,
        from ±√(6/(inputs + outputs)) of each layer (2 instead of 6 for logistic layers).
    keep_history : bool, default True
        Keep ``history_``.

    Attributes
    ----------
    coefs_ : list of ndarray, shape (inputs, outputs) of each layer
        The weights W.
    intercepts_ : list of ndarray, shape (outputs,) of each layer
        The biases b.
    loss_ : float
        J of the last epoch, the mean over its batches, each before its own step; of L-BFGS at the end.
    loss_curve_ : list of float
        The same of every epoch.
    best_loss_ : float or None
        The smallest of them; None with ``early_stopping``.
    validation_scores_ : list of float or None
        R² on the rows that ``early_stopping`` sets aside, after every epoch.
    best_validation_score_ : float or None
        The largest of them.
    n_iter_ : int
        Epochs (steps of L-BFGS) that were made.
    t_ : int
        Rows that steps have seen.
    n_layers_ : int
        Number of layers, inputs and outputs included.
    n_outputs_ : int
        Number of outputs.
    out_activation_ : str
        ``"identity"``, or ``"exp"`` for the Poisson loss.
    stop_reason_ : str
        Why training stopped.
    converged_ : bool
        Whether it stopped by ``tol``: the loss (or the validation score) stood still, or, for L-BFGS, the gradient is
        small. A loss that stands still says nothing of the gradient.
    history_ : NetworkHistory or None
        Numbers of every epoch: loss, gradient, rate, and how large a step of each layer is beside the layer.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Warns
    -----
    ConvergenceWarning
        If ``max_iter`` epochs were not enough.
    DivergenceWarning
        If the loss ended at more than twice its best or its start, or the numbers left the range of doubles. The
        weights are the last finite ones.

    See Also
    --------
    MLPClassifier

    Notes
    -----
    The gradient is the reverse mode of the graph that ``loss_function`` shows, run as one program for each batch size.
    No copy of X is made beyond one conversion; a batch is copied, and its activations are kept: batch × (units of all
    layers), a few times.

    A target whose spread is far from 1 slows the training down: standardise it too.

    References
    ----------
    D. Rumelhart, G. Hinton and R. Williams, "Learning representations by back-propagating errors", Nature 323 (1986)
    533, doi:10.1038/323533a0. D. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015,
    arXiv:1412.6980. X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", AISTATS 2010.

    Examples
    --------
    >>> import numpy as np
    >>> import underhood as uh
    >>> X = np.linspace(-3.0, 3.0, 61)[:, np.newaxis]
    >>> y = np.sin(X[:, 0])
    >>> model = uh.models.MLPRegressor(hidden_layer_sizes=(8,), activation="tanh", solver="lbfgs", alpha=0.0)
    >>> bool(model.set_params(max_iter=2000).fit(X, y).score(X, y) > 0.999)
    True
    """

    def __init__(
        self,
        loss: str = "squared_error",
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
        self.loss = loss
        super().__init__(
            hidden_layer_sizes, activation, solver=solver, alpha=alpha, batch_size=batch_size,
            learning_rate=learning_rate, learning_rate_init=learning_rate_init, power_t=power_t,
            max_iter=max_iter, shuffle=shuffle, random_state=random_state, tol=tol, warm_start=warm_start,
            momentum=momentum, nesterovs_momentum=nesterovs_momentum, early_stopping=early_stopping,
            validation_fraction=validation_fraction, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon,
            n_iter_no_change=n_iter_no_change, max_fun=max_fun, init=init, keep_history=keep_history,
        )  # fmt: skip

    def _read_y(self, method: str, y: Any, rows: int, known: Any) -> tuple[Any, int | None, Any]:
        target = read_target(f"{type(self).__name__}.{method}", y, rows)
        return (target[:, np.newaxis] if target.ndim == 1 else target), None, None

    def _out(self, classes: int | None) -> str:
        if self.loss not in ("squared_error", "poisson"):
            raise ValueError(
                f'{type(self).__name__}.fit: loss is {self.loss!r}, but must be "squared_error" or "poisson"'
            )
        return "identity" if self.loss == "squared_error" else "exp"

    def _remember_y(self, remembered: Any) -> None:
        """Nothing: a number is a number."""

    @only_where(takes_all_rows)
    def partial_fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Make one epoch over these rows, going on from the last.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,) or (rows, targets)
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            With ``early_stopping``.
        AttributeError
            With the solver ``"lbfgs"``, which needs all rows at once.
        """
        self._refuse_partial(f"{type(self).__name__}.partial_fit")
        self._learn("partial_fit", X, y, sample_weight, goes_on=self.__sklearn_is_fitted__())
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Prediction for each row.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows,) or (rows, targets)
        """
        read = self._read("predict", X)
        z = self._layers().net_inputs("predict", self._parameters(), read)
        if self.out_activation_ == "exp":
            with np.errstate(over="ignore"):
                z = np.exp(z)
        predicted = refuse_overflow(f"{type(self).__name__}.predict", z)
        return predicted[:, 0] if predicted.shape[1] == 1 else predicted

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
