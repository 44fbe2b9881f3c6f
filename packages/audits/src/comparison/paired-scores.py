"""Makes paired-scores.json: two scores of one label on the same rows by scikit-learn, and DeLong's paired variance by its
definition, pair by pair. Run with scikit-learn 1.2 and scipy 1.10: python3 paired-scores.py > paired-scores.json"""

import json

import numpy as np
from scipy.stats import norm, t
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

random = np.random.default_rng(20261201)
rows = 300
label = (random.random(rows) < 0.35).astype(int)
logit = 1.4 * label - 0.9 + random.normal(0, 1, rows)
# Two digits make ties within a score and between labels.
a = np.round(1 / (1 + np.exp(-(logit + random.normal(0, 1.6, rows)))), 2)
b = np.round(1 / (1 + np.exp(-(logit + random.normal(0, 0.3, rows)))), 2)
a[0], b[1] = 0, 1
group = np.where(np.arange(rows) % 3 == 0, "x", "y")


def kernel(score, label):
    positive, negative = score[label == 1][:, None], score[label == 0][None, :]
    return (positive > negative) + 0.5 * (positive == negative)


def delong(a, b, label):
    moved = kernel(b, label) - kernel(a, label)
    variance = moved.mean(1).var(ddof=1) / moved.shape[0] + moved.mean(0).var(ddof=1) / moved.shape[1]
    return moved.mean(), variance**0.5, 2 * norm.sf(abs(moved.mean()) / variance**0.5)


def paired(loss_a, loss_b):
    gains = loss_b - loss_a
    error = gains.std(ddof=1) / len(gains) ** 0.5
    return gains.mean(), error, 2 * t.sf(abs(gains.mean()) / error, len(gains) - 1)


def surprise(score, label):
    kept = np.clip(score, np.finfo(float).eps, 1 - np.finfo(float).eps)
    return -np.where(label == 1, np.log(kept), np.log1p(-kept))


def compare(rows):
    y, p, q = label[rows], a[rows], b[rows]
    auc, auc_error, auc_p = delong(p, q, y)
    brier, brier_error, brier_p = paired((p - y) ** 2, (q - y) ** 2)
    loss, loss_error, loss_p = paired(surprise(p, y), surprise(q, y))
    return {
        "roc-auc": [roc_auc_score(y, p), roc_auc_score(y, q), auc, auc_error, auc_p],
        "brier-score": [brier_score_loss(y, p), brier_score_loss(y, q), brier, brier_error, brier_p],
        "log-loss": [log_loss(y, p, labels=[0, 1]), log_loss(y, q, labels=[0, 1]), loss, loss_error, loss_p],
    }


print(
    json.dumps(
        {
            "rows": [
                [g, int(y), float(p), float(q)] for g, y, p, q in zip(group.tolist(), label, a, b)
            ],
            "all": compare(np.ones(rows, bool)),
            "x": compare(group == "x"),
            "y": compare(group == "y"),
        }
    )
)
