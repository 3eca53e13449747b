"""Summaries of a table by group."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import stats as core
from underhood._frames import columns as read_columns
from underhood._frames import numeric
from underhood._results import Result, format_value, html_table, text_table
from underhood._tables import unknown_name
from underhood.stats._labels import Labels, label_text, read_labels

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GroupSummary", "GroupedData", "group_by"]

_NAMES = ("count", "missing", "sum", "mean", "std", "var", "min", "max", "skewness", "kurtosis", "median")
_ALIASES = {"skew": "skewness", "kurt": "kurtosis"}
_DESCRIBED = ("count", "missing", "mean", "std", "min", "25%", "median", "75%", "max", "skewness", "kurtosis")


@dataclass(slots=True, repr=False, eq=False)
class GroupSummary(Result):
    """Statistics of each group: what the methods of :func:`group_by` give.

    ``summary["mass"]`` has a number for each group (with several statistics: a row), ``summary["mass", "mean"]`` those
    of one statistic.

    Attributes
    ----------
    by : tuple of str
        What the groups are made by.
    labels : tuple
        The groups; with several keys, a tuple for each.
    columns : tuple of str
        What is summed up.
    statistics : tuple of str
        By what.
    values : ndarray, shape (groups, columns, statistics)
        The numbers.
    """

    by: tuple[str, ...]
    labels: tuple[Any, ...]
    columns: tuple[str, ...]
    statistics: tuple[str, ...]
    values: NDArray[np.float64]

    def __getitem__(self, key: Any) -> NDArray[np.float64]:
        column, statistic = key if isinstance(key, tuple) else (key, None)
        if column not in self.columns:
            raise KeyError(unknown_name(str(column), self.columns, f"group_by: there is no column {column!r}"))
        found = self.values[:, self.columns.index(column)]
        if statistic is None:
            return found[:, 0] if len(self.statistics) == 1 else found
        if statistic not in self.statistics:
            problem = f"group_by: there is no statistic {statistic!r}"
            raise KeyError(unknown_name(str(statistic), self.statistics, problem))
        return found[:, self.statistics.index(statistic)]

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame with a row a group, laid out as pandas' ``groupby`` does; needs pandas.

        Examples
        --------
        >>> import underhood as uh
        >>> groups = uh.stats.group_by({"x": [1, 2, 6], "kind": ["a", "b", "b"]}, "kind")
        >>> groups.mean().to_frame().loc["b", "x"].item()
        4.0
        """
        import pandas as pd

        index = (
            pd.MultiIndex.from_tuples(self.labels, names=self.by)
            if len(self.by) > 1
            else pd.Index(list(self.labels), name=self.by[0])
        )
        if len(self.statistics) == 1:
            return pd.DataFrame(self.values[:, :, 0], index=index, columns=list(self.columns))
        columns = pd.MultiIndex.from_product([self.columns, self.statistics])
        return pd.DataFrame(self.values.reshape(len(self.labels), -1), index=index, columns=columns)

    def _title(self) -> str:
        what = self.statistics[0] if len(self.statistics) == 1 else "summary"
        return f"{what} by {', '.join(self.by)}"

    def _table(self) -> tuple[list[str], list[list[str]], str]:
        texts = [label_text(label) for label in self.labels]
        if len(self.statistics) == 1:
            rows = [
                [text, *(format_value(value, 5) for value in row)]
                for text, row in zip(texts, self.values[:, :, 0], strict=True)
            ]
            return ["", *self.columns], rows, "l" + "r" * len(self.columns)
        rows = [
            [column, text, *(format_value(value, 5) for value in self.values[i, j])]
            for j, column in enumerate(self.columns)
            for i, text in enumerate(texts)
        ]
        return ["", "", *self.statistics], rows, "ll" + "r" * len(self.statistics)

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self._table())}"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b></p>" + html_table(*self._table())


