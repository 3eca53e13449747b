"""Confidence intervals: against SciPy and tables, in extreme units, and how often they hold the truth."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import underhood as uh
from scipy import stats

RNG = np.random.default_rng(11)
X, Y = RNG.normal(5, 2, 24), RNG.normal(4, 3, 31)


@pytest.fixture(autouse=True)
def close_figures():
    """Leave no figure open."""
    yield
    plt.close("all")


def test_intervals_of_means_are_those_of_scipys_tests():
    found = uh.stats.mean_confint(X)
    expected = stats.t.interval(0.95, 23, X.mean(), stats.sem(X))
    np.testing.assert_allclose(tuple(found), expected, rtol=1e-13)
    np.testing.assert_allclose(found.standard_error, stats.sem(X), rtol=1e-13)
    known = uh.stats.mean_confint(X, sigma=2, confidence_level=0.9)
    np.testing.assert_allclose(tuple(known), stats.norm.interval(0.9, X.mean(), 2 / 24**0.5), rtol=1e-13)
    for method, pooled in (("welch", False), ("pooled", True)):
        test = stats.ttest_ind(X, Y, equal_var=pooled).confidence_interval(0.99)
        found = uh.stats.mean_difference_confint(X, Y, method=method, confidence_level=0.99)
        np.testing.assert_allclose(tuple(found), test, rtol=1e-12)
    paired = uh.stats.mean_difference_confint(X, Y[:24], method="paired")
    np.testing.assert_allclose(tuple(paired), stats.ttest_rel(X, Y[:24]).confidence_interval(), rtol=1e-12)
    assert paired.n == (24,)


def test_intervals_of_spreads_are_quotients_of_chi_square_and_f():
    df, s2 = len(X) - 1, np.var(X, ddof=1)
    expected = df * s2 / stats.chi2.isf([0.025, 0.975], df)
    np.testing.assert_allclose(tuple(uh.stats.variance_confint(X)), expected, rtol=1e-12)
    np.testing.assert_allclose(tuple(uh.stats.std_confint(X)), np.sqrt(expected), rtol=1e-12)
    ratio = s2 / np.var(Y, ddof=1)
    found = uh.stats.variance_ratio_confint(X, Y, confidence_level=0.9)
    np.testing.assert_allclose(tuple(found), ratio / stats.f.isf([0.05, 0.95], df, len(Y) - 1), rtol=1e-12)
    lower = uh.stats.variance_confint(X, side="lower")
    assert lower.low == pytest.approx(df * s2 / stats.chi2.isf(0.05, df), rel=1e-12)
    assert lower.high == np.inf
    assert uh.stats.std_confint(X, side="upper").low == 0


def test_one_sided_intervals_spend_the_whole_error_on_one_end():
    for make in (uh.stats.mean_confint, uh.stats.variance_confint, uh.stats.std_confint, uh.stats.median_confint):
        both = make(X, confidence_level=0.9)
        lower, upper = (make(X, confidence_level=0.95, side=side) for side in ("lower", "upper"))
        assert lower.low == pytest.approx(both.low, rel=1e-13)
        assert upper.high == pytest.approx(both.high, rel=1e-13)
        assert lower.high == np.inf
        assert upper.low in (-np.inf, 0)


def test_correlation_and_its_interval():
    found = uh.stats.correlation_confint(X, Y[:24])
    expected = stats.pearsonr(X, Y[:24]).confidence_interval()
    np.testing.assert_allclose(tuple(found), expected, rtol=1e-12)
    assert uh.stats.correlation_confint(X, Y[:24], side="upper").low == -1


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("n", [40, 121, 1000])
def test_quantile_intervals_have_the_binomial_coverage_and_are_no_wider_than_needed(n, q):
    x = RNG.permutation(np.arange(1.0, n + 1))
    found = uh.stats.quantile_confint(x, q, confidence_level=0.9)
    low, high = found.ranks
    assert (found.low, found.high) == (low, high)
    count = stats.binom(n, q)
    assert found.coverage == pytest.approx(count.cdf(high - 1) - count.cdf(low - 1), rel=1e-12)
    assert count.cdf(low - 1) <= 0.05 < count.cdf(low)
    assert count.sf(high - 1) <= 0.05 < count.sf(high - 2)
    # SciPy's quantile_test takes the same order statistics.
    peer = stats.quantile_test(x, p=q).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx(tuple(peer), abs=1)


def test_medians_of_few_values():
    # Tables of the sign test (Dixon and Mood 1946), 95 %: of 6 values the first and last, of 9 the second and eighth.
    assert uh.stats.median_confint(np.arange(6)).ranks == (1, 6)
    assert uh.stats.median_confint(np.arange(6)).coverage == 1 - 2 / 64
    assert uh.stats.median_confint(np.arange(9)).ranks == (2, 8)
    with pytest.raises(ValueError, match="median_confint: x has 5 values, but at least 6 are needed"):
        uh.stats.median_confint(np.arange(5))
    with pytest.raises(ValueError, match="quantile_confint: x has 40 values, but at least 299 are needed"):
        uh.stats.quantile_confint(np.arange(40), 0.99, side="upper")
    assert uh.stats.quantile_confint(np.arange(299), 0.99, side="upper").ranks == (None, 299)
    assert uh.stats.median_confint([1, 1, 1, 1, 1, 1, 2]).low == 1


def test_offsets_and_extreme_units_do_not_matter():
    plain = uh.stats.mean_confint([1.0, 2.0, 4.0, 9.0])
    moved = uh.stats.mean_confint(np.array([1.0, 2.0, 4.0, 9.0]) + 2.0**48)
    assert moved.low - 2.0**48 == pytest.approx(plain.low, abs=0.07)
    for unit in (2.0**1010, 2.0**-1010):
        scaled = uh.stats.std_confint(np.array([1.0, 2.0, 4.0, 9.0]) * unit)
        assert scaled.high / unit == pytest.approx(uh.stats.std_confint([1.0, 2.0, 4.0, 9.0]).high, rel=1e-13)
        ratio = uh.stats.variance_ratio_confint(np.array([1.0, 2.0, 4.0]) * unit, np.array([1.0, 3.0, 4.0]) * unit)
        assert ratio.estimate == pytest.approx(1.0, rel=1e-13)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: uh.stats.mean_confint([3, 3, 3]), "mean_confint: x is constant"),
        (lambda: uh.stats.mean_confint([3]), "mean_confint: x has 1 value, but at least 2"),
        (
            lambda: uh.stats.mean_confint([1, 2], confidence_level=95),
            "confidence_level is 95, but must be between 0 and 1",
        ),
        (lambda: uh.stats.mean_confint([1, 2], sigma=0), "sigma is 0, but must be positive"),
        (lambda: uh.stats.mean_confint([1, 2], side="left"), 'mean_confint: side is "left"'),
        (lambda: uh.stats.mean_difference_confint([1, 1], [2, 2]), "mean_difference_confint: y is constant"),
        (lambda: uh.stats.mean_difference_confint([1, 2], [2, 3], method="paired"), "x differs from y by -1 in every"),
        (lambda: uh.stats.mean_difference_confint([1, 2], [2, 3, 1], method="paired"), "x is a vector of 2, but y is"),
        (lambda: uh.stats.mean_difference_confint([1, 2], [2, 3], method="z"), 'method is "z"'),
        (lambda: uh.stats.variance_ratio_confint([1, 2], [2, 2]), "variance_ratio_confint: y is constant"),
        (lambda: uh.stats.correlation_confint([1, 2, 3], [1, 3, 2]), "x has 3 values, but at least 4"),
        (lambda: uh.stats.correlation_confint([1, 1, 1, 1], [1, 3, 2, 4]), "correlation_confint: x is constant"),
        (lambda: uh.stats.quantile_confint([1, 2], 1.0), "quantile_confint: q is 1, but must be between 0 and 1"),
        (lambda: uh.stats.coverage(uh.distributions.Cauchy(), "mean"), "coverage: distribution has the parameter NaN"),
        (lambda: uh.stats.coverage(uh.distributions.Normal(), "mode"), 'coverage: interval is "mode"'),
        (lambda: uh.stats.coverage(uh.distributions.Normal(), lambda x: (0, 1)), "coverage: true_value is None"),
        (lambda: uh.stats.coverage(uh.distributions.Normal(), "mean", true_value=3), "true_value is known"),
        (
            lambda: uh.stats.coverage(uh.distributions.Normal(), lambda x: (1, 0), true_value=0),
            "ends must be numbers in",
        ),
        (lambda: uh.stats.coverage(uh.distributions.Normal(), "mean", 1), "coverage: n is 1, but must be at least 2"),
    ],
)
def test_what_has_no_interval_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_gaps_and_axes():
    gaps = np.append(X, np.nan)
    assert tuple(uh.stats.mean_confint(gaps, nan_policy="omit")) == tuple(uh.stats.mean_confint(X))
    assert np.isnan(tuple(uh.stats.std_confint(gaps, nan_policy="propagate"))).all()
    with pytest.raises(ValueError, match="median_confint: x holds NaN"):
        uh.stats.median_confint(gaps)
    table = np.column_stack([X, Y[:24]])
    found = uh.stats.mean_confint(table, axis=0)
    np.testing.assert_array_equal(found.low, [uh.stats.mean_confint(X).low, uh.stats.mean_confint(Y[:24]).low])
    assert found.results[1].n == (24,)
    pairs = uh.stats.correlation_confint(gaps, np.append(Y[:24], 3.0), nan_policy="omit")
    assert pairs.n == (24,)
    with pytest.raises(ValueError, match="mean_confint: axis is 2, but x has 2 axes"):
        uh.stats.mean_confint(table, axis=2)


def test_what_the_data_speak_against_is_noted():
    skewed = np.random.default_rng(2).exponential(1, 40) ** 2
    assert any("skewed" in note for note in uh.stats.mean_confint(skewed).notes)
    assert any("bootstrap" in note for note in uh.stats.variance_confint(skewed).notes)
    assert uh.stats.median_confint(skewed).notes == ()
    assert "not of this one interval" in uh.stats.median_confint(skewed).explain()


def test_simulations_agree_with_what_is_promised():
    normal = uh.distributions.Normal(3, 2)
    found = uh.stats.coverage(normal, "mean", 6, repeats=20_000, confidence_level=0.8, rng=4)
    assert found.coverage == pytest.approx(0.8, abs=5 * found.standard_error)
    assert found.coverage + found.missed_below + found.missed_above == pytest.approx(1, abs=1e-12)
    assert found.true_value == 3
    assert found.intervals.shape == (100, 2)
    # The mean width is 2t·E(s)/√n, and E(s) = σc₄(6), c₄ = 0.9515.
    assert found.mean_width == pytest.approx(2 * stats.t.isf(0.1, 5) * 2 * 0.95153 / 6**0.5, rel=0.01)
    assert tuple(uh.stats.coverage(normal, "mean", 6, repeats=500, rng=4).intervals[7]) == tuple(
        uh.stats.coverage(normal, "mean", 6, repeats=300, rng=4).intervals[7]
    )
    median = uh.stats.coverage(uh.distributions.Exponential(1), "median", 9, rng=5)
    assert median.coverage == pytest.approx(1 - 20 / 512, abs=5 * median.standard_error)
    assert median.true_value == pytest.approx(np.log(2))
    discrete = uh.stats.coverage(uh.distributions.Bernoulli(0.05), "mean", 10, repeats=2000, rng=1)
    assert discrete.coverage < 0.6


def test_any_function_can_be_watched():
    def by_range(sample):
        return sample.min(), sample.max()

    found = uh.stats.coverage(uh.distributions.Normal(), by_range, 5, repeats=2000, true_value=0.0, rng=3)
    assert found.coverage == pytest.approx(1 - 2 / 32, abs=5 * found.standard_error)
    assert found.interval == "by_range"
    for bad in ({"n": 2.5}, {"repeats": True}):
        with pytest.raises(TypeError, match="must be a whole number"):
            uh.stats.coverage(uh.distributions.Normal(), by_range, true_value=0.0, **bad)
    with pytest.raises(TypeError, match="coverage: distribution is a str"):
        uh.stats.coverage("normal", by_range, true_value=0.0)


def test_the_picture_shows_which_miss():
    found = uh.stats.coverage(uh.distributions.Normal(), "mean", 10, repeats=100, confidence_level=0.8, rng=2)
    ax = found.plot()
    assert [len(lines.get_segments()) for lines in ax.collections] == [
        round(100 * found.coverage),
        round(100 * (1 - found.coverage)),
    ]
