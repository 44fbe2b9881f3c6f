"""Writes score-drift.expected.json: drift of binned scores and of means, on grids of candidates, by numpy and scipy alone."""
import json
import os

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln, logsumexp
from scipy.stats import chi2, ncx2, norm

# Places of the starts and their weights, by the rule in anytime-p.ts.
STARTS = [0, 1, 2, 3, 5, 7, 11, 15, 23, 31]
WEIGHTS = [1 / (j * (j + 1)) for j in range(1, len(STARTS) + 1)]


def simplex(center, reach, steps):
    """Shares of three bins around a point."""
    a = np.linspace(max(1e-9, center[0] - reach), min(1, center[0] + reach), steps)
    b = np.linspace(max(1e-9, center[1] - reach), min(1, center[1] + reach), steps)
    x, y = (one.ravel() for one in np.meshgrid(a, b))
    keep = x + y < 1 - 1e-9
    return np.stack([x[keep], y[keep], 1 - x[keep] - y[keep]])


def distribution(before, later):
    n = np.array(before, float)
    middle = (n + 0.5) / (n.sum() + len(n) / 2)
    priors = [np.full(len(n), 0.5)] + [s * middle for s in (20, 200, 2000)]
    least, out = 1.0, []
    for look in range(len(later)):
        for place, weight in zip(STARTS, WEIGHTS):
            if place > look:
                continue
            k = np.sum(later[place : look + 1], axis=0).astype(float)
            mixture = logsumexp(
                [gammaln(a.sum()) - gammaln(a.sum() + k.sum()) + np.sum(gammaln(a + k) - gammaln(a)) for a in priors]
            ) - np.log(len(priors))

            def least_of_two(shares):
                fit = chi2.sf(2 * (np.sum(n * np.log(n / n.sum())) - n @ np.log(shares)), len(n) - 1)
                return 2 * np.minimum(fit, np.exp(np.minimum(0, k @ np.log(shares) - mixture - np.log(weight))))

            # All of the simplex, then finer and finer around the best candidate.
            center, reach = np.array([0.5, 0.5]), 0.5
            for _ in range(9):
                grid = simplex(center, reach, 301)
                found = least_of_two(grid)
                center, reach = grid[:2, np.argmax(found)], reach / 6
            least = min(least, float(found.max()))
        out.append(least)
    return out


def moments(x):
    return dict(n=len(x), mean=float(np.mean(x)), squares=float(np.sum((x - np.mean(x)) ** 2)))


def combined(baseline, log_evidence):
    return min(1.0, float(np.max(np.minimum(1, 2 * np.minimum(baseline, np.exp(-log_evidence))))))


def normal_ps(d0, v0, spread, sums, looks):
    """sums(start, look) -> Σ w mean, Σ w, variance, or None."""
    scales = [size / np.sqrt(spread) for size in (0.02, 0.06, 0.2, 0.6)]
    out, least = [], 1.0
    d = np.linspace(d0 - 8 * np.sqrt(v0), d0 + 8 * np.sqrt(v0), 400_001)
    two_sided = 2 * norm.sf(np.abs(d - d0) / np.sqrt(v0))
    for look in range(looks):
        terms, rest = [], 1.0
        for place, weight in zip(STARTS, WEIGHTS):
            if place > look:
                continue
            found = sums(place, look)
            if found is None:
                continue
            s, w, v = found
            for scale in scales:
                growth = 1 + scale * scale * v
                terms.append(np.log(weight / 4) + scale**2 * (s - d * w) ** 2 / (2 * growth) - np.log(growth) / 2)
            rest -= weight
        terms.append(np.full_like(d, np.log(rest)))
        least = min(least, combined(two_sided, logsumexp(terms, axis=0)))
        out.append(least)
    return out


def mean_ps(before, later):
    spread = np.var(before, ddof=1)

    def sums(place, look):
        x = np.concatenate(later[place : look + 1])
        if len(x) < 30:
            return None
        variance = (np.sum((x - x.mean()) ** 2) + 2 * spread) / (len(x) + 1)
        return x.sum(), len(x), len(x) * variance

    return normal_ps(before.mean(), spread / len(before), spread, sums, len(later))


