"""The bootstrap: samples drawn from the sample, and what a statistic does on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from underhood._core import resampling as core
from underhood._results import Result, format_value
from underhood.stats._hypothesis import interval, percent
from underhood.stats._resampling import Custom, Statistic, along, describe, read_samples, read_statistic, vectors

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from underhood._core.resampling import _Bootstrap as _Numbers

__all__ = ["BootstrapResult", "bootstrap"]

_FEW = 15
"""Of fewer values than this the bootstrap's intervals are noticeably too short."""
_OUTERMOST = 10
"""An end that rests on fewer resamples than this moves a lot from seed to seed."""


@dataclass(slots=True, repr=False, eq=False)
class BootstrapResult(Result):
    """What a bootstrap finds. With ``axis`` every number is an array, in the shape of the samples without that axis.

    Attributes
    ----------
    estimate : float or ndarray
        The statistic of the sample.
    standard_error : float or ndarray
        The standard deviation of the bootstrap distribution.
    bias : float or ndarray
        The mean of that distribution less the estimate.
    confidence_interval : tuple
        Low and high end; one of them infinite if the alternative is one-sided.
    confidence_level : float
        Level of the interval.
    method : str
        How the interval was made: ``"BCa"``, ``"percentile"`` or ``"basic"``.
    statistic : str
        The statistic's name.
    n : tuple of int
        How many values in each sample.
    n_resamples : int
        How many resamples were drawn.
    n_undefined : int or ndarray
        How many of them have no statistic (the correlation of a constant, say) and were left out.
    bias_correction, acceleration : float or ndarray
        BCa's z₀ and a; NaN for other methods.
    probabilities : tuple
        The probabilities at which the interval cuts the distribution.
    paired : bool
        Whether the samples were drawn in pairs.
    alternative : str
        Which ends the interval has.
    native : bool
        Whether the statistic was computed by the core, or by calling Python.
    bootstrap_distribution : ndarray
        The statistic of every resample; resamples are the last axis.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    estimate: float
    standard_error: float
    bias: float
    confidence_interval: tuple[float, float]
    confidence_level: float
    method: str
    statistic: str
    n: tuple[int, ...]
    n_resamples: int
    n_undefined: int
    bias_correction: float
    acceleration: float
    probabilities: tuple[float, float]
    paired: bool
    alternative: str
    native: bool
    bootstrap_distribution: NDArray[np.float64]

    def _title(self) -> str:
        return f"Bootstrap of the {self.statistic}, {self.method} interval"

    def _rows(self) -> list[tuple[str, str]]:
        said = {"method", "statistic", "bootstrap_distribution"}
        said |= {"paired"} if len(self.n) == 1 else set()
        said |= {"bias_correction", "acceleration"} if self.method != "BCa" else set()
        return [row for row in Result._rows(self) if row[0] not in said]

    @property
    def notes(self) -> tuple[str, ...]:
        """What makes the numbers doubtful."""
        return tuple(self._remarks())

    def _remarks(self) -> Iterator[str]:
        if min(self.n) < _FEW:
            yield (
                f"{min(self.n)} values are few: resamples of a small sample vary less than new samples would, and the "
                "interval tends to be too short"
            )
        if np.any(np.asarray(self.n_undefined) > 0):
            yield (
                f"{format_value(self.n_undefined)} of {self.n_resamples} resamples have no {self.statistic} and were "
                "left out"
            )
        if np.any(np.asarray(self.standard_error) == 0):
            yield (
                "every resample gives the same value: an interval without width says that the sample has too little "
                "variety, not that the estimate is exact"
            )
            return
        if np.ndim(self.estimate) == 0:
            outside = min(self.probabilities[0], 1 - self.probabilities[1]) * (self.n_resamples - self.n_undefined)
            if self.method != "percentile" and abs(self.bias) > 0.25 * self.standard_error:
                yield "the bias is more than a quarter of the standard error"
            if outside < _OUTERMOST:
                yield "an end of the interval rests on a handful of the outermost resamples; draw more of them"
            if len(self.n) == 1 and len(np.unique(self.bootstrap_distribution)) < 2 * self.n[0] + 2:
                yield "the resamples give few different values, so that the interval's ends are coarse"

    def explain(self) -> str:
        """Say in words what was done, what was found, and what it rests on.

        Examples
        --------
        >>> import underhood as uh
        >>> found = uh.stats.bootstrap([5.1, 4.9, 6.2, 5.8, 6.0, 5.5], "mean", rng=1)
        >>> print(found.explain().splitlines()[0])
        Question: how far may the mean of the sample be from that of the population?
        """
        if np.ndim(self.estimate):
            raise ValueError("BootstrapResult.explain: there are many results; bootstrap one column for the words")
        drawn = "pairs were drawn" if self.paired else "values were drawn"
        lines = [
            f"Question: how far may the {self.statistic} of the sample be from that of the population?",
            f"Done: {self.n_resamples} times as many {drawn} from the sample as it has, with replacement, and the "
            f"{self.statistic} was computed of each such resample.",
            f"Found: the {self.statistic} is {format_value(self.estimate)}, with a standard error of "
            f"{format_value(self.standard_error)}; on average the resamples are off by {format_value(self.bias)}.",
            f"Size: {interval(*self.confidence_interval)} ({percent(self.confidence_level)} confidence interval, "
            f"{self.method}).",
            "Assumptions: the values are independent of each other (the data cannot tell), and the sample looks like "
            "the population: what it does not hold, no resample shows.",
            f"Not concluded: that the interval holds the population's {self.statistic} with that probability; the "
            "level says how often intervals made this way hold it, nearly, in large samples.",
        ]
        return "\n".join([*lines, *(f"Note: {note}." for note in self._remarks())])

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw a histogram of the bootstrap distribution, with the estimate and the interval.

        Examples
        --------
        >>> import underhood as uh
        >>> ax = uh.stats.bootstrap([5.1, 4.9, 6.2, 5.8, 6.0, 5.5], "mean", rng=1).plot()
        >>> ax.get_xlabel()
        'mean of a resample'
        """
        from underhood.plot._resampling import bootstrap_distribution

        return bootstrap_distribution(self, ax)

    def __repr__(self) -> str:
        return "\n".join([Result.__repr__(self), *(f"  note: {note}" for note in self._remarks())])

    def _repr_html_(self) -> str:
        return Result._repr_html_(self) + "".join(f"<p>Note: {escape(note)}.</p>" for note in self._remarks())


