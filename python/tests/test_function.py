"""Functions as graphs: what is traced gives what NumPy gives, exactly differentiated; what is not says why."""

import concurrent.futures
import copy
import functools
import gc
import math
import operator
import pickle
import weakref

import numpy as np
import pytest
import scipy.special
import underhood as uh
from underhood._core import graph as core
from underhood._functions import resolve
from underhood._functions._tracer import run
from underhood._functions._tracing import constants_of

RNG = np.random.default_rng(7)
X = RNG.normal(size=(6, 3))
Y = RNG.normal(size=6)
V = np.array([0.5, -1.2, 2.0])
M = RNG.normal(size=(3, 3))
T = np.abs(RNG.normal(size=(2, 3, 4))) + 0.5


def traced(f, *arguments):
    """Trace without the check and without a way back to Python."""
    return run(f, [f"x{i}" for i in range(len(arguments))], [np.shape(x) for x in arguments], constants_of(f))[0]


CALLS = {
    "sum": lambda x: np.sum(x),
    "sum of an axis": lambda x: np.sum(x, axis=-1),
    "sum keepdims": lambda x: x / np.sum(x, axis=0, keepdims=True),
    "mean": lambda x: np.mean(x, axis=0),
    "prod": lambda x: np.prod(x, axis=-1),
    "max": lambda x: np.max(x, axis=0) + np.amax(x),
    "min": lambda x: x.min(axis=0) + np.amin(x),
    "std": lambda x: np.std(x, axis=0, ddof=1) + x.std(),
    "var": lambda x: np.var(x, ddof=1) + x.var(axis=0, keepdims=True),
    "where": lambda x: np.where(x > 0, x**2, -x),
    "clip": lambda x: np.clip(x, -0.5, 0.7) + x.clip(0, None),
    "concatenate": lambda x: np.concatenate([x, x * 2, np.ones_like(x)], axis=0),
    "stack": lambda x: np.stack([x, np.zeros(x.shape)], axis=-1),
    "hstack": lambda x: np.hstack([x, x]),
    "vstack": lambda x: np.vstack([x, x + 1]),
    "column_stack": lambda x: np.column_stack([x, x]),
    "reshape": lambda x: np.reshape(x, (-1, 1)) + x.reshape(1, -1),
    "ravel": lambda x: np.ravel(x) + x.flatten() + x.ravel(),
    "transpose": lambda x: np.transpose(x) + x.T,
    "squeeze": lambda x: np.squeeze(np.expand_dims(x, 1)),
    "broadcast_to": lambda x: np.broadcast_to(x, (2, *x.shape)),
    "dot": lambda x: np.dot(np.ravel(x), np.ravel(x)) + np.vdot(x, x) + np.inner(x.ravel(), x.ravel()),
    "outer": lambda x: np.outer(x, x),
    "norm": lambda x: np.linalg.norm(x) + np.linalg.norm(x.ravel(), 1) + np.linalg.norm(x.ravel(), np.inf),
    "cumsum": lambda x: np.cumsum(x, axis=0) + np.cumsum(x)[-1],
    "diff": lambda x: np.diff(x, axis=0),
    "flip": lambda x: np.flip(x) + np.flip(x, 0),
    "roll": lambda x: np.roll(x, 1, axis=0),
    "take": lambda x: np.take(x, [0, 2, 0], axis=0),
    "tile": lambda x: np.tile(x, 2),
    "repeat": lambda x: np.repeat(x, 2, axis=0),
    "average": lambda x: np.average(x, axis=0, weights=np.arange(1.0, x.shape[0] + 1)),
    "square": lambda x: np.square(x) + np.reciprocal(x),
    "logaddexp": lambda x: np.logaddexp(x, 1.0) + np.hypot(x, 2.0) + np.heaviside(x, 0.5),
    "polyval": lambda x: np.polyval([1.0, -2.0, 3.0], x),
    "atleast": lambda x: np.atleast_2d(x) + np.atleast_1d(x),
    "full_like": lambda x: x + np.full_like(x, 2.0),
    "isclose": lambda x: np.isclose(x, 0.5) * x,
    "round": lambda x: np.round(x, 1) + np.rint(x) + np.floor(x) + np.ceil(x) + np.trunc(x),
    "operators": lambda x: (
        (x // 0.3) % 2 - abs(-x) + (+x) ** 3 + 2**x - 1 / (x * x + 1) + (3 - x) * 0.5 + 2 % (x * x + 1)
    ),
    "comparisons": lambda x: (
        ((x > 0) & (x < 1)) + 0.0 + ~(x >= 0.5) * x + (x == x) + (x != 2) * 1 + ((x <= 0) | (x > 1))
    ),
    "truth": lambda x: np.sum((x > 0) + (x > 0.5)) + np.mean(x > 0) + np.any(x > 1) + np.all(x > -9),
    "index": lambda x: x[0] + x[-1] + x[::2].sum(axis=0) + x[1:][::-1].sum(axis=0),
    "new axes": lambda x: x[:, None] + x[None, ...].sum() + x[...],
    "gather": lambda x: x[np.array([0, 2, 1])] + x[[True] * (x.shape[0] - 1) + [False]].sum(),
    "loop": lambda x: sum(row**2 for row in x) + len(x),
    "lists": lambda x: np.stack([x[0], 2 * x[1]]).sum(axis=0),
    "array of numbers": lambda x: np.array([x.sum(), 2.0, x.mean()]),
    "augmented": lambda x: augmented(x),
    "sinc": lambda x: np.sinc(x) + np.nan_to_num(x) + np.fmax(x, 0.1),
    "scipy": lambda x: (
        scipy.special.expit(x) + scipy.special.erf(x) + scipy.special.ndtr(x) + scipy.special.log_ndtr(x)
    ),
    "more of scipy": lambda x: scipy.special.gammaln(x * x + 1) + scipy.special.psi(x * x + 1) + scipy.special.erfc(x),
    "xlogy": lambda x: scipy.special.xlogy(x * x, x * x) + scipy.special.log_expit(x),
    "subtract.outer": lambda x: np.subtract.outer(x.ravel(), x.ravel()),
    "logaddexp.reduce": lambda x: np.logaddexp.reduce(x) + np.logaddexp.reduce(x * x, axis=0),
    "add.reduce": lambda x: np.add.reduce(x) + np.multiply.reduce(x, axis=0),
}
MATRICES = {
    "matmul": lambda x: x @ M + M.T @ x,
    "vector": lambda x: x @ V + V @ x,
    "trace": lambda x: np.trace(x) + np.trace(x, 1),
    "diag": lambda x: np.diag(x) + np.diag(np.diag(x)),
    "einsum": lambda x: np.einsum("ij,jk->ik", x, M) + np.einsum("ii", x) + np.einsum("ij,kj->ki", M, x),
    "triangles": lambda x: np.triu(x) - np.tril(x, -1),
    "rows": lambda x: x[1, :] * x[:, 1] + x[0, 2] + x[-1, ::-1],
    "axes": lambda x: np.sum(x, axis=(0, 1)) + np.swapaxes(x, 0, 1) + np.moveaxis(x, 0, 1),
    "norms": lambda x: np.linalg.norm(x, axis=1) + np.linalg.norm(x, "fro"),
}


def augmented(x):
    total = x * 2
    total += 1
    total *= x
    number = 0.0
    number += x.sum()
    return total + number


@pytest.mark.parametrize("name", CALLS)
def test_what_is_called_gives_what_numpy_gives(name):
    f = CALLS[name]
    for x in (V, X):
        try:
            expected = f(x)
        except (ValueError, np.exceptions.AxisError):
            continue
        found = traced(f, x)(x)
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13)
        assert np.shape(found) == np.shape(expected)


