"""Formulas: ``"body_mass ~ flipper_length + species"`` and a frame become a response and a matrix of columns.

The parsing and the coding of categories are formulaic's (https://matthewwardrop.github.io/formulaic), which knows
Wilkinson and Rogers' notation as R and statsmodels have it (doi:10.2307/2346786). What stands here is what a reader
may expect around it: any kind of frame, missing values refused or left out as asked, a message that names the columns
there are, and the same matrix again for new rows. formulaic is imported when a formula is given, and not before.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._frames import columns as read_columns
from underhood._frames import numeric
from underhood._tables import unknown_name

__all__ = ["Design"]

Doubles = NDArray[np.float64]

_INTERCEPT = "Intercept"
_POLICIES = ("raise", "omit")
# All numbers are doubles here, so that powers of whole ones cannot overflow; a level called 2008.0 is one called 2008.
_WHOLE = re.compile(r"\[(T\.)?(-?\d+)\.0\]")


class Design:
    """The response and the columns that a formula makes of a frame.

    Parameters
    ----------
    formula : str
        ``response ~ terms``. Terms are columns, ``a:b`` (interaction), ``a*b`` (both and their interaction), ``C(a)``
        (categories), ``I(a**2)``, ``np.log(a)``, ``poly(a, 3)``, ``.`` (all other columns); ``- 1`` leaves the
        constant out. Text and pandas' categories are categories by themselves; the first one is the reference.
    frame : pandas or polars DataFrame, mapping of names to columns
        Where the columns are.
    function : str
        Who speaks in an error message.
    nan_policy : {"raise", "omit"}
        Whether rows with missing values are refused or left out.
    also : mapping of str to array_like or str, optional
        What else belongs to the rows (weights, offsets): arrays as long as the frame, or names of its columns.
    labels : bool
        Whether the response may be text or categories, to be classified; ``y`` then holds them as objects.

    Attributes
    ----------
    formula, response : str
        The formula, and the name of what stands on its left.
    y : ndarray, shape (n,)
        The response.
    X : ndarray, shape (n, k)
        A column for each term, without the constant.
    names : tuple of str
        Names of the coefficients: ``Intercept`` first, if there is one, then ``species[T.Gentoo]`` and the like.
    has_intercept : bool
        Whether a constant stands before the columns of X. ``y ~ 1`` has none beside its only column, which is the
        constant itself.
    rows : ndarray of bool
        Which rows of the frame were kept.
    also : dict of str to ndarray
        What else was given, for the rows that were kept.
    """

    __slots__ = (
        "X",
        "_alone",
        "_function",
        "_needed",
        "_spec",
        "also",
        "formula",
        "has_intercept",
        "names",
        "response",
        "rows",
        "y",
    )

    def __init__(
        self,
        formula: str,
        frame: Any,
        *,
        function: str,
        nan_policy: str = "raise",
        also: Mapping[str, Any] | None = None,
        labels: bool = False,
    ) -> None:
        if nan_policy not in _POLICIES:
            raise ValueError(f"{function}: nan_policy is {nan_policy!r}, but must be 'raise' or 'omit'")
        if frame is None:
            raise TypeError(
                f"{function}: X is the formula {formula!r}, which needs a frame with its columns as the second argument"
            )
        table = read_columns(frame, function=function, argument="data")
        parsed = _parsed(formula, tuple(table), function)
        used = _used((parsed.lhs, parsed.rhs), formula, table, function, "the frame")
        response = str(parsed.lhs)
        raw = table.get(response.strip("`"))
        classes = raw is not None and numeric(raw) is None
        if classes and not labels:
            raise TypeError(
                f"{function}: the response {response!r} is text or categories, but a number for each row is needed; "
                "for two categories, logistic_regression fits the probability of one of them"
            )
        self._needed = _used((parsed.rhs,), formula, table, function, "the frame")
        data = {name: _column(table[name], name, function) for name in used}
        extra = {}
        for argument, values in (also or {}).items():
            extra[argument] = _beside(values, argument, table, function)
        self.rows = _kept(data | extra, nan_policy, function)
        pandas_frame = _frame(data, self.rows)
        right = _matrix(parsed.rhs, formula, pandas_frame, function)
        self._spec, self._function = right.model_spec, function
        names = tuple(_WHOLE.sub(r"[\1\2]", str(name)) for name in right.model_spec.column_names)
        matrix = np.asarray(right, dtype=np.float64).reshape(len(pandas_frame), len(names))
        if not names:
            raise ValueError(f"{function}: the formula {formula!r} has nothing to the right of ~ but 0; add a term")
        self._alone = names == (_INTERCEPT,)
        self.has_intercept = _INTERCEPT in names and not self._alone
        self.formula, self.response, self.names = formula, response, names
        _check_finite(matrix, names, function)
        self.X = matrix[:, 1:] if self.has_intercept else matrix
        if classes:
            self.y: NDArray[Any] = pandas_frame[response.strip("`")].to_numpy(dtype=object)
        else:
            left = _matrix(parsed.lhs, formula, pandas_frame, function)
            if left.shape[1] != 1:
                raise ValueError(
                    f"{function}: the left of the formula {formula!r} gives {left.shape[1]} columns, but one response "
                    "is needed"
                )
            self.y = np.asarray(left, dtype=np.float64).reshape(-1)
            _check_finite(self.y[:, np.newaxis], (response,), function)
        self.also = {argument: np.asarray(values, dtype=np.float64)[self.rows] for argument, values in extra.items()}

    def new(self, frame: Any, *, function: str = "predict") -> Doubles:
        """Build the matrix ``X`` for new rows, coded as the rows of the fit were.

        Parameters
        ----------
        frame : pandas or polars DataFrame, mapping of names to columns
            Holds the columns to the right of the formula's ``~``; if there is only one, a vector will do.
        function : str
            Who speaks in an error message.

        Returns
        -------
        ndarray, shape (m, k)
            Without the constant.

        Raises
        ------
        ValueError
            If a column is missing, has a missing value, or has a category that the fit has not seen.
        """
        vector = isinstance(frame, list | tuple | np.ndarray) or hasattr(frame, "to_numpy")
        if vector and not hasattr(frame, "columns") and len(self._needed) == 1:
            frame = {self._needed[0]: frame}
        table = read_columns(frame, function=function, argument="X")
        if self._alone:
            return np.ones((len(next(iter(table.values()))) if table else 0, 1))
        names = _used([self._spec.formula], self.formula, table, function, "X")
        data = {name: _column(table[name], name, function) for name in names}
        rows = _kept(data, "raise", function, advice="")
        built = _matrix(self._spec, self.formula, _frame(data, rows), function)
        matrix = np.asarray(built, dtype=np.float64).reshape(len(rows), len(self.names))
        _check_finite(matrix, self.names, function)
        return matrix[:, 1:] if self.has_intercept else matrix


def _formulaic(function: str) -> Any:
    """Import formulaic, or say what to install."""
    try:
        import formulaic
    except ImportError:
        raise ImportError(
            f'{function}: formulas need formulaic, which is not installed; run: pip install "underhood[notebook]", or '
            "pass arrays X and y"
        ) from None
    return formulaic


def _parsed(formula: str, names: tuple[str, ...], function: str) -> Any:
    """Parse; both sides must be there."""
    formulaic = _formulaic(function)
    if "~" not in formula:
        raise ValueError(f"{function}: X is the formula {formula!r}, which has no ~ between response and terms")
    if not formula.split("~", 1)[1].strip():
        raise ValueError(
            f"{function}: the formula {formula!r} has nothing to the right of ~; write 1 for a constant alone"
        )
    try:
        parsed = formulaic.Formula(formula, _context={"__formulaic_variables_available__": names})
    except (formulaic.errors.FormulaicError, SyntaxError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise ValueError(f"{function}: the formula {formula!r} cannot be read: {reason}") from None
    simple = formulaic.formula.SimpleFormula
    sides = (getattr(parsed, "lhs", None), getattr(parsed, "rhs", None))
    if not all(isinstance(side, simple) for side in sides) or not str(sides[0]):
        raise ValueError(
            f"{function}: the formula {formula!r} needs one response on the left of ~ and the terms on its right"
        )
    return parsed


def _used(sides: Iterable[Any], formula: str, table: Mapping[str, Any], function: str, frame: str) -> list[str]:
    """List the columns that a formula uses; all must be there.

    formulaic has a list of its own, which forgets what stands inside its stateful functions, such as ``center(x)``.
    """
    names: dict[str, None] = {}
    for factor in (factor for side in sides for term in side for factor in term.factors):
        if factor.eval_method.value == "lookup":
            names[factor.expr] = None
        elif factor.eval_method.value == "python":
            names.update(dict.fromkeys(_names_in_code(factor.expr, table, formula, function)))
    for name in names:
        if name not in table:
            problem = f"{function}: the formula {formula!r} names {name!r}, which is no column of {frame}"
            raise ValueError(unknown_name(name, table, problem))
    return list(names)


def _names_in_code(code: str, table: Mapping[str, Any], formula: str, function: str) -> list[str]:
    """Names in a term's code that are columns or can only be meant as columns: not functions, nor modules of them."""
    quoted = re.findall("`([^`]+)`", code)
    try:
        tree = ast.parse(re.sub("`[^`]+`", "None", code), mode="eval")
    except SyntaxError:
        raise ValueError(f"{function}: the formula {formula!r} cannot be read: {code!r} is not Python") from None
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    owners = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in functions]
    return quoted + [node.id for node in named if node.id in table or id(node) not in owners]


