"""A graph computes what its function does: right functions are trusted, others are not; Ctrl-C gets through."""

import math
import signal
import sys
import threading
import time

import numpy as np
import pytest
import underhood as uh
from underhood import calculus, optimize
from underhood._core import graph as core
from underhood._functions import resolve

NOISE = np.random.default_rng(5)


def recorded(f):
    """Give a function that keeps the numbers it is called with."""
    seen = []

    def call(*x):
        if all(type(one) in (float, np.float64, np.ndarray) for one in x):
            seen.append(np.array(x, dtype=float).ravel())
        return f(*x)

    return call, seen


# Right functions, at arguments where a plain comparison says nothing


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: np.sum(np.sin(x)), np.linspace(-np.pi, np.pi, 1001)),
        (lambda x: 1 / (x + 0.0), -0.0),
        (lambda x: 1 / (x + 0.0), np.array([-0.0, 2.0])),
        (lambda x: np.sum(x - np.mean(x)), np.linspace(0, 1, 1001)),
        (lambda x: np.log(x), np.nan),
        (lambda x: np.log(x) + x, -1.0),
        (lambda x: 0.0 * x, 1.0),
        (lambda x: np.sum(x**2), np.zeros(4)),
        (lambda x: x**2, 0.0),
        (lambda x: np.floor(x), 3.0),
        (lambda x: np.sum(x), np.ones(0)),
        (lambda x: np.sum(x), np.full(300_000, 0.1)),
        (lambda x: np.log(-1 - x**2), 1.0),
    ],
)
def test_no_right_function_is_condemned(f, x):
    F = uh.function(f)
    F(x)
    assert F.traced, F.traced.reason


def test_a_perfect_fit_is_traced():
    t = np.linspace(0, 3, 30)
    y = 2.0 * np.exp(-0.7 * t)

    def residuals(p):
        return p[0] * np.exp(-p[1] * t) - y

    for start in (np.array([2.0, 0.7]), np.array([2.0, np.nextafter(0.7, 1)])):
        assert isinstance(resolve("least_squares", "fun", residuals, (2,), point=[start]), core.Traced)


# Wrong ones, at arguments where it does not show


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: np.sum(x) * NOISE.random(), np.array([np.nan, 1.0])),
        (lambda x: np.sum(x) * NOISE.random(), np.zeros(3)),
        (lambda x: np.sum(x) * NOISE.random(), np.ones(300_000)),
        (lambda x: x * NOISE.random(), 0.0),
        (lambda x: x * NOISE.random(), np.inf),
        (lambda x: -x if type(x) is np.float64 else x, 0.0),
        (lambda x: -x if type(x) is float else x, 0.5),
    ],
)
def test_no_wrong_function_is_trusted(f, x):
    F = uh.function(f)
    F(x)
    assert not F.traced
    assert "another value" in F.traced.reason


@pytest.mark.parametrize("size", [1e-3, 1e-9, 1e-13])
def test_noise_is_not_frozen_however_small_it_is(size):
    for f, x in (
        (lambda x: x**2 + size * NOISE.normal(), 0.5),
        (lambda x: 1e3 + size * NOISE.normal() + 0 * x, 1.0),
        (lambda x: np.sum(x**2) + size * NOISE.normal(), np.ones(3)),
    ):
        F = uh.function(f)
        assert not F.traced
        F(x)
        assert not F.traced
        assert "another value" in F.traced.reason
        assert resolve("minimize", "fun", f, np.shape(x), point=[x]) is f


# Shapes that are not known before the first call


