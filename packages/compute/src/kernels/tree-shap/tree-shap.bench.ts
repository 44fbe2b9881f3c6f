import { ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import koffi from "koffi";
import type { Bench } from "../../bench.ts";
import type { Device } from "../../device.ts";
import { type DeviceTable, uploadTable } from "../../device-table.ts";
import type { Forest } from "../../forest.ts";
import { openDevice, probeDevices } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { grownForest } from "../forest/random-forest.ts";
import { explain, explainInteractions, explainRows, loadTreeShap, type TreeShapOptions } from "./index.ts";

const compiler = ["c++", "g++", "clang++"].find((name) => spawnSync(name, ["--version"]).status === 0);

/** What a peer explains: rows of 14 columns; it does every `each`-th row, and its seconds are multiplied. */
interface Sizes {
  readonly trees: number;
  readonly depth: number;
  readonly rows: number;
  readonly each: number;
}

const manyRows = 100_000;
const background = 100_000;

/** The sizes that WOODELF was published with on a GPU: 16 s there, arXiv:2511.09376. */
const woodelf = { columns: 127, rows: 3_000_000, background: 5_000_000, part: 100 };
/** CUDA cards; a buffer of WebGPU does not hold such a table. */
const cards = (await probeDevices()).filter((probe) => probe.name === "cuda" && probe.available && !probe.software);

/** What shap's C code does is measured where a C++ compiler is at hand. */
export const benches: readonly Bench[] = [
  ...(compiler === undefined
    ? []
    : [
        againstPublished("tree-shap: path-dependent, 16,281 rows, 100 trees of depth 3", {
          ...{ trees: 100, depth: 3, rows: 16_281, each: 1 },
        }),
        againstPublished("tree-shap: path-dependent, 16,281 rows, 100 trees of depth 8", {
          ...{ trees: 100, depth: 8, rows: 16_281, each: 64 },
        }),
        againstPublished("tree-shap: path-dependent, 100 rows, 100 trees of full depth", {
          ...{ trees: 100, depth: 60, rows: 100, each: 20 },
        }),
      ]),
  flat("tree-shap: 100,000 rows, 100 trees of depth 6, by a background of 100,000 rows", 6, "identity"),
  flat("tree-shap: the same, probabilities of log-odds, trees of depth 3", 3, "logistic"),
  ...cards.map((probe) =>
    onCard(
      `tree-shap: 3,000,000 × 127 rows by 5,000,000 background rows, 100 trees of depth 6 (${probe.available ? probe.description : ""})`,
      () => openDevice(probe.name),
      woodelf,
    ),
  ),
  {
    name: "tree-shap: interactions of 1,000 rows, 100 trees of depth 6, 1,000 background rows",
    async prepare() {
      const { forest, columns } = make({ trees: 100, depth: 6, rows: 1000 });
      const device = await openDevice("cpu");
      const table = uploadTable(device, columns);
      const loaded = await loadTreeShap(device, forest, { kind: "interventional", background: table });
      return {
        ours: async () => (await explainInteractions(loaded, table)).values,
        peer: {
          name: "this kernel's Shapley values alone",
          scale: 1,
          run: async () => (await explain(loaded, table)).values,
        },
        limit: null,
        agree(ours: unknown, peer: unknown) {
          const [pairs, values] = [ours as Float64Array, peer as Float64Array];
          for (let at = 0; at < values.length; at++) {
            const sum = pairs.subarray(at * 14, at * 14 + 14).reduce((a, b) => a + b, 0);
            ok(Math.abs(sum - (values[at] ?? 0)) < 1e-9);
          }
        },
        notes: "91 pairs and 14 players",
      };
    },
  },
];

function againstPublished(name: string, sizes: Sizes): Bench {
  return {
    name,
    async prepare() {
      const { forest, columns } = make(sizes);
      const { rows, each } = sizes;
      const device = await openDevice("cpu");
      const table = uploadTable(device, columns);
      const options: TreeShapOptions = { kind: "path-dependent", background: null, expectRows: rows };
      const peer = published(forest, columns, each);
      return {
        async ours() {
          const loaded = await loadTreeShap(device, forest, options);
          const { values } = await explain(loaded, table);
          loaded.free();
          return values;
        },
        peer: { name: "Algorithm 2 of Lundberg et al. in C++ -O3", scale: each, run: peer },
        limit: null,
        agree(ours: unknown, theirs: unknown) {
          const [a, b] = [ours as Float64Array, theirs as Float64Array];
          for (const [at, value] of b.entries()) {
            const row = Math.floor(at / 14) * each;
            ok(Math.abs(value - (a[row * 14 + (at % 14)] ?? Number.NaN)) < 1e-9);
          }
        },
        notes: `one thread each; ours with loading; ${forest.column.length.toLocaleString("en")} nodes`,
      };
    },
  };
}

/** A background of 100,000 rows beside one of 100: what loading and explaining takes should be about the same. */
function flat(name: string, depth: number, link: "identity" | "logistic"): Bench {
  return {
    name,
    async prepare() {
      const { forest, columns } = make({ trees: 100, depth, rows: manyRows });
      const device = await openDevice("cpu");
      const table = uploadTable(device, columns);
      const few = uploadTable(
        device,
        columns.map((column) => column.slice(0, 100)),
      );
      const many = uploadTable(
        device,
        columns.map((column) => Float32Array.from({ length: background }, (_, row) => column[row % manyRows] ?? 0)),
      );
      const run = (behind: DeviceTable) => async () => {
        const loaded = await loadTreeShap(device, forest, { kind: "interventional", background: behind, link });
        const { base, values } = await explain(loaded, table);
        loaded.free();
        return Float64Array.from({ length: 1000 }, (_, row) =>
          values.subarray(row * 14, row * 14 + 14).reduce((a, b) => a + b, base[0] ?? 0),
        );
      };
      return {
        ours: run(many),
        peer: { name: "the same by a background of 100 rows", scale: 1, run: run(few) },
        limit: null,
        // Both add up to the same predictions, if to other bases.
        agree(ours: unknown, peer: unknown) {
          const [a, b] = [ours as Float64Array, peer as Float64Array];
          ok(a.every((value, row) => Math.abs(value - (b[row] ?? Number.NaN)) < 1e-9));
        },
        notes: "loading and explaining; cost is flat in the background where the ratio is near 1",
      };
    },
  };
}

/** Rows by a background on a card, beside a `part`-th of both on one thread. */
export function onCard(name: string, open: () => Promise<Device>, sizes: typeof woodelf): Bench {
  return {
    name,
    async prepare() {
      const { columns: width, rows, background: behind, part } = sizes;
      const random = new PhiloxStream(1, 0);
      const some = Array.from({ length: width }, () => Float32Array.from({ length: 65_536 }, () => random.uniform()));
      const cut = some.map((column) => column.subarray(0, 16_281));
      const forest = grownForest(random, cut, { trees: 100, depth: 6 });
      const repeated = (count: number) =>
        some.map((column) => {
          const out = new Float32Array(count);
          for (let row = 0; row < count; row++) out[row] = column[row % 65_536] ?? 0;
          return out;
        });
      const run = (device: Device, share: number) => {
        const table = uploadTable(device, repeated(Math.ceil(rows / share)));
        const background = uploadTable(device, repeated(Math.ceil(behind / share)));
        return async () => {
          const loaded = await loadTreeShap(device, forest, { kind: "interventional", background });
          let first: Float64Array | null = null;
          for await (const chunk of explainRows(loaded, table)) first ??= chunk.values.slice(0, 1000 * width);
          const values = first ?? new Float64Array(0);
          const base = loaded.base[0] ?? 0;
          loaded.free();
          return Float64Array.from({ length: values.length / width }, (_, row) =>
            values.subarray(row * width, (row + 1) * width).reduce((a, b) => a + b, base),
          );
        };
      };
      return {
        ours: run(await open(), 1),
        peer: {
          name: `the cpu device, one thread, a ${part}th of it`,
          scale: part,
          run: run(await openDevice("cpu"), part),
        },
        limit: null,
        agree(ours: unknown, peer: unknown) {
          const [a, b] = [ours as Float64Array, peer as Float64Array];
          ok(a.length > 0 && a.every((value, row) => Math.abs(value - (b[row] ?? Number.NaN)) < 1e-4));
        },
        notes: "tables already on the device; loading, explaining and bringing the values back",
      };
    },
  };
}

function make({ trees, depth, rows }: Omit<Sizes, "each">): { forest: Forest; columns: Float32Array[] } {
  const random = new PhiloxStream(1, 0);
  const columns = Array.from({ length: 14 }, () => Float32Array.from({ length: rows }, () => random.uniform()));
  const grown = Array.from({ length: 14 }, () => Float32Array.from({ length: 16_281 }, () => random.uniform()));
  const forest = grownForest(random, grown, { trees, depth });
  return { forest: { ...forest, cover: coverOf(forest, grown) }, columns };
}

/** How many of some rows come to each node. */
function coverOf(forest: Forest, columns: readonly Float32Array[]): Float64Array {
  const cover = new Float64Array(forest.column.length);
  const rows = columns[0]?.length ?? 0;
  for (let row = 0; row < rows; row++) {
    for (let node of forest.roots) {
      for (;;) {
        cover[node] = (cover[node] ?? 0) + 1;
        const column = forest.column[node] ?? -1;
        if (column < 0) break;
        const left = (columns[column]?.[row] ?? 0) <= (forest.threshold[node] ?? 0);
        node = (left ? forest.left[node] : forest.right[node]) ?? 0;
      }
    }
  }
  return cover;
}

/** The published algorithm, compiled here, on every `each`-th row. */
function published(forest: Forest, columns: readonly Float32Array[], each: number): () => Float64Array {
  const source = fileURLToPath(new URL("../../../src/kernels/tree-shap/algorithm-2.cpp", import.meta.url));
  const library = join(mkdtempSync(join(tmpdir(), "assay-bench-")), "algorithm-2.so");
  const built = spawnSync(compiler ?? "c++", ["-O3", "-shared", "-fPIC", "-std=c++17", "-o", library, source]);
  if (built.status !== 0) throw new Error(`${compiler}: ${built.stderr}`);
  const explainTrees = koffi
    .load(library)
    .func(
      "void explainTrees(int *roots, int trees, int *column, int *left, int *right, float *threshold, double *cover, double *value, int depth, float *x, int rows, int columns, _Inout_ double *phi)",
    );
  const rows = Math.ceil((columns[0]?.length ?? 0) / each);
  const x = new Float32Array(rows * 14);
  for (const at of x.keys()) x[at] = columns[at % 14]?.[Math.floor(at / 14) * each] ?? 0;
  const value = Float64Array.from(forest.column, (column, node) =>
    column < 0 ? (forest.leafValue[forest.left[node] ?? 0] ?? 0) : 0,
  );
  const { roots, column, left, right, threshold, cover } = forest;
  const nodes = [Int32Array.from(roots), roots.length, column, Int32Array.from(left), Int32Array.from(right)];
  return () => {
    const phi = new Float64Array(rows * 14);
    explainTrees(...nodes, threshold, cover, value, 64, x, rows, 14, phi);
    return phi;
  };
}
