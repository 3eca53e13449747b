"""Spectra and functions of matrices, as Python sees them: NumPy's conventions, stacks, and where peers go wrong."""

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st
from underhood import linalg

EPS = np.finfo(float).eps
MODERATE = st.floats(-100, 100, allow_subnormal=False)


def squares(least=0, most=8):
    return st.integers(least, most).flatmap(lambda n: hnp.arrays(float, (n, n), elements=MODERATE))


@given(squares())
def test_eigenvectors_are_only_stretched(a):
    values, vectors = linalg.eig(a)
    size = max(np.linalg.norm(a), np.finfo(float).tiny)
    assert np.linalg.norm(a @ vectors - vectors * values) <= 100 * max(len(a), 1) * EPS * size
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=0), 1, rtol=1e-14)
    assert np.iscomplexobj(values) == np.iscomplexobj(vectors) == bool(np.any(values.imag))


@given(squares(), st.sampled_from(["real", "complex"]))
def test_schur_reconstructs(a, output):
    T, Z = linalg.schur(a, output)
    n = max(len(a), 1)
    assert np.linalg.norm(Z @ T @ Z.conj().T - a) <= 20 * n * EPS * np.linalg.norm(a)
    assert np.linalg.norm(Z.conj().T @ Z - np.eye(len(a))) <= 20 * n * EPS
    assert not np.tril(T, -2 if output == "real" else -1).any()


@given(squares(1, 6), st.integers(0, 9))
def test_powers_are_numpys(a, n):
    expected = np.linalg.matrix_power(a, n)
    bound = 1e-13 * np.linalg.matrix_power(np.abs(a), n).max()
    np.testing.assert_allclose(linalg.matrix_power(a, n), expected, rtol=0, atol=bound + 1e-300)


@given(squares(1, 6))
def test_exponentials_agree_with_eigenvalues(a):
    a = a / 50
    # det e^A = e^(trace A)
    sign, logarithm = np.linalg.slogdet(linalg.expm(a))
    size = np.linalg.norm(a, 1)
    if size < 10:
        assert sign == 1
        assert abs(logarithm - np.trace(a)) <= 1e-13 * np.exp(2 * size)


def test_types_follow_the_spectrum():
    assert linalg.eigvals([[0, 1], [1, 0]]).dtype == float
    assert linalg.eigvals([[0, 1], [-1, 0]]).dtype == complex
    both = linalg.eig([[[0, 1], [1, 0]], [[0, 1], [-1, 0]]])
    assert both.eigenvalues.dtype == both.eigenvectors.dtype == complex
    np.testing.assert_allclose(both.eigenvalues, [[-1, 1], [1j, -1j]], rtol=1e-15)
    assert linalg.schur([[0, 1], [1, 0]], "complex").T.dtype == complex
    assert linalg.is_diagonalizable([[1, 1], [0, 1]]) is False
    assert linalg.matrix_power([[1, 2], [3, 4]], 2).dtype == float


@pytest.mark.parametrize("leading", [(), (4,), (2, 3), (0,), (2, 0)])
def test_stacks(leading):
    rng = np.random.default_rng(1)
    a = rng.standard_normal((*leading, 3, 3))
    values, vectors = linalg.eig(a)
    assert values.shape == (*leading, 3)
    assert vectors.shape == linalg.schur(a).T.shape == linalg.expm(a).shape == a.shape
    assert linalg.matrix_power(a, 2).shape == a.shape
    assert np.shape(linalg.is_diagonalizable(a)) == leading
    for index in np.ndindex(leading):
        np.testing.assert_array_equal(linalg.eigvals(a[index]), linalg.eigvals(a)[index])
        np.testing.assert_array_equal(linalg.expm(a[index]), linalg.expm(a)[index])
        np.testing.assert_array_equal(linalg.schur(a[index]).Z, linalg.schur(a).Z[index])
    flipped = a[..., ::-1, ::-1]
    np.testing.assert_array_equal(linalg.expm(flipped), linalg.expm(flipped.copy()))


def test_values_are_numpys_in_another_order():
    rng = np.random.default_rng(2)
    for n in (1, 2, 3, 8, 17, 40, 90, 120):
        a = rng.standard_normal((n, n))
        ours, theirs = linalg.eigvals(a), np.linalg.eigvals(a)
        assert np.abs(ours[:, None] - theirs).min(axis=1).max() < 1e-10
        assert np.abs(ours[:, None] - theirs).min(axis=0).max() < 1e-10
        np.testing.assert_allclose(linalg.expm(a / n), scipy.linalg.expm(a / n), rtol=0, atol=1e-13)


def test_badly_scaled_matrices_keep_their_eigenvalues():
    d = 10.0 ** np.array([150, 0, -150, 75])
    well = np.array([[1, 2, 3, 4], [2, -1, 1, 0.5], [0.25, 1, 3, -2], [1, 1, -1, 2]])
    np.testing.assert_allclose(linalg.eigvals(d[:, None] * well / d), linalg.eigvals(well), rtol=1e-13)


def test_a_defective_matrix_is_refused_by_name():
    with pytest.raises(linalg.LinAlgError, match="eigenvalue 3 counts 2 times, but has only 1 independent"):
        linalg.diagonalize([[3, 1], [0, 3]])
    with pytest.raises(linalg.LinAlgError, match="index 1 of the stack"):
        linalg.diagonalize([[[1, 0], [0, 1]], [[3, 1], [0, 3]]])
    P, D = linalg.diagonalize([[0, -1], [1, 0]])
    np.testing.assert_allclose(P @ D @ np.linalg.inv(P), [[0, -1], [1, 0]], atol=1e-15)


def test_errors_name_function_and_argument():
    with pytest.raises(ValueError, match="expm: A has an exponential beyond the range of doubles"):
        linalg.expm([[1000, 1], [1, 1000]])
    with pytest.raises(ValueError, match='schur: output is "imaginary"'):
        linalg.schur([[1]], "imaginary")
    with pytest.raises(linalg.LinAlgError, match="matrix_power: a is singular"):
        linalg.matrix_power([[1, 2], [2, 4]], -1)
    with pytest.raises(ValueError, match="eig: a is 2×3, but a square matrix is needed"):
        linalg.eig(np.ones((2, 3)))
    with pytest.raises(TypeError, match="n"):
        linalg.matrix_power([[1, 2], [2, 4]], 0.5)
