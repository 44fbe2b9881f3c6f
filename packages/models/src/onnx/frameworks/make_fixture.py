"""Trains small models with scikit-learn 1.2 and writes what they are and what they say: fixture.json.

python3 make_fixture.py > fixture.json && npx biome format --write fixture.json
Values are kept at full float64 precision; inputs are float32, as deployed models are given them.
"""
import json
import sys

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

cancer = load_breast_cancer()
iris = load_iris()
XC = cancer.data[:, :8].astype(np.float32)
yc = cancer.target
XI = iris.data.astype(np.float32)
yi = iris.target
names_c = np.array(["benign", "malignant"])[1 - yc]
show_c = XC[::23]
show_i = XI[::6]
rng = np.random.default_rng(7)
XM = XC.copy()
XM[rng.random(XM.shape) < 0.2] = np.nan
show_m = XM[::23].copy()
show_m[0] = np.nan


def plain(value):
    if isinstance(value, np.ndarray):
        return [plain(one) for one in value.tolist()]
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (np.floating, np.integer)):
        value = value.item()
    if isinstance(value, float) and np.isnan(value):
        return None
    return value


def tree(one):
    t = one.tree_
    return {
        "feature": t.feature,
        "threshold": t.threshold,
        "left": t.children_left,
        "right": t.children_right,
        "value": t.value[:, 0, :],
        "cover": t.weighted_n_node_samples,
    }


def hist_tree(predictor):
    n = predictor.nodes
    leaf = n["is_leaf"].astype(bool)
    return {
        "feature": np.where(leaf, -2, n["feature_idx"].astype(np.int64)),
        "threshold": np.where(leaf, 0, n["num_threshold"]),
        "left": n["left"].astype(np.int64),
        "right": n["right"].astype(np.int64),
        "missing_left": n["missing_go_to_left"].astype(np.int64),
        "value": n["value"][:, None],
        "cover": n["count"].astype(np.float64),
    }


def said(model, x, **more):
    out = {"x": x, "classes": [str(c) for c in getattr(model, "classes_", [])], **more}
    if hasattr(model, "predict_proba"):
        out["probabilities"] = model.predict_proba(x)
        out["labels"] = [str(c) for c in model.predict(x)]
    else:
        out["values"] = model.predict(x)
    return out


fixture = {}

m = RandomForestClassifier(10, max_depth=4, random_state=1).fit(XC, names_c)
fixture["forest of two classes"] = said(m, show_c, trees=[tree(e) for e in m.estimators_])
m = RandomForestClassifier(8, max_depth=4, random_state=2).fit(XI, yi)
fixture["forest of three classes"] = said(m, show_i, trees=[tree(e) for e in m.estimators_])
m = RandomForestRegressor(8, max_depth=4, random_state=3).fit(XI[:, :3], XI[:, 3].astype(np.float64))
fixture["forest regression"] = said(m, show_i[:, :3], trees=[tree(e) for e in m.estimators_])

m = GradientBoostingClassifier(n_estimators=12, max_depth=3, random_state=4).fit(XC, yc)
fixture["boosting of two classes"] = said(
    m,
    show_c,
    rate=m.learning_rate,
    base=m._raw_predict_init(XC[:1]).ravel(),
    trees=[tree(e[0]) for e in m.estimators_],
)
m = GradientBoostingClassifier(n_estimators=6, max_depth=3, random_state=5).fit(XI, yi)
fixture["boosting of three classes"] = said(
    m,
    show_i,
    rate=m.learning_rate,
    base=m._raw_predict_init(XI[:1]).ravel(),
    trees=[tree(e) for row in m.estimators_ for e in row],
)
m = GradientBoostingRegressor(n_estimators=10, max_depth=3, random_state=6).fit(XI[:, :3], XI[:, 3].astype(np.float64))
fixture["boosting regression"] = said(
    m, show_i[:, :3], rate=m.learning_rate, base=m.init_.constant_.ravel(), trees=[tree(e[0]) for e in m.estimators_]
)

