"""Least squares and curves from Python: NIST's certified values, peers, bounds, and what is not determined."""

import pickle
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize
from underhood.calculus import AccuracyWarning
from underhood.optimize import curve_fit, least_squares

FOLDER = Path(__file__).parents[2] / "crates/underhood/tests/data/nls"

MODELS = {
    "Misra1a": lambda x, b1, b2: b1 * (1 - np.exp(-b2 * x)),
    "BoxBOD": lambda x, b1, b2: b1 * (1 - np.exp(-b2 * x)),
    "MGH10": lambda x, b1, b2, b3: b1 * np.exp(b2 / (x + b3)),
    "Eckerle4": lambda x, b1, b2, b3: b1 / b2 * np.exp(-0.5 * ((x - b3) / b2) ** 2),
    "Rat43": lambda x, b1, b2, b3, b4: b1 / (1 + np.exp(b2 - b3 * x)) ** (1 / b4),
}


def certified(name):
    text = (FOLDER / f"{name}.dat").read_text()
    table = np.array(
        [line.split("=")[1].split() for line in text.splitlines() if re.match(r"\s+b\d =", line)], dtype=float
    )
    squares = float(re.search(r"Residual Sum of Squares:\s+(\S+)", text)[1])
    data = np.array([line.split() for line in text.split("Data:")[-1].splitlines()[1:] if line.strip()], dtype=float)
    return data[:, 1], data[:, 0], table, squares


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("name", MODELS)
def test_nists_certified_values(name, start):
    x, y, table, squares = certified(name)
    fit = curve_fit(MODELS[name], x, y, p0=table[:, start])
    assert fit.success
    np.testing.assert_allclose(fit.params, table[:, 2], rtol=1e-9)
    np.testing.assert_allclose(fit.standard_errors, table[:, 3], rtol=1e-9)
    assert float(fit.residuals @ fit.residuals) == pytest.approx(squares, rel=1e-9)
    assert fit.names == tuple(f"b{i + 1}" for i in range(len(table)))


def line(x, a, b):
    return a + b * x


X = np.array([0.0, 1, 2, 3, 4, 5])
Y = np.array([1.1, 2.9, 5.2, 6.8, 9.1, 11.2])


@pytest.mark.parametrize("absolute", [False, True])
@pytest.mark.parametrize(
    "sigma", [None, np.linspace(0.1, 0.6, 6), np.diag(np.linspace(0.1, 0.6, 6)) + 0.02], ids=["none", "each", "matrix"]
)
def test_weights_and_covariances_are_scipys(sigma, absolute):
    fit = curve_fit(line, X, Y, sigma=sigma, absolute_sigma=absolute)
    popt, pcov = optimize.curve_fit(line, X, Y, sigma=sigma, absolute_sigma=absolute)
    np.testing.assert_allclose(fit.params, popt, rtol=1e-6)
    np.testing.assert_allclose(fit.covariance, pcov, rtol=1e-5)
    params, covariance = fit
    assert params is fit.params
    assert covariance is fit.covariance


def test_a_line_has_the_regressions_figures():
    import underhood as uh

    fit, regression = curve_fit(line, X, Y), uh.stats.linear_regression(X, Y)
    np.testing.assert_allclose(fit.params, regression.params, rtol=1e-10)
    np.testing.assert_allclose(fit.standard_errors, regression.bse, rtol=1e-9)
    assert fit.rsquared == pytest.approx(regression.rsquared, rel=1e-12)
    assert fit.df_residual == 4
    assert "95 % interval" in repr(fit)
    assert "b" in fit._repr_html_()
    np.testing.assert_allclose(fit.predict([10.0]), fit.params[0] + 10 * fit.params[1])
    copy = pickle.loads(pickle.dumps(fit))
    assert repr(copy) == repr(fit)
    with pytest.raises(ValueError, match="predict"):
        copy.predict([1.0])
    assert fit.plot().get_xlabel() == "x"


def test_a_missing_start_that_fails_is_replaced_and_that_is_said():
    x = np.linspace(400, 500, 60)
    y = 150 * np.exp(-0.5 * ((x - 450) / 8) ** 2)
    fit = curve_fit(lambda x, height, centre, width: height * np.exp(-0.5 * ((x - centre) / width) ** 2), x, y)
    assert "p0 was not given" in fit.message
    np.testing.assert_allclose(np.abs(fit.params), [150, 450, 8], rtol=1e-6)


