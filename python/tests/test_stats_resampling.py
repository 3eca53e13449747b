"""Bootstrap, permutation tests and the jackknife: against theory, against their formulas, against SciPy."""

import functools
import itertools

import numpy as np
import pandas as pd
import pytest
import scipy.stats
import underhood as uh
from underhood.stats import bootstrap, jackknife, permutation_test

RNG = np.random.default_rng(5)
X = RNG.normal(10, 3, 40)
SKEWED = RNG.exponential(2.0, 31)
Y = 0.6 * X + RNG.normal(0, 2, 40)
NAMES = ("mean", "median", "std", "var", "iqr", "trim_mean", "skew", "kurtosis", ("quantile", 0.3))
BY_NUMPY = {
    "mean": np.mean,
    "median": np.median,
    "std": lambda x, axis=-1: np.std(x, axis=axis, ddof=1),
    "var": lambda x, axis=-1: np.var(x, axis=axis, ddof=1),
    "iqr": scipy.stats.iqr,
    "trim_mean": lambda x, axis=-1: scipy.stats.trim_mean(x, 0.1, axis=axis),
    "skew": scipy.stats.skew,
    "kurtosis": scipy.stats.kurtosis,
    ("quantile", 0.3): lambda x, axis=-1: np.quantile(x, 0.3, axis=axis),
}


def by_hand(x, statistic, distribution, level):
    """Efron's BCa interval, by its formula."""
    estimate = statistic(x)
    left_out = np.array([statistic(np.delete(x, i)) for i in range(len(x))])
    u = left_out.mean() - left_out
    a = (u**3).sum() / (6 * (u**2).sum() ** 1.5)
    near = np.isclose(distribution, estimate, rtol=1e-13, atol=0)
    share = ((distribution < estimate) & ~near).mean() + near.mean() / 2
    z0, z = scipy.stats.norm.ppf(share), scipy.stats.norm.ppf([(1 - level) / 2, (1 + level) / 2])
    return np.quantile(distribution, scipy.stats.norm.cdf(z0 + (z0 + z) / (1 - a * (z0 + z))))


@pytest.mark.parametrize("n", [2, 3, 50, 63, 64, 65, 1000, 5000])
def test_means_of_resamples_have_the_moments_of_theory(n):
    x = np.random.default_rng(n).exponential(size=n) + 7
    found = bootstrap(x, "mean", n_resamples=20_000, rng=3, method="percentile")
    error = np.std(x) / np.sqrt(n)
    # Four standard errors of a standard deviation (kurtosis below 7 for sums of two) and of a mean.
    assert abs(found.standard_error / error - 1) < 4 * np.sqrt(6 / (4 * 20_000))
    assert abs(found.bias) < 4 * error / np.sqrt(20_000)
    distribution = found.bootstrap_distribution
    assert distribution.shape == (20_000,)
    assert found.standard_error == pytest.approx(np.std(distribution, ddof=1), rel=1e-12)
    np.testing.assert_allclose(found.confidence_interval, np.quantile(distribution, [0.025, 0.975]), rtol=1e-13)
    third = scipy.stats.skew(x) / np.sqrt(n)
    assert abs(scipy.stats.skew(distribution) - third) < 4 * np.sqrt(15 / 20_000) + 0.02
    if n == 2:
        np.testing.assert_allclose(np.unique(distribution.round(9)), np.unique([x[0], x.mean(), x[1]]).round(9))


