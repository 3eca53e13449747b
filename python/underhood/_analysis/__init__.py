"""Behind the front door, :func:`underhood.analyze`: one room for each step from a table to a page.

``reading`` decides what each column holds, ``summaries``, ``correlations`` and ``comparisons`` describe, ``design``
builds the matrix for ``regression`` or ``classification``, ``findings`` puts it into words, ``result`` holds it all,
``page`` and ``pictures`` show it. Every figure comes from ``underhood.stats`` and ``underhood.models``; nothing is
computed here but which of them to ask.
"""

from underhood._analysis.front_door import analyze
from underhood._analysis.result import Analysis

__all__ = ["Analysis", "analyze"]
