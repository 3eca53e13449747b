"""Describing the columns of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from underhood._core import stats as core
from underhood._frames import columns, numeric
from underhood._results import Result, format_value, html_table, text_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Description", "describe"]

_NUMBERS = ("count", "missing", "mean", "std", "min", "q25", "median", "q75", "max", "skewness", "kurtosis")
_DOUBLES = {np.dtype(np.float64)}
_SMALL = 20_000
_HEADINGS = ("count", "missing", "mean", "std", "min", "25%", "median", "75%", "max", "skewness", "kurtosis")


@dataclass(slots=True, repr=False, eq=False)
class Description(Result):
    """What :func:`describe` finds: one array a quantity, one place a column.

    Attributes
    ----------
    names : tuple of str
        The numeric columns, in their order.
    count, missing : ndarray of int
        How many values there are, and how many are missing (NaN, null).
    mean, std : ndarray
        Arithmetic mean and standard deviation of a sample (divisor n − 1).
    min, q25, median, q75, max : ndarray
        Extremes, quartiles and median; quartiles by linear interpolation, as NumPy's default.
    skewness, kurtosis : ndarray
        Skewness and excess kurtosis, both 0 for a normal distribution; corrected for the sample's size unless ``bias``.
    bias : bool
        Whether skewness and kurtosis are those of the sample itself.
    left_out : tuple of str
        The columns that hold no numbers.
    notes : tuple of str
        Columns whose numbers need a word: constant, empty, with infinite values.
    """

    names: tuple[str, ...]
    count: NDArray[np.int64]
    missing: NDArray[np.int64]
    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    min: NDArray[np.float64]
    q25: NDArray[np.float64]
    median: NDArray[np.float64]
    q75: NDArray[np.float64]
    max: NDArray[np.float64]
    skewness: NDArray[np.float64]
    kurtosis: NDArray[np.float64]
    bias: bool
    left_out: tuple[str, ...]
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame with a row a column and a column a quantity; needs pandas.

        Examples
        --------
        >>> import underhood as uh
        >>> uh.stats.describe({"a": [1, 2, 3]}).to_frame().loc["a", "mean"].item()
        2.0
        """
        import pandas as pd

        return pd.DataFrame({name: getattr(self, name) for name in _NUMBERS}, index=list(self.names))

    def explain(self) -> str:
        """Say in words what the numbers mean, and what they do not.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.describe({"income": [1, 2, 3, 50]}).explain()[:74])
        Half of the values of 'income' lie between 1.75 and 14.75 (its quartiles),
        """
        sentences = [
            f"Half of the values of {name!r} lie between {format_value(low)} and {format_value(high)} (its quartiles), "
            f"and they spread about their mean {format_value(mean)} with a standard deviation of {format_value(std)}."
            for name, low, high, mean, std in zip(self.names, self.q25, self.q75, self.mean, self.std, strict=True)
        ]
        gaps = [f"{name!r} ({missing})" for name, missing in zip(self.names, self.missing, strict=True) if missing]
        if gaps:
            sentences.append(
                f"Missing values were left out, of {', '.join(gaps)}: the numbers stand for the rest only."
            )
        sentences += [note[0].upper() + note[1:] + "." for note in self.notes]
        sentences.append(
            "These are the numbers of this sample; what they say about others depends on how it was drawn."
        )
        return " ".join(sentences)

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = zip(self.names, *(getattr(self, name) for name in _NUMBERS), strict=True)
        return ["", *_HEADINGS], [[name, *(format_value(value, 5) for value in values)] for name, *values in rows]

    def _below(self) -> list[str]:
        lines = [f"left out (no numbers): {', '.join(self.left_out)}"] if self.left_out else []
        return [*lines, *(f"note: {note}" for note in self.notes)]

    def __repr__(self) -> str:
        return "\n".join([text_table(*self._table()), *self._below()])

    def _repr_html_(self) -> str:
        from html import escape

        return html_table(*self._table()) + "".join(f"<p>{escape(line)}</p>" for line in self._below())