def test_what_the_data_do_not_determine():
    with pytest.warns(AccuracyWarning, match="do not determine the parameters"):
        fit = curve_fit(lambda x, a, b: (a + b) * x, X, Y)
    assert np.isinf(fit.standard_errors).all()
    with pytest.warns(AccuracyWarning, match="do not determine"):
        curve_fit(line, X[:1], Y[:1])


def test_data_that_cannot_be_used():
    bad = Y.copy()
    bad[3] = np.nan
    with pytest.raises(ValueError, match="curve_fit: ydata holds nan at index 3"):
        curve_fit(line, X, bad)
    with pytest.raises(ValueError, match="give p0"):
        curve_fit(lambda x, *p: x, X, Y)
    with pytest.raises(ValueError, match="xdata has shape"):
        curve_fit(line, X[:-1], Y)
    with pytest.raises(ValueError, match="f returned shape"):
        curve_fit(lambda x, a: a * x[:3], X, Y)
    with pytest.raises(ValueError, match="sigma must be positive"):
        curve_fit(line, X, Y, sigma=np.zeros(6))


def test_bounds_hold_and_nothing_is_called_outside():
    seen = []

    def residuals(v):
        a, b = float(v[0]), float(v[1])  # not traced, so that every call is seen
        seen.append([a, b])
        return [10 * (b - a**2), 1 - a]

    found = least_squares(residuals, [-1.2, 1.0], bounds=([-2, -1], [0.5, 2]))
    peer = optimize.least_squares(residuals, [-1.2, 1.0], bounds=([-2, -1], [0.5, 2]), xtol=1e-15, ftol=1e-15)
    assert found.success
    np.testing.assert_allclose(found.x, peer.x, rtol=1e-6)
    np.testing.assert_array_equal(found.active_mask, [1, 0])
    assert (np.array(seen) >= [-2, -1]).all()
    assert (np.array(seen) <= [0.5, 2]).all()
    with pytest.raises(ValueError, match="least_squares: bounds of parameter 0"):
        least_squares(residuals, [3.0, 1.0], bounds=([-2, -1], [0.5, 2]))


def test_given_jacobians_save_calls():
    def f(v):
        return np.array([10 * (v[1] - float(v[0]) ** 2), 1 - v[0]])  # not traced

    def slopes(v):
        return np.array([[-20 * v[0], 10], [-1, 0]])

    given, numerical = least_squares(f, [-1.2, 1.0], jac=slopes), least_squares(f, [-1.2, 1.0])
    np.testing.assert_allclose(given.x, numerical.x, rtol=1e-9)
    assert given.nfev < numerical.nfev / 2
    np.testing.assert_allclose(given.grad, given.jac.T @ given.fun, atol=1e-12)


def test_plateaus_walls_and_infinities_are_not_claimed():
    # Far out every slope is zero.
    far = least_squares(lambda v: [np.exp(-v[0]) + 1, 2.0], [800.0], bounds=(0, np.inf))
    assert not far.success
    assert not least_squares(lambda v: [1 + 1 / v[0]], [1.0]).success
    wall = least_squares(lambda v: [np.sqrt(v[0]) - 2], [1.0])
    assert wall.success
    assert wall.x[0] == pytest.approx(4)
    stuck = least_squares(lambda v: [np.log(v[0])] if v[0] > 2 else [np.nan], [5.0])
    assert not stuck.success


def test_exceptions_come_out():
    def f(v):
        raise KeyError("mine")

    with pytest.raises(KeyError):
        least_squares(f, [1.0])
    with pytest.raises(KeyError):
        curve_fit(lambda x, a: f(x), X, Y)


