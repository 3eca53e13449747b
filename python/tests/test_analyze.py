"""The front door: every kind of table and column comes out right, or is left out in words."""

import datetime as dt
import doctest
import importlib
import pickle
import re
import sys
import warnings
from decimal import Decimal
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.stats
import statsmodels.api as sm
import underhood as uh
from underhood._analysis.design import independent

PENGUINS = uh.datasets.load("penguins")


@pytest.fixture(scope="module")
def by_species():
    return uh.analyze(PENGUINS, "species")


@pytest.fixture(scope="module")
def by_mass():
    return uh.analyze(PENGUINS, target="body_mass_g")


def said(analysis):
    """Give all notes as one text."""
    return " ".join(analysis.notes)


# Figures --------------------------------------------------------------------------------------------------------------


def test_columns_agree_with_pandas(by_species):
    described = PENGUINS.describe()
    for name in ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"):
        column = by_species.columns[name]
        ours = [
            column.rows - column.missing,
            column.mean,
            column.std,
            column.min,
            column.q25,
            column.median,
            column.q75,
        ]
        np.testing.assert_allclose([*ours, column.max], described[name], rtol=1e-13)
        assert column.missing == 2
    assert dict(by_species.columns["species"].levels) == {"Adelie": 152, "Chinstrap": 68, "Gentoo": 124}
    assert by_species.columns["sex"].missing == 11


def test_values_far_from_the_others_are_counted(by_species, rng):
    lengths = PENGUINS["bill_length_mm"].dropna()
    low, high = lengths.quantile([0.25, 0.75])
    for fence, field in ((1.5, "outliers"), (3.0, "far_out")):
        reach = fence * (high - low)
        expected = int(((lengths < low - reach) | (lengths > high + reach)).sum())
        assert getattr(by_species.columns["bill_length_mm"], field) == expected
    assert "far from the others" not in said(by_species)
    x = rng.normal(size=200)
    x[:3] = [30.0, -40.0, np.nan]
    analysis = uh.analyze({"x": x, "mostly": np.where(rng.random(200) < 0.9, 0.5, x)})
    assert analysis.columns["x"].far_out == 2
    assert "more than three interquartile ranges outside the middle half: x (2, 1 %)." in said(analysis)
    assert analysis.columns["mostly"].far_out is None
    assert "outliers" in repr(analysis.columns).splitlines()[1]


def test_correlations_agree_with_scipy_over_the_rows_in_which_both_are_known(by_species):
    assert len(by_species.correlations) == 6
    for item in by_species.correlations:
        pair = PENGUINS[[item.x, item.y]].dropna()
        pearson, spearman = scipy.stats.pearsonr(*pair.to_numpy().T), scipy.stats.spearmanr(*pair.to_numpy().T)
        assert item.n == len(pair)
        np.testing.assert_allclose(item.pearson, pearson.statistic, rtol=1e-12)
        np.testing.assert_allclose(item.pearson_pvalue, pearson.pvalue, rtol=1e-9)
        np.testing.assert_allclose(item.confidence_interval, pearson.confidence_interval(), rtol=1e-10)
        np.testing.assert_allclose(item.spearman, spearman.statistic, rtol=1e-12)
        np.testing.assert_allclose(item.spearman_pvalue, spearman.pvalue, rtol=1e-9)
    strengths = [max(abs(item.pearson), abs(item.spearman)) for item in by_species.correlations]
    assert strengths == sorted(strengths, reverse=True)
    matrix = by_species.correlations.matrix()
    np.testing.assert_allclose(matrix, PENGUINS[list(by_species.correlations.columns)].corr(), rtol=1e-12)
    np.testing.assert_array_equal(
        by_species.correlations.matrix("spearman"), by_species.correlations.matrix("spearman").T
    )
    with pytest.raises(ValueError, match="matrix: method is 'kendall'"):
        by_species.correlations.matrix("kendall")


def test_comparisons_agree_with_scipy(by_species):
    mass = PENGUINS.dropna(subset=["body_mass_g"])
    groups = [group["body_mass_g"].to_numpy() for _, group in mass.groupby("species")]
    expected = scipy.stats.f_oneway(*groups, equal_var=False)
    item = by_species.comparisons["body_mass_g by species"]
    assert item.test == "Welch's ANOVA"
    np.testing.assert_allclose([item.statistic, item.pvalue], expected, rtol=1e-9)
    between = sum(group.size * (group.mean() - mass["body_mass_g"].mean()) ** 2 for group in groups)
    np.testing.assert_allclose(item.effect_size, between / (mass["body_mass_g"].var(ddof=0) * len(mass)), rtol=1e-12)
    np.testing.assert_allclose([group.mean for group in item.groups], [group.mean() for group in groups], rtol=1e-13)
    assert [group.n for group in item.groups] == [151, 68, 123]

    sexes = [group["body_mass_g"].to_numpy() for _, group in mass.groupby("sex")]
    expected = scipy.stats.ttest_ind(*sexes, equal_var=False)
    item = by_species.comparisons["body_mass_g by sex"]
    assert item.test == "Welch's t"
    np.testing.assert_allclose([item.statistic, item.pvalue, item.df[0]], [*expected, expected.df], rtol=1e-9)

    item = by_species.comparisons["island by species"]
    expected = scipy.stats.chi2_contingency(pd.crosstab(PENGUINS["species"], PENGUINS["island"]))
    np.testing.assert_allclose([item.statistic, item.pvalue], [expected.statistic, expected.pvalue], rtol=1e-9)
    np.testing.assert_allclose(item.effect_size, np.sqrt(expected.statistic / len(PENGUINS) / 2), rtol=1e-12)


@pytest.mark.parametrize("module", ["_analysis.words", "_tables"])
def test_the_examples_of_the_inner_rooms_run(module):
    assert doctest.testmod(importlib.import_module(f"underhood.{module}")).failed == 0


def holm(pvalues):
    """Holm's correction by statsmodels."""
    return sm.stats.multipletests(pvalues, method="holm")[1]


def test_every_table_of_tests_is_adjusted_by_holm(by_species):
    items = list(by_species.comparisons)
    np.testing.assert_allclose([item.adjusted for item in items], holm([item.pvalue for item in items]), rtol=1e-14)
    pairs = list(by_species.correlations)
    made = [p for item in pairs for p in (item.pearson_pvalue, item.spearman_pvalue)]
    adjusted = [p for item in pairs for p in (item.pearson_adjusted, item.spearman_adjusted)]
    np.testing.assert_allclose(adjusted, holm(made), rtol=1e-14)
    assert f"{len(made) + len(items)} tests were made" in said(by_species)


