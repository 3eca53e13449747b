"""Tests of a distribution's shape beside SciPy, and against exact sums."""

import warnings

import mpmath
import numpy as np
import pytest
import scipy.stats
import underhood as uh

SIDES = ["two-sided", "less", "greater"]


@pytest.fixture
def draw():
    return np.random.default_rng(20261123)


# One sample's distance


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("n", [1, 2, 5, 30, 140])
def test_one_sample_agrees_with_scipy(draw, n, alternative):
    for shift in (0.0, 0.5, 3.0):
        x = draw.normal(shift, 1, n)
        for method in ("exact", "asymp") if alternative == "two-sided" else ("exact",):
            ours = uh.stats.ks_1samp(x, uh.distributions.Normal(0, 1), alternative=alternative, method=method)
            theirs = scipy.stats.ks_1samp(x, scipy.stats.norm.cdf, alternative=alternative, method=method)
            assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-13, abs=1e-15)
            # SciPy takes small probabilities as 1 − cdf below nd² = 4.
            assert ours.pvalue == pytest.approx(theirs.pvalue, rel=1e-9, abs=1e-13)
            assert ours.statistic_location == theirs.statistic_location
            assert ours.statistic_sign == theirs.statistic_sign


def exact_band(n, d):
    """P(D < d) by Durbin's matrix in 60 digits."""
    mpmath.mp.dps = 60
    try:
        d = mpmath.mpf(d)
        k = int(mpmath.floor(n * d)) + 1
        h, size = k - n * d, 2 * k - 1
        matrix = mpmath.matrix(size, size)
        for i in range(size):
            for j in range(size):
                matrix[i, j] = mpmath.mpf(i - j + 1 >= 0)
        for i in range(size):
            matrix[i, 0] -= h ** (i + 1)
            matrix[size - 1, i] -= h ** (size - i)
        matrix[size - 1, 0] += (2 * h - 1) ** size if 2 * h > 1 else 0
        for i in range(size):
            for j in range(size):
                if i - j + 1 > 0:
                    matrix[i, j] /= mpmath.factorial(i - j + 1)
        return (matrix**n)[k - 1, k - 1] * mpmath.factorial(n) / mpmath.mpf(n) ** n
    finally:
        mpmath.mp.dps = 15


@pytest.mark.parametrize(("n", "d"), [(5, 0.3), (10, 0.25), (10, 0.45), (20, 0.14), (40, 0.3), (60, 0.22), (100, 0.2)])
def test_the_exact_distribution_has_its_digits_in_the_tail(n, d):
    # A sample whose largest distance is d.
    probabilities = np.clip((np.arange(n) + 0.5) / n, None, None)
    x = np.minimum(probabilities * (1 - d) / probabilities.max() * 0.999, 1)
    found = uh.stats.kstest(x, "uniform", method="exact")
    expected = float(1 - exact_band(n, found.statistic))
    assert found.pvalue == pytest.approx(expected, rel=1e-12, abs=0)
    assert found.method == "exact"


def test_large_samples_come_near_the_exact_distribution(draw):
    x = draw.uniform(size=8000) ** 1.02
    quick, exact = (uh.stats.kstest(x, "uniform", method=method) for method in ("auto", "exact"))
    assert (quick.method, exact.method) == ("approximate", "exact")
    assert quick.pvalue == pytest.approx(exact.pvalue, rel=1e-5, abs=0)
    assert uh.stats.kstest(x, "uniform", method="asymp").pvalue == pytest.approx(exact.pvalue, rel=0.1, abs=0)
    with pytest.raises(ValueError, match="kstest: method is 'exact', which takes too long"):
        uh.stats.kstest(draw.uniform(size=100_001), "uniform", method="exact")


@pytest.mark.parametrize(
    ("ours", "theirs", "args"),
    [
        ("norm", "norm", (1.0, 2.0)),
        ("Normal", "norm", (1.0, 2.0)),
        ("expon", "expon", (-9.0, 3.0)),
        ("uniform", "uniform", (-10, 20)),
        ("t", "t", (3.0, 1.0)),
        ("gamma", "gamma", (2.5, -9.0, 3.0)),
        ("beta", "beta", (2.0, 3.0, -10, 20)),
        ("chi2", "chi2", (4.0,)),
        ("lognorm", "lognorm", (0.7,)),
        ("weibull_min", "weibull_min", (1.5,)),
        ("gumbel_r", "gumbel_r", ()),
        ("logistic", "logistic", ()),
        ("f", "f", (3.0, 5.0)),
        ("rayleigh", "rayleigh", ()),
        ("cauchy", "cauchy", ()),
        ("laplace", "laplace", (0.5,)),
        ("invgamma", "invgamma", (2.0,)),
    ],
)
def test_names_are_scipys_or_ours(draw, ours, theirs, args):
    x = draw.normal(1, 2, 25)
    found, expected = uh.stats.kstest(x, ours, args), scipy.stats.kstest(x, theirs, args)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
    function = uh.stats.kstest(x, getattr(scipy.stats, theirs).cdf, args)
    assert function.statistic == pytest.approx(expected.statistic, rel=1e-12)


