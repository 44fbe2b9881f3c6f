import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { uploadTable } from "../../device-table.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { nearest } from "./index.ts";

const shared = fileURLToPath(new URL("../../../../../../shared/data/", import.meta.url));
const missingData = existsSync(shared) ? null : "no ../shared/data";
const why = missingData ? ` (skipped: ${missingData})` : "";

interface Expected {
  readonly step: number;
  readonly neighbours: readonly { readonly rows: readonly number[]; readonly squared: readonly number[] }[];
}

/** Made by nearest.expected.py. */
const file = JSON.parse(readFileSync(new URL("./nearest.expected.json", import.meta.url), "utf8"));

/** The columns of one of scikit-learn's data sets, without the class, which is the last. */
function columnsOf(name: string): Float32Array[] {
  const [header = "", ...lines] = readFileSync(`${shared}sklearn_${name}.csv`, "utf8").trim().split("\n");
  const rows = lines.map((line) => line.split(",").map(Number));
  return header
    .split(",")
    .slice(0, -1)
    .map((_, index) => Float32Array.from(rows, (row) => row[index] ?? Number.NaN));
}

for (const { label, missing, open } of testDevices) {
  describe.skipIf(missing !== null || missingData !== null)(`nearest on ${label}${why}`, () => {
    it.each(["digits", "wine", "breast_cancer"])("finds the neighbours that scikit-learn finds: %s", async (name) => {
      const { step, neighbours }: Expected = file[name];
      const device = await open();
      const columns = columnsOf(name);
      const references = uploadTable(device, columns);
      const queries = uploadTable(
        device,
        columns.map((column) => column.filter((_, row) => row % step === 0)),
      );
      const k = file.k + 1;
      const { indexes, distances } = await nearest(device, { queries, references, k });
      let worst = 0;
      for (const [number, { rows, squared }] of neighbours.entries()) {
        // A row is its own nearest; scikit-learn's are the others.
        expect([...indexes.subarray(number * k, (number + 1) * k)]).toEqual([number * step, ...rows]);
        for (const [place, distance] of squared.entries()) {
          worst = Math.max(worst, Math.abs((distances[number * k + place + 1] ?? 0) - distance) / distance);
        }
      }
      expect(worst).toBeLessThan(2e-6);
      queries.free();
      references.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  });
}
