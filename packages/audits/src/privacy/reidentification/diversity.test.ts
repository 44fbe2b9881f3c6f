import { openDevice } from "@assay/compute";
import { afterAll, describe, expect, test } from "vitest";
import { tableOf, textColumn } from "../../testing/coded-table.ts";
import { classesOfTable } from "./classes.ts";
import { diversityOf } from "./diversity.ts";

const device = await openDevice("cpu");
afterAll(() => device.dispose());

const zip = { kind: "text", column: "zip" } as const;
const value = { kind: "text", column: "value" } as const;

async function diversity(zips: readonly string[], values: readonly (string | null)[], l = 2) {
  const table = tableOf(zips.length, [
    [zip, textColumn(zips)],
    [value, textColumn(values)],
  ]);
  const classes = await classesOfTable(device, table, {
    quasiIdentifiers: [{ name: "zip", request: zip, reference: null }],
    sensitive: [{ name: "value", request: value, reference: null }],
  });
  const entries = classes.sensitive[0];
  return entries ? diversityOf(entries, classes.counts, l) : null;
}

test("the salary example of Li, Li & Venkatasubramanian (2007): ordered t is 0.375 and 0.167", async () => {
  // Their tables 3 and 5.2: the whole is 3k … 11k once each; {3k, 4k, 5k} is 0.375 away, {6k, 8k, 11k} 0.167.
  const all = ["3", "4", "5", "6", "7", "8", "9", "10", "11"];
  const low = await diversity(["a", "a", "a", "b", "b", "b", "b", "b", "b"], all);
  expect(low?.tOrdered).toBeCloseTo(0.375, 12);
  // Here {6, 8, 11} and the rest {3, 4, 5, 7, 9, 10}: the first is 1/6 away, the second half as far.
  const spread = await diversity(["b", "b", "b", "a", "b", "a", "b", "b", "a"], all);
  expect(spread?.tOrdered).toBeCloseTo(1 / 6, 12);
});

test("ordered distance equals the sum over every step, with ties and gaps", async () => {
  const zips = [..."aabbbccccdda"];
  const values = ["1", "5", "5", "9", "1", "2", "2", "40", "7", "7", "7", "100"];
  const steps = [...new Set(values)].sort((a, b) => Number(a) - Number(b));
  const share = (rows: readonly string[]): number[] => {
    let sum = 0;
    return steps.map((step) => {
      sum += rows.filter((one) => one === step).length / rows.length;
      return sum;
    });
  };
  const whole = share(values);
  const distances = [...new Set(zips)].map((name) => {
    const inside = share(values.filter((_, row) => zips[row] === name));
    return inside.reduce((sum, q, step) => sum + Math.abs(q - (whole[step] ?? 0)), 0) / (steps.length - 1);
  });
  expect((await diversity(zips, values))?.tOrdered).toBeCloseTo(Math.max(...distances), 12);
});

test("texts that are no numbers have no ordered distance", async () => {
  expect((await diversity(["a", "b"], ["flu", "cold"]))?.tOrdered).toBeNull();
});

test("recursive diversity is the largest r1 over the tail, and null where a class has too few values", async () => {
  const zips = [..."aaaaabbb"];
  const values = ["x", "x", "x", "y", "z", "x", "y", "y"];
  // a: 3 / (1 + 1) = 1.5; b: 2 / 1 = 2.
  expect((await diversity(zips, values, 2))?.recursive).toBe(2);
  // With l = 3: b has two values only.
  expect((await diversity(zips, values, 3))?.recursive).toBeNull();
});

test("missing values are left out of a group's diversity and counted", async () => {
  const one = await diversity(["a", "a", "a", "b", "b"], ["flu", null, "flu", "flu", "cold"]);
  expect(one).toMatchObject({ known: 4, missing: 1, distinct: 1, homogeneous: 3, belowL: 3, entropy: 1 });
  expect(await diversity(["a"], [null])).toBeNull();
});

describe("a bound that the numbers just meet is not failed by rounding", () => {
  test.each([2, 3, 5, 6, 7, 10, 11])("%i values equally often are exactly that many by entropy", async (l) => {
    const values = Array.from({ length: l * 4 }, (_, row) => `v${row % l}`);
    expect((await diversity(new Array<string>(values.length).fill("a"), values))?.entropy).toBe(l);
  });

  test("shares of 0.8 and 0.2 against 0.5 and 0.5 are 0.3 apart, with a gain of 0.6", async () => {
    const zips = [..."aaaaaaaaaabbbbbbbbbb"];
    const values = [..."xxxxxxxxyyxxyyyyyyyy"];
    expect(await diversity(zips, values)).toMatchObject({ t: 0.3, beta: 0.6 });
  });

  test("an ordered distance of 0.3 is 0.3", async () => {
    const zips = [..."aaaaaaaaaabbbbbbbbbb"];
    const values = [..."11111111221122222222"];
    expect((await diversity(zips, values))?.tOrdered).toBe(0.3);
  });

  test("with so many people that products pass 2^53 too", () => {
    const many = 300_000_007;
    const entries = {
      column: "value",
      levels: ["x", "y"],
      lengths: Uint8Array.of(2, 2),
      codes: Uint8Array.of(1, 2, 1, 2),
      counts: Float64Array.of(8 * many, 2 * many, 2 * many, 8 * many),
    };
    expect(diversityOf(entries, Float64Array.of(10 * many, 10 * many), 2)).toMatchObject({ t: 0.3, beta: 0.6 });
  });
});
