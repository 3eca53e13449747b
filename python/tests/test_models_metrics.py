"""Scores beside scikit-learn's, their limits, and what is refused."""

import itertools
import warnings

import numpy as np
import pytest
import sklearn.metrics as theirs
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import UndefinedMetricWarning as SklearnUndefinedMetricWarning
from underhood import models as ours
from underhood.models import UndefinedMetricWarning

SAME = {"rtol": 1e-14, "atol": 1e-15}
"""Sums of some ten terms, added in another order."""

RNG = np.random.default_rng(7)
KINDS = {
    "two": (RNG.integers(0, 2, 60), RNG.integers(0, 2, 60)),
    "three": (RNG.integers(0, 3, 60), RNG.integers(0, 3, 60)),
    "text": tuple(np.array(["a", "b", "c"])[RNG.integers(0, 3, 60)] for _ in range(2)),
    "rare": (np.array([0] * 58 + [1, 2]), RNG.integers(0, 2, 60)),
}
WEIGHTS = np.where(RNG.uniform(size=60) < 0.1, 0.0, RNG.uniform(size=60))


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("kind", KINDS)
def test_scores_of_classes_are_scikit_learns(kind, weights):
    true, found = KINDS[kind]
    for name, options in [
        ("accuracy_score", {}),
        ("accuracy_score", {"normalize": False}),
        ("balanced_accuracy_score", {}),
        ("balanced_accuracy_score", {"adjusted": True}),
        ("matthews_corrcoef", {}),
        ("confusion_matrix", {}),
        ("confusion_matrix", {"normalize": "true"}),
        ("confusion_matrix", {"normalize": "pred"}),
        ("confusion_matrix", {"normalize": "all"}),
    ]:
        expected = getattr(theirs, name)(true, found, sample_weight=weights, **options)
        result = getattr(ours, name)(true, found, sample_weight=weights, **options)
        np.testing.assert_allclose(result, expected, **SAME, err_msg=name)


@pytest.mark.parametrize("zero_division", [0.0, 1.0, np.nan])
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("average", [None, "macro", "micro", "weighted"])
@pytest.mark.parametrize("kind", KINDS)
def test_precision_recall_and_f_are_scikit_learns(kind, average, weights, zero_division):
    true, found = KINDS[kind]
    shared = {"average": average, "sample_weight": weights, "zero_division": zero_division}
    for labels in (None, np.unique(true)[1:], [*np.unique(true), "z" if kind == "text" else 9]):
        for beta in (1.0, 0.5, 0, np.inf):
            options = shared | {"labels": labels, "beta": beta}
            expected = theirs.precision_recall_fscore_support(true, found, **options)
            result = ours.precision_recall_fscore_support(true, found, **options)
            for a, b in zip(result, expected, strict=True):
                assert (a is None) == (b is None)
                if a is not None:
                    np.testing.assert_allclose(a, b, **SAME)
        options = shared | {"labels": labels}
        for name in ("precision_score", "recall_score", "f1_score"):
            np.testing.assert_allclose(
                getattr(ours, name)(true, found, **options), getattr(theirs, name)(true, found, **options), **SAME
            )


@pytest.mark.parametrize("pos_label", [0, 1])
def test_one_class_of_two_is_reported_by_default(pos_label):
    true, found = KINDS["two"]
    for name in ("precision_score", "recall_score", "f1_score"):
        expected = getattr(theirs, name)(true, found, pos_label=pos_label)
        assert getattr(ours, name)(true, found, pos_label=pos_label) == pytest.approx(expected, rel=1e-15)
    expected = theirs.fbeta_score(true, found, beta=2, pos_label=pos_label)
    assert ours.fbeta_score(true, found, beta=2, pos_label=pos_label) == pytest.approx(expected, rel=1e-15)
    assert ours.precision_score([0, 0], [0, 0], zero_division=0) == 0


