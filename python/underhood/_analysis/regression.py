"""A numeric target: the linear regression on all other columns, with standard errors."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from underhood._analysis.design import NO_COMPLETE_ROW, Design, moderate, sources
from underhood._analysis.reading import Column, Float
from underhood._analysis.words import clip, count, fixed, number, pvalue
from underhood._results import Result, html_table, text_table
from underhood.stats import linear_regression

__all__ = ["RegressionModel", "regress"]


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
        Coefficients with all that goes with them: ``params bse tvalues pvalues conf_int rsquared fvalue …``.
    """

    target: str
    predictors: tuple[str, ...]
    reference_levels: dict[str, str]
    nobs: int
    result: Any
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
        header = ["coefficient", "estimate", "std. error", "t", "p", "95 % interval"]
        if self.result.perfect_fit:
            estimates = zip(("constant", *self.predictors), self.result.params, strict=True)
            return header[:2], [[clip(name, 34), number(float(estimate))] for name, estimate in estimates]
        interval = _interval(self.result)
        rows = [
            [
                clip(name, 34),
                number(float(self.result.params[i])),
                number(float(self.result.bse[i])),
                fixed(float(self.result.tvalues[i])),
                pvalue(float(self.result.pvalues[i])),
                f"{number(float(interval[i, 0]))} to {number(float(interval[i, 1]))}",
            ]
            for i, name in enumerate(("constant", *self.predictors))
        ]
        return header, rows

    def __repr__(self) -> str:
        return f"{self._what()}\n{self._whole()}\n{text_table(*self.table())}"

    def _repr_html_(self) -> str:
        header, rows = self.table()
        return f"<p><b>{escape(self._title())}</b></p>{html_table(header, rows, 'lrrrrr'[: len(header)])}"


def _interval(result: Any) -> Float:
    interval: Float = result.conf_int() if callable(result.conf_int) else result.conf_int
    return interval


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
    result = linear_regression(predictors.matrix, y, names=predictors.names)
    return RegressionModel(target.name, tuple(predictors.names), predictors.reference, rows, result, y)


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
        (i for i in range(len(model.predictors)) if result.pvalues[i + 1] < 0.05),
        key=lambda i: -abs(float(result.tvalues[i + 1])),
    )
    if strong:
        name, estimate = model.predictors[strong[0]], float(result.params[strong[0] + 1])
        column, _, level = name.partition("[")
        if level and column in model.reference_levels:
            given = f"{column} {level.removesuffix(']')} instead of {model.reference_levels[column]}"
        else:
            given = f"one more unit of {name}"
        direction = "more" if estimate > 0 else "less"
        sentences.append(
            f"Of the coefficients, {len(strong)} of {len(model.predictors)} differ from 0 with p < 0.05. The "
            f"clearest: with "
            f"all other columns alike, {given} goes with {number(abs(estimate), 3)} {direction} of {model.target}."
        )
    else:
        sentences.append("No coefficient differs from 0 with p < 0.05.")
    return sentences
