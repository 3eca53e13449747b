"""Scores against the number of training rows, and against a parameter: is it the data or the model that is wanting."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._results import Result, format_value, html_table, text_table
from underhood.models._clone import is_classifier
from underhood.models._cross_validation import Judge, Task, in_turn, prepare
from underhood.models._folds import permutation, seeds, stratified_order
from underhood.models._scorers import read_scoring

__all__ = ["LearningCurve", "ValidationCurve", "learning_curve", "validation_curve"]

_Floats = NDArray[np.float64]


def _mean_and_spread(scores: _Floats) -> tuple[_Floats, _Floats]:
    return scores.mean(axis=1), scores.std(axis=1, ddof=1) if scores.shape[1] > 1 else np.zeros(len(scores))


class _Curve(Result):
    """What both curves share: scores of training and test rows, a line a point and a column a fold."""

    __slots__ = ()
    train_scores: _Floats
    test_scores: _Floats
    scoring: str

    def _points(self) -> tuple[str, list[str]]:
        """Name of the points, and each one's text."""
        raise NotImplementedError

    def _table(self) -> tuple[list[str], list[list[str]]]:
        name, points = self._points()
        columns = [
            [f"{mean:.4g} ± {spread:.2g}" for mean, spread in zip(*_mean_and_spread(scores), strict=True)]
            for scores in (self.train_scores, self.test_scores)
        ]
        return [name, "training", "test"], [list(row) for row in zip(points, *columns, strict=True)]

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self._table(), 'rrr')}"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b></p>{html_table(*self._table(), 'rrr')}"


@dataclass(slots=True, repr=False, eq=False)
class LearningCurve(_Curve):
    """Scores by the number of training rows; unpacks into ``train_sizes, train_scores, test_scores``.

    Attributes
    ----------
    train_sizes : ndarray of int, shape (sizes,)
        Numbers of training rows.
    train_scores, test_scores : ndarray, shape (sizes, folds)
        Scores on those training rows, and on the fold that was left out.
    fit_times, score_times : ndarray, shape (sizes, folds)
        Seconds.
    scoring : str
        What was scored by.
    estimator : str
        What was fitted.
    """

    _unpack: ClassVar = ("train_sizes", "train_scores", "test_scores")
    train_sizes: NDArray[np.int64]
    train_scores: _Floats
    test_scores: _Floats
    fit_times: _Floats
    score_times: _Floats
    scoring: str
    estimator: str

    def _title(self) -> str:
        return f"Learning curve of {self.estimator}: {self.scoring} over {self.test_scores.shape[1]} folds"

    def _points(self) -> tuple[str, list[str]]:
        return "training rows", [str(size) for size in self.train_sizes]

    def plot(self, ax: Any = None) -> Any:
        """Draw both scores with bands of one standard deviation over the folds.

        Two lines that meet low down ask for a better model; two that stay apart, for more rows or a simpler model.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        from underhood.models._selection_plots import draw_curve

        ax = draw_curve(ax, self.train_sizes, self.train_scores, self.test_scores)
        ax.set(xlabel="training rows", ylabel=self.scoring)
        ax.set_title(f"Learning curve of {self.estimator}", fontsize="small", wrap=True)
        return ax


@dataclass(slots=True, repr=False, eq=False)
class ValidationCurve(_Curve):
    """Scores by the value of a parameter; unpacks into ``train_scores, test_scores``.

    Attributes
    ----------
    param_name : str
        The parameter.
    param_range : list
        Its values.
    train_scores, test_scores : ndarray, shape (values, folds)
        Scores on the training rows, and on the fold that was left out.
    scoring : str
        What was scored by.
    estimator : str
        What was fitted.
    """

    _unpack: ClassVar = ("train_scores", "test_scores")
    param_name: str
    param_range: list[Any]
    train_scores: _Floats
    test_scores: _Floats
    scoring: str
    estimator: str

    @property
    def best(self) -> Any:
        """The value with the highest mean test score; the first of equal ones."""
        return self.param_range[int(np.argmax(self.test_scores.mean(axis=1)))]

    def _title(self) -> str:
        return f"Validation curve of {self.estimator}: {self.scoring} by {self.param_name}, best at {_text(self.best)}"

    def _points(self) -> tuple[str, list[str]]:
        return self.param_name, [_text(value) for value in self.param_range]

    def plot(self, ax: Any = None) -> Any:
        """Draw both scores with bands of one standard deviation over the folds, and mark the best value.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        from underhood.models._selection_plots import draw_curve

        numeric = all(isinstance(v, int | float | np.number) and not isinstance(v, bool) for v in self.param_range)
        across = np.array(self.param_range, dtype=float) if numeric else np.arange(len(self.param_range))
        order = np.argsort(across, kind="stable")
        ax = draw_curve(ax, across[order], self.train_scores[order], self.test_scores[order])
        if not numeric:
            ax.set_xticks(across, [_text(value) for value in self.param_range])
        elif across.min() > 0 and across.max() > 50 * across.min():
            ax.set_xscale("log")
        best = int(np.argmax(self.test_scores.mean(axis=1)))
        ax.axvline(across[best], color="0.6", linewidth=1, linestyle=":", label=f"best: {_text(self.best)}")
        ax.legend(fontsize="small", frameon=False)
        ax.set(xlabel=self.param_name, ylabel=self.scoring)
        ax.set_title(f"Validation curve of {self.estimator}", fontsize="small", wrap=True)
        return ax