@pytest.mark.parametrize("name", NAMES, ids=str)
@pytest.mark.parametrize("x", [X, SKEWED], ids=["normal", "skewed"])
def test_intervals_follow_their_formulas(name, x):
    statistic = BY_NUMPY[name]
    found = bootstrap(x, name, rng=1, confidence_level=0.9)
    assert found.native
    assert found.estimate == pytest.approx(statistic(x), rel=1e-12)
    distribution = found.bootstrap_distribution
    np.testing.assert_allclose(found.confidence_interval, by_hand(x, statistic, distribution, 0.9), rtol=1e-9)
    basic = bootstrap(x, name, rng=1, confidence_level=0.9, method="basic")
    np.testing.assert_array_equal(basic.bootstrap_distribution, distribution)
    low, high = np.quantile(distribution, [0.05, 0.95])
    np.testing.assert_allclose(basic.confidence_interval, [2 * found.estimate - high, 2 * found.estimate - low])
    less = bootstrap(x, name, rng=1, confidence_level=0.95, method="percentile", alternative="less")
    assert less.confidence_interval[0] == -np.inf
    assert less.confidence_interval[1] == pytest.approx(high)


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_the_interval_is_scipys_within_the_error_of_both(name):
    statistic = BY_NUMPY[name]
    ours = bootstrap(SKEWED, name, rng=1)
    theirs = scipy.stats.bootstrap((SKEWED,), statistic, rng=2, vectorized=True)
    # The error of a quantile: √(p(1 − p)/B)/density, about 0.03 standard errors for a normal shape and more for others.
    assert abs(ours.standard_error / theirs.standard_error - 1) < 0.06
    np.testing.assert_allclose(ours.confidence_interval, theirs.confidence_interval, atol=0.2 * ours.standard_error)


def test_two_samples_are_resampled_apart_or_in_pairs():
    ours = bootstrap((X, SKEWED), "mean_difference", rng=1)
    theirs = scipy.stats.bootstrap((X, SKEWED), lambda x, y, axis: x.mean(axis) - y.mean(axis), rng=1)
    np.testing.assert_allclose(ours.confidence_interval, theirs.confidence_interval, atol=0.1 * ours.standard_error)
    assert ours.standard_error == pytest.approx(np.hypot(np.std(X) / 40**0.5, np.std(SKEWED) / 31**0.5), rel=0.03)
    paired = bootstrap((X, Y), "mean_difference", paired=True, rng=1)
    assert paired.standard_error == pytest.approx(np.std(X - Y) / 40**0.5, rel=0.03)
    np.testing.assert_array_equal(paired.bootstrap_distribution, bootstrap(X - Y, "mean", rng=1).bootstrap_distribution)
    medians = bootstrap((X, SKEWED), "median_difference", rng=1)
    theirs = scipy.stats.bootstrap((X, SKEWED), lambda x, y, axis: np.median(x, axis) - np.median(y, axis), rng=1)
    np.testing.assert_allclose(
        medians.confidence_interval, theirs.confidence_interval, atol=0.2 * medians.standard_error
    )


def test_correlations_are_of_pairs():
    ours = bootstrap((X, Y), "correlation", rng=1)
    theirs = scipy.stats.bootstrap((X, Y), lambda x, y: scipy.stats.pearsonr(x, y)[0], paired=True, rng=1)
    assert ours.paired
    assert ours.estimate == pytest.approx(scipy.stats.pearsonr(X, Y)[0], rel=1e-13)
    np.testing.assert_allclose(ours.confidence_interval, theirs.confidence_interval, atol=0.12 * ours.standard_error)
    assert bootstrap((X, Y), uh.stats.pearsonr, rng=1).native
    with pytest.raises(ValueError, match="second sample of data is a vector of 31"):
        bootstrap((X, SKEWED), "correlation")


