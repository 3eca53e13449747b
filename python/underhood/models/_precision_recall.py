"""Judging each class by itself: precision, recall, and F, their harmonic mean (van Rijsbergen 1979)."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood.models._label_pairs import LabelPair, read_label_pair, read_label_vector
from underhood.models._warnings import UndefinedMetricWarning, kin

__all__ = [
    "ALL_SCORES",
    "averaged",
    "counts_of",
    "f1_score",
    "fbeta_score",
    "precision_recall_fscore_support",
    "precision_score",
    "recall_score",
]

_AVERAGES = ("binary", "macro", "micro", "weighted", None)
ALL_SCORES = ("precision", "recall", "F-score")
_Floats = NDArray[np.float64]


def precision_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: float | str = "warn",
) -> Any:
    """Share of the rows predicted as a class that are of that class: TP/(TP + FP).

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    labels, pos_label, average, sample_weight, zero_division
        As in :func:`precision_recall_fscore_support`.

    Returns
    -------
    float, or ndarray, shape (classes,)

    Warns
    -----
    UndefinedMetricWarning
        If nothing was predicted as a class, so that its precision is 0/0, and ``zero_division="warn"``.

    Raises
    ------
    ValueError
        If the lengths differ or are 0, or there are more than two classes and ``average="binary"``.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.precision_score([1, 1, 0, 0], [1, 1, 1, 0])
    0.6666666666666666
    """
    return _scores(
        "precision_score", y_true, y_pred, 1.0, labels, pos_label, average, sample_weight, zero_division, ("precision",)
    )[0]


def recall_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: float | str = "warn",
) -> Any:
    """Share of a class's rows that are found: TP/(TP + FN). Also called sensitivity.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    labels, pos_label, average, sample_weight, zero_division
        As in :func:`precision_recall_fscore_support`.

    Returns
    -------
    float, or ndarray, shape (classes,)

    Warns
    -----
    UndefinedMetricWarning
        If there is no row of a class, so that its recall is 0/0, and ``zero_division="warn"``.

    Raises
    ------
    ValueError
        If the lengths differ or are 0, or there are more than two classes and ``average="binary"``.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.recall_score([1, 1, 0, 0], [1, 0, 1, 0])
    0.5
    """
    return _scores(
        "recall_score", y_true, y_pred, 1.0, labels, pos_label, average, sample_weight, zero_division, ("recall",)
    )[1]


def f1_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: float | str = "warn",
) -> Any:
    """Harmonic mean of precision P and recall R: 2PR/(P + R) = 2TP/(2TP + FP + FN).

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    labels, pos_label, average, sample_weight, zero_division
        As in :func:`precision_recall_fscore_support`.

    Returns
    -------
    float, or ndarray, shape (classes,)

    Warns
    -----
    UndefinedMetricWarning
        If a class neither occurs nor is predicted, and ``zero_division="warn"``.

    Raises
    ------
    ValueError
        If the lengths differ or are 0, or there are more than two classes and ``average="binary"``.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.f1_score([1, 1, 0, 0], [1, 1, 1, 0])
    0.8
    """
    return _scores(
        "f1_score", y_true, y_pred, 1.0, labels, pos_label, average, sample_weight, zero_division, ("F-score",)
    )[2]


def fbeta_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    beta: float,
    labels: ArrayLike | None = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: float | str = "warn",
) -> Any:
    """Harmonic mean of precision P and recall R in which R weighs β² times as much: (1 + β²)PR/(β²P + R).

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    beta : float
        β, at least 0: 0 gives the precision, infinity the recall.
    labels, pos_label, average, sample_weight, zero_division
        As in :func:`precision_recall_fscore_support`.

    Returns
    -------
    float, or ndarray, shape (classes,)

    Warns
    -----
    UndefinedMetricWarning
        If a class neither occurs nor is predicted, and ``zero_division="warn"``.

    Raises
    ------
    ValueError
        If the lengths differ or are 0, there are more than two classes and ``average="binary"``, or β is negative.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.fbeta_score([1, 1, 0, 0], [1, 1, 1, 0], beta=2)
    0.9090909090909091
    """
    return _scores(
        "fbeta_score", y_true, y_pred, beta, labels, pos_label, average, sample_weight, zero_division, ("F-score",)
    )[2]


def precision_recall_fscore_support(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    beta: float = 1.0,
    labels: ArrayLike | None = None,
    pos_label: Any = 1,
    average: str | None = None,
    sample_weight: ArrayLike | None = None,
    zero_division: float | str = "warn",
) -> tuple[Any, Any, Any, Any]:
    """Precision, recall, F and number of rows of each class, or their averages.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    beta : float, default 1.0
        How many times more the recall counts than the precision in F.
    labels : array_like, optional
        The classes that are reported and averaged, in this order; by default all that occur. One that does not occur
        counts with no rows.
    pos_label : label, default 1
        The class that ``average="binary"`` reports.
    average : {None, "binary", "macro", "micro", "weighted"}, default None
        None gives an entry a class; "binary" that of ``pos_label``, for two classes; "macro" the mean over the classes;
        "weighted" the mean weighted by their rows; "micro" counts TP, FP and FN of all classes together.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    zero_division : {"warn", 0.0, 1.0, nan}, default "warn"
        What 0/0 is taken for; "warn" takes 0 and warns. A class at NaN is left out of averages.

    Returns
    -------
    precision, recall, fscore : float or ndarray, shape (classes,)
    support : ndarray, shape (classes,), or None
        Rows of each class; None for an average.

    Warns
    -----
    UndefinedMetricWarning
        If something is 0/0 and ``zero_division="warn"``.

    Raises
    ------
    ValueError
        If the lengths differ or are 0, there are more than two classes and ``average="binary"``, or an option is none
        of those above.

    Examples
    --------
    >>> import underhood as uh
    >>> p, r, f, n = uh.models.precision_recall_fscore_support(["a", "a", "b", "c"], ["a", "b", "b", "c"])
    >>> p, r, n
    (array([1. , 0.5, 1. ]), array([0.5, 1. , 1. ]), array([2, 1, 1]))
    """
    return _scores(
        "precision_recall_fscore_support", y_true, y_pred, beta, labels, pos_label, average, sample_weight,
        zero_division, ALL_SCORES,
    )  # fmt: skip


def _scores(
    function: str, y_true: Any, y_pred: Any, beta: float, labels: Any, pos_label: Any, average: str | None,
    sample_weight: Any, zero_division: Any, warn_for: tuple[str, ...],
) -> tuple[Any, Any, Any, Any]:  # fmt: skip
    if average not in _AVERAGES:
        raise ValueError(
            f'{function}: average is {average!r}, but must be one of "binary", "macro", "micro", "weighted" or None'
        )
    pair = read_label_pair(function, y_true, y_pred, sample_weight)
    if average == "binary":
        wanted = [_positive(function, pair.classes, pos_label)]
    else:
        wanted = pair.classes.tolist() if labels is None else read_label_vector(function, "labels", labels).tolist()
    right, predicted, true = counts_of(pair, wanted)
    if average == "micro":
        right, predicted, true = right.sum(keepdims=True), predicted.sum(keepdims=True), true.sum(keepdims=True)
        wanted = ["all classes together"]
    *scores, support = averaged(
        function, (right, predicted, true), beta, wanted, average, zero_division, warn_for, 4
    )  # fmt: skip
    return *scores, support if support is None or pair.weights is None else support * pair.unit


def _positive(function: str, classes: NDArray[Any], pos_label: Any) -> Any:
    """Check that the class to be reported is one of two."""
    found = classes.tolist()
    if len(found) > 2:
        raise ValueError(
            f'{function}: y_true and y_pred have {len(found)} classes, but average="binary" is for two; choose '
            '"macro", "micro", "weighted" or None'
        )
    if len(found) == 2 and pos_label not in found:
        raise ValueError(f"{function}: pos_label is {pos_label!r}, but the classes are {found[0]!r} and {found[1]!r}")
    return pos_label


def counts_of(pair: LabelPair, wanted: list[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Rows that are right, predicted and true, of each wanted class."""
    places = {label: i for i, label in enumerate(pair.classes.tolist())}
    # A class that does not occur gets a place after the last one, where the counts are 0.
    order = [places.get(label, len(places)) for label in wanted]
    right = pair.sums(pair.true, pair.true == pair.predicted)
    return tuple(np.append(sums, 0)[order] for sums in (right, pair.sums(pair.predicted), pair.sums(pair.true)))  # type: ignore[return-value]


