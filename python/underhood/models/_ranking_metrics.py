"""Judging scores by the order in which they put the rows: ROC and precision–recall curves, and the areas below them.

The area under the ROC curve is the share of pairs of a positive and a negative row that the scores put in the right
order, ties counting half (Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747). That is how it is computed: by
counts, exactly, without a curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._results import Result
from underhood.models._input import read_target
from underhood.models._label_pairs import read_label_vector, row_weights

__all__ = [
    "PrecisionRecallCurve",
    "RocCurve",
    "auc",
    "average_precision_score",
    "precision_recall_curve",
    "roc_auc_score",
    "roc_curve",
]

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


def _read_scores(function: str, y_score: Any, rows: int) -> _Floats:
    score: _Floats = read_target(function, y_score, None, "y_score")
    if len(score) != rows:
        raise ValueError(f"{function}: y_score has {len(score)} rows, but y_true is a vector of {rows}")
    return score[:, 0] if score.ndim == 2 and score.shape[1] == 1 else score


def _read_binary(
    function: str, y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any
) -> tuple[NDArray[np.bool_], _Floats, _Floats]:
    """Which rows are positive, their scores and weights; rows of weight 0 are left out."""
    labels = read_label_vector(function, "y_true", y_true)
    score = _read_scores(function, y_score, len(labels))
    if score.ndim != 1:
        raise ValueError(
            f"{function}: y_score is {'×'.join(map(str, score.shape))}, but for two classes the score of the positive "
            "one is needed, such as model.predict_proba(X)[:, 1]"
        )
    weights = row_weights(function, sample_weight, len(labels))
    positive = _is_positive(function, labels, pos_label)
    there = weights > 0
    positive, score, weights = positive[there], score[there], weights[there]
    if positive.all() or not positive.any():
        kind = "positive" if positive.all() else "negative"
        raise ValueError(f"{function}: y_true has only {kind} rows, but rows of both kinds are needed")
    return positive, score, weights


def _is_positive(function: str, labels: NDArray[Any], pos_label: Any) -> NDArray[np.bool_]:
    classes = np.unique(labels).tolist()
    if len(classes) > 2:
        raise ValueError(f"{function}: y_true has {len(classes)} classes, but two are needed")
    if pos_label is None:
        if not (set(classes) <= {0, 1} or set(classes) <= {-1, 1}):
            raise ValueError(
                f"{function}: pos_label is None, but the classes are {', '.join(map(repr, classes))}; say which is the "
                "positive one"
            )
        pos_label = 1
    elif pos_label not in classes:
        raise ValueError(f"{function}: pos_label is {pos_label!r}, but the classes are {', '.join(map(repr, classes))}")
    positive: NDArray[np.bool_] = labels == pos_label
    return positive


def _steps(positive: NDArray[np.bool_], score: _Floats, weights: _Floats) -> tuple[_Floats, _Floats, _Floats]:
    """Add up false and true positives with a score of at least each distinct one, from the highest down."""
    order = np.argsort(-score, kind="stable")
    score, positive, weights = score[order], positive[order], weights[order]
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    true = np.cumsum(np.where(positive, weights, 0.0))[last]
    false = np.cumsum(np.where(positive, 0.0, weights))[last]
    return false, true, score[last]


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
    positive, score, weights = _read_binary("roc_curve", y_true, y_score, pos_label, sample_weight)
    false, true, thresholds = _steps(positive, score, weights)
    if drop_intermediate and len(false) > 2:
        corner = np.r_[True, (np.diff(false, 2) != 0) | (np.diff(true, 2) != 0), True]
        false, true, thresholds = false[corner], true[corner], thresholds[corner]
    fpr, tpr = np.r_[0.0, false] / false[-1], np.r_[0.0, true] / true[-1]
    return RocCurve(fpr, tpr, np.r_[np.inf, thresholds], _area(positive, score, weights))


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
    positive, score, weights = _read_binary("precision_recall_curve", y_true, y_score, pos_label, sample_weight)
    false, true, thresholds = _steps(positive, score, weights)
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


def auc(x: ArrayLike, y: ArrayLike) -> float:
    """Area below a curve through points, by trapezoids.

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
    return abs(float(np.sum(moves * (up[1:] / 2 + up[:-1] / 2))))


