"""Derivatives from Python: values against closed forms, what an Estimate is, and how functions may misbehave."""

import copy
import fractions
import math
import pickle
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from underhood import calculus
from underhood.calculus import AccuracyWarning, Estimate, derivative, gradient

# Closed forms; the many-digit table of mpmath's is tested in the core.
KNOWN = [
    (math.exp, math.exp, 1.0),
    (math.sin, math.cos, 2.0),
    (math.log, lambda x: 1 / x, 1e-3),
    (math.sqrt, lambda x: 0.5 / math.sqrt(x), 1e-12),
    (lambda x: 1 / x, lambda x: -1 / x**2, 1e-6),
    (math.atan, lambda x: 1 / (1 + x * x), 3.0),
    (np.tanh, lambda x: 1 / np.cosh(x) ** 2, 0.3),
    (lambda x: x**3, lambda x: 3 * x**2, 7),
]


# Quotients of textbooks that a rounded numerator spoils near zero, with their slopes there.
ROUNDED = [
    (lambda x: (math.sqrt(1 + x) - 1) / x, -0.125, 0.125),
    (lambda x: (math.exp(x) - 1) / x, 0.5, 1.0 / 3.0),
    (lambda x: math.log(1 + x) / x, -0.5, 2.0 / 3.0),
    (lambda x: (1 - math.cos(x)) / x**2, 0.0, -1.0 / 12.0),
    (lambda x: (math.sin(x) - x) / x**3, 0.0, 1.0 / 60.0),
    (lambda x: (math.tan(x) - x) / x**3, 0.0, 4.0 / 15.0),
]


@pytest.mark.parametrize(("f", "slope", "curvature"), ROUNDED)
@pytest.mark.parametrize("x", [1e-3, 1e-4, 1e-5, 1e-6])
def test_a_rounded_numerator_is_not_taken_for_the_function(f, slope, curvature, x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AccuracyWarning)
        found = derivative(f, x, method="central")
    # The derivative near zero by two terms of its series.
    wanted = slope + curvature * x
    assert abs(found - wanted) <= found.error + x**2
    if found.converged and slope:
        assert found == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize(("f", "exact", "x"), KNOWN)
def test_first_derivatives_have_12_digits_and_an_honest_error(f, exact, x):
    found = derivative(f, x)
    assert abs(found - exact(x)) <= found.error
    assert found == pytest.approx(exact(x), rel=1e-12)
    assert found.converged
    assert found.message == ""


@pytest.mark.parametrize(("order", "rel"), [(1, 1e-13), (2, 1e-11), (3, 1e-9), (4, 1e-8)])
def test_orders(order, rel):
    assert derivative(math.exp, 0.5, order=order) == pytest.approx(math.exp(0.5), rel=rel)


def test_mean_digits_beat_the_peers_at_singular_points():
    # numdifftools has no correct digit at some of these.
    for f, d in [
        (math.log, lambda x: 1 / x),
        (math.sqrt, lambda x: 0.5 * x**-0.5),
        (lambda x: 1 / x, lambda x: -(x**-2)),
    ]:
        for x in [1e-3, 1e-6, 1e-9, 1e-12, 1e-100]:
            assert derivative(f, x) == pytest.approx(d(x), rel=1e-11), (f, x)


@given(st.floats(-50, 50), st.floats(0.01, 3))
def test_sine_at_any_frequency(x, frequency):
    found = derivative(lambda t: math.sin(frequency * t), x)
    assert abs(found - frequency * math.cos(frequency * x)) <= found.error + 1e-15
    assert found.converged


def test_an_estimate_is_a_float():
    d = derivative(math.exp, 1.0)
    assert isinstance(d, float)
    assert type(d + 1) is float
    assert type(2 * d) is float
    assert f"{d:.3f}" == "2.718"
    assert f"{d}" == str(d) == repr(float(d))
    assert np.asarray(d).dtype == np.float64
    assert "±" in repr(d)
    assert "central" in repr(d)
    assert f"{d.evaluations} evaluations" in repr(d)
    assert math.isclose(d, math.e, rel_tol=1e-13)
    assert hash(d) == hash(float(d))


@pytest.mark.parametrize("remake", [copy.copy, copy.deepcopy, lambda d: pickle.loads(pickle.dumps(d))])
def test_an_estimate_is_copied_whole(remake):
    d = derivative(math.exp, 1.0)
    other = remake(d)
    assert type(other) is Estimate
    assert other == d
    assert repr(other) == repr(d)


def test_corner():
    with pytest.warns(AccuracyWarning, match=r"corner: its derivative is -1\.0+ on the left and 1\.0+ on the right"):
        d = derivative(abs, 0.0)
    assert (d, d.error, d.converged) == (0.0, 1.0, False)
    assert "not converged: f has a corner" in repr(d)