def test_nothing_over_nothing_is_warned_about_in_both_families():
    with pytest.warns(UndefinedMetricWarning, match="precision_score: no row is predicted as 1: the precision is 0/0"):
        assert ours.precision_score([0, 1], [0, 0]) == 0
    with pytest.warns(SklearnUndefinedMetricWarning, match="recall_score: there is no row of 1"):
        ours.recall_score([0, 0], [0, 1])
    with pytest.warns(UndefinedMetricWarning, match="F-score") as caught:
        ours.f1_score([0, 0], [0, 0], labels=[0, 5], average="macro")
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ours.f1_score([0, 1], [0, 0]) == 0


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_report_has_scikit_learns_numbers_and_reads_as_a_table(kind, weights):
    true, found = KINDS[kind]
    some = np.unique(true)[1:]
    for labels in (None, some):
        options = {"labels": labels, "sample_weight": weights, "zero_division": 0.0, "output_dict": True}
        expected = theirs.classification_report(true, found, **options)
        result = ours.classification_report(true, found, **options)
        assert result.keys() == expected.keys()
        for name, entry in expected.items():
            if isinstance(entry, dict):
                assert result[name] == pytest.approx(entry, rel=1e-14)
            else:
                assert result[name] == pytest.approx(entry, rel=1e-14)
    report = ours.classification_report(true, found, zero_division=0, digits=3)
    text = str(report)
    assert f"{report.accuracy:.3f}" in text
    assert "weighted avg" in text
    assert "<table>" in report._repr_html_()
    named = ours.classification_report(
        KINDS["two"][0], KINDS["two"][1], target_names=["<no>", "yes"], sample_weight=weights
    )
    assert "&lt;no&gt;" in named._repr_html_()
    with pytest.raises(ValueError, match="target_names has 1 names for 2 labels"):
        ours.classification_report([0, 1], [0, 1], target_names=["a"])


SCORES = {
    "plain": RNG.normal(size=60),
    "ties": np.round(RNG.normal(size=60), 1),
    "two values": RNG.integers(0, 2, 60).astype(float),
    "one value": np.zeros(60),
}


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("kind", SCORES)
def test_curves_and_areas_are_scikit_learns(kind, weights):
    true, score = KINDS["two"][0], SCORES[kind]
    for drop in (True, False):
        for name in ("roc_curve", "precision_recall_curve"):
            expected = getattr(theirs, name)(true, score, sample_weight=weights, drop_intermediate=drop)
            result = getattr(ours, name)(true, score, sample_weight=weights, drop_intermediate=drop)
            if weights is not None and drop:
                # Which points are on a line to the last bit depends on how weights are added up.
                continue
            for a, b in zip(result, expected, strict=True):
                np.testing.assert_allclose(a, b, **SAME)
    for share in (None, 0.3, 1.0):
        expected = theirs.roc_auc_score(true, score, sample_weight=weights, max_fpr=share)
        assert ours.roc_auc_score(true, score, sample_weight=weights, max_fpr=share) == pytest.approx(
            expected, rel=1e-14
        )
    expected = theirs.average_precision_score(true, score, sample_weight=weights)
    assert ours.average_precision_score(true, score, sample_weight=weights) == pytest.approx(expected, rel=1e-14)
    fpr, tpr, _ = curve = ours.roc_curve(true, score, sample_weight=weights)
    assert ours.auc(fpr, tpr) == pytest.approx(curve.auc, rel=1e-14)
    assert ours.auc(fpr[::-1], tpr[::-1]) == pytest.approx(curve.auc, rel=1e-14)
    text = np.array(["no", "yes"])[true]
    assert ours.roc_auc_score(text, score, sample_weight=weights) == curve.auc
    assert ours.roc_curve(text, score, pos_label="yes", sample_weight=weights).auc == curve.auc


@given(st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), min_size=2, max_size=40))
def test_the_area_is_the_share_of_pairs_in_order(rows):
    plus = [score for positive, score in rows if positive]
    minus = [score for positive, score in rows if not positive]
    truth, score = [int(positive) for positive, _ in rows], [float(score) for _, score in rows]
    if not plus or not minus:
        with pytest.raises(ValueError, match="only one class"):
            ours.roc_auc_score(truth, score)
        return
    order = [(a > b) + (a == b) / 2 for a, b in itertools.product(plus, minus)]
    # Halves of whole numbers: exact.
    assert ours.roc_auc_score(truth, score) == sum(order) / len(order)