def test_the_regression_agrees_with_statsmodels(by_mass):
    model = by_mass.model
    complete = PENGUINS.dropna()
    X = pd.get_dummies(complete.drop(columns="body_mass_g").astype({"year": str}), drop_first=True, dtype=float)
    expected = sm.OLS(complete["body_mass_g"], sm.add_constant(X)).fit()
    renamed = [re.sub(r"_(Chinstrap|Gentoo|Dream|Torgersen|male|2008|2009)$", r"[\1]", name) for name in X.columns]
    order = [0, *(1 + renamed.index(name) for name in model.predictors)]
    np.testing.assert_allclose(model.result.params, expected.params.to_numpy()[order], rtol=1e-8)
    np.testing.assert_allclose(model.result.bse, expected.bse.to_numpy()[order], rtol=1e-8)
    np.testing.assert_allclose(model.result.rsquared, expected.rsquared, rtol=1e-10)
    assert model.nobs == 333
    assert model.reference_levels == {"species": "Adelie", "island": "Biscoe", "sex": "female", "year": "2007"}
    assert "2 rows without a value of the target body_mass_g were left out" in said(by_mass)
    assert "9 rows were left out of the model because a value is missing: sex in 9." in said(by_mass)


def test_what_the_regression_rests_on_is_said(by_mass):
    model = by_mass.model
    assert model.result.cov_type == "classical"
    assert [fact.supported for fact in model.assumptions] == [None, True, True, True]
    assert "The linear regression assumes: body_mass_g depends on the columns in a straight line" in said(by_mass)
    assert "the errors have one variance (the data agree)" in said(by_mass)
    np.testing.assert_allclose(model.adjusted, holm(model.result.pvalues[1:]), rtol=1e-14)
    clear = int((model.adjusted < 0.05).sum())
    assert f"Of the coefficients, {clear} of 10 differ from 0 with an adjusted p < 0.05 (Holm)." in said(by_mass)
    assert "380 more of body_mass_g (95 % interval 285 to 475)" in said(by_mass)
    inflated = {name: vif for name, vif in model.result.vif.items() if vif > 10}
    assert list(inflated) == ["species[Gentoo]"]
    assert f"variance inflation factors above 10: species[Gentoo] ({inflated['species[Gentoo]']:.1f})" in said(by_mass)


def test_errors_of_several_variances_get_robust_standard_errors(rng):
    x, z = rng.uniform(1, 5, 300), rng.normal(size=300)
    y = 2 * x + x**2 * rng.normal(size=300)
    analysis = uh.analyze({"x": x, "z": z, "y": y}, "y")
    expected = sm.OLS(y, sm.add_constant(np.column_stack([x, z]))).fit(cov_type="HC3", use_t=True)
    np.testing.assert_allclose(analysis.model.result.bse, expected.bse, rtol=1e-9)
    np.testing.assert_allclose(analysis.model.result.pvalues, expected.pvalues, rtol=1e-7)
    assert "std. error (HC3)" in repr(analysis.model)
    assert "standard errors are those of kind HC3" in said(analysis)
    assert "by Breusch and Pagan's test" in said(analysis)
    # Where a row is fitted exactly, HC3 does not exist.
    lone = uh.analyze({"x": x, "g": ["a"] * 299 + ["b"], "y": y}, "y", kinds={"g": "category"})
    assert lone.model.result.cov_type == "HC1"
    counts = rng.poisson(np.exp(x / 2))
    assert "poisson_regression" in said(uh.analyze({"x": x, "count": counts - counts.min()}, "count"))


def test_rows_that_move_the_fit_are_named(rng):
    x = rng.normal(size=50)
    y = x + rng.normal(size=50)
    x[0], x[17], y[17] = np.nan, 12.0, -12.0
    analysis = uh.analyze({"x": x, "y": y}, "y")
    assert analysis.model.influential == (17,)
    assert "The fit rests much on row 17 of the table, counted from 0" in said(analysis)
    assert "The fit rests much" not in said(uh.analyze(PENGUINS, "body_mass_g"))


def test_the_odds_ratios_of_two_classes_agree_with_statsmodels():
    analysis = uh.analyze(PENGUINS.drop(columns=["year", "island"]), "sex")
    odds = analysis.model.odds
    complete = PENGUINS.dropna()
    X = pd.get_dummies(complete.drop(columns=["sex", "year", "island"]), drop_first=True, dtype=float)
    names = [name.replace("species_", "species[") + "]" * name.startswith("species_") for name in X.columns]
    expected = sm.Logit((complete["sex"] == "male").astype(float), sm.add_constant(X)).fit(disp=False, tol=1e-12)
    order = [0, *(1 + names.index(name) for name in odds.result.names[1:])]
    np.testing.assert_allclose(odds.result.params, expected.params.to_numpy()[order], rtol=1e-6)
    np.testing.assert_allclose(odds.result.bse, expected.bse.to_numpy()[order], rtol=1e-6)
    np.testing.assert_allclose(odds.adjusted, holm(odds.result.pvalues[1:]), rtol=1e-14)
    assert odds.result.levels == ("female", "male")
    assert "Odds of male beside female (logistic regression without penalty on all 333 rows)" in repr(analysis)
    assert "goes with odds of male beside female multiplied by" in said(analysis)
    assert "odds ratio" in analysis.to_html()
    assert "odds ratio" in analysis._repr_html_()


def test_where_there_are_no_odds_ratios_the_reason_is_said(by_species, rng):
    assert by_species.model.odds is None
    x = rng.normal(size=80)
    analysis = uh.analyze({"x": x, "z": rng.normal(size=80), "g": np.where(x > 0, "u", "v")}, "g")
    assert analysis.model.odds is None
    assert "No odds ratios of g were computed: x tells its classes apart" in said(analysis)


def test_classifiers_are_scored_on_held_out_rows_beside_the_baseline(by_species):
    model = by_species.model
    assert model.n_train + model.n_test == 333
    assert model.classes == ("Adelie", "Chinstrap", "Gentoo")
    assert [(score.model, score.standardised) for score in model.scores] == [
        (name, standardised)
        for name in ("Perceptron", "Adaline", "LogisticRegression")
        for standardised in (False, True)
    ]
    assert model.baseline == "Adelie"
    assert 0.40 < model.baseline_accuracy < 0.48
    for score in model.scores:
        assert score.accuracy == score.correct / model.n_test
        if score.standardised:
            # Three species that four lengths and a mass tell apart almost without error.
            assert score.accuracy > 0.95
        assert set(score.estimator.classes_) == set(model.classes)
    assert "Standardising the columns" in said(by_species)
    assert "always answering Adelie" in said(by_species)


