"""Groups compared: each numeric column by each category, and each pair of categories.

Two groups: Welch's t test. More: Welch's analysis of variance. Neither assumes that the groups vary equally; where a
group does not vary at all, Welch's weights do not exist, and the classic test with one common variance is made
instead. Two categories: the chi-square test of independence.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import combinations

import numpy as np

from underhood import stats
from underhood._analysis.progress import Progress
from underhood._analysis.reading import Column
from underhood._analysis.words import clip, fixed, listing, number, pvalue
from underhood._results import Result, html_table, text_table
from underhood._tables import Table

__all__ = ["FEW_ROWS", "Comparison", "Comparisons", "Group", "compare", "share"]

_ENOUGH = 5
"""Welch's tests hold their level with groups of at least so many rows; with groups of two they reject too often."""
FEW_ROWS = f"of fewer than {_ENOUGH} rows"


@dataclass(slots=True, repr=False, eq=False)
class Group(Result):
    """One group of a comparison: its ``label``, the number ``n`` of its rows, ``mean`` and ``std``."""

    label: str
    n: int
    mean: float
    std: float


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
        Degrees of freedom.
    adjusted : float
        The p-value after Holm's correction over all comparisons.
    effect : str
        Which effect size: Cohen's d, η² (share of the variance between the groups), Cramér's V (0 none, 1 complete).
    effect_size : float
        Its value; Cohen's d is that of the first group minus the second.
    groups : tuple of Group
        For a numeric column, the groups with mean and standard deviation.
    note : str
        What to beware of.
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
    groups: tuple[Group, ...] = ()
    note: str = ""

    def _title(self) -> str:
        return f"{self.column} by {self.by}: {self.test}{_direction(self, 40)}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] not in ("column", "by", "test", "groups") and row[1]]

    def _means(self) -> tuple[list[str], list[list[str]]]:
        cells = [[clip(group.label, 40), str(group.n), number(group.mean), number(group.std)] for group in self.groups]
        return [self.by, "n", f"mean {self.column}", "std"], cells

    def __repr__(self) -> str:
        return Result.__repr__(self) + (f"\n{text_table(*self._means())}" if self.groups else "")

    def _repr_html_(self) -> str:
        return Result._repr_html_(self) + (html_table(*self._means(), "lrrr") if self.groups else "")


class Comparisons(Table[Comparison]):
    """All comparisons, of means before those of categories; an item is had by place or by ``"column by groups"``.

    Those with an adjusted p-value below 0.05 come first, of these the ones without a warning, and of these the largest
    effects.
    """

    __slots__ = ()

    def __init__(self, items: list[Comparison], limit: int = 12) -> None:
        items = sorted(items, key=lambda item: (not item.groups, item.adjusted >= 0.05, bool(item.note), -share(item)))
        super().__init__(
            f"Comparisons of groups, clear ones first, by effect (p-values adjusted by Holm over {len(items)})",
            ["comparison", "test", "n", "statistic", "p", "p adjusted", "effect size"],
            items,
            cells=_cells,
            key=_key,
            align="llrrrrl",
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


_SHORT = {"η²": "η²", "Cohen's d": "d", "Cramér's V": "V"}
_LEGEND = {
    "η²": "η²: share of the variance between the groups",
    "Cohen's d": "d: Cohen's, difference in standard deviations",
    "Cramér's V": "V: Cramér's, 0 independent to 1 determined",
}


def share(item: Comparison) -> float:
    """Put effect sizes on one scale for sorting: Cohen's d of two equal groups is η² = d² / (d² + 4)."""
    if item.effect == "Cohen's d":
        return item.effect_size**2 / (item.effect_size**2 + 4)
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
    """Compare the means of a numeric column between groups."""
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
    groups = []
    for code, sample in zip(kept, samples, strict=True):
        described = stats.describe(sample)
        groups.append(Group(by.labels[code], int(sample.size), float(described.mean[0]), float(described.std[0])))
    equal = not all(varying)
    what = FEW_ROWS if least > 2 else "of a single row"
    note = f"left out groups {what}: {listing(small)}" if small else ""
    if sizes[kept].min() < _ENOUGH:
        note = "; ".join(filter(None, [note, f"a group is {FEW_ROWS}, so the p-value is rough"]))
    if equal:
        note = "; ".join(filter(None, [note, "a group does not vary, so one common variance was assumed"]))
    n = int(sum(sample.size for sample in samples))
    result: stats.TTestResult | stats.AnovaResult
    df: tuple[float, ...]
    if len(samples) == 2:
        result = stats.ttest_ind(samples[0], samples[1], equal_var=equal)
        test, effect, df = "Student's t" if equal else "Welch's t", "Cohen's d", (result.df,)
    else:
        result = stats.f_oneway(*samples, equal_var=equal)
        test, effect, df = "ANOVA" if equal else "Welch's ANOVA", "η²", (result.df_between, result.df_within)
    return Comparison(
        column.name,
        by.name,
        test,
        n,
        float(result.statistic),
        df,
        float(result.pvalue),
        1.0,
        effect,
        float(result.effect_size),
        tuple(groups),
        note,
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
    result = stats.chi2_contingency(table)
    few = int((np.asarray(result.expected_freq) < 5).sum())
    note = f"{few} of {table.size} expected counts are below 5, so the p-value is rough" if few else ""
    return Comparison(
        column.name,
        by.name,
        "chi-square",
        int(table.sum()),
        float(result.statistic),
        (float(result.dof),),
        float(result.pvalue),
        1.0,
        "Cramér's V",
        float(result.effect_size),
        (),
        note,
    )


def _cells(item: Comparison) -> list[str]:
    return [
        clip(f"{item.column} by {item.by}", 36) + ("*" if item.note else ""),
        item.test,
        f"{item.n:,}",
        number(item.statistic),
        pvalue(item.pvalue),
        pvalue(item.adjusted),
        f"{_SHORT[item.effect]} = {fixed(item.effect_size)}{_direction(item, 10)}",
    ]


def _direction(item: Comparison, width: int) -> str:
    """Tell which group's mean was subtracted from which."""
    if item.effect != "Cohen's d":
        return ""
    first, second = (clip(group.label, width) for group in item.groups)
    return f" ({first} − {second})"


def _key(item: Comparison) -> str:
    return f"{item.column} by {item.by}"
