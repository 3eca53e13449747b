"""Power and sample size: against statsmodels, against integrals of its own, and what is refused."""

import matplotlib.pyplot as plt
import mpmath as mp
import numpy as np
import pytest
import underhood as uh
from scipy import stats
from statsmodels.stats import power as peer

SIDES = {"two-sided": "two-sided", "less": "smaller", "greater": "larger"}


@pytest.fixture(autouse=True)
def close_figures():
    """Leave no figure open."""
    yield
    plt.close("all")


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize(
    ("effect", "n", "alpha", "ratio"), [(0.5, 20, 0.05, 1), (-0.3, 50, 0.01, 2), (0.1, 300, 0.1, 0.5)]
)
def test_powers_of_t_tests_are_those_of_statsmodels(effect, n, alpha, ratio, alternative):
    def ours(test, **more):
        return uh.stats.power(test, effect_size=effect, n=n, alpha=alpha, alternative=alternative, **more).power

    two = peer.TTestIndPower().power(effect, n, alpha, ratio=ratio, alternative=SIDES[alternative])
    one = peer.TTestPower().power(effect, n, alpha, alternative=SIDES[alternative])
    z = peer.NormalIndPower().power(effect, n, alpha, ratio=ratio, alternative=SIDES[alternative])
    z_one = peer.NormalIndPower().power(effect, n, alpha, ratio=0, alternative=SIDES[alternative])
    assert ours("t", ratio=ratio) == pytest.approx(two, rel=1e-10)
    assert ours("one-sample t") == ours("paired t") == pytest.approx(one, rel=1e-10)
    assert ours("proportion", ratio=ratio) == pytest.approx(z, rel=1e-12)
    assert ours("one-sample proportion") == pytest.approx(z_one, rel=1e-12)


@pytest.mark.parametrize(("effect", "n", "k"), [(0.25, 15, 3), (0.1, 200, 5), (0.8, 4, 2)])
def test_powers_of_the_analysis_of_variance_and_of_counts_are_those_of_statsmodels(effect, n, k):
    anova = uh.stats.anova_power(effect, n, k_groups=k)
    assert anova.power == pytest.approx(peer.FTestAnovaPower().power(effect, n * k, 0.05, k_groups=k), rel=1e-10)
    assert (anova.sizes, anova.n_total, anova.df) == ((n,) * k, n * k, (k - 1, n * k - k))
    counts = uh.stats.power("chi-square", effect_size=effect, n=n, k_groups=k)
    assert counts.power == pytest.approx(peer.GofChisquarePower().power(effect, n, 0.05, n_bins=k), rel=1e-10)
    # With two groups F is t², and f half of d.
    both = uh.stats.ttest_power(2 * effect, n), uh.stats.anova_power(effect, n, k_groups=2)
    assert both[0].power == pytest.approx(both[1].power, rel=1e-12)
    assert both[0].beta == pytest.approx(both[1].beta, rel=1e-12)


def test_what_is_solved_for_is_what_statsmodels_finds():
    # Its searches end at five to nine digits; its power at our solutions is the one that was asked for to twelve.
    t, anova, z = peer.TTestIndPower(), peer.FTestAnovaPower(), peer.NormalIndPower()
    n = uh.stats.power(effect_size=0.5, power=0.8, ratio=2).n
    assert n == pytest.approx(t.solve_power(0.5, power=0.8, alpha=0.05, ratio=2), rel=1e-5)
    assert t.power(0.5, n, 0.05, ratio=2) == pytest.approx(0.8, rel=1e-11)
    effect = uh.stats.power(n=30, power=0.9).effect_size
    assert effect == pytest.approx(t.solve_power(None, nobs1=30, alpha=0.05, power=0.9), rel=1e-5)
    assert t.power(effect, 30, 0.05) == pytest.approx(0.9, rel=1e-11)
    alpha = uh.stats.power(effect_size=0.4, n=50, power=0.9, alpha=None).alpha
    assert alpha == pytest.approx(t.solve_power(0.4, nobs1=50, alpha=None, power=0.9), rel=1e-5)
    assert t.power(0.4, 50, alpha) == pytest.approx(0.9, rel=1e-11)
    n = uh.stats.anova_power(0.25, power=0.8, k_groups=4).n
    assert 4 * n == pytest.approx(anova.solve_power(0.25, alpha=0.05, power=0.8, k_groups=4), rel=1e-5)
    assert anova.power(0.25, 4 * n, 0.05, k_groups=4) == pytest.approx(0.8, rel=1e-10)
    n = uh.stats.proportions_power(0.3, 0.2, power=0.8).n
    effect = uh.stats.cohens_h(0.3, 0.2)
    assert n == pytest.approx(z.solve_power(effect, alpha=0.05, power=0.8), rel=1e-5)
    assert z.power(effect, n, 0.05) == pytest.approx(0.8, rel=1e-12)


