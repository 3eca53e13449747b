"""Dividing rows into folds: each fold tests once what the others have trained (Stone 1974).

Without shuffling, the folds are scikit-learn's, row for row. With it, orders come from our own seeded stream: the same
seed gives the same folds, others than scikit-learn's.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._core import models as _core
from underhood.models._input import read_labels, row_count
from underhood.models._warnings import retold

__all__ = [
    "KFold",
    "LeaveOneOut",
    "RepeatedKFold",
    "RepeatedStratifiedKFold",
    "StratifiedKFold",
    "permutation",
    "read_cv",
    "seeds",
    "stratified_order",
]

_Rows = NDArray[np.int64]
_Fold = tuple[_Rows, _Rows]


def seeds(function: str, random_state: Any, count: int) -> list[int]:
    """Give so many seeds of one: the same of the same number, fresh ones of a generator or of None."""
    top = np.iinfo(np.uint64).max
    if random_state is None:
        found = np.random.SeedSequence().generate_state(count, np.uint64)
    elif hasattr(random_state, "integers"):
        found = random_state.integers(0, top, size=count, dtype=np.uint64)
    elif hasattr(random_state, "randint"):
        found = random_state.randint(0, top, size=count, dtype=np.uint64)
    elif isinstance(random_state, int | np.integer) and not isinstance(random_state, bool):
        if not 0 <= random_state <= top:
            raise ValueError(f"{function}: random_state is {random_state}, but must be between 0 and 2**64 - 1")
        found = np.random.SeedSequence(int(random_state)).generate_state(count, np.uint64)
    else:
        raise TypeError(
            f"{function}: random_state is a {type(random_state).__name__}, but must be an int, a "
            "numpy.random.Generator or None"
        )
    return [int(seed) for seed in found]


def permutation(count: int, seed: int) -> _Rows:
    """Give the numbers 0, …, count − 1 in the random order of a seed."""
    if count < 2:
        return np.arange(count)
    # A split that sets one row aside is a permutation: that row, and the others in their random order.
    rest, first = _core.split_rows(count, 1, True, seed, None)
    return np.concatenate([first, rest])


def stratified_order(codes: _Rows, seed: int) -> _Rows:
    """Give the rows in an order every beginning of which holds the classes in their shares, to within a row or so."""
    order = permutation(len(codes), seed)
    place = np.empty(len(codes))
    for k in range(int(codes.max()) + 1):
        own = order[codes[order] == k]
        place[own] = (np.arange(len(own)) + 0.5) / max(len(own), 1)
    return order[np.argsort(place[order], kind="stable")]


class _Folds:
    """What all ways of dividing share."""

    def _fold_numbers(self, rows: int, y: Any) -> Iterator[tuple[NDArray[np.int64], int]]:
        """Give each row's fold, and how many there are, for each repetition."""
        raise NotImplementedError

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[_Fold]:
        """Give the rows of each fold in turn.

        Parameters
        ----------
        X : array_like or frame
            Its rows are divided; what they hold does not matter.
        y : array_like, shape (rows,), optional
            Labels, where the classes are to be shared out.
        groups : ignored
            There for scikit-learn's sake.

        Yields
        ------
        train, test : ndarray of int
            Row numbers, ascending.
        """
        rows = row_count(f"{type(self).__name__}.split", X)
        for fold_of, count in self._fold_numbers(rows, y):
            for k in range(count):
                test = fold_of == k
                yield np.flatnonzero(~test), np.flatnonzero(test)

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Give the number of divisions that ``split`` makes."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


