"""Scalers."""

import numpy as np
import underhood as uh

from specs import OTHER, TABLE, Spec

RANGE = uh.models.MinMaxScaler().fit(TABLE)
STANDARD = uh.models.StandardScaler().fit(TABLE)

SPECS = [
    Spec(
        "StandardScaler.fit",
        lambda X: uh.models.StandardScaler().fit(X).mean_,
        {"X": TABLE},
        {"X": "table"},
        passes={"shorter"},
    ),
    Spec(
        "StandardScaler.fit",
        lambda sample_weight: uh.models.StandardScaler().fit(TABLE, sample_weight=sample_weight).scale_,
        {"sample_weight": OTHER},
        {"sample_weight": "vector"},
        passes={"None"},
    ),
    Spec(
        "StandardScaler.partial_fit",
        lambda X: uh.models.StandardScaler().partial_fit(X).partial_fit(np.asarray(X)[:3]).scale_,
        {"X": TABLE},
        {"X": "table"},
        passes={"shorter"},
    ),
    Spec(
        "MinMaxScaler.fit",
        lambda X: uh.models.MinMaxScaler().fit(X).scale_,
        {"X": TABLE},
        {"X": "table"},
        passes={"shorter"},
    ),
    Spec(
        "MinMaxScaler.partial_fit",
        lambda X: uh.models.MinMaxScaler().partial_fit(TABLE).partial_fit(X).data_max_,
        {"X": TABLE},
        {"X": "table"},
        passes={"shorter"},
    ),
    *[
        Spec(name, call, {"X": TABLE}, {"X": "table"}, passes={"shorter"})
        for name, call in (
            ("StandardScaler.transform", STANDARD.transform),
            ("StandardScaler.inverse_transform", STANDARD.inverse_transform),
            ("MinMaxScaler.transform", RANGE.transform),
            ("MinMaxScaler.inverse_transform", RANGE.inverse_transform),
        )
    ],
]
