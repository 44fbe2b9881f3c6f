"""scikit-learn's permutation_importance of a random forest on Adult, each time a line comes."""
import json
import sys
import time

from sklearn import __version__
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance

from adult import load

x, y = load(sys.argv[1], "adult.data")
test, truth = load(sys.argv[1], "adult.test")
forest = RandomForestClassifier(n_estimators=100, max_depth=8, random_state=0, n_jobs=1).fit(x, y)
print(json.dumps({"version": __version__, "accuracy": forest.score(test, truth)}), flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    found = permutation_importance(forest, test, truth, n_repeats=10, random_state=0, n_jobs=1, scoring="accuracy")
    seconds = time.perf_counter() - start
    print(
        json.dumps({"seconds": seconds, "mean": found.importances_mean.tolist(), "std": found.importances_std.tolist()}),
        flush=True,
    )
