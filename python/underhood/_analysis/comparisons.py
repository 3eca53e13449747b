"""Groups compared: each numeric column by each category, and each pair of categories.

Two groups: Welch's t test. More: Welch's analysis of variance. Neither assumes that the groups vary equally, but both
need means that are about normal and a spread in each group. Where the values speak against that, or a group is too
small to tell, ranks are compared instead (Mann and Whitney, Kruskal and Wallis). Two categories: the chi-square test of
independence, or, where a table of two by two has small expected counts, Fisher's exact one.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import combinations
from typing import Any

import numpy as np

from underhood import stats
from underhood._analysis.progress import Progress
from underhood._analysis.reading import Column, Float
from underhood._analysis.words import clip, fixed, listing, number, pvalue, span
from underhood._results import Result, format_value, html_table, text_table
from underhood._tables import Table

__all__ = ["FEW_ROWS", "Comparison", "Comparisons", "Group", "compare", "share"]

_ENOUGH = 5
"""Welch's tests hold their level with groups of at least so many rows; with groups of two they reject too often."""
_FEW_EXPECTED = 5
"""Expected counts below this make the chi-square test rough (Cochran, 1952)."""
FEW_ROWS = f"of fewer than {_ENOUGH} rows"

_Test = stats.TTestResult | stats.AnovaResult | stats.MannWhitneyResult | stats.KruskalResult


@dataclass(slots=True, repr=False, eq=False)
class Group(Result):
    """One group of a comparison.

    Attributes
    ----------
    label : str
        Its category.
    n : int
        The number of its rows.
    mean, std, median : float
        Of the column in these rows.
    confidence_interval : tuple of float or None
        95 % interval for the mean; None if the group does not vary.
    """

    label: str
    n: int
    mean: float
    std: float
    median: float
    confidence_interval: tuple[float, float] | None


@dataclass(slots=True, repr=False, eq=False)
class Comparison(Result):
    """One test of a column by the groups of another.

    Attributes
    ----------
    column, by : str
        What was compared, and the column that makes the groups.
    test : str
        Name of the test.
    n : int
        Rows in which both are known and whose group was compared: one of fewer than five rows is left out if two
        larger ones remain, a single row always.
    statistic, pvalue : float
        Of the test.
    df : tuple of float
        Degrees of freedom; none for a test of ranks of two groups, and for an exact one.
    adjusted : float
        The p-value after Holm's correction over all comparisons.
    effect : str
        Which effect size: Cohen's d, the rank-biserial r, η² (share of the variance between the groups), ε² (the same
        of the ranks), Cramér's V (0 none, 1 complete).
    effect_size : float
        Its value; Cohen's d is that of the first group minus the second, r is above 0 if the first tends to be larger.
    estimate, confidence_interval
        Of two groups, the difference in the unit of the column (of means; the median of all differences if ranks were
        compared), the first group minus the second; for Fisher's test, the ratio of the odds of the first category of
        ``column`` in the first and the second category of ``by``. With its 95 % interval. None for other tests.
    groups : tuple of Group
        For a numeric column, the groups with mean, standard deviation and median.
    reason : str
        Why another test than the usual one was made.
    note : str
        What to beware of.
    result : HypothesisTestResult
        All that the test found: it has ``explain()``.
    """

    column: str
    by: str
    test: str
    n: int
    statistic: float
    df: tuple[float, ...]
    pvalue: float
    adjusted: float
    effect: str
    effect_size: float
    groups: tuple[Group, ...]
    reason: str
    note: str
    result: Any

    @property
    def estimate(self) -> float | None:
        """The difference of two groups in the unit of the column, or an odds ratio."""
        if isinstance(self.result, stats.FisherExactResult):
            return self.result.effect_size
        return getattr(self.result, "estimate", None)

    @property
    def confidence_interval(self) -> tuple[float, float] | None:
        """95 % interval for ``estimate``."""
        return getattr(self.result, "confidence_interval", None)

    def _title(self) -> str:
        return f"{self.column} by {self.by}: {self.test}{_direction(self, 40)}"

    def _rows(self) -> list[tuple[str, str]]:
        said = ("column", "by", "test", "groups", "result")
        rows = [row for row in Result._rows(self) if row[0] not in said and row[1] not in ("", "()")]
        if self.estimate is not None and self.confidence_interval is not None:
            what = "odds ratio" if self.test == _FISHER else "difference"
            places = [i for i, row in enumerate(rows) if row[0] == "effect_size"]
            ends = format_value(self.confidence_interval)
            rows[places[0] + 1 : places[0] + 1] = [(what, format_value(self.estimate)), ("95 % interval", ends)]
        return rows

    def _means(self) -> tuple[list[str], list[list[str]]]:
        cells = [
            [
                clip(group.label, 40),
                str(group.n),
                number(group.mean),
                span(group.confidence_interval),
                number(group.std),
                number(group.median),
            ]
            for group in self.groups
        ]
        return [self.by, "n", f"mean {self.column}", "95 % interval", "std", "median"], cells

    def __repr__(self) -> str:
        return Result.__repr__(self) + (f"\n{text_table(*self._means())}" if self.groups else "")

    def _repr_html_(self) -> str:
        return Result._repr_html_(self) + (html_table(*self._means(), "lrrrrr") if self.groups else "")


