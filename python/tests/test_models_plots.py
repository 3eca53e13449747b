"""Pictures of models: what is drawn where, and pages that move."""

import json
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris
from underhood.models import (
    SVC,
    Adaline,
    DivergenceWarning,
    Lasso,
    LogisticRegression,
    Perceptron,
    Pipeline,
    Ridge,
    StandardScaler,
    make_pipeline,
)
from underhood.models._moving_boundary import regions
from underhood.models._plane_of_rows import plane_of

IRIS = load_iris()
X = (IRIS.data - IRIS.data.mean(axis=0)) / IRIS.data.std(axis=0)
NAMES = IRIS.target_names[IRIS.target]
TWO = IRIS.target[:100]
MODELS = [Perceptron(), Adaline(tol=0.01), LogisticRegression()]


def words(ax):
    """Everything that is written in a picture."""
    return " ".join(text.get_text() for text in ax.findobj(plt.Text))


# The plane.


def test_two_features_are_the_plane_themselves():
    plane = plane_of("draw", X[:, :2], ["a", "b"])
    np.testing.assert_array_equal(plane.points, X[:, :2])
    np.testing.assert_array_equal(plane.lift(X[:, :2]), X[:, :2])
    assert plane.labels == ("a", "b")
    assert plane.note == ""


@pytest.mark.parametrize("rows", [1, 2, 3, 150, 3000])
def test_the_plane_of_many_features_is_that_of_the_principal_components(rows):
    data = np.resize(IRIS.data, (rows, 4)) * [1.0, 1e150, 1e-150, 1.0]
    plane = plane_of("draw", data, list("abcd"))
    assert plane.points.shape == (rows, 2)
    # What stands in the plane is found where it stands.
    again = plane.lift(plane.points)
    scale = np.abs(plane.basis).max(axis=0)
    mean = data.mean(axis=0)
    spread = np.where(data.std(axis=0) > 0, data.std(axis=0), 1.0) if rows > 1 else np.ones(4)
    if rows >= 150:
        Z = (np.resize(IRIS.data, (rows, 4)) - np.resize(IRIS.data, (rows, 4)).mean(axis=0)) / np.resize(
            IRIS.data, (rows, 4)
        ).std(axis=0)
        values = np.linalg.eigvalsh(np.cov(Z.T))[::-1]
        assert f"{values[:2].sum() / values.sum():.0%}" in plane.note
        np.testing.assert_allclose(plane.points.var(axis=0, ddof=1), values[:2], rtol=1e-10)
        assert np.corrcoef(plane.points.T)[0, 1] == pytest.approx(0, abs=1e-10)
        # Projecting twice changes nothing.
        np.testing.assert_allclose(
            ((again - mean) / spread)[:, [0, 3]], (plane.points @ (plane.basis / spread))[:, [0, 3]], atol=1e-9
        )
    assert np.isfinite(again).all()
    assert np.isfinite(scale).all()


def test_regions_are_what_the_model_predicts():
    rng = np.random.default_rng(0)
    for classes, features in ((2, 2), (3, 2), (3, 4), (5, 3), (2, 1)):
        data, labels = rng.normal(size=(200, features)), np.arange(200) % classes
        data += 2 * rng.normal(size=(classes, features))[labels]
        model = LogisticRegression().fit(data, labels)
        plane = plane_of("draw", data, [f"x{j}" for j in range(features)])
        parts = regions(plane, model.coef_, model.intercept_)
        low, high = plane.corners()
        areas = [0.5 * abs(np.sum(np.cross(p, np.roll(p, -1, axis=0)))) if len(p) else 0.0 for p in map(pad, parts)]
        assert sum(areas) == pytest.approx(np.prod(high - low), rel=1e-9)
        for k, part in enumerate(parts):
            if len(part):
                middle = part.mean(axis=0, keepdims=True)
                assert model.predict(plane.lift(middle)) == [k]


def pad(polygon):
    """Lay a polygon into space, where NumPy knows the cross product."""
    return np.column_stack([polygon, np.zeros(len(polygon))]) if len(polygon) else polygon


