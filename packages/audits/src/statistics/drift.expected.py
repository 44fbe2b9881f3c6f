"""Writes drift.expected.json: p values that hold at every look, on a fine grid of candidate rates, by scipy's own laws."""
import json
import os

import numpy as np
from scipy.special import betaln, logsumexp
from scipy.stats import binom, norm

# Places of the starts and their weights, by the rule in anytime-p.ts.
STARTS = [0, 1, 2, 3, 5, 7, 11, 15, 23, 31]
WEIGHTS = [1 / (j * (j + 1)) for j in range(1, len(STARTS) + 1)]


def combined(baseline, log_evidence):
    return min(1.0, float(np.max(np.minimum(1, 2 * np.minimum(baseline, np.exp(-log_evidence))))))


def rate(k0, n0, later):
    p = np.linspace(1e-6, 1 - 1e-6, 400_001)
    two_sided = np.minimum(1, 2 * np.minimum(binom.cdf(k0, n0, p), binom.sf(k0 - 1, n0, p)))
    middle = (k0 + 0.5) / (n0 + 1)
    priors = [(0.5, 0.5)] + [(s * middle, s * (1 - middle)) for s in (20, 200, 2000)]
    out, least = [], 1.0
    for look in range(len(later)):
        terms, rest = [], 1.0
        for place, weight in zip(STARTS, WEIGHTS):
            if place > look:
                continue
            k = sum(x[0] for x in later[place : look + 1])
            n = sum(x[1] for x in later[place : look + 1])
            mixture = logsumexp([betaln(a + k, b + n - k) - betaln(a, b) for a, b in priors]) - np.log(4)
            terms.append(np.log(weight) + mixture - k * np.log(p) - (n - k) * np.log1p(-p))
            rest -= weight
        terms.append(np.full_like(p, np.log(rest)))
        least = min(least, combined(two_sided, logsumexp(terms, axis=0)))
        out.append(least)
    return out


def gap(own0, other0, later):
    def of(own, other):
        variance = 0
        for k, n in (own, other):
            r = (k + 1) / (n + 2)
            variance += r * (1 - r) / n
        return own[0] / own[1] - other[0] / other[1], variance

    d = np.linspace(-1, 1, 400_001)
    d0, v0 = of(own0, other0)
    two_sided = 2 * norm.sf(np.abs(d - d0) / np.sqrt(v0))
    r = (own0[0] + other0[0] + 1) / (own0[1] + other0[1] + 2)
    scales = [size / (r * (1 - r)) for size in (0.01, 0.03, 0.1, 0.3)]
    out, least = [], 1.0
    for look in range(len(later)):
        terms, rest = [], 1.0
        for place, weight in zip(STARTS, WEIGHTS):
            if place > look:
                continue
            s = w = v = 0
            for own, other in later[place : look + 1]:
                g, var = of(own, other)
                size = own[1] * other[1] / (own[1] + other[1])
                s, w, v = s + size * g, w + size, v + size * size * var
            for scale in scales:
                growth = 1 + scale * scale * v
                terms.append(np.log(weight / 4) + scale**2 * (s - d * w) ** 2 / (2 * growth) - np.log(growth) / 2)
            rest -= weight
        terms.append(np.full_like(d, np.log(rest)))
        least = min(least, combined(two_sided, logsumexp(terms, axis=0)))
        out.append(least)
    return out


rates = [
    dict(baseline=[150, 500], later=[[9, 20]] * 40),
    dict(baseline=[0, 40], later=[[1, 10], [2, 10], [4, 10], [6, 10]]),
    dict(baseline=[900, 1000], later=[[90, 100], [88, 100], [70, 100], [60, 100]]),
    dict(baseline=[30, 60], later=[[25, 50]] * 6),
]
gaps = [
    dict(own=[150, 500], other=[200, 500], later=[[[20, 100], [40, 100]]] * 12),
    dict(own=[150, 500], other=[200, 500], later=[[[40, 100], [50, 100]], [[10, 50], [30, 100]], [[20, 100], [25, 90]]]),
]
for one in rates:
    one["p"] = rate(*one["baseline"], one["later"])
for one in gaps:
    one["p"] = gap(one["own"], one["other"], one["later"])
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "drift.expected.json")
with open(path, "w") as file:
    json.dump(dict(rates=rates, gaps=gaps), file, indent=1)
    file.write("\n")
