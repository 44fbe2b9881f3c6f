import type { LocalizedText } from "@assay/schema";
import { buildModel, type Runner } from "../build-model.ts";
import { checkedAlone } from "../checked-alone.ts";
import type { FormatInput } from "../formats.ts";
import { looksLike } from "../looks-like.ts";
import type { Model, ModelOutput } from "../model.ts";
import { modelError } from "../model-error.ts";
import { compileGraph } from "./compile.ts";
import { countParameters } from "./count-parameters.ts";
import { checkGraph, type Graph } from "./graph.ts";
import { checkHidden } from "./hidden-graphs.ts";
import { type GraphInput, graphInputs } from "./inputs.ts";
import { OnnxSession } from "./onnx-runtime.ts";
import { declaredWidth, outputMeanings } from "./output-meaning.ts";
import { profileGraph } from "./profile/profile-graph.ts";
import { readModel } from "./proto/model-proto.ts";
import { WireFault } from "./proto/wire.ts";
import { writeVariant } from "./proto/write-variant.ts";
import { isTreeNode, readTrees } from "./trees/read-trees.ts";

/** Rows that ONNX Runtime takes at once: it is slower with more. */
const runtimeRows = 4_096;

/** @throws AssayError model-invalid, not-supported; of reading external data */
export async function openOnnx(options: FormatInput): Promise<Model> {
  const { file, bytes } = options;
  const likeness = looksLike(bytes);
  if (likeness) throw modelError(file, null, `is ${likeness.what}, not an ONNX file: ${likeness.advice}`);
  try {
    return await open(options);
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    throw modelError(file, `byte ${error.offset}`, `${error.message}; the file is damaged, cut off or no ONNX file`);
  }
}

async function open(options: FormatInput): Promise<Model> {
  const { file, bytes } = options;
  const proto = readModel(bytes);
  const graph = checkGraph(file, proto, options.external);
  checkHidden(graph);
  for (const node of graph.nodes) if (isTreeNode(node.domain, node.operator)) readTrees(node);
  const inputs = graphInputs(graph, options.columns);
  const compiled = compileGraph(graph, inputs);
  const program = "program" in compiled ? compiled.program : null;
  const meanings = outputMeanings(graph);
  const outputs = graph.outputs.map((output, index): ModelOutput => {
    const { kind, classes } = meanings[index] ?? { kind: "value", classes: null };
    const width = program?.outputs[index]?.columns.length ?? declaredWidth(output);
    return { name: output.name, kind, classes, width };
  });
  const reason = "reason" in compiled ? compiled.reason : options.onnxruntimeOnly ? "it was asked for" : null;
  const runtime = "onnxruntime" as const;
  const session =
    reason === null
      ? null
      : {
          ...{ runtime, reason },
          runner: checkedAlone(file, await sessionRunner(options, graph, inputs, outputs)),
          notes: () => (scalesByBatch(graph) ? [askedAlone(file)] : []),
        };
  const facts = {
    format: "onnx" as const,
    file,
    digest: options.digest,
    sizeBytes: bytes.length,
    externalFiles: options.externalFiles(),
    producer: proto.producer || null,
    inputs: inputs.flatMap((input) => input.inputs),
    outputs,
    parameters: countParameters(graph),
    profile: profileGraph(graph, inputs),
  };
  return buildModel(facts, program, session, options.tensorflow);
}

async function sessionRunner(
  options: FormatInput,
  graph: Graph,
  inputs: readonly GraphInput[],
  outputs: readonly ModelOutput[],
): Promise<Runner> {
  const { file, bytes, external, threads } = options;
  // A sequence of maps is slow to make and cannot be fetched: the tensor before it is asked for instead.
  const maps = graph.nodes.filter((node) => node.operator === "ZipMap" && node.domain === "ai.onnx.ml");
  const before = new Map(maps.map((node) => [node.outputs[0] ?? "", node.inputs[0] ?? ""]));
  const names = outputs.map((output) => before.get(output.name) ?? output.name);
  const changed = maps.length > 0 || graph.proto.graph.initializers.some((tensor) => tensor.external !== null);
  const model = changed
    ? writeVariant(
        graph.proto,
        {
          outputs:
            maps.length === 0
              ? null
              : graph.outputs.map(({ type }, index) => ({
                  name: names[index] ?? "",
                  element: type.kind === "tensor" ? type.element : floatElement,
                })),
          dropNodes: new Set(maps.map((node) => node.proto.span)),
        },
        external,
      )
    : bytes;
  const session = await OnnxSession.create(file, await options.onnxRuntime(), model, inputs, threads);
  const asked = outputs.map((output, index) => ({ ...output, name: names[index] ?? output.name }));
  return {
    rows: scalesByBatch(graph) ? 1 : (session.batch ?? runtimeRows),
    run: async (columns, rows) => {
      const results = await session.run(columns, rows, asked);
      return results.map((result, index) => ({ ...result, name: outputs[index]?.name ?? result.name }));
    },
    dispose: () => session.release(),
  };
}

/** Whether small whole numbers are scaled by the largest number of all rows together. */
function scalesByBatch(graph: Graph): boolean {
  return graph.nodes.some((node) => node.operator.startsWith("DynamicQuantize"));
}

function askedAlone(file: string): LocalizedText {
  return {
    en: `${file} scales its numbers by the largest of all rows that it is asked about at once (dynamic quantization). It was asked about one row at a time, so that no answer depends on other rows.`,
    "zh-CN": `${file} 采用动态量化，缩放比例取决于同一次调用中的所有行。因此逐行调用，使每一行的结果不受其他行影响。`,
  };
}

/** TensorProto.DataType.FLOAT. */
const floatElement = 1;
