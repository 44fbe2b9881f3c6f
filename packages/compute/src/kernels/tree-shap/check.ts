import { AssayError } from "@assay/schema";
import type { DeviceTable } from "../../device-table.ts";
import type { Forest } from "../../forest.ts";
import { checkForest } from "../forest/check.ts";

/** Decisions on one path, at most: what no trained tree has, and a broken file may. */
const maxDepth = 4096;

/**
 * Holds a forest to its contract, so that every walk ends.
 * @throws AssayError model-invalid, with the node; not-supported for paths beyond 4096 decisions
 */
export function checkTrees(forest: Forest): void {
  const { depth } = checkForest(forest);
  if (depth <= maxDepth) return;
  throw new AssayError(
    "not-supported",
    `treeShap: a tree is ${depth} decisions deep, at most ${maxDepth} can be explained; train it with a limit of depth`,
  );
}

/** @throws AssayError usage without covers, model-invalid for one that is not finite or below 0 */
export function checkCover({ cover, column }: Forest): void {
  if (cover === null) {
    throw usage(
      "this model does not tell how many training rows came to its nodes (cover), which path-dependent values need; ask for interventional ones",
    );
  }
  const wrong = cover.findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
  const fault =
    cover.length !== column.length
      ? `cover has ${cover.length} nodes, column ${column.length}`
      : wrong === -1
        ? null
        : `cover[${wrong}] is ${cover[wrong]}; covers are finite and at least 0`;
  if (fault !== null) throw new AssayError("model-invalid", `treeShap: ${fault}`);
}

/** @throws AssayError usage for a table of another device or width, or an empty one; data-invalid for a weight */
export function checkBackground(
  forest: Forest,
  background: DeviceTable | null,
  weights: Float64Array | null,
): DeviceTable {
  if (!background) throw usage("interventional values need a background table");
  if (background.columns !== forest.inputs) {
    throw usage(`the background has ${background.columns} columns, the forest ${forest.inputs}`);
  }
  if (background.rows === 0) throw usage("the background has no rows");
  if (!weights) return background;
  if (weights.length !== background.rows) {
    throw usage(`there are ${weights.length} weights for ${background.rows} background rows`);
  }
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (wrong !== -1) {
    throw new AssayError(
      "data-invalid",
      `treeShap: background row ${wrong} has the weight ${weights[wrong]}; weights are finite and at least 0`,
    );
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total > 0 && total < Number.POSITIVE_INFINITY) return background;
  throw new AssayError("data-invalid", `treeShap: the background's weights add up to ${total}`);
}

export function usage(message: string): AssayError {
  return new AssayError("usage", `treeShap: ${message}`);
}
