"""Judging an estimator on rows that it has not seen, fold by fold.

M. Stone, "Cross-validatory choice and assessment of statistical predictions" (1974),
doi:10.1111/j.2517-6161.1974.tb00994.x.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._results import Result, html_table, text_table
from underhood.models._clone import fresh, is_classifier
from underhood.models._folds import read_cv
from underhood.models._input import row_count, take
from underhood.models._scorers import read_scoring
from underhood.models._warnings import FitFailedWarning, warn_the_caller

__all__ = [
    "CrossValidationResult",
    "Task",
    "cross_val_predict",
    "cross_val_score",
    "cross_validate",
    "in_turn",
    "prepare",
]

_Rows = NDArray[np.int64]


class CrossValidationResult(dict[str, Any], Result):  # type: ignore[misc]
    """A dictionary with scikit-learn's keys that shows mean ± standard deviation of each score.

    ``fit_time``, ``score_time``, ``test_score`` (``test_NAME`` of several scores), and where they were asked for
    ``train_score``, ``estimator`` and ``indices``. The deviation has the divisor folds − 1; as the folds share training
    rows, it is no standard error of the mean.
    """

    def __init__(self, about: str = "", **columns: Any) -> None:
        super().__init__(**columns)
        self._about = about

    def mean(self, name: str = "test_score") -> float:
        """Mean of a score over the folds."""
        return float(np.mean(self._scores(name)))

    def std(self, name: str = "test_score") -> float:
        """Spread of a score over the folds: its standard deviation, divisor folds − 1."""
        return float(np.std(self._scores(name), ddof=1)) if len(self._scores(name)) > 1 else 0.0

    def _scores(self, name: str) -> NDArray[np.float64]:
        if name not in self._names():
            raise KeyError(f"there is no {name!r}; there are {', '.join(self._names())}")
        found: NDArray[np.float64] = self[name]
        return found

    def _names(self) -> list[str]:
        return [name for name in self if name not in ("estimator", "indices")]

    def _title(self) -> str:
        return f"Cross-validation of {self._about}: {len(self['fit_time'])} folds"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = []
        for name in sorted(self._names(), key=lambda name: name.endswith("_time")):
            shown = " ".join(f"{value:.3g}" for value in self[name][:10]) + (" …" if len(self[name]) > 10 else "")
            unit = " s" if name.endswith("_time") else ""
            rows.append([name, f"{self.mean(name):.4g}", "±", f"{self.std(name):.2g}{unit}", shown])
        return ["", "mean", "", "sd", "folds"], rows

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self._table(), 'lrlrl')}"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b></p>{html_table(*self._table(), 'lrlrl')}"


@dataclass(slots=True)
class Task:
    """One fit with its scores, to be done in any order."""

    estimator: Any
    train: _Rows
    test: _Rows
    parameters: dict[str, Any] | None = None


@dataclass(slots=True)
class Outcome:
    """What came of a task."""

    fit_time: float
    score_time: float
    test: dict[str, float]
    train: dict[str, float]
    estimator: Any


def prepare(function: str, estimator: Any, X: Any, y: Any, groups: Any, cv: Any) -> list[tuple[_Rows, _Rows]]:
    """Check estimator and rows, and make the folds."""
    if isinstance(estimator, type):
        raise TypeError(
            f"{function}: estimator is the class {estimator.__name__}; pass an object: {estimator.__name__}()"
        )
    if not hasattr(estimator, "fit"):
        raise TypeError(f"{function}: estimator is a {type(estimator).__name__}, which has no fit")
    rows = _count(function, "X", X)
    if y is not None and _count(function, "y", y) != rows:
        raise ValueError(f"{function}: y has {_count(function, 'y', y)} rows, but X has {rows} rows")
    return read_cv(function, cv, X, y, groups, is_classifier(estimator) and y is not None)


def _count(function: str, argument: str, array: Any) -> int:
    try:
        return row_count(function, array)
    except TypeError as error:
        raise TypeError(str(error).replace(f"{function}: ", f"{function}: {argument} is no table: ", 1)) from None


def in_turn(function: str, work: Callable[[Any], Any], tasks: Iterable[Any], n_jobs: Any) -> list[Any]:
    """Do all tasks, one after the other or on threads; results come in the order of the tasks."""
    if n_jobs is None or n_jobs == 1:
        return [work(task) for task in tasks]
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, int | np.integer) or n_jobs == 0:
        raise ValueError(f"{function}: n_jobs is {n_jobs!r}, but must be a number of threads, or -1 for all processors")
    threads = int(n_jobs) if n_jobs > 0 else max(1, (os.cpu_count() or 1) + 1 + int(n_jobs))
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, tasks))


class Judge:
    """Fits clones on some rows and scores them on others."""

    def __init__(
        self, function: str, X: Any, y: Any, scorers: dict[str, Any], params: Any, error_score: Any, train: bool
    ) -> None:
        if not (isinstance(error_score, str) and error_score == "raise") and (
            isinstance(error_score, bool) or not isinstance(error_score, int | float | np.number)
        ):
            raise ValueError(f'{function}: error_score is {error_score!r}, but must be "raise" or a number')
        self.function, self.X, self.y, self.scorers = function, X, y, scorers
        self.params = dict(params or {})
        self.error_score, self.with_train = error_score, train
        self.rows = row_count(function, X)

    def fitted(self, task: Task) -> Any:
        """Fit a clone on the training rows."""
        model = fresh(task.estimator)
        if task.parameters:
            model.set_params(**task.parameters)
        arguments = [take(part, task.train) for part in (self.X, self.y) if part is not None]
        return model.fit(*arguments, **{name: self._own(value, task.train) for name, value in self.params.items()})

    def _own(self, value: Any, rows: _Rows) -> Any:
        """Take the rows of an argument that has one entry a row."""
        if isinstance(value, str) or not hasattr(value, "__len__"):
            return value
        return take(value, rows) if row_count(self.function, value) == self.rows else value

    def __call__(self, task: Task) -> Outcome:
        """Fit and score; a failure gets the score that was chosen for it."""
        start = perf_counter()
        model = None
        try:
            model = self.fitted(task)
            fitted = perf_counter()
            test = self.scores(model, task.test)
            scored = perf_counter()
            train = self.scores(model, task.train) if self.with_train else {}
        except Exception as error:
            if isinstance(self.error_score, str):
                raise
            warn_the_caller(
                FitFailedWarning,
                f"{self.function}: a fold got the score {self.error_score:g}, since it failed: "
                f"{type(error).__name__}: {error}",
            )
            now = perf_counter()
            chosen = dict.fromkeys(self.scorers, float(self.error_score))
            return Outcome(now - start, 0.0, chosen, chosen if self.with_train else {}, model)
        return Outcome(fitted - start, scored - fitted, test, train, model)

    def scores(self, model: Any, rows: _Rows) -> dict[str, float]:
        """Score a fitted model on some rows."""
        X, y = take(self.X, rows), None if self.y is None else take(self.y, rows)
        found: dict[str, float] = {}
        for name, scorer in self.scorers.items():
            value = scorer(model, X, y)
            several = value.items() if isinstance(value, dict) and name == "score" else [(name, value)]
            for key, one in several:
                if isinstance(one, bool) or not isinstance(one, int | float | np.number):
                    raise TypeError(
                        f"{self.function}: scoring must give a number, but {key!r} gave a {type(one).__name__}"
                    )
                found[key] = float(one)
        return found


def cross_validate(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    groups: Any = None,
    scoring: Any = None,
    cv: Any = None,
    n_jobs: int | None = None,
    params: dict[str, Any] | None = None,
    return_train_score: bool = False,
    return_estimator: bool = False,
    return_indices: bool = False,
    error_score: float | str = "raise",
) -> CrossValidationResult:
    """Fit a fresh copy of an estimator to all folds but one and score it on that one, for every fold.

    Parameters
    ----------
    estimator : estimator
        Whatever has ``fit`` and ``predict``: ours, scikit-learn's, a pipeline, one of your own. It is left as it is.
    X : array_like or frame, shape (rows, features)
    y : array_like, shape (rows,), optional
    groups : array_like, shape (rows,), optional
        Handed to ``cv.split``.
    scoring : str, callable, list of str or dict, optional
        What to judge by: a name (:func:`get_scorer_names`), ``scorer(model, X, y)``, or several of these. By default
        the estimator's own ``score``.
    cv : int, object with ``split``, or iterable of pairs of row numbers, optional
        The folds. A number (by default 5) makes so many without shuffling, in which the classes are shared out if the
        estimator is a classifier. ``KFold(5, shuffle=True, random_state=0)`` shuffles.
    n_jobs : int, optional
        Number of threads; -1 takes all processors. Results are the same.
    params : dict, optional
        Further arguments for ``fit``, such as ``{"sample_weight": w}``; what has an entry a row is divided too.
    return_train_score : bool, default False
        Score on the training rows as well: a large distance means that the model has learned its rows by heart.
    return_estimator, return_indices : bool, default False
        Keep the fitted estimators, and the row numbers of the folds.
    error_score : "raise" or float, default "raise"
        What to do where fitting or scoring fails: raise the error, or warn and take this score. (scikit-learn takes NaN
        by default.)

    Returns
    -------
    CrossValidationResult
        A dictionary with arrays ``test_score`` (``test_NAME`` of several scores), ``fit_time`` and ``score_time``, an
        entry a fold, that prints as a table of mean ± standard deviation.

    Warns
    -----
    FitFailedWarning
        If a fold failed and ``error_score`` is a number.

    Raises
    ------
    ValueError
        If lengths differ, there are fewer rows than folds, or ``scoring`` names no score; and whatever the estimator
        raises.
    TypeError
        If ``estimator`` cannot be fitted.

    Examples
    --------
    >>> import numpy as np
    >>> import underhood as uh
    >>> iris = uh.datasets.load("iris", as_frame=False)
    >>> X = np.column_stack([iris[name] for name in ("petal_length_cm", "petal_width_cm")])
    >>> pipeline = uh.models.make_pipeline(uh.models.StandardScaler(), uh.models.LogisticRegression())
    >>> found = uh.models.cross_validate(pipeline, X, iris["species"], scoring=["accuracy", "neg_log_loss"])
    >>> found["test_accuracy"].round(3)
    array([0.967, 0.967, 0.933, 0.933, 1.   ])
    >>> round(found.mean("test_accuracy"), 3), round(found.std("test_accuracy"), 3)
    (0.96, 0.028)
    """
    function = "cross_validate"
    folds = prepare(function, estimator, X, y, groups, cv)
    scorers = read_scoring(function, scoring, estimator)
    judge = Judge(function, X, y, scorers, params, error_score, return_train_score)
    outcomes = in_turn(function, judge, [Task(estimator, train, test) for train, test in folds], n_jobs)
    result = CrossValidationResult(repr(estimator))
    result["fit_time"] = np.array([one.fit_time for one in outcomes])
    result["score_time"] = np.array([one.score_time for one in outcomes])
    if return_estimator:
        result["estimator"] = [one.estimator for one in outcomes]
    if return_indices:
        result["indices"] = {"train": [train for train, _ in folds], "test": [test for _, test in folds]}
    for name in max((one.test for one in outcomes), key=len):
        result[f"test_{name}"] = np.array([one.test.get(name, error_score) for one in outcomes])
        if return_train_score:
            result[f"train_{name}"] = np.array([one.train.get(name, error_score) for one in outcomes])
    return result


def cross_val_score(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    groups: Any = None,
    scoring: Any = None,
    cv: Any = None,
    n_jobs: int | None = None,
    params: dict[str, Any] | None = None,
    error_score: float | str = "raise",
) -> NDArray[np.float64]:
    """Score an estimator on each fold after fitting it to the others: ``cross_validate(…)["test_score"]``.

    Parameters
    ----------
    estimator, X, y, groups, cv, n_jobs, params, error_score
        As in :func:`cross_validate`.
    scoring : str or callable, optional
        One score.

    Returns
    -------
    ndarray, shape (folds,)

    Warns
    -----
    FitFailedWarning
        If a fold failed and ``error_score`` is a number.

    Raises
    ------
    ValueError, TypeError
        As :func:`cross_validate`.

    Examples
    --------
    >>> import numpy as np
    >>> import underhood as uh
    >>> X, y = np.arange(20.0).reshape(10, 2), [0, 1] * 5
    >>> uh.models.cross_val_score(uh.models.LogisticRegression(), X, y, cv=2).shape
    (2,)
    """
    function = "cross_val_score"
    folds = prepare(function, estimator, X, y, groups, cv)
    scorers = read_scoring(function, scoring, estimator)
    if list(scorers) != ["score"]:
        raise ValueError(f"{function}: scoring must be one score; cross_validate takes several")
    judge = Judge(function, X, y, scorers, params, error_score, False)
    outcomes = in_turn(function, judge, [Task(estimator, train, test) for train, test in folds], n_jobs)
    return np.array([one.test["score"] for one in outcomes])


_METHODS = ("predict", "predict_proba", "predict_log_proba", "decision_function", "transform")


def cross_val_predict(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    groups: Any = None,
    cv: Any = None,
    n_jobs: int | None = None,
    params: dict[str, Any] | None = None,
    method: str = "predict",
) -> NDArray[Any]:
    """Predict each row by an estimator that was fitted without its fold.

    For pictures and confusion matrices of rows that were not seen. (A score of all these predictions is not the mean of
    the folds' scores: they come from different models.)

    Parameters
    ----------
    estimator, X, y, groups, cv, n_jobs, params
        As in :func:`cross_validate`; each row must be tested exactly once.
    method : {"predict", "predict_proba", "predict_log_proba", "decision_function", "transform"}, default "predict"
        What the estimators are asked for.

    Returns
    -------
    ndarray, shape (rows,) or (rows, columns)
        In the order of the rows. Probabilities have a column for every class of y; a class that was not among the
        training rows has probability 0.

    Raises
    ------
    ValueError
        If a row is tested never or twice, or folds differ in their classes and ``method`` is "decision_function"; and
        as :func:`cross_validate`.

    Examples
    --------
    >>> import underhood as uh
    >>> X, y = [[0.0], [1.0], [10.0], [11.0]], ["a", "a", "b", "b"]
    >>> uh.models.cross_val_predict(uh.models.LogisticRegression(), X, y, cv=2)
    array(['a', 'a', 'b', 'b'], dtype='<U1')
    """
    function = "cross_val_predict"
    if method not in _METHODS:
        raise ValueError(f"{function}: method is {method!r}, but must be one of {', '.join(map(repr, _METHODS))}")
    folds = prepare(function, estimator, X, y, groups, cv)
    if not hasattr(estimator, method):
        raise AttributeError(f"{function}: method is {method!r}, which {type(estimator).__name__} does not have")
    rows = row_count(function, X)
    tested = np.concatenate([test for _, test in folds])
    if len(tested) != rows or len(np.unique(tested)) != rows:
        raise ValueError(
            f"{function}: cv must test each row exactly once, but tests {len(np.unique(tested))} of {rows}"
        )
    judge = Judge(function, X, y, {}, params, "raise", False)

    def work(task: Task) -> Any:
        model = judge.fitted(task)
        made = np.asarray(getattr(model, method)(take(X, task.test)))
        return made, getattr(model, "classes_", None)

    found = in_turn(function, work, [Task(estimator, train, test) for train, test in folds], n_jobs)
    parts = [made for made, _ in found]
    if method in ("predict_proba", "predict_log_proba", "decision_function") and found[0][1] is not None:
        parts = _aligned(function, method, found)
    joined = np.concatenate(parts)
    ordered = np.empty_like(joined)
    ordered[tested] = joined
    return ordered


def _aligned(function: str, method: str, found: list[tuple[Any, Any]]) -> list[Any]:
    """Give each fold's columns the places of their classes among all classes."""
    every = np.unique(np.concatenate([classes for _, classes in found]))
    if all(len(classes) == len(every) for _, classes in found):
        return [made for made, _ in found]
    if method == "decision_function":
        raise ValueError(
            f"{function}: some folds are trained without some classes, which have no decision_function there"
        )
    parts = []
    for made, classes in found:
        wide = np.full((len(made), len(every)), 0.0 if method == "predict_proba" else -np.inf)
        wide[:, np.searchsorted(every, classes)] = made
        parts.append(wide)
    return parts
