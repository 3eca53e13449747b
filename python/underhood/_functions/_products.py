"""Products of traced arrays: of vectors and matrices, and by indices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from underhood._functions._reductions import reduced_sum
from underhood._functions._shapes import by_places, made, no_out, ravel, reshape, transpose
from underhood._functions._tracer import Tracer, trace_of

__all__ = ["dot", "einsum", "inner", "matmul", "outer", "vdot"]


def matmul(a: Any, b: Any) -> Tracer:
    """Multiply matrices and vectors."""
    trace = trace_of(a, b)
    x, y = trace.lift(a), trace.lift(b)
    if not (x.ndim and y.ndim):  # as NumPy answers
        raise ValueError("matmul: a number is multiplied, but it takes vectors and matrices")
    if x.ndim > 2 or y.ndim > 2:
        trace.refuse("it multiplies stacks of matrices")
    if x.shape[-1] != y.shape[0]:
        raise ValueError(f"matmul: shapes {x.shape} and {y.shape} do not fit")
    return made(x, trace.builder.product(x._node, y._node))


def dot(a: Any, b: Any, out: Any = None) -> Tracer:
    """Form the dot product."""
    trace = trace_of(a, b)
    x, y = trace.lift(a), trace.lift(b)
    no_out(x, out)
    return _scaled(x, y) if x.ndim == 0 or y.ndim == 0 else matmul(x, y)


def vdot(a: Any, b: Any) -> Tracer:
    """Form the dot product of arrays that are laid flat."""
    trace = trace_of(a, b)
    return matmul(ravel(trace.lift(a)), ravel(trace.lift(b)))


def inner(a: Any, b: Any) -> Tracer:
    """Form the inner product along the last axes."""
    trace = trace_of(a, b)
    x, y = trace.lift(a), trace.lift(b)
    return _scaled(x, y) if x.ndim == 0 or y.ndim == 0 else matmul(x, transpose(y) if y.ndim > 1 else y)


def _scaled(x: Tracer, y: Tracer) -> Tracer:
    """Multiply by a number, where a vector is usual."""
    x._trace.doubtful = True
    return x * y


def outer(a: Any, b: Any, out: Any = None) -> Tracer:
    """Multiply every two elements."""
    trace = trace_of(a, b)
    no_out(trace.lift(a), out)
    return reshape(trace.lift(a), (-1, 1)) * ravel(trace.lift(b))


def einsum(*operands: Any, out: Any = None, **options: Any) -> Tracer:
    """Sum products by their indices: two terms after the other, as products of matrices where they can be."""
    trace = trace_of(*operands[1:])
    text = operands[0]
    if not isinstance(text, str) or "." in text:
        trace.refuse("it calls np.einsum in a way other than einsum('ij,j->i', a, b)")
    inputs, arrow, output = text.replace(" ", "").partition("->")
    names = inputs.split(",")
    if not arrow:
        output = "".join(letter for letter in sorted(set(inputs) - {","}) if inputs.count(letter) == 1)
    terms = []
    for name, value in zip(names, operands[1:], strict=True):
        x = trace.lift(value)
        if len(name) != x.ndim:
            raise ValueError(f"einsum: {name!r} names {len(name)} axes, but an operand has {x.ndim}")
        for letter in sorted(set(name)):
            while name.count(letter) > 1:
                i = name.index(letter)
                j = name.index(letter, i + 1)
                x = by_places(np.diagonal)(x, 0, i, j)
                name = name[:i] + name[i + 1 : j] + name[j + 1 :] + letter
        terms.append((name, x))
    first = terms[0]
    for number, term in enumerate(terms[1:], 2):
        first = _contracted(first, term, set(output).union(*(name for name, _ in terms[number:])))
    name, x = _summed(*first, set(output))
    return transpose(x, [name.index(letter) for letter in output]) if x.ndim else x


def _summed(name: str, x: Tracer, needed: set[str]) -> tuple[str, Tracer]:
    """Sum over the axes that nothing needs."""
    axes = tuple(i for i, letter in enumerate(name) if letter not in needed)
    left = "".join(letter for letter in name if letter in needed)
    return left, reduced_sum(x, axes) if axes else x


def _contracted(a: tuple[str, Tracer], b: tuple[str, Tracer], needed: set[str]) -> tuple[str, Tracer]:
    """Multiply two terms, and sum over the axes that they share and nothing else needs."""
    (p, x), (q, y) = _summed(*a, needed | set(b[0])), _summed(*b, needed | set(a[0]))
    shared = [letter for letter in p if letter in q]
    rows, columns = ([letter for letter in name if letter not in shared] for name in (p, q))
    if not any(letter in needed for letter in shared):
        lengths = [(*x.shape, *y.shape)[(p + q).index(letter)] for letter in rows + columns]
        inside = math.prod(x.shape[p.index(letter)] for letter in shared)
        x = transpose(x, [p.index(letter) for letter in rows + shared])
        y = transpose(y, [q.index(letter) for letter in shared + columns])
        height = math.prod(lengths[: len(rows)])
        width = math.prod(lengths[len(rows) :])
        product = matmul(reshape(x, (height, inside)), reshape(y, (inside, width)))
        return "".join(rows + columns), reshape(product, tuple(lengths))
    every = "".join(rows + shared + columns)
    parts = []
    for name, value in ((p, x), (q, y)):
        turned = transpose(value, [name.index(letter) for letter in every if letter in name])
        given = iter(turned.shape)
        parts.append(reshape(turned, tuple(next(given) if letter in name else 1 for letter in every)))
    return _summed(every, parts[0] * parts[1], needed)
