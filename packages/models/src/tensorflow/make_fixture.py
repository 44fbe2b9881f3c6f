"""Writes fixture.json: TensorFlow.js models as tensorflowjs_converter writes them (Keras 2 and Keras 3 topologies, and
graphs), with the outputs and gradients that PyTorch computes in float64 from the same float32 weights.

python3 make_fixture.py   (numpy 1.24, torch 1.13)
"""
import base64
import json

import numpy as np
import torch
import torch.nn.functional as F

rng = np.random.default_rng(20261201)
cases = []


def draw(*shape, low=-0.7, high=0.7):
    return rng.uniform(low, high, shape).astype(np.float32)


def t(a):
    return torch.tensor(np.asarray(a), dtype=torch.float64)


def case(name, topology, weights, inputs, forward, **more):
    """inputs: arrays with rows first; forward: float64 tensors -> float64 [rows, width]."""
    xs = [t(x).requires_grad_(True) for x in inputs]
    out = forward(*xs)
    flat = [x.reshape(len(x), -1) for x in inputs]
    entry = {
        "name": name,
        "topology": topology,
        "weights": [{"name": n, "shape": list(w.shape), "values": w.reshape(-1).astype(float).tolist()} for n, w in weights],
        "inputs": np.concatenate(flat, 1).astype(float).tolist(),
        "outputs": out.detach().numpy().tolist(),
        **more,
    }
    if more.pop("gradients", True):
        k = out.shape[1] - 1
        grads = torch.autograd.grad(out[:, k].sum(), xs)
        entry["gradients"] = torch.cat([g.reshape(len(g), -1) for g in grads], 1).numpy().tolist()
    else:
        entry.pop("gradients", None)
    cases.append(entry)


def layer(kind, name, **config):
    return {"class_name": kind, "config": {"name": name, "trainable": True, "dtype": "float32", **config}}


def sequential(name, layers):
    return {"keras_version": "2.15.0", "backend": "tensorflow",
            "model_config": {"class_name": "Sequential", "config": {"name": name, "layers": layers}}}


# 1. dense layers only, with what does nothing at prediction
w = [("dense/kernel", draw(5, 8)), ("dense/bias", draw(8)), ("dense_1/kernel", draw(8, 6)), ("dense_1/bias", draw(6)),
     ("dense_2/kernel", draw(6, 3)), ("dense_2/bias", draw(3))]
W = {n: t(v) for n, v in w}
case("dense layers", sequential("sequential", [
    layer("InputLayer", "dense_input", batch_input_shape=[None, 5], sparse=False, ragged=False),
    layer("Dense", "dense", units=8, activation="relu", use_bias=True),
    layer("Dropout", "dropout", rate=0.3, noise_shape=None, seed=None),
    layer("Dense", "dense_1", units=6, activation="linear", use_bias=True),
    layer("Activation", "activation", activation="tanh"),
    layer("Dense", "dense_2", units=3, activation="softmax", use_bias=True),
]), w, [draw(12, 5, low=-2, high=2)],
     lambda x: torch.softmax(torch.tanh(torch.relu(x @ W["dense/kernel"] + W["dense/bias"]) @ W["dense_1/kernel"]
                                        + W["dense_1/bias"]) @ W["dense_2/kernel"] + W["dense_2/bias"], 1))

# 2. the same kind as Keras 3 writes it: functional, batch_shape, dtype policies, calls as arguments
w3 = [("functional/hidden/kernel", draw(4, 7)), ("functional/hidden/bias", draw(7)), ("functional/out/kernel", draw(7, 1)),
      ("functional/out/bias", draw(1))]
W3 = {n: t(v) for n, v in w3}
policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}


def call(*names):
    args = [{"class_name": "__keras_tensor__", "config": {"shape": [None, 1], "dtype": "float32",
                                                         "keras_history": [n, 0, 0]}} for n in names]
    return [{"args": args if len(args) == 1 else [args], "kwargs": {}}]


