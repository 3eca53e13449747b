"""Functions written as texts are taken wherever a callable is; their variables are the components of the point."""

import math

import numpy as np
import pytest
import underhood as uh
from underhood import calculus, optimize
from underhood._functions import resolve
from underhood._functions._components import component_names, places

TURN = 2 * math.pi


@pytest.mark.parametrize(
    ("variables", "size", "expected"),
    [
        ([], 3, []),
        (["x"], 1, [0]),
        (["t"], 1, [0]),
        (["x"], 2, [0]),
        (["y"], 2, [1]),
        (["z"], 2, None),
        (["x", "z"], 3, [0, 2]),
        (["x"], 4, None),
        (["t"], 2, None),
        (["a", "b"], 2, [0, 1]),
        (["a", "x"], 3, None),
        (["x0", "x2"], 3, [0, 2]),
        (["x1", "x3"], 3, [0, 2]),
        (["x1", "x2"], 3, None),
        (["x1", "x2"], 2, [0, 1]),
        (["x0", "x1", "x10", *(f"x{i}" for i in range(2, 10))], 11, [0, 1, 10, *range(2, 10)]),
        (["w0", "b1"], 2, [0, 1]),
        (["x", "y", "z"], 2, None),
    ],
)
def test_which_component_a_variable_is(variables, size, expected):
    assert places(variables, size) == expected


def test_components_that_a_text_does_not_use_have_names_too():
    assert component_names(["y"], 2) == ["x", "y"]
    assert component_names(["x1", "x3"], 3) == ["x1", "x2", "x3"]
    assert component_names(["b", "a"], 2) == ["b", "a"]
    assert component_names([], 2) == ["x", "y"]
    assert component_names(["t"], 2) is None


def test_no_two_variables_stand_for_one_component():
    assert places(["x01", "x1"], 2) is None
    assert places(["x01", "x1", "x2"], 3) is None
    with pytest.raises(ValueError, match=r"x01 and x1.* in doubt"):
        uh.calculus.gradient("x01 + 2*x1", [1.0, 2.0])
    assert places(["x00", "x01"], 2) == [0, 1]


def test_ten_numbered_variables_and_more_stand_in_their_order():
    text = " + ".join(f"{i}*x{i}" for i in range(1, 13))
    assert calculus.gradient(text, np.ones(12)).tolist() == list(range(1, 13))


