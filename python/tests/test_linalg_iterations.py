"""Iterations: what Python sees of them: named results, what they say, how they draw themselves, what they refuse."""

import signal
import threading
import time

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from underhood import linalg

THREE = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]])
ROOT = np.sqrt(3.0)
SOLUTION = np.array([1.0, 1.0, 2.0]) / 3
B = np.array([1.0, 2.0, 3.0])


def every():
    """Give each method's result on the same matrix."""
    return [
        linalg.power_iteration(THREE),
        linalg.inverse_iteration(THREE, 0.5),
        linalg.inverse_iteration(THREE, "rayleigh"),
        linalg.qr_algorithm(THREE),
        linalg.qr_algorithm(THREE, shifts="wilkinson"),
        linalg.jacobi_eigen(THREE),
        linalg.conjugate_gradient(THREE, B),
        linalg.gauss_seidel(THREE, B),
        linalg.gauss_seidel(THREE, B, method="jacobi"),
    ]


@pytest.mark.parametrize("found", every(), ids=lambda found: found._name())
def test_a_result_says_what_was_found_and_how_fast(found):
    assert found.success
    assert found.reason == "converged"
    text = repr(found)
    assert "observed" in text
    assert "predicted" in text
    assert f"converged after {found.nit} step" in text
    assert len(found.residuals) == found.nit + 1
    assert len(found.iterates) == len(found.steps)
    np.testing.assert_array_equal(found.steps, np.arange(found.nit + 1))
    assert found.residuals[-1] <= 1e-10
    assert found.message in found._repr_html_().replace("&#x27;", "'")


@pytest.mark.parametrize("found", every(), ids=lambda found: found._name())
def test_a_result_draws_itself_on_a_logarithmic_scale(found):
    _, ax = plt.subplots()
    assert found.plot(ax) is ax
    assert ax.get_yscale() == "log"
    assert found._name() in ax.get_title()
    assert any(
        word in text for word in ("predicted", "bound", "below row") for text in ax.get_legend_handles_labels()[1]
    )
    plt.close("all")


def test_the_answers_are_the_closed_forms():
    np.testing.assert_allclose(linalg.power_iteration(THREE).eigenvalue, 3 + ROOT, rtol=1e-14)
    np.testing.assert_allclose(linalg.inverse_iteration(THREE).eigenvalue, 3 - ROOT, rtol=1e-14)
    np.testing.assert_allclose(linalg.inverse_iteration(THREE, shift=2.9).eigenvalue, 3, rtol=1e-14)
    np.testing.assert_allclose(linalg.qr_algorithm(THREE).eigenvalues, [3 + ROOT, 3, 3 - ROOT], rtol=1e-12)
    np.testing.assert_allclose(linalg.jacobi_eigen(THREE).eigenvalues, [3 - ROOT, 3, 3 + ROOT], rtol=1e-14)
    np.testing.assert_allclose(linalg.conjugate_gradient(THREE, B).x, SOLUTION, rtol=1e-12)
    np.testing.assert_allclose(linalg.gauss_seidel(THREE, B).x, SOLUTION, rtol=1e-9)


def test_eigenvalues_are_complex_only_where_there_are_complex_pairs():
    turn = [[0, -1], [1, 0]]
    found = linalg.qr_algorithm(turn, shifts="wilkinson")
    np.testing.assert_array_equal(found.eigenvalues, [1j, -1j])
    assert linalg.qr_algorithm(THREE).eigenvalues.dtype == np.float64


def test_what_will_not_settle_is_told_and_not_raised():
    found = linalg.power_iteration([[0, 1], [1, 0]], max_iter=50)
    assert (found.success, found.reason, found.predicted_rate) == (False, "max_iter", 1.0)
    assert "same for 1 and -1" in found.message
    found = linalg.gauss_seidel([[1, 2], [3, 4]], [1, 1])
    assert (found.success, found.reason) == (False, "diverged")
    assert found.predicted_rate == pytest.approx(1.5, rel=1e-12)
    found = linalg.conjugate_gradient([[1, 0], [0, -1]], [1, 2])
    assert (found.success, found.reason, found.errors) == (False, "breakdown", None)
    assert found.plot().get_ylabel() == "residual"
    plt.close("all")


def test_many_iterates_are_thinned_and_the_result_says_so():
    a = np.diag(np.linspace(1, 2, 100)) + np.triu(np.ones((100, 100)), 1) / 100
    found = linalg.qr_algorithm(a.T @ a, max_iter=500, tol=0)
    assert len(found.iterates) == len(found.steps) < 501
    assert found.steps[0] == 0
    assert found.steps[-1] == found.nit == 500
    assert found.iterates.size < 5_000_000
    assert " of 501 kept" in repr(found)
    last = found.Q @ found.iterates[-1] @ found.Q.T
    np.testing.assert_allclose(last, a.T @ a, atol=1e-11 * np.linalg.norm(a.T @ a))


