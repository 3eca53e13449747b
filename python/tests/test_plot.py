"""Pictures: what is drawn, and what is refused."""

import sys

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import polars as pl
import pytest
import underhood as uh
from underhood.plot import _space

PENGUINS = uh.datasets.load("penguins")


@pytest.fixture(autouse=True)
def close_figures():
    """Leave no figure open."""
    yield
    plt.close("all")


@pytest.mark.parametrize("library", [pd.Series, pl.Series, list, np.array])
def test_every_kind_of_column_can_be_drawn(library):
    x, y, by = library([1.0, 2.0, np.nan, 4.0]), library([2.0, 1.0, 3.0, 5.0]), library(["a", "b", "b", "a"])
    ax = uh.plot.scatter(x, y, by=by)
    assert [len(points.get_offsets()) for points in ax.collections] == [2, 1]
    assert len(uh.plot.histogram(x, by=by).patches) > 2
    assert [text.get_text() for text in uh.plot.groups(y, by).get_xticklabels()] == ["a", "b"]


def test_labels_come_from_the_columns_and_missing_groups_are_left_out():
    ax = uh.plot.scatter(PENGUINS["bill_length_mm"], PENGUINS["bill_depth_mm"], by=PENGUINS["sex"])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("bill_length_mm", "bill_depth_mm")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["female", "male"]
    assert sum(len(points.get_offsets()) for points in ax.collections) == 333


def test_it_draws_where_it_is_told():
    _, axes = plt.subplots(1, 2)
    assert uh.plot.histogram([1, 2, 3], ax=axes[1]) is axes[1]
    assert not axes[0].patches


def test_many_points_are_thinned_and_it_is_said():
    ax = uh.plot.scatter(np.arange(10_000.0), np.arange(10_000.0))
    assert len(ax.collections[0].get_offsets()) == 3000
    assert ax.get_title(loc="right") == "3,000 of 10,000 rows"


def test_pairs_draws_numeric_columns_or_the_chosen_ones():
    assert len(uh.plot.pairs(PENGUINS).axes) == 25
    chosen = uh.plot.pairs(PENGUINS, by="species", columns=["bill_length_mm", "bill_depth_mm"])
    assert len(chosen.axes) == 4


