"""Truncated, Mixture, Empirical and KernelDensity: against SciPy, closed forms and mpmath, and as values."""

import copy
import pickle

import numpy as np
import pytest
import scipy.stats
from underhood.distributions import (
    Continuous,
    Discrete,
    DiscreteUniform,
    Empirical,
    KernelDensity,
    Mixture,
    Normal,
    Poisson,
    StudentT,
    Truncated,
    Uniform,
)

PEOPLE = Mixture([Normal(165, 6), Normal(178, 7)])
SAMPLE = np.random.default_rng(7).gamma(2.0, 1.5, size=300)
ALL = [
    Truncated(Normal(), low=0),
    Truncated(Poisson(3), low=1),
    PEOPLE,
    Mixture([DiscreteUniform(0, 0), Poisson(4)], [0.3, 0.7]),
    Empirical([3.0, 1.0, 2.0, 3.0]),
    KernelDensity(SAMPLE),
]


def test_truncated_normal_agrees_with_scipy():
    ours, theirs = Truncated(Normal(2, 3), low=-1, high=6), scipy.stats.truncnorm(-1, 4 / 3, 2, 3)
    x, q = np.linspace(-0.9, 5.9, 9), np.array([0.001, 0.2, 0.5, 0.9])
    for name in ("pdf", "logpdf", "cdf", "sf", "logcdf", "logsf"):
        np.testing.assert_allclose(getattr(ours, name)(x), getattr(theirs, name)(x), rtol=1e-11, err_msg=name)
    np.testing.assert_allclose(ours.ppf(q), theirs.ppf(q), rtol=1e-11)
    np.testing.assert_allclose(ours.isf(q), theirs.isf(q), rtol=1e-11)
    for name in ("mean", "var", "std", "median", "entropy"):
        assert getattr(ours, name)() == pytest.approx(float(getattr(theirs, name)()), rel=1e-11)
    skewness, kurtosis = theirs.stats("sk")
    assert ours.skewness() == pytest.approx(float(skewness), rel=1e-9)
    assert ours.kurtosis() == pytest.approx(float(kurtosis), rel=1e-9)
    assert ours.mode() == pytest.approx(2.0, abs=1e-7)
    assert ours.support() == (-1.0, 6.0)


def test_a_far_tail_by_mpmath():
    # φ(x)/Q(50), Q(50.5)/Q(50), and the moments of the inverse Mills ratio, by mpmath at 40 digits.
    far = Truncated(Normal(), low=50)
    assert far.pdf(50.01) == pytest.approx(30.337137018917136618, rel=1e-12)
    assert far.sf(50.5) == pytest.approx(1.2134815693985292354e-11, rel=1e-12)
    assert far.mean() == pytest.approx(50.019984031905639809, rel=1e-12)
    assert far.var() == pytest.approx(0.00039904318680389954791, rel=1e-8)
    # ln P(X > 50) is about −1254: beyond the doubles as a probability, and its ratios are good to 1254 ulps.
    farther = Truncated(Normal(), low=200)
    assert farther.mean() == pytest.approx(200 + 1 / 200, rel=1e-6)
    assert farther.cdf(farther.ppf(0.3)) == pytest.approx(0.3, rel=1e-9)


def test_small_probabilities_of_a_half_line():
    half = Truncated(Normal(), low=0)
    q = np.array([1e-300, 1e-100, 1e-20, 1e-5, 0.3, 0.5])
    np.testing.assert_allclose(half.cdf(half.ppf(q)), q, rtol=1e-14)
    np.testing.assert_allclose(half.sf(half.isf(q)), q, rtol=1e-12)
    np.testing.assert_allclose(half.ppf(q[:3]), q[:3] * np.sqrt(np.pi / 2), rtol=1e-14)


def test_moments_that_do_not_exist_stay_away():
    assert np.isinf(Truncated(StudentT(2), low=0).var())
    assert np.isfinite(Truncated(StudentT(2), low=0, high=1e6).var())
    assert np.isnan(Truncated(StudentT(1), low=0).mean())


