"""Functions as graphs: values, gradients and integrals beside NumPy by hand, autograd and JAX (if installed)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import scipy.integrate
import underhood as uh
from run import Case


def rosenbrock(x: Any) -> Any:
    """Rosenbrock's valley in two variables."""
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def rosenbrock_slope(x: np.ndarray) -> np.ndarray:
    """Its gradient by hand."""
    return np.array([-400 * x[0] * (x[1] - x[0] ** 2) - 2 * (1 - x[0]), 200 * (x[1] - x[0] ** 2)])


def chain(x: np.ndarray) -> np.ndarray:
    """Compute a chain of elementwise operations."""
    return np.exp(-(x**2) / 2) * np.sin(3 * x) + np.tanh(x)


def logistic(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Give a table and labels of −1 and 1."""
    rng = np.random.default_rng(4)
    table = rng.standard_normal((rows, columns))
    return table, np.where(table @ rng.standard_normal(columns) + rng.standard_normal(rows) > 0, 1.0, -1.0)


def jax_gradient(f: Callable[[Any], Any]) -> Callable[[np.ndarray], Any] | None:
    """Give JAX's jitted gradient in doubles, or None where JAX is not installed."""
    try:
        import jax
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(jax.grad(f))
    return lambda x: compiled(x).block_until_ready()


def small_gradients() -> Iterator[Case]:
    """Yield one gradient of a function of two variables."""
    at = np.array([-1.2, 1.0])
    ours = uh.function(rosenbrock).gradient()
    peers: list[tuple[str, Callable[[np.ndarray], Any] | None]] = [("NumPy by hand", rosenbrock_slope)]
    peers.append(("JAX, jitted", jax_gradient(rosenbrock)))
    try:
        import autograd

        peers.append(("autograd", autograd.grad(rosenbrock)))
    except ImportError:
        pass
    for name, theirs in peers:
        if theirs is not None:
            yield Case("gradient, traced", "2", name, lambda: ours(at), lambda theirs=theirs: theirs(at), headline=True)


def large_gradients() -> Iterator[Case]:
    """Yield the gradient of a logistic loss."""
    for rows in (1_000, 100_000):
        table, labels = logistic(rows, 20)
        weights = np.linspace(-0.5, 0.5, 20)

        def loss(w: Any, table: Any = table, labels: Any = labels) -> Any:
            return np.mean(np.log1p(np.exp(-labels * (table @ w))))

        def by_hand(w: np.ndarray, table: np.ndarray = table, labels: np.ndarray = labels) -> np.ndarray:
            return -(labels / (1 + np.exp(labels * (table @ w)))) @ table / len(labels)

        ours = uh.function(lambda w, loss=loss: loss(w)).gradient()
        size, workload = f"{rows}×20", "gradient of a logistic loss, traced"
        yield Case(
            workload,
            size,
            "NumPy by hand",
            lambda ours=ours, w=weights: ours(w),
            lambda by_hand=by_hand, w=weights: by_hand(w),
            rtol=1e-9,
            headline=rows > 1_000,
        )
        try:
            import jax
            import jax.numpy as jnp
        except ImportError:
            continue
        jax.config.update("jax_enable_x64", True)
        device, signs = jnp.asarray(table), jnp.asarray(labels)
        theirs = jax.jit(jax.grad(lambda w, a=device, y=signs: jnp.mean(jnp.log1p(jnp.exp(-y * (a @ w))))))
        yield Case(
            workload,
            size,
            "JAX, jitted",
            lambda ours=ours, w=weights: ours(w),
            lambda theirs=theirs, w=weights: theirs(w).block_until_ready(),
            rtol=1e-9,
            headline=rows > 1_000,
        )


def cases() -> Iterator[Case]:
    """Yield values, gradients and integrals of traced functions."""
    yield from small_gradients()
    yield from large_gradients()
    for n in (1, 1_000, 1_000_000):
        x = np.linspace(-3.0, 3.0, n) if n > 1 else 0.7
        ours = uh.function(chain)
        yield Case("chain of elementwise operations", f"{n}", "NumPy", lambda f=ours, x=x: f(x), lambda x=x: chain(x))
    for name, f, a, b in (
        ("exp(-x²)", lambda x: np.exp(-(x**2)), 0.0, 1.0),
        ("1/(1 + x²)", lambda x: 1 / (1 + x**2), -np.inf, np.inf),
        ("oscillating", lambda x: np.sin(50 * x) * np.exp(-x), 0.0, 3.0),
    ):
        traced = uh.function(f)
        yield Case(
            "integrate, traced function",
            name,
            "SciPy quad",
            lambda f=traced, a=a, b=b: uh.calculus.integrate(f, a, b),
            lambda f=f, a=a, b=b: scipy.integrate.quad(f, a, b, epsabs=0, epsrel=1e-10),
            rtol=1e-9,
            pick=float,
            pick_theirs=lambda result: result[0],
            headline=True,
        )
    yield Case(
        "tracing and differentiating",
        "Rosenbrock, 2",
        "NumPy by hand, called",
        lambda: uh.function(rosenbrock).gradient()(np.array([-1.2, 1.0])),
        lambda: rosenbrock_slope(np.array([-1.2, 1.0])),
    )
