"""Linear algebra beside NumPy."""

from collections.abc import Iterator

import numpy as np
import scipy.linalg
from run import Case
from underhood import linalg


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    rng = np.random.default_rng(0)
    for n in (3, 8, 64, 512):
        a, b = rng.standard_normal((n, n)), rng.standard_normal(n)
        spd = a @ a.T + np.eye(n)
        size = f"{n} × {n}"
        # Rounding is magnified by the condition number, on both sides.
        rtol = 1e-12 * np.linalg.cond(a, 1)
        yield Case("matmul", size, "NumPy", lambda a=a: linalg.matmul(a, a), lambda a=a: a @ a)
        yield Case(
            "solve",
            size,
            "NumPy",
            lambda a=a, b=b: linalg.solve(a, b),
            lambda a=a, b=b: np.linalg.solve(a, b),
            rtol=rtol,
            headline=n in (3, 512),
        )
        yield Case("inv", size, "NumPy", lambda a=a: linalg.inv(a), lambda a=a: np.linalg.inv(a), rtol=rtol)
        yield Case(
            "slogdet",
            size,
            "NumPy",
            lambda a=a: linalg.slogdet(a),
            lambda a=a: np.linalg.slogdet(a),
            rtol=rtol,
        )
        yield Case(
            "cholesky",
            size,
            "NumPy",
            lambda a=spd: linalg.cholesky(a),
            lambda a=spd: np.linalg.cholesky(a),
            rtol=rtol,
            headline=n == 8,
        )
        yield Case(
            "qr",
            size,
            "NumPy",
            lambda a=a: linalg.qr(a).R,
            lambda a=a: np.linalg.qr(a).R,
            rtol=rtol,
            headline=n == 64,
        )
        if n < 512:
            yield Case(
                "lstsq",
                size,
                "NumPy",
                lambda a=a, b=b: linalg.lstsq(a, b),
                lambda a=a, b=b: np.linalg.lstsq(a, b),
                rtol=rtol,
                pick=lambda fit: fit.x,
                pick_theirs=lambda fit: fit[0],
            )
    yield from spectra()


def spectra() -> Iterator[Case]:
    """Yield eigenvalues and functions of matrices, alone and in a stack."""
    rng = np.random.default_rng(3)
    matrices = [(f"{n} × {n}", rng.standard_normal((n, n)) / np.sqrt(n)) for n in (3, 8, 16, 32, 64, 128, 256, 512)]
    matrices.append(("10,000 of 3 × 3", rng.standard_normal((10_000, 3, 3))))
    for size, a in matrices:
        yield Case(
            "eig",
            size,
            "NumPy",
            lambda a=a: linalg.eig(a),
            lambda a=a: np.linalg.eig(a),
            rtol=1e-7,
            pick=lambda result: np.sort_complex(result.eigenvalues).real,
            pick_theirs=lambda result: np.sort_complex(result.eigenvalues).real,
            headline=size == "64 × 64",
        )
        yield Case(
            "eigvals",
            size,
            "NumPy",
            lambda a=a: linalg.eigvals(a),
            lambda a=a: np.linalg.eigvals(a),
            rtol=1e-7,
            pick=lambda values: np.sort_complex(values).real,
            pick_theirs=lambda values: np.sort_complex(values).real,
        )
        yield Case("expm", size, "SciPy", lambda a=a: linalg.expm(a), lambda a=a: scipy.linalg.expm(a))
        yield Case(
            "matrix_power",
            size,
            "NumPy",
            lambda a=a: linalg.matrix_power(a, 7),
            lambda a=a: np.linalg.matrix_power(a, 7),

    yield from singular_values(rng)


def singular_values(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the workloads of the singular value decomposition."""
    shapes = [*((n, n) for n in (3, 8, 16, 32, 64, 128, 256, 512, 1024)), (1000, 20), (10_000, 3, 3)]
    for shape in shapes:
        a = rng.standard_normal(shape)
        size = " × ".join(map(str, shape))
        yield Case(
            "svd",
            size,
            "NumPy",
            lambda a=a: linalg.svd(a, full_matrices=False),
            lambda a=a: np.linalg.svd(a, full_matrices=False),
            pick=lambda f: f.S,
            pick_theirs=lambda f: f.S,
            headline=shape == (512, 512),
        )
        yield Case(
            "svdvals", size, "NumPy", lambda a=a: linalg.svdvals(a), lambda a=a: np.linalg.svd(a, compute_uv=False)
        )
