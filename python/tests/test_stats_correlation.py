"""Correlation beside SciPy, NumPy, pandas and statsmodels, and on awkward input."""

import itertools

import matplotlib.pyplot as plt
import mpmath
import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.stats
import underhood as uh
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.tsa import stattools

SIDES = ["two-sided", "less", "greater"]


@pytest.fixture
def draw():
    return np.random.default_rng(20261123)


# Matrices


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
@pytest.mark.parametrize("n", [5, 200])
def test_correlation_matrices_are_pandas(draw, method, n):
    frame = pd.DataFrame(draw.normal(size=(n, 4)).round(1), columns=list("abcd"))
    found = uh.stats.corr(frame, method=method)
    np.testing.assert_allclose(found, frame.corr(method=method), rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(found, uh.stats.corr(frame.to_numpy(), method=method))
    assert found.names == tuple("abcd")
    assert found["a", "c"] == found[0, 2] == found.to_frame().loc["a", "c"]
    np.testing.assert_array_equal(np.asarray(found), np.asarray(found).T)
    frame.iloc[0, 1] = frame.iloc[2, 2] = np.nan
    with pytest.raises(ValueError, match=r"corr: x holds NaN .* at row 0, column 1"):
        uh.stats.corr(frame, method=method)
    gaps = uh.stats.corr(frame, method=method, nan_policy="omit")
    np.testing.assert_allclose(gaps, frame.corr(method=method), rtol=1e-12, atol=1e-15)
    through = np.asarray(uh.stats.corr(frame, method=method, nan_policy="propagate"))
    np.testing.assert_array_equal(np.isnan(through), np.add.outer([0, 1, 1, 0], [0, 1, 1, 0]) > 0)


def test_covariances_are_pandas(draw):
    frame = pd.DataFrame(draw.normal(size=(30, 3)) * [1, 1e6, 1e-6], columns=["a", "b", "c"])
    np.testing.assert_allclose(uh.stats.cov(frame), frame.cov(), rtol=1e-12)
    frame.iloc[3, 0] = np.nan
    np.testing.assert_allclose(uh.stats.cov(frame, nan_policy="omit"), frame.cov(), rtol=1e-12)
    assert np.isnan(uh.stats.cov(frame, nan_policy="propagate")["a", "c"])


def test_every_kind_of_named_table_keeps_its_names(draw):
    data = draw.normal(size=(20, 2))
    named = {"a": data[:, 0], "b": data[:, 1]}
    expected = uh.stats.corr(data)
    assert type(expected) is np.ndarray
    for table in (named, pd.DataFrame(named), pl.DataFrame(named), {"a": list(data[:, 0]), "b": list(data[:, 1])}):
        found = uh.stats.corr(table)
        assert found.names == ("a", "b")
        np.testing.assert_array_equal(found, expected)
    both = uh.stats.corr(pd.DataFrame(named), pd.Series(data[:, 0] ** 2, name="square"))
    assert both.names == ("a", "b", "square")
    assert uh.stats.corr(named, data).names == ("a", "b", "y0", "y1")
    assert uh.stats.cov(named, data[:, 0]).names == ("a", "b", "y")
    assert uh.stats.corr(named, named).names == ("a", "b", "a", "b")
    assert type(uh.stats.corr(data, data)) is np.ndarray
    with pytest.raises(TypeError, match="corr: x has a column without numbers, 'c'"):
        uh.stats.corr({"a": [1, 2], "c": ["x", "y"]})
    with pytest.raises(TypeError, match=r"corr: x has columns that are not numeric \('c'"):
        uh.stats.corr(pd.DataFrame({"a": [1, 2], "c": ["x", "y"]}))


def test_a_named_matrix_prints_and_draws_itself():
    found = uh.stats.corr({"a": [1, 2, 3, 5], "<b>": [2, 1, 5, 4]})
    assert len(found) == 2
    assert found.shape == (2, 2)
    assert [row.shape for row in found] == [(2,), (2,)]
    assert found["a"].shape == (2,)
    assert np.asarray(found, dtype=np.float32).dtype == np.float32
    assert "Pearson's correlations of 2 columns" in repr(found)
    assert "<b>" not in found._repr_html_()
    with pytest.raises(KeyError, match="no column is called 'c'"):
        found["a", "c"]
    assert found.plot().texts[1].get_text() == f"{found[0, 1]:.2f}"
    covariances = uh.stats.cov({"a": [1, 2, 3, 5], "b": [2, 1, 5, 4]})
    assert covariances.plot().texts[1].get_text() == f"{found[0, 1]:.2f}"
    wide = uh.stats.corr(pd.DataFrame(np.random.default_rng(0).normal(size=(40, 13))))
    assert len(repr(wide).splitlines()) > 13
    plt.close("all")


# Pairs


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("n", [3, 12, 33, 60, 2000])
@pytest.mark.parametrize("step", [0, 0.5])
def test_kendall_agrees_with_scipy(draw, side, n, step):
    x = draw.normal(size=n)
    y = 0.3 * x + draw.normal(size=n)
    if step:
        x, y = np.round(x / step), np.round(y / step)
    x[0], x[-1], y[0], y[-1] = -9, 9, 9, -9  # neither is constant
    for variant in "bc":
        for method in ["auto", "asymptotic"]:
            if method == "auto" and 33 < n <= 50:
                continue  # SciPy is approximate there
            ours = uh.stats.kendalltau(x, y, variant=variant, alternative=side, method=method)
            theirs = scipy.stats.kendalltau(x, y, variant=variant, alternative=side, method=method)
            np.testing.assert_allclose([*ours], [theirs.statistic, theirs.pvalue], rtol=1e-11)
            assert ours.effect_size == ours.statistic
    if not step and n <= 60:
        ours = uh.stats.kendalltau(x, y, alternative=side, method="exact")
        theirs = scipy.stats.kendalltau(x, y, alternative=side, method="exact")
        np.testing.assert_allclose([*ours], [*theirs], rtol=1e-11)
        assert "(exact)" in ours.method


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("step", [0, 1])
def test_small_samples_of_spearman_are_exact(draw, side, step):
    for n in [2, 3, 5, 7]:
        x, y = draw.normal(size=n) * 2, draw.normal(size=n) * 2
        if step and n > 3:
            x, y = np.round(x), np.round(y)
        if np.ptp(x) == 0 or np.ptp(y) == 0:
            continue
        found = uh.stats.spearmanr(x, y, alternative=side)
        assert found.method == "Spearman's rank correlation (exact)"
        ranks_x, ranks_y = (2 * scipy.stats.rankdata(v) for v in (x, y))
        own = ranks_x @ ranks_y
        sums = np.array([ranks_x @ np.array(order) for order in itertools.permutations(ranks_y)])
        low, high = np.mean(sums <= own), np.mean(sums >= own)
        expected = {"two-sided": min(1, 2 * min(low, high)), "less": low, "greater": high}[side]
        assert found.pvalue == pytest.approx(expected, rel=1e-13)


def test_the_approximation_takes_over_from_the_exact_distribution(draw):
    x, y = draw.normal(size=10), draw.normal(size=10)
    assert uh.stats.spearmanr(x, y).df is None
    exact, limit = uh.stats.spearmanr(x, y), uh.stats.spearmanr(x, y, method="asymptotic")
    assert exact.pvalue == pytest.approx(limit.pvalue, rel=0.1)
    assert limit.df == 8
    x, y = draw.normal(size=30), draw.normal(size=30)
    assert uh.stats.spearmanr(x, y).df == 28
    with pytest.raises(ValueError, match='spearmanr: method is "exact", but these samples'):
        uh.stats.spearmanr(x, y, method="exact")
    with pytest.raises(ValueError, match='kendalltau: method is "exact", but the values have ties'):
        uh.stats.kendalltau([1, 1, 2], [1, 2, 3], method="exact")
    with pytest.raises(ValueError, match='kendalltau: variant is "d"'):
        uh.stats.kendalltau(x, y, variant="d")
    with pytest.raises(ValueError, match='spearmanr: method is "perm"'):
        uh.stats.spearmanr(x, y, method="perm")


def test_far_tails_keep_their_digits(draw):
    # t = ρ√((n − 2)/(1 − ρ²)) in 50 digits; n = 400 ranks of which neighbours were exchanged.
    n = 400
    x = np.arange(n)
    y = x.reshape(-1, 2)[:, ::-1].ravel()
    mpmath.mp.dps = 60
    rho = 1 - mpmath.mpf(6 * n) / (n**3 - n)
    df = mpmath.mpf(n - 2)
    t2 = rho**2 * df / (1 - rho**2)
    # P(|T| ≥ t) is the regularised incomplete beta function I(df/(df + t²); df/2, 1/2).
    expected = mpmath.betainc(df / 2, 0.5, 0, df / (df + t2), regularized=True)
    found = uh.stats.spearmanr(x, y)
    if expected > 1e-300:
        assert found.pvalue == pytest.approx(float(expected), rel=1e-12)
    else:
        assert found.pvalue < 1e-290
    n = 60
    x = np.arange(n)
    y = x.reshape(-1, 2)[:, ::-1].ravel()
    rho = 1 - mpmath.mpf(6 * n) / (n**3 - n)
    df = mpmath.mpf(n - 2)
    expected = mpmath.betainc(df / 2, 0.5, 0, df / (df + rho**2 * df / (1 - rho**2)), regularized=True)
    assert uh.stats.spearmanr(x, y).pvalue == pytest.approx(float(expected), rel=1e-12)
    # Kendall's: 30 of 50 places in order, the rest exchanged with a neighbour.
    z = np.arange(50)
    z[30:] = z[30:].reshape(-1, 2)[:, ::-1].ravel()
    ours = uh.stats.kendalltau(np.arange(50), z)
    assert ours.pvalue == pytest.approx(scipy.stats.kendalltau(np.arange(50), z, method="exact").pvalue, rel=1e-12)
    assert ours.pvalue < 1e-40


def test_intervals_are_those_of_the_formulas():
    x, y = [1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 6, 5, 8, 7]
    z = scipy.stats.norm.ppf(0.975)
    for found, error in [
        (uh.stats.spearmanr(x, y), lambda r: np.sqrt((1 + r**2 / 2) / 5)),
        (uh.stats.kendalltau(x, y), lambda r: np.sqrt(0.437 / 4)),
        (uh.stats.pearsonr(x, y), lambda r: np.sqrt(1 / 5)),
    ]:
        r = found.statistic
        reach = z * error(r)
        np.testing.assert_allclose(
            found.confidence_interval, np.tanh([np.arctanh(r) - reach, np.arctanh(r) + reach]), rtol=1e-12
        )
    assert uh.stats.kendalltau([1, 2, 3], [1, 3, 2]).confidence_interval == (-1, 1)
    assert uh.stats.spearmanr([1, 2, 3, 4], [1, 2, 3, 4]).confidence_interval == (1, 1)
    assert uh.stats.kendalltau(x, y, alternative="less").confidence_interval[0] == -1


@pytest.mark.parametrize("function", [uh.stats.pearsonr, uh.stats.spearmanr, uh.stats.kendalltau])
def test_pairs_with_gaps_and_along_an_axis(draw, function):
    x, y = draw.normal(size=(12, 2)), draw.normal(size=(12, 2))
    found = function(x, y, axis=0)
    assert found.statistic.shape == (2,)
    assert found.results[1].pvalue == function(x[:, 1], y[:, 1]).pvalue
    x[3, 0] = np.nan
    keep = np.arange(12) != 3
    omitted = function(x[:, 0], y[:, 0], nan_policy="omit")
    assert [*omitted] == [*function(x[keep, 0], y[keep, 0])]
    through = function(x[:, 0], y[:, 0], nan_policy="propagate")
    assert np.isnan([*through, *through.confidence_interval]).all()


def test_heavy_skew_and_ties_produce_notes(draw):
    skewed = np.exp(2 * draw.normal(size=50))
    result = uh.stats.pearsonr(skewed, draw.normal(size=50))
    assert any("heavily skewed" in note for note in result.notes)
    assert result.assumptions[1].supported is False
    assert result.assumptions[2].supported is True
    tied = uh.stats.kendalltau(np.round(skewed), draw.normal(size=50))
    assert any("tied" in note for note in tied.notes)
    assert "skewness" not in repr(tied)
    assert "tied" not in repr(result)


# What others explain


def test_partial_correlation_is_that_of_the_residuals(draw):
    n, k = 40, 3
    z = draw.normal(size=(n, k)) + 1e3
    x, y = z @ [1, 2, 3] + draw.normal(size=n), z @ [3, 0, 1] + draw.normal(size=n)
    design = np.column_stack([np.ones(n), z - z.mean(0)])
    rest = [v - design @ np.linalg.lstsq(design, v, rcond=None)[0] for v in (x, y)]
    r = np.corrcoef(*rest)[0, 1]
    for side in SIDES:
        found = uh.stats.partial_corr(x, y, z, alternative=side)
        assert found.statistic == pytest.approx(r, rel=1e-11)
        t = r * np.sqrt((n - k - 2) / (1 - r**2))
        expected = {"two-sided": 2 * scipy.stats.t.sf(abs(t), n - k - 2), "less": scipy.stats.t.cdf(t, n - k - 2)}
        expected["greater"] = scipy.stats.t.sf(t, n - k - 2)
        assert found.pvalue == pytest.approx(expected[side], rel=1e-10)
    assert found.semipartial == pytest.approx(np.corrcoef(rest[0], y)[0, 1], rel=1e-11)
    frame = pd.DataFrame(z, columns=list("abc"))
    assert uh.stats.partial_corr(pd.Series(x), y, frame).df == n - k - 2


# A sequence with itself


def test_autocorrelation_is_statsmodels(draw):
    x = draw.normal(size=120).cumsum()
    expected, bands, q, pvalues = stattools.acf(x, nlags=20, alpha=0.05, qstat=True, fft=False)
    found = uh.stats.acf(x)
    assert found.df == stattools.acf(x).size - 1
    np.testing.assert_allclose(found, expected[: found.df + 1], rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(found.bands[1:], (bands[1:, 1] - expected[1:])[: found.df], rtol=1e-11)
    np.testing.assert_allclose([*found], [q[found.df - 1], pvalues[found.df - 1]], rtol=1e-10)
    lags = [0, 3, 17]
    np.testing.assert_allclose(uh.stats.autocorr(x, lags), expected[lags], rtol=1e-11)
    np.testing.assert_array_equal(uh.stats.autocorr(x, np.array(lags)), uh.stats.autocorr(x, lags))
    assert type(uh.stats.autocorr(x)) is float
    table = acorr_ljungbox(x, lags=[5])
    assert uh.stats.acf(x, 5).statistic == pytest.approx(table["lb_stat"].item(), rel=1e-11)


@pytest.mark.parametrize(("lag", "error"), [(-1, ValueError), (5, ValueError), (0.5, TypeError), ("1", TypeError)])
def test_lags_that_do_not_exist_are_refused(lag, error):
    with pytest.raises(error, match=r"^autocorr: lag"):
        uh.stats.autocorr([1, 2, 3, 5], lag)
    with pytest.raises(error, match=r"^acf: nlags"):
        uh.stats.acf([1, 2, 3, 5], lag)


def test_autocorrelations_draw_themselves(draw):
    found = uh.stats.acf(draw.normal(size=50), 8)
    ax = found.plot()
    assert ax.get_ylabel() == "autocorrelation"
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), found.values)
    plt.close("all")


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_a_named_matrix_tests_its_pairs(rng, method):
    frame = pd.DataFrame(rng.normal(size=(20, 3)), columns=["a", "b", "c"])
    frame.loc[2, "a"] = np.nan
    found = uh.stats.corr(frame, method=method, nan_policy="omit")
    test = {"pearson": scipy.stats.pearsonr, "spearman": scipy.stats.spearmanr, "kendall": scipy.stats.kendalltau}
    known = frame["a"].notna()
    expected = test[method](frame.loc[known, "a"], frame.loc[known, "c"])
    assert found.pair("a", "c").pvalue == pytest.approx(expected.pvalue, rel=1e-10)
    assert found.pvalues[0, 2] == found.pvalues[2, 0] == found.pair("c", "a").pvalue
    assert np.isnan(np.diag(found.pvalues)).all()
    frame["c"] = 1.0 * np.arange(20)
    with pytest.raises(ValueError, match="no longer"):
        found.pair("a", "c")
    with pytest.raises(ValueError, match="no tests"):
        uh.stats.cov(frame, nan_policy="omit").pair("a", "c")


