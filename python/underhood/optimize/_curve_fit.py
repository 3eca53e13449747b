"""Fitting a curve to points, with how sure its parameters are."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import fitting as _core
from underhood._core.graph import Traced
from underhood._frames import doubles
from underhood._functions import Function, function, resolve
from underhood._results import Result, html_table, text_table
from underhood.calculus import AccuracyWarning
from underhood.optimize._least_squares import bounds_of
from underhood.optimize._result import start_inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CurveFitResult", "curve_fit"]


@dataclass(slots=True, repr=False, eq=False)
class CurveFitResult(Result):
    """A fitted curve; unpacks into ``popt, pcov`` as SciPy's ``curve_fit``.

    Attributes
    ----------
    params : ndarray
        The parameters with the smallest squares.
    covariance : ndarray
        Their estimated covariance; infinite where the data do not determine them.
    standard_errors : ndarray
        The roots of its diagonal.
    confidence_intervals : ndarray of shape (n, 2)
        Intervals at ``confidence``: Student's t, or the normal's with ``absolute_sigma``.
    confidence : float
        The level of the intervals.
    names : tuple of str
        The parameters' names, from the signature of the function.
    fitted, residuals : ndarray
        f(xdata) and ydata - f(xdata).
    rsquared : float
        The share of the (weighted) variation of ydata that the curve explains.
    residual_standard_error : float
        √(Σ (residual/sigma)² / (m - n)); NaN without degrees of freedom.
    df_residual : int
        m - n.
    p0 : ndarray
        The start that led here.
    relative_offset : float
        Bates and Watts' measure of convergence.
    nfev : int
        Calls of the function.
    success : bool
        Whether this is a local minimum, as far as can be told.
    message : str
        Why the search ended.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("params", "covariance")
    params: NDArray[np.float64]
    covariance: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    confidence_intervals: NDArray[np.float64]
    confidence: float
    names: tuple[str, ...]
    fitted: NDArray[np.float64]
    residuals: NDArray[np.float64]
    rsquared: float
    residual_standard_error: float
    df_residual: int
    p0: NDArray[np.float64]
    relative_offset: float
    nfev: int
    success: bool
    message: str
    _f: Callable[..., Any] | None = None
    _x: Any = None
    _y: Any = None

    def __reduce__(self) -> tuple[Any, ...]:
        # The function may be a lambda, which does not pickle; all else does.
        fields = [getattr(self, name) for name in self.__slots__]
        fields[self.__slots__.index("_f")] = None
        return CurveFitResult, tuple(fields)

    def _title(self) -> str:
        return "curve fit: " + ("converged" if self.success else "not converged")

    def _table(self) -> tuple[list[str], list[list[str]]]:
        percent = f"{100 * self.confidence:g} %"
        rows = [
            [name, f"{value:.6g}", f"{error:.3g}", f"[{low:.6g}, {high:.6g}]"]
            for name, value, error, (low, high) in zip(
                self.names, self.params, self.standard_errors, self.confidence_intervals, strict=True
            )
        ]
        return ["parameter", "estimate", "std. error", f"{percent} interval"], rows

    def _notes(self) -> str:
        return (
            f"{len(self.residuals)} points, residual standard error {self.residual_standard_error:.4g} on "
            f"{self.df_residual} degrees of freedom, R² = {self.rsquared:.6g}\n{self.message}"
        )

    def __repr__(self) -> str:
        return "\n".join([self._title(), text_table(*self._table()), self._notes()])

    def _repr_html_(self) -> str:
        return f"<p><b>{self._title()}</b></p>{html_table(*self._table(), 'lrrr')}<p>{self._notes()}</p>"

    def predict(self, x: ArrayLike) -> NDArray[np.float64]:
        """Give the fitted curve at ``x``."""
        if self._f is None:
            raise ValueError("predict: the function was not kept when this result was pickled")
        return np.asarray(self._f(np.asarray(x, dtype=np.float64), *self.params), dtype=np.float64)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the points and the curve through them; for several explaining variables, fitted against measured.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; by default a new figure.

        Returns
        -------
        matplotlib Axes
            What was drawn on. Needs matplotlib.
        """
        from underhood.plot._canvas import COLOURS, axes, finish

        ax = axes(ax)
        if self._f is None or self._x.ndim != 1:
            ax.plot(self._y, self.fitted, "o", color=COLOURS[0], markersize=4)
            ends = [min(self._y.min(), self.fitted.min()), max(self._y.max(), self.fitted.max())]
            ax.plot(ends, ends, color=COLOURS[7], linewidth=1)
            ax.set(xlabel="y", ylabel="fitted")
            return finish(ax, ())
        ax.plot(self._x, self._y, "o", color=COLOURS[0], markersize=4, label="data")
        between = np.linspace(self._x.min(), self._x.max(), 400)
        with np.errstate(all="ignore"):
            try:
                curve = np.broadcast_to(self.predict(between), between.shape)
            except (ValueError, ArithmeticError):
                between, curve = np.sort(self._x), self.fitted[np.argsort(self._x)]
        values = ", ".join(f"{name} = {value:.4g}" for name, value in zip(self.names, self.params, strict=True))
        ax.plot(between, curve, color=COLOURS[5], linewidth=1.6, label=values)
        ax.set(xlabel="x", ylabel="y")
        return finish(ax, ("data", "fit"))


def _names(f: Callable[..., Any], count: int | None) -> tuple[str, ...]:
    """Take the parameters' names from the signature: all after the first."""
    if isinstance(f, Function) and count in (None, len(f.arguments) - 1):
        return f.arguments[1:]
    try:
        listed = list(inspect.signature(f).parameters.values())[1:]
    except (TypeError, ValueError):
        listed = []
    taken = [p for p in listed if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    plain = [p.name for p in taken]
    open_ended = any(p.kind is p.VAR_POSITIONAL for p in listed)
    needed = sum(p.default is p.empty for p in taken)
    if count is not None and plain and (count < needed or (count > len(plain) and not open_ended)):
        raise ValueError(
            f"curve_fit: p0 holds {count} numbers, but f takes {len(plain)} parameters: {', '.join(plain)}"
        )
    if count is None:
        if not plain or open_ended:
            raise ValueError(
                "curve_fit: p0 is missing, and the signature of f does not tell how many parameters it has; give p0"
            )
        return tuple(plain)
    return tuple(plain) if len(plain) == count else tuple(f"p{i}" for i in range(count))


def _model(given: Any) -> Callable[..., Any]:
    """Give a model as a callable; a text is one of x, or of t, and of parameters in alphabetical order."""
    f = resolve("curve_fit", "f", given)
    if isinstance(f, Function) and f._text is not None and f._variables is None:
        independent = next((name for name in ("x", "t") if name in f.arguments), None)
        if independent is None:
            raise ValueError(
                f"curve_fit: f has the variables {', '.join(f.arguments)}, and which is xdata is in doubt: call it x, "
                "or give the order, function(text, variables=[…])"
            )
        others = [name for name in f.arguments if name != independent]
        if not others:
            raise ValueError(f"curve_fit: f has the variable {independent} only, and no parameters to fit")
        return function(f._text, variables=[independent, *others], name=f.name)
    return f


def _finite(values: NDArray[np.float64], argument: str) -> None:
    bad = np.argwhere(~np.isfinite(values))
    if bad.size:
        place = ", ".join(map(str, bad[0]))
        raise ValueError(
            f"curve_fit: {argument} holds {values[tuple(bad[0])]} at index {place}; remove or fill such values first"
        )


def _returned(values: Any) -> NDArray[np.float64]:
    """Read what a model gave."""
    try:
        if values is not None:
            return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        pass
    found = "None" if values is None else f"a {type(values).__name__}"
    hint = " (is a return missing?)" if values is None else ""
    raise TypeError(f"curve_fit: f returned {found}, but must return numbers{hint}")


def _whitener(sigma: Any, m: int) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Give what brings residuals to variance one: division by deviations, or by a root of a covariance."""
    if sigma is None:
        return lambda r: r
    spread = doubles(sigma, "curve_fit", "sigma")
    _finite(spread, "sigma")
    if spread.ndim == 2 and spread.shape == (m, m):
        from underhood.linalg import cholesky, solve_triangular

        try:
            root = cholesky(spread)
        except ValueError as error:
            raise ValueError(f"curve_fit: sigma is no covariance matrix ({error})") from None
        return lambda r: solve_triangular(root, r, lower=True)
    if spread.ndim > 1 or spread.size not in (1, m):
        raise ValueError(f"curve_fit: sigma has shape {spread.shape}, but ydata has {m} values")
    if (spread <= 0).any():
        raise ValueError("curve_fit: sigma must be positive, a standard deviation for each value of ydata")
    return lambda r: (r.T / spread).T


def _first_guess(lower: NDArray[np.float64], upper: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ones, or a point inside the bounds."""
    guess = np.ones(len(lower))
    below, above = np.isfinite(lower), np.isfinite(upper)
    both, outside = below & above, ~((lower <= guess) & (guess <= upper))
    guess[both] = 0.5 * (lower + upper)[both]
    guess[below & ~above & outside] = lower[below & ~above & outside] + 1
    guess[above & ~below & outside] = upper[above & ~below & outside] - 1
    return guess


# What a model may say of a start that we chose: it is passed over.
REFUSALS = (ValueError, ArithmeticError)


def _guesses(
    residuals: Callable[[NDArray[np.float64]], Any], lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """Other starts, the most promising first: magnitudes from 1e-4 to 1e4 of either sign, always the same ones."""
    rng = np.random.default_rng(0)
    n, tried = len(lower), []
    for _ in range(60 * n):
        start = 10.0 ** rng.uniform(-4, 4, n) * rng.choice([-1.0, 1.0, 1.0], n)
        start = np.clip(start, lower, upper)
        try:
            size = float(np.linalg.norm(np.asarray(residuals(start), dtype=np.float64)))
        except REFUSALS:
            continue
        if np.isfinite(size):
            tried.append((size, start))
    tried.sort(key=lambda pair: pair[0])
    return [start for _, start in tried[:6]]


def curve_fit(
    f: Callable[..., Any],
    xdata: ArrayLike,
    ydata: ArrayLike,
    p0: ArrayLike | None = None,
    sigma: ArrayLike | None = None,
    absolute_sigma: bool = False,
    *,
    bounds: Any = (-np.inf, np.inf),
    jac: Callable[..., Any] | None = None,
    confidence: float = 0.95,
    xtol: float = 1e-8,
    gtol: float = 1e-8,
    diff_step: float | None = None,
    max_nfev: int | None = None,
) -> CurveFitResult:
    """Find the parameters with which f(x, a, b, …) comes closest to measured values, and how sure they are.

    Minimises Σ ((yᵢ - f(xᵢ, a, b, …)) / σᵢ)².

    Parameters
    ----------
    f : callable
        The model: takes ``xdata`` and the parameters, one argument each, and returns as many values as ``ydata``.
    xdata : array_like
        What the model explains y by, handed to ``f`` as an array.
    ydata : array_like of shape (m,)
        The measured values.
    p0 : array_like of shape (n,), optional
        The start. If it is missing, ones (inside the bounds); should that fail or leave more than a twentieth of the
        scatter, other magnitudes are tried, and ``message`` says if one was better.
    sigma : array_like, optional
        The standard deviation of each value of ``ydata``, or their covariance matrix.
    absolute_sigma : bool, default False
        Whether ``sigma`` is in units of ``ydata``. By default only its proportions count, and its size is estimated
        from the residuals, as in SciPy.
    bounds : pair of array_like, default none
        Lower and upper bounds: numbers, or one for each parameter.
    jac : callable, optional
        Derivatives by the parameters: takes what ``f`` takes, returns an m by n matrix. By default exact where ``f``
        can be traced, else by differences.
    confidence : float, default 0.95
        The level of the confidence intervals.
    xtol, gtol, diff_step, max_nfev
        As in :func:`least_squares`.

    Returns
    -------
    CurveFitResult
        ``params``, ``standard_errors``, ``confidence_intervals``, …, prints as a table, draws itself with ``.plot()``;
        ``popt, pcov = curve_fit(…)`` works as well.

    Raises
    ------
    TypeError, ValueError
        For data that are no numbers, hold NaN (with its place) or differ in length, and as :func:`least_squares`.

    Warns
    -----
    AccuracyWarning
        If no minimum was found (SciPy raises a ``RuntimeError``), or the data do not determine the parameters or their
        errors: as many values as parameters, without ``absolute_sigma``.

    Notes
    -----
    Standard errors rest on the model being nearly linear in the parameters over their uncertainty. Parameters at a
    bound count as if they were free.

    All 27 problems of NIST's nonlinear regression data sets are solved from both starts, to nine digits and more.

    Examples
    --------
    >>> from underhood.optimize import curve_fit
    >>> t = np.array([0.0, 1, 2, 3, 4, 5])
    >>> y = np.array([5.1, 3.0, 1.9, 1.1, 0.7, 0.4])
    >>> fit = curve_fit(lambda t, start, rate: start * np.exp(-rate * t), t, y)
    >>> fit.names, fit.params.round(3)
    (('start', 'rate'), array([5.079, 0.505]))
    >>> popt, pcov = fit
    >>> bool(np.allclose(np.sqrt(np.diag(pcov)), fit.standard_errors))
    True
    """
    f = _model(f)
    y = doubles(ydata, "curve_fit", "ydata")
    x = doubles(xdata, "curve_fit", "xdata")
    if y.ndim != 1:
        raise ValueError(f"curve_fit: ydata has shape {y.shape}, but a vector is needed")
    if y.size == 0:
        raise ValueError("curve_fit: ydata is empty")
    if x.ndim == 0 or y.size not in x.shape:
        raise ValueError(f"curve_fit: xdata has shape {x.shape}, but ydata has {y.size} values")
    _finite(x, "xdata")
    _finite(y, "ydata")
    if not 0 < confidence < 1:
        raise ValueError(f"curve_fit: confidence is {confidence}, but must be between 0 and 1")
    start = None if p0 is None else np.atleast_1d(doubles(p0, "curve_fit", "p0")).ravel()
    names = _names(f, None if start is None else start.size)
    lower, upper = bounds_of("curve_fit", bounds, len(names))
    whiten = _whitener(sigma, y.size)

    def residuals(p: NDArray[np.float64]) -> NDArray[np.float64]:
        model = _returned(f(x, *p))
        if model.shape != y.shape:
            if model.size not in (1, y.size):
                raise ValueError(
                    f"curve_fit: f returned shape {model.shape} for xdata of shape {x.shape}, "
                    f"but ydata has {y.size} values"
                )
            model = np.broadcast_to(model.ravel(), y.shape)
        return whiten(model - y)

    def slopes(p: NDArray[np.float64]) -> NDArray[np.float64]:
        return whiten(np.asarray(jac(x, *p), dtype=np.float64))  # type: ignore[misc]

    def search(begin: NDArray[np.float64]) -> Any:
        return _core.least_squares(
            "curve_fit", "f", solved, begin, slope, lower, upper, xtol, gtol, diff_step, max_nfev
        )

    centred = whiten(y - y.mean()) if sigma is None else whiten(y - _weighted_mean(whiten, y))
    total = float(centred @ centred)
    with np.errstate(all="ignore"):
        begin = _first_guess(lower, upper) if start is None else start
        solved: Any = residuals
        slope: Any = None if jac is None else slopes
        if jac is None and diff_step is None:
            solved, slope = _traced(f, x, y, sigma, residuals, whiten, begin, (lower, upper))
        found, told = _attempts(search, residuals, begin, None if start is not None else (lower, upper), total / 2)
        begin = told[0]
        (p, _, jacobian, *_), ((cost, offset), counts, (success, _, message)) = found
        fitted = (
            y + residuals(p) if sigma is None else np.broadcast_to(np.asarray(f(x, *p), dtype=float).ravel(), y.shape)
        )
    message += told[1]
    inverse, rank, _ = _core.parameter_covariance(jacobian)
    df = y.size - p.size
    spread = float(np.sqrt(2 * cost / df)) if df > 0 else float("nan")
    known = rank == p.size and (absolute_sigma or df > 0)
    covariance = np.full_like(inverse, np.inf) if not known else inverse if absolute_sigma else inverse * spread**2
    errors = np.sqrt(np.diag(covariance))
    if rank < p.size:
        message += f"; the data do not determine the parameters (rank {rank} of {p.size}), so their errors are infinite"
    elif not known:
        message += f"; {y.size} values leave nothing to tell the errors of {p.size} parameters by, so they are infinite"
    if not success or not known:
        warnings.warn(f"curve_fit: {message}", AccuracyWarning, stacklevel=2)
    half = _quantile(confidence, df, absolute_sigma) * errors
    with np.errstate(invalid="ignore"):
        intervals = np.stack([p - half, p + half], axis=1)
    rsquared = 1 - 2 * cost / total if total > 0 else float("nan")
    return CurveFitResult(
        p, covariance, errors, intervals, float(confidence), names, np.asarray(fitted), y - fitted, rsquared, spread,
        df, begin, offset, counts[2], success, message, f, x, y,
    )  # fmt: skip


def _traced(
    f: Callable[..., Any],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    sigma: Any,
    residuals: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    whiten: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    begin: NDArray[np.float64],
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> tuple[Any, Any]:
    """Give the residuals and their exact Jacobian, if the model can be traced; else the residuals as they are."""
    n = begin.size

    def deviations(p: Any) -> Any:
        return f(x, *(p[i] for i in range(n))) - y

    plain: Any = resolve("curve_fit", "f", deviations, (n,), point=start_inside(begin, bounds))
    if not isinstance(plain, Traced) or tuple(plain.shape) != y.shape:
        return residuals, None
    jacobian = plain.jacobian()
    if sigma is None:
        return plain, jacobian
    return (lambda p: whiten(plain(p))), (lambda p: whiten(jacobian(p)))


def _weighted_mean(whiten: Callable[[NDArray[np.float64]], NDArray[np.float64]], y: NDArray[np.float64]) -> float:
    ones, values = whiten(np.ones_like(y)), whiten(y)
    return float(ones @ values / (ones @ ones))


def _quantile(confidence: float, df: int, absolute: bool) -> float:
    """Give how many standard errors an interval reaches: Student's, or the normal's where sigma is known."""
    from underhood.distributions import Normal, StudentT

    if absolute:
        return float(Normal().isf((1 - confidence) / 2))
    return float(StudentT(df).isf((1 - confidence) / 2)) if df > 0 else float("inf")


DOUBTFUL = 0.05
"""A fit without a start of the caller's that leaves more than this share unexplained is not taken for the best one."""

MUCH_LOWER = 0.25
"""Another is, if it leaves less than this share of that: where values scatter, small gains are chance."""


def _is_firm(found: Any) -> bool:
    """Whether a search converged to a place where every parameter has an effect."""
    _, (_, (rank, *_), (success, *_)) = found
    return success and rank == found[0][0].size  # type: ignore[no-any-return]


def _attempts(
    search: Callable[[NDArray[np.float64]], Any],
    residuals: Callable[[NDArray[np.float64]], Any],
    begin: NDArray[np.float64],
    free: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
    total: float,
) -> tuple[Any, tuple[NDArray[np.float64], str]]:
    """Search from the start; where that was ours to choose and leads nowhere near, from others. Also tell from which.

    ``total`` is what the mean alone leaves, in units of the cost.
    """
    if free is None:
        return search(begin), (begin, "")
    best, refusal, failed = None, None, True
    try:
        best = search(begin)
    except REFUSALS as error:
        refusal = error
    # A minimum that leaves much unexplained may be the wrong one of several, such as one behind a pole of the model.
    failed = best is None or not _is_firm(best)
    doubtful = not failed
    if best is not None and not failed and best[1][0][0] <= DOUBTFUL * total:
        return best, (begin, "")
    where = begin
    for start in _guesses(residuals, *free):
        try:
            found = search(start)
        except REFUSALS:
            continue
        if best is None:
            best, where = found, start
            continue
        good, lower = _is_firm(found), found[1][0][0] < best[1][0][0] * (MUCH_LOWER if doubtful else 1)
        if (good and not _is_firm(best)) or (good == _is_firm(best) and lower):
            best, where, doubtful = found, start, False
    if best is None and refusal is not None:
        refusal.add_note("curve_fit: p0 was not given, and no start that was tried will do; give p0")
        raise refusal
    if where is begin:
        return best, (begin, "")
    shown = np.array2string(where, precision=4)
    led = "nowhere" if failed else "to a worse minimum"
    return best, (where, f"; p0 was not given: starting at ones led {led}, and {shown} was found to be a better start")