@pytest.mark.parametrize(
    "test", ["t", "paired t", "one-sample t", "proportion", "one-sample proportion", "anova", "chi-square"]
)
@pytest.mark.parametrize("power", [0.06, 0.5, 0.99, 1 - 1e-9])
def test_each_of_the_four_is_found_from_the_others(test, power):
    more = {"k_groups": 3} if test in ("anova", "chi-square") else {}
    found = uh.stats.power(test, effect_size=0.3, power=power, **more)
    if found.notes and "smallest" in found.notes[0]:
        assert found.power > power
        return
    again = uh.stats.power(test, effect_size=0.3, n=found.n, **more)
    assert again.power == pytest.approx(power, rel=1e-11)
    assert again.beta == pytest.approx(1 - power, rel=1e-6 if power > 0.999 else 1e-10)
    assert uh.stats.power(test, n=found.n, power=power, **more).effect_size == pytest.approx(0.3, rel=1e-10)
    level = uh.stats.power(test, n=found.n, power=power, effect_size=0.3, alpha=None, **more)
    assert level.alpha == pytest.approx(0.05, rel=1e-8)
    assert level.solved_for == "alpha"


def test_tails_are_right_where_one_minus_the_other_is_not():
    # β of a t test with much power, and the power at a tiny level: integrals over the standard deviation (mpmath).
    def upper(t, df, nc):
        with mp.workdps(30):
            t, v, nc = mp.mpf(t), mp.mpf(df), mp.mpf(nc)
            scale = 2 * (v / 2) ** (v / 2) / mp.gamma(v / 2)
            edges = [0, 0.3, 0.5, 0.7, 0.85, 1, 1.15, 1.3, 1.5, 2, 3, 5]
            return float(mp.quad(lambda s: mp.ncdf(nc - t * s) * scale * s ** (v - 1) * mp.exp(-v * s * s / 2), edges))

    found = uh.stats.power("one-sample t", effect_size=2.5, n=30, alternative="greater")
    assert found.beta == pytest.approx(upper(-found.critical_value, 29, -found.noncentrality), rel=1e-11)
    assert found.beta < 1e-18
    found = uh.stats.power("one-sample t", effect_size=-0.5, n=30, alpha=1e-9, alternative="greater")
    assert found.power == pytest.approx(upper(found.critical_value, 29, found.noncentrality), rel=1e-11)
    assert 0 < found.power < 1e-13
    # Power of no effect is alpha, however small.
    assert uh.stats.power(effect_size=0, n=10, alpha=1e-200).power == pytest.approx(1e-200, rel=1e-11)


def test_power_is_how_often_the_test_rejects():
    rng, n, effect = np.random.default_rng(3), 12, 0.9
    a, b = rng.normal(effect, 1, (n, 4000)), rng.normal(0, 1, (n, 4000))
    share = np.mean(stats.ttest_ind(a, b).pvalue < 0.05)
    # Five standard errors of √(¼/4000).
    assert share == pytest.approx(uh.stats.power(effect_size=effect, n=n).power, abs=0.04)


