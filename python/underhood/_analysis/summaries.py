"""The columns of a table, each with its kind, what is missing, and the figures that suit it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from underhood import stats
from underhood._analysis.reading import Column
from underhood._analysis.words import clip, count, fixed, number, percent
from underhood._results import Result, html_table, text_table
from underhood._tables import Table

__all__ = ["ColumnSummary", "Columns", "summarise"]


_FAR = (1.5, 3.0)
"""Tukey's fences, in interquartile ranges: of normal values one in 140 lies beyond the first, one in 430,000 beyond
the second (Exploratory Data Analysis, 1977)."""


@dataclass(slots=True, repr=False, eq=False)
class ColumnSummary(Result):
    """What is known of one column.

    Attributes
    ----------
    name, kind, stored : str
        Its name, what it was taken for (number, category, date, text, constant, empty, other), how it was stored.
    rows, missing, infinite, distinct : int
        All rows, those without a value, those with an infinite one, and how many different values the others have.
    mean, std, min, q25, median, q75, max, skewness, kurtosis : float or None
        Of a column of numbers, over its finite values, as :func:`underhood.stats.describe` has them.
    outliers, far_out : int or None
        Of a column of numbers, how many values lie more than 1.5 (as a box plot shows them) and more than 3
        interquartile ranges outside the middle half, by :func:`underhood.stats.outliers`; None where that half is one
        and the same value.
    levels : tuple of (str, int)
        Of a column of categories: each with its number of rows, in the order of the categories.
    first, last : numpy.datetime64 or None
        Of a column of dates.
    remarks : tuple of str
        What was decided about the column, in words.
    """

    name: str
    kind: str
    stored: str
    rows: int
    missing: int
    infinite: int
    distinct: int
    mean: float | None = None
    std: float | None = None
    min: float | None = None
    q25: float | None = None
    median: float | None = None
    q75: float | None = None
    max: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    outliers: int | None = None
    far_out: int | None = None
    levels: tuple[tuple[str, int], ...] = ()
    first: np.datetime64 | None = None
    last: np.datetime64 | None = None
    remarks: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"{self.name}: {self.values}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[1] not in ("None", "()", "nan")]

    @property
    def values(self) -> str:
        """The values in a few words: categories with their counts, dates from first to last, and so on."""
        if self.kind == "number":
            return f"numbers from {number(self.min)} to {number(self.max)}"
        if self.kind == "category":
            common = sorted(self.levels, key=lambda level: -level[1])
            more = f", and {len(common) - 6} more" if len(common) > 6 else ""
            return ", ".join(f"{clip(label, 24)} {n:,}" for label, n in common[:6]) + more
        if self.kind == "date":
            days = [str(day).removesuffix("T00:00:00.000000") for day in (self.first, self.last)]
            return " to ".join(dict.fromkeys(day.removesuffix(".000000").replace("T", " ") for day in days))
        if self.kind == "constant":
            value = self.levels[0][0] if self.levels else number(self.min, 6)
            return f"always {clip(value, 40)}"
        if self.kind == "empty":
            return "no value at all" if self.rows else "no rows"
        if self.kind == "text":
            return (
                "never repeats" if self.distinct == self.rows - self.missing else f"{self.distinct:,} different values"
            )
        return "left out"


class Columns(Table[ColumnSummary]):
    """Every column in order, by place or by name; prints the numbers in one table and the others in a second."""

    __slots__ = ()

    def __init__(self, items: list[ColumnSummary]) -> None:
        super().__init__(
            "Columns",
            ["column", "kind", "missing", "different", "values"],
            items,
            cells=_cells,
            key=_key,
            align="llrrl",
        )

    def parts(self) -> list[tuple[str, list[str], list[list[str]], str]]:
        """Title, header, rows and alignment of the two tables."""
        numbers = [item for item in self if item.kind == "number"]
        others = [item for item in self if item.kind != "number"]
        parts = []
        if numbers:
            header = [
                "column",
                "missing",
                "mean",
                "std",
                "min",
                "25 %",
                "median",
                "75 %",
                "max",
                "skewness",
                "outliers",
            ]
            rows = [
                [
                    clip(item.name, 24),
                    _missing(item),
                    *map(number, (item.mean, item.std, item.min, item.q25, item.median, item.q75, item.max)),
                    fixed(item.skewness),
                    "" if item.outliers is None else f"{item.outliers:,}",
                ]
                for item in numbers
            ]
            parts.append((count(len(numbers), "column") + " of numbers", header, rows, "l" + "r" * 10))
        if others:
            header = ["column", "kind", "missing", "values"]
            rows = [[clip(item.name, 24), item.kind, _missing(item), clip(item.values, 60)] for item in others]
            parts.append((count(len(others), "other column" if numbers else "column"), header, rows, "llrl"))
        return parts

    def __repr__(self) -> str:
        blocks = [f"{title}\n{text_table(header, rows, align)}" for title, header, rows, align in self.parts()]
        return "\n\n".join(blocks) or "no columns"

    def _repr_html_(self) -> str:
        return "".join(
            f"<p><b>{escape(title)}</b></p>{html_table(header, rows, align)}"
            for title, header, rows, align in self.parts()
        )


def _missing(item: ColumnSummary) -> str:
    gone = item.missing + item.infinite
    return f"{gone:,} ({percent(gone / item.rows)})" if gone else "0"


def summarise(columns: list[Column]) -> Columns:
    """Summarise every column; the numbers come from :func:`underhood.stats.describe`, all columns at once."""
    numeric = {column.name: column.numbers for column in columns if column.kind == "number"}
    described = stats.describe(numeric) if numeric else None
    places = {name: i for i, name in enumerate(numeric)}
    return Columns([_summary(column, described, places.get(column.name)) for column in columns])


def _summary(column: Column, described: Any, place: int | None) -> ColumnSummary:
    summary = ColumnSummary(
        name=column.name,
        kind=column.kind,
        stored=column.stored,
        rows=column.rows,
        missing=column.missing,
        infinite=column.infinite,
        distinct=column.distinct,
        remarks=tuple(column.remarks),
    )
    if place is not None:
        for field in ("mean", "std", "min", "q25", "median", "q75", "max", "skewness", "kurtosis"):
            setattr(summary, field, float(getattr(described, field)[place]))
        if summary.q25 != summary.q75:
            summary.outliers, summary.far_out = (stats.outliers(column.numbers, "iqr", far).count for far in _FAR)
    elif column.kind == "constant" and column.numbers is not None:
        value = float(column.numbers[column.present][0])
        summary.mean = summary.min = summary.q25 = summary.median = summary.q75 = summary.max = value
        summary.std = 0.0
    elif column.codes is not None and column.kind in ("category", "constant"):
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.labels))
        summary.levels = tuple(zip(column.labels, map(int, counts), strict=True))
    elif column.kind == "date" and column.dates is not None:
        known = column.dates[~np.isnat(column.dates)]
        summary.first, summary.last = known.min(), known.max()
    return summary


def _cells(item: ColumnSummary) -> list[str]:
    return [
        clip(item.name, 28),
        item.kind,
        _missing(item),
        f"{item.distinct:,}",
        clip(item.values, 80),
    ]


def _key(item: ColumnSummary) -> str:
    return item.name