def test_functions_that_are_known_run_natively_and_others_are_called():
    known = {
        np.mean: "mean",
        np.median: "median",
        np.var: ("var", 0),
        np.std: ("std", 0),
        uh.stats.mean: "mean",
        uh.stats.std: "std",
        functools.partial(np.std, ddof=1): "std",
        functools.partial(np.quantile, q=0.3): ("quantile", 0.3),
        functools.partial(uh.stats.trim_mean, proportiontocut=0.2): ("trim_mean", 0.2),
        uh.stats.skew: "skew",
        uh.stats.kurtosis: "kurtosis",
        uh.stats.iqr: "iqr",
    }
    for function, name in known.items():
        ours, named = bootstrap(X, function, rng=4), bootstrap(X, name, rng=4)
        assert ours.native
        np.testing.assert_array_equal(ours.bootstrap_distribution, named.bootstrap_distribution)
    called = bootstrap(X, lambda x: float(np.mean(x)), rng=4)
    vectorised = bootstrap(X, lambda x, axis: np.mean(x, axis=axis), rng=4, batch=77)
    assert not called.native
    np.testing.assert_allclose(vectorised.bootstrap_distribution, called.bootstrap_distribution, rtol=1e-13)
    np.testing.assert_allclose(
        called.confidence_interval, by_hand(X, np.mean, called.bootstrap_distribution, 0.95), rtol=1e-9
    )
    assert called.standard_error == pytest.approx(np.std(X) / 40**0.5, rel=0.03)
    both = bootstrap((X, SKEWED), lambda x, y: x.mean() / y.mean(), rng=4)
    theirs = scipy.stats.bootstrap((X, SKEWED), lambda x, y, axis: x.mean(axis) / y.mean(axis), rng=4)
    np.testing.assert_allclose(both.confidence_interval, theirs.confidence_interval, atol=0.12 * both.standard_error)
    pairs = bootstrap((X, Y), lambda x, y: scipy.stats.pearsonr(x, y), paired=True, rng=4, n_resamples=500)
    assert pairs.paired
    assert abs(pairs.standard_error / bootstrap((X, Y), "correlation", rng=4).standard_error - 1) < 0.15


def test_the_same_seed_gives_the_same_bits_and_generators_move_on():
    first = bootstrap(X, "mean", rng=7).bootstrap_distribution
    np.testing.assert_array_equal(first, bootstrap(X, "mean", rng=7).bootstrap_distribution)
    np.testing.assert_array_equal(first, bootstrap((X,), "mean", rng=7).bootstrap_distribution)
    np.testing.assert_array_equal(first, bootstrap(pd.Series(X), "mean", rng=7).bootstrap_distribution)
    frame = pd.DataFrame({"x": X, "y": Y})
    np.testing.assert_array_equal(
        bootstrap(frame, "correlation", rng=7).bootstrap_distribution,
        bootstrap((X, Y), "correlation", rng=7).bootstrap_distribution,
    )
    generator = np.random.default_rng(7)
    one, two = (bootstrap(X, "mean", rng=generator).bootstrap_distribution for _ in range(2))
    assert not np.array_equal(one, two)
    assert not np.array_equal(bootstrap(X, "mean").bootstrap_distribution, first)


def test_coverage_is_about_the_level():
    rng, level, hits = np.random.default_rng(11), 0.9, 0
    for seed in range(400):
        low, high = bootstrap(
            rng.exponential(size=40), "mean", n_resamples=999, rng=seed, confidence_level=level
        ).confidence_interval
        hits += low <= 1 <= high
    # BCa of 40 skewed values covers about 0.88; five standard errors of 0.016.
    assert abs(hits / 400 - 0.88) < 0.08


def test_an_axis_gives_a_result_for_each_column():
    table = np.column_stack([X, Y, X - Y])
    found = bootstrap((table,), "mean", axis=0, rng=1)
    assert found.estimate.shape == (3,)
    assert found.bootstrap_distribution.shape == (3, 9999)
    np.testing.assert_allclose(found.estimate, table.mean(axis=0))
    np.testing.assert_allclose(found.standard_error, table.std(axis=0) / 40**0.5, rtol=0.04)
    assert np.all(found.confidence_interval[0] < found.estimate)
    assert "bootstrap_distribution" not in repr(found)
    with pytest.raises(ValueError, match="many results"):
        found.explain()
    tests = permutation_test((table, table[::-1] + 1), "mean_difference", axis=0, rng=1)
    assert tests.pvalue.shape == (3,)
    with pytest.raises(ValueError, match="axis is 2, but data has 2 axes"):
        bootstrap((table,), "mean", axis=2)
    with pytest.raises(ValueError, match="data is 40×3"):
        bootstrap(table, "mean")


