"""Descent worth watching: methods, rates, the critical one, mini-batches, pictures and animations."""

import copy
import doctest
import json
import math
import pickle
import re
import warnings
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pytest
from underhood.optimize import (
    DescentResult,
    LearningRateWarning,
    StochasticResult,
    gradient_descent,
    schedules,
    stochastic_gradient_descent,
)

mpl.use("Agg")

CURVATURES = np.array([1.0, 10.0])


def bowl(x):
    return 0.5 * float(CURVATURES @ x**2)


def slope(x):
    return CURVATURES * x


def by_hand(method, rate, steps):
    """Write each rule as its authors did, on the bowl."""
    x, points = np.array([1.0, -2.0]), []
    first, second = np.zeros(2), np.zeros(2)
    before = x
    for k in range(1, steps + 1):
        points.append(x)
        g = slope(x)
        if method == "plain":
            x = x - rate * g
        elif method == "momentum":  # Polyak's form
            x, before = x - rate * g + 0.9 * (x - before), x
        elif method == "nesterov":  # with the points ahead
            ahead = x - rate * g
            x, before = ahead + 0.9 * (ahead - before), ahead
        elif method == "adagrad":
            second = second + g**2
            x = x - rate * g / (np.sqrt(second) + 1e-8)
        elif method == "rmsprop":
            second = 0.9 * second + 0.1 * g**2
            x = x - rate * g / (np.sqrt(second) + 1e-8)
        else:
            first, second = 0.9 * first + 0.1 * g, 0.999 * second + 0.001 * g**2
            x = x - rate * (first / (1 - 0.9**k)) / (np.sqrt(second / (1 - 0.999**k)) + 1e-8)
    return np.array(points)


@pytest.mark.parametrize("method", ["plain", "momentum", "nesterov", "adagrad", "rmsprop", "adam"])
def test_methods_are_what_their_authors_wrote(method):
    walk = gradient_descent(bowl, [1.0, -2.0], gradient=slope, learning_rate=0.03, method=method, max_iter=50, tol=0)
    np.testing.assert_allclose(walk.path[:50], by_hand(method, 0.03, 50), rtol=1e-10, atol=1e-13)
    assert walk.method == method
    np.testing.assert_array_equal(walk.rates, np.full(50, 0.03))
    np.testing.assert_allclose(
        walk.step_lengths, np.linalg.norm(np.diff(walk.path, axis=0), axis=1), rtol=1e-9, atol=1e-15
    )
    assert method in repr(walk)


def test_parameters_belong_to_methods():
    assert gradient_descent(bowl, [1.0, 1.0], gradient=slope, momentum=0.5).method == "momentum"
    assert gradient_descent(bowl, [1.0, 1.0], gradient=slope, momentum=0).method == "plain"
    adam = gradient_descent(bowl, [1.0, 1.0], gradient=slope, method="adam", beta1=0.8)
    assert adam.parameters == {"beta1": 0.8, "beta2": 0.999, "epsilon": 1e-8}
    assert (adam.momentum, adam.critical_rate, adam.check_evaluations) == (0.0, None, 0)
    for options, words in (
        ({"method": "adam", "momentum": 0.5}, 'momentum is given, but method "adam" has no such parameter'),
        ({"epsilon": 1e-8}, 'epsilon is given, but method "plain" has no such parameter'),
        ({"method": "adma"}, 'method is "adma", but must be one of "plain", "momentum"'),
        ({"method": "adam", "beta2": 1.0}, "beta2 is 1, but must be at least 0 and below 1"),
        ({"method": "adagrad", "epsilon": 0.0}, "epsilon is 0, but must be positive"),
        ({"method": "adam", "learning_rate": "exact"}, "learning_rate is a line search"),
    ):
        with pytest.raises(ValueError, match=re.escape(words)):
            gradient_descent(bowl, [1.0, 1.0], gradient=slope, **options)
    with pytest.raises(TypeError, match="method is a int"):
        gradient_descent(bowl, [1.0, 1.0], gradient=slope, method=3)
    with pytest.raises(TypeError, match="check_rate is a str, but must be True or False"):
        gradient_descent(bowl, [1.0, 1.0], gradient=slope, check_rate="no")


