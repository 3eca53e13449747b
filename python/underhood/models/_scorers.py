"""Scores of a fitted model on rows, by name, such as "accuracy", "roc_auc" or "neg_mean_squared_error"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from underhood._tables import unknown_name
from underhood.models import _classification_metrics as classes
from underhood.models import _precision_recall as each
from underhood.models import _precision_recall_curve as curves
from underhood.models import _probability_metrics as probabilities
from underhood.models import _regression_metrics as numbers
from underhood.models import _roc as ranks

__all__ = ["Scorer", "get_scorer", "get_scorer_names", "make_scorer", "read_scoring"]


class Scorer:
    """A score that is asked of a model with rows and their truth: ``scorer(model, X, y)``."""

    __slots__ = ("_labels", "_name", "_options", "_response", "_score", "_sign")

    def __init__(self, score: Any, sign: int, response: str, options: dict[str, Any], labels: bool, name: str) -> None:
        self._score, self._sign, self._response, self._options = score, sign, response, options
        self._labels, self._name = labels, name

    def __call__(self, estimator: Any, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Score a fitted model: the greater, the better."""
        options = dict(self._options)
        if sample_weight is not None:
            options["sample_weight"] = sample_weight
        answer = self._answer(estimator, X, options)
        return self._sign * float(self._score(y, answer, **options))

    def _answer(self, estimator: Any, X: Any, options: dict[str, Any]) -> Any:
        """Ask the model for what the score judges."""
        name = self._name
        if self._response == "predict":
            return estimator.predict(X)
        known = list(getattr(estimator, "classes_", ()))
        if self._labels:
            options["labels"] = known
        if self._response == "threshold" and hasattr(estimator, "decision_function"):
            score = np.asarray(estimator.decision_function(X))
        elif hasattr(estimator, "predict_proba"):
            score = np.asarray(estimator.predict_proba(X))
        else:
            needed = "predict_proba" if self._response == "predict_proba" else "decision_function or predict_proba"
            raise AttributeError(f"scoring {name!r} needs {needed}, which {type(estimator).__name__} does not have")
        if self._response == "threshold" and score.ndim == 2 and score.shape[1] == 2:
            score = score[:, 1]
        if name in ("average_precision",) and len(known) == 2:
            options["pos_label"] = known[1]
        if name == "neg_brier_score":
            score, options["pos_label"] = score[:, 1], known[1]
        return score

    def __repr__(self) -> str:
        return f"Scorer({self._name!r})"


def make_scorer(
    score_func: Callable[..., Any], *, response_method: str = "predict", greater_is_better: bool = True, **options: Any
) -> Scorer:
    """Make of a function of true and predicted values a score that :func:`cross_validate` understands.

    Parameters
    ----------
    score_func : callable
        ``score_func(y_true, y_pred, **options)``.
    response_method : {"predict", "predict_proba", "decision_function"}, default "predict"
        What the model is asked for. "decision_function" takes "predict_proba" where there is none; of two classes, the
        score of the second is passed.
    greater_is_better : bool, default True
        Otherwise the result's sign is turned.
    **options
        Passed to the function.

    Returns
    -------
    callable
        ``scorer(model, X, y)``.

    Raises
    ------
    TypeError
        If ``score_func`` cannot be called.
    ValueError
        If ``response_method`` is none of these.

    Examples
    --------
    >>> import underhood as uh
    >>> scorer = uh.models.make_scorer(uh.models.f1_score, pos_label="b")
    >>> model = uh.models.Perceptron().fit([[0.0], [1.0]], ["a", "b"])
    >>> scorer(model, [[0.0], [1.0]], ["a", "b"])
    1.0
    """
    if not callable(score_func):
        raise TypeError(f"make_scorer: score_func is a {type(score_func).__name__}, but must be a function")
    kinds = {"predict": "predict", "predict_proba": "predict_proba", "decision_function": "threshold"}
    if response_method not in kinds:
        raise ValueError(
            f"make_scorer: response_method is {response_method!r}, but must be one of {', '.join(map(repr, kinds))}"
        )
    name = getattr(score_func, "__name__", type(score_func).__name__)
    return Scorer(score_func, 1 if greater_is_better else -1, kinds[response_method], options, False, name)


