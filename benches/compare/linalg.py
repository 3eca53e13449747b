"""Linear algebra beside NumPy."""

from collections.abc import Iterator

import numpy as np
import scipy.linalg
from run import Case
from underhood import linalg


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    rng = np.random.default_rng(0)
    yield from vectors(rng)
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


def vectors(rng: np.random.Generator) -> Iterator[Case]:
    """Yield products and lengths of vectors, and null spaces beside SciPy."""
    for n in (3, 1000, 1_000_000):
        x, y = rng.standard_normal(n), rng.standard_normal(n)
        yield Case("norm", f"{n:,}", "NumPy", lambda x=x: linalg.norm(x), lambda x=x: np.linalg.norm(x))
        yield Case("dot", f"{n:,}", "NumPy", lambda x=x, y=y: linalg.dot(x, y), lambda x=x, y=y: np.dot(x, y))
    rows = rng.standard_normal((10_000, 3))
    yield Case(
        "norm of rows",
        "10,000 × 3",
        "NumPy",
        lambda: linalg.norm(rows, axis=1),
        lambda: np.linalg.norm(rows, axis=1),
    )
    for x in (rows[0], rows):
        size = " × ".join(f"{n:,}" for n in x.shape)
        yield Case(
            "cross", size, "NumPy", lambda x=x: linalg.cross(x, x[..., ::-1]), lambda x=x: np.cross(x, x[..., ::-1])
        )
    for n in (3, 50):
        a = rng.standard_normal((n, n))
        yield Case("kron", f"{n} × {n}", "NumPy", lambda a=a: linalg.kron(a, a), lambda a=a: np.kron(a, a))
    for m, n in ((2, 3), (33, 64), (129, 256)):
        a = rng.standard_normal((m, n))
        yield Case(
            "null_space",
            f"{m} × {n}",
            "SciPy",
            lambda a=a: linalg.null_space(a),
            lambda a=a: scipy.linalg.null_space(a),
            # Bases of one space differ; the projection onto it does not.
            pick=lambda basis: basis @ basis.T,
            pick_theirs=lambda basis: basis @ basis.T,
        )