def chances(true, classes):
    z = RNG.normal(size=(len(true), classes))
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


@pytest.mark.parametrize("kind", ["three", "text"])
def test_areas_of_many_classes_are_scikit_learns(kind):
    true = KINDS[kind][0]
    p = chances(true, 3)
    for average in ("macro", "weighted", "micro", None):
        for weights in (None, WEIGHTS):
            options = {"average": average, "sample_weight": weights, "multi_class": "ovr"}
            np.testing.assert_allclose(
                ours.roc_auc_score(true, p, **options), theirs.roc_auc_score(true, p, **options), **SAME
            )
            options.pop("multi_class")
            np.testing.assert_allclose(
                ours.average_precision_score(true, p, **options),
                theirs.average_precision_score(true, p, **options),
                **SAME,
            )
    for average in ("macro", "weighted"):
        options = {"average": average, "multi_class": "ovo"}
        np.testing.assert_allclose(
            ours.roc_auc_score(true, p, **options), theirs.roc_auc_score(true, p, **options), **SAME
        )
    labels = np.unique(true)
    assert ours.roc_auc_score(true, p, multi_class="ovo", labels=labels) == ours.roc_auc_score(
        true, p, multi_class="ovo"
    )


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
def test_losses_of_probabilities_are_scikit_learns(weights):
    for kind, classes in (("two", 2), ("three", 3), ("text", 3)):
        true = KINDS[kind][0]
        p = chances(true, classes)
        for normalize in (True, False):
            options = {"normalize": normalize, "sample_weight": weights}
            assert ours.log_loss(true, p, **options) == pytest.approx(theirs.log_loss(true, p, **options), rel=1e-14)
    true, p = KINDS["two"][0], RNG.uniform(size=60)
    assert ours.log_loss(true, p, sample_weight=weights) == pytest.approx(
        theirs.log_loss(true, p, sample_weight=weights), rel=1e-14
    )
    for label in (0, 1):
        options = {"sample_weight": weights, "pos_label": label}
        expected = theirs.brier_score_loss(true, p, **options)
        assert ours.brier_score_loss(true, p, **options) == pytest.approx(expected, rel=1e-14)
    assert ours.log_loss([1, 1], [[0.2, 0.8], [0.5, 0.5]], labels=[0, 1]) == pytest.approx(-np.log(0.4) / 2, rel=1e-15)
    assert ours.log_loss([0, 1], np.float32([[0.1, 0.9], [0.3, 0.7]])) > 0


@pytest.mark.parametrize("x", [[0.0, 1.0, 3.0], [3.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 2.0], [2.0, 0.0, 0.0]])
@pytest.mark.parametrize("y", [[-1.0, -1.0, -2.0], [1.0, 2.0, 4.0], [1.0, -3.0, 1.0]])
def test_an_area_has_the_sign_of_the_curve_whichever_way_x_goes(x, y):
    assert ours.auc(x, y) == pytest.approx(theirs.auc(x, y), abs=1e-15)


def test_a_row_without_weight_does_not_make_the_uncut_loss_infinite():
    true, p, weights = [1, 1, 1], [0.5, 1e-30, 0.0], [1.0, 1.0, 0.0]
    with pytest.warns(UndefinedMetricWarning, match=r"1 of 3 rows .*without the cut, the loss is 34\.8853\)"):
        ours.log_loss(true, np.column_stack([1 - np.array(p), p]), labels=[0, 1], sample_weight=weights)
    assert (np.log(2) + 30 * np.log(10)) / 2 == pytest.approx(34.8853, abs=5e-5)


