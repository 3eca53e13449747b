"""Likelihoods against closed forms, and likelihood-ratio tests against statsmodels."""

import numpy as np
import pytest
import scipy.optimize
import scipy.stats
import underhood as uh
from underhood.distributions import Exponential, Gamma, Normal, Poisson, Uniform
from underhood.stats import likelihood, likelihood_ratio_test, log_likelihood

RNG = np.random.default_rng(2)
X = RNG.normal(5, 2, 25)
TIMES = RNG.exponential(2, 25)
CUT = scipy.stats.chi2.ppf(0.95, 1)


def test_the_log_likelihood_is_the_sum_of_log_densities():
    assert log_likelihood(Normal(5, 2), X) == pytest.approx(scipy.stats.norm(5, 2).logpdf(X).sum(), rel=1e-13)
    counts = [3, 0, 2, 5]
    assert log_likelihood(Poisson(2.5), counts) == pytest.approx(
        scipy.stats.poisson(2.5).logpmf(counts).sum(), rel=1e-13
    )
    assert log_likelihood(Exponential(1), [1.0, -1.0]) == -np.inf
    with pytest.raises(TypeError, match="distribution is a str"):
        log_likelihood("normal", X)
    with pytest.raises(ValueError, match="array of distributions"):
        log_likelihood(Normal([0, 1], 1), X)


def test_an_exponential_rate_has_its_known_interval():
    # 2n(λx̄ − 1 − ln λx̄) = χ²
    found, mean = likelihood(Exponential, TIMES), TIMES.mean()
    fall = lambda rate: 2 * 25 * (rate * mean - 1 - np.log(rate * mean)) - CUT  # noqa: E731
    ends = [scipy.optimize.brentq(fall, 1e-3, 1 / mean), scipy.optimize.brentq(fall, 1 / mean, 10)]
    np.testing.assert_allclose(found.confidence_intervals["rate"], ends, rtol=1e-9)
    wald = 1 / mean + np.array([-1, 1]) * scipy.stats.norm.ppf(0.975) / mean / 5
    np.testing.assert_allclose(found.wald_intervals["rate"], wald, rtol=1e-9)
    assert found(rate=0.7) == pytest.approx(25 * np.log(0.7) - 0.7 * TIMES.sum(), rel=1e-12)
    assert found() == pytest.approx(found.log_likelihood, rel=1e-12)
    assert found(rate=-1) == -np.inf


def test_a_normal_mean_has_its_known_profile():
    # ln L̂ − profile(μ) = n/2 · ln(1 + (x̄ − μ)²/s²), s² with divisor n.
    found, mean, var = likelihood(Normal, X), X.mean(), X.var()
    mu = np.array([[3.0, 4.5], [5.0, 7.0]])
    expected = found.log_likelihood - 12.5 * np.log1p((mean - mu) ** 2 / var)
    np.testing.assert_allclose(found.profile("mu", mu), expected, rtol=1e-10)
    reach = np.sqrt(var * np.expm1(CUT / 25))
    np.testing.assert_allclose(found.confidence_intervals["mu"], [mean - reach, mean + reach], rtol=1e-8)
    low, high = found.confidence_intervals["sigma"]
    assert 0 < low < np.sqrt(var) < high
    # With sigma known it is z's interval.
    known = likelihood(Normal, X, sigma=2.0)
    np.testing.assert_allclose(
        known.confidence_intervals["mu"], mean + np.array([-1, 1]) * 0.4 * np.sqrt(CUT), rtol=1e-9
    )
    assert known.estimated == ("mu",)
    for call in (lambda: known.profile("sigma", [1]), lambda: known.plot("sigma")):
        with pytest.raises(ValueError, match="sigma was held fixed"):
            call()
    with pytest.raises(ValueError, match="no parameter 'scale'"):
        known(scale=2)


def test_an_end_of_the_support_is_an_end_of_the_interval():
    found = likelihood(Uniform, [0.2, 0.9, 0.5, 0.7])
    low = found.confidence_intervals[found.estimated[0]][1]
    assert low == pytest.approx(0.2, abs=1e-9)


def test_what_is_no_family_is_refused():
    for family in ("Normal", Normal(), float):
        with pytest.raises(TypeError, match="likelihood: family is"):
            likelihood(family, X)
    with pytest.raises(ValueError, match="every parameter is fixed"):
        likelihood(Exponential, TIMES, rate=2)
    with pytest.raises(ValueError, match="confidence_level"):
        likelihood(Exponential, TIMES, confidence_level=95)


def test_pictures_are_relative_to_the_maximum():
    found = likelihood(Gamma, TIMES)
    ax = found.plot("shape")
    assert max(ax.lines[0].get_ydata()) == pytest.approx(1.0, abs=1e-9)
    assert found.plot().get_ylabel() == found.estimated[1]
    assert likelihood(Exponential, TIMES).plot().get_xlabel() == "rate"


def test_likelihood_ratios_are_chi_square():
    test = likelihood_ratio_test(Gamma.fit(TIMES, shape=1), likelihood(Gamma, TIMES))
    statistic = 2 * (Gamma.fit(TIMES).log_likelihood - Gamma.fit(TIMES, shape=1).log_likelihood)
    assert test.statistic == pytest.approx(statistic, rel=1e-12)
    assert test.pvalue == pytest.approx(scipy.stats.chi2.sf(statistic, 1), rel=1e-12)
    assert (test.df, test.n) == (1, 25)
    with pytest.raises(ValueError, match="must estimate more"):
        likelihood_ratio_test(Gamma.fit(TIMES), Gamma.fit(TIMES, shape=1))
    with pytest.raises(ValueError, match="24 values, but restricted to 25"):
        likelihood_ratio_test(Gamma.fit(TIMES, shape=1), Gamma.fit(TIMES[1:]))
    with pytest.raises(ValueError, match="are they nested"):
        likelihood_ratio_test(Exponential.fit(TIMES), Normal.fit(TIMES))
    with pytest.raises(TypeError, match="full is a int"):
        likelihood_ratio_test(Exponential.fit(TIMES), 3)


def test_regressions_are_compared_as_statsmodels_does():
    api = pytest.importorskip("statsmodels.api")
    design = RNG.normal(size=(50, 3))
    y = design @ [1.0, 0.3, 0.0] + RNG.normal(size=50)
    theirs = [api.OLS(y, api.add_constant(design[:, :k])).fit() for k in (1, 3)]
    statistic, pvalue, df = theirs[1].compare_lr_test(theirs[0])
    ours = likelihood_ratio_test(*(uh.stats.linear_regression(design[:, :k], y) for k in (1, 3)))
    for test in (ours, likelihood_ratio_test(*theirs)):
        assert test.statistic == pytest.approx(statistic, rel=1e-9)
        assert test.pvalue == pytest.approx(pvalue, rel=1e-9)
        assert (test.df, test.n) == (df, 50)


def test_models_that_have_nothing_to_do_with_each_other_are_refused(rng):
    X, y, other = rng.normal(size=(20, 3)), rng.normal(size=20), rng.normal(size=20)
    small, large = uh.stats.linear_regression(X[:, :1], y), uh.stats.linear_regression(X, y)
    assert 0 < uh.stats.likelihood_ratio_test(small, large).pvalue < 1
    with pytest.raises(ValueError, match="likelihood_ratio_test: restricted and full are of different responses"):
        uh.stats.likelihood_ratio_test(uh.stats.linear_regression(X[:, :1], other), large)
    with pytest.raises(TypeError, match="must be fits of one kind"):
        uh.stats.likelihood_ratio_test(small, uh.stats.logistic_regression(X, (y > 0) * 1))
