"""Makes lists.expected.json: metrics of groups in ranked lists, straight from their definitions, by brute force.

Exposure (Singh and Joachims 2018) and shares of the first places (Geyik et al. 2019) of tied scores are averaged over every
order of the tied rows; pairwise accuracy (Beutel et al. 2019) counts every pair, ties half; NDKL (Geyik et al. 2019) takes tied
rows by what they hold on average. Standard errors leave one list out at a time; intervals of pairwise accuracy are by scipy.
Run: python3 lists.expected.py > lists.expected.json
"""
import itertools
import json
import math
import random
import sys

import numpy as np
from scipy.special import expit, logit
from scipy.stats import t as student

random.seed(20180820)
TOP = 3
rows = []
for query in range(14):
    size = random.randint(4, 9)
    for _ in range(size):
        group = random.choices(["a", "b", "c"], [0.5, 0.3, 0.2])[0]
        relevance = random.choices([0, 1, 2], [0.5, 0.3, 0.2])[0]
        score = relevance + (1 if group == "a" else 0) + random.randint(0, 2)
        rows.append({"query": f"q{query}", "group": group, "relevance": relevance, "score": score})

lists = {}
for row in rows:
    lists.setdefault(row["query"], []).append(row)


def orders(members):
    """Every order of a list that its scores allow, each as likely as another, block by block."""
    members = sorted(members, key=lambda row: -row["score"])
    blocks = [list(block) for _, block in itertools.groupby(members, key=lambda row: row["score"])]
    return [list(itertools.permutations(block)) for block in blocks]


def cells(members, group):
    top = min(TOP, len(members))
    exposure, first, judged = 0.0, 0.0, 0.0
    place = 0
    for permutations in orders(members):
        for permutation in permutations:
            for index, row in enumerate(permutation):
                if row["group"] != group:
                    continue
                exposure += 1 / math.log2(2 + place + index) / len(permutations)
                first += (1 if place + index < top else 0) / len(permutations)
        place += len(permutations[0])
    own = [row for row in members if row["group"] == group]
    pairs = {"all": [0, 0], "intra": [0, 0], "inter": [0, 0]}
    for row in own:
        for other in members:
            if row["relevance"] <= other["relevance"]:
                continue
            win = 1 if row["score"] > other["score"] else 0.5 if row["score"] == other["score"] else 0
            for kind in ["all", "intra" if other["group"] == group else "inter"]:
                pairs[kind][0] += win
                pairs[kind][1] += 1
    return {
        "exposure": (exposure, len(own)),
        "exposure-per-relevance": (exposure, sum(row["relevance"] for row in own)),
        "top-k-share": (first, top),
        "candidate-share": (top * len(own) / len(members), top),
        "skew-at-k": (first, top * len(own) / len(members)),
        "pairwise-accuracy": pairs["all"],
        "intra-group-pairwise-accuracy": pairs["intra"],
        "inter-group-pairwise-accuracy": pairs["inter"],
    }


def ndkl(members):
    groups = sorted({row["group"] for row in members})
    whole = {g: sum(row["group"] == g for row in members) / len(members) for g in groups}
    seen = dict.fromkeys(groups, 0.0)
    total, weight, place = 0.0, 0.0, 0
    for permutations in orders(members):
        block = permutations[0]
        for inside in range(1, len(block) + 1):
            place += 1
            kl = 0.0
            for g in groups:
                count = seen[g] + sum(row["group"] == g for row in block) * inside / len(block)
                if count > 0:
                    kl += count / place * math.log(count / place / whole[g])
            total += kl / math.log2(1 + place)
            weight += 1 / math.log2(1 + place)
        for row in block:
            seen[row["group"]] += 1
    return total / weight


def value(name, parts):
    over, under = sum(a for a, _ in parts), sum(b for _, b in parts)
    return math.log(over / under) if name == "skew-at-k" else over / under


def scaled(name, parts):
    one = value(name, parts)
    return math.log(one) if name.startswith("exposure") else one


def jackknife(values):
    mean = sum(values) / len(values)
    return math.sqrt((len(values) - 1) / len(values) * sum((v - mean) ** 2 for v in values))


def pairs_interval(parts):
    """Logit interval of a share over lists: residuals over √(1 − leverage), Student's law at the effective number of lists."""
    over, under = np.array([a for a, _ in parts], float), np.array([b for _, b in parts], float)
    share, leverage = over.sum() / under.sum(), under / under.sum()
    error = math.sqrt(np.sum(((over - share * under) / np.sqrt(1 - leverage)) ** 2)) / under.sum()
    half = student.ppf(0.975, under.sum() ** 2 / np.sum(under**2) - 1) * error / (share * (1 - share))
    return [float(expit(logit(share) - half)), float(expit(logit(share) + half))]


expected = {"top": TOP, "rows": rows, "groups": {}, "ndkl": sum(map(ndkl, lists.values())) / len(lists)}
for group in ["a", "b", "c"]:
    found = {query: cells(members, group) for query, members in lists.items()}
    held = [query for query, members in lists.items() if any(row["group"] == group for row in members)]
    expected["groups"][group] = {}
    for name in next(iter(found.values())):
        parts = [found[query][name] for query in lists]
        without = [scaled(name, [found[other][name] for other in lists if other != query]) for query in held]
        expected["groups"][group][name] = {"value": value(name, parts), "error": jackknife(without), "lists": len(held)}
        if name.endswith("pairwise-accuracy") and 0 < value(name, parts) < 1:
            expected["groups"][group][name]["interval"] = pairs_interval(parts)
json.dump(expected, sys.stdout, indent=1)
