"""What a column holds: numbers, categories, dates or text, and why it was taken for that.

A table comes in through :func:`underhood._frames.columns`; each of its columns becomes a :class:`Column` in two steps.
*Decoding* asks the library that holds the column (NumPy, pandas or polars) for numbers, dates or coded words, with
every missing value marked. *Deciding* looks at the values: whole numbers with a handful of values are groups, text of
which every value differs is no group, text that spells dates is dates. Each decision that a reader could not expect is
kept in words in ``Column.remarks``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._analysis.words import count
from underhood._frames import columns
from underhood._tables import unknown_name

__all__ = [
    "FEW",
    "FEW_VALUES",
    "ROWS_PER_VALUE",
    "Column",
    "Float",
    "as_category",
    "read",
    "repeats",
    "settle_identifiers",
]

Float = NDArray[np.float64]

FEW_VALUES = 5
"""Whole numbers with at most so many different values are taken for categories …"""
ROWS_PER_VALUE = 10
"""… if there are at least so many rows for each of them."""
FEW = "holds whole numbers, but only"
"""How the remark on such a column begins."""

_IDENTIFIER = re.compile(r"^(id|index|row|rowid|rownames?|unnamed: 0|.*[_ .-]id)$")
_CAMEL_IDENTIFIER = re.compile(r"[a-z](Id|ID)$")
_ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$")
_KINDS = ("number", "category", "ignore")


@dataclass(slots=True)
class Column:
    """One column, decoded and understood.

    ``kind`` is one of number, category, date, text, constant, empty, other. ``numbers`` (NaN where missing or
    infinite), ``codes`` (-1 where missing; they index ``labels``) and ``dates`` (NaT where missing) are there for the
    kinds that need them.
    """

    name: str
    kind: str
    stored: str
    rows: int
    missing: int = 0
    infinite: int = 0
    distinct: int = 0
    whole: bool = False
    numbers: Float | None = None
    codes: NDArray[np.intp] | None = None
    labels: tuple[str, ...] = ()
    dates: NDArray[np.datetime64] | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def present(self) -> NDArray[np.bool_]:
        """Which rows hold a value that can be computed with."""
        if self.kind == "category" and self.codes is not None:
            return self.codes >= 0
        if self.numbers is not None:
            return ~np.isnan(self.numbers)
        if self.codes is not None:
            return self.codes >= 0
        if self.dates is not None:
            return ~np.isnat(self.dates)
        return np.zeros(self.rows, dtype=bool)


def read(frame: Any, max_categories: int, kinds: Mapping[str, str] | None) -> Iterator[Column]:
    """Read a table into columns and decide what each holds."""
    table = columns(frame, function="analyze", argument="frame")
    wishes = _check_kinds(kinds, table)
    for name, raw in table.items():
        yield _decide(_decode(name, raw), max_categories, wishes.get(name))


# Decoding -------------------------------------------------------------------------------------------------------------


def _decode(name: str, raw: Any) -> Column:
    """Numbers, dates or coded words of a column, as its library gives them."""
    column = Column(name, "other", str(getattr(raw, "dtype", "")), len(raw))
    if hasattr(raw, "iloc"):
        _decode_pandas(column, raw)
    elif hasattr(raw, "to_numpy"):
        _decode_polars(column, raw)
    else:
        _decode_numpy(column, raw)
    return column


def _decode_pandas(column: Column, raw: Any) -> None:
    dtype = raw.dtype
    kind = getattr(dtype, "kind", "O")
    if str(dtype) == "category":
        labels = [str(value) for value in raw.cat.categories]
        _set_codes(column, np.asarray(raw.cat.codes, dtype=np.intp), labels, keep_order=bool(raw.cat.ordered))
    elif str(dtype).startswith("period"):
        _set_dates(column, raw.dt.to_timestamp().to_numpy(dtype="datetime64[us]"))
    elif kind == "M":
        if str(dtype).endswith("[pyarrow]"):
            # Arrow's days have no time of day, and pandas does not make NumPy dates of them directly.
            raw = raw.astype("timestamp[us][pyarrow]")
        _set_dates(column, raw.to_numpy(dtype="datetime64[us]", na_value=np.datetime64("NaT", "us")))
    elif kind == "m":
        _set_numbers(column, raw.dt.total_seconds().to_numpy(dtype="float64", na_value=np.nan))
        column.remarks.append("is a length of time, taken in seconds")
    elif kind == "b":
        _set_words(column, raw.to_numpy(dtype=object, na_value=None))
    elif kind in "iuf":
        _set_numbers(column, raw.to_numpy(dtype="float64", na_value=np.nan))
    elif kind == "c":
        column.remarks.append("holds complex numbers, with which nothing is computed here")
    elif _all_text(raw):
        # pandas codes text many times faster than a loop in Python.
        codes, labels = raw.factorize()
        _set_text(column, np.asarray(codes, dtype=np.intp), [str(label) for label in labels])
    else:
        values = np.array(raw.to_numpy(), dtype=object)
        values[np.asarray(raw.isna())] = None
        _set_words(column, values)


def _all_text(raw: Any) -> bool:
    from pandas.api.types import infer_dtype

    return bool(infer_dtype(raw, skipna=True) == "string")


def _decode_polars(column: Column, raw: Any) -> None:
    import polars

    dtype = raw.dtype
    if dtype.is_numeric():
        _set_numbers(column, np.asarray(raw.cast(polars.Float64).to_numpy(), dtype=np.float64))
    elif dtype in (polars.Date, polars.Datetime):
        moments = raw.cast(polars.Datetime("us")) if dtype == polars.Date else raw.dt.cast_time_unit("us")
        if getattr(moments.dtype, "time_zone", None):
            moments = moments.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        _set_dates(column, np.asarray(moments.to_numpy(), dtype="datetime64[us]"))
    elif dtype == polars.Duration:
        _set_numbers(column, np.asarray(raw.dt.total_microseconds().cast(polars.Float64).to_numpy()) / 1e6)
        column.remarks.append("is a length of time, taken in seconds")
    elif dtype in (polars.Categorical, polars.Enum):
        _set_words(column, np.asarray(raw.cast(polars.String).to_list(), dtype=object))
    elif dtype.is_nested() or dtype == polars.Binary:
        column.missing = int(raw.null_count())
        column.remarks.append(f"holds {dtype}, with which nothing is computed here")
    else:
        values = np.empty(len(raw), dtype=object)
        values[:] = raw.to_list()
        _set_words(column, values)


def _decode_numpy(column: Column, raw: NDArray[Any]) -> None:
    kind = raw.dtype.kind
    if kind in "iuf":
        _set_numbers(column, raw.astype(np.float64))
    elif kind == "M":
        _set_dates(column, raw.astype("datetime64[us]"))
    elif kind == "m":
        seconds = raw / np.timedelta64(1, "s")
        _set_numbers(column, np.asarray(seconds, dtype=np.float64))
        column.remarks.append("is a length of time, taken in seconds")
    elif kind == "S":
        _set_words(column, np.char.decode(raw, "utf-8", "replace").astype(object))
    elif kind in "bUOT":
        _set_words(column, raw.astype(object))
    else:
        held = "complex numbers" if kind == "c" else f"values of type {raw.dtype}"
        column.remarks.append(f"holds {held}, with which nothing is computed here")


def _set_numbers(column: Column, values: Float) -> None:
    finite = np.isfinite(values)
    column.infinite = int(np.isinf(values).sum())
    column.missing = int(values.size - finite.sum()) - column.infinite
    if column.infinite:
        values = np.where(finite, values, np.nan)
    known = values[finite]
    column.kind, column.numbers = "number", values
    column.distinct = int(np.unique(known).size)
    column.whole = bool((known == np.floor(known)).all())


def _set_dates(column: Column, values: NDArray[np.datetime64]) -> None:
    column.kind, column.dates = "date", values
    column.missing = int(np.isnat(values).sum())
    column.distinct = int(np.unique(values[~np.isnat(values)]).size)


def _set_codes(column: Column, codes: NDArray[np.intp], labels: list[str], *, keep_order: bool = False) -> None:
    """Take coded words: labels that no row uses go, the others are sorted unless their order means something."""
    counts = np.bincount(codes[codes >= 0], minlength=len(labels)) if labels else np.zeros(0, dtype=int)
    used = [i for i in range(len(labels)) if counts[i]]
    if not keep_order:
        used.sort(key=lambda i: _natural(labels[i]))
    place = np.full(len(labels) + 1, -1, dtype=np.intp)
    place[used] = np.arange(len(used))
    column.kind, column.codes = "category", place[codes]
    column.labels = tuple(labels[i] for i in used)
    column.distinct = len(used)
    column.missing = int((codes < 0).sum())


def _natural(label: str) -> tuple[bool, float, str]:
    """Order numbers by size and before words."""
    try:
        number = float(label)
    except ValueError:
        return (True, 0.0, label)
    return (False, number, label) if np.isfinite(number) else (True, 0.0, label)


def _set_words(column: Column, values: NDArray[np.object_]) -> None:
    """Python objects: numbers if all are, dates if all are, else words."""
    types = {type(value) for value in values.tolist()} - {type(None)}
    real = (int, float, Decimal, Fraction, np.integer, np.floating)
    if types and all(issubclass(kind, real) and kind is not bool for kind in types):
        _set_numbers(column, np.array([np.nan if value is None else _double(value) for value in values]))
        return
    if types and all(kind.__module__ == "datetime" and kind.__name__ in ("date", "datetime") for kind in types):
        naive = [
            None if value is None else value.replace(tzinfo=None) if getattr(value, "tzinfo", None) else value
            for value in values
        ]
        _set_dates(column, np.array(naive, dtype="datetime64[us]"))
        return

    known: dict[str, int] = {}
    codes = np.full(values.size, -1, dtype=np.intp)
    for i, value in enumerate(values.tolist()):
        if value is not None and not (isinstance(value, float) and value != value):
            codes[i] = known.setdefault(value if isinstance(value, str) else str(value), len(known))
    text = {kind for kind in types if issubclass(kind, str)}
    if text and types - text - {float}:
        others = ", ".join(sorted(kind.__name__ for kind in types - text))
        column.remarks.append(f"mixes text with {others}; everything was taken as text")
    _set_text(column, codes, list(known))


def _set_text(column: Column, codes: NDArray[np.intp], labels: list[str]) -> None:
    """Take coded text; what is empty or blank is missing."""
    blank = [code for code, label in enumerate(labels) if not label.strip()]
    if blank:
        empty = np.isin(codes, blank)
        codes = np.where(empty, -1, codes)
        column.remarks.append(f"has {int(empty.sum())} empty texts, counted as missing")
    _set_codes(column, codes, labels, keep_order=len(labels) > 1000)


def _double(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


# Deciding -------------------------------------------------------------------------------------------------------------


def _decide(column: Column, max_categories: int, wish: str | None) -> Column:
    """Settle the kind of a decoded column, by the caller's wish if there is one."""
    if column.kind == "other":
        return column
    known = column.rows - column.missing - column.infinite
    if known == 0:
        column.kind = "empty"
        return column
    if wish == "ignore":
        column.kind = "other"
        column.remarks.append("was left out as you wished")
        return column
    if wish == "number" and column.numbers is None:
        raise ValueError(
            f"analyze: kinds asks to take column {column.name!r} as numbers, but it holds {column.kind}; convert it "
            f"first"
        )
    if column.distinct == 1 and column.kind != "date":
        column.kind = "constant"
        return column
    if wish == "category":
        return as_category(column)
    if column.kind == "number" and wish is None:
        return _decide_numbers(column, known)
    if column.kind == "category":
        return _decide_words(column, known, max_categories if wish is None else column.distinct)
    return column