@pytest.mark.parametrize("name", MATRICES)
def test_functions_of_matrices(name):
    f = MATRICES[name]
    expected = f(M)
    found = traced(f, M)(M)
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13)
    assert np.shape(found) == np.shape(expected)


UFUNCS = [
    "negative",
    "absolute",
    "sign",
    "sqrt",
    "cbrt",
    "exp",
    "expm1",
    "log",
    "log1p",
    "log2",
    "log10",
    "sin",
    "cos",
    "tan",
    "arcsin",
    "arccos",
    "arctan",
    "sinh",
    "cosh",
    "tanh",
    "arcsinh",
    "arccosh",
    "arctanh",
    "floor",
    "ceil",
    "trunc",
    "rint",
    "logical_not",
    "isnan",
    "isfinite",
    "square",
    "reciprocal",
    "exp2",
    "fabs",
    "positive",
    "deg2rad",
    "rad2deg",
    "isinf",
    "add",
    "subtract",
    "multiply",
    "divide",
    "power",
    "maximum",
    "minimum",
    "arctan2",
    "hypot",
    "logaddexp",
    "floor_divide",
    "remainder",
    "copysign",
    "less",
    "less_equal",
    "equal",
    "not_equal",
    "greater",
    "greater_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
    "float_power",
    "fmax",
    "fmin",
    "logaddexp2",
    "heaviside",
]


@pytest.mark.parametrize("name", UFUNCS)
def test_every_ufunc_gives_what_numpy_gives(name):
    ufunc = getattr(np, name)
    x = np.array([-1.5, -0.5, 0.0, 0.3, 0.9, 1.0, 2.5, np.nan, np.inf])
    arguments = (x,) if ufunc.nin == 1 else (x[:, None], x)
    with np.errstate(all="ignore"):
        expected = ufunc(*arguments)
        for a in x:
            numbers = (a,) if ufunc.nin == 1 else (a, 0.7)
            np.testing.assert_allclose(traced(ufunc, *numbers)(*numbers), ufunc(*numbers), rtol=4e-16, equal_nan=True)
    np.testing.assert_allclose(traced(ufunc, *arguments)(*arguments), expected, rtol=1e-14, equal_nan=True)


REASONS = [
    (lambda x: math.sin(x), "np.sin"),
    (lambda x: x if x > 0 else -x, "np.where"),
    (lambda x: max(x, 0.0), "np.maximum"),
    (lambda x: float(x) ** 2, "needs a number"),
    (lambda x: np.arange(3.0)[int(x)], "whole number"),
    (lambda x: sum(1.0 for _ in range(x)), "index or a count"),
    (lambda x: np.sort(x), "np.sort"),
    (lambda x: np.random.default_rng().normal() * x, "another value"),
    (lambda x: 2.0 * x if type(x) is np.float64 else x, "another value"),
    (lambda x: -3 * x if isinstance(x, float) and x < 0 else x, "np.where"),
    (lambda x: None, "returns None"),
    (lambda x: x * 1j, "complex"),
    (lambda x: write(x), "writes into"),
]


