"""Reading the data sets from the wheel: compressed CSV in, a pandas frame or a dictionary of NumPy columns out."""

from __future__ import annotations

import csv
import gzip
import importlib.util
from importlib.resources import files
from io import StringIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._tables import Table, unknown_name
from underhood.datasets._catalogue import CATALOGUE, DataSet

__all__ = ["describe", "list_all", "load"]


def load(name: str | DataSet, *, as_frame: bool | None = None) -> Any:
    """Load a data set that comes with underhood.

    Parameters
    ----------
    name : str or DataSet
        One of those that :func:`list` names, or the item of the list itself.
    as_frame : bool, optional
        ``True`` for a pandas frame, ``False`` for a dictionary of NumPy columns. By default a frame if pandas is
        installed, else the dictionary.

    Returns
    -------
    pandas.DataFrame or dict of str to numpy.ndarray
        The columns in the order and the units that :func:`describe` tells. Numbers are doubles, or integers where all
        of them are whole and none is missing; a missing number is NaN. Text is text; a missing one is ``None`` in the
        dictionary and pandas' own sign in a frame. ``frame.attrs`` carries name, title, source and licence.

    Raises
    ------
    ValueError
        If there is no data set of that name.
    ImportError
        If a frame is demanded and pandas is not installed.

    Examples
    --------
    >>> iris = uh.datasets.load("iris", as_frame=False)
    >>> iris["petal_length_cm"][:3]
    array([1.4, 1.4, 1.3])
    """
    info = _find(name, "load")
    if as_frame is None:
        as_frame = importlib.util.find_spec("pandas") is not None
    table = _read(info)
    if not as_frame:
        return table
    try:
        import pandas as pd
    except ImportError:
        raise ImportError(
            "load: as_frame=True needs pandas, which is not installed; run: pip install pandas (or pass as_frame=False)"
        ) from None
    frame = pd.DataFrame(table)
    frame.attrs = {"name": info.name, "title": info.title, "source": info.source, "licence": info.licence}
    return frame


def describe(name: str | DataSet) -> DataSet:
    """Tell what is known of a data set: source, citation, licence, and the unit and meaning of every column.

    Parameters
    ----------
    name : str or DataSet
        One of those that :func:`list` names, or the item of the list itself.

    Returns
    -------
    DataSet
        With ``name title description rows target columns source citation licence``.

    Raises
    ------
    ValueError
        If there is no data set of that name.

    Examples
    --------
    >>> penguins = uh.datasets.describe("penguins")
    >>> penguins.rows, penguins.target
    (344, 'species')
    >>> penguins.columns[5].unit
    'g'
    """
    return _find(name, "describe")


def list_all() -> Table[DataSet]:
    """List the data sets that come with underhood.

    Returns
    -------
    Table of DataSet
        Prints as a table; an item is had by place or name, ``.names`` gives the names alone.

    Examples
    --------
    >>> uh.datasets.list().names
    ['penguins', 'iris', 'wine', 'breast_cancer', 'diabetes', 'digits', 'linnerud', 'longley']
    """
    return Table(
        'Data sets: uh.datasets.load("…") loads one, uh.datasets.describe("…") tells more',
        ["name", "rows", "columns", "target", "title"],
        CATALOGUE.values(),
        cells=_cells,
        key=_key,
        align="lrrll",
    )


def _find(name: str | DataSet, function: str) -> DataSet:
    if isinstance(name, DataSet):
        name = name.name
    if not isinstance(name, str):
        raise TypeError(f"{function}: name is a {type(name).__name__}, but the name of a data set (text) is needed")
    if name not in CATALOGUE:
        raise ValueError(unknown_name(name, CATALOGUE, f"{function}: there is no data set called {name!r}"))
    return CATALOGUE[name]


def _read(info: DataSet) -> dict[str, NDArray[Any]]:
    packed = files("underhood.datasets").joinpath("data", f"{info.name}.csv.gz").read_bytes()
    header, *rows = csv.reader(StringIO(gzip.decompress(packed).decode("utf-8")))
    kinds = {column.name: column.kind for column in info.columns}
    return {
        name: _column(list(cells), kinds[name]) for name, cells in zip(header, zip(*rows, strict=True), strict=True)
    }


def _column(cells: list[str], kind: str) -> NDArray[Any]:
    """Values of one column; an empty cell is a missing value."""
    missing = "" in cells
    if kind == "text":
        if not missing:
            return np.array(cells)
        return np.array([cell or None for cell in cells], dtype=object)
    if kind == "whole number" and not missing:
        return np.array([int(cell) for cell in cells], dtype=np.int64)
    return np.array([float(cell) if cell else np.nan for cell in cells])


def _cells(data: DataSet) -> list[str]:
    return [data.name, str(data.rows), str(len(data.columns)), data.target, data.title]


def _key(data: DataSet) -> str:
    return data.name