def _decide_numbers(column: Column, known: int) -> Column:
    if not column.whole:
        return column
    if column.distinct <= FEW_VALUES and known >= ROWS_PER_VALUE * column.distinct:
        as_category(column)
        column.remarks.append(
            f"{FEW} {column.distinct} different ones ({', '.join(column.labels)}), so they "
            f"were "
            f'taken as categories; kinds={{"{column.name}": "number"}} takes them as numbers'
        )
    return column


def settle_identifiers(columns: list[Column], repeated: NDArray[np.bool_], wishes: Iterable[str]) -> None:
    """Take whole numbers that are called like an identifier and (almost) never repeat for what they are called.

    Rows that repeat an earlier one as a whole do not count; nor does a repetition in a hundredth of the others.
    """
    for column in columns:
        if column.kind != "number" or not column.whole or column.name in wishes or not _identifies(column.name):
            continue
        known = int((column.present & ~repeated).sum())
        if column.distinct > FEW_VALUES and column.distinct >= 0.99 * known:
            column.kind = "text"
            never = "never" if column.distinct == known else "almost never"
            column.remarks.append(f"is called like an identifier and {never} repeats, so it was not computed with")


def _identifies(name: str) -> bool:
    return bool(_IDENTIFIER.match(name.strip().lower()) or _CAMEL_IDENTIFIER.search(name.strip()))