@pytest.mark.parametrize(
    ("draw", "error", "message"),
    [
        (lambda: uh.plot.histogram(["a", "b"]), TypeError, "histogram: values does not hold numbers"),
        (lambda: uh.plot.scatter([1, 2], [1, 2, 3]), ValueError, "scatter: x has 2 values, but y has 3"),
        (lambda: uh.plot.scatter([1, 2], [1, 2], by=["a"]), ValueError, "scatter: the groups are 1 labels"),
        (lambda: uh.plot.groups([1, 2], by=3), ValueError, "groups: the groups are a single value"),
        (
            lambda: uh.plot.groups([[1, 2], [3, 4]], ["a", "b"]),
            ValueError,
            "groups: values is a list of 2 samples, but one",
        ),
        (lambda: uh.plot.box([1, 2], by=["a"]), ValueError, "box: the groups are 1 labels"),
        (lambda: uh.plot.strip(["a"]), TypeError, "strip: values does not hold numbers"),
        (lambda: uh.plot.qq([1.0, 2.0]), ValueError, "qq: values has 2 finite values"),
        (lambda: uh.plot.qq([1.0, 2.0, 4.0], "Norml"), ValueError, "did you mean 'Normal'"),
        (lambda: uh.plot.qq([1.0, 2.0, 4.0], 3), TypeError, "qq: distribution is a int"),
        (lambda: uh.plot.qq([1, 2, 4], uh.distributions.Poisson), TypeError, "qq: distribution is discrete"),
        (lambda: uh.plot.qq([1, 2, 4], confidence_level=1), ValueError, "qq: confidence_level is 1"),
        (lambda: uh.plot.histogram([np.nan], fit=True), ValueError, "histogram: values has no finite value"),
        (lambda: uh.plot.correlations(PENGUINS, method="tau"), ValueError, "correlations: method is 'tau'"),
        (lambda: uh.plot.correlations(PENGUINS, columns=["x", "y"]), ValueError, "columns names 'x'"),
        (lambda: uh.plot.correlations(PENGUINS, columns=["sex", "year"]), ValueError, "'sex', which holds no numbers"),
        (lambda: uh.plot.correlations({"a": [1, 2]}), ValueError, "frame has 1 numeric columns"),
        (lambda: uh.plot.heatmap([[1, 2]], ["a"]), ValueError, "heatmap: matrix has the shape"),
        (lambda: uh.plot.heatmap([[1], [1, 2]], ["a"]), TypeError, "heatmap: matrix is ragged"),
        (lambda: uh.plot.heatmap(["a"], ["a"]), TypeError, "heatmap: matrix holds no real numbers"),
        (lambda: uh.plot.heatmap([[1.0]], None), TypeError, "heatmap: names is a NoneType"),
        (lambda: uh.plot.correlations({"a": [1, 2]}, columns=3), TypeError, "correlations: columns is a int"),
        (lambda: uh.plot.pairs({"a": [1, 2]}, columns=[3]), ValueError, "pairs: columns names '3'"),
        (lambda: uh.plot.heatmap([[1.0]], ["a", "b"]), ValueError, "heatmap: names has 2 texts"),
        (lambda: uh.plot.pairs(PENGUINS, by="specie"), ValueError, r"did you mean 'species'\?"),
        (lambda: uh.plot.pairs(PENGUINS, columns=["x"]), ValueError, "pairs: columns names 'x'"),
        (lambda: uh.plot.pairs({"a": ["x", "y"]}), ValueError, "pairs: no column of frame holds numbers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, error, message):
    with pytest.raises(error, match=message):
        draw()


@pytest.mark.parametrize("draw", [uh.plot.box, uh.plot.strip])
@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([[1, 2, 3], [2, 3, 4, 9]], ["1", "2"]),
        ([np.array([1.0, 2.0]), pd.Series([3.0], name="late")], ["1", "late"]),
        ({"b": [1, 2], "a": [4.0, 5, 6]}, ["b", "a"]),
        (pd.DataFrame({"name": [1, 2], "y": [3, 4]}), ["name", "y"]),
        (pl.DataFrame({"x": [1, 2], "y": [3, None]}), ["x", "y"]),
        (np.arange(6.0).reshape(3, 2), ["1", "2"]),
    ],
    ids=["lists", "arrays", "dict", "pandas", "polars", "matrix"],
)
def test_several_samples_need_no_groups(draw, values, names):
    ax = draw(values)
    assert [text.get_text() for text in ax.get_xticklabels()] == names
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("", "")
    with pytest.raises(ValueError, match="which are groups already, so by must be left out"):
        draw(values, by=["a", "b"])


def test_the_samples_of_a_list_are_each_drawn():
    ax = uh.plot.strip([[1, 2, 3], [2, 3, 4, 9]])
    assert [sorted(points.get_offsets()[:, 1]) for points in ax.collections] == [[1, 2, 3], [2, 3, 4, 9]]
    assert [line.get_ydata()[0] for line in ax.lines] == [2.0, 4.5]


DAYS = ["2024-02-28", "2024-03-01", "2025-02-28"]
ONE_SAMPLE = {
    "histogram": uh.plot.histogram,
    "qq": uh.plot.qq,
    "groups": lambda values: uh.plot.groups(values, ["a", "b", "b"]),
    "scatter": lambda values: uh.plot.scatter(values, values),
    "box": uh.plot.box,
    "strip": uh.plot.strip,
}


@pytest.mark.parametrize("function", ONE_SAMPLE)
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "nothing to draw|has 0 finite|groups are 3 labels"),
        ([np.nan, np.inf, None], "no finite value, so there is nothing to draw: 2 missing, 1 infinite|has 0 finite"),
        ([None, None, None], "no finite value, so there is nothing to draw: 3 missing|has 0 finite"),
        ("abc", "is text, but a vector of numbers is needed"),
        ({1, 2, 3}, "is a set, but a vector of numbers is needed"),
        (3.0, "is a float, but a vector of numbers is needed"),
        (["1", "2", "3"], r"does not hold numbers, but text \(such as '1'\)"),
        ([1 + 2j, 2, 3], "but complex numbers"),
        (np.array(DAYS, dtype="M8[D]"), "but dates; turn them into numbers of days"),
        (pd.Series(pd.to_datetime(DAYS)), "but dates; turn them into numbers of days"),
        (pl.Series(DAYS).str.to_date(), "but dates; turn them into numbers of days"),
        (np.array(DAYS, dtype="M8[D]").tolist(), "but dates; turn them into numbers of days"),
        (np.array([1, 2, 3], dtype="m8[D]"), "but durations; turn them into numbers of days"),
        (np.ma.array([1.0, 2, 3], mask=[0, 1, 0]), "is a masked array"),
        ([1e308, -1e308, 1.0], "holds numbers as large as 1e.308"),
        (np.zeros((2, 2, 2)), "has 3 axes"),
    ],
    ids=str,
)
def test_what_is_no_sample_is_refused_in_words(function, values, message):
    with pytest.raises((TypeError, ValueError), match=f"^{function}: .*({message})"):
        ONE_SAMPLE[function](values)


