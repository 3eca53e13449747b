"""A categorical target: perceptron, Adaline and logistic regression, scored on rows that they did not see.

Each is fitted twice, on the columns as they are and on standardised ones, so that one sees what that step does to a
model; beside them stands the answer of somebody who always says the most common class.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from math import ceil, sqrt
from typing import Any

import numpy as np

from underhood import models
from underhood._analysis.design import NO_COMPLETE_ROW, Design, sources
from underhood._analysis.progress import Progress
from underhood._analysis.reading import Column, Float
from underhood._analysis.words import count, fixed, listing, number, percent
from underhood._results import Result, html_table, text_table

__all__ = ["ClassificationModel", "Score", "classify"]


@dataclass(slots=True, repr=False, eq=False)
class Score(Result):
    """How one model did.

    Attributes
    ----------
    model : str
        Perceptron, Adaline or LogisticRegression.
    standardised : bool
        Whether the columns were brought to mean 0 and standard deviation 1 first.
    train_accuracy, accuracy : float
        Share of right answers on the rows that it learned from, and on the rows that were held out.
    correct : int
        Right answers on the rows that were held out.
    estimator : object
        The fitted model itself, with its weights and its history.
    remark : str
        What it warned of while it learned.
    """

    model: str
    standardised: bool
    train_accuracy: float
    accuracy: float
    correct: int
    estimator: Any
    remark: str = ""


@dataclass(slots=True, repr=False, eq=False)
class ClassificationModel(Result):
    """Three models of a categorical target, with and without standardised columns.

    Attributes
    ----------
    target : str
        The column that was predicted.
    classes : tuple of str
        Its values.
    predictors : tuple of str
        Columns of the matrix that the models saw, ``column[level]`` for those of a categorical column.
    reference_levels : dict of str to str
        The level of each categorical predictor that has no column.
    n_train, n_test : int
        Rows that the models learned from, and rows that were held out.
    baseline : str
        The most common class of the rows learned from …
    baseline_accuracy : float
        … and the share of right answers of always saying it.
    scores : tuple of Score
        One for each model, raw and standardised.
    """

    target: str
    classes: tuple[str, ...]
    predictors: tuple[str, ...]
    reference_levels: dict[str, str]
    n_train: int
    n_test: int
    baseline: str
    baseline_accuracy: float
    scores: tuple[Score, ...]
    _spreads: tuple[tuple[str, float], ...] = field(default=())

    def _title(self) -> str:
        used = len(sources(self.predictors, self.reference_levels))
        weights = "" if used == len(self.predictors) else f" as {len(self.predictors)}"
        return (
            f"Models of {self.target} ({len(self.classes)} classes, {count(used, 'column')}{weights}): learned from "
            f"{count(self.n_train, 'row')}, scored on {self.n_test:,} others"
        )

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows of the scores."""
        header = ["model", "columns as they are", "standardised", "(on the rows learned from)"]
        rows = [[f"always {self.baseline}", *[fixed(self.baseline_accuracy, 3)] * 2, ""]]
        for raw, standard in pairs(self):
            learned = f"{fixed(raw.train_accuracy, 3)}, {fixed(standard.train_accuracy, 3)}"
            rows.append([raw.model, fixed(raw.accuracy, 3), fixed(standard.accuracy, 3), learned])
        return header, rows

    def __repr__(self) -> str:
        return f"{self._title()}\nShare of right answers:\n{text_table(*self.table())}"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b></p><p>Share of right answers:</p>{html_table(*self.table(), 'lrrr')}"


def pairs(model: ClassificationModel) -> list[tuple[Score, Score]]:
    """Each model's two scores: raw, standardised."""
    return list(zip(model.scores[::2], model.scores[1::2], strict=True))


