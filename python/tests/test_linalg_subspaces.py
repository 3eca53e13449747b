"""Subspaces, bases and kinds of matrices beside SciPy, and on random shapes in every layout."""

from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from underhood import linalg

EPS = np.finfo(float).eps


def whole_matrices(largest=9):
    """Matrices of small whole numbers."""
    shapes = st.tuples(st.integers(0, 6), st.integers(0, 6))
    return shapes.flatmap(lambda shape: hnp.arrays(float, shape, elements=st.integers(-largest, largest)))


def layouts(a):
    """The same matrix, written in other ways."""
    padded = np.zeros((2 * a.shape[0], 3 * a.shape[1]))
    padded[::2, ::3] = a
    return [a, np.asfortranarray(a), padded[::2, ::3], a[::-1].copy()[::-1]]


@given(whole_matrices())
@settings(max_examples=80, deadline=None)
def test_the_four_subspaces_add_up_and_are_scipys(a):
    m, n = a.shape
    bases = {name: getattr(linalg, name)(a) for name in ("column_space", "left_null_space", "row_space", "null_space")}
    rank = bases["column_space"].shape[1]
    assert [basis.shape for basis in bases.values()] == [(m, rank), (m, m - rank), (n, rank), (n, n - rank)]
    for basis in bases.values():
        np.testing.assert_allclose(basis.T @ basis, np.eye(basis.shape[1]), rtol=0, atol=40 * EPS)
    np.testing.assert_allclose(a @ bases["null_space"], 0, rtol=0, atol=500 * EPS)
    if a.size:
        theirs = scipy.linalg.null_space(a)
        ours = bases["null_space"]
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours @ ours.T, theirs @ theirs.T, rtol=0, atol=1e-12)
    for other in layouts(a):
        np.testing.assert_array_equal(linalg.null_space(other), bases["null_space"])


def exactly(a):
    """Gauss and Jordan's elimination in fractions: the textbook's own."""
    rows = [[Fraction(v) for v in row] for row in a.astype(int).tolist()]
    pivots: list[int] = []
    for j in range(a.shape[1]):
        found = next((i for i in range(len(pivots), len(rows)) if rows[i][j]), None)
        if found is None:
            continue
        k = len(pivots)
        rows[k], rows[found] = rows[found], rows[k]
        rows[k] = [v / rows[k][j] for v in rows[k]]
        for i in range(len(rows)):
            if i != k:
                rows[i] = [v - rows[i][j] * w for v, w in zip(rows[i], rows[k], strict=True)]
        pivots.append(j)
    return np.array([[float(v) for v in row] for row in rows]).reshape(a.shape), pivots


@given(whole_matrices(largest=99))
@settings(max_examples=100, deadline=None)
def test_the_row_echelon_form_of_whole_numbers_is_the_textbooks(a):
    expected, pivots = exactly(a)
    for form in (linalg.rref(other) for other in layouts(a)):
        # Numerator and denominator are below 2**53 in lowest terms nearly always; else each is rounded once.
        np.testing.assert_allclose(form.R, expected, rtol=2 * EPS, atol=0)
        np.testing.assert_array_equal(form.pivots, pivots)


def test_the_row_echelon_form_has_names():
    form = linalg.rref([[1, 2], [3, 6]])
    R, pivots = form
    assert R is form.R
    assert pivots.dtype == np.int64
    np.testing.assert_array_equal(linalg.rref([[1, 1], [1, 1 + 1e-9]], tol=1e-6).pivots, [0])
    np.testing.assert_array_equal(linalg.rref([[1, 1], [1, 1 + 1e-9]]).pivots, [0, 1])


def test_gram_schmidt_follows_the_columns():
    a = np.vander(np.linspace(0, 1, 12), 9, increasing=True)
    q = linalg.gram_schmidt(a)
    np.testing.assert_allclose(q.T @ q, np.eye(9), rtol=0, atol=30 * EPS)
    # QᵀA is R: triangular, with a positive diagonal.
    r = q.T @ a
    np.testing.assert_allclose(np.tril(r, -1), 0, rtol=0, atol=30 * EPS)
    assert (np.diag(r) > 0).all()
    with pytest.raises(ValueError, match="gram_schmidt: a has dependent columns: column 2"):
        linalg.gram_schmidt([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert linalg.gram_schmidt([[1, 2, 3], [4, 5, 6], [7, 8, 9]], dependent="drop").shape == (3, 2)
    with pytest.raises(ValueError, match='gram_schmidt: dependent is "skip"'):
        linalg.gram_schmidt(a, dependent="skip")


def test_independence_of_a_matrix_or_of_vectors():
    assert linalg.is_independent([1, 0, 0], [1, 1, 0], [1, 1, 1])
    assert not linalg.is_independent([1, 0], [1, 1], [1, 2])
    assert linalg.is_independent(np.eye(3)[:, :2])
    assert linalg.is_independent([5.0])
    assert not linalg.is_independent([0.0, 0.0])
    assert linalg.is_independent() is True
    with pytest.raises(ValueError, match="is_independent: vectors is a vector of 3, but the first is a vector of 2"):
        linalg.is_independent([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="is_independent: vectors is 2×2"):
        linalg.is_independent([1, 2], np.eye(2))


def test_coordinates_and_change_of_basis_agree():
    rng = np.random.default_rng(4)
    v, old, new = rng.standard_normal(4), rng.standard_normal((4, 4)), rng.standard_normal((4, 4))
    in_old = linalg.coordinates(v, old)
    np.testing.assert_allclose(old @ in_old, v, rtol=0, atol=1e-14)
    np.testing.assert_allclose(linalg.change_of_basis(old, new) @ in_old, linalg.coordinates(v, new), atol=1e-13)
    np.testing.assert_array_equal(linalg.coordinates(np.column_stack([v, v]), old)[:, 1], in_old)
    with pytest.raises(ValueError, match="coordinates: v is not in the span of the columns of basis: its distance"):
        linalg.coordinates([1, 2, 3], [[1, 0], [0, 1], [0, 0]])
    with pytest.raises(ValueError, match="coordinates: basis has 2 columns but rank 1"):
        linalg.coordinates([1, 2], [[1, 2], [2, 4]])
    with pytest.raises(ValueError, match="change_of_basis: to_basis is 3×3, but from_basis is 2×2"):
        linalg.change_of_basis(np.eye(2), np.eye(3))


def test_kinds_of_stacks_are_arrays_of_truths():
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    stack = np.stack([np.eye(2), turn, [[2.0, 1.0], [1.0, 2.0]], [[1.0, 2.0], [2.0, 1.0]]]).reshape(2, 2, 2, 2)
    for kind, expected in (
        (linalg.is_symmetric, [[True, False], [True, True]]),
        (linalg.is_orthogonal, [[True, True], [False, False]]),
        (linalg.is_positive_definite, [[True, False], [True, False]]),
    ):
        found = kind(stack)
        assert found.dtype == bool
        np.testing.assert_array_equal(found, expected)
        assert kind(stack[0, 0]) is True
        np.testing.assert_array_equal(kind(stack[::-1].swapaxes(0, 1)), np.array(expected)[::-1].T)
        assert kind(np.zeros((3, 0, 2, 2))).shape == (3, 0)
    assert linalg.is_symmetric([[1, 2, 3]]) is False
    with pytest.raises(ValueError, match=r"is_symmetric: a holds NaN .* at index \[1, 0, 1\]"):
        linalg.is_symmetric([np.eye(2), [[1.0, np.nan], [0.0, 1.0]]])
