"""How often labels occur, alone and together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._results import Result, format_value, html_table, text_table
from underhood.stats._histogram import histogram, interval_texts
from underhood.stats._labels import label_text, read_labels

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CrosstabResult", "FrequencyTable", "crosstab", "frequency_table", "value_counts"]

_SHOWN = 30
_SHARES = {"": "", "all": ": shares of all", "index": ": shares of each row", "columns": ": shares of each column"}


@dataclass(slots=True, repr=False, eq=False)
class FrequencyTable(Result):
    """What :func:`value_counts` and :func:`frequency_table` find; unpacks to (labels, counts or shares).

    Attributes
    ----------
    name : str
        What was counted, if it has a name.
    labels : ndarray
        The distinct values, or the bins as text.
    counts : ndarray of int
        How often each occurs.
    n, missing : int
        How many values were counted, and how many are missing.
    edges : ndarray or None
        The edges of the bins, if there are bins.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("labels", "values")
    name: str
    labels: NDArray[Any]
    counts: NDArray[np.int64]
    n: int
    missing: int
    edges: NDArray[np.float64] | None
    _normalize: bool
    _cumulative: bool

    @property
    def shares(self) -> NDArray[np.float64]:
        """Counts divided by n."""
        return self.counts / self.n

    @property
    def cumulative(self) -> NDArray[np.int64]:
        """How many values stand in this row or above it."""
        return np.cumsum(self.counts)

    @property
    def cumulative_shares(self) -> NDArray[np.float64]:
        """The same divided by n."""
        return self.cumulative / self.n

    @property
    def values(self) -> NDArray[Any]:
        """What was asked for: shares, or counts."""
        return self.shares if self._normalize else self.counts

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame with a row a label; needs pandas.

        Examples
        --------
        >>> import underhood as uh
        >>> uh.stats.value_counts(["a", "b", "a"]).to_frame().loc["a", "count"].item()
        2
        """
        import pandas as pd

        columns = {"count": self.counts, "share": self.shares}
        if self._cumulative:
            columns |= {"cumulative": self.cumulative, "cumulative share": self.cumulative_shares}
        return pd.DataFrame(columns, index=pd.Index(list(self.labels), name=self.name or None))

    def _title(self) -> str:
        gaps = f", {self.missing} missing" if self.missing else ""
        return f"{len(self.labels)} {'bins' if self.edges is not None else 'distinct values'} of {self.n}{gaps}"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        header = [self.name, "count", "share"] + (["cumulative", "cumulative share"] if self._cumulative else [])
        columns: list[Any] = [self.labels, self.counts, self.shares]
        columns += [self.cumulative, self.cumulative_shares] if self._cumulative else []
        rows = zip(*(column[:_SHOWN] for column in columns), strict=True)
        return header, [[label_text(label), *(format_value(value, 4) for value in values)] for label, *values in rows]

    def _more(self) -> str:
        more = len(self.labels) - _SHOWN
        return f"… and {more} more" if more > 0 else ""

    def __repr__(self) -> str:
        return "\n".join(filter(None, [self._title(), text_table(*self._table()), self._more()]))

    def _repr_html_(self) -> str:
        more = f"<p>{self._more()}</p>" if self._more() else ""
        return f"<p><b>{escape(self._title())}</b></p>" + html_table(*self._table()) + more


@dataclass(slots=True, repr=False, eq=False)
class CrosstabResult(Result):
    """What :func:`crosstab` counts.

    Attributes
    ----------
    names : (str, str)
        What the rows and the columns are.
    rows, columns : ndarray
        The labels of either.
    counts : ndarray of int, shape (rows, columns)
        How often each pair occurs; :func:`chi2_contingency` takes it.
    missing : int
        How many pairs lack a label: they are left out.
    """

    names: tuple[str, str]
    rows: NDArray[Any]
    columns: NDArray[Any]
    counts: NDArray[np.int64]
    missing: int
    _normalize: str
    _margins: bool

    @property
    def row_totals(self) -> NDArray[np.int64]:
        """How often each row's label occurs."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def column_totals(self) -> NDArray[np.int64]:
        """How often each column's label occurs."""
        return np.asarray(self.counts.sum(axis=0))

    @property
    def total(self) -> int:
        """How many pairs there are."""
        return int(self.counts.sum())

    @property
    def values(self) -> NDArray[Any]:
        """What was asked for: counts or shares, with the margins."""
        return self._layout()[2]

    def _layout(self) -> tuple[list[Any], list[Any], NDArray[Any]]:
        """Labels of rows and columns, and the numbers between them."""
        rows, columns = list(self.rows), list(self.columns)
        table: NDArray[Any] = self.counts
        if self._margins:
            table = np.vstack([table, table.sum(axis=0)])
            table = np.column_stack([table, table.sum(axis=1)])
            rows, columns = [*rows, "All"], [*columns, "All"]
        # A margin of shares that are 1 by definition says nothing, and is left out as in pandas.
        if self._normalize == "all":
            table = table / self.total
        elif self._normalize == "index":
            if self._margins:
                table, columns = table[:, :-1], columns[:-1]
            table = table / table.sum(axis=1, keepdims=True)
        elif self._normalize == "columns":
            if self._margins:
                table, rows = table[:-1], rows[:-1]
            table = table / table.sum(axis=0)
        return rows, columns, table

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame, as :func:`pandas.crosstab` does; needs pandas.

        Examples
        --------
        >>> import underhood as uh
        >>> uh.stats.crosstab(["x", "y", "x"], [1, 1, 2]).to_frame().loc["x", 2].item()
        1
        """
        import pandas as pd

        rows, columns, table = self._layout()
        return pd.DataFrame(
            table, index=pd.Index(rows, name=self.names[0]), columns=pd.Index(columns, name=self.names[1])
        )

    def _title(self) -> str:
        gaps = f", {self.missing} left out for a missing label" if self.missing else ""
        return (
            f"{self.names[0]} (rows) by {self.names[1]} (columns), {self.total} pairs{gaps}{_SHARES[self._normalize]}"
        )

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows, columns, table = self._layout()
        cells = [
            [label_text(row), *(format_value(value, 4) for value in line)]
            for row, line in zip(rows, table, strict=True)
        ]
        return ["", *map(label_text, columns)], cells

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self._table())}"

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self._title())}</b></p>" + html_table(*self._table())


def value_counts(a: Any, normalize: bool = False, dropna: bool = True) -> FrequencyTable:
    """Count how often each value occurs, the most frequent first.

    Parameters
    ----------
    a : vector of text, categories, booleans, numbers or dates
        The values, missing ones (None, NaN, NaT) among them.
    normalize : bool, default False
        Whether the result unpacks to shares rather than counts; it prints both.
    dropna : bool, default True
        Whether missing values are left out; ``False`` counts them as one more value, the label ``None``.

    Returns
    -------
    FrequencyTable
        With ``labels``, ``counts``, ``shares``, ``n``, ``missing``; it prints as a table, and ``to_frame()`` makes a
        pandas frame. Values that are equally frequent stand in their order; categories that never occur have a count
        of 0.

    Raises
    ------
    TypeError
        If ``a`` is no vector, or holds what is no label, such as a list.
    ValueError
        If there are no values.

    Examples
    --------
    >>> import underhood as uh
    >>> print(uh.stats.value_counts(["red", "blue", "red", None]))
    2 distinct values of 3, 1 missing
          count   share
    ────  ─────  ──────
    red       2  0.6667
    blue      1  0.3333
    """
    _flags("value_counts", normalize=normalize, dropna=dropna)
    table = _counted("value_counts", a, dropna=dropna)
    order = np.argsort(-table.counts, kind="stable")
    return replace(
        table, labels=table.labels[order], counts=table.counts[order], _normalize=bool(normalize), _cumulative=False
    )


def frequency_table(a: Any, bins: int | str | ArrayLike | None = None) -> FrequencyTable:
    """Count how often each value occurs, or how many fall into each bin, in ascending order and cumulatively.

    Parameters
    ----------
    a : vector of text, categories, booleans, numbers or dates
        The values; missing ones (None, NaN, NaT) are left out, and counted.
    bins : int, str or vector, optional
        For numbers: how many bins, a rule such as ``"auto"``, or their edges, as of :func:`histogram`. By default each
        distinct value has its own row.

    Returns
    -------
    FrequencyTable
        With ``labels``, ``counts``, ``shares``, ``cumulative``, ``cumulative_shares``, ``n``, ``missing``, ``edges``;
        it prints as a table, and ``to_frame()`` makes a pandas frame. Values in no bin do not count.

    Raises
    ------
    TypeError
        If ``a`` is no vector, or holds what is no label, or bins are asked for and it does not hold numbers.
    ValueError
        If there are no values, or the bins make no sense.

    Examples
    --------
    >>> import underhood as uh
    >>> print(uh.stats.frequency_table([1, 2, 2, 4, 9], bins=[0, 2, 5, 10]))
    3 bins of 5
             count  share  cumulative  cumulative share
    ───────  ─────  ─────  ──────────  ────────────────
    [0, 2)       1    0.2           1               0.2
    [2, 5)       3    0.6           4               0.8
    [5, 10]      1    0.2           5                 1
    """
    if bins is None:
        return _counted("frequency_table", a, dropna=True)
    try:
        found = histogram(a, bins)
    except (TypeError, ValueError) as error:
        raise type(error)(str(error).replace("histogram:", "frequency_table:", 1)) from None
    labels = np.array(interval_texts(found.edges), dtype=object)
    n = int(found.counts.sum())
    if n == 0:
        raise ValueError("frequency_table: a has no values in the bins")
    name = getattr(a, "name", None)
    return FrequencyTable(
        "" if name is None else str(name), labels, found.counts, n, found.missing, found.edges, False, True
    )


def _counted(function: str, a: Any, *, dropna: bool) -> FrequencyTable:
    found = read_labels(a, function, "a")
    labels, counts, missing = found.labels, found.counts(), int((found.codes < 0).sum())
    if missing and not dropna:
        labels = np.array([*labels.astype(object), None], dtype=object)
        counts = np.append(counts, missing)
    n = int(counts.sum())
    if n == 0:
        raise ValueError(f"{function}: a has 0 values, but at least 1 is needed")
    return FrequencyTable(found.name, labels, counts, n, missing, None, False, True)


def crosstab(
    a: Any,
    b: Any,
    *,
    normalize: bool | Literal["all", "index", "columns"] = False,
    margins: bool = False,
    names: Sequence[str] | None = None,
) -> CrosstabResult:
    """Count how often each pair of labels occurs: those of ``a`` in the rows, those of ``b`` in the columns.

    Parameters
    ----------
    a, b : vectors of text, categories, booleans, numbers or dates
        The labels of each observation. Where one is missing, the pair is left out, and counted.
    normalize : bool or {"all", "index", "columns"}, default False
        Whether to show shares: of all (``True``), of each row, of each column.
    margins : bool, default False
        Whether to show totals.
    names : (str, str), optional
        What the rows and the columns are; by default the names of the series.

    Returns
    -------
    CrosstabResult
        With ``rows``, ``columns``, ``counts``, ``row_totals``, ``column_totals``, ``values`` (as shown); it prints as a
        table, and ``to_frame()`` makes a pandas frame. Whether rows and columns depend on each other is for
        :func:`chi2_contingency` to say, which takes ``counts``.

    Raises
    ------
    TypeError
        If ``a`` or ``b`` is no vector, or holds what is no label, such as a list.
    ValueError
        If they differ in length, or no pair has both labels.

    Examples
    --------
    >>> import underhood as uh
    >>> print(uh.stats.crosstab(["m", "f", "f", "m"], ["yes", "yes", "no", "yes"], names=("sex", "vote"), margins=True))
    sex (rows) by vote (columns), 4 pairs
         no  yes  All
    ───  ──  ───  ───
    f     1    1    2
    m     0    2    2
    All   1    3    4
    """
    _flags("crosstab", margins=margins)
    chosen = ("all" if normalize else "") if isinstance(normalize, bool | np.bool_) else normalize
    if not isinstance(chosen, str) or chosen not in _SHARES or (chosen == "" and isinstance(normalize, str)):
        raise ValueError(f'crosstab: normalize is {normalize!r}, but must be True, False, "all", "index" or "columns"')
    rows, columns = read_labels(a, "crosstab", "a"), read_labels(b, "crosstab", "b")
    if len(rows.codes) != len(columns.codes):
        raise ValueError(f"crosstab: a has {len(rows.codes)} labels, but b has {len(columns.codes)}")
    whole = (rows.codes >= 0) & (columns.codes >= 0)
    if not whole.any():
        raise ValueError("crosstab: a and b have no pair of labels")
    rows, columns = replace(rows, codes=rows.codes[whole]).used(), replace(columns, codes=columns.codes[whole]).used()
    shape = len(rows.labels), len(columns.labels)
    counts = np.bincount(rows.codes * shape[1] + columns.codes, minlength=shape[0] * shape[1]).reshape(shape)
    if names is None:
        names = (rows.name or "a", columns.name or "b")
    elif isinstance(names, str) or len(names) != 2:
        raise ValueError(f"crosstab: names is {names!r}, but two names are needed")
    return CrosstabResult(
        (str(names[0]), str(names[1])),
        rows.labels,
        columns.labels,
        counts.astype(np.int64),
        int((~whole).sum()),
        chosen,
        bool(margins),
    )


def _flags(function: str, **flags: Any) -> None:
    """Refuse what is no flag: text would pass for one."""
    for name, value in flags.items():
        if not isinstance(value, bool | np.bool_):
            raise TypeError(f"{function}: {name} is a {type(value).__name__}, but must be True or False")
