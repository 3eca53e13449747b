"""How numbers and names are written in sentences and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["clip", "count", "fixed", "listing", "number", "percent", "pvalue", "span", "was"]

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def number(value: float | None, digits: int = 4) -> str:
    """Write a number to so many significant digits; nothing for one that is not there.

    Whole numbers below a million are written in full.

    Examples
    --------
    >>> number(4201.754), number(999.87, 3), number(0.000123456), number(-0.0), number(None)
    ('4202', '1000', '0.0001235', '0', '')
    """
    if value is None or value != value:
        return ""
    if abs(value) == float("inf"):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.0f}" if abs(value) < 1e6 and float(value).is_integer() else f"{value:.{digits}g}"
    if "e+" in text and abs(value) < 1e6:
        text = f"{value:.0f}"
    if value == 0:
        return "0"
    return text.replace("-", "−", 1) if value < 0 else text


def span(ends: tuple[float, float] | None, digits: int = 4) -> str:
    """Write an interval; nothing for one that is not there.

    Examples
    --------
    >>> span((-1.0, 2.345678)), span((0.0, float("inf"))), span(None)
    ('−1 to 2.346', '0 to ∞', '')
    """
    return "" if ends is None else " to ".join(number(end, digits) for end in ends)


def fixed(value: float | None, places: int = 2) -> str:
    """Write a number to so many places, with a true minus sign; for correlations and the like."""
    if value is None or value != value:
        return ""
    if abs(value) >= 1e6:
        return number(value)
    text = f"{value:.{places}f}"
    return text.replace("-", "−") if float(text) else f"{0:.{places}f}"


def pvalue(p: float | None) -> str:
    """Write a p-value as one reads it.

    Examples
    --------
    >>> pvalue(0.0316), pvalue(0.7), pvalue(1e-30)
    ('0.032', '0.70', '<0.0001')
    """
    if p is None or p != p:
        return ""
    if p < 1e-4:
        return "<0.0001"
    return f"{p:.4f}" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def count(n: int, what: str, many: str | None = None) -> str:
    """Count things.

    Examples
    --------
    >>> count(1, "row"), count(200000, "row"), count(2, "category", "categories")
    ('1 row', '200,000 rows', '2 categories')
    """
    return f"{n:,} {what if n == 1 else many or what + 's'}"


def was(n: int) -> str:
    """Agree with a count: one *was*, two *were*."""
    return "was" if n == 1 else "were"


def listing(names: Sequence[str], most: int = 6) -> str:
    """Join names in a sentence; many are cut short and counted.

    Examples
    --------
    >>> listing(["a", "b", "c"]), listing(list("abcdefgh"), 3)
    ('a, b and c', 'a, b, c and 5 more')
    """
    if len(names) > most:
        return ", ".join(names[:most]) + f" and {len(names) - most} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def percent(share: float, places: int = 0) -> str:
    """Write a share of one as per cent; a little is not nothing, nor is almost all everything.

    Examples
    --------
    >>> percent(0.0582), percent(0.001), percent(0.9999), percent(0.98765, 1)
    ('6 %', '<1 %', '>99 %', '98.8 %')
    """
    text = f"{100 * share:.{places}f}"
    if places == 0 and text == "0" and share > 0:
        return "<1 %"
    return ">99 %" if places == 0 and text == "100" and share < 1 else f"{text} %"


def clip(text: str, width: int) -> str:
    r"""Cut a text that is too long for its place; signs that would break a line or a table are written out.

    Examples
    --------
    >>> clip("a long name", 7), clip("tab\there", 20)
    ('a long…', 'tab\\there')
    """
    text = _CONTROL.sub(lambda sign: repr(sign[0])[1:-1], text)
    return text if len(text) <= width else text[: width - 1] + "…"
