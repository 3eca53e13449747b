"""Functions as callers give them: how a callable or a text becomes something that can run natively."""

from underhood._functions._function import Function, Tracing, function
from underhood._functions._resolve import Given, GivenField, is_written, required, resolve, resolve_called, solved

__all__ = [
    "Function",
    "Given",
    "GivenField",
    "Tracing",
    "function",
    "is_written",
    "required",
    "resolve",
    "resolve_called",
    "solved",
]
