"""Exact derivatives: of texts, traced callables and functions, against mpmath's, and where they must not be taken."""

import copy
import math
import pickle
import warnings
from pathlib import Path

import numpy as np
import pytest
import underhood as uh
from underhood import calculus
from underhood.calculus import AccuracyWarning

TABLE = Path(__file__).parents[2] / "crates" / "underhood" / "tests" / "data" / "derivatives.tsv"

# The functions of the table, as texts.
TEXTS = {
    "exp": "exp(x)",
    "sin": "sin(x)",
    "cos": "cos(x)",
    "tan": "tan(x)",
    "log": "log(x)",
    "sqrt": "sqrt(x)",
    "reciprocal": "1/x",
    "square": "x**2",
    "cube": "x**3",
    "polynomial": "x**5 - 4*x**3 + 2*x - 1",
    "runge": "1/(1 + 25*x**2)",
    "near_pole": "1/(1 - x)",
    "log1p": "log1p(x)",
    "expm1": "expm1(x)",
    "sinh": "sinh(x)",
    "cosh": "cosh(x)",
    "tanh": "tanh(x)",
    "atan": "arctan(x)",
    "asin": "arcsin(x)",
    "acos": "arccos(x)",
    "asinh": "arcsinh(x)",
    "acosh": "arccosh(x)",
    "atanh": "arctanh(x)",
    "gauss": "exp(-x**2)",
    "logistic": "1/(1 + exp(-x))",
    "softplus": "log(1 + exp(x))",
    "steep_logistic": "1/(1 + exp(-1000*(x - 0.5)))",
    "narrow_gauss": "exp(-1e6*(x - 1)**2)",
    "fast_sine": "sin(1e3*x)",
    "very_fast_sine": "sin(1e6*x)",
    "slow_sine": "sin(x/1024)",
    "slow_exp": "exp(x/1048576)",
    "sine_product": "x**2*sin(x)",
    "damped": "exp(-x)*cos(2*x)",
    "chirp": "sin(x**2)",
    "essential": "exp(-1/x)",
    "x_log_x": "x*log(x)",
    "x_to_x": "x**x",
    "power": "x**2.5",
    "three_halves": "x*sqrt(x)",
    "offset": "1e6 + sin(x)",
    "hypotenuse": "sqrt(1 + x**2)",
    "rational": "(x**3 - 2)/(x**2 + 1)",
    "sinc": "sin(x)/x",
    "log_sine": "log(2 + sin(x))",
    "log_cosh": "log(cosh(x))",
    "nested": "sin(exp(x))",
    "inverse_square": "1/x**2",
    "cosine_root": "cos(sqrt(x))",
}


def digits(value, exact):
    wrong = abs(value - exact) / abs(exact)
    return min(16.0, -math.log10(wrong)) if wrong > 0 else 16.0


def table(order):
    for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        name, x, *derivatives = line.split("\t")
        exact = float(derivatives[order - 1])
        if name in TEXTS and not math.isnan(exact) and exact != 0:
            yield name, float(x), exact


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_exact_derivatives_have_nearly_all_digits(order):
    # What is missing are digits that cancel in the formula of the derivative itself, as in sin(x)/x near 0.
    functions = {name: uh.function(text) for name, text in TEXTS.items()}
    found = []
    for name, x, exact in table(order):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", AccuracyWarning)
            d = calculus.derivative(functions[name], x, order=order, method="exact")
        # Not converged is only what has lost more than half of its digits to terms that cancel, and says so.
        assert d.method == "exact"
        assert d.converged or (name in ("sinc", "log_cosh", "cosine_root") and d.error > 1e-6 * abs(d)), (name, x)
        found.append(digits(d, exact))
        assert abs(d - exact) <= d.error + 1e-15 * abs(exact), (name, x)
    assert len(found) > 130
    assert np.mean(found) >= [15.9, 15.7, 15.6, 15.4][order - 1]


def test_an_error_says_what_cancels():
    d = calculus.derivative("sin(x)/x", 0.01)
    exact = math.cos(0.01) / 0.01 - math.sin(0.01) / 0.01**2
    assert d.method == "exact"
    assert 1e-16 < d.error < 1e-11
    assert abs(d - -0.0033333000001190473) <= d.error
    assert abs(exact - -0.0033333000001190473) < 1e-11


