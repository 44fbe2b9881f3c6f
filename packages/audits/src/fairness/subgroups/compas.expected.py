"""Counts that compas.reference.test.ts expects, by pandas: python3 compas.expected.py <compas-scores-two-years.csv>"""
import sys

import pandas

rows = pandas.read_csv(sys.argv[1])
decided = rows.decile_score >= 5
truth = rows.two_year_recid == 1


def tell(name, inside, wrong):
    print(name, inside.sum(), (inside & wrong).sum())


negative = ~truth
tell("all negative", negative, decided)
tell("African-American, priors >= 5", negative & (rows.race == "African-American") & (rows.priors_count >= 5), decided)
tell("priors >= 5", negative & (rows.priors_count >= 5), decided)
tell("age < 26", negative & (rows.age < 26), decided)
tell("all positive", truth, ~decided)
tell("priors < 2", truth & (rows.priors_count < 2), ~decided)