def gap_ps(own0, other0, later):
    spreads = [np.var(own0, ddof=1), np.var(other0, ddof=1)]
    pooled = (np.sum((own0 - own0.mean()) ** 2) + np.sum((other0 - other0.mean()) ** 2)) / (len(own0) + len(other0) - 2)

    def sums(place, look):
        pairs = later[place : look + 1]
        if any(sum(len(pair[side]) for pair in pairs) < 30 for side in (0, 1)):
            return None
        weights = [len(a) * len(b) / (len(a) + len(b)) for a, b in pairs]
        variance = 0
        for side in (0, 1):
            within = sum(np.sum((pair[side] - pair[side].mean()) ** 2) for pair in pairs)
            freedom = sum(len(pair[side]) - 1 for pair in pairs)
            share = sum(w * w / len(pair[side]) for w, pair in zip(weights, pairs))
            variance += share * (within + 2 * spreads[side]) / (freedom + 2)
        s = sum(w * (a.mean() - b.mean()) for w, (a, b) in zip(weights, pairs))
        return s, sum(weights), variance

    v0 = spreads[0] / len(own0) + spreads[1] / len(other0)
    return normal_ps(own0.mean() - other0.mean(), v0, pooled, sums, len(later))


def index(before, after):
    """The plain formula, and the ends of the noncentral law before they are stretched."""
    p, q = np.array(before) / sum(before), np.array(after) / sum(after)
    value, scale, k = float(np.sum((q - p) * np.log(q / p))), 1 / sum(before) + 1 / sum(after), len(p) - 1

    def end(chance):
        if chi2.cdf(value / scale, k) <= chance:
            return 0.0
        return scale * brentq(lambda nc: ncx2.cdf(value / scale, k, nc) - chance, 1e-9, 10 * value / scale + 100)

    # The delta method by numbers: slopes of the formula in each share.
    def of(p, q):
        return np.sum((q - p) * np.log(q / p))

    def slopes(at):
        step, found = 1e-6, []
        for bin in range(len(p)):
            up, down = [x.copy() for x in (p, q)], [x.copy() for x in (p, q)]
            up[at][bin] += step
            down[at][bin] -= step
            found.append((of(*up) - of(*down)) / (2 * step))
        return np.array(found)

    delta = 0.0
    for at, (shares, size) in enumerate([(p, sum(before)), (q, sum(after))]):
        slope = slopes(at)
        delta += np.sum(shares * (slope - np.sum(shares * slope)) ** 2) / size
    corrected = max(0, value - k * scale)
    stretch = max(1, np.sqrt(delta / (2 * scale**2 * (k + 2 * corrected / scale))))
    low = min(value, max(0, corrected - stretch * (corrected - end(0.975))))
    high = max(value, corrected + stretch * (end(0.025) - corrected))
    return dict(before=before, after=after, value=value, corrected=corrected, low=float(low), high=float(high))


rng = np.random.default_rng(41)
means = []
for shift, looks, size in ((0.5, 12, 20), (0.15, 30, 25), (0.0, 5, 10)):
    before = rng.gamma(2, size=120)
    later = [rng.gamma(2, size=size) + shift for _ in range(looks)]
    means.append(dict(baseline=moments(before), later=[moments(x) for x in later], p=mean_ps(before, later)))
gaps = []
for shift, looks in ((0.8, 10), (0.0, 4)):
    own, other = rng.normal(size=150), rng.normal(1, 2, size=200)
    pairs = []
    for look in range(looks):
        sway = rng.normal()
        pairs.append((rng.normal(sway + shift, 1, size=12 + look), rng.normal(1 + sway, 2, size=30)))
    gaps.append(
        dict(
            own=moments(own),
            other=moments(other),
            later=[[moments(a), moments(b)] for a, b in pairs],
            p=gap_ps(own, other, pairs),
        )
    )
distributions = [
    dict(baseline=before, later=later, p=distribution(before, later))
    for before, later in (
        ([40, 30, 30], [[8, 10, 22]] * 5),
        ([400, 300, 300], [[4, 3, 3]] * 6 + [[1, 3, 6]] * 8),
        ([50, 25, 25], [[0, 0, 30], [0, 10, 20]]),
        ([100, 100, 100], [[31, 34, 35], [30, 32, 38]]),
    )
]
indices = [
    index([100] * 10, [12, 14, 20, 18, 22, 25, 22, 24, 21, 22]),
    index([30, 30, 40], [5, 15, 80]),
    index([200, 200, 200, 200, 200], [101, 99, 103, 98, 99]),
    index([5000] * 10, [3000, 3500, 4000, 4500, 5000, 5200, 5500, 6000, 6300, 7000]),
]
laws = [
    dict(x=x, df=df, nc=nc, p=float(ncx2.cdf(x, df, nc) if nc > 0 else chi2.cdf(x, df)))
    for x, df, nc in ((3, 1, 0), (3, 1, 2), (12, 9, 0.3), (60, 9, 40), (900, 4, 1000), (2100, 9, 2050), (9000, 9, 9200))
]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "score-drift.expected.json")
with open(path, "w") as file:
    json.dump(dict(distributions=distributions, means=means, gaps=gaps, indices=indices, laws=laws), file, indent=1)
    file.write("\n")