# Texts whose derivatives' formulas cancel, points, orders, and values by mpmath with 60 digits.
CANCELLING = [
    ("(1-cos(x))/x**2", 1e-5, 1, -8.333333333277779e-07),
    ("(1-cos(x))/x**2", 1e-5, 2, -0.08333333333166666),
    ("(1-cos(x))/x**2", 1e-3, 3, 3.333333035714295e-05),
    ("sinh(x)/cosh(x)", -400.0, 2, 0.0),
    ("log(cosh(x))", -400.0, 3, 0.0),
    ("(x**2-1)/(x-1)", 1.0000001, 1, 1.0),
    ("1/(exp(x)-1)", 1e-3, 3, -6000000000000.008),
    ("log(exp(x)-1)", 1e-8, 1, 100000000.83333333),
    ("sin(x)/x", 1e-5, 2, -0.3333333333233333),
    ("sin(x)/x", 1e-10, 2, -0.3333333333333333),
    ("expm1(x)/x", 1e-5, 1, 0.5000033333458334),
    ("sqrt(1+x**2)", 710.0, 2, 2.7939823710567686e-09),
    ("exp(x)/(1+exp(x))", 50.0, 1, 1.9287498479639178e-22),
]


@pytest.mark.parametrize(("text", "x", "order", "value"), CANCELLING)
@pytest.mark.parametrize("method", ["auto", "exact"])
def test_errors_know_of_terms_that_cancel(text, x, order, value, method):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AccuracyWarning)
        found = calculus.derivative(text, x, order=order, method=method)
    assert abs(found - value) <= found.error + 1e-15 * abs(value)
    assert not found.converged or found.error <= 1e-6 * abs(value) + 1e-12


def test_rounding_of_a_small_function_is_told_for_each_number():
    traced = uh.function("sin(x)/x").derivative()._at(((),))
    assert 1e-16 < traced.rounding(0.7) < 1e-14
    assert traced.rounding(1e-9) > 1e-8
    assert uh.function("exp(x)/(1+exp(x))")._at(((),)).rounding(800.0) == np.inf


def test_formulas_that_grow_too_large_are_left():
    # Each derivative of this is twice as large as the one before.
    with pytest.raises(ValueError, match="derivative: order is 9, but the graph of derivative 7"):
        calculus.derivative("1/(2 + exp(-x))", 0.0, order=9, method="exact")
    p = calculus.taylor("1/(2 + exp(-x))", 0.0, 9)
    assert p.method == "exact, numerical from 7 on"
    assert p.coefficients[:4] == pytest.approx([1 / 3, 1 / 9, -1 / 54, -1 / 162], abs=1e-9)
    # The logistic function's own are known by the function itself, and stay small: 7936/2¹⁰.
    assert calculus.derivative("1/(1 + exp(-x))", 0.0, order=9) == pytest.approx(7.75, rel=1e-14)
    assert calculus.taylor("sin(exp(x))", 0.0, 12).method == "exact"


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_texts_functions_and_callables_have_the_same_derivatives(order):
    text, x = "x**2 * sin(x) / (1 + exp(-x))", 0.75
    expected = calculus.derivative(text, x, order=order)
    for f in (uh.function(text), lambda x: x**2 * np.sin(x) / (1 + np.exp(-x))):
        found = calculus.derivative(f, x, order=order)
        assert found.method == "exact"
        assert found == pytest.approx(float(expected), rel=1e-13)
    numerical = calculus.derivative(text, x, order=order, method="richardson")
    assert abs(numerical - expected) <= numerical.error


def bowl(x, y):
    return x**2 * y + np.exp(x * y)


BOWLS = [
    "x**2 * y + exp(x*y)",
    uh.function("x**2 * y + exp(x*y)"),
    uh.function(bowl),
    bowl,
    lambda v: v[0] ** 2 * v[1] + np.exp(v[0] * v[1]),
    uh.function(lambda v: v[0] ** 2 * v[1] + np.exp(v[0] * v[1])),
]


