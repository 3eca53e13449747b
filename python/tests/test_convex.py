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
