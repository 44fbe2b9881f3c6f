import { type ModelFacts, type ModelSession, mainOutput } from "../../build-model.ts";
import type { FormatInput } from "../../formats.ts";
import type { ModelOutput } from "../../model.ts";
import { modelError } from "../../model-error.ts";
import type { Program } from "../../program/program.ts";
import type { ModelJson } from "../read-model-json.ts";
import { openSession, sessionRunner } from "../session.ts";
import { type TensorInput, tensorInput } from "../tensor-input.ts";
import type { Weights } from "../weights.ts";
import { type DenseChain, denseChain } from "./dense-chain.ts";
import { layersGradient } from "./layers-gradient.ts";
import { loadLayers } from "./load-layers.ts";
import { layerMeaning } from "./output-meaning.ts";
import { withOwnNames } from "./own-names.ts";
import { profileChain, profileModel } from "./profile-layers.ts";
import { readTopology, type Topology } from "./topology.ts";

/** What a TensorFlow.js file of either kind is opened to. */
export interface Opened {
  readonly facts: Pick<ModelFacts, "inputs" | "outputs" | "profile">;
  readonly program: Program | null;
  readonly session: ModelSession | null;
}

/** Most bytes of inputs and activations that one row may need. */
const mostRowBytes = 2 ** 30;

/** A layers model: as our network where it is one, else in TensorFlow.js. */
export async function openLayers(input: FormatInput, json: ModelJson, read: Weights): Promise<Opened> {
  const topology = readTopology(input.file, json);
  const weights = withOwnNames(topology, read);
  const chain = denseChain(topology, weights);
  const isChain = "network" in chain;
  if (isChain && !input.tensorflowOnly) return onKernels(input.file, topology, chain, weights);
  const reason = isChain ? "it was asked for" : chain.reason;
  const { file } = input;
  const tensorflow = await input.tensorflow(input.device);
  const session = await openSession(file, tensorflow, () =>
    loadLayers(file, tensorflow, topology, weights, input.columns),
  );
  const { executable, shapes } = session;
  const outputs = executable.outputNames.map(
    (name, index): ModelOutput => ({
      name: executable.outputNames.indexOf(name) === index ? name : `${name}[${index}]`,
      ...layerMeaning(topology, name),
      width: (shapes[index] ?? []).slice(1).reduce((product, dim) => product * dim, 1),
    }),
  );
  const profile = profileModel(executable, weights);
  const rowBytes = profile.layers.reduce((sum, layer) => sum + (layer.activationBytes ?? 0), profile.inputBytes);
  if (rowBytes > mostRowBytes) throw tooWide(file, rowBytes);
  const main = outputs.indexOf(mainOutput(outputs));
  const rowsAtOnce = Math.max(1, Math.min(1_024, Math.floor(2 ** 27 / Math.max(1, rowBytes))));
  return {
    facts: { inputs: executable.inputs.flatMap(({ inputs }) => inputs), outputs, profile },
    program: isChain ? programOf(chain) : null,
    session: {
      runtime: "tensorflow",
      runner: sessionRunner(file, session, outputs, rowBytes),
      reason: `${reason}; ${session.about}`,
      gradient: layersGradient(file, topology, session, outputs, main, rowsAtOnce),
    },
  };
}

export function tooWide(file: string, rowBytes: number) {
  return modelError(file, null, `needs ${rowBytes} bytes for one row, more than ${mostRowBytes}`, "data-too-large");
}

function onKernels(file: string, topology: Topology, chain: DenseChain, weights: Weights): Opened {
  const { name, dims } = chain.input;
  const fed: TensorInput = tensorInput(file, name, [null, ...dims], "float32", null);
  const output: ModelOutput = {
    name: chain.output,
    ...layerMeaning(topology, chain.output),
    width: chain.network.at(-1)?.outputs ?? null,
  };
  return {
    facts: { inputs: fed.inputs, outputs: [output], profile: profileChain(chain, weights) },
    program: programOf(chain),
    session: null,
  };
}

function programOf({ network, output }: DenseChain): Program {
  const width = network[0]?.inputs ?? 0;
  const given = Array.from({ length: width }, (_, index) => index);
  const made = Array.from({ length: network.at(-1)?.outputs ?? 0 }, (_, index) => width + index);
  return {
    inputs: given,
    steps: [{ kind: "network", inputs: given, outputs: made, network }],
    outputs: [{ name: output, columns: made }],
    registers: width + made.length,
  };
}