def _check_count(function: str, argument: str, value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{function}: {argument} is a {type(value).__name__}, but must be a whole number")
    if value < least:
        raise ValueError(f"{function}: {argument} is {value}, but must be at least {least}")
    return int(value)


def _check_order(function: str, shuffle: Any, random_state: Any) -> None:
    if not isinstance(shuffle, bool | np.bool_):
        raise TypeError(f"{function}: shuffle is {shuffle!r}, but must be True or False")
    if random_state is not None and not shuffle:
        raise ValueError(
            f"{function}: random_state is {random_state!r}, but without shuffle=True there is no chance in it"
        )


def _enough(function: str, folds: int, rows: int) -> None:
    if folds > rows:
        raise ValueError(f"{function}: n_splits is {folds}, but X has {rows} rows, and every fold needs one")


class KFold(_Folds):
    """Divide rows into folds of equal size, to within one row.

    Parameters
    ----------
    n_splits : int, default 5
        Number of folds.
    shuffle : bool, default False
        Deal the rows out in random order; otherwise each fold is a run of neighbouring rows, which misleads where the
        rows are sorted.
    random_state : int, numpy.random.Generator or None, default None
        Seed of the order: the same int gives the same folds at every call.

    Examples
    --------
    >>> import underhood as uh
    >>> for train, test in uh.models.KFold(2).split([[1], [2], [3]]):
    ...     print(train, test)
    [2] [0 1]
    [0 1] [2]
    """

    def __init__(self, n_splits: int = 5, *, shuffle: bool = False, random_state: Any = None) -> None:
        name = type(self).__name__
        self.n_splits = _check_count(name, "n_splits", n_splits, 2)
        _check_order(name, shuffle, random_state)
        self.shuffle = shuffle
        self.random_state = random_state

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Give the number of folds."""
        return self.n_splits

    def _fold_numbers(self, rows: int, y: Any) -> Iterator[tuple[NDArray[np.int64], int]]:
        function = f"{type(self).__name__}.split"
        _enough(function, self.n_splits, rows)
        # The first folds take one row more where they do not come out even.
        sizes = np.full(self.n_splits, rows // self.n_splits) + (np.arange(self.n_splits) < rows % self.n_splits)
        runs = np.repeat(np.arange(self.n_splits), sizes)
        if self.shuffle:
            fold_of = np.empty(rows, dtype=np.int64)
            fold_of[permutation(rows, seeds(function, self.random_state, 1)[0])] = runs
            runs = fold_of
        yield runs, self.n_splits


class StratifiedKFold(KFold):
    """Divide rows into folds in which the classes have the same shares as in the whole.

    Parameters
    ----------
    n_splits : int, default 5
        Number of folds.
    shuffle : bool, default False
        Deal each class's rows out in random order.
    random_state : int, numpy.random.Generator or None, default None
        Seed of the order: the same int gives the same folds at every call.

    Warns
    -----
    UserWarning
        If a class has fewer rows than there are folds, so that some folds have none of it.

    Examples
    --------
    >>> import underhood as uh
    >>> for train, test in uh.models.StratifiedKFold(2).split([[1], [2], [3], [4]], ["a", "a", "b", "b"]):
    ...     print(train, test)
    [1 3] [0 2]
    [0 2] [1 3]
    """

    def _fold_numbers(self, rows: int, y: Any) -> Iterator[tuple[NDArray[np.int64], int]]:
        function = f"{type(self).__name__}.split"
        _enough(function, self.n_splits, rows)
        _, codes = read_labels(function, y, rows, single=True)
        # Classes in the order of their first rows, as in scikit-learn.
        _, first = np.unique(codes, return_index=True)
        rank = np.argsort(np.argsort(first, kind="stable"), kind="stable")
        codes = rank[codes]
        counts = np.bincount(codes)
        if counts.max() < self.n_splits:
            raise ValueError(
                f"{function}: n_splits is {self.n_splits}, but y has no class of so many rows (the most are "
                f"{counts.max()}): n_splits cannot be greater than the number of members in each class"
            )
        if counts.min() < self.n_splits:
            warnings.warn(
                f"{function}: y has a class of {counts.min()} rows, fewer than the {self.n_splits} folds: some folds "
                "have none of it",
                UserWarning,
                stacklevel=3,
            )
        dealt = np.sort(codes)
        share = np.array([np.bincount(dealt[k :: self.n_splits], minlength=len(counts)) for k in range(self.n_splits)])
        orders = seeds(function, self.random_state, len(counts)) if self.shuffle else None
        fold_of = np.empty(rows, dtype=np.int64)
        for k in range(len(counts)):
            own = np.repeat(np.arange(self.n_splits), share[:, k])
            fold_of[codes == k] = own if orders is None else own[permutation(len(own), orders[k])]
        yield fold_of, self.n_splits


class RepeatedKFold(_Folds):
    """Divide rows into folds again and again, each time in another random order.

    Parameters
    ----------
    n_splits : int, default 5
        Number of folds.
    n_repeats : int, default 10
        Number of divisions.
    random_state : int, numpy.random.Generator or None, default None
        Seed of the orders: the same int gives the same folds at every call.

    Examples
    --------
    >>> import underhood as uh
    >>> len(list(uh.models.RepeatedKFold(n_splits=2, n_repeats=3, random_state=0).split([[1], [2], [3]])))
    6
    """

    _one: type[KFold] = KFold

    def __init__(self, *, n_splits: int = 5, n_repeats: int = 10, random_state: Any = None) -> None:
        name = type(self).__name__
        self.n_splits = _check_count(name, "n_splits", n_splits, 2)
        self.n_repeats = _check_count(name, "n_repeats", n_repeats, 1)
        self.random_state = random_state

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Give the number of folds of all divisions."""
        return self.n_splits * self.n_repeats

    def _fold_numbers(self, rows: int, y: Any) -> Iterator[tuple[NDArray[np.int64], int]]:
        name = type(self).__name__
        try:
            for seed in seeds(f"{name}.split", self.random_state, self.n_repeats):
                yield from self._one(self.n_splits, shuffle=True, random_state=seed)._fold_numbers(rows, y)
        except (TypeError, ValueError) as error:
            raise retold(error, f"{self._one.__name__}.split", f"{name}.split") from None


class RepeatedStratifiedKFold(RepeatedKFold):
    """Divide rows again and again into folds in which the classes have the same shares as in the whole.

    Parameters
    ----------
    n_splits : int, default 5
        Number of folds.
    n_repeats : int, default 10
        Number of divisions.
    random_state : int, numpy.random.Generator or None, default None
        Seed of the orders: the same int gives the same folds at every call.

    Examples
    --------
    >>> import underhood as uh
    >>> folds = uh.models.RepeatedStratifiedKFold(n_splits=2, n_repeats=3, random_state=0)
    >>> len(list(folds.split([[1], [2], [3], [4]], [0, 0, 1, 1])))
    6
    """

    _one = StratifiedKFold


class LeaveOneOut(_Folds):
    """Make every row a fold of its own.

    Examples
    --------
    >>> import underhood as uh
    >>> [test.tolist() for train, test in uh.models.LeaveOneOut().split([[1], [2], [3]])]
    [[0], [1], [2]]
    """

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Give the number of rows of X."""
        return row_count("LeaveOneOut.get_n_splits", X)

    def _fold_numbers(self, rows: int, y: Any) -> Iterator[tuple[NDArray[np.int64], int]]:
        if rows < 2:
            raise ValueError(f"LeaveOneOut.split: X has {rows} row, but one trains and one tests")
        yield np.arange(rows), rows


def read_cv(function: str, cv: Any, X: Any, y: Any, groups: Any, stratify: bool) -> list[_Fold]:
    """Make the list of folds that ``cv`` asks for.

    A number (None is 5) makes so many, with the classes shared out for a classifier; an object with ``split`` is asked;
    anything else is taken for pairs of row numbers.
    """
    rows = row_count(function, X)
    if cv is None or (isinstance(cv, int | np.integer) and not isinstance(cv, bool)):
        kind = StratifiedKFold if stratify else KFold
        try:
            return list(kind(5 if cv is None else int(cv)).split(X, y))
        except (TypeError, ValueError) as error:
            told = retold(retold(error, f"{kind.__name__}.split", function), kind.__name__, function)
            raise type(told)(str(told).replace("n_splits", "cv", 1)) from None
    if hasattr(cv, "split") and not isinstance(cv, str):
        folds: Iterable[Any] = cv.split(X, y, groups)
    elif isinstance(cv, Iterable) and not isinstance(cv, str | bytes):
        folds = cv
    else:
        raise TypeError(
            f"{function}: cv is {cv!r}, but must be a number of folds, an object such as KFold(5), or pairs of "
            "row numbers"
        )
    found = [_pair(function, fold, rows) for fold in folds]
    if not found:
        raise ValueError(f"{function}: cv makes no folds")
    return found


def _pair(function: str, fold: Any, rows: int) -> _Fold:
    try:
        parts = [np.asarray(part) for part in fold]
        if len(parts) != 2:
            raise ValueError
        # Masks of rows are taken too; an empty list has no dtype to speak of.
        parts = [np.flatnonzero(part) if part.dtype == bool or not part.size else part for part in parts]
        parts = [part.astype(np.int64, casting="safe") for part in parts]
    except (TypeError, ValueError):
        raise TypeError(f"{function}: cv must give pairs of row numbers, for training and for testing") from None
    for part, use in zip(parts, ("training", "testing"), strict=True):
        if part.ndim != 1 or not len(part):
            raise ValueError(f"{function}: cv gives no rows for {use}")
        if part.min() < -rows or part.max() >= rows:
            row = part.max() if part.max() >= rows else part.min()
            raise ValueError(f"{function}: cv asks for row {row}, but X has {rows} rows")
    return parts[0], parts[1]
