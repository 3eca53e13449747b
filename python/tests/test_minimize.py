"""Minimisers: what they take, what they give back, and that they claim nothing falsely."""

import math
import pickle

import numpy as np
import pytest
import scipy.optimize
import underhood as uh
from underhood.optimize import minimize, minimize_scalar

METHODS = ["Nelder-Mead", "CG", "BFGS", "L-BFGS-B", "Newton-CG", "trust-exact"]
START = [-1.2, 1.0]


def valley(x):
    """Rosenbrock's function, written so that it cannot be traced."""
    return float(100.0 * (x[1] - x[0] ** 2) ** 2 + (1.0 - x[0]) ** 2)


def slope(x):
    return np.array([-400.0 * x[0] * (x[1] - x[0] ** 2) - 2.0 * (1.0 - x[0]), 200.0 * (x[1] - x[0] ** 2)])


def bend(x):
    return np.array([[1200.0 * x[0] ** 2 - 400.0 * x[1] + 2.0, -400.0 * x[0]], [-400.0 * x[0], 200.0]])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("jac", [None, slope])
def test_every_method_finds_the_end_of_the_valley(method, jac):
    found = minimize(valley, START, method=method, jac=jac, tol=None if jac is None else 1e-8)
    assert found.success
    assert found.method == method
    np.testing.assert_allclose(found.x, [1.0, 1.0], atol=1e-4)
    assert found.fun == valley(found.x)
    assert found.nfev > 0
    assert (found.njev > 0) == (jac is not None and method != "Nelder-Mead")


def test_defaults_are_scipys():
    assert minimize(valley, START).method == "BFGS"
    assert minimize(valley, START, bounds=[(-2, 2), (-2, 2)]).method == "L-BFGS-B"


def test_value_and_gradient_together_are_one_call():
    calls = []

    def both(x):
        calls.append(x.copy())
        return valley(x), slope(x)

    found = minimize(both, START, jac=True)
    assert found.success
    assert found.gradient_method == "given"
    assert len(calls) <= found.nfev + found.njev
    assert len({tuple(x) for x in calls}) == len(calls)
    with pytest.raises(TypeError, match="minimize: with jac=True, f must return its value and its gradient"):
        minimize(valley, START, jac=True)


def test_second_derivatives_are_used():
    by_matrix = minimize(valley, START, method="trust-exact", jac=slope, hess=bend)
    assert by_matrix.success
    assert by_matrix.nhev > 0
    assert by_matrix.njev <= by_matrix.nit + 1
    by_product = minimize(valley, START, method="Newton-CG", jac=slope, hessp=lambda x, v: bend(x) @ v)
    assert by_product.success
    assert by_product.nhev > 0
    np.testing.assert_allclose(by_product.x, [1, 1], atol=1e-6)


