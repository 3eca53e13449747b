"""Differential equations, beside SciPy's and beside solutions in closed form."""

import math
import pickle

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.integrate
import underhood as uh
from hypothesis import given, settings
from hypothesis import strategies as st
from underhood.calculus import AccuracyWarning, OdeSolution, solve_ivp


def oscillator(t, y):
    return [y[1], -y[0]]


def lotka_volterra(t, y, a=1.5, b=1.0, c=3.0, d=1.0):
    return [a * y[0] - b * y[0] * y[1], d * y[0] * y[1] - c * y[1]]


def test_fields_and_shapes_are_scipys():
    ours = solve_ivp(lotka_volterra, (0, 15), [10, 5], args=(1.5, 1, 3, 1), t_eval=np.linspace(0, 15, 31))
    theirs = scipy.integrate.solve_ivp(
        lotka_volterra, (0, 15), [10, 5], args=(1.5, 1, 3, 1), t_eval=np.linspace(0, 15, 31), rtol=1e-10, atol=1e-12
    )
    assert set(theirs) <= set(dir(ours))
    np.testing.assert_array_equal(ours.t, theirs.t)
    np.testing.assert_allclose(ours.y, theirs.y, rtol=1e-4)
    assert (ours.status, ours.success, ours.sol, ours.t_events, ours.y_events) == (0, True, None, None, None)
    assert ours.methods == [(0.0, "DOP853")]
    assert "nfev, njev, nlu" in repr(ours)
    assert "solved" in ours._repr_html_()


@pytest.mark.parametrize("method", ["auto", "RK45", "DOP853", "Radau"])
@pytest.mark.parametrize("span", [(0.0, 10.0), (10.0, -2.0)])
def test_dense_output(method, span):
    start = [math.sin(span[0]), math.cos(span[0])]
    result = solve_ivp(oscillator, span, start, method=method, rtol=1e-8, atol=1e-8, dense_output=True)
    t = np.linspace(*span, 300)
    np.testing.assert_allclose(result.sol(t), [np.sin(t), np.cos(t)], atol=1e-5)
    np.testing.assert_array_equal(result.sol(result.t), result.y)
    assert result.sol(1.0).shape == (2,)
    np.testing.assert_array_equal(result.sol.ts, result.t)
    with pytest.raises(ValueError, match="sol: t holds 11"):
        result.sol(11.0)
    with pytest.raises(ValueError, match="axes"):
        result.sol([[1.0]])
    again = pickle.loads(pickle.dumps(result))
    assert isinstance(again.sol, OdeSolution)
    np.testing.assert_array_equal(again.sol(t), result.sol(t))


def test_shapes_of_the_start():
    number = solve_ivp(lambda t, y: -y, (0, 1), 1.0, dense_output=True)
    assert number.y.shape == number.t.shape
    assert isinstance(number.sol(0.5), float)
    matrix = solve_ivp(lambda t, y: -y, (0, 1), np.ones((2, 3)), t_eval=[0, 1], dense_output=True)
    assert matrix.y.shape == (2, 3, 2)
    assert matrix.sol([0.0, 0.5]).shape == (2, 3, 2)
    np.testing.assert_allclose(matrix.y[..., 1], math.exp(-1), rtol=1e-6)
    still = solve_ivp(lambda t, y: -y, (1, 1), [2.0], dense_output=True)
    assert still.sol(1.0) == still.y[0, 0] == 2.0


@pytest.mark.parametrize("method", ["auto", "RK45", "Radau"])
def test_events_between_long_steps(method):
    # 159 zeros of sin(50 t) between 0 and 10, in steps of up to 10.
    found = solve_ivp(lambda t, y: -y, (0, 10), [1.0], method=method, events=lambda t, y: np.sin(50 * t)).t_events[0]
    np.testing.assert_allclose(found, np.arange(1, 160) * math.pi / 50, rtol=1e-12)