def write(x):
    out = np.zeros(2)
    out += x
    return out.sum()


@pytest.mark.parametrize(("f", "reason"), REASONS)
def test_what_cannot_be_traced_is_called_and_says_why(f, reason):
    F = uh.function(f)
    assert not F.traced
    assert reason in F.traced.reason
    assert reason in repr(F)
    if reason in ("np.sin", "np.where", "np.maximum"):
        assert F(-0.5) == f(-0.5)


def test_a_caught_tracing_error_is_not_lost():
    def f(x):
        try:
            return math.sin(x)
        except Exception:
            return 0.0

    F = uh.function(f)
    assert not F.traced
    assert F(1.0) == math.sin(1.0)


def test_exceptions_come_out_as_they_went_in():
    class OwnError(Exception):
        pass

    def f(x):
        raise OwnError("mine")

    with pytest.raises(OwnError, match="mine"):
        uh.function(f)(1.0)
    with pytest.raises(ZeroDivisionError):
        uh.function(lambda x: x + 1 / 0)(1.0)
    with pytest.raises(KeyError):
        uh.function(lambda x: x * {}["a"])(np.ones(3))


def test_numbers_arrays_and_keywords():
    F = uh.function(lambda x, y: x**2 * np.sin(y))
    assert F.arguments == ("x", "y")
    assert F(3.0, 0.5) == F(3, 0.5) == F(y=0.5, x=3.0) == 9 * np.sin(0.5)
    assert type(F(3.0, 0.5)) is float
    a, b = np.array([[1.0], [2.0]]), np.array([0.1, 0.2, 0.3])
    np.testing.assert_allclose(F(a, b), a**2 * np.sin(b), rtol=1e-15)
    np.testing.assert_allclose(F([1, 2], 0.5), np.array([1, 4]) * np.sin(0.5), rtol=1e-15)
    assert F(np.zeros((0, 3)), 1.0).shape == (0, 3)
    for wrong in ((), (1.0,), (1.0, 2.0, 3.0)):
        with pytest.raises(TypeError):
            F(*wrong)
    with pytest.raises(TypeError, match="no argument 'z'"):
        F(1.0, z=2.0)
    with pytest.raises(TypeError, match="x is text"):
        F("a", 1.0)
    with pytest.raises(ValueError, match="broadcast"):
        F(np.ones(2), np.ones(3))


def test_a_function_that_asks_for_shapes_is_traced_for_each():
    F = uh.function(lambda x: np.sum(x) / np.size(x))
    assert F(3.0) == 3.0
    assert F([1.0, 2.0]) == 1.5
    assert F(np.ones((2, 3))) == 1.0
    total = uh.function(lambda x, y: np.array([x, y]).sum())
    assert total(1.0, 2.0) == 3.0
    assert total(np.ones(3), np.ones(3)) == 6.0


def test_defaults_stay_and_variables_name_arguments():
    F = uh.function(lambda x, a=2.0: a * x)
    assert F.arguments == ("x",)
    assert F(3.0) == 6.0
    G = uh.function(lambda x, a=2.0: a * x, variables=["x", "a"])
    assert G(3.0, 5.0) == 15.0
    assert uh.function(lambda *v: v[0] + v[1], variables=["p", "q"])(1.0, 2.0) == 3.0
    with pytest.raises(TypeError, match=r"\*args"):
        uh.function(lambda *v: v[0])
    assert uh.function(np.hypot)(3.0, 4.0) == 5.0


def test_texts():
    F = uh.function("x**2 * sin(y)")
    assert F.arguments == ("x", "y")
    assert F(3.0, 0.5) == 9 * np.sin(0.5)
    np.testing.assert_allclose(F(np.arange(3.0), 0.5), np.arange(3.0) ** 2 * np.sin(0.5))
    assert uh.function("a*x", variables=["x", "a"]).arguments == ("x", "a")
    with pytest.raises(ValueError, match=r"write 2\*x"):
        uh.function("2x")
    with pytest.raises(TypeError, match="function: f is a int"):
        uh.function(3)


