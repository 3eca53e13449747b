"""Setting rows aside for testing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from underhood._core import models as _core
from underhood.models._input import read_labels, row_count, take

__all__ = ["train_test_split"]


def train_test_split(
    *arrays: Any,
    test_size: float | int | None = None,
    train_size: float | int | None = None,
    random_state: Any = None,
    shuffle: bool = True,
    stratify: Any = None,
) -> list[Any]:
    """Split the rows of arrays, lists or frames into those for training and those for testing.

    Parameters
    ----------
    *arrays : array, list, pandas or polars frame or series
        All with the same number of rows. Each comes out as the kind of thing that it is.
    test_size : float or int, optional
        Share of the rows for testing (rounded up), or their number; by default what ``train_size`` leaves, or 0.25.
    train_size : float or int, optional
        Share of the rows for training (rounded down), or their number; by default what ``test_size`` leaves. If both
        together are fewer than the rows, the others are left out.
    random_state : int, numpy.random.Generator or None, default None
        Seed of the order. The same seed gives the same rows (others than scikit-learn's).
    shuffle : bool, default True
        Choose the rows at random; otherwise the last ones test.
    stratify : array_like, optional
        Labels; every class is shared out in the same proportion, to within one row.

    Returns
    -------
    list
        Training and testing part of the first array, of the second, and so on.

    Raises
    ------
    ValueError
        If lengths differ, one part would be empty, or a class has a single row.

    Examples
    --------
    >>> import underhood as uh
    >>> X_train, X_test, y_train, y_test = uh.models.train_test_split([[1], [2], [3], [4]], [0, 0, 1, 1], shuffle=False)
    >>> X_train, y_test
    ([[1], [2], [3]], [1])
    """
    if not arrays:
        raise ValueError("train_test_split: at least one array is needed")
    counts = [row_count("train_test_split", array) for array in arrays]
    if len(set(counts)) > 1:
        raise ValueError(
            f"train_test_split: the arrays have {', '.join(map(str, counts))} rows, but must have the same number"
        )
    rows = counts[0]
    train = None if train_size is None else math.floor(_rows_of("train_size", train_size, rows))
    if test_size is None and train is not None:
        test = rows - train
    else:
        test = math.ceil(_rows_of("test_size", 0.25 if test_size is None else test_size, rows))
    if train == 0:
        raise ValueError(
            f"train_test_split: train_size is {train_size} of {rows} rows, but training needs at least one"
        )
    if train is not None and train + test > rows:
        raise ValueError(f"train_test_split: train_size and test_size ask for {train} + {test} of {rows} rows")
    strata = None if stratify is None else read_labels("train_test_split", stratify, rows, "stratify")[1]
    train_rows, test_rows = _core.split_rows(rows, test, bool(shuffle), random_state, strata)
    if train is not None and train < rows - test:
        if not shuffle:
            train_rows, test_rows = np.arange(train), np.arange(train, train + test)
        elif strata is None:
            train_rows = train_rows[:train]
        else:
            # Some of those that do not test, with the classes' shares again.
            inner = _core.split_rows(len(train_rows), train, True, random_state, strata[train_rows])
            train_rows = train_rows[inner[1]]
    return [part for array in arrays for part in (take(array, train_rows), take(array, test_rows))]


def _rows_of(argument: str, size: Any, rows: int) -> float:
    """Read a share or a number of rows."""
    if isinstance(size, bool) or not isinstance(size, int | float | np.integer | np.floating):
        raise TypeError(
            f"train_test_split: {argument} is a {type(size).__name__}, but must be a share or a number of rows"
        )
    if isinstance(size, int | np.integer):
        if not 0 < size < rows:
            raise ValueError(
                f"train_test_split: {argument} is {size} of {rows} rows, but both parts need at least one row"
            )
        return int(size)
    if not 0 < size < 1:
        raise ValueError(f"train_test_split: {argument} is {size}, but a share must be between 0 and 1")
    return float(size * rows)
