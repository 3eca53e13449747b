"""Every pair of numeric columns: Pearson's and Spearman's correlation over the rows in which both are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from underhood import stats
from underhood._analysis.progress import Progress
from underhood._analysis.reading import Column, Float
from underhood._analysis.words import clip, count, fixed, pvalue
from underhood._results import Result
from underhood._tables import Table

__all__ = ["Correlation", "Correlations", "correlate"]

_ENOUGH = 10
"""From so many rows on, Student's t is a good approximation for Spearman's ρ; four rows in order would get p = 0."""


@dataclass(slots=True, repr=False, eq=False)
class Correlation(Result):
    """How two numeric columns go together.

    Attributes
    ----------
    x, y : str
        The two columns.
    n : int
        Rows in which both are known.
    pearson, spearman : float
        Correlation of the values (how near to a straight line) and of their ranks (how near to any rising line).
    confidence_interval : tuple of float
        95 % interval for Pearson's correlation.
    pearson_pvalue, spearman_pvalue : float
        Two-sided p-values of no correlation.
    pearson_adjusted, spearman_adjusted : float
        The same after Holm's correction over all p-values of the table.
    """

    x: str
    y: str
    n: int
    pearson: float
    confidence_interval: tuple[float, float]
    pearson_pvalue: float
    pearson_adjusted: float
    spearman: float
    spearman_pvalue: float
    spearman_adjusted: float

    def _title(self) -> str:
        return f"{self.x} and {self.y}"

    @property
    def clear(self) -> bool:
        """Whether an adjusted p-value is below 0.05; Spearman's, rough below ten rows, does not count there."""
        return self.pearson_adjusted < 0.05 or (self.n >= _ENOUGH and self.spearman_adjusted < 0.05)


class Correlations(Table[Correlation]):
    """All pairs; an item is had by place or by ``"x and y"``.

    Those with an adjusted p-value below 0.05 come first, and among equals the strongest.
    """

    __slots__ = ("columns",)

    def __init__(self, items: list[Correlation], columns: Sequence[str], limit: int = 10) -> None:
        items = sorted(items, key=lambda item: (not item.clear, -max(abs(item.pearson), abs(item.spearman))))
        number = count(len(items), "pair")
        super().__init__(
            f"Correlations of {number}, clear ones first, by strength (p adj.: Holm over {2 * len(items)})",
            ["pair", "n", "Pearson r", "95 % interval", "p adj.", "Spearman ρ", "p adj."],
            items,
            cells=_cells,
            key=_key,
            limit=limit,
        )
        self.columns = tuple(columns)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), "columns", "matrix"]

    def matrix(self, method: str = "pearson") -> Float:
        """Correlation matrix over ``.columns``; NaN where a pair could not be computed.

        Parameters
        ----------
        method : {"pearson", "spearman"}
            Which of the two.
        """
        if method not in ("pearson", "spearman"):
            raise ValueError(f"matrix: method is {method!r}, but 'pearson' or 'spearman' is needed")
        place = {name: i for i, name in enumerate(self.columns)}
        matrix = np.full((len(place), len(place)), np.nan)
        np.fill_diagonal(matrix, 1.0)
        for item in self:
            i, j = place[item.x], place[item.y]
            matrix[i, j] = matrix[j, i] = getattr(item, method)
        return matrix


def correlate(columns: list[Column], progress: Progress) -> tuple[Correlations, list[str]]:
    """Correlate all pairs; the second part says, in words, which pairs could not be."""
    pairs = list(combinations(columns, 2))
    found: list[Correlation] = []
    skipped: list[str] = []
    for i, (first, second) in enumerate(pairs):
        progress.step("correlating pair", i, len(pairs))
        x, y = first.numbers, second.numbers
        assert x is not None
        assert y is not None
        if first.missing + first.infinite + second.missing + second.infinite:
            both = first.present & second.present
            x, y = x[both], y[both]
        if x.size < 4 or x.min() == x.max() or y.min() == y.max():
            why = f"only {x.size} rows have both" if x.size < 4 else "one does not vary where the other is known"
            skipped.append(f"{first.name} and {second.name} ({why})")
            continue
        pearson, spearman = stats.pearsonr(x, y), stats.spearmanr(x, y)
        low, high = pearson.confidence_interval or (float("nan"), float("nan"))
        found.append(
            Correlation(
                first.name,
                second.name,
                int(x.size),
                float(pearson.statistic),
                (float(low), float(high)),
                float(pearson.pvalue),
                1.0,
                float(spearman.statistic),
                float(spearman.pvalue),
                1.0,
            )
        )
    made = [p for item in found for p in (item.pearson_pvalue, item.spearman_pvalue)]
    adjusted = stats.multipletests(made, method="holm").pvals_corrected.tolist()
    for i, item in enumerate(found):
        item.pearson_adjusted, item.spearman_adjusted = adjusted[2 * i : 2 * i + 2]
    return Correlations(found, [column.name for column in columns]), skipped


def _cells(item: Correlation) -> list[str]:
    return [
        f"{clip(item.x, 20)} ~ {clip(item.y, 20)}",
        f"{item.n:,}",
        fixed(item.pearson),
        "{} to {}".format(*map(fixed, item.confidence_interval)),
        pvalue(item.pearson_adjusted),
        fixed(item.spearman),
        pvalue(item.spearman_adjusted),
    ]


def _key(item: Correlation) -> str:
    return f"{item.x} and {item.y}"
