"""Writes reduce.expected.json: means and variances of exact fractions, rounded once.

python3 reduce.expected.py
"""
import json
import random
from fractions import Fraction
from sys import version

random.seed(20240501)


def moments(values):
    numbers = [Fraction(value) for value in values]
    mean = sum(numbers) / len(numbers)
    variance = sum((x - mean) ** 2 for x in numbers) / (len(numbers) - 1)
    # float() of a fraction is rounded once, ties to even.
    return {"values": values, "mean": float(mean), "variance": float(variance)}


cases = [moments(values) for values in (
    [1.0, 2.0],
    [0.1, 0.2, 0.3],
    [1e16, 1.0, -1e16],
    [1.0 + 2.0**-52, 1.0, 1.0],
    [5e-324, 0.0],
    [5e-324, 5e-324, 0.0],
    [-3.0, -3.0, -3.0, -3.0],
    [1e150, -1e150, 3.0],
    [random.gauss(0, 1) for _ in range(200)],
    [1e9 + random.random() for _ in range(200)],
    [random.choice([-1, 1]) * 2.0 ** random.uniform(-300, 300) for _ in range(100)],
)]
with open("reduce.expected.json", "w") as file:
    json.dump({"python": version.split()[0], "cases": cases}, file)
    file.write("\n")