def test_derivatives_are_functions_and_read_as_in_a_textbook():
    f = uh.function("x**2 * sin(x)")
    assert repr(f.derivative()) == "f'(x) = 2*x*sin(x) + x**2*cos(x)"
    assert repr(f.derivative(order=2)) == "f''(x) = 2*sin(x) + 4*x*cos(x) - x**2*sin(x)"
    assert f.derivative()(0.7) == pytest.approx(1.4 * np.sin(0.7) + 0.49 * np.cos(0.7), rel=1e-15)
    x = np.linspace(-1, 1, 5)
    np.testing.assert_allclose(f.derivative()(x), 2 * x * np.sin(x) + x**2 * np.cos(x), rtol=1e-14)
    g = uh.function(lambda x, y: x**2 + 3 * x * y, name="g")
    assert repr(g.derivative("y")) == "∂g/∂y(x, y) = 3*x"
    assert repr(g.gradient()) == "∇g(x, y) = [2*x + 3*y, 3*x]"
    assert g.gradient()(1.0, 2.0).tolist() == [8.0, 3.0]
    assert g.hessian()(1.0, 2.0).tolist() == [[2.0, 3.0], [3.0, 0.0]]
    assert g.hvp(1.0, 2.0, [1.0, 1.0]).tolist() == [5.0, 3.0]
    assert g.gradient("x")(1.0, 2.0) == 8.0
    assert f.derivative().latex() == r"f'(x) = 2 x \sin(x) + x^{2} \cos(x)"
    assert g._repr_latex_().startswith("$\\displaystyle")
    with pytest.raises(TypeError, match="by which"):
        g.derivative()
    with pytest.raises(ValueError, match="no argument 'z'"):
        g.derivative("z")
    with pytest.raises(ValueError, match="at least 1"):
        f.derivative(order=0)


def loss(w):
    z = X @ w
    return np.mean(np.logaddexp(0.0, z) - Y * z) + 0.1 * np.sum(w**2)


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("1/(1 + x**2)", "8*x**2/(x**2 + 1)**3 - 2/(x**2 + 1)**2"),
        ("sin(x)/x", "-2*cos(x)/x**2 - sin(x)/x + 2*sin(x)/x**3"),
        ("exp(x)/x", "exp(x)/x - 2*exp(x)/x**2 + 2*exp(x)/x**3"),
        ("log(x)/x", "2*log(x)/x**3 - 3/x**3"),
        ("x/(1 + x**2)", "8*x**3/(x**2 + 1)**3 - 6*x/(x**2 + 1)**2"),
    ],
)
def test_second_derivatives_of_quotients_are_collected(text, second):
    f = uh.function(text).derivative(order=2)
    wanted = uh.function(second)
    x = np.array([-3.0, -0.7, 0.4, 1.3, 2.5]) if "log" not in text else np.array([0.4, 1.3, 2.5])
    np.testing.assert_allclose(f(x), wanted(x), rtol=1e-12)
    assert str(f) == f"f''(x) = {second}"


def test_the_hessian_of_a_quotient():
    hessian = uh.function("x/y").hessian()
    assert str(hessian) == "Hf(x, y) = [[0, -1/y**2], [-1/y**2, 2*x/y**3]]"
    assert str(uh.function("x**2/y**2").hessian()).endswith("[[2/y**2, -4*x/y**3], [-4*x/y**3, 6*x**2/y**4]]")
    np.testing.assert_array_equal(hessian(3.0, 2.0), [[0, -0.25], [-0.25, 0.75]])


@pytest.mark.parametrize("kind", ["gradient", "jacobian", "hessian"])
def test_a_gradient_over_a_grid_is_refused_with_what_to_do(kind):
    X, Y = np.meshgrid(np.linspace(-1, 1, 3), np.linspace(-1, 1, 3))
    for f in (uh.function("x**2*y"), uh.function(lambda x, y: x**2 * y)):
        with pytest.raises(
            ValueError, match=rf"{kind}: .* by x and y is taken at one point.*\(3, 3\).*derivative\('x'\)"
        ):
            getattr(f, kind)()(X, Y)
        np.testing.assert_array_equal(f.derivative("x")(X, Y), 2 * X * Y)
    np.testing.assert_array_equal(uh.function("x**2").jacobian()([1.0, 2.0]), [[2, 0], [0, 4]])
    dot = uh.function(lambda v, w: np.sum(v * w))
    with pytest.raises(ValueError, match=rf"if v is one point, say so: {kind}\('v'\)"):
        getattr(dot, kind)()([1.0, 2.0], [3.0, 4.0])
    assert getattr(dot, kind)("v")([1.0, 2.0], [3.0, 4.0]).shape[0] == 2


def test_a_loss_with_data():
    F = uh.function(loss)
    assert F(V) == pytest.approx(loss(V), rel=1e-14)
    exact = X.T @ (1 / (1 + np.exp(-X @ V)) - Y) / 6 + 0.2 * V
    np.testing.assert_allclose(F.gradient()(V), exact, rtol=1e-13)
    weights = np.exp(X @ V) / (1 + np.exp(X @ V)) ** 2 / 6
    hessian = (X.T * weights) @ X + 0.2 * np.eye(3)
    np.testing.assert_allclose(F.hessian()(V), hessian, rtol=1e-12)
    np.testing.assert_allclose(F.hvp(V, [1.0, 2.0, 3.0]), hessian @ [1.0, 2.0, 3.0], rtol=1e-12)
    assert "X @ w" in str(F)
    assert "X of shape (6, 3)" in str(F)


