"""Makes the data of the pages in docs/models and trains their models: applicants.csv, reviews.csv, models.json, pytorch.onnx.

Run with pandas, scikit-learn 1.2, XGBoost 1.7 and PyTorch 1.13: python3 make_models.py
XGBoost and PyTorch run the blocks of their pages as they stand there. LightGBM, TensorFlow and the converters to ONNX are not
needed: the tests write their conventions from the numbers that are kept here.
"""

import json
import pathlib
import re
import shutil
import tempfile
import os

import numpy as np
import pandas
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

here = pathlib.Path(__file__).parent
pages = here.parents[2] / "docs" / "models"


def block(page, number):
    """The nth block of Python of a page."""
    return re.findall(r"^```python\n(.*?)^```$", (pages / page).read_text(), re.M | re.S)[number]


def applicants():
    rng = np.random.default_rng(3)
    rows = 300
    sex = rng.choice(["female", "male"], rows)
    age = rng.integers(18, 80, rows)
    income = np.round(rng.lognormal(10, 0.5, rows)).astype(int)
    debt = np.round(rng.gamma(2, 4000, rows), 1)
    years = rng.integers(0, 30, rows).astype(object)
    years[rng.random(rows) < 0.15] = ""
    town = rng.choice(["Bern", "Oslo", "Rom"], rows, p=[0.5, 0.3, 0.2])
    logit = 0.03 * (age - 45) + 0.00006 * (income - 24000) - 0.0001 * (debt - 8000) + 0.6 * (town == "Oslo")
    repaid = (rng.random(rows) < 1 / (1 + np.exp(-logit))).astype(int)
    return pandas.DataFrame(
        {"age": age, "income": income, "debt": debt, "years": years, "town": town, "sex": sex, "repaid": repaid}
    )


def tree(node, kept):
    """A node of XGBoost's dump and all under it, as lists; `missing` is the way of a missing value."""
    place = len(kept["feature"])
    for key in kept:
        kept[key].append(0)
    kept["cover"][place] = node["cover"]
    if "leaf" in node:
        kept["feature"][place], kept["value"][place] = -2, [node["leaf"]]
        return place
    kept["value"][place] = [0]
    kept["feature"][place] = int(node["split"][1:])
    kept["threshold"][place] = float(np.float32(node["split_condition"]))
    kept["missing_left"][place] = int(node["missing"] == node["yes"])
    children = {child["nodeid"]: child for child in node["children"]}
    kept["left"][place] = tree(children[node["yes"]], kept)
    kept["right"][place] = tree(children[node["no"]], kept)
    return place


keys = ["feature", "threshold", "left", "right", "missing_left", "value", "cover"]


def hist_tree(predictor):
    n = predictor.nodes
    leaf = n["is_leaf"].astype(bool)
    return {
        "feature": np.where(leaf, -2, n["feature_idx"].astype(int)).tolist(),
        "threshold": np.where(leaf, 0, n["num_threshold"]).tolist(),
        "left": n["left"].astype(int).tolist(),
        "right": n["right"].astype(int).tolist(),
        "missing_left": n["missing_go_to_left"].astype(int).tolist(),
        "value": n["value"][:, None].tolist(),
        "cover": n["count"].astype(float).tolist(),
    }


frame = applicants()
frame.to_csv(here / "applicants.csv", index=False)
frame = pandas.read_csv(here / "applicants.csv")
y = frame["repaid"]
models = {}

numbers = ["age", "income", "debt"]
X = frame[[*numbers, "town"]].astype({name: "float32" for name in numbers})
pipeline = make_pipeline(
    make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(handle_unknown="ignore"), ["town"])),
    LogisticRegression(),
).fit(X, y)
scaler, encoder = (pipeline[0].named_transformers_[name] for name in ["standardscaler", "onehotencoder"])
models["scikit-learn"] = {
    "mean": scaler.mean_.tolist(),
    "scale": scaler.scale_.tolist(),
    "categories": encoder.categories_[0].tolist(),
    "coef": pipeline[-1].coef_.tolist(),
    "intercept": pipeline[-1].intercept_.tolist(),
    "scores": pipeline.predict_proba(X)[:, 1].tolist(),
}

# Histogram boosting is scikit-learn's LightGBM: trees over doubles, x <= t, a learned way for missing values.
X = frame[[*numbers, "years"]].to_numpy("float32")
boosting = HistGradientBoostingClassifier(max_iter=50, max_leaf_nodes=8, early_stopping=False).fit(X, y)
models["lightgbm"] = {
    "trees": [hist_tree(one) for (one,) in boosting._predictors],
    "base": boosting._baseline_prediction.ravel().tolist(),
    "scores": boosting.predict_proba(X)[:, 1].tolist(),
}

# A dense network whose first layer holds the scaling, as it is folded for TensorFlow.js.
X = frame[numbers].to_numpy("float32")
scaler = StandardScaler().fit(X)
network = MLPClassifier((8,), max_iter=400, random_state=1).fit(scaler.transform(X), y)
first = network.coefs_[0] / scaler.scale_[:, None]
layers = [
    [first.tolist(), (network.intercepts_[0] - scaler.mean_ @ first).tolist()],
    [network.coefs_[1].tolist(), network.intercepts_[1].tolist()],
]
weights = [[np.array(part, dtype=np.float32).astype(float) for part in layer] for layer in layers]
hidden = np.maximum(0, X.astype(float) @ weights[0][0] + weights[0][1])
models["tensorflow"] = {
    "layers": [[part.tolist() for part in layer] for layer in weights],
    "scores": (1 / (1 + np.exp(-(hidden @ weights[1][0] + weights[1][1])))).ravel().tolist(),
}

with tempfile.TemporaryDirectory() as folder:
    shutil.copy(here / "applicants.csv", folder)
    os.chdir(folder)
    scope = {}
    exec(block("xgboost.md", 0), scope)
    kept = []
    for dump in scope["model"].get_booster().get_dump(with_stats=True, dump_format="json"):
        one = {key: [] for key in keys}
        tree(json.loads(dump), one)
        kept.append(one)
    models["xgboost"] = {"trees": kept, "scores": pandas.read_csv("scored.csv")["python_score"].tolist()}

    exec(block("pytorch.md", 0), {})
    shutil.copy("model.onnx", here / "pytorch.onnx")
    models["pytorch"] = {"scores": pandas.read_csv("scored.csv")["python_score"].tolist()}
    os.chdir(here)

(here / "models.json").write_text(json.dumps(models) + "\n")

texts = json.loads(
    (here.parents[2] / "packages/models/src/transformers/fixture/expected.json").read_text()
)["rows"]
lines = ["text,sentiment,author"]
for number in range(96):
    row = texts[number % len(texts)]
    label = ["negative", "neutral", "positive"][int(np.argmax(row["logits"])) if number % 7 else number % 3]
    lines.append(f'"{row["text"]}",{label},{"a" if number % 5 < 2 else "b"}')
(here / "reviews.csv").write_text("\n".join(lines) + "\n")