@pytest.mark.parametrize("f", BOWLS, ids=["text", "function of a text", "function", "callable", "array", "of array"])
def test_derivatives_of_several_variables_are_exact(f):
    x, y = 0.5, 1.5
    e = math.exp(x * y)
    slopes = [2 * x * y + y * e, x**2 + x * e]
    curves = [[2 * y + y**2 * e, 2 * x + e + x * y * e], [2 * x + e + x * y * e, x**2 * e]]
    for _ in range(2):  # what is kept after the first time is the same
        np.testing.assert_allclose(calculus.gradient(f, [x, y], method="exact"), slopes, rtol=1e-14)
        np.testing.assert_allclose(calculus.gradient(f, [x, y]), slopes, rtol=1e-14)
        np.testing.assert_allclose(calculus.jacobian(f, [x, y], method="exact"), slopes, rtol=1e-14)
        found = calculus.hessian(f, [x, y], details=True)
        assert found.method == "exact"
        np.testing.assert_allclose(found.values, curves, rtol=1e-14)
    assert calculus.laplacian(f, [x, y], method="exact") == pytest.approx(curves[0][0] + curves[1][1], rel=1e-14)
    for i in range(2):
        slope = calculus.partial(f, [x, y], i)
        assert (slope.method, slope) == ("exact", pytest.approx(slopes[i], rel=1e-14))
        curve = calculus.partial(f, [x, y], i, order=2)
        assert (curve.method, curve) == ("exact", pytest.approx(curves[i][i], rel=1e-14))
    v = np.array([2.0, -1.0])
    along = calculus.directional_derivative(f, [x, y], v)
    assert (along.method, along) == ("exact", pytest.approx(np.dot(v, slopes), rel=1e-13))
    along = calculus.directional_derivative(f, [x, y], v, order=2)
    assert (along.method, along) == ("exact", pytest.approx(v @ np.array(curves) @ v, rel=1e-13))
    plane = calculus.linearize(f, [x, y])
    np.testing.assert_allclose(plane.gradient, slopes, rtol=1e-14)
    assert plane.value == pytest.approx(x**2 * y + e, rel=1e-15)


def test_fields_are_exact():
    def swirl(x, y, z):
        return [x * y, np.sin(z) * x, y**2 + z]

    x, y, z = 0.5, 1.5, -0.25
    expected = [[y, x, 0], [math.sin(z), 0, math.cos(z) * x], [0, 2 * y, 1]]
    for f in (swirl, lambda v: np.stack([v[0] * v[1], np.sin(v[2]) * v[0], v[1] ** 2 + v[2]])):
        found = calculus.jacobian(f, [x, y, z], details=True)
        assert found.method == "exact"
        np.testing.assert_allclose(found.values, expected, rtol=1e-15)
        assert calculus.divergence(f, [x, y, z]) == pytest.approx(y + 1, rel=1e-15)
        turn = calculus.curl(f, [x, y, z], method="exact")
        np.testing.assert_allclose(turn, [2 * y - math.cos(z) * x, 0.0, math.sin(z) - x], rtol=1e-15)


def test_a_taylor_polynomial_of_a_function_is_exact():
    for f in ("exp(2*x)", uh.function("exp(2*x)"), lambda x: np.exp(2 * x)):
        p = calculus.taylor(f, 0.0, 8)
        assert (p.method, p.converged) == ("exact", True)
        np.testing.assert_allclose(p.coefficients, [2.0**k / math.factorial(k) for k in range(9)], rtol=1e-15)
        assert abs(p.remainder(0.5)) <= p.remainder_bound(0.5)
    with pytest.warns(AccuracyWarning):
        assert not calculus.taylor("abs(x)", 0.0, 2).converged
    with pytest.warns(AccuracyWarning):
        assert not calculus.taylor("x*abs(x)", 0.0, 2).converged


def test_critical_points_of_texts_and_functions():
    for f in ("x**3 - 3*x", uh.function("x**3 - 3*x"), lambda x: x**3 - 3 * x):
        found = calculus.critical_points(f, -3, 3)
        assert [(p.kind, round(p.x, 7)) for p in found] == [("maximum", -1.0), ("minimum", 1.0)]
    for f in ("x**2 - y**2 + x*y", uh.function("x**2 - y**2 + x*y"), lambda x, y: x**2 - y**2 + x * y):
        found = calculus.critical_points(f, [(-1, 1), (-1, 1)])
        assert [p.kind for p in found] == ["saddle"]
        np.testing.assert_allclose(found[0].x, 0.0, atol=1e-7)