def programs(seed):
    """A random program of NumPy's functions, smooth where it is evaluated."""
    rng = np.random.default_rng(seed)
    steps = [
        lambda a, b: a * b,
        lambda a, b: a + np.sin(b),
        lambda a, b: np.exp(-(a**2)) * b,
        lambda a, b: np.log1p(a**2) - b,
        lambda a, b: np.sqrt(1 + a * a + b * b),
        lambda a, b: np.tanh(a - b),
        lambda a, b: np.where(a > b, a, b**2),
        lambda a, b: np.cumsum(a) * b,
        lambda a, b: a[::-1] * b,
        lambda a, b: np.mean(a) * b,
        lambda a, b: np.dot(a, b) * np.arctan(a),
        lambda a, b: np.maximum(a, b) / (1 + b**2),
        lambda a, b: np.concatenate([a[1:], b[:1]]),
        lambda a, b: np.hypot(a, 1.0) * np.cos(b),
        lambda a, b: a / (2 + np.abs(b)) ** 1.5,
    ]
    chosen = rng.integers(len(steps), size=6)
    pairs = rng.integers(0, 7, size=(6, 2))

    def f(x):
        values = [x]
        for step, (i, j) in zip(chosen, pairs, strict=True):
            values.append(steps[step](values[i % len(values)], values[j % len(values)]))
        return np.sum(values[-1] * values[-2])

    return f, rng.normal(size=4)


@pytest.mark.parametrize("seed", range(40))
def test_gradients_of_random_programs(seed):
    f, x = programs(seed)
    F = uh.function(f)
    assert F(x) == pytest.approx(f(x), rel=1e-12)
    assert F.traced
    gradient = F.gradient()(x)
    with np.errstate(all="ignore"):
        numerical = uh.calculus.gradient(f, x)
    np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-7 * (1 + np.abs(numerical).max()))
    hessian = F.hessian()(x)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-8, atol=1e-8 * (1 + np.abs(hessian).max()))
    np.testing.assert_allclose(
        F.hvp(x, np.ones(4)), hessian.sum(axis=1), rtol=1e-8, atol=1e-8 * (1 + np.abs(hessian).max())
    )


def test_gradients_agree_with_autograd():
    autograd = pytest.importorskip("autograd")
    import autograd.numpy as anp

    def f(w, xp):
        return xp.mean(xp.log(1 + xp.exp(-Y * xp.dot(X, w)))) + xp.sum(xp.abs(w)) + xp.linalg.norm(w) ** 3

    expected = autograd.grad(lambda w: f(w, anp))(V)
    np.testing.assert_allclose(uh.function(lambda w: f(w, np)).gradient()(V), expected, rtol=1e-13)


def test_a_jacobian():
    F = uh.function(lambda v: np.array([v[0] * v[1], np.sin(v[0]), v[1] ** 2]))
    np.testing.assert_allclose(F.jacobian()([0.5, 2.0]), [[2.0, 0.5], [np.cos(0.5), 0.0], [0.0, 4.0]], rtol=1e-15)


def test_functions_of_functions():
    inner = uh.function("x**2 + y")
    outer = uh.function(lambda t: np.sin(inner(t, 1.0)) + inner.derivative("x")(t, 0.0))
    assert outer(0.3) == pytest.approx(np.sin(1.09) + 0.6, rel=1e-15)
    assert outer.traced
    np.testing.assert_allclose(
        outer([0.3, 0.4]), np.sin(np.array([0.3, 0.4]) ** 2 + 1) + np.array([0.6, 0.8]), rtol=1e-15
    )
    assert outer.derivative()(0.3) == pytest.approx(np.cos(1.09) * 0.6 + 2, rel=1e-14)


def test_functions_combine_over_the_arguments_of_both():
    f, g = uh.function("x**2*y"), uh.function("sin(x) + z")
    h = uh.function(lambda x, y: x**2 * np.sin(y), name="h")
    at = {"x": 1.3, "y": 0.7, "z": -0.4}
    value = {f: 1.3**2 * 0.7, g: np.sin(1.3) - 0.4, h: 1.3**2 * np.sin(0.7)}
    for a in (f, g, h):
        for b in (f, g, h):
            for sign in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow):
                both = sign(a, b)
                assert set(both.arguments) == set(a.arguments) | set(b.arguments)
                wanted = sign(np.float64(value[a]), value[b])
                with np.errstate(all="ignore"):
                    found = both(**{name: at[name] for name in both.arguments})
                np.testing.assert_allclose(found, wanted, rtol=1e-14)
                assert both.traced
    assert str(f + g) == "f(x, y, z) = x**2*y + (sin(x) + z)"
    assert (h + g).arguments == ("x", "y", "z")
    assert (g + h).arguments == ("x", "z", "y")
    assert (2 * f - 1)(2.0, 3.0) == 23.0
    assert (-f)(2.0, 3.0) == -12.0
    assert (1 / f)(0.0, 1.0) == np.inf
    assert (f**2).derivative("x")(2.0, 3.0) == 4 * 2.0**3 * 3.0**2
    np.testing.assert_allclose((h + f)(np.ones((2, 1)), [1.0, 2.0]), [[np.sin(1) + 1, np.sin(2) + 2]] * 2, rtol=1e-15)
    np.testing.assert_allclose((np.array([1.0, 2.0]) * h)(1.0, 2.0), np.sin(2.0) * np.array([1, 2]), rtol=1e-15)
    np.testing.assert_allclose((h + f).gradient()(1.0, 2.0), [2 * np.sin(2) + 4, np.cos(2) + 1], rtol=1e-14)
    assert sum([f, f, f])(1.0, 1.0) == 3.0
    assert pickle.loads(pickle.dumps(f + g))(1.0, 2.0, 3.0) == np.sin(1) + 5