WEIGHTS, ROWS = np.array([1.0, 2.0, 3.0]), np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("f", "slope", "written"),
    [
        (lambda w: w[1] + w[0] + 0 * w[2], [1, 1, 0], "w[1] + w[0] + 0*w[-1]"),
        (lambda w: np.dot(w, WEIGHTS), [1, 2, 3], "w @ [1, 2, 3]"),
        (lambda w: np.inner(WEIGHTS, w), [1, 2, 3], "[1, 2, 3] @ w"),
        (lambda w: WEIGHTS @ w, [1, 2, 3], "[1, 2, 3] @ w"),
        (lambda w: np.sum(ROWS @ w), [3, 5, 7], "sum(ROWS @ w)"),
        (lambda w: np.sum(np.dot(w, WEIGHTS)), [1, 2, 3], "w @ [1, 2, 3]"),
    ],
)
def test_a_function_of_unknown_shapes_says_so_until_it_is_called(f, slope, written):
    x = np.array([1.0, 1.0, 1.0])
    for first in ("F", "gradient", "solver"):
        F = uh.function(f)
        gradient = F.gradient()
        for unknown in (F, gradient):
            assert not unknown.traced
            assert not unknown.traced.known
            assert "not traced yet: the shapes of its arguments are not known, call it once" in str(unknown)
            with pytest.raises(ValueError, match="not known, call it once"):
                unknown.latex()
        if first == "F":
            assert F(x) == f(x)
        elif first == "solver":
            uh.calculus.gradient(F, x)
        assert gradient(x).tolist() == slope
        for known in (F, gradient, F.hessian()):
            assert known.traced
            assert known.traced.known
            assert "not traced" not in str(known)
        assert str(F).splitlines()[0] == f"f(w) = {written}"


def test_a_function_of_numbers_needs_no_call():
    F = uh.function(lambda t: np.dot(t, WEIGHTS))
    assert F(2.0).tolist() == [2.0, 4.0, 6.0]
    assert F.traced
    for known in (uh.function(lambda x, y: x * np.sin(y)), uh.function("x**2").gradient()):
        assert known.traced
        assert known.traced.known
    branch = uh.function(lambda x: 1.0 if x > 0 else 0.0).traced
    assert branch.known
    assert not branch


def test_a_question_for_the_type_is_answered_as_it_will_be():
    F = uh.function(lambda x: -3 * x if isinstance(x, float) and x < 0 else x)
    assert (F(0.5), F(-1.0)) == (0.5, 3.0)
    assert "np.where" in F.traced.reason
    G = uh.function(lambda x: 2.0 * x if isinstance(x, float) else 3.0 * x)
    assert G(1.0) == 2.0
    assert G(np.ones(2)).tolist() == [3.0, 3.0]
    assert G.derivative()(1.0) == 2.0
    H = uh.function(lambda x: np.sum(x) if isinstance(x, np.ndarray) else x**2)
    assert H(3.0) == 9.0
    assert H(np.array([1.0, 2.0, 3.0])) == 6.0
    assert H([1.0, 2.0, 3.0]) == 6.0
    assert (H(2.0), H(np.ones(5))) == (4.0, 5.0)


def test_a_function_of_numbers_is_compared_at_arrays_before_it_runs_on_them():
    def f(x):
        return np.sum(x) if type(x) is np.ndarray else x**2

    for first in (2.0, np.array([1.0, 2.0, 3.0])):
        F = uh.function(f)
        F(first)
        assert F(np.array([1.0, 2.0, 3.0])) == 6.0
        assert F(np.array([4.0])) == 4.0
        assert F(3.0) == 9.0
        assert F(np.ones(4)) == 4.0
    slope = uh.function(f).derivative()
    assert slope(3.0) == 6.0
    call, seen = recorded(lambda x: np.sin(x) * x)
    F = uh.function(call, variables=["x"])
    points = np.linspace(1.0, 2.0, 50)
    for _ in range(5):
        np.testing.assert_allclose(F(points), np.sin(points) * points, rtol=1e-15)
    assert [x.size for x in seen] == [1, 1, 50]  # compared at a number, which is repeated, and at the array
    assert seen[0][0] == 1.0


