"""Learning rules: what each does with z = w·x + b of one row.

- Perceptron: F. Rosenblatt (1958), doi:10.1037/h0042519.
- Adaline, the least-mean-square rule: B. Widrow and M. E. Hoff (1960).
- Logistic regression, the same descent on the likelihood: H. Robbins and S. Monro (1951), doi:10.1214/aoms/1177729586.
- The support vector machine's hinge, without its penalty: S. Shalev-Shwartz et al. (2011),
  doi:10.1007/s10107-010-0420-4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["RULES", "Rule", "train"]

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a model does with the net input z of one row."""

    target: str
    activation: str
    loss: str
    update: str
    output: Callable[[float], float]
    """The activation."""
    error: Callable[[float, float], float]
    """By what the learning rate times x is multiplied, from s = ±1 and z."""
    row_loss: Callable[[float, float], float]


def _sigma(z: float) -> float:
    return float(1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z)))


RULES = {
    "Perceptron": Rule(
        "y = ±1", "ŷ = +1 where z > 0, −1 elsewhere", "max(0, −y·z)", "where y·z ≤ 0:  w ← w + η·y·x,  b ← b + η·y",
        lambda z: 1.0 if z > 0 else -1.0,
        lambda s, z: s if s * z <= 0 else 0.0,
        lambda s, z: max(0.0, -s * z),
    ),
    "Adaline": Rule(
        "y = ±1", "z itself", "(y − z)²", "w ← w + 2η·(y − z)·x,  b ← b + 2η·(y − z)",
        lambda z: z,
        lambda s, z: 2 * (s - z),
        lambda s, z: (s - z) * (s - z),
    ),
    "LogisticRegression": Rule(
        "y = 0 or 1", "σ(z) = 1/(1 + e^(−z))", "−ln of the probability of the row's class (without penalty)",
        "w ← w + η·(y − σ(z))·x,  b ← b + η·(y − σ(z))",
        _sigma,
        lambda s, z: (s > 0) - _sigma(z),
        lambda s, z: float(np.logaddexp(0.0, -s * z)),
    ),
    "LinearSVC": Rule(
        "y = ±1", "z itself", "max(0, 1 − y·z) (without penalty)", "where y·z < 1:  w ← w + η·y·x,  b ← b + η·y",
        lambda z: z,
        lambda s, z: s if s * z < 1 else 0.0,
        lambda s, z: max(0.0, 1 - s * z),
    ),
}  # fmt: skip


def train(
    rule: Rule, rows: _Floats, codes: NDArray[np.int64], order: NDArray[np.int64], rate: float, start: _Floats,
    bias: float,
) -> tuple[Any, Any, Any, Any, Any, Any, Any]:  # fmt: skip
    """Present rows one at a time; stop where numbers leave the range of doubles."""
    weights, biases, wrong = [start.copy()], [bias], [wrong_rows(rows, codes, start, bias)]
    told: list[tuple[float, float, float, float]] = []
    w, b = start.copy(), bias
    with np.errstate(over="ignore", invalid="ignore"):
        for row in order.tolist():
            s = 1.0 if codes[row] == 1 else -1.0
            z = float(rows[row] @ w + b)
            error, loss = rule.error(s, z), rule.row_loss(s, z)
            w, b = w + rate * error * rows[row], b + rate * error
            if not (np.isfinite(z) and np.isfinite(loss) and np.isfinite(w).all() and np.isfinite(b)):
                break
            weights.append(w)
            biases.append(b)
            wrong.append(wrong_rows(rows, codes, w, b))
            told.append((z, rule.output(z), error, loss))
    net, output, errors, losses = np.array(told).reshape(-1, 4).T
    return np.array(weights), np.array(biases), net, output, errors, losses, np.array(wrong, dtype=np.int64)


def wrong_rows(rows: _Floats, codes: NDArray[np.int64], w: _Floats, b: float) -> int:
    """Count the rows on the wrong side; z = 0 is the first class, as in ``predict``."""
    return int(np.count_nonzero((rows @ w + b > 0) != (codes == 1)))