class Comparisons(Table[Comparison]):
    """All comparisons, of means before those of categories; an item is had by place or by ``"column by groups"``.

    Those with an adjusted p-value below 0.05 come first, of these the ones without a warning, and of these the largest
    effects.
    """

    __slots__ = ()

    def __init__(self, items: list[Comparison], limit: int = 12) -> None:
        items = sorted(items, key=lambda item: (not item.groups, item.adjusted >= 0.05, bool(item.note), -share(item)))
        estimated = any(item.estimate is not None for item in items)
        super().__init__(
            f"Comparisons of groups, clear ones first, by effect (p-values adjusted by Holm over {len(items)})",
            ["comparison", "test", "n", "p adj.", "effect size", *["difference (95 % interval)"] * estimated],
            items,
            cells=_cells if estimated else _cells_without_estimate,
            key=_key,
            align="llrrll"[: 5 + estimated],
            limit=limit,
        )

    def legend(self, whole: bool = False) -> str:
        """Explain the signs of the rows that are printed, or of the whole table."""
        shown = self[: None if whole else self._limit]
        used = {item.effect for item in shown}
        signs = [text for effect, text in _LEGEND.items() if effect in used]
        if any(item.note for item in shown):
            signs.append("* see its note")
        return "; ".join(signs)

    def __repr__(self) -> str:
        legend = self.legend()
        return super().__repr__() + (f"\n({legend})" if legend else "")

    def _repr_html_(self) -> str:
        return super()._repr_html_() + f"<p>{escape(self.legend())}</p>"


_FISHER = "Fisher's exact"
_SHORT = {"η²": "η²", "ε²": "ε²", "Cohen's d": "d", "rank-biserial r": "r", "Cramér's V": "V"}
_LEGEND = {
    "η²": "η²: share of the variance between the groups",
    "ε²": "ε²: share of the variance of the ranks between the groups",
    "Cohen's d": "d: Cohen's, difference in standard deviations",
    "rank-biserial r": "r: rank-biserial, above 0 if the first group tends to be larger",
    "Cramér's V": "V: Cramér's, 0 independent to 1 determined",
}


def share(item: Comparison) -> float:
    """Put effect sizes on one scale for sorting: of two equal groups, η² = d² / (d² + 4) and ε² = ¾r²."""
    if item.effect == "Cohen's d":
        return item.effect_size**2 / (item.effect_size**2 + 4)
    if item.effect == "rank-biserial r":
        return 0.75 * item.effect_size**2
    return item.effect_size


def compare(numeric: list[Column], categories: list[Column], progress: Progress) -> tuple[Comparisons, list[str]]:
    """Compare all there is; the second part says, in words, what could not be compared."""
    found: list[Comparison] = []
    skipped: list[str] = []
    jobs: list[tuple[Column, Column]] = [(column, by) for column in numeric for by in categories]
    jobs += [(second, first) for first, second in combinations(categories, 2)]
    for i, (column, by) in enumerate(jobs):
        progress.step("comparing groups", i, len(jobs))
        outcome = _means(column, by) if column.kind == "number" else _association(column, by)
        if isinstance(outcome, str):
            skipped.append(f"{column.name} by {by.name} ({outcome})")
        else:
            found.append(outcome)
    corrected = stats.multipletests([item.pvalue for item in found], method="holm").pvals_corrected
    for item, adjusted in zip(found, corrected.tolist(), strict=True):
        item.adjusted = adjusted
    return Comparisons(found), skipped