def test_what_has_no_value_is_refused_or_counted():
    with pytest.raises(ValueError, match="constant"):
        bootstrap([1.0, 1.0, 1.0], "skew")
    with pytest.raises(ValueError, match="9999 resamples gave a value below the estimate"):
        # The number of different values: resamples nearly always have fewer than the sample.
        bootstrap(X, lambda x: len(np.unique(x)))
    constant = bootstrap([2.5, 2.5, 2.5], "mean", rng=1)
    assert constant.confidence_interval == (2.5, 2.5)
    assert any("without width" in note for note in constant.notes)
    few = bootstrap(([1.0, 2.0, 4.0, 5.0], [2.0, 1.0, 5.0, 7.0]), "correlation", rng=1, method="percentile")
    # 4/4⁴ of 9,999, five standard deviations.
    assert abs(few.n_undefined - 156) < 63
    assert len(few.bootstrap_distribution) + few.n_undefined == 9999
    with pytest.raises(ValueError, match="finite number"):
        bootstrap(X, lambda x: np.nan)
    with pytest.raises(ValueError, match="one real number"):
        bootstrap(X, lambda x: x)
    with pytest.raises(ValueError, match="resamples, but must give"):
        bootstrap(X, lambda x, axis: 1.0, vectorized=True)
    with pytest.raises(ZeroDivisionError):
        bootstrap(X, lambda x: 1 / 0)
    for bad, match in [
        ({"n_resamples": 1}, "n_resamples"),
        ({"n_resamples": 2.5}, "n_resamples"),
        ({"confidence_level": 1.0}, "confidence_level"),
        ({"alternative": "both"}, "alternative"),
        ({"method": "bc"}, "method"),
        ({"rng": "x"}, "rng"),
    ]:
        with pytest.raises((ValueError, TypeError), match=f"bootstrap: {match}"):
            bootstrap(X, "mean", **bad)
    for statistic, match in [
        ("mode", "must be one of"),
        ("quantile", "without a probability"),
        (("quantile", 2), "between 0 and 1"),
        (("mean", 2), "has none"),
        (("mean",), "pair"),
        (3, "a name or a function"),
        ("mean_difference", "one sample"),
    ]:
        with pytest.raises((ValueError, TypeError), match=match):
            bootstrap(X, statistic)
    with pytest.raises(ValueError, match="2 samples"):
        bootstrap((X, Y), "mean")


def test_discrete_data_do_not_confuse_the_bias_correction():
    # A tenth of the means equal the sample's, but for rounding: counted half, the correction is nearly nothing.
    x = np.r_[np.zeros(35), np.ones(15)] * 0.1 + 3.3
    found = bootstrap(x, "mean", rng=1)
    assert abs(found.bias_correction) < 0.05


def difference(x, y, axis=-1):
    return np.mean(x, axis=axis) - np.mean(y, axis=axis)


def medians(x, y, axis=-1):
    return np.median(x, axis=axis) - np.median(y, axis=axis)


def pearson(x, y):
    return scipy.stats.pearsonr(x, y)[0]


A, B = np.array([5.1, 4.9, 6.2, 5.8, 6.0, 4.9]), np.array([4.1, 4.8, 5.0, 4.4, 5.8])


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_exact_p_values_are_scipys(alternative):
    cases = [
        ((A, B), "mean_difference", difference, "independent"),
        ((A, B), "median_difference", medians, "independent"),
        ((A[:5], B), "mean_difference", difference, "samples"),
        ((A[:5], B), "median_difference", medians, "samples"),
        ((A - 5.3,), "mean", np.mean, "samples"),
        ((A[:4], B[:4]), "correlation", pearson, "pairings"),
    ]
    for data, name, function, kind in cases:
        options = {"permutation_type": kind, "alternative": alternative}
        theirs = scipy.stats.permutation_test(data, function, n_resamples=10_000, **options)
        for statistic in (name, lambda *x, function=function: float(function(*x))):
            ours = permutation_test(data, statistic, **options)
            assert ours.exact
            assert ours.pvalue == pytest.approx(theirs.pvalue, abs=1e-15), (name, kind)
            assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-13)
            if kind != "pairings":
                np.testing.assert_allclose(
                    np.sort(ours.null_distribution), np.sort(theirs.null_distribution), atol=1e-13
                )