KINKS = [
    (lambda: calculus.derivative("abs(x)", 0.0), "corner"),
    (lambda: calculus.derivative("x*abs(x)", 0.0, order=2), "f′ has a corner"),
    (lambda: calculus.derivative("x*abs(x)", 0.0, order=3), "f′ has a corner"),
    (lambda: calculus.derivative("x**2*abs(x)", 0.0, order=4), "f′′ has a corner"),
    (lambda: calculus.derivative("floor(x)", 2.0), "jumps"),
    (lambda: calculus.derivative("where(x < 1, x, 2*x)", 1.0), "jumps"),
    (lambda: calculus.gradient("abs(x) + y", [0.0, 1.0]), "corner"),
    (lambda: calculus.gradient("floor(x)*y", [1.0, 1.0]), "jumps"),
    (lambda: calculus.gradient("abs(x) + floor(y)", [0.0, 2.0]), "corner"),
    (lambda: calculus.gradient("floor(x + y)", [1.0, 1.0]), "jumps"),
    (lambda: calculus.jacobian(["abs(x) + floor(y)", "x"], [0.0, 2.0]), "corner"),
    (lambda: calculus.gradient(lambda v: np.sqrt(v @ v), [0.0, 0.0]), "corner"),
    (lambda: calculus.partial("abs(x) + y", [0.0, 1.0], "x"), "corner"),
    (lambda: calculus.partial("x*abs(x) + y", [0.0, 1.0], "x", order=2), "corner"),
    (lambda: calculus.directional_derivative("maximum(x, y)", [1.0, 1.0], [1.0, 0.0]), "corner"),
    (lambda: calculus.jacobian(lambda x, y: [np.abs(x), y], [0.0, 1.0]), "corner"),
    (lambda: calculus.jacobian(lambda v: np.maximum(v, 0.0), [0.0, 1.0]), "corner"),
    (lambda: calculus.divergence(lambda v: np.maximum(v, 0.0), [0.0, 1.0]), "corner"),
    (lambda: calculus.hessian("abs(x) + y**2", [0.0, 1.0]), ""),
    (lambda: calculus.hessian(lambda v: math.fabs(v[0]), [0.0]), "corner"),
    (lambda: calculus.hessian(lambda v: math.floor(v[0]), [1.0]), "jumps"),
    (lambda: calculus.laplacian(lambda v: math.fabs(v[0]) + v[1] ** 2, [0.0, 1.0]), "corner"),
    (lambda: calculus.partial(lambda v: math.fabs(v[0]), [0.0], 0, order=2), "corner"),
    (lambda: calculus.derivative(math.fabs, 0.0, order=3), "corner"),
    (lambda: calculus.hessian("x*abs(x) + y**2", [0.0, 1.0]), "corner"),
    (lambda: calculus.laplacian("abs(x) + y**2", [0.0, 1.0]), ""),
    (lambda: calculus.laplacian("x*abs(x) + y**2", [0.0, 1.0]), "corner"),
    (lambda: calculus.tangent_line("abs(x)", 0.0), "corner"),
    (lambda: calculus.linearize("abs(x) + y", [0.0, 1.0]), "corner"),
]


@pytest.mark.parametrize(("call", "words"), KINKS)
def test_at_a_kink_no_slope_is_picked_in_silence(call, words):
    with pytest.warns(AccuracyWarning, match=words):
        call()


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("derivative", lambda: calculus.derivative("abs(x)", 0.0)),
        ("gradient", lambda: calculus.gradient("abs(x) + y", [0.0, 1.0])),
        ("partial", lambda: calculus.partial("abs(x) + y", [0.0, 1.0], 0)),
        ("tangent_line", lambda: calculus.tangent_line("abs(x)", 0.0)),
        ("linearize", lambda: calculus.linearize("abs(x) + y", [0.0, 1.0])),
        ("derivative_table", lambda: calculus.derivative_table("abs(x)", 0.0)),
        ("laplacian", lambda: calculus.laplacian(lambda v: math.fabs(v[0]), [0.0])),
        ("directional_derivative", lambda: calculus.directional_derivative("abs(x) + y", [0.0, 1.0], [1.0, 0.0])),
    ],
)
def test_warnings_come_in_the_name_of_what_was_called(name, call):
    with pytest.warns(AccuracyWarning, match=f"^{name}: not converged") as caught:
        call()
    assert [warning.filename for warning in caught] == [__file__]


