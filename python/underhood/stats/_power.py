"""Power: how likely a study is to find an effect, and how large it has to be; and what that means in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from underhood._core import power as core
from underhood._results import Result, format_value
from underhood.stats._hypothesis import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PowerResult", "anova_power", "power", "proportions_power", "sample_size", "ttest_power"]

_TESTS = {
    "t": "a t test of two independent samples",
    "paired t": "a t test of pairs",
    "one-sample t": "a t test of one sample",
    "proportion": "a z test of two proportions",
    "one-sample proportion": "a z test of one proportion",
    "anova": "a one-way analysis of variance",
    "chi-square": "a chi-square test of counts",
}
_EFFECTS = {
    "t": "Cohen's d",
    "paired t": "Cohen's d of the differences",
    "one-sample t": "Cohen's d",
    "proportion": "Cohen's h",
    "one-sample proportion": "Cohen's h",
    "anova": "Cohen's f",
    "chi-square": "Cohen's w",
}
_KINDS = {"two-sample": "t", "paired": "paired t", "one-sample": "one-sample t"}


@dataclass(slots=True, repr=False, eq=False)
class PowerResult(Result):
    """Effect size, sample size, level and power of a test: three that were given, and the one that follows.

    Attributes
    ----------
    solved_for : {"effect_size", "n", "alpha", "power"}
        Which of the four was asked for.
    effect_size : float
        The true effect: Cohen's d (t), h (proportions), f (analysis of variance) or w (chi-square).
    n : float or int
        How many values in the first sample or in each group; an int from :func:`sample_size`.
    sizes : tuple
        How many values in each sample or group.
    n_total : float or int
        How many values in all.
    alpha : float
        Level of the test: how often it finds an effect where there is none.
    power : float
        Probability that the test finds the effect.
    beta : float
        Probability that it misses the effect, 1 − power, to its own relative precision.
    critical_value : float
        The t, z, F or χ² from which on the test finds an effect (on either side if it is two-sided; for less, its
        negative).
    noncentrality : float
        How far the effect moves that statistic: δ of the noncentral t (z), λ of the noncentral F and χ² distributions.
    df : tuple of float
        Degrees of freedom of t, F or χ²; empty for z.
    ratio : float
        Size of the second sample over that of the first.
    alternative : str
        Which departures count.
    test : str
        Which test.
    k_groups : int or None
        How many groups or categories.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    solved_for: str
    effect_size: float
    n: float
    sizes: tuple[float, ...]
    n_total: float
    alpha: float
    power: float
    beta: float
    critical_value: float
    noncentrality: float
    df: tuple[float, ...]
    ratio: float
    alternative: str
    test: str
    k_groups: int | None
    _least: float
    _smallest: bool

    def _title(self) -> str:
        return f"Power of {_TESTS[self.test]}"

    def _rows(self) -> list[tuple[str, str]]:
        idle = set() if self.k_groups is not None else {"k_groups"}
        if len(self.sizes) != 2 or self.k_groups is not None:
            idle.add("ratio")
        if self.test in ("anova", "chi-square"):
            idle.add("alternative")
        if not self.df:
            idle.add("df")
        return [row for row in Result._rows(self) if row[0] not in idle]

    def _remarks(self) -> Iterator[str]:
        if self._smallest:
            yield "these are the smallest samples that such a test can have; they have more power than was asked for"
        elif self.solved_for == "n" and self.n != round(self.n):
            yield "n comes out as a fraction; round it up, or ask sample_size, which says the power then attained"
        if "proportion" in self.test or self.test == "chi-square":
            yield "this power is an approximation, good where every count that is expected is about ten or more"

    @property
    def notes(self) -> tuple[str, ...]:
        """What makes the numbers doubtful."""
        return tuple(self._remarks())

    def _values(self) -> str:
        """Write the sample sizes as words."""
        if self.k_groups is not None and self.test == "anova":
            return f"{self.k_groups} groups of {format_value(self.n)} values each"
        if len(self.sizes) == 2:
            return f"{format_value(self.sizes[0])} and {format_value(self.sizes[1])} values"
        return f"{format_value(self.n)} {'pairs' if self.test == 'paired t' else 'values'}"

    def explain(self) -> str:
        """Say in words what was asked, what was found, what power means and what it does not.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.power(effect_size=0.5, power=0.8).explain().splitlines()[0])
        Question: how many values does it take to find a true effect of 0.5 with probability 80 %?
        """
        effect, level = format_value(self.effect_size), percent(self.alpha)
        question = {
            "n": f"how many values does it take to find a true effect of {effect} with probability "
            f"{percent(self.power)}",
            "power": f"how likely is a study with {self._values()} to find a true effect of {effect}",
            "effect_size": f"which true effect does a study with {self._values()} find with probability "
            f"{percent(self.power)}",
            "alpha": f"which level lets a study with {self._values()} find a true effect of {effect} with probability "
            f"{percent(self.power)}",
        }[self.solved_for]
        lines = [
            f"Question: {question}?",
            f"Found: if the true effect is {effect} ({_EFFECTS[self.test]}), {_TESTS[self.test]} with "
            f"{self._values()}, made at the level {format_value(self.alpha)} ({self.alternative}), finds it with "
            f"probability {format_value(self.power)} and misses it with probability {format_value(self.beta)}.",
            f"Meaning: of many such studies of an effect of exactly that size, {percent(self.power)} would find it. "
            f"Where there is no effect at all, {level} would find one all the same.",
            "Not concluded: power is about studies that are yet to be made, and about an effect of a size that is "
            "supposed, best the smallest that would matter. It does not say that there is such an effect. A power "
            "computed from the effect that a study has found says nothing that its p-value did not.",
        ]
        return "\n".join([*lines, *(f"Note: {note}." for note in self._remarks())])

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw power against n, for this effect, half and twice of it: :func:`underhood.plot.power_curve`."""
        from underhood.plot import power_curve

        return power_curve(self, ax=ax)

    def __repr__(self) -> str:
        return "\n".join([Result.__repr__(self), *(f"  note: {note}" for note in self._remarks())])

    def _repr_html_(self) -> str:
        return Result._repr_html_(self) + "".join(f"<p>Note: {escape(note)}.</p>" for note in self._remarks())

    def _curve(self, effect_size: float, n: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the power for each n."""
        return core.power_curve((self.test, self.ratio, self.alternative, self.k_groups), effect_size, n, self.alpha)