case("dense layers of Keras 3", {
    "keras_version": "3.3.3", "backend": "tensorflow",
    "model_config": {"class_name": "Functional", "config": {
        "name": "functional", "trainable": True,
        "layers": [
            {"class_name": "InputLayer", "name": "applicant", "inbound_nodes": [],
             "config": {"batch_shape": [None, 4], "dtype": "float32", "sparse": False, "name": "applicant"}},
            {"class_name": "Dense", "name": "hidden", "inbound_nodes": call("applicant"),
             "config": {"name": "hidden", "trainable": True, "dtype": policy, "units": 7, "activation": "sigmoid", "use_bias": True}},
            {"class_name": "Dense", "name": "out", "inbound_nodes": call("hidden"),
             "config": {"name": "out", "trainable": True, "dtype": policy, "units": 1, "activation": "sigmoid", "use_bias": True}},
        ],
        "input_layers": [["applicant", 0, 0]], "output_layers": [["out", 0, 0]]}}},
     w3, [draw(9, 4, low=-2, high=2)],
     lambda x: torch.sigmoid(torch.sigmoid(x @ W3["functional/hidden/kernel"] + W3["functional/hidden/bias"])
                             @ W3["functional/out/kernel"] + W3["functional/out/bias"]))

# 3. an image: convolution, batch normalization, pooling
wc = [("conv2d/kernel", draw(3, 3, 1, 4)), ("conv2d/bias", draw(4)),
      ("batch_normalization/gamma", draw(4, low=0.5, high=1.5)), ("batch_normalization/beta", draw(4)),
      ("batch_normalization/moving_mean", draw(4)), ("batch_normalization/moving_variance", draw(4, low=0.5, high=1.5)),
      ("dense_3/kernel", draw(64, 3)), ("dense_3/bias", draw(3))]
WC = {n: t(v) for n, v in wc}


def image(x):
    y = F.conv2d(x.permute(0, 3, 1, 2), WC["conv2d/kernel"].permute(3, 2, 0, 1), WC["conv2d/bias"], padding=1).relu()
    s = (y.permute(0, 2, 3, 1) - WC["batch_normalization/moving_mean"]) / torch.sqrt(WC["batch_normalization/moving_variance"] + 0.001)
    s = s * WC["batch_normalization/gamma"] + WC["batch_normalization/beta"]
    p = F.max_pool2d(s.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1).reshape(len(x), -1)
    return torch.softmax(p @ WC["dense_3/kernel"] + WC["dense_3/bias"], 1)


case("an image", sequential("images", [
    layer("Conv2D", "conv2d", batch_input_shape=[None, 8, 8, 1], filters=4, kernel_size=[3, 3], strides=[1, 1], padding="same",
          data_format="channels_last", dilation_rate=[1, 1], activation="relu", use_bias=True),
    layer("BatchNormalization", "batch_normalization", axis=[3], momentum=0.99, epsilon=0.001, center=True, scale=True),
    layer("MaxPooling2D", "max_pooling2d", pool_size=[2, 2], padding="valid", strides=[2, 2], data_format="channels_last"),
    layer("Flatten", "flatten", data_format="channels_last"),
    layer("Dense", "dense_3", units=3, activation="softmax", use_bias=True),
]), wc, [draw(5, 8, 8, 1, low=0, high=1)], image)

# 4. two inputs that come together; elu is none of our kernels'
wt = [("left/kernel", draw(3, 4)), ("left/bias", draw(4)), ("out4/kernel", draw(6, 1)), ("out4/bias", draw(1))]
WT = {n: t(v) for n, v in wt}
nodes = lambda *names: [[[n, 0, 0, {}] for n in names]]
case("two inputs", {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": {"class_name": "Functional", "config": {
    "name": "model", "layers": [
        {**layer("InputLayer", "person", batch_input_shape=[None, 3], sparse=False), "name": "person", "inbound_nodes": []},
        {**layer("InputLayer", "place", batch_input_shape=[None, 2], sparse=False), "name": "place", "inbound_nodes": []},
        {**layer("Dense", "left", units=4, activation="elu", use_bias=True), "name": "left", "inbound_nodes": nodes("person")},
        {**layer("Concatenate", "join", axis=-1), "name": "join", "inbound_nodes": nodes("left", "place")},
        {**layer("Dense", "out4", units=1, activation="linear", use_bias=True), "name": "out4", "inbound_nodes": nodes("join")},
    ], "input_layers": [["person", 0, 0], ["place", 0, 0]], "output_layers": [["out4", 0, 0]]}}},
     wt, [draw(7, 3, low=-2, high=2), draw(7, 2)],
     lambda a, b: torch.cat([F.elu(a @ WT["left/kernel"] + WT["left/bias"]), b], 1) @ WT["out4/kernel"] + WT["out4/bias"])

