"""The matrix of predictors behind a model: which rows and columns go in, and why the others do not.

Numeric columns go in as they are, a categorical one as a column of zeros and ones for each of its levels but the first,
the reference level. A column that depends linearly on those before it adds nothing and is dropped: in A = QR the
number |r_jj| is the distance of column j from the space of the columns before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from underhood import linalg
from underhood._analysis.reading import Column, Float
from underhood._analysis.words import count, listing, percent, was

__all__ = ["NO_COMPLETE_ROW", "Design", "design", "independent", "moderate", "one_more", "sources"]

_NEGLIGIBLE = 1e-9
"""Distance from the columns before it, relative to its own length, at which a column counts as dependent."""
_SUSPICIOUS = 1e-3
"""Distance at which a column is looked at more closely."""
NO_COMPLETE_ROW = "no row has a value both in it and in every column that could predict it"
"""Why there is no model where each row misses something."""


@dataclass(slots=True)
class Design:
    """Predictors as a matrix, and what was decided on the way.

    ``rows`` marks the rows of the table that went in; ``reference`` has the reference level of each categorical column;
    ``assumed`` and ``left_out`` are sentences.
    """

    matrix: Float
    names: list[str]
    rows: NDArray[np.bool_]
    reference: dict[str, str] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def design(columns: list[Column], target: Column) -> Design:
    """Choose rows and columns, and code the categories."""
    known = target.present
    left_out: list[str] = []
    if not known.all():
        gone = int((~known).sum())
        left_out.append(
            f"{count(gone, 'row')} without a value of the target {target.name} {was(gone)} left out of the model."
        )

    candidates = [column for column in columns if column.name != target.name and column.kind in ("number", "category")]
    extreme = [column.name for column in candidates if not moderate(column)]
    if extreme:
        left_out.append(
            f"{listing(extreme)} {was(len(extreme))} left out of the model: the squares of such large or small numbers "
            "leave the range of doubles. Choose another unit."
        )
    candidates = [column for column in candidates if column.name not in extreme]
    sparse = [column for column in candidates if (column.present & known).sum() < 0.5 * known.sum()]
    for column in sparse:
        share = 1 - (column.present & known).sum() / max(1, known.sum())
        left_out.append(
            f"{column.name} is missing in {percent(float(share))} of the rows; it was left out of the model rather "
            f"than "
            "those rows."
        )
    used = [column for column in candidates if column not in sparse]
    rows = known.copy()
    for column in used:
        rows &= column.present
    gone = int(known.sum() - rows.sum())
    if gone:
        causes = {column.name: int((known & ~column.present).sum()) for column in used}
        named = listing([f"{name} in {n:,}" for name, n in sorted(causes.items(), key=lambda item: -item[1]) if n])
        left_out.append(f"{count(gone, 'row')} {was(gone)} left out of the model because a value is missing: {named}.")

    parts: list[Float] = []
    names: list[str] = []
    reference: dict[str, str] = {}
    constant: list[str] = []
    for column in used:
        block, block_names = _coded(column, rows, reference)
        if block_names:
            parts.append(block)
            names += block_names
        else:
            constant.append(column.name)
    if constant and rows.any():
        do, were = ("does", "was") if len(constant) == 1 else ("do", "were")
        left_out.append(f"{listing(constant)} {do} not vary in the rows of the model and {were} left out of it.")
    matrix = np.column_stack(parts) if parts else np.empty((int(rows.sum()), 0))

    assumed = []
    if reference:
        levels = listing([f"{name}: {label}" for name, label in reference.items()], 8)
        assumed.append(
            f"Categorical predictors went into the model as columns of zeros and ones, against a reference level "
            f"({levels})."
        )
    kept = independent(matrix)
    if not all(kept):
        # As many columns as rows but one fit anything: those that follow were not found to depend, but cannot be told.
        crowded = ~kept & (np.cumsum(kept) >= matrix.shape[0] - 1)
        dependent = [name for name, drop in zip(names, ~kept & ~crowded, strict=True) if drop]
        surplus = [name for name, drop in zip(names, crowded, strict=True) if drop]
        if dependent:
            them = "it" if len(dependent) == 1 else "them"
            left_out.append(
                f"{listing(dependent)} can be computed from the columns before {them} (a sum of them, say), "
                f"exactly or to nine digits, and {was(len(dependent))} left out of the model."
            )
        if surplus:
            rows_were = f"{count(matrix.shape[0], 'complete row')} {was(matrix.shape[0])}"
            left_out.append(
                f"{rows_were} too few for {len(names)} coefficients: "
                f"{listing(surplus)} {was(len(surplus))} left out of the model."
            )
        matrix = matrix[:, kept]
        names = [name for name, keep in zip(names, kept, strict=True) if keep]
    return Design(np.ascontiguousarray(matrix), names, rows, reference, assumed, left_out)


def sources(names: Sequence[str], reference: Mapping[str, str]) -> list[str]:
    """Columns of the table that the columns of a matrix come from, each once."""
    found = (next((column for column in reference if name.startswith(f"{column}[")), name) for name in names)
    return list(dict.fromkeys(found))


def one_more(name: str, reference: Mapping[str, str]) -> str:
    """Say what a coefficient multiplies: one more unit, or a category in place of the reference."""
    column, _, level = name.partition("[")
    if level and column in reference:
        return f"{column} {level.removesuffix(']')} instead of {reference[column]}"
    return f"one more unit of {name}"


def moderate(column: Column) -> bool:
    """Whether a column can be squared and summed without leaving the range of doubles."""
    if column.kind != "number" or column.numbers is None:
        return True
    largest = float(np.abs(column.numbers[column.present]).max())
    return 1e-140 < largest < 1e140


def _coded(column: Column, rows: NDArray[np.bool_], reference: dict[str, str]) -> tuple[Float, list[str]]:
    """One column's share of the matrix; no names if it does not vary."""
    if column.kind == "number":
        assert column.numbers is not None
        values = column.numbers[rows]
        varies = values.size > 0 and values.min() < values.max()
        return values[:, None], [column.name] if varies else []
    assert column.codes is not None
    codes = column.codes[rows]
    levels = np.unique(codes)
    if levels.size < 2:
        return np.empty((codes.size, 0)), []
    reference[column.name] = column.labels[levels[0]]
    block = (codes[:, None] == levels[None, 1:]).astype(np.float64)
    return block, [f"{column.name}[{column.labels[level]}]" for level in levels[1:]]


