"""XGBoost's Shapley values (pred_contribs) of boosted trees on Adult, each time a line comes; first writes the trees as JSON."""
import json
import sys
import time

import numpy as np
import xgboost

from adult import load

shared, path = sys.argv[1], sys.argv[2]
x, y = load(shared, "adult.data")
test, _ = load(shared, "adult.test")
booster = xgboost.train(
    {"objective": "binary:logistic", "max_depth": 6, "eta": 0.1, "base_score": 0.5, "nthread": 1},
    xgboost.DMatrix(x, y),
    100,
)


def tree(text):
    nodes = {}

    def collect(node):
        nodes[node["nodeid"]] = node
        for child in node.get("children", []):
            collect(child)

    collect(json.loads(text))
    order = {one: place for place, one in enumerate(sorted(nodes))}
    lists = {"feature": [], "threshold": [], "left": [], "right": [], "value": [], "cover": []}
    for one in sorted(nodes):
        node = nodes[one]
        leaf = "leaf" in node
        lists["feature"].append(-1 if leaf else int(node["split"][1:]))
        # x < t over float32 is x <= the float32 before t.
        below = 0.0 if leaf else float(np.nextafter(np.float32(node["split_condition"]), np.float32(-np.inf)))
        lists["threshold"].append(below)
        lists["left"].append(-1 if leaf else order[node["yes"]])
        lists["right"].append(-1 if leaf else order[node["no"]])
        lists["value"].append(node["leaf"] if leaf else 0.0)
        lists["cover"].append(node["cover"])
    return lists


trees = [tree(one) for one in booster.get_dump(dump_format="json", with_stats=True)]
model = {"kind": "gbt", "aggregate": "sum", "base": 0.0, "link": "logistic", "n_features": 14, "trees": trees}
with open(path, "w") as file:
    json.dump(model, file)
print(json.dumps({"version": xgboost.__version__}), flush=True)
rows = xgboost.DMatrix(test)
for _ in sys.stdin:
    start = time.perf_counter()
    values = booster.predict(rows, pred_contribs=True)
    seconds = time.perf_counter() - start
    mean = np.abs(values[:, :14]).mean(axis=0).tolist()
    print(json.dumps({"seconds": seconds, "mean": mean, "base": float(values[0, 14])}), flush=True)
