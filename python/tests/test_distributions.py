"""``underhood.distributions``: construction, methods on numbers and arrays, agreement with SciPy, docstrings."""

import copy
import doctest
import pickle

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from underhood import distributions
from underhood.distributions import ChiSquared, F, Normal, StudentT

PAIRS = [
    pytest.param(Normal(3, 2), scipy.stats.norm(3, 2), id="Normal"),
    pytest.param(StudentT(2.5, loc=3, scale=2), scipy.stats.t(2.5, 3, 2), id="StudentT"),
    pytest.param(ChiSquared(3.5), scipy.stats.chi2(3.5), id="ChiSquared"),
    pytest.param(F(3, 17.5), scipy.stats.f(3, 17.5), id="F"),
]
OF_X = ("pdf", "logpdf", "cdf", "sf", "logcdf", "logsf")
OF_Q = ("ppf", "isf")


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_agrees_with_scipy(ours, theirs):
    x = np.array([-1.0, 0.5, 1.0, 2.0, 5.0, 9.0])
    # SciPy takes F's isf from 1 − q, and loses what q is smaller than 1.
    q = np.array([0.0, 1e-2, 0.1, 0.5, 0.9, 1.0])
    for name in OF_X:
        with np.errstate(divide="ignore"):
            np.testing.assert_allclose(getattr(ours, name)(x), getattr(theirs, name)(x), rtol=1e-12, err_msg=name)
    for name in OF_Q:
        np.testing.assert_allclose(getattr(ours, name)(q), getattr(theirs, name)(q), rtol=1e-12, err_msg=name)
    for name in ("mean", "var", "std", "median", "support"):
        np.testing.assert_allclose(getattr(ours, name)(), getattr(theirs, name)(), rtol=1e-12, err_msg=name)
    np.testing.assert_allclose(ours.interval(0.9), theirs.interval(0.9), rtol=1e-12)


@pytest.mark.parametrize(("ours", "_"), PAIRS)
def test_numbers_give_numbers_and_arrays_arrays(ours, _):
    for name in OF_X + OF_Q:
        method = getattr(ours, name)
        assert type(method(0.5)) is float
        assert type(method(np.float64(0.5))) is float
        assert method(0.5) == method(np.array(0.5))
        found = method(np.full((2, 3), 0.5))
        np.testing.assert_array_equal(found, np.full((2, 3), method(0.5)))
        assert method([]).shape == (0,)
        assert np.isnan(method(np.nan))
    assert np.isnan(ours.ppf(1.5))
    assert np.isnan(ours.isf(-0.5))


@pytest.mark.parametrize(("ours", "_"), PAIRS)
def test_bad_input_is_refused_by_name(ours, _):
    kind = type(ours).__name__
    for name in OF_X + OF_Q:
        argument = "x" if name in OF_X else "q"
        for bad in ("text", None, 1j, object(), [[1.0], [1.0, 2.0]], np.ma.array([1.0])):
            with pytest.raises(TypeError, match=rf"^{kind}\.{name}: {argument} "):
                getattr(ours, name)(bad)
    with pytest.raises(ValueError, match=rf"^{kind}.interval: confidence is 2, but must be between 0 and 1$"):
        ours.interval(2)
    with pytest.raises(ValueError, match="confidence is NaN"):
        ours.interval(np.nan)


@pytest.mark.parametrize(("ours", "_"), PAIRS)
def test_a_distribution_is_a_value(ours, _):
    assert pickle.loads(pickle.dumps(ours)) == ours
    assert copy.deepcopy(ours) == ours
    assert eval(repr(ours), vars(distributions)) == ours
    assert ours != Normal(17, 4)
    with pytest.raises(AttributeError):
        ours.df = 3


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Normal(np.nan), "Normal: mu is NaN, but must be finite"),
        (lambda: Normal(0, -1), "Normal: sigma is -1, but must be positive and finite"),
        (lambda: Normal(sigma=np.inf), "Normal: sigma is inf, but must be positive and finite"),
        (lambda: StudentT(0), "StudentT: df is 0, but must be positive (1e-20 to 1e20)"),
        (lambda: StudentT(3, scale=0), "StudentT: scale is 0, but must be positive and finite"),
        (lambda: StudentT(3, loc=np.inf), "StudentT: loc is inf, but must be finite"),
        (lambda: ChiSquared(-2), "ChiSquared: df is -2, but must be positive (1e-20 to 1e20)"),
        (lambda: ChiSquared([1, -2]), "ChiSquared: df is -2, but must be positive (1e-20 to 1e20)"),
        (lambda: F(1, np.nan), "F: dfd is NaN, but must be positive (1e-20 to 1e20)"),
        (lambda: F(np.inf, 1), "F: dfn is inf, but must be positive (1e-20 to 1e20)"),
    ],
)
def test_parameters_are_checked(make, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the whole message is compared)
        make()
    assert str(caught.value) == message


def test_parameters_of_any_kind_of_number():
    assert Normal(np.int32(1), np.float32(2)) == Normal(1, 2) == Normal(mu=True, sigma=2.0)
    assert (Normal(1, 2).mu, Normal(1, 2).sigma) == (1.0, 2.0)
    assert (StudentT(5).df, StudentT(5).loc, StudentT(5).scale) == (5.0, 0.0, 1.0)
    assert (F(3, 4).dfn, F(3, 4).dfd, ChiSquared(7).df) == (3.0, 4.0, 7.0)


@given(st.floats(0.3, 1e6), st.floats(1e-290, 0.5))
def test_upper_quantiles_invert_the_upper_tail(df, q):
    for distribution in (Normal(), StudentT(df), ChiSquared(df), F(df, 7.0)):
        x = distribution.isf(q)
        if 0 < abs(x) < 1e140:
            # A double x cannot hold q better than to its condition number.
            condition = max(1.0, np.exp(distribution.logpdf(x) + np.log(abs(x))) / q)
            assert distribution.sf(x) == pytest.approx(q, rel=2e-14 + 1e-15 * condition)


def test_logarithms_go_on_where_probabilities_underflow():
    assert Normal().sf(50.0) == 0.0
    assert Normal().logsf(50.0) == pytest.approx(-1254.8313611394, rel=1e-12)
    assert np.isfinite(ChiSquared(3).logsf(1e5))
    assert np.isfinite(F(30, 1e5).logsf(1e9))
    assert np.isfinite(StudentT(400).logsf(1e50))


@pytest.mark.parametrize("name", distributions.__all__)
def test_docstrings_have_examples_that_run(name):
    kind = getattr(distributions, name)
    tests = [test for test in doctest.DocTestFinder().find(kind, name, globs={}) if test.examples]
    assert tests
    runner = doctest.DocTestRunner()
    for test in tests:
        assert runner.run(test).failed == 0


def test_the_module_docstring_runs():
    assert doctest.testmod(distributions).failed == 0


def test_sizes_are_numpys():
    assert Normal().rvs([2, 3], rng=1).shape == Normal().rvs((2, 3), rng=1).shape == (2, 3)
    assert Normal().rvs(np.int64(4), rng=1).shape == (4,)
    assert type(Normal().rvs(rng=1)) is float
    np.testing.assert_array_equal(Normal([0.0, 10.0]).rvs((3, 2), rng=1).round(-1), [[0, 10]] * 3)
    with pytest.raises(TypeError, match=r"^Normal.fit: data is text"):
        Normal.fit("abc")