def test_nothing_is_called_outside_odd_bounds():
    low, high = np.array([-2.0 / 3, 0.1 + 0.2]), np.array([1.0 / 3, 0.7])
    seen = []

    def residuals(v):
        a, b = float(v[0]), float(v[1])  # not traced, so that every call is seen
        seen.append([a, b])
        return [10 * (b - a**2), 1 - a, a * b]

    for start in ([-0.5, 0.5], [1.0 / 3, 0.7], [0.0, 0.31]):
        assert least_squares(residuals, start, bounds=(low, high)).success
    assert (np.array(seen) >= low).all()
    assert (np.array(seen) <= high).all()
    # A few numbers apart.
    narrow = least_squares(lambda v: [float(v[0]) - 3, float(v[1]) - 1], [1.0, 0.0], bounds=([1, -9], [1 + 4e-16, 9]))
    assert narrow.success
    assert narrow.x[1] == pytest.approx(1)


def test_errors_that_nothing_tells_are_infinite():
    # As many values as parameters.
    with pytest.warns(AccuracyWarning, match="errors of 2 parameters"):
        fit = curve_fit(line, [0.0, 1.0], [1.0, 3.0])
    assert np.isinf(fit.covariance).all()
    np.testing.assert_allclose(fit.params, [1, 2], rtol=1e-12)
    # Two parameters of which only the sum counts, met exactly.
    with pytest.warns(AccuracyWarning, match="do not determine"):
        fit = curve_fit(lambda x, a, b: (a + b) * x, X, 4 * X)
    assert np.isinf(fit.covariance).all()
    assert not np.isnan(fit.standard_errors).any()


def test_starts_of_ours_may_be_refused():
    def growth(x, a, b):
        if float(a) <= 1.5:
            raise ValueError("a must be above 1.5")
        return float(a) * np.exp(float(b) * x)

    fit = curve_fit(growth, X, 2 * np.exp(0.3 * X))
    np.testing.assert_allclose(fit.params, [2, 0.3], rtol=1e-6)

    def refuses(x, a):
        raise ValueError("never")

    with pytest.raises(ValueError, match="never"):
        curve_fit(refuses, X, Y)
    with pytest.raises(ValueError, match="p0 holds 1 numbers, but f takes 2 parameters"):
        curve_fit(line, X, Y, p0=[1.0])


@pytest.mark.parametrize(("value", "found"), [(None, "None, .* a return missing"), ("a", "a str, "), ({}, "a dict, ")])
def test_a_model_that_returns_no_numbers_is_refused(value, found):
    x = np.arange(5.0)
    for p0 in (None, [1.0, 1.0]):
        with pytest.raises(TypeError, match=f"^curve_fit: f returned {found}"):
            curve_fit(lambda x, a, b: value, x, x, p0=p0)


def test_a_runaway_is_no_fit_and_a_flat_minimum_is_one():
    x = np.linspace(0, 4, 50)
    y = 2.5 * np.exp(-1.3 * x) + 0.5
    for p0 in ([1, -1, 1], [1, -5, 1]):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = curve_fit(lambda x, a, b, c: a * np.exp(-b * x) + c, x, y, p0=p0)
        assert not fit.success or np.allclose(fit.params, [2.5, 1.3, 0.5])
    assert least_squares(lambda p: p[0] ** 2 + 1, [3.0]).success
    assert least_squares(lambda p: [np.abs(p[0]), 1], [3.0]).success
    held = least_squares(lambda p: [p[0] - 1, p[1]], [5.0, 3], bounds=([0, 0], [np.inf] * 2))
    assert held.success
    np.testing.assert_allclose(held.x, [1, 0], atol=1e-12)


def test_without_a_start_a_pole_among_the_data_is_not_settled_for():
    # From ones some of these lead to a*x/(x - 0.14), whose pole lies between the data.
    for seed in range(12):
        rng = np.random.default_rng(seed)
        x = np.sort(rng.uniform(0, 5, 15))
        y = 2.5 * x / (0.7 + x) + rng.normal(size=15) * 0.05
        found = curve_fit(lambda x, a, b: a * x / (b + x), x, y)
        assert found.rsquared > 0.95
        np.testing.assert_allclose(found.params, [2.5, 0.7], rtol=0.3)


def test_scatter_alone_is_no_reason_for_another_start():
    rng = np.random.default_rng(3)
    x = np.linspace(0, 10, 60)
    found = curve_fit(lambda x, a, b, c: a * np.sin(b * x + c), x, np.sin(1.3 * x + 0.2) + rng.normal(size=60))
    assert found.params[1] == pytest.approx(1.3, abs=0.1)
    assert "p0 was not given" not in found.message