@dataclass(slots=True, repr=False, eq=False)
class GroupedData(Result):
    """A table taken apart by group: what :func:`group_by` gives.

    Ask it for ``mean() median() std() var() min() max() sum() count() skew() kurtosis() quantile(q) describe()`` or
    ``agg([...])``. Iterating gives each group's label and its rows.

    Attributes
    ----------
    by : tuple of str
        What the groups are made by.
    labels : tuple
        The groups, in order; with several keys, a tuple for each.
    sizes : ndarray of int
        How many rows each has.
    columns : tuple of str
        The columns of numbers, which are summed up.
    left_out : tuple of str
        The columns that hold no numbers.
    missing : int
        How many rows have no label: they are in no group.
    """

    by: tuple[str, ...]
    labels: tuple[Any, ...]
    sizes: NDArray[np.int64]
    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    missing: int
    _codes: NDArray[np.int64]
    _numbers: tuple[NDArray[np.float64], ...]
    _data: Any

    def __len__(self) -> int:
        return len(self.labels)

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return zip(self.labels, map(self._table_rows, self._places()), strict=True)

    def __getitem__(self, label: Any) -> Any:
        if label not in self.labels:
            names = [label_text(known) for known in self.labels]
            raise KeyError(unknown_name(label_text(label), names, f"group_by: there is no group {label!r}"))
        return self._table_rows(np.flatnonzero(self._codes == self.labels.index(label)))

    def _places(self) -> list[NDArray[np.intp]]:
        """Find the rows of every group, in their order: one sort for all groups, however many they are."""
        order = np.argsort(self._codes, kind="stable")
        ends = np.searchsorted(self._codes[order], np.arange(len(self.labels) + 1))
        return [order[start:end] for start, end in itertools.pairwise(ends.tolist())]

    def _table_rows(self, chosen: NDArray[np.intp]) -> Any:
        """Give rows of the table: a frame of the caller's library, else a dictionary of columns."""
        if hasattr(self._data, "iloc"):
            return self._data.iloc[chosen]
        if hasattr(self._data, "get_columns"):
            return self._data[chosen.tolist()]
        return {name: values[chosen] for name, values in zip(self.columns, self._numbers, strict=True)}

    def _summarised(self, names: Sequence[str], quantiles: Sequence[float] = ()) -> NDArray[np.float64]:
        if not self.columns:
            also = f" (columns without numbers: {', '.join(self.left_out)})" if self.left_out else ""
            raise ValueError(f"group_by: data has no column of numbers besides the groups{also}")
        found = [
            core.group_statistics(numbers, self._codes, len(self.labels), list(names), list(quantiles))
            for numbers in self._numbers
        ]
        return np.stack(found, axis=1)

    def _one(self, name: str) -> GroupSummary:
        return GroupSummary(self.by, self.labels, self.columns, (name,), self._summarised([name]))

    def count(self) -> GroupSummary:
        """Count the values of each group that are not missing."""
        return self._one("count")

    def sum(self) -> GroupSummary:
        """Add up each group; missing values are left out, here and below."""
        return self._one("sum")

    def mean(self) -> GroupSummary:
        """Take the mean of each group.

        Examples
        --------
        >>> import underhood as uh
        >>> groups = uh.stats.group_by({"x": [1, 2, 6], "kind": ["a", "b", "b"]}, "kind")
        >>> groups.mean()["x"]
        array([1., 4.])
        """
        return self._one("mean")

    def median(self) -> GroupSummary:
        """Take the median of each group."""
        return self._one("median")

    def std(self) -> GroupSummary:
        """Take the standard deviation of each group (divisor n − 1)."""
        return self._one("std")

    def var(self) -> GroupSummary:
        """Take the variance of each group (divisor n − 1)."""
        return self._one("var")

    def min(self) -> GroupSummary:
        """Find the smallest value of each group."""
        return self._one("min")

    def max(self) -> GroupSummary:
        """Find the largest value of each group."""
        return self._one("max")

    def skew(self) -> GroupSummary:
        """Take the skewness of each group, corrected for its size as in pandas."""
        return self._one("skewness")

    def kurtosis(self) -> GroupSummary:
        """Take the excess kurtosis of each group, corrected for its size as in pandas."""
        return self._one("kurtosis")

    def quantile(self, q: ArrayLike = 0.5) -> GroupSummary:
        """Take quantiles of each group, by linear interpolation.

        Examples
        --------
        >>> import underhood as uh
        >>> groups = uh.stats.group_by({"x": [1, 2, 6], "kind": ["a", "b", "b"]}, "kind")
        >>> groups.quantile([0.25, 0.75])["x", "75%"]
        array([1., 5.])
        """
        try:
            wanted = np.atleast_1d(np.asarray(q, dtype=np.float64)).ravel().tolist()
        except (TypeError, ValueError):
            raise TypeError(f"quantile: q is {q!r}, but must be a probability or several") from None
        names = tuple(f"{format_value(100 * probability)}%" for probability in wanted)
        return GroupSummary(self.by, self.labels, self.columns, names, self._summarised([], wanted))

    def describe(self) -> GroupSummary:
        """Describe each group: count, missing, mean, std, min, quartiles, max, skewness, kurtosis."""
        first = self._summarised([name for name in _DESCRIBED if "%" not in name], [0.25, 0.75])
        # The quartiles come last; each to its place.
        order = [0, 1, 2, 3, 4, 9, 5, 10, 6, 7, 8]
        return GroupSummary(self.by, self.labels, self.columns, _DESCRIBED, first[:, :, order])

    def agg(self, statistics: str | Callable[..., Any] | Sequence[str | Callable[..., Any]]) -> GroupSummary:
        """Sum up each group by several statistics: names, or functions of a vector that give a number.

        Examples
        --------
        >>> import underhood as uh
        >>> groups = uh.stats.group_by({"x": [1, 2, 6], "kind": ["a", "b", "b"]}, "kind")
        >>> print(groups.agg(["mean", "std", np.ptp]))
        summary by kind
              mean     std  ptp
        ─  ─  ────  ──────  ───
        x  a     1     nan    0
        x  b     4  2.8284    4
        """
        wanted = [statistics] if isinstance(statistics, str) or callable(statistics) else list(statistics)
        names, known, places = [], [], []
        for place, item in enumerate(wanted):
            if callable(item):
                names.append(getattr(item, "__name__", "function"))
                continue
            name = _ALIASES.get(item, item) if isinstance(item, str) else item
            if name not in _NAMES:
                raise ValueError(unknown_name(str(item), _NAMES, f"agg: there is no statistic {item!r}"))
            names.append(item)
            known.append(name)
            places.append(place)
        if not names:
            raise ValueError("agg: statistics is empty, but at least one name or function is needed")
        values = np.empty((len(self.labels), len(self.columns), len(names)))
        if known:
            # The core takes each group once for all of them.
            values[:, :, places] = self._summarised(known)
        for place, item in enumerate(wanted):
            if callable(item):
                values[:, :, place] = self._applied(item)
        return GroupSummary(self.by, self.labels, self.columns, tuple(names), values)

    def _applied(self, function: Callable[..., Any]) -> NDArray[np.float64]:
        found = np.empty((len(self.labels), len(self.columns)))
        groups = self._places()
        for j, numbers in enumerate(self._numbers):
            for code, chosen in enumerate(groups):
                values = numbers[chosen]
                found[code, j] = function(values[~np.isnan(values)])
        return found

    def _title(self) -> str:
        return f"{len(self.labels)} groups by {', '.join(self.by)}"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = zip(self.labels, self.sizes, strict=True)
        return ["", "rows"], [[label_text(label), str(size)] for label, size in rows]

    def _below(self) -> str:
        lines = [f"columns: {', '.join(self.columns) or 'none of numbers'}"]
        lines += [f"rows without a label, in no group: {self.missing}"] if self.missing else []
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self._table())}\n{self._below()}"

    def _repr_html_(self) -> str:
        below = escape(self._below()).replace("\n", "<br>")
        return f"<p><b>{escape(self._title())}</b></p>{html_table(*self._table())}<p>{below}</p>"


