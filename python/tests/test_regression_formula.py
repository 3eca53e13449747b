"""Formulas: agreement with statsmodels' own, frames of every kind, missing values, refusals that teach."""

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest
import statsmodels.formula.api as smf
import underhood as uh
from underhood.stats._formula import Design

RNG = np.random.default_rng(11)
N = 60
FRAME = pd.DataFrame(
    {
        "mass": RNG.normal(4, 1, N),
        "flipper": RNG.normal(200, 10, N),
        "species": np.array(["Adelie", "Chinstrap", "Gentoo"])[RNG.integers(0, 3, N)],
        "sex": np.array(["f", "m"])[RNG.integers(0, 2, N)],
        "old": RNG.integers(0, 2, N) == 1,
        "year": 2007 + RNG.integers(0, 3, N),
        "size class": pd.Categorical(np.array(["S", "M", "L"])[RNG.integers(0, 3, N)], categories=["S", "M", "L"]),
    }
)
FRAME["mass"] += 0.05 * FRAME["flipper"] + (FRAME["species"] == "Gentoo")
GAPS = FRAME.copy()
GAPS.loc[3, "flipper"] = np.nan
GAPS.loc[[3, 7], "sex"] = None


@pytest.mark.parametrize(
    "formula",
    [
        "mass ~ flipper + species",
        "mass ~ flipper * species",
        "mass ~ flipper:species",
        "mass ~ C(year) + flipper",
        "mass ~ flipper + I(flipper**2)",
        "mass ~ (flipper + sex + species)**2",
        "np.log(mass) ~ np.log(flipper) + year",
        "mass ~ flipper - 1",
        "mass ~ 0 + species + sex",
        "mass ~ C(species, Treatment('Gentoo')) + flipper",
    ],
)
def test_formulas_mean_what_they_mean_in_statsmodels(formula):
    ours = uh.stats.linear_regression(formula.replace("Treatment(", "contr.treatment("), FRAME)
    theirs = smf.ols(formula, FRAME).fit()
    # Columns may come in another order; what is fitted is the same.
    np.testing.assert_allclose(ours.fittedvalues, theirs.fittedvalues, rtol=1e-10)
    np.testing.assert_allclose(np.sort(ours.bse), np.sort(theirs.bse), rtol=1e-7)
    for field in ("aic", "df_resid", "llf"):
        np.testing.assert_allclose(getattr(ours, field), getattr(theirs, field), rtol=1e-10)
    np.testing.assert_allclose(ours.predict(FRAME[:5]), theirs.predict(FRAME[:5]), rtol=1e-10)


def test_names_are_those_that_readers_know():
    fit = uh.stats.linear_regression("mass ~ flipper + species", FRAME)
    assert fit.names == ("Intercept", "flipper", "species[T.Chinstrap]", "species[T.Gentoo]")
    assert uh.stats.linear_regression(FRAME[["flipper"]], FRAME["mass"]).names == ("const", "flipper")
    assert "species[T.Gentoo]" in fit.summary()
    design = Design("mass ~ species + `size class` - 1", FRAME, function="f")
    assert design.names[:3] == ("species[Adelie]", "species[Chinstrap]", "species[Gentoo]")
    assert Design("mass ~ np.log(`my year`)", FRAME.rename(columns={"year": "my year"}), function="f").X.shape == (N, 1)
    assert design.names[3:] == ("size class[T.M]", "size class[T.L]")
    assert not design.has_intercept
    assert Design("mass ~ .", FRAME[["mass", "year", "sex"]], function="f").names == ("Intercept", "year", "sex[T.m]")


def test_any_table_will_do():
    fit = uh.stats.linear_regression("mass ~ flipper + species + old", FRAME)
    used = ["mass", "flipper", "species", "old"]
    plain = {name: FRAME[name].tolist() for name in used}
    shuffled = FRAME.set_index(np.arange(N)[::-1])
    enum = pl.DataFrame(plain).with_columns(pl.col("species").cast(pl.Enum(["Adelie", "Chinstrap", "Gentoo"])))
    tables = [
        plain,
        {name: np.array(values) for name, values in plain.items()},
        pl.DataFrame(plain),
        pl.DataFrame(plain).with_columns(pl.col("species").cast(pl.Categorical)),
        enum,
        shuffled,
        FRAME.convert_dtypes(),
        FRAME.astype({"species": "category", "old": object}),
    ]
    for table in tables:
        other = uh.stats.linear_regression("mass ~ flipper + species + old", table)
        np.testing.assert_array_equal(other.params, fit.params)
        assert other.names == fit.names
        np.testing.assert_array_equal(other.predict(table), fit.predict(FRAME))
    np.testing.assert_array_equal(
        uh.stats.linear_regression("mass ~ flipper + species + old", data=FRAME).params, fit.params
    )