@pytest.mark.parametrize(
    ("f", "x", "words"),
    [
        (math.floor, 2, "jumps"),
        (np.sign, 0.0, "jumps"),
        (np.cbrt, 0.0, "grows without bound"),
        (lambda x: math.sqrt(x), 0.0, "grows without bound"),
        (lambda x: math.nan, 1.0, r"f\(x\) is NaN"),
        (lambda x: np.log(x), 0.0, r"f\(x\) is -inf"),
        (lambda x: 1.0 if x == 1 else math.nan, 1.0, "no finite values beside x"),
    ],
)
def test_no_derivative_is_nan_with_a_warning(f, x, words):
    with pytest.warns(AccuracyWarning, match=words):
        d = derivative(f, x)
    assert math.isnan(d)
    assert not d.converged


def test_nan_gives_nan_quietly():
    d = derivative(math.exp, math.nan)
    assert math.isnan(d)
    assert not d.converged
    assert np.isnan(gradient(lambda x: x @ x, [1.0, math.nan])).all()


def test_one_side():
    d = derivative(lambda x: x * math.sqrt(x) * math.sqrt(x), 0.0)  # math.sqrt raises ValueError below 0
    assert d == pytest.approx(0.0, abs=1e-12)
    assert d.method == "forward"
    d = derivative(lambda x: math.exp(x) if x <= 0 else 1 / 0, 0.0)
    assert d.method == "backward"
    assert abs(d - 1) <= d.error < 1e-10
    assert derivative(math.exp, 0.0, method="forward").method == "forward"
    assert derivative(abs, 0.0, method="backward") == pytest.approx(-1)


def test_points_stay_within_the_step():
    seen = []
    derivative(lambda x: seen.append(x) or math.sin(x), 5.0, step=0.125)
    assert max(abs(x - 5) for x in seen) <= 0.125
    assert len(seen) == derivative(math.sin, 5.0, step=0.125).evaluations


def test_what_can_be_traced_is_exact_except_at_kinks():
    def f(x):
        return np.abs(x) * np.exp(x)

    d = derivative(f, 1.0)
    assert (d.method, d.converged) == ("exact", True)
    assert d == pytest.approx(2 * math.e, rel=1e-15)
    assert derivative(f, 1.0, order=6) == pytest.approx(7 * math.e, rel=1e-14)
    with pytest.warns(AccuracyWarning, match="corner"):
        assert derivative(f, 0.0).method == "central"
    assert derivative("x**3", 2.0) == 12.0
    assert derivative(f, 1.0, method="central").method == "central"
    np.testing.assert_array_equal(gradient("x * y**2", [3.0, 2.0]), [4.0, 12.0])
    np.testing.assert_array_equal(gradient(lambda x, y: x * y**2, [3.0, 2.0]), [4.0, 12.0])
    assert gradient(lambda v: v @ v, [3.0, 2.0], details=True).method == ["exact", "exact"]


class OopsError(Exception):
    pass


def raising(error, beyond=-math.inf):
    def f(x):
        if x > beyond:
            raise error
        return x

    return f


@pytest.mark.parametrize(
    "error", [OopsError("mine"), ValueError("math domain error"), ZeroDivisionError("x"), KeyboardInterrupt()]
)
def test_exceptions_come_out_as_they_went_in(error):
    with pytest.raises(type(error)) as caught:
        derivative(raising(error), 1.0)
    assert caught.value is error
    with pytest.raises(type(error)) as caught:
        gradient(lambda x: raising(error)(x[0]), [1.0])
    assert caught.value is error


def test_exceptions_beside_the_point():
    # Not the end of a domain, whatever else it is.
    with pytest.raises(OopsError):
        derivative(raising(OopsError(), beyond=1.0), 1.0)
    # No derivative could be formed, so the reason comes out.
    with pytest.raises(ValueError, match="only here"):
        derivative(lambda x: raising(ValueError("only here"))(x) if x != 1 else 1.0, 1.0)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "NoneType .is a return missing"),
        ("1.0", "a str"),
        (1j, "a complex"),
        (np.complex128(1), "complex"),
        (np.array([1.0, 2.0]), r"an array of shape \[2\]"),
        ([1.0, 2.0], "an array"),
        ([], "an array"),
        (object(), "object"),
        (fractions.Fraction(1, 2), "Fraction"),
        (np.datetime64("2020-01-01"), "dates"),
    ],
)
def test_other_than_a_number_is_a_type_error_naming_f(value, words):
    for call in (lambda: derivative(lambda x: value, 1.0), lambda: gradient(lambda x: value, [1.0])):
        with pytest.raises(TypeError, match=words) as caught:
            call()
        assert " f " in str(caught.value)


@pytest.mark.parametrize(
    "kind", [float, np.float64, np.float32, np.asarray, lambda x: np.array([x]), lambda x: int(x) * 2]
)
def test_numbers_of_all_kinds_are_read(kind):
    # float32 has noise of 6e-8; whole numbers make a staircase, flat around 0.5.
    d = derivative(lambda x: kind(3.0 * x), 0.5)
    assert d == pytest.approx(0.0 if kind(2.5 + 0.25) == 4 else 3.0, rel=1e-4)


