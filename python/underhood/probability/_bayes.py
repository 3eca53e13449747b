"""Bayes' rule over a list of hypotheses, and the rule of total probability."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood import _core
from underhood._results import Result, format_value, html_table, text_table

__all__ = ["BayesResult", "bayes", "total_probability"]

Table = Mapping[Hashable, float] | ArrayLike


class BayesResult(Result):
    """What data made of the probabilities of hypotheses: prior, likelihood, joint, posterior of each.

    ``update["ill"]`` is the posterior probability of one hypothesis, ``dict(update)`` that of all.

    Attributes
    ----------
    hypotheses : list
        Their names; 0, 1, … if there were none.
    prior, likelihood, joint, posterior : ndarray
        P(H), P(data | H), their product, and P(H | data).
    evidence : float
        P(data), the sum of the joint probabilities.

    Examples
    --------
    >>> from underhood.probability import bayes
    >>> bayes({"fair": 0.5, "two heads": 0.5}, {"fair": 0.5, "two heads": 1.0})
    Bayes' rule: P(data) = 0.75
    hypothesis  prior  likelihood  joint  posterior
    ──────────  ─────  ──────────  ─────  ─────────
    fair          0.5         0.5   0.25   0.333333
    two heads     0.5           1    0.5   0.666667
    """

    __slots__ = ("evidence", "hypotheses", "joint", "likelihood", "posterior", "prior")

    def __init__(
        self,
        hypotheses: list[Hashable],
        prior: NDArray[np.float64],
        likelihood: NDArray[np.float64],
        joint: NDArray[np.float64],
        evidence: float,
        posterior: NDArray[np.float64],
    ) -> None:
        self.hypotheses, self.prior, self.likelihood = hypotheses, prior, likelihood
        self.joint, self.evidence, self.posterior = joint, evidence, posterior

    def __getitem__(self, hypothesis: Hashable) -> float:
        try:
            return float(self.posterior[self.hypotheses.index(hypothesis)])
        except ValueError:
            known = ", ".join(map(str, self.hypotheses))
            raise KeyError(f"no hypothesis {hypothesis!r}; there are: {known}") from None

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self.hypotheses)

    def __len__(self) -> int:
        return len(self.hypotheses)

    def keys(self) -> list[Hashable]:
        """Names of the hypotheses."""
        return list(self.hypotheses)

    def __dir__(self) -> list[str]:
        return [*self.__slots__, "explain", "plot", "update"]

    def update(self, likelihood: Table) -> BayesResult:
        """Learn from further data, independent of the first given the hypothesis: the posterior becomes the prior.

        Examples
        --------
        A second positive test:

        >>> from underhood.probability import bayes
        >>> test = {"ill": 0.99, "healthy": 0.05}
        >>> round(bayes({"ill": 0.01, "healthy": 0.99}, test).update(test)["ill"], 4)
        0.7984
        """
        return _updated(self.hypotheses, self.posterior, likelihood)

    def explain(self) -> str:
        """Say in words what was computed, with every number in its place."""
        lines = ["Bayes' rule: P(H | data) = P(data | H) · P(H) / P(data)."]
        terms = " + ".join(
            f"{format_value(p)} · {format_value(value)}" for p, value in zip(self.prior, self.likelihood, strict=True)
        )
        lines.append(f"P(data) is the sum over the hypotheses: {terms} = {format_value(self.evidence)}.")
        for i, hypothesis in enumerate(self.hypotheses):
            lines.append(
                f"P({hypothesis} | data) = {format_value(self.joint[i])} / {format_value(self.evidence)}"
                f" = {format_value(self.posterior[i])}; before the data it was {format_value(self.prior[i])}."
            )
        return "\n".join(lines)

    def plot(self, *, ax: Any = None) -> Any:
        """Draw the probabilities of the hypotheses before and after the data, side by side."""
        from underhood.plot._probability import before_and_after

        return before_and_after([str(name) for name in self.hypotheses], self.prior, self.posterior, ax=ax)

    def _cells(self) -> tuple[list[str], list[list[str]]]:
        header = ["hypothesis", "prior", "likelihood", "joint", "posterior"]
        columns = (self.prior, self.likelihood, self.joint, self.posterior)
        rows = [[str(name), *(format_value(column[i]) for column in columns)] for i, name in enumerate(self.hypotheses)]
        return header, rows

    def __repr__(self) -> str:
        header, rows = self._cells()
        return f"Bayes' rule: P(data) = {format_value(self.evidence)}\n" + text_table(header, rows, "lrrrr")

    def _repr_html_(self) -> str:
        header, rows = self._cells()
        return f"<p><b>Bayes' rule</b>: P(data) = {format_value(self.evidence)}</p>" + html_table(header, rows, "lrrrr")


def bayes(prior: Table, likelihood: Table) -> BayesResult:
    """Update the probabilities of hypotheses by data: P(Hᵢ | data) = P(data | Hᵢ)·P(Hᵢ) / Σⱼ P(data | Hⱼ)·P(Hⱼ).

    Parameters
    ----------
    prior : mapping or array_like, shape (n,)
        P(Hᵢ), which sum to 1 (to 1e-6; they are divided by their sum): by the hypotheses' names (a dictionary, or the
        labels of a pandas series), or in order.
    likelihood : mapping or array_like, shape (n,)
        P(data | Hᵢ), or densities: not negative, not bounded by 1. What has names must have those of `prior`, in any
        order; what has none is taken in the prior's order.

    Returns
    -------
    BayesResult
        ``posterior``, ``evidence``, ``joint``, …; ``.update(likelihood)`` goes on, ``.explain()`` says it in words.

    Raises
    ------
    ValueError
        If the prior does not sum to 1, a name is missing, a likelihood is negative, or the data are impossible under
        every hypothesis.

    Notes
    -----
    T. Bayes (1763), doi:10.1098/rstl.1763.0053. Likelihoods are compared on the scale of the largest, so that 1e-300
    does no harm.

    Examples
    --------
    >>> from underhood.probability import bayes
    >>> update = bayes({"ill": 0.01, "healthy": 0.99}, {"ill": 0.99, "healthy": 0.05})
    >>> round(update.evidence, 4), round(update["ill"], 4)
    (0.0594, 0.1667)
    """
    names, p = _named(prior)
    return _updated(names, p, likelihood)


def _updated(names: list[Hashable] | None, prior: ArrayLike, likelihood: Table) -> BayesResult:
    values = _ordered("bayes", "likelihood", likelihood, names)
    joint, evidence, posterior = _core.probability.bayes(prior, values)
    p = np.array(prior, dtype=float)
    hypotheses: list[Hashable] = [*range(len(p))] if names is None else [*names]
    return BayesResult(hypotheses, p / p.sum(), np.array(values, dtype=float), joint, evidence, posterior)


def total_probability(prior: Table, conditional: Table) -> float:
    """Give the probability of an event from its parts: P(A) = Σᵢ P(A | Hᵢ)·P(Hᵢ).

    Parameters
    ----------
    prior : mapping or array_like, shape (n,)
        P(Hᵢ) of cases of which exactly one holds; they sum to 1.
    conditional : mapping or array_like, shape (n,)
        P(A | Hᵢ), each between 0 and 1; a mapping must have the names of `prior`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the prior does not sum to 1, a name is missing, or a value is no probability.

    Examples
    --------
    Machines make 20, 30 and 50 % of the parts, of which 5, 3 and 1 % are broken:

    >>> from underhood.probability import total_probability
    >>> round(total_probability([0.2, 0.3, 0.5], [0.05, 0.03, 0.01]), 12)
    0.024
    """
    names, p = _named(prior)
    return _core.probability.total_probability(p, _ordered("total_probability", "conditional", conditional, names))


def _named(prior: Any) -> tuple[list[Hashable] | None, Any]:
    """Give the names of the hypotheses, if there are any, and their probabilities."""
    if isinstance(prior, Mapping):
        return list(prior), list(prior.values())
    if _is_labelled(prior):
        return list(prior.index), prior
    return None, prior


def _ordered(function: str, argument: str, table: Any, names: list[Hashable] | None) -> Any:
    """Give the values of an argument in the order of the prior's names."""
    if names is None and isinstance(table, Mapping):
        raise ValueError(f"{function}: {argument} names its hypotheses, but prior does not; name them in both")
    if isinstance(table, Mapping) or (names is not None and _is_labelled(table)):
        known = dict(zip(table.keys(), list(table.values() if isinstance(table, Mapping) else table), strict=True))
        missing = [name for name in names or () if name not in known]
        surplus = [name for name in known if name not in (names or ())]
        if missing or surplus:
            problem = f"lacks {missing[0]!r}" if missing else f"has {surplus[0]!r}, which prior has not"
            raise ValueError(f"{function}: {argument} {problem}; both must name the same hypotheses")
        return [known[name] for name in names or ()]
    return table


def _is_labelled(table: Any) -> bool:
    """Whether this is a pandas series, whose labels are names."""
    return hasattr(table, "index") and hasattr(table, "keys") and getattr(table, "ndim", 0) == 1