def test_a_confident_error_is_cut_and_told():
    with pytest.warns(UndefinedMetricWarning, match=r"1 of 2 rows .*without the cut, the loss is inf") as caught:
        found = ours.log_loss([0, 1], [1.0, 1.0])
    assert found == pytest.approx(theirs.log_loss([0, 1], [1.0, 1.0]), rel=1e-14)
    assert caught[0].filename == __file__
    with pytest.warns(UndefinedMetricWarning, match="the loss is 230.259"):
        ours.log_loss([1, 1], [1e-100, 1e-100], labels=[0, 1])


TARGETS = RNG.normal(size=(30, 2)), RNG.normal(size=(30, 2))
REGRESSION = [
    "explained_variance_score",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "median_absolute_error",
    "r2_score",
    "root_mean_squared_error",
]


@pytest.mark.parametrize("name", REGRESSION)
def test_scores_of_numbers_are_scikit_learns(name):
    true, found = TARGETS
    for weights in (None, WEIGHTS[:30], np.tile([1.0, 2.0, 1.0], 10)):
        for a, b in ((true, found), (true[:, 0], found[:, 0])):
            for multioutput in ("uniform_average", "raw_values", [0.3, 0.7], "variance_weighted"):
                if multioutput == [0.3, 0.7] and a.ndim == 1:
                    continue
                if multioutput == "variance_weighted" and name not in ("explained_variance_score", "r2_score"):
                    continue
                options = {"sample_weight": weights, "multioutput": multioutput}
                np.testing.assert_allclose(
                    getattr(ours, name)(a, b, **options), getattr(theirs, name)(a, b, **options), **SAME
                )
    assert ours.max_error(true[:, 0], found[:, 0]) == theirs.max_error(true[:, 0], found[:, 0])


def test_constant_targets_are_judged_as_by_scikit_learn():
    ones, steps = np.ones(5), np.arange(5.0)
    for name in ("r2_score", "explained_variance_score"):
        for a, b in ((ones, ones), (ones, steps), (ones, 2 * ones), (steps, steps)):
            assert getattr(ours, name)(a, b) == getattr(theirs, name)(a, b)