def test_events():
    def ground(t, y):
        return y[0]

    def top(t, y):
        return y[1]

    ground.terminal, ground.direction = True, -1
    fall = solve_ivp(lambda t, y: [y[1], -9.81], (0, 100), [0, 10], events=[ground, top], dense_output=True)
    np.testing.assert_allclose(fall.t_events[0], [20 / 9.81], rtol=1e-10)
    np.testing.assert_allclose(fall.t_events[1], [10 / 9.81], rtol=1e-10)
    np.testing.assert_allclose(fall.y_events[1], [[50 / 9.81, 0]], atol=1e-9)
    assert (fall.status, fall.success) == (1, True)
    assert fall.t[-1] == fall.t_events[0][0]
    assert fall.sol.t_max == fall.t[-1]
    twice = solve_ivp(oscillator, (0, 100), [0, 1], events=with_attributes(lambda t, y: y[0], terminal=2))
    np.testing.assert_allclose(twice.t_events[0], [math.pi, 2 * math.pi], rtol=1e-6)
    nothing = solve_ivp(oscillator, (0, 1), [0, 1], events=lambda t, y: y[0] - 5)
    assert nothing.t_events[0].shape == (0,)
    assert nothing.y_events[0].shape == (0, 2)
    with pytest.raises(ValueError, match="terminal"):
        solve_ivp(oscillator, (0, 1), [0, 1], events=with_attributes(lambda t, y: y[0], terminal="yes"))
    with pytest.raises(TypeError, match="direction"):
        solve_ivp(oscillator, (0, 1), [0, 1], events=with_attributes(lambda t, y: y[0], direction="up"))


def with_attributes(f, **attributes):
    for name, value in attributes.items():
        setattr(f, name, value)
    return f


def test_stiffness_is_noticed():
    def robertson(t, y):
        slow, fast, quick = 0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
        return [-slow + fast, slow - fast - quick, quick]

    def matrix(t, y):
        a, b, c = 1e4 * y[2], 1e4 * y[1], 6e7 * y[1]
        return [[-0.04, a, b], [0.04, -a - c, -b], [0, c, 0]]

    # The end values of the Test Set for IVP Solvers.
    end = [0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050]
    for jac in (None, matrix):
        found = solve_ivp(robertson, (0, 1e11), [1, 0, 0], rtol=1e-7, atol=1e-19, jac=jac)
        np.testing.assert_allclose(found.y[:, -1], end, rtol=1e-4)
        assert [name for _, name in found.methods][:2] == ["DOP853", "Radau"]
        assert found.nfev < 20000
    linear = solve_ivp(lambda t, y: -1000 * y, (0, 1), [1.0], method="Radau", jac=[[-1000.0]])
    assert abs(linear.y[0, -1]) < 1e-8


@pytest.mark.parametrize("method", ["auto", "DOP853", "Radau"])
def test_a_traced_equation_gives_what_a_called_one_does(method):
    def robertson(t, y):
        fast = 3e7 * y[1] ** 2
        slow = -0.04 * y[0] + 1e4 * y[1] * y[2]
        return np.array([slow, -slow - fast, fast]) if method != "DOP853" else np.array([y[1], -y[0], 0 * t])

    def called(t, y):
        with np.errstate(over="ignore", invalid="ignore"):
            return robertson(t, np.asarray([float(part) for part in y]))

    span = (0, 40) if method != "DOP853" else (0, 5)
    traced = solve_ivp(robertson, span, [1.0, 0.0, 0.0], method=method)
    plain = solve_ivp(called, span, [1.0, 0.0, 0.0], method=method)
    np.testing.assert_allclose(traced.y[:, -1], plain.y[:, -1], rtol=1e-5, atol=1e-9)
    # The exact matrix takes no calls.
    assert traced.nfev < plain.nfev if method == "Radau" else traced.nfev <= plain.nfev


def test_what_goes_wrong_is_said():
    with pytest.warns(AccuracyWarning, match="grows without bound as t approaches 1.00"):
        found = solve_ivp(lambda t, y: y**2, (0, 2), [1.0])
    assert (found.success, found.status) == (False, -1)
    assert "without bound" in found.message
    assert abs(found.t[-1] - 1) < 1e-5
    with pytest.warns(AccuracyWarning, match="f is nan"):
        found = solve_ivp(lambda t, y: y * (math.nan if t > 0.5 else 1.0), (0, 1), [1.0])
    assert 0.49 < found.t[-1] <= 0.5
    with pytest.warns(AccuracyWarning, match="max_steps"):
        solve_ivp(oscillator, (0, 1000), [0, 1], max_steps=20)
    with pytest.warns(AccuracyWarning, match="stiff"):
        solve_ivp(lambda t, y: -1e6 * (y - math.cos(t)), (0, 10), [1.0], method="RK45", max_steps=500)


