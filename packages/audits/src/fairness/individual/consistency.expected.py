"""Expected consistencies, by scikit-learn's neighbours: python3 consistency.expected.py > consistency.expected.json

StandardScaler and OneHotEncoder, NearestNeighbors by brute force. Two data sets:
- apart: no two people equally near to anyone, so that k neighbours are k rows. AI Fairness 360's definition
  (each person among their own neighbours) is computed as it stands in BinaryLabelDatasetMetric.consistency.
- tied: few values, so that many are equally near: the mean over all ways to break ties, by weights.
Standard errors are the jackknife by leaving each row out and computing everything else anew, the scale kept.
"""
import json

import numpy as np
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import OneHotEncoder, StandardScaler

rng = np.random.default_rng(20261201)


def encode(numbers, texts):
    columns = [StandardScaler().fit_transform(np.column_stack(numbers))] if numbers else []
    if texts:
        columns.append(OneHotEncoder(sparse=False).fit_transform(np.column_stack(texts)))
    return np.hstack(columns)


def weights(distances, k):
    """Weights of others: all nearer than the edge count 1, those at the edge share what is left."""
    w = np.zeros(len(distances))
    left = k
    for value in np.unique(distances):
        tier = distances == value
        size = int(tier.sum())
        if size <= left:
            w[tier] = 1
            left -= size
        else:
            w[tier] = left / size
            left = 0
        if left == 0:
            break
    return w


def terms(x, y, k):
    # Rounded: equal distances are equal numbers, whatever the order of their sums.
    d = np.round(pairwise_distances(x, metric="sqeuclidean"), 9)
    out = np.empty(len(y))
    for i in range(len(y)):
        others = np.arange(len(y)) != i
        w = weights(d[i, others], k)
        out[i] = abs(y[i] - (w * y[others]).sum() / k)
    return out


def jackknife(x, y, group, k):
    n = len(y)
    overall, first = [], []
    for i in range(n):
        keep = np.arange(n) != i
        t = terms(x[keep], y[keep], k)
        overall.append(1 - t.mean())
        first.append(1 - t[group[keep] == "a"].mean())
    se = lambda values: float(np.sqrt((n - 1) / n * ((np.array(values) - np.mean(values)) ** 2).sum()))
    return se(overall), se(first)


def case(numbers, texts, y, group, k):
    x = encode(numbers, texts)
    t = terms(x, y, k)
    nearest = NearestNeighbors(n_neighbors=k + 1, algorithm="brute").fit(x).kneighbors(x, return_distance=False)
    with_self = 1 - np.abs(y - y[nearest].mean(axis=1)).mean()
    nearest = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(x).kneighbors(return_distance=False)
    plain = 1 - np.abs(y - y[nearest].mean(axis=1)).mean()
    errors = jackknife(x, y, group, k)
    return {
        "k": k,
        "numbers": [[float(v) for v in one] for one in numbers],
        "texts": [[str(v) for v in one] for one in texts],
        "outcome": [int(v) for v in y],
        "group": [str(v) for v in group],
        "consistency": float(1 - t.mean()),
        "consistencyOfA": float(1 - t[group == "a"].mean()),
        "standardError": errors[0],
        "standardErrorOfA": errors[1],
        "scikitLearn": float(plain),
        "aif360": float(with_self),
    }


def apart(n=90, k=4):
    numbers = [np.round(rng.normal(50, 12, n), 6), np.round(rng.exponential(3, n), 6)]
    texts = [rng.choice(["x", "y", "z"], n)]
    group = rng.choice(["a", "b"], n, p=[0.4, 0.6])
    p = 1 / (1 + np.exp(-(numbers[0] - 50) / 8 - (group == "a")))
    return case(numbers, texts, (rng.random(n) < p).astype(int), group, k)


def tied(n=80, k=5):
    numbers = [rng.integers(0, 3, n).astype(float)]
    texts = [rng.choice(["x", "y"], n), rng.choice(["u", "v", "w"], n)]
    group = rng.choice(["a", "b"], n)
    p = 0.2 + 0.25 * numbers[0]
    return case(numbers, texts, (rng.random(n) < p).astype(int), group, k)


print(json.dumps({"apart": apart(), "tied": tied()}))
