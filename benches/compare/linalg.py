"""Linear algebra beside NumPy."""

from collections.abc import Iterator

import numpy as np
from run import Case
from underhood import linalg


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    rng = np.random.default_rng(0)
    for n in (3, 8, 32, 64, 128, 512):
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
    yield from stacks(rng)


def stacks(rng: np.random.Generator) -> Iterator[Case]:
    """Yield what is done to ten thousand small matrices at once."""
    a, b = rng.standard_normal((10_000, 3, 3)), rng.standard_normal((10_000, 3, 1))
    spd = a @ a.transpose(0, 2, 1) + np.eye(3)
    size, rtol = "10,000 × 3 × 3", 1e-6
    yield Case("matmul", size, "NumPy", lambda: linalg.matmul(a, a), lambda: a @ a, rtol=rtol)
    yield Case("solve", size, "NumPy", lambda: linalg.solve(a, b), lambda: np.linalg.solve(a, b), rtol=rtol)
    yield Case("inv", size, "NumPy", lambda: linalg.inv(a), lambda: np.linalg.inv(a), rtol=rtol)
    yield Case("det", size, "NumPy", lambda: linalg.det(a), lambda: np.linalg.det(a), rtol=rtol)
    yield Case("cholesky", size, "NumPy", lambda: linalg.cholesky(spd), lambda: np.linalg.cholesky(spd), rtol=rtol)
