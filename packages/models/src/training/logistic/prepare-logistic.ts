import { type Device, type LoadedLogistic, loadLogistic } from "@assay/compute";
import { AssayError } from "@assay/schema";
import { encodeColumns, encodingsOf, featureNames, type InputEncoding, type TextEncoding } from "../encoding.ts";
import { checkTable, lookAt, type TrainingTable, targetsOf, throwIfAborted } from "../training-table.ts";
import { FittedLogistic } from "./fitted-logistic.ts";
import { lbfgs } from "./lbfgs.ts";
import type { Minimum } from "./minimum.ts";
import { dependentColumns, newton } from "./newton.ts";
import { checkOptions, type LogisticOptions } from "./options.ts";
import { LogisticProblem } from "./problem.ts";
import { standardErrorsOf } from "./standard-errors.ts";
import { fromStandard, type Standard, standardised, standardOf, toStandard } from "./standardise.ts";

export interface PrepareLogisticOptions {
  /** Its processor is used: see `loadLogistic`. */
  readonly device: Device;
  /** How text columns become numbers; asked for where there are any. */
  readonly texts?: TextEncoding;
  /**
   * Fits (x − mean) / deviation of each column, as scikit-learn's StandardScaler before the regression does; coefficients and
   * the penalty are of these, and a model file scales its inputs. Default false.
   */
  readonly standardize?: boolean;
}

/** Coefficients up to which the Hessian is made: its cost grows with their square, that of a solution with their cube. */
const mostForNewton = 500;

/**
 * Encodes a table and puts it on a device, to fit logistic regressions on it with any labels and weights: a fit then costs
 * its iterations alone. To be freed.
 * @throws AssayError data-invalid for a table that does not fit together, texts without an encoding, a missing or infinite
 *   value with its column and row, columns that all do not vary, labels that are no classes
 */
export function prepareLogistic(table: TrainingTable, options: PrepareLogisticOptions): PreparedLogistic {
  return new PreparedLogistic(table, options);
}

/** Fits one logistic regression. @throws AssayError as `prepareLogistic` and `PreparedLogistic.fit` do */
export async function trainLogistic(
  table: TrainingTable,
  { device, texts, standardize, ...options }: LogisticOptions & PrepareLogisticOptions,
): Promise<FittedLogistic> {
  const prepared = prepareLogistic(table, {
    device,
    ...(texts === undefined ? {} : { texts }),
    ...(standardize === undefined ? {} : { standardize }),
  });
  try {
    return await prepared.fit(options);
  } finally {
    prepared.free();
  }
}

/** A table ready to be fitted. One fit at a time. */
export class PreparedLogistic {
  readonly classes: readonly string[];
  /** Names of the columns that coefficients are of. */
  readonly features: readonly string[];
  readonly rows: number;
  readonly #table: TrainingTable;
  readonly #encodings: readonly InputEncoding[];
  readonly #standard: Standard;
  readonly #loaded: LoadedLogistic;
  #fitting = false;

