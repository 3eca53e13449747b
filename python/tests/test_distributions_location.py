"""Families with a location, angles, and the fits of the normal family: beside SciPy, and at the edges."""

import math

import numpy as np
import pytest
import scipy.stats
from underhood import distributions
from underhood.distributions import (
    Cauchy,
    ChiSquared,
    F,
    Gumbel,
    Laplace,
    Logistic,
    Normal,
    StudentT,
    Triangular,
    VonMises,
)

PAIRS = [
    pytest.param(Cauchy(3, 2), scipy.stats.cauchy(3, 2), id="Cauchy"),
    pytest.param(Laplace(3, 2), scipy.stats.laplace(3, 2), id="Laplace"),
    pytest.param(Logistic(3, 2), scipy.stats.logistic(3, 2), id="Logistic"),
    pytest.param(Gumbel(3, 2), scipy.stats.gumbel_r(3, 2), id="Gumbel"),
    pytest.param(Triangular(1, 2, 6), scipy.stats.triang(0.2, 1, 5), id="Triangular"),
]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_agrees_with_scipy(ours, theirs):
    x = np.array([1.25, 1.9, 2.0, 3.0, 4.5, 5.9])
    q = np.array([1e-3, 0.1, 0.5, 0.9])
    for name in ("pdf", "logpdf", "cdf", "sf", "logcdf", "logsf"):
        np.testing.assert_allclose(getattr(ours, name)(x), getattr(theirs, name)(x), rtol=1e-12, err_msg=name)
    for name in ("ppf", "isf"):
        np.testing.assert_allclose(getattr(ours, name)(q), getattr(theirs, name)(q), rtol=1e-12, err_msg=name)
    np.testing.assert_allclose(ours.entropy(), theirs.entropy(), rtol=1e-12)
    np.testing.assert_allclose(ours.median(), theirs.median(), rtol=1e-12)
    if not isinstance(ours, Cauchy):
        found = ours.mean(), ours.var(), ours.skewness(), ours.kurtosis()
        np.testing.assert_allclose(found, theirs.stats("mvsk"), rtol=1e-12)
    np.testing.assert_allclose(ours.interval(0.9), theirs.interval(0.9), rtol=1e-12)


@pytest.mark.parametrize(("ours", "_"), PAIRS)
def test_long_arrays_and_numbers_give_the_same_bits(ours, _):
    x = np.linspace(-20, 20, 1001)
    for name in ("pdf", "logpdf", "cdf", "sf", "logcdf", "logsf"):
        method = getattr(ours, name)
        np.testing.assert_array_equal(method(x), [method(v) for v in x.tolist()])
    p = np.linspace(0, 1, 101)
    np.testing.assert_array_equal(ours.ppf(p), [ours.ppf(v) for v in p.tolist()])


def test_cauchy_has_no_moments():
    assert all(np.isnan(f()) for f in (Cauchy().mean, Cauchy().var, Cauchy().std, Cauchy().skewness, Cauchy().kurtosis))


