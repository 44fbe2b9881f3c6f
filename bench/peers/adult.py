"""The Adult files as numbers: 14 columns, texts as their places in the encoding's lists."""
import csv
import json

import numpy as np


def load(shared, file):
    encoding = json.load(open(f"{shared}/reference/models/adult_encoding.json"))
    columns, categories = encoding["columns"], encoding["categories"]
    rows = [[one.strip() for one in line] for line in csv.reader(open(f"{shared}/data/{file}")) if len(line) == 15]
    x = np.array(
        [
            [categories[name].index(row[i]) if name in categories else float(row[i]) for i, name in enumerate(columns)]
            for row in rows
        ],
        dtype=np.float32,
    )
    y = np.array([row[14].startswith(">50K") for row in rows]).astype(int)
    return x, y
