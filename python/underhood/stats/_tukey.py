"""All pairs of several means at once: Tukey's honestly significant difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import means as core
from underhood._results import format_probability, format_value, html_table, text_table
from underhood.stats._hypothesis import (
    INDEPENDENT,
    Assumption,
    HypothesisTestResult,
    all_about_normal,
    equal_spreads,
    percent,
)
from underhood.stats._policy import over

__all__ = ["TukeyHSDResult", "tukey_hsd"]

_SHOWN = 45
"""So many pairs are printed: those of ten groups."""


class Intervals(NamedTuple):
    """The ends of the intervals of all pairs: two matrices."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(slots=True, repr=False, eq=False)
class TukeyHSDResult(HypothesisTestResult):
    """What comparing all pairs of groups finds; element (i, j) of each matrix is about group i less group j.

    Unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : ndarray, shape (k, k)
        The differences of means, in the unit of the data, as SciPy has it.
    pvalue : ndarray, shape (k, k)
        Probability that some pair of the k groups is at least as far apart, in its standard errors, if all
        populations have one mean: already adjusted for the number of pairs.
    standard_error, df : ndarray, shape (k, k)
        Standard error and degrees of freedom of each difference.
    effect_size : ndarray, shape (k, k)
        Cohen's d of each pair: the difference in pooled standard deviations, or (Games and Howell) in roots of the
        mean of both variances.
    means, stds, skewness : ndarray, shape (k,)
        Each group's mean, standard deviation and skewness.
    n : ndarray of int, shape (k,)
        Each group's number of values.
    labels : tuple of str
        What the groups are called.
    confidence_level : float
        Level of the intervals that are printed; :meth:`confidence_interval` gives any.
    equal_var : bool
        Whether equal variances were assumed; if not, these are Games and Howell's tests.
    method : str
        Which of both it is.
    """

    # As in SciPy, the differences stand where a test's statistic does.
    statistic: NDArray[np.float64]  # type: ignore[assignment]
    pvalue: NDArray[np.float64]  # type: ignore[assignment]
    standard_error: NDArray[np.float64]
    df: NDArray[np.float64]
    effect_size: NDArray[np.float64]
    means: NDArray[np.float64]
    stds: NDArray[np.float64]
    skewness: NDArray[np.float64]
    n: NDArray[np.int64]
    labels: tuple[str, ...]
    confidence_level: float
    equal_var: bool
    method: str

    def confidence_interval(self, confidence_level: float | None = None) -> Intervals:
        """Give intervals that hold all differences at once with this confidence.

        Parameters
        ----------
        confidence_level : float, optional
            By default the one that the result was made with.

        Returns
        -------
        Intervals
            ``low`` and ``high``, a matrix each.

        Examples
        --------
        >>> import underhood as uh
        >>> pairs = uh.stats.tukey_hsd([6, 8, 4, 5, 3, 4], [8, 12, 9, 11, 6, 8], [13, 9, 11, 8, 7, 12])
        >>> low, high = pairs.confidence_interval(0.99)
        >>> low[2, 0].round(4).item(), high[2, 0].round(4).item()
        (0.7965, 9.2035)
        """
        level = self.confidence_level if confidence_level is None else confidence_level
        if not (isinstance(level, int | float | np.number) and 0 < level < 1):
            raise ValueError(f"confidence_interval: confidence_level is {level!r}, but must be between 0 and 1")
        reach = self._reach(level, self.df.ravel(), self.standard_error.ravel()).reshape(self.df.shape)
        return Intervals(self.statistic - reach, self.statistic + reach)

    def _reach(self, level: float, df: NDArray[np.float64], errors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Half the widths of intervals of some pairs; each critical value is found once."""
        reach = np.full(df.shape, np.nan)
        known = ~np.isnan(df)  # where a value is missing there is no number of degrees of freedom
        each, places = np.unique(df[known], return_inverse=True)
        critical = core.studentized_range_critical(1 - float(level), len(self.n), each)
        reach[known] = critical[places] * errors[known] / np.sqrt(2)
        return reach

    def _title(self) -> str:
        return self.method

    def _pairs(self) -> list[tuple[int, int]]:
        """All pairs, the least probable first."""
        rows, columns = np.triu_indices(len(self.n), 1)
        order = np.lexsort([-np.abs(self.effect_size[rows, columns]), self.pvalue[rows, columns]])
        return [(int(rows[i]), int(columns[i])) for i in order]

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows, columns = (of[:_SHOWN] for of in np.triu_indices(len(self.n), 1))
        reach = self._reach(self.confidence_level, self.df[rows, columns], self.standard_error[rows, columns])
        cells = [
            [
                f"{self.labels[i]} − {self.labels[j]}",
                format_value(self.statistic[i, j]),
                format_value(self.statistic[i, j] - half),
                format_value(self.statistic[i, j] + half),
                format_probability(self.pvalue[i, j]),
                format_value(self.effect_size[i, j], 3),
            ]
            for i, j, half in zip(rows, columns, reach, strict=True)
        ]
        level = percent(self.confidence_level)
        return ["pair", "difference", f"low ({level})", f"high ({level})", "pvalue", "Cohen's d"], cells

    def _rest(self) -> str:
        left = len(self.n) * (len(self.n) - 1) // 2 - _SHOWN
        return f"… and {left} more pairs, in the matrices" if left > 0 else ""

    def __repr__(self) -> str:
        lines = [self._title(), text_table(*self._table()), self._rest(), *(f"  note: {n}" for n in self.notes)]
        return "\n".join(line for line in lines if line)

    def _repr_html_(self) -> str:
        lines = [self._rest(), *(f"Note: {note}." for note in self.notes)]
        said = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
        return f"<p><b>{escape(self._title())}</b></p>" + html_table(*self._table(), "lrrrrr") + said

    def _question(self) -> str:
        return "which of the populations behind the groups have different means?"

    def _finding(self) -> str:
        first = self._pairs()[0]
        i, j = first if self.statistic[first] >= 0 else first[::-1]
        apart = [pair for pair in self._pairs() if self.pvalue[pair] < 1 - self.confidence_level]
        named = ", ".join(f"{self.labels[i]} − {self.labels[j]}" for i, j in apart[:_SHOWN])
        left_out = f"leave out zero for {named}" if apart else "hold zero for every pair"
        return (
            f"The clearest difference is that of {self.labels[i]} and {self.labels[j]}, whose means are "
            f"{format_value(self.means[i])} and {format_value(self.means[j])}: if all populations had one mean, some "
            f"pair would be at least as far apart, in its standard errors, with probability "
            f"{format_probability(self.pvalue[i, j])}. The intervals at {percent(self.confidence_level)} for all "
            f"differences at once {left_out}."
        )

    def _size(self) -> str:
        first = self._pairs()[0]
        i, j = first if self.statistic[first] >= 0 else first[::-1]
        return (
            f"that difference is {format_value(self.statistic[i, j])} in the unit of the data, or "
            f"{format_value(self.effect_size[i, j])} standard deviations (Cohen's d)."
        )

    def _caution(self) -> str:
        return (
            "a small probability does not say that a difference matters or what causes it; a large one does not show "
            "that two means are the same."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield INDEPENDENT
        yield Assumption("the groups are independent of each other")
        yield all_about_normal(self.n, self.skewness)
        if self.equal_var:
            yield equal_spreads(self.stds, self.n)

    def _remarks(self) -> Iterator[str]:
        if self.n.min() < 5:
            few = "a group is small: the p-values rest on normal values, which so few cannot show"
            yield few if self.equal_var else f"{few}, and Games and Howell's are then a little too small"
        for assumption in self._assumed():
            if assumption.supported is False and "variance" in assumption.text:
                yield "the spreads differ; Games and Howell's tests (equal_var=False) do not mind"
            elif assumption.supported is False:
                yield "a group is heavily skewed for its size; compare with a test of ranks"


def tukey_hsd(
    *groups: ArrayLike,
    equal_var: bool = True,
    labels: Sequence[str] | None = None,
    confidence_level: float = 0.95,
    nan_policy: str = "raise",
) -> TukeyHSDResult:
    """Compare the means of all pairs of groups, with one chance of a false alarm over all of them together.

    q = |x̄ᵢ − x̄ⱼ|/√(s²/2·(1/nᵢ + 1/nⱼ)) is referred to the studentized range of k groups with n − k degrees of freedom
    (Tukey; Kramer for groups of different sizes). Without ``equal_var``, each group has its own s²/n and each pair
    Welch's degrees of freedom (Games and Howell).

    Parameters
    ----------
    *groups : array_like
        Two groups or more.
    equal_var : bool, default True
        Whether to assume equal variances.
    labels : sequence of str, optional
        What the groups are called, in their order.
    confidence_level : float, default 0.95
        Level of the intervals that are printed.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    TukeyHSDResult
        ``statistic`` (the differences) and ``pvalue`` are matrices, as SciPy's; unpacks to both.

    Raises
    ------
    ValueError
        If there are fewer than two groups, one is empty (of one value, without equal variances), a value is missing or
        infinite, every group (any, without equal variances) is constant, or there are not as many labels as groups.

    References
    ----------
    J. W. Tukey (1953), The Problem of Multiple Comparisons; C. Y. Kramer (1956), doi:10.2307/3001469; P. A. Games &
    J. F. Howell (1976), doi:10.3102/10769986001002113.

    Examples
    --------
    >>> import underhood as uh
    >>> pairs = uh.stats.tukey_hsd([6, 8, 4, 5, 3, 4], [8, 12, 9, 11, 6, 8], [13, 9, 11, 8, 7, 12], labels="ABC")
    >>> print(pairs)
    Tukey's HSD
    pair   difference  low (95 %)  high (95 %)      pvalue  Cohen's d
    ─────  ──────────  ──────────  ───────────  ──────────  ─────────
    A − B          -4      -7.193    -0.807001   0.0139133      -1.88
    A − C          -5      -8.193       -1.807  0.00273212      -2.35
    B − C          -1      -4.193        2.193     0.70066      -0.47
    """
    names = _names(labels, len(groups))
    if nan_policy != "raise":
        samples = {f"groups[{i}]": group for i, group in enumerate(groups)}
        options = {"equal_var": equal_var, "labels": names, "confidence_level": confidence_level}
        return over(tukey_hsd, samples, options, axis=None, nan_policy=nan_policy, spread=True)
    if not (isinstance(confidence_level, int | float | np.number) and 0 < confidence_level < 1):
        raise ValueError(f"tukey_hsd: confidence_level is {confidence_level!r}, but must be between 0 and 1")
    found = core.tukey_hsd(groups, equal_var)
    method = "Tukey's HSD" if equal_var else "Games and Howell's comparison of all pairs"
    if equal_var and len(set(found[-1].tolist())) > 1:
        method += ", after Kramer for groups of different sizes"
    return TukeyHSDResult(*found, names, float(confidence_level), equal_var, method)


def _names(labels: Sequence[str] | None, groups: int) -> tuple[str, ...]:
    if labels is None:
        return tuple(f"group {i}" for i in range(groups))
    names = tuple(map(str, labels))
    if len(names) != groups:
        raise ValueError(f"tukey_hsd: labels has {len(names)} names, but there are {groups} groups")
    return names