# Rates


def test_schedules_and_functions_of_the_step_are_rates():
    rate = schedules.WarmUp(schedules.Cosine(0.1, steps=40, floor=0.01), steps=5)
    by_object = gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=rate, max_iter=100)
    by_function = gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=lambda k: rate(k), max_iter=100)
    np.testing.assert_array_equal(by_object.path, by_function.path)
    np.testing.assert_array_equal(by_object.rates, rate.rates(100))
    assert by_object.learning_rate is rate
    assert by_function.learning_rate == "<lambda>"
    k = np.arange(40)
    np.testing.assert_allclose(rate.rates(45)[5:], 0.01 + 0.09 * (1 + np.cos(np.pi * k / 40)) / 2, rtol=1e-14)
    assert pickle.loads(pickle.dumps(rate)) == rate


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: schedules.Constant(0), "Constant: rate is 0, but must be positive"),
        (lambda: schedules.StepDecay(1.0, factor=1.5), "StepDecay: factor is 1.5"),
        (lambda: schedules.StepDecay(1.0, every=0), "StepDecay: every is 0"),
        (lambda: schedules.Exponential(1.0, factor=0.0), "Exponential: factor is 0"),
        (lambda: schedules.InverseTime(1.0, decay=-1), "InverseTime: decay is -1"),
        (lambda: schedules.Cosine(1.0, steps=10, floor=2.0), "Cosine: floor is 2"),
        (lambda: schedules.Cosine(1.0, steps=-1), "Cosine: steps is -1"),
        (lambda: schedules.WarmUp(schedules.WarmUp(1.0, 3), 3), "WarmUp: after is WarmUp"),
        (lambda: schedules.Constant(math.nan), "Constant: rate is NaN"),
    ],
)
def test_schedules_refuse_what_makes_no_rates(make, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        make()


def test_schedules_refuse_what_is_no_number():
    with pytest.raises(TypeError, match="Constant: rate is"):
        schedules.Constant("fast")
    with pytest.raises(TypeError, match="Cosine: steps"):
        schedules.Cosine(0.1, steps=2.5)
    with pytest.raises(ValueError, match="Constant: k is -1"):
        schedules.Constant(0.1)(-1)
    with pytest.raises(TypeError, match="learning_rate is a tuple"):
        gradient_descent(bowl, [1.0, 1.0], learning_rate=("constant", 0.1, 0, 0, 0))


def test_what_a_rate_function_raises_comes_out():
    class OopsError(Exception):
        pass

    def rate(k):
        if k == 3:
            raise OopsError
        return 0.01

    with pytest.raises(OopsError):
        gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=rate)
    with pytest.raises(ValueError, match=r"learning_rate gives -0\.5 for step 0"):
        gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=lambda k: -0.5)
    with pytest.raises(TypeError, match="learning_rate returned a NoneType"):
        gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=lambda k: None, check_rate=False)


def test_exact_steps_turn_at_right_angles():
    walk = gradient_descent(bowl, [10.0, 1.0], gradient=slope, learning_rate="exact")
    assert walk.success
    unit = walk.gradients[:20] / walk.gradient_norms[:20, None]
    np.testing.assert_allclose(np.sum(unit[1:] * unit[:-1], axis=1), 0, atol=1e-5)
    np.testing.assert_allclose(walk.values[1:21] / walk.values[:20], (9 / 11) ** 2, rtol=1e-4)


@pytest.mark.parametrize("name", ["backtracking", "armijo"])
def test_backtracking_keeps_armijos_promise(name):
    walk = gradient_descent(bowl, [10.0, 1.0], gradient=slope, learning_rate=name)
    assert walk.success
    promised = walk.values[:-1] - 0.25 * walk.rates * walk.gradient_norms[:-1] ** 2
    assert (walk.values[1:] <= promised + 1e-14).all()
    assert (np.log2(walk.rates) % 1 == 0).all()
    assert walk.critical_rate is None
    numerical = gradient_descent(bowl, [10.0, 1.0], learning_rate=name)
    np.testing.assert_allclose(numerical.path[:20], walk.path[:20], atol=1e-8)