def test_missing_values_are_refused_or_left_out():
    message = r"missing in 2 of 60 rows, the first being row 3: 'flipper' \(1\), 'sex' \(2\); pass nan_policy=\"omit\""
    with pytest.raises(ValueError, match=message):
        uh.stats.linear_regression("mass ~ flipper + sex", GAPS)
    # A column that is not used may have gaps.
    assert uh.stats.linear_regression("mass ~ species", GAPS).nobs == N
    for table in (GAPS, pl.from_pandas(GAPS)):
        fit = uh.stats.linear_regression("mass ~ center(flipper) + sex", table, nan_policy="omit")
        whole = uh.stats.linear_regression("mass ~ center(flipper) + sex", GAPS.dropna())
        np.testing.assert_array_equal(fit.params, whole.params)
    design = Design("mass ~ flipper", GAPS, function="f", nan_policy="omit", also={"weights": "year"})
    assert np.flatnonzero(~design.rows).tolist() == [3]
    assert design.also["weights"].tolist() == FRAME["year"].drop(3).tolist()
    with pytest.raises(ValueError, match="every row of the frame misses a value"):
        uh.stats.linear_regression("a ~ b", {"a": [1.0, np.nan], "b": [np.nan, 2.0]}, nan_policy="omit")
    with pytest.raises(ValueError, match="nan_policy is 'drop', but must be"):
        uh.stats.linear_regression("mass ~ flipper", GAPS, nan_policy="drop")


def test_categories_of_rows_that_went_are_gone():
    few = GAPS.assign(species=pd.Categorical(GAPS["species"], categories=["Adelie", "Chinstrap", "Gentoo", "Emperor"]))
    assert len(uh.stats.linear_regression("mass ~ species", few).params) == 3


def test_new_rows_are_coded_as_the_old():
    fit = uh.stats.linear_regression("mass ~ poly(flipper, 2) + species", FRAME)
    new = {"flipper": [190.0, 210.0], "species": ["Gentoo", "Adelie"]}
    band = fit.predict(new, interval="prediction")
    theirs = smf.ols("mass ~ flipper + I(flipper**2) + species", FRAME).fit().get_prediction(pd.DataFrame(new))
    np.testing.assert_allclose(band.lower, theirs.conf_int(obs=True)[:, 0], rtol=1e-9)
    with pytest.raises(ValueError, match=r"predict: .*categories that the fit has not seen: 'Emperor'$"):
        fit.predict({"flipper": [190.0], "species": ["Emperor"]})
    with pytest.raises(ValueError, match="names 'species', which is no column of X"):
        fit.predict({"flipper": [190.0]})
    with pytest.raises(ValueError, match=r"predict: values are missing in 1 of 1 rows, .*'flipper' \(1\)$"):
        fit.predict({"flipper": [np.nan], "species": ["Adelie"]})
    with pytest.raises(TypeError, match="predict"):
        fit.predict({"flipper": ["long"], "species": [3j]})


def test_one_column_may_come_as_a_vector():
    fit = uh.stats.linear_regression("mass ~ flipper + I(flipper**2)", FRAME)
    expected = fit.predict({"flipper": [190.0, 210.0]})
    for vector in ([190, 210], (190.0, 210.0), np.array([190, 210]), pd.Series([190.0, 210.0], name="other")):
        np.testing.assert_array_equal(fit.predict(vector), expected)
    with pytest.raises(ValueError, match="names 'flipper', which is no column of X"):
        uh.stats.linear_regression("mass ~ flipper + species", FRAME).predict([190.0])


def test_levels_that_are_whole_numbers_are_called_so():
    years = {"mass": [3.0, 4.0, 3.5, 5.0, 4.2, 4.4], "year": [2007, 2008, 2009] * 2}
    fit = uh.stats.linear_regression("mass ~ C(year)", years)
    assert fit.names == ("Intercept", "C(year)[T.2008]", "C(year)[T.2009]")
    assert fit.predict({"year": [2009]}).round(10).tolist() == [3.95]