@st.composite
def symmetric(draw):
    """A symmetric matrix with whole numbers from -9 to 9."""
    n = draw(st.integers(1, 6))
    numbers = draw(st.lists(st.integers(-9, 9), min_size=n * n, max_size=n * n))
    a = np.array(numbers, dtype=float).reshape(n, n)
    return a + a.T


@settings(deadline=None, max_examples=60)
@given(symmetric())
def test_the_two_methods_for_all_eigenvalues_agree_with_numpy(a):
    size = np.linalg.norm(a) + 1e-300
    expected = np.linalg.eigvalsh(a)
    found = linalg.jacobi_eigen(a, tol=1e-14)
    np.testing.assert_allclose(found.eigenvalues, expected, atol=1e-13 * size)
    v = found.eigenvectors
    np.testing.assert_allclose(v @ np.diag(found.eigenvalues) @ v.T, a, atol=1e-13 * size)
    shifted = linalg.qr_algorithm(a, shifts="wilkinson")
    assert shifted.success
    np.testing.assert_allclose(np.sort(shifted.eigenvalues.real), expected, atol=1e-9 * size)
    np.testing.assert_allclose(shifted.Q @ shifted.iterates[-1] @ shifted.Q.T, a, atol=1e-12 * size)


@settings(deadline=None, max_examples=60)
@given(symmetric(), st.integers(0, 2**32 - 1))
def test_systems_are_solved_where_theory_promises_it(a, seed):
    dominant = a + np.diag(np.abs(a).sum(axis=1) + 1)
    b = np.random.default_rng(seed).normal(size=len(a))
    for found in (
        linalg.conjugate_gradient(dominant, b),
        linalg.gauss_seidel(dominant, b),
        linalg.gauss_seidel(dominant, b, method="jacobi", max_iter=20_000),
    ):
        assert found.success
        assert np.linalg.norm(dominant @ found.x - b) <= 1.0000001e-10 * np.linalg.norm(b)
        assert 0 <= found.predicted_rate < 1


def test_the_same_call_gives_the_same_bits():
    a = np.random.default_rng(0).normal(size=(30, 30))
    first, second = (linalg.power_iteration(a, max_iter=200) for _ in range(2))
    np.testing.assert_array_equal(first.iterates, second.iterates)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: linalg.qr_algorithm(THREE, shifts="fast"), ValueError, 'must be one of "none" or "wilkinson"'),
        (lambda: linalg.gauss_seidel(THREE, B, method="sor"), ValueError, 'method is "sor"'),
        (lambda: linalg.inverse_iteration(THREE, "auto"), ValueError, 'shift is "auto"'),
        (lambda: linalg.inverse_iteration(THREE, [1.0]), ValueError, "shift is a vector of 1, but a single number"),
        (lambda: linalg.power_iteration(THREE, max_iter=-1), ValueError, "max_iter is -1"),
        (lambda: linalg.power_iteration(THREE, max_iter=1.5), TypeError, "max_iter is a float"),
        (lambda: linalg.power_iteration(THREE, tol=np.nan), ValueError, "tol is NaN"),
        (lambda: linalg.power_iteration(THREE, x0=[0, 0, 0]), ValueError, "x0 is zero"),
        (lambda: linalg.jacobi_eigen([[1, 2], [3, 4]]), ValueError, "jacobi_eigen: a is not symmetric"),
        (lambda: linalg.conjugate_gradient(THREE, [1, 2]), ValueError, "b is a vector of 2, but a is 3×3"),
        (lambda: linalg.gauss_seidel([[0, 1], [1, 0]], [1, 2]), ValueError, "zero on its diagonal"),
        (lambda: linalg.jacobi_eigen(np.zeros((0, 0))), ValueError, "a has 0 rows"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_ctrl_c_gets_through():
    a = np.random.default_rng(0).normal(size=(150, 150))

    def press():
        time.sleep(0.3)
        signal.raise_signal(signal.SIGINT)

    # A process started in the background ignores Ctrl-C: this one must not, and if it does, it must come to an end.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    presser = threading.Thread(target=press)
    presser.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            linalg.power_iteration(a, tol=0, max_iter=3_000_000)
    finally:
        presser.join()
        signal.signal(signal.SIGINT, before)