def _text(value: Any) -> str:
    return format_value(value)


def _scoring_name(scoring: Any) -> str:
    if scoring is None:
        return "score"
    return scoring if isinstance(scoring, str) else getattr(scoring, "__name__", repr(scoring))


def _one_scorer(function: str, scoring: Any, estimator: Any) -> dict[str, Any]:
    scorers = read_scoring(function, scoring, estimator)
    if list(scorers) != ["score"]:
        raise ValueError(f"{function}: scoring must be one score, not several")
    return scorers


def learning_curve(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    groups: Any = None,
    train_sizes: ArrayLike | None = None,
    cv: Any = None,
    scoring: Any = None,
    n_jobs: int | None = None,
    shuffle: bool = True,
    random_state: Any = 0,
    error_score: float | str = "raise",
    params: dict[str, Any] | None = None,
) -> LearningCurve:
    """Score an estimator that was fitted to more and more of the training rows of each fold.

    Parameters
    ----------
    estimator, X, y, groups, cv, scoring, n_jobs, error_score, params
        As in :func:`cross_validate`; one score.
    train_sizes : array_like, optional
        Shares of the training rows (numbers up to 1), or numbers of rows (whole numbers); by default five shares from
        0.1 to 1.
    shuffle : bool, default True
        Take each fold's training rows in random order, of a classifier so that every beginning holds the classes in
        their shares. Otherwise the first ones are taken, which of sorted rows may be of one class alone.
        (scikit-learn's default.)
    random_state : int, numpy.random.Generator or None, default 0
        Seed of that order.

    Returns
    -------
    LearningCurve
        ``train_sizes, train_scores, test_scores = learning_curve(…)`` works; it draws itself with ``.plot()``.

    Warns
    -----
    FitFailedWarning
        If a fit failed and ``error_score`` is a number.

    Raises
    ------
    ValueError, TypeError
        As :func:`cross_validate`, and if a size is none.

    Examples
    --------
    >>> import numpy as np
    >>> import underhood as uh
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(200, 3)), np.arange(200) % 2
    >>> X[y == 1] += 1
    >>> curve = uh.models.learning_curve(uh.models.LogisticRegression(), X, y, train_sizes=[10, 40, 160])
    >>> curve.train_sizes, curve.test_scores.shape
    (array([ 10,  40, 160]), (3, 5))
    """
    function = "learning_curve"
    folds = prepare(function, estimator, X, y, groups, cv)
    scorers = _one_scorer(function, scoring, estimator)
    sizes = _sizes(function, train_sizes, min(len(train) for train, _ in folds))
    if shuffle:
        labels = None
        if is_classifier(estimator) and y is not None:
            labels = np.unique(np.asarray(y).ravel(), return_inverse=True)[1]
        own = seeds(function, random_state, len(folds))
        folds = [
            (train[permutation(len(train), seed) if labels is None else stratified_order(labels[train], seed)], test)
            for (train, test), seed in zip(folds, own, strict=True)
        ]
    judge = Judge(function, X, y, scorers, params, error_score, True)
    tasks = [Task(estimator, train[:size], test) for size in sizes for train, test in folds]
    found = in_turn(function, judge, tasks, n_jobs)
    shape = (len(sizes), len(folds))

    def table(values: list[float]) -> _Floats:
        return np.array(values).reshape(shape)

    return LearningCurve(
        sizes,
        table([one.train["score"] for one in found]),
        table([one.test["score"] for one in found]),
        table([one.fit_time for one in found]),
        table([one.score_time for one in found]),
        _scoring_name(scoring),
        repr(estimator),
    )


