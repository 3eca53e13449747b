"""The gamma family, beta, uniform, lognormal and Pareto from Python: agreement with SciPy, draws, fits, arithmetic."""

import numpy as np
import pytest
import scipy.stats
from underhood.distributions import (
    Beta,
    Exponential,
    Gamma,
    InverseGamma,
    LogNormal,
    Pareto,
    Rayleigh,
    Uniform,
    Weibull,
)

PAIRS = [
    pytest.param(Gamma(2.5, 3), scipy.stats.gamma(2.5, scale=3), id="Gamma"),
    pytest.param(InverseGamma(5.5, 3), scipy.stats.invgamma(5.5, scale=3), id="InverseGamma"),
    pytest.param(Exponential(0.25), scipy.stats.expon(scale=4), id="Exponential"),
    pytest.param(Weibull(1.7, 2), scipy.stats.weibull_min(1.7, scale=2), id="Weibull"),
    pytest.param(Rayleigh(3), scipy.stats.rayleigh(scale=3), id="Rayleigh"),
    pytest.param(Pareto(5.5, 2), scipy.stats.pareto(5.5, scale=2), id="Pareto"),
    pytest.param(Beta(2, 3.5), scipy.stats.beta(2, 3.5), id="Beta"),
    pytest.param(Uniform(-2, 5), scipy.stats.uniform(-2, 7), id="Uniform"),
    pytest.param(LogNormal(0.5, 0.75), scipy.stats.lognorm(0.75, scale=np.exp(0.5)), id="LogNormal"),
]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_agrees_with_scipy(ours, theirs):
    p = np.linspace(0.001, 0.999, 200)
    x = np.concatenate([theirs.ppf(p), [-3.0, 0.0, 1.0]])
    for name in ("pdf", "logpdf", "cdf", "sf", "logcdf", "logsf"):
        with np.errstate(divide="ignore"):
            expected = getattr(theirs, name)(x)
        np.testing.assert_allclose(getattr(ours, name)(x), expected, rtol=1e-12, atol=1e-13, err_msg=name)
    for name in ("ppf", "isf"):
        np.testing.assert_allclose(getattr(ours, name)(p), getattr(theirs, name)(p), rtol=1e-11, err_msg=name)
    for name in ("mean", "var", "std", "median", "entropy", "support"):
        np.testing.assert_allclose(getattr(ours, name)(), getattr(theirs, name)(), rtol=1e-11, err_msg=name)
    moments = theirs.stats("sk")
    np.testing.assert_allclose([ours.skewness(), ours.kurtosis()], moments, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.interval(0.9), theirs.interval(0.9), rtol=1e-11)
    low, high = theirs.ppf([0.3, 0.7])
    assert ours.prob(low, high) == pytest.approx(0.4, rel=1e-12)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_draws_follow_the_distribution(ours, theirs):
    draws = ours.rvs(20_000, rng=5)
    np.testing.assert_array_equal(draws, ours.rvs(20_000, rng=5))
    assert scipy.stats.kstest(draws, theirs.cdf).pvalue > 1e-4