def test_further_arguments_go_to_all_functions():
    found = minimize(
        lambda x, a, b: (x[0] - a) ** 2 + b,
        [0.0],
        args=(3.0, 7.0),
        jac=lambda x, a, b: 2 * (x - a),
        hess=lambda x, a, b: np.array([[2.0]]),
    )
    assert found.fun == pytest.approx(7.0)
    assert minimize(lambda x, a: (x[0] - a) ** 2, [0.0], args=5.0).x == pytest.approx(5.0)


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 1, 2)])
@pytest.mark.parametrize("method", METHODS)
def test_the_shape_of_the_start_is_kept(shape, method):
    goal = np.arange(1.0, 1 + math.prod(shape)).reshape(shape)

    def bowl(x):
        assert x.shape == shape
        return np.sum((x - goal) ** 2)

    found = minimize(bowl, np.zeros(shape), method=method, tol=1e-7)
    assert found.x.shape == shape
    np.testing.assert_allclose(found.x, goal, atol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_bounds_are_kept_and_agree_with_scipy(method):
    def inside(x):
        assert -1.5 <= x[0] <= 0.5
        assert x[1] >= 0.3
        return valley(x)

    # From the left of the hill the search may also end at (-0.534, 0.3), another minimum.
    start, bounds = [0.2, 1.0], [(-1.5, 0.5), (0.3, None)]
    options = {"xatol": 1e-9, "fatol": 1e-12}
    found = minimize(inside, start, method=method, bounds=bounds, options=options)
    theirs = scipy.optimize.minimize(valley, start, method="L-BFGS-B", bounds=bounds, tol=1e-12)
    assert found.success
    np.testing.assert_allclose(found.x, theirs.x, atol=1e-5)
    pair = scipy.optimize.Bounds([-1.5, 0.3], [0.5, np.inf])
    np.testing.assert_array_equal(minimize(inside, start, method=method, bounds=pair, options=options).x, found.x)


def test_a_start_outside_the_bounds_is_brought_in():
    found = minimize(lambda x: float(x[0]), [9.0], bounds=[(2.0, 5.0)])
    assert found.success
    assert found.x == [2.0]


def test_bounds_that_contradict_are_refused():
    with pytest.raises(ValueError, match=r"minimize: bounds of variable 1 are 3\.0 and 2\.0"):
        minimize(valley, START, bounds=[(0, 1), (3, 2)])
    with pytest.raises(ValueError, match="minimize: bounds are for 1 variables, but x0 has 2"):
        minimize(valley, START, bounds=[(0, 1)])
    with pytest.raises(TypeError, match="minimize: bounds must be a pair"):
        minimize(valley, START, bounds="tight")


def test_callbacks_see_every_iteration_and_may_stop():
    path = []
    found = minimize(valley, START, callback=path.append)
    assert len(path) == found.nit
    np.testing.assert_array_equal(path[-1], found.x)
    values = []

    def stop_below_one(intermediate_result):
        values.append(intermediate_result.fun)
        if intermediate_result.fun < 1.0:
            raise StopIteration

    stopped = minimize(valley, START, callback=stop_below_one)
    assert (stopped.success, stopped.status, stopped.reason) == (False, 99, "callback")
    assert stopped.fun == values[-1] < 1.0


class OwnError(Exception):
    pass


@pytest.mark.parametrize("method", METHODS)
def test_what_the_functions_raise_comes_out_as_it_went_in(method):
    def fails(x):
        if x[0] > -1.0:
            raise OwnError("mine")
        return valley(x)

    with pytest.raises(OwnError, match="mine"):
        minimize(fails, START, method=method)
    with pytest.raises(OwnError):
        minimize(valley, START, method=method, callback=lambda x: fails([0.0]))


def test_functions_get_a_copy_of_their_own():
    def careless(x):
        value = valley(x)
        x[:] = np.nan
        return value

    np.testing.assert_allclose(minimize(careless, START).x, [1, 1], atol=1e-5)


def test_walls_and_nan_are_gone_around():
    found = minimize(lambda x: x[0] - np.log(x[0]), [5.0])
    assert found.success
    assert found.x == pytest.approx(1.0, abs=1e-5)
    with pytest.raises(ValueError, match="minimize: x0 is a point where f is not finite"):
        minimize(lambda x: np.log(x[0]), [-1.0])


def test_what_is_no_minimum_is_not_claimed():
    assert minimize(lambda x: float(x[0]), [1.0]).reason == "unbounded"
    plateau = minimize(lambda x: float(np.floor(x[0] ** 2)), [7.3])
    assert not plateau.success or plateau.fun == 0
    noisy = np.random.default_rng(0)
    rough = minimize(lambda x: x[0] ** 2 + 0.1 * noisy.standard_normal(), [3.0])
    assert not rough.success
    assert not minimize(valley, START, options={"maxiter": 3}).success


def test_a_constant_is_least_everywhere():
    found = minimize(lambda x: 3.0, [1.0, 2.0])
    assert found.fun == 3.0
    np.testing.assert_array_equal(found.x, [1, 2])


def test_options_are_scipys_and_others_are_refused():
    assert minimize(valley, START, options={"maxiter": 2}).nit == 2
    assert minimize(valley, START, method="nelder-mead", options={"maxfev": 30}).nfev < 40
    simplex = [[-1.2, 1.0], [-1.0, 1.0], [-1.2, 1.3]]
    found = minimize(valley, START, method="Nelder-Mead", options={"initial_simplex": simplex, "xatol": 1e-8})
    assert found.final_simplex[0].shape == (3, 2)
    for options, text in (
        ({"maxit": 2}, "options holds 'maxit'"),
        ({"maxiter": -1}, "maxiter is -1"),
        ({"gtol": np.nan}, "gtol is NaN"),
        ({"initial_simplex": [[1.0]]}, "initial_simplex is of shape|initial_simplex is"),
    ):
        with pytest.raises(ValueError, match=text):
            minimize(valley, START, options=options)
    with pytest.raises(ValueError, match=r"minimize: method is .NEWTON"):
        minimize(valley, START, method="NEWTON")
    for wrong in ({"jac": 3}, {"hess": 3}, {"hessp": "x"}, {"callback": 1}, {"options": 3}, {"method": 4}):
        with pytest.raises(TypeError, match=f"minimize: {next(iter(wrong))} is a"):
            minimize(valley, START, **wrong)


def test_a_gradient_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"minimize: jac returned an array of shape \[3\], but must return 2 numbers"):
        minimize(valley, START, jac=lambda x: [1.0, 2.0, 3.0])


def test_results_read_well_and_survive_pickling():
    found = minimize(valley, START, jac=slope)
    text = repr(found)
    assert text.startswith("BFGS: converged")
    assert "hess_inv" in text
    np.testing.assert_allclose(found.hess_inv, np.linalg.inv(bend(found.x)), rtol=1e-4)
    again = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(again.x, found.x)


def test_the_same_input_gives_the_same_bits():
    first, second = minimize(valley, START), minimize(valley, START)
    assert first.x.tobytes() == second.x.tobytes()
    assert first.nfev == second.nfev


