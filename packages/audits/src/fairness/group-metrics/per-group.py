"""Makes per-group.json: scikit-learn's metrics of ProPublica's COMPAS file, group by group, as Fairlearn's MetricFrame has them.

Classes: `score_text` against `v_score_text`. Numbers: `decile_score` against `v_decile_score`, also weighted by `age`.
Run: /usr/bin/python3 per-group.py ../../../../../../shared/data/compas-scores-two-years.csv > per-group.json
"""
import json
import sys

import numpy as np
import pandas as pd
from sklearn.metrics import (
    accuracy_score,
    cohen_kappa_score,
    f1_score,
    matthews_corrcoef,
    mean_absolute_error,
    mean_squared_error,
    multilabel_confusion_matrix,
    r2_score,
)

data = pd.read_csv(sys.argv[1], keep_default_na=False)
data = data.loc[:, ~data.columns.duplicated()]
groupings = [["race"], ["sex"], ["race", "sex"]]


def of_classes(rows, classes):
    truth, said = rows["v_score_text"], rows["score_text"]
    result = {
        "count": len(rows),
        "accuracy": accuracy_score(truth, said),
        "f1-macro": f1_score(truth, said, average="macro", zero_division=0),
        "f1-weighted": f1_score(truth, said, average="weighted", zero_division=0),
        "cohen-kappa": cohen_kappa_score(truth, said),
        "mcc": matthews_corrcoef(truth, said),
        "classes": {},
    }
    for name, ((tn, fp), (fn, tp)) in zip(classes, multilabel_confusion_matrix(truth, said, labels=classes)):
        share = lambda k, n: float(k / n) if n > 0 else None
        result["classes"][name] = {
            "selection-rate": share(tp + fp, len(rows)),
            "true-positive-rate": share(tp, tp + fn),
            "false-positive-rate": share(fp, fp + tn),
            "positive-predictive-value": share(tp, tp + fp),
        }
    return result


def of_values(rows, weight=None):
    truth = rows["v_decile_score"].astype(float)
    said = rows["decile_score"].astype(float)
    w = None if weight is None else rows[weight].astype(float)
    return {
        "count": len(rows),
        "mean-prediction": float(np.average(said, weights=w)),
        "mean-label": float(np.average(truth, weights=w)),
        "mean-residual": float(np.average(said - truth, weights=w)),
        "mean-absolute-error": mean_absolute_error(truth, said, sample_weight=w),
        "root-mean-squared-error": mean_squared_error(truth, said, sample_weight=w) ** 0.5,
        "r2": r2_score(truth, said, sample_weight=w) if truth.nunique() > 1 else None,
    }


def clean(value):
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items()}
    if isinstance(value, (float, np.floating)):
        return None if np.isnan(value) else float(value)
    return value


classes = sorted(set(data["score_text"]) | set(data["v_score_text"]))


def frame(measure):
    out = {"overall": clean(measure(data)), "groups": []}
    for by in groupings:
        for values, rows in data.groupby(by):
            values = [values] if isinstance(values, str) else list(values)
            out["groups"].append({"group": dict(zip(by, values)), **clean(measure(rows))})
    return out


json.dump(
    {
        "classes": frame(lambda rows: of_classes(rows, classes)),
        "values": frame(of_values),
        "weighted": frame(lambda rows: of_values(rows, "age")),
    },
    sys.stdout,
    indent=1,
)