def test_the_same_seed_gives_the_same_scores_and_another_split_is_another_one(by_species):
    again = uh.analyze(PENGUINS, "species").model
    assert [score.accuracy for score in again.scores] == [score.accuracy for score in by_species.model.scores]
    half = uh.analyze(PENGUINS, "species", test_size=0.5, random_state=3).model
    assert abs(half.n_test - 166.5) < 2


# Kinds of tables ------------------------------------------------------------------------------------------------------


def small():
    rng = np.random.default_rng(5)
    n = 60
    return {
        "size": rng.normal(size=n),
        "age": rng.integers(20, 80, n).astype(float),
        "group": rng.choice(["a", "b"], n),
    }


def test_every_kind_of_table_gives_the_same_analysis():
    table = small()
    structured = np.zeros(60, dtype=[("size", float), ("age", float), ("group", "U1")])
    for name, values in table.items():
        structured[name] = values
    tables = [table, pd.DataFrame(table), pl.DataFrame(table), structured, {k: list(v) for k, v in table.items()}]
    shown = {repr(uh.analyze(frame, "group").comparisons) for frame in tables}
    assert len(shown) == 1
    matrix = uh.analyze(np.column_stack([table["size"], table["age"]]))
    assert matrix.columns.names == ["x0", "x1"]
    assert matrix.correlations[0].pearson == uh.analyze(table).correlations[0].pearson


def test_names_that_are_no_text_become_text():
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 2)), columns=[0, ("a", 1)])
    assert uh.analyze(frame, target=0).columns.names == ["0", "('a', 1)"]


def test_row_labels_are_left_out_in_words(rng):
    frame = pd.DataFrame({"x": rng.normal(size=9)}, index=[f"r{i}" for i in range(9)])
    assert "The row labels (index) were not analysed" in said(uh.analyze(frame))
    assert "row labels" not in said(uh.analyze(frame.reset_index(drop=True)[::2]))


@pytest.mark.parametrize(
    ("frame", "error", "message"),
    [
        ("penguins", TypeError, "analyze: frame is text"),
        (3.0, TypeError, "analyze: frame is a single value"),
        (None, TypeError, "analyze: frame is a single value"),
        (np.zeros((2, 2, 2)), TypeError, "analyze: frame is an array of 3 axes"),
        ([[1, 2], [3]], TypeError, "analyze: frame is ragged"),
        ({"a": [1, 2], "b": [1]}, ValueError, "analyze: frame has columns of different lengths"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), ValueError, "analyze: frame has two columns called 'a'"),
        (pl.LazyFrame({"a": [1]}), TypeError, "analyze: frame is a lazy frame"),
    ],
)
def test_what_is_no_table_is_refused(frame, error, message):
    with pytest.raises(error, match=message):
        uh.analyze(frame)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "specie"}, r"target is 'specie', which is no column of frame; did you mean 'species'\?"),
        ({"target": "zzz"}, "There are: species, island"),
        ({"kinds": {"yaer": "number"}}, r"kinds names 'yaer'.*did you mean 'year'\?"),
        ({"kinds": {"year": "float"}}, "kinds\\['year'\\] is 'float', but one of 'number', 'category', 'ignore'"),
        ({"kinds": {"species": "number"}}, "to take column 'species' as numbers, but it holds category"),
        ({"test_size": 0.0}, "test_size is 0.0"),
        ({"test_size": 2}, "test_size is 2"),
        ({"test_size": "half"}, "test_size is 'half'"),
        ({"max_categories": 1}, "max_categories is 1"),
        ({"max_categories": 2.5}, "max_categories is 2.5"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match="analyze: .*" + message):
        uh.analyze(PENGUINS, **options)


@pytest.mark.parametrize(
    "frame",
    [
        {},
        pd.DataFrame(),
        pl.DataFrame(),
        pd.DataFrame({"a": [], "b": []}),
        {"a": [1.0]},
        {"a": [1.0], "b": ["x"]},
        {"a": [1.0, 2.0]},
        {"a": [np.nan, np.nan, np.nan], "b": [1, 2, 3]},
        {"a": [None, None], "b": ["x", "y"]},
        {"a": [1, 1, 1, 1], "b": [2.5, 3.5, 1.0, 2.0]},
        {"a": [np.inf, -np.inf, np.nan], "b": [1.0, 2.0, 3.0]},
        {"a": [1e308, -1e308, 1e308, 0.0, 5e307], "b": [1e-308, 2e-308, 3e-308, 5e-308, 1e-308], "c": [1, 2, 3, 5, 4]},
        {"a": [1.0, 2.0, 3.0, 4.0], "g": ["x", "x", "y", "y"]},
        {"a": [1.0, 1.0, 3.0, 3.0], "g": ["x", "x", "y", "y"]},
        {"a": [1.0, 1.0, 3.0, 4.0], "g": ["x", "x", "y", "y"]},
        {"a": [1.0, np.nan, 3.0, np.nan, 5.0], "b": [np.nan, 1.0, np.nan, 2.0, np.nan]},
        {"g": ["x", "x", "y"], "h": ["u", None, None]},
        {"é ü\n<b>": [1.0, 2.0, 4.0, 3.0, 7.0], "$x$ & y": [5.0, 4.0, 2.0, 3.0, 8.0], "": list("aabab")},
    ],
    ids=lambda frame: "",
)
def test_odd_tables_come_through_with_every_target_and_in_every_view(frame):
    names = uh.analyze(frame).columns.names
    for target in [None, *names]:
        analysis = uh.analyze(frame, target)
        assert "nan" not in repr(analysis).lower()
        if target in (None, *names[:1]):
            assert analysis.to_html().endswith("</html>\n")
        assert analysis._repr_html_().startswith("<h4>")
        assert len(analysis.notes) > 0


# Kinds of columns -----------------------------------------------------------------------------------------------------


def kind(values, name="x", **options):
    """Return kind and remarks of one column."""
    column = uh.analyze({name: values}, **options).columns[name]
    return column.kind, " ".join(column.remarks)