def test_truncated_counts():
    positive = Truncated(Poisson(3), low=1)
    k = np.arange(0, 12)
    with np.errstate(divide="ignore"):
        expected = np.where(k >= 1, scipy.stats.poisson(3).pmf(k) / -np.expm1(-3), 0)
    np.testing.assert_allclose(positive.pmf(k), expected, rtol=1e-13)
    np.testing.assert_allclose(positive.cdf(k), np.cumsum(expected), rtol=1e-13)
    assert positive.mean() == pytest.approx(3 / -np.expm1(-3), rel=1e-14)
    np.testing.assert_array_equal(positive.ppf(positive.cdf(k[1:])), k[1:])
    assert positive.prob(0, 2) == pytest.approx(expected[1] + expected[2], rel=1e-14)
    assert positive.isf(0.0) == np.inf


def test_mixtures_are_sums():
    parts = [scipy.stats.norm(165, 6), scipy.stats.norm(178, 7)]
    x = np.array([120.0, 160, 171, 185, 240])
    for name in ("pdf", "cdf", "sf"):
        expected = sum(getattr(part, name)(x) for part in parts) / 2
        np.testing.assert_allclose(getattr(PEOPLE, name)(x), expected, rtol=1e-12, err_msg=name)
    # Far out where plain probabilities end: the broader component alone, at half its weight.
    assert PEOPLE.logsf(500.0) == pytest.approx(Normal(178, 7).logsf(500.0) + np.log(0.5), rel=1e-14)
    assert PEOPLE.sf(400.0) == pytest.approx(2.4682308604576251912e-221, rel=1e-12)
    assert (PEOPLE.mean(), PEOPLE.var()) == pytest.approx((171.5, 84.75), rel=1e-14)
    assert PEOPLE.entropy() == pytest.approx(3.6250960621710013646, rel=1e-9)
    q = np.array([1e-300, 1e-12, 0.1, 0.5, 0.97])
    np.testing.assert_allclose(PEOPLE.cdf(PEOPLE.ppf(q)), q, rtol=1e-12)
    np.testing.assert_allclose(PEOPLE.sf(PEOPLE.isf(q)), q, rtol=1e-12)
    peak = PEOPLE.mode()
    assert PEOPLE.logpdf(peak) >= PEOPLE.logpdf(np.linspace(150, 200, 2001)).max()


def test_moments_of_a_mixture_by_its_draws_and_by_sums():
    zeros = Mixture([DiscreteUniform(0, 0), Poisson(4)], [3, 7])
    k = np.arange(0, 60)
    p = zeros.pmf(k)
    assert p.sum() == pytest.approx(1, rel=1e-14)
    mean, var = (p * k).sum(), (p * (k - (p * k).sum()) ** 2).sum()
    assert (zeros.mean(), zeros.var()) == pytest.approx((mean, var), rel=1e-13)
    assert zeros.skewness() == pytest.approx((p * (k - mean) ** 3).sum() / var**1.5, rel=1e-12)
    assert zeros.kurtosis() == pytest.approx((p * (k - mean) ** 4).sum() / var**2 - 3, rel=1e-11)
    assert zeros.entropy() == pytest.approx(-(p[p > 0] * np.log(p[p > 0])).sum(), rel=1e-13)
    np.testing.assert_array_equal(zeros.ppf(zeros.cdf(k[:12])), k[:12])


def test_the_empirical_distribution_counts():
    sample = Empirical(SAMPLE)
    x = np.quantile(SAMPLE, [0.1, 0.5, 0.8])
    np.testing.assert_array_equal(sample.cdf(x), [(one >= SAMPLE).mean() for one in x])
    np.testing.assert_array_equal(sample.ppf(sample.cdf(np.sort(SAMPLE))), np.sort(SAMPLE))
    np.testing.assert_array_equal(
        sample.ppf([0.013, 0.5, 0.77]), np.quantile(SAMPLE, [0.013, 0.5, 0.77], method="inverted_cdf")
    )
    assert sample.mean() == pytest.approx(SAMPLE.mean(), rel=1e-14)
    assert sample.var() == pytest.approx(SAMPLE.var(), rel=1e-13)
    assert sample.skewness() == pytest.approx(scipy.stats.skew(SAMPLE), rel=1e-12)
    assert sample.kurtosis() == pytest.approx(scipy.stats.kurtosis(SAMPLE), rel=1e-12)
    assert set(sample.rvs(500, rng=1)) <= set(SAMPLE)
    assert sample.prob(x[0], x[1]) == pytest.approx(((x[0] <= SAMPLE) & (x[1] >= SAMPLE)).mean())


