"""Writes nearest.expected.json: neighbours that scikit-learn finds in the shared data sets.

/usr/bin/python3 nearest.expected.py ../../../../../../shared/data

Of equally near rows scikit-learn promises no order, so more than k are asked for and sorted by (distance, row).
"""
import json
import sys

import numpy
import sklearn
from sklearn.neighbors import NearestNeighbors

K = 5


def neighbours(data, queries):
    search = NearestNeighbors(n_neighbors=K + 30, algorithm="kd_tree").fit(data)
    distances, rows = search.kneighbors(data[queries])
    out = []
    for query, near, far in zip(queries, rows, distances):
        pairs = sorted((round(float(d) ** 2, 9), int(row)) for row, d in zip(near, far) if row != query)[:K]
        out.append({"rows": [row for _, row in pairs], "squared": [d for d, _ in pairs]})
    return out


expected = {"scikit-learn": sklearn.__version__, "k": K}
for name, step in (("digits", 25), ("wine", 4), ("breast_cancer", 10)):
    table = numpy.genfromtxt(f"{sys.argv[1]}/sklearn_{name}.csv", delimiter=",", skip_header=1)
    # The last column is the class. Values are rounded as the kernel gets them.
    data = table[:, :-1].astype(numpy.float32).astype(numpy.float64)
    expected[name] = {"step": step, "neighbours": neighbours(data, range(0, len(data), step))}
with open("nearest.expected.json", "w") as file:
    json.dump(expected, file)
    file.write("\n")