def test_refusals():
    with pytest.raises(TypeError, match="f is a int"):
        solve_ivp(3, (0, 1), [1.0])
    with pytest.raises(ValueError, match=r"solve_ivp: f returned an array of shape \[1\], but must return 2 numbers"):
        solve_ivp(lambda t, y: [1.0], (0, 1), [1.0, 2.0])
    with pytest.raises(TypeError, match="None"):
        solve_ivp(lambda t, y: None, (0, 1), [1.0])
    with pytest.raises(ValueError, match='must be one of "auto"'):
        solve_ivp(oscillator, (0, 1), [0, 1], method="BDF")
    with pytest.raises(ValueError, match="t_span is a vector of 3"):
        solve_ivp(oscillator, (0, 1, 2), [0, 1])
    with pytest.raises(TypeError, match="args"):
        solve_ivp(oscillator, (0, 1), [0, 1], args=3)
    with pytest.raises(ValueError, match="step is for the methods"):
        solve_ivp(oscillator, (0, 1), [0, 1], step=0.1)
    # All steps are kept: of many components, fewer are made.
    with pytest.raises(ValueError, match=r"at most 9\.990e4 are made for 1000 components, since all are kept"):
        solve_ivp(lambda t, y: -y, (0, 1), np.ones(1000), method="rk4", step=1e-6)
    with pytest.raises(ZeroDivisionError):
        solve_ivp(lambda t, y: 1 / 0, (0, 1), [0.0])
    with pytest.raises(KeyError):
        solve_ivp(oscillator, (0, 1), [0, 1], events=lambda t, y: {}["no"])


def test_callers_may_change_what_they_get():
    def selfish(t, y):
        y *= -1
        return y

    np.testing.assert_allclose(solve_ivp(selfish, (0, 1), [1.0]).y[0, -1], math.exp(-1), rtol=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    rate=st.floats(-2, 1),
    start=st.floats(-10, 10),
    end=st.floats(-3, 3, allow_subnormal=False),
    method=st.sampled_from(["auto", "RK45", "Radau"]),
)
def test_exponentials(rate, start, end, method):
    found = solve_ivp(lambda t, y: rate * y, (0, end), start, method=method)
    np.testing.assert_allclose(found.y[-1], start * math.exp(rate * end), rtol=1e-4, atol=1e-7)


def test_pictures():
    ax = uh.plot.phase_portrait(lambda t, y: [y[1], -np.sin(y[0]) - 0.3 * y[1]], (-4, 4), (-3, 3), [[1, 0], [2, 2]])
    # Two saddles and one equilibrium that is stable, beside two trajectories both ways.
    markers = [line.get_marker() for line in ax.lines]
    assert (markers.count("X"), markers.count("o"), markers.count("None")) == (2, 1, 4)
    ax = uh.plot.phase_portrait(lotka_volterra, (0, 6), (0, 4), args=(1.5, 1, 3, 1))
    assert ax.get_xlim() == (0, 6)
    ax = uh.plot.slope_field(lambda t, y: y - t, (0, 3), (-2, 2), solutions=[0, 1])
    np.testing.assert_allclose(ax.lines[0].get_ydata()[-1], -2, atol=2.1)
    uh.plot.slope_field(lambda t, y: -y, (0, 3), (-2, 2), solutions=[[1, 1]])
    ax = uh.plot.slope_field("1/y", (0, 1), (-1, 1))  # without a word about the division by 0 on the axis
    assert len(ax.collections[0].U) == 21 * 20
    for y0 in (1.0, [0.0, 1.0]):
        result = solve_ivp(lambda t, y: -y, (0, 3), y0, events=lambda t, y: t - 1, dense_output=np.ndim(y0) == 0)
        assert len(result.plot().lines) == 2 * (1 + np.ndim(y0))
    for bad in ((1, 0), (0, math.inf)):
        with pytest.raises(ValueError, match="xlim"):
            uh.plot.phase_portrait(oscillator, bad, (0, 1))
    with pytest.raises(ValueError, match="two slopes"):
        uh.plot.phase_portrait(lambda t, y: [1.0], (0, 1), (0, 1))
    with pytest.raises(ValueError, match="starts"):
        uh.plot.phase_portrait(oscillator, (0, 1), (0, 1), [[1, 2, 3]])
    with pytest.raises(ValueError, match="solutions"):
        uh.plot.slope_field(lambda t, y: y, (0, 1), (0, 1), [[1, 2, 3]])
    plt.close("all")


def test_the_method_may_come_fourth():
    found = solve_ivp(lambda t, y: -y, (0, 1), [1.0, 0.0], "RK45", atol=0)
    assert found.methods[0][1] == "RK45"
    assert found.success
    assert found.y[0, -1] == pytest.approx(np.exp(-1), rel=1e-5)
