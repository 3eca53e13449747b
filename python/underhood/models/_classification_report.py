"""Precision, recall and F of every class in one table."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._results import Result, html_table, text_table
from underhood.models._label_pairs import read_label_pair, read_label_vector
from underhood.models._precision_recall import ALL_SCORES, averaged, counts_of

__all__ = ["ClassificationReport", "classification_report"]

_Floats = NDArray[np.float64]


@dataclass(slots=True, repr=False, eq=False)
class ClassificationReport(Result):
    """Precision, recall and F1 of each class, and their averages.

    Attributes
    ----------
    labels : list
        The classes, or the names that were given for them.
    precision, recall, f1_score : ndarray, shape (classes,)
        Scores of each class.
    support : ndarray, shape (classes,)
        True rows of each class (sum of their weights).
    accuracy : float or None
        Share of right rows; None if the report is about some of the classes.
    averages : dict
        "macro avg" and "weighted avg" (and "micro avg" where there is no accuracy), each with precision, recall and
        F1.
    digits : int
        Decimal places that are shown.
    """

    labels: list[Any]
    precision: _Floats
    recall: _Floats
    f1_score: _Floats
    support: NDArray[Any]
    accuracy: float | None
    averages: dict[str, tuple[float, float, float]]
    digits: int

    def as_dict(self) -> dict[str, Any]:
        """Give the report as scikit-learn's ``output_dict=True`` does: a dictionary by class and average."""
        names = ("precision", "recall", "f1-score", "support")
        found: dict[str, Any] = {}
        for label, *numbers in zip(self.labels, self.precision, self.recall, self.f1_score, self.support, strict=True):
            found[str(label)] = dict(zip(names, map(float, numbers), strict=True))
        if self.accuracy is not None:
            found["accuracy"] = self.accuracy
        for name, scores in self.averages.items():
            found[name] = dict(zip(names, (*scores, float(self.support.sum())), strict=True))
        return found

    def _title(self) -> str:
        return f"Classification report: {len(self.labels)} classes, {self.support.sum():g} rows"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        def line(name: str, scores: Any, support: float) -> list[str]:
            return [name, *(f"{score:.{self.digits}f}" for score in scores), f"{support:g}"]

        each = zip(self.labels, self.precision, self.recall, self.f1_score, self.support, strict=True)
        rows = [line(str(label), numbers[:3], numbers[3]) for label, *numbers in each]
        total = self.support.sum()
        if self.accuracy is not None:
            rows.append(["accuracy", "", "", f"{self.accuracy:.{self.digits}f}", f"{total:g}"])
        rows += [line(name, scores, total) for name, scores in self.averages.items()]
        return ["", "precision", "recall", "f1-score", "support"], rows

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self._table())}"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b></p>{html_table(*self._table(), 'lrrrr')}"


def classification_report(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    target_names: Any = None,
    sample_weight: ArrayLike | None = None,
    digits: int = 2,
    output_dict: bool = False,
    zero_division: float | str = "warn",
) -> Any:
    """Precision, recall, F1 and number of rows of every class, as a table.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    labels : array_like, optional
        The classes that are reported, in this order; by default all that occur.
    target_names : sequence of str, optional
        Names to show for them.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    digits : int, default 2
        Decimal places that are shown.
    output_dict : bool, default False
        Give a plain dictionary with scikit-learn's keys.
    zero_division : {"warn", 0.0, 1.0, nan}, default "warn"
        What 0/0 is taken for; "warn" takes 0 and warns.

    Returns
    -------
    ClassificationReport or dict
        The report prints as a table (``scikit-learn`` gives a text) and has the numbers as fields.

    Warns
    -----
    UndefinedMetricWarning
        If something is 0/0 and ``zero_division="warn"``.

    Raises
    ------
    ValueError
        If the lengths differ or are 0, or there are not as many names as labels.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.classification_report(["cat", "cat", "dog", "dog"], ["cat", "dog", "dog", "dog"])
    Classification report: 2 classes, 4 rows
                  precision  recall  f1-score  support
    ────────────  ─────────  ──────  ────────  ───────
    cat                1.00    0.50      0.67        2
    dog                0.67    1.00      0.80        2
    accuracy                             0.75        4
    macro avg          0.83    0.75      0.73        4
    weighted avg       0.83    0.75      0.73        4
    """
    function = "classification_report"
    pair = read_label_pair(function, y_true, y_pred, sample_weight)
    found = pair.classes.tolist()
    wanted = found if labels is None else read_label_vector(function, "labels", labels).tolist()
    names = wanted if target_names is None else list(target_names)
    if len(names) != len(wanted):
        raise ValueError(f"{function}: target_names has {len(names)} names for {len(wanted)} labels")
    counts = counts_of(pair, wanted)
    whole = set(wanted) >= set(found)
    precision, recall, fscore, support = averaged(function, counts, 1.0, wanted, None, zero_division, ALL_SCORES, 3)
    support = support if pair.weights is None else support * pair.unit
    averages = {}
    for average in ("macro", "weighted") if whole else ("micro", "macro", "weighted"):
        sums = tuple(part.sum(keepdims=True) for part in counts) if average == "micro" else counts
        averages[f"{average} avg"] = averaged(function, sums, 1.0, wanted, average, zero_division, (), 3)[:3]
    accuracy = pair.share(pair.true == pair.predicted) if whole else None
    report = ClassificationReport(names, precision, recall, fscore, support, accuracy, averages, digits)
    return report.as_dict() if output_dict else report
