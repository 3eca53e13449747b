"""Limits, fields, tangents, Taylor polynomials and critical points from Python, against closed forms."""

import cmath
import math
import warnings

import numpy as np
import pytest
import underhood as uh
from hypothesis import given
from hypothesis import strategies as st
from underhood import calculus
from underhood.calculus import AccuracyWarning


@pytest.mark.parametrize(
    ("f", "a", "side", "exact"),
    [
        (lambda x: math.sin(x) / x, 0, "both", 1.0),
        (lambda x: (1 - math.cos(x)) / x**2, 0, "both", 0.5),
        (lambda x: x * math.log(x), 0, "right", 0.0),
        (lambda x: 1 / math.log(x), 0, "right", 0.0),
        (lambda x: (1 + 1 / x) ** x, math.inf, "both", math.e),
        (lambda x: math.sqrt(x * x + x) - x, math.inf, "both", 0.5),
        (lambda x: (x**3 - 8) / (x - 2), 2, "both", 12.0),
        (lambda x: 1 / x**2, 0, "both", math.inf),
        (lambda x: math.log(x), 0, "right", -math.inf),
        (np.arctan, -math.inf, "both", -math.pi / 2),
    ],
)
def test_limits(f, a, side, exact):
    found = calculus.limit(f, a, side)
    assert found.converged
    assert found.value == exact or abs(found.value - exact) <= found.error < 1e-8
    assert float(found) == found.value
    assert found.tendency == ("converges" if math.isfinite(exact) else "diverges")
    assert found.exists == math.isfinite(exact)


def test_a_limit_that_is_none_says_why():
    differ = calculus.limit(lambda x: abs(x) / x, 0)
    assert (differ.tendency, differ.left.value, differ.right.value) == ("sides differ", -1.0, 1.0)
    assert math.isnan(differ.value)
    assert "left" in differ.message
    assert calculus.limit(lambda x: math.sin(1 / x), 0).tendency == "oscillates"
    assert calculus.limit(lambda x: math.log(math.log(x)), math.inf).tendency == "unclear"


def test_a_limit_keeps_the_table_of_approach():
    calls = []
    found = calculus.limit(lambda x: calls.append(x) or math.exp(x), 1.0)
    table = found.table
    assert set(table) == {"h", "left", "right"}
    assert np.all(np.diff(table["h"]) < 0)
    np.testing.assert_array_equal(found.right.y, [math.exp(x) for x in found.right.x])
    assert "f(a − h)" in repr(found)
    assert "<table>" in found._repr_html_()
    samples = found.left.h.size + found.right.h.size
    assert samples < found.evaluations <= 5 * samples
    assert abs(len(calls) - found.evaluations) <= 5  # tracing is tried first


