"""Expected numbers of probabilities.test.ts, by scikit-learn >= 1.7 (multiclass Brier score):
python3 probabilities.expected.py > probabilities.expected.json"""
import json

import numpy as np
from sklearn.metrics import brier_score_loss, log_loss

rows = np.arange(360)
u = (rows * 61 % 97) / 10 - 4.8
v = (rows * 37 % 89) / 10 - 4.4
logits = np.c_[u, v] @ np.array([[0.5, -0.3, 0.1], [-0.2, 0.4, 0.3]]) + np.array([0.1, 0.0, -0.1])
odds = np.exp(logits)
probabilities = odds / odds.sum(axis=1, keepdims=True)
said = probabilities.argmax(axis=1)
label = np.where(rows % 4 == 0, rows // 4 % 3, said)
group = rows % 3


def calibration_error(probability, right, bins=15):
    place = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = [abs(right[place == b].sum() - probability[place == b].sum()) for b in range(bins)]
    return sum(gaps) / len(probability)


def metrics(chosen):
    p, y = probabilities[chosen], label[chosen]
    return {
        "log-loss": log_loss(y, p, labels=[0, 1, 2]),
        "brier-score": brier_score_loss(y, p, labels=[0, 1, 2]),
        "expected-calibration-error": calibration_error(p.max(axis=1), (said[chosen] == y).astype(float)),
    }


print(json.dumps({"all": metrics(rows >= 0), **{"abc"[g]: metrics(group == g) for g in range(3)}}, indent=2))