def test_the_comparison_stays_where_the_function_is_looked_at():
    for point in (5.0, -3.0, 40.0):
        call, seen = recorded(lambda x: x**2)
        assert calculus.derivative(call, point) == 2 * point
        assert np.abs(np.concatenate(seen) - point).max() <= 1e-5 * abs(point)
    call, seen = recorded(lambda v: v[0] * v[1])
    assert calculus.gradient(call, [5.0, 7.0]).tolist() == [7.0, 5.0]
    assert all(np.allclose(x, [5, 7], rtol=1e-5) for x in seen)
    call, seen = recorded(lambda x: np.exp(x))
    calculus.integrate(call, 5.0, 6.0)
    calculus.critical_points(call, 5.0, 6.0)
    calculus.taylor(call, 5.5, 3)
    calculus.derivative_table(call, 5.5)
    optimize.minimize_scalar(lambda x: call(x) + 0.0, bounds=(5.0, 6.0), method="bounded")
    optimize.find_root(lambda x: call(x) - 200.0, 5.0, 6.0)
    assert all(5.0 <= x[0] <= 6.0 for x in seen)
    call, seen = recorded(lambda v: (v[0] - 5.3) ** 2 + v[1] ** 2)
    optimize.minimize(call, [5.5, 0.5], bounds=[(5.2, 6.0), (0.4, 1.0)])
    optimize.is_convex(call, bounds=[(5.2, 6.0), (0.4, 1.0)], n=10)
    assert all(5.2 <= x[0] <= 6.0 and 0.4 <= x[1] <= 1.0 for x in seen)
    seen = []

    def model(t, a, b):
        if type(a) in (float, np.float64):
            seen.append((a, b))
        return a * np.exp(-b * t)

    t = np.linspace(0, 3, 20)
    optimize.curve_fit(model, t, 2 * np.exp(-0.7 * t), p0=[1.5, 0.5], bounds=([0.37, 0.1], [9.0, 0.74]))
    assert len(seen) >= 1
    assert all(0.37 <= a <= 9.0 and 0.1 <= b <= 0.74 for a, b in seen)


def test_what_a_function_raises_keeps_its_causes():
    cause = KeyError("deep")

    def f(x):
        if type(x) is np.float64:
            raise LookupError("mine") from cause
        return x

    with pytest.raises(LookupError, match="mine") as caught:
        uh.function(f)(1.0)
    assert caught.value.__cause__ is cause
    assert caught.value.__context__ is None


# What NumPy does otherwise


def test_truth_values_of_numbers_are_not_added():
    F = uh.function(lambda x, y: (x > 0) + (y > 0))
    assert F(1.0, 1.0) == 2
    assert "np.logical_or" in F.traced.reason
    assert uh.function(lambda x: np.sum((x > 0) + (x > 1)))(np.array([0.5, 2.0])) == 2.0


def test_copies_and_views_are_told_apart():
    def positive(x):
        y = 2 * x
        z = +y
        z += 1
        return np.sum(y)

    def view(x):
        y = 2 * x
        z = np.flip(y)
        z += 1
        return np.sum(y)

    x = np.arange(3.0)
    for f, traced in ((positive, True), (view, False)):
        F = uh.function(f)
        assert F(x) == f(x)
        assert bool(F.traced) is traced


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x - np.sum(x, axis=0, keepdims=1),
        lambda x: x - np.mean(x, 0, keepdims=1),
        lambda x: x - np.average(x, axis=0, weights=[1.0, 2.0], keepdims=1),
    ],
)
def test_anything_true_keeps_axes(f):
    x = np.arange(6.0).reshape(2, 3)
    F = uh.function(f)
    np.testing.assert_allclose(F(x), f(x), rtol=1e-15)
    assert F.traced


def test_what_writes_into_an_array_is_called():
    out = np.zeros(3)
    F = uh.function(lambda x: np.sum(x, 0, None, out))
    assert F(np.ones((2, 3))).tolist() == out.tolist() == [2.0, 2.0, 2.0]
    assert not F.traced


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("ij,jk->ik", ((3, 4), (4, 5))),
        ("ij,jk,kl->il", ((3, 4), (4, 5), (5, 2))),
        ("bij,bjk->bik", ((2, 3, 4), (2, 4, 5))),
        ("bij,bjk->ik", ((2, 3, 4), (2, 4, 5))),
        ("i,j->ij", ((3,), (4,))),
        ("i,j->ji", ((3,), (4,))),
        ("i,i", ((3,), (3,))),
        ("ij,j", ((3, 4), (4,))),
        ("ij,kj->ik", ((3, 4), (5, 4))),
        ("ijk,jil->kl", ((2, 3, 4), (3, 2, 5))),
        ("ii,ij->j", ((3, 3), (3, 4))),
        ("ij->ji", ((3, 4),)),
        ("ij->", ((3, 4),)),
        ("i,,j->ij", ((3,), (), (2,))),
        ("ij,jk->ik", ((0, 4), (4, 5))),
        ("ij,jk->ik", ((2, 0), (0, 5))),
        ("ab,cd->", ((2, 3), (4, 5))),
    ],
)
def test_sums_of_products(text, shapes):
    rng = np.random.default_rng(1)
    values = [rng.normal(size=shape) for shape in shapes]
    F = uh.function(lambda *v: np.einsum(text, *v), variables=[f"x{i}" for i in range(len(values))])
    np.testing.assert_allclose(F(*values), np.einsum(text, *values), rtol=1e-13, atol=1e-13)
    assert F.traced