def _column(column: Any, name: str, function: str) -> Any:
    """Doubles of a column of numbers; pandas' categories, or objects, of anything that stands for groups."""
    import pandas

    numbers = numeric(column)
    if numbers is not None:
        return numbers
    kind = str(getattr(column, "dtype", ""))
    if isinstance(column, pandas.Series) and isinstance(column.dtype, pandas.CategoricalDtype):
        return column.reset_index(drop=True)
    values = column.to_list() if hasattr(column, "to_list") else np.asarray(column).tolist()
    if kind.startswith("Enum"):
        return pandas.Series(pandas.Categorical(values, categories=column.dtype.categories.to_list()))
    known = [value for value in values if not pandas.isna(value)]
    if not all(isinstance(value, str | bool | np.bool_ | int | float) for value in known):
        raise TypeError(
            f"{function}: column {name!r} holds neither numbers nor text ({kind or type(column).__name__}); make "
            "numbers of it first"
        )
    return pandas.Series([None if pandas.isna(value) else value for value in values], dtype=object)


def _beside(values: Any, argument: str, table: Mapping[str, Any], function: str) -> Doubles:
    """Read what belongs to the rows, such as weights: an array as long as the frame, or the name of a column."""
    if isinstance(values, str):
        if values not in table:
            problem = f"{function}: {argument} names {values!r}, which is no column of the frame"
            raise ValueError(unknown_name(values, table, problem))
        values = table[values]
    found = numeric(values)
    if found is None:
        raise TypeError(f"{function}: {argument} does not hold numbers")
    rows = len(next(iter(table.values())))
    if found.shape != (rows,):
        raise ValueError(f"{function}: {argument} has the shape {found.shape}, but the frame has {rows} rows")
    return found


