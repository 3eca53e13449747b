"""How a regression reads: the familiar table, one block when printed, and words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from underhood._results import format_probability, format_value, html_table, text_table
from underhood.stats._hypothesis import Assumption, about_normal, percent

if TYPE_CHECKING:
    from underhood.stats._regression import LinearRegressionResult

    Cells = list[tuple[str, str]]

__all__ = [
    "assumed",
    "block",
    "equals",
    "html_page",
    "in_columns",
    "listed",
    "notes_on",
    "short",
    "table_of",
    "whole",
    "words",
]

_NEAR_TWO = (1.5, 2.5)
_LITTLE = 0.05
_DEPENDENT = 1e4
_DECISIVE = 1.0
# Of larger tables a single row seldom decides, and distances of all rows would take longer than the fit.
_LOOKED_INTO = 10_000


def short(value: float, digits: int = 4) -> str:
    """Show a number to a few digits, for tables."""
    return format_value(value, digits)


def equals(p: float, digits: int = 3) -> str:
    """Write ``p = 0.03``, or ``p < 1e-300``."""
    text = format_probability(p, digits)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def listed(names: list[str]) -> str:
    """Write ``a, b and c``."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def whole(fit: LinearRegressionResult) -> Cells:
    """Label and text of what holds for the whole regression, two to a line."""
    return [
        ("rows", str(fit.nobs)),
        ("R²", short(fit.rsquared)),
        ("coefficients", str(fit.k_params)),
        ("adjusted R²", short(fit.rsquared_adj)),
        ("residual df", f"{fit.df_resid:g}"),
        ("F", short(fit.fvalue)),
        ("residual sd", short(fit.residual_sd)),
        ("p of F", format_probability(fit.f_pvalue, 4)),
        ("log-likelihood", short(fit.llf)),
        ("AIC", short(fit.aic)),
        ("standard errors", fit.cov_type),
        ("BIC", short(fit.bic)),
    ]


def lower(fit: LinearRegressionResult) -> Cells:
    """Label and text of what the residuals say, as statsmodels' lower block does."""
    return [
        ("Durbin–Watson", short(fit.durbin_watson)),
        ("skew", short(fit.skew)),
        ("Jarque–Bera", short(fit.jarque_bera)),
        ("kurtosis", short(fit.kurtosis)),
        ("p of it", format_probability(fit.jarque_bera_pvalue, 4)),
        ("condition", short(fit.condition_number)),
    ]


def in_columns(cells: Cells) -> str:
    """Lay out cells two to a line."""
    return "\n".join(
        f"{left[0]:<15} {left[1]:>10}    {right[0]:<11} {right[1]:>10}"
        for left, right in zip(cells[::2], cells[1::2], strict=True)
    )


