import { type FittedLogistic, writeLinearMixture } from "@assay/models";
import { AssayError } from "@assay/schema";
import type { MeasureContext } from "../../../define.ts";
import { rangeOf } from "../../../statistics/index.ts";
import { chosenNames } from "../chosen.ts";
import { tolerancesTo } from "../front.ts";
import type { Decided } from "../outcomes.ts";
import type { Rows } from "../rows.ts";
import type { MitigationInput } from "../settings.ts";
import { type Features, featuresOf } from "./features.ts";
import { decisionsOf, type Learner, prepareLearner } from "./learner.ts";
import { type Reduction, type ReductionOptions, reduce } from "./reduce.ts";
import { repaired } from "./repair.ts";
import { resampling } from "./resample.ts";
import { reweighing } from "./reweigh.ts";

/** What a method that learns anew leaves behind, to be written out. */
export type LearnedAnew = {
  /** float64[rows]: weights of the rows learned from, 0 for others; null where the method gives none. */
  readonly weights: Float64Array | null;
  /** u32[rows]: how often each row is taken; null where the method does not sample. */
  readonly times: Uint32Array | null;
  /** Numeric features as they were repaired; null where the method repairs none. */
  readonly repaired: { readonly names: readonly string[]; readonly columns: readonly Float64Array[] } | null;
  /** The bytes of an ONNX model; null where the method gives none. */
  readonly model: Uint8Array | null;
  /** Classifiers in the mixture, how often one was learned, and how far it may be from the best; null but for reduce. */
  readonly reduction: { readonly members: number; readonly oracleCalls: number; readonly gap: number } | null;
};

/** What another tolerance gives. */
export interface FrontChance {
  readonly tolerance: number;
  readonly chance: Float64Array;
}

/** Rounds of a point of the front at most: it begins with the classifiers of the points before. */
const mostFrontRounds = 6;

const nothing: LearnedAnew = { weights: null, times: null, repaired: null, model: null, reduction: null };

/** Learns without the method and with it: the same learner on the same rows. */
export async function learnAnew(
  rows: Rows,
  context: MeasureContext<MitigationInput>,
): Promise<{ readonly decided: Decided; readonly learned: LearnedAnew; readonly front: readonly FrontChance[] }> {
  const { input, signal } = context;
  const features = featuresOf(rows, context);
  const learner = prepareLearner(rows, features, context);
  try {
    const plain = await learner.prepared.fit({ signal });
    const before = await decisionsOf(plain, features, signal);
    switch (input.method) {
      case "reweigh":
        return await reweighed(rows, learner, before, context);
      case "resample":
        return await resampled(rows, learner, before, context);
      case "repair":
        return await repairedAnew(rows, learner, before, context);
      case "reduce":
        return await reduced(rows, learner, plain, before, context);
      case "threshold":
        throw new AssayError("internal", "mitigation: thresholds are learned from scores");
    }
  } finally {
    learner.prepared.free();
  }
}

type Result = ReturnType<typeof learnAnew>;

function certain(decisions: Uint8Array): Float64Array {
  return Float64Array.from(decisions);
}

async function reweighed(
  rows: Rows,
  learner: Learner,
  before: Uint8Array,
  { signal }: MeasureContext<MitigationInput>,
): Result {
  const factors = reweighing(rows);
  const weights = new Float64Array(rows.table.rows);
  for (const [index, row] of learner.trainRows.entries()) {
    const cell = (rows.group[row] ?? 0) * 2 + (learner.labels[index] ?? 0);
    weights[row] = (learner.weights[index] ?? 1) * (factors[cell] ?? 0);
  }
  const model = await learner.prepared.fit({
    weights: Float64Array.from(learner.trainRows, (row) => weights[row] ?? 0),
    signal,
  });
  return ended(model, learner, before, signal, { ...nothing, weights });
}

async function resampled(
  rows: Rows,
  learner: Learner,
  before: Uint8Array,
  { plan, signal }: MeasureContext<MitigationInput>,
): Result {
  const times = resampling(rows, plan.seed);
  const weights = Float64Array.from(
    learner.trainRows,
    (row, index) => (times[row] ?? 0) * (learner.weights[index] ?? 1),
  );
  return ended(await learner.prepared.fit({ weights, signal }), learner, before, signal, { ...nothing, times });
}

async function ended(
  model: FittedLogistic,
  { features }: Learner,
  before: Uint8Array,
  signal: AbortSignal,
  learned: LearnedAnew,
): Result {
  const after = await decisionsOf(model, features, signal);
  return {
    decided: { before, chance: certain(after) },
    learned: { ...learned, model: model.toModelBytes("onnx") },
    front: [],
  };
}

async function repairedAnew(
  rows: Rows,
  { features }: Learner,
  before: Uint8Array,
  context: MeasureContext<MitigationInput>,
): Result {
  const { input, roles, signal } = context;
  const moved = repaired(features, rows, input.level, chosenNames(input, roles));
  const again = prepareLearner(rows, moved, context);
  try {
    const after = await decisionsOf(await again.prepared.fit({ signal }), moved, signal);
    const numeric = moved.names.flatMap((name, index) => {
      const column = moved.columns[index];
      return column !== undefined && ArrayBuffer.isView(column) ? [{ name, column: Float64Array.from(column) }] : [];
    });
    return {
      decided: { before, chance: certain(after) },
      learned: {
        ...nothing,
        repaired: { names: numeric.map(({ name }) => name), columns: numeric.map(({ column }) => column) },
      },
      front: [],
    };
  } finally {
    again.prepared.free();
  }
}