_OMIT = '; pass nan_policy="omit" to leave these rows out'


def _kept(data: Mapping[str, Any], nan_policy: str, function: str, advice: str = _OMIT) -> NDArray[np.bool_]:
    """Which rows miss nothing; if some do, and may not, says in which columns."""
    import pandas

    gaps = {name: np.asarray(pandas.isna(values), dtype=bool) for name, values in data.items()}
    if not gaps:
        return np.ones(0, dtype=bool)
    missing = np.logical_or.reduce(list(gaps.values()))
    if nan_policy == "raise" and missing.any():
        where = ", ".join(f"{name!r} ({gap.sum()})" for name, gap in gaps.items() if gap.any())
        first = int(np.flatnonzero(missing)[0])
        raise ValueError(
            f"{function}: values are missing in {missing.sum()} of {missing.size} rows, the first being row {first}: "
            f"{where}{advice}"
        )
    if missing.all():
        raise ValueError(f"{function}: every row of the frame misses a value, so that none is left")
    kept: NDArray[np.bool_] = ~missing
    return kept


def _frame(data: Mapping[str, Any], rows: NDArray[np.bool_]) -> Any:
    """Lay out the rows that are kept as formulaic reads them; categories that no row has are forgotten."""
    import pandas

    frame = pandas.DataFrame({name: pandas.Series(values)[rows] for name, values in data.items()})
    for name in frame:
        if isinstance(frame[name].dtype, pandas.CategoricalDtype):
            frame[name] = frame[name].cat.remove_unused_categories()
    return frame.reset_index(drop=True)


def _matrix(spec: Any, formula: str, frame: Any, function: str) -> Any:
    """Evaluate the terms. Whatever a term's own code raises becomes an error about the formula."""
    formulaic = _formulaic(function)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("error", formulaic.errors.DataMismatchWarning)
            return spec.get_model_matrix(frame, na_action="ignore", output="numpy", context={})
    except formulaic.errors.DataMismatchWarning as warning:
        unseen = re.search(r"\{(.*)\}", str(warning))
        raise ValueError(
            f"{function}: X has categories that the fit has not seen" + (f": {unseen[1]}" if unseen else "")
        ) from None
    except Exception as error:
        reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        raise ValueError(
            f"{function}: the formula {formula!r} cannot be evaluated: {reason}. Known are the columns, NumPy as "
            "np, and formulaic's functions: C, I, poly, bs, cs, center, scale, log, log10, exp, lag, …; anything "
            "else can be made a column first"
        ) from None


def _check_finite(matrix: Doubles, names: tuple[str, ...], function: str) -> None:
    bad = ~np.isfinite(matrix)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"{function}: the term {names[column]!r} is {matrix[row, column]} in {bad[:, column].sum()} of "
            f"{len(matrix)} rows, the first being row {row} of those kept"
        )
