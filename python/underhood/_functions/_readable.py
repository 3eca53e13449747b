"""How a function is read: as a text, as a formula and as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from underhood._core import graph as _core
from underhood._functions._graphs import Graphs, value_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Readable"]


class Readable(Graphs):
    """What prints and draws a :class:`Function`."""

    def _shown(self) -> _core.Traced | None:
        """Give the graph that is printed: that of numbers, or that of the last call; None if there is none yet."""
        shapes = self._known_shapes()
        try:
            traced = None if shapes is None else self._at(shapes)
        except ValueError:  # a derivative that does not exist for these shapes
            return None
        # What a person wrote stays as it was written; what was derived is put in order.
        return traced if traced is None or self._parent is None else _core.tidied(traced)

    def _head(self) -> str:
        return f"{self.name}({', '.join(self.arguments)})"

    def __str__(self) -> str:
        traced = self._shown()
        if traced is None:
            why = self.traced
            return f"{self._head()}: {why}" if why.reason else self._head()
        parts, whole, arrays = _core.written(traced)
        lines = [f"{self._head()} = {whole}"]
        lines += [f"  {'where' if i == 0 else '     '} {name} = {text}" for i, (name, text) in enumerate(parts)]
        lines += [f"  with {name} of shape {tuple(shape)}" for name, shape in arrays]
        return "\n".join(lines)

    __repr__ = __str__

    def _formula(self) -> str:
        if self._symbol is not None:
            return self._symbol
        return self.name if len(self.name) == 1 else f"\\mathrm{{{self.name}}}".replace("_", "\\_")

    def latex(self) -> str:
        r"""Write the function as a formula in LaTeX.

        Returns
        -------
        str
            Such as ``f(x) = x^{2} \sin(x)``, without dollar signs.

        Raises
        ------
        ValueError
            It is not traced, so there is no formula.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.function("x**2 / (1 + y)").latex())
        f(x, y) = \frac{x^{2}}{1 + y}
        """
        traced = self._shown()
        if traced is None:
            raise ValueError(f"latex: {self.name} has no formula: {self.traced}")
        parts, whole, _ = _core.formula(traced)
        symbols = ", ".join(_symbol(name) for name in self.arguments)
        lines = [f"{self._formula()}({symbols}) = {whole}"]
        lines += [f"{name} = {text}" for name, text in parts]
        return ", \\quad ".join(lines)

    def _repr_latex_(self) -> str | None:
        return None if self._shown() is None else f"$\\displaystyle {self.latex()}$"

    def plot_graph(self, *arguments: ArrayLike, ax: Axes | None = None, **keywords: ArrayLike) -> Axes:
        """Draw the computational graph at a point: each node's value, and below it the gradient that flows back.

        Parameters
        ----------
        *arguments : array_like
            The point: one value for each argument.
        **keywords : array_like
            The same by their names.
        ax : matplotlib Axes, optional
            Where to draw; by default a new figure.

        Returns
        -------
        matplotlib Axes
            The axes.

        Raises
        ------
        ValueError
            The function is not traced, or its graph has more nodes than a picture can show.

        Examples
        --------
        >>> import underhood as uh
        >>> ax = uh.function("x*y + sin(x)").plot_graph(2.0, 3.0)
        """
        from underhood.plot._graphs import draw

        values = [
            value_of(self.name, name, x)
            for name, x in zip(self.arguments, self._ordered(arguments, keywords), strict=True)
        ]
        traced = self._at(tuple(np.shape(value) for value in values))
        if traced is None:
            raise ValueError(f"plot_graph: {self.name} has no graph: {self.traced}")
        return draw(self._head(), traced, values, ax)


def _symbol(name: str) -> str:
    """Write a variable as the formula does."""
    builder = _core.Builder()
    return _core.formula(builder.finish([(name, [])], builder.input(0, [])))[1]