@pytest.mark.parametrize("rule", ["scott", "silverman"])
def test_kernel_densities_agree_with_scipy(rule):
    ours, theirs = KernelDensity(SAMPLE, rule), scipy.stats.gaussian_kde(SAMPLE, rule)
    x = np.linspace(-2, 15, 12)
    np.testing.assert_allclose(ours.pdf(x), theirs(x), rtol=1e-12)
    np.testing.assert_allclose(ours.cdf(4.0), theirs.integrate_box_1d(-np.inf, 4.0), rtol=1e-12)
    assert ours.bandwidth == pytest.approx(theirs.factor * SAMPLE.std(ddof=1), rel=1e-13)
    assert ours.var() == pytest.approx(SAMPLE.var() + ours.bandwidth**2, rel=1e-13)
    q = np.array([1e-200, 1e-3, 0.5, 0.9])
    np.testing.assert_allclose(ours.cdf(ours.ppf(q)), q, rtol=1e-11)
    assert np.isfinite(ours.logpdf(1e6))


@pytest.mark.parametrize("X", ALL, ids=lambda X: type(X).__name__)
def test_a_composed_distribution_is_a_value(X):
    again = pickle.loads(pickle.dumps(X))
    assert again == X
    assert hash(again) == hash(X)
    assert type(again) is type(X)
    assert copy.deepcopy(X) == X
    assert isinstance(X, Continuous) != isinstance(X, Discrete)
    with pytest.raises(TypeError, match=rf"^{type(X).__name__}.fit: "):
        type(X).fit([1.0, 2.0])
    assert "<table" in X._repr_html_()
    x = X.rvs(20_000, rng=3)
    # Five standard errors of the mean.
    assert abs(x.mean() - X.mean()) < 5 * X.std() / np.sqrt(len(x))
    np.testing.assert_array_equal(x[:5], X.rvs(20_000, rng=3)[:5])
    assert np.isnan(X.cdf(np.nan))
    assert np.isnan(X.ppf(1.5))


def test_moving_moves_the_parts():
    assert 2 * Truncated(Normal(), low=0) + 1 == Truncated(Normal(1, 2), low=1)
    assert -Truncated(Normal(), low=0) == Truncated(Normal(), high=0)
    assert Mixture([Normal(330, 12), Normal(356, 14)]) == 2 * PEOPLE
    assert Empirical([1.0, 2.0]) * 3 == Empirical([3.0, 6.0])
    assert (KernelDensity([1.0, 2.0], 0.5) * -2).bandwidth == 1.0


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Truncated(Normal(), 3, 1), ValueError, "Truncated: high is 1, but must be at least low"),
        (
            lambda: Truncated(Uniform(0, 1), 2),
            ValueError,
            "Truncated: distribution has no probability between low and high that",
        ),
        (lambda: Truncated(5), TypeError, "Truncated: distribution: found a int"),
        (lambda: Truncated(Normal([0, 1])), TypeError, r"Truncated: distribution: found a Normal \(perhaps an array"),
        (lambda: Mixture([]), ValueError, "Mixture: components is 0, but must be at least one distribution"),
        (lambda: Mixture([Normal(), Poisson(1)]), TypeError, "Mixture: components: found a Poisson"),
        (lambda: Mixture([Normal()], [1, 2]), ValueError, "Mixture: weights is a vector of 2, but components"),
        (lambda: Mixture([Normal()], [-1]), ValueError, "Mixture: weights is -1, but must be finite and not negative"),
        (lambda: Mixture(Normal()), TypeError, "Mixture: components is one distribution"),
        (lambda: Empirical([]), ValueError, "Empirical: data has 0 values"),
        (lambda: KernelDensity([1.0, 1.0]), ValueError, "KernelDensity: data is constant"),
        (lambda: KernelDensity([1.0, 2.0], "silver"), ValueError, 'KernelDensity: bandwidth is "silver"'),
        (lambda: PEOPLE + Mixture([Normal()]), TypeError, "Mixture [+] Mixture: the sum is not of this kind"),
    ],
)
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=f"^{message}"):
        make()