def test_whole_numbers_with_a_handful_of_values_are_categories_and_it_is_said():
    assert kind(np.tile([1, 2, 3], 10))[0] == "category"
    assert "only 3 different ones (1, 2, 3)" in kind(np.tile([1, 2, 3], 10))[1]
    assert kind(np.tile([1.0, 2.0, np.nan], 10))[0] == "category"
    assert kind(np.tile([1.5, 2.0, 3.0], 10))[0] == "number"
    assert kind(np.tile(np.arange(6), 10))[0] == "number"
    assert kind([1, 2, 3, 1, 2, 3])[0] == "number"
    assert kind(np.tile([1, 2, 3], 10), kinds={"x": "number"})[0] == "number"
    assert kind(np.tile(np.arange(6), 10), kinds={"x": "category"})[0] == "category"
    assert kind(np.arange(30.0), kinds={"x": "ignore"})[0] == "other"


def test_a_target_of_whole_numbers_is_a_class_up_to_ten_values():
    digits = np.tile(np.arange(10), 12)
    frame = {"digit": digits, "x": digits + np.random.default_rng(0).normal(size=120)}
    analysis = uh.analyze(frame, "digit")
    assert analysis.model.classes == tuple(map(str, range(10)))
    assert "is the target and holds only 10 different whole numbers" in said(analysis)
    assert hasattr(uh.analyze(frame, "digit", kinds={"digit": "number"}).model, "result")


def test_identifiers_are_not_computed_with():
    assert kind(np.arange(40), "customer_id")[0] == "text"
    assert kind(np.arange(40), "width")[0] == "number"
    assert kind([f"name {i}" for i in range(40)])[0] == "text"
    assert "never repeats" in kind([f"name {i}" for i in range(40)])[1]


def test_text_with_many_values_is_left_out():
    words = np.array([f"w{i % 25}" for i in range(100)])
    assert kind(words)[0] == "text"
    assert "25 different texts, more than max_categories=20" in kind(words)[1]
    assert kind(words, max_categories=30)[0] == "category"


@pytest.mark.parametrize(
    "dates",
    [
        np.arange("2024-01-01", "2024-02-10", dtype="datetime64[D]"),
        pd.Series(pd.date_range("2024-01-01", periods=40)),
        pd.Series(pd.date_range("2024-01-01", periods=40, tz="UTC")),
        pd.Series(pd.period_range("2024-01-01", periods=40, freq="D")),
        pl.Series(pd.date_range("2024-01-01", periods=40).to_pydatetime().tolist()),
        pl.Series([dt.date(2024, 1, 1) + dt.timedelta(days=i) for i in range(40)]),
        [dt.date(2024, 1, 1) + dt.timedelta(days=i) for i in range(40)],
        [str(dt.date(2024, 1, 1) + dt.timedelta(days=i)) for i in range(40)],
        [f"{dt.date(2024, 1, 1) + dt.timedelta(days=i)} 00:00:00" for i in range(40)],
    ],
    ids=lambda value: "",
)
def test_dates_of_every_kind_are_summarised_and_left_out_of_the_rest(dates):
    analysis = uh.analyze({"when": dates, "x": np.random.default_rng(0).normal(size=40)}, "x")
    column = analysis.columns["when"]
    assert column.kind == "date"
    assert (column.first, column.last) == (np.datetime64("2024-01-01"), np.datetime64("2024-02-09"))
    assert "2024-01-01 to 2024-02-09" in repr(analysis)
    assert len(analysis.correlations) == 0
    assert "Dates were summarised, but not correlated" in said(analysis)


def test_text_that_only_looks_like_dates_stays_text():
    assert kind(["2024-13-45", "2024-01-01", "2024-01-01"])[0] == "category"


def test_columns_held_by_arrow_are_understood():
    frame = pd.DataFrame(
        {
            "i": [7, 2, None, 4] * 5,
            "s": ["a", "b", None, "a"] * 5,
            "t": pd.to_datetime(["2020-01-01", None, "2020-01-02", "2020-01-04"] * 5),
            "b": [True, False, None, True] * 5,
            "x": np.arange(20.0) ** 1.5,
        }
    )
    arrow = frame.convert_dtypes(dtype_backend="pyarrow")
    arrow["day"] = frame["t"].dt.date.astype("date32[day][pyarrow]")
    columns = uh.analyze(arrow, kinds={"i": "number"}).columns
    assert {column.name: (column.kind, column.missing) for column in columns} == {
        "i": ("number", 5),
        "s": ("category", 5),
        "t": ("date", 5),
        "b": ("category", 5),
        "x": ("number", 0),
        "day": ("date", 5),
    }


def test_booleans_and_ordered_categories_keep_their_meaning():
    frame = pd.DataFrame(
        {
            "flag": pd.array([True, False, None] * 10, dtype="boolean"),
            "size": pd.Categorical(
                ["low", "high", "mid"] * 10, categories=["low", "mid", "high", "huge"], ordered=True
            ),
        }
    )
    columns = uh.analyze(frame).columns
    assert columns["flag"].levels == (("False", 10), ("True", 10))
    assert columns["flag"].missing == 10
    assert columns["size"].levels == (("low", 10), ("mid", 10), ("high", 10))


def test_objects_are_numbers_if_all_of_them_are_and_else_text():
    assert kind([1, 2.5, None, Decimal("3.25")])[0] == "number"
    found = kind([1, "a", 2, "a", None, 1])
    assert found[0] == "category"
    assert "mixes text with int" in found[1]
    assert kind([10**400, 1, 2])[0] == "number"
    found = kind(["1.5", "2", "n/a", "2", "3", "4", "7", "8", "9"])
    assert "8 of its 9 values look like numbers (not 'n/a')" in found[1]


def test_other_things_are_left_out_in_words():
    analysis = uh.analyze(pd.DataFrame({"z": [1j, 2j, 3j], "x": [1.0, 2.0, 4.0]}), "x")
    assert analysis.columns["z"].kind == "other"
    assert "z holds complex numbers" in said(analysis)
    assert uh.analyze(pl.DataFrame({"l": [[1], [2]]})).columns["l"].kind == "other"
    lengths = uh.analyze(pd.DataFrame({"t": pd.to_timedelta([1, 2, 4], unit="min")})).columns["t"]
    assert (lengths.kind, lengths.max) == ("number", 240.0)


def test_empty_text_infinite_and_missing_values_are_counted_apart():
    column = uh.analyze({"x": [1.0, 2.0, np.nan, np.inf, -np.inf, 7.0]}).columns["x"]
    assert (column.missing, column.infinite, column.distinct, column.max) == (1, 2, 3, 7.0)
    analysis = uh.analyze({"g": ["a", "", " ", "b", "a"], "x": [1.0, 2.0, 3.0, np.inf, 5.0]})
    assert analysis.columns["g"].missing == 2
    assert "2 empty texts, counted as missing" in said(analysis)
    assert "Infinite values were treated as missing in x (1)" in said(analysis)


