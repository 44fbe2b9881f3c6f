import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixture } from "../fixture.testing.ts";
import { type LogisticOptions, prepareLogistic, type TrainingTable, trainLogistic } from "../index.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

function expectNear(ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number): void {
  expect(ours.length).toBe(theirs.length);
  for (let at = 0; at < theirs.length; at++) {
    const apart = Math.abs((ours[at] ?? Number.NaN) - (theirs[at] ?? 0));
    expect(apart).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(theirs[at] ?? 0)));
  }
}

/** Normal columns, and labels that a logistic model of the given coefficients draws, output after output with the intercept last. */
function drawn(seed: number, rows: number, width: number, planted: readonly (readonly number[])[]): TrainingTable {
  const random = new PhiloxStream(seed, 0);
  const columns = Array.from({ length: width }, () => Float64Array.from({ length: rows }, () => random.normal()));
  const labels = Uint8Array.from({ length: rows }, (_, row) => {
    const scores = planted.map((own) =>
      columns.reduce((sum, column, at) => sum + (own[at] ?? 0) * (column[row] ?? 0), own[width] ?? 0),
    );
    const odds = (planted.length === 1 ? [0, ...scores] : scores).map(Math.exp);
    let rest = random.uniform() * odds.reduce((sum, one) => sum + one, 0);
    return odds.findIndex((one) => {
      rest -= one;
      return rest < 0;
    });
  });
  const names = columns.map((_, column) => `x${column}`);
  const classes = Array.from({ length: Math.max(2, planted.length) }, (_, code) => String(code));
  return { columns, names, labels, classes, weights: null };
}

