"""A numeric target: the linear regression on all other columns, with standard errors.

Classical standard errors rest on errors of one variance. Where Breusch and Pagan's test speaks against that, those of
kind HC3 are taken (MacKinnon and White, 1985), which do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from underhood._analysis.design import NO_COMPLETE_ROW, Design, moderate, one_more, sources
from underhood._analysis.reading import Column, Float
from underhood._analysis.words import clip, count, fixed, listing, number, pvalue, span
from underhood._results import Result, html_table, text_table
from underhood.stats import Assumption, LinearRegressionResult, linear_regression, multipletests

__all__ = ["RegressionModel", "regress"]

_INFLATED = 10.0
"""A variance inflation factor above this is much (Marquardt, 1970, doi:10.1080/00401706.1970.10488699)."""
_MOVES = 1.0
"""A row with a Cook's distance above this moves the fit by more than its error (Cook, 1977)."""
_LOOKED_THROUGH = 50_000
"""Up to so many rows it is asked how far each moves the fit; of more, one that does lies far from the others."""


@dataclass(slots=True, repr=False, eq=False)
class RegressionModel(Result):
    """A linear regression of the target on the other columns.

    Attributes
    ----------
    target : str
        The column that was predicted.
    predictors : tuple of str
        Names of the coefficients after the constant, ``column[level]`` for those of a categorical column.
    reference_levels : dict of str to str
        The level of each categorical column against which the others are measured.
    nobs : int
        Rows that went in.
    result : LinearRegressionResult
        Coefficients with all that goes with them: ``params bse tvalues pvalues conf_int rsquared fvalue vif …``. Its
        ``cov_type`` is "classical", or HC3 where the errors' variances differ (HC1 if a row is fitted exactly).
    adjusted : ndarray
        P-values of all coefficients but the constant after Holm's correction.
    assumptions : tuple of Assumption
        What classical standard errors rest on, and whether the residuals support it.
    influential : tuple of int
        Rows of the table, counted from 0, that move the fit by themselves: with a Cook's distance above 1. Not looked
        for among more than 50,000 rows.
    """

    target: str
    predictors: tuple[str, ...]
    reference_levels: dict[str, str]
    nobs: int
    result: LinearRegressionResult
    adjusted: Float
    assumptions: tuple[Assumption, ...]
    influential: tuple[int, ...]
    _observed: Float

    def _title(self) -> str:
        return f"{self._what()}: {self._whole()}"

    def _what(self) -> str:
        used = len(sources(self.predictors, self.reference_levels))
        slopes = "" if used == len(self.predictors) else f" ({count(len(self.predictors), 'coefficient')})"
        return f"Linear regression of {self.target} on {count(used, 'column')}{slopes}, {count(self.nobs, 'row')}"

    def _whole(self) -> str:
        r = self.result
        if r.perfect_fit:
            return "perfect to within rounding, so that there are no errors to judge the coefficients by"
        return f"R² = {r.rsquared:.3f} (adjusted {r.rsquared_adj:.3f}), F = {number(r.fvalue)}, p {_equals(r.f_pvalue)}"

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows of the coefficients."""
        kind = "" if self.result.cov_type == "classical" else f" ({self.result.cov_type})"
        header = ["coefficient", "estimate", f"std. error{kind}", "t", "p", "p adj.", "95 % interval"]
        if self.result.perfect_fit:
            estimates = zip(("constant", *self.predictors), self.result.params, strict=True)
            return header[:2], [[clip(name, 34), number(float(estimate))] for name, estimate in estimates]
        interval = self.result.conf_int
        rows = [
            [
                clip(name, 34),
                number(float(self.result.params[i])),
                number(float(self.result.bse[i])),
                fixed(float(self.result.tvalues[i])),
                pvalue(float(self.result.pvalues[i])),
                pvalue(float(self.adjusted[i - 1])) if i else "",
                span((float(interval[i, 0]), float(interval[i, 1]))),
            ]
            for i, name in enumerate(("constant", *self.predictors))
        ]
        return header, rows

    def __repr__(self) -> str:
        return f"{self._what()}\n{self._whole()}\n{text_table(*self.table())}"

    def _repr_html_(self) -> str:
        header, rows = self.table()
        return f"<p><b>{escape(self._title())}</b></p>{html_table(header, rows, 'lrrrrrr'[: len(header)])}"


def _equals(p: float) -> str:
    text = pvalue(p)
    return text.replace("<", "< ") if text.startswith("<") else f"= {text}"


def regress(target: Column, predictors: Design) -> RegressionModel | str:
    """Fit the regression, or say why it cannot be."""
    assert target.numbers is not None
    y = target.numbers[predictors.rows]
    rows, columns = predictors.matrix.shape
    if not predictors.rows.any():
        return NO_COMPLETE_ROW
    if not columns:
        return "no other column can predict it"
    if rows < columns + 2:
        return f"{count(rows, 'complete row')} cannot settle {count(columns + 1, 'coefficient')} and their errors"
    if not moderate(target):
        return "the squares of such large or small numbers leave the range of doubles; choose another unit"
    if y.min() == y.max():
        return "it does not vary in the rows that are complete"
    try:
        result = linear_regression(predictors.matrix, y, names=predictors.names)
    except ValueError as problem:
        return str(problem).removeprefix("linear_regression: ")
    result.response = target.name
    assumptions = result.assumptions
    influential: tuple[int, ...] = ()
    if not result.perfect_fit:
        if rows <= _LOOKED_THROUGH:
            # A row of leverage 1 has no distance: it is fitted exactly, whatever it holds.
            moving = np.nan_to_num(result.cooks_distance) > _MOVES
            influential = tuple(np.flatnonzero(predictors.rows)[moving].tolist())
        if any(_is_against(fact) and "variance" in fact.text for fact in assumptions):
            result = _robust(predictors, y)
            result.response = target.name
    adjusted = multipletests(result.pvalues[1:], method="holm").pvals_corrected
    names = tuple(predictors.names)
    return RegressionModel(
        target.name, names, predictors.reference, rows, result, adjusted, assumptions, influential, y
    )


def _robust(predictors: Design, y: Float) -> LinearRegressionResult:
    try:
        return linear_regression(predictors.matrix, y, names=predictors.names, cov_type="HC3")
    except ValueError:
        # HC3 divides by zero where a row is fitted exactly, such as the only one of its category.
        return linear_regression(predictors.matrix, y, names=predictors.names, cov_type="HC1")


def _is_against(fact: Assumption) -> bool:
    return fact.supported is False


def assumed(model: RegressionModel) -> list[str]:
    """Say what the regression rests on, and what the data say of it."""
    facts = [
        str(fact) if _is_against(fact) else f"{fact.text} (the data {'agree' if fact.supported else 'cannot tell'})"
        for fact in model.assumptions
    ]
    sentences = [f"The linear regression assumes: {'; '.join(facts)}. Look at its plot of residuals."]
    kind = model.result.cov_type
    if kind != "classical":
        sentences.append(
            f"Because the errors' variances seem to differ, the regression's standard errors are those of kind {kind}, "
            "which do not assume one variance; so are its t, F, p-values and intervals."
        )
        if model._observed.min() == 0 and not (model._observed % 1).any():
            sentences.append(
                f"{model.target} holds whole numbers from 0 up. If they are counts, uh.stats.poisson_regression, in "
                "which the variance grows with the mean, describes their rate."
            )
    return sentences


def describe(model: RegressionModel) -> list[str]:
    """Say in words what the regression found."""
    result = model.result
    sentences = [
        f"A linear regression on the other columns explains {100 * float(result.rsquared):.1f} % of the variance of "
        f"{model.target} in {count(model.nobs, 'row')}."
    ]
    if result.perfect_fit:
        sentences.append(
            "The fit is perfect to within rounding, so its standard errors and p-values mean nothing. Does a column "
            "hold the target itself, or something that it was computed from?"
        )
        return sentences
    strong = sorted(
        (i for i in range(len(model.predictors)) if model.adjusted[i] < 0.05),
        key=lambda i: -abs(float(result.tvalues[i + 1])),
    )
    if strong:
        name, estimate = model.predictors[strong[0]], float(result.params[strong[0] + 1])
        low, high = sorted(result.conf_int[strong[0] + 1].tolist(), key=abs)
        direction = "more" if estimate > 0 else "less"
        sentences.append(
            f"Of the coefficients, {len(strong)} of {len(model.predictors)} differ from 0 with an adjusted p < 0.05 "
            f"(Holm). The clearest: with all other columns alike, {one_more(name, model.reference_levels)} goes with "
            f"{number(abs(estimate), 3)} {direction} of {model.target} (95 % interval {number(abs(low), 3)} to "
            f"{number(abs(high), 3)})."
        )
    else:
        sentences.append("No coefficient differs from 0 with an adjusted p < 0.05 (Holm).")
    inflated = sorted(((vif, name) for name, vif in result.vif.items() if vif > _INFLATED), reverse=True)
    if inflated:
        factors = [f"{name} ({number(vif, 3)})" for vif, name in inflated]
        sentences.append(
            f"Nearly told by the other columns, with variance inflation factors above {_INFLATED:g}: "
            f"{listing(factors, 4)}. Single coefficients there are uncertain, though predictions may be good."
        )
    if model.influential:
        rows = [str(row) for row in model.influential]
        what = "row" if len(rows) == 1 else "rows"
        sentences.append(
            f"The fit rests much on {what} {listing(rows, 4)} of the table, counted from 0 (Cook's distance above "
            f"{_MOVES:g}): look whether {'it is' if len(rows) == 1 else 'they are'} right."
        )
    return sentences