def test_combined_functions_do_not_run_the_callers_again_and_fall_back_to_calling():
    calls = []

    def loss(w):
        calls.append(1)
        return np.sum(w**2)

    f = uh.function(loss)
    f([1.0, 2.0])
    before = len(calls)
    g = f * 3 + 1
    assert g([1.0, 2.0]) == 16.0
    assert len(calls) == before
    assert g.traced
    np.testing.assert_array_equal(g.gradient()([1.0, 2.0]), [6.0, 12.0])
    penalised = f + 0.1 * uh.function(lambda w: np.sum((w - 1) ** 2))
    np.testing.assert_allclose(uh.optimize.minimize(penalised, [3.0, 4.0]).x, [1 / 11] * 2, rtol=1e-7)
    branch = uh.function(lambda x: math.sin(x) if x > 0 else 0.0)
    mixed = branch + uh.function("x**2")
    assert not mixed.traced
    assert "branches on a value" in mixed.traced.reason
    assert mixed(2.0) == pytest.approx(math.sin(2) + 4, rel=1e-15)
    assert mixed.derivative()(2.0) == pytest.approx(math.cos(2) + 4, rel=1e-9)
    bowl = uh.function(lambda w: math.cosh(w[0])) + uh.function(lambda w: np.sum(w**2))
    np.testing.assert_allclose(uh.optimize.minimize(bowl, [1.0, 2.0]).x, [0, 0], atol=1e-6)


def test_functions_that_do_not_go_together_are_refused():
    f = uh.function("x**2*y")
    with pytest.raises(ValueError, match=r"∇f \+ Hf cannot be formed.*\(2,\).*\(2, 2\)"):
        (f.gradient() + f.hessian())(1.0, 2.0)
    with pytest.raises(ValueError, match=r"first has the shape \(2,\), that of the second \(3,\)"):
        (uh.function(lambda w: w[:2]) * uh.function(lambda w: w))([1.0, 2.0, 3.0])
    for other in ("x", None, 1j, True, [1, "a"]):
        with pytest.raises(TypeError):
            f + other
    for outside in (np.modf, np.add.reduce, lambda g: np.sin(g, out=np.zeros(2))):
        with pytest.raises(TypeError):
            outside(f)


def test_functions_compose_by_the_chain_rule():
    f, g = uh.function("x**2 + 1"), uh.function("sin(t)")
    h = uh.function(lambda u, v: u * np.exp(v), name="h")
    assert str(f(g)) == "f(t) = sin(t)**2 + 1"
    assert f(g)(0.7) == pytest.approx(np.sin(0.7) ** 2 + 1, rel=1e-15)
    assert f(g).derivative()(0.7) == pytest.approx(np.sin(1.4), rel=1e-15)
    both = h(f, v=g)
    assert both.arguments == ("x", "t")
    slopes = both.gradient()(0.3, 0.7)
    np.testing.assert_allclose(slopes, np.array([0.6, 1.09 * np.cos(0.7)]) * np.exp(np.sin(0.7)), rtol=1e-14)
    assert h(f, 2)(0.3) == pytest.approx(1.09 * np.exp(2), rel=1e-15)
    assert str(np.exp(-f)) == "f(x) = exp(-(x**2 + 1))"
    assert abs(g)(-0.5) == pytest.approx(np.sin(0.5), rel=1e-15)
    np.testing.assert_allclose(np.sqrt(f)(np.arange(3.0)), np.sqrt(np.arange(3.0) ** 2 + 1), rtol=1e-15)
    calls = []

    def length(w):
        calls.append(1)
        return np.sqrt(np.sum(w**2))

    inner = uh.function(length)
    inner([3.0, 4.0])
    before = len(calls)
    assert f(inner)([3.0, 4.0]) == pytest.approx(26.0, rel=1e-15)
    np.testing.assert_allclose(f(inner).gradient()([3.0, 4.0]), [6.0, 8.0], rtol=1e-14)
    assert len(calls) == before
    branch = uh.function(lambda x: math.sin(x) if x > 0 else 0.0)
    assert f(branch)(2.0) == pytest.approx(math.sin(2.0) ** 2 + 1, rel=1e-15)
    assert not f(branch).traced
    assert pickle.loads(pickle.dumps(f(g)))(0.7) == f(g)(0.7)
    with pytest.raises(TypeError, match="cannot be made with a str"):
        h(f, "x")


def test_untraced_functions_have_numerical_derivatives():
    F = uh.function(lambda x: math.sin(x) * x)
    slope = F.derivative()
    assert slope(0.5) == pytest.approx(math.cos(0.5) * 0.5 + math.sin(0.5), abs=1e-10)
    assert not slope.traced
    assert "np.sin" in slope.traced.reason
    G = uh.function(lambda v: math.hypot(v[0], v[1]))
    np.testing.assert_allclose(G.gradient()([3.0, 4.0]), [0.6, 0.8], atol=1e-9)


