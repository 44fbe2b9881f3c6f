import { type Device, shuffledIndexes } from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import {
  type AttributionBlock,
  type Attributions,
  drawnRows,
  type ExplainedDecision,
  mergeByRow,
} from "../../attributions/attribution.ts";
import { heightsOf, valueText } from "../../attributions/row-values.ts";
import type { AuditContext, MeasureContext, Shards, Step } from "../../define.ts";
import type { Roles } from "../../roles.ts";
import { throwIfAborted } from "../../run.ts";
import { isOverAllSets } from "./explained.ts";
import type { ShapleyInput } from "./settings.ts";

/** Rows of a step: fixed, so that no sum depends on how a run is cut. */
const stepRows = 50_000;
/** A stream of random numbers of its own. */
const backgroundStream = 0x5a9;

export type ShapleyBlock = AttributionBlock & {
  /** Largest |base + Σ values − output|. */
  readonly error: number;
};

export type ShapleySummary = Attributions & {
  readonly background: number;
  /** Where path-dependent values have the covers of the nodes from. */
  readonly covers: "background" | "file";
  readonly blocks: { readonly [start: string]: ShapleyBlock };
};

/** Steps of as many rows whatever the shards, so that the same plan gives the same bits. */
export function planShapley(
  { rows }: Shards,
  { input, roles }: AuditContext<ShapleyInput>,
): readonly { start: number; end: number; detail: null }[] {
  const size = isOverAllSets(input, roles) ? stepRowsOverSets(input, roles) : stepRows;
  return Array.from({ length: Math.max(1, Math.ceil(rows / size)) }, (_, index) => ({
    start: index * size,
    end: Math.min(rows, (index + 1) * size),
    detail: null,
  }));
}

/** About two seconds each, a set taking some 50 ns. A background file tells its size only when it is read. */
function stepRowsOverSets({ background }: ShapleyInput, { model }: Roles): number {
  const sets = 2 ** (model?.inputs.length ?? 0);
  const behind = typeof background === "number" ? background : 100;
  return Math.max(1, Math.min(stepRows, Math.floor(2 ** 25 / (sets * behind))));
}

/** Sets that a run goes through, at most: about a quarter of an hour of one thread. */
const mostSets = 2 ** 34;

/** @throws AssayError not-supported for more work than anybody waits for */
function checkSets(context: MeasureContext<ShapleyInput>, background: number): void {
  const { input, roles, table } = context;
  if (!isOverAllSets(input, roles)) return;
  const inputs = roles.model?.inputs.length ?? 0;
  const sets = table.rows * background * 2 ** inputs;
  if (sets <= mostSets) return;
  const most = Math.floor(mostSets / (background * 2 ** inputs));
  throw new AssayError(
    "not-supported",
    `the probability of one of several classes is explained over all sets of inputs: ${table.rows} rows × ${background} of the background × 2^${inputs} are too many; at this background at most ${most} rows (data.where picks some), or set output: log-odds`,
  );
}

export async function measureShapley(
  rows: CodedTable,
  step: Step,
  context: MeasureContext<ShapleyInput>,
): Promise<ShapleySummary> {
  const { input, roles, model, signal, table } = context;
  if (model === null || roles.model === null) throw new AssayError("internal", "shapley: no model");
  const background = await drawBackground(context);
  checkSets(context, background.rows?.length ?? background.table.rows);
  const explainer = await model.explainTrees({ kind: input.kind, output: input.output, background });
  try {
    const own = roles.model.inputs;
    const inputs = own.length;
    const written = Math.max(0, Math.min(rows.rows, Math.max(input.rows, drawnRows) - step.start));
    const outputs = await explainer.outputs(rows, null);
    const block = {
      rows: rows.rows,
      magnitudes: new Float64Array(inputs),
      squares: new Float64Array(inputs),
      sums: new Float64Array(inputs),
      error: 0,
      values: new Float64Array(written * inputs),
      outputs: outputs.slice(0, written),
    };
    const asked = new Set(input.decisions.filter((row) => row >= step.start && row < step.end));
    const decisions: Record<string, ExplainedDecision> = {};
    for await (const part of explainer.explain(rows, null)) {
      throwIfAborted(signal);
      for (let place = 0; place < part.rows; place++) {
        const row = part.firstRow + place;
        const values = part.values.subarray(place * inputs, (place + 1) * inputs);
        let sum = explainer.base;
        for (let of = 0; of < inputs; of++) {
          const value = values[of] ?? 0;
          sum += value;
          block.sums[of] = (block.sums[of] ?? 0) + value;
          block.magnitudes[of] = (block.magnitudes[of] ?? 0) + Math.abs(value);
          block.squares[of] = (block.squares[of] ?? 0) + value * value;
        }
        block.error = Math.max(block.error, Math.abs(sum - (outputs[row] ?? 0)));
        if (row < written) block.values.set(values, row * inputs);
        if (asked.has(step.start + row)) {
          decisions[String(step.start + row)] = {
            values: values.slice(),
            output: outputs[row] ?? Number.NaN,
            texts: own.map((one) => valueText(one, rows, row)),
          };
        }
      }
    }
    return {
      base: explainer.base,
      covers: explainer.covers,
      background: background.rows?.length ?? background.table.rows,
      blocks: { [step.start]: block },
      heights: step.start === 0 ? own.map((one) => heightsOf(one, table, Math.min(drawnRows, table.rows))) : [],
      decisions,
    };
  } finally {
    explainer.free();
  }
}

export function mergeShapley(a: ShapleySummary, b: ShapleySummary): ShapleySummary {
  return {
    ...a,
    heights: a.heights.length > 0 ? a.heights : b.heights,
    blocks: mergeByRow(a.blocks, b.blocks),
    decisions: mergeByRow(a.decisions, b.decisions),
  };
}

/** The rows that stand for "not told": the plan's background file whole, or rows of the data drawn without repetition. */
async function drawBackground(
  context: MeasureContext<ShapleyInput>,
): Promise<{ readonly table: CodedTable; readonly rows: Uint32Array | null }> {
  const { input, background, table, device, plan } = context;
  if (typeof input.background === "string") {
    if (background === null) {
      throw new AssayError(
        "not-supported",
        `background: ${input.background} cannot be read here; give a number of rows`,
      );
    }
    return { table: background, rows: null };
  }
  const size = Math.min(input.background, table.rows);
  const rows = await firstShuffled(device.host, table.rows, size, plan.seed);
  return { table, rows };
}

async function firstShuffled(device: Device, rows: number, size: number, seed: number): Promise<Uint32Array> {
  const buffer = await shuffledIndexes(device, { rows, seed, stream: backgroundStream });
  try {
    return (await device.download(buffer, new Uint32Array(rows))).slice(0, size).sort();
  } finally {
    buffer.free();
  }
}
