import type { DenseLayer, Network } from "../../network.ts";
import { bytes, integer, join, text } from "../../protobuf.ts";

const operators = {
  identity: "Identity",
  logistic: "Sigmoid",
  relu: "Relu",
  softmax: "Softmax",
  tanh: "Tanh",
} as const;

/**
 * A network as an ONNX model (IR version 8, opset 13): input `x` float[rows, inputs], output `y` float[rows, outputs]. For
 * holding this kernel beside other programs. Field numbers: onnx.proto of ONNX 1.12.
 */
export function networkAsOnnx(network: Network): Uint8Array {
  const last = network.length - 1;
  const nodes = network.flatMap((layer, index) => [
    bytes(1, node("Gemm", [index === 0 ? "x" : `a${index - 1}`, `w${index}`, `b${index}`], `s${index}`)),
    bytes(1, node(operators[layer.activation], [`s${index}`], index === last ? "y" : `a${index}`)),
  ]);
  const weights = network.flatMap((layer, index) => [
    bytes(5, tensor(`w${index}`, [layer.inputs, layer.outputs], layer.weights)),
    bytes(5, tensor(`b${index}`, [layer.outputs], layer.bias)),
  ]);
  const ends = [bytes(11, port("x", network[0]?.inputs)), bytes(12, port("y", network[last]?.outputs))];
  const graph = [...nodes, text(2, "network"), ...weights, ...ends];
  return join([integer(1, 8), bytes(7, join(graph)), bytes(8, join([text(1, ""), integer(2, 13)]))]);
}

function node(operator: string, inputs: readonly string[], output: string): Uint8Array {
  return join([...inputs.map((name) => text(1, name)), text(2, output), text(4, operator)]);
}

function tensor(name: string, shape: readonly number[], values: DenseLayer["weights"]): Uint8Array {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return join([...shape.map((size) => integer(1, size)), integer(2, 1), text(8, name), bytes(9, raw)]);
}

function port(name: string, width = 0): Uint8Array {
  const shape = join([bytes(1, text(2, "rows")), bytes(1, integer(1, width))]);
  return join([text(1, name), bytes(2, bytes(1, join([integer(1, 1), bytes(2, shape)])))]);
}