# The critical rate


@pytest.mark.parametrize(
    ("options", "limit", "formula"),
    [
        ({}, 0.2, "2/L = 0.2"),
        ({"momentum": 0.5}, 0.3, "2 (1 + momentum)/L = 0.3"),
        ({"method": "nesterov", "momentum": 0.5}, 0.15, "2 (1 + momentum)/((1 + 2 momentum) L) = 0.15"),
    ],
)
@pytest.mark.parametrize("gradient", [slope, None])
def test_a_rate_beyond_the_critical_one_warns_with_the_number(options, limit, formula, gradient):
    with pytest.warns(LearningRateWarning, match=re.escape(formula)) as caught:
        walk = gradient_descent(
            bowl, [1.0, 1.0], gradient=gradient, learning_rate=1.05 * limit, max_iter=3000, **options
        )
    assert caught[0].filename == __file__
    assert walk.reason == "diverged"
    assert walk.critical_rate == pytest.approx(limit, rel=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        walk = gradient_descent(bowl, [1.0, 1.0], gradient=gradient, learning_rate=0.97 * limit, **options)
        assert walk.success
        gradient_descent(bowl, [1.0, 1.0], gradient=gradient, learning_rate=0.5, max_iter=3, check_rate=False)
        gradient_descent(bowl, [1.0, 1.0], gradient=gradient, learning_rate=0.5, max_iter=3, method="adam")


def test_the_check_is_cheap_and_counts_itself():
    calls = []

    def counted(x):
        calls.append(x)
        return np.array([float(x[0]), 10 * float(x[1])])  # numbers of Python's: this one is not traced

    walk = gradient_descent(lambda x: float(bowl(x)), [1.0, 1.0], gradient=counted, learning_rate=0.1, max_iter=30)
    assert (walk.nfev, walk.njev, walk.gradient_method) == (31, 31, "given")
    assert sum(type(x) is np.ndarray for x in calls) == 31 + walk.check_evaluations
    assert 2 < walk.check_evaluations <= 50


def test_curvature_at_the_start_speaks_for_the_start():
    # A quartic bends by 12 x²: at 3 by 108.
    walk = gradient_descent(lambda x: x**4, 3.0, learning_rate=0.001, max_iter=5)
    assert walk.critical_rate == pytest.approx(2 / 108, rel=1e-3)
    # Rosenbrock's valley, with the eigenvalue of its Hessian at the start.
    hessian = [[1200 * 1.44 - 400 + 2, 480.0], [480.0, 200.0]]
    walk = gradient_descent(valley, [-1.2, 1.0], learning_rate=1e-3, max_iter=5)
    assert walk.critical_rate == pytest.approx(2 / np.linalg.eigvalsh(hessian)[-1], rel=1e-3)
    # Hilltops and kinks have none, and neither has the edge of a domain.
    for f, start in ((lambda x: -x * x, 1.0), (abs, 0.0), (lambda x: math.sqrt(x), 1e-9)):
        assert gradient_descent(f, start, learning_rate=0.01, max_iter=0).critical_rate is None
    with pytest.warns(LearningRateWarning, match=r"learning_rate reaches 0\.5"):
        gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=schedules.WarmUp(0.5, steps=10), max_iter=3)