@pytest.mark.parametrize("size", [1e-300, 1e-160, 1.0, 1e150, 1e300])
def test_scores_of_numbers_do_not_depend_on_their_unit(size):
    true, found = np.array([1.0, 2.0, 4.0]), np.array([1.0, 3.0, 2.0])
    for name in ("r2_score", "explained_variance_score", "mean_absolute_percentage_error"):
        score = getattr(ours, name)
        assert score(true * size, found * size) == pytest.approx(score(true, found), rel=1e-14)
    both = np.column_stack([true, true * size]), np.column_stack([found, found * size])
    for name in ("r2_score", "explained_variance_score"):
        each = getattr(ours, name)(*both, multioutput="raw_values")
        assert each[1] == pytest.approx(each[0], rel=1e-14)
    for name in ("mean_absolute_error", "median_absolute_error", "max_error", "root_mean_squared_error"):
        score = getattr(ours, name)
        assert score(true * size, found * size) == pytest.approx(size * score(true, found), rel=1e-14)
    far = np.array([1e308, -1e308, 1e308])
    assert ours.r2_score(far, -far) == pytest.approx(ours.r2_score(far / 1e308, -far / 1e308), rel=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ours.mean_squared_error([0.0, 1e200], [0.0, -1e200]), "mean_squared_error: y_pred is so far"),
        (lambda: ours.max_error([1e308], [-1e308]), "max_error: y_pred is so far"),
        (lambda: ours.mean_absolute_percentage_error([1.0, 0.0], [1.0, 1.0]), "y_true is 0 in row 1"),
        (lambda: ours.r2_score([1.0], [1.0], multioutput="mean"), "multioutput is 'mean'"),
        (lambda: ours.mean_squared_error([1.0], [1.0], multioutput=[1.0, 2.0]), "multioutput has 2 weights"),
        (lambda: ours.mean_squared_error([1.0], [1.0], sample_weight=[1.0, 2.0]), "sample_weight has 2 entries"),
        (lambda: ours.accuracy_score([0, 1], [0.2, 0.7]), "y_pred holds 0.2, which is no label"),
        (lambda: ours.precision_score([0, 1, 2], [0, 1, 2]), 'classes, but average="binary" is for two'),
        (lambda: ours.precision_score(["a", "b"], ["a", "b"]), "pos_label is 1, but the classes are 'a' and 'b'"),
        (lambda: ours.f1_score([0, 1], [0, 1], average="samples"), "average is 'samples'"),
        (lambda: ours.f1_score([0, 1], [0, 1], zero_division=2), "zero_division is 2"),
        (lambda: ours.fbeta_score([0, 1], [0, 1], beta=-1), "beta is -1"),
        (lambda: ours.confusion_matrix([0, 1], [0, 1], normalize="rows"), "normalize is 'rows'"),
        (lambda: ours.confusion_matrix([0, 1], [0, 1], labels=[0, 1, 1]), "labels names a class twice"),
        (lambda: ours.balanced_accuracy_score([0, 0], [0, 0], adjusted=True), "y_true has one class"),
        (lambda: ours.roc_auc_score([0, 0], [0.1, 0.2]), "y_true has only one class"),
        (lambda: ours.roc_auc_score([0, 1, 2], np.eye(3)), 'multi_class is \'raise\', but y_true has 3 classes'),
        (lambda: ours.roc_auc_score([0, 1, 2], np.eye(3) * 2, multi_class="ovr"), "y_score sums to 2 in row 0"),
        (lambda: ours.roc_auc_score([0, 1, 2], np.eye(3)[:, :2], multi_class="ovr"), "y_score is 3×2"),
        (lambda: ours.roc_auc_score([0, 1], [[0.5, 0.5], [0.2, 0.8]]), r"predict_proba\(X\)\[:, 1\]"),
        (lambda: ours.roc_auc_score([0, 1], [0.5, 0.8], max_fpr=2), "max_fpr is 2"),
        (lambda: ours.roc_curve(["a", "b"], [0.5, 0.8]), "pos_label is None, but y_true has the classes 'a', 'b'"),
        (lambda: ours.roc_curve([0, 1], [0.5, 0.8], pos_label=3), "pos_label is 3"),
        (lambda: ours.roc_curve([1, 1], [0.5, 0.8]), "y_true has only positive rows"),
        (lambda: ours.auc([0.0, 2.0, 1.0], [0.0, 1.0, 1.0]), "x goes both up and down"),
        (lambda: ours.log_loss([0, 1], [[0.5, 0.5], [0.5, 0.6]]), "y_pred sums to 1.1 in row 1"),
        (lambda: ours.log_loss([0, 1], [0.5, 1.5]), "y_pred holds 1.5 in row 1"),
        (lambda: ours.log_loss([0, 0], [0.5, 0.5]), "y_pred has probabilities of 2 classes, but y_true has 1"),
        (lambda: ours.brier_score_loss([0, 1], [[0.5, 0.5], [0.5, 0.5]]), "y_proba must be a vector"),
        (lambda: ours.plot_confusion([0, 1], [0, 1], labels=[0]), "plot_confusion: labels has no 1"),
        (lambda: ours.plot_roc([0, 0], [0.1, 0.2]), "plot_roc: y_true has only negative rows"),
    ],
)  # fmt: skip
def test_what_makes_no_score_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_pictures_of_scores():
    true, score = KINDS["two"][0], SCORES["ties"]
    ax = ours.plot_roc(true, score, label="one")
    ours.roc_curve(true, -score).plot(ax, label="other")
    assert len(ax.lines) == 3
    assert ax.lines[1].get_color() != ax.lines[2].get_color()
    curve = ours.precision_recall_curve(true, score)
    assert curve.plot().lines[0].get_ydata()[0] == pytest.approx(true.mean())
    assert "average" in repr(curve)
    picture = ours.plot_confusion(*KINDS["text"], normalize="true")
    assert picture.get_ylabel() == "true class"
    np.testing.assert_allclose(picture.images[0].get_array().sum(axis=1), 1.0)
    for drawn in (ax, picture):
        drawn.figure.canvas.draw()
