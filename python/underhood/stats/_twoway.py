"""Two-way analysis of variance: means by two factors at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._core import means as core
from underhood._frames import columns, doubles
from underhood._results import format_probability, format_value, html_table, text_table
from underhood.stats._hypothesis import INDEPENDENT, Assumption, HypothesisTestResult, about_normal, equal_spreads
from underhood.stats._labels import Labels, label_text, read_labels

__all__ = ["TwoWayResult", "anova_twoway"]

_TYPES = {1: "I", 2: "II", 3: "III"}
_ENOUGH = 5
"""The spread of fewer values says nothing of their population's."""


@dataclass(slots=True, repr=False, eq=False)
class TwoWayResult(HypothesisTestResult):
    """What a two-way analysis of variance finds: the familiar table. Unpacks to (statistic, pvalue), an array each.

    Attributes
    ----------
    statistic, pvalue : ndarray
        F of the first factor, of the second and, if it is in the model, of their interaction; and the probability of so
        large an F if there is no such effect.
    df, sum_of_squares : ndarray
        Degrees of freedom and sum of squares of the same.
    effect_size : ndarray
        Partial η² of the same: its sum of squares as a share of itself and the residual one.
    terms : tuple of str
        What they are called.
    residual_sum_of_squares, df_residual : float
        Of the residuals.
    total_sum_of_squares : float
        About the common mean.
    residual_std : float
        The standard deviation of the residuals, in the unit of the data.
    skewness : float
        Of the residuals.
    means, stds, n : ndarray
        Mean, standard deviation and number of values of each cell, the first factor down, the second across; NaN where
        there are not enough values.
    levels : tuple of tuple of str
        The levels of both factors, in the order of those rows and columns.
    outcome : str
        What the values are called.
    typ : int
        The type of the sums of squares.
    method : str
        Which analysis this is.
    assumptions : tuple of Assumption
        What was assumed, and whether the data support it.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: NDArray[np.float64]  # type: ignore[assignment]
    pvalue: NDArray[np.float64]  # type: ignore[assignment]
    df: NDArray[np.float64]
    sum_of_squares: NDArray[np.float64]
    effect_size: NDArray[np.float64]
    residual_sum_of_squares: float
    df_residual: float
    total_sum_of_squares: float
    residual_std: float
    skewness: float
    means: NDArray[np.float64]
    stds: NDArray[np.float64]
    n: NDArray[np.int64]
    terms: tuple[str, ...]
    levels: tuple[tuple[str, ...], tuple[str, ...]]
    outcome: str
    typ: int
    method: str

    def _title(self) -> str:
        return f"{self.method}, of {self.outcome}"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        header = ["", "sum of squares", "df", "mean square", "F", "pvalue", "partial η²"]
        rows = [
            [
                term,
                format_value(self.sum_of_squares[i]),
                format_value(self.df[i]),
                format_value(self.sum_of_squares[i] / self.df[i]),
                format_value(self.statistic[i]),
                format_probability(self.pvalue[i]),
                format_value(self.effect_size[i], 4),
            ]
            for i, term in enumerate(self.terms)
        ]
        residual, df = self.residual_sum_of_squares, self.df_residual
        rows.append(["residual", format_value(residual), format_value(df), format_value(residual / df), "", "", ""])
        total = df + self.df.sum()
        rows.append(["total", format_value(self.total_sum_of_squares), format_value(total), "", "", "", ""])
        return header, rows

    def __repr__(self) -> str:
        lines = [self._title(), text_table(*self._table()), *(f"  note: {note}" for note in self._remarks())]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>Note: {escape(note)}.</p>" for note in self._remarks())
        return f"<p><b>{escape(self._title())}</b></p>" + html_table(*self._table(), "lrrrrrr") + notes

    def _question(self) -> str:
        first, second = self.terms[:2]
        question = f"does the mean of {self.outcome} differ by {first}, and by {second}"
        if len(self.terms) == 3:
            question += ", and does the one's effect depend on the other (their interaction)"
        return f"{question}?"

    def _finding(self) -> str:
        said = []
        for i, term in enumerate(self.terms):
            null = f"there were no {'interaction' if i == 2 else f'effect of {term}'}"
            outcome = f"an F of at least {format_value(self.statistic[i])}"
            said.append(f"If {null}, {outcome} would come up with probability {format_probability(self.pvalue[i])}.")
        return " ".join(said)

    def _size(self) -> str:
        low, high = format_value(np.nanmin(self.means)), format_value(np.nanmax(self.means))
        shares = ", ".join(f"{format_value(self.effect_size[i])} for {term}" for i, term in enumerate(self.terms))
        return (
            f"the means of the cells run from {low} to {high} in the unit of the data, beside a standard deviation of "
            f"{format_value(self.residual_std)} of the residuals; partial η² is {shares}."
        )

    def _caution(self) -> str:
        return (
            "a small probability does not say which levels differ, that the differences matter, or what causes them; a "
            "large one does not show that there is no effect. Where there is an interaction, a factor's own row is "
            "about an average over the other factor and says little of any one level."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield INDEPENDENT
        yield about_normal(int(self.n[self.n > 0].min()), self.skewness, "the mean of each cell")
        large = self.n >= _ENOUGH
        if large.sum() >= 2:
            yield equal_spreads(self.stds[large], self.n[large])
        else:
            yield Assumption("all populations have the same variance")
        if len(self.terms) == 2:
            yield Assumption("the effects of both factors add up, without an interaction")

    def _remarks(self) -> Iterator[str]:
        if self.n.min() != self.n.max():
            yield (
                f"the cells differ in size, so the types of sums of squares differ; this is type {_TYPES[self.typ]}"
                + (", which depends on the order of the factors" if self.typ == 1 else "")
            )
        for assumption in self._assumed():
            if assumption.supported is False and "variance" in assumption.text:
                yield "the spreads of the cells differ, so the p-values are rough"
            elif assumption.supported is False:
                yield "the residuals are heavily skewed for so few values in a cell"


def anova_twoway(
    values: Any,
    a: Any,
    b: Any,
    *,
    data: Any = None,
    interaction: bool = True,
    typ: int = 2,
    nan_policy: str = "raise",
) -> TwoWayResult:
    """Two-way analysis of variance: whether means differ by either of two factors, and whether these interact.

    The cells may differ in size. Then the sums of squares depend on what a factor is compared with: ``typ`` 1 takes
    ``a`` alone, ``b`` beyond it, the interaction beyond both; 2 each factor beyond the other; 3 each beyond the other
    and the interaction, which asks whether the unweighted means over the cells differ. Of a balanced design all are
    the same.

    Parameters
    ----------
    values : array_like, shape (n,), or str
        The values, or the name of their column in ``data``.
    a, b : array_like, shape (n,), or str
        The level of each factor that each value belongs to: text, numbers, categories; or the names of columns.
    data : table, optional
        Frame or dictionary of columns.
    interaction : bool, default True
        Whether the interaction is in the model. With it, every combination of levels needs a value, and one of them
        two.
    typ : {1, 2, 3}
        The type of the sums of squares, as in statsmodels' ``anova_lm`` (there type 3 needs ``Sum`` coding to mean
        what it means here).
    nan_policy : {"raise", "omit"}
        Whether a row where something is missing is refused or left out.

    Returns
    -------
    TwoWayResult
        Unpacks to (statistic, pvalue), each with the numbers of a, b and their interaction.

    Raises
    ------
    ValueError
        If something is missing or infinite, lengths differ, a factor has one level, a combination of levels has no
        value, or there are not more values than means.
    TypeError
        If the values are no numbers, or the levels neither text nor numbers.

    References
    ----------
    R. A. Fisher (1925), Statistical Methods for Research Workers; F. Yates (1934), doi:10.1080/01621459.1934.10502686.

    Examples
    --------
    >>> import underhood as uh
    >>> yields = [4, 5, 6, 8, 7, 9, 1, 3]
    >>> soil, light = ["clay"] * 4 + ["sand"] * 4, ["sun", "sun", "shade", "shade"] * 2
    >>> anova = uh.stats.anova_twoway(yields, soil, light)
    >>> anova.statistic
    array([ 0.69230769,  3.76923077, 22.23076923])
    """
    names = ["values", "a", "b"]
    given = [values, a, b]
    if data is not None:
        table = columns(data, function="anova_twoway", argument="data")
        for i, item in enumerate(given):
            if isinstance(item, str):
                if item not in table:
                    raise ValueError(f"anova_twoway: {names[i]} is {item!r}, but data has the columns {list(table)}")
                given[i] = table[item]
    called = [_name(item, own, before) for item, own, before in zip((values, a, b), given, names, strict=True)]
    numbers = _values(given[0])
    factors = [_factor(given[i], names[i], len(numbers)) for i in (1, 2)]
    if nan_policy not in ("raise", "omit"):
        raise ValueError(f"anova_twoway: nan_policy is {nan_policy!r}, but must be one of 'raise', 'omit'")
    if nan_policy == "omit":
        whole = ~np.isnan(numbers) & (factors[0].codes >= 0) & (factors[1].codes >= 0)
        numbers = numbers[whole]
        factors = [Labels(factor.name, factor.labels, factor.codes[whole]) for factor in factors]
    first, second = (_levels(factor, name) for factor, name in zip(factors, names[1:], strict=True))
    levels = (first[0], second[0])
    _check_cells(first, second, called[1:], interaction, numbers)
    found = core.anova_twoway(numbers, first[1], second[1], interaction, typ)
    statistic, pvalue, df, sums, share, residual, spread, means, stds, n = found
    terms = (*called[1:], f"{called[1]}:{called[2]}")[: len(statistic)]
    method = f"Two-way analysis of variance, type {_TYPES[typ]} sums of squares"
    return TwoWayResult(
        statistic,
        pvalue,
        df,
        sums,
        share,
        *residual,
        *spread,
        means=means,
        stds=stds,
        n=n,
        terms=terms,
        levels=levels,
        outcome=called[0],
        typ=int(typ),
        method=method,
    )


def _name(item: Any, own: Any, fallback: str) -> str:
    """Say what a vector is called: as its column, as its series, or as its argument."""
    if isinstance(item, str):
        return item
    name = getattr(own, "name", None)
    return name if isinstance(name, str) and name else fallback


def _values(given: Any) -> NDArray[np.float64]:
    numbers = doubles(given, "anova_twoway", "values")
    if numbers.ndim != 1:
        raise ValueError(f"anova_twoway: values has {numbers.ndim} axes, but a vector is needed")
    return numbers


def _factor(given: Any, argument: str, n: int) -> Labels:
    found = read_labels(given, "anova_twoway", argument)
    if len(found.codes) != n:
        raise ValueError(f"anova_twoway: {argument} is a vector of {len(found.codes)}, but values is a vector of {n}")
    if found.labels.dtype.kind == "f" and np.isinf(found.labels).any():
        raise ValueError(f"anova_twoway: {argument} holds infinity, which is no level")
    return found


def _levels(factor: Labels, argument: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Give the names of the levels that occur, in their order, and which one each value has."""
    missing = factor.codes < 0
    if missing.any():
        place = int(np.argmax(missing))
        raise ValueError(
            f"anova_twoway: {argument} has a missing label at index {place}; with nan_policy='omit' such rows are "
            "left out"
        )
    used = factor.used()
    return tuple(map(label_text, used.labels.tolist())), used.codes.astype(np.int64)


def _check_cells(
    first: tuple[tuple[str, ...], NDArray[np.int64]],
    second: tuple[tuple[str, ...], NDArray[np.int64]],
    called: list[str],
    interaction: bool,
    numbers: NDArray[np.float64],
) -> None:
    """Refuse empty cells by their name; everything else is the core's to refuse."""
    (rows, a), (columns_, b) = first, second
    if not interaction or len(rows) < 2 or len(columns_) < 2 or not np.isfinite(numbers).all():
        return
    if len(rows) * len(columns_) > len(numbers):
        counted = set(zip(a.tolist(), b.tolist(), strict=True))
        empty = next((i, j) for i in range(len(rows)) for j in range(len(columns_)) if (i, j) not in counted)
    else:
        counts = np.bincount(a * len(columns_) + b, minlength=len(rows) * len(columns_))
        if counts.all():
            return
        empty = divmod(int(np.argmin(counts)), len(columns_))
    cell = f"{called[0]} = {rows[empty[0]]}, {called[1]} = {columns_[empty[1]]}"
    raise ValueError(
        f"anova_twoway: values has none in the cell {cell}, but an interaction needs a value in every cell; bring one, "
        "or leave the interaction out (interaction=False)"
    )
