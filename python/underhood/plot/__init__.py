"""Pictures, drawn with matplotlib.

===============================  ==========================================================================
values and how often they occur  :func:`histogram`
values by group                  :func:`box`, :func:`strip`, :func:`groups`
how they go together             :func:`scatter`, :func:`pairs`, :func:`correlations`, :func:`heatmap`
distributions                    :func:`distribution`; and their method ``plot``
power of a test                  :func:`power_curve`
values beside a distribution     :func:`qq`, :func:`histogram` with ``fit=``
what a regression rests on       :func:`residuals`; and :meth:`underhood.stats.LinearRegressionResult.plot`
rectangles under a curve         :func:`riemann`
vectors, and what they span      :func:`vectors`, :func:`spans`
differential equations           :func:`slope_field`, :func:`phase_portrait`
a function of one variable       :func:`tangent`, :func:`secants`, :func:`limit`, :func:`taylor`
a function of two variables      :func:`surface`, :func:`contours`
what a matrix does               :func:`subspaces`, :func:`svd`; and :meth:`underhood.linalg.LinearMap.plot`
===============================  ==========================================================================

Every function takes plain values (lists, arrays, pandas or polars columns), draws on the ``ax`` you give it or on a
new one, and returns that ``ax``, so that you can go on with matplotlib's own methods. Missing values are left out.
Colours can be told apart by colour-blind readers. Pictures of a model come from the model itself:
``model.plot_boundary(X, y)``, ``model.plot_history()``, ``model.plot_loss_surface(X, y)``, ``model.animate(X, y)``.

>>> penguins = uh.datasets.load("penguins")
>>> ax = uh.plot.scatter(penguins["flipper_length_mm"], penguins["body_mass_g"], by=penguins["species"])
>>> ax.get_xlabel()
'flipper_length_mm'

matplotlib is not needed for anything else and not installed with underhood itself:
``pip install "underhood[notebook]"``.
"""

from __future__ import annotations

from underhood.plot._calculus import contours, limit, secants, surface, tangent, taylor
from underhood.plot._canvas import COLOURS
from underhood.plot._data import groups, heatmap, histogram, pairs, scatter
from underhood.plot._distributions import distribution
from underhood.plot._equations import phase_portrait, slope_field
from underhood.plot._integrals import riemann
from underhood.plot._matrices import subspaces, svd
from underhood.plot._power import power_curve
from underhood.plot._regression import residuals
from underhood.plot._samples import box, correlations, qq, strip
from underhood.plot._vectors import spans, vectors

__all__ = [
    "COLOURS",
    "box",
    "contours",
    "correlations",
    "distribution",
    "groups",
    "heatmap",
    "histogram",
    "limit",
    "pairs",
    "phase_portrait",
    "power_curve",
    "qq",
    "residuals",
    "riemann",
    "scatter",
    "secants",
    "slope_field",
    "spans",
    "strip",
    "subspaces",
    "surface",
    "svd",
    "tangent",
    "taylor",
    "vectors",
]


def __dir__() -> list[str]:
    return sorted(__all__)
