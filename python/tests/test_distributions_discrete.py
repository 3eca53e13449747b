"""The discrete distributions: agreement with SciPy, certain quantiles, fits, arithmetic, bad input."""

import pickle

import numpy as np
import pytest
import scipy.stats
from underhood import distributions
from underhood.distributions import (
    Bernoulli,
    Binomial,
    Categorical,
    DiscreteUniform,
    Geometric,
    Hypergeometric,
    NegativeBinomial,
    Poisson,
)

PAIRS = [
    pytest.param(Bernoulli(0.3), scipy.stats.bernoulli(0.3), id="Bernoulli"),
    pytest.param(Binomial(12, 0.3), scipy.stats.binom(12, 0.3), id="Binomial"),
    pytest.param(Geometric(0.3), scipy.stats.geom(0.3), id="Geometric"),
    pytest.param(NegativeBinomial(2.5, 0.3), scipy.stats.nbinom(2.5, 0.3), id="NegativeBinomial"),
    pytest.param(Poisson(3.7), scipy.stats.poisson(3.7), id="Poisson"),
    pytest.param(Hypergeometric(50, 20, 12), scipy.stats.hypergeom(50, 20, 12), id="Hypergeometric"),
    pytest.param(DiscreteUniform(-2, 9), scipy.stats.randint(-2, 10), id="DiscreteUniform"),
    pytest.param(
        Categorical([0.1, 0.2, 0.3, 0.4]),
        scipy.stats.rv_discrete(values=(range(4), [0.1, 0.2, 0.3, 0.4])),
        id="Categorical",
    ),
]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_agrees_with_scipy(ours, theirs):
    x = np.array([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 9.0, 12.0])
    q = np.array([1e-2, 0.15, 0.45, 0.85, 0.95])
    with np.errstate(divide="ignore"):
        for name in ("pmf", "cdf", "sf", "logpmf", "logcdf", "logsf"):
            # SciPy's hypergeometric steps are NaN between whole numbers.
            at = np.floor(x) if "pmf" in name else x
            expected = getattr(theirs, name)(np.floor(x))
            np.testing.assert_allclose(getattr(ours, name)(at), expected, 1e-10, 1e-15, err_msg=name)
        np.testing.assert_array_equal(ours.ppf(q), theirs.ppf(q))
        np.testing.assert_array_equal(ours.isf(q), theirs.isf(q))
    for name in ("mean", "var", "std", "median", "entropy"):
        np.testing.assert_allclose(getattr(ours, name)(), getattr(theirs, name)(), 1e-10, err_msg=name)
    np.testing.assert_allclose((ours.skewness(), ours.kurtosis()), theirs.stats(moments="sk"), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.support(), theirs.support())
    np.testing.assert_allclose(ours.prob(1, 4), theirs.cdf(4) - theirs.cdf(0), rtol=1e-12)


@pytest.mark.parametrize(("ours", "_"), PAIRS)
def test_quantiles_invert_distribution_functions(ours, _):
    low, high = ours.support()
    k = np.arange(low, min(high, ours.isf(1e-12)) + 1)
    for _ in range(2):
        cdf, sf = ours.cdf(np.tile(k, 20))[: k.size], ours.sf(k)
        rises = np.diff(cdf, prepend=0) > 0
        np.testing.assert_array_equal(ours.ppf(cdf)[rises], k[rises])
        falls = np.diff(sf, prepend=1) < 0
        np.testing.assert_array_equal(ours.isf(sf)[falls], k[falls])
    p = np.random.default_rng(1).uniform(size=3000)
    quantiles = ours.ppf(p)
    assert np.all(ours.cdf(quantiles) >= p)
    assert np.all((ours.cdf(quantiles - 1) < p) | (quantiles == low))


@pytest.mark.parametrize(("ours", "_"), PAIRS)
def test_a_distribution_is_a_value(ours, _):
    assert pickle.loads(pickle.dumps(ours)) == ours
    assert eval(repr(ours), {**vars(distributions), "array": np.array}) == ours
    assert type(ours.pmf(1)) is float
    assert ours.pmf(np.zeros((2, 3))).shape == (2, 3)
    draws = ours.rvs(2000, rng=3)
    np.testing.assert_array_equal(draws, ours.rvs(2000, rng=3))
    assert abs(draws.mean() - ours.mean()) < 5 * ours.std() / 2000**0.5


