"""Logistic and Poisson regression with inference: odds and rates, how sure they are, and what they do not say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from underhood._core import glm as _core
from underhood._frames import doubles
from underhood._results import format_value
from underhood.stats._formula import Design
from underhood.stats._glm_results import LogisticRegressionResult, PoissonRegressionResult
from underhood.stats._regression import _names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

__all__ = ["LogisticRegressionResult", "PoissonRegressionResult", "logistic_regression", "poisson_regression"]


class _Read(NamedTuple):
    """The arguments of a fit, read."""

    X: Any
    y: Any
    intercept: bool
    names: list[str] | None
    constant: str
    response: str
    design: Design | None
    also: dict[str, Any]
    """Offset and exposure, of the rows that are kept."""


def _read(function: str, X: Any, y: Any, data: Any, options: tuple[Any, Any, str], also: Any, labels: bool) -> _Read:
    intercept, names, nan_policy = options
    if isinstance(X, str):
        design = Design(
            X, y if data is None else data, function=function, nan_policy=nan_policy, also=also, labels=labels
        )
        if intercept is not None:
            raise ValueError(
                f'{function}: intercept is for arrays; write "- 1" in the formula to leave the constant out'
            )
        if names is not None:
            raise ValueError(f"{function}: names is for arrays; a formula names its columns itself")
        slopes = list(design.names[design.has_intercept :])
        return _Read(
            design.X, design.y, design.has_intercept, slopes, "Intercept", design.response, design, design.also
        )
    intercept = True if intercept is None else intercept
    if not isinstance(intercept, bool | np.bool_):
        raise TypeError(f"{function}: intercept is a {type(intercept).__name__}, but must be True or False")
    if data is not None:
        raise TypeError(f"{function}: data is given, but X is no formula; pass X and y, or a formula and a frame")
    given = _names(X) if names is None else [str(name) for name in names]
    name = getattr(y, "name", None)
    if nan_policy != "raise":
        X, y, also = _without_gaps(function, X, y, also or {}, nan_policy)
    return _Read(X, y, bool(intercept), given, "const", "y" if name is None else str(name), None, also or {})


def _without_gaps(function: str, X: Any, y: Any, also: Any, nan_policy: str) -> tuple[Any, Any, Any]:
    """Leave out rows that miss a value, in the columns, the response, or what stands beside them."""
    if nan_policy != "omit":
        raise ValueError(f"{function}: nan_policy is {nan_policy!r}, but must be 'raise' or 'omit'")
    columns = doubles(X, function, "X")
    beside = {name: doubles(value, function, name) for name, value in also.items()}
    labels = (
        y if isinstance(y, np.ndarray) else np.asarray(y, dtype=object) if _is_text(y) else doubles(y, function, "y")
    )
    lengths = [array.shape[0] if array.ndim else -1 for array in (columns, labels, *beside.values())]
    if columns.ndim > 2 or labels.ndim != 1 or len(set(lengths)) != 1:
        return columns, labels, beside  # refused with their shapes
    if labels.dtype.kind in "OUST":
        missing = np.array([_is_missing(value) for value in labels.tolist()], dtype=bool)
    else:
        missing = np.isnan(labels) if labels.dtype.kind == "f" else np.zeros(len(labels), dtype=bool)
    missing |= np.isnan(columns).reshape(len(columns), -1).any(axis=1)
    for value in beside.values():
        if value.ndim == 1:
            missing |= np.isnan(value)
    kept = ~missing
    if isinstance(y, np.ndarray) or hasattr(y, "iloc"):
        labels = y[kept]  # categories keep their order
    else:
        labels = y.filter(kept) if hasattr(y, "dtype") else labels[kept]
    return columns[kept], labels, {name: value[kept] for name, value in beside.items()}


def _is_text(y: Any) -> bool:
    """Whether a response holds labels other than numbers."""
    if isinstance(y, list | tuple):
        return any(isinstance(value, str | bytes) for value in y)
    kind = str(getattr(y, "dtype", "")).lower()
    return kind.startswith(("object", "string", "str", "categor", "enum"))


def _is_missing(value: Any) -> bool:
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value


def _fields(
    read: _Read, found: Any, y: Any, cov_type: str, confidence_level: float, *, curve: bool = True
) -> list[Any]:
    (*fields, cov_root), statistics, counts = found
    params, conf_int = fields[0], fields[4]
    slopes = read.names or [f"x{j}" for j in range(1, len(params) + 1 - read.intercept)]
    only = None
    if curve and read.intercept and len(params) == 2:
        only = np.array(read.X, dtype=np.float64).reshape(-1)
    with np.errstate(over="ignore"):
        ratios, ratios_conf_int = np.exp(params), np.exp(conf_int)
    names = (read.constant, *slopes) if read.intercept else tuple(slopes)
    kind = "classical" if cov_type == "nonrobust" else cov_type
    return [
        names,
        *fields,
        *statistics,
        *counts,
        kind,
        confidence_level,
        ratios,
        ratios_conf_int,
        y,
        cov_root,
        only,
        read.design,
        read.response,
        # A formula of a constant alone has it for its only column.
        read.intercept or (read.design is not None and names[0] == read.constant),
    ]


def logistic_regression(
    X: ArrayLike | str,
    y: Any = None,
    *,
    data: Any = None,
    intercept: bool | None = None,
    names: Sequence[str] | None = None,
    cov_type: Literal["classical", "HC0", "HC1"] = "classical",
    confidence_level: float = 0.95,
    nan_policy: Literal["raise", "omit"] = "raise",
    max_iter: int = 100,
) -> LogisticRegressionResult:
    """Regress the log odds of a yes on the columns of X by maximum likelihood, with inference.

    ln(P(y = 1)/P(y = 0)) = Zβ, where Z is X with a column of ones before it; β makes the data most likely. There is no
    penalty (that of :class:`underhood.models.LogisticRegression` predicts better and tells less).

    Parameters
    ----------
    X : array_like or frame, shape (n, k) or (n,), or str
        A column for each variable, or a vector for one; or a formula such as ``"survived ~ age + C(pclass)"``.
    y : array_like, shape (n,), or frame
        0 and 1, booleans, or any two labels, of which the second in order counts as 1 (``result.levels``); after a
        formula, the frame.
    data : frame, optional
        The frame of a formula, if it is not passed as ``y``.
    intercept : bool, optional
        Whether to add the constant to arrays; by default it is. (statsmodels adds none: its ``add_constant`` is this
        default.) A formula leaves it out by ``- 1``.
    names : sequence of str, optional
        Names of an array's columns; by default a frame's, or x1, x2, ….
    cov_type : {"classical", "HC0", "HC1"}
        Standard errors from the information, or the sandwich, which holds when y varies otherwise than it should.
    confidence_level : float
        Level of the confidence intervals.
    nan_policy : {"raise", "omit"}
        Whether rows with missing values are refused or left out.
    max_iter : int
        The largest number of Newton steps.

    Returns
    -------
    LogisticRegressionResult
        ``params bse zvalues pvalues conf_int odds_ratios llf llnull prsquared llr_pvalue aic bic deviance`` and more;
        ``summary()``, ``explain()``, ``predict(X)``, ``plot()``.

    Raises
    ------
    ValueError
        If columns separate the classes (it says which), so that no finite coefficients are best; if a value is missing
        or infinite; if columns depend on each other; if a column is constant beside the intercept; if y has not two
        levels; if there are not more rows than coefficients; if ``intercept`` or ``names`` is given beside a formula.

    Notes
    -----
    Newton's method in an orthogonal basis, until the slope of the likelihood is zero to within rounding; statsmodels
    stops at a tolerance. Where the columns make no constant, the null model has odds of one, where statsmodels still
    takes a constant; where they do, as the indicators of all categories (``"y ~ C(g) - 1"``), it is the constant.
    HC1 is HC0 times n/(n - k) (a small-sample factor); statsmodels gives HC0 by either name here.
    Sources: McCullagh and Nelder, Generalized Linear Models (1989); Albert and Anderson (1984) on separation,
    doi:10.1093/biomet/71.1.1.

    Examples
    --------
    >>> import underhood as uh
    >>> titanic = {"age": [22, 38, 26, 35, 54, 2, 27, 14], "survived": [0, 1, 1, 0, 0, 1, 0, 1]}
    >>> fit = uh.stats.logistic_regression("survived ~ age", titanic)
    >>> fit.names, fit.params.round(4)
    (('Intercept', 'age'), array([ 2.3953, -0.0882]))
    >>> fit.converged
    True
    """
    function = "logistic_regression"
    read = _read(function, X, y, data, (intercept, names, nan_policy), None, True)
    codes, levels = _levels(function, read.y)
    texts = (str(levels[0]), str(levels[1]))
    found = _core.logistic_regression(
        read.X, codes, read.intercept, read.names, texts, cov_type, confidence_level, max_iter
    )
    # In the fields' order: keywords would take longer than the fit of a small table.
    return LogisticRegressionResult(*[*_fields(read, found, codes, cov_type, confidence_level), levels])


def poisson_regression(
    X: ArrayLike | str,
    y: Any = None,
    *,
    offset: ArrayLike | str | None = None,
    exposure: ArrayLike | str | None = None,
    data: Any = None,
    intercept: bool | None = None,
    names: Sequence[str] | None = None,
    cov_type: Literal["classical", "HC0", "HC1"] = "classical",
    confidence_level: float = 0.95,
    nan_policy: Literal["raise", "omit"] = "raise",
    max_iter: int = 100,
) -> PoissonRegressionResult:
    """Regress the logarithm of the mean of counts on the columns of X by maximum likelihood, with inference.

    ln E y = Zβ + offset + ln exposure, where Z is X with a column of ones before it; β makes the counts most likely.

    Parameters
    ----------
    X : array_like or frame, shape (n, k) or (n,), or str
        A column for each variable, or a vector for one; or a formula such as ``"accidents ~ age + C(city)"``.
    y : array_like, shape (n,), or frame
        Counts; after a formula, the frame.
    offset : array_like, shape (n,), or str, optional
        What is added to the logarithm of each mean; after a formula also the name of a column.
    exposure : array_like, shape (n,), or str, optional
        What each count is proportional to: time, population. Its logarithm is added, so that the coefficients describe
        the rate.
    data : frame, optional
        The frame of a formula, if it is not passed as ``y``.
    intercept : bool, optional
        Whether to add the constant to arrays; by default it is. (statsmodels adds none: its ``add_constant`` is this
        default.) A formula leaves it out by ``- 1``.
    names : sequence of str, optional
        Names of an array's columns; by default a frame's, or x1, x2, ….
    cov_type : {"classical", "HC0", "HC1"}
        Standard errors from the information, or the sandwich, which holds when counts vary more than Poisson's do.
    confidence_level : float
        Level of the confidence intervals.
    nan_policy : {"raise", "omit"}
        Whether rows with missing values are refused or left out.
    max_iter : int
        The largest number of Newton steps.

    Returns
    -------
    PoissonRegressionResult
        ``params bse zvalues pvalues conf_int rate_ratios llf llnull prsquared llr_pvalue aic bic deviance`` and more;
        ``summary()``, ``explain()``, ``predict(X)``, ``plot()``.

    Raises
    ------
    ValueError
        If y holds no counts; if an exposure is not positive; if a column tells where counts are zero, so that no finite
        coefficients are best; if a value is missing or infinite; if columns depend on each other; if a column is
        constant beside the intercept; if there are not more rows than coefficients; if ``intercept`` or ``names`` is
        given beside a formula.

    Notes
    -----
    Newton's method in an orthogonal basis, until the slope of the likelihood is zero to within rounding. HC1 is HC0
    times n/(n - k) (a small-sample factor); statsmodels gives HC0 by either name here. Sources: McCullagh and Nelder,
    Generalized Linear Models (1989); Santos Silva and Tenreyro (2010) on counts without a maximum,
    doi:10.1016/j.econlet.2010.02.020.

    Examples
    --------
    >>> import underhood as uh
    >>> fit = uh.stats.poisson_regression([0, 0, 1, 1], [3, 5, 2, 10], exposure=[1, 3, 2, 1])
    >>> fit.rate_ratios.round(10)
    array([2., 2.])
    """
    function = "poisson_regression"
    also = {name: value for name, value in (("offset", offset), ("exposure", exposure)) if value is not None}
    read = _read(function, X, y, data, (intercept, names, nan_policy), also, False)
    offset, exposure = read.also.get("offset"), read.also.get("exposure")
    found = _core.poisson_regression(
        read.X, read.y, offset, exposure, read.intercept, read.names, cov_type, confidence_level, max_iter
    )
    counts = np.array(read.y, dtype=np.float64)
    # The curve of means would be another for every exposure.
    fields = _fields(read, found, counts, cov_type, confidence_level, curve=not also)
    pearson, df_resid = found[1][7], found[1][10]
    return PoissonRegressionResult(*[*fields, pearson / df_resid])


def _levels(function: str, y: Any) -> tuple[Any, tuple[Any, Any]]:
    """Zeros and ones, and what they stand for: two labels in their order."""
    if isinstance(y, np.ma.MaskedArray):
        raise TypeError(f"{function}: y is a masked array, whose mask would be lost; pass .compressed()")
    if y is None or isinstance(y, str | bytes | dict | set) or (hasattr(y, "collect_schema") and hasattr(y, "collect")):
        raise TypeError(f"{function}: y is a {type(y).__name__}, but a vector of two labels is needed")
    try:
        labels = y if type(y) is np.ndarray else np.asarray(y)
    except ValueError:
        raise TypeError(f"{function}: y is ragged, but a vector of labels is needed") from None
    if labels.ndim != 1:
        shape = "×".join(map(str, labels.shape)) or "a single value"
        raise ValueError(f"{function}: y is {shape}, but a vector of labels is needed")
    if labels.dtype.kind == "b":
        return labels.astype(np.float64), (False, True)
    if labels.dtype.kind in "iuf":
        numbers = labels.astype(np.float64)
        if not numbers.size:
            return numbers, (0, 1)
        low, high = numbers.min(), numbers.max()
        # A missing value makes both NaN; the core says where it stands. One level only: it says that too.
        if (low == 0 and high == 1) or not (np.isfinite(low) and np.isfinite(high)) or low == high:
            return numbers, (0, 1)
        ones = numbers == high
        other = ~ones & (numbers != low)
        if other.any():
            first = int(np.argmax(other))
            raise ValueError(
                f"{function}: y has more than two values ({format_value(low)}, {format_value(high)}, and "
                f"{format_value(numbers[first])} at index {first}), but a logistic regression tells two apart"
            )
        return ones.astype(np.float64), (labels.min().item(), labels.max().item())
    if labels.dtype.kind not in "OUST":
        raise TypeError(f"{function}: y holds neither numbers nor text ({labels.dtype}), but two labels are needed")
    values = labels.tolist()
    for i, value in enumerate(values):
        if _is_missing(value):
            raise ValueError(f"{function}: y has a missing label ({value}) at index {i}; remove such rows first")
        if not isinstance(value, str | bytes | bool | int | float):
            raise TypeError(f"{function}: y holds Python objects (a {type(value).__name__}), but two labels are needed")
    try:
        classes = sorted(set(values))
    except TypeError:
        raise TypeError(f"{function}: y mixes labels that have no common order, such as texts and numbers") from None
    categories = getattr(getattr(y, "cat", None), "categories", None)
    if categories is not None and not hasattr(y, "cast"):
        # Categories have an order of their own.
        classes = [category for category in categories if category in set(values)]
    if len(classes) != 2:
        shown = ", ".join(repr(label) for label in classes[:5]) + (", …" if len(classes) > 5 else "")
        raise ValueError(
            f"{function}: y has {len(classes)} level{'s' * (len(classes) != 1)} ({shown}), but a logistic regression "
            "tells two apart"
        )
    return np.array([value == classes[1] for value in values], dtype=np.float64), (classes[0], classes[1])
