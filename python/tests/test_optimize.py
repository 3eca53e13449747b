"""Gradient descent from Python: its result, why it ends, and functions that misbehave."""

import contextlib
import copy
import math
import pickle

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from underhood import optimize
from underhood.optimize import DescentResult, LearningRateWarning, gradient_descent

mpl.use("Agg")


def bowl(x):
    return 0.5 * (x[0] ** 2 + 10 * x[1] ** 2)


def slope(x):
    return np.array([x[0], 10 * x[1]])


def test_the_path_is_the_textbooks():
    walk = gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=0.15, max_iter=30)
    k = np.arange(31)
    np.testing.assert_allclose(walk.path, np.stack([0.85**k, (-0.5) ** k], axis=1), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(walk.values, [bowl(x) for x in walk.path], rtol=1e-14)
    np.testing.assert_allclose(walk.gradients, [slope(x) for x in walk.path], rtol=1e-14)
    np.testing.assert_allclose(walk.gradient_norms, np.linalg.norm(walk.gradients, axis=1), rtol=1e-14)
    assert (walk.nit, walk.nfev, walk.njev, walk.status, walk.success) == (30, 31, 31, 1, False)
    assert (walk.reason, walk.gradient_method, walk.learning_rate) == ("max_iter", "given", 0.15)
    assert "max_iter = 30" in walk.message
    np.testing.assert_array_equal(walk.x, walk.path[-1])


@given(st.floats(0.1, 100), st.floats(0.2, 0.9) | st.floats(1.1, 1.8))
def test_two_over_l_is_the_limit(curvature, part):
    f, g = lambda x: 0.5 * curvature * x * x, lambda x: curvature * x
    rate = part * 2 / curvature
    with pytest.warns(LearningRateWarning) if part > 1 else contextlib.nullcontext():
        walk = gradient_descent(f, 1.0, gradient=g, learning_rate=rate, max_iter=5000)
    assert walk.critical_rate == pytest.approx(2 / curvature)
    assert walk.reason == ("converged" if part < 1 else "diverged")
    assert np.isfinite(walk.path).all()
    assert np.isfinite(walk.values).all()
    assert walk.curvature == pytest.approx(curvature)


def test_divergence_is_told_with_the_limit():
    walk = gradient_descent(bowl, [1.0, 1.0], learning_rate=0.21, check_rate=False)
    assert (walk.success, walk.status, walk.reason) == (False, 2, "diverged")
    assert "2/L = 0.2 " in walk.message
    # A quartic's curvature grows as it is left: the advice is from the start, and works.
    walk = gradient_descent(lambda x: x**4, 3.0, gradient=lambda x: 4 * x**3, learning_rate=0.1, check_rate=False)
    assert walk.reason == "diverged"
    rate = float(walk.message.split("try ")[1])
    assert gradient_descent(lambda x: x**4, 3.0, gradient=lambda x: 4 * x**3, learning_rate=rate).fun < 1


def test_numerical_gradients_agree_and_are_named():
    exact = gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=0.1)
    numerical = gradient_descent(lambda x: float(bowl(x)), [1.0, 1.0], learning_rate=0.1)
    np.testing.assert_allclose(numerical.path, exact.path[: len(numerical.path)], atol=1e-9)
    assert numerical.gradient_method == "numerical"
    assert numerical.njev == 0
    assert numerical.nfev > 10 * numerical.nit


def test_what_can_be_traced_has_its_exact_gradient():
    given = gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=0.1)
    traced = gradient_descent(bowl, [1.0, 1.0], learning_rate=0.1)
    np.testing.assert_allclose(traced.path, given.path, rtol=1e-12, atol=1e-15)
    assert (traced.gradient_method, traced.njev, traced.nfev) == ("exact", given.njev, given.nfev)
    assert traced.critical_rate == pytest.approx(0.2, rel=1e-6)


def test_every_reason_to_stop():
    assert gradient_descent(bowl, [0.0, 0.0], gradient=slope).reason == "converged"
    assert gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=1e-20).reason == "stalled"
    assert gradient_descent(lambda x: -x @ x, [1.0], learning_rate=1.0).reason == "diverged"

    def stop(x):
        seen.append(x)
        if len(seen) == 4:
            raise StopIteration

    seen = []
    walk = gradient_descent(bowl, [1.0, 1.0], gradient=slope, callback=stop)
    assert (walk.reason, walk.nit) == ("callback", 4)
    np.testing.assert_array_equal(seen, walk.path[1:])


