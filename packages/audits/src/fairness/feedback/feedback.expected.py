"""Makes feedback.expected.json: what scipy and statsmodels' formulas say. Python 3 with numpy and scipy.

Garwood: quantiles of χ². Wilson: scipy.stats.binomtest. Equal rates: χ² by scipy.stats.chisquare, and the exact multinomial
p of Pearson's statistic by going through every table.
"""
import json
from itertools import product
from math import factorial
from pathlib import Path

import numpy as np
from scipy import stats


def garwood(k, confidence):
    half = (1 - confidence) / 2
    low = 0.0 if k == 0 else stats.chi2.ppf(half, 2 * k) / 2
    return {"k": k, "confidence": confidence, "low": low, "high": stats.chi2.ppf(1 - half, 2 * (k + 1)) / 2}


def wilson(k, n, confidence):
    interval = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
    return {"k": k, "n": n, "low": interval.low, "high": interval.high}


def exact(counts, decisions):
    """P(X² >= observed) under the multinomial with shares of the decisions."""
    n, shares = sum(counts), np.array(decisions) / sum(decisions)
    expected = n * shares

    def statistic(table):
        return float((((np.array(table) - expected) ** 2) / expected).sum())

    observed = statistic(counts)
    p = 0.0
    for table in product(range(n + 1), repeat=len(counts)):
        if sum(table) != n or statistic(table) < observed * (1 - 1e-9):
            continue
        ways = factorial(n)
        for count in table:
            ways //= factorial(count)
        p += ways * float(np.prod(shares ** np.array(table)))
    return {"counts": counts, "decisions": decisions, "p": p}


def chisquare(counts, decisions):
    expected = sum(counts) * np.array(decisions) / sum(decisions)
    return {"counts": counts, "decisions": decisions, "p": stats.chisquare(counts, expected).pvalue}


out = {
    "garwood": [garwood(k, c) for k in (0, 1, 2, 7, 30, 400, 25000) for c in (0.8, 0.95, 0.999)],
    "wilson": wilson(9, 14, 0.95),
    "chisquare": chisquare([30, 25], [1000, 3000]),
    "exact": exact([6, 2, 1], [100, 300, 50]),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(out, indent=1) + "\n")