# Still pictures.


@pytest.mark.parametrize("model", MODELS, ids=repr)
@pytest.mark.parametrize("features", [1, 2, 4])
def test_boundaries_of_any_number_of_features_and_classes(model, features):
    data = IRIS.data[:, 4 - features :] - 1.0
    data = (data - data.mean(axis=0)) / data.std(axis=0)
    for labels in (NAMES, TWO == 1):
        rows = len(labels)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("warnings.warn", lambda *_, **__: None)
            model.fit(data[:rows], labels)
        ax = model.plot_boundary(data[:rows], labels)
        if model is MODELS[0]:
            ax.figure.canvas.draw()
        assert ("principal" in words(ax)) == (features > 2)
        assert {text.get_text() for text in ax.get_legend().get_texts()} == {str(label) for label in set(labels)}
    own = plt.figure().add_subplot()
    assert model.plot_boundary(data[:rows], labels, own) is own


def test_a_frame_gives_its_names_and_strange_labels_are_shown():
    frame = pd.DataFrame(X[:100, :2], columns=["length", "width"])
    model = LogisticRegression().fit(frame, NAMES[:100])
    ax = model.plot_boundary(frame, NAMES[:100])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("length", "width")
    other = model.plot_boundary(X[:, :2], NAMES)
    assert "virginica (not trained)" in words(other)
    some = model.plot_boundary(np.tile(X[:100, :2], (40, 1)), np.tile(NAMES[:100], 40))
    assert "3,000 of 4,000 rows" in words(some)


def test_a_pipeline_draws_in_the_units_that_came_in():
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(IRIS.data[:, :2] * 1000, NAMES)
    ax = pipeline.plot_boundary(IRIS.data[:, :2] * 1000, NAMES)
    assert ax.get_xlim()[1] > 5000
    assert pipeline.plot_history().get_xlabel() == "step"
    with pytest.raises(AttributeError, match="its last step is no classifier"):
        Pipeline([("scale", StandardScaler())]).fit(X).plot_boundary(X, NAMES)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_histories_draw_loss_and_errors(model):
    ax = model.fit(X[:100], TWO).plot_history()
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), model.history_.loss)
    assert "wrongly classified rows" in words(ax.figure)
    assert model.stop_reason_[:20] in ax.get_title()


def test_any_history_with_a_loss_is_drawn():
    class Trace:
        epoch = np.arange(5)
        loss = 10.0 ** -np.arange(5)
        duality_gap = 10.0 ** -np.arange(5.0)
        convention = "loss: half the sum of squares"

    class Model(LogisticRegression):
        pass

    model = Model().fit(X, NAMES)
    model.history_ = Trace()
    ax = model.plot_history()
    assert ax.get_yscale() == "log"
    assert "duality gap" in words(ax.figure)
    Trace.duality_gap = None
    assert "gap" not in words(model.plot_history().figure)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_the_loss_surface_is_the_histories_loss_at_the_fit(model):
    from underhood.models._loss_surface import loss_course

    for labels, label in ((TWO, None), (NAMES, "versicolor")):
        rows = len(labels)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("warnings.warn", lambda *_, **__: None)
            model.fit(X[:rows], labels)
        history = model.history_[label] if isinstance(model.history_, dict) else model.history_
        for weights in (None, (0, 1), (2, "bias"), ("x3", "x0")):
            course, names = loss_course(model, X[:rows], labels, weights, label, None, "test")
            at_end = course.f(course.path[-1])
            if not isinstance(model, Perceptron):  # whose loss is that of rows as they were presented
                assert at_end == pytest.approx(history.loss[-1], rel=1e-9)
            assert len(course.path) == len(history) + (history.epoch[0] == 1)
            assert names[1] == ("bias" if weights == (2, "bias") else names[1])
    ax = model.plot_loss_surface(X, NAMES, label="setosa")
    ax.figure.canvas.draw()
    assert "held at the fit" in words(ax)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_a_row_of_weight_two_is_on_the_surface_twice(model):
    from underhood.models._loss_surface import loss_course

    times = np.arange(100) % 3
    model.fit(np.repeat(X[:100, :2], times, axis=0), np.repeat(TWO, times))
    once = loss_course(model, X[:100, :2], TWO, None, None, times.astype(float), "test")[0]
    often = loss_course(model, np.repeat(X[:100, :2], times, axis=0), np.repeat(TWO, times), None, None, None, "test")[
        0
    ]
    for at in (np.zeros(2), np.array([0.3, -1.2])):
        assert once.f(at) == pytest.approx(often.f(at), rel=1e-12)