def test_a_text_of_one_variable_is_not_applied_element_by_element():
    found = optimize.lagrange("x**2 + y**2", "x - 1", [2.0, 2.0])
    np.testing.assert_allclose(found.x, [1, 0], atol=1e-7)
    assert calculus.jacobian("x**2", [1.0, 2.0]).tolist() == [2.0, 0.0]
    assert calculus.gradient("x**2", [1.0, 2.0]).tolist() == [2.0, 0.0]
    assert calculus.hessian("x**2", [1.0, 2.0]).tolist() == [[2.0, 0.0], [0.0, 0.0]]
    assert calculus.laplacian(uh.function("x**2"), [1.0, 2.0]) == 2.0
    assert calculus.partial("x**2", [1.0, 2.0], "y") == 0.0
    assert calculus.partial("x**2 * y", [1.0, 2.0], "x") == 4.0
    along = calculus.line_integral("x", lambda t: [t, t], 0, 1)
    assert along == pytest.approx(math.sqrt(2) / 2, rel=1e-12)
    with pytest.raises(ValueError, match="a vector field has as many values as x, 2"):
        calculus.divergence("x**2", [1.0, 2.0])
    np.testing.assert_allclose(optimize.minimize("(x - 1)**2", [3.0, 2.0]).x, [1, 2], atol=1e-7)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: calculus.gradient("t**2", [1.0, 2.0]), "gradient: f has the variable t, but its point has 2 numbers"),
        (lambda: calculus.gradient("x1*x2", [1.0, 2, 3]), "in doubt: call them x, y and z"),
        (lambda: optimize.minimize("a + x", np.ones(4)), "minimize: f has the variables a and x.*x0, x1, …, x3"),
        (lambda: calculus.gradient("x*y*z", [1.0, 2.0]), "a point of 2 numbers is passed"),
        (lambda: calculus.gradient("x", np.ones((2, 2))), r"an array of shape \(2, 2\)"),
        (lambda: calculus.integrate("x*y", 0, 1), "give a pair for each"),
        (lambda: calculus.integrate("a", [(0, 1), (0, 1)]), "f has the variable a, but 2 numbers are passed"),
        (lambda: calculus.integrate("a*x", 0, 1, args=(2,)), "args goes with a callable"),
        (lambda: calculus.solve_ivp("-x", (0, 1), 1.0), r"written in t \(the time\) and y"),
        (
            lambda: calculus.solve_ivp(["v", "-x"], (0, 1), [0.0, 1.0]),
            r"a list of 2 texts, .* in t, y0 and y1 \(or x and y\)",
        ),
        (lambda: calculus.solve_ivp(["-y"] * 4, (0, 1), np.ones(4)), "a list of 4 texts, .* in t, y0, y1 and y2, …"),
        (lambda: calculus.solve_ivp("a*y", (0, 1), 1.0, args=(2.0,)), "args goes with a callable"),
        (lambda: optimize.curve_fit("a*exp(q)", [1.0, 2], [1.0, 2]), "which is xdata is in doubt"),
        (lambda: optimize.curve_fit("x", [1.0, 2], [1.0, 2]), "no parameters to fit"),
        (lambda: calculus.derivative("gammaln(x)", 1.0, method="complex"), "gammaln, which takes no complex number"),
        (lambda: resolve("f", "f", uh.function(lambda a, b: a), (3,)), "f has the arguments a and b"),
    ],
)
def test_what_is_in_doubt_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_system_of_texts_that_names_one_component_only(kind):
    # A stone thrown up: height' = velocity, velocity' = -g; the velocity is y, the second of x and y.
    fall = calculus.solve_ivp(kind(["y", "-9.81"]), (0, 2), [1.0, 10.0], t_eval=[0.0, 1.0, 2.0])
    t = fall.t
    np.testing.assert_allclose(fall.y, [1 + 10 * t - 9.81 * t**2 / 2, 10 - 9.81 * t], rtol=1e-9)
    np.testing.assert_allclose(
        calculus.solve_ivp(kind(["t*y", 0, "y"]), (0, 1), [0.0, 2.0, 0.0]).y[:, -1], [1, 2, 2], rtol=1e-9
    )
    one = calculus.solve_ivp(kind(["-y"]), (0, 1), [1.0])
    assert one.y[0, -1] == pytest.approx(math.exp(-1), rel=1e-6)


def test_an_order_that_was_given_holds():
    f = uh.function("x - 2*y", variables=["y", "x"])
    assert calculus.gradient(f, [0.0, 0.0]).tolist() == [-2.0, 1.0]


def test_constants_and_boxes():
    assert calculus.integrate("1", 0, 3) == pytest.approx(3, rel=1e-14)
    assert calculus.integrate("3", [(0, 1), (0, 2)]) == pytest.approx(6, rel=1e-14)
    assert calculus.integrate("x", [(0, 1), (0, 2)]) == pytest.approx(1, rel=1e-14)
    assert calculus.integrate("y", [(0, 1), (0, 2)]) == pytest.approx(2, rel=1e-14)
    assert calculus.integrate("x*y", [("0", 1), ("0", "x")]) == pytest.approx(1 / 8, rel=1e-14)
    assert calculus.riemann_sum("2", 0, 3, 10) == pytest.approx(6, rel=1e-14)
    assert calculus.gradient("3", [1.0, 2.0]).tolist() == [0.0, 0.0]
    assert uh.function("3")() == 3.0
    with pytest.raises(TypeError, match="no arguments to differentiate"):
        uh.function("3").derivative()


