"""Pictures of power: how it grows with the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from underhood._results import format_value
from underhood.plot._canvas import COLOURS, axes, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from underhood.stats import PowerResult

__all__ = ["power_curve"]

_POINTS = 120


def power_curve(result: PowerResult, *, ax: Axes | None = None) -> Axes:
    """Draw the power of a test against n: for the effect of a power analysis, for half of it and for twice as much.

    The dot is the analysis itself; the dashed line is alpha, which the power falls to where there is no effect.

    Parameters
    ----------
    result : PowerResult
        What :func:`underhood.stats.power`, :func:`underhood.stats.sample_size` or one of their kin gave.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError
        If ``result`` is no PowerResult.

    Examples
    --------
    >>> ax = uh.plot.power_curve(uh.stats.power(effect_size=0.5, power=0.8))
    >>> ax.get_ylabel()
    'power'
    """
    from underhood.stats import PowerResult

    if not isinstance(result, PowerResult):
        raise TypeError(f"power_curve: result is a {type(result).__name__}, but must be a PowerResult")
    ax = axes(ax)
    least = float(result._least)
    n = np.geomspace(least, max(4 * least, 3 * float(result.n)), _POINTS)
    if n[-1] < 2000:
        n = np.unique(np.concatenate([[least], np.round(n[n >= np.ceil(least)])]))
    labels = []
    for share, name, colour in ((0.5, "half", COLOURS[4]), (1.0, "this", COLOURS[0]), (2.0, "twice", COLOURS[2])):
        effect = share * result.effect_size
        label = f"{name}: {format_value(effect, 3)}"
        labels.append(label)
        ax.plot(n, result._curve(effect, n), color=colour, linewidth=2 if share == 1 else 1.2, label=label)
    ax.axhline(result.alpha, color=COLOURS[7], linewidth=1, linestyle="--")
    ax.plot([float(result.n)], [result.power], "o", color=COLOURS[5])
    ax.set_ylim(0, 1.02)
    ax.set_xlabel({"anova": "n in each group", "t": "n in the first sample"}.get(result.test, "n"))
    ax.set_ylabel("power")
    finish(ax, labels)
    legend = ax.get_legend()
    if legend is not None:
        legend.set_title("effect size")
    return ax
