"""Constraints of minimisers: SciPy's ways to write them, read as one function between limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._core import graph as _graph
from underhood._functions import resolve

__all__ = ["METHOD", "Part", "chosen", "joined", "read"]

Doubles = NDArray[np.float64]

METHOD = "augmented-Lagrangian"
SCIPY_METHODS = ("slsqp", "trust-constr", "cobyla", "cobyqa")


@dataclass(slots=True)
class Part:
    """One constraint: lower ≤ f(x) ≤ upper."""

    f: Callable[..., Any]
    jac: Callable[..., Any] | None
    lower: Doubles
    upper: Doubles

    @property
    def size(self) -> int:
        """How many numbers it gives."""
        return self.lower.size


def read(constraints: Any, start: tuple[int, ...], inside: Doubles) -> list[Part]:
    """Read what was given as constraints; an empty list if there are none."""
    if constraints is None:
        return []
    alone = isinstance(constraints, Mapping) or hasattr(constraints, "lb")
    given = [constraints] if alone else constraints
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise TypeError(
            f"minimize: constraints is a {type(constraints).__name__}, but must be a dict with 'type' and 'fun', a "
            "LinearConstraint or NonlinearConstraint, or a list of these"
        )
    return [_part(f"constraints[{i}]", one, start, inside) for i, one in enumerate(given)]


def _part(name: str, one: Any, start: tuple[int, ...], inside: Doubles) -> Part:
    if isinstance(one, Mapping):
        unknown = set(one) - {"type", "fun", "jac", "args"}
        if unknown or not {"type", "fun"} <= set(one):
            wrong = f"holds {sorted(map(str, unknown))}" if unknown else f"holds {sorted(map(str, one))}"
            raise ValueError(f"minimize: {name} {wrong}, but must hold 'type', 'fun', and perhaps 'jac' and 'args'")
        kind = one["type"].lower() if isinstance(one["type"], str) else one["type"]
        if kind not in ("eq", "ineq"):
            raise ValueError(
                f"minimize: {name} has the type {one['type']!r}, but must be 'eq' (fun(x) = 0) or 'ineq' (fun(x) >= 0)"
            )
        args = one.get("args", ())
        return _made(name, (one["fun"], one.get("jac")), args, (0.0, 0.0 if kind == "eq" else np.inf), start, inside)
    if hasattr(one, "A") and hasattr(one, "lb") and hasattr(one, "ub"):
        matrix = one.A.toarray() if hasattr(one.A, "toarray") else one.A
        matrix = np.atleast_2d(np.asarray(matrix, dtype=np.float64))
        if matrix.shape[1] != inside.size:
            raise ValueError(
                f"minimize: {name} has the matrix A of shape {matrix.shape}, but x0 has {inside.size} numbers"
            )

        def product(x: Doubles) -> Any:
            return matrix @ np.reshape(x, -1)

        return _made(name, (product, lambda x: matrix), (), (one.lb, one.ub), start, inside)
    if hasattr(one, "fun") and hasattr(one, "lb") and hasattr(one, "ub"):
        jac = getattr(one, "jac", None)
        return _made(name, (one.fun, jac if callable(jac) else None), (), (one.lb, one.ub), start, inside)
    raise TypeError(
        f"minimize: {name} is a {type(one).__name__}, but must be a dict with 'type' and 'fun', a LinearConstraint or "
        "a NonlinearConstraint"
    )


def _made(
    name: str,
    functions: tuple[Any, Any],
    args: Any,
    limits: tuple[Any, Any],
    start: tuple[int, ...],
    inside: Doubles,
) -> Part:
    f, jac = functions
    args = args if isinstance(args, tuple) else (args,)
    if args and callable(f):
        f = _with(f, args)
    called = resolve("minimize", name, f, start, point=[inside])
    if jac is not None and not isinstance(jac, str | bool):
        if not callable(jac):
            raise TypeError(f"minimize: the jac of {name} is a {type(jac).__name__}, but must be a function")
        jac = resolve("minimize", name, _with(jac, args) if args else jac, start, point=[inside])
    elif isinstance(called, _graph.Traced):
        jac = called.jacobian([0])
    else:
        jac = None
    size = _numbers(name, called(inside.copy())).size
    try:
        lower, upper = (np.broadcast_to(np.asarray(limit, dtype=np.float64), (size,)).copy() for limit in limits)
    except (TypeError, ValueError):
        raise ValueError(f"minimize: {name} gives {size} numbers, but its lb and ub are not as many") from None
    if np.isnan(lower).any() or np.isnan(upper).any() or (lower > upper).any():
        raise ValueError(f"minimize: {name} has lb and ub between which there is no number")
    return Part(called, jac, lower, upper)


def _with(f: Callable[..., Any], args: tuple[Any, ...]) -> Callable[..., Any]:
    return lambda x: f(x, *args)


def _numbers(name: str, value: Any) -> Doubles:
    """Read what a constraint gave, as a flat array."""
    try:
        if value is None or np.iscomplexobj(value):
            raise TypeError
        return np.ravel(np.asarray(value, dtype=np.float64))
    except (TypeError, ValueError):
        hint = " (is a return missing?)" if value is None else ""
        found = "None" if value is None else f"a {type(value).__name__}"
        raise TypeError(f"minimize: {name} returned {found}, but must return numbers{hint}") from None


def joined(parts: Sequence[Part], start: tuple[int, ...]) -> tuple[Any, Any, Doubles, Doubles]:
    """Make one function of all, with its Jacobian matrix if that is known, and the limits."""
    lower, upper = (np.concatenate([getattr(part, name) for part in parts]) for name in ("lower", "upper"))
    graphs = [part.f for part in parts if isinstance(part.f, _graph.Traced)]
    if len(graphs) == len(parts):
        builder = _graph.Builder()
        x = builder.input(0, list(start))
        nodes = [builder.inline(graph, [x]) for graph in graphs]
        values = [builder.reshape(node, [part.size]) for node, part in zip(nodes, parts, strict=True)]
        whole = builder.finish([("x", list(start))], builder.concatenate(values, 0))
        if all(isinstance(part.jac, _graph.Traced) for part in parts):
            return whole, whole.jacobian([0]), lower, upper

    def called(x: Doubles) -> Doubles:
        values = [_numbers(f"constraints[{i}]", part.f(x.copy())) for i, part in enumerate(parts)]
        for i, (part, value) in enumerate(zip(parts, values, strict=True)):
            if value.size != part.size:
                raise ValueError(f"minimize: constraints[{i}] returned {value.size} numbers, and {part.size} before")
        return np.concatenate(values)

    def normals(x: Doubles) -> Doubles:
        rows = []
        for i, part in enumerate(parts):
            assert part.jac is not None
            matrix = _numbers(f"the jac of constraints[{i}]", part.jac(x.copy()))
            if matrix.size != part.size * x.size:
                raise ValueError(
                    f"minimize: the jac of constraints[{i}] returned {matrix.size} numbers, but must return a matrix "
                    f"of {part.size} x {x.size}"
                )
            rows.append(matrix.reshape(part.size, x.size))
        return np.concatenate(rows)

    known = all(part.jac is not None for part in parts)
    return called, normals if known else None, lower, upper


def chosen(method: Any) -> None:
    """Refuse other methods than the one that there is."""
    if method is None or (isinstance(method, str) and method.lower() == METHOD.lower()):
        return
    scipy = " (SciPy's methods for constraints are not here)" if str(method).lower() in SCIPY_METHODS else ""
    raise ValueError(f"minimize: method is {method!r}, but with constraints it must be {METHOD!r}, or left out{scipy}")