def test_lists_of_texts_are_fields_and_curves():
    circle, field = ["cos(t)", "sin(t)"], ["-y", "x"]
    assert calculus.line_integral(field, circle, 0, TURN) == pytest.approx(TURN, rel=1e-13)
    assert calculus.arc_length(circle, 0, 1) == pytest.approx(1, rel=1e-13)
    assert calculus.arc_length("cosh(x)", 0, 1) == pytest.approx(math.sinh(1), rel=1e-13)
    assert calculus.divergence(["x**2", "x*y"], [1.0, 2.0]) == 3.0
    assert calculus.curl(field, [1.0, 2.0]) == 2.0
    assert calculus.curl(["-y", "x", 0], [1.0, 2.0, 3.0]).tolist() == [0.0, 0.0, 2.0]
    assert calculus.jacobian(["x*y", lambda v: v[0]], [1.0, 2.0]).tolist() == [[2.0, 1.0], [1.0, 0.0]]
    branch = calculus.jacobian(["x*y", lambda v: v[0] if v[0] > 0 else 0.0], [1.0, 2.0])
    np.testing.assert_allclose(branch, [[2, 1], [1, 0]], atol=1e-9)
    np.testing.assert_allclose(optimize.root(["x + y - 3", "x**2 + y**2 - 5"], [0.5, 3.0]).x, [1, 2], rtol=1e-9)
    np.testing.assert_allclose(optimize.least_squares(["x - 1", "y - 2"], [0.5, 3.0]).x, [1, 2], rtol=1e-9)


def test_a_derivative_that_is_not_the_curves_is_refused():
    circle, field = ["cos(t)", "sin(t)"], ["-y", "x"]
    right = calculus.line_integral(field, circle, 0, TURN, derivative=["-sin(t)", "cos(t)"])
    assert right == pytest.approx(TURN, rel=1e-13)
    with pytest.raises(ValueError, match=r"line_integral: derivative is not that of curve: at 4\.34168"):
        calculus.line_integral(field, circle, 0, TURN, derivative=["sin(t)", "cos(t)"])
    with pytest.raises(ValueError, match="derivative gives 1 numbers, but curve gives 2"):
        calculus.line_integral(field, circle, 0, TURN, derivative="cos(t)")
    with pytest.raises(ValueError, match="arc_length: derivative is not that of f"):
        calculus.arc_length(math.cosh, 0, 1, derivative=math.cosh)
    # A corner at one of the places where they are compared is none of the derivative's fault.
    corner = calculus.line_integral(
        lambda r: 1.0, lambda t: (t, abs(t - 0.382)), 0, 1, derivative=lambda t: (1.0, math.copysign(1.0, t - 0.382))
    )
    assert corner == pytest.approx(math.sqrt(2), rel=1e-9)


