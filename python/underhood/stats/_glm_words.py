"""How a logistic or Poisson regression reads: the familiar table, one block when printed, and words."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from underhood._results import format_probability, format_value, html_table, text_table
from underhood.stats._hypothesis import percent
from underhood.stats._summary import equals, listed, short

if TYPE_CHECKING:
    from underhood.stats._glm_results import GeneralisedResult, LogisticRegressionResult, PoissonRegressionResult

    Cells = list[tuple[str, str]]

__all__ = [
    "assumed_of_counts",
    "assumed_of_odds",
    "block",
    "cautions_of_counts",
    "cautions_of_odds",
    "html_page",
    "table_of",
    "whole",
    "words",
]


def whole(fit: GeneralisedResult) -> Cells:
    """Label and text of what holds for the whole regression, two to a line."""
    return [
        ("rows", str(fit.nobs)),
        ("log-likelihood", short(fit.llf)),
        ("coefficients", str(len(fit.params))),
        ("of the null", short(fit.llnull)),
        ("residual df", f"{fit.df_resid:g}"),
        ("LR chi-squared", short(fit.llr)),
        ("deviance", short(fit.deviance)),
        ("p of LR", format_probability(fit.llr_pvalue, 3)),
        ("Pearson chi-squared", short(fit.pearson_chi2)),
        ("pseudo R²", short(fit.prsquared)),
        ("standard errors", fit.cov_type),
        ("AIC", short(fit.aic)),
        ("Newton steps", str(fit.iterations)),
        ("BIC", short(fit.bic)),
    ]


def coefficient_table(fit: GeneralisedResult) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the table of coefficients."""
    tail = 50 * (1 - fit.confidence_level)
    header = ["", "coef", "std err", "z", "P>|z|", f"[{tail:.3g} %", f"{100 - tail:.4g} %]", fit._ratio]
    rows = [
        [
            name,
            short(fit.params[i], 5),
            short(fit.bse[i]),
            short(fit.zvalues[i]),
            format_probability(fit.pvalues[i], 3),
            short(fit.conf_int[i, 0]),
            short(fit.conf_int[i, 1]),
            short(fit.ratios[i]),
        ]
        for i, name in enumerate(fit.names)
    ]
    return header, rows


def table_of(fit: GeneralisedResult) -> str:
    """Lay out the familiar table."""
    cells = whole(fit)
    lines = "\n".join(
        f"{left[0]:<19} {left[1]:>10}    {right[0]:<14} {right[1]:>10}"
        for left, right in zip(cells[::2], cells[1::2], strict=True)
    )
    parts = [fit._title(), lines, text_table(*coefficient_table(fit)), "\n".join(cautions(fit))]
    return "\n\n".join(part for part in parts if part)


def block(fit: GeneralisedResult) -> str:
    """Lay out what ``print`` shows."""
    line = (
        f"pseudo R² {short(fit.prsquared)}, LR χ²({fit.df_model:g}) = {short(fit.llr)}, "
        f"{equals(fit.llr_pvalue)}, {fit.nobs} rows"
    )
    return "\n".join([fit._title(), line, text_table(*coefficient_table(fit)), *cautions(fit)])


def html_page(fit: GeneralisedResult) -> str:
    """Lay out what Jupyter shows."""
    cells = whole(fit)
    pairs = [[*left, *right] for left, right in zip(cells[::2], cells[1::2], strict=True)]
    notes = "".join(f"<p>{escape(note)}</p>" for note in cautions(fit))
    table = html_table(*coefficient_table(fit))
    return f"<p><b>{escape(fit._title())}</b></p>{html_table(None, pairs)}{table}{notes}"


