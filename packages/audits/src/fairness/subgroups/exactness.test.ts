import { type Device, openDevice } from "@assay/compute";
import type { AuditResult, Measure } from "@assay/schema";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { heldOutRows } from "../../hold-out.ts";
import { type Cells, runCells } from "../../testing/run-cells.ts";
import { subgroups } from "./index.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

interface Settings {
  readonly alpha: number;
  readonly depth: number;
  readonly k: number;
  readonly min_count: number;
  readonly min_share: number;
  readonly metric: "error-rate" | "false-negative-rate" | "false-positive-rate" | "selection-rate";
  readonly hold_out: number;
}

interface Found {
  readonly group: Readonly<Record<string, string | null>>;
  readonly n: number;
  readonly wrong: number;
  readonly heldN: number;
  readonly heldWrong: number;
}

/** Every slice of the table by plain loops over rows, the best k in order. */
function bruteForce(cells: Cells, names: readonly string[], settings: Settings, seed: number): Found[] {
  const labels = cells.label ?? [];
  const decisions = cells.decision ?? [];
  const held = heldOutRows(0, labels.length, settings.hold_out, seed, 3_601);
  const rows = labels.flatMap((label, row) => {
    const decision = decisions[row] ?? null;
    if (decision === null || (label === null && settings.metric !== "selection-rate")) return [];
    if (settings.metric === "false-positive-rate" && label === "1") return [];
    if (settings.metric === "false-negative-rate" && label === "0") return [];
    const wrong = settings.metric === "selection-rate" ? decision === "0" : label !== decision;
    return [{ row, wrong, held: held[row] === 1 }];
  });
  const leastAll = Math.max(settings.min_count, Math.ceil(settings.min_share * rows.length));
  const levels = names.map((name) => {
    const counts = new Map<string | null, number>();
    for (const { row } of rows) {
      const value = cells[name]?.[row] ?? null;
      const text = value === null ? null : String(value);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    const isRare = (text: string | null): boolean => text !== null && (counts.get(text) ?? 0) < leastAll;
    const kept = [...counts.keys()].filter((text) => text !== null && !isRare(text)).sort();
    return {
      of: (row: number): string | null => {
        const value = cells[name]?.[row] ?? null;
        if (value === null) return null;
        return isRare(String(value)) ? "(other values)" : String(value);
      },
      place: (text: string | null): number =>
        text === null ? 0 : text === "(other values)" ? kept.length + 1 : kept.indexOf(text) + 1,
    };
  });
  const inFound = rows.filter((one) => !one.held);
  const errors = inFound.filter((one) => one.wrong).length;
  const least = Math.max(1, settings.min_count, Math.ceil(settings.min_share * inFound.length));
  const slices = new Map<string, { columns: number[]; values: (string | null)[]; found: number[]; held: number[] }>();
  const extend = (chosen: number[], from: number): void => {
    if (chosen.length > 0) {
      for (const one of rows) {
        const values = chosen.map((column) => levels[column]?.of(one.row) ?? null);
        const key = JSON.stringify([chosen, values]);
        const slice = slices.get(key) ?? { columns: [...chosen], values, found: [0, 0], held: [0, 0] };
        slices.set(key, slice);
        const side = one.held ? slice.held : slice.found;
        side[one.wrong ? 1 : 0] = (side[one.wrong ? 1 : 0] ?? 0) + 1;
      }
    }
    if (chosen.length < settings.depth) {
      for (let column = from; column < names.length; column++) extend([...chosen, column], column + 1);
    }
  };
  extend([], 0);
  const { alpha } = settings;
  const scored = [...slices.values()].flatMap((slice) => {
    const [right = 0, wrong = 0] = slice.found;
    const n = right + wrong;
    if (n < least || wrong === 0) return [];
    const score = alpha * ((wrong * inFound.length) / (n * errors) - 1) - (1 - alpha) * ((inFound.length - n) / n);
    const places = slice.values.map((value, index) => levels[slice.columns[index] ?? 0]?.place(value) ?? 0);
    return score > 0 ? [{ ...slice, n, wrong, score, order: [...slice.columns, ...places] }] : [];
  });
  scored.sort(
    (a, b) =>
      b.score - a.score ||
      a.columns.length - b.columns.length ||
      b.n - a.n ||
      a.order.map((value, index) => value - (b.order[index] ?? 0)).find((difference) => difference !== 0) ||
      0,
  );
  return scored.slice(0, settings.k).map((slice) => {
    const [right = 0, wrong = 0] = slice.held;
    return {
      group: Object.fromEntries(
        slice.columns.map((column, index) => [names[column] ?? "", slice.values[index] ?? null]),
      ),
      n: slice.n,
      wrong: slice.wrong,
      heldN: right + wrong,
      heldWrong: wrong,
    };
  });
}

function foundIn(result: AuditResult, metric: string): Found[] {
  const measures = result.measures.filter((one) => one.metric === metric && one.group !== undefined);
  const wrongOf = (one: Measure): number => {
    const n = one.n ?? 0;
    const wrong = (one.value ?? 0) * n;
    return n === 0 ? 0 : Math.round(metric === "selection-rate" ? n - wrong : wrong);
  };
  return measures.flatMap((one, index) => {
    const next = measures[index + 1];
    if (one.split !== "discovery" || next?.split !== "confirmation") return [];
    return [
      { group: one.group ?? {}, n: one.n ?? 0, wrong: wrongOf(one), heldN: next.n ?? 0, heldWrong: wrongOf(next) },
    ];
  });
}

const table = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 60, max: 250 })).chain((rows) => {
  const length = { minLength: rows, maxLength: rows };
  const column = (values: readonly (string | null)[]) => fc.array(fc.constantFrom(...values), length);
  return fc.record({
    label: column(["0", "1", "0", "1", null]),
    decision: column(["0", "1", "1", "0", "0", null]),
    // Few values, so that equal scores are common; a constant; missing values; a rare one.
    a: column(["x", "y"]),
    b: column(["p", "q", "r", null]),
    c: column(["m", "m", "m", "m", "m", "m", "n", "o"]),
    d: column(["one"]),
    e: column(["u", "v", "w"]),
  });
});
const settings = fc.record<Settings>({
  alpha: fc.constantFrom(0.5, 0.8, 0.95, 1),
  depth: fc.integer({ min: 1, max: 4 }),
  k: fc.constantFrom(1, 3, 10, 50),
  min_count: fc.constantFrom(1, 2, 5, 10),
  min_share: fc.constantFrom(0, 0.01, 0.1),
  metric: fc.constantFrom("error-rate", "false-negative-rate", "false-positive-rate", "selection-rate"),
  hold_out: fc.constantFrom(0.2, 0.5, 0.9),
});

describe("the best k slices", () => {
  test("are those of all slices counted one by one, for any table and settings", async () => {
    const names = ["a", "b", "c", "d", "e"];
    let found = 0;
    await fc.assert(
      fc.asyncProperty(table, settings, fc.integer({ min: 1, max: 1000 }), async (cells, own, seed) => {
        const result = await runCells(cells, {
          definition: subgroups,
          device,
          columns: { label: "label", decision: "decision", positive: "1", protected: names },
          settings: { ...own },
          shards: 1 + (seed % 3),
          seed,
        });
        const expected = bruteForce(cells, names, own, seed);
        found += expected.length;
        expect(foundIn(result, own.metric)).toEqual(expected);
      }),
      { numRuns: 250, seed: 3 },
    );
    expect(found).toBeGreaterThan(400);
  }, 120_000);
});