def independent(matrix: Float) -> NDArray[np.bool_]:
    """Mark the columns that do not depend on a constant and the columns before them."""
    kept = np.ones(matrix.shape[1], dtype=bool)
    if matrix.shape[0] < 2 or not matrix.shape[1]:
        return kept
    # Centred, and of length near one, whatever the units.
    values = matrix / np.abs(matrix).max(axis=0)
    centred = values - values.mean(axis=0)
    spreads = np.sqrt((centred**2).sum(axis=0))
    scaled = centred / spreads
    # What rounding to doubles alone could move each column by, in its spread: much, if it lies far from zero.
    rounding = np.finfo(float).eps * np.sqrt((values**2).sum(axis=0)) / spreads
    while True:
        candidates = np.flatnonzero(kept)[: matrix.shape[0] - 1]
        kept[np.flatnonzero(kept)[matrix.shape[0] - 1 :]] = False
        r = linalg.qr(scaled[:, candidates])[1]
        dependent = _first_dependent(r, rounding[candidates])
        if dependent is None:
            return kept
        # What follows a dependent column was measured against an arbitrary direction: drop one at a time.
        kept[candidates[dependent]] = False


def _first_dependent(r: Float, rounding: Float) -> int | None:
    """Find the first column that is as near to those before it as rounding could bring it, or nearer than matters."""
    distances = np.abs(np.diag(r))
    for j in np.flatnonzero(distances < _SUSPICIOUS):
        if distances[j] < _NEGLIGIBLE:
            return int(j)
        coefficients = np.linalg.solve(r[:j, :j], r[:j, j])
        # The constant takes up at most what all of them lie away from zero, hence the factor.
        if distances[j] < 4 * (np.abs(coefficients) @ rounding[:j] + rounding[j]):
            return int(j)
    return None