def test_three_samples_and_infinitely_many_resamples():
    groups = ([1.0, 2.0, 4.0], [3.0, 5.0], [6.0, 9.0, 7.5])
    statistic = lambda *x: scipy.stats.f_oneway(*x).statistic  # noqa: E731
    ours = permutation_test(groups, statistic, alternative="greater", n_resamples=np.inf)
    theirs = scipy.stats.permutation_test(groups, statistic, alternative="greater", n_resamples=np.inf)
    assert ours.n_resamples == 560
    assert ours.exact
    assert ours.pvalue == pytest.approx(theirs.pvalue, abs=1e-15)


@pytest.mark.parametrize("shift", [0.0, 0.7, 40.0])
def test_random_p_values_are_scipys_within_the_error_of_both(shift):
    x, y = X + shift, np.random.default_rng(3).normal(10, 3, 55)
    for name, function in (("mean_difference", difference), ("median_difference", medians)):
        ours = permutation_test((x, y), name, rng=1)
        theirs = scipy.stats.permutation_test((x, y), function, rng=1)
        assert not ours.exact
        assert abs(ours.pvalue - theirs.pvalue) < 5 * np.sqrt(2 * 0.25 / 10_000)
        assert np.std(ours.null_distribution) == pytest.approx(np.std(theirs.null_distribution), rel=0.05)
    called = permutation_test((x, y), difference, rng=1)
    assert abs(called.pvalue - permutation_test((x, y), "mean_difference", rng=2).pvalue) < 0.04
    if shift == 40:
        # Phipson and Smyth: never zero.
        assert called.pvalue == 2 / 10_000


def test_pairings_and_signs_by_chance():
    ours = permutation_test((X, Y), "correlation", permutation_type="pairings", rng=1, n_resamples=20_000)
    # Pitman: the variance of r under random pairing is 1/(n − 1).
    assert np.std(ours.null_distribution) == pytest.approx(1 / 39**0.5, rel=0.03)
    assert ours.pvalue < 0.01
    signs = permutation_test(X - 10.4, "mean", permutation_type="samples", rng=1, n_resamples=20_000)
    assert np.std(signs.null_distribution) == pytest.approx(np.sqrt(np.mean((X - 10.4) ** 2) / 40), rel=0.03)
    theirs = scipy.stats.permutation_test((X - 10.4,), np.mean, permutation_type="samples", rng=1)
    assert abs(signs.pvalue - theirs.pvalue) < 0.035
    pairs = permutation_test((X, Y + 4), "mean_difference", permutation_type="samples", rng=1)
    again = permutation_test(X - (Y + 4), np.mean, permutation_type="samples", rng=1)
    np.testing.assert_array_equal(pairs.null_distribution, again.null_distribution)


def test_ties_of_rounding_are_ties():
    # Sums of tenths differ in the last bit with the order of adding.
    a, b = [0.1, 0.2, 0.3, 0.6], [0.4, 0.5, 0.7, 0.1]
    found = permutation_test((a, b), "mean_difference")
    tenths = [1, 2, 3, 6, 4, 5, 7, 1]
    sums = [sum(tenths[i] for i in chosen) for chosen in itertools.combinations(range(8), 4)]
    less, greater = (np.mean([s <= 12 for s in sums]), np.mean([s >= 12 for s in sums]))
    assert found.pvalue == pytest.approx(min(1, 2 * min(less, greater)), abs=1e-15)


