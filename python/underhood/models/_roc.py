"""Judging scores by the order in which they put the rows: the ROC curve and the area below it.

The area is the share of pairs of a positive and a negative row that the scores put in the right order, ties counting
half (Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747). That is how it is computed: by counts, exactly,
without a curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._results import Result
from underhood.models._input import read_target
from underhood.models._label_pairs import read_label_vector, row_weights
from underhood.models._ranked_rows import both_kinds, class_codes, class_scores, one_against_rest, read_binary, steps_of

__all__ = ["RocCurve", "auc", "roc_auc_score", "roc_curve"]

_Floats = NDArray[np.float64]


@dataclass(slots=True, repr=False, eq=False)
class RocCurve(Result):
    """A ROC curve; unpacks into ``fpr, tpr, thresholds``.

    Attributes
    ----------
    fpr : ndarray, shape (points,)
        False positive rate: the share of negative rows with a score of at least the threshold.
    tpr : ndarray, shape (points,)
        True positive rate: the same share of positive rows.
    thresholds : ndarray, shape (points,)
        From infinity, where nothing is called positive, downwards.
    auc : float
        The area under the curve.
    """

    _unpack: ClassVar = ("fpr", "tpr", "thresholds")
    fpr: _Floats
    tpr: _Floats
    thresholds: _Floats
    auc: float

    def _title(self) -> str:
        return f"ROC curve: {len(self.fpr)} points, area {self.auc:.4g}"

    def plot(self, ax: Any = None, *, label: str | None = None) -> Any:
        """Draw the curve and, dashed, the diagonal that guessing gives.

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
        from underhood.models._metric_plots import draw_roc

        return draw_roc(self, ax, label)


def roc_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = True,
) -> RocCurve:
    """Rates of false and true positives at every threshold of a score.

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
    drop_intermediate : bool, default True
        Leave out points that lie on a straight line between others.

    Returns
    -------
    RocCurve
        ``fpr, tpr, thresholds = roc_curve(…)`` works; it draws itself with ``.plot()``.

    Raises
    ------
    ValueError
        If lengths differ, only one class occurs, there are more than two, or it is unclear which is positive.

    Examples
    --------
    >>> import underhood as uh
    >>> fpr, tpr, thresholds = uh.models.roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> fpr, tpr
    (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    """
    positive, score, weights = read_binary("roc_curve", y_true, y_score, pos_label, sample_weight)
    false, true, thresholds = steps_of(positive, score, weights)
    if drop_intermediate and len(false) > 2:
        corner = np.r_[True, (np.diff(false, 2) != 0) | (np.diff(true, 2) != 0), True]
        false, true, thresholds = false[corner], true[corner], thresholds[corner]
    fpr, tpr = np.r_[0.0, false] / false[-1], np.r_[0.0, true] / true[-1]
    return RocCurve(fpr, tpr, np.r_[np.inf, thresholds], _area(positive, score, weights))


def auc(x: ArrayLike, y: ArrayLike) -> float:
    """Area below a curve through points, by trapezoids; where the curve is below zero it counts as negative.

    Parameters
    ----------
    x : array_like, shape (points,)
        Ascending, or descending (then the area is the same).
    y : array_like, shape (points,)

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there are fewer than two points, lengths differ, or x goes both up and down.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.auc([0.0, 0.5, 1.0], [0.0, 1.0, 1.0])
    0.75
    """
    across, up = read_target("auc", x, None, "x"), read_target("auc", y, None, "y")
    for name, values in (("x", across), ("y", up)):
        if values.ndim != 1:
            raise ValueError(f"auc: {name} is a matrix, but a vector is needed")
    if len(across) != len(up):
        raise ValueError(f"auc: y has {len(up)} points, but x has {len(across)}")
    if len(across) < 2:
        raise ValueError("auc: x has 1 point, but at least 2 are needed")
    moves = np.diff(across)
    if not ((moves >= 0).all() or (moves <= 0).all()):
        raise ValueError("auc: x goes both up and down, but must be in order")
    area = float(np.sum(moves * (up[1:] / 2 + up[:-1] / 2)))
    return -area if (moves < 0).any() else area


def _area(positive: NDArray[np.bool_], score: _Floats, weights: _Floats) -> float:
    """Share of pairs of a positive and a negative row in the right order, ties counting half."""
    order = np.argsort(score, kind="stable")
    score, positive, weights = score[order], positive[order], weights[order]
    first = np.append(0, np.flatnonzero(np.diff(score)) + 1)
    plus = np.add.reduceat(np.where(positive, weights, 0.0), first)
    minus = np.add.reduceat(np.where(positive, 0.0, weights), first)
    below = np.cumsum(minus) - minus
    return float(np.sum(plus * (below + minus / 2)) / (plus.sum() * minus.sum()))


