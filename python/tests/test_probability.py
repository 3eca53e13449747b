"""``underhood.probability``: what textbooks say, what is refused, and that the theorems show."""

import math
import os
import pickle
import signal
import threading
from fractions import Fraction
from itertools import combinations_with_replacement

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import underhood as uh
from hypothesis import given
from hypothesis import strategies as st
from underhood.distributions import (
    Bernoulli,
    Beta,
    Categorical,
    ChiSquared,
    Empirical,
    Gamma,
    Normal,
    Poisson,
    StudentT,
)
from underhood.probability import (
    JointTable,
    arrangements,
    bayes,
    beta_binomial,
    central_limit_theorem,
    combinations,
    gamma_poisson,
    law_of_large_numbers,
    normal_normal,
    permutations,
    simulate,
    total_probability,
)


@pytest.fixture(autouse=True)
def close_figures():
    """Leave no figure open."""
    yield
    plt.close("all")


def test_counting_agrees_with_lists_of_all_cases():
    assert permutations(5) == 120
    assert permutations(3, 5) == combinations(3, 5) == 0
    assert combinations(0, 0, repetition=True) == 1
    assert combinations(0, 3, repetition=True) == 0
    assert combinations(200, 100) == math.comb(200, 100)
    assert arrangements() == 1
    assert arrangements(2, 1) == 3
    assert permutations(np.int64(4), 2) == 12
    # Huge numbers of things are no matter, as long as the result can be written down.
    assert combinations(10**30, 2) == 10**30 * (10**30 - 1) // 2
    assert combinations(10**9, 10**9 - 1) == 10**9
    assert permutations(10**30, 0) == 1
    assert permutations(5, 10**9) == 0
    for n in range(7):
        for k in range(7):
            assert combinations(n, k, repetition=True) == len(list(combinations_with_replacement(range(n), k)))


@pytest.mark.parametrize(
    ("count", "error", "message"),
    [
        (lambda: permutations(-1), ValueError, "permutations: n is -1, but must be at least 0"),
        (lambda: combinations(3, 1.5), TypeError, "combinations: k is a float, but must be a whole number"),
        (lambda: arrangements(2, "a"), TypeError, "arrangements: counts is a str, but must be a whole number"),
        (lambda: permutations(10**9), ValueError, "permutations: the number has up to 8.57e.09 digits.*"),
        (lambda: permutations(10**400), ValueError, "permutations: the number has up to 3e.302 digits.*"),
        (lambda: permutations(3, 10**8, repetition=True), ValueError, "permutations: the number has up to 4.77e.*"),
        (lambda: combinations(10**9, 10**8), ValueError, "combinations: the number has up to .*"),
        (lambda: arrangements(10**9, 10**9), ValueError, "arrangements: the number has up to .*"),
    ],
)
def test_counting_refuses_what_is_no_count(count, error, message):
    with pytest.raises(error, match=f"^{message}$"):
        count()


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 50)), min_size=1, max_size=6))
def test_bayes_agrees_with_exact_fractions(table):
    total = sum(weight for weight, _ in table)
    prior = [Fraction(weight, total) for weight, _ in table]
    likelihood = [Fraction(number, 50) for _, number in table]
    evidence = sum(p * value for p, value in zip(prior, likelihood, strict=True))
    floats = [float(p) for p in prior], [float(value) for value in likelihood]
    if evidence == 0:
        with pytest.raises(ValueError, match="likelihood is 0 for every hypothesis"):
            bayes(*floats)
        return
    update = bayes(*floats)
    exact = [float(p * value / evidence) for p, value in zip(prior, likelihood, strict=True)]
    np.testing.assert_allclose(update.posterior, exact, rtol=1e-14)
    assert update.evidence == pytest.approx(float(evidence), rel=1e-14)
    assert total_probability(*floats) == pytest.approx(float(evidence), rel=1e-14)


