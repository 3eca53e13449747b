"""What an analysis says in words: what it found, what it assumed, what it left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from textwrap import fill

__all__ = ["Notes"]

_HEADINGS = {"found": "What was found", "assumed": "What was assumed", "left_out": "What was left out"}


@dataclass(slots=True)
class Notes:
    """Sentences about an analysis, in three groups: ``found``, ``assumed`` and ``left_out``."""

    found: list[str]
    assumed: list[str]
    left_out: list[str]

    def __init__(self) -> None:
        self.found, self.assumed, self.left_out = [], [], []

    def groups(self) -> list[tuple[str, list[str]]]:
        """Headings and their sentences, where there are any."""
        return [(heading, getattr(self, name)) for name, heading in _HEADINGS.items() if getattr(self, name)]

    def __iter__(self) -> Iterator[str]:
        return iter([*self.found, *self.assumed, *self.left_out])

    def __len__(self) -> int:
        return len(self.found) + len(self.assumed) + len(self.left_out)

    def __dir__(self) -> list[str]:
        return list(_HEADINGS)

    def text(self, width: int = 92) -> str:
        """All sentences as text of so many characters a line."""
        blocks = []
        for heading, sentences in self.groups():
            lines = [
                fill(sentence, width, initial_indent="  • ", subsequent_indent="    ", break_on_hyphens=False)
                for sentence in sentences
            ]
            blocks.append("\n".join([heading, *lines]))
        return "\n\n".join(blocks)

    def __repr__(self) -> str:
        return self.text() or "Nothing to say."

    def _repr_html_(self) -> str:
        return "".join(
            f"<h3>{heading}</h3><ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ul>"
            for heading, sentences in self.groups()
        )