def test_sample_sizes_are_the_smallest_that_do():
    for test, effect, more in (
        ("t", 0.5, {}),
        ("t", 0.35, {"ratio": 1.5, "alternative": "greater"}),
        ("proportion", -0.2, {"alternative": "less"}),
        ("anova", 0.4, {"k_groups": 3}),
        ("chi-square", 0.3, {"k_groups": 4}),
        ("paired t", 0.5, {"alpha": 0.01}),
    ):
        found = uh.stats.sample_size(test, effect_size=effect, power=0.9, **more)
        assert found.power >= 0.9
        assert all(isinstance(size, int) for size in (found.n, found.n_total, *found.sizes))
        if "ratio" not in more:
            assert uh.stats.power(test, effect_size=effect, n=found.n, **more).power == pytest.approx(
                found.power, rel=1e-13
            )
            assert uh.stats.power(test, effect_size=effect, n=found.n - 1, **more).power < 0.9
    # Cohen (1988), table 2.4.1: 64 in each sample; table 8.4.4 (u = 2, f = 0.25): 52.
    assert uh.stats.sample_size(effect_size=0.5).sizes == (64, 64)
    assert uh.stats.sample_size("anova", effect_size=0.25, k_groups=3).sizes == (53, 53, 53)
    # A sample size that is attained exactly is not rounded up.
    exact = uh.stats.power(effect_size=0.5, n=40).power
    assert uh.stats.sample_size(effect_size=0.5, power=exact).n == 40
    huge = uh.stats.sample_size(effect_size=50)
    assert (huge.sizes, huge.notes[0][:28]) == ((2, 2), "these are the smallest sampl")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: uh.stats.power(effect_size=0.5), "power: n and power are not given, but three of"),
        (
            lambda: uh.stats.power(effect_size=0.5, n=20, power=0.8),
            "power: effect_size is given, and n, alpha and power",
        ),
        (lambda: uh.stats.power(effect_size=0, power=0.8), "effect_size is 0, so that no sample is large enough"),
        (lambda: uh.stats.power(effect_size=0.5, power=0.04), r"power: power is 0.04, but must be above alpha = 0.05"),
        (lambda: uh.stats.power(n=20, power=0.05), "power: power is 0.05, but must be above alpha"),
        (lambda: uh.stats.power(effect_size=0.5, power=0.8, alternative="less"), 'alternative="less" looks for'),
        (lambda: uh.stats.power(effect_size=0.5, n=1), "power: n is 1, but must be at least 2"),
        (lambda: uh.stats.power(effect_size=0.5, n=4, ratio=0.25), "n is 4, but must be at least 2 in both samples"),
        (lambda: uh.stats.power(effect_size=0.5, n=20, alpha=1.0), "power: alpha is 1, but must be between 0 and 1"),
        (lambda: uh.stats.power(effect_size=np.inf, n=20), "power: effect_size is inf"),
        (lambda: uh.stats.power(effect_size=1e-9, power=0.8), "so small that even 1e15 values"),
        (lambda: uh.stats.power("anova", effect_size=0.5, n=20), "power: k_groups is not given"),
        (
            lambda: uh.stats.power("anova", effect_size=-0.5, n=20, k_groups=3),
            "effect_size is -0.5, but must be at least 0",
        ),
        (lambda: uh.stats.power("anova", effect_size=0.5, n=20, k_groups=1), "k_groups is 1, but must be at least 2"),
        (
            lambda: uh.stats.power(effect_size=0.5, n=20, k_groups=3),
            "k_groups is 3, but this test has one sample or two",
        ),
        (lambda: uh.stats.power("paired t", effect_size=0.5, n=20, ratio=2), "ratio is 2, but this test has no second"),
        (
            lambda: uh.stats.power("anova", effect_size=0.5, n=20, k_groups=3, alternative="less"),
            "alternative has a side",
        ),
        (lambda: uh.stats.power("f", effect_size=0.5, n=20), 'power: test is "f", but must be one of'),
        (lambda: uh.stats.power(effect_size=0.5, n=20, alternative="up"), 'power: alternative is "up"'),
        (lambda: uh.stats.ttest_power(0.5, 20, kind="three"), "ttest_power: kind is 'three'"),
        (lambda: uh.stats.proportions_power(0.5, 1.5, 20), "proportions_power: p2 is 1.5"),
        (lambda: uh.stats.proportions_power(0.5, 0.5, power=0.8), "proportions_power: effect_size is 0"),
        (lambda: uh.stats.sample_size(effect_size=0.5, power=None), "sample_size: n and power are not given"),
    ],
)
def test_what_has_no_answer_is_refused_with_the_reason(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()


def test_names_that_are_no_text_are_refused():
    with pytest.raises(TypeError, match="power: test is a int, but must be a string"):
        uh.stats.power(3, effect_size=0.5, n=20)


@pytest.mark.parametrize("test", ["t", "anova", "one-sample proportion"])
def test_the_curve_rises_through_the_dot(test):
    more = {"k_groups": 3} if test == "anova" else {}
    result = uh.stats.power(test, effect_size=0.5, power=0.8, **more)
    ax = result.plot()
    half, this, twice = (line for line in ax.lines if len(line.get_xdata()) > 2)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["half: 0.25", "this: 0.5", "twice: 1"]
    for line in (half, this, twice):
        assert np.all(np.diff(line.get_ydata()) > -1e-14)
    assert np.interp(result.n, *this.get_data()) == pytest.approx(0.8, abs=0.01)
    with pytest.raises(TypeError, match="power_curve: result is a float"):
        uh.plot.power_curve(0.8)


def test_results_say_what_they_are():
    result = uh.stats.sample_size("anova", effect_size=0.25, k_groups=3)
    assert "k_groups" in repr(result)
    assert "ratio" not in repr(result)
    assert "df" not in repr(uh.stats.power("proportion", effect_size=0.2, n=50)).replace("n_total", "")
    text = result.explain()
    assert "3 groups of 53 values each" in text
    assert "observed power" not in text
    assert "round it up" in uh.stats.power(effect_size=0.5, power=0.8).explain()


def test_sizes_with_a_tiny_second_sample_need_no_long_search():
    found = uh.stats.sample_size("t", effect_size=0.5, ratio=1e-9)
    assert found.power >= 0.8
    x, y = found.sizes
    assert x >= 2
    assert y >= 2