def describe(data: Any, *, bias: bool = False) -> Description:
    """Describe every numeric column: count, missing, mean, std, min, quartiles, max, skewness, kurtosis.

    With mₖ = Σ(x − x̄)ᵏ/n, the skewness is g₁ = m₃/m₂^(3/2) and the excess kurtosis g₂ = m₄/m₂² − 3; by default both
    are corrected for the sample's size: G₁ = g₁√(n(n − 1))/(n − 2) and G₂ = ((n + 1)g₂ + 6)(n − 1)/((n − 2)(n − 3)).

    Parameters
    ----------
    data : pandas or polars frame or series, dict of columns, structured array, matrix or vector
        One observation a row. Columns without numbers are left out, and named in the result; booleans count as 0 and 1.
    bias : bool, default False
        Whether to leave skewness and kurtosis uncorrected: ``False`` as in pandas, ``True`` as in SciPy.

    Returns
    -------
    Description
        With one array a quantity: ``names count missing mean std min q25 median q75 max skewness kurtosis``. It
        prints as a table; ``to_frame()`` makes a pandas frame.

    Raises
    ------
    TypeError
        If ``data`` is no table: text, a single number, a masked array, of more than two axes, ragged.
    ValueError
        If no column holds numbers, or columns differ in length or share a name.

    Notes
    -----
    NaN and null are missing values: counted, and left out of everything else. What a column cannot tell is NaN:
    everything but the counts of an empty column, the standard deviation of one value, the shape (skewness, kurtosis)
    of a constant column or of fewer than three or four values. A constant column's standard deviation is exactly 0.
    With an infinite value the mean is infinite (NaN if both infinities occur) and std and shape are NaN; the
    quartiles take it as it is.

    Means and moments come from one pass over blocks that are merged by the formulas of Chan, Golub and LeVeque (1983)
    and Pébay (2008) on values centred by one of them, so that a large common offset costs no digits; NIST's
    univariate sets agree in every digit that their doubles allow. Huge and tiny values are scaled by powers of two.
    Quartiles are exact.

    Examples
    --------
    >>> import underhood as uh
    >>> d = uh.stats.describe({"height": [1.5, 1.6, 1.7, 2.0], "name": ["Ada", "Bo", "Cy", "Di"], "n": [1, None, 2, 6]})
    >>> d.names, d.left_out
    (('height', 'n'), ('name',))
    >>> d.mean
    array([1.7, 3. ])
    >>> print(d)
            count  missing  mean      std  min    25%  median    75%  max  skewness  kurtosis
    ──────  ─────  ───────  ────  ───────  ───  ─────  ──────  ─────  ───  ────────  ────────
    height      4        0   1.7  0.21602  1.5  1.575    1.65  1.775    2    1.1903       1.5
    n           3        1     3   2.6458    1    1.5       2      4    6    1.4579       nan
    left out (no numbers): name
    """
    plain = _plain_matrix(data)
    left_out: tuple[str, ...] = ()
    if plain is not None:
        names, matrix = plain
        found = core.describe_matrix(matrix, bias)
    else:
        table = {name: numeric(column) for name, column in columns(data, function="describe").items()}
        numbers = {name: values for name, values in table.items() if values is not None}
        names, left_out = tuple(numbers), tuple([name for name in table if name not in numbers])
        found = core.describe_columns(list(numbers.values()), bias)
    if not names:
        also = f" (columns without numbers: {', '.join(left_out)})" if left_out else ""
        raise ValueError(f"describe: data has no column of numbers{also}")
    return Description(names, *found, bias, left_out, _notes(names, found))


def _plain_matrix(data: Any) -> tuple[tuple[str, ...], NDArray[Any]] | None:
    """Names and numbers of a matrix, or of a frame that is one: taking it apart would cost more than describing it."""
    if type(data) is np.ndarray:
        if data.ndim != 2 or data.dtype.kind not in "biuf":
            return None
        return tuple([f"x{i}" for i in range(data.shape[1])]), data
    if hasattr(data, "iloc") and hasattr(data, "columns"):
        # Looking at the dtypes takes longer than making an array of a small frame; that of a large one may be in vain.
        if data.size > _SMALL and set(data.dtypes.tolist()) != _DOUBLES:
            return None
        matrix = data.to_numpy()
        names = tuple(map(str, data.columns.tolist()))
        if matrix.dtype == np.float64 and len(set(names)) == len(names):
            return names, matrix
    return None


def _notes(names: tuple[str, ...], found: tuple[Any, ...]) -> tuple[str, ...]:
    """Put a word beside numbers that have no value."""
    # NaN differs from itself.
    undefined = [i for i, skewness in enumerate(found[9].tolist()) if skewness != skewness]
    notes = []
    for i in undefined:
        count, low, high = found[0][i], found[4][i], found[8][i]
        if count == 0:
            notes.append(f"{names[i]!r} has no values")
        elif np.isinf(low) or np.isinf(high):
            notes.append(
                f"{names[i]!r} has infinite values, so its standard deviation, skewness and kurtosis have no value"
            )
        elif low == high:
            notes.append(f"{names[i]!r} is constant, so its skewness and kurtosis have no value")
    return tuple(notes)