@pytest.mark.parametrize("kappa", [0.3, 4.0, 30.0])
def test_von_mises_beside_scipy(kappa):
    ours, theirs = VonMises(0.5, kappa), scipy.stats.vonmises(kappa, 0.5)
    x = np.array([-2.5, -1.0, 0.0, 0.4, 1.1, 3.0])
    np.testing.assert_allclose(ours.pdf(x), theirs.pdf(x), rtol=1e-12)
    # SciPy's tails are sums of terms of either sign.
    np.testing.assert_allclose(ours.cdf(x), theirs.cdf(x), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(ours.var(), theirs.var(), rtol=1e-7)
    np.testing.assert_allclose(ours.entropy(), theirs.entropy(), rtol=1e-10)
    assert ours.mean() == ours.median() == ours.mode() == 0.5
    np.testing.assert_allclose(ours.cdf(ours.ppf([1e-3, 0.1, 0.5, 0.99])), [1e-3, 0.1, 0.5, 0.99], rtol=1e-12)


def test_von_mises_is_normal_for_large_kappa_and_uniform_for_none():
    needle = VonMises(0, 1e10)
    np.testing.assert_allclose(needle.sf(3e-5), Normal(0, 1e-5).sf(3e-5), rtol=1e-8)
    flat = VonMises(0, 0)
    np.testing.assert_allclose(
        [flat.cdf(1.0), flat.var(), flat.kurtosis()], [0.5 + 0.5 / math.pi, math.pi**2 / 3, -1.2]
    )


def test_von_mises_fit_counts_no_turns():
    rng = np.random.default_rng(4)
    angles = rng.vonmises(3.0, 5.0, 500)
    fit = VonMises.fit(angles)
    turned = VonMises.fit(angles + 2 * math.pi * rng.integers(-3, 4, 500))
    np.testing.assert_allclose(list(turned.parameters.values()), list(fit.parameters.values()), rtol=1e-9)
    kappa, loc, _ = scipy.stats.vonmises.fit(angles, fscale=1)
    np.testing.assert_allclose(fit.parameters["kappa"], kappa, rtol=1e-6)
    np.testing.assert_allclose(math.cos(fit.parameters["mu"] - loc), 1.0, rtol=1e-12)


FITS = [
    pytest.param(Normal(3, 2), scipy.stats.norm, id="Normal"),
    pytest.param(Cauchy(3, 2), scipy.stats.cauchy, id="Cauchy"),
    pytest.param(Laplace(3, 2), scipy.stats.laplace, id="Laplace"),
    pytest.param(Logistic(3, 2), scipy.stats.logistic, id="Logistic"),
    pytest.param(Gumbel(3, 2), scipy.stats.gumbel_r, id="Gumbel"),
    pytest.param(StudentT(4, 3, 2), scipy.stats.t, id="StudentT"),
]


@pytest.mark.parametrize(("truth", "peer"), FITS)
def test_no_fit_of_scipys_is_more_likely(truth, peer):
    for seed in range(5):
        data = truth.rvs(200, rng=seed)
        fit = type(truth).fit(data)
        theirs = np.sum(peer.logpdf(data, *peer.fit(data)))
        assert fit.log_likelihood >= theirs - 1e-9 * abs(theirs)
        np.testing.assert_allclose(fit.log_likelihood, np.sum(fit.distribution.logpdf(data)), rtol=1e-12)


def test_the_fit_of_a_triangle_is_the_best_of_all_peaks():
    for seed in range(4):
        data = Triangular(0, 1, 5).rvs(40, rng=seed)
        best = Triangular.fit(data).log_likelihood
        for peak in data:
            assert Triangular.fit(data, peak=peak).log_likelihood <= best + 1e-9


def test_student_says_when_the_tails_are_light():
    data = np.random.default_rng(1).uniform(size=100)
    with pytest.raises(ValueError, match=r"^StudentT\.fit: data have tails no heavier than a normal's.*fit a Normal"):
        StudentT.fit(data)
    assert StudentT.fit(data, df=7).parameters["df"] == 7


@pytest.mark.parametrize("family", [Normal, StudentT, Cauchy, Laplace, Logistic, Gumbel, Triangular, F, ChiSquared])
@pytest.mark.parametrize("size", [1e300, 1e-300, 1e200, 1e-160])
def test_data_of_any_size_are_fitted_or_refused_by_name(family, size):
    data = np.array([0.6, 1.9, 3.2, 1.1, 5.4, 2.2, 0.9, 1.4, 2.8, 45.0, 0.1, 1.7]) * size
    refusal = ""
    try:
        fit = family.fit(data)
    except ValueError as error:
        refusal = str(error)
    if refusal:
        assert refusal.startswith(f"{family.__name__}.fit: data ")
        return
    numbers = [*fit.parameters.values(), *fit.standard_errors.values(), fit.log_likelihood]
    assert np.all(np.isfinite(numbers))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Cauchy(scale=0), "Cauchy: scale is 0, but must be positive and finite"),
        (lambda: Laplace(np.inf), "Laplace: loc is inf, but must be finite"),
        (lambda: Triangular(0, 5, 4), "Triangular: peak is 5, but must be between low and high"),
        (lambda: Triangular(0, 0, 0), "Triangular: high is 0, but must be finite and greater than low"),
        (
            lambda: VonMises(1e11, 1),
            "VonMises: mu is 100000000000, but must be an angle in radians (between -1e10 and 1e10)",
        ),
    ],
)
def test_parameters_are_checked(make, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the whole message is compared)
        make()
    assert str(caught.value) == message


def test_arithmetic():
    assert 2 * Cauchy(1, 2) + 1 == Cauchy(3, 4)
    assert Cauchy(1, 2) + Cauchy(3, 1) == Cauchy(4, 3)
    assert -Triangular(0, 1, 4) == Triangular(-4, -1, 0)
    assert 3 - Logistic(1, 2) == Logistic(2, 2)
    with pytest.raises(ValueError, match="smallest value"):
        -Gumbel()
    with pytest.raises(ValueError, match="turned and reflected"):
        2 * VonMises(0, 1)
    with pytest.raises(ValueError, match="Laplace"):
        Laplace(0, 1) + Laplace(1, 1)


def test_the_mode_of_a_triangle_is_a_method_and_its_parameter_the_peak():
    triangle = Triangular(0, [1, 2], 4)
    np.testing.assert_array_equal(triangle.mode(), triangle.peak)
    assert list(triangle.parameters) == ["low", "peak", "high"]


@pytest.mark.parametrize("name", ["Cauchy", "Gumbel", "Laplace", "Logistic", "Triangular", "VonMises"])
def test_a_distribution_is_a_value(name):
    ours = {"Triangular": Triangular(0, 1, 3), "VonMises": VonMises(0.5, 2)}.get(name) or getattr(distributions, name)(
        1, 2
    )
    assert eval(repr(ours), vars(distributions)) == ours