# One variable


def test_scalar_minima_agree_with_scipy():
    def f(x):
        return (x - 2.0) * x * (x + 2.0) ** 2

    for options in (
        {},
        {"bracket": (0.5, 1.0)},
        {"bracket": (0.0, 1.0, 2.0)},
        {"method": "golden"},
        {"bounds": (0.0, 3.0)},
    ):
        ours = minimize_scalar(f, **options)
        theirs = scipy.optimize.minimize_scalar(f, **options)
        assert ours.success
        assert ours.x == pytest.approx(theirs.x, abs=1e-5)
        assert ours.fun == pytest.approx(theirs.fun, abs=1e-9)


def test_scalar_bounds_are_kept():
    def f(x):
        assert 1.0 <= x <= 3.0
        return x

    assert minimize_scalar(f, bounds=(1, 3)).x == pytest.approx(1.0, abs=1e-4)


def test_scalar_input_is_checked():
    for arguments, text in (
        ({"bracket": (0, 5, 6)}, "minimize_scalar: bracket is"),
        ({"bracket": (0,)}, "bracket holds 1 numbers"),
        ({"bounds": (3, 1)}, "bounds are 3.0 and 1.0"),
        ({"bounds": (3, np.inf)}, "bounds is inf"),
        ({"method": "bounded"}, "bounds are missing"),
        ({"method": "brent", "bounds": (0, 1)}, "bounds are given"),
        ({"method": "newton"}, "method is 'newton'"),
    ):
        with pytest.raises(ValueError, match=text):
            minimize_scalar(lambda x: (x - 1) ** 2, **arguments)
    assert minimize_scalar(lambda x: -x).status == 4
    assert minimize_scalar(lambda x, a: (x - a) ** 2, args=(3.0,)).x == pytest.approx(3.0)
    assert not minimize_scalar(lambda x: (x - 1) ** 2, maxiter=2).success
    with pytest.raises(ZeroDivisionError):
        minimize_scalar(lambda x: 1 / 0)


def test_the_public_names_stand():
    assert {"minimize", "minimize_scalar", "MinimizeResult", "ScalarMinimum"} <= set(uh.optimize.__all__)


def test_methods_bounds_and_tolerances_are_read_kindly():
    def f(x):
        return (x[0] - 1.0) ** 2 + (x[1] - 2.0) ** 2 + x[0] * x[1]

    exact = minimize(f, [0.0, 0.0], method="trust-exact")
    loud = minimize(f, [0.0, 0.0], method="TRUST-EXACT")
    assert loud.nhev == exact.nhev > 0  # the exact second derivatives, whatever the case of the name
    assert minimize(f, [0.0, 0.0], method="newton-cg").nhev > 0
    inside = minimize(f, [0.5, 0.5], bounds=scipy.optimize.Bounds(0, 1))
    np.testing.assert_allclose(inside.x, [0.5, 1.0], atol=1e-6)
    with pytest.raises(ValueError, match="minimize: tol is -1, but"):
        minimize(f, [0.0, 0.0], tol=-1)


def test_what_sinks_without_end_has_no_minimum():
    for f, reason in (
        (lambda x: -x[0], "unbounded"),
        (lambda x: x[0] ** 3, "unbounded"),
        (lambda x: np.exp(-x[0]), "plateau"),
    ):
        for start in ([1.0], [3.0]):
            found = minimize(f, start)
            assert (found.success, found.reason) == (False, reason)
    away = minimize_scalar("exp(-x)")
    assert (away.success, away.status) == (False, 4)


def test_far_hollows_large_offsets_and_saddles():
    hollow = minimize(lambda x: 1 - np.exp(-((x[0] - 30) ** 2)), [5.0])
    assert hollow.success
    assert hollow.x[0] == pytest.approx(30, abs=1e-6)
    # 4x³ + 2x = 2
    beside = minimize(lambda x: 1e6 + (x[0] - 1) ** 2 + (x[1] + 2) ** 2 + x[0] ** 4, [3.0, 4.0])
    assert beside.success
    np.testing.assert_allclose(beside.x, [0.5897545123014586, -2.0], atol=2e-5)
    hill = minimize(lambda x: np.sum(x**4 - x**2), np.zeros(60))
    assert hill.success
    assert hill.fun == pytest.approx(-15)


def test_the_bound_of_a_steep_function():
    found = minimize("sqrt(x)", [1.0], bounds=[(0, 3)])
    assert found.success
    assert (found.x[0], found.nfev < 50) == (0.0, True)
    held = minimize(lambda x: x[0] ** 2, [1.0], bounds=[(2, 3)])
    assert held.success
    assert "hold x" in held.message
    corner = minimize(lambda x: np.max(np.abs(x)), [1.0, 2.0])
    assert (corner.x == 0).all()
    assert corner.nfev < 2000
