"""Tests of means, groups and variances, and many tests at once: beside SciPy and statsmodels, tables and identities."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.stats
import statsmodels.api as sm
import statsmodels.formula.api as smf
import underhood as uh
from statsmodels.stats.weightstats import ztest as peer_ztest

RNG = np.random.default_rng(20)
GROUPS = [RNG.normal(loc, scale, n) for loc, scale, n in ((0, 1, 12), (0.5, 2, 25), (1, 1.5, 8), (0.2, 1, 30))]
SIDES = {"two-sided": "two-sided", "less": "smaller", "greater": "larger"}


def close(ours, theirs, rtol=1e-12, **more):
    np.testing.assert_allclose(np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float), rtol=rtol, **more)


# t and z tests


@pytest.mark.parametrize("alternative", SIDES)
def test_a_z_test_agrees_with_statsmodels(alternative):
    a, b = GROUPS[0], GROUPS[1]
    side = SIDES[alternative]
    close(tuple(uh.stats.ztest(a, value=0.3, alternative=alternative)), peer_ztest(a, value=0.3, alternative=side))
    for equal_var, usevar in ((True, "pooled"), (False, "unequal")):
        ours = uh.stats.ztest(a, b, value=0.1, equal_var=equal_var, alternative=alternative)
        close(tuple(ours), peer_ztest(a, b, value=0.1, usevar=usevar, alternative=side))


def test_a_z_test_far_out_keeps_its_digits():
    # P(|Z| > 30) by mpmath.
    assert uh.stats.ztest([30.0], sigma=1).pvalue == pytest.approx(9.813427854297537e-198, rel=1e-13)
    assert "exact" in uh.stats.ztest([30.0], sigma=1).method
    assert "approximate" in uh.stats.ztest(GROUPS[0]).method
    two = uh.stats.ztest(GROUPS[0], GROUPS[1], sigma=(1, 2))
    error = np.sqrt(1 / 12 + 4 / 25)
    close([two.standard_error, two.statistic], [error, (GROUPS[0].mean() - GROUPS[1].mean()) / error])
    assert two.sigma == (1.0, 2.0) == uh.stats.ztest(GROUPS[0], GROUPS[1], sigma=[1, 2]).sigma
    low, high = uh.stats.ztest(GROUPS[0], sigma=1, confidence_level=0.9).confidence_interval
    close(high - low, 2 * scipy.stats.norm.ppf(0.95) / np.sqrt(12))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: uh.stats.ztest([1.0]), "ztest: x1 has 1 value, but at least 2"),
        (lambda: uh.stats.ztest([1.0], sigma=0), "ztest: sigma is 0"),
        (lambda: uh.stats.ztest([1.0, 2.0], sigma="one"), "ztest: sigma is text"),
        (lambda: uh.stats.ztest([1.0, 2.0], sigma=(1, 2, 3)), "ztest: sigma"),
        (lambda: uh.stats.ztest([2.0, 2.0]), "ztest: x1 is constant"),
        (lambda: uh.stats.ztest([2.0, 1.0], alternative="larger"), 'ztest: alternative is "larger"'),
        (lambda: uh.stats.ttest_ind([2.0, 1.0], [3, 4.0], equal_var="no"), "ttest_ind: equal_var is a str"),
        (lambda: uh.stats.ttest_1samp([2.0, 1.0], 1, alternative=2), "ttest_1samp: alternative is a int"),
        (lambda: uh.stats.ttest_1samp([2.0, 1.0], 1, alternative="more"), 'alternative is "more"'),
    ],
)
def test_options_are_refused_by_name(call, message):
    with pytest.raises((ValueError, TypeError)) as refusal:
        call()
    assert message in str(refusal.value)


# several means


@pytest.mark.parametrize("equal_var", [True, False])
def test_an_analysis_of_variance_agrees_with_scipy_and_describes_its_groups(equal_var):
    ours = uh.stats.f_oneway(*GROUPS, equal_var=equal_var)
    close(tuple(ours), scipy.stats.f_oneway(*GROUPS, equal_var=equal_var))
    close(ours.stds, [np.std(g, ddof=1) for g in GROUPS])
    close(ours.skewness, [scipy.stats.skew(g) for g in GROUPS])
    close(ours.pooled_std, np.sqrt(sum(((g - g.mean()) ** 2).sum() for g in GROUPS) / (75 - 4)))
    close(ours.range_of_means, np.ptp([g.mean() for g in GROUPS]))
    with_gaps = [np.append(GROUPS[0], np.nan), *GROUPS[1:]]
    assert tuple(uh.stats.f_oneway(*with_gaps, equal_var=equal_var, nan_policy="omit")) == tuple(ours)
    assert np.isnan(uh.stats.f_oneway(*with_gaps, equal_var=equal_var, nan_policy="propagate").pvalue)
    with pytest.raises(ValueError, match="f_oneway: groups"):
        uh.stats.f_oneway(*with_gaps, equal_var=equal_var)


def test_groups_along_an_axis():
    tables = [RNG.normal(size=(7, 3)), RNG.normal(size=(9, 3)), RNG.normal(size=(5, 3))]
    found = uh.stats.f_oneway(*tables, axis=0)
    close(found.pvalue, scipy.stats.f_oneway(*tables, axis=0).pvalue)
    close(
        uh.stats.levene(*tables, axis=0).pvalue,
        [scipy.stats.levene(*(t[:, i] for t in tables)).pvalue for i in range(3)],
    )
    close(uh.stats.bartlett(*tables, axis=0).statistic, scipy.stats.bartlett(*tables, axis=0).statistic)


def test_means_hundreds_of_standard_errors_apart_have_a_p_value():
    far = uh.stats.f_oneway([0.0, 1.0, 2.0] * 20, [60.0, 61.0, 62.0] * 20)
    student = uh.stats.ttest_ind([0.0, 1.0, 2.0] * 20, [60.0, 61.0, 62.0] * 20)
    close([far.statistic, far.pvalue], [student.statistic**2, student.pvalue], rtol=1e-11)
    assert 0 < far.pvalue < 1e-150


@pytest.mark.parametrize("equal_var", [True, False])
def test_pairs_of_means_agree_with_scipy(equal_var):
    ours, theirs = uh.stats.tukey_hsd(*GROUPS, equal_var=equal_var), scipy.stats.tukey_hsd(*GROUPS, equal_var=equal_var)
    close(ours.statistic, theirs.statistic, atol=1e-15)
    # SciPy's studentized range is good to ten digits or so.
    close(ours.pvalue, theirs.pvalue, rtol=1e-7)
    found, expected = ours.confidence_interval(0.9), theirs.confidence_interval(0.9)
    close(found.low, expected.low, rtol=1e-6)
    close(found.high, expected.high, rtol=1e-6)
    assert ours.confidence_interval().low[0, 1] < found.low[0, 1]


def test_pairs_of_a_published_example():
    # Snedecor and Cochran's fats: Tukey's critical value 3.96 at (4, 20) degrees of freedom.
    fats = [[64, 72, 68, 77, 56, 95], [78, 91, 97, 82, 85, 77], [75, 93, 78, 71, 63, 76], [55, 66, 49, 64, 70, 68]]
    pairs = uh.stats.tukey_hsd(*fats, labels=["1", "2", "3", "4"])
    low, high = pairs.confidence_interval()
    half = (high - low)[0, 1] / 2
    assert half / (np.sqrt(100.9) / np.sqrt(6)) == pytest.approx(3.96, abs=0.005)
    assert pairs.pvalue[1, 3] < 0.01 < pairs.pvalue[0, 1]
    assert "2 − 4" in repr(pairs)
    assert "2 − 4" in pairs.explain()


def test_many_pairs_are_not_all_printed():
    pairs = uh.stats.tukey_hsd(*RNG.normal(size=(12, 4)))
    assert "21 more pairs" in repr(pairs)
    assert "21 more pairs" in pairs._repr_html_()
    gaps = uh.stats.tukey_hsd([1.0, 2.0, np.nan], [2.0, 5.0, 3.0], nan_policy="omit")
    assert gaps.n.tolist() == [2, 3]
    for call, message in (
        (lambda: uh.stats.tukey_hsd([1.0, 2.0], [3.0], labels="abc"), "labels has 3 names"),
        (lambda: uh.stats.tukey_hsd([1.0, 2.0], [3.0], confidence_level=95), "confidence_level is 95"),
        (lambda: uh.stats.tukey_hsd([1.0, 2.0], [3.0, 3.0], equal_var=False), "throughout group 1"),
        (lambda: pairs.confidence_interval(2), "confidence_level is 2"),
    ):
        with pytest.raises(ValueError, match=message):
            call()


# two factors


def frame(n, seed, balanced=False):
    rng = np.random.default_rng(seed)
    cells = [(a, b) for a in "pqr" for b in ("low", "mid", "high", "top")]
    rows = [cells[i % 12] for i in range(n)] if balanced else [*cells, *(cells[i] for i in rng.integers(0, 12, n - 12))]
    table = pd.DataFrame(rows, columns=["a", "b"])
    table["y"] = rng.normal(size=n) + (table.a == "q") * 0.8 + (table.b == "top") * (table.a == "r") * 1.5
    return table


def peer(table, typ, interaction):
    sign = "*" if interaction else "+"
    formula = f"y ~ C(a, Sum) {sign} C(b, Sum)"
    found = sm.stats.anova_lm(smf.ols(formula, table).fit(), typ=typ)
    return found.drop(index="Intercept", errors="ignore")


@pytest.mark.parametrize("typ", [1, 2, 3])
@pytest.mark.parametrize("interaction", [True, False])
@pytest.mark.parametrize("balanced", [True, False])
def test_two_factors_agree_with_statsmodels(typ, interaction, balanced):
    table = frame(60, 3, balanced)
    ours = uh.stats.anova_twoway("y", "a", "b", data=table, interaction=interaction, typ=typ)
    theirs = peer(table, typ, interaction)
    terms = len(theirs) - 1
    close(ours.sum_of_squares, theirs["sum_sq"].to_numpy()[:terms], rtol=1e-11)
    close(ours.statistic, theirs["F"].to_numpy()[:terms], rtol=1e-11)
    close(ours.pvalue, theirs["PR(>F)"].to_numpy()[:terms], rtol=1e-10)
    close([*ours.df, ours.df_residual], theirs["df"])
    close(ours.residual_sum_of_squares, theirs["sum_sq"].iloc[-1], rtol=1e-12)
    close(ours.effect_size, ours.sum_of_squares / (ours.sum_of_squares + ours.residual_sum_of_squares))
    close(ours.total_sum_of_squares, ((table.y - table.y.mean()) ** 2).sum())
    assert ours.terms == ("a", "b", "a:b")[:terms]
    assert ours.levels == (("p", "q", "r"), ("high", "low", "mid", "top"))
    resid = smf.ols(f"y ~ a {'*' if interaction else '+'} b", table).fit().resid
    close(ours.skewness, scipy.stats.skew(resid), rtol=1e-9)
    close(ours.means, table.pivot_table("y", "a", "b").to_numpy())


def test_two_factors_from_vectors_and_any_labels():
    table = frame(40, 5)
    plain = uh.stats.anova_twoway("y", "a", "b", data=table)
    codes = table.b.map({"low": 1, "mid": 2, "high": 0, "top": 3})
    for a, b in (
        (table.a.to_list(), table.b.to_numpy()),
        (pl.Series(table.a.to_list()), pd.Series(table.b, dtype="category")),
        (table.a, codes),
        (table.a, codes.astype(float)),
        (np.array(table.a.to_list(), dtype=object), table.b),
    ):
        close(uh.stats.anova_twoway(table.y, a, b).statistic, plain.statistic)
    ordered = pd.Categorical(table.b, categories=["low", "mid", "high", "top", "none"])
    found = uh.stats.anova_twoway("y", "a", "b", data=table.assign(b=ordered))
    assert found.levels[1] == ("low", "mid", "high", "top")
    close(found.statistic, plain.statistic)
    lazy = uh.stats.anova_twoway("y", "a", "b", data=pl.DataFrame(table.to_dict("list")))
    close(lazy.statistic, plain.statistic)
    assert (found.outcome, uh.stats.anova_twoway(table.y.to_numpy(), table.a, codes).terms[:2]) == ("y", ("a", "b"))
    gaps = table.copy()
    gaps.loc[[20, 30], "a"] = None
    gaps.loc[25, "y"] = np.nan
    close(
        uh.stats.anova_twoway("y", "a", "b", data=gaps, nan_policy="omit").statistic,
        uh.stats.anova_twoway("y", "a", "b", data=table.drop(index=[20, 25, 30])).statistic,
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: uh.stats.anova_twoway("y", "a", "c", data=t), "anova_twoway: b is 'c', but data has the columns"),
        (lambda t: uh.stats.anova_twoway(t.y, t.a, t.b[:-1]), "b is a vector of 19, but values is a vector of 20"),
        (lambda t: uh.stats.anova_twoway(t.y, t.a, ["x"] * 20), "b has 1 level"),
        (lambda t: uh.stats.anova_twoway("y", "a", "b", data=t[t.b != t.a.map({"r": "top"})]), "cell a = r, b = top"),
        (lambda t: uh.stats.anova_twoway("y", "a", "b", data=t, typ=4), "typ is 4, but must be 1, 2 or 3"),
        (lambda t: uh.stats.anova_twoway("y", "a", "b", data=t, interaction="no"), "interaction is a str"),
        (lambda t: uh.stats.anova_twoway(t.y, t.a.where(t.index > 0), t.b), "a has a missing label at index 0"),
        (lambda t: uh.stats.anova_twoway("y", "a", "b", data=t, nan_policy="propagate"), "nan_policy is 'propagate'"),
        (lambda t: uh.stats.anova_twoway("y", "a", "b", data=t[:12]), "12 values for 12 means"),
        (lambda t: uh.stats.anova_twoway(t.y, t.a, np.arange(20) + 1j), "b has the dtype complex128"),
        (lambda t: uh.stats.anova_twoway(t.y, t.a, range(20)), "anova_twoway: "),
        (lambda t: uh.stats.anova_twoway(["x"] * 20, t.a, t.b), "values holds no real numbers"),
    ],
)
def test_two_factors_that_cannot_be_analysed_are_named(call, message):
    with pytest.raises((ValueError, TypeError)) as refusal:
        call(frame(20, 8))
    assert message in str(refusal.value)


def test_labels_of_several_types_have_the_order_of_their_appearance():
    y = [1.0, 2.5, 3.0, 7.0, 2.0, 2.2, 4.0, 6.0]
    found = uh.stats.anova_twoway(y, ["x", 2, "x", 2] * 2, ["u", "u", "v", "v"] * 2)
    assert found.levels == (("x", "2"), ("u", "v"))


# variances


@pytest.mark.parametrize("center", ["median", "mean", "trimmed"])
def test_levene_agrees_with_scipy(center):
    ours = uh.stats.levene(*GROUPS, center=center, proportiontocut=0.1)
    close(tuple(ours), scipy.stats.levene(*GROUPS, center=center, proportiontocut=0.1))
    assert (ours.df_between, ours.df_within) == (3, 71)
    assert uh.stats.levene(*GROUPS, center=center, nan_policy="omit").n.tolist() == [12, 25, 8, 30]


def test_bartlett_and_the_ratio_of_two_variances():
    ours = uh.stats.bartlett(*GROUPS)
    close(tuple(ours), scipy.stats.bartlett(*GROUPS), rtol=1e-11)
    # var.test(c(1.1, 2.3, 0.7, 4.1, 3.9), c(2.2, 2.9, 2.4, 2.0)) by the distribution of F.
    x, y = np.array([1.1, 2.3, 0.7, 4.1, 3.9]), np.array([2.2, 2.9, 2.4, 2.0])
    ratio = x.var(ddof=1) / y.var(ddof=1)
    found = uh.stats.var_test(x, y)
    close(found.estimate, ratio)
    close(found.pvalue, 2 * scipy.stats.f.sf(ratio, 4, 3))
    close(found.confidence_interval, ratio / scipy.stats.f.ppf([0.975, 0.025], 4, 3))
    assert uh.stats.var_test(x, y, alternative="less").confidence_interval[0] == 0
    assert uh.stats.var_test(x, y, ratio=2, alternative="greater").statistic == pytest.approx(ratio / 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: uh.stats.levene([1, 2], [5, 9]), "levene: groups has one distance"),
        (lambda: uh.stats.levene([1, 2, 4], [5, 9], center="mode"), 'levene: center is "mode"'),
        (lambda: uh.stats.levene([1, 2, 4], [5, 9], proportiontocut=0.5), "proportiontocut is 0.5"),
        (lambda: uh.stats.levene([1, 2, 4]), "levene: groups has 1 group"),
        (lambda: uh.stats.bartlett([1, 2], [5]), "bartlett: groups has 1 value in group 1"),
        (lambda: uh.stats.bartlett([1, 2], [5, 5]), "throughout group 1"),
        (lambda: uh.stats.var_test([1, 2], [5, 5]), "var_test: y is constant"),
        (lambda: uh.stats.var_test([1, 2], [5, 6], ratio=-1), "ratio is -1"),
    ],
)
def test_variances_that_cannot_be_compared_are_named(call, message):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the message is looked at below
        call()
    assert message in str(refusal.value)


# many tests


@pytest.mark.parametrize("method", ["bonferroni", "sidak", "holm", "holm-sidak", "simes-hochberg", "fdr_bh", "fdr_by"])
@pytest.mark.parametrize("m", [1, 2, 7, 300])
def test_corrections_agree_with_statsmodels(method, m):
    pvals = np.random.default_rng(m).random(m) ** 4
    if m > 5:
        pvals[:3] = [0.0, 1.0, pvals[4]]
    reject, corrected = uh.stats.multipletests(pvals, alpha=0.1, method=method)
    with np.errstate(divide="ignore"):
        theirs = sm.stats.multipletests(pvals, alpha=0.1, method=method)
    close(corrected, theirs[1], rtol=1e-13)
    np.testing.assert_array_equal(reject, theirs[0])


def test_corrections_of_nothing_and_of_what_is_no_probability():
    none = uh.stats.multipletests([])
    assert (none.n, none.rejected, len(none.reject)) == (0, 0, 0)
    tiny = uh.stats.multipletests([1e-300, 0.5], method="sidak").pvals_corrected[0]
    assert tiny == pytest.approx(2e-300, rel=1e-14)
    assert "false alarms" in uh.stats.multipletests([0.01, 0.2], method="fdr_bh").explain()
    np.testing.assert_array_equal(
        uh.stats.multipletests([0.01, 0.03], method="hochberg").pvals_corrected,
        uh.stats.multipletests([0.01, 0.03], method="simes-hochberg").pvals_corrected,
    )
    for call, message in (
        (lambda: uh.stats.multipletests([0.5, np.nan]), "multipletests: pvals holds NaN (a missing value) at index 1"),
        (lambda: uh.stats.multipletests([0.5, -0.1]), "pvals is -0.1, but must be between 0 and 1"),
        (lambda: uh.stats.multipletests([0.5], alpha=5), "alpha is 5"),
        (lambda: uh.stats.multipletests([0.5], method="fdr"), 'method is "fdr"'),
    ):
        with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the message is looked at below
            call()
        assert message in str(refusal.value)


def test_only_the_pairs_that_are_printed_cost_critical_values(monkeypatch):
    pairs = uh.stats.tukey_hsd(*RNG.normal(size=(30, 6)), equal_var=False)
    low, high = pairs.confidence_interval()
    asked = []
    critical = uh._core.means.studentized_range_critical

    def counted(p, k, df):
        asked.append(len(df))
        return critical(p, k, df)

    monkeypatch.setattr("underhood.stats._tukey.core", SimpleNamespace(studentized_range_critical=counted))
    shown = repr(pairs).splitlines()[3].split()
    assert asked == [45]
    assert float(shown[6]) == pytest.approx(low[0, 1], rel=1e-5)
    assert float(shown[7]) == pytest.approx(high[0, 1], rel=1e-5)