def test_what_is_no_distribution_is_named():
    x = [0.1, 0.5]
    for cdf, args, error, message in [
        ("gauss", (), ValueError, "kstest: cdf is 'gauss', but must be a distribution of one number"),
        ("Poisson", (3,), ValueError, "kstest: cdf is discrete"),
        (uh.distributions.Binomial(3, 0.5), (), ValueError, "kstest: cdf is discrete"),
        ("norm", (0, 1, 2), ValueError, "kstest: args has 3 numbers"),
        ("norm", (0, -1), ValueError, "kstest: args has the scale -1"),
        (lambda x: x + 1, (), ValueError, "kstest: cdf is 1.1 at value 0 of x"),
        (lambda x: x[:1], (), ValueError, "kstest: cdf is a vector of 1, but x is a vector of 2"),
    ]:
        with pytest.raises(error, match=message):
            uh.stats.kstest(x, cdf, args)
    with pytest.raises(TypeError, match="ks_1samp: cdf is a list"):
        uh.stats.ks_1samp(x, [1.0, 2.0])
    assert uh.stats.kstest(x, [0.3, 0.4]).n == (2, 2)
    assert uh.stats.kstest([0.1, np.nan, 0.5], "uniform", nan_policy="omit").n == (2,)


# Two samples' distance


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize(("m", "n"), [(1, 1), (4, 7), (30, 30), (20, 45), (300, 300), (150, 400)])
def test_two_samples_agree_with_scipy(draw, m, n, alternative):
    for shift in (0.0, 0.7, 2.0):
        x, y = draw.normal(size=m), draw.normal(shift, 1, n)
        ours = uh.stats.ks_2samp(x, y, alternative)
        theirs = scipy.stats.ks_2samp(x, y, alternative, method="exact")
        assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-13)
        # SciPy's counting of paths keeps eleven digits or so.
        assert ours.pvalue == pytest.approx(theirs.pvalue, rel=1e-9, abs=0)
        assert ours.method == "exact"
        if ours.statistic_sign == theirs.statistic_sign:
            assert ours.statistic_location == theirs.statistic_location


@pytest.mark.parametrize("alternative", SIDES)
def test_large_samples_are_scipys_approximation(draw, alternative):
    x, y = draw.normal(size=20_000), draw.normal(0.01, 1, 15_000)
    ours, theirs = uh.stats.ks_2samp(x, y, alternative), scipy.stats.ks_2samp(x, y, alternative)
    assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-12)
    assert ours.pvalue == pytest.approx(theirs.pvalue, rel=1e-6, abs=0)
    assert ours.method == "approximate"


def test_tails_of_two_samples_have_their_digits():
    # Apart: 2/C(m + n, m).
    for m, n in [(50, 60), (200, 200), (300, 100)]:
        found = uh.stats.ks_2samp(np.arange(m), np.arange(n) + 1000.0)
        exact = 2 / mpmath.binomial(m + n, m)
        assert found.pvalue == pytest.approx(float(exact), rel=1e-11, abs=0)
    # One value out of place.
    found = uh.stats.ks_2samp([*range(39), 45.5], np.arange(45) + 40.0, alternative="greater")
    assert found.pvalue < 1e-15


def test_ties_are_taken_as_they_are():
    # R's documentation of psmirnov: conditional on the pattern of ties.
    found = uh.stats.ks_2samp([1, 2, 2, 3], [2, 3, 3, 4, 4])
    assert found.tied
    assert "tied" in found.notes[0]
    assert found.pvalue <= scipy.stats.ks_2samp([1, 2, 2, 3], [2, 3, 3, 4, 4]).pvalue


# Normality


@pytest.mark.parametrize("n", [3, 4, 5, 6, 11, 12, 30, 300, 5000])
def test_shapiro_agrees_with_scipy(draw, n):
    for x in (draw.normal(5, 2, n), draw.exponential(size=n), draw.uniform(size=n)):
        ours, theirs = uh.stats.shapiro(x), scipy.stats.shapiro(x)
        # SciPy's normal quantiles (AS 111) have seven digits or so.
        assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-7)
        assert ours.pvalue == pytest.approx(theirs.pvalue, rel=1e-4, abs=1e-19)


@pytest.mark.parametrize("n", [8, 20, 100, 3000])
def test_moments_agree_with_scipy(draw, n):
    for x in (draw.normal(5, 2, n), draw.exponential(size=n)):
        ours = uh.stats.normaltest(x)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            np.testing.assert_allclose([*ours], [*scipy.stats.normaltest(x)], rtol=1e-11)
            skew, kurtosis = scipy.stats.skewtest(x), scipy.stats.kurtosistest(x)
        np.testing.assert_allclose([ours.skewness_statistic, ours.skewness_pvalue], [*skew], rtol=1e-11)
        np.testing.assert_allclose([ours.kurtosis_statistic, ours.kurtosis_pvalue], [*kurtosis], rtol=1e-10)
        jarque = uh.stats.jarque_bera(x)
        np.testing.assert_allclose([*jarque], [*scipy.stats.jarque_bera(x)], rtol=1e-11)
        assert jarque.effect_size == ours.effect_size


