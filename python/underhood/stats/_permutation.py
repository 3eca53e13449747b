"""Permutation tests: rearrange what would be exchangeable, and see how far out the data are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from underhood._core import resampling as core
from underhood._results import Result, format_value
from underhood.stats._hypothesis import Assumption, HypothesisTestResult
from underhood.stats._policy import ManyTestsResult
from underhood.stats._resampling import Custom, Statistic, along, describe, read_samples, read_statistic, vectors

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from underhood._core.resampling import _Permutation as _Numbers

__all__ = ["PermutationTestResult", "permutation_test"]

_ALL = 2**62
"""What stands for infinitely many resamples."""


@dataclass(slots=True, repr=False, eq=False)
class PermutationTestResult(HypothesisTestResult):
    """What a permutation test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        The statistic of the data.
    pvalue : float
        Probability of a statistic at least as far out in the direction of the alternative, if every rearrangement is
        as likely as the data. Two-sided: twice the smaller of the one-sided ones.
    effect_size : float
        The statistic less the mean of the null distribution: for a difference of means, in the unit of the data.
    standardized_effect : float
        That divided by the standard deviation of the null distribution; NaN if this is zero.
    n : tuple of int
        How many values in each sample.
    n_resamples : int
        How many rearrangements were tried.
    exact : bool
        Whether these are all there are.
    permutation_type : str
        What was rearranged.
    alternative : str
        Which departures count.
    statistic_name : str
        What the statistic is.
    method : str
        Which test this is, exact or random.
    native : bool
        Whether the statistic was computed by the core, or by calling Python.
    null_distribution : ndarray
        The statistic of every rearrangement.
    assumptions : tuple of Assumption
        What was assumed.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    effect_size: float
    standardized_effect: float
    n: tuple[int, ...]
    n_resamples: int
    exact: bool
    permutation_type: str
    alternative: str
    statistic_name: str
    method: str
    native: bool
    null_distribution: NDArray[np.float64]

    def _title(self) -> str:
        return f"{self.method} of the {self.statistic_name}, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        said = {"method", "alternative", "statistic_name", "null_distribution"}
        return [row for row in Result._rows(self) if row[0] not in said]

    def _question(self) -> str:
        swapped = "it did not matter which value of a pair is which" if len(self.n) > 1 else "signs were left to chance"
        null = {
            "independent": "all values came from one population",
            "samples": swapped,
            "pairings": "the values were paired at random",
        }[self.permutation_type]
        return f"is the {self.statistic_name} farther out than if {null}?"

    def _null(self) -> str:
        return {
            "independent": "all values came from one population",
            "samples": "the sign or the sample of each value were left to chance",
            "pairings": "the pairs had come together by chance",
        }[self.permutation_type]

    def _finding(self) -> str:
        outcome = {"two-sided": "as far out", "less": "as low", "greater": "as high"}[self.alternative]
        which = f"all {self.n_resamples}" if self.exact else f"{self.n_resamples} random"
        return (
            f"The {self.statistic_name} is {format_value(self.statistic)}, beside {which} "
            f"rearrangements of the data. {self._verdict(self._null(), f'one at least {outcome}')}"
        )

    def _size(self) -> str:
        spread = (
            ""
            if np.isnan(self.standardized_effect)
            else f", {format_value(self.standardized_effect)} of its standard deviations"
        )
        return f"the statistic is {format_value(self.effect_size)} from the mean of the rearrangements{spread}."

    def _assumed(self) -> Iterator[Assumption]:
        yield {
            "independent": Assumption("if there is no effect, every value could as well have stood in another sample"),
            "samples": Assumption(
                "if there is no effect, what was swapped could as well have been the other way round"
            ),
            "pairings": Assumption("if there is no effect, every value could as well have had another partner"),
        }[self.permutation_type]

    def _remarks(self) -> Iterator[str]:
        if self.exact and self.n_resamples < 40:
            yield (
                f"there are only {self.n_resamples} rearrangements: the p-value cannot become small, whatever the data"
            )
        if np.isnan(self.standardized_effect):
            yield "every rearrangement gives the same value: this type of permutation cannot change the statistic"
        if not self.exact and self.pvalue * self.n_resamples < 20:
            yield "the p-value rests on a handful of rearrangements; more of them would make it more exact"
        if self.permutation_type == "independent":
            yield "samples that differ in spread or shape are not exchangeable either, and can make the p-value small"

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw a histogram of the null distribution, with the statistic of the data.

        Examples
        --------
        >>> import underhood as uh
        >>> test = uh.stats.permutation_test(([5, 6, 8], [1, 3, 4]), "mean_difference")
        >>> test.plot().get_xlabel()
        'mean difference of a rearrangement'
        """
        from underhood.plot._resampling import null_distribution

        return null_distribution(self, ax)


def permutation_test(
    data: Any,
    statistic: Statistic,
    *,
    permutation_type: str = "independent",
    vectorized: bool | None = None,
    n_resamples: float = 9999,
    batch: int | None = None,
    alternative: str = "two-sided",
    axis: int | None = None,
    rng: Any = None,
) -> PermutationTestResult:
    """Test of any statistic: rearrange the data, and see how often it comes out at least as far.

    If no more than ``n_resamples`` rearrangements are possible all of them are tried, and p is the share of those at
    least as far out. Else m random ones are drawn, of which b are at least as far out, and p = (b + 1)/(m + 1), the
    data being one of their own rearrangements.

    Parameters
    ----------
    data : sequence of samples
        Two samples or more, each a vector; for ``"samples"`` also one. The columns of a frame are samples.
    statistic : str or callable
        These are computed natively: of independent samples or pairs ``"mean_difference"``, ``"median_difference"``; of
        one sample (type ``"samples"``) ``"mean"``, ``"median"``; of pairs (type ``"pairings"``) ``"correlation"``. Any
        other function is called with the samples and gives a number.
    permutation_type : {"independent", "samples", "pairings"}
        What is exchangeable if there is no effect: which sample a value is in; which of the samples each value of an
        observation is in (of one sample: the signs); which values are paired. Of several samples the first keeps its
        order for ``"pairings"``.
    vectorized : bool, optional
        Whether the function takes ``axis`` and arrays with a rearrangement in each row; found out from its signature.
    n_resamples : int or inf, default 9999
        How many rearrangements at most; ``np.inf`` tries all, however many there are.
    batch : int, optional
        How many of them a vectorised function gets at a time.
    alternative : {"two-sided", "less", "greater"}
        Which departures count. Two-sided: twice the smaller of the one-sided p-values.
    axis : int, optional
        The axis that one sample runs along, for a test of each column; by default samples are vectors.
    rng : int, numpy.random.Generator or None
        The seed: the same seed gives the same result.

    Returns
    -------
    PermutationTestResult
        A :class:`ManyTestsResult` if ``axis`` is given. Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If a sample is empty, a value is missing or infinite, the statistic has no value, or no rearrangement of this
        type could change it.
    TypeError
        If the statistic is neither a name nor a function.

    Notes
    -----
    Values that differ from the statistic by less than 100 units of rounding, relative to the largest of the null
    distribution, count as equal to it.

    References
    ----------
    E. J. G. Pitman (1937), doi:10.2307/2984124; B. Phipson and G. K. Smyth (2010), Permutation p-values should never
    be zero, doi:10.2202/1544-6115.1585.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.permutation_test(([5, 6, 8, 9], [1, 3, 4]), "mean_difference", alternative="greater")
    >>> test.statistic, test.exact, test.n_resamples, round(test.pvalue, 6)
    (4.333333333333333, True, 35, 0.028571)
    """
    known = read_statistic("permutation_test", statistic, vectorized)
    samples = read_samples("permutation_test", data, axis)
    if isinstance(n_resamples, float | np.floating) and np.isposinf(n_resamples):
        n_resamples = _ALL
    options = (permutation_type, n_resamples, batch, alternative)
    if axis is None:
        return _one(samples, known, *options, rng)
    shape, columns = along("permutation_test", samples, axis)
    if not shape:
        return _one(columns, known, *options, rng)
    seeds = np.random.default_rng(rng)
    results = np.empty(shape, dtype=object)
    for i in np.ndindex(shape):
        results[i] = _one([x[i] for x in columns], known, *options, seeds)
    numbers = [np.reshape([getattr(one, name) for one in results.ravel()], shape) for name in ("statistic", "pvalue")]
    # As everywhere, a test says that it returns its own result; with an axis there are many of them.
    return cast(PermutationTestResult, ManyTestsResult(numbers[0], numbers[1], results))


def _one(
    samples: list[Any], statistic: Any, kind: str, n_resamples: Any, batch: int | None, alternative: str, rng: Any
) -> PermutationTestResult:
    if isinstance(statistic, Custom):
        arrays = vectors("permutation_test", samples)
        n = tuple(map(len, arrays))
        found = _called(arrays, statistic, kind, n_resamples, batch, alternative, rng)
    else:
        found = core.permutation_test(samples, statistic, kind, n_resamples, alternative, rng)
        n = tuple(map(len, samples))
    value, pvalue, null, exact = found
    mean, spread = float(np.mean(null)), float(np.std(null))
    effect = value - mean
    what = {"independent": "of independent samples", "samples": "of swapped samples", "pairings": "of pairings"}[kind]
    if kind == "samples" and len(n) == 1:
        what = "of signs"
    return PermutationTestResult(
        value,
        pvalue,
        effect,
        effect / spread if spread > 0 else np.nan,
        n,
        len(null),
        exact,
        kind,
        alternative,
        describe(statistic),
        f"{'Exact' if exact else 'Random'} permutation test {what}",
        not isinstance(statistic, Custom),
        null,
    )


def _called(
    samples: list[NDArray[np.float64]],
    statistic: Custom,
    kind: str,
    n_resamples: Any,
    batch: int | None,
    alternative: str,
    rng: Any,
) -> _Numbers:
    lengths = [len(x) for x in samples]
    arranger = core.Arranger(kind, lengths, n_resamples, rng)
    observed = statistic.of(*samples)
    exact, left = arranger.state()
    if n_resamples == _ALL and not exact:
        raise ValueError("permutation_test: n_resamples is infinite, but nobody can try so many rearrangements")
    if left < 1:
        raise ValueError(f"permutation_test: n_resamples is {n_resamples}, but must be at least 1")
    pooled = np.concatenate(samples)
    if kind == "samples" and len(samples) == 1:
        pooled = np.concatenate([pooled, -pooled])
    step, ends, parts = statistic.batch(batch, samples), np.cumsum(lengths)[:-1], []
    while left > 0:
        arranged = pooled[arranger.next(step)]
        parts.append(statistic.of_rows(np.split(arranged, ends, axis=1)))
        left -= len(arranged)
    return core.permutation_of(observed, np.concatenate(parts), exact, alternative)