def _by_name() -> dict[str, Scorer]:
    found: dict[str, Scorer] = {}

    def add(
        name: str, score: Any, sign: int = 1, response: str = "predict", labels: bool = False, **options: Any
    ) -> None:
        found[name] = Scorer(score, sign, response, options, labels, name)

    add("accuracy", classes.accuracy_score)
    add("balanced_accuracy", classes.balanced_accuracy_score)
    add("matthews_corrcoef", classes.matthews_corrcoef)
    for name, score in (("precision", each.precision_score), ("recall", each.recall_score), ("f1", each.f1_score)):
        add(name, score)
        for average in ("macro", "micro", "weighted"):
            add(f"{name}_{average}", score, average=average)
    add("roc_auc", ranks.roc_auc_score, response="threshold")
    for kind in ("ovr", "ovo"):
        for suffix, average in (("", "macro"), ("_weighted", "weighted")):
            add(
                f"roc_auc_{kind}{suffix}", ranks.roc_auc_score, response="predict_proba", labels=True, multi_class=kind,
                average=average,
            )  # fmt: skip
    add("average_precision", curves.average_precision_score, response="threshold")
    add("neg_log_loss", probabilities.log_loss, -1, "predict_proba", labels=True)
    add("neg_brier_score", probabilities.brier_score_loss, -1, "predict_proba")
    add("r2", numbers.r2_score)
    add("explained_variance", numbers.explained_variance_score)
    for name in ("mean_squared_error", "root_mean_squared_error", "mean_absolute_error", "median_absolute_error",
                 "mean_absolute_percentage_error", "max_error"):  # fmt: skip
        add(f"neg_{name}", getattr(numbers, name), -1)
    return found


_SCORERS = _by_name()


def get_scorer_names() -> list[str]:
    """Names of all scores that ``scoring`` may ask for.

    Returns
    -------
    list of str

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.get_scorer_names()[:3]
    ['accuracy', 'average_precision', 'balanced_accuracy']
    """
    return sorted(_SCORERS)


def get_scorer(scoring: Any) -> Any:
    """Give the score of a name; what can be called is given back.

    Parameters
    ----------
    scoring : str or callable
        A name of :func:`get_scorer_names`.

    Returns
    -------
    callable
        ``scorer(model, X, y)``, where greater is better.

    Raises
    ------
    ValueError
        If there is no score of that name.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.get_scorer("neg_mean_squared_error")
    Scorer('neg_mean_squared_error')
    """
    return _scorer("get_scorer", scoring)


def _scorer(function: str, scoring: Any) -> Any:
    if isinstance(scoring, str):
        if scoring not in _SCORERS:
            raise ValueError(unknown_name(scoring, sorted(_SCORERS), f"{function}: scoring is {scoring!r}"))
        return _SCORERS[scoring]
    if not callable(scoring):
        raise TypeError(f"{function}: scoring is a {type(scoring).__name__}, but must be a name or scorer(model, X, y)")
    return scoring


def _own_score(estimator: Any, X: Any, y: Any) -> Any:
    return estimator.score(X) if y is None else estimator.score(X, y)


def read_scoring(function: str, scoring: Any, estimator: Any) -> dict[str, Any]:
    """Give the scores by the names under which results hold them; a single one is called "score"."""
    if scoring is None:
        if not hasattr(estimator, "score"):
            raise TypeError(
                f"{function}: scoring is None, but {type(estimator).__name__} has no method score; say what to judge by"
            )
        return {"score": _own_score}
    if isinstance(scoring, Mapping):
        chosen = {str(name): _scorer(function, score) for name, score in scoring.items()}
    elif isinstance(scoring, Iterable) and not isinstance(scoring, str):
        names = list(scoring)
        for name in names:
            if not isinstance(name, str):
                raise TypeError(
                    f"{function}: scoring lists a {type(name).__name__}, but names are needed; use a dictionary"
                )
        if len(set(names)) < len(names):
            raise ValueError(f"{function}: scoring names a score twice")
        chosen = {name: _scorer(function, name) for name in names}
    else:
        return {"score": _scorer(function, scoring)}
    if not chosen:
        raise ValueError(f"{function}: scoring is empty")
    return chosen