@pytest.mark.parametrize("dist", ["norm", "expon", "logistic", "gumbel", "gumbel_l", "gumbel_r"])
def test_anderson_agrees_with_scipy(draw, dist):
    for n in (5, 30, 400):
        x = draw.gamma(3, 2, n)
        ours = uh.stats.anderson(x, dist)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = scipy.stats.anderson(x, dist)
        # The logistic's likelihood is maximised to 1e-5 in SciPy.
        assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-4 if dist == "logistic" else 1e-7)
        np.testing.assert_array_equal(ours.critical_values, theirs.critical_values)
        np.testing.assert_allclose(100 * ours.significance_level, theirs.significance_level, rtol=1e-15)
        # A p-value between two levels belongs to a statistic between their critical values.
        below = ours.statistic < ours.critical_values - 0.002
        above = ours.statistic > ours.critical_values + 0.002
        assert (ours.pvalue >= ours.significance_level[below] * 0.98).all()
        assert (ours.pvalue <= ours.significance_level[above] * 1.02).all()


@pytest.mark.parametrize("name", ["shapiro", "normaltest", "jarque_bera", "anderson"])
def test_a_large_p_value_shows_nothing_and_a_constant_has_no_shape(draw, name):
    test = getattr(uh.stats, name)
    x = draw.normal(size=50)
    assert "a large p-value does not show that the data are normal" in test(x).explain()
    with pytest.raises(ValueError, match=f"{name}: x is constant"):
        test(np.ones(20))
    many = test(draw.normal(size=(40, 3)), axis=0)
    assert many.pvalue.shape == (3,)
    assert np.isnan(test(np.append(x, np.nan), nan_policy="propagate").pvalue)
    np.testing.assert_allclose(test(np.append(x, np.nan), nan_policy="omit").pvalue, test(x).pvalue, rtol=1e-14)
    np.testing.assert_allclose(test(1e3 * x).statistic, test(x).statistic, rtol=1e-9)


def test_args_that_fit_nothing_are_named():
    x = np.linspace(0.1, 0.9, 9)
    for cdf, args, error in [
        ("norm", 5, TypeError),
        ("norm", ("a",), TypeError),
        ("norm", "ab", TypeError),
        ("norm", (np.nan,), ValueError),
        ("Normal", 5, TypeError),
        ("Normal", (0, 1, 2), TypeError),
        ("Normal", (0, -1), ValueError),
        ("beta", (-1, 2), ValueError),
        ([0.1, 0.2], (1,), ValueError),
        (uh.distributions.Normal(0, 1), (1,), ValueError),
        (lambda x: x, 5, TypeError),
    ]:
        with pytest.raises(error, match="kstest: args "):
            uh.stats.kstest(x, cdf, args)
    for name in ["Dirichlet", "FitResult", "Continuous", "Discrete", "MultivariateNormal"]:
        with pytest.raises(ValueError, match=f"kstest: cdf is '{name}', but must be"):
            uh.stats.kstest(x, name)
    assert uh.stats.kstest(x, "uniform").against == "uniform"


def test_ties_of_one_sample_speak_against_a_continuous_distribution():
    x = np.array([0.11, 0.52, 0.52, 0.83])
    assert any("tied values do not come from" in note for note in uh.stats.ks_1samp(x, "uniform").notes)
    assert uh.stats.ks_1samp(x, "uniform").tied
    assert not uh.stats.ks_1samp(np.unique(x), "uniform").tied
    # Equal probabilities are no ties.
    assert not uh.stats.ks_1samp([1000.0, 1001.0, 1002.0], "norm").tied


def test_the_exact_tail_reaches_to_samples_of_thousands():
    # SciPy's has the expansion at t = 1.2, and twice the one-sided tail at 2.46.
    for n, t, tolerance in [(501, 2.46, 1e-11), (2000, 1.2, 1e-7)]:
        grid = (np.arange(n) + 0.5) / n
        # Shifted by d − 1/(2n), so that the distance is d.
        d = t / np.sqrt(n)
        x = np.clip(grid - (d - 0.5 / n), 0, 1)
        found = uh.stats.ks_1samp(x, "uniform")
        assert found.method == "exact"
        assert found.pvalue == pytest.approx(scipy.stats.kstwo.sf(found.statistic, n), rel=tolerance)


def test_anderson_beyond_its_table_says_a_bound():
    far = uh.stats.anderson(np.geomspace(1, 1e9, 60), "expon")
    assert f"with probability at most {far.pvalue:g}." in far.explain()
    near = uh.stats.anderson(-np.log1p(-(np.arange(60) + 0.5) / 60), "expon")
    assert f"with probability at least {near.pvalue:g}." in near.explain()
