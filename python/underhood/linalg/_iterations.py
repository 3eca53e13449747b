"""Iterations worth watching: power, inverse and QR iteration, Jacobi's rotations, conjugate gradients, Gauss-Seidel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from underhood._core import linalg as _core
from underhood.linalg._iteration_results import (
    ConjugateGradientResult,
    GaussSeidelResult,
    InverseIterationResult,
    JacobiEigenResult,
    PowerIterationResult,
    QRAlgorithmResult,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "ConjugateGradientResult",
    "GaussSeidelResult",
    "InverseIterationResult",
    "JacobiEigenResult",
    "PowerIterationResult",
    "QRAlgorithmResult",
    "conjugate_gradient",
    "gauss_seidel",
    "inverse_iteration",
    "jacobi_eigen",
    "power_iteration",
    "qr_algorithm",
]


def _course(course: Any) -> dict[str, Any]:
    """Fields that all results have."""
    (nit, reason, message), (steps, residuals), (observed, predicted), _ = course
    return {
        "nit": nit,
        "success": reason == "converged",
        "reason": reason,
        "message": message,
        "steps": steps,
        "residuals": residuals,
        "observed_rate": observed,
        "predicted_rate": predicted,
    }


def power_iteration(
    a: ArrayLike, x0: ArrayLike | None = None, tol: float = 1e-10, max_iter: int = 1000
) -> PowerIterationResult:
    """Find the eigenvalue of largest modulus: x ← a x / ‖a x‖, again and again.

    Each step shrinks what x has of the other eigenvectors by |λ₂/λ₁|, so that the eigenvector of λ₁ takes over.

    Parameters
    ----------
    a : array_like, shape (n, n)
        The matrix.
    x0 : array_like, shape (n,), optional
        Where to start; not zero. By default fixed numbers that were drawn from the normal distribution once, so that no
        direction is special, and every run is the same.
    tol : float, default 1e-10
        It has converged when ‖a x - λ x‖ ≤ tol ‖a‖ (Frobenius): λ and x are then exact for a matrix that differs from a
        by no more than that.
    max_iter : int, default 1000
        Most steps.

    Returns
    -------
    PowerIterationResult
        ``eigenvalue``, ``eigenvector``, ``iterates``, ``residuals``, ``observed_rate`` beside ``predicted_rate``, …;
        draws itself with ``.plot()``.

    Raises
    ------
    ValueError
        If a is not square or empty, a number is NaN or infinite, or ``x0`` is zero or has another length.

    Notes
    -----
    When two eigenvalues have the same modulus (2 and -2, or a complex pair) it does not settle: the predicted rate is
    1, and ``message`` says why. When ``x0`` has no part along the wanted eigenvector it settles on another, which
    ``message`` says too. Source: von Mises and Pollaczek-Geiringer, ZAMM 9 (1929), doi:10.1002/zamm.19290090105.

    Examples
    --------
    >>> from underhood.linalg import power_iteration
    >>> found = power_iteration([[2, 1], [1, 2]])
    >>> round(found.eigenvalue, 10), found.eigenvector.round(6)
    (3.0, array([0.707107, 0.707107]))
    >>> round(found.observed_rate, 4), round(found.predicted_rate, 4)
    (0.3333, 0.3333)
    """
    eigenvalue, eigenvector, eigenvalues, iterates, course = _core.power_iteration(a, x0, tol, max_iter)
    return PowerIterationResult(
        **_course(course), eigenvalue=eigenvalue, eigenvector=eigenvector, eigenvalues=eigenvalues, iterates=iterates
    )


def inverse_iteration(
    a: ArrayLike,
    shift: float | Literal["rayleigh"] = 0.0,
    x0: ArrayLike | None = None,
    tol: float = 1e-10,
    max_iter: int = 1000,
) -> InverseIterationResult:
    """Find the eigenvalue nearest to a shift: solve (a - shift I) y = x, x ← y / ‖y‖, again and again.

    It is power iteration with the inverse, whose largest eigenvalue is 1/(λ - shift) for the λ nearest to the shift.

    Parameters
    ----------
    a : array_like, shape (n, n)
        The matrix.
    shift : float or "rayleigh", default 0
        A guess of the eigenvalue. ``"rayleigh"`` takes the latest estimate xᵀax in each step; which eigenvalue that
        leads to depends on the start, but it gets there in very few steps.
    x0 : array_like, shape (n,), optional
        Where to start; as in :func:`power_iteration`.
    tol : float, default 1e-10
        It has converged when ‖a x - λ x‖ ≤ tol ‖a‖.
    max_iter : int, default 1000
        Most steps.

    Returns
    -------
    InverseIterationResult
        ``eigenvalue``, ``eigenvector``, ``iterates``, ``residuals``, rate or order of convergence, …

    Raises
    ------
    ValueError
        As in :func:`power_iteration`; or if the shift is not finite.

    Notes
    -----
    A shift that is an eigenvalue makes the system singular. It is then moved by a rounding error, and one step is
    enough. Source: Wielandt (1944); Ostrowski, Arch. Rational Mech. Anal. 1 (1957), doi:10.1007/BF00298007.

    Examples
    --------
    >>> from underhood.linalg import inverse_iteration
    >>> a = [[2, 1, 0], [1, 3, 1], [0, 1, 4]]
    >>> found = inverse_iteration(a, shift=2.9)
    >>> round(found.eigenvalue, 8), round(found.predicted_rate, 4)
    (3.0, 0.0613)
    >>> inverse_iteration(a, shift="rayleigh").predicted_order
    3.0
    """
    eigenvalue, eigenvector, eigenvalues, iterates, course = _core.inverse_iteration(a, shift, x0, tol, max_iter)
    return InverseIterationResult(
        **_course(course),
        eigenvalue=eigenvalue,
        eigenvector=eigenvector,
        eigenvalues=eigenvalues,
        iterates=iterates,
        observed_order=course[3][0],
        predicted_order=course[3][1],
        shift=shift if isinstance(shift, str) else float(np.asarray(shift)),
    )


def qr_algorithm(
    a: ArrayLike, shifts: Literal["none", "wilkinson"] = "none", tol: float = 1e-10, max_iter: int = 1000
) -> QRAlgorithmResult:
    """Find all eigenvalues: factor a = QR, multiply in the other order, a ← RQ, again and again.

    RQ = QᵀaQ has a's eigenvalues. What stands below the diagonal vanishes, at the i-th place by |λᵢ₊₁/λᵢ| a step, and
    the eigenvalues are left on the diagonal.

    Parameters
    ----------
    a : array_like, shape (n, n)
        The matrix.
    shifts : {"none", "wilkinson"}
        ``"none"`` is the textbook's iteration, to be watched. ``"wilkinson"`` subtracts the eigenvalue of the last
        2×2 block that is nearer to the corner (of a complex pair, both at once), so that the last row vanishes
        quadratically, or cubically if a is symmetric; then it goes on with the rest.
    tol : float, default 1e-10
        It has converged when all that has to vanish is at most tol ‖a‖ (Frobenius).
    max_iter : int, default 1000
        Most steps; each needs about 5n³ multiplications.

    Returns
    -------
    QRAlgorithmResult
        ``eigenvalues``, ``Q``, ``iterates``, ``subdiagonals``, ``observed_rates`` beside ``predicted_rates``, …

    Raises
    ------
    ValueError
        If a is not square or empty, a number is NaN or infinite, or ``shifts`` is unknown.

    Notes
    -----
    A real matrix keeps a 2×2 block for each complex pair. Without shifts, real eigenvalues of the same modulus (2 and
    -2) do not separate; ``message`` says so. For eigenvalues that are to be used, ``eigvals`` is meant: it is much
    quicker. Source: Francis, Computer J. 4 (1961), doi:10.1093/comjnl/4.3.265.

    Examples
    --------
    >>> from underhood.linalg import qr_algorithm
    >>> found = qr_algorithm([[2, 1, 0], [1, 3, 1], [0, 1, 4]])
    >>> found.eigenvalues.round(6)
    array([4.732051, 3.      , 1.267949])
    >>> found.observed_rates.round(4), found.predicted_rates.round(4)
    (array([0.634 , 0.4226]), array([0.634 , 0.4226]))
    """
    eigenvalues, q, (iterates, subdiagonals), (observed, predicted), course = _core.qr_algorithm(
        a, shifts, tol, max_iter
    )
    return QRAlgorithmResult(
        **_course(course),
        eigenvalues=eigenvalues,
        Q=q,
        iterates=iterates,
        subdiagonals=subdiagonals,
        observed_rates=np.array(observed, dtype=np.float64),
        predicted_rates=np.array(predicted, dtype=np.float64),
        observed_order=course[3][0],
        predicted_order=course[3][1],
        shifts=shifts,
    )


def jacobi_eigen(a: ArrayLike, tol: float = 1e-10, max_iter: int = 1000) -> JacobiEigenResult:
    """Find all eigenvalues and eigenvectors of a symmetric matrix by rotating one pair of axes after the other.

    Each rotation makes one element beside the diagonal vanish. It comes back in part, but the sum of all squares
    beside the diagonal has become smaller by 2aᵢⱼ²; in the end each sweep over all pairs squares it.

    Parameters
    ----------
    a : array_like, shape (n, n)
        The symmetric matrix; mirrored entries may differ by rounding (1e-10 relative).
    tol : float, default 1e-10
        It has converged when what stands beside the diagonal is at most tol ‖a‖ (Frobenius).
    max_iter : int, default 1000
        Most sweeps; about eight are needed.

    Returns
    -------
    JacobiEigenResult
        ``eigenvalues`` (rising), ``eigenvectors`` (in the columns), ``iterates``, ``off_diagonal``, …

    Raises
    ------
    ValueError
        If a is not square, not symmetric or empty, or a number is NaN or infinite.

    Notes
    -----
    Source: Jacobi, J. reine angew. Math. 30 (1846), doi:10.1515/crll.1846.30.51; Wilkinson, Numer. Math. 4 (1962),
    doi:10.1007/BF01386321.

    Examples
    --------
    >>> from underhood.linalg import jacobi_eigen
    >>> found = jacobi_eigen([[2, 1, 0], [1, 3, 1], [0, 1, 4]])
    >>> found.eigenvalues.round(6)
    array([1.267949, 3.      , 4.732051])
    >>> found.predicted_order
    2.0
    """
    eigenvalues, eigenvectors, iterates, off_diagonal, rotations, course = _core.jacobi_eigen(a, tol, max_iter)
    return JacobiEigenResult(
        **_course(course),
        eigenvalues=eigenvalues,
        eigenvectors=eigenvectors,
        iterates=iterates,
        off_diagonal=off_diagonal,
        rotations=rotations,
        observed_order=course[3][0],
        predicted_order=course[3][1],
    )


def conjugate_gradient(
    a: ArrayLike, b: ArrayLike, x0: ArrayLike | None = None, tol: float = 1e-10, max_iter: int = 1000
) -> ConjugateGradientResult:
    """Solve a x = b for a symmetric positive definite matrix: downhill, in directions that do not undo each other.

    x minimises ½xᵀax - bᵀx, a bowl. Each direction p is conjugate to all before it (pᵢᵀ a pⱼ = 0), so that what was
    gained stays; in exact arithmetic n steps are enough.

    Parameters
    ----------
    a : array_like, shape (n, n)
        The symmetric positive definite matrix; mirrored entries may differ by rounding (1e-10 relative).
    b : array_like, shape (n,)
        The right-hand side.
    x0 : array_like, shape (n,), optional
        Where to start; zero by default.
    tol : float, default 1e-10
        It has converged when ‖b - a x‖ ≤ tol ‖b‖.
    max_iter : int, default 1000
        Most steps.

    Returns
    -------
    ConjugateGradientResult
        ``x``, ``iterates``, ``errors``, ``residuals``, ``observed_rate`` beside ``predicted_rate``, …

    Raises
    ------
    ValueError
        If a is not square, not symmetric or empty, b does not fit, or a number is NaN or infinite.

    Notes
    -----
    After k steps the error √(eᵀae) is at most 2((√κ - 1)/(√κ + 1))ᵏ times the first, κ the condition number. A
    direction with pᵀap ≤ 0 shows that a is not positive definite: the reason is then ``"breakdown"``. Source:
    Hestenes and Stiefel, J. Res. Nat. Bur. Standards 49 (1952), doi:10.6028/jres.049.044.

    Examples
    --------
    >>> from underhood.linalg import conjugate_gradient
    >>> found = conjugate_gradient([[4, 1], [1, 3]], [1, 2])
    >>> found.x.round(6), found.nit
    (array([0.090909, 0.636364]), 2)
    """
    x, iterates, errors, course = _core.conjugate_gradient(a, b, x0, tol, max_iter)
    return ConjugateGradientResult(**_course(course), x=x, iterates=iterates, errors=errors)


def gauss_seidel(
    a: ArrayLike,
    b: ArrayLike,
    x0: ArrayLike | None = None,
    method: Literal["gauss_seidel", "jacobi"] = "gauss_seidel",
    tol: float = 1e-10,
    max_iter: int = 1000,
) -> GaussSeidelResult:
    """Solve a x = b by sweeps that solve each equation for its own unknown.

    xᵢ ← (bᵢ - Σⱼ≠ᵢ aᵢⱼ xⱼ) / aᵢᵢ. Each sweep multiplies the error by the same matrix, so that it vanishes exactly if
    that matrix's spectral radius is below 1.

    Parameters
    ----------
    a : array_like, shape (n, n)
        The matrix, without zeros on its diagonal.
    b : array_like, shape (n,)
        The right-hand side.
    x0 : array_like, shape (n,), optional
        Where to start; zero by default.
    method : {"gauss_seidel", "jacobi"}
        Whether a sweep uses each new xⱼ at once, or those of the last sweep.
    tol : float, default 1e-10
        It has converged when ‖b - a x‖ ≤ tol ‖b‖.
    max_iter : int, default 1000
        Most sweeps.

    Returns
    -------
    GaussSeidelResult
        ``x``, ``iterates``, ``errors``, ``residuals``, ``observed_rate`` beside ``predicted_rate``, …

    Raises
    ------
    ValueError
        If a is not square or empty or has a zero on its diagonal, b does not fit, a number is NaN or infinite, or
        ``method`` is unknown.

    Notes
    -----
    It converges if the diagonal dominates every row (both methods), or a is symmetric positive definite
    (Gauss-Seidel). It is given up as ``"diverged"`` when the residual has grown by 1e10. Source: Varga, Matrix
    Iterative Analysis (1962), chapter 3.

    Examples
    --------
    >>> from underhood.linalg import gauss_seidel
    >>> found = gauss_seidel([[4, 1], [1, 3]], [1, 2])
    >>> found.x.round(6), round(found.predicted_rate, 4)
    (array([0.090909, 0.636364]), 0.0833)
    >>> gauss_seidel([[1, 2], [3, 4]], [1, 1]).reason
    'diverged'
    """
    x, iterates, errors, course = _core.gauss_seidel(a, b, x0, method, tol, max_iter)
    return GaussSeidelResult(**_course(course), x=x, iterates=iterates, errors=errors, method=method)