def test_training_that_diverged_is_drawn_where_it_began():
    with pytest.warns(DivergenceWarning):
        model = Adaline(learning_rate=2.0).fit(X[:100, :2], TWO)
    ax = model.plot_loss_surface(X[:100, :2], TWO)
    ax.figure.canvas.draw()
    assert "held at the start" in words(ax)
    assert np.ptp(ax.get_xlim()) < 100 < np.abs(model.coef_).max()


def test_the_adalines_surface_is_lowest_at_least_squares():
    model = Adaline(tol=1e-10, max_iter=20_000).fit(X[:100, [0]], TWO)
    from underhood.models._loss_surface import loss_course

    course, names = loss_course(model, X[:100, [0]], TWO, None, None, None, "test")
    assert names == ("weight of x0", "bias")
    best = np.linalg.lstsq(np.column_stack([X[:100, 0], np.ones(100)]), np.where(TWO == 1, 1.0, -1.0), rcond=None)[0]
    step = 1e-4
    for direction in (np.array([1.0, 0.0]), np.array([0.0, 1.0])):
        ahead, behind = course.f(best + step * direction), course.f(best - step * direction)
        # A parabola around its lowest point: equally high on both sides.
        assert ahead == pytest.approx(behind, abs=1e-12)
        assert ahead > course.f(best)


# Pages that move.


def data_of(page):
    """The numbers in a page."""
    return json.loads(re.search(r"const data = (.*);\n", page).group(1).replace("<\\/", "</"))


@pytest.mark.parametrize("model", MODELS, ids=repr)
@pytest.mark.parametrize("features", [1, 2, 4])
def test_a_page_shows_the_boundary_at_every_epoch(model, features, tmp_path):
    for labels in (TWO, NAMES):
        rows = len(labels)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("warnings.warn", lambda *_, **__: None)
            model.fit(X[:rows, :features], labels)
        shown = model.animate(X[:rows, :features], labels, frames=12)
        assert shown.html.startswith("<!doctype html>")
        assert "http" not in shown.html
        data = data_of(shown.html)
        (panel,) = data["panels"]
        classes = len(set(labels))
        assert len(panel["regions"]) == len(data["text"]) <= 12
        assert {len(moment) for moment in panel["regions"]} == {classes}
        assert data["text"][0].startswith("epoch 0")
        for k in range(classes):
            assert f'id="panel0class{k}"' in shown.html
        assert "nan" not in shown.html.lower().replace("dominant", "")
        shown.save(tmp_path / "page.html")
        assert (tmp_path / "page.html").read_text(encoding="utf-8") == shown.html
        assert "iframe" in shown._repr_html_()


