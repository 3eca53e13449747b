"""How polynomials in (x − a) are written: as text and in LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Sequence

__all__ = ["latex", "text"]

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _number(value: float) -> str:
    return f"{value:.6g}"


def text(coefficients: Sequence[float], a: float, variable: str = "x") -> str:
    """Write a polynomial as ``1 + 0.5(x − 2) − 0.125(x − 2)²``."""
    return _written(coefficients, a, variable, lambda k: str(k).translate(_RAISED), _number, "−")


def latex(coefficients: Sequence[float], a: float, variable: str = "x") -> str:
    """Write a polynomial in LaTeX."""

    def number(value: float) -> str:
        mantissa, _, exponent = _number(value).partition("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa

    return _written(coefficients, a, variable, lambda k: f"^{{{k}}}", number, "-")


def _written(
    coefficients: Sequence[float],
    a: float,
    variable: str,
    power: Callable[[int], str],
    number: Callable[[float], str],
    minus: str,
) -> str:
    base = variable if a == 0 else f"({variable} {minus if a > 0 else '+'} {number(abs(a))})"
    written = ""
    for k, coefficient in enumerate(coefficients):
        if coefficient == 0:
            continue
        factor = number(abs(coefficient))
        variable_part = "" if k == 0 else base if k == 1 else base + power(k)
        if k and factor == "1":
            factor = ""
        sign = (minus if coefficient < 0 else "") if not written else f" {minus if coefficient < 0 else '+'} "
        gap = " " if factor and variable_part and ("e" in factor or "cdot" in factor) else ""
        written += sign + factor + gap + variable_part
    return written or "0"