def averaged(
    function: str, counts: tuple[NDArray[Any], NDArray[Any], NDArray[Any]], beta: float, names: list[Any],
    average: str | None, zero_division: Any, warn_for: tuple[str, ...], stacklevel: int,
) -> tuple[Any, Any, Any, Any]:  # fmt: skip
    instead = _zero_division(function, zero_division)
    if isinstance(beta, bool) or not isinstance(beta, int | float | np.integer | np.floating) or not beta >= 0:
        raise ValueError(f"{function}: beta is {beta!r}, but must be a number of at least 0")
    right, predicted, true = counts
    precision, recall = _ratio(right, predicted, instead), _ratio(right, true, instead)
    # (1 + β²)·TP/(β²·(TP + FN) + TP + FP), divided by 1 + β² so that any β has its limit.
    square = float(beta) * float(beta)
    of_recall = 1.0 if np.isinf(square) else square / (1 + square)
    whole = of_recall * true + (1 / (1 + square)) * predicted
    fscore = _ratio(right, whole, instead)
    if zero_division == "warn":
        reasons = {
            "precision": (predicted, "no row is predicted as"),
            "recall": (true, "there is no row of"),
            "F-score": (whole, "there is no row of, and none is predicted as,"),
        }
        for score in warn_for:
            empty, reason = reasons[score]
            if (empty == 0).any():
                which = ", ".join(repr(name) for name, sum_ in zip(names, empty, strict=True) if sum_ == 0)
                warnings.warn(
                    f"{function}: {reason} {which}: the {score} is 0/0 and set to 0; choose by zero_division",
                    kin(UndefinedMetricWarning),
                    stacklevel=stacklevel,
                )
    if average is None:
        return precision, recall, fscore, true
    weights = true if average == "weighted" else None
    return _mean(precision, weights), _mean(recall, weights), _mean(fscore, weights), None


def _zero_division(function: str, value: Any) -> float:
    if isinstance(value, str) and value == "warn":
        return 0.0
    if isinstance(value, int | float | np.integer | np.floating) and (value in (0, 1) or value != value):
        return float(value)
    raise ValueError(f'{function}: zero_division is {value!r}, but must be "warn", 0, 1 or nan')


def _ratio(part: NDArray[Any], whole: NDArray[Any], instead: float) -> _Floats:
    return np.where(whole == 0, instead, part / np.where(whole == 0, 1, whole))


def _mean(scores: _Floats, weights: Any) -> float:
    known = ~np.isnan(scores)
    if not known.any():
        return float("nan")
    if weights is None or not weights[known].any():
        return float(np.mean(scores[known]))
    return float(np.average(scores[known], weights=weights[known]))
