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
    yield from elimination(rng)
    yield from factorisations(rng)
    yield from symmetric(rng)
    yield from singular_values(rng)
    yield from spectra(rng)
    yield from stacks(rng)


def elimination(rng: np.random.Generator) -> Iterator[Case]:
    """Yield products, and what elimination answers."""
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
        )


def factorisations(rng: np.random.Generator) -> Iterator[Case]:
    """Yield QR, LU and least squares: small calls, the sizes of a notebook, large ones, tall ones and a stack."""

    def triangle(factors: tuple[np.ndarray, ...]) -> np.ndarray:
        # R's signs are the method's choice.
        return np.abs(factors[1])

    for shape in (
        (3, 3),
        (8, 8),
        (32, 32),
        (64, 64),
        (128, 128),
        (256, 256),
        (512, 512),
        (1024, 1024),
        (1000, 10),
        (100_000, 20),
    ):
        a, b = rng.standard_normal(shape), rng.standard_normal(shape[0])
        size = f"{shape[0]:,} × {shape[1]:,}"
        rtol = 1e-12 * np.linalg.cond(a)
        yield Case(
            "qr",
            size,
            "NumPy",
            lambda a=a: linalg.qr(a),
            lambda a=a: np.linalg.qr(a),
            rtol=rtol,
            pick=triangle,
            pick_theirs=triangle,
        )
        if shape[0] <= 512 or shape[1] < 100:
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
        if shape[0] == shape[1]:
            yield Case(
                "lu",
                size,
                "SciPy",
                lambda a=a: linalg.lu(a),
                lambda a=a: scipy.linalg.lu(a),
                rtol=rtol,
                pick=lambda factors: factors[2],
                pick_theirs=lambda factors: factors[2],
            )
    stack = rng.standard_normal((10_000, 3, 3))
    yield Case(
        "qr",
        "10,000 × 3 × 3",
        "NumPy",
        lambda: linalg.qr(stack),
        lambda: np.linalg.qr(stack),
        rtol=1e-6,
        pick=triangle,
        pick_theirs=triangle,
    )


def spectra(rng: np.random.Generator) -> Iterator[Case]:
    """Yield eigenvalues and functions of matrices, alone and in a stack."""
    matrices = [(f"{n} × {n}", rng.standard_normal((n, n)) / np.sqrt(n)) for n in (3, 8, 16, 32, 64, 128, 256, 512)]
    matrices.append(("10,000 × 3 × 3", rng.standard_normal((10_000, 3, 3))))
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
        yield Case(
            "expm",
            size,
            "SciPy",
            lambda a=a: linalg.expm(a),
            lambda a=a: scipy.linalg.expm(a),
            headline=size == "64 × 64",
        )
        yield Case(
            "matrix_power",
            size,
            "NumPy",
            lambda a=a: linalg.matrix_power(a, 7),
            lambda a=a: np.linalg.matrix_power(a, 7),
        )


def singular_values(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the workloads of the singular value decomposition."""
    shapes = [*((n, n) for n in (3, 8, 16, 32, 64, 128, 256, 512, 1024)), (1000, 20), (10_000, 3, 3)]
    for shape in shapes:
        a = rng.standard_normal(shape)
        size = " × ".join(f"{length:,}" for length in shape)
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


def stacks(rng: np.random.Generator) -> Iterator[Case]:
    """Yield what is done to ten thousand small matrices at once."""
    a, b = rng.standard_normal((10_000, 3, 3)), rng.standard_normal((10_000, 3, 1))
    spd = a @ a.transpose(0, 2, 1) + np.eye(3)
    size, rtol = "10,000 × 3 × 3", 1e-6
    yield Case("matmul", size, "NumPy", lambda: linalg.matmul(a, a), lambda: a @ a, rtol=rtol)
    yield Case(
        "solve", size, "NumPy", lambda: linalg.solve(a, b), lambda: np.linalg.solve(a, b), rtol=rtol, headline=True
    )
    yield Case("inv", size, "NumPy", lambda: linalg.inv(a), lambda: np.linalg.inv(a), rtol=rtol)
    yield Case("det", size, "NumPy", lambda: linalg.det(a), lambda: np.linalg.det(a), rtol=rtol)
    yield Case("cholesky", size, "NumPy", lambda: linalg.cholesky(spd), lambda: np.linalg.cholesky(spd), rtol=rtol)


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
            headline=shape == (256, 256),
        )
        yield Case(
            "eigvalsh", size, "NumPy", lambda a=a: linalg.eigvalsh(a), lambda a=a: np.linalg.eigvalsh(a), rtol=rtol
        )