def valley(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


# Mini-batches

RNG = np.random.default_rng(5)
X = RNG.normal(size=(203, 2))
Y = X @ [2.0, -1.0] + RNG.normal(scale=0.1, size=203)


def loss(w, X, y):
    return np.mean((X @ w - y) ** 2)


def loss_slope(w, X, y):
    return 2 * X.T @ (X @ w - y) / len(y)


def fit(**options):
    given = {"gradient": loss_slope, "learning_rate": 0.05, "rng": 0, "epochs": 6, **options}
    return stochastic_gradient_descent(loss, [0.0, 0.0], (X, Y), **given)


def test_stochastic_descent_finds_the_least_squares():
    best = np.linalg.lstsq(X, Y, rcond=None)[0]
    walk = fit(epochs=30)
    np.testing.assert_allclose(walk.x, best, atol=0.02)
    assert (walk.nit, walk.epochs, walk.reason, walk.success) == (210, 30, "epochs", True)
    assert walk.epoch_values.shape == (31,)
    np.testing.assert_allclose(walk.epoch_values[[0, -1]], [loss(np.zeros(2), X, Y), loss(walk.x, X, Y)], rtol=1e-13)
    assert walk.fun == walk.epoch_values[-1]
    assert (len(walk.values), len(walk.rates), walk.path.shape) == (210, 210, (211, 2))
    np.testing.assert_allclose(walk.step_lengths, np.linalg.norm(np.diff(walk.path, axis=0), axis=1), rtol=1e-12)
    # Falling rates and averages come closer than a constant rate.
    wild, averaged = (
        fit(epochs=40, learning_rate=0.4, batch_size=4),
        fit(epochs=40, learning_rate=0.4, batch_size=4, averaging=True),
    )
    falling = fit(epochs=40, learning_rate=schedules.InverseTime(0.4, decay=0.05), batch_size=4)
    away = [np.linalg.norm(walk.x - best) for walk in (wild, averaged, falling)]
    assert max(away[1:]) < 0.5 * away[0]
    np.testing.assert_allclose(averaged.x, averaged.path[1 + averaged.nit // 2 :].mean(axis=0), rtol=1e-12)


def test_the_same_seed_gives_the_same_bits():
    np.testing.assert_array_equal(fit().path, fit().path)
    assert (fit().path != fit(rng=1).path).any()
    np.testing.assert_array_equal(fit(rng=np.random.default_rng(3)).path, fit(rng=np.random.default_rng(3)).path)


def test_batches_are_rows_that_belong_together():
    seen = []

    def looked_at(w, X, y):
        seen.append((X.copy(), y.copy()))
        X[:] = 0  # it has copies of its own
        return float(np.sum(w**2))

    data = X.copy(), np.arange(203)
    walk = stochastic_gradient_descent(
        looked_at, np.ones((2, 2)), data, gradient=lambda w, X, y: 2 * w, batch_size=50, epochs=2, rng=1
    )
    np.testing.assert_array_equal(data[0], X)
    batches = [(rows, order) for rows, order in seen if len(order) < 203]
    assert [len(order) for _, order in batches] == [50, 50, 50, 50, 3] * 2
    for epoch in (batches[:5], batches[5:]):
        assert sorted(np.concatenate([order for _, order in epoch])) == list(range(203))
    for rows, order in batches:
        np.testing.assert_array_equal(rows, X[order.astype(int)])
    assert (walk.x.shape, walk.path.shape) == ((2, 2), (11, 2, 2))
    one = stochastic_gradient_descent(
        lambda w, y: np.mean((y - w) ** 2), 0.0, Y, learning_rate=0.1, epochs=5, batch_size=20, shuffle=False
    )
    assert (one.x.shape, one.gradient_method) == ((), "exact")
    assert abs(one.x - Y.mean()) < 0.5


def test_a_stochastic_descent_takes_the_exact_gradient_of_a_loss_that_is_traced():
    given, traced = fit(), fit(gradient=None)
    assert (given.gradient_method, traced.gradient_method) == ("given", "exact")
    np.testing.assert_allclose(traced.path, given.path, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(traced.epoch_values, given.epoch_values, rtol=1e-12)
    weights = np.ones((2, 2))
    walk = stochastic_gradient_descent(lambda w, X: np.mean((X @ w) ** 2), weights, X, epochs=1, batch_size=500, rng=0)
    assert (walk.gradient_method, walk.x.shape, walk.batch_size) == ("exact", (2, 2), 203)
    np.testing.assert_allclose(walk.x, weights - 0.01 * X.T @ X @ weights / 203, rtol=1e-12)

    def branching(w, X, y):
        return loss(w, X, y) if w[0] < 100 else 0.0

    walk = stochastic_gradient_descent(branching, [0.0, 0.0], (X, Y), learning_rate=0.05, rng=0, epochs=1)
    assert walk.gradient_method == "numerical"
    np.testing.assert_allclose(walk.path, given.path[: walk.nit + 1], atol=1e-8)

    def failing(w, X, y):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        stochastic_gradient_descent(failing, [0.0, 0.0], (X, Y))


def test_stochastic_descent_ends_as_asked_or_when_it_must():
    def stop(w):
        if len(points) == 9:
            raise StopIteration
        points.append(w)

    points = []
    walk = fit(callback=stop)
    assert (walk.reason, walk.nit, walk.epochs, walk.success) == ("callback", 10, 1, False)
    np.testing.assert_array_equal(points, walk.path[1:10])
    wild = fit(learning_rate=50.0, epochs=100)
    assert (wild.reason, wild.success) == ("diverged", False)
    assert np.isfinite(wild.x).all()
    assert "learning_rate = 50 is too large" in wild.message
    for remade in (copy.deepcopy(walk), pickle.loads(pickle.dumps(walk))):
        assert isinstance(remade, StochasticResult)
        assert repr(remade) == repr(walk)
    assert fit(keep_path=False).path is None


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"data": ()}, ValueError, "data is an empty tuple"),
        ({"data": (X, Y[:5])}, ValueError, "data is a vector of 5, but the first array of data has 203 rows"),
        ({"data": (X, 3.0)}, ValueError, "data is a single number, but an array with rows is needed"),
        ({"data": np.empty((0, 2))}, ValueError, "data has 0 rows"),
        ({"data": "text"}, TypeError, "data is text"),
        ({"data": (X, np.where(Y > 2, np.nan, Y))}, ValueError, "data holds NaN (a missing value) at index"),
        ({"batch_size": 0}, ValueError, "batch_size is 0"),
        ({"epochs": 0}, ValueError, "epochs is 0"),
        ({"epochs": 1.5}, TypeError, "epochs"),
        ({"learning_rate": "exact"}, ValueError, "learning_rate is a line search"),
        ({"learning_rate": -1}, ValueError, "learning_rate is -1"),
        ({"loss": 3}, TypeError, "loss is a int"),
        ({"gradient": 3}, TypeError, "gradient is a int"),
        ({"gradient": lambda w, X, y: w[:1]}, ValueError, "gradient is a vector of 1, but x0"),
        ({"loss": lambda w, X, y: None}, TypeError, "loss returned a NoneType"),
        ({"loss": lambda w, X, y: math.nan}, ValueError, "x0 is a point where f is NaN"),
        ({"rng": "seed"}, TypeError, "rng is a str"),
        ({"shuffle": 2}, TypeError, "shuffle is a int, but must be True or False"),
        ({"x0": []}, ValueError, "x0 has 0 values"),
    ],
)
def test_bad_input_to_stochastic_descent_is_refused_by_name(change, error, words):
    given = {"loss": loss, "x0": [0.0, 0.0], "data": (X, Y), "gradient": loss_slope, **change}
    with pytest.raises(error, match=re.escape(words)) as caught:
        stochastic_gradient_descent(**given)
    assert str(caught.value).startswith("stochastic_gradient_descent: ")