def _partial_area(curve: RocCurve, max_fpr: float) -> float:
    """Area up to a false positive rate, rescaled so that guessing scores ½ (McClish 1989)."""
    inside = int(np.searchsorted(curve.fpr, max_fpr, "right"))
    fpr = np.append(curve.fpr[:inside], max_fpr)
    tpr = np.append(curve.tpr[:inside], np.interp(max_fpr, curve.fpr, curve.tpr))
    low, high = max_fpr**2 / 2, max_fpr
    return (1 + (auc(fpr, tpr) - low) / (high - low)) / 2


def roc_auc_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    average: str | None = "macro",
    sample_weight: ArrayLike | None = None,
    max_fpr: float | None = None,
    multi_class: str = "raise",
    labels: ArrayLike | None = None,
) -> Any:
    """Area under the ROC curve: the share of pairs that the scores put in the right order.

    Of two classes it is P(score of a positive row > score of a negative row) + ½·P(they are equal), counted over all
    pairs of rows. The greater label is the positive one.

    Parameters
    ----------
    y_true : array_like, shape (rows,)
        Labels.
    y_score : array_like, shape (rows,), or (rows, classes) for more than two classes
        Scores of the greater label; of each class in ascending order, as probabilities that sum to 1.
    average : {"macro", "weighted", "micro", None}, default "macro"
        For more than two classes: the mean over the classes (or pairs of classes), the same weighted by their rows, all
        rows and classes together, or an area a class. ("micro" and None are for "ovr".)
    sample_weight : array_like, shape (rows,), optional
        How much each row counts; not for "ovo".
    max_fpr : float, optional
        For two classes: the area up to this false positive rate alone, rescaled so that guessing scores ½ (McClish
        1989, doi:10.1177/0272989X8900900307).
    multi_class : {"raise", "ovr", "ovo"}, default "raise"
        For more than two classes: each class against the rest, or each against each other one (Hand and Till 2001,
        doi:10.1023/A:1010920819831), which does not depend on how common the classes are.
    labels : array_like, optional
        All classes in ascending order, where some have no row in ``y_true``.

    Returns
    -------
    float, or ndarray, shape (classes,)
        1 if every pair is in order, ½ for guessing.

    Raises
    ------
    ValueError
        If lengths differ, a class has no rows or all of them, or an option does not fit.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    function = "roc_auc_score"
    known = read_label_vector(function, "y_true", y_true)
    classes = np.unique(known)
    if len(classes) > 2 or (labels is not None and len(np.unique(np.asarray(labels))) > 2):
        if max_fpr not in (None, 1):
            raise ValueError(
                f"{function}: max_fpr is {max_fpr}, but a part of the area is defined for two classes only"
            )
        return _of_many(function, known, y_score, average, sample_weight, multi_class, labels)
    if len(classes) < 2 and len(known):
        raise ValueError(
            f"{function}: y_true has only one class ({classes.tolist()[0]!r}), but pairs of two are judged"
        )
    positive, score, weights = read_binary(
        function, known, y_score, classes.tolist()[-1] if len(known) else 1, sample_weight
    )
    if max_fpr is None or max_fpr == 1:
        return _area(positive, score, weights)
    if not 0 < max_fpr < 1:
        raise ValueError(f"{function}: max_fpr is {max_fpr}, but must be above 0 and at most 1")
    return _partial_area(roc_curve(positive, score, pos_label=True, sample_weight=weights), max_fpr)


def _of_many(
    function: str, known: NDArray[Any], y_score: Any, average: str | None, sample_weight: Any, multi_class: str,
    labels: Any,
) -> Any:  # fmt: skip
    if multi_class not in ("ovr", "ovo"):
        found = f"{len(np.unique(known))} classes"
        raise ValueError(f'{function}: multi_class is {multi_class!r}, but y_true has {found}; choose "ovr" or "ovo"')
    allowed = ("macro", "weighted", "micro", None) if multi_class == "ovr" else ("macro", "weighted")
    if average not in allowed:
        raise ValueError(f"{function}: average is {average!r}, but must be one of {', '.join(map(repr, allowed))}")
    codes, classes = class_codes(function, known, labels)
    score = class_scores(function, y_score, len(known), len(classes))
    if np.abs(score.sum(axis=1) - 1).max() > 1e-5:
        row = int(np.abs(score.sum(axis=1) - 1).argmax())
        raise ValueError(f"{function}: y_score sums to {score[row].sum():g} in row {row}, but probabilities sum to 1")
    if multi_class == "ovr":
        weights = row_weights(function, sample_weight, len(known))
        return one_against_rest(function, _area, codes, classes, score, weights, average)
    if sample_weight is not None:
        raise ValueError(f'{function}: sample_weight is not for multi_class="ovo", which compares pairs of classes')
    areas, shares = [], []
    for a in range(len(classes)):
        for b in range(a):
            rows = (codes == a) | (codes == b)
            both_kinds(function, classes[a], codes[rows] == a)
            both_kinds(function, classes[b], codes[rows] == b)
            ones = np.ones(np.count_nonzero(rows))
            areas.append(sum(_area(codes[rows] == k, score[rows, k], ones) for k in (a, b)) / 2)
            shares.append(rows.mean())
    return float(np.average(areas, weights=shares if average == "weighted" else None))