def test_shapes_are_kept():
    scalar = gradient_descent(lambda x: (x - 3) ** 2, 0, gradient=lambda x: 2 * (x - 3), learning_rate=0.4)
    assert (scalar.x.shape, scalar.path.shape) == ((), (scalar.nit + 1,))
    shapes = set()
    matrix = gradient_descent(lambda x: shapes.add(x.shape) or np.sum(x**2), np.ones((2, 3)), learning_rate=0.4)
    assert (matrix.x.shape, matrix.path.shape, shapes) == ((2, 3), (matrix.nit + 1, 2, 3), {(2, 3)})
    one = gradient_descent(lambda x: x**2, [1.0], gradient=lambda x: 2 * x, learning_rate=0.4)
    assert one.success
    lean = gradient_descent(bowl, [1.0, 1.0], gradient=slope, keep_path=False)
    assert (lean.path, lean.gradients) == (None, None)
    assert len(lean.values) == lean.nit + 1


def test_functions_cannot_reach_into_the_path():
    def f(x):
        x *= 2
        return x @ x

    def g(x):
        x *= 8
        return x

    def meddle(x):
        x[:] = math.nan

    start = np.array([1.0, 2.0])
    walk = gradient_descent(f, start, gradient=g, learning_rate=0.1, callback=meddle)
    assert walk.success
    np.testing.assert_array_equal(start, [1, 2])
    np.testing.assert_allclose(walk.path[1], [0.2, 0.4])


class OopsError(Exception):
    pass


def oops(*_):
    raise OopsError


def test_exceptions_come_out_as_they_went_in():
    for options in ({"f": oops}, {"gradient": oops}, {"callback": oops}, {"f": oops, "gradient": None}):
        with pytest.raises(OopsError):
            gradient_descent(**{"f": bowl, "x0": [1.0, 1.0], "gradient": slope, **options})
    # Where the walk itself leaves the domain, the function's exception says so; where differences do, it goes on.
    with pytest.raises(ValueError, match=r"math domain|positive"):
        gradient_descent(lambda x: math.log(x[0]), [1.0], learning_rate=5.0)
    with pytest.raises(ValueError, match=r"math domain|positive"):
        gradient_descent(lambda x: math.log(x[0]), [-1.0])
    walk = gradient_descent(lambda x: x[0] * math.log(x[0]), [0.5], learning_rate=0.1)
    assert walk.success
    assert walk.x[0] == pytest.approx(math.exp(-1))


BAD = [
    ({"f": 3}, TypeError, "f is a int"),
    ({"gradient": 3}, TypeError, "gradient is a int"),
    ({"x0": []}, ValueError, "x0 has 0 values"),
    ({"x0": [1.0, math.nan]}, ValueError, "x0 holds NaN"),
    ({"x0": ["a"]}, TypeError, "x0 holds text"),
    ({"x0": None}, TypeError, "x0 is a NoneType"),
    ({"learning_rate": 0}, ValueError, "learning_rate is 0"),
    ({"learning_rate": math.inf}, ValueError, "learning_rate is inf"),
    ({"learning_rate": "fast"}, ValueError, 'learning_rate is "fast", but must be one of "backtracking"'),
    ({"momentum": 1}, ValueError, "momentum is 1"),
    ({"tol": -1}, ValueError, "tol is -1"),
    ({"max_iter": 1.5}, TypeError, "max_iter"),
    ({"max_iter": -1}, ValueError, "max_iter is -1"),
    ({"gradient": lambda x: x[:1]}, ValueError, "gradient is a vector of 1, but x0 is a vector of 2"),
    ({"gradient": lambda x: None}, TypeError, "gradient returned None"),
    ({"gradient": lambda x: x * math.nan}, ValueError, "the gradient is NaN"),
    ({"f": lambda x: None}, TypeError, "f returned a NoneType"),
    ({"f": lambda x: x}, TypeError, "f returned an array of shape [2]"),
    ({"f": lambda x: math.nan}, ValueError, "f is NaN; start where f is finite"),
]


@pytest.mark.parametrize(("change", "error", "words"), BAD)
def test_bad_input_is_refused_by_name(change, error, words):
    with pytest.raises(error) as caught:
        gradient_descent(**{"f": bowl, "x0": [1.0, 1.0], "gradient": slope, **change})
    assert words in str(caught.value)


