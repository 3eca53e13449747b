"""A network that tells classes apart."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _models
from underhood.models._classifier import Classifier
from underhood.models._input import read_labels
from underhood.models._network import LayeredNetwork, takes_all_rows
from underhood.models._only_where import only_where

__all__ = ["MLPClassifier"]


class MLPClassifier(LayeredNetwork, Classifier):
    """A network of layers a = φ(X·W + b) whose last gives probabilities of classes: a multi-layer perceptron.

    For two classes P(second) = σ(z) = 1/(1 + e^(−z)) with one output z, for more P = softmax(z) with one a class.
    Minimised is, batch by batch,

        J = mean over the batch's rows of −ln P(own class) + α/(2·rows of the batch)·Σ‖W‖²,

    which is scikit-learn's objective (the penalty is divided by the rows of the batch, not by all rows, and biases are
    not penalised). The loss is one graph: ``loss_function`` gives it, ``gradients`` what it says of every layer.

    Parameters
    ----------
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
        Set rows aside, and stop when the accuracy on them no longer rises; the weights are then those of the best
        epoch. L-BFGS does not.
    validation_fraction : float, default 0.1
        The share of rows that ``early_stopping`` sets aside, of every class in proportion.
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
    classes_ : ndarray
        The labels in ascending order.
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
        Accuracy on the rows that ``early_stopping`` sets aside, after every epoch.
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
        ``"logistic"`` for two classes, ``"softmax"`` for more.
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
    MLPRegressor, LogisticRegression

    Notes
    -----
    The gradient is the reverse mode of the graph that ``loss_function`` shows, run as one program for each batch size.
    No copy of X is made beyond one conversion; a batch is copied, and its activations are kept: batch × (units of all
    layers), a few times.

    The cross entropy is computed from the net inputs, ln Σe^z − z, and does not clip probabilities. Labels of several
    columns (multilabel) are not read; train one network a column.

    References
    ----------
    D. Rumelhart, G. Hinton and R. Williams, "Learning representations by back-propagating errors", Nature 323 (1986)
    533, doi:10.1038/323533a0. D. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015,
    arXiv:1412.6980. X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", AISTATS 2010.

    Examples
    --------
    Exclusive or, which no plane tells apart:

    >>> import underhood as uh
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["no", "yes", "yes", "no"]
    >>> model = uh.models.MLPClassifier((2,), activation="tanh", solver="lbfgs", alpha=0.0, random_state=3).fit(X, y)
    >>> model.predict(X)
    array(['no', 'yes', 'yes', 'no'], dtype='<U3')
    >>> [name for name, gradient in model.gradients(X, y).items() if abs(gradient).max() < 1e-3]
    ['W1', 'b1', 'W2', 'b2']
    """

    def _read_y(self, method: str, y: Any, rows: int, known: Any) -> tuple[Any, int | None, Any]:
        function = f"{type(self).__name__}.{method}"
        classes, codes = read_labels(function, y, rows, single=known is not None)
        if known is None:
            return codes, len(classes), classes
        try:
            places = np.minimum(np.searchsorted(known, classes), len(known) - 1)
            unknown = classes[known[places] != classes]
        except TypeError:
            unknown = classes
        if len(unknown):
            raise ValueError(
                f"{function}: y holds the label {unknown.tolist()[0]!r}, which is none of the classes {known.tolist()}"
            )
        return places[codes].astype(np.int64), len(known), known

    def _out(self, classes: int | None) -> str:
        return "logistic" if classes == 2 else "softmax"

    def _remember_y(self, remembered: Any) -> None:
        self.classes_ = remembered

    def _known_classes(self) -> Any:
        return self.classes_

    @only_where(takes_all_rows)
    def partial_fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None, classes: ArrayLike | None = None
    ) -> Self:
        """Make one epoch over these rows, going on from the last.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,)
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.
        classes : array_like, optional
            All labels that will ever come; needed in the first call.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If the first call names no classes, if a label is none of them, or with ``early_stopping``.
        AttributeError
            With the solver ``"lbfgs"``, which needs all rows at once.
        """
        function = f"{type(self).__name__}.partial_fit"
        self._refuse_partial(function)
        goes_on = self.__sklearn_is_fitted__()
        known = self.classes_ if goes_on else None
        if classes is not None:
            named = np.unique(np.asarray(classes))
            if known is not None and not np.array_equal(named, known):
                raise ValueError(
                    f"{function}: `classes={named.tolist()}` is not the same as on last call to partial_fit, was: "
                    f"{known.tolist()}"
                )
            if len(named) < 2:
                raise ValueError(f"{function}: classes has only one class, but a classifier needs at least two")
            known = named
        if known is None:
            raise ValueError(f"{function}: classes must be passed on the first call to partial_fit.")
        self._learn("partial_fit", X, y, sample_weight, known=known, goes_on=goes_on)
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Class of each row: the most probable.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows,)
            Labels from ``classes_``.
        """
        read = self._read("predict", X)
        return self.classes_[self._layers().classes("predict", self._parameters(), read)]

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Probability of each class.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, classes)
            Columns in the order of ``classes_``; each row sums to 1.
        """
        read = self._read("predict_proba", X)
        return _models.probabilities(self._layers().net_inputs("predict_proba", self._parameters(), read))

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Logarithm of the probability of each class.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, classes)
            −∞ where a probability is 0 in doubles.
        """
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))