def coefficient_table(fit: LinearRegressionResult) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the table of coefficients."""
    tail = 50 * (1 - fit.confidence_level)
    header = ["", "coef", "std err", "t", "P>|t|", f"[{tail:.3g} %", f"{100 - tail:.4g} %]"]
    rows = [
        [
            name,
            short(fit.params[i], 5),
            short(fit.bse[i]),
            short(fit.tvalues[i]),
            format_probability(fit.pvalues[i], 3),
            short(fit.conf_int[i, 0]),
            short(fit.conf_int[i, 1]),
        ]
        for i, name in enumerate(fit.names)
    ]
    return header, rows


def table_of(fit: LinearRegressionResult) -> str:
    """Lay out the familiar table."""
    parts = [
        fit._title(),
        in_columns(whole(fit)),
        text_table(*coefficient_table(fit)),
        in_columns(lower(fit)),
        "\n".join(notes_on(fit)),
    ]
    return "\n\n".join(part for part in parts if part)


def block(fit: LinearRegressionResult) -> str:
    """Lay out what ``print`` shows."""
    line = (
        f"R² {short(fit.rsquared)}, F({fit.df_model:g}, {fit.df_resid:g}) = {short(fit.fvalue)}, "
        f"{equals(fit.f_pvalue)}, {fit.nobs} rows"
    )
    return "\n".join([fit._title(), line, text_table(*coefficient_table(fit)), *notes_on(fit)])


def html_page(fit: LinearRegressionResult) -> str:
    """Lay out what Jupyter shows."""
    cells = whole(fit)
    pairs = [[*left, *right] for left, right in zip(cells[::2], cells[1::2], strict=True)]
    notes = "".join(f"<p>{escape(note)}</p>" for note in notes_on(fit))
    table = html_table(*coefficient_table(fit))
    return f"<p><b>{escape(fit._title())}</b></p>{html_table(None, pairs)}{table}{notes}"


def notes_on(fit: LinearRegressionResult) -> list[str]:
    """Name what makes the numbers doubtful."""
    notes = []
    if fit.perfect_fit:
        notes.append(
            "Note: the fit is perfect to within rounding, so standard errors, statistics and p-values mean nothing. "
            "Does a column contain y itself?"
        )
    if fit.scaled_condition_number > _DEPENDENT:
        notes.append(
            "Note: the columns nearly depend on each other (scaled condition number "
            f"{format_value(fit.scaled_condition_number)}): single coefficients are uncertain and change much with "
            "small changes of the data, though predictions may be good."
        )
    if fit.nobs < 10 * len(fit.params):
        notes.append(
            f"Note: {fit.nobs} rows are few for {fit.k_params} coefficients; intervals rest on normal errors, and "
            "R² flatters."
        )
    if not fit.perfect_fit and fit.nobs * fit.k_params <= _LOOKED_INTO:
        far = fit.cooks_distance[np.isfinite(fit.cooks_distance)]
        if far.size and far.max() > _DECISIVE:
            notes.append(
                "Note: a single row decides much of the fit (Cook's distance "
                f"{format_value(far.max())}, where more than one is much); cooks_distance says which."
            )
    return notes


def assumed(fit: LinearRegressionResult) -> Iterator[Assumption]:
    """Name what the inference rests on, and what the residuals say of it."""
    yield Assumption(
        f"{fit.response} depends on {fit.names[1]} as such a polynomial does"
        if _curved(fit)
        else f"{fit.response} depends on the columns in a straight line"
    )
    if fit.perfect_fit:
        return
    near = bool(_NEAR_TWO[0] < fit.durbin_watson < _NEAR_TWO[1])
    words = (
        f"the Durbin–Watson statistic, {format_value(fit.durbin_watson)}, is {'near' if near else 'far from'} the two "
        "of independent errors"
    )
    yield Assumption("errors are independent of each other, in the order of the rows too", near, words)
    if fit.cov_type == "classical":
        even = bool(fit.breusch_pagan_pvalue > _LITTLE)
        words = (
            f"squared residuals {'do not go' if even else 'go'} with the columns, by Breusch and Pagan's test "
            f"({equals(fit.breusch_pagan_pvalue, 6)})"
        )
        yield Assumption("the errors have one variance", even, words)
    yield about_normal(fit.nobs, fit.skew, "each estimate")


def _curved(fit: LinearRegressionResult) -> bool:
    """Whether the columns are the powers of one x, which cannot change one by one."""
    return getattr(fit, "degree", 1) > 1


def words(fit: LinearRegressionResult) -> str:
    """Say what was asked, on what assumptions, what was found, how large it is, and what may not be concluded."""
    slopes = [i for i in range(len(fit.params)) if i != fit._constant]
    if not fit.df_model:
        question = f"what is the mean of {fit.response}?"
        slopes = list(range(len(fit.params)))
    elif _curved(fit):
        question = f"how does {fit.response} change with {fit.names[1]}?"
    else:
        question = f"how does {fit.response} change with {listed([fit.names[i] for i in slopes])}?"
    form, effects = "a sum of the columns, each times its coefficient", [_effect(fit, i) for i in slopes]
    if _curved(fit):
        form, effects = f"a polynomial of degree {fit.df_model:g}", [_bend(fit)]
    found = (
        f"in {fit.nobs} rows the columns explain {format_value(100 * fit.rsquared)} % of the variation of "
        f"{fit.response} (R²)."
    )
    if not fit.perfect_fit and np.isfinite(fit.fvalue):
        found += (
            f" If no column had any bearing on {fit.response}, an F of at least {format_value(fit.fvalue)} would come "
            f"up with probability {format_probability(fit.f_pvalue)}."
        )
    lines = [
        f"Question: {question} It is described as {form}.",
        f"Assumptions: {'; '.join(map(str, assumed(fit)))}.",
        f"Found: {found}",
        f"Size: {'; '.join(effects)}. Residuals have a standard deviation of "
        f"{format_value(fit.residual_sd)}, in the unit of {fit.response}.",
        "Not concluded: that a column causes anything (rows that differ in it may differ in more); that a coefficient "
        "with a large p-value is zero (its interval says how large it may be); anything outside the range of the rows.",
        *notes_on(fit),
    ]
    return "\n".join(lines)


def _effect(fit: LinearRegressionResult, i: int) -> str:
    """One coefficient in the data's units."""
    name = fit.names[i]
    low, high = (format_value(end) for end in fit.conf_int[i])
    others = ", the other columns alike," if fit.df_model > 1 else ""
    interval = f"{percent(fit.confidence_level)} confidence interval {low} to {high}, {equals(fit.pvalues[i], 6)}"
    together = [other for other in fit.names if ":" in other]
    if name in together:
        return f"{name}, how much one changes the effect of the other, is {format_value(fit.params[i])} ({interval})"
    if any(name in other.split(":") for other in together):
        others = ", the other columns alike and those that it interacts with at zero or at their reference,"
    if i == fit._constant:
        return f"the mean is {format_value(fit.params[i])} ({interval})"
    category = re.search(r"\[(?:T\.)?([^]]*)\]$", name)
    if category:
        return f"{name} rather than the reference{others} goes with {format_value(fit.params[i])} ({interval})"
    return f"one more unit of {name}{others} goes with {format_value(fit.params[i])} ({interval})"


def _bend(fit: LinearRegressionResult) -> str:
    """Say what the last coefficient of a polynomial is; the others mean nothing one by one."""
    low, high = (format_value(end) for end in fit.conf_int[-1])
    return (
        f"the coefficient of {fit.names[-1]}, without which the degree would be lower, is "
        f"{format_value(fit.params[-1])} ({percent(fit.confidence_level)} confidence interval {low} to {high}, "
        f"{equals(fit.pvalues[-1], 6)}); the others cannot be read one by one, since the powers change together: look "
        "at the curve"
    )
