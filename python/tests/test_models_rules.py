"""Learning rules side by side: their steps beside the models' own and scikit-learn's, formulas, tables, pictures."""

import json
import re
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LinearRegression, SGDClassifier
from underhood.models import (
    Adaline,
    ConvergenceWarning,
    DivergenceWarning,
    LogisticRegression,
    Perceptron,
    StandardScaler,
    compare_rules,
)
from underhood.models._learning_rules import RULES, train

IRIS = load_iris()
X = (IRIS.data - IRIS.data.mean(axis=0)) / IRIS.data.std(axis=0)
X, Y = X[50:], IRIS.target[50:]
NAMES = IRIS.target_names[Y]


def compared(*arguments, **options):
    """Compare without the warning that a perceptron gives on rows that no plane separates."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return compare_rules(*arguments, **options)


@pytest.mark.parametrize("rate", [0.01, 0.1])
def test_the_steps_are_the_models_own(rate):
    found = compared(X, NAMES, learning_rate=rate, n_steps=300, shuffle=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        perceptron = Perceptron(learning_rate=rate, max_iter=3, shuffle=False, n_iter_no_change=None).fit(X, Y)
        adaline = Adaline(learning_rate=rate, solver="stochastic", max_iter=3, tol=None, shuffle=False).fit(X, Y)
    for model, name in ((perceptron, "Perceptron"), (adaline, "Adaline")):
        np.testing.assert_allclose(found[name].weights[[100, 200, 300]], model.history_.weights, rtol=1e-12)
        np.testing.assert_allclose(found[name].bias[[100, 200, 300]], model.history_.bias, rtol=1e-12, atol=1e-15)
    assert np.count_nonzero(found["Perceptron"].error[:100]) == perceptron.history_.updates[0]
    np.testing.assert_array_equal(found["Adaline"].wrong[[100, 200, 300]], adaline.history_.errors)


@pytest.mark.parametrize(("name", "loss"), [("LogisticRegression", "log_loss"), ("LinearSVC", "hinge")])
def test_the_steps_are_scikit_learns(name, loss):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = SGDClassifier(
            loss=loss, penalty=None, learning_rate="constant", eta0=0.05, max_iter=2, tol=None, shuffle=False
        ).fit(X, Y)
    order = np.tile(np.arange(100), 2)
    weights, bias, *_ = train(RULES[name], X, (Y == 2).astype(int), order, 0.05, np.zeros(4), 0.0)
    np.testing.assert_allclose(weights[-1], theirs.coef_[0], rtol=1e-10)
    assert bias[-1] == pytest.approx(theirs.intercept_[0], rel=1e-10)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_an_error_is_the_slope_of_the_loss(rule):
    for s in (-1.0, 1.0):
        for z in (-800.0, -2.3, -0.4, 0.3, 0.9, 1.7, 800.0):
            step = 1e-6 * max(abs(z), 1.0)
            slope = (rule.row_loss(s, z + step) - rule.row_loss(s, z - step)) / (2 * step)
            assert -rule.error(s, z) == pytest.approx(slope, rel=1e-6, abs=1e-8)


def test_all_start_alike_and_see_the_same_rows():
    start = [0.5, -0.5, 0.0, 1.0]
    found = compared(X, NAMES, n_steps=250, initial_weights=start, initial_bias=-0.25)
    for one in found:
        np.testing.assert_array_equal(one.weights[0], start)
        assert one.bias[0] == -0.25
        assert len(one.z) == 250
        rows = X[found.order]
        np.testing.assert_allclose(one.z, np.sum(rows * one.weights[:-1], axis=1) + one.bias[:-1], rtol=1e-12)
        np.testing.assert_allclose(np.diff(one.bias), 0.1 * one.error, atol=1e-14)
        np.testing.assert_allclose(np.diff(one.weights, axis=0), 0.1 * one.error[:, None] * rows, atol=1e-14)
        at_end = X @ one.weights[-1] + one.bias[-1] > 0
        assert one.wrong[-1] == np.count_nonzero(at_end != (Y == 2))
    assert sorted(found.order[:100]) == sorted(found.order[100:200]) == list(range(100))
    assert (found.order[:100] != found.order[100:200]).any()
    np.testing.assert_array_equal(compared(X, NAMES, n_steps=250).order, found.order)
    assert (compared(X, NAMES, random_state=1).order != found.order[:50]).any()


def test_the_finished_fits_are_those_of_the_models():
    models = [LogisticRegression(C=10.0), Adaline(solver="stochastic", tol=0.1)]
    found = compared(X, NAMES, models)
    assert [one.name for one in found] == ["LogisticRegression", "Adaline"]
    np.testing.assert_array_equal(found[0].fitted.coef_, LogisticRegression(C=10.0).fit(X, NAMES).coef_)
    assert found[0].score == found[0].fitted.score(X, NAMES)
    assert not hasattr(models[0], "coef_")


def test_what_differs_is_told_in_formulas_and_numbers():
    frame = pd.DataFrame(X[:, [0, 2]], columns=["length", "width"])
    found = compared(frame, NAMES, n_steps=30)
    text = repr(found)
    for part in (
        "w ← w + 2η·(y − z)·x",
        "where y·z ≤ 0",
        "σ(z) = 1/(1 + e^(−z))",
        "max(0, −y·z)",
        "w(width)",
        "finished",
    ):
        assert part in text
    assert found._repr_html_().count("<table>") == found._repr_html_().count("</table>") >= 1
    assert "&lt;" in compared(frame.rename(columns={"width": "<b>"}), NAMES, n_steps=3)._repr_html_()
    header, rows = found.table()
    assert len(rows) == 30
    assert {len(row) for row in rows} == {len(header)}
    assert header[3:9] == ["Perceptron: z", "error", "w(length)", "w(width)", "b", "wrong rows"]
    assert found.table(3, 5)[1] == rows[2:5]
    assert float(rows[4][3]) == pytest.approx(found[0].z[4], rel=1e-3)
    assert "30 steps" in repr(found["Adaline"])
    with pytest.raises(KeyError, match="there is no rule 'SVC'; there are Perceptron"):
        found["SVC"]


@pytest.mark.parametrize("features", [1, 2, 4])
def test_pictures_show_every_rule_at_every_step(features):
    found = compared(X[:, :features], NAMES, n_steps=12)
    picture = found.plot(steps=[0, 12])
    assert len(picture.axes) == 3 * 3
    if features == 4:
        picture.canvas.draw()
        assert len(found.plot().axes) == 3 * 6
    shown = found.animate()
    data = json.loads(re.search(r"const data = (.*);\n", shown.html).group(1).replace("<\\/", "</"))
    assert len(data["panels"]) == 3
    for panel in data["panels"]:
        assert len(panel["regions"]) == len(panel["rings"]) == len(panel["captions"]) == len(data["text"]) == 13
    assert data["text"][0] == "the start"
    assert "stroke-dasharray" in shown.html
    assert "http" not in shown.html
    assert len(found.animate(kind="frames", frames=1).axes) == 6


def test_numbers_that_leave_the_doubles_end_a_rules_steps():
    with pytest.warns(DivergenceWarning, match=r"the numbers of Adaline left the range of doubles: learning_rate=100"):
        found = compared(X * 100, NAMES, learning_rate=100.0, n_steps=400)
    assert len(found["Adaline"].z) < 400
    assert len(found["Perceptron"].z) == 400
    for one in found:
        for values in (one.weights, one.bias, one.z, one.row_loss):
            assert np.isfinite(values).all()
    assert "—" in found.table()[1][-1]
    found.plot()
    found.animate()


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((X, np.arange(100) % 3), {}, ValueError, "y has 3 classes, but one plane tells two apart"),
        ((X, np.zeros(100)), {}, ValueError, "y has only one class"),
        ((X, Y[:9]), {}, ValueError, "y is a vector of 9, but X has 100 rows"),
        ((X * np.nan, Y), {}, ValueError, "X holds NaN"),
        ((X, Y, [LinearRegression()]), {}, TypeError, "models has LinearRegression, but the rules that are known"),
        ((X, Y, [StandardScaler]), {}, TypeError, "models has StandardScaler"),
        ((X, Y, [3]), {}, TypeError, "models has int"),
        ((X, Y, []), {}, ValueError, "models is empty"),
        ((X, Y, "Adaline"), {}, TypeError, "models must be a sequence"),
        ((X, Y), {"learning_rate": 0.0}, ValueError, "learning_rate is 0"),
        ((X, Y), {"learning_rate": np.nan}, ValueError, "learning_rate is nan"),
        ((X, Y), {"learning_rate": "fast"}, TypeError, "learning_rate is a str"),
        ((X, Y), {"n_steps": 0}, ValueError, "n_steps is 0"),
        ((X, Y), {"n_steps": 2.5}, ValueError, "n_steps is 2.5"),
        ((X, Y), {"initial_weights": [1.0]}, ValueError, "initial_weights has 1 entries, but X has 4 features"),
        ((X, Y), {"initial_bias": None}, TypeError, "initial_bias is a NoneType"),
        ((X, Y), {"random_state": "seed"}, TypeError, "random_state is a str"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(arguments, options, error, message):
    with pytest.raises(error, match=f"compare_rules: {message}"):
        compare_rules(*arguments, **options)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda found: found.plot(steps=[99]), "steps holds 99, but there are 50 steps"),
        (lambda found: found.plot(steps=3), "steps must be a sequence"),
        (lambda found: found.animate("gif"), "kind is 'gif'"),
        (lambda found: found.animate(frames=0), "frames is 0"),
    ],
)
def test_impossible_pictures_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(compared(X, NAMES))
