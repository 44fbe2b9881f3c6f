"""Writes integrated-gradients.json: networks with rows, and their integrated gradients by PyTorch's autograd in float64,
integrated by NumPy's Gauss-Legendre nodes on 64 pieces of the way (so that kinks of relu do no harm).

python3 integrated-gradients.py   (numpy 1.24, torch 1.13)
"""
import json

import numpy as np
import torch

rng = np.random.default_rng(7)
nodes, weights = np.polynomial.legendre.leggauss(40)
pieces = 64


def draw(*shape, size=0.7):
    return rng.uniform(-size, size, shape).astype(np.float32)


def integrated(forward, x, baseline):
    total = np.zeros_like(x)
    for piece in range(pieces):
        for node, weight in zip(nodes, weights):
            alpha = (piece + (node + 1) / 2) / pieces
            at = torch.tensor(baseline + alpha * (x - baseline), requires_grad=True)
            forward(at).sum().backward()
            total += at.grad.numpy() * weight / 2 / pieces
    return (x - baseline) * total


cases = []
for name, widths, activation, out in [
    ("tanh, softmax of three", [4, 8, 5, 3], "tanh", "softmax"),
    ("relu, two classes", [3, 16, 1], "relu", "logistic"),
    ("linear", [3, 1], "identity", "identity"),
]:
    coefs = [draw(a, b, size=1.2) for a, b in zip(widths, widths[1:])]
    intercepts = [draw(b) for b in widths[1:]]
    w = [torch.tensor(c, dtype=torch.float64) for c in coefs]
    b = [torch.tensor(i, dtype=torch.float64) for i in intercepts]

    def forward(x):
        for index, (a, c) in enumerate(zip(w, b)):
            x = x @ a + c
            if index < len(w) - 1:
                x = {"tanh": torch.tanh, "relu": torch.relu}[activation](x)
        return {"softmax": lambda z: torch.softmax(z, 1)[:, 2], "logistic": lambda z: torch.sigmoid(z)[:, 0],
                "identity": lambda z: z[:, 0]}[out](x)

    # Rows a float32 holds exactly.
    rows = draw(12, widths[0], size=2).astype(np.float64)
    mean = rows.mean(0)
    score = lambda x: forward(torch.tensor(x)).detach().numpy()
    model = {"kind": "mlp", "activation": activation, "out": out, "coefs": [c.astype(float).tolist() for c in coefs],
             "intercepts": [i.astype(float).tolist() for i in intercepts]}
    if out != "identity":
        model["classes"] = [0, 1, 2] if out == "softmax" else [0, 1]
    cases.append({
        "name": name, "model": model, "rows": rows.tolist(), "scores": score(rows).tolist(),
        "mean": {"base": score(mean[None]).tolist()[0], "values": integrated(forward, rows, mean).tolist()},
        "zero": {"base": score(0 * mean[None]).tolist()[0], "values": integrated(forward, rows, 0 * mean).tolist()},
    })

with open("integrated-gradients.json", "w") as f:
    json.dump({"made_with": {"numpy": np.__version__, "torch": torch.__version__}, "cases": cases}, f)
    f.write("\n")
