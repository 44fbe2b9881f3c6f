"""Values that representation.reference.test.ts expects, by pandas, scipy and scikit-learn:
python3 representation.expected.py <compas-scores-two-years.csv> <b1_adult_test_predictions.csv>"""
import json
import sys

import numpy
import pandas
from scipy.stats import chi2_contingency, chisquare, entropy, norm
from sklearn.metrics import mutual_info_score

compas = pandas.read_csv(sys.argv[1])
adult = pandas.read_csv(sys.argv[2])


def goodman(count, n, groups):
    """Goodman (1965), (2.5): the roots of a quadratic in the share."""
    a = norm.ppf(1 - 0.05 / groups / 2) ** 2
    root = numpy.sqrt(a * (a + 4 * count * (n - count) / n))
    return [(a + 2 * count - root) / (2 * (n + a)), (a + 2 * count + root) / (2 * (n + a))]


def binned(values, bins=10):
    """Quantiles as order statistics, bins closed above, missing a bin of its own."""
    known = numpy.sort(values.dropna())
    cuts = sorted({known[int(numpy.ceil(len(known) * i / bins)) - 1] for i in range(1, bins)} - {known[-1]})
    return numpy.where(values.isna(), 0, numpy.searchsorted(cuts, values.fillna(0), side="left") + 1)


def told(group, feature):
    """Plug-in and Miller-Madow-corrected mutual information over the group's entropy, and Pearson's test."""
    table = pandas.crosstab(feature, group).to_numpy()
    n = table.sum()
    plain = mutual_info_score(group, feature)
    cells = (table > 0).sum()
    bias = (cells - table.shape[0] - table.shape[1] + 1) / (2 * n)
    whole = entropy(table.sum(axis=0))
    statistic, p, _, expected = chi2_contingency(table, correction=False)
    return {"plugIn": plain / whole, "share": max(0, plain - bias) / whole, "p": p, "least expected": expected.min()}


out = {}
for name, rows, column, female in (("compas", compas, "sex", 0.2), ("adult", adult, "sex", 0.5077)):
    population = {"Female": female, "Male": 1 - female}
    counts = rows[column].value_counts()
    n = counts.sum()
    fit = chisquare([counts[g] for g in population], [n * s for s in population.values()])
    out[name] = {
        "n": int(n),
        "female": [counts["Female"] / n, *goodman(counts["Female"], n, 2)],
        "distance": abs(counts["Female"] / n - population["Female"]),
        "p": fit.pvalue,
    }
race = compas["race"].value_counts()
out["race"] = {g: [c / race.sum(), *goodman(c, race.sum(), len(race))] for g, c in race.items()}
out["base"] = compas.groupby("race").two_year_recid.mean().to_dict()
out["proxies"] = {
    f"{by} {feature}": told(compas[by], values)
    for by in ("sex", "race")
    for feature, values in (
        ("age", binned(compas.age)),
        ("priors_count", binned(compas.priors_count)),
        ("days_b_screening_arrest", binned(compas.days_b_screening_arrest)),
        ("c_charge_degree", compas.c_charge_degree),
    )
}
lacks = compas.days_b_screening_arrest.isna()
out["missing"] = {
    "sex": compas.groupby("sex").days_b_screening_arrest.apply(lambda v: v.isna().mean()).to_dict(),
    "p sex": chi2_contingency(pandas.crosstab(compas["sex"], lacks), correction=False)[1],
    "race": compas.groupby("race").days_b_screening_arrest.apply(lambda v: v.isna().mean()).to_dict(),
    # Groups of at least 30 rows alone are compared.
    "p race": chi2_contingency(
        pandas.crosstab(compas["race"], lacks).loc[lambda t: t.sum(axis=1) >= 30], correction=False
    )[1],
}
json.dump(out, sys.stdout, indent=1)