# Models that need care ------------------------------------------------------------------------------------------------


def test_dependent_columns_are_dropped_and_named(rng):
    a, b = rng.normal(size=50), rng.normal(size=50)
    analysis = uh.analyze({"a": a, "b": b, "sum": a + b, "y": a - b + rng.normal(size=50), "twice": 2 * a}, "y")
    assert analysis.model.predictors == ("a", "b")
    assert "sum and twice can be computed from the columns before them" in said(analysis)


def test_nearly_dependent_columns_of_every_size_are_kept():
    longley = uh.datasets.load("longley")
    assert len(uh.analyze(longley, "employed").model.predictors) == 6
    rng = np.random.default_rng(0)
    assert independent(rng.normal(size=(30, 4)) * [1e-300, 1.0, 1e300, 1e-5]).all()
    exact = rng.normal(size=(30, 2))
    assert independent(np.column_stack([exact, exact @ [3.0, -7.0], rng.normal(size=30)])).tolist() == [
        True,
        True,
        False,
        True,
    ]


def test_columns_that_rounding_alone_keeps_apart_are_dropped(rng):
    x = 1e9 + rng.integers(0, 30, 20)
    table = {"x": x, "twice": 2 * x + 1e-6 * rng.normal(size=20), "z": rng.normal(size=20), "y": rng.normal(size=20)}
    analysis = uh.analyze(table, "y")
    assert analysis.model.predictors == ("x", "z")
    assert "twice can be computed from the columns before it" in said(analysis)
    assert uh.analyze({**table, "twice": 2 * x + 0.01 * rng.normal(size=20)}, "y").model.predictors == (
        "x",
        "twice",
        "z",
    )


def test_a_mostly_missing_predictor_goes_rather_than_its_rows(rng):
    sparse = np.where(rng.random(100) < 0.8, np.nan, rng.normal(size=100))
    analysis = uh.analyze({"x": rng.normal(size=100), "sparse": sparse, "y": rng.normal(size=100)}, "y")
    assert analysis.model.predictors == ("x",)
    assert analysis.model.nobs == 100
    assert re.search(r"sparse is missing in \d+ % of the rows; it was left out of the model", said(analysis))


@pytest.mark.parametrize(
    ("frame", "target", "reason"),
    [
        ({"a": [1.0, 2.0, 4.0]}, "a", "no other column can predict it"),
        ({"a": [1.0, 2.0], "b": [1.0, 3.0]}, "a", "2 complete rows cannot settle 2 coefficients"),
        ({"a": [1.0, 1.0, 1.0], "b": [1.0, 2.0, 5.0]}, "a", "it does not vary"),
        ({"a": [np.nan] * 3, "b": [1.0, 2.0, 5.0]}, "a", "it has no values"),
        ({"a": [f"n{i}" for i in range(9)], "b": np.arange(9.0)}, "a", "it holds text of too many kinds"),
        ({"a": np.arange("2024-01", "2024-10", dtype="M8[M]"), "b": np.arange(9.0)}, "a", "it holds dates"),
        ({"a": list("xxxxy"), "b": np.arange(5.0)}, "a", "fewer than two of its classes have enough complete rows"),
        ({"a": list("xxyy") + ["z"] * 3, "b": [1.0] * 7}, "a", "no other column can predict it"),
    ],
)
def test_where_no_model_can_be_made_the_reason_is_said(frame, target, reason):
    analysis = uh.analyze(frame, target)
    assert analysis.model is None
    assert f"No model of {target} was made: " in said(analysis)
    assert reason in said(analysis)


def test_without_a_target_there_is_no_model_and_it_is_said():
    analysis = uh.analyze(PENGUINS)
    assert analysis.model is None
    assert "no target was named" in said(analysis)


def test_rare_classes_are_left_out_of_the_models_in_words(rng):
    labels = ["a"] * 30 + ["b"] * 30 + ["c"]
    analysis = uh.analyze({"x": np.r_[rng.normal(size=30), rng.normal(5, 1, 30), 9.0], "g": labels}, "g")
    assert analysis.model.classes == ("a", "b")
    assert "Too rare in g" in said(analysis)


def test_wide_tables_are_cut_in_words(rng):
    frame = {f"c{i}": rng.normal(size=12) for i in range(70)}
    analysis = uh.analyze(frame, target="c69")
    assert len(analysis.correlations) == 64 * 63 / 2
    assert "c69" in analysis.correlations.columns
    assert "Only the first 64 of 70 numeric columns" in said(analysis)


# Views ----------------------------------------------------------------------------------------------------------------


class Checker(HTMLParser):
    """Collect what a page refers to, and check that its elements close in order."""

    def __init__(self):
        super().__init__()
        self.open, self.links = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br", "img", "link", "input", "hr"):
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href") and value and not value.startswith(("#", "data:")):
                self.links.append(value)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("target", [None, "species", "sex", "body_mass_g"])
def test_the_page_is_whole_and_needs_nothing_from_outside(target, tmp_path):
    path = tmp_path / "page.html"
    analysis = uh.analyze(PENGUINS, target)
    assert analysis.to_html(path) is None
    page = path.read_text(encoding="utf-8")
    assert page == analysis.to_html()
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert checker.links == []
    assert "<script" not in page
    assert page.count("<figure>") >= 2
    assert "Analysis of penguins" in page


def test_what_comes_from_the_data_is_escaped(rng):
    evil = "<script>alert(1)</script>"
    frame = pd.DataFrame({evil: rng.normal(size=40), "b": rng.normal(size=40), "g": ["<i>", "&amp;"] * 20})
    for target in (None, evil, "g"):
        analysis = uh.analyze(frame, target, name=evil)
        for page in (analysis.to_html(), analysis._repr_html_()):
            assert "<script" not in page
            assert "<i>" not in page


def test_the_print_is_narrow_and_has_every_part(by_species, by_mass):
    for analysis in (by_species, by_mass):
        text = repr(analysis)
        assert max(map(len, text.splitlines())) <= 110
        for part in ("Analysis of penguins", "Correlations", "Comparisons", "What was found", "What was assumed"):
            assert part in text
    assert repr(by_mass.model).startswith("Linear regression of body_mass_g")
    assert "always Adelie" in repr(by_species.model)
    assert "Welch's ANOVA" in repr(by_species.comparisons[0])
    assert "flipper_length_mm" in repr(by_species.correlations[0])
    assert set(dir(by_species)) >= {"columns", "correlations", "comparisons", "model", "notes", "to_html", "plot"}
    assert not any(name.startswith("_") for name in dir(by_species))