def power(
    test: str = "t",
    *,
    effect_size: float | None = None,
    n: float | None = None,
    alpha: float | None = 0.05,
    power: float | None = None,
    ratio: float = 1.0,
    alternative: str = "two-sided",
    k_groups: int | None = None,
) -> PowerResult:
    """Of effect size, sample size, level and power of a test, the one that is not given.

    Power is the probability that a test rejects its null hypothesis, P(p-value < alpha), when the true effect has that
    size. Leave out what is asked for; ``alpha`` has to be given as ``None`` to be asked for.

    Parameters
    ----------
    test : str, default "t"
        Which test, and with it what ``effect_size`` and ``n`` mean:

        =========================  ================================================  ===============================
        ``"t"``                    two independent samples; Cohen's d = (μ₁ − μ₂)/σ  n in the first sample
        ``"paired t"``             pairs; the mean difference over the standard      n pairs
                                   deviation of the differences
        ``"one-sample t"``         one mean; (μ − μ₀)/σ                              n values
        ``"proportion"``           two proportions; Cohen's h                        n in the first sample
        ``"one-sample proportion"``  one proportion; Cohen's h from the tested one   n values
        ``"anova"``                means of ``k_groups`` groups; Cohen's f           n in each group
        ``"chi-square"``           counts in ``k_groups`` categories; Cohen's        n values in all
                                   w = √Σ (pᵢ − p₀ᵢ)²/p₀ᵢ
        =========================  ================================================  ===============================
    effect_size : float, optional
        The true effect, without a unit: see :func:`cohens_d`, :func:`cohens_h`, :func:`cohens_f`.
    n : float, optional
        How many values.
    alpha : float, default 0.05
        Level of the test.
    power : float, optional
        The power.
    ratio : float, default 1
        Size of the second sample over that of the first.
    alternative : {"two-sided", "less", "greater"}
        Which departures count. Tests of means of groups and of counts have no sides.
    k_groups : int, optional
        Number of groups (``"anova"``) or categories (``"chi-square"``).

    Returns
    -------
    PowerResult
        With all four numbers, ``.explain()`` and ``.plot()``. An ``n`` that is asked for is a fraction;
        :func:`sample_size` rounds it up.

    Raises
    ------
    ValueError
        If other than three of the four are given, a number is out of its range, or nothing fits: no effect, an effect
        on the other side, a power that is not above ``alpha``.

    See Also
    --------
    sample_size, ttest_power, proportions_power, anova_power

    Notes
    -----
    The powers of t tests and of the analysis of variance are exact for normal data (noncentral t and F distributions),
    the others approximations. Unlike statsmodels' ``FTestAnovaPower``, n counts the values of one group, as for two
    samples; its ``nobs`` is n·k_groups. Its "larger" and "smaller" are "greater" and "less" here.

    References
    ----------
    J. Cohen (1988), Statistical Power Analysis for the Behavioral Sciences.

    Examples
    --------
    How many values does it take to find half a standard deviation with probability 80 %?

    >>> import underhood as uh
    >>> round(uh.stats.power(effect_size=0.5, power=0.8).n, 4)
    63.7656

    And how likely are twenty in each sample to find it?

    >>> round(uh.stats.power(effect_size=0.5, n=20).power, 4)
    0.3379

    Three groups of fifteen find which spread of means?

    >>> round(uh.stats.power("anova", n=15, power=0.8, k_groups=3).effect_size, 4)
    0.4772
    """
    return _solved("power", (test, ratio, alternative, k_groups), effect_size, n, alpha, power)


