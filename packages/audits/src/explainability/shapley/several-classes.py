"""Boosted trees of several classes as ONNX files, with Shapley values from elsewhere: several-classes.json.

python3 several-classes.py > several-classes.json && npx biome format --write several-classes.json

Trains XGBoost 1.7 and writes its trees as its exporter does (TreeEnsembleClassifier with SOFTMAX; one against the rest: a
TreeEnsembleRegressor for each class, Sigmoid, Normalizer), but with covers. Path-dependent values are XGBoost's own
(pred_contribs). Interventional values are sums over all sets of features, over rows put together from a row and a
background row, of what the trees say in float64.
"""
import base64
import itertools
import json
import math
import sys

import numpy as np
import onnx
import xgboost
from onnx import TensorProto, helper
from sklearn.datasets import load_iris

iris = load_iris()
X = iris.data.astype(np.float32)
names = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
ROWS = X[::15]
BACKGROUND = X[4::15]


def trees_of(booster):
    return [json.loads(one) for one in booster.get_dump(dump_format="json", with_stats=True)]


def leaf_of(tree, row):
    while "leaf" not in tree:
        value = row[int(tree["split"][1:])]
        step = tree["yes"] if value < np.float32(tree["split_condition"]) else tree["no"]
        tree = next(one for one in tree["children"] if one["nodeid"] == step)
    return tree["leaf"]


def attributes(trees, kind, ids):
    lists = {}

    def put(name, value):
        lists.setdefault(name, []).append(value)

    for index, tree in enumerate(trees):
        open_nodes = [tree]
        while open_nodes:
            node = open_nodes.pop()
            leaf = "leaf" in node
            put("nodes_treeids", index)
            put("nodes_nodeids", node["nodeid"])
            put("nodes_featureids", 0 if leaf else int(node["split"][1:]))
            put("nodes_values", 0.0 if leaf else float(np.float32(node["split_condition"])))
            put("nodes_modes", "LEAF" if leaf else "BRANCH_LT")
            put("nodes_truenodeids", 0 if leaf else node["yes"])
            put("nodes_falsenodeids", 0 if leaf else node["no"])
            put("nodes_missing_value_tracks_true", 0 if leaf else int(node["missing"] == node["yes"]))
            put("nodes_hitrates", float(node["cover"]))
            if leaf:
                put(f"{kind}_treeids", index)
                put(f"{kind}_nodeids", node["nodeid"])
                put(f"{kind}_ids", ids(index))
                put(f"{kind}_weights", float(np.float32(node["leaf"])))
            else:
                open_nodes += node["children"]
    return lists


def file_of(nodes, outputs, initializers=()):
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["N", 4])],
        outputs,
        initializer=list(initializers),
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 1)], ir_version=8
    )
    return base64.b64encode(model.SerializeToString()).decode()


def classifier(trees, classes):
    count = len(classes)
    node = helper.make_node(
        "TreeEnsembleClassifier",
        ["X"],
        ["label", "probabilities"],
        domain="ai.onnx.ml",
        classlabels_int64s=[int(one) for one in classes],
        # Two base values for two classes the standard leaves open; here they would cancel out.
        **({} if count == 2 else {"base_values": [0.5] * count}),
        post_transform="SOFTMAX",
        **attributes(trees, "class", lambda index: index % count),
    )
    return file_of(
        [node],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["N"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", count]),
        ],
    )