def test_a_limit_on_one_side_of_a_domain():
    found = calculus.limit(math.sqrt, 0)
    assert (found.side, found.value.method) == ("right", "right")
    assert "no values on the left" in found.message
    with pytest.raises(ValueError, match=r"math domain|expected"):
        calculus.limit(math.sqrt, -1)
    with pytest.raises(ZeroDivisionError):
        calculus.limit(lambda x: float(x) / 0, 1)
    with pytest.raises(KeyError):
        calculus.limit(lambda x: {}[x], 1)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: calculus.limit(3, 0), TypeError, "limit: f is a int"),
        (lambda: calculus.limit(math.sin, "a"), TypeError, "limit: a"),
        (lambda: calculus.limit(math.sin, math.nan), ValueError, "limit: a is NaN"),
        (lambda: calculus.limit(math.sin, 0, "up"), ValueError, 'limit: side is "up"'),
        (lambda: calculus.derivative(math.sin, 0, method="exact"), ValueError, "derivative: method is 'exact'"),
        (lambda: calculus.derivative(math.sin, 0, method="complex"), TypeError, "complex number"),
        (lambda: calculus.derivative(np.sin, 0, method="magic"), ValueError, 'derivative: method is "magic"'),
        (lambda: calculus.partial(lambda x, y: x * y, [1, 2], "z"), ValueError, "partial: i is 'z', but f has x, y"),
        (lambda: calculus.partial(np.sum, [1, 2], 5), ValueError, "partial: i is 5"),
        (lambda: calculus.partial(np.sum, [1, 2], 0.5), TypeError, "partial: i is a float"),
        (lambda: calculus.jacobian(lambda v: None, [1, 2]), TypeError, "jacobian: f returned None"),
        (lambda: calculus.hessian(np.sum, [1, 2], grad=lambda v: v[:1]), ValueError, "hessian: grad"),
        (lambda: calculus.divergence(lambda v: v[:2], [1, 2, 3]), ValueError, "divergence: f"),
        (lambda: calculus.curl(lambda v: v, [1, 2, 3, 4]), ValueError, "curl: x has 4 values"),
        (lambda: calculus.directional_derivative(np.sum, [1, 2], [0, 0]), ValueError, "v is zero"),
        (lambda: calculus.directional_derivative(np.sum, [1, 2], [1, 0, 0]), ValueError, "v has the shape"),
        (lambda: calculus.taylor(math.sin, 0, -1), ValueError, "taylor: n"),
        (lambda: calculus.taylor(math.sin, 0, 21), ValueError, "taylor: n is 21"),
        (lambda: calculus.critical_points(math.sin, 2, 1), ValueError, "critical_points: b is 1"),
        (lambda: calculus.critical_points(math.sin, [1, 2, 3]), ValueError, "critical_points: the box has the shape"),
        (lambda: calculus.critical_points(np.sum, [(0, 1)], starts=0), ValueError, "critical_points: starts"),
    ],
)
def test_what_cannot_be_done_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_the_complex_step_loses_no_digit():
    for f, d, x in [(cmath.exp, cmath.exp, 1.0), (np.sin, np.cos, 1e-8), (cmath.log, lambda x: 1 / x, 1e-3)]:
        found = calculus.derivative(f, x, method="complex")
        assert found == pytest.approx(complex(d(x)).real, rel=1e-15)
        assert found.method == "complex"
        assert found.error < 1e-14 * abs(found)
    with pytest.warns(AccuracyWarning, match="not analytic"):
        wrong = calculus.derivative(lambda z: abs(z) ** 2, 1.0, method="complex")
    assert not wrong.converged
    with pytest.raises(ValueError, match="order is 2"):
        calculus.derivative(cmath.exp, 1.0, order=2, method="complex")


def test_functions_of_several_numbers_and_of_an_array():
    def spread(x, y):
        return x**2 * y

    def packed(v):
        return v[0] ** 2 * v[1]

    at = [3.0, 5.0]
    for f in (spread, packed):
        np.testing.assert_allclose(calculus.gradient(f, at), [30, 9], rtol=1e-12)
        np.testing.assert_allclose(calculus.hessian(f, at), [[10, 6], [6, 0]], atol=1e-8)
        assert calculus.partial(f, at, 1) == pytest.approx(9, rel=1e-12)
        assert calculus.laplacian(f, at) == pytest.approx(10, rel=1e-10)
        assert calculus.linearize(f, at)(3.0, 6.0) == pytest.approx(54, rel=1e-12)
    assert calculus.partial(spread, at, "x", order=2) == pytest.approx(10, rel=1e-10)
    # Parameters with a default are no variables, and a ufunc of two takes two.
    np.testing.assert_allclose(calculus.gradient(lambda v, k=2: k * v[0] + v[1], at), [2, 1], rtol=1e-12)
    np.testing.assert_allclose(calculus.gradient(np.hypot, [3.0, 4.0]), [0.6, 0.8], rtol=1e-12)