def bootstrap(
    data: Any,
    statistic: Statistic,
    *,
    n_resamples: int = 9999,
    batch: int | None = None,
    vectorized: bool | None = None,
    paired: bool = False,
    axis: int | None = None,
    confidence_level: float = 0.95,
    alternative: str = "two-sided",
    method: str = "BCa",
    rng: Any = None,
) -> BootstrapResult:
    """Find standard error, bias and confidence interval of any statistic from resamples of the sample.

    A resample has as many values as the sample, drawn from it with replacement, each equally likely. How the statistic
    varies from resample to resample estimates how it varies from sample to sample.

    Parameters
    ----------
    data : array_like, shape (n,), or sequence of samples
        One sample, or as many as the statistic takes; the columns of a frame are samples. SciPy's ``(x,)`` works too.
    statistic : str, pair or callable
        These are computed natively: ``"mean"``, ``"median"``, ``"std"``, ``"var"`` (divisor n − 1; ``("std", 0)`` for
        n), ``("quantile", 0.9)``, ``"iqr"``, ``"trim_mean"`` (a tenth cut off at each end; ``("trim_mean", 0.2)``),
        ``"skew"``, ``"kurtosis"``; of two samples ``"mean_difference"``, ``"median_difference"``; of pairs
        ``"correlation"``. ``np.mean``, ``np.median``, ``np.std``, ``np.var`` and those of this module are recognised.
        Any other function is called with the samples and gives a number.
    n_resamples : int, default 9999
        How many resamples.
    batch : int, optional
        How many of them a vectorised function gets at a time.
    vectorized : bool, optional
        Whether the function takes ``axis`` and arrays with a resample in each row; found out from its signature.
    paired : bool, default False
        Whether the values of several samples belong together and are drawn together; of ``"correlation"`` they are.
    axis : int, optional
        The axis that one sample runs along, for a result for each column; by default samples are vectors.
    confidence_level : float, default 0.95
        Level of the interval.
    alternative : {"two-sided", "less", "greater"}
        ``"less"`` gives an interval with only an upper end, ``"greater"`` one with only a lower end.
    method : {"BCa", "percentile", "basic"}
        The bias-corrected and accelerated interval, the quantiles of the bootstrap distribution, or those turned round
        the estimate.
    rng : int, numpy.random.Generator or None
        The seed: the same seed gives the same result.

    Returns
    -------
    BootstrapResult
        ``estimate``, ``standard_error``, ``bias``, ``confidence_interval``, ``bootstrap_distribution``, …

    Raises
    ------
    ValueError
        If there are fewer than two values, one is missing or infinite, the statistic has no value, or the BCa method
        cannot be used (when the estimate lies outside of all resamples).
    TypeError
        If the statistic is neither a name nor a function.

    Notes
    -----
    Medians and quantiles are not resampled value by value: their resamples' distribution is known, and drawn from.
    The bootstrap of an extreme (``("quantile", 1)``) does not work, however many resamples there are. SciPy counts
    BCa's bias correction without regard to rounding; here values that differ by rounding are equal.

    References
    ----------
    B. Efron (1987), Better bootstrap confidence intervals, doi:10.1080/01621459.1987.10478410;
    B. Efron and R. J. Tibshirani (1993), An Introduction to the Bootstrap.

    Examples
    --------
    >>> import underhood as uh
    >>> x = [5.1, 4.9, 6.2, 5.8, 6.0, 5.5, 5.2, 6.6]
    >>> found = uh.stats.bootstrap(x, "mean", rng=1)
    >>> low, high = found.confidence_interval
    >>> round(found.estimate, 4), bool(low < 5.6625 < high)
    (5.6625, True)
    >>> uh.stats.bootstrap(x, lambda v: max(v) - min(v), method="percentile", rng=1).native
    False
    """
    known = read_statistic("bootstrap", statistic, vectorized)
    samples = read_samples("bootstrap", data, axis)
    options = (confidence_level, alternative, method)
    if axis is None:
        return _one(samples, known, n_resamples, batch, paired, options, rng)
    shape, columns = along("bootstrap", samples, axis)
    if not shape:
        return _one(columns, known, n_resamples, batch, paired, options, rng)
    # A generator of NumPy's moves on from column to column, and so does this one.
    seeds = np.random.default_rng(rng)
    results = [
        _one([x[i] for x in columns], known, n_resamples, batch, paired, options, seeds) for i in np.ndindex(shape)
    ]
    return _together(results, shape)