def sample_size(
    test: str = "t",
    *,
    effect_size: float,
    power: float = 0.8,
    alpha: float = 0.05,
    ratio: float = 1.0,
    alternative: str = "two-sided",
    k_groups: int | None = None,
) -> PowerResult:
    """Find the smallest samples, in whole values, with which a test has at least that power, and the power they have.

    Parameters
    ----------
    test : str, default "t"
        Which test, see :func:`power`.
    effect_size : float
        The true effect, best the smallest that would matter.
    power : float, default 0.8
        The power that is wanted.
    alpha : float, default 0.05
        Level of the test.
    ratio : float, default 1
        Size of the second sample over that of the first; the second is rounded up, too.
    alternative : {"two-sided", "less", "greater"}
        Which departures count.
    k_groups : int, optional
        Number of groups (``"anova"``) or categories (``"chi-square"``).

    Returns
    -------
    PowerResult
        ``n``, ``sizes`` and ``n_total`` are whole; ``power`` is that of these sizes, a little more than was wanted.

    Raises
    ------
    ValueError
        As :func:`power`.

    References
    ----------
    J. Cohen (1988), Statistical Power Analysis for the Behavioral Sciences.

    Examples
    --------
    >>> import underhood as uh
    >>> study = uh.stats.sample_size(effect_size=0.5)
    >>> study.sizes, round(study.power, 4)
    ((64, 64), 0.8015)
    """
    return _solved("sample_size", (test, ratio, alternative, k_groups), effect_size, None, alpha, power)


def ttest_power(
    effect_size: float | None = None,
    n: float | None = None,
    alpha: float | None = 0.05,
    power: float | None = None,
    *,
    kind: str = "two-sample",
    ratio: float = 1.0,
    alternative: str = "two-sided",
) -> PowerResult:
    """Power of Student's t tests: of effect size, sample size, level and power, the one that is not given.

    Parameters
    ----------
    effect_size : float, optional
        Cohen's d: the difference in standard deviations (of pairs: of the standard deviation of the differences).
    n : float, optional
        Number of values in the first sample, or of pairs.
    alpha : float, default 0.05
        Level of the test.
    power : float, optional
        The power.
    kind : {"two-sample", "paired", "one-sample"}
        Which t test.
    ratio : float, default 1
        Size of the second sample over that of the first.
    alternative : {"two-sided", "less", "greater"}
        Which departures count.

    Returns
    -------
    PowerResult

    Raises
    ------
    ValueError
        As :func:`power`.

    References
    ----------
    N. L. Johnson and B. L. Welch (1940), Applications of the non-central t-distribution, doi:10.1093/biomet/31.3-4.362.

    Examples
    --------
    >>> import underhood as uh
    >>> round(uh.stats.ttest_power(0.5, 30, kind="paired").power, 4)
    0.754
    """
    if kind not in _KINDS:
        allowed = ", ".join(map(repr, _KINDS))
        raise ValueError(f"ttest_power: kind is {kind!r}, but must be one of {allowed}")
    return _solved("ttest_power", (_KINDS[kind], ratio, alternative, None), effect_size, n, alpha, power)