@pytest.mark.parametrize("function", ["histogram", "qq", "groups", "scatter"])
@pytest.mark.parametrize(
    ("values", "found", "first"),
    [
        ([[1, 2, 3], [2, 3, 4, 9]], "a list of 2 samples", "[0]"),
        ({"a": [1, 2], "b": [3]}, "a dict of 2 samples", "['a']"),
        (pd.DataFrame({"a": [1.0], "b": [2.0]}), "a table of 2 columns", "['a']"),
        (np.zeros((3, 2)), "an array of 2 samples (its columns)", "[:, 0]"),
    ],
    ids=["list", "dict", "frame", "matrix"],
)
def test_where_one_sample_is_needed_several_are_refused(function, values, found, first):
    with pytest.raises(ValueError, match=r"but one sample is needed; .* box and strip draw several") as caught:
        ONE_SAMPLE[function](values)
    name = "x" if function == "scatter" else "values"
    assert f"{function}: {name} is {found}" in str(caught.value)
    assert f"such as {name}{first};" in str(caught.value)


def test_the_advice_for_dates_gives_days():
    for values in (
        np.array(DAYS, dtype="M8[D]").tolist(),
        pd.Series(pd.to_datetime(DAYS)),
        pl.Series(DAYS).str.to_date(),
    ):
        days = np.asarray(values, "datetime64[s]")
        np.testing.assert_array_equal((days - np.nanmin(days)) / np.timedelta64(1, "D"), [0, 2, 366])


@pytest.mark.parametrize(
    ("bins", "message"),
    [
        (0, "bins is 0"),
        ("foo", 'bins is "foo", but must be one of "auto"'),
        ([3, 2, 1], "bins are edges that do not ascend"),
        (2.5, "bins is a float"),
        (True, "bins is True"),
        (None, "bins is a NoneType"),
        ([1], "bins has 1 edge"),
        ([1, 1, 3], "bins has two equal edges"),
        (2001, "bins is 2001, but a picture can show at most 2,000"),
        (np.linspace(0, 1, 5000), "bins has 5,000 edges"),
    ],
    ids=str,
)
@pytest.mark.parametrize("fit", [False, True])
def test_bins_that_make_no_sense_are_refused(bins, message, fit):
    with pytest.raises((TypeError, ValueError), match=f"^histogram: {message}"):
        uh.plot.histogram([1.0, 2.0, 3.0], bins=bins, fit=fit)