def _one(
    samples: list[Any],
    statistic: Any,
    n_resamples: int,
    batch: int | None,
    paired: bool,
    options: tuple[float, str, str],
    rng: Any,
) -> BootstrapResult:
    level, alternative, method = options
    if isinstance(statistic, Custom):
        arrays = vectors("bootstrap", samples)
        found = _called(arrays, statistic, n_resamples, batch, paired, options, rng)
        n = tuple(map(len, arrays))
    else:
        paired = bool(paired) or statistic[0] == "correlation"
        found = core.bootstrap(samples, statistic, n_resamples, level, alternative, method, paired, rng)
        n = tuple(map(len, samples))
    estimate, error, bias, within, probabilities, correction, distribution, undefined = found
    z0, a = (np.nan, np.nan) if correction is None else correction
    return BootstrapResult(
        estimate,
        error,
        bias,
        within,
        float(level),
        {"bca": "BCa"}.get(method.lower(), method.lower()),
        describe(statistic),
        n,
        int(n_resamples),
        undefined,
        z0,
        a,
        probabilities,
        paired and len(n) > 1,
        alternative,
        not isinstance(statistic, Custom),
        distribution,
    )


def _called(
    samples: list[NDArray[np.float64]],
    statistic: Custom,
    n_resamples: int,
    batch: int | None,
    paired: bool,
    options: tuple[float, str, str],
    rng: Any,
) -> _Numbers:
    lengths = [len(x) for x in samples]
    if min(lengths) < 2:
        raise ValueError(f"bootstrap: data has a sample of {min(lengths)} value, but at least 2 are needed")
    if not isinstance(n_resamples, int | np.integer) or n_resamples < 2:
        raise ValueError(f"bootstrap: n_resamples is {n_resamples!r}, but must be a whole number, at least 2")
    estimate = statistic.of(*samples)
    if not np.isfinite(estimate):
        raise ValueError(f"bootstrap: statistic is {estimate} for the data as they are, but must be a finite number")
    resampler, step = core.Resampler(lengths, paired, rng), statistic.batch(batch, samples)
    parts = [
        statistic.of_rows(resampler.next(samples, min(step, n_resamples - done)))
        for done in range(0, int(n_resamples), step)
    ]
    left_out: list[NDArray[np.float64]] = []
    if options[2].lower() == "bca":
        together = [range(len(samples))] if paired else [(i,) for i in range(len(samples))]
        left_out = [statistic.leaving_out(samples, which, batch) for which in together]
    return core.bootstrap_of(estimate, np.concatenate(parts), left_out, *options)


def _together(results: list[BootstrapResult], shape: tuple[int, ...]) -> BootstrapResult:
    """Make one result of many, whose numbers are arrays."""

    def stacked(name: str) -> Any:
        return np.array([getattr(result, name) for result in results]).reshape(shape)

    def pair(name: str) -> Any:
        return tuple(np.array([getattr(result, name)[end] for result in results]).reshape(shape) for end in (0, 1))

    first = results[0]
    kept = np.full((len(results), first.n_resamples), np.nan)
    for row, result in zip(kept, results, strict=True):
        row[: len(result.bootstrap_distribution)] = result.bootstrap_distribution
    return BootstrapResult(
        stacked("estimate"),
        stacked("standard_error"),
        stacked("bias"),
        pair("confidence_interval"),
        first.confidence_level,
        first.method,
        first.statistic,
        first.n,
        first.n_resamples,
        stacked("n_undefined"),
        stacked("bias_correction"),
        stacked("acceleration"),
        pair("probabilities"),
        first.paired,
        first.alternative,
        first.native,
        kept.reshape((*shape, -1)),
    )