def _area(positive: NDArray[np.bool_], score: _Floats, weights: _Floats) -> float:
    """Share of pairs of a positive and a negative row in the right order, ties counting half."""
    order = np.argsort(score, kind="stable")
    score, positive, weights = score[order], positive[order], weights[order]
    first = np.append(0, np.flatnonzero(np.diff(score)) + 1)
    plus = np.add.reduceat(np.where(positive, weights, 0.0), first)
    minus = np.add.reduceat(np.where(positive, 0.0, weights), first)
    below = np.cumsum(minus) - minus
    return float(np.sum(plus * (below + minus / 2)) / (plus.sum() * minus.sum()))


def _average_precision(positive: NDArray[np.bool_], score: _Floats, weights: _Floats) -> float:
    false, true, _ = _steps(positive, score, weights)
    return float(np.sum(np.diff(true, prepend=0.0) / true[-1] * (true / (true + false))))


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
    positive, score, weights = _read_binary(
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
    codes, classes = _codes(function, known, labels)
    score = _class_scores(function, y_score, len(known), len(classes))
    if np.abs(score.sum(axis=1) - 1).max() > 1e-5:
        row = int(np.abs(score.sum(axis=1) - 1).argmax())
        raise ValueError(f"{function}: y_score sums to {score[row].sum():g} in row {row}, but probabilities sum to 1")
    if multi_class == "ovr":
        weights = row_weights(function, sample_weight, len(known))
        return _one_against_rest(function, _area, codes, classes, score, weights, average)
    if sample_weight is not None:
        raise ValueError(f'{function}: sample_weight is not for multi_class="ovo", which compares pairs of classes')
    areas, shares = [], []
    for a in range(len(classes)):
        for b in range(a):
            rows = (codes == a) | (codes == b)
            _both_kinds(function, classes[a], codes[rows] == a)
            _both_kinds(function, classes[b], codes[rows] == b)
            ones = np.ones(np.count_nonzero(rows))
            areas.append(sum(_area(codes[rows] == k, score[rows, k], ones) for k in (a, b)) / 2)
            shares.append(rows.mean())
    return float(np.average(areas, weights=shares if average == "weighted" else None))


def _codes(function: str, known: NDArray[Any], labels: Any) -> tuple[NDArray[np.int64], list[Any]]:
    """Class number of each row, and the classes."""
    if labels is None:
        classes, codes = np.unique(known, return_inverse=True)
        return codes, classes.tolist()
    wanted = read_label_vector(function, "labels", labels)
    if wanted.tolist() != np.unique(wanted).tolist():
        raise ValueError(f"{function}: labels must be in ascending order, each once")
    missing = np.setdiff1d(known, wanted)
    if len(missing):
        raise ValueError(f"{function}: labels has no {missing.tolist()[0]!r}, which occurs in y_true")
    return np.searchsorted(wanted, known), wanted.tolist()


def _class_scores(function: str, y_score: Any, rows: int, classes: int) -> _Floats:
    score = _read_scores(function, y_score, rows)
    if score.ndim != 2 or score.shape[1] != classes:
        shape = "×".join(map(str, score.shape)) if score.ndim == 2 else f"a vector of {len(score)}"
        raise ValueError(f"{function}: y_score is {shape}, but a column for each of {classes} classes is needed")
    return score


def _both_kinds(function: str, label: Any, positive: NDArray[np.bool_]) -> None:
    if positive.all() or not positive.any():
        found = "no rows" if not positive.any() else "all the rows"
        raise ValueError(f"{function}: y_true has {found} of class {label!r}, but rows of both kinds are needed")


def _one_against_rest(
    function: str, area: Any, codes: NDArray[np.int64], classes: list[Any], score: _Floats, weights: _Floats,
    average: str | None,
) -> Any:  # fmt: skip
    there = weights > 0
    codes, score, weights = codes[there], score[there], weights[there]
    own = codes[:, None] == np.arange(len(classes))
    if average == "micro":
        return area(own.ravel(), score.ravel(), np.repeat(weights, len(classes)))
    for k, label in enumerate(classes):
        _both_kinds(function, label, own[:, k])
    areas = np.array([area(own[:, k], score[:, k], weights) for k in range(len(classes))])
    return (
        areas if average is None else float(np.average(areas, weights=weights @ own if average == "weighted" else None))
    )


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
        codes, classes = _codes(function, known, None)
        score = _class_scores(function, y_score, len(known), len(classes))
        weights = row_weights(function, sample_weight, len(known))
        return _one_against_rest(function, _average_precision, codes, classes, score, weights, average)
    return _average_precision(*_read_binary(function, known, y_score, pos_label, sample_weight))
