"""Makes lp-optima.json: the best randomised thresholds as linear programs over every threshold of every group, solved by
scipy's HiGHS. Independent of hulls: a rule of a group is any mixture of its thresholds.

    python3 lp-optima.py > lp-optima.json      (numpy 1.24, scipy 1.10)
"""

import json
import sys

import numpy as np
from scipy.optimize import linprog

constraints = ["demographic-parity", "equalized-odds", "false-positive-rate-parity", "true-positive-rate-parity"]


def points(group):
    positive = np.concatenate([[0], np.cumsum(group["positive"][::-1])])
    negative = np.concatenate([[0], np.cumsum(group["negative"][::-1])])
    return positive, negative


def optimum(groups, constraint, tolerance, worth):
    cost, rows, bounds = [], [], []
    curves = [points(g) for g in groups]
    width = sum(len(p) for p, _ in curves) + 2
    equal, equal_to, less, less_than = [], [], [], []
    start = 0
    for positive, negative in curves:
        p, n = positive[-1], negative[-1]
        cost.extend(worth[1] * negative - worth[0] * positive)
        row = np.zeros(width)
        row[start : start + len(positive)] = 1
        equal.append(row)
        equal_to.append(1)
        rates = {
            "demographic-parity": [(positive + negative) / (p + n)],
            "true-positive-rate-parity": [positive / p],
            "false-positive-rate-parity": [negative / n],
            "equalized-odds": [positive / p, negative / n],
        }[constraint]
        for place, rate in enumerate(rates):
            row = np.zeros(width)
            row[start : start + len(positive)] = rate
            row[width - 2 + place] = -1
            less.extend([-row, row])
            less_than.extend([0, tolerance])
        start += len(positive)
    cost.extend([0, 0])
    found = linprog(cost, A_ub=less, b_ub=less_than, A_eq=equal, b_eq=equal_to, bounds=(0, None), method="highs")
    assert found.status == 0, found.message
    return -found.fun


random = np.random.default_rng(20)
cases = []
for case in range(60):
    groups = []
    for _ in range(random.integers(2, 6)):
        levels = int(random.integers(1, 12))
        skill = random.uniform(-0.3, 1.2)
        height = np.arange(levels) / max(1, levels - 1)
        positive = random.poisson(random.uniform(1, 20) * np.exp(skill * height))
        negative = random.poisson(random.uniform(1, 20) * np.exp(-skill * height))
        positive[random.integers(levels)] += 1
        negative[random.integers(levels)] += 1
        groups.append({"scores": height.tolist(), "positive": positive.tolist(), "negative": negative.tolist()})
    rows = sum(sum(g["positive"]) + sum(g["negative"]) for g in groups)
    p, n = (sum(sum(g[k]) for g in groups) for k in ("positive", "negative"))
    for constraint in constraints:
        tolerance = [0, 0.01, 0.05, 0.2, 0.6][case % 5]
        for objective, worth in (("accuracy", (1 / rows, 1 / rows)), ("balanced-accuracy", (0.5 / p, 0.5 / n))):
            best = optimum(groups, constraint, tolerance, worth)
            cases.append({"case": case, "constraint": constraint, "tolerance": tolerance, "objective": objective, "optimum": best})
    cases[-1]["groups"] = groups
json.dump(cases, sys.stdout, separators=(",", ":"))