def _sizes(function: str, train_sizes: Any, most: int) -> NDArray[np.int64]:
    """Numbers of training rows, ascending, each once."""
    wanted = np.linspace(0.1, 1.0, 5) if train_sizes is None else np.asarray(train_sizes)
    if wanted.ndim != 1 or not wanted.size or wanted.dtype.kind not in "iuf" or not np.isfinite(wanted).all():
        raise TypeError(f"{function}: train_sizes must be a vector of shares or of numbers of rows")
    if wanted.dtype.kind == "f":
        if wanted.min() <= 0 or wanted.max() > 1:
            bad = wanted[(wanted <= 0) | (wanted > 1)][0]
            raise ValueError(f"{function}: train_sizes holds {bad:g}, but a share is above 0 and at most 1")
        wanted = np.clip((wanted * most).astype(np.int64), 1, most)
    elif wanted.min() < 1 or wanted.max() > most:
        bad = wanted[(wanted < 1) | (wanted > most)][0]
        raise ValueError(f"{function}: train_sizes holds {bad}, but the smallest training fold has {most} rows")
    return np.unique(wanted).astype(np.int64)


def validation_curve(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    param_name: str,
    param_range: Any,
    groups: Any = None,
    cv: Any = None,
    scoring: Any = None,
    n_jobs: int | None = None,
    error_score: float | str = "raise",
    params: dict[str, Any] | None = None,
) -> ValidationCurve:
    """Score an estimator for several values of a parameter.

    Where the training score rises and the test score falls, the model begins to learn its rows by heart.

    Parameters
    ----------
    estimator, X, y, groups, cv, scoring, n_jobs, error_score, params
        As in :func:`cross_validate`; one score.
    param_name : str
        The parameter; ``step__parameter`` of a pipeline.
    param_range : sequence
        Its values.

    Returns
    -------
    ValidationCurve
        ``train_scores, test_scores = validation_curve(…)`` works; it draws itself with ``.plot()``, and ``.best`` is
        the value with the highest mean test score.

    Warns
    -----
    FitFailedWarning
        If a fit failed and ``error_score`` is a number.

    Raises
    ------
    ValueError, TypeError
        As :func:`cross_validate`, and if there is no such parameter or no value.

    Examples
    --------
    >>> import numpy as np
    >>> import underhood as uh
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(60, 20)), np.arange(60) % 2
    >>> X[y == 1, 0] += 2
    >>> curve = uh.models.validation_curve(
    ...     uh.models.LogisticRegression(), X, y, param_name="C", param_range=[0.001, 0.1, 10.0]
    ... )
    >>> curve.test_scores.shape, bool((np.diff(curve.train_scores.mean(axis=1)) >= 0).all())
    ((3, 5), True)
    """
    function = "validation_curve"
    folds = prepare(function, estimator, X, y, groups, cv)
    scorers = _one_scorer(function, scoring, estimator)
    if not hasattr(estimator, "set_params"):
        raise TypeError(f"{function}: estimator is a {type(estimator).__name__}, which has no set_params")
    if param_name not in estimator.get_params():
        known = ", ".join(sorted(estimator.get_params()))
        raise ValueError(f"{function}: param_name is {param_name!r}, but the estimator has {known}")
    if isinstance(param_range, str) or not hasattr(param_range, "__iter__"):
        raise TypeError(f"{function}: param_range must be a sequence of values")
    values = param_range.tolist() if isinstance(param_range, np.ndarray) else list(param_range)
    if not values:
        raise ValueError(f"{function}: param_range is empty")
    judge = Judge(function, X, y, scorers, params, error_score, True)
    tasks = [Task(estimator, train, test, {param_name: value}) for value in values for train, test in folds]
    found = in_turn(function, judge, tasks, n_jobs)
    shape = (len(values), len(folds))
    return ValidationCurve(
        param_name,
        values,
        np.array([one.train["score"] for one in found]).reshape(shape),
        np.array([one.test["score"] for one in found]).reshape(shape),
        _scoring_name(scoring),
        repr(estimator),
    )
