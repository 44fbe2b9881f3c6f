import { openDevice } from "@assay/compute";
import { encodeSummary } from "@assay/schema";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { gatherScores, mergeScores, type ScoreEntries } from "../../score-entries.ts";
import { textColumn } from "../../testing/coded-table.ts";
import { type Confusion, countConfusion, mergeConfusion } from "./confusion.ts";

const device = await openDevice("cpu");
afterAll(() => device.dispose());

const score = fc.oneof(fc.constantFrom(0, -0, 0.5, 1), fc.double({ noNaN: true }));
const scoredRows = fc.array(
  fc.record({ score, label: fc.constantFrom(0, 1, 2), count: fc.constantFrom(0, 1, 2, 300) }),
  {
    maxLength: 30,
  },
);
type ScoredRows = Parameters<Parameters<typeof scoredRows.map>[0]>[0];

async function entries(rows: ScoredRows, counted: boolean): Promise<ScoreEntries> {
  const gathered = await gatherScores(device, {
    label: Uint8Array.from(rows, (row) => row.label),
    scores: Float64Array.from(rows, (row) => row.score),
    weights: null,
    counts: counted ? Float64Array.from(rows, (row) => row.count) : null,
  });
  return gathered.entries;
}

test("scores merge to what all rows together give, in any order, to the bit", async () => {
  await fc.assert(
    fc.asyncProperty(scoredRows, scoredRows, scoredRows, fc.boolean(), async (a, b, c, counted) => {
      const [x, y, z] = [await entries(a, counted), await entries(b, counted), await entries(c, counted)];
      const whole = encodeSummary(await entries([...a, ...b, ...c], counted));
      expect(encodeSummary(mergeScores(mergeScores(x, y), z))).toBe(whole);
      expect(encodeSummary(mergeScores(z, mergeScores(y, x)))).toBe(whole);
    }),
    { numRuns: 100 },
  );
});

test("confusion tables merge by the names of their classes, with exact weights", async () => {
  const text = fc.constantFrom("a", "b", "10", "9", "ä", null);
  const rows = fc.array(fc.record({ label: text, said: text, weight: fc.double({ min: 0, max: 1e6, noNaN: true }) }), {
    maxLength: 12,
  });
  const count = (list: readonly { label: string | null; said: string | null; weight: number }[]): Promise<Confusion> =>
    countConfusion(
      device,
      textColumn(list.map((row) => row.label)),
      textColumn(list.map((row) => row.said)),
      list.length,
      { weights: Float64Array.from(list, (row) => row.weight), counts: null, weightless: 0 },
    );
  await fc.assert(
    fc.asyncProperty(rows, rows, rows, async (a, b, c) => {
      const [x, y, z] = [await count(a), await count(b), await count(c)];
      const whole = encodeSummary(await count([...a, ...b, ...c]));
      expect(encodeSummary(mergeConfusion(mergeConfusion(x, y), z))).toBe(whole);
      expect(encodeSummary(mergeConfusion(z, mergeConfusion(y, x)))).toBe(whole);
    }),
    { numRuns: 50 },
  );
});