def test_what_is_left_out_is_told():
    values = [1.0, 2.0, np.nan, np.inf, 5.0, 6.0]
    told = "left out: 1 missing, 1 infinite"
    for ax in (uh.plot.histogram(values), uh.plot.box(values), uh.plot.strip(values), uh.plot.qq(values)):
        assert ax.get_title(loc="right") == told
    ax = uh.plot.scatter(values, [1, np.nan, 3, 4, 5, 6], by=["a", "a", "b", "b", None, "b"])
    assert ax.get_title(loc="right") == "left out: 2 missing, 1 infinite, 1 in no group"
    assert uh.plot.histogram([1.0, 2.0]).get_title(loc="right") == ""
    ax = uh.plot.strip(np.append(np.arange(10_000.0), np.nan))
    assert ax.get_title(loc="right") == "3,000 of 10,000 rows; left out: 1 missing"
    with pytest.raises(ValueError, match="scatter: x and y together have no finite value"):
        uh.plot.scatter([1.0, np.nan], [np.nan, 2.0])


def test_pairs_that_no_row_has_stay_blank():
    figure = uh.plot.pairs({"a": [1.0, 2.0, np.nan, np.nan], "b": [np.nan, np.nan, 3.0, 4.0]})
    assert len(figure.axes) == 4


def test_groups_that_are_numbers_stand_in_their_order_and_missing_ones_are_left_out():
    ax = uh.plot.strip([1.0, 2.0, 3.0], by=[10, 9, 100])
    assert [text.get_text() for text in ax.get_xticklabels()] == ["9", "10", "100"]
    ax = uh.plot.box([1.0, 2.0, 3.0], by=pd.Series(["b", pd.NA, "a"], dtype="string"))
    assert [text.get_text() for text in ax.get_xticklabels()] == ["a", "b"]
    with pytest.raises(ValueError, match="box: by has more than one axis"):
        uh.plot.box([1.0, 2.0], by=[["a"], ["b", "c"]])