def group_by(data: Any, by: Any) -> GroupedData:
    """Take a table apart by group, to sum up each.

    Parameters
    ----------
    data : pandas or polars frame, dict of columns, structured array, matrix or vector
        One observation a row.
    by : str, list of str, or vector of labels
        The column that says to which group a row belongs, or several; or the labels themselves, one for each row.

    Returns
    -------
    GroupedData
        ``group_by(frame, "species").mean()``, ``.describe()``, ``.agg(["mean", "std"])`` and so on give tables; it can
        be iterated over, and ``groups["Adelie"]`` has one group's rows. Rows without a label are in no group, missing
        numbers are left out of every statistic. Only groups that occur are there, in the order of their labels.

    Raises
    ------
    TypeError
        If ``data`` is no table, or ``by`` no name and no vector of labels.
    ValueError
        If there is no such column, as many labels as rows are not there, or no row has a label.

    Examples
    --------
    >>> import underhood as uh
    >>> penguins = {"species": ["Adelie", "Gentoo", "Adelie", "Gentoo"], "mass": [3750, 5000, 3800, None]}
    >>> print(uh.stats.group_by(penguins, "species").agg(["count", "mean"]))
    summary by species
                  count  mean
    ────  ──────  ─────  ────
    mass  Adelie      2  3775
    mass  Gentoo      1  5000
    """
    table = read_columns(data, function="group_by", argument="data")
    rows = len(next(iter(table.values()))) if table else 0
    names = [by] if isinstance(by, str) else list(by) if _are_names(by, table) else []
    for name in names:
        if name not in table:
            raise ValueError(unknown_name(name, table, f"group_by: by names {name!r}, which is no column of data"))
    if names:
        # A list in a dictionary is read as it is: NumPy would make text of the NaN among texts.
        source = data if isinstance(data, Mapping) else table
        keys = [read_labels(source.get(name, table[name]), "group_by", f"data[{name!r}]") for name in names]
    else:
        keys = [read_labels(by, "group_by", "by")]
        names = [keys[0].name or "group"]
        if len(keys[0].codes) != rows:
            raise ValueError(f"group_by: by has {len(keys[0].codes)} labels, but data has {rows} rows")
        names = [name if name not in table else f"{name} (by)" for name in names]
    codes, labels = _crossed([key.used() for key in keys])
    if not labels:
        raise ValueError("group_by: by gives no row a label")
    values = {name: numeric(column) for name, column in table.items() if name not in names}
    numbers = {name: found for name, found in values.items() if found is not None}
    return GroupedData(
        tuple(names),
        labels,
        np.bincount(codes[codes >= 0], minlength=len(labels)).astype(np.int64),
        tuple(numbers),
        tuple(name for name in values if name not in numbers),
        int((codes < 0).sum()),
        codes,
        tuple(numbers.values()),
        data,
    )


