"""Functions that begin as a graph, not as a callable: what a model was trained by, to be called and differentiated."""

from __future__ import annotations

from typing import Any

from underhood._core import graph as _core
from underhood._functions._function import Function
from underhood._functions._graphs import KEPT
from underhood._functions._tracer import Tracer, trace_of

__all__ = ["of_graph"]


class _Graph:
    """A graph as a callable; inside another function that is being traced it becomes part of that one's graph."""

    def __init__(self, traced: _core.Traced) -> None:
        self.traced = traced

    def __call__(self, *arguments: Any) -> Any:
        if not any(isinstance(argument, Tracer) for argument in arguments):
            return self.traced(*arguments)
        trace = trace_of(*arguments)
        trace.shaped = True
        nodes = [trace.lift(argument)._node for argument in arguments]
        return trace.tracer(trace.builder.inline(self.traced, nodes))


def of_graph(traced: _core.Traced, name: str) -> Function:
    """Make a graph a function of arguments of the graph's shapes."""
    made = Function(_Graph(traced), [argument for argument, _ in traced.arguments], name)
    shapes = tuple(tuple(shape) for _, shape in traced.arguments)
    made._graphs[shapes] = traced
    made._keep(traced, KEPT)
    made._last = shapes
    return made
