import { readFileSync } from "node:fs";
import type { Written } from "./written-models.testing.ts";

/** A model with the rows it was asked about and what PyTorch gave for them. */
export interface Case {
  readonly name: string;
  readonly topology: unknown;
  readonly signature?: unknown;
  readonly weights: readonly { readonly name: string; readonly shape: number[]; readonly values: number[] }[];
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
  /** Of the last output by each input. */
  readonly gradients?: readonly (readonly number[])[];
}

const { cases } = JSON.parse(readFileSync(new URL("fixture.json", import.meta.url), "utf8")) as { cases: Case[] };

export function fixtureCase(name: string): Case {
  const found = cases.find((one) => one.name === name);
  if (!found) throw new Error(`no case ${name}`);
  return found;
}

/** As the files of a model have it. */
export function asWritten({ topology, weights }: Case): Written {
  return {
    topology,
    weights: weights.map(({ name, shape, values }) => ({
      name,
      shape,
      dtype: "float32",
      values: Float32Array.from(values),
    })),
  };
}

/** What of `model.json` is beside topology and weights. */
export function changeOf({ signature }: Case): (json: Record<string, unknown>) => void {
  return (json) => {
    if (signature === undefined) return;
    Object.assign(json, {
      format: "graph-model",
      generatedBy: "2.15.0",
      convertedBy: "TensorFlow.js Converter v4.22.0",
    });
    json.signature = signature;
  };
}

export function columnsOf({ inputs }: Case): Float64Array[] {
  return (inputs[0] ?? []).map((_, column) => Float64Array.from(inputs, (row) => row[column] ?? Number.NaN));
}
