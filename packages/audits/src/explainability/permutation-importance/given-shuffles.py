"""Makes given-shuffles.json: importances of the shared random forest under given permutations, by numpy and scikit-learn.

Run from the repository's root with ../shared beside it: python3 packages/audits/src/explainability/permutation-importance/given-shuffles.py
"""
import csv
import gzip
import json

import numpy as np
from sklearn.metrics import accuracy_score, roc_auc_score

SHARED = "../shared"
ROWS, REPEATS = 300, 3

encoding = json.load(open(f"{SHARED}/reference/models/adult_encoding.json"))
columns, categories = encoding["columns"], encoding["categories"]
lines = [[field.strip() for field in line] for line in csv.reader(open(f"{SHARED}/data/adult.test")) if len(line) == 15]
lines = lines[:ROWS]
x = np.array(
    [
        [categories[name].index(line[i]) if name in categories else float(line[i]) for i, name in enumerate(columns)]
        for line in lines
    ],
    dtype=np.float32,
)
y = np.array([line[14] == ">50K." for line in lines]).astype(int)
trees = json.load(gzip.open(f"{SHARED}/reference/models/rf100_d8_adult.json.gz"))["trees"]


def predict(rows):
    total = np.zeros(len(rows))
    for tree in trees:
        for i, row in enumerate(rows):
            node = 0
            while tree["feature"][node] >= 0:
                left = row[tree["feature"][node]] <= tree["threshold"][node]
                node = tree["left"][node] if left else tree["right"][node]
            total[i] += tree["value"][node]
    return total / len(trees)


def scores(rows):
    p = predict(rows)
    return accuracy_score(y, p >= 0.5), roc_auc_score(y, p)


random = np.random.RandomState(7)
base = scores(x)
cases = []
for features in [["education-num"], ["capital-gain"], ["race", "sex"]]:
    places = [columns.index(name) for name in features]
    indexes, accuracy, auc = [], [], []
    for _ in range(REPEATS):
        order = random.permutation(ROWS)
        moved = x.copy()
        moved[:, places] = x[order][:, places]
        after = scores(moved)
        indexes.append(order.tolist())
        accuracy.append(base[0] - after[0])
        auc.append(base[1] - after[1])
    cases.append({"features": features, "indexes": indexes, "accuracy": accuracy, "roc-auc": auc})
json.dump({"rows": ROWS, "accuracy": base[0], "roc-auc": base[1], "cases": cases}, open("packages/audits/src/explainability/permutation-importance/given-shuffles.json", "w"))