def test_boxes_and_strips_need_no_groups():
    assert [text.get_text() for text in uh.plot.box([1.0, 2.0, 5.0]).get_xticklabels()] == [""]
    values, by = pd.Series([1.0, np.nan, 3.0, 4.0], name="mass"), pd.Series(["a", "b", "b", None], name="kind")
    ax = uh.plot.strip(values, by)
    assert [text.get_text() for text in ax.get_xticklabels()] == ["a", "b"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("kind", "mass")
    assert [len(points.get_offsets()) for points in ax.collections] == [1, 1]
    again = uh.plot.strip(values, by)
    for one, other in zip(ax.collections, again.collections, strict=True):
        np.testing.assert_array_equal(one.get_offsets(), other.get_offsets())
    many = uh.plot.strip(np.arange(10_000.0))
    assert len(many.collections[0].get_offsets()) == 3000
    assert many.get_title(loc="right") == "3,000 of 10,000 rows"
    # The mean is that of all values, not of those drawn.
    assert many.lines[0].get_ydata()[0] == 4999.5


@pytest.mark.parametrize(
    "fit",
    [True, "Normal", uh.distributions.Normal, uh.distributions.Normal(4.0, 2.0)],
    ids=["true", "name", "class", "it"],
)
def test_a_histogram_may_have_a_density_over_it(fit, rng):
    values = rng.normal(4, 2, 200)
    ax = uh.plot.histogram(values, fit=fit)
    area = sum(bar.get_width() * bar.get_height() for bar in ax.patches)
    assert area == pytest.approx(1)
    x, y = ax.lines[0].get_data()
    mean, std = (4, 2) if isinstance(fit, uh.distributions.Normal) else (values.mean(), values.std())
    np.testing.assert_allclose(y, np.exp(-0.5 * ((x - mean) / std) ** 2) / std / np.sqrt(2 * np.pi), rtol=1e-9)
    assert "Normal" in ax.get_legend().get_texts()[0].get_text()


def test_fits_by_group_and_of_counts(rng):
    values, by = np.concatenate([rng.normal(0, 1, 50), rng.normal(9, 2, 50)]), ["a"] * 50 + ["b"] * 50
    ax = uh.plot.histogram(values, by=by, fit=True)
    assert [text.get_text()[:9] for text in ax.get_legend().get_texts()] == ["a: Normal", "b: Normal"]
    counts = rng.poisson(3, 100)
    ax = uh.plot.histogram(counts, fit="Poisson")
    assert ax.get_ylabel() == "share"
    np.testing.assert_allclose(ax.patches[0].get_height(), np.mean(counts == counts.min()))


def test_quantiles_lie_on_the_line_of_their_own_distribution():
    X = uh.distributions.Exponential(0.5)
    values = X.ppf((np.arange(500) + 0.5) / 500)
    ax = uh.plot.qq(values, X)
    points, band = np.asarray(ax.collections[0].get_offsets()), ax.collections[1].get_paths()[0].vertices
    np.testing.assert_allclose(points[:, 0], points[:, 1])
    # The largest of n uniform values is below q with probability qⁿ.
    assert band[:, 1].max() == pytest.approx(X.ppf(0.975 ** (1 / 500)), rel=1e-9)
    # A sample of another shape leaves the band.
    normal = uh.plot.qq(values)
    low_high = normal.collections[1].get_paths()[0].vertices
    assert values.max() > low_high[:, 1].max()
    assert "Normal" in normal.get_xlabel()
    assert len(uh.plot.qq(np.linspace(0, 1, 20_000)).collections[0].get_offsets()) <= 3000


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_correlations_of_a_table(method):
    frame = PENGUINS[["species", "bill_length_mm", "body_mass_g", "sex"]]
    ax = uh.plot.correlations(frame, method=method)
    assert [text.get_text() for text in ax.get_xticklabels()] == ["bill_length_mm", "body_mass_g"]
    expected = frame[["bill_length_mm", "body_mass_g"]].corr(method).iloc[0, 1]
    assert ax.texts[1].get_text() == f"{expected:.2f}"
    gaps = uh.plot.correlations({"a": [1, 2, None, 4], "b": [2, 4, 9, 8], "c": [3, 3, 3, 3]}, method=method)
    assert gaps.texts[1].get_text() == "1.00"
    assert len(gaps.texts) == 5


def test_without_matplotlib_it_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match=r'pip install "underhood\[notebook\]"'):
        uh.plot.histogram([1, 2, 3])


def test_vectors_stand_at_the_origin_or_head_to_tail():
    ax = uh.plot.vectors([2, 1], [-1, 2], labels=["u", "v"])
    assert ax.get_aspect() == 1
    arrows = [text for text in ax.texts if text.arrow_patch is not None]
    assert [(text.xyann, text.xy) for text in arrows] == [((0, 0), (2, 1)), ((0, 0), (-1, 2))]
    ax = uh.plot.vectors([2, 1], [-1, 2], [0, 0], head_to_tail=True)
    arrows = [text for text in ax.texts if text.arrow_patch is not None]
    assert [(text.xyann, text.xy) for text in arrows] == [((0, 0), (2, 1)), ((2, 1), (1, 3)), ((0, 0), (1, 3))]
    assert uh.plot.vectors([1, 2, 3], [0, 0, 1], labels=["a", "b"]).name == "3d"


def test_vectors_are_added_to_a_picture_that_is_there():
    ax = uh.plot.vectors([1, 0])
    assert uh.plot.vectors([0, 4], ax=ax) is ax
    assert ax.get_ylim()[1] > 4
    assert ax.get_xlim()[1] > 1


def test_spans_are_lines_planes_and_all_there_is():
    words = {
        "a line": [[1, 2], [2, 4]],
        "the whole plane": [[1, 2], [2, 3]],
        "the origin": [0, 0],
        "a plane": [[1, 0], [0, 1], [1, 1]],
        "all of space": np.eye(3),
    }
    for word, columns in words.items():
        assert uh.plot.spans(columns).get_legend_handles_labels()[1] == [word]


