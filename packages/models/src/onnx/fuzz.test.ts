import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { isAssayError } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Column } from "../columns.ts";
import type { ModelInput } from "../model.ts";
import { openModel } from "../node/index.ts";
import { torchNetwork, treeClassifier, treeEnsemble5 } from "./frameworks/exporters.testing.ts";
import { fixture } from "./frameworks/fixture.testing.ts";
import { smallForRuntime, smallNetwork, smallPipeline, smallTree } from "./small-models.testing.ts";
import { join } from "./write/wire.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

/** A mutation of a file: bytes changed, cut out, put in, doubled or taken from another, or the end cut off. */
function mutate(random: PhiloxStream, files: readonly Uint8Array[]): Uint8Array {
  const source = files[random.integer(files.length)] ?? new Uint8Array(0);
  let bytes: Uint8Array = Uint8Array.from(source);
  // Half of them have one byte changed, so that many get far.
  const changes = random.integer(2) === 0 ? 1 : 1 + random.integer(4);
  for (let change = 0; change < changes; change++) {
    const at = random.integer(Math.max(1, bytes.length));
    const length = 1 + random.integer(12);
    switch (random.integer(changes === 1 ? 3 : 7)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8));
        break;
      case 1:
        bytes[at] = random.integer(256);
        break;
      case 2:
        bytes.fill(random.integer(2) === 0 ? 255 : 127, at, at + length);
        break;
      case 3:
        bytes = spliced(bytes, at, length, new Uint8Array(0));
        break;
      case 4:
        bytes = spliced(bytes, at, 0, bytes.subarray(at, at + length));
        break;
      case 5: {
        const other = files[random.integer(files.length)] ?? source;
        const from = random.integer(other.length);
        bytes = spliced(bytes, at, length, other.subarray(from, from + length));
        break;
      }
      default:
        if (random.integer(4) === 0) bytes = bytes.subarray(0, at);
    }
  }
  return bytes;
}

function spliced(bytes: Uint8Array, at: number, drop: number, put: Uint8Array): Uint8Array {
  return join([bytes.subarray(0, at), put, bytes.subarray(at + drop)]);
}

const values = [0, 1, -1, 0.5, 3, 1e30, Number.NaN, Number.POSITIVE_INFINITY];

function columnsOf(inputs: readonly ModelInput[]): Column[] {
  return inputs.map((input): Column => {
    if (input.kind === "category")
      return { levels: ["Bern", "", "x"], codes: Uint8Array.from(values, (_, row) => row % 3) };
    return Float64Array.from(values, (value) =>
      input.whole ? Math.trunc(Number.isFinite(value) ? value : 0) % 100 : value,
    );
  });
}

/** What became of a file: its rows were predicted, or an AssayError's code. Any other error is the test's. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const model = await openModel(bytes, { name: "mutated.onnx" });
    try {
      // Wide inputs only make the test slow.
      if (model.inputs.length > 1000) return "wide";
      const { outputs } = await model.predict(columnsOf(model.inputs), { device });
      return outputs.length === model.outputs.length ? `predicted on ${model.runtime}` : "outputs are missing";
    } finally {
      await model.dispose();
    }
  } catch (error) {
    if (!isAssayError(error)) throw error;
    return error.code;
  }
}

async function fuzz(files: readonly Uint8Array[], count: number, seed: number): Promise<Map<string, number>> {
  const random = new PhiloxStream(seed, 0);
  const counts = new Map<string, number>();
  for (let trial = 0; trial < count; trial++) {
    const bytes = mutate(random, files);
    let result: string;
    try {
      result = await outcome(bytes);
    } catch (error) {
      throw new Error(
        `trial ${trial} of seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
      );
    }
    counts.set(result, (counts.get(result) ?? 0) + 1);
  }
  return counts;
}

const three = fixture("histogram boosting of three classes");
const small: readonly Uint8Array[] = [
  smallTree(),
  smallNetwork(),
  smallPipeline(),
  smallForRuntime(),
  treeClassifier({
    trees: (three.trees ?? []).slice(0, 3),
    classes: three.classes,
    inputs: 4,
    transform: "SOFTMAX",
    base: [0.1, 0.2, 0.3],
    style: { votes: "class", leaf: ([value = 0], tree) => [[tree, value]], mode: "BRANCH_LEQ", hitrates: "covers" },
  }),
  treeEnsemble5({
    trees: (three.trees ?? []).slice(0, 2),
    inputs: 4,
    targets: 2,
    type: "double",
    target: (tree) => tree,
    scale: 1,
    transform: 1,
    aggregate: 1,
  }),
  torchNetwork(
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [[0.5, 0.25]],
    "Relu",
    true,
  ).model,
];

/** Errors that a file of bytes may end in. */
const allowed = ["data-invalid", "data-too-large", "model-invalid", "not-found", "not-supported"];

function expectAllowed(counts: ReadonlyMap<string, number>): void {
  for (const result of counts.keys())
    expect(["predicted on kernels", "predicted on onnxruntime", "wide", ...allowed]).toContain(result);
}

const shared = fileURLToPath(new URL("../../../../../shared/reference/models/gb100_d3_adult.onnx", import.meta.url));

describe("10,000 damaged files each give a prediction or a typed error", () => {
  it("9,700 of small models", { timeout: 300_000 }, async () => {
    const before = process.memoryUsage().rss;
    const counts = await fuzz(small, 9_700, 1);
    expectAllowed(counts);
    // The test would hold nothing if all of them were refused, or none.
    expect(counts.get("predicted on kernels") ?? 0).toBeGreaterThan(700);
    expect(counts.get("predicted on onnxruntime") ?? 0).toBeGreaterThan(100);
    expect(counts.get("model-invalid") ?? 0).toBeGreaterThan(1_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 30);
  });

  it.skipIf(!existsSync(shared))("300 of a shared model", { timeout: 300_000 }, async () => {
    const counts = await fuzz([readFileSync(shared)], 300, 2);
    expectAllowed(counts);
    expect(counts.get("predicted on kernels") ?? 0).toBeGreaterThan(20);
  });
});
