# Makes fixture.json: small tables, and what scikit-learn 1.2.1 trains on them. `python3 fixture.py > fixture.json`
import json
import warnings

import numpy as np
from scipy.special import expit
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("error")
random = np.random.RandomState(4)


def grid(values, step=64):
    """Numbers that float32 and short decimals hold exactly."""
    return np.round(values * step) / step


# Columns of different size and offset, two of them close to each other.
n = 240
x = np.column_stack(
    [
        grid(random.normal(size=n)),
        2020 + random.randint(0, 4, n),
        grid(random.normal(size=n) * 300),
        random.randint(0, 2, n),
    ]
).astype(float)
x = np.column_stack([x, x[:, 0] + grid(random.normal(size=n) * 0.25)])
eta = 0.8 * x[:, 0] - 0.5 * (x[:, 1] - 2021) + 0.002 * x[:, 2] + x[:, 3] - 0.4 * x[:, 4] - 0.3
two = (random.uniform(size=n) < expit(eta)).astype(int)
three = np.clip(two + random.randint(0, 2, n), 0, 2)
weights = grid(random.uniform(0, 2, n), 8)


def logistic(labels, c, sample_weight):
    # lbfgs stops early on columns of such sizes, Newton's method does not: the gradient is of the sum over rows.
    model = LogisticRegression(
        C=c if c else 1.0,
        penalty="l2" if c else None,
        solver="newton-cg",
        tol=1e-6,
        max_iter=100000,
    )
    means, scales = x.mean(0), x.std(0)
    if c is None:
        # Without a penalty standardising changes nothing, and the search converges.
        model.fit((x - means) / scales, labels, sample_weight)
        coefficients = model.coef_ / scales
        intercepts = model.intercept_ - coefficients @ means
    else:
        # With one it does: the penalty is on the columns' own coefficients, so that only the mean is taken off.
        model.fit(x - means, labels, sample_weight)
        coefficients = model.coef_
        intercepts = model.intercept_ - coefficients @ means
    out = {"C": c, "coefficients": coefficients.tolist(), "intercepts": intercepts.tolist()}
    if c is None and len(set(labels)) == 2:
        p = expit(x @ coefficients[0] + intercepts[0])
        ones = np.column_stack([(x - means), np.ones(n)])
        s = np.ones(n) if sample_weight is None else sample_weight
        inverse = np.linalg.inv(ones.T @ (ones * (s * p * (1 - p))[:, None]))
        back = np.concatenate([-means, [1]])
        out["standardErrors"] = {
            "coefficients": np.sqrt(np.diag(inverse)[:-1]).tolist(),
            "intercept": float(np.sqrt(back @ inverse @ back)),
        }
    return out


# Boosted trees: a column with many values, one with few, one with gaps, one that says nothing.
m = 500
z = np.column_stack(
    [
        grid(random.normal(size=m), 1024),
        random.randint(0, 12, m),
        grid(random.normal(size=m), 1024),
        grid(random.normal(size=m), 1024),
    ]
).astype(float)
z[random.uniform(size=m) < 0.2, 2] = np.nan
gap = np.isnan(z[:, 2])
score = np.sin(2 * z[:, 0]) + (z[:, 1] > 5) * z[:, 0] + np.where(gap, 1.5, z[:, 2])
target = grid(score + random.normal(size=m) * 0.3, 1024)
binary = (random.uniform(size=m) < expit(2 * score)).astype(int)
several = np.digitize(score + random.normal(size=m) * 0.5, [-0.5, 1.0])
tree_weights = random.randint(1, 4, m).astype(float)
settings = dict(early_stopping=False, max_iter=15, min_samples_leaf=8, max_leaf_nodes=9, l2_regularization=0.25)


def trees(model, labels, sample_weight):
    model.set_params(**settings).fit(z, labels, sample_weight)
    values = model.predict_proba(z) if hasattr(model, "predict_proba") else model.predict(z)
    return {"leaves": [t.get_n_leaf_nodes() for i in model._predictors for t in i], "values": values.round(9).tolist()}


print(
    json.dumps(
        {
            "logistic": {
                "columns": x.T.tolist(),
                "two": two.tolist(),
                "three": three.tolist(),
                "weights": weights.tolist(),
                "fits": [
                    {"labels": name, "weighted": weighted, **logistic(labels, c, weights if weighted else None)}
                    for name, labels in [("two", two), ("three", three)]
                    for c in [None, 0.05, 1.0]
                    for weighted in [False, True]
                ],
            },
            "trees": {
                "columns": [[None if np.isnan(v) else v for v in column] for column in z.T],
                "target": target.tolist(),
                "binary": binary.tolist(),
                "several": several.tolist(),
                "weights": tree_weights.tolist(),
                "fits": [
                    {"labels": name, "weighted": weighted, **trees(make(), labels, tree_weights if weighted else None)}
                    for name, labels, make in [
                        ("target", target, HistGradientBoostingRegressor),
                        ("binary", binary, HistGradientBoostingClassifier),
                        ("several", several, HistGradientBoostingClassifier),
                    ]
                    for weighted in [False, True]
                ],
            },
        },
        separators=(",", ":"),
    )
)