def test_a_plane_is_cut_out_of_the_cube_around_the_picture():
    basis = _space.rank_basis(np.array([[1.0, 0], [0, 1], [1, 2]]))
    corners = _space._cut(basis, 3.0)
    np.testing.assert_allclose(corners @ [1, 2, -1], 0, atol=1e-12)
    np.testing.assert_allclose(np.abs(corners).max(axis=1), 3.0)
    assert len(corners) == 4


@pytest.mark.parametrize(
    ("a", "domain", "codomain"),
    [
        ([[1, 2, 3], [2, 4, 6]], ["a line", "a plane"], ["a line", "a line"]),
        ([[1, 2], [2, 4], [0, 0]], ["a line", "a line"], ["a line", "a plane"]),
        (np.eye(3), ["all of space", "the origin only"], ["all of space", "the origin only"]),
        ([[0, 0], [0, 0]], ["the origin only", "the whole plane"], ["the origin only", "the whole plane"]),
        ([[1e-300, 0], [0, 1e-300]], ["the whole plane", "the origin only"], ["the whole plane", "the origin only"]),
    ],
)
def test_the_four_subspaces_have_their_dimensions(a, domain, codomain):
    left, right = uh.plot.subspaces(a).axes
    names = [("row space", "null space"), ("column space", "left null space")]
    for ax, words, extents in zip((left, right), names, (domain, codomain), strict=True):
        labels = [f"{word}: {extent}" for word, extent in zip(words, extents, strict=True)]
        assert ax.get_legend_handles_labels()[1] == labels


def test_the_circle_becomes_an_ellipse():
    figure = uh.plot.svd([[0, 2], [1, 0]])
    before, after = figure.axes
    assert after.get_title() == "after: half axes σ₁ = 2, σ₂ = 1"
    arrows = [np.array(text.xy) for text in after.texts if text.arrow_patch is not None]
    np.testing.assert_allclose(np.abs(arrows), [[2, 0], [0, 1]], atol=1e-15)
    assert before.get_xlim() == after.get_xlim()
    for odd in ([[0, 0], [0, 0]], [[1e200, 0], [0, 1]], [[1e-200, 0], [0, 0]]):
        uh.plot.svd(odd).canvas.draw()


@pytest.mark.parametrize(
    ("draw", "error", "message"),
    [
        (lambda: uh.plot.vectors(), ValueError, "vectors: vectors is empty"),
        (lambda: uh.plot.vectors([1, 2], [1, 2, 3]), ValueError, "vectors have 2 and 3 components"),
        (lambda: uh.plot.vectors([1]), ValueError, "one of 1 components, but a picture shows 2 or 3"),
        (lambda: uh.plot.vectors([[1, 2]]), ValueError, "2 axes, but a vector is needed"),
        (lambda: uh.plot.vectors([1, np.nan]), ValueError, "vectors: vectors holds NaN"),
        (lambda: uh.plot.vectors(["a", "b"]), TypeError, "vectors: vectors"),
        (lambda: uh.plot.vectors([1, 2], labels=["a", "b"]), ValueError, "labels has 2 texts, but there are 1"),
        (lambda: uh.plot.vectors([1, 2, 3], ax=plt.gca()), ValueError, "ax must have projection='3d'"),
        (lambda: uh.plot.spans(1.5), ValueError, "spans: sets has one with 0 axes"),
        (lambda: uh.plot.subspaces(np.eye(4)), ValueError, "subspaces: a is 4×4"),
        (lambda: uh.plot.subspaces([[1, np.inf], [0, 1]]), ValueError, "subspaces: a holds infinity"),
        (lambda: uh.plot.svd(np.eye(3)), ValueError, "svd: a is 3×3, but the picture needs a matrix 2×2"),
    ],
)
def test_vectors_that_cannot_be_drawn_are_refused(draw, error, message):
    with pytest.raises(error, match=message):
        draw()


D = uh.distributions