def test_bayes_goes_by_names():
    update = bayes({"a": 0.25, "b": 0.75}, {"b": 0.2, "a": 0.6})
    assert update["a"] == pytest.approx(0.5)
    assert dict(update) == {"a": update["a"], "b": update["b"]}
    assert update.update({"a": 1.0, "b": 0.0})["a"] == 1.0
    assert "P(a | data) = 0.15 / 0.3 = 0.5; before the data it was 0.25." in update.explain()
    assert "posterior" in update._repr_html_()
    series = bayes(pd.Series([0.5, 0.5], index=["x", "y"]), [0.1, 0.3])
    assert series["y"] == pytest.approx(0.75)
    assert len(update.plot().patches) == 4
    turned = bayes(pd.Series([0.25, 0.75], index=["a", "b"]), pd.Series([0.2, 0.6], index=["b", "a"]))
    np.testing.assert_array_equal(turned.posterior, update.posterior)
    assert bayes([0.25, 0.75], pd.Series([0.6, 0.2], index=[5, 6]))[0] == update["a"]
    with pytest.raises(ValueError, match="bayes: likelihood names its hypotheses, but prior does not"):
        bayes([0.25, 0.75], {"a": 0.6, "b": 0.2})
    with pytest.raises(KeyError, match="no hypothesis"):
        update[["a"]]
    with pytest.raises(KeyError, match="no hypothesis 'c'; there are: a, b"):
        update["c"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bayes({"a": 1.0}, {"b": 1.0}), "bayes: likelihood lacks 'a'; both must name the same hypotheses"),
        (lambda: bayes({"a": 1.0}, {"a": 1, "b": 1}), "bayes: likelihood has 'b', which prior has not"),
        (lambda: bayes([0.5, 0.4], [1, 1]), "bayes: prior sums to 0.9, but probabilities sum to 1"),
        (lambda: total_probability([1.0], [1.5]), "total_probability: conditional is 1.5, but must be a probability"),
    ],
)
def test_bayes_refuses_by_name(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def dice():
    """Two dice: the first, and the larger of the two."""
    table = np.zeros((6, 6))
    for first in range(6):
        for second in range(6):
            table[first, max(first, second)] += 1
    return JointTable.from_counts(table, ["first", "larger"], [range(1, 7), range(1, 7)])


def test_joint_tables_of_two_dice():
    joint = dice()
    assert joint.mean("first") == pytest.approx(3.5)
    assert joint.mean("larger") == pytest.approx(161 / 36)
    # E XY − E X E Y counted by hand over the 36 cases: 35/24.
    assert joint.covariance("first", "larger") == pytest.approx(35 / 24)
    assert joint.var("larger") == pytest.approx(791 / 36 - (161 / 36) ** 2)
    assert joint.probability(larger=6) == pytest.approx(11 / 36)
    assert joint.conditional(larger=6).probability(first=6) == pytest.approx(6 / 11)
    assert not joint.is_independent()
    assert joint.if_independent().is_independent()
    assert joint.if_independent().mutual_information() == pytest.approx(0, abs=1e-15)
    assert 0 < joint.correlation("first", "larger") < 1
    assert joint.marginal("larger", "first").names == ("larger", "first")
    assert joint.marginal("first", "larger") == joint
    assert "sum" in repr(joint)
    assert "<table" in joint._repr_html_()


def test_joint_tables_of_three_variables_and_of_frames():
    table = np.random.default_rng(1).dirichlet(np.ones(24)).reshape(2, 3, 4)
    joint = JointTable(table)
    assert joint.names == ("x", "y", "z")
    np.testing.assert_allclose(joint.marginal("z", "x").probabilities, table.sum(axis=1).T, rtol=1e-14)
    expected = table[1, :, 2] / table[1, :, 2].sum()
    np.testing.assert_allclose(joint.conditional(z=2, x=1).probabilities, expected, rtol=1e-14)
    penguins = uh.datasets.load("penguins")
    counts = pd.crosstab(pd.Series(penguins["species"], name="species"), pd.Series(penguins["island"], name="island"))
    frame = JointTable.from_counts(counts)
    assert frame.names == ("species", "island")
    assert frame.conditional(species="Gentoo").probability(island="Biscoe") == 1.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: JointTable([[0.5, 0.6]]), "JointTable: table sums to 1.1, but probabilities sum to 1"),
        (lambda: JointTable(1.0), "JointTable: table is a single number"),
        (lambda: JointTable([[0.5, 0.5]], ["a"]), "JointTable: names are"),
        (lambda: JointTable([0.5, 0.5], values=[[1]]), "JointTable: values have lengths"),
        (lambda: dice().marginal("frist"), "marginal: there is no variable 'frist'; did you mean 'first'"),
        (lambda: dice().conditional(first=7), "conditional: first has no value 7; it has 1, 2, 3, 4, 5, 6"),
        (lambda: JointTable([[0.0, 1.0]]).conditional(y=0), "conditional: given has probability 0"),
        (lambda: JointTable([0.5, 0.5], values=[["a", "b"]]).mean("x"), "mean: the values of x are not all numbers"),
        (lambda: JointTable([0.5, 0.5], values=[["1", "2"]]).mean("x"), "mean: the values of x are not all numbers"),
        (lambda: JointTable([0.5, 0.5], values=[[1, 1]]), "JointTable: values of x hold 1 twice"),
        (lambda: JointTable([[0.5, 0.5]], [1, 2]), r"JointTable: names are \[1, 2\], but table has 2 axes"),
        (lambda: JointTable.from_counts(7.0), "JointTable.from_counts: counts is a single number"),
        (lambda: dice().conditional(), "conditional: give a value to at least one variable"),
        (lambda: dice().marginal(), "marginal: names are missing"),
        (lambda: JointTable.from_counts([[0, 0]]), "JointTable.from_counts: counts sum to 0"),
        (lambda: JointTable.from_counts([[3, -1]]), "JointTable.from_counts: counts is -1, but must be finite"),
    ],
)
def test_joint_tables_refuse_by_name(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_labels_that_cannot_be_looked_up_are_refused():
    with pytest.raises(TypeError, match=r"^JointTable: values must hold a sequence of labels for each axis"):
        JointTable([0.5, 0.5], values=[[[1], [2]]])
    with pytest.raises(TypeError, match=r"^JointTable: values must hold a sequence of labels for each axis"):
        JointTable([0.5, 0.5], values=[3])
    with pytest.raises(ValueError, match=r"^conditional: first has no value \[7\]"):
        dice().conditional(first=[7])
    assert JointTable([0.5, 0.5], values=[np.array([1, 2])]).probability(x=np.int64(2)) == 0.5


def test_a_joint_table_of_its_own_numbers_is_the_same():
    table = JointTable(np.random.default_rng(3).dirichlet(np.ones(1000)).reshape(10, 100))
    assert JointTable(table.probabilities) == table
    assert len(repr(JointTable(np.full((100, 2, 2), 0.0025))).splitlines()) < 70
    assert "&lt;b&gt;" in JointTable([1.0], ["<b>"])._repr_html_()
    restored = pickle.loads(pickle.dumps(table))
    assert restored == table
    assert restored.marginal("x").names == ("x",)


def test_posteriors_are_distributions():
    assert beta_binomial(Beta(2, 3), 4, 10) == Beta(6, 9)
    assert gamma_poisson(Gamma(2, 0.5), [3, 1, 2]) == Gamma(8, 0.2)
    assert normal_normal(Normal(1, 2), [], 1.0) == Normal(1, 2)
    data = np.array([3.1, 2.7, 4.4])
    posterior = normal_normal(Normal(1, 2), data, sigma=0.5)
    precision = 1 / 4 + 3 / 0.25
    assert posterior.mu == pytest.approx((1 / 4 + data.sum() / 0.25) / precision, rel=1e-14)
    assert posterior.sigma == pytest.approx(precision**-0.5, rel=1e-14)
    with pytest.raises(TypeError, match="beta_binomial: prior is a Normal, but must be one Beta"):
        beta_binomial(Normal(), 1, 2)
    with pytest.raises(ValueError, match="beta_binomial: successes is 5, but must be a whole number from 0 to trials"):
        beta_binomial(Beta(1, 1), 5, 2)


def test_a_posterior_is_prior_times_likelihood():
    prior, p = Beta(2.5, 4.0), np.linspace(0.05, 0.95, 19)
    posterior = beta_binomial(prior, 3, 11)
    constant = posterior.logpdf(p) - prior.logpdf(p) - 3 * np.log(p) - 8 * np.log1p(-p)
    np.testing.assert_allclose(constant, constant[0], rtol=1e-12)


def test_simulate_finds_what_is_known():
    result = simulate(lambda rng: rng.random() < 0.3, n=4000, rng=2)
    # Four standard errors.
    assert abs(result.probability - 0.3) < 4 * result.standard_error
    assert result.confidence_interval[0] < result.probability < result.confidence_interval[1]
    assert simulate(lambda rng: True, n=5, rng=1).confidence_interval == pytest.approx((0.565518, 1.0), abs=1e-6)
    with pytest.raises(TypeError, match="simulate: experiment answered 1, but must answer True or False"):
        simulate(lambda rng: 1, n=3)
    with pytest.raises(ValueError, match="simulate: n is 0, but must be at least 1"):
        simulate(lambda rng: True, n=0)
    with pytest.raises(TypeError, match="simulate: experiment is a bool, but must be a function"):
        simulate(True)
    with pytest.raises(TypeError, match="simulate: rng is a str, but must be an int"):
        simulate(lambda rng: True, rng="a")
    with pytest.raises(ValueError, match="simulate: rng is -1, but a seed must not be negative"):
        simulate(lambda rng: True, rng=-1)


def test_the_theorems_show():
    law = law_of_large_numbers(Bernoulli(0.3), n=20_000, paths=4, rng=3)
    assert law.means.shape == (4, 20_000)
    # Five standard errors of √(0.21/20,000).
    assert np.all(np.abs(law.means[:, -1] - 0.3) < 0.017)
    np.testing.assert_array_equal(law.means, law_of_large_numbers(Bernoulli(0.3), n=20_000, paths=4, rng=3).means)
    assert len(law.plot().lines) == 5
    cauchy = law_of_large_numbers(StudentT(1), n=1000, rng=1)
    assert np.isnan(cauchy.mean)
    assert len(cauchy.plot().lines) == 5
    theorem = central_limit_theorem(ChiSquared(2), sizes=(1, 40), repetitions=4000, rng=5)
    from_one, from_forty = (np.mean(theorem.standardized(n) ** 3) for n in (1, 40))
    # The skewness of a mean is that of one draw, 2, over √n.
    assert from_one > 1
    assert abs(from_forty - 2 / 40**0.5) < 0.25
    assert len(theorem.plot().axes) == 2
    assert "σ/√n" in repr(theorem)
    with pytest.raises(ValueError, match=r"central_limit_theorem: distribution has the variance inf"):
        central_limit_theorem(StudentT(2))
    with pytest.raises(ValueError, match=r"central_limit_theorem: distribution has the variance 0"):
        central_limit_theorem(Bernoulli(1))
    with pytest.raises(TypeError, match="law_of_large_numbers: distribution is a Normal, but must be one distribution"):
        law_of_large_numbers(Normal([0]))
    with pytest.raises(ValueError, match="law_of_large_numbers: n is 0, but must be at least 1"):
        law_of_large_numbers(Normal(), n=0)
    with pytest.raises(TypeError, match="law_of_large_numbers: distribution is a str, but must be one distribution"):
        law_of_large_numbers("normal")
    with pytest.raises(ValueError, match="central_limit_theorem: sizes is 0, but must be at least 1"):
        central_limit_theorem(Normal(), sizes=[0])


def test_the_theorems_are_drawn_for_odd_distributions_too():
    law = law_of_large_numbers(StudentT(0.001), n=100, paths=2, rng=1)
    law.plot().figure.canvas.draw()
    assert "means of 100" in repr(law)
    assert "<table>" in law._repr_html_()
    law_of_large_numbers(Poisson(0), n=1, paths=1, rng=1).plot().figure.canvas.draw()
    for X in (Poisson(1e6), Empirical([0.5, 0.25, 7.0]), Categorical([0.25, 0.75])):
        central_limit_theorem(X, sizes=[1, 3], repetitions=50, rng=1).plot().canvas.draw()
    once = central_limit_theorem(Normal(), sizes=2, repetitions=1, rng=1)
    once.plot().canvas.draw()
    assert "nan" in repr(once)


def test_ctrl_c_ends_a_simulation():
    def press():
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.2, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        # Would take minutes.
        central_limit_theorem(Normal(), sizes=[10**6], repetitions=10**5, rng=1)
    timer.join()