  constructor(table: TrainingTable, { device, texts, standardize = false }: PrepareLogisticOptions) {
    this.rows = checkTable(table);
    if (table.classes === null) {
      throw new AssayError("data-invalid", "logistic regression: labels are numbers; it takes classes");
    }
    this.classes = table.classes;
    this.#table = table;
    this.#encodings = encodingsOf(table.names, table.columns, texts);
    this.features = featureNames(this.#encodings);
    const columns = encodeColumns(this.#encodings, table.columns);
    this.#standard = standardOf(columns, this.features, standardize);
    this.#loaded = loadLogistic(device, standardised(columns, this.#standard));
  }

  /**
   * The coefficients that make Σ weight · −log p(label) + ‖coefficients‖² / (2 C) smallest, scikit-learn's objective: by
   * Newton's method, beyond 500 coefficients by L-BFGS. The same bits for any number of threads. What was found, and how
   * surely, is told by `status`: data that a plane separates have no finite best coefficients without a penalty. A column
   * that is a combination of those before it (a constant one of the intercept) has the coefficient 0 without a penalty and
   * is told in `dependent`.
   * @throws AssayError data-invalid for labels and weights that do not fit, naming the row, and for a class without rows;
   *   usage for options out of range; cancelled
   */
  async fit(options: LogisticOptions = {}): Promise<FittedLogistic> {
    if (this.#fitting) throw new AssayError("internal", "logistic regression: the table is being fitted already");
    this.#fitting = true;
    try {
      return await this.#fit(options);
    } finally {
      this.#fitting = false;
    }
  }

  async #fit(options: LogisticOptions): Promise<FittedLogistic> {
    const { labels, weights } = targetsOf(this.#table, this.rows, options);
    const outputs = this.classes.length === 2 ? 1 : this.classes.length;
    const columns = this.features.length;
    checkOptions(options, outputs, columns);
    throwIfAborted(options.signal);
    const { C = 1, tolerance = 1e-8, signal } = options;
    const codes = labels instanceof Float64Array ? Uint32Array.from(labels) : labels;
    this.#loaded.use({ classes: this.classes.length, labels: codes, weights });
    const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? this.rows;
    const standard = this.#standard;
    const penalties = standard.scales.map((scale) => (standard.kept ? 1 : 1 / scale ** 2) / C);
    const problem = new LogisticProblem(this.#loaded, outputs, penalties, total);
    const wide = problem.size > mostForNewton;
    const maxIterations = options.maxIterations ?? (wide ? 10_000 : 100);
    const watch = async (iteration: number) => {
      options.progress?.(iteration, maxIterations);
      await lookAt(signal);
    };
    const search = { tolerance, maxIterations, watch };
    const start = options.start ? toStandard(options.start, standard) : new Float64Array(problem.size);
    const fixed = new Uint8Array(problem.width);
    if (!wide && C === Number.POSITIVE_INFINITY) {
      // At 0 every row counts, whatever the start says of it.
      await problem.at(new Float64Array(problem.size));
      fixed.set(dependentColumns(await this.#loaded.hessian(), problem.size, problem.width));
      for (let at = 0; at < start.length; at++) if (fixed[at % problem.width] === 1) start[at] = 0;
    }
    const from = (v: Float64Array) => (wide ? lbfgs(problem, v, search) : newton(problem, v, fixed, search));
    let found = await from(start);
    // A start so far out that no row counts leads nowhere.
    if (options.start && (found.status === "stalled" || found.status === "iteration-limit")) {
      found = await from(new Float64Array(problem.size));
    }
    const probabilities = await this.#loaded.probabilities();
    const separable =
      C === Number.POSITIVE_INFINITY &&
      (found.status === "diverging" || this.#separates(probabilities, codes, weights));
    const errors =
      options.standardErrors === true &&
      outputs === 1 &&
      C === Number.POSITIVE_INFINITY &&
      found.status === "converged" &&
      !wide
        ? standardErrorsOf(await this.#loaded.hessian(), fixed, standard)
        : null;
    return new FittedLogistic({
      ...fromStandard(found.v, outputs, standard),
      inputs: this.#encodings,
      classes: this.classes,
      features: this.features,
      scaler: standard.kept ? { offset: standard.means, scale: standard.scales.map((scale) => 1 / scale) } : null,
      status: separable ? "separable" : (found.status as Exclude<Minimum["status"], "diverging">),
      iterations: found.iterations,
      gradient: found.gradient,
      diverging: separable ? this.#diverging(found, problem) : [],
      dependent: this.features.filter((_, column) => fixed[column] === 1),
      standardErrors: errors,
      probabilities,
    });
  }

  free(): void {
    this.#loaded.free();
  }

  /** Whether every row with a weight is on its class's side: a plane between the classes, which is a proof. */
  #separates(probabilities: Float64Array, labels: Uint8Array | Uint32Array, weights: Float64Array | null): boolean {
    const { rows } = this;
    const outputs = probabilities.length / rows;
    for (let row = 0; row < rows; row++) {
      if ((weights?.[row] ?? 1) === 0) continue;
      const label = labels[row] ?? 0;
      if (outputs === 1) {
        const p = probabilities[row] ?? 0;
        if (label === 1 ? p <= 0.5 : p >= 0.5) return false;
        continue;
      }
      const own = probabilities[label * rows + row] ?? 0;
      for (let output = 0; output < outputs; output++) {
        if (output !== label && (probabilities[output * rows + row] ?? 0) >= own) return false;
      }
    }
    return true;
  }

  /** Names of the columns whose coefficients grow; of a search that did not get so far, those that are largest. */
  #diverging(found: Minimum, problem: LogisticProblem): string[] {
    const grows = (column: number, output: number) => {
      const at = output * problem.width + column;
      return found.growing.length > 0 ? found.growing[at] === 1 : Math.abs(found.v[at] ?? 0) >= 1;
    };
    return this.features.filter((_, column) =>
      Array.from({ length: problem.outputs }, (_, output) => output).some((output) => grows(column, output)),
    );
  }
}
