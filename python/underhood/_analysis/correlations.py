"""Every pair of numeric columns: Pearson's and Spearman's correlation over the rows in which both are known.

Pearson's p-value and interval rest on normal values. Where the values speak against that, Spearman's alone decides
whether a pair is clear; its p-value rests on the order of the rows only, and is exact for few of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations

import numpy as np

from underhood import stats
from underhood._analysis.progress import Progress
from underhood._analysis.reading import Column, Float
from underhood._analysis.words import clip, count, fixed, pvalue
from underhood._results import Result
from underhood._tables import Table

__all__ = ["Correlation", "Correlations", "correlate"]


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
    confidence_interval, spearman_interval : tuple of float
        95 % intervals for Pearson's and for Spearman's correlation.
    pearson_pvalue, spearman_pvalue : float
        Two-sided p-values of no correlation.
    pearson_adjusted, spearman_adjusted : float
        The same after Holm's correction over all p-values of the table.
    skewed : tuple of str
        Which of the two is so heavily skewed that it speaks against Pearson's p-value and interval.
    """

    x: str
    y: str
    n: int
    pearson: float
    confidence_interval: tuple[float, float]
    pearson_pvalue: float
    pearson_adjusted: float
    spearman: float
    spearman_interval: tuple[float, float]
    spearman_pvalue: float
    spearman_adjusted: float
    skewed: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"{self.x} and {self.y}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] not in ("x", "y") and row[1] != "()"]

    @property
    def clear(self) -> bool:
        """Whether an adjusted p-value is below 0.05; Pearson's does not count if the values speak against it."""
        return self.spearman_adjusted < 0.05 or (not self.skewed and self.pearson_adjusted < 0.05)

    @property
    def strength(self) -> float:
        """The larger of both coefficients without its sign; only Spearman's if the values speak against Pearson's."""
        return abs(self.spearman) if self.skewed else max(abs(self.pearson), abs(self.spearman))


class Correlations(Table[Correlation]):
    """All pairs; an item is had by place or by ``"x and y"``.

    Those with an adjusted p-value below 0.05 come first, and among equals the strongest.
    """

    __slots__ = ("columns",)

    def __init__(self, items: list[Correlation], columns: Sequence[str], limit: int = 10) -> None:
        items = sorted(items, key=lambda item: (not item.clear, -item.strength))
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

    def legend(self, whole: bool = False) -> str:
        """Explain the sign of the rows that are printed, or of the whole table."""
        noted = any(item.skewed for item in self[: None if whole else self._limit])
        return "* heavily skewed values: Spearman's ρ alone says whether the pair is clear" if noted else ""

    def __repr__(self) -> str:
        legend = self.legend()
        return super().__repr__() + (f"\n({legend})" if legend else "")

    def _repr_html_(self) -> str:
        legend = self.legend()
        return super()._repr_html_() + (f"<p>{escape(legend)}</p>" if legend else "")

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
        shapes = [fact for fact in pearson.assumptions if "normal" in fact.text]
        found.append(
            Correlation(
                first.name,
                second.name,
                int(x.size),
                pearson.statistic,
                pearson.confidence_interval,
                pearson.pvalue,
                1.0,
                spearman.statistic,
                spearman.confidence_interval,
                spearman.pvalue,
                1.0,
                tuple(
                    name
                    for name, fact in zip((first.name, second.name), shapes, strict=True)
                    if fact.supported is False
                ),
            )
        )
    made = [p for item in found for p in (item.pearson_pvalue, item.spearman_pvalue)]
    adjusted = stats.multipletests(made, method="holm").pvals_corrected.tolist()
    for i, item in enumerate(found):
        item.pearson_adjusted, item.spearman_adjusted = adjusted[2 * i : 2 * i + 2]
    return Correlations(found, [column.name for column in columns]), skipped


def _cells(item: Correlation) -> list[str]:
    return [
        f"{clip(item.x, 20)} ~ {clip(item.y, 20)}" + ("*" if item.skewed else ""),
        f"{item.n:,}",
        fixed(item.pearson),
        "{} to {}".format(*map(fixed, item.confidence_interval)),
        pvalue(item.pearson_adjusted),
        fixed(item.spearman),
        pvalue(item.spearman_adjusted),
    ]


def _key(item: Correlation) -> str:
    return f"{item.x} and {item.y}"
