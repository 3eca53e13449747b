"""Categories as columns of zeros and ones."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._frames import columns as columns_of
from underhood.models._estimator import first_and_last
from underhood.models._input import no_missing_labels, read_doubles, read_matrix
from underhood.models._transformer import Transformer

__all__ = ["OneHotEncoder"]


class OneHotEncoder(Transformer):
    """Make of each column of categories a column for each category, 1 where a row has it and 0 elsewhere.

    Models of planes need numbers; numbering the categories 0, 1, 2, … would give them an order and distances that they
    do not have.

    Parameters
    ----------
    categories : "auto" or list of array_like, default "auto"
        The categories of each column in the order of the new columns; by default those that occur, in ascending order.
    drop : {None, "first", "if_binary"}, default None
        Leave out the first category of every column, or of those that have two: the zeros of the others say it already,
        and a model with a bias and without penalty needs that, as its weights are not determined otherwise.
    handle_unknown : {"error", "ignore"}, default "error"
        What ``transform`` does with a category that was not there in ``fit``: refuse it, or give zeros (which, where
        one is left out, mean that one).

    Attributes
    ----------
    categories_ : list of ndarray
        The categories of each column.
    drop_idx_ : ndarray of object or None
        For each column which category is left out, None for none.
    n_features_in_ : int
        Number of columns that come in.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Notes
    -----
    The interface is scikit-learn's, but the result is an ordinary array (there ``sparse_output=False``), and missing
    values are refused instead of becoming a category.

    Examples
    --------
    >>> import underhood as uh
    >>> encoder = uh.models.OneHotEncoder().fit([["red", 1], ["blue", 2], ["red", 2]])
    >>> encoder.transform([["blue", 1]])
    array([[1., 0., 1., 0.]])
    >>> encoder.get_feature_names_out(["colour", "size"]).tolist()
    ['colour_blue', 'colour_red', 'size_1', 'size_2']
    """

    categories_: list[NDArray[Any]]
    drop_idx_: NDArray[Any] | None

    def __init__(self, *, categories: Any = "auto", drop: str | None = None, handle_unknown: str = "error") -> None:
        self.categories = categories
        self.drop = drop
        self.handle_unknown = handle_unknown

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Learn the categories of each column.

        Parameters
        ----------
        X : array_like or frame, shape (rows, columns)
            Texts, whole numbers, booleans, in any mixture of columns.
        y : ignored
            There for pipelines.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a value is missing (the message says where), there are no rows, or an option does not fit.
        TypeError
            If X is no table, or a column mixes texts and numbers.
        """
        function = "OneHotEncoder.fit"
        for argument, value, allowed in (
            ("drop", self.drop, (None, "first", "if_binary")),
            ("handle_unknown", self.handle_unknown, ("error", "ignore")),
        ):
            if not (value is None or isinstance(value, str)) or value not in allowed:
                raise ValueError(
                    f"{function}: {argument} is {value!r}, but must be one of {', '.join(map(repr, allowed))}"
                )
        names, parts = _columns(function, X)
        found = [np.unique(part) for part in parts]
        if not (isinstance(self.categories, str) and self.categories == "auto"):
            found = self._given(function, names, parts)
        self.categories_ = found
        dropped = [_dropped(self.drop, len(one)) for one in found]
        self.drop_idx_ = None if self.drop is None else np.array(dropped, dtype=object)
        self._remember_features(X, _Shape(len(parts[0]), len(parts)))
        return self

    def _given(self, function: str, names: list[str], parts: list[NDArray[Any]]) -> list[NDArray[Any]]:
        """Read the categories that the caller chose."""
        if isinstance(self.categories, str) or not hasattr(self.categories, "__len__"):
            raise TypeError(
                f'{function}: categories is {self.categories!r}, but must be "auto" or a list for each column'
            )
        if len(self.categories) != len(parts):
            raise ValueError(f"{function}: categories has {len(self.categories)} lists, but X has {len(parts)} columns")
        given = []
        for name, part, wanted in zip(names, parts, self.categories, strict=True):
            one = _tight(np.asarray(wanted, dtype=object).ravel())
            no_missing_labels(function, "categories", one)
            if len(set(one.tolist())) < len(one) or not len(one):
                raise ValueError(f"{function}: categories of column {name!r} are empty, or one is there twice")
            if self.handle_unknown == "error":
                _codes(function, name, part, one, False)
            given.append(one)
        return given

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Make the columns of zeros and ones.

        Parameters
        ----------
        X : array_like or frame, shape (rows, columns)

        Returns
        -------
        ndarray, shape (rows, categories of all columns)

        Raises
        ------
        ValueError
            If a value is missing, or a category was not there in ``fit`` and ``handle_unknown="error"``.
        """
        function = "OneHotEncoder.transform"
        self._require_fit("transform")
        names, parts = _columns(function, X)
        self._check_features("transform", X, _Shape(len(parts[0]), len(parts)))
        made = np.zeros((len(parts[0]), sum(len(kept) for kept in self._kept())))
        start = 0
        for name, part, known, kept in zip(names, parts, self.categories_, self._kept(), strict=True):
            codes = _codes(function, name, part, known, self._as_fitted["handle_unknown"] == "ignore")
            place = np.full(len(known) + 1, -1)
            place[kept] = start + np.arange(len(kept))
            at = place[codes]
            rows = np.flatnonzero(at >= 0)
            made[rows, at[rows]] = 1.0
            start += len(kept)
        return made

    def inverse_transform(self, X: ArrayLike) -> NDArray[Any]:
        """Give the categories back.

        Parameters
        ----------
        X : array_like, shape (rows, categories of all columns)
            Of each column the category with the largest number is taken; zeros alone mean the one that was left out, or
            None if none was.

        Returns
        -------
        ndarray of object, shape (rows, columns)
        """
        self._require_fit("inverse_transform")
        function = "OneHotEncoder.inverse_transform"
        values = read_doubles(function, read_matrix(function, X))
        width = sum(len(kept) for kept in self._kept())
        if values.shape[1] != width:
            raise ValueError(f"{function}: X has {values.shape[1]} columns, but {width} were made")
        made = np.empty((len(values), len(self.categories_)), dtype=object)
        start = 0
        for j, (known, kept) in enumerate(zip(self.categories_, self._kept(), strict=True)):
            part = values[:, start : start + len(kept)]
            start += len(kept)
            left_out = [k for k in range(len(known)) if k not in kept]
            names = [*known.tolist(), known.tolist()[left_out[0]] if left_out else None]
            best = kept[part.argmax(axis=1)] if len(kept) else np.zeros(len(values), dtype=int)
            codes = np.where((part == 0).all(axis=1), len(known), best)
            made[:, j] = [names[code] for code in codes]
        return made

    def _kept(self) -> list[NDArray[np.int64]]:
        """Numbers of the categories of each column that get a column."""
        found = []
        for known in self.categories_:
            out = _dropped(self._as_fitted["drop"], len(known))
            found.append(np.array([k for k in range(len(known)) if k != out], dtype=np.int64))
        return found

    def _names_out(self, names: list[str]) -> list[str]:
        return [
            f"{name}_{known.tolist()[k]}"
            for name, known, kept in zip(names, self.categories_, self._kept(), strict=True)
            for k in kept
        ]

    def _facts(self) -> list[tuple[str, str]]:
        return [("categories_", "; ".join(_listed(known) for known in self.categories_[:12]))]

    def _rule(self) -> list[str]:
        return ["Each category becomes a column, 1 where a row has it and 0 elsewhere; nothing is minimised."]

    def _findings(self) -> list[str]:
        lines = [f"  {name}: {_listed(one)}" for name, one in zip(self._feature_names(), self.categories_, strict=True)]
        return first_and_last(lines, "  ")


class _Shape:
    """What the estimator asks of a matrix: its shape."""

    def __init__(self, rows: int, columns: int) -> None:
        self.shape = rows, columns


def _listed(known: NDArray[Any]) -> str:
    shown = ", ".join(str(one) for one in known.tolist()[:8])
    return shown + (f", … ({len(known)} in all)" if len(known) > 8 else "")


def _dropped(drop: str | None, count: int) -> int | None:
    return 0 if drop == "first" or (drop == "if_binary" and count == 2) else None


def _columns(function: str, X: Any) -> tuple[list[str], list[NDArray[Any]]]:
    """Take a table apart into columns of labels; missing values are refused."""
    if hasattr(X, "toarray") and hasattr(X, "nnz"):
        raise TypeError(f"{function}: X is a sparse matrix, but sparse input is not supported; pass X.toarray()")
    if isinstance(X, np.ma.MaskedArray):
        raise TypeError(f"{function}: X is a masked array, whose mask would be lost; pass .filled(…)")
    if hasattr(X, "columns") and len(getattr(X, "shape", ())) == 2:
        table = columns_of(X, function=function, argument="X")
        names, parts = list(table), [np.asarray(part) for part in table.values()]
    else:
        # Of lists the numbers stay numbers beside texts.
        array = X if isinstance(X, np.ndarray) else np.array(X, dtype=object)
        if array.ndim == 1 and any(isinstance(row, list | tuple) for row in array.tolist()):
            raise TypeError(f"{function}: X is ragged: its rows differ in length, but a table is needed")
        if array.ndim != 2:
            found = "a single value" if not array.ndim else f"of {array.ndim} axes"
            raise ValueError(
                f"{function}: X is {found}, but a table of rows × columns is needed. Reshape your data: "
                "X.reshape(-1, 1) for one column, X.reshape(1, -1) for one row"
            )
        names, parts = [f"x{j}" for j in range(array.shape[1])], list(array.T)
    shape = (len(parts[0]) if parts else 0, len(parts))
    if not parts:
        raise ValueError(f"{function}: X has 0 feature(s) (shape={shape}) while a minimum of 1 is required.")
    if not shape[0]:
        raise ValueError(f"{function}: X has 0 rows (0 sample(s), shape={shape}) while a minimum of 1 is required.")
    return names, [_labels(function, name, part) for name, part in zip(names, parts, strict=True)]


def _labels(function: str, name: str, part: NDArray[Any]) -> NDArray[Any]:
    part = _tight(part)
    kind = part.dtype.kind
    if kind == "c":
        raise ValueError(f"{function}: Complex data not supported: column {name!r} of X holds complex numbers")
    if kind in "mMV":
        raise TypeError(f"{function}: column {name!r} of X holds {part.dtype}, but categories are needed")
    if kind == "f" and not np.isfinite(part).all():
        row = int(np.flatnonzero(~np.isfinite(part))[0])
        found = "NaN (a missing value)" if np.isnan(part[row]) else "infinity"
        raise ValueError(f"{function}: X holds {found} at row {row}, column {name!r}; remove or fill such values first")
    if kind == "O":
        no_missing_labels(function, f"column {name!r} of X", part)
        kinds = sorted({type(one).__name__ for one in part.tolist()})
        if not set(kinds) <= {"str", "int", "float", "bool", "bytes"} or len(kinds) > 1:
            raise TypeError(
                f"{function}: column {name!r} of X mixes categories that have no common order, or holds none: "
                f"{', '.join(kinds)}; argument must be a string or a number"
            )
    return part


def _tight(part: NDArray[Any]) -> NDArray[Any]:
    """Give texts and numbers that came as objects a dtype of their own, if they are all of one kind."""
    if part.dtype.kind != "O":
        return part
    kinds = {type(one) for one in part.tolist()}
    if kinds <= {bool, np.bool_} or kinds == {str} or kinds == {bytes}:
        return np.array(part.tolist())
    if kinds and all(issubclass(kind, int | float | np.integer | np.floating) and kind is not bool for kind in kinds):
        return np.array(part.tolist())
    return part


def _codes(function: str, name: str, part: NDArray[Any], known: NDArray[Any], ignore: bool) -> NDArray[np.int64]:
    """Give the number of each row's category; one beyond the last for an unknown one."""
    values, inverse = np.unique(part, return_inverse=True)
    places = {label: k for k, label in enumerate(known.tolist())}
    found = [places.get(label, len(known)) for label in values.tolist()]
    if not ignore and len(known) in found:
        strange = values.tolist()[found.index(len(known))]
        row = int(np.flatnonzero(part == strange)[0])
        raise ValueError(
            f"{function}: X has {strange!r} at row {row}, column {name!r}, a category that is not among "
            f'{_listed(known)} (handle_unknown="ignore" gives zeros)'
        )
    return np.array(found, dtype=np.int64)[inverse]