def test_parameters_broadcast():
    p = np.array([[0.2], [0.7]])
    np.testing.assert_allclose(Binomial([5, 10, 20], p).sf(3), scipy.stats.binom([5, 10, 20], p).sf(3), rtol=1e-12)
    np.testing.assert_array_equal(Poisson([1.0, 2.0]).mean(), [1.0, 2.0])


def test_what_is_true_can_be_added():
    assert Poisson(2) + Poisson(3.5) == Poisson(5.5)
    assert Binomial(2, 0.25) + Binomial(3, 0.25) == Binomial(5, 0.25)
    assert NegativeBinomial(2, 0.25) + NegativeBinomial(0.5, 0.25) == NegativeBinomial(2.5, 0.25)
    assert 7 - DiscreteUniform(1, 6) == DiscreteUniform(1, 6)
    with pytest.raises(ValueError, match="only if p is the same"):
        Binomial(2, 0.25) + Binomial(2, 0.5)
    with pytest.raises(ValueError, match="DiscreteUniform"):
        2 * DiscreteUniform(1, 6)


def test_fits():
    x = np.random.default_rng(5).negative_binomial(3, 0.3, size=500)
    fit = NegativeBinomial.fit(x)
    best = scipy.stats.nbinom(fit.parameters["r"], fit.parameters["p"])
    assert fit.log_likelihood == pytest.approx(best.logpmf(x).sum(), rel=1e-12)
    theirs = scipy.stats.fit(scipy.stats.nbinom, x, {"n": (0.1, 20), "p": (0.01, 0.99)})
    assert fit.log_likelihood >= -theirs.nllf() - 1e-9
    fit = Categorical.fit([0, 1, 1, 1])
    assert fit.standard_errors["probabilities"] == pytest.approx((3 / 64) ** 0.5)
    assert "probabilities" in repr(fit)
    with pytest.raises(ValueError, match="say how many trials there were"):
        Binomial.fit([1, 2])
    with pytest.raises(ValueError, match="have the mean"):
        NegativeBinomial.fit([2, 2, 3])
    with pytest.raises(ValueError, match="population=…, draws=…"):
        Hypergeometric.fit([2, 2, 3])
    with pytest.raises(ValueError, match=r"Categorical\.fit: fixed holds p"):
        Categorical.fit([2, 2, 3], p=1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Binomial(2.5, 0.5), "Binomial: n is 2.5, but must be a whole number from 0 to 2^53"),
        (lambda: Binomial(2, [0.5, 2]), "Binomial: p is 2, but must be between 0 and 1"),
        (lambda: Geometric(0), "Geometric: p is 0, but must be positive and at most 1"),
        (lambda: Poisson(np.nan), "Poisson: rate is NaN, but must be between 0 and 1e20"),
        (lambda: DiscreteUniform(1, 0), "DiscreteUniform: high is 0, but must be at least low"),
        (
            lambda: Categorical([0.5, 0.6]),
            "Categorical: probabilities sum to 1.1, but must sum to 1; divide them by their sum",
        ),
        (lambda: Categorical([]), "Categorical: probabilities has 0 values, but at least 1 are needed"),
    ],
)
def test_parameters_are_checked(make, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the whole message is compared)
        make()
    assert str(caught.value) == message


def test_categorical_probabilities_do_not_change():
    loaded = Categorical([0.5, 0.25, 0.25])
    loaded.probabilities[0] = 7
    np.testing.assert_array_equal(loaded.probabilities, [0.5, 0.25, 0.25])
    assert loaded != Categorical([0.25, 0.5, 0.25])
    with pytest.raises(AttributeError):
        loaded.probabilities = [1.0]
    with pytest.raises(TypeError, match=r"^Categorical: probabilities "):
        Categorical("ab")