def test_jacobians_in_their_shapes():
    A = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(calculus.jacobian(lambda v: A @ v, [1.0, 2.0, 3.0]), A, atol=1e-12)
    assert calculus.jacobian(lambda M: M @ M, np.eye(2)).shape == (2, 2, 2, 2)
    assert calculus.jacobian(np.sin, 0.0) == pytest.approx(1.0)
    details = calculus.jacobian(lambda r, t: [r * math.cos(t), r * math.sin(t)], [2.0, 0.3], details=True)
    exact = [[math.cos(0.3), -2 * math.sin(0.3)], [math.sin(0.3), 2 * math.cos(0.3)]]
    assert details.converged
    assert np.all(np.abs(details.values - exact) <= details.error + 1e-15)
    by_gradient = calculus.hessian(np.sum, [1.0, 2.0], grad=lambda v: v**3, details=True)
    np.testing.assert_allclose(by_gradient.values, np.diag([3.0, 12.0]), atol=1e-11)


def test_fields():
    at = [1.0, 2.0, 3.0]
    assert calculus.divergence(lambda x, y, z: [x * y, y * z, z * x], at) == pytest.approx(6, rel=1e-12)
    np.testing.assert_allclose(calculus.curl(lambda x, y, z: [x * y, y * z, z * x], at), [-2, -3, -1], atol=1e-11)
    turn = calculus.curl(lambda x, y: [-y, x], [1.0, 2.0])
    assert turn == pytest.approx(2, rel=1e-12)
    assert turn.converged


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_curl_of_a_gradient_and_divergence_of_a_curl_vanish(x, y):
    def slope(v):
        return np.array([v[1] * np.cos(v[0] * v[1]), v[0] * np.cos(v[0] * v[1])])

    turn = calculus.curl(slope, [x, y])
    assert abs(turn) <= turn.error + 1e-12


def test_directions():
    def f(x, y):
        return x**2 + y**2

    plain = calculus.directional_derivative(f, [1, 2], [3, 4])
    unit = calculus.directional_derivative(f, [1, 2], [3, 4], normalize=True)
    assert plain == pytest.approx(22, rel=1e-12)
    assert unit == pytest.approx(4.4, rel=1e-12)
    assert "normalised" in unit.method
    assert "normalised" not in plain.method


def test_tangents():
    line = calculus.tangent_line(lambda x: x**2, 1.0)
    assert (line.text, line.latex) == ("y = −1 + 2x", "y = -1 + 2x")
    np.testing.assert_allclose(line(np.array([0.0, 2.0])), [-1.0, 3.0], rtol=1e-12)
    plane = calculus.linearize(lambda v: v @ v, [1.0, 2.0])
    assert plane([1.0, 2.0]) == 5.0
    assert plane.text == "L = 5 + 2(x1 − 1) + 4(x2 − 2)"
    with pytest.raises(ValueError, match="linearize: the point has 3"):
        plane(1, 2, 3)
    with pytest.warns(AccuracyWarning):
        assert not calculus.tangent_line(abs, 0.0).slope.converged


def test_taylor():
    p = calculus.taylor(math.exp, 0.0, 8)
    exact = [1 / math.factorial(k) for k in range(9)]
    assert np.all(np.abs(p.coefficients - exact) <= p.error + 1e-16)
    assert np.all(p.error < 1e-6 * np.array(exact))
    for x in (0.5, -1.0, 2.0):
        assert abs(p.remainder(x)) <= 1.0001 * p.remainder_bound(x) + 1e-12
        # Lagrange's bound, by hand.
        assert p.remainder_bound(x) == pytest.approx(max(1, math.exp(x)) * abs(x) ** 9 / math.factorial(9), rel=1e-3)
    assert p.remainder_bound(0.0) == 0.0
    q = calculus.taylor(lambda x: x**3 - 2 * x, 1.0, 5)
    assert q.text == "−1 + (x − 1) + 3(x − 1)² + (x − 1)³"
    assert q.latex == "-1 + (x - 1) + 3(x - 1)^{2} + (x - 1)^{3}"
    np.testing.assert_allclose(q(np.array([1.0, 2.0])), [-1.0, 4.0], atol=1e-10)
    with pytest.warns(AccuracyWarning, match="coefficient 1"):
        calculus.taylor(abs, 0.0, 2)
    assert calculus.taylor(math.sin, 0.0, 3).text == "x − 0.166667x³"
    assert "$" in q._repr_html_()


