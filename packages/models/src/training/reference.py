# Makes reference.json: what scikit-learn 1.2.1 trains on ../shared/data. `python3 reference.py SHARED > reference.json`
import json
import sys

import numpy as np
import pandas as pd
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

shared = sys.argv[1]


def standardised(x):
    return (x - x.mean(0)) / x.std(0)


def adult(name):
    encoding = json.load(open(f"{shared}/reference/models/adult_encoding.json"))
    columns, categories = encoding["columns"], encoding["categories"]
    rows = [[cell.strip() for cell in line.split(",")] for line in open(f"{shared}/data/{name}")]
    rows = [row for row in rows if len(row) == len(columns) + 1]
    x = [[categories[c].index(v) if c in categories else float(v) for c, v in zip(columns, row)] for row in rows]
    return np.array(x, float), np.array([">50K" in row[-1] for row in rows]).astype(int)


def table(name):
    frame = pd.read_csv(f"{shared}/data/sklearn_{name}.csv")
    return frame.iloc[:, :-1].to_numpy(float), frame.iloc[:, -1].to_numpy()


def logistic(x, y, weights=None, c=1.0):
    # lbfgs, though asked for a tolerance of 1e-10, ends up to 1e-4 from the minimum; Newton's method does not.
    model = LogisticRegression(C=c, solver="newton-cg", tol=1e-6, max_iter=100000).fit(x, y, weights)
    return {"coefficients": model.coef_.tolist(), "intercepts": model.intercept_.tolist()}


def accuracy(model, train, test):
    return float(model.fit(*train).score(*test))


train, test = adult("adult.data"), adult("adult.test")
cancer, iris = table("breast_cancer"), table("iris")
weights = 1.0 + np.arange(len(train[1])) * 7 % 5
print(
    json.dumps(
        {
            "adult": logistic(standardised(train[0]), train[1]),
            "adultWeighted": logistic(standardised(train[0]), train[1], weights),
            "breastCancer": logistic(standardised(cancer[0]), cancer[1]),
            "iris": logistic(iris[0], iris[1]),
            "accuracy": {
                "histGradientBoosting": accuracy(HistGradientBoostingClassifier(early_stopping=False), train, test),
                "gradientBoosting": accuracy(GradientBoostingClassifier(random_state=0), train, test),
            },
        }
    )
)
