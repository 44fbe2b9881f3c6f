import { join } from "node:path";
import { bindAuditModel, describeModel, preparePlan } from "@assay/audits";
import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { openDataset } from "@assay/dataset/node";
import { openModel } from "@assay/models/node";
import { checkPlan } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { root } from "../paths.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

const folder = join(root, "packages/models/src/transformers/fixture");
const reviews = join(root, "tests/docs/models/reviews.csv");
const { signal } = new AbortController();

/** The table of reviews, bound to a text classifier of PyTorch whose calls are counted. */
async function bound(threads = 1) {
  const model = await openModel(folder, { threads });
  const asked: string[] = [];
  const predict = model.predict.bind(model);
  vi.spyOn(model, "predict").mockImplementation((columns, options) => {
    const [column] = columns;
    if (column && "levels" in column) asked.push(...Array.from(column.codes, (code) => column.levels[code] ?? ""));
    return predict(columns, options);
  });
  const dataset = await openDataset(reviews, { name: "reviews.csv", source: { missing: [""] }, signal });
  const plan = checkPlan({
    version: 1,
    data: { file: "reviews.csv" },
    columns: { label: "sentiment", positive: "positive", protected: ["author"], features: ["text"] },
    model: { file: "bert" },
  });
  const prepared = preparePlan(plan, dataset.columns, { name: "plan", model: describeModel(model) });
  const { table } = await dataset.load(prepared.requests);
  const role = prepared.roles.model;
  if (role === null) throw new Error("no model");
  return { model, asked, table, audit: bindAuditModel({ model, role, device, signal }), dataset };
}

describe("a model of texts", () => {
  it("is asked about each text once: for all audits, for shuffled rows, for some of the rows", async () => {
    const { model, asked, table, audit, dataset } = await bound();
    const all = await audit.bind(table, null);
    const scores = (await all.predict()).score ?? new Float64Array(0);
    expect(scores).toHaveLength(96);
    // Eight texts, one of them empty; twelve rows each.
    expect(asked).toHaveLength(8);
    expect(new Set(asked).size).toBe(8);
    const random = new PhiloxStream(1, 0);
    const rows = Uint32Array.from({ length: 40 }, () => random.integer(96));
    const some = await audit.bind(table, rows);
    expect((await some.predict()).score).toEqual(Float64Array.from(rows, (row) => scores[row] ?? Number.NaN));
    const indexes = Uint32Array.from({ length: 3 * 40 }, () => random.integer(40));
    let repeat = 0;
    for await (const { score } of some.predictPermuted([0], indexes)) {
      const own = indexes.subarray(repeat * 40, ++repeat * 40);
      expect(score).toEqual(Float64Array.from(own, (place) => scores[rows[place] ?? 0] ?? Number.NaN));
    }
    expect(repeat).toBe(3);
    expect(asked).toHaveLength(8);
    // What a service would be asked is asked anew: a kept answer has no latency.
    const service = audit.serve(table, Uint32Array.of(0, 8), device);
    await service.call();
    await service.call();
    expect(asked).toHaveLength(8 + 2 * 2);
    service.free();
    audit.dispose();
    await model.dispose();
    await dataset.close();
  });

  it("gives the same bits on any number of threads", async () => {
    const said = await Promise.all(
      [1, 2, 3].map(async (threads) => {
        const { model, table, audit, dataset } = await bound(threads);
        const { score } = await (await audit.bind(table, null)).predict();
        await model.dispose();
        await dataset.close();
        return score;
      }),
    );
    expect(said[1]).toEqual(said[0]);
    expect(said[2]).toEqual(said[0]);
  });
});