# Pictures


def walks():
    """Yield a descent for each kind of picture."""
    yield gradient_descent(lambda x: x**4 - 3 * x**2 + x, 2.0, learning_rate=0.02)
    yield gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=0.15)
    yield gradient_descent(lambda x: np.sum(np.arange(1, 6) * x**2), np.ones(5), learning_rate=0.05)
    yield gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=0.21, check_rate=False)
    yield gradient_descent(bowl, [0.0, 0.0], gradient=slope)
    yield gradient_descent(lambda x: np.log(x[0]) + x[1] ** 2, [0.3, 1.0], learning_rate=0.01, max_iter=20)
    yield fit()


@pytest.mark.parametrize("walk", list(walks()), ids=lambda walk: f"{type(walk).__name__}-{walk.reason}-{walk.x.size}")
def test_every_descent_can_be_drawn_and_watched(walk):
    import matplotlib.pyplot as plt

    figure = walk.plot()
    assert len(figure.axes) == 2
    ax = plt.figure().gca()
    assert walk.plot(ax) is ax
    frames = walk.animate("frames", frames=4)
    assert 1 <= sum(ax.get_visible() for ax in frames.axes) <= 4
    figure.canvas.draw()
    plt.close("all")
    page = Page(walk.animate().html)
    last = page.data["upto"][-1]
    assert len(page.data["path"]) == last + 1
    assert len(page.data["text"]) == len(page.data["upto"])
    assert all(math.isfinite(number) for point in page.data["path"] for number in point)