def test_the_plot_is_a_figure_with_every_panel(by_species, by_mass):
    import matplotlib.pyplot as plt

    for analysis, panels in ((by_species, 7), (by_mass, 8)):
        figure = analysis.plot()
        assert len(figure.axes) == panels
        figure.canvas.draw()
        plt.close(figure)


def test_the_page_leaves_open_figures_alone(by_species):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    by_species.to_html()
    assert plt.get_fignums() == before


def test_without_matplotlib_the_page_says_what_to_install(by_species, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    page = by_species.to_html()
    assert 'class="spark"' in page
    assert "The larger plots need matplotlib" in page
    with pytest.raises(ImportError, match=r'pip install "underhood\[notebook\]"'):
        by_species.plot()


def test_progress_is_shown_only_when_asked_for_or_seen(capsys, monkeypatch):
    monkeypatch.setattr("underhood._analysis.progress._PATIENCE", 0.0)
    monkeypatch.setattr("underhood._analysis.progress._PERIOD", 0.0)
    uh.analyze(PENGUINS, "species")
    uh.analyze(PENGUINS, "species", progress=False)
    assert capsys.readouterr().err == ""
    uh.analyze(PENGUINS, "species", progress=True)
    shown = capsys.readouterr().err
    assert "correlating pair 1 of 6" in shown
    assert "fitting LogisticRegression on standardised columns" in shown
    assert shown.endswith("\r")


def test_no_warning_reaches_the_reader():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("wine", "breast_cancer"):
            uh.analyze(uh.datasets.load(name), uh.datasets.describe(name).target)


def test_the_words_go_no_further_than_the_numbers(rng):
    skewed = {"x": np.exp(3 * rng.normal(size=60)), "g": list("ab") * 30, "h": ["u"] * 57 + ["v"] * 3}
    tables = [(skewed, "g"), (skewed, "x"), (uh.datasets.load("linnerud"), "chins")]
    tables += [(uh.datasets.load(name), uh.datasets.describe(name).target) for name in ("iris", "wine", "diabetes")]
    for frame, target in tables:
        analysis = uh.analyze(frame, target)
        words = (said(analysis) + analysis.to_html()).lower()
        for word in ("prove", "significant", "accept", "nan,", " nan"):
            assert word not in words
        assert pickle.loads(pickle.dumps(analysis)).notes.found == analysis.notes.found
        for item in analysis.comparisons:
            assert item.pvalue == item.result.pvalue
            assert f"{item.result.pvalue:.6g}" in item.result.explain() or item.pvalue < 1e-300


def test_two_hundred_thousand_rows_come_through(rng):
    n = 200_000
    frame = pd.DataFrame(rng.normal(size=(n, 4)), columns=list("abcd"))
    frame["when"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1000, n), unit="D")
    frame["group"] = rng.choice(["u", "v", "w"], n)
    frame["same"] = 1
    frame.loc[rng.random(n) < 0.1, "a"] = np.nan
    analysis = uh.analyze(frame, "group")
    assert analysis.rows == n
    assert analysis.columns["a"].missing == int(frame["a"].isna().sum())
    assert analysis.model.n_train + analysis.model.n_test == int(frame["a"].notna().sum())
    assert len(analysis.to_html()) < 3_000_000


def spread(n, seed=5):
    """Columns that have nothing to do with each other."""
    return np.random.default_rng(seed).normal(size=(n, 3))


def test_a_single_test_is_not_called_many():
    said = " ".join(uh.analyze({"a": list("xyxyxxyyxy") * 3, "b": list("uuvvuvuvuv") * 3}).notes)
    assert "1 test was made between groups." in said
    assert "by chance alone" not in said


def test_an_unclear_correlation_is_not_called_the_strongest_finding():
    a, b, c = spread(30).T
    one, two = uh.analyze({"a": a, "b": b}), uh.analyze({"a": a, "b": b, "c": c})
    assert "Correlations of 1 pair," in repr(one)
    for found in (one, two):
        assert found.notes.found[1:] == ["No correlation is clear: none has an adjusted p-value below 0.05."]


def test_a_stronger_but_unclear_correlation_is_kept_apart():
    a, b, _ = spread(200).T
    few = np.full(200, np.nan)
    a[:4], few[:4] = [0.0, 1.0, 2.0, 3.0], [0.5, 2.5, 1.5, 3.5]
    found = uh.analyze({"a": a, "b": a + b, "few": few})
    assert found.correlations["a and few"].pearson > found.correlations["a and b"].pearson
    assert any("The strongest clear correlation is that of a and b" in sentence for sentence in found.notes.found)


def test_a_perfect_fit_gets_no_conclusions():
    a = np.arange(30.0) + 0.25
    found = uh.analyze({"a": a, "b": 2 * a + 1}, target="a")
    said = " ".join(found.notes)
    assert "perfect to within rounding" in said
    assert "differ from 0" not in said
    assert max(map(len, repr(found.model).splitlines())) < 110


def test_infinite_values_are_not_passed_over_by_no_value_is_missing():
    said = list(uh.analyze({"a": [1.5, np.inf, 2.5, 4.5]}).notes)
    assert "No value is missing." not in said
    assert any("Infinite values" in sentence for sentence in said)


def test_most_is_only_said_of_the_largest():
    rng = np.random.default_rng(2)
    g, h = np.repeat(["x", "y"], 100), np.tile(["u", "v"], 100)
    a = rng.normal(size=200) + 1.0 * (g == "x") + 5.0 * (h == "u")
    said = " ".join(uh.analyze({"a": a, "g": g, "h": h}, target="g").notes.found)
    assert "a differs by g:" in said
    assert "a differs most by h:" in " ".join(uh.analyze({"a": a, "g": g, "h": h}).notes.found)
    assert "1e+0" not in said


def test_ranks_are_compared_where_a_group_does_not_vary():
    a = np.r_[np.zeros(20) + 0.5, np.random.default_rng(0).normal(size=20)]
    analysis = uh.analyze({"a": a, "g": ["x"] * 20 + ["y"] * 20})
    assert "Welch" not in said(analysis)
    assert "Ranks were compared where means might mislead" in said(analysis)
    assert "a by g (a group does not vary)" in said(analysis)
    item = analysis.comparisons[0]
    expected = scipy.stats.mannwhitneyu(a[:20], a[20:])
    assert item.test == "Mann-Whitney U"
    assert item.statistic == expected.statistic
    assert item.result.method == "Mann-Whitney U test (exact)"
    assert item.groups[0].confidence_interval is None