DRAWN = [
    D.Normal(),
    D.Normal(1e20, 1),
    D.Normal(0, 1e308),
    D.Normal(0, 1e-300),
    D.StudentT(0.001),
    D.Cauchy(),
    D.F(1, 3),
    D.F(0.001, 0.001),
    D.Gamma(0.01, 1),
    D.Gamma(1e10, 1),
    D.Exponential(2),
    D.Beta(0.5, 0.5),
    D.Beta(0.001, 0.001),
    D.Uniform(-1, 2),
    D.LogNormal(0, 100),
    D.Weibull(0.5, 1),
    D.Pareto(1, 1),
    D.Triangular(0, 0, 1),
    D.VonMises(3, 1),
    D.VonMises(0, 0),
    D.Bernoulli(0),
    D.Binomial(0, 0.5),
    D.Geometric(1),
    D.Geometric(1e-300),
    D.NegativeBinomial(0.01, 0.3),
    D.Poisson(0),
    D.Poisson(1e20),
    D.Hypergeometric(20, 8, 6),
    D.DiscreteUniform(0, 10**12),
    D.Categorical([0.5, 0, 0, 0.5]),
    D.Categorical([1.0]),
    D.Empirical([3.5, 1, 2.25, 3.5]),
    D.Empirical([0.0, 1e6]),
    D.KernelDensity([1.0, 2.0, 4.0], bandwidth=0.01),
    D.Mixture([D.Normal(0, 1e-3), D.Normal(0, 10)]),
    D.Mixture([D.Poisson(2), D.Poisson(20)]),
    D.Truncated(D.Cauchy(), 1),
    D.Normal([[0, 1], [2, 3]], 1),
    D.Normal(np.arange(100), 1),
    D.Normal(np.zeros(0), 1),
]


@pytest.mark.parametrize("X", DRAWN, ids=lambda X: repr(X)[:40])
def test_every_distribution_can_be_drawn(X):
    _, ax = plt.subplots()
    for what in ("cdf", "logpmf" if isinstance(X, D.Discrete) else "logpdf", None):
        ax.clear()
        X.plot(what=what, ax=ax)
        for line in ax.lines:
            assert np.isfinite(line.get_ydata()).all()
        assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all()
    ax.figure.canvas.draw()
    page = X._repr_html_()
    assert "<table>" in page
    picture = page.partition("<svg")[2].partition("</svg>")[0]
    assert "nan" not in picture
    assert "inf" not in picture


def test_a_density_is_drawn_with_its_edges_and_poles():
    ax = D.Uniform(-1, 2).plot()
    x, y = ax.lines[0].get_data()
    assert y.max() == pytest.approx(1 / 3)
    # It rises and falls at the ends, not on the way to the next point.
    assert x[np.flatnonzero(y)[[0, -1]]].tolist() == [-1, 2]
    # The pole leaves the picture, which shows the rest.
    assert 1 < D.Beta(0.5, 0.5).plot().get_ylim()[1] < 10
    # The heavy tails of Cauchy's distribution leave its middle to be seen.
    low, high = D.Cauchy().plot().get_xlim()
    assert -15 < low < -5
    assert 5 < high < 15


def test_probabilities_stand_at_whole_numbers_and_steps_are_steps():
    ax = D.Binomial(4, 0.5).plot()
    np.testing.assert_allclose(ax.lines[0].get_data(), [[0, 1, 2, 3, 4], np.array([1, 4, 6, 4, 1]) / 16])
    x, y = D.Bernoulli(0.25).plot(what="cdf").lines[0].get_data()
    assert (x.tolist(), y.tolist()) == ([-1, 0, 1, 2], [0, 0.75, 1, 1])
    ax = D.Poisson(1e6).plot()
    assert ax.get_xlabel() == "k (every 64 values)"
    assert len(ax.lines[0].get_xdata()) < 100


def test_of_many_distributions_twelve_are_drawn_and_it_is_said():
    ax = D.Normal(np.arange(100), 1).plot()
    assert len(ax.lines) == 12
    assert ax.get_title(loc="right") == "12 of 100 distributions"