def test_sums_of_products_form_no_whole_outer_product():
    a = np.random.default_rng(2).normal(size=(400, 400))
    F = uh.function(lambda x: np.einsum("ij,jk->ik", x, x))
    np.testing.assert_allclose(F(a), a @ a, rtol=1e-10, atol=1e-10)  # 0.5 GB as one product


# mpmath at 50 digits: derivatives of sin(πx)/(πx) of orders 0 to 4
SINC = {
    0.0: (1.0, 0.0, -3.28986813369645287, 0.0, 19.4818182068004874),
    1e-10: (1.0, -3.28986813369645299e-10, -3.28986813369645287, 1.94818182068004882e-9, 19.4818182068004874),
    0.01: (
        0.99983551471054868,
        -0.03289543448171239867,
        -3.28889410001019583,
        0.19479529272766102,
        19.4749515804041117,
    ),
}


@pytest.mark.parametrize("x", SINC)
def test_the_derivatives_of_sinc_near_zero(x):
    F = uh.function(lambda x: np.sinc(x))
    for order, expected in enumerate(SINC[x]):
        found = F.derivative(order=order)(x) if order else F(x)
        assert found == pytest.approx(expected, rel=2e-15, abs=1e-300)
    assert F.traced


def test_the_derivatives_of_sinc_elsewhere():
    mpmath = pytest.importorskip("mpmath")
    F = uh.function(lambda x: np.sinc(x))
    with mpmath.workdps(40):
        for x in (0.3, 0.6, 0.636, 0.637, 0.7, 1.0, 1.5, 7.3, -0.2, -0.65, 30.0):
            for order in range(5):
                expected = mpmath.diff(mpmath.sincpi, mpmath.mpf(x), order)
                found = F.derivative(order=order)(x) if order else F(x)
                assert abs(found - expected) <= 1e-15 * math.pi**order
    assert F(np.array([np.inf, np.nan, 0.0])).tolist()[2] == 1.0


# Advice


def test_a_frame_in_a_function_gets_advice():
    pandas = pytest.importorskip("pandas")
    series = pandas.Series([1.0, 2.0])
    frame = pandas.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    assert uh.function(lambda w: np.sum(frame @ w))(np.ones(2)) == 10.0
    for f in (lambda w: np.sum(series * w), lambda w: np.sum(w * series), lambda w: np.sum(np.dot(frame, w))):
        F = uh.function(f)
        assert F(np.ones(2)) == f(np.ones(2))
        assert not F.traced
        assert ".to_numpy()" in F.traced.reason


def test_derivatives_can_be_named_and_products_tell_shapes():
    slope = uh.function("x**2").derivative()
    g = uh.function(slope, name="g")
    assert repr(g) == "g(x) = 2*x"
    assert repr(g.derivative()) == "g'(x) = 2"
    assert uh.function(slope) is slope
    with pytest.raises(ValueError, match="variables cannot be given anew"):
        uh.function(slope, variables=["t"])
    F = uh.function("u**2 + v**2")
    assert F.hvp(1.0, 2.0, [1.0, 1.0]).tolist() == [2.0, 2.0]
    with pytest.raises(ValueError, match=r"hvp: v has the shape \(3,\), but the gradient of f has \(2,\)"):
        F.hvp(1.0, 2.0, [1.0, 1.0, 1.0])
    with pytest.raises(TypeError, match="u, v, v1"):
        F.hvp(1.0)
    assert dir(F) == sorted(dir(F))
    assert not any(name.startswith("_") for name in dir(F))
    inner = uh.function("x + y")
    assert uh.function(lambda x: inner([x, 2 * x], 1.0)[1])(3.0) == 7.0


def test_native_runs_name_function_and_argument():
    with pytest.raises(ValueError, match=r"solve_ivp: f returned an array of shape \[2\], but must return 1 number$"):
        calculus.solve_ivp(lambda t, y: np.array([y[0], y[0]]), (0, 1), [1.0])
    for call in (calculus.integrate, lambda f, a, b: calculus.riemann_sum(f, a, b, 4), optimize.find_root):
        with pytest.raises(TypeError, match=r"(integrate|riemann_sum|find_root): f returned an array of shape \[2\]"):
            call(uh.function(lambda x: np.stack([x, x])), 0, 1)


