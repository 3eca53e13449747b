"""Programs, multipliers and convexity from Python."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from underhood.optimize import is_convex, lagrange, linear_program, quadratic_program


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(1, 10))
def test_linear_programs_agree_with_highs(seed, n, m):
    rng = np.random.default_rng(seed)
    a, c = rng.normal(size=(m, n)), rng.normal(size=n)
    b = a @ rng.random(n) + rng.random(m)
    ours, peer = linear_program(c, a, b), optimize.linprog(c, a, b)
    assert ours.success == peer.success
    if peer.success:
        assert ours.fun == pytest.approx(peer.fun, rel=1e-9, abs=1e-9)
        assert (a @ ours.x <= b + 1e-9).all()
        assert (ours.x >= -1e-12).all()
        # Strong duality: the prices give the same value.
        assert ours.shadow_prices @ b == pytest.approx(ours.fun, rel=1e-9, abs=1e-9)
        np.testing.assert_allclose(ours.shadow_prices * ours.slack, 0, atol=1e-9)
        np.testing.assert_allclose(a.T @ ours.shadow_prices + ours.lower_prices, c, atol=1e-8)
    else:
        assert np.isnan(ours.x).all()


def test_a_textbook_program_comes_out_to_the_last_digits():
    best = linear_program([-3, -5], [[1, 0], [0, 2], [3, 2]], [4, 12, 18])
    np.testing.assert_allclose(best.x, [2, 6], atol=1e-12)
    assert best.fun == pytest.approx(-36, abs=1e-12)
    np.testing.assert_allclose(best.shadow_prices, [0, -1.5, -1], atol=1e-12)
    more = linear_program([-3, -5], [[1, 0], [0, 2], [3, 2]], [4, 13, 18])
    assert more.fun - best.fun == pytest.approx(best.shadow_prices[1], abs=1e-9)
    assert "shadow_prices" in repr(best)


def test_equalities_bounds_and_what_has_no_solution():
    best = linear_program([1, 2, 3], A_eq=[[1, 1, 1]], b_eq=[10], bounds=[(0, 4), (1, None), (None, 5)])
    peer = optimize.linprog([1, 2, 3], A_eq=[[1, 1, 1]], b_eq=[10], bounds=[(0, 4), (1, None), (None, 5)])
    assert (best.status, peer.status) == (3, 3) or best.fun == pytest.approx(peer.fun)
    fixed = linear_program([1, 1], A_ub=[[-1, -1]], b_ub=[-3], bounds=[(2, 2), (0, None)])
    np.testing.assert_allclose(fixed.x, [2, 1], atol=1e-12)
    nothing = linear_program([1], A_ub=[[1], [-1]], b_ub=[1, -2])
    assert (nothing.status, nothing.success) == (2, False)
    assert "infeasible" in repr(nothing)
    endless = linear_program([-1, 0])
    assert (endless.status, endless.success) == (3, False)
    assert "unbounded" in endless.message


def test_quadratic_programs():
    best = quadratic_program(
        np.diag([2.0, 2.0]), [-2, -5], A_ub=[[-1, 2], [1, 2], [1, -2]], b_ub=[2, 6, 2], bounds=(0, None)
    )
    np.testing.assert_allclose(best.x, [1.4, 1.7], atol=1e-12)  # Nocedal and Wright, example 16.4
    free = quadratic_program([[4, 1], [1, 2]], [1, 1])
    np.testing.assert_allclose(free.x, np.linalg.solve([[4, 1], [1, 2]], [-1, -1]), rtol=1e-12)
    with pytest.raises(ValueError, match="has the eigenvalue -1"):
        quadratic_program([[1, 0], [0, -1]], [0, 0])
    assert quadratic_program([[0, 0], [0, 1]], [-1, 0]).status == 3


def test_lagrange_finds_each_kind():
    def circle(v):
        return v @ v - 2

    top = lagrange(lambda v: v[0] * v[1], circle, [1.5, 0.7])
    low = lagrange(lambda v: v[0] * v[1], circle, [-0.8, 1.2])
    assert (top.kind, low.kind) == ("maximum", "minimum")
    np.testing.assert_allclose(top.multipliers, [0.5], rtol=1e-8)
    np.testing.assert_allclose(low.multipliers, [-0.5], rtol=1e-8)
    saddle = lagrange(lambda v: v[0] ** 2 - v[1] ** 2, lambda v: v[2] - 1, [0.3, 0.2, 0.0])
    assert saddle.kind == "saddle"
    point = lagrange(lambda v: v[0] + v[1], [lambda v: v[0] - 1, lambda v: v[1] - v[0] ** 2], [0.5, 0.5])
    assert point.kind == "isolated"
    np.testing.assert_allclose(point.x, [1, 1], atol=1e-9)
    np.testing.assert_allclose(point.multipliers, [3, 1], atol=1e-7)
    assert point.bordered_hessian.shape == (4, 4)


def test_the_multiplier_is_the_price_of_a_constraint():
    def best(level):
        return lagrange(lambda v: v[0] * v[1] ** 2, lambda v: v[0] ** 2 + v[1] ** 2 - level, [1.0, 1.0])

    change = (best(3.001).fun - best(2.999).fun) / 0.002
    assert best(3.0).multipliers[0] == pytest.approx(change, rel=1e-5)
    text = best(3.0).explain()
    assert "∇f = Σ λᵢ ∇gᵢ" in text
    assert "a maximum" in text


def test_lagrange_does_not_claim_what_does_not_hold():
    assert not lagrange(lambda v: v[0], lambda v: v @ v + 1, [1.0, 2.0]).success
    assert not lagrange(lambda v: v[0], lambda v: v[0] ** 3 - v[1] ** 2, [0.5, 0.5]).success
    assert not lagrange(lambda v: v[0] + v[1], lambda v: v[0] - v[1], [1.0, 2.0]).success
    with pytest.raises(ValueError, match="more than there are variables"):
        lagrange(lambda v: v[0], [lambda v: v[0], lambda v: v[0] - 1], [1.0])
    with pytest.raises(ValueError, match="constraints is empty"):
        lagrange(lambda v: v[0], [], [1.0])


def test_convexity():
    assert is_convex([[2, 1], [1, 2]]).strictly
    assert is_convex([[1, 1], [1, 1]]).convex
    assert not is_convex([[1, 1], [1, 1]]).strictly
    verdict = is_convex([[1, 3], [3, 1]])
    assert verdict.convex is False
    a, b, t = verdict.counterexample
    matrix = np.array([[1, 3], [3, 1]])
    assert 0.5 * (t * a + (1 - t) * b) @ matrix @ (t * a + (1 - t) * b) - 1e-9 < 0
    with pytest.raises(ValueError, match="not symmetric"):
        is_convex([[1, 2], [0, 1]])


def test_a_sampled_function_is_refuted_but_never_proved():
    def wave(v):
        return np.sin(v[0]) + v[1] ** 2

    verdict = is_convex(wave, [(0, 6), (-1, 1)])
    a, b, t = verdict.counterexample
    excess = wave(t * a + (1 - t) * b) - (t * wave(a) + (1 - t) * wave(b))
    assert excess == pytest.approx(verdict.excess)
    assert excess > 0
    assert not verdict
    open_ended = is_convex(lambda v: v @ v, [(-1, 1)] * 3)
    assert open_ended.convex is None
    assert not open_ended
    assert "no counterexample in 2000 samples" in open_ended.message
    assert "left out" in is_convex(lambda v: np.log(v[0]) ** 2 * 0 + np.log(v[0]) * 0, [(-1, 1)]).message
    with pytest.raises(ValueError, match="bounds is missing"):
        is_convex(wave)


def random_program(seed):
    """A program with small whole numbers, hence often degenerate, and one in other units with the same answer."""
    rng = np.random.default_rng(seed)
    n, m, k = rng.integers(1, 10), rng.integers(0, 10), rng.integers(0, 3)
    a, e = rng.integers(-3, 4, (m, n)).astype(float), rng.integers(-2, 3, (k, n)).astype(float)
    inside = rng.integers(0, 4, n)
    b, right = a @ inside + rng.integers(-1 if seed % 4 == 0 else 0, 3, m), e @ inside + (seed % 5 == 0)
    c = rng.integers(-3, 4, n).astype(float)
    kinds = [(0, None), (None, None), (-2.0, 3.0), (None, 4.0), (1.0, 1.0)]
    bounds = [kinds[i] for i in rng.integers(0, 1 if seed % 3 == 0 else 5, n)]
    power = (0, 3, 8)[seed % 3]
    rows, equal, columns = (10.0 ** rng.uniform(-power, power, count) for count in (m, k, n))
    cost, size = 10.0 ** rng.uniform(-power, power, 2)
    scaled_bounds = [
        tuple(None if v is None else v / d * size for v in pair) for pair, d in zip(bounds, columns, strict=True)
    ]
    scaled = (c * columns * cost, a * rows[:, None] * columns, b * rows * size)
    scaled = (*scaled, e * equal[:, None] * columns, right * equal * size, scaled_bounds)
    return (c, a, b, e, right, bounds), scaled, cost * size


def status_of(program):
    """What HiGHS says; whether any point is feasible, it is asked without the objective, which may mislead it."""
    found = optimize.linprog(*program, method="highs")
    if found.status in (2, 3, 4):
        without = optimize.linprog(np.zeros_like(program[0]), *program[1:], method="highs")
        return (2 if without.status == 2 else 3), found.fun
    return found.status, found.fun


@pytest.mark.parametrize("part", range(4))
def test_statuses_and_values_do_not_depend_on_units(part):
    seen = set()
    for seed in range(100 * part, 100 * part + 100):
        plain, scaled, unit = random_program(seed)
        status, value = status_of(plain)
        seen.add(status)
        for program, by in ((plain, 1.0), (scaled, unit)):
            found = linear_program(*program)
            assert found.status == status, f"{seed}: {found.message}, but HiGHS: {status}"
            if status == 0:
                assert found.fun / by == pytest.approx(value, rel=1e-9, abs=1e-9), seed
                c, a, _, e, _, bounds = program
                left = c - a.T @ found.shadow_prices - e.T @ found.equality_prices
                left -= found.lower_prices + found.upper_prices
                terms = (
                    np.abs(c) + np.abs(a.T) @ np.abs(found.shadow_prices) + np.abs(e.T) @ np.abs(found.equality_prices)
                )
                assert (np.abs(left) <= 1e-9 * terms + 1e-300).all(), seed
                assert (found.shadow_prices <= 0).all()
                assert (found.upper_prices <= 0).all()
                fixed = np.array([low == high for low, high in bounds])
                assert (found.lower_prices[~fixed] >= 0).all()
    assert seen == {0, 2, 3}


def test_what_is_infeasible_and_falls_without_end_is_infeasible():
    found = linear_program([-1, -1], [[0, 2], [0, 1]], [-3, -3], bounds=[(None, None), (-1, 4)])
    assert (found.status, found.success) == (2, False)
    np.testing.assert_array_equal(linear_program([1e-9, 1e9], [[-1e9, -1e-9]], [-1]).x, [1e-9, 0])
    np.testing.assert_allclose(linear_program([-1e-9, -2e-9], [[1, 1], [1, 3]], [4, 6]).x, [3, 1], rtol=1e-12)
    np.testing.assert_allclose(linear_program([-1, -2], [[1, 1], [1, 3]], [4e-9, 6e-9]).x, [3e-9, 1e-9], rtol=1e-12)


@pytest.mark.parametrize("n", [12, 30])
def test_assignments_come_out_whole(n):
    cost = np.random.default_rng(n).random((n, n))
    sums = np.zeros((2 * n, n * n))
    for i in range(n):
        sums[i, i * n : (i + 1) * n] = 1
        sums[n + i, i::n] = 1
    found = linear_program(cost.ravel(), A_eq=sums, b_eq=np.ones(2 * n))
    rows, columns = optimize.linear_sum_assignment(cost)
    assert found.success
    assert found.fun == pytest.approx(cost[rows, columns].sum(), rel=1e-12)
    assert set(found.x.round(12)) == {0.0, 1.0}


def test_large_programs_are_polished():
    rng = np.random.default_rng(5)
    a, inside, prices = rng.normal(size=(420, 210)), rng.random(210), rng.random(420)
    b, c = a @ inside + rng.random(420), -a.T @ (prices * (rng.random(420) < 0.5))
    found, peer = linear_program(c, a, b), optimize.linprog(c, a, b, method="highs")
    assert found.success
    assert found.fun == pytest.approx(peer.fun, rel=1e-9)
    assert linear_program(c, np.vstack([a, -np.ones(210)]), np.append(b, -1e5)).status == 2


def test_quadratic_programs_in_other_units():
    for unit in (1e-9, 1.0, 1e9):
        for size in (1e-6, 1.0):
            p, q = unit * np.array([[2.0, 0], [0, 2]]), unit * size * np.array([-2.0, -4])
            found = quadratic_program(p, q, A_ub=[[1, 1]], b_ub=[size])
            assert found.success
            np.testing.assert_allclose(found.x, [0, size], atol=1e-12 * size)
    # Neither refuses what the other calls convex.
    p = np.diag([1.0, -1e-11])
    assert not is_convex(p)
    with pytest.raises(ValueError, match="not positive semidefinite"):
        quadratic_program(p, [0, 0])


@pytest.mark.parametrize("scale", [1e-6, 1e3, 1e5, 1e8])
def test_units_of_the_variables_change_nothing(scale):
    # In y = scale·x₁ the first program is ½(x₀² + y²) + x₀ − y, whose best point over x ≥ 0 is (0, 1).
    found = quadratic_program([[1, 0], [0, scale**2]], [1, -scale], bounds=(0, None))
    assert found.success
    np.testing.assert_allclose(found.x * [1, scale], [0, 1], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.fun, -0.5, rtol=1e-12)
    found = quadratic_program([[1, 0], [0, scale**2]], [-1, -scale], A_ub=[[1, 0]], b_ub=[0.5])
    np.testing.assert_allclose(found.x * [1, scale], [0.5, 1], rtol=1e-12)


def test_random_programs_are_the_same_in_other_units():
    rng = np.random.default_rng(1)
    solved = 0
    for _ in range(150):
        n = rng.integers(1, 6)
        factor = rng.normal(size=(n, rng.integers(0, n + 1)))
        p, q = factor @ factor.T, rng.normal(size=n)
        a, b = rng.normal(size=(3, n)), rng.normal(size=3)
        units = 2.0 ** rng.integers(-10, 11, size=n)
        plain = quadratic_program(p, q, A_ub=a, b_ub=b, bounds=(0, None))
        other = quadratic_program(p * np.outer(units, units), q * units, A_ub=a * units, b_ub=b, bounds=(0, None))
        if plain.status == other.status == 0:
            solved += 1
            np.testing.assert_allclose(other.fun, plain.fun, rtol=1e-9, atol=1e-11)
        else:
            assert {plain.status, other.status} <= {2, 4} or {plain.status, other.status} <= {3, 4}
    assert solved > 50


def test_a_small_negative_curvature_is_no_rounding_of_a_large_one():
    with pytest.raises(ValueError, match="not positive semidefinite"):
        quadratic_program([[1e10, 0], [0, -1e-3]], [0, 0], bounds=(-1, 1))
    assert not is_convex(np.diag([1e10, -1e-3])).convex
    assert is_convex(np.diag([1e10, 1e-12])).strictly