def test_critical_points():
    found = calculus.critical_points(lambda x: x**3 - 3 * x, -3, 3)
    assert [(point.kind, round(point.x, 9)) for point in found] == [("maximum", -1.0), ("minimum", 1.0)]
    assert found.complete
    assert (len(found.minima), len(found.maxima)) == (1, 1)
    assert "maximum" in repr(found)
    corner = calculus.critical_points(abs, -1, 2)[0]
    assert (corner.kind, corner.corner) == ("minimum", True)
    assert not calculus.critical_points(lambda x: math.sin(1 / x), 1e-6, 1).complete
    bowl = calculus.critical_points(lambda v: v @ v, [(-1, 2), (-1, 2), (-2, 1)])
    assert [point.kind for point in bowl] == ["minimum"]
    np.testing.assert_allclose(bowl[0].x, 0, atol=1e-9)
    assert not bowl.complete
    assert len(calculus.critical_points(math.exp, 0, 1)) == 0
    # The function is never called outside.
    calculus.critical_points(lambda x: math.sqrt(1 - x * x), -1, 1)


def test_critical_points_at_ends_and_in_tails():
    ends = calculus.critical_points("x**2*(1-x)**2", 0, 1)
    assert [(p.kind, round(p.x, 9), p.corner) for p in ends] == [
        ("minimum", 0.0, False),
        ("maximum", 0.5, False),
        ("minimum", 1.0, False),
    ]
    cusp = calculus.critical_points(lambda x: np.cbrt(x) ** 2, -1, 1)
    assert [(p.kind, p.x, p.corner) for p in cusp] == [("minimum", 0.0, True)]
    assert len(calculus.critical_points("floor(x)", 0, 3)) == 0
    waves = calculus.critical_points("sin(x)", 0, 1e6)
    assert not waves.complete
    assert "search shorter intervals" in waves.message
    hill = calculus.critical_points("exp(-x**2-y**2)", [(-5, 5), (-5, 5)])
    assert [(p.kind, p.x.tolist()) for p in hill] == [("maximum", [0.0, 0.0])]
    level = calculus.critical_points(lambda x, y: 1.0, [(-5, 5), (-5, 5)], starts=10)
    assert "10 began where the function is constant" in level.message


def test_the_table_of_differences():
    table = calculus.derivative_table(math.exp, 1.0)
    assert table.best == pytest.approx(math.e, rel=1e-13)
    # Truncation falls like h and like h².
    assert table.forward_error[0] / table.forward_error[1] == pytest.approx(10, rel=0.05)
    assert table.central_error[0] / table.central_error[1] == pytest.approx(100, rel=0.05)
    # Rounding takes over.
    assert table.forward_error[-1] > 1e3 * table.forward_error.min()
    assert "←" in repr(table)


def test_powers_of_negative_numbers_end_the_domain():
    # (-0.1) ** 2.5 is a complex number in Python.
    assert calculus.derivative(lambda x: x**2.5, 2.0, order=4) == pytest.approx(-0.9375 * 2.0**-1.5, rel=1e-7)
    assert calculus.limit(lambda x: x**0.5, 0).side == "right"
    with pytest.raises(TypeError, match="complex"):
        calculus.derivative(lambda x: x**0.5 if x < 9 else 3.0, -1.0)  # a branch is not traced


def test_exceptions_of_the_function_come_out():
    def broken(*_):
        raise KeyError("mine")

    calls = [
        lambda: calculus.limit(broken, 0),
        lambda: calculus.partial(broken, [1, 2], 0),
        lambda: calculus.jacobian(broken, [1, 2]),
        lambda: calculus.hessian(broken, [1, 2]),
        lambda: calculus.directional_derivative(broken, [1, 2], [1, 0]),
        lambda: calculus.divergence(broken, [1, 2]),
        lambda: calculus.laplacian(broken, [1, 2]),
        lambda: calculus.tangent_line(broken, 0),
        lambda: calculus.linearize(broken, [1, 2]),
        lambda: calculus.taylor(broken, 0, 2),
        lambda: calculus.critical_points(broken, 0, 1),
        lambda: calculus.critical_points(broken, [(0, 1), (0, 1)]),
        lambda: calculus.derivative_table(broken, 0),
    ]
    for call in calls:
        with pytest.raises(KeyError, match="mine"):
            call()