def test_permutations_that_make_no_sense_are_refused():
    for data, statistic, options, match in [
        ((A, B), "correlation", {}, "vector of 5"),
        ((A[:5], B), "correlation", {}, "pairings"),
        ((A[:5], B), "mean_difference", {"permutation_type": "pairings"}, "which values are paired"),
        ((A, B), "mean_difference", {"permutation_type": "samples"}, "vector of 5"),
        ((A, B), difference, {"permutation_type": "samples"}, "vector of 5"),
        ((A,), difference, {}, "at least two"),
        ((A, B), "mean_difference", {"permutation_type": "all"}, "must be one of"),
        ((A, B), "mean_difference", {"n_resamples": 0}, "n_resamples is 0"),
        ((A, B), difference, {"n_resamples": 0}, "n_resamples is 0"),
        ((A, []), "mean_difference", {}, "0 values"),
        ((A, B), lambda x, y: np.nan, {}, "finite"),
        ((X, Y), difference, {"n_resamples": np.inf}, "infinite"),
    ]:
        with pytest.raises(ValueError, match=match):
            permutation_test(data, statistic, **options)


def test_the_jackknife_follows_its_formulas():
    for name, statistic in BY_NUMPY.items():
        ours = jackknife(X, name)
        values = np.array([statistic(np.delete(X, i)) for i in range(40)])
        np.testing.assert_allclose(ours.values, values, rtol=1e-10)
        assert ours.bias == pytest.approx(39 * (values.mean() - statistic(X)), rel=1e-7, abs=1e-10)
        assert ours.standard_error == pytest.approx(np.sqrt(39 * np.var(values)), rel=1e-10)
        t = scipy.stats.t.ppf(0.975, 39)
        low, high = ours.confidence_interval
        assert (high - low) / 2 == pytest.approx(t * ours.standard_error, rel=1e-12)
    called = jackknife(X, lambda x: float(np.mean(x)))
    assert not called.native
    np.testing.assert_allclose(called.values, jackknife(X, "mean").values, rtol=1e-13)
    pairs = jackknife((X, Y), pearson)
    np.testing.assert_allclose(pairs.values, jackknife((X, Y), "correlation").values, rtol=1e-12)
    with pytest.raises(ValueError, match="1 value"):
        jackknife([1.0], "mean")
    with pytest.raises(ValueError, match="index 0 is left out"):
        jackknife([5.0, 1.0, 1.0], "skew")


@pytest.mark.parametrize("batch", [None, 7])
def test_values_are_left_out_in_batches(batch, monkeypatch):
    largest = 0

    def spread(x, axis=-1):
        nonlocal largest
        largest = max(largest, x.size)
        return np.ptp(x, axis=axis)

    def less(x, y, axis=-1):
        return np.mean(x, axis=axis) - np.mean(y, axis=axis)

    monkeypatch.setattr("underhood.stats._resampling._BATCH", 5000)
    x = RNG.normal(size=301)
    found = jackknife(x, spread)
    assert np.array_equal(found.values, [np.ptp(np.delete(x, i)) for i in range(301)])
    assert largest <= 5000
    for paired, y in [(True, RNG.normal(size=301)), (False, RNG.normal(size=97))]:
        ours = bootstrap((x, y), less, paired=paired, batch=batch, n_resamples=99, rng=1)
        named = bootstrap((x, y), "mean_difference", paired=paired, n_resamples=99, rng=1)
        assert ours.acceleration == pytest.approx(named.acceleration, rel=1e-9)


def test_pictures_show_the_distribution():
    ax = bootstrap(X, "mean", rng=1).plot()
    assert sum(bar.get_height() for bar in ax.containers[0]) == 9999
    ax = permutation_test((A, B), "mean_difference").plot()
    assert sum(bar.get_height() for bar in ax.containers[0]) == 462
    assert bootstrap([1.0, 1.0], "mean").plot().get_xlabel() == "mean of a resample"