def test_copies_and_pickles():
    f = uh.function("x**2", name="square")
    for other in (pickle.loads(pickle.dumps(f)), copy.copy(f), copy.deepcopy(f)):
        assert repr(other) == "square(x) = x**2"
    assert repr(pickle.loads(pickle.dumps(f.derivative()))) == "square'(x) = 2*x"
    assert pickle.loads(pickle.dumps(uh.function(loss)))(V) == uh.function(loss)(V)
    with pytest.raises(pickle.PicklingError, match="write it as a text"):
        pickle.dumps(uh.function(lambda x: x))


def test_resolve():
    assert isinstance(resolve("f", "f", "x**2", ()), core.Traced)
    assert isinstance(resolve("f", "f", uh.function("x*y"), (2,)), core.Traced)
    assert resolve("f", "f", uh.function("x*y"), (2,))([2.0, 3.0]) == 6.0
    assert resolve("f", "f", "x*y", (), ())(2.0, 3.0) == 6.0
    assert isinstance(resolve("f", "f", loss, (3,)), core.Traced)
    g = lambda x: math.sin(x)  # noqa: E731
    assert resolve("f", "f", g, ()) is g
    with pytest.raises(ValueError, match=r"minimize: f has the variables a and b, but its point has 3 numbers"):
        resolve("minimize", "f", "a*b", (3,))
    with pytest.raises(ValueError, match=r"f has the arguments a and b, but one of shape \(3,\) is passed to it"):
        resolve("minimize", "f", uh.function(lambda a, b: a * b), (3,))
    with pytest.raises(ValueError, match=r"minimize: f cannot be read at column 2"):
        resolve("minimize", "f", "2x", ())
    with pytest.raises(TypeError, match="minimize: f is a int"):
        resolve("minimize", "f", 3, ())


def test_the_picture_of_a_graph():
    named = uh.function("x*y + sin(x)").plot_graph(y=3.0, x=2.0)
    ax = uh.function("x*y + sin(x)").plot_graph(2.0, 3.0)
    assert [text.get_text() for text in named.texts] == [text.get_text() for text in ax.texts]
    texts = [text.get_text() for text in ax.texts]
    assert any(text.startswith("x\n2") for text in texts)
    assert "∂ 2" in texts  # ∂f/∂y = x
    with pytest.raises(ValueError, match="a picture can show 40"):
        uh.function(lambda x: sum(np.sin(k * x) for k in range(1, 30))).plot_graph(1.0)


def test_in_place_changes_that_others_would_see_are_not_traced():
    def f(x):
        y = x[1:]
        y += 1.0
        return np.sum(x)

    F = uh.function(f)
    x = np.arange(3.0)
    assert F(x.copy()) == f(x.copy())
    assert not F.traced


# What people do that a graph was not made for


def test_a_choice_leaves_out_the_slope_of_what_was_not_chosen():
    x = np.array([-1.0, 0.0, 2.0])
    for guarded in (np.log, lambda x: 1 / x, np.sqrt, lambda x: np.sin(np.log(x) ** 2)):

        def f(x, guarded=guarded):
            return np.where(x > 0, guarded(x), 0.0)

        slopes = uh.function(f).derivative()(x)
        assert slopes[:2].tolist() == [0.0, 0.0]
        assert uh.function(f).derivative()(0.0) == 0.0
        gradient = uh.function(lambda x, f=f: np.sum(f(x))).gradient()
        np.testing.assert_allclose(gradient(x), slopes, rtol=1e-14)
        assert gradient(np.append(np.zeros(300), 2.0))[:300].tolist() == [0.0] * 300
    nested = uh.function(lambda x: np.sum(np.where(x < 9, np.where(x > 0, np.log(x), 0.0), 0.0)))
    assert nested.gradient()(x).tolist() == [0.0, 0.0, 0.5]
    assert nested.hessian()(x)[2, 2] == pytest.approx(-0.25)
    assert np.isfinite(nested.hessian()(x)).all()


def sums(x):
    total = 0.0
    for i in range(10_000):
        total = total + x * i
    return total


def chain(x):
    for _ in range(40_000):
        x = x + 1e-6 * np.sin(x)
    return x


def test_very_long_functions_run_and_are_differentiated():
    F = uh.function(sums)
    whole = 10_000 * 9_999 / 2
    assert F.traced
    assert F(2.0) == pytest.approx(2 * whole, rel=1e-12)
    np.testing.assert_allclose(F([1.0, 2.0]), [whole, 2 * whole], rtol=1e-12)
    assert F.derivative()(2.0) == pytest.approx(whole, rel=1e-12)
    assert "…" in str(F) or len(str(F)) < 3000


def test_a_deep_function_does_not_exhaust_the_stack_or_the_registers():
    F = uh.function(chain)
    x = slope = 0.7
    slope = 1.0
    for _ in range(40_000):
        x, slope = x + 1e-6 * np.sin(x), slope * (1 + 1e-6 * np.cos(x))
    assert F(0.7) == pytest.approx(x, rel=1e-12)
    assert F.derivative()(0.7) == pytest.approx(slope, rel=1e-9)
    assert uh.function(lambda v: np.sum(chain(v))).gradient()([0.7, 0.7]) == pytest.approx(slope, rel=1e-9)


