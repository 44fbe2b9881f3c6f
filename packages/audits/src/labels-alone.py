"""Writes labels-alone.json: classifiers that give int64 labels alone and no list of their classes, as torch.onnx.export writes argmax.

python3 labels-alone.py
"""

import base64
import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Scores (0, x): class 1 where x > 0.
WEIGHTS = numpy_helper.from_array(np.array([[0, 1]], dtype="float32"), "weights")
SHIFT = numpy_helper.from_array(np.array([2], dtype="int64"), "shift")


def written(nodes, initializers):
    graph = helper.make_graph(
        nodes,
        "labels",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 1])],
        [helper.make_tensor_value_info("label", TensorProto.INT64, [None])],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
    model.ir_version = 8
    return base64.b64encode(model.SerializeToString()).decode()


scores = helper.make_node("MatMul", ["X", "weights"], ["scores"])
largest = lambda name: helper.make_node("ArgMax", ["scores"], [name], axis=1, keepdims=0)
with open("labels-alone.json", "w") as file:
    json.dump(
        {
            "0 or 1": written([scores, largest("label")], [WEIGHTS]),
            "2 or 3": written(
                [scores, largest("place"), helper.make_node("Add", ["place", "shift"], ["label"])], [WEIGHTS, SHIFT]
            ),
        },
        file,
        indent=2,
    )
    file.write("\n")