def test_nan_in_nan_out_quietly():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(calculus.jacobian(np.sin, [math.nan, 1.0])).all()
        assert np.isnan(calculus.hessian(np.sum, [math.nan, 1.0])).all()
        assert math.isnan(calculus.laplacian(np.sum, [math.nan, 1.0]))
        assert math.isnan(calculus.directional_derivative(np.sum, [math.nan, 1.0], [1.0, 0.0]))
        assert np.isnan(calculus.curl(lambda v: v, [math.nan, 1.0, 2.0])).all()


class TestPlots:
    """What the pictures of calculus show."""

    def test_tangent_and_secants(self):
        ax = uh.plot.tangent(math.exp, 0.0, xlim=(-1, 1))
        line = ax.lines[1].get_data()
        np.testing.assert_allclose(line[1], 1 + line[0], atol=1e-12)
        ax = uh.plot.secants(lambda x: x**2, 1.0, [1.0, -0.5])
        assert [text.get_text() for text in ax.get_legend().get_texts()][1:3] == [
            "h = 1: slope 3",
            "h = -0.5: slope 1.5",
        ]

    def test_taylor_and_limit(self):
        ax = uh.plot.taylor(math.cos, 0.0, [0, 2])
        x, y = ax.lines[2].get_data()
        np.testing.assert_allclose(y, 1 - x**2 / 2, atol=1e-9)
        assert "none" not in uh.plot.limit(lambda x: abs(x) / x, 0.0).get_title(loc="left")

    def test_surface_and_contours(self):
        assert uh.plot.surface(lambda v: v @ v, points=11).get_xlabel() == "x"
        ax = uh.plot.contours(lambda x, y: math.log(x) + y, (-1, 1), (-1, 1), points=21)
        assert len(ax.collections) == 2
        heights = uh.plot.contours("x*y", levels=[1, 0], points=11, gradient=False).collections[0].levels
        assert list(heights) == [0, 1]

    @pytest.mark.parametrize(
        ("draw", "error", "words"),
        [
            (lambda: uh.plot.tangent(math.sin, 0, xlim=(1, 0)), ValueError, "tangent: xlim"),
            (lambda: uh.plot.tangent(math.sin, "a"), TypeError, "tangent: x"),
            (lambda: uh.plot.secants(math.sin, 0, [0]), ValueError, "secants: steps"),
            (lambda: uh.plot.contours(lambda x, y: math.nan), ValueError, "contours: f has no finite value"),
            (lambda: uh.plot.contours("x*y", levels=-3), ValueError, "contours: levels is -3, but must be a number"),
            (lambda: uh.plot.contours("x*y", levels=2.5), TypeError, "contours: levels is 2.5, but must be a number"),
            (lambda: uh.plot.contours("x*y", points=100000), ValueError, "asks for 1e.10 values of f, but must be at"),
            (lambda: uh.plot.surface(3), TypeError, "surface: f"),
            (lambda: uh.plot.surface(lambda x, y: None), TypeError, "surface: f returned None, .* a return missing"),
            (lambda: uh.plot.contours(lambda v: v), TypeError, r"contours: f returned an array of shape \(2,\), but"),
            (lambda: uh.plot.contours(lambda x, y: "a"), TypeError, "contours: f returned a str, but must return a"),
            (lambda: uh.plot.surface(np.hypot, points=1), ValueError, "surface: points"),
            (lambda: uh.plot.limit(math.sin, math.nan), ValueError, "limit: a"),
            (lambda: uh.plot.taylor(math.sin, 0, []), ValueError, "taylor: orders"),
        ],
    )
    def test_what_cannot_be_drawn_is_refused(self, draw, error, words):
        with pytest.raises(error, match=words):
            draw()

    @pytest.fixture(autouse=True)
    def close(self):
        """Leave no figure open."""
        yield
        import matplotlib.pyplot as plt

        plt.close("all")