def test_what_is_no_distribution_of_one_variable_is_not_drawn():
    with pytest.raises(TypeError, match="plot: X is a int, but must be a distribution of one variable"):
        uh.plot.distribution(3)
    with pytest.raises(TypeError, match="plot: X is a MultivariateNormal, but"):
        uh.plot.distribution(D.MultivariateNormal([0, 0], np.eye(2)))
    with pytest.raises(ValueError, match="plot: what is 'pmf', but must be one of 'pdf', 'logpdf', 'cdf', 'sf'"):
        D.Normal().plot(what="pmf")


@pytest.mark.parametrize(
    "X",
    [D.Normal(3, 2), D.Cauchy(), D.Gamma(0.3, 1), D.Uniform(0, 1), D.Poisson(3), D.Poisson(1000), D.Bernoulli(0.3)],
    ids=repr,
)
def test_a_fit_is_drawn_over_its_data(X):
    data = X.rvs(500, rng=1)
    ax = type(X).fit(data).plot(pd.Series(data))
    bars = ax.patches
    assert 1 < len(bars) <= 90
    inside = sum(bar.get_height() * (bar.get_width() / (0.9 if isinstance(X, D.Discrete) else 1)) for bar in bars)
    said = ax.get_title(loc="right")
    outside = int(said.split()[0]) if said else 0
    assert inside == pytest.approx(1 - outside / 500)
    assert outside < 100


def test_a_fit_is_drawn_over_odd_data_too():
    fit = D.Normal.fit([1.0, 2.0, 4.0])
    assert len(fit.plot([2.0, 2.0, 2.0]).patches) == 1
    assert len(fit.plot([1.0, np.nan, 2.0]).patches) > 1
    with pytest.raises(ValueError, match=r"FitResult\.plot: data holds no number"):
        fit.plot([])
    with pytest.raises(TypeError, match=r"FitResult\.plot: data does not hold numbers"):
        fit.plot(["a"])
    with pytest.raises(ValueError, match=r"FitResult\.plot: data is a list of 1 sample, but one"):
        fit.plot([[1.0, 2.0]])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("f", ["1/x", lambda x: 1 / x, lambda x: 1 / np.float64(x)], ids=["text", "python", "numpy"])
def test_rectangles_at_a_pole_say_so(f):
    ax = uh.plot.riemann(f, 0, 1, 5, "left")
    ax.figure.canvas.draw()
    assert ax.get_title().startswith("left sum with n = 5: none, for f ")
    assert "in [0, 0.2]\nthe integral diverges" in ax.get_title()
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches], [5, 5 / 2, 5 / 3, 5 / 4])


@pytest.mark.filterwarnings("error")
def test_a_picture_without_contour_lines_says_why():
    flat = uh.plot.contours(lambda x, y: 3)
    flat.figure.canvas.draw()
    assert flat.get_title(loc="right") == "f is 3 everywhere: no contour lines"
    assert flat.get_xlim() == flat.get_ylim() == (-2, 2)
    beyond = uh.plot.contours(lambda x, y: x * y, levels=[100, 200])
    assert beyond.get_title(loc="right") == "f lies between -4 and 4: no contour line at these levels"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("f", "a", "title"),
    [
        (lambda x: np.sin(x) / x, np.inf, "limit as x → ∞: 0"),
        (np.arctan, -np.inf, "limit as x → −∞: -1.5708"),
        ("(1 + 1/x)**x", np.inf, "limit as x → ∞: 2.71828"),
        ("x**2", -np.inf, "limit as x → −∞: inf"),
    ],
)
def test_the_way_to_infinity_is_drawn_by_decades(f, a, title):
    ax = uh.plot.limit(f, a)
    ax.figure.canvas.draw()
    assert ax.get_title(loc="left") == title
    x = np.abs(ax.lines[0].get_xdata())
    np.testing.assert_allclose(x[1:] / x[:-1], 10 ** (6 / 799))
    assert ax.get_xscale() == ("log" if a > 0 else "symlog")
    with pytest.raises(ValueError, match=r"limit: xlim is .*, but on the way to"):
        uh.plot.limit(f, a, xlim=(-1, 5))