def repeats(columns: list[Column]) -> NDArray[np.bool_]:
    """Mark the rows that equal an earlier one in every column; none where a column cannot be compared.

    Each row gets a hash of 64 bits (its values' bits, mixed as in S. Vigna's splitmix64), and the hashes are sorted.
    That two different rows among a million share one has a probability of 3e-8.
    """
    rows = columns[0].rows if columns else 0
    hashes = np.zeros(rows, dtype=np.uint64)
    for column in columns:
        if column.codes is not None:
            bits = column.codes.astype(np.uint64)
        elif column.numbers is not None and not column.infinite:
            # Zero has two signs and "not a number" many bits: each becomes one.
            bits = np.where(np.isnan(column.numbers), np.nan, column.numbers + 0.0).view(np.uint64)
        elif column.dates is not None:
            bits = column.dates.view(np.uint64)
        else:
            return np.zeros(rows, dtype=bool)
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + bits
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            hashes = (hashes ^ (hashes >> np.uint64(shift))) * np.uint64(factor)
        hashes ^= hashes >> np.uint64(31)
    repeated = np.ones(rows, dtype=bool)
    repeated[np.unique(hashes, return_index=True)[1]] = False
    return repeated


def _decide_words(column: Column, known: int, max_categories: int) -> Column:
    if column.codes is None:
        return column
    if all(map(_ISO_DATE.match, column.labels)) and _take_as_dates(column):
        return column
    hint = _look_alike(column)
    if hint:
        column.remarks.append(hint)
    if column.distinct == known > 2:
        column.kind = "text"
        what = "" if hint else " (a name or an identifier)"
        column.remarks.append(f"holds text that never repeats{what}, so it was not computed with")
    elif column.distinct > max_categories:
        column.kind = "text"
        column.remarks.append(
            f"has {column.distinct} different texts, more than max_categories={max_categories}, so it was not "
            f"computed with"
        )
    return column


