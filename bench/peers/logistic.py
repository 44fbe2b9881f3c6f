"""scikit-learn's logistic regression on Adult, 14 coded and standardised columns, fitted each time a line comes."""
import json
import sys
import time

from sklearn import __version__
from sklearn.linear_model import LogisticRegression

from adult import load

x, y = load(sys.argv[1], "adult.data")
test, truth = load(sys.argv[1], "adult.test")
mean, deviation = x.mean(axis=0), x.std(axis=0)
x, test = (x - mean) / deviation, (test - mean) / deviation
model = LogisticRegression().fit(x, y)
scores = model.predict_proba(x)[:, 1].tolist() + model.predict_proba(test)[:, 1].tolist()
print(json.dumps({"version": __version__, "accuracy": model.score(test, truth), "scores": scores}), flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    LogisticRegression().fit(x, y)
    print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)