def test_ranks_are_compared_where_the_values_speak_against_normal_means(rng):
    x = np.r_[np.exp(2 * rng.normal(size=40)), 5 * np.exp(2 * rng.normal(size=60))]
    analysis = uh.analyze({"x": x, "g": ["a"] * 40 + ["b"] * 60, "h": list("uvw") * 33 + ["u"]})
    item = analysis.comparisons["x by g"]
    expected = uh.stats.mannwhitneyu(x[:40], x[40:])
    assert (item.test, item.effect, item.df) == ("Mann-Whitney U", "rank-biserial r", ())
    assert (item.statistic, item.pvalue, item.effect_size) == (
        expected.statistic,
        expected.pvalue,
        expected.effect_size,
    )
    assert (item.estimate, item.confidence_interval) == (expected.estimate, expected.confidence_interval)
    assert "by Cochran's rule" in item.reason
    assert item.note == ""
    assert item.reason in said(analysis)
    assert [group.median for group in item.groups] == [np.median(x[:40]), np.median(x[40:])]
    low, high = sorted(abs(end) for end in item.confidence_interval)
    sentence = next(sentence for sentence in analysis.notes.found if sentence.startswith("x differs most by g"))
    assert f"{100 * (1 - expected.probability):.0f} % of all pairs" in sentence
    assert "b is larger" in sentence
    assert f"{-expected.estimate:.3g} (95 % interval {low:.3g} to {high:.3g})" in sentence
    several = analysis.comparisons["x by h"]
    assert (several.test, several.effect, several.df) == ("Kruskal-Wallis", "ε²", (2.0,))
    assert (
        several.pvalue == uh.stats.kruskal(*[x[np.array(list("uvw") * 33 + ["u"]) == label] for label in "uvw"]).pvalue
    )
    assert several.estimate is None
    assert "Mann-Whitney U" in repr(analysis)
    assert "explain" in dir(item.result)


def test_two_groups_differ_by_so_much_in_the_unit_of_the_column(by_mass):
    item = by_mass.comparisons["body_mass_g by sex"]
    mass = PENGUINS.dropna(subset=["body_mass_g"])
    sexes = [group["body_mass_g"].to_numpy() for _, group in mass.groupby("sex")]
    expected = scipy.stats.ttest_ind(*sexes, equal_var=False).confidence_interval()
    np.testing.assert_allclose(item.confidence_interval, expected, rtol=1e-10)
    np.testing.assert_allclose(item.estimate, sexes[0].mean() - sexes[1].mean(), rtol=1e-12)
    for group, values in zip(item.groups, sexes, strict=True):
        t = scipy.stats.t(len(values) - 1, values.mean(), values.std(ddof=1) / len(values) ** 0.5)
        np.testing.assert_allclose(group.confidence_interval, t.interval(0.95), rtol=1e-10)
    assert "−683 (−841 to −526)" in repr(by_mass.comparisons)
    assert "a difference of 683 (95 % interval 526 to 841) or 0.9 standard deviations" in said(
        uh.analyze(PENGUINS, "sex")
    )


def test_small_expected_counts_of_two_by_two_are_tested_exactly(rng):
    a, b = ["u"] * 4 + ["v"] * 20, ["x"] * 4 + ["y"] * 17 + ["x"] * 3
    item = (analysis := uh.analyze({"a": a, "b": b})).comparisons["b by a"]
    assert (item.test, item.effect, item.df, item.note) == ("Fisher's exact", "Cramér's V", (), "")
    assert item.pvalue == pytest.approx(scipy.stats.fisher_exact([[4, 0], [3, 17]]).pvalue, rel=1e-12)
    assert item.statistic == item.estimate == np.inf
    assert "odds ratio ∞" in repr(analysis)
    assert "Fisher's exact test stands in for chi-square for a and b (2 of 4 expected counts are below 5)" in said(
        analysis
    )
    wide = uh.analyze({"a": a, "b": [*"xyxz" * 6]}).comparisons[0]
    assert wide.test == "chi-square"
    assert "so the p-value is rough" in wide.note


def test_rows_that_all_miss_something_are_the_reason_for_no_model(rng):
    odd, x = np.arange(120) % 2 == 1, rng.normal(size=120)
    table = {"a": np.where(odd, np.nan, x), "b": np.where(odd, x, np.nan), "c": x, "g": np.where(x > 0, "u", "v")}
    for target in ("c", "g"):
        assert f"No model of {target} was made: no row has a value both" in said(uh.analyze(table, target))


def test_few_rows_in_order_are_judged_by_the_exact_p_value():
    few = uh.analyze({"a": [1.0, 2.0, 4.0, 3.5], "b": [1.0, 2.5, 4.5, 3.0], "c": [0.1, 0.5, 0.2, 0.3]})
    assert few.correlations["a and b"].spearman_pvalue == pytest.approx(2 / 24, rel=1e-12)
    assert not few.correlations["a and b"].spearman_adjusted < 0.05
    nine = uh.analyze({"a": np.arange(9.0), "b": np.arange(9.0) ** 3})
    assert nine.correlations[0].spearman_pvalue == pytest.approx(2 / 362880, rel=1e-12)
    assert nine.correlations[0].clear
    assert "rough below ten rows" not in said(few)


def test_one_far_off_row_makes_no_clear_correlation(rng):
    x, y = rng.normal(size=(2, 40))
    x[7] = y[7] = 30.0
    item = (analysis := uh.analyze({"x": x, "y": y})).correlations[0]
    assert item.pearson > 0.9
    assert item.pearson_adjusted < 1e-9
    assert item.skewed == ("x", "y")
    assert not item.clear
    assert "No correlation is clear" in said(analysis)
    assert "With heavily skewed columns (x and y), Spearman's alone says whether a pair is clear." in said(analysis)
    assert "x ~ y*" in repr(analysis)
    clear = uh.analyze({"x": np.exp(2 * x[:7]), "y": np.exp(2 * x[:7])}).correlations[0]
    assert clear.clear
    np.testing.assert_allclose(clear.spearman_interval, uh.stats.spearmanr(x[:7], x[:7]).confidence_interval)