def _plain_number(label: str) -> bool:
    return not _natural(label)[0]


_LOOKS: tuple[tuple[str, Callable[[str], object], str], ...] = (
    ("numbers", _plain_number, 'pandas.to_numeric(column, errors="coerce") makes numbers of them'),
    (
        "numbers with a decimal comma, a thousands sign or a unit",
        re.compile(r"^[-+−]?[$€£]? ?\d{1,3}(([., '\u00a0\u202f]\d{3})+|\d*)([.,]\d+)? ?[%€$£]?$").match,
        "give pandas.read_csv its decimal= and thousands=, or take such signs out, to make numbers of them",
    ),
    (
        "dates",
        re.compile(r"^(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2})([ T].*)?$").match,
        'pandas.to_datetime(column, format="…") makes dates of them ("%d/%m/%Y" is day/month/year)',
    ),
)
"""What text may look like, how that is seen, and how it is converted."""
_GONE = frozenset(("na", "n/a", "none", "null", "nan", "nil", "missing", "unknown", "?", "-", "--", "–", "—", ".", "*"))
"""Signs for a missing value, in small letters."""


def _look_alike(column: Column) -> str:
    """Say of text that it is nearly numbers or dates, if it is: how much of it, what not, and how to convert it."""
    assert column.codes is not None
    words = [label.strip() for label in column.labels if label.strip().lower() not in _GONE]
    for what, looks, cure in _LOOKS:
        # A look at some is enough for what is mostly something else.
        if sum(map(bool, map(looks, words[:200]))) < 0.8 * len(words[:200]):
            continue
        alike = np.array([bool(looks(label.strip())) for label in column.labels])
        if alike.sum() > 2 and alike.sum() >= 0.8 * len(words):
            known = column.codes[column.codes >= 0]
            rows = int(alike[known].sum())
            others = [label for label, same in zip(column.labels, alike, strict=True) if not same]
            but = f" (not {_some(others)})" if others else ""
            return f"is stored as text, but {rows:,} of its {count(known.size, 'value')} look like {what}{but}; {cure}"
    return ""


def _take_as_dates(column: Column) -> bool:
    try:
        moments = np.array([label.rstrip("Z").replace(" ", "T") for label in column.labels], dtype="datetime64[us]")
    except ValueError:
        return False
    codes, labels = column.codes, column.labels
    assert codes is not None
    dates = np.append(moments, np.datetime64("NaT"))[codes]
    column.kind, column.dates, column.codes, column.labels = "date", dates, None, ()
    column.remarks.append(f"is stored as text that spells dates ({labels[0]}), and was read as dates")
    return True


def as_category(column: Column) -> Column:
    """Take a column of numbers as categories, one for each different value."""
    if column.numbers is not None:
        known = ~np.isnan(column.numbers)
        values, inverse = np.unique(column.numbers[known], return_inverse=True)
        codes = np.full(column.rows, -1, dtype=np.intp)
        codes[known] = inverse
        column.codes = codes
        column.labels = tuple(str(int(value)) if value.is_integer() else repr(float(value)) for value in values)
        column.missing, column.infinite = column.missing + column.infinite, 0
    column.kind = "category"
    return column


def _some(labels: Iterable[str], most: int = 3) -> str:
    names = [repr(label) for label in labels]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _check_kinds(kinds: Mapping[str, str] | None, names: Iterable[str]) -> dict[str, str]:
    """Check the caller's wishes: known columns, known kinds."""
    known = list(names)
    wishes = {str(name): kind for name, kind in (kinds or {}).items()}
    for name, kind in wishes.items():
        if name not in known:
            raise ValueError(unknown_name(name, known, f"analyze: kinds names {name!r}, which is no column of frame"))
        if kind not in _KINDS:
            raise ValueError(
                f"analyze: kinds[{name!r}] is {kind!r}, but one of {', '.join(map(repr, _KINDS))} is needed"
            )
    return wishes