def test_a_long_product_of_matrices():
    matrices = np.random.default_rng(0).normal(size=(300, 4, 4)) / 2

    def length(v):
        for matrix in matrices:
            v = matrix @ v
        return np.sum(v**2)

    whole = np.linalg.multi_dot(matrices[::-1])
    v = np.array([1.0, -1.0, 0.5, 2.0])
    F = uh.function(length)
    assert F(v) == pytest.approx(np.sum((whole @ v) ** 2), rel=1e-9)
    np.testing.assert_allclose(F.gradient()(v), 2 * whole.T @ whole @ v, rtol=1e-9)


def test_what_a_function_raises_comes_out_as_it_went_in():
    mine = KeyError("mine")

    def f(x):
        if np.max(x) > 1:
            raise mine
        return np.sum(x)

    for call in (uh.function(f), uh.function(f).gradient(), uh.function(f).hessian()):
        with pytest.raises(KeyError) as caught:
            call([2.0, 3.0])
        assert caught.value is mine
    with pytest.raises(KeyboardInterrupt):
        uh.function(lambda x: exec("raise KeyboardInterrupt"))(1.0)
    with pytest.raises(RecursionError):
        uh.function(lambda x: endless(x))(1.0)


def endless(x):
    return endless(x)


class Line:
    slope = 3.0

    def __call__(self, x):
        return self.slope * x

    def method(self, x):
        return self.slope * x


@pytest.mark.parametrize(
    "f",
    [
        Line(),
        Line().method,
        functools.partial(lambda a, x: a * x, 3.0),
        lambda x, a=3.0: a * x,
        lambda x, *, a=3.0: a * x,
        lambda x: sum(part for part in [x, x, x]),
    ],
    ids=["object", "method", "partial", "default", "keyword", "generator"],
)
def test_every_kind_of_callable_is_traced(f):
    F = uh.function(f)
    assert F(2.0) == 6.0
    assert F.traced
    assert F.derivative()(2.0) == 3.0
    assert F(np.array([1.0, 2.0])).tolist() == [3.0, 6.0]


def test_constants_and_nothing():
    F = uh.function(lambda x: 3)
    assert (F(2.0), F.derivative()(2.0)) == (3.0, 0.0)
    assert F(np.ones(2)).tolist() == [3.0, 3.0]
    none = uh.function(lambda x: None)
    assert none(1.0) is None
    assert "return" in none.traced.reason
    assert uh.function(lambda x: {"a": x})(1.0) == {"a": 1.0}


def test_arrays_without_elements():
    empty = np.ones((0, 3))
    assert uh.function("x**2")(empty).shape == uh.function("x**2").derivative()(empty).shape == (0, 3)
    F = uh.function(lambda x: np.sum(x**2))
    assert F(np.ones(0)) == 0.0
    assert F.gradient()(np.ones(0)).shape == (0,)
    assert F.hessian()(np.ones(0)).shape == (0, 0)
    assert uh.function(lambda x, y: x @ y)(np.ones((3, 0)), np.ones((0, 2))).tolist() == [[0.0, 0.0]] * 3


def test_arrays_take_every_form_at_a_second_call_too():
    F = uh.function(lambda X: np.sum(X * [[1.0, 2.0], [3.0, 4.0]]))
    X = np.array([[1.0, 2.0], [5.0, 7.0]])
    forms = (X, X, np.asfortranarray(X), X.tolist(), X.astype(int), np.repeat(X, 2, axis=1)[:, ::2], X.astype(">f8"))
    assert {F(form) for form in forms} == {48.0}
    assert F(X.T) == 45.0
    G = uh.function("x*y + z")
    assert G(X, 2, 1.0).tolist() == G(X.T, 2, 1.0).T.tolist() == (2 * X + 1).tolist()
    assert G(X, X[:, :1], 0).tolist() == (X * X[:, :1]).tolist()


def test_many_threads_call_one_function():
    F = uh.function(lambda v: np.sum(np.sin(v) ** 2)).gradient()
    points = np.random.default_rng(3).normal(size=(400, 50))
    alone = [F(point) for point in points]
    fresh = uh.function(lambda v: np.sum(np.sin(v) ** 2)).gradient()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        together = list(pool.map(fresh, points))
    np.testing.assert_array_equal(together, alone)


def test_a_functions_memory_is_given_back():
    class Data(np.ndarray):
        pass

    data = np.ones(5).view(Data)
    kept = weakref.ref(data)
    F = uh.function(lambda w, data=data: np.sum(w * np.sum(np.asarray(data))))
    F.gradient()(2.0)
    assert F.gradient() is F.gradient()
    del F, data
    gc.collect()
    assert kept() is None


def test_constants_are_not_called_like_an_argument():
    F = uh.function(lambda e: np.e * np.exp(e))
    assert repr(F) == "f(e) = 2.718281828459045*exp(e)"
    assert F.latex() == r"f(e) = 2.718281828459045 \exp(e)"
    assert uh.function(str(F).partition(" = ")[2], variables=["e"])(0.5) == F(0.5)
    assert repr(uh.function(lambda pi: np.pi * pi)) == "f(pi) = 3.141592653589793*pi"
    assert repr(uh.function(lambda x: np.pi * x)) == "f(x) = pi*x"
