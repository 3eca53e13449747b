"""Networks beside scikit-learn's, whole ``fit`` calls of twenty epochs from the same weights in the same order."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import underhood as uh
from run import Case
from sklearn.datasets import load_diabetes, load_digits
from sklearn.neural_network import MLPClassifier, MLPRegressor


def start(sizes: list[int]) -> tuple[list[Any], list[Any]]:
    """Draw first weights for both sides."""
    rng = np.random.default_rng(1)
    pairs = list(pairwise(sizes))
    bounds = [np.sqrt(6.0 / (a + b)) for a, b in pairs]
    coefs = [rng.uniform(-bound, bound, pair) for bound, pair in zip(bounds, pairs, strict=True)]
    return coefs, [rng.uniform(-bound, bound, b) for bound, (_, b) in zip(bounds, pairs, strict=True)]


def ours(kind: Any, X: Any, y: Any, first: Any, options: dict[str, Any]) -> Any:
    """Fit from these weights."""

    def call() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return kind(init=first, **options).fit(X, y)

    return call


def theirs(kind: Any, X: Any, y: Any, first: Any, options: dict[str, Any]) -> Any:
    """Fit from the same weights: scikit-learn takes them only as a warm start."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = kind(**(options | {"max_iter": 1, "warm_start": True})).fit(X, y)
    model.set_params(max_iter=options["max_iter"])

    def call() -> Any:
        model.coefs_, model.intercepts_ = ([part.copy() for part in parts] for parts in first)
        model.t_, model.best_loss_, model._no_improvement_count = 0, np.inf, 0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return model.fit(X, y)

    return call


def weights(model: Any) -> Any:
    """Give all weights."""
    return np.concatenate([part.ravel() for part in model.coefs_])


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    X, digits = load_digits(return_X_y=True)
    D, progression = load_diabetes(return_X_y=True)
    tables = (
        ("digits, 64 → 100 → 10", "1797×64", uh.models.MLPClassifier, MLPClassifier, X / 16.0, digits, [64, 100, 10]),
        ("diabetes, 10 → 100 → 1", "442×10", uh.models.MLPRegressor, MLPRegressor, 20.0 * D, progression / 100.0,
         [10, 100, 1]),
    )  # fmt: skip
    for name, size, mine, other, table, y, sizes in tables:
        first = start(sizes)
        for options in (
            {"solver": "adam"},
            {"solver": "sgd", "learning_rate_init": 0.01},
            {"solver": "adam", "activation": "tanh"},
        ):
            chosen = {"hidden_layer_sizes": tuple(sizes[1:-1]), "max_iter": 20, "shuffle": False, "tol": 0.0, **options}
            label = ", ".join(str(value) for key, value in options.items() if key != "learning_rate_init")
            yield Case(
                f"network, 20 epochs, {name}, {label}", size, "scikit-learn",
                ours(mine, table, y, first, chosen), theirs(other, table, y, first, chosen),
                rtol=1e-7, pick=weights, pick_theirs=weights, headline=options == {"solver": "adam"} and len(y) > 1000,
            )  # fmt: skip