LOCATED = {"Gamma": {"floc": 0}, "InverseGamma": {"floc": 0}, "Exponential": {"floc": 0}, "Weibull": {"floc": 0}}
LOCATED |= {"Rayleigh": {"floc": 0}, "Pareto": {"floc": 0}, "LogNormal": {"floc": 0}, "Uniform": {}}
LOCATED |= {"Beta": {"floc": 0, "fscale": 1}}


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize("n", [5, 400])
def test_fits_are_the_maximum(ours, theirs, n):
    kind = type(ours)
    data = ours.rvs(n, rng=n)
    fit = kind.fit(data)
    peer = theirs.dist.fit(data, **LOCATED[kind.__name__])
    likelihood = theirs.dist.logpdf(data, *peer).sum()
    assert fit.log_likelihood >= likelihood - 1e-9 * abs(likelihood)
    assert fit.log_likelihood == pytest.approx(fit.distribution.logpdf(data).sum(), rel=1e-12)
    # No neighbour within the family is more likely.
    for name, value in fit.parameters.items():
        for factor in (1 - 1e-4, 1 + 1e-4):
            moved = kind(**{**fit.parameters, name: value * factor if value else factor - 1})
            assert moved.logpdf(data).sum() <= fit.log_likelihood + 1e-10 * abs(fit.log_likelihood), name
    for name, value in ours.parameters.items():
        if n > 100:
            assert abs(fit.parameters[name] - value) < 6 * fit.standard_errors[name] + 1e-12, name
        # Held at its estimate, a parameter leaves the others where they are.
        held = kind.fit(data, **{name: fit.parameters[name]})
        assert held.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-9)
        assert held.standard_errors[name] == 0.0


def test_standard_errors_have_their_closed_forms():
    data = Exponential(3).rvs(50, rng=1)
    fit = Exponential.fit(data)
    assert fit.standard_errors["rate"] == pytest.approx(fit.parameters["rate"] / 50**0.5, rel=1e-12)
    fit = Rayleigh.fit(data)
    assert fit.standard_errors["scale"] == pytest.approx(fit.parameters["scale"] / (2 * 50**0.5), rel=1e-12)
    fit = LogNormal.fit(data)
    assert fit.standard_errors["mu"] == pytest.approx(np.log(data).std() / 50**0.5, rel=1e-12)
    assert fit.standard_errors["sigma"] == pytest.approx(np.log(data).std() / 100**0.5, rel=1e-12)
    fit = Pareto.fit(data)
    assert fit.standard_errors["shape"] == pytest.approx(fit.parameters["shape"] / 50**0.5, rel=1e-12)


@pytest.mark.parametrize("kind", [Gamma, InverseGamma, Beta])
def test_standard_errors_are_those_of_the_information(kind):
    """Against second differences of the log-likelihood."""
    data = kind(2.5, 1.5).rvs(200, rng=3)
    fit = kind.fit(data)
    at = np.array([*fit.parameters.values()])
    step = 1e-4 * at

    def log_likelihood(a, b):
        return kind(a, b).logpdf(data).sum()

    information = np.empty((2, 2))
    for i in range(2):
        for j in range(2):
            e, f = np.eye(2)[i] * step, np.eye(2)[j] * step
            differences = [log_likelihood(*(at + s * e + t * f)) * s * t for s in (1, -1) for t in (1, -1)]
            information[i, j] = -sum(differences) / (4 * step[i] * step[j])
    np.testing.assert_allclose(fit.covariance, np.linalg.inv(information), rtol=1e-4)


@pytest.mark.parametrize("scale", [1e-120, 1e-5, 1e7, 1e120])
@pytest.mark.parametrize("kind", [Gamma, InverseGamma, Weibull, Pareto, Rayleigh, Exponential, Uniform])
def test_fits_know_no_unit(kind, scale):
    data = np.array([0.6, 1.9, 3.2, 1.1, 5.4, 2.2, 0.9, 1.4, 2.8, 0.4])
    plain, scaled = kind.fit(data), kind.fit(data * scale)
    for name, value in plain.parameters.items():
        unit = {"shape": 1.0, "rate": 1 / scale}.get(name, scale)
        assert scaled.parameters[name] == pytest.approx(value * unit, rel=1e-9, abs=0)
        assert scaled.standard_errors[name] == pytest.approx(plain.standard_errors[name] * unit, rel=1e-6, abs=0)