def _means(column: Column, by: Column) -> Comparison | str:
    """Compare a numeric column between groups: by its means, or by its ranks where means would mislead."""
    assert column.numbers is not None
    assert by.codes is not None
    both = column.present & by.present
    values, codes = column.numbers[both], by.codes[both]
    sizes = np.bincount(codes, minlength=len(by.labels))
    least = _ENOUGH if (sizes >= _ENOUGH).sum() >= 2 else 2
    kept = [code for code in range(len(by.labels)) if sizes[code] >= least]
    small = [by.labels[code] for code in range(len(by.labels)) if 0 < sizes[code] < least]
    if len(kept) < 2:
        return "fewer than two groups have two rows"
    # One stable sort brings the rows of each group together.
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(sizes)
    samples = [values[order[ends[code] - sizes[code] : ends[code]]] for code in kept]
    varying = [bool(sample.min() < sample.max()) for sample in samples]
    if not any(varying):
        return "it does not vary within any group"
    groups = tuple(_group(by.labels[code], sample) for code, sample in zip(kept, samples, strict=True))
    tiny = bool(sizes[kept].min() < _ENOUGH)

    if tiny:
        reason, result = f"a group is {FEW_ROWS}", _of_ranks(samples)
    elif not all(varying):
        reason, result = "a group does not vary", _of_ranks(samples)
    else:
        result = _of_means(samples)
        reason = next((fact.evidence for fact in result.assumptions if fact.supported is False), "")
        result = _of_ranks(samples) if reason else result
    test, effect, df = _kind(result)

    what = FEW_ROWS if least > 2 else "of a single row"
    note = f"left out groups {what}: {listing(small)}" if small else ""
    if tiny and "exact" not in result.method:
        note = "; ".join(filter(None, [note, f"a group is {FEW_ROWS}, so the p-value is rough"]))
    n = int(sum(sample.size for sample in samples))
    return Comparison(
        column.name,
        by.name,
        test,
        n,
        result.statistic,
        df,
        result.pvalue,
        1.0,
        effect,
        result.effect_size,
        groups,
        reason,
        note,
        result,
    )


def _of_means(samples: list[Float]) -> _Test:
    if len(samples) == 2:
        return stats.ttest_ind(samples[0], samples[1], equal_var=False)
    return stats.f_oneway(*samples, equal_var=False)


def _of_ranks(samples: list[Float]) -> _Test:
    return stats.mannwhitneyu(samples[0], samples[1]) if len(samples) == 2 else stats.kruskal(*samples)


def _kind(result: _Test) -> tuple[str, str, tuple[float, ...]]:
    """Names of a test and of its effect, and its degrees of freedom."""
    if isinstance(result, stats.TTestResult):
        return "Welch's t", "Cohen's d", (result.df,)
    if isinstance(result, stats.AnovaResult):
        return "Welch's ANOVA", "η²", (result.df_between, result.df_within)
    if isinstance(result, stats.MannWhitneyResult):
        return "Mann-Whitney U", "rank-biserial r", ()
    return "Kruskal-Wallis", "ε²", (float(result.df),)


def _group(label: str, sample: Float) -> Group:
    described = stats.describe(sample)
    std = float(described.std[0])
    interval = stats.mean_confint(sample) if std > 0 else None
    return Group(
        label,
        int(sample.size),
        float(described.mean[0]),
        std,
        float(described.median[0]),
        None if interval is None else (interval.low, interval.high),
    )


def _association(column: Column, by: Column) -> Comparison | str:
    """Test whether two categories are independent."""
    assert column.codes is not None
    assert by.codes is not None
    both = column.present & by.present
    flat = by.codes[both] * len(column.labels) + column.codes[both]
    table = np.bincount(flat, minlength=len(by.labels) * len(column.labels)).reshape(len(by.labels), len(column.labels))
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape) < 2:
        return "where both are known, one has a single category"
    square = stats.chi2_contingency(table)
    few = int((square.expected_freq < _FEW_EXPECTED).sum())
    exact = stats.fisher_exact(table) if few and table.shape == (2, 2) else None
    says = f"{few} of {table.size} expected counts are below {_FEW_EXPECTED}" if few else ""
    return Comparison(
        column.name,
        by.name,
        "chi-square" if exact is None else _FISHER,
        int(table.sum()),
        square.statistic if exact is None else exact.statistic,
        (float(square.dof),) if exact is None else (),
        square.pvalue if exact is None else exact.pvalue,
        1.0,
        "Cramér's V",
        square.effect_size,
        (),
        "" if exact is None else says,
        f"{says}, so the p-value is rough" if few and exact is None else "",
        square if exact is None else exact,
    )


def _cells(item: Comparison) -> list[str]:
    return [
        clip(f"{item.column} by {item.by}", 36) + ("*" if item.note else ""),
        item.test,
        f"{item.n:,}",
        pvalue(item.adjusted),
        f"{_SHORT[item.effect]} = {fixed(item.effect_size)}",
        _estimate(item),
    ]


def _cells_without_estimate(item: Comparison) -> list[str]:
    return _cells(item)[:-1]


def _estimate(item: Comparison) -> str:
    """Write by how much two groups differ, with the interval."""
    if item.estimate is None:
        return ""
    what = "odds ratio " if item.test == _FISHER else ""
    return f"{what}{number(item.estimate, 3)} ({span(item.confidence_interval, 3)}){_direction(item, 10)}"


def _direction(item: Comparison, width: int) -> str:
    """Tell which group was subtracted from which."""
    if len(item.groups) != 2:
        return ""
    first, second = (clip(group.label, width) for group in item.groups)
    return f" ({first} − {second})"


def _key(item: Comparison) -> str:
    return f"{item.column} by {item.by}"
