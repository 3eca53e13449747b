"""Principal components, k-means, mixtures, silhouettes."""

import numpy as np
import underhood as uh

from specs import LABELS, TABLE, Spec

ROWS = np.concatenate([TABLE, TABLE[::-1] * 1.5 + 2.0])
FITTED = {
    "PCA": uh.models.PCA(1).fit(TABLE),
    "KMeans": uh.models.KMeans(2).fit(TABLE),
    "GaussianMixture": uh.models.GaussianMixture(2).fit(ROWS),
}
METHODS = {
    "PCA": ["transform", "reconstruction_error", "score_samples", "score"],
    "KMeans": ["predict", "transform", "score"],
    "GaussianMixture": ["predict", "predict_proba", "score_samples", "score", "bic", "aic"],
}

SPECS = [
    *[
        Spec(f"{name}.fit", call, {"X": ROWS}, {"X": "table"}, passes={"shorter"})
        for name, call in (
            ("PCA", lambda X: uh.models.PCA().fit(X).explained_variance_),
            ("KMeans", lambda X: uh.models.KMeans(2).fit(X).inertia_),
            ("GaussianMixture", lambda X: uh.models.GaussianMixture().fit(X).covariances_),
        )
    ],
    Spec(
        "KMeans.fit",
        lambda X, sample_weight: uh.models.KMeans(2).fit(X, sample_weight=sample_weight).inertia_,
        {"X": TABLE, "sample_weight": np.arange(1.0, 9.0)},
        {"sample_weight": "vector"},
        passes={"None"},
    ),
    Spec(
        "KMeans.fit",
        lambda X, init: uh.models.KMeans(8, init=init).fit(X).inertia_,
        {"X": ROWS, "init": TABLE},
        {"init": "matrix"},
    ),
    Spec(
        "GaussianMixture.fit",
        lambda X, means_init: uh.models.GaussianMixture(8, means_init=means_init).fit(X).lower_bound_,
        {"X": ROWS, "means_init": TABLE},
        {"means_init": "matrix"},
        passes={"None"},
    ),
    *[
        Spec(f"{name}.{method}", getattr(FITTED[name], method), {"X": TABLE}, {"X": "table"}, passes={"shorter"})
        for name, methods in METHODS.items()
        for method in methods
    ],
    Spec(
        "PCA.inverse_transform",
        uh.models.PCA(2).fit(TABLE).inverse_transform,
        {"X": TABLE},
        {"X": "table"},
        passes={"shorter"},
    ),
    *[
        Spec(name, getattr(uh.models, name), {"X": TABLE, "labels": LABELS}, {"X": "table", "labels": "labels"})
        for name in ("silhouette_samples", "silhouette_score")
    ],
]