# 5. a graph, as the converter fuses it
dim = lambda *sides: {"dim": [{"size": str(s)} for s in sides]}
b64 = lambda s: base64.b64encode(s.encode()).decode()
flt = {"type": "DT_FLOAT"}


def const(name, w):
    return {"name": name, "op": "Const", "attr": {"dtype": flt, "value": {"tensor": {"dtype": "DT_FLOAT", "tensorShape": dim(*w.shape)}}}}


def fused(name, inputs, *ops):
    return {"name": name, "op": "_FusedMatMul", "input": inputs, "attr": {
        "T": flt, "transpose_a": {"b": False}, "transpose_b": {"b": False}, "num_args": {"i": "1"},
        "epsilon": {"f": 0.0}, "leakyrelu_alpha": {"f": 0.2},
        "fused_ops": {"list": {"s": [b64(o) for o in ops]}}}}


wg = [("m/a/w", draw(4, 6)), ("m/a/b", draw(6)), ("m/o/w", draw(6, 3)), ("m/o/b", draw(3))]
WG = {n: t(v) for n, v in wg}
graph = {"node": [
    const("m/a/w", wg[0][1]), const("m/a/b", wg[1][1]), const("m/o/w", wg[2][1]), const("m/o/b", wg[3][1]),
    {"name": "x", "op": "Placeholder", "attr": {"dtype": flt, "shape": {"shape": dim(-1, 4)}}},
    fused("m/a", ["x", "m/a/w", "m/a/b"], "BiasAdd", "Relu"),
    fused("m/o", ["m/a", "m/o/w", "m/o/b"], "BiasAdd"),
    {"name": "m/Softmax", "op": "Softmax", "input": ["m/o"], "attr": {"T": flt}},
    {"name": "Identity", "op": "Identity", "input": ["m/Softmax"], "attr": {"T": flt}},
], "library": {}, "versions": {"producer": 1645}}
signature = {"inputs": {"x": {"name": "x:0", "dtype": "DT_FLOAT", "tensorShape": dim(-1, 4)}},
             "outputs": {"risk": {"name": "Identity:0", "dtype": "DT_FLOAT", "tensorShape": dim(-1, 3)}}}
case("a graph", graph, wg, [draw(8, 4, low=-2, high=2)],
     lambda x: torch.softmax(torch.relu(x @ WG["m/a/w"] + WG["m/a/b"]) @ WG["m/o/w"] + WG["m/o/b"], 1),
     signature=signature, gradients=False)

# 6. a graph with an operator that WebAssembly has no kernel of
we = [("e/w", draw(3, 2))]
WE = {n: t(v) for n, v in we}
case("a graph with Einsum", {"node": [
    const("e/w", we[0][1]),
    {"name": "x", "op": "Placeholder", "attr": {"dtype": flt, "shape": {"shape": dim(-1, 3)}}},
    {"name": "e", "op": "Einsum", "input": ["x", "e/w"], "attr": {"T": flt, "N": {"i": "2"}, "equation": {"s": b64("ab,bc->ac")}}},
    {"name": "out", "op": "Sigmoid", "input": ["e"], "attr": {"T": flt}},
], "versions": {"producer": 1645}}, we, [draw(6, 3)], lambda x: torch.sigmoid(x @ WE["e/w"]),
     signature={"inputs": {"x": {"name": "x:0", "dtype": "DT_FLOAT", "tensorShape": dim(-1, 3)}},
                "outputs": {"out": {"name": "out:0", "dtype": "DT_FLOAT", "tensorShape": dim(-1, 2)}}}, gradients=False)

with open("fixture.json", "w") as f:
    json.dump({"made_with": {"numpy": np.__version__, "torch": torch.__version__}, "cases": cases}, f)
    f.write("\n")