def proportions_power(
    p1: float,
    p2: float,
    n: float | None = None,
    alpha: float | None = 0.05,
    power: float | None = None,
    *,
    ratio: float = 1.0,
    alternative: str = "two-sided",
) -> PowerResult:
    """Power of the z test of two proportions: of sample size, level and power, the one that is not given.

    Parameters
    ----------
    p1, p2 : float
        The true proportions, between 0 and 1; their distance is measured by :func:`cohens_h`.
    n : float, optional
        Number of values in the first sample.
    alpha : float, default 0.05
        Level of the test.
    power : float, optional
        The power.
    ratio : float, default 1
        Size of the second sample over that of the first.
    alternative : {"two-sided", "less", "greater"}
        Whether p1 differs from p2, is less, or greater.

    Returns
    -------
    PowerResult

    Raises
    ------
    ValueError
        As :func:`power`.

    Notes
    -----
    2 arcsin √p̂ is about normal with variance 1/n whatever p is: an approximation, good where about ten of either
    outcome are expected in each sample.

    References
    ----------
    J. Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, chapter 6.

    Examples
    --------
    >>> import underhood as uh
    >>> round(uh.stats.proportions_power(0.65, 0.45, power=0.8).n, 2)
    96.12
    """
    try:
        effect = core.cohens_h(p1, p2)
    except (TypeError, ValueError) as refusal:
        raise type(refusal)(str(refusal).replace("cohens_h", "proportions_power", 1)) from None
    return _solved("proportions_power", ("proportion", ratio, alternative, None), effect, n, alpha, power)


def anova_power(
    effect_size: float | None = None,
    n: float | None = None,
    alpha: float | None = 0.05,
    power: float | None = None,
    *,
    k_groups: int,
) -> PowerResult:
    """Power of the one-way analysis of variance: of effect size, sample size, level and power, the one not given.

    Parameters
    ----------
    effect_size : float, optional
        Cohen's f, see :func:`cohens_f`.
    n : float, optional
        Number of values in each group (statsmodels' ``nobs`` is that of all groups, n·k_groups).
    alpha : float, default 0.05
        Level of the test.
    power : float, optional
        The power.
    k_groups : int
        Number of groups, all of one size.

    Returns
    -------
    PowerResult

    Raises
    ------
    ValueError
        As :func:`power`.

    References
    ----------
    P. C. Tang (1938), The power function of the analysis of variance tests, Statistical Research Memoirs 2.

    Examples
    --------
    >>> import underhood as uh
    >>> round(uh.stats.anova_power(0.25, power=0.8, k_groups=3).n, 4)
    52.3966
    """
    return _solved("anova_power", ("anova", 1.0, "two-sided", k_groups), effect_size, n, alpha, power)


def _solved(
    function: str,
    design: tuple[str, float, str, int | None],
    effect_size: float | None,
    n: float | None,
    alpha: float | None,
    power: float | None,
) -> PowerResult:
    for argument, name in (("test", design[0]), ("alternative", design[2])):
        if not isinstance(name, str):
            raise TypeError(f"{function}: {argument} is a {type(name).__name__}, but must be a string")
    whole = function == "sample_size"
    found = core.solve(function, design, effect_size, n, alpha, power, whole)
    solved_for, effect, size, sizes, level, (attained, beta, critical, noncentrality), df, least, smallest = found
    if whole:
        size, sizes = int(size), tuple(map(int, sizes))
    return PowerResult(
        solved_for,
        effect,
        size,
        sizes,
        sum(sizes),
        level,
        attained,
        beta,
        critical,
        noncentrality,
        tuple(number for number in df if number is not None),
        sizes[1] / size if design[0] in ("t", "proportion") else 1.0,
        design[2],
        design[0],
        design[3],
        least,
        smallest,
    )
