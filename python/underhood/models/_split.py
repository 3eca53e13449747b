"""Setting rows aside for testing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from underhood._core import models as _core
from underhood.models._input import read_labels, row_count, take

__all__ = ["train_test_split"]


def train_test_split(
    *arrays: Any, test_size: float | int = 0.25, random_state: Any = None, shuffle: bool = True, stratify: Any = None
) -> list[Any]:
    """Split the rows of arrays, lists or frames into those for training and those for testing.

    Parameters
    ----------
    *arrays : array, list, pandas or polars frame or series
        All with the same number of rows. Each comes out as the kind of thing that it is.
    test_size : float or int, default 0.25
        Share of the rows for testing (rounded up), or their number.
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
    if isinstance(test_size, bool) or not isinstance(test_size, int | float | np.integer | np.floating):
        raise TypeError(
            f"train_test_split: test_size is a {type(test_size).__name__}, but must be a share or a number of rows"
        )
    if isinstance(test_size, int | np.integer):
        test = int(test_size)
        if not 0 < test < rows:
            raise ValueError(
                f"train_test_split: test_size is {test} of {rows} rows, but both parts need at least one row"
            )
    else:
        if not 0 < test_size < 1:
            raise ValueError(f"train_test_split: test_size is {test_size}, but a share must be between 0 and 1")
        test = math.ceil(test_size * rows)
    strata = None if stratify is None else read_labels("train_test_split", stratify, rows, "stratify")[1]
    train_rows, test_rows = _core.split_rows(rows, test, bool(shuffle), random_state, strata)
    return [part for array in arrays for part in (take(array, train_rows), take(array, test_rows))]
