"""A categorical target: perceptron, Adaline and logistic regression, scored on rows that they did not see.

Each is fitted twice, on the columns as they are and on standardised ones, so that one sees what that step does to a
model; beside them stands the answer of somebody who always says the most common class. Of two classes, a logistic
regression without penalty on all rows says by odds ratios what goes with which class, and how sure that is.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood import models, stats
from underhood._analysis.design import NO_COMPLETE_ROW, Design, one_more, sources
from underhood._analysis.progress import Progress
from underhood._analysis.reading import Column, Float
from underhood._analysis.words import clip, count, fixed, listing, number, percent, pvalue, span
from underhood._results import Result, html_table, text_table

__all__ = ["ClassificationModel", "Odds", "Score", "classify"]


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
class Odds(Result):
    """What goes with one of two classes: a logistic regression with inference, on all complete rows.

    Attributes
    ----------
    result : LogisticRegressionResult
        ``params bse zvalues pvalues odds_ratios odds_ratios_conf_int llr_pvalue …``; the odds are those of the second
        class beside the first.
    adjusted : ndarray
        P-values of all coefficients but the constant after Holm's correction.
    """

    result: stats.LogisticRegressionResult
    adjusted: Float

    def _title(self) -> str:
        first, second = self.result.levels
        return (
            f"Odds of {clip(str(second), 30)} beside {clip(str(first), 30)} (logistic regression without penalty on "
            f"all {count(self.result.nobs, 'row')})"
        )

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows of the odds ratios."""
        result = self.result
        rows = [
            [
                clip(name, 34),
                number(float(result.odds_ratios[i])),
                span(tuple(result.odds_ratios_conf_int[i].tolist())),
                pvalue(float(result.pvalues[i])),
                pvalue(float(self.adjusted[i - 1])),
            ]
            for i, name in enumerate(result.names)
            if i
        ]
        return ["coefficient", "odds ratio", "95 % interval", "p", "p adj."], rows

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self.table())}"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b></p>{html_table(*self.table(), 'lrrrr')}"


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
    odds : Odds or None
        Odds ratios with inference, if there are two classes, which the columns do not separate.
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
    odds: Odds | None = None
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
        scores = f"{self._title()}\nShare of right answers:\n{text_table(*self.table())}"
        return scores if self.odds is None else f"{scores}\n\n{self.odds!r}"

    def _repr_html_(self) -> str:
        scores = html_table(*self.table(), "lrrr")
        odds = "" if self.odds is None else self.odds._repr_html_()
        return f"<p><b>{escape(self._title())}</b></p><p>Share of right answers:</p>{scores}{odds}"


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

    odds = None
    if len(present) == 2:
        progress.step("fitting the odds ratios")
        odds = _odds(target, predictors, X, codes, present)
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
        odds,
        tuple((name, float(np.ptp(X_train[:, i]))) for i, name in enumerate(names) if name in measured),
    )


def _odds(target: Column, predictors: Design, X: Float, codes: NDArray[np.intp], present: list[int]) -> Odds | None:
    """Regress the odds of the second of two classes, or note why that cannot be."""
    varies = X.min(axis=0) < X.max(axis=0)
    names = [name for name, keep in zip(predictors.names, varies, strict=True) if keep]
    if not names:
        return None
    try:
        result = stats.logistic_regression(X[:, varies], (codes == present[1]).astype(np.float64), names=names)
    except ValueError as problem:
        why = str(problem).removeprefix("logistic_regression: ").partition(";")[0]
        if "separates the classes" in why:
            named = re.findall(r'column \d+ \("(.*?)"\)', why)
            tell = "tells" if len(named) == 1 else "tell"
            why = f"{listing(named, 4)} {tell} its classes apart (ties aside), so that ever larger ones fit ever better"
        predictors.left_out.append(f"No odds ratios of {target.name} were computed: {why}.")
        return None
    first, second = (target.labels[code] for code in present)
    result.levels, result._response = (first, second), target.name
    return Odds(result, stats.multipletests(result.pvalues[1:], method="holm").pvals_corrected)


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


def assumed(model: ClassificationModel) -> list[str]:
    """Say what the odds ratios rest on."""
    if model.odds is None:
        return []
    return [
        "The odds ratios take the logarithm of the odds to depend on the columns in a straight line, and the rows to "
        "be many, as their standard errors are those of large samples. Odds are a probability over that of the "
        "opposite.",
        *model.odds.result.notes,
    ]


def _clearest(model: ClassificationModel, odds: Odds) -> str:
    """Name the odds ratio that is clearest from 1."""
    result, first, second = odds.result, *odds.result.levels
    clear = [i for i, p in enumerate(odds.adjusted.tolist(), 1) if p < 0.05]
    if not clear:
        return "No odds ratio differs from 1 with an adjusted p < 0.05 (Holm)."
    top = max(clear, key=lambda i: abs(float(result.zvalues[i])))
    ends = tuple(result.odds_ratios_conf_int[top].tolist())
    return (
        f"Of the odds ratios, {len(clear)} of {len(odds.adjusted)} differ from 1 with an adjusted p < 0.05 (Holm). "
        f"The clearest: with all other columns alike, {one_more(result.names[top], model.reference_levels)} goes with "
        f"odds of {second} beside {first} multiplied by {number(float(result.odds_ratios[top]))} (95 % interval "
        f"{span(ends)})."
    )


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
    if model.odds is not None:
        sentences.append(_clearest(model, model.odds))
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