async function reduced(
  rows: Rows,
  learner: Learner,
  plain: FittedLogistic,
  before: Uint8Array,
  { input, signal }: MeasureContext<MitigationInput>,
): Result {
  const { features } = learner;
  const game = {
    learner,
    ...constrained(rows, learner, input),
    constraint: input.constraint === "equalized-odds" ? ("equalized-odds" as const) : ("demographic-parity" as const),
    signal,
  };
  const { members, oracleCalls, gap, seen } = await reduce({ ...game, tolerance: input.tolerance });
  const chanceOf = (mixture: Reduction["members"]): Promise<Float64Array> =>
    mixtureChances(mixture, features, rows.table.rows, signal);
  const chance = await chanceOf(members);
  // The widest gap worth a point is that of the classifier without a constraint, the first that was learned.
  const tolerances = tolerancesTo(widestOf(seen[0]?.rates ?? new Float64Array(0), game), input.frontier);
  const front: FrontChance[] = [];
  let known = seen;
  for (const tolerance of tolerances) {
    if (tolerance === input.tolerance) continue;
    const other = await reduce({ ...game, tolerance, seen: known, rounds: mostFrontRounds });
    known = other.seen;
    front.push({ tolerance, chance: await chanceOf(other.members) });
  }
  if (input.frontier > 0) front.push({ tolerance: input.tolerance, chance });
  front.sort((a, b) => a.tolerance - b.tolerance);
  return {
    decided: { before, chance },
    learned: {
      ...nothing,
      model: writeLinearMixture(
        members.map(({ member, probability }) => ({
          probability,
          ...(member.kind === "fitted" ? { classifier: member.model } : { decision: member.decision }),
        })),
        plain.inputs,
      ),
      reduction: { members: members.length, oracleCalls, gap },
    },
    front,
  };
}

/** Chance of a positive decision of every row: the share of the mixture that decides so. */
async function mixtureChances(
  members: Reduction["members"],
  features: Features,
  rows: number,
  signal: AbortSignal,
): Promise<Float64Array> {
  const chance = new Float64Array(rows);
  for (const { member, probability } of members) {
    const decisions = member.kind === "fitted" ? await decisionsOf(member.model, features, signal) : null;
    const always = member.kind === "constant" ? member.decision : 0;
    for (let row = 0; row < rows; row++) {
      chance[row] = (chance[row] ?? 0) + probability * (decisions ? (decisions[row] ?? 0) : always);
    }
  }
  // Probabilities add up to 1 but for rounding.
  return chance.map((sum) => (sum > 1 - 1e-12 ? 1 : sum < 1e-12 ? 0 : sum));
}

/** The greatest gap of rates within an event. */
function widestOf(
  rates: Float64Array,
  { group, groups, constraint, learner }: Pick<ReductionOptions, "constraint" | "group" | "groups" | "learner">,
): number {
  const there = new Uint8Array(rates.length);
  for (const [row, place] of group.entries()) {
    if (place >= 0) there[(constraint === "equalized-odds" ? (learner.labels[row] ?? 0) * groups : 0) + place] = 1;
  }
  let widest = 0;
  for (let start = 0; start < rates.length; start += groups) {
    const held = Array.from(rates.subarray(start, start + groups)).filter((_, index) => there[start + index] === 1);
    if (held.length > 1) widest = Math.max(widest, rangeOf(held));
  }
  return widest;
}

/** The groups that are held to the constraint: known, with enough rows to learn from; and what a wrong decision costs. */
export function constrained(
  rows: Rows,
  { trainRows, labels, weights }: Learner,
  input: Pick<MitigationInput, "min_count" | "objective">,
): { readonly group: Int32Array; readonly groups: number; readonly cost: Float64Array } {
  const sizes = new Float64Array(rows.groups.length);
  const mass = [0, 0];
  for (const [index, row] of trainRows.entries()) {
    const group = rows.group[row] ?? 0;
    sizes[group] = (sizes[group] ?? 0) + 1;
    const yes = labels[index] ?? 0;
    mass[yes] = (mass[yes] ?? 0) + (weights[index] ?? 1);
  }
  const all = (mass[0] ?? 0) + (mass[1] ?? 0);
  return {
    groups: rows.groups.length,
    group: Int32Array.from(trainRows, (row) => {
      const group = rows.group[row] ?? 0;
      return rows.groups[group]?.known === true && (sizes[group] ?? 0) >= Math.max(1, input.min_count) ? group : -1;
    }),
    cost: Float64Array.from(labels, (yes, index) => {
      const weight = weights[index] ?? 1;
      return input.objective === "accuracy" ? weight / all : weight / (2 * (mass[yes] ?? all));
    }),
  };
}
