import { type CodedTable, coded, numbers } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { MeasureContext } from "../../define.ts";
import { combinations, compareCodes } from "../../groups/combinations.ts";
import { readWeights } from "../../row-weights.ts";
import { chosenRoles, learnsFrom } from "./chosen.ts";
import type { MitigationInput } from "./settings.ts";
import { drawSplit, readSplit } from "./split.ts";

/** A group: one value for each column of `by`; null is unknown. */
export interface GroupValues {
  readonly values: readonly (string | null)[];
  readonly known: boolean;
}

/** The rows of a mitigation: who belongs where, learned from or held out. */
export interface Rows {
  readonly table: CodedTable;
  readonly groups: readonly GroupValues[];
  /** int32[rows]: place among the groups. */
  readonly group: Int32Array;
  /** Binary labels: 1 negative, 2 positive, 0 missing. */
  readonly label: ArrayLike<number>;
  /** Null where the plan gives none, or the method makes decisions of its own to compare with. */
  readonly decision: ArrayLike<number> | null;
  /** Times each row stands for; 0 in both where it is left out. */
  readonly train: Float64Array;
  readonly test: Float64Array;
  readonly weights: Float64Array | null;
  readonly leftOut: LeftOut;
}

export type LeftOut = {
  readonly label: number;
  readonly score: number;
  readonly decision: number;
  readonly weight: number;
  /** Rows that the split column gives neither to train nor to test. */
  readonly split: number;
};

export async function readRows(table: CodedTable, context: MeasureContext<MitigationInput>): Promise<Rows> {
  const { input, roles, device, plan } = context;
  if (!roles.label) throw new AssayError("internal", "mitigation: the plan has no label");
  const columns = chosenRoles(input, roles).map((role) => coded(table, role.request));
  const { ids, members } = await combinations(device, columns, table.rows);
  const order = members
    .map((codes, id) => ({ codes: codes.map(rank), id }))
    .sort((a, b) => compareCodes(a.codes, b.codes));
  const placeOf = new Int32Array(members.length);
  for (const [place, { id }] of order.entries()) placeOf[id] = place;
  const groups = order.map(({ id }): GroupValues => {
    const codes = members[id] ?? [];
    return {
      values: codes.map((code, column) => (code === 0 ? null : (columns[column]?.levels[code - 1] ?? null))),
      known: codes.every((code) => code !== 0),
    };
  });

  const { weights, counts, weightless } = readWeights(table, roles);
  const label = coded(table, roles.label).codes;
  const usesScore = learnsFrom(input.method) === "score";
  const scores = usesScore && roles.score ? numbers(table, roles.score).values : null;
  const decision = usesScore && roles.decision ? coded(table, roles.decision).codes : null;
  const left = { label: 0, score: 0, decision: 0 };
  const group = new Int32Array(table.rows);
  const strata = new Int32Array(table.rows).fill(-1);
  for (let row = 0; row < table.rows; row++) {
    group[row] = placeOf[ids[row] ?? 0] ?? 0;
    const times = counts?.[row] ?? 1;
    if (times === 0) continue;
    if (label[row] === 0) left.label += times;
    else if (scores && Number.isNaN(scores[row])) left.score += times;
    else if (decision && decision[row] === 0) left.decision += times;
    else strata[row] = (group[row] ?? 0) * 2 + ((label[row] ?? 1) - 1);
  }
  const { train, test } =
    input.split === ""
      ? drawSplit(strata, groups.length * 2, counts, input.test, plan.seed)
      : readSplit(coded(table, { kind: "text", column: input.split }), strata, counts);
  let unsplit = 0;
  for (const [row, stratum] of strata.entries()) {
    if (stratum >= 0 && train[row] === 0 && test[row] === 0) unsplit += counts?.[row] ?? 1;
  }
  return {
    table,
    groups,
    group,
    label,
    decision,
    train,
    test,
    weights,
    leftOut: { ...left, weight: weightless, split: unsplit },
  };
}

/** Missing is code 0, yet stands last. */
function rank(code: number): number {
  return code === 0 ? Number.MAX_SAFE_INTEGER : code;
}
