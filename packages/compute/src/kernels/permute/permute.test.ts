import { describe, expect, it, onTestFinished } from "vitest";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { permute } from "./index.ts";
import { marginsOf } from "./margins.ts";
import { permuteReference } from "./reference.ts";

const random = new PhiloxStream(22, 0);
const tables: Record<string, { rows: number; columns: number; table: Float64Array }> = {
  "no cells": { rows: 0, columns: 3, table: new Float64Array(0) },
  "no people": { rows: 2, columns: 2, table: new Float64Array(4) },
  "one person": { rows: 2, columns: 2, table: Float64Array.of(0, 0, 1, 0) },
  "one row": { rows: 1, columns: 3, table: Float64Array.of(5, 0, 9) },
  "one column": { rows: 3, columns: 1, table: Float64Array.of(5, 0, 9) },
  "empty rows and columns": { rows: 3, columns: 3, table: Float64Array.of(7, 0, 9, 0, 0, 0, 30, 0, 2) },
  "small cells": { rows: 20, columns: 8, table: Float64Array.from({ length: 160 }, () => random.integer(4)) },
  "large cells": { rows: 12, columns: 4, table: Float64Array.from({ length: 48 }, () => random.integer(50_000)) },
  "a billion people": { rows: 2, columns: 3, table: Float64Array.of(1, 999_999_000, 20, 0, 900, 79) },
  "as many as there can be": { rows: 2, columns: 2, table: Float64Array.of(2 ** 31, 2 ** 30, 2 ** 29, 2 ** 29 - 1) },
};

for (const { label, name, missing, open } of testDevices) {
  describe.skipIf(missing !== null)(`permute on ${label}`, () => {
    it.each(Object.entries(tables))(
      "runs on the host of the device asked for and equals the reference to the bit: %s",
      async (_, shape) => {
        const device = await open();
        onTestFinished(() => device.dispose());
        expect(device.name).toBe(name);
        const input = { ...shape, replicates: 300, seed: 2 ** 53 - 1, stream: 2 ** 40 + 3 };
        const drawn = await permute(device, input);
        expect(firstDifference(drawn, permuteReference(input))).toBeNull();
        const margins = marginsOf(shape.table, shape.rows, shape.columns);
        const cells = shape.table.length;
        for (let replicate = 0; replicate < 300 && cells > 0; replicate++) {
          const table = Float64Array.from(drawn.subarray(replicate * cells, (replicate + 1) * cells));
          expect(marginsOf(table, shape.rows, shape.columns)).toEqual(margins);
        }
        expect(device.allocatedBytes).toBe(0);
        expect(device.host.allocatedBytes).toBe(0);
      },
    );

    it("gives a replicate the same draw wherever the work is split, chunks included", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const table = Float64Array.from({ length: 4000 }, (_, cell) => cell % 5);
      const input = { table, rows: 1000, columns: 4, seed: 7, stream: 1 };
      const whole = await permute(device, { ...input, replicates: 150 });
      const part = await permute(device, { ...input, replicates: 20, first: 60 });
      expect(firstDifference(part, whole.subarray(60 * 4000, 80 * 4000))).toBeNull();
    });

    it("is the permutation null: every table of small margins at its exact probability", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      // Rows 4 and 5; columns 2, 3 and 4: 11 tables. P = Π rows! Π columns! / (n! Π cells!).
      const replicates = 200_000;
      const table = Float64Array.of(2, 0, 2, 0, 3, 2);
      const drawn = await permute(device, { table, rows: 2, columns: 3, replicates, seed: 5, stream: 0 });
      const seen = new Map<string, number>();
      for (let at = 0; at < drawn.length; at += 6) {
        const key = drawn.subarray(at, at + 6).join();
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
      const margins = [4, 5, 2, 3, 4].reduce((product, margin) => product * factorial(margin), 1);
      let chi = 0;
      let outcomes = 0;
      for (let x = 0; x <= 2; x++) {
        for (let y = 0; y <= 3; y++) {
          const cells = [x, y, 4 - x - y, 2 - x, 3 - y, x + y];
          if (cells.some((cell) => cell < 0)) continue;
          const ways = cells.reduce((product, cell) => product * factorial(cell), factorial(9));
          const expected = (replicates * margins) / ways;
          chi += ((seen.get(cells.join()) ?? 0) - expected) ** 2 / expected;
          outcomes++;
        }
      }
      expect(outcomes).toBe(11);
      expect(seen.size).toBe(11);
      expect(chi).toBeLessThan(39); // 10 degrees of freedom, 1 − 2.5e-5
    });

    it("has the null's means and variances on a large table", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const table = Float64Array.of(20_000, 900, 40, 7_000, 1_100, 60);
      const replicates = 40_000;
      const drawn = await permute(device, { table, rows: 2, columns: 3, replicates, seed: 6, stream: 0 });
      const [top = 0, bottom = 0, ...columns] = marginsOf(table, 2, 3);
      const n = top + bottom;
      for (const [column, size] of columns.entries()) {
        const mean = (top * size) / n;
        const variance = (mean * (bottom / n) * (n - size)) / (n - 1);
        let sum = 0;
        let squares = 0;
        for (let at = column; at < drawn.length; at += 6) {
          const off = (drawn[at] ?? 0) - mean;
          sum += off;
          squares += off * off;
        }
        expect(Math.abs(sum / replicates)).toBeLessThan(5 * Math.sqrt(variance / replicates));
        expect(Math.abs(squares / replicates / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / replicates));
      }
    });

    it("keeps its draws: change these only together with the kernel's version", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const table = Float64Array.of(990, 805, 532, 1369, 1139, 349, 461, 505);
      const drawn = await permute(device, { table, rows: 2, columns: 4, replicates: 1, seed: 7, stream: 0 });
      expect([...drawn]).toEqual(pinned);
    });

    it("refuses what is no table of counts, and what 32 bits cannot hold", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const run = (cells: number[], more = {}) => {
        const table = Float64Array.from(cells);
        return permute(device, { table, rows: 1, columns: 2, replicates: 1, seed: 0, stream: 0, ...more });
      };
      await expect(run([1, -1])).rejects.toThrow(/cell 1 has the count -1/);
      await expect(run([0.5, 0])).rejects.toMatchObject({ code: "data-invalid" });
      await expect(run([4_294_967_295, 1])).rejects.toMatchObject({ code: "data-too-large" });
      await expect(run([1])).rejects.toThrow(/a table of 1 × 2 needs 2 cells, got 1/);
      await expect(run([1, 2], { rows: -1 })).rejects.toThrow(/rows and columns must be/);
      await expect(run([1, 2], { stream: 0.5 })).rejects.toThrow(/stream must be/);
      await expect(run([1, 2], { replicates: -1 })).rejects.toThrow(/replicates must be/);
    });
  });
}

const pinned = [1297, 687, 578, 1134, 832, 467, 415, 740];

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