class Page(HTMLParser):
    """An animation's page: its data, and that nothing is fetched from elsewhere."""

    def __init__(self, html):
        super().__init__()
        assert "http" not in html.replace("http-equiv", "")
        assert len(html) < 200_000
        self.open = []
        self.feed(html)
        assert not self.open
        self.data = json.loads(re.search(r"^const data = (.*);$", html, re.MULTILINE)[1])

    def handle_starttag(self, tag, attributes):
        assert not {"src", "href"} & {name for name, _ in attributes}
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_an_animation_stands_in_a_frame_and_can_be_saved(tmp_path):
    walk = gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=0.15)
    animation = walk.animate(frames=20)
    animation.save(tmp_path / "walk.html")
    assert (tmp_path / "walk.html").read_text(encoding="utf-8") == animation.html
    shown = animation._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert shown.count("<") == 2  # the page is an attribute, with nothing that could end it
    assert len(Page(animation.html).data["upto"]) <= 20
    assert "kB" in repr(animation)
    # The last moment is the end of the path; the first its start.
    data = Page(animation.html).data
    assert data["upto"][0] == 0
    assert data["text"][-1].startswith(f"step {walk.nit}: ")
    assert "step 0: f(x) = 5.5, |gradient| = 10" in data["text"][0]


def test_a_long_descent_makes_a_page_of_reasonable_size():
    walk = gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=1e-4, max_iter=10_000)
    assert len(Page(walk.animate().html).data["path"]) <= 3200
    assert len(walk.animate().html) < 200_000


def test_the_plane_of_a_path_holds_what_it_says():
    # All movement lies in two dimensions of five: the plane has all of it.
    basis = np.linalg.qr(np.random.default_rng(0).normal(size=(5, 2)))[0]
    walk = gradient_descent(lambda x: np.sum((basis.T @ x) ** 2 * [1.0, 5.0]), basis @ [1.0, 2.0], learning_rate=0.05)
    assert "100% of the movement" in walk.plot().axes[0].get_title()
    still = gradient_descent(lambda x: x @ x, np.zeros(4))
    assert len(still.plot().axes) == 2
    mpl.pyplot.close("all")


def test_pictures_without_a_path_or_a_function():
    walk = gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=0.15, keep_path=False)
    assert len(walk.plot().axes) == 1
    np.testing.assert_array_equal(walk.plot(mpl.pyplot.figure().gca()).lines[0].get_ydata(), walk.values)
    with pytest.raises(ValueError, match="animate: the path was not kept"):
        walk.animate()
    kept = gradient_descent(bowl, [1.0, 1.0], gradient=slope, learning_rate=0.15)
    without = pickle.loads(pickle.dumps(kept))
    assert isinstance(without, DescentResult)
    assert len(without.plot().axes) == 2
    assert Page(without.animate().html).data["path"]
    for options, words in (({"kind": "gif"}, "kind is 'gif'"), ({"frames": 0}, "frames is 0")):
        with pytest.raises(ValueError, match=words):
            kept.animate(**options)
    assert schedules.StepDecay(0.1).plot(300).get_ylabel() == "learning rate η(k)"
    mpl.pyplot.close("all")