def test_texts_as_differential_equations():
    decay = calculus.solve_ivp("-y", (0, 1), [1.0, 2.0], rtol=1e-10)
    np.testing.assert_allclose(decay.y[:, -1], np.exp(-1) * np.array([1, 2]), rtol=1e-8)
    forced = calculus.solve_ivp("cos(t) - 2*y", (0, 1), 0.0, rtol=1e-10, atol=1e-12)
    exact = (2 * math.cos(1) + math.sin(1) - 2 * math.exp(-2)) / 5
    assert forced.y[-1] == pytest.approx(exact, rel=1e-8)
    for system in (["y", "-x"], ["y1", "-y0"], ["y2", "-y1"], ("x1", "-x0")):
        turned = calculus.solve_ivp(system, (0, math.pi / 2), [0.0, 1.0], rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(turned.y[:, -1], [1, 0], atol=1e-8)
    crossing = calculus.solve_ivp("t*y", (0, 1), 1.0, events="y - 1.2", rtol=1e-10)
    np.testing.assert_allclose(crossing.t_events[0], [math.sqrt(2 * math.log(1.2))], rtol=1e-7)


def test_texts_as_models_and_for_convexity():
    x = np.linspace(0, 4, 9)
    y = 2 * np.exp(-0.7 * x)
    for model in ("a*exp(-b*x)", uh.function("a*exp(-b*x)"), uh.function("a*exp(-b*t)", variables=["t", "a", "b"])):
        fit = optimize.curve_fit(model, x, y)
        assert fit.names == ("a", "b")
        np.testing.assert_allclose(fit.params, [2, 0.7], rtol=1e-8)
    assert optimize.curve_fit("a*exp(-b*t)", x, y).names == ("a", "b")
    assert optimize.is_convex("x**2 + y**2", bounds=[(-1, 1), (-1, 1)]).convex is None
    assert optimize.is_convex("x**2 - y**2", bounds=[(-1, 1), (-1, 1)]).convex is False


def test_the_complex_step_of_a_text():
    exact = 2 * math.sin(1) + math.cos(1)
    for f in ("x**2 * sin(x)", uh.function("x**2 * sin(x)"), uh.function(lambda x: x**2 * np.sin(x))):
        assert calculus.derivative(f, 1.0, method="complex") == pytest.approx(exact, rel=1e-15)
    assert calculus.tangent_line("x**2", 1.0, method="complex").text == "y = −1 + 2x"


def test_pictures_of_texts():
    pytest.importorskip("matplotlib")
    assert uh.plot.contours("x**2", points=11).get_xlabel() == "x"
    assert uh.plot.surface("y", points=5).get_zlabel() == "f(x, y)"
    assert uh.plot.slope_field("y*(1 - y)", (0, 5), (0, 1.5), density=5).get_xlabel() == "t"
    assert uh.plot.phase_portrait(["y", "-x"], (-1, 1), (-1, 1)).get_xlabel() == "y[0]"
    assert "integral: 3" in uh.plot.riemann("1", 0, 3).get_title()


def test_a_function_of_several_numbers_is_given_the_components():
    f = lambda x, y: x**2 + (y - 1) ** 2  # noqa: E731 - as it is typed
    np.testing.assert_allclose(optimize.minimize(f, [1, 2]).x, [0, 1], atol=1e-7)
    np.testing.assert_allclose(
        optimize.minimize(f, [1, 2], jac=lambda x, y: [2 * x, 2 * (y - 1)], method="BFGS").x, [0, 1], atol=1e-7
    )
    np.testing.assert_allclose(optimize.gradient_descent(f, [1, 2], learning_rate=0.1).x, [0, 1], atol=1e-6)
    np.testing.assert_allclose(optimize.lagrange(f, lambda x, y: x + y - 3, [1, 2]).x, [1, 2], rtol=1e-9)
    np.testing.assert_allclose(optimize.root(lambda x, y: [x + y - 3, x - y], [1, 2]).x, [1.5, 1.5], rtol=1e-12)
    np.testing.assert_allclose(
        optimize.least_squares(lambda x, y: [x + y - 3, x - y], [1, 2]).x, [1.5, 1.5], rtol=1e-12
    )
    # Along (t, t) the work of (y, x) is the difference of x·y.
    assert uh.calculus.line_integral(lambda x, y: [y, x], lambda t: [t, t], 0, 1) == pytest.approx(1, rel=1e-12)

    def branching(x, y):
        return (x - 1) ** 2 + y**2 if x > 0 else 1 - x + y**2

    np.testing.assert_allclose(optimize.minimize(branching, [-1, 2]).x, [1, 0], atol=1e-6)
    with pytest.raises(TypeError, match=r"minimize: f takes x and y, but one array of shape \(3,\) is passed to it"):
        optimize.minimize(f, [1, 2, 3])
    with pytest.raises(TypeError, match="minimize: f takes x and y, but one number is passed to it"):
        optimize.minimize(f, 3)
    assert optimize.minimize(lambda x, a=3.0: np.sum((x - a) ** 2), [1, 2]).x == pytest.approx([3, 3])