m = HistGradientBoostingClassifier(max_iter=10, max_leaf_nodes=8, random_state=7).fit(XM, yc)
fixture["histogram boosting with missing values"] = said(
    m, show_m, base=np.ravel(m._baseline_prediction), trees=[hist_tree(p[0]) for p in m._predictors]
)
m = HistGradientBoostingClassifier(max_iter=5, max_leaf_nodes=6, random_state=8).fit(XI, yi)
fixture["histogram boosting of three classes"] = said(
    m, show_i, base=np.ravel(m._baseline_prediction), trees=[hist_tree(p) for row in m._predictors for p in row]
)

scaler = StandardScaler().fit(XC)
ZC = scaler.transform(XC).astype(np.float32)
m = LogisticRegression(max_iter=2000).fit(ZC, names_c)
fixture["logistic regression of two classes"] = said(m, ZC[::23], coef=m.coef_, intercept=m.intercept_)
m = LogisticRegression(max_iter=2000, multi_class="multinomial").fit(XI, yi)
fixture["multinomial regression"] = said(m, show_i, coef=m.coef_, intercept=m.intercept_)
m = LogisticRegression(max_iter=2000, multi_class="ovr").fit(XI, yi)
fixture["one regression a class"] = said(m, show_i, coef=m.coef_, intercept=m.intercept_)
m = LinearRegression().fit(XI[:, :3].astype(np.float64), XI[:, 3].astype(np.float64))
fixture["linear regression"] = said(m, show_i[:, :3], coef=m.coef_, intercept=m.intercept_)

m = MLPClassifier((9, 5), max_iter=300, random_state=9).fit(ZC, yc)
fixture["network of two classes"] = said(m, ZC[::23], coefs=m.coefs_, intercepts=m.intercepts_)
m = MLPClassifier((7,), activation="tanh", max_iter=400, random_state=10).fit(XI, yi)
fixture["network of three classes"] = said(m, show_i, coefs=m.coefs_, intercepts=m.intercepts_)
m = MLPRegressor((6,), activation="logistic", max_iter=400, random_state=11).fit(XI[:, :3], XI[:, 3].astype(np.float64))
fixture["network regression"] = said(m, show_i[:, :3], coefs=m.coefs_, intercepts=m.intercepts_)

towns = np.array(["Bern", "Lyon", "Oslo", "Köln"])
jobs = np.array(["cook", "driver", "nurse"])
n = 400
town = towns[rng.integers(0, 4, n)]
job = jobs[rng.integers(0, 3, n)]
age = rng.integers(18, 80, n).astype(np.float32)
pay = rng.lognormal(8, 0.5, n).astype(np.float32)
pay[rng.random(n) < 0.15] = np.nan
lent = (
    (town == "Bern") * 1.0 - (job == "cook") * 0.7 + (age - 50) / 20 + rng.normal(0, 0.7, n) > 0
).astype(int)
table = np.empty((n, 4), dtype=object)
table[:, 0], table[:, 1], table[:, 2], table[:, 3] = age, pay, town, job
numeric = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
columns = ColumnTransformer([("numbers", numeric, [0, 1]), ("texts", one_hot, [2, 3])])
m = make_pipeline(columns, LogisticRegression(max_iter=2000)).fit(table, lent)
show_t = table[::16].copy()
show_t[3, 2] = "Rom"
fitted = m[0].named_transformers_
fixture["pipeline of encoders and a regression"] = said(
    m,
    show_t,
    fill=fitted["numbers"][0].statistics_,
    mean=fitted["numbers"][1].mean_,
    scale=fitted["numbers"][1].scale_,
    categories=[c.tolist() for c in fitted["texts"].categories_],
    coef=m[1].coef_,
    intercept=m[1].intercept_,
)
m = make_pipeline(OrdinalEncoder(), RandomForestClassifier(6, max_depth=4, random_state=12)).fit(table[:, 2:], lent)
fixture["pipeline of codes and a forest"] = said(
    m,
    table[::16, 2:],
    categories=[c.tolist() for c in m[0].categories_],
    trees=[tree(e) for e in m[1].estimators_],
)

json.dump(plain(fixture), sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
