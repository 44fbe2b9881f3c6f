import { openDevice } from "@assay/compute";
import { bench, describe } from "vitest";
import { tableOf } from "../../testing/coded-table.ts";
import { classesOfTable } from "./classes.ts";
import { conclude } from "./conclude.ts";

/** 1,000,000 rows, four quasi-identifiers of 100 × 40,000 × 2 × 6 values, one sensitive column of 20. */
const rows = 1_000_000;
const sizes = [100, 40_000, 2, 6, 20] as const;
const requests = sizes.map((_, index) => ({ kind: "text", column: `c${index}` }) as const);
let state = 1;
const columns = sizes.map((size) => ({
  kind: "coded" as const,
  levels: Array.from({ length: size }, (_, level) => String(level)),
  codes: Uint32Array.from({ length: rows }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 1 + Math.floor((state / 2 ** 32) ** 2 * size);
  }),
}));
const table = tableOf(
  rows,
  requests
    .map((request, index) => [request, columns[index] ?? columns[0]] as const)
    .flatMap(([request, column]) => (column ? [[request, column] as const] : [])),
);
const roles = {
  quasiIdentifiers: requests.slice(0, 4).map((request) => ({ name: request.column, request, reference: null })),
  sensitive: requests.slice(4).map((request) => ({ name: request.column, request, reference: null })),
};
const signal = new AbortController().signal;
const device = await openDevice("cpu");
const classes = await classesOfTable(device, table, roles);

describe("re-identification of 1,000,000 rows", () => {
  bench("classes by the classes kernel", async () => void (await classesOfTable(device, table, roles)), {
    iterations: 3,
    time: 0,
    warmupIterations: 1,
  });
  bench(
    "the same classes by a Map of texts",
    () => {
      const map = new Map<string, number>();
      for (let row = 0; row < rows; row++) {
        const key = columns
          .slice(0, 4)
          .map((column) => column.codes[row])
          .join(",");
        map.set(key, (map.get(key) ?? 0) + 1);
      }
    },
    { iterations: 3, time: 0, warmupIterations: 1 },
  );
  bench(
    "every measure from the classes",
    async () => void (await conclude(classes, { input: { k: 5, l: 2 }, signal, device })),
    {
      iterations: 3,
      time: 0,
      warmupIterations: 1,
    },
  );
});
