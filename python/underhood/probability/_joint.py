"""Joint probability tables: marginals, conditionals, independence, covariance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from html import escape
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood import _core
from underhood._results import format_value, html_table, text_table
from underhood._tables import unknown_name

__all__ = ["JointTable"]

_ROWS = 60
"""So many rows are printed."""


class JointTable:
    """The joint probabilities of several variables, each with finitely many values.

    Parameters
    ----------
    table : array_like or pandas.DataFrame
        The probabilities, an axis for each variable; they sum to 1 (to 1e-6, and are divided by their sum). Of a
        frame, index
        and columns give names and values.
    names : sequence of str, optional
        What the variables are called; ``x``, ``y``, ``z``, then ``x3``, ``x4``, … if left out.
    values : sequence of sequences, optional
        The values of each variable, in the order of its axis; 0, 1, … if left out.

    Raises
    ------
    TypeError, ValueError
        If the entries are no probabilities, or names and values do not fit the axes: a text for each axis, and
        different labels for its places.

    Notes
    -----
    Marginal P(x) = Σ P(x, y); conditional P(x | y) = P(x, y)/P(y); independent if P(x, y) = P(x)·P(y) for all values.

    Examples
    --------
    >>> from underhood.probability import JointTable
    >>> joint = JointTable([[0.30, 0.10], [0.15, 0.45]], ["weather", "forecast"], [["rain", "dry"], ["rain", "dry"]])
    >>> joint.marginal("weather")
    JointTable of weather
    weather  P
    ───────  ───
    rain     0.4
    dry      0.6
    >>> round(joint.conditional(forecast="rain").probability(weather="rain"), 6)
    0.666667
    >>> joint.is_independent()
    False
    """

    __slots__ = ("names", "probabilities", "values")

    def __init__(
        self,
        table: ArrayLike,
        names: Sequence[str] | None = None,
        values: Sequence[Sequence[Hashable]] | None = None,
    ) -> None:
        numbers, names, values = _of_frame(table, names, values)
        self._set("JointTable", "table", _core.probability.joint_table(numbers), names, values)

    @classmethod
    def from_counts(
        cls,
        counts: ArrayLike,
        names: Sequence[str] | None = None,
        values: Sequence[Sequence[Hashable]] | None = None,
    ) -> JointTable:
        """Make the table of relative frequencies: counts (a pandas ``crosstab``, say) divided by their sum.

        Examples
        --------
        >>> from underhood.probability import JointTable
        >>> JointTable.from_counts([[3, 1], [2, 4]]).probabilities
        array([[0.3, 0.1],
               [0.2, 0.4]])
        """
        numbers, names, values = _of_frame(counts, names, values)
        made = cls.__new__(cls)
        made._set("JointTable.from_counts", "counts", _core.probability.joint_counts(numbers), names, values)
        return made

    def _set(self, function: str, argument: str, p: NDArray[np.float64], names: Any, values: Any) -> None:
        """Take the checked probabilities, and names and values after checking them."""
        if p.ndim == 0:
            raise ValueError(f"{function}: {argument} is a single number, but one for every combination is needed")
        if names is None:
            names = [("x", "y", "z")[axis] if axis < 3 else f"x{axis}" for axis in range(p.ndim)]
        names = [names] if isinstance(names, str) else list(names)
        if not all(isinstance(name, str) for name in names) or len(names) != p.ndim or len(set(names)) != p.ndim:
            raise ValueError(
                f"{function}: names are {names}, but {argument} has {p.ndim} {'axis' if p.ndim == 1 else 'axes'},"
                " each of which needs a text of its own"
            )
        if values is None:
            values = [range(length) for length in p.shape]
        try:
            labels = tuple(tuple(_plain(value) for value in axis) for axis in values)
            distinct = [len(set(axis)) for axis in labels]
        except TypeError as error:
            raise TypeError(f"{function}: values must hold a sequence of labels for each axis ({error})") from None
        lengths = tuple(len(axis) for axis in labels)
        if lengths != p.shape:
            raise ValueError(f"{function}: values have lengths {lengths}, but {argument} has shape {p.shape}")
        for name, axis, different in zip(names, labels, distinct, strict=True):
            if different < len(axis):
                twice = next(value for value in axis if axis.count(value) > 1)
                raise ValueError(f"{function}: values of {name} hold {twice!r} twice")
        p.flags.writeable = False
        self.probabilities: NDArray[np.float64] = p
        self.names: tuple[str, ...] = tuple(names)
        self.values: tuple[tuple[Hashable, ...], ...] = labels

    def __dir__(self) -> list[str]:
        return sorted(name for name in super().__dir__() if not name.startswith("_"))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, JointTable):
            return NotImplemented
        same = self.names == other.names and self.values == other.values
        return same and np.array_equal(self.probabilities, other.probabilities)

    __hash__ = None  # type: ignore[assignment]

    def marginal(self, *names: str) -> JointTable:
        """Give the table of some of the variables: the others are summed over.

        Examples
        --------
        >>> from underhood.probability import JointTable
        >>> JointTable([[0.1, 0.2], [0.3, 0.4]]).marginal("y").probabilities
        array([0.4, 0.6])
        """
        axes = [self._axis("marginal", name) for name in names]
        if not axes:
            raise ValueError("marginal: names are missing; say which variables to keep")
        p = _core.probability.marginal(self.probabilities, axes)
        return JointTable(p, [self.names[axis] for axis in axes], [self.values[axis] for axis in axes])

    def conditional(self, /, **given: Hashable) -> JointTable:
        """Give the table of the other variables when these have the given values: P(x | y) = P(x, y)/P(y).

        Examples
        --------
        >>> from underhood.probability import JointTable
        >>> JointTable([[0.1, 0.2], [0.3, 0.4]]).conditional(y=0).probabilities
        array([0.25, 0.75])
        """
        places = self._places("conditional", given)
        left = [axis for axis in range(len(self.names)) if axis not in dict(places)]
        if not places or not left:
            raise ValueError("conditional: give a value to at least one variable, and leave at least one free")
        p = _core.probability.conditional(self.probabilities, places)
        return JointTable(p, [self.names[axis] for axis in left], [self.values[axis] for axis in left])

    def probability(self, /, **event: Hashable) -> float:
        """Give the probability that the named variables have these values (the others any).

        Examples
        --------
        >>> from underhood.probability import JointTable
        >>> JointTable([[0.1, 0.2], [0.3, 0.4]]).probability(x=1, y=0)
        0.3
        """
        index: list[Any] = [slice(None)] * len(self.names)
        for axis, place in self._places("probability", event):
            index[axis] = place
        return float(np.sum(self.probabilities[tuple(index)]))

    def mean(self, name: str) -> float:
        """Give E X of a variable whose values are numbers.

        Examples
        --------
        >>> from underhood.probability import JointTable
        >>> round(JointTable([[0.1, 0.2], [0.3, 0.4]]).mean("x"), 12)
        0.7
        """
        axis = self._axis("mean", name)
        return _core.probability.mean(self.probabilities, axis, self._numbers("mean", axis))

    def var(self, name: str) -> float:
        """Give the variance of a variable whose values are numbers.

        Examples
        --------
        >>> from underhood.probability import JointTable
        >>> round(JointTable([[0.1, 0.2], [0.3, 0.4]]).var("x"), 12)
        0.21
        """
        return self.covariance(name, name)

    def covariance(self, x: str, y: str) -> float:
        """Give Cov(X, Y) = E(X − E X)(Y − E Y) of two variables whose values are numbers.

        Examples
        --------
        >>> from underhood.probability import JointTable
        >>> round(JointTable([[0.1, 0.2], [0.3, 0.4]]).covariance("x", "y"), 12)
        -0.02
        """
        first, second = self._axis("covariance", x), self._axis("covariance", y)
        return _core.probability.covariance(
            self.probabilities,
            (first, self._numbers("covariance", first)),
            (second, self._numbers("covariance", second)),
        )

    def correlation(self, x: str, y: str) -> float:
        """Give the correlation Cov(X, Y)/(σ_X·σ_Y); NaN if one of them is constant.

        Examples
        --------
        >>> from underhood.probability import JointTable
        >>> round(JointTable([[0.5, 0.0], [0.0, 0.5]]).correlation("x", "y"), 12)
        1.0
        """
        spread = self.var(x) ** 0.5 * self.var(y) ** 0.5
        return max(-1.0, min(1.0, self.covariance(x, y) / spread)) if spread > 0 else float("nan")

    def if_independent(self) -> JointTable:
        """Give the table that the same marginals would have if the variables were independent.

        Examples
        --------
        >>> from underhood.probability import JointTable
        >>> JointTable([[0.1, 0.2], [0.3, 0.4]]).if_independent().probabilities.round(4)
        array([[0.12, 0.18],
               [0.28, 0.42]])
        """
        return JointTable(_core.probability.dependence(self.probabilities)[0], self.names, self.values)

    def is_independent(self, *, tolerance: float = 1e-9) -> bool:
        """Say whether P(x, y, …) = P(x)·P(y)·… for all values, to within `tolerance`.

        A table of relative frequencies is hardly ever exactly so; whether its counts speak against independence is a
        question for
        ``underhood.stats.chi2_contingency``.

        Examples
        --------
        >>> from underhood.probability import JointTable
        >>> JointTable([[0.12, 0.18], [0.28, 0.42]]).is_independent()
        True
        """
        product, _ = _core.probability.dependence(self.probabilities)
        return bool(np.max(np.abs(product - self.probabilities), initial=0.0) <= tolerance)

    def mutual_information(self) -> float:
        """Give Σ P(x, y) ln(P(x, y)/(P(x)·P(y))) in nats: 0 if and only if the variables are independent.

        Examples
        --------
        >>> from underhood.probability import JointTable
        >>> round(JointTable([[0.5, 0.0], [0.0, 0.5]]).mutual_information(), 6)  # ln 2
        0.693147
        """
        return _core.probability.dependence(self.probabilities)[1]

    def _axis(self, function: str, name: str) -> int:
        if name not in self.names:
            raise ValueError(unknown_name(str(name), self.names, f"{function}: there is no variable {name!r}"))
        return self.names.index(name)

    def _places(self, function: str, values: dict[str, Hashable]) -> list[tuple[int, int]]:
        places = []
        for name, value in values.items():
            axis = self._axis(function, name)
            try:
                places.append((axis, self.values[axis].index(_plain(value))))
            except ValueError:
                known = ", ".join(map(repr, self.values[axis][:20])) + ", …" * (len(self.values[axis]) > 20)
                raise ValueError(f"{function}: {name} has no value {value!r}; it has {known}") from None
        return places

    def _numbers(self, function: str, axis: int) -> list[float]:
        numbers = []
        for value in self.values[axis]:
            if not isinstance(value, int | float | np.integer | np.floating) or not np.isfinite(value):
                raise ValueError(f"{function}: the values of {self.names[axis]} are not all numbers: one is {value!r}")
            numbers.append(float(value))
        return numbers

    def _cells(self) -> tuple[list[str], list[list[str]]]:
        if len(self.names) == 2:
            header = [f"{self.names[0]} \\ {self.names[1]}", *map(str, self.values[1]), "sum"]
            rows = [
                [str(value), *(format_value(p) for p in row), format_value(row.sum())]
                for value, row in zip(self.values[0], self.probabilities, strict=True)
            ]
            if len(rows) > _ROWS:
                rows[_ROWS:] = [["…"] * len(header)]
            sums = self.probabilities.sum(axis=0)
            rows.append(["sum", *(format_value(p) for p in sums), format_value(sums.sum())])
            return header, rows
        header = [*self.names, "P"]
        rows = [
            [*(str(self.values[axis][i]) for axis, i in enumerate(place)), format_value(p)]
            for place, p in islice(np.ndenumerate(self.probabilities), _ROWS)
        ]
        if self.probabilities.size > _ROWS:
            rows.append(["…"] * len(header))
        return header, rows

    def _title(self) -> str:
        return f"JointTable of {', '.join(self.names)}"

    def _alignment(self, header: list[str]) -> str:
        return "l" + "r" * (len(header) - 1) if len(self.names) == 2 else "l" * len(header)

    def __repr__(self) -> str:
        header, rows = self._cells()
        return f"{self._title()}\n" + text_table(header, rows, self._alignment(header))

    def _repr_html_(self) -> str:
        header, rows = self._cells()
        return f"<p><b>{escape(self._title())}</b></p>" + html_table(header, rows, self._alignment(header))


def _of_frame(table: Any, names: Any, values: Any) -> tuple[Any, Any, Any]:
    """Give the numbers of a pandas frame with its names and values, unless others are given; anything else as it is."""
    if not (hasattr(table, "columns") and hasattr(table, "index")):
        return table, names, values
    if names is None:
        names = [str(table.index.name or "x"), str(table.columns.name or "y")]
    return table, names, [list(table.index), list(table.columns)] if values is None else values


def _plain(value: Any) -> Any:
    """Give the Python number, text or truth value that a scalar of NumPy's is."""
    return value.item() if isinstance(value, np.generic) and not isinstance(value, np.datetime64) else value
