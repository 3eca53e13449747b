"""Reading tables: whatever holds named columns becomes a dictionary of columns, in their order.

``columns(data)`` takes pandas and polars frames, dictionaries of columns, structured arrays, matrices (an array or a
list of rows: the columns are called ``x0``, ``x1``, …) and single vectors (a series keeps its name, anything else is
called ``x``). Columns come out as they went in (a pandas series stays one, with its dtype); ``numeric(column)`` makes
doubles of those that hold real numbers. Neither pandas nor polars is imported: whoever has a frame has its library.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["columns", "doubles", "numeric"]


def columns(data: Any, *, function: str = "columns", argument: str = "data") -> dict[str, Any]:
    """Take a table apart into its columns.

    Parameters
    ----------
    data : pandas or polars DataFrame or Series, mapping of names to columns, structured array, matrix or vector
        The table. A row is one observation.
    function, argument : str
        What an error message names.

    Returns
    -------
    dict of str to column
        The columns in their original order, all of one length: pandas or polars series where those came in, else NumPy
        vectors. Names that are no text (pandas' numbers, pairs) are written as text.

    Raises
    ------
    TypeError
        If ``data`` is no table: text, a single number, masked, of more than two axes, ragged.
    ValueError
        If two columns have one name, or columns differ in length.

    Examples
    --------
    >>> columns({"height": [1.7, 1.8], "name": ["Ada", "Emmy"]})
    {'height': array([1.7, 1.8]), 'name': array(['Ada', 'Emmy'], dtype='<U4')}
    >>> list(columns([[1, 2, 3], [4, 5, 6]]))
    ['x0', 'x1', 'x2']
    """
    where = f"{function}: {argument}"
    if isinstance(data, Mapping):
        pairs = [(name, _vector(values, f"{where}[{name!r}]")) for name, values in data.items()]
    elif hasattr(data, "collect_schema") and hasattr(data, "collect"):
        raise TypeError(f"{where} is a lazy frame, whose rows are not there yet; pass {argument}.collect()")
    elif hasattr(data, "iloc") and hasattr(data, "columns"):
        pairs = list(data.items())
    elif hasattr(data, "get_columns"):
        pairs = [(series.name, series) for series in data.get_columns()]
    elif _is_series(data):
        pairs = [("x" if data.name is None or data.name == "" else data.name, data)]
    else:
        pairs = _of_array(data, where)

    table: dict[str, Any] = {}
    for name, column in pairs:
        if str(name) in table:
            raise ValueError(f"{where} has two columns called {str(name)!r}; give them different names")
        table[str(name)] = column
    lengths = {name: len(column) for name, column in table.items()}
    if len(set(lengths.values())) > 1:
        first = next(iter(lengths))
        other = next(name for name, length in lengths.items() if length != lengths[first])
        found = f"{first!r} has {lengths[first]} rows, {other!r} has {lengths[other]}"
        raise ValueError(f"{where} has columns of different lengths: {found}")
    return table


def numeric(column: Any) -> NDArray[np.float64] | None:
    """Make doubles of a column that holds real numbers; missing values become NaN.

    Returns ``None`` for a column of text, categories, dates, complex numbers or other objects (whole numbers beyond the
    range of doubles among them). Booleans count as 0 and 1.

    Examples
    --------
    >>> numeric([1, None, 3])
    array([ 1., nan,  3.])
    >>> numeric(["a", "b"]) is None
    True
    """
    if _is_series(column):
        if hasattr(column, "iloc"):
            if getattr(column.dtype, "kind", "O") in "biuf":
                values: NDArray[np.float64] = column.to_numpy(dtype="float64", na_value=np.nan)
                return values
            if column.dtype == object:
                return _of_objects(column.to_numpy())
            return None
        if column.dtype.is_numeric() or str(column.dtype) == "Boolean":
            return np.asarray(column.cast(float).to_numpy(), dtype=np.float64)
        return None
    values = np.asarray(column)
    if values.dtype.kind in "biuf":
        return values.astype(np.float64, copy=False)
    return _of_objects(values) if values.dtype.kind == "O" else None


def doubles(values: Any, function: str, argument: str) -> NDArray[np.float64]:
    """Make an array of doubles of anything that holds real numbers, with NaN for what is missing.

    Raises
    ------
    TypeError
        If it holds anything else, naming function and argument.

    Examples
    --------
    >>> doubles([1, None], "f", "a")
    array([ 1., nan])
    """
    where = f"{function}: {argument}"
    if hasattr(values, "iloc") and hasattr(values, "columns"):
        parts = []
        for name, column in values.items():
            part = numeric(column)
            if part is None:
                raise TypeError(f"{where} has a column without numbers, {str(name)!r}; leave it out")
            parts.append(part)
        return np.column_stack(parts) if parts else np.empty((len(values), 0))
    if _is_series(values):
        found = numeric(values)
    else:
        array = _asarray(values, where)
        if array.dtype.kind in "biuf":
            return array.astype(np.float64, copy=False)
        found = _of_objects(array.ravel()) if array.dtype.kind == "O" else None
        found = None if found is None else found.reshape(array.shape)
    if found is None:
        kind = getattr(values, "dtype", type(values).__name__)
        raise TypeError(f"{where} holds no real numbers ({kind})")
    return found


def _is_series(data: Any) -> bool:
    """Tell a pandas or polars series from an array; a pandas index is read as the array that it holds."""
    series = hasattr(data, "iloc") or hasattr(data, "cast")
    return series and hasattr(data, "to_numpy") and hasattr(data, "dtype") and hasattr(data, "name")


def _vector(values: Any, where: str) -> Any:
    """One column of a mapping: a series as it is, anything else as a NumPy vector."""
    if _is_series(values):
        return values
    if isinstance(values, str | bytes):
        raise TypeError(f"{where} is text, but a column of values is needed")
    array = _asarray(values, where)
    if array.ndim != 1:
        found = "a single value" if array.ndim == 0 else "×".join(map(str, array.shape))
        raise TypeError(f"{where} is {found}, but a column (one axis) is needed")
    return array


def _of_array(data: Any, where: str) -> list[tuple[str, Any]]:
    """Columns of a structured array, a matrix, or a vector."""
    if isinstance(data, str | bytes):
        raise TypeError(f"{where} is text, but a table of columns is needed")
    array = _asarray(data, where)
    if array.dtype.names is not None:
        if array.ndim != 1:
            raise TypeError(f"{where} is a structured array of {array.ndim} axes, but one axis (the rows) is needed")
        return [(name, array[name]) for name in array.dtype.names]
    if array.ndim == 1:
        return [("x", array)]
    if array.ndim == 2:
        return [(f"x{i}", array[:, i]) for i in range(array.shape[1])]
    found = "a single value" if array.ndim == 0 else f"an array of {array.ndim} axes"
    raise TypeError(
        f"{where} is {found}, but a table (a frame, a dictionary of columns, a matrix) or a vector is needed"
    )


def _asarray(values: Any, where: str) -> NDArray[Any]:
    """As NumPy reads it; what would lose something on the way is refused."""
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(f"{where} is a masked array, whose mask would be lost; pass .filled(np.nan)")
    try:
        return np.asarray(values)
    except ValueError:
        raise TypeError(f"{where} is ragged: its rows differ in length, but a table is needed") from None


def _of_objects(values: NDArray[Any]) -> NDArray[np.float64] | None:
    """Doubles of Python numbers with ``None`` for a missing one, if it is that and holds at least one number."""
    real = (bool, int, float, np.bool_, np.integer, np.floating)
    if not all(value is None or isinstance(value, real) for value in values) or all(value is None for value in values):
        return None
    try:
        return np.array([np.nan if value is None else float(value) for value in values])
    except OverflowError:
        return None