@pytest.mark.parametrize("remake", [copy.copy, copy.deepcopy, lambda walk: pickle.loads(pickle.dumps(walk))])
def test_results_print_and_pickle(remake):
    walk = gradient_descent(lambda x: float(x @ x), [1.0, 1.0], learning_rate=0.1)
    assert repr(walk).startswith("Gradient descent: converged\n  x ")
    assert "numerical" in repr(walk)
    assert "<table>" in walk._repr_html_()
    again = remake(walk)
    assert isinstance(again, DescentResult)
    assert repr(again) == repr(walk)
    np.testing.assert_array_equal(again.path, walk.path)


@pytest.mark.parametrize("method", [None, "BFGS", "L-BFGS-B", "CG", "Newton-CG"])
@pytest.mark.parametrize(
    "jac",
    [
        lambda x: [2 * x[0], 2 * x[1]],  # of another function
        lambda x: [2 * (x[0] - 3), 0.0],  # an entry left out
        lambda x: [-2 * (x[0] - 3), 2 * x[1]],  # a sign
        lambda x: [2 * (x[0] - 2.9), 2 * x[1]],
    ],
)
def test_a_wrong_gradient_is_named_as_such(method, jac):
    found = optimize.minimize(lambda x: (x[0] - 3) ** 2 + x[1] ** 2, [1.0, 1.0], jac=jac, method=method)
    assert not found.success
    assert "the given jac does not agree" in found.message


def test_a_right_gradient_is_not_suspected():
    rng = np.random.default_rng(5)
    for _ in range(50):
        n = int(rng.integers(1, 6))
        a, centre, size = (
            rng.normal(size=(n, n)),
            rng.normal(size=n) * 10.0 ** rng.integers(-3, 4),
            10.0 ** rng.normal(),
        )
        matrix = a @ a.T + np.eye(n)
        f = lambda x, m=matrix, c=centre, s=size: s * float((x - c) @ m @ (x - c) + np.cosh(x - c).sum())  # noqa: E731
        jac = lambda x, m=matrix, c=centre, s=size: s * (2 * m @ (x - c) + np.sinh(x - c))  # noqa: E731
        found = optimize.minimize(f, centre + 1, jac=jac)
        assert "given jac" not in found.message
        bounded = optimize.minimize(f, centre + 1, jac=jac, bounds=[(c + 0.5, c + 2) for c in centre])
        assert "given jac" not in bounded.message


def test_a_wrong_jacobian_of_residuals_is_named_as_such():
    residuals = lambda p: [p[0] - 1, p[1] - 2, p[0] * p[1] - 5]  # noqa: E731
    wrong = optimize.least_squares(residuals, [1, 1], jac=lambda p: [[1, 0], [0, 1], [0, 0]])
    assert not wrong.success
    assert "the given jac does not agree" in wrong.message
    right = optimize.least_squares(residuals, [1, 1], jac=lambda p: [[1, 0], [0, 1], [p[1], p[0]]])
    assert right.success


@pytest.mark.parametrize("method", ["SLSQP", "powell", "TNC"])
def test_methods_of_scipy_that_are_not_here_are_answered(method):
    with pytest.raises(ValueError, match=f"minimize: method is {method!r}, SciPy's, which is not here; without constr"):
        optimize.minimize(lambda x: x[0] ** 2, [1.0], method=method)


def test_nelder_mead_does_not_settle_on_a_ridge():
    # Sums of |Ax - b| have ridges on which simplices come to rest; the minimum is a linear program's.
    rng = np.random.default_rng(11)
    missed = 0
    for _ in range(30):
        m, n = int(rng.integers(4, 8)), int(rng.integers(2, 5))
        a, b = rng.integers(-3, 4, (m, n)).astype(float), rng.integers(-3, 4, m).astype(float)
        found = optimize.minimize(lambda x, a=a, b=b: np.abs(a @ x - b).sum(), np.zeros(n), method="Nelder-Mead")
        program = linprog(
            np.r_[np.zeros(n), np.ones(m)], A_ub=np.block([[a, -np.eye(m)], [-a, -np.eye(m)]]), b_ub=np.r_[b, -b],
            bounds=[(None, None)] * n + [(0, None)] * m,
        )  # fmt: skip
        missed += found.success and found.fun > program.fun + 1e-4 * max(1, program.fun)
    assert missed <= 2  # Five without that look, one here and there with it: the message says as much.
