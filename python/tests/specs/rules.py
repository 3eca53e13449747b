"""Learning rules side by side."""

import underhood as uh

from specs import LABELS, TABLE, Spec

SPECS = [
    Spec(
        "compare_rules",
        lambda X, y: uh.models.compare_rules(X, y, [uh.models.LogisticRegression], learning_rate=0.01)[0].weights,
        {"X": TABLE, "y": LABELS},
        {"X": "table", "y": "labels"},
    ),
    Spec(
        "compare_rules",
        lambda initial_weights, learning_rate: (
            uh.models.compare_rules(
                TABLE,
                LABELS,
                [uh.models.LogisticRegression],
                initial_weights=initial_weights,
                learning_rate=learning_rate,
            )[0].weights
        ),
        {"initial_weights": TABLE[0], "learning_rate": 1.0},
        {"initial_weights": "vector", "learning_rate": "number"},
        passes={"None"},
    ),
]