def _makers(rows: int, random_state: Any) -> list[tuple[str, Callable[[], Any]]]:
    """Make the three models; the perceptron never settles on overlapping classes, so many rows get fewer epochs."""
    epochs = int(np.clip(2_000_000 // max(rows, 1), 20, 200))
    return [
        ("Perceptron", lambda: models.Perceptron(max_iter=epochs, random_state=random_state)),
        ("Adaline", lambda: models.Adaline(learning_rate="auto", solver="batch")),
        ("LogisticRegression", lambda: models.LogisticRegression(C=1.0)),
    ]


def classify(
    target: Column, predictors: Design, test_size: float, random_state: Any, progress: Progress
) -> ClassificationModel | str:
    """Fit and score the models, or say why that cannot be."""
    assert target.codes is not None
    X, codes = predictors.matrix, target.codes[predictors.rows]
    if not codes.size:
        return NO_COMPLETE_ROW
    if not X.shape[1]:
        return "no other column can predict it"
    # A class has to be on both sides of the split.
    sizes = np.bincount(codes, minlength=len(target.labels))
    test_rows = ceil(test_size * codes.size)
    rare = [code for code in range(len(sizes)) if 0 < sizes[code] < max(2, 1 / test_size, 1 / (1 - test_size))]
    if rare:
        few = listing([target.labels[code] for code in rare])
        predictors.left_out.append(
            f"Too rare in {target.name} to be both learned and tested, so left out of the models: {few}."
        )
        keep = ~np.isin(codes, rare)
        X, codes = X[keep], codes[keep]
        sizes = np.bincount(codes, minlength=len(target.labels))
        test_rows = ceil(test_size * codes.size)
    present = [code for code in range(len(sizes)) if sizes[code]]
    if len(present) < 2:
        return "fewer than two of its classes have enough complete rows"
    if min(test_rows, codes.size - test_rows) < len(present):
        return f"{count(codes.size, 'complete row')} cannot be split into two parts that both hold all its classes"

    labels = np.array(target.labels)[codes]
    X_train, X_test, y_train, y_test = models.train_test_split(
        X, labels, test_size=test_size, random_state=random_state, stratify=labels
    )
    varies = X_train.min(axis=0) < X_train.max(axis=0)
    names = [name for name, keep in zip(predictors.names, varies, strict=True) if keep]
    if not names:
        return "no other column varies in the rows to learn from"
    X_train, X_test = np.ascontiguousarray(X_train[:, varies]), np.ascontiguousarray(X_test[:, varies])

    counts = {str(label): int((y_train == label).sum()) for label in np.unique(y_train)}
    baseline = max(counts, key=counts.__getitem__)
    always = np.full(y_test.shape, baseline, dtype=y_test.dtype)

    measured = {name for name in names if name.partition("[")[0] not in predictors.reference}
    scaler = models.StandardScaler().fit(X_train)
    versions = [(False, X_train, X_test), (True, scaler.transform(X_train), scaler.transform(X_test))]
    scores = []
    for name, make in _makers(len(y_train), random_state):
        for standardised, train, test in versions:
            progress.step(f"fitting {name}{' on standardised columns' if standardised else ''}")
            scores.append(_score(name, standardised, make(), (train, y_train), (test, y_test)))
    return ClassificationModel(
        target.name,
        tuple(target.labels[code] for code in present),
        tuple(names),
        predictors.reference,
        len(y_train),
        len(y_test),
        baseline,
        float(models.accuracy_score(y_test, always)),
        tuple(scores),
        tuple((name, float(np.ptp(X_train[:, i]))) for i, name in enumerate(names) if name in measured),
    )


def _score(name: str, standardised: bool, estimator: Any, train: tuple[Float, Any], test: tuple[Float, Any]) -> Score:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        estimator.fit(*train)
    accuracy = float(models.accuracy_score(test[1], estimator.predict(test[0])))
    return Score(
        name,
        standardised,
        float(models.accuracy_score(train[1], estimator.predict(train[0]))),
        accuracy,
        round(accuracy * len(test[1])),
        estimator,
        " ".join(
            dict.fromkeys(str(warning.message).removeprefix(f"{name}.fit: ").rstrip(".") + "." for warning in caught)
        ),
    )


def _change(raw: Score, standard: Score) -> str:
    places = 3 if fixed(raw.accuracy, 3) != fixed(standard.accuracy, 3) else 6
    return f"{raw.model} from {fixed(raw.accuracy, places)} to {fixed(standard.accuracy, places)}"


def _margin(right: float, rows: int) -> float:
    """Two standard errors of a share of right answers (Agresti and Coull, 1998, which is not 0 where all are right)."""
    share = (right + 2) / (rows + 4)
    return 2 * sqrt(share * (1 - share) / (rows + 4))


def describe(model: ClassificationModel) -> list[str]:
    """Say in words what the models found, and what standardising did to them."""
    best = max(model.scores, key=lambda score: score.accuracy)
    columns = "standardised columns" if best.standardised else "columns as they are"
    margin = _margin(best.correct, model.n_test)
    rows = f"{best.correct:,} of {count(model.n_test, 'held-out row')} right ({percent(best.accuracy, 1)})"
    baseline = percent(model.baseline_accuracy, 1)
    tell = f"a score on {count(model.n_test, 'row')} is good to about ± {percent(margin, 1)}"
    if best.accuracy - model.baseline_accuracy <= margin:
        sentences = [
            f"No model does clearly better than always answering {model.baseline}, which gets {baseline} of the "
            f"held-out rows right: the highest score, of {best.model} on {columns}, is {rows}, and by chance alone "
            f"{tell}."
        ]
    else:
        near = sum(best.accuracy - score.accuracy <= margin for score in model.scores) - 1
        others = len(model.scores) - 1
        tied = f"; {near} of the other {others} scores are not clearly lower" if near else ""
        if near == 1:
            tied = f"; 1 of the other {others} scores is not clearly lower"
        sentences = [
            f"The highest score is that of {best.model} on {columns}: {rows}; always answering {model.baseline} gets "
            f"{baseline}. By chance alone, {tell}{tied}."
        ]
    changed, same = [], []
    for raw, standard in pairs(model):
        spread = _margin((raw.correct + standard.correct) / 2, model.n_test)
        if abs(raw.accuracy - standard.accuracy) > spread:
            changed.append(_change(raw, standard))
        else:
            same.append(raw.model)
    if not changed:
        return [*sentences, "Standardising the columns changed no model's score by more than chance would."]
    alone = f" and did not clearly change {listing(same)}" if same else ""
    sentence = f"Standardising the columns took {listing(changed)}{alone}."
    widest = max(model._spreads, key=lambda item: item[1], default=("", 0.0))
    narrowest = min(model._spreads, key=lambda item: item[1], default=("", 0.0))
    if widest[1] > 20 * narrowest[1]:
        sentence += (
            f" The columns differ in size: {widest[0]} spans {number(widest[1], 3)}, {narrowest[0]} only "
            f"{number(narrowest[1], 3)}. A step of the perceptron or of Adaline that suits the one is far too small or "
            "too large for the other, until both are brought to one scale; logistic regression is solved to the end "
            "and feels the scale only through its penalty on large weights."
        )
    return [*sentences, sentence]
