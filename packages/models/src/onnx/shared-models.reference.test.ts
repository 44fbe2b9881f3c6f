import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../node/index.ts";

const folder = fileURLToPath(new URL("../../../../../shared/reference/models/", import.meta.url));

interface NetworkFile {
  readonly coefs: readonly (readonly (readonly number[])[])[];
  readonly intercepts: readonly (readonly number[])[];
}

const read = <T>(name: string): T =>
  JSON.parse(gunzipSync(readFileSync(`${folder}${name}.json.gz`)).toString("utf8")) as T;

/** The network in float64, over inputs rounded to float32. */
function networkSays(file: NetworkFile, row: readonly number[]): number {
  let values = row.map(Math.fround);
  for (const [index, weights] of file.coefs.entries()) {
    const last = index === file.coefs.length - 1;
    values = (file.intercepts[index] ?? []).map((bias, output) => {
      const sum = weights.reduce((total, from, input) => total + (values[input] ?? 0) * (from[output] ?? 0), bias);
      return last ? 1 / (1 + Math.exp(-sum)) : Math.max(0, sum);
    });
  }
  return values[0] ?? Number.NaN;
}

/** The first rows of adult.test, categories coded as the models know them. */
function adultRows(count: number): number[][] {
  const encoding = JSON.parse(readFileSync(`${folder}adult_encoding.json`, "utf8")) as {
    readonly columns: readonly string[];
    readonly categories: Readonly<Record<string, readonly string[]>>;
  };
  const lines = readFileSync(`${folder}../../data/adult.test`, "utf8").split("\n");
  return lines.slice(1, count + 1).map((line) => {
    const cells = line.split(", ");
    return encoding.columns.map((column, index) => {
      const cell = cells[index] ?? "";
      return encoding.categories[column]?.indexOf(cell) ?? Number(cell);
    });
  });
}

describe.skipIf(!existsSync(folder))("the shared models", () => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice("cpu");
  });
  afterAll(() => {
    expect(device.allocatedBytes).toBe(0);
    device.dispose();
  });

  async function expectOnBoth(
    name: string,
    rows: readonly (readonly number[])[],
    expected: readonly number[],
    tolerance: number,
  ) {
    const columns = (rows[0] ?? []).map((_, column) => Float64Array.from(rows, (row) => row[column] ?? 0));
    for (const [path, options, runtime] of [
      [`${name}.onnx`, {}, "kernels"],
      [`${name}.onnx`, { onnxruntimeOnly: true }, "onnxruntime"],
      [`${name}.json.gz`, {}, "kernels"],
    ] as const) {
      const model = await openModel(`${folder}${path}`, options);
      try {
        expect(model.runtime).toBe(runtime);
        const [output] = (await model.predict(columns, { device })).outputs;
        if (output?.kind !== "probabilities") throw new Error("no probabilities");
        expect(output.values.length).toBe(expected.length);
        const apart = expected.map((value, row) => Math.abs(value - (output.values[row] ?? Number.NaN)));
        expect(Math.max(...apart), `${path} on ${runtime}`).toBeLessThanOrEqual(tolerance);
      } finally {
        await model.dispose();
      }
    }
  }

  const explained = existsSync(folder)
    ? (JSON.parse(readFileSync(`${folder}../b2_explain.json`, "utf8")) as {
        readonly adult: { readonly rf_p1: readonly number[]; readonly gb_p1: readonly number[] };
        readonly mlp_bc_rows: {
          readonly Xtest_raw: readonly (readonly number[])[];
          readonly p1_test: readonly number[];
        };
      })
    : null;

  it.each([
    ["rf100_d8_adult", () => explained?.adult.rf_p1 ?? [], () => adultRows(200)],
    ["gb100_d3_adult", () => explained?.adult.gb_p1 ?? [], () => adultRows(200)],
    ["mlp_breast_cancer", () => explained?.mlp_bc_rows.p1_test ?? [], () => explained?.mlp_bc_rows.Xtest_raw ?? []],
  ] as const)(
    "%s gives scikit-learn's values to 5e-7, on our kernels and on ONNX Runtime alike",
    async (name, expected, rows) => {
      await expectOnBoth(name, rows(), expected(), 5e-7);
    },
  );

  it("mlp_synth50 gives the values of float64, as near as float32 sums come", async () => {
    const file = read<NetworkFile>("mlp_synth50");
    const random = new PhiloxStream(3, 0);
    const rows = Array.from({ length: 500 }, () => Array.from({ length: 50 }, () => random.uniform() * 4 - 2));
    await expectOnBoth(
      "mlp_synth50",
      rows,
      rows.map((row) => networkSays(file, row)),
      1e-6,
    );
  });

  it("carry their covers, inputs and links for audits that explain them", async () => {
    for (const [name, link] of [
      ["rf100_d8_adult", "identity"],
      ["gb100_d3_adult", "logistic"],
    ] as const) {
      const model = await openModel(`${folder}${name}.onnx`);
      expect(model.forest?.links).toEqual([{ link, sums: [{ terms: [{ of: 0, weight: 1 }], shift: 0 }], place: 0 }]);
      expect(model.forest?.forest.cover).not.toBeNull();
      expect([...(model.forest?.sources ?? [])]).toEqual(Array.from({ length: 14 }, (_, index) => index));
      await model.dispose();
    }
    const network = await openModel(`${folder}mlp_synth50.onnx`);
    expect(network.network?.network.map((layer) => [layer.inputs, layer.outputs, layer.activation])).toEqual([
      [50, 64, "relu"],
      [64, 64, "relu"],
      [64, 1, "logistic"],
    ]);
    expect(network.parameters).toBe(50 * 64 + 64 + 64 * 64 + 64 + 64 + 1);
    await network.dispose();
  });

  it("the 784-128-64-10 network has its exact parameters", async () => {
    const model = await openModel(`${folder}mlp_mnist.json.gz`);
    expect(model.parameters).toBe(109_386);
    expect(model.main).toMatchObject({ kind: "probabilities", width: 10 });
    await model.dispose();
  });
});