def against_the_rest(parts):
    nodes = []
    for index, trees in enumerate(parts):
        nodes.append(
            helper.make_node(
                "TreeEnsembleRegressor",
                ["X"],
                [f"s{index}"],
                domain="ai.onnx.ml",
                n_targets=1,
                **attributes(trees, "target", lambda _: 0),
            )
        )
        nodes.append(helper.make_node("Sigmoid", [f"s{index}"], [f"p{index}"]))
    nodes.append(helper.make_node("Concat", [f"p{index}" for index in range(len(parts))], ["p"], axis=1))
    nodes.append(helper.make_node("Normalizer", ["p"], ["probabilities"], domain="ai.onnx.ml", norm="L1"))
    return file_of(nodes, [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", len(parts)])])


def shapley(worth, count=4):
    """worth: set of features as a tuple of bools -> number."""
    known = {one: worth(one) for one in itertools.product([False, True], repeat=count)}
    values = []
    for i in range(count):
        total = 0.0
        for one, value in known.items():
            if one[i]:
                continue
            size = sum(one)
            weight = math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
            total += weight * (known[one[:i] + (True,) + one[i + 1 :]] - value)
        values.append(total)
    return values


def interventional(function):
    def worth(row):
        return lambda one: float(
            np.mean([function(np.where(one, row, z)) for z in BACKGROUND])
        )

    return {
        "base": float(np.mean([function(z) for z in BACKGROUND])),
        "values": [shapley(worth(row)) for row in ROWS],
    }


def rescaled(function):
    """Of one sum: each background row's values, rescaled to the difference of probabilities."""
    sigma = lambda s: 1 / (1 + math.exp(-s))
    values = []
    for row in ROWS:
        total = np.zeros(4)
        for z in BACKGROUND:
            own, other = function(row), function(z)
            slope = sigma(own) * sigma(-own) if own == other else (sigma(own) - sigma(other)) / (own - other)
            total += slope * np.array(shapley(lambda one: function(np.where(one, row, z)))) / len(BACKGROUND)
        values.append(total.tolist())
    return {"base": float(np.mean([sigma(function(z)) for z in BACKGROUND])), "values": values}


def sums(groups, base):
    return lambda row: np.array([base + sum(leaf_of(tree, row) for tree in trees) for trees in groups])


def softmax(values):
    made = np.exp(values - np.max(values))
    return made / made.sum()


def case(groups, base, link, file, booster=None):
    of = sums(groups, base)
    count = len(groups)
    every = {"raw": [interventional(lambda row, k=k: of(row)[k]) for k in range(count)]}
    if link == "logistic":
        every["log-odds"] = [interventional(lambda row, k=k: of(row)[k] - of(row)[1 - k]) for k in range(2)]
        every["probability"] = [rescaled(lambda row, k=k: of(row)[k] - of(row)[1 - k]) for k in range(2)]
    elif link == "softmax":
        every["probability"] = [interventional(lambda row, k=k: softmax(of(row))[k]) for k in range(count)]
    else:
        share = lambda row, k: (1 / (1 + np.exp(-of(row))))[k] / (1 / (1 + np.exp(-of(row)))).sum()
        every["probability"] = [interventional(lambda row, k=k: share(row, k)) for k in range(count)]
    if booster is not None:
        contribs = booster.predict(xgboost.DMatrix(ROWS), pred_contribs=True)
        every["path-dependent"] = [
            {"base": float(contribs[0, k, 4]), "values": contribs[:, k, :4].astype(float).tolist()} for k in range(count)
        ]
    return {"model": file, **every}


def train(labels, count):
    booster = xgboost.train(
        {"objective": "multi:softprob", "num_class": count, "max_depth": 3, "eta": 0.3, "base_score": 0.5},
        xgboost.DMatrix(X[np.isin(iris.target, range(3))], labels),
        8,
    )
    return booster, trees_of(booster)


three, three_trees = train(iris.target, 3)
two, two_trees = train((iris.target == 2).astype(int), 2)
rest = []
for target in range(3):
    one = xgboost.train(
        {"objective": "binary:logistic", "max_depth": 3, "eta": 0.3, "base_score": 0.5},
        xgboost.DMatrix(X, (iris.target == target).astype(int)),
        6,
    )
    rest.append(trees_of(one))

result = {
    "features": names,
    "rows": ROWS.astype(float).tolist(),
    "background": BACKGROUND.astype(float).tolist(),
    "softmax of three": case(
        [three_trees[k::3] for k in range(3)], 0.5, "softmax", classifier(three_trees, ["0", "1", "2"]), three
    ),
    "softmax of two": case(
        [two_trees[k::2] for k in range(2)], 0.5, "logistic", classifier(two_trees, ["0", "1"]), two
    ),
    "one against the rest": case(rest, 0.0, "share", against_the_rest(rest)),
}
json.dump(result, sys.stdout)