def test_stills_and_the_loss_move_too():
    model = Adaline(tol=0.01).fit(X[:100, :2], TWO)
    still = model.animate(X[:100, :2], TWO, kind="frames", frames=4)
    assert len([ax for ax in still.axes if ax.get_visible()]) == 4
    still.canvas.draw()
    loss = model.animate(X[:100, :2], TWO, what="loss")
    assert len(data_of(loss.html)["path"]) == len(model.history_) + 1
    assert len(model.animate(X[:100, :2], TWO, what="loss", kind="frames").axes) >= 4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: model.animate(X[:100], TWO, kind="gif"), "Adaline.animate: kind is 'gif'"),
        (lambda model: model.animate(X[:100], TWO, what="weights"), "what is 'weights'"),
        (lambda model: model.animate(X[:100], TWO, frames=0), "frames is 0"),
        (lambda model: model.animate(X[:100], TWO[:5]), "Adaline.animate: y is a vector of 5, but X has 100 rows"),
        (lambda model: model.plot_boundary(X[:100, :3], TWO), "Adaline.plot_boundary: X has 3 features"),
        (lambda model: model.plot_boundary(X[:100] * np.nan, TWO), "Adaline.plot_boundary: X holds NaN"),
        (lambda model: model.plot_loss_surface(X[:100], TWO, weights=(0, 0)), "weights is .0, 0., but must be two of"),
        (lambda model: model.plot_loss_surface(X[:100], TWO, weights=("a", "b")), "two of x0, x1, x2, x3, bias"),
        (lambda model: model.plot_loss_surface(X[:100], TWO, label=7), "label is 7, but the classes are 0, 1"),
        (lambda model: model.plot_loss_surface(X[:100], TWO + 1), "y has labels that the model was not trained with"),
    ],
)  # fmt: skip
def test_impossible_pictures_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call(Adaline(tol=0.01).fit(X[:100], TWO))


def test_without_a_history_there_is_nothing_to_show():
    model = Perceptron(keep_history=False).fit(X[:100], TWO)
    for call in (model.plot_history, lambda: model.animate(X, TWO), lambda: model.plot_loss_surface(X[:100], TWO)):
        with pytest.raises(ValueError, match=r"Perceptron\.\w+: "):
            call()
    model.plot_boundary(X[:100], TWO)


def test_what_is_drawn_beside_several_losses_is_told_apart():
    multi = np.column_stack([X[:, 0] + X[:, 1], X[:, 1] - X[:, 2]])
    for ax in (
        LogisticRegression().fit(X, NAMES).plot_history(),
        Adaline(tol=0.01).fit(X, NAMES).plot_history(),
        SVC().fit(X, NAMES).plot_history(),
        Lasso(0.01).fit(X, multi).plot_history(),
    ):
        beside = [other for other in ax.figure.axes if other is not ax]
        for lines in (ax.get_lines(), *(other.get_lines() for other in beside)):
            colours = [line.get_color() for line in lines]
            assert len(set(colours)) == len(colours)
        plt.close(ax.figure)


def test_residuals_are_drawn_where_they_are():
    y = X[:, 0] ** 2 + X[:, 1]
    model = Ridge().fit(X, y)
    ax = model.plot_residuals(X, y)
    points = np.asarray(ax.collections[0].get_offsets())
    np.testing.assert_array_equal(points, np.column_stack([model.predict(X), y - model.predict(X)]))
    assert f"{np.sqrt(np.mean((y - model.predict(X)) ** 2)):.4g}" in ax.get_title()
    several = Ridge().fit(X, np.column_stack([y, -y, X])).plot_residuals(X, np.column_stack([y, -y, X]))
    assert len(several.collections) == 6
    assert [text.get_text() for text in several.get_legend().get_texts()] == [f"target {t}" for t in range(6)]
    many = Ridge().fit(np.tile(X, (30, 1)), np.tile(y, 30)).plot_residuals(np.tile(X, (30, 1)), np.tile(y, 30))
    assert "3,000 of 4,500 rows" in many.get_title()
    pipeline = make_pipeline(StandardScaler(), Ridge()).fit(X, y)
    np.testing.assert_allclose(
        np.asarray(pipeline.plot_residuals(X, y).collections[0].get_offsets()), points, atol=1e-9
    )
    assert not hasattr(make_pipeline(StandardScaler(), Perceptron()), "plot_residuals")
    with pytest.raises(ValueError, match=r"^Ridge.plot_residuals: y has 149 rows, but X has 150 rows"):
        model.plot_residuals(X, y[1:])
    with pytest.raises(ValueError, match=r"^Ridge.plot_residuals: y is \(150, 4\), but the predictions are \(150,\)"):
        model.plot_residuals(X, X)
    plt.close("all")