def test_the_examples_of_the_schedules_run():
    assert doctest.testmod(schedules, extraglobs={"np": np}).failed == 0
    assert doctest.testmod(schedules).attempted >= 8


@pytest.mark.parametrize("offset", [0.0, -1e3, 1e6])
@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_saddles_and_maxima_are_no_convergence(offset, scale):
    for f, start in (
        (lambda x: offset + (x[0] / scale) ** 2 - (x[1] / scale) ** 2, [scale, 0.0]),
        (lambda x: offset + np.cos(x / scale), 0.0),
        (lambda x: offset + x[0] * x[1] / scale**2, [0.0, 0.0]),
    ):
        walk = gradient_descent(f, start, learning_rate=0.1 * scale**2)
        assert (walk.success, walk.reason, walk.status) == (False, "saddle", 5)
        assert "a saddle or a maximum" in walk.message
        assert walk.message.startswith("not converged: ")
    walk = gradient_descent(lambda x: offset + x[0] ** 4 + x[1] ** 2, [0.0, 1.0], learning_rate=0.4)
    assert (walk.success, walk.reason) == (True, "converged")


@pytest.mark.parametrize("centre", [0.0, 2000.0, 6283.185307])
def test_a_minimum_beside_a_lower_basin_is_one(centre):
    def basins(x):
        return 0.5 * (x[0] - centre) ** 2 + (x[1] ** 2 - 1) ** 2 + 0.3 * x[1]

    def basins_slope(x):
        return [x[0] - centre, 4 * x[1] * (x[1] ** 2 - 1) + 0.3]

    for given in (None, basins_slope):
        walk = gradient_descent(basins, [centre - 10, 1.2], gradient=given, learning_rate=0.1)
        assert (walk.success, walk.reason) == (True, "converged")
        assert 0.9 < walk.x[1] < 1
    waves = gradient_descent(lambda x: (x[0] - centre) ** 2 + np.sin(x[1]) + 0.1 * x[1], [centre + 1, 4.0])
    assert waves.reason != "saddle"


def test_the_look_around_at_the_end_may_leave_the_domain():
    def f(x):
        if x[0] < 0:
            raise ValueError("only above 0")
        return float(x[0]) ** 1.5 + float(x[1]) ** 2

    def slope(x):
        if x[0] < 0:
            raise ValueError("only above 0")
        return [1.5 * float(x[0]) ** 0.5, 2 * float(x[1])]

    walk = gradient_descent(f, [0.0, 1.0], gradient=slope, learning_rate=0.1)
    assert walk.reason == "converged"
    assert walk.nfev == walk.nit + 1


def test_the_room_of_schedules_lists_schedules():
    assert dir(schedules) == sorted(schedules.__all__)


@pytest.mark.parametrize(
    ("f", "x0", "reason"),
    [
        ("x**3", 0.0, "saddle"),
        ("x**3 + y**2", [0.0, 1.0], "saddle"),
        ("1e-10*(x-5)**2", 0.0, "plateau"),
        ("exp(-x**2)", 30.0, "plateau"),
        (lambda x: np.floor(x[0]), [1.5], "plateau"),
    ],
)
def test_a_small_gradient_alone_is_no_success(f, x0, reason):
    walk = gradient_descent(f, x0, learning_rate=0.1)
    assert (walk.success, walk.reason) == (False, reason)
    assert walk.message.startswith("not converged")


def test_the_advice_is_the_warnings():
    with pytest.warns(LearningRateWarning, match="1506"):
        walk = gradient_descent("100*(y-x**2)**2+(1-x)**2", [-1.2, 1])
    assert f"{walk.critical_rate:.4g}"[:6] in walk.message
    assert "137.7" not in walk.message