def words(fit: GeneralisedResult) -> str:
    """Say what was asked, what was found, on what assumptions, and what may not be concluded."""
    slopes = fit._slopes()
    change = f"change with {listed([fit.names[i] for i in slopes])}" if slopes else "stand"
    lines = [f"Question: {fit._question()} {change}?"]
    if fit.df_model > 0:
        lines.append(
            f"The whole: {fit._null}, a likelihood ratio of at least {format_value(fit.llr)} would come up with "
            f"probability {format_probability(fit.llr_pvalue)} in {fit.nobs} rows like these, approximately."
        )
    lines += [_effect(fit, i) for i in slopes]
    lines.append(f"Assumptions: {fit._assumed()}")
    lines += cautions(fit)
    lines.append(
        "Not concluded: that a column causes y (rows that differ in it may differ in more); that a coefficient "
        "with a large p-value is zero (its interval says how large it may be); anything outside the range of the "
        "rows."
    )
    return "\n".join(lines)


def _effect(fit: GeneralisedResult, i: int) -> str:
    """One coefficient, as what it multiplies."""
    low, high = fit.ratios_conf_int[i]
    return (
        f"{fit.names[i]}: one more unit, the other columns alike, goes with {fit._multiplied} multiplied by "
        f"{format_value(fit.ratios[i])} ({percent(fit.confidence_level)} interval {format_value(low)} to "
        f"{format_value(high)}; {equals(fit.pvalues[i], 6)})."
    )


def cautions(fit: GeneralisedResult) -> list[str]:
    """Name what makes the numbers doubtful."""
    notes = []
    if not fit.converged:
        notes.append(
            f"Note: the iteration was stopped after {fit.iterations} steps, before the slope of the likelihood "
            "was zero: the numbers are not those of the maximum. Raise max_iter."
        )
    if fit.scaled_condition_number > 1e4:
        notes.append(
            "Note: the columns nearly depend on each other (scaled condition number "
            f"{format_value(fit.scaled_condition_number)}): single coefficients are uncertain and change much "
            "with small changes of the data, though predictions may be good."
        )
    return notes + fit._own_cautions()


def assumed_of_odds(fit: LogisticRegressionResult) -> str:
    """Name what the inference about odds rests on."""
    held = "" if fit.cov_type == "classical" else " (standard errors hold when the variance is another)"
    return (
        "rows are independent of each other; the logarithm of the odds depends on the columns in a straight line"
        f"{held}; rows are many, since standard errors and p-values are those of large samples. None of this is "
        "checked here. Odds are the probability over that of the opposite: multiplying odds is not multiplying the "
        "probability."
    )


def cautions_of_odds(fit: LogisticRegressionResult) -> list[str]:
    """Name what makes odds doubtful."""
    rarer = min(fit._y.sum(), fit.nobs - fit._y.sum())
    if rarer >= 10 * fit.df_model:
        return []
    return [
        "Note: fewer than ten rows of the rarer level stand behind each coefficient; coefficients are then too "
        "far from zero, and intervals too short."
    ]


def assumed_of_counts(fit: PoissonRegressionResult) -> str:
    """Name what the inference about counts rests on."""
    held = "as large as its mean" if fit.cov_type == "classical" else "any (standard errors allow for it)"
    return (
        "counted events are independent of each other; the logarithm of the mean depends on the columns in a "
        f"straight line; the variance of a count is {held}; counts or rows are many, since standard errors and "
        "p-values are those of large samples."
    )


def cautions_of_counts(fit: PoissonRegressionResult) -> list[str]:
    """Name what makes counts doubtful."""
    # A chi-squared with d degrees of freedom has mean d and variance 2d: three deviations are no chance.
    if not (fit.df_resid > 0 and fit.dispersion > 1 + 3 * (2 / fit.df_resid) ** 0.5):
        return []
    consequence = (
        'standard errors are too small and p-values too; pass cov_type="HC0".'
        if fit.cov_type == "classical"
        else "the standard errors allow for it, the likelihood-ratio test does not."
    )
    return [
        "Note: counts vary more than Poisson's do (Pearson chi-squared / residual df = "
        f"{format_value(fit.dispersion)}, where about one is expected): {consequence}"
    ]