def _are_names(by: Any, table: dict[str, Any]) -> bool:
    """Whether a list is one of columns' names, rather than of labels: then all of it is text, and some of it a name."""
    return (
        isinstance(by, list | tuple)
        and len(by) > 0
        and all(isinstance(name, str) for name in by)
        and (any(name in table for name in by) or len(by) != len(next(iter(table.values()), ())))
    )


def _crossed(keys: list[Labels]) -> tuple[NDArray[np.int64], tuple[Any, ...]]:
    """Give each combination of labels that occurs a number."""
    codes = keys[0].codes
    if len(keys) == 1:
        return codes, tuple(keys[0].labels.tolist() if keys[0].labels.dtype.kind not in "mM" else keys[0].labels)
    missing = np.any([key.codes < 0 for key in keys], axis=0)
    for key in keys[1:]:
        codes = codes * max(len(key.labels), 1) + key.codes
        # Numbered anew each time, so that many keys do not overflow.
        _, codes = np.unique(codes, return_inverse=True)
    codes = codes.astype(np.int64)
    occurring, first, places = np.unique(codes[~missing], return_index=True, return_inverse=True)
    rows = np.flatnonzero(~missing)[first]
    found = np.full(codes.shape, -1, dtype=np.int64)
    found[~missing] = places
    parts = [key.labels[key.codes[rows]].tolist() for key in keys]
    return found, tuple(zip(*parts, strict=True)) if len(occurring) else ()