def test_a_category_is_tested_by_its_name():
    fit = uh.stats.linear_regression("mass ~ flipper * species", FRAME)
    levels = [name for name in fit.names if name.startswith("species[")]
    assert fit.f_test("species").names == tuple(levels)
    slopes = fit.f_test("flipper:species")
    small = uh.stats.linear_regression("mass ~ flipper + species", FRAME)
    np.testing.assert_allclose(slopes.pvalue, uh.stats.compare_models(small, fit).pvalue, rtol=1e-10)
    assert len(fit.f_test(["species", levels[0], "flipper"]).names) == len(levels) + 1
    with pytest.raises(ValueError, match="f_test: names has 'island', which is no coefficient"):
        fit.f_test("island")


def test_words_do_not_hold_alike_what_changes_together():
    text = uh.stats.linear_regression("mass ~ flipper * species", FRAME).explain()
    assert "one more unit of flipper, the other columns alike and those that it interacts with at zero" in text
    assert "one more unit of flipper:species" not in text
    text = uh.stats.polyfit(FRAME["flipper"], FRAME["mass"], 2).explain()
    assert text.startswith("Question: how does mass change with flipper? It is described as a polynomial of degree 2.")
    assert "one more unit" not in text
    assert "straight line" not in text


def test_a_constant_alone_is_a_model():
    fit = uh.stats.linear_regression("mass ~ 1", FRAME)
    assert fit.names == ("Intercept",)
    assert fit.params[0] == pytest.approx(FRAME["mass"].mean(), rel=1e-14)
    assert fit.df_model == 0
    np.testing.assert_array_equal(fit.predict(FRAME[:3]), np.repeat(fit.params, 3))


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("mass ~ fliper", r"names 'fliper', which is no column of the frame; did you mean 'flipper'\?"),
        ("mass", "has no ~ between response and terms"),
        ("~ flipper", "needs one response on the left"),
        ("mass ~ flipper | sex", "needs one response on the left"),
        ("mass ~ flipper ~ sex", "cannot be read: Operator `~` is incorrectly used"),
        ("mass ~ flipper +", "cannot be read"),
        ("mass ~ np.log(fliper)", r"names 'fliper', which is no column"),
        ("mass ~ foo(flipper)", "cannot be evaluated.*'foo' is not defined.*can be made a column first"),
        ("mass ~ np.log(flipper - 200)", r"term 'np.log\(flipper - 200\)' is (nan|-inf) in"),
        ("mass + flipper ~ sex", "left of the formula .* gives 2 columns"),
        ("mass ~ 0", "nothing to the right"),
        ("mass ~ __import__('os')", "cannot be"),
        ("mass ~ flipper + I(2 * flipper)", "X has 3 columns but rank 2"),
    ],
)
def test_what_cannot_be_read_is_refused(formula, message):
    with pytest.raises(ValueError, match=rf"^linear_regression: .*{message}"):
        uh.stats.linear_regression(formula, FRAME)


def test_what_is_no_number_is_refused():
    with pytest.raises(TypeError, match=r"response 'species' is text or categories, .* logistic_regression"):
        uh.stats.linear_regression("species ~ mass", FRAME)
    with pytest.raises(TypeError, match="needs a frame"):
        uh.stats.linear_regression("mass ~ flipper")
    with pytest.raises(TypeError, match="column 'day' holds neither numbers nor text"):
        uh.stats.linear_regression("a ~ day", {"a": [1, 2, 4], "day": pd.date_range("2026-01-01", periods=3)})
    design = Design("sex ~ mass", FRAME, function="f", labels=True)
    assert design.y.tolist() == FRAME["sex"].tolist()


def test_formulaic_is_imported_with_the_first_formula_only_and_asked_for_kindly():
    code = (
        "import sys, underhood as uh\n"
        "uh.stats.linear_regression([1, 2, 3, 4], [1, 3, 2, 4])\n"
        "assert 'formulaic' not in sys.modules and 'pandas' not in sys.modules\n"
        "sys.modules['formulaic'] = None\n"
        "try: uh.stats.linear_regression('a ~ b', {'a': [1, 2, 4], 'b': [1, 2, 3]})\n"
        "except ImportError as error: print(error)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.startswith("linear_regression: formulas need formulaic, which is not installed; run: pip")


def test_a_formula_without_terms_is_refused():
    with pytest.raises(ValueError, match="nothing to the right of ~"):
        uh.stats.linear_regression("y ~ ", {"y": [1.0, 2.0, 4.0]})
    for fit in (uh.stats.linear_regression, lambda X, y, **options: uh.stats.ridge_regression(X, y, 1.0, **options)):
        with pytest.raises(TypeError, match="intercept is a str, but must be True or False"):
            fit([[1.0], [2.0], [4.0]], [1.0, 2.0, 2.0], intercept="yes")