BAD = [
    (lambda: derivative(3, 1.0), TypeError, "derivative: f is a int"),
    (lambda: derivative(math.sin, "1"), TypeError, "derivative: x is text"),
    (lambda: derivative(math.sin, [1.0, 2.0]), ValueError, "derivative: x is a vector of 2"),
    (lambda: derivative(math.sin, None), TypeError, "derivative: x is a NoneType"),
    (lambda: derivative(math.sin, 1j), TypeError, "derivative: x holds complex"),
    (lambda: derivative(math.sin, math.inf), ValueError, "derivative: x is inf"),
    (lambda: derivative(math.sin, 1.0, order=0), ValueError, "derivative: order is 0"),
    (lambda: derivative(math.sin, 1.0, order=-1), ValueError, "derivative: order is -1"),
    (lambda: derivative(math.sin, 1.0, order=5), ValueError, "derivative: order is 5, but differences give 1, 2, 3"),
    (lambda: derivative(math.sin, 1.0, order=5), ValueError, "so that it can be traced"),
    (lambda: derivative(math.sin, 1.0, order=1.5), TypeError, "order"),
    (lambda: derivative(math.sin, 1.0, method="middle"), ValueError, 'derivative: method is "middle"'),
    (lambda: derivative(math.sin, 1.0, step=0.0), ValueError, "derivative: step is 0"),
    (lambda: derivative(math.sin, 1.0, step=math.nan), ValueError, "derivative: step is NaN"),
    (lambda: derivative(math.sin, 1.0, step="big"), TypeError, "derivative: step is text"),
    (lambda: gradient(None, [1.0]), TypeError, "gradient: f is a NoneType"),
    (lambda: gradient(np.sum, []), ValueError, "gradient: x has 0 values"),
    (lambda: gradient(np.sum, [1.0, math.inf]), ValueError, "gradient: x holds infinity at index 1"),
    (lambda: gradient(np.sum, ["a"]), TypeError, "gradient: x holds text"),
    (lambda: gradient(np.sum, [[1.0], [2.0, 3.0]]), TypeError, "gradient: x is ragged"),
    (lambda: gradient(np.sum, np.ma.array([1.0])), TypeError, "gradient: x is a masked array"),
]


@pytest.mark.parametrize(("call", "error", "words"), BAD)
def test_bad_input_is_refused_by_name(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)


def test_gradient_in_the_shape_of_x():
    weights = np.arange(6.0).reshape(2, 3)
    found = gradient(lambda x: np.sum(weights * x**2), np.ones((2, 3)))
    np.testing.assert_allclose(found, 2 * weights, rtol=1e-12, atol=1e-12)
    assert gradient(lambda x: x**2, 3.0).shape == ()
    for x in (np.array([2, 3]), [2, 3], np.array([2.0, 3.0], ">f8"), np.array([2.0, 0, 3.0, 0])[::2]):
        np.testing.assert_allclose(gradient(lambda x: x[0] * x[1], x), [3, 2], rtol=1e-12)


def test_gradient_details():
    found = gradient(lambda x: np.exp(x[0]) * np.sin(x[1]), [0.5, 1.5], method="richardson", details=True)
    exact = math.exp(0.5) * np.array([math.sin(1.5), math.cos(1.5)])
    assert (np.abs(found.values - exact) <= found.error).all()
    assert found.converged
    assert found.method == ["central", "central"]
    assert "converged" in repr(found)
    with pytest.warns(AccuracyWarning, match="entry 1 is not to be trusted: f has a corner"):
        found = gradient(lambda x: x[0] + abs(x[1]), [0.0, 0.0], details=True)
    assert not found.converged
    assert found.values[0] == pytest.approx(1.0)


def test_a_function_may_change_its_copy():
    x = np.array([1.0, 2.0])

    def f(x):
        x *= x
        return x.sum()

    np.testing.assert_allclose(gradient(f, x), [2, 4], rtol=1e-12)
    np.testing.assert_array_equal(x, [1, 2])


def test_warnings_inside_f_do_not_get_in_the_way():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert derivative(np.sqrt, 1e-9) == pytest.approx(0.5 / math.sqrt(1e-9), rel=1e-12)
        assert derivative(lambda x: np.float64(1) / x, 1e-3) == pytest.approx(-1e6, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("tangent_line", (lambda t: abs(t - 1) ** 0.5, 1.0)),
        ("derivative_table", (lambda t: abs(t - 1) ** 0.5, 1.0)),
        ("partial", (lambda p: abs(p[0] - 1) ** 0.5 + p[1], [1.0, 2.0], 0)),
        ("linearize", (lambda p: abs(p[0] - 1) ** 0.5 + p[1], [1.0, 2.0])),
    ],
)
def test_a_warning_names_the_function_that_was_called(name, arguments):
    with pytest.warns(AccuracyWarning, match=f"^{name}: not converged") as said:
        getattr(calculus, name)(*arguments)
    assert [warning.filename for warning in said] == [__file__]
