"""Linear algebra beside NumPy."""

from collections.abc import Iterator

import numpy as np
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
    yield from symmetric(rng)


def symmetric(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the spectra of symmetric matrices."""
    for shape in (*((n, n) for n in (3, 8, 16, 32, 64, 128, 256, 512, 1024)), (10_000, 3, 3)):
        a = rng.standard_normal(shape)
        a = a + a.swapaxes(-2, -1)
        size = " × ".join(f"{length:,}" for length in shape)
        # Eigenvalues near zero have the error of the largest ones.
        rtol = 1e-12 * np.abs(a).max() * shape[-1]
        yield Case(
            "eigh",
            size,
            "NumPy",
            lambda a=a: linalg.eigh(a),
            lambda a=a: np.linalg.eigh(a),
            rtol=rtol,
            pick=lambda eigen: eigen.eigenvalues,
            pick_theirs=lambda eigen: eigen.eigenvalues,
            headline=shape in ((3, 3), (256, 256)),
        )
        yield Case(
            "eigvalsh", size, "NumPy", lambda a=a: linalg.eigvalsh(a), lambda a=a: np.linalg.eigvalsh(a), rtol=rtol
        )
