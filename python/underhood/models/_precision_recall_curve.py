"""Precision against recall over all thresholds of a score, and the mean precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._results import Result
from underhood.models._label_pairs import read_label_vector, row_weights
from underhood.models._ranked_rows import class_codes, class_scores, one_against_rest, read_binary, steps_of

__all__ = ["PrecisionRecallCurve", "average_precision_score", "precision_recall_curve"]

_Floats = NDArray[np.float64]


@dataclass(slots=True, repr=False, eq=False)
class PrecisionRecallCurve(Result):
    """A precision–recall curve; unpacks into ``precision, recall, thresholds``.

    Attributes
    ----------
    precision, recall : ndarray, shape (points + 1,)
        At each threshold; last 1 and 0, where nothing is called positive.
    thresholds : ndarray, shape (points,)
        Ascending.
    average_precision : float
        Σ (R_k − R_{k+1})·P_k, the area below the steps.
    prevalence : float
        The share of positive rows, which is the precision of guessing.
    """

    _unpack: ClassVar = ("precision", "recall", "thresholds")
    precision: _Floats
    recall: _Floats
    thresholds: _Floats
    average_precision: float
    prevalence: float

    def _title(self) -> str:
        return f"Precision–recall curve: {len(self.thresholds)} thresholds, average {self.average_precision:.4g}"

    def plot(self, ax: Any = None, *, label: str | None = None) -> Any:
        """Draw the curve and, dashed, the precision of guessing.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.
        label : str, optional
            What to call the curve in the legend.

        Returns
        -------
        matplotlib Axes
        """
        from underhood.models._metric_plots import draw_precision_recall

        return draw_precision_recall(self, ax, label)


def precision_recall_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = False,
) -> PrecisionRecallCurve:
    """Precision and recall at every threshold of a score.

    Parameters
    ----------
    y_true : array_like, shape (rows,)
        Labels of two classes.
    y_score : array_like, shape (rows,)
        The higher, the rather positive: probabilities or net inputs.
    pos_label : label, optional
        The positive class; may be left out where the labels are 0 and 1, or −1 and 1.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    drop_intermediate : bool, default False
        Leave out the inner ones of points with the same recall.

    Returns
    -------
    PrecisionRecallCurve
        ``precision, recall, thresholds = precision_recall_curve(…)`` works; it draws itself with ``.plot()``.

    Raises
    ------
    ValueError
        If lengths differ, only one class occurs, there are more than two, or it is unclear which is positive.

    Examples
    --------
    >>> import underhood as uh
    >>> curve = uh.models.precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> curve.recall, curve.thresholds
    (array([1. , 1. , 0.5, 0.5, 0. ]), array([0.1 , 0.35, 0.4 , 0.8 ]))
    """
    positive, score, weights = read_binary("precision_recall_curve", y_true, y_score, pos_label, sample_weight)
    false, true, thresholds = steps_of(positive, score, weights)
    average = _average_precision(positive, score, weights)
    prevalence = float(true[-1] / (true[-1] + false[-1]))
    if drop_intermediate and len(true) > 2:
        moves = np.diff(true) != 0
        kept = np.r_[True, moves[:-1] | moves[1:], True]
        false, true, thresholds = false[kept], true[kept], thresholds[kept]
    precision, recall = (true / (true + false))[::-1], (true / true[-1])[::-1]
    return PrecisionRecallCurve(
        np.append(precision, 1.0), np.append(recall, 0.0), thresholds[::-1], average, prevalence
    )


def _average_precision(positive: NDArray[np.bool_], score: _Floats, weights: _Floats) -> float:
    false, true, _ = steps_of(positive, score, weights)
    return float(np.sum(np.diff(true, prepend=0.0) / true[-1] * (true / (true + false))))


def average_precision_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    average: str | None = "macro",
    pos_label: Any = 1,
    sample_weight: ArrayLike | None = None,
) -> Any:
    """Mean of the precision over the recall: Σ (R_k − R_{k−1})·P_k over the thresholds from the highest down.

    The area below the steps of the precision–recall curve; trapezoids would be too friendly (Davis and Goadrich 2006,
    doi:10.1145/1143844.1143874).

    Parameters
    ----------
    y_true : array_like, shape (rows,)
        Labels.
    y_score : array_like, shape (rows,), or (rows, classes) for more than two classes
        Scores of the positive class; of each class in ascending order.
    average : {"macro", "weighted", "micro", None}, default "macro"
        For more than two classes, each of which is judged against the rest: the mean, the mean weighted by rows, all
        rows and classes together, or a number a class.
    pos_label : label, default 1
        The positive one of two classes.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.

    Returns
    -------
    float, or ndarray, shape (classes,)
        1 at best; guessing reaches the share of positive rows.

    Raises
    ------
    ValueError
        If lengths differ, a class has no rows or all of them, or an option does not fit.

    Examples
    --------
    >>> import underhood as uh
    >>> round(uh.models.average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 6)
    0.833333
    """
    function = "average_precision_score"
    known = read_label_vector(function, "y_true", y_true)
    if len(np.unique(known)) > 2:
        if average not in ("macro", "weighted", "micro", None):
            raise ValueError(f"{function}: average is {average!r}, but must be 'macro', 'weighted', 'micro' or None")
        codes, classes = class_codes(function, known, None)
        score = class_scores(function, y_score, len(known), len(classes))
        weights = row_weights(function, sample_weight, len(known))
        return one_against_rest(function, _average_precision, codes, classes, score, weights, average)
    return _average_precision(*read_binary(function, known, y_score, pos_label, sample_weight))