def test_outside_its_domain_a_power_has_no_value():
    def root(x):
        return x**0.5 if x < 5 else 0.0

    with pytest.warns(calculus.AccuracyWarning, match="no finite value"):
        assert not calculus.integrate(root, -1, 1).converged
    assert calculus.limit(root, 0).side == "right"


# Ctrl-C

A, B = np.random.default_rng(0).normal(size=(600, 60)), np.ones(600)
ENDLESS = {
    "riemann_sum": lambda: calculus.riemann_sum("x**2", 0, 1, 40_000_000),
    "lower sums": lambda: calculus.riemann_sum("x**2", 0, 1, 10_000_000, "lower"),
    "integrate": lambda: calculus.integrate("sqrt(abs(x*y*z - 0.3))", [(0, 1)] * 3),
    "least_squares": lambda: [optimize.least_squares(lambda w: np.tanh(A @ w) - B, np.zeros(60)) for _ in range(9999)],
    "gradient_descent": lambda: optimize.gradient_descent(
        "x**4 + y**4", [1.0, 1.0], learning_rate=1e-9, max_iter=10**9, keep_path=False
    ),
    "solve_ivp": lambda: calculus.solve_ivp(["1000*y", "-1000*x"], (0, 1e5), [0.0, 1.0], max_steps=10**9),
    "hessian": lambda: calculus.hessian(
        lambda x: np.sum(np.sin(x[1:] * x[:-1])), np.linspace(0, 1, 1500), method="richardson"
    ),
    "is_convex": lambda: optimize.is_convex("exp(x + y)", bounds=[(-1, 1), (-1, 1)], n=50_000_000),
}


@pytest.mark.skipif(sys.platform == "win32", reason="no timer signals")
@pytest.mark.parametrize("name", ENDLESS)
def test_native_loops_let_ctrl_c_through(name):
    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            ENDLESS[name]()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


WIDE = np.random.default_rng(1).normal(size=(500, 500))
LIMITS = np.abs(np.random.default_rng(2).normal(size=(250, 350)))
BUSY = {
    "lower sums": lambda: calculus.riemann_sum("sin(x)**2*exp(x)", 0, 1, 300_000, "lower"),
    "gradient_descent": lambda: optimize.gradient_descent(
        lambda w: np.sum(np.tanh(WIDE @ w) ** 2), np.ones(500), learning_rate=1e-9, max_iter=600, tol=0, keep_path=False
    ),
    "linear_program": lambda: optimize.linear_program(-np.ones(350), A_ub=LIMITS, b_ub=np.ones(250)),
    "least_squares": lambda: optimize.least_squares(lambda w: np.tanh(WIDE[:, :60] @ w) - 0.5, np.zeros(60)),
}


@pytest.mark.parametrize("name", BUSY)
def test_other_threads_run_beside_a_native_loop(name):
    ticks = []
    done = threading.Event()

    def tick():
        while not done.wait(0.002):
            ticks.append(time.perf_counter())

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.perf_counter()
    BUSY[name]()
    end = time.perf_counter()
    done.set()
    thread.join()
    # One tick may come between the clock and the call, and one after it.
    assert sum(begin < tick < end for tick in ticks) > 2


def test_other_threads_run_beside_one_call_that_goes_over_data():
    # The arguments are two numbers; what takes its time is the data inside.
    data = np.random.default_rng(0).normal(size=3_000_000)
    slope = uh.function(lambda w: np.sum(np.tanh(w[0] * data) * np.sin(w[1] * data))).gradient()
    at = np.array([0.3, 0.7])
    slope(at)  # traced and planned
    ticks = []
    done = threading.Event()

    def tick():
        while not done.wait(0.001):
            ticks.append(time.perf_counter())

    thread = threading.Thread(target=tick)
    thread.start()
    spans = []
    for _ in range(5):
        begin = time.perf_counter()
        slope(at)
        spans.append((begin, time.perf_counter()))
    done.set()
    thread.join()
    assert max(sum(begin < tick < end for tick in ticks) for begin, end in spans) > 2