@pytest.mark.parametrize(
    ("kind", "bad", "message"),
    [
        (Gamma, [1.0, 0.0], "data is 0, but must be positive"),
        (InverseGamma, [1.0, -1.0], "data is -1, but must be positive"),
        (Exponential, [1.0, -1.0], "data is -1, but must be not negative"),
        (Exponential, [0.0, 0.0], "data"),
        (Weibull, [1.0, 0.0], "data is 0, but must be positive"),
        (Rayleigh, [0.0], "data is 0, but must be positive"),
        (Pareto, [1.0, 0.0], "data is 0, but must be positive"),
        (LogNormal, [1.0, 0.0], "data is 0, but must be positive"),
        (Beta, [0.5, 1.0], "data is 1, but must be between 0 and 1"),
        (Gamma, [2.0, 2.0, 2.0], "data"),
        (InverseGamma, [2.0, 2.0, 2.0], "data"),
        (Weibull, [2.0, 2.0, 2.0], "data"),
        (Pareto, [2.0, 2.0, 2.0], "data"),
        (LogNormal, [2.0, 2.0, 2.0], "data"),
        (Uniform, [2.0, 2.0, 2.0], "data"),
        (Beta, [0.5, 0.5, 0.5], "data"),
        (Gamma, [1.0], "data has 1 value"),
    ],
)
def test_data_that_fit_no_member_are_refused(kind, bad, message):
    with pytest.raises(ValueError, match=rf"^{kind.__name__}.fit: {message}"):
        kind.fit(bad)


def test_nearly_constant_data_keep_their_digits():
    data = 1e6 + np.array([-1e-3, 0.0, 2e-3, 5e-4, -1.5e-3])
    deviations = (data - data.mean()) / data.mean()
    # For a large shape k the gamma is normal, of relative variance 1/k.
    assert Gamma.fit(data).parameters["shape"] == pytest.approx(1 / (deviations**2).mean(), rel=1e-6)
    assert LogNormal.fit(data).parameters["sigma"] == pytest.approx(deviations.std(), rel=1e-6)
    assert Weibull.fit(data).parameters["shape"] > 1e8


def test_parameters_held_outside_the_data_are_refused():
    with pytest.raises(ValueError, match=r"^Uniform.fit: data is 1, but must be not below the low"):
        Uniform.fit([1.0, 2.0], low=1.5)
    with pytest.raises(ValueError, match=r"^Pareto.fit: data is 1, but must be not below the scale"):
        Pareto.fit([1.0, 2.0], scale=1.5)


def test_arithmetic_is_true():
    assert 2 * Gamma(3, 2) == Gamma(3, 4)
    assert Gamma(3, 2) + Gamma(1, 2) == Gamma(4, 2)
    assert 1 - Beta(2, 3) == Beta(3, 2)
    assert Exponential(2) / 2 == Exponential(4)
    assert 3 - 2 * Uniform() == Uniform(1, 3)
    assert 2 * Pareto(3, 2) == Pareto(3, 4)
    with pytest.raises(ValueError, match="is a Gamma"):
        Gamma(3) + 1
    with pytest.raises(ValueError, match="scales 1 and 2"):
        Gamma(3, 1) + Gamma(3, 2)
    with pytest.raises(ValueError, match="is a Weibull"):
        -Weibull(2)


def test_tails_where_others_give_up():
    # P(X < x) is (x/scale)^shape/Γ(1 + shape) here; the quotient alone is below the smallest double.
    assert Gamma(0.01, 1e200).cdf(1e-250) == pytest.approx(10 ** (-4.5) / scipy.special.gamma(1.01), rel=1e-13)
    assert Beta(0.5, 5).logsf(1 - 2.0**-53) == pytest.approx(
        5 * -53 * np.log(2) - np.log(5) - scipy.special.betaln(0.5, 5)
    )
    assert Weibull(3).logcdf(1e-200) == pytest.approx(-600 * np.log(10), rel=1e-14)
    assert LogNormal().logsf(np.exp(100.0)) == pytest.approx(scipy.stats.norm.logsf(100), rel=1e-13)
    assert Gamma([1.0, 2.0], 3).mean().tolist() == [3.0, 6.0]