def test_where_there_is_no_tangent_the_line_says_so():
    with pytest.warns(AccuracyWarning, match="corner"):
        corner = calculus.tangent_line("abs(x) + 2*x", 0.0)
    with pytest.warns(AccuracyWarning, match="grows without bound"):
        vertical = [calculus.tangent_line(f, 0.0) for f in ("sqrt(x)", "x**x", "cbrt(x)")]
    # The slopes on both sides are 1 and 3.
    assert (corner.text, float(corner.slope)) == ("y = 2x", pytest.approx(2.0))
    assert repr(corner).startswith("no tangent line at x = 0: f has a corner")
    for line in vertical:
        assert (line.text, line.latex) == ("", "")
        assert math.isnan(line(1.0))
        assert repr(line).startswith("no tangent line at x = 0: the slope of f grows without bound")


def test_away_from_a_kink_it_does_no_harm():
    assert calculus.derivative("x*abs(x)", 1.0, order=2).method == "exact"
    assert calculus.jacobian(lambda v: np.maximum(v, 0.0), [0.5, -1.0], details=True).method == "exact"
    assert calculus.hessian("abs(x) * y**2", [-1.0, 1.0], details=True).method == "exact"
    assert calculus.laplacian("abs(x) * y**2", [-1.0, 1.0]) == 2.0
    assert calculus.gradient("floor(x)*y", [1 + 1e-7, 1.0], details=True).method == ["exact", "exact"]


def test_a_value_that_is_none_is_not_claimed():
    for call in (
        lambda: calculus.derivative("log(x)", -1.0, method="exact"),
        lambda: calculus.derivative(lambda x: math.nan, 1.0, method="exact"),
        lambda: calculus.directional_derivative("sqrt(x) + y", [-1.0, 1.0], [1.0, 0.0], method="exact"),
        lambda: calculus.laplacian("sqrt(x) + y", [-1.0, 1.0], method="exact"),
    ):
        with pytest.warns(AccuracyWarning, match="no finite value"):
            found = call()
        assert math.isnan(found)
        assert not found.converged
    for function in (calculus.gradient, calculus.hessian, calculus.jacobian):
        with pytest.warns(AccuracyWarning, match="no finite value"):
            assert not function("sqrt(x) + y", [-1.0, 1.0], method="exact", details=True).converged
    assert math.isnan(calculus.derivative("sin(x)", math.nan, method="exact"))
    with pytest.raises(ValueError, match="derivative: x is inf"):
        calculus.derivative("sin(x)", math.inf, method="exact")
    with pytest.raises(TypeError, match="derivative: f returned an array of shape"):
        calculus.derivative(lambda x: np.stack([x, x]), 1.0, method="exact")
    with pytest.raises(ValueError, match="partial: method is 'exact', but f could not be traced"):
        calculus.partial(lambda x, y: math.sin(x), [1.0, 2.0], 0, order=2, method="exact")


def test_a_tangent_at_a_minimum_is_level():
    point = calculus.critical_points("x**2*sin(x)", 4, 6).minima[0]
    assert "x" not in calculus.tangent_line("x**2*sin(x)", point.x).text
    assert calculus.tangent_line("x**2", 1.0).text == "y = −1 + 2x"


@pytest.mark.parametrize("f", ["sin(x)", uh.function("sin(x)"), math.sin])
def test_a_taylor_polynomial_can_be_copied(f):
    p = calculus.taylor(f, 0.5, 3)
    for copied in (pickle.loads(pickle.dumps(p)), copy.deepcopy(p), copy.copy(p)):
        assert repr(copied) == repr(p)
        assert (copied(0.75), copied.remainder(0.75)) == (p(0.75), p.remainder(0.75))
        assert copied.remainder_bound(1.0) == p.remainder_bound(1.0)


def test_digits_that_cancel_in_the_formula_of_a_derivative_are_kept():
    bend = uh.function("arcsin(x)").derivative().derivative()
    for x in (1e-17, 1e-14, 1e-8):  # x / (1 - x²)^(3/2)
        assert bend(x) == pytest.approx(x, rel=2e-16)
    assert uh.function("1/(1 + exp(-x))").derivative()(-1000.0) == 0.0
