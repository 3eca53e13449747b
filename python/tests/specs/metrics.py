"""Scores of predictions."""

import numpy as np
import underhood as uh

from specs import LABELS, OTHER, VECTOR, Spec

CHANCES = np.array([0.125, 0.25, 0.75, 0.5, 0.875, 0.125, 0.375, 0.625])

SPECS = [
    *[
        Spec(
            name,
            getattr(uh.models, name),
            {"y_true": LABELS, "y_pred": LABELS[::-1].copy(), "sample_weight": OTHER},
            {"y_true": "labels", "y_pred": "labels", "sample_weight": "vector"},
            passes={"None"},  # sample_weight
        )
        for name in (
            "accuracy_score",
            "balanced_accuracy_score",
            "confusion_matrix",
            "matthews_corrcoef",
            "precision_score",
            "recall_score",
            "f1_score",
        )
    ],
    Spec(
        "fbeta_score",
        lambda y_true, y_pred: uh.models.fbeta_score(y_true, y_pred, beta=2),
        {"y_true": LABELS, "y_pred": LABELS[::-1].copy()},
        {"y_true": "labels", "y_pred": "labels"},
    ),
    Spec(
        "precision_recall_fscore_support",
        lambda y_true, y_pred: np.stack(uh.models.precision_recall_fscore_support(y_true, y_pred)),
        {"y_true": LABELS, "y_pred": LABELS[::-1].copy()},
        {"y_true": "labels", "y_pred": "labels"},
    ),
    Spec(
        "classification_report",
        lambda y_true, y_pred: uh.models.classification_report(y_true, y_pred).precision,
        {"y_true": LABELS, "y_pred": LABELS[::-1].copy()},
        {"y_true": "labels", "y_pred": "labels"},
    ),
    Spec(
        "plot_confusion",
        lambda y_true, y_pred: float(uh.models.plot_confusion(y_true, y_pred).images[0].get_array().sum()),
        {"y_true": LABELS, "y_pred": LABELS[::-1].copy()},
        {"y_true": "labels", "y_pred": "labels"},
    ),
    *[
        Spec(
            name,
            call,
            {"y_true": LABELS, "y_score": VECTOR, "sample_weight": OTHER},
            {"y_true": "labels", "y_score": "vector", "sample_weight": "vector"},
            passes={"None"},  # sample_weight
        )
        for name, call in (
            ("roc_auc_score", uh.models.roc_auc_score),
            ("average_precision_score", uh.models.average_precision_score),
            ("roc_curve", lambda y_true, y_score, **weight: uh.models.roc_curve(y_true, y_score, **weight).tpr),
            (
                "precision_recall_curve",
                lambda y_true, y_score, **weight: uh.models.precision_recall_curve(y_true, y_score, **weight).recall,
            ),
            (
                "plot_roc",
                lambda y_true, y_score, **weight: uh.models.plot_roc(y_true, y_score, **weight).lines[1].get_ydata(),
            ),
        )
    ],
    Spec(
        "log_loss",
        uh.models.log_loss,
        {"y_true": LABELS, "y_pred": CHANCES, "sample_weight": OTHER},
        {"y_true": "labels", "y_pred": "vector", "sample_weight": "vector"},
        passes={"None"},  # sample_weight
    ),
    Spec(
        "brier_score_loss",
        uh.models.brier_score_loss,
        {"y_true": LABELS, "y_proba": CHANCES, "sample_weight": OTHER},
        {"y_true": "labels", "y_proba": "vector", "sample_weight": "vector"},
        passes={"None"},  # sample_weight
    ),
    *[
        Spec(
            name,
            getattr(uh.models, name),
            {"y_true": VECTOR, "y_pred": OTHER, "sample_weight": OTHER},
            {"y_true": "vector", "y_pred": "vector", "sample_weight": "vector"},
            passes={"None"},  # sample_weight
        )
        for name in (
            "explained_variance_score",
            "mean_absolute_error",
            "mean_absolute_percentage_error",
            "mean_squared_error",
            "median_absolute_error",
            "r2_score",
            "root_mean_squared_error",
        )
    ],
    Spec(
        "max_error", uh.models.max_error, {"y_true": VECTOR, "y_pred": OTHER}, {"y_true": "vector", "y_pred": "vector"}
    ),
    Spec("auc", uh.models.auc, {"x": np.sort(VECTOR), "y": OTHER}, {"x": "vector", "y": "vector"}),
]