def test_noise_is_not_called_a_curve():
    a = np.linspace(0.5, 9.5, 30)
    curve = uh.analyze({"a": a, "b": np.exp(a)})
    assert curve.correlations[0].clear
    assert "a curve or a few far-off values" in said(curve)
    noise = uh.analyze(np.random.default_rng(3).normal(size=(30, 20)))
    assert max(abs(item.pearson - item.spearman) for item in noise.correlations) > 0.2
    assert "a curve" not in said(noise)


def test_tiny_groups_are_left_out_of_tests_of_means_or_bring_a_caution(rng):
    many = uh.analyze({"t": ["a"] * 100 + ["b"] * 18 + ["c"] * 2, "x": rng.normal(size=120)})
    item = many.comparisons["x by t"]
    assert (item.test, item.n, item.note) == ("Welch's t", 118, "left out groups of fewer than 5 rows: c")
    assert "x by t (left out groups of fewer than 5 rows: c)" in said(many)
    few = uh.analyze({"t": ["a"] * 9 + ["b"] * 3, "x": rng.normal(size=12)})
    item = few.comparisons[0]
    assert (item.test, item.reason, item.note) == ("Mann-Whitney U", "a group is of fewer than 5 rows", "")
    assert item.result.method == "Mann-Whitney U test (exact)"
    lone = uh.analyze({"t": ["a"] * 400 + ["b"] * 3, "x": np.r_[rng.integers(0, 9, 400) + 0.5, 1.0, 2.0, 3.0]})
    assert lone.comparisons[0].note == "a group is of fewer than 5 rows, so the p-value is rough"
    assert "so the p-value is rough" in said(lone)


def test_columns_that_are_too_many_are_not_called_dependent(rng):
    crowd = rng.normal(size=(15, 20))
    analysis = uh.analyze({f"x{i}": crowd[:, i] for i in range(20)}, "x0")
    assert "can be computed" not in said(analysis)
    assert "15 complete rows were too few for 19 coefficients: x15, x16, x17, x18 and x19 were left out" in said(
        analysis
    )
    x, y, z = rng.normal(size=(3, 50))
    assert "x2 can be computed from the columns before it (a sum of them, say), exactly or to nine digits" in said(
        uh.analyze({"x": x, "x2": x + 1e-10 * z, "y": y}, "y")
    )


def test_a_perfect_fit_shows_no_errors():
    a = np.arange(30.0) + 0.25
    model = uh.analyze({"a": a, "b": 2 * a, "c": 3 * a + 1}, "c").model
    assert "perfect to within rounding" in repr(model)
    assert "F =" not in repr(model)
    assert model.table()[0] == ["coefficient", "estimate"]
    assert "std. error" not in model._repr_html_()


def test_models_of_noise_are_not_said_to_be_better_than_the_commonest_class(rng):
    g = rng.choice(["u", "v", "w"], 600)
    found = said(uh.analyze({"g": g, "x": rng.normal(size=600), "y": 1e4 * rng.normal(size=600)}, "g"))
    assert "No model does clearly better than always answering" in found
    assert "Standardising the columns changed no model's score by more than chance would." in found


def test_columns_of_the_table_are_counted_apart_from_coefficients(by_species, by_mass):
    assert "Linear regression of body_mass_g on 7 columns (10 coefficients), 333 rows" in repr(by_mass.model)
    assert "Models of species (3 classes, 7 columns as 9)" in repr(by_species.model)


def test_the_direction_of_a_difference_is_shown(by_mass):
    item = by_mass.comparisons["body_mass_g by sex"]
    assert item.effect_size < 0
    for text in (repr(by_mass.comparisons), by_mass.to_html(), repr(item)):
        assert "(female − male)" in text


def test_reasons_of_classes_are_plain_text():
    from underhood.models._linear import one_reason

    reasons = {"one": "it is done.", "two": "it is not."}
    assert one_reason(reasons, ["one", "two"], np.array(["a", "b"])) == "a: it is done; b: it is not."


def test_signs_that_no_font_has_bring_no_warning(rng):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "🦊" in uh.analyze({"🦊": rng.normal(size=30), "y": rng.normal(size=30)}).to_html()


def test_a_tab_in_a_name_leaves_the_table_straight(rng):
    assert r"a\tb" in repr(uh.analyze({"a\tb": rng.normal(size=30)}).columns)


def test_only_close_names_are_suggested():
    with pytest.raises(ValueError, match=r"target is 'target', which is no column of frame\. There are"):
        uh.analyze(uh.datasets.load("diabetes"), "target")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["NA", "n/a", "None", "?", "-", "1", "2", "3"], "3 of its 8 values look like numbers (not '-', '?', 'NA' and"),
        (["1.234,50", "22,75", "3.000,00"], "3 of its 3 values look like numbers with a decimal comma"),
        (["1,234.50", "$22.75", "12 %"], "3 of its 3 values look like numbers with a decimal comma, a thousands"),
        (
            ["13/02/2020", "14/02/2020", "1/3/2020", "?"],
            "3 of its 4 values look like dates (not '?'); pandas.to_datetime",
        ),
    ],
)
def test_text_that_is_nearly_numbers_or_dates_gets_a_hint(values, said):
    found = kind(np.array(values))
    assert found[0] == "text"
    assert said in found[1]
    assert "a name" not in found[1]
    assert "look like" not in kind([f"{i}-{i}-x" for i in range(9)])[1]


def test_repeated_rows_are_counted_and_do_not_hide_an_identifier(rng):
    n = 60
    frame = pd.DataFrame({"PassengerId": np.arange(n), "x": rng.normal(size=n), "when": pd.Timestamp("2026-01-01")})
    frame.loc[3, "x"] = np.nan
    frame["g"] = rng.choice(["u", "v"], n)
    twice = pd.concat([frame, frame.iloc[:20]])
    for table in (twice, pl.from_pandas(twice)):
        analysis = uh.analyze(table)
        assert "20 rows repeat an earlier row in every column." in said(analysis)
        assert analysis.columns["PassengerId"].kind == "text"
    assert uh.analyze(twice, kinds={"PassengerId": "number"}).columns["PassengerId"].kind == "number"
    assert "repeat an earlier" not in said(uh.analyze(frame))
    assert "repeat an earlier" not in said(uh.analyze(twice[["g"]]))
    orders = {"customer_id": np.r_[np.arange(40), np.arange(20)], "x": rng.normal(size=60)}
    assert uh.analyze(orders).columns[0].kind == "number"
    assert "1 row repeats an earlier row" in said(uh.analyze({"a": [0.0, -0.0, 1.5], "b": ["x", "x", "y"]}))