describe("trainLogistic", () => {
  const { columns, weights, fits, ...labels } = fixture.logistic;
  const table = (of: "three" | "two", weighted: boolean): TrainingTable => ({
    columns: columns.map((column) => Float64Array.from(column)),
    names: columns.map((_, column) => `x${column}`),
    labels: Uint8Array.from(labels[of]),
    classes: of === "two" ? ["0", "1"] : ["0", "1", "2"],
    weights: weighted ? Float64Array.from(weights) : null,
  });

  it.each(fits)("has scikit-learn's coefficients: $labels classes, C $C, weights $weighted", async (fit) => {
    const C = fit.C ?? Number.POSITIVE_INFINITY;
    const fitted = await trainLogistic(table(fit.labels, fit.weighted), { device, C, standardErrors: true });
    expect(fitted.status).toBe("converged");
    expect(fitted.gradient).toBeLessThanOrEqual(1e-8);
    // Its own search stops at a gradient of 1e-6 of the sum.
    for (const [output, row] of fit.coefficients.entries()) expectNear(fitted.coefficients[output] ?? [], row, 1e-5);
    expectNear(fitted.intercepts, fit.intercepts, 1e-5);
    expect(fitted.standardErrors === null).toBe(fit.standardErrors === undefined);
    if (!fit.standardErrors || !fitted.standardErrors) return;
    expectNear(fitted.standardErrors.coefficients, fit.standardErrors.coefficients, 1e-5);
    expectNear([fitted.standardErrors.intercept], [fit.standardErrors.intercept], 1e-5);
  });

  it("fits what is drawn from a planted model, within four standard errors", async () => {
    const planted = [0.8, -1.2, 0, 0.5, -0.3];
    const data = drawn(21, 20_000, 4, [planted]);
    const fitted = await trainLogistic(data, { device, C: Number.POSITIVE_INFINITY, standardErrors: true });
    const errors = [...(fitted.standardErrors?.coefficients ?? []), fitted.standardErrors?.intercept ?? 0];
    const found = [...(fitted.coefficients[0] ?? []), fitted.intercepts[0] ?? 0];
    for (const [at, value] of planted.entries()) {
      expect(errors[at]).toBeGreaterThan(0.01);
      expect(Math.abs((found[at] ?? 0) - value)).toBeLessThan(4 * (errors[at] ?? 0));
    }
  });

  it("takes weights as repetitions of rows, and rows of weight 0 as absent", async () => {
    const data = drawn(3, 300, 3, [[1, -1, 0.5, 0]]);
    const times = Float64Array.from({ length: 300 }, (_, row) => row % 4);
    const repeated = [...times.keys()].flatMap((row) => new Array<number>(times[row] ?? 0).fill(row));
    const long: TrainingTable = {
      ...data,
      columns: data.columns.map((column) => Float64Array.from(repeated, (row) => (column as Float64Array)[row] ?? 0)),
      labels: Uint8Array.from(repeated, (row) => data.labels[row] ?? 0),
    };
    const weighted = await trainLogistic({ ...data, weights: times }, { device });
    const plain = await trainLogistic(long, { device });
    expectNear(weighted.coefficients[0] ?? [], plain.coefficients[0] ?? [], 1e-8);
    expectNear(weighted.intercepts, plain.intercepts, 1e-8);
  });

  it("refits a prepared table with other labels, weights and start, as if it were the first fit", async () => {
    const data = drawn(9, 3000, 5, [[0.4, -1, 0.2, 0, 2, 0.1]]);
    const other = data.labels.map((label, row) => (row % 10 === 0 ? 1 - label : label));
    const weights = Float64Array.from({ length: 3000 }, (_, row) => 0.5 + (row % 3));
    const prepared = prepareLogistic(data, { device });
    const first = await prepared.fit();
    const second = await prepared.fit({ labels: other, weights });
    const warm = await prepared.fit({ labels: other, weights, start: first });
    prepared.free();
    const alone = await trainLogistic({ ...data, labels: other, weights }, { device });
    expect(second.coefficients).toEqual(alone.coefficients);
    expect(second.training).toEqual(alone.training);
    expectNear(warm.coefficients[0] ?? [], alone.coefficients[0] ?? [], 1e-6);
    const again = await trainLogistic(data, { device, start: first });
    expect(again.iterations).toBeLessThan(first.iterations);
    expectNear(again.coefficients[0] ?? [], first.coefficients[0] ?? [], 1e-8);
  });

  it.each([
    ["so far out that steps must be halved", 20],
    ["at which no row counts any more", 1e6],
  ])("finds its way from a start %s", async (_, far) => {
    const data = drawn(9, 1000, 3, [[0.4, -1, 0.2, 0.1]]);
    for (const C of [1, Number.POSITIVE_INFINITY]) {
      const meant = await trainLogistic(data, { device, C });
      const start = { coefficients: [Float64Array.of(far, far, -far)], intercepts: Float64Array.of(far) };
      const fitted = await trainLogistic(data, { device, C, start });
      expect(fitted.status).toBe("converged");
      expectNear(fitted.coefficients[0] ?? [], meant.coefficients[0] ?? [], 1e-6);
    }
  });

  it("refuses a second fit while one is under way", async () => {
    const data = drawn(9, 1000, 3, [[0.4, -1, 0.2, 0.1]]);
    const prepared = prepareLogistic(data, { device });
    const first = prepared.fit({ signal: new AbortController().signal });
    await expect(prepared.fit()).rejects.toThrow(/is being fitted already/);
    expect((await first).status).toBe("converged");
    expect((await prepared.fit()).status).toBe("converged");
    prepared.free();
  });

  it("gives the same bits for any number of threads", async () => {
    const data = drawn(5, 9000, 6, [[0.4, -1, 0.2, 0, 2, 0.3, 0.1]]);
    const both = [];
    for (const threads of [1, 2]) {
      const own = await openDevice("cpu", { threads });
      const { coefficients, intercepts, gradient } = await trainLogistic(data, { device: own });
      both.push({ coefficients, intercepts, gradient });
      own.dispose();
    }
    expect(both[1]).toEqual(both[0]);
  });

  it("standardises as a pipeline does: the coefficients are those of scaled columns", async () => {
    const data = table("two", false);
    const scaled = data.columns.map((column) => {
      const values = column as Float64Array;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      return values.map((value) => (value - mean) / deviation);
    });
    const pipeline = await trainLogistic(data, { device, standardize: true, C: 0.1 });
    const plain = await trainLogistic({ ...data, columns: scaled }, { device, C: 0.1 });
    expectNear(pipeline.coefficients[0] ?? [], plain.coefficients[0] ?? [], 1e-8);
    expectNear(pipeline.intercepts, plain.intercepts, 1e-8);
    const given = await pipeline.predict(data.columns, { device });
    expectNear(given, pipeline.training, 1e-12);
  });

  it("minimises the same function where it has too many coefficients for a Hessian", async () => {
    const data = drawn(7, 400, 600, [Array.from({ length: 601 }, (_, at) => (at < 5 ? 1 : 0))]);
    const fitted = await trainLogistic(data, { device, C: 0.2, tolerance: 1e-10 });
    expect(fitted.status).toBe("converged");
    const [coefficients = new Float64Array()] = fitted.coefficients;
    // The gradient, told again by plain sums: that of the loss is the coefficients' over −C.
    const residual = Float64Array.from(data.labels, (label, row) => (fitted.training[2 * row + 1] ?? 0) - label);
    expect(Math.abs(residual.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-6);
    for (const [at, column] of data.columns.entries()) {
      const slope = residual.reduce((sum, value, row) => sum + value * ((column as Float64Array)[row] ?? 0), 0);
      expect(Math.abs(slope + (coefficients[at] ?? 0) / 0.2)).toBeLessThan(1e-6);
    }
  });

  describe("without finite coefficients that are best", () => {
    const free: LogisticOptions = { C: Number.POSITIVE_INFINITY };
    const x = Float64Array.from({ length: 40 }, (_, row) => row);
    const noise = Float64Array.from({ length: 40 }, (_, row) => (row * 17) % 7);

    it("says that a column separates the classes, and which", async () => {
      const labels = Uint8Array.from(x, (value) => Number(value >= 20));
      const data = { columns: [x, noise], names: ["x", "noise"], labels, classes: ["no", "yes"], weights: null };
      const fitted = await trainLogistic(data, { device, ...free });
      expect(fitted.status).toBe("separable");
      expect(fitted.diverging).toContain("x");
      expect(fitted.coefficients[0]?.every(Number.isFinite)).toBe(true);
      expect((await trainLogistic(data, { device })).status).toBe("converged");
    });

    it("says it where only one side of a rare column is pure", async () => {
      const rare = Float64Array.from(x, (value) => Number(value % 10 === 3));
      const labels = Uint8Array.from(x, (value) => Number(value % 10 === 3 || value % 2 === 0));
      const data = { columns: [rare, noise], names: ["rare", "noise"], labels, classes: ["no", "yes"], weights: null };
      const fitted = await trainLogistic(data, { device, ...free });
      expect(fitted.status).toBe("separable");
      expect(fitted.diverging).toEqual(["rare"]);
    });

    it("leaves out a column that others make up, and one that does not vary, and says so", async () => {
      const data = drawn(2, 500, 3, [[1, -1, 0.5, 0.2]]);
      const [a, b, c] = data.columns as Float64Array[];
      if (!a || !b || !c) throw new Error("no columns");
      const twice = a.map((value, row) => 3 * value - 2 * (b[row] ?? 0) + 5);
      const names = ["a", "b", "same", "c", "five"];
      const more = { ...data, columns: [a, b, twice, c, new Float64Array(500).fill(5)], names };
      const fitted = await trainLogistic(more, { device, ...free });
      const plain = await trainLogistic(data, { device, ...free });
      expect(fitted.status).toBe("converged");
      expect(fitted.dependent).toEqual(["same", "five"]);
      expectNear(
        [0, 1, 3].map((at) => fitted.coefficients[0]?.[at] ?? 0),
        plain.coefficients[0] ?? [],
        1e-7,
      );
      expect(fitted.coefficients[0]?.[2]).toBe(0);
      // With a penalty the best ones are unique.
      const penalised = await trainLogistic(more, { device });
      expect(penalised.dependent).toEqual([]);
      expect(penalised.coefficients[0]?.[2]).not.toBe(0);
      expect(penalised.coefficients[0]?.[4]).toBe(0);
    });

    it("ends at the iteration limit and says so", async () => {
      const data = drawn(2, 500, 3, [[1, -1, 0.5, 0.2]]);
      const fitted = await trainLogistic(data, { device, maxIterations: 1 });
      expect(fitted).toMatchObject({ status: "iteration-limit", iterations: 1 });
      expect(fitted.gradient).toBeGreaterThan(1e-8);
    });
  });

  it("stops between iterations, and tells its progress", async () => {
    const data = drawn(2, 2000, 3, [[1, -1, 0.5, 0.2]]);
    const control = new AbortController();
    const seen: number[] = [];
    const progress = (done: number) => {
      seen.push(done);
      if (done === 2) control.abort();
    };
    await expect(trainLogistic(data, { device, signal: control.signal, progress })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(seen).toEqual([0, 1, 2]);
    await expect(trainLogistic(data, { device, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  it("refuses what cannot be fitted, naming the place", async () => {
    const data = drawn(2, 20, 2, [[1, -1, 0]]);
    const [a, b] = data.columns as Float64Array[];
    if (!a || !b) throw new Error("no columns");
    const refused = (change: Partial<TrainingTable>, options: LogisticOptions = {}) =>
      expect(trainLogistic({ ...data, ...change }, { device, ...options })).rejects;
    await refused({ columns: [a, b.with(3, Number.NaN)] }).toThrow(/column x1, row 3 is missing/);
    await refused({ columns: [a, b.with(4, Number.POSITIVE_INFINITY)] }).toThrow(/column x1, row 4 is Infinity/);
    await refused({ columns: [a, b.subarray(1)] }).toThrow(/column x1 has 19 rows/);
    await refused({ columns: [], names: [] }).toThrow(/there are no columns/);
    await refused({ columns: [a.subarray(20), b.subarray(20)] }).toThrow(/there are no rows/);
    await refused({ columns: [a.map(() => 1), b.map(() => 2)] }).toThrow(/no column varies/);
    await refused({ labels: new Uint8Array(20) }).toThrow(/all rows with a weight are of one class, "0"/);
    await refused({ labels: data.labels.subarray(1) }).toThrow(/19 labels for 20 rows/);
    await refused({ labels: Float64Array.from(data.labels).with(2, 0.5) }).toThrow(/row 2 has the label 0.5/);
    await refused({ classes: ["0", "1", "2"] }).toThrow(/no row with a weight is of the class "2"/);
    await refused({ classes: null }).toThrow(/it takes classes/);
    await refused({ weights: new Float64Array(20).fill(1).with(5, -2) }).toThrow(/row 5 has the weight -2/);
    await refused({ weights: new Float64Array(20) }).toThrow(/all weights are 0/);
    await refused({ names: ["x", "x"] }).toThrow(/given twice/);
    const texts = { levels: ["u", "v"], codes: new Uint8Array(20) };
    await refused({ columns: [a, texts] }).toThrow(/column x1 holds texts; say whether/);
    await refused({}, { C: 0 }).toThrow(/C is 0/);
    await refused({}, { start: { coefficients: [], intercepts: new Float64Array() } }).toThrow(/start is not 1 × 2/);
  });
});