def test_few_pairs_cannot_tell_whether_they_are_normal(draw):
    few = uh.stats.pearsonr([1.0, 2, 3, 4, 5, 6], [2.0, 1, 4, 3, 6, 5])
    assert few.assumptions[1].supported is None
    many = uh.stats.pearsonr(draw.normal(size=200), draw.normal(size=200))
    assert many.assumptions[1].supported is True
    one_far_out = uh.stats.pearsonr([1.0, 2, 3, 4, 9], [2.0, 1, 4, 3, 6])
    assert one_far_out.skewness[0] > 1  # of G₁'s standard error, 1.1, it is not two
    assert one_far_out.assumptions[1].supported is None


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_pairs_with_next_to_nothing_in_common_are_nan_as_in_pandas(method):
    nan = np.nan
    frame = pd.DataFrame(
        {
            "a": [1.0, 2.0, nan, nan, 4.0, 3.0],
            "b": [nan, nan, 3.0, 5.0, nan, 4.0],
            "c": [7.0, 7.0, 3.0, 1.0, 7.0, nan],
        }
    )
    found = np.asarray(uh.stats.corr(frame, method=method, nan_policy="omit"))
    np.testing.assert_allclose(found, frame.corr(method=method), rtol=1e-13)
    assert np.isnan(found[0, 1]), "one row in common"
    assert np.isnan(found[0, 2]), "c is constant in the rows of a"
    if method == "pearson":
        covariances = uh.stats.cov(frame, nan_policy="omit")
        np.testing.assert_allclose(covariances, frame.cov(), rtol=1e-13, atol=1e-15)


def test_many_gaps_agree_with_pandas(draw):
    x = draw.normal(size=(400, 7)) @ draw.normal(size=(7, 7)) + [0, 1e6, 3, -5, 1, 2, 3]
    x[draw.random(x.shape) < 0.1] = np.nan
    frame = pd.DataFrame(x)
    np.testing.assert_allclose(uh.stats.corr(x, nan_policy="omit"), frame.corr(), atol=1e-9)
    np.testing.assert_allclose(uh.stats.corr(x, nan_policy="omit", method="kendall"), frame.corr("kendall"), atol=1e-13)
    np.testing.assert_allclose(uh.stats.cov(x, nan_policy="omit"), frame.cov(), rtol=1e-7, atol=1e-7)


def test_a_lag_too_far_is_named():
    with pytest.raises(ValueError, match="acf: nlags is 10, but must be less than the number of values, which is 4"):
        uh.stats.acf([1, 3, 2, 4], nlags=10)
