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
    # One more looks at whether the given slope is that of the valley.
    assert by_matrix.njev <= by_matrix.nit + 2
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


def eq(fun, **more):
    return {"type": "eq", "fun": fun, **more}


def ineq(fun, **more):
    return {"type": "ineq", "fun": fun, **more}


class TestConstraints:
    """Problems of Hock and Schittkowski (1981), by traced functions and by others; SciPy's ways to write them."""

    def problems(self):
        yield (
            lambda x: x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2],
            [1.0, 5, 5, 1],
            [(1, 5)] * 4,
            [ineq(lambda x: np.prod(x) - 25), eq(lambda x: np.sum(x**2) - 40)],
            17.0140173,
        )
        yield (
            lambda x: x[0] ** 2 + x[1] ** 2 + 2 * x[2] ** 2 + x[3] ** 2 - 5 * x[0] - 5 * x[1] - 21 * x[2] + 7 * x[3],
            [0.0] * 4,
            None,
            ineq(
                lambda x: np.stack(
                    [
                        8 - np.sum(x**2) - x[0] + x[1] - x[2] + x[3],
                        10 - x[0] ** 2 - 2 * x[1] ** 2 - x[2] ** 2 - 2 * x[3] ** 2 + x[0] + x[3],
                        5 - 2 * x[0] ** 2 - x[1] ** 2 - x[2] ** 2 - 2 * x[0] + x[1] + x[3],
                    ]
                )
            ),
            -44.0,
        )
        yield lambda x: (1 - x[0]) ** 2, [-1.2, 1.0], None, [eq(lambda x: 10 * (x[1] - x[0] ** 2))], 0.0
        yield (
            lambda x: np.log(1 + x[0] ** 2) - x[1],
            [2.0, 2.0],
            None,
            eq(lambda x: (1 + x[0] ** 2) ** 2 + x[1] ** 2 - 4),
            -math.sqrt(3),
        )
        yield (
            lambda x: -x[0] * x[1] * x[2] * x[3],
            [0.8] * 4,
            None,
            [
                eq(lambda x: x[0] ** 3 + x[1] ** 2 - 1),
                eq(lambda x: x[0] ** 2 * x[3] - x[2]),
                eq(lambda x: x[3] ** 2 - x[1]),
            ],
            -0.25,
        )

    @pytest.mark.parametrize("number", range(5))
    @pytest.mark.parametrize("traced", [True, False])
    def test_published_minima(self, number, traced):
        f, start, bounds, constraints, least = list(self.problems())[number]
        if not traced:
            f = called(f)
            given = [constraints] if isinstance(constraints, dict) else constraints
            constraints = [{**one, "fun": called(one["fun"])} for one in given]
        found = minimize(f, start, bounds=bounds, constraints=constraints)
        assert found.success, found
        assert found.gradient_method == ("exact" if traced else "numerical")
        assert found.method == "augmented-Lagrangian"
        assert abs(found.fun - least) <= 1e-6 * max(abs(least), 0.1)
        assert found.constr_violation < 1e-6
        # The multipliers explain the gradient where no bound does.
        if bounds is None:
            assert found.optimality <= 1e-5 * max(1.0, np.abs(found.jac).max())

    def test_a_ball_and_a_box(self):
        # Number 65, whose derivatives are traced.
        found = minimize(
            lambda x: (x[0] - x[1]) ** 2 + (x[0] + x[1] - 10) ** 2 / 9 + (x[2] - 5) ** 2,
            [-5.0, 5.0, 0.0],
            bounds=[(-4.5, 4.5), (-4.5, 4.5), (-5, 5)],
            constraints=ineq(lambda x: 48 - np.sum(x**2)),
        )
        assert found.success
        assert found.fun == pytest.approx(0.9535288567, rel=1e-8)

    def test_scipys_ways_to_write_them(self):
        def f(x):
            return (x[0] - 1) ** 2 + (x[1] - 2.5) ** 2

        plane = scipy.optimize.LinearConstraint([[1, -2], [-1, -2], [-1, 2]], [-2, -6, -2], np.inf)
        nonlinear = scipy.optimize.NonlinearConstraint(
            lambda x: [x[0] - 2 * x[1], x[0] + 2 * x[1]], [-2, -np.inf], [2, 6]
        )
        dicts = [
            ineq(lambda x: x[0] - 2 * x[1] + 2),
            ineq(lambda x: -x[0] - 2 * x[1] + 6),
            ineq(lambda x: -x[0] + 2 * x[1] + 2),
        ]
        texts = [ineq("x - 2*y + 2"), ineq("6 - x - 2*y"), ineq("2 - x + 2*y")]
        own = [ineq(lambda x, a: x[0] - a * x[1] + 2, args=(2,), jac=lambda x, a: [1.0, -a])]
        theirs = scipy.optimize.minimize(f, [2, 0], method="SLSQP", bounds=[(0, None)] * 2, constraints=dicts)
        for constraints in (plane, nonlinear, dicts, tuple(texts), own):
            found = minimize(f, [2.0, 0.0], bounds=[(0, None)] * 2, constraints=constraints)
            assert found.success, found
            np.testing.assert_allclose(found.x, [1.4, 1.7], atol=1e-7)
            np.testing.assert_allclose(found.x, theirs.x, atol=1e-5)
            assert found.multipliers[0] == pytest.approx(0.8, abs=1e-6)
        assert "multipliers" in str(found)
        assert minimize(f, [2.0, 0.0], constraints=()).method == "BFGS"

    def test_what_cannot_be_met_is_said(self):
        apart = minimize("x**2", [3.0], constraints=[ineq("x - 1"), ineq("-x")])
        assert (apart.success, apart.reason, apart.status) == (False, "infeasible", 5)
        assert "contradict" in apart.message
        circle = minimize("x + y", [1.0, 2.0], constraints=eq("x**2 + y**2 + 1"))
        assert circle.reason == "infeasible"
        endless = minimize("x", [1.0, 2.0], constraints=eq("y"))
        assert not endless.success
        top = minimize("x*y", [1.0, 1.0], constraints=eq("x**2 + y**2 - 2"))
        assert not top.success or top.fun == pytest.approx(-1)
        stopped = minimize("x*y", [1.0, 2.0], constraints=eq("x + y - 2"), options={"maxiter": 1})
        assert (stopped.success, stopped.reason) == (False, "max_iter")

    @pytest.mark.parametrize(
        ("constraints", "error", "words"),
        [
            ("x", TypeError, "constraints is a str, but must be a dict"),
            ([3], TypeError, r"constraints\[0\] is a int, but must be a dict"),
            ({"fun": "x"}, ValueError, "holds .*'fun'.*, but must hold 'type', 'fun'"),
            ({"type": "eqq", "fun": "x"}, ValueError, "type 'eqq', but must be 'eq'"),
            (eq("x", tol=1), ValueError, r"holds \['tol'\]"),
            (eq(lambda x: None), TypeError, "returned None, .*a return missing"),
            (eq(3), TypeError, "is a int, but must be a function"),
            (eq("x", jac=3), TypeError, "the jac of .* is a int"),
            (scipy.optimize.LinearConstraint([[1, 2, 3]], 0, 1), ValueError, "A of shape .1, 3., but x0 has 2"),
            (eq("log(x - 5)"), ValueError, "where constraint 0 is NaN|constraint 0"),
        ],
    )
    def test_bad_constraints(self, constraints, error, words):
        with pytest.raises(error, match=words):
            minimize("x**2 + y**2", [1.0, 1.0], constraints=constraints)

    def test_other_methods_are_refused_and_exceptions_come_out(self):
        with pytest.raises(ValueError, match=r"with constraints it must be 'augmented-Lagrangian'.*SciPy's methods"):
            minimize("x", [1.0], method="SLSQP", constraints=eq("x"))

        def wrong(x):
            raise KeyError("mine")

        with pytest.raises(KeyError, match="mine"):
            minimize("x", [1.0], constraints=eq(wrong))


def called(f):
    """Make a function one that cannot be traced."""

    def plain(x):
        return f(np.array([float(v) for v in x]))

    return plain
