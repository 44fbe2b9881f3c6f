import { ok } from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Bench, openDevice, PhiloxStream } from "@assay/compute";
import { type FittedModel, prepareLogistic, type TrainingTable, trainBoostedTrees, trainLogistic } from "./index.ts";

const shared = fileURLToPath(new URL("../../../../../shared/", import.meta.url));
const pythons = ["/usr/bin/python3", "python3"];
/** A Python with scikit-learn; without one there is no peer, and so no row. */
const python = pythons.find((one) => spawnSync(one, ["-c", "import sklearn"]).status === 0);

/** Fits on the table in the folder each time it is told which model, and prints a JSON line. */
const server = `
import json, sys, warnings
import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
warnings.filterwarnings("ignore")
rows = int(sys.argv[2])
x = np.fromfile(sys.argv[1] + "/x", dtype="<f8").reshape(-1, rows).T.copy()
y = np.fromfile(sys.argv[1] + "/y", dtype="u1").astype(int)
z = (x - x.mean(0)) / x.std(0)
print("ready", flush=True)
for line in sys.stdin:
    name = line.strip()
    if name == "logistic":
        model = LogisticRegression(max_iter=1000).fit(z, y)
        print(json.dumps(model.coef_[0].tolist() + model.intercept_.tolist()), flush=True)
        continue
    model = HistGradientBoostingClassifier(early_stopping=False) if name == "histograms" else GradientBoostingClassifier()
    model.fit(x, y)
    print(json.dumps(len(y)), flush=True)
`;

const threads = 2;

interface Peer {
  ask(what: string): Promise<unknown>;
}

/** scikit-learn in a process of its own, with its data loaded. */
async function startPeer(table: TrainingTable): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
  const rows = table.labels.length;
  const whole = new Float64Array(rows * table.columns.length);
  for (const [index, column] of table.columns.entries()) whole.set(column as Float64Array, index * rows);
  writeFileSync(join(folder, "x"), new Uint8Array(whole.buffer));
  writeFileSync(join(folder, "y"), Uint8Array.from(table.labels));
  const child: ChildProcess = spawn(python ?? "python3", ["-c", server, folder, String(rows)], {
    stdio: ["pipe", "pipe", "inherit"],
    // Its threads wait for each other asleep: on a busy machine they would else take the time that they wait for.
    env: { ...process.env, OMP_WAIT_POLICY: "passive" },
  });
  process.once("exit", () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  if (!child.stdout) throw new Error("no output of Python");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    ask: async (what) => {
      child.stdin?.write(`${what}\n`);
      return JSON.parse((await lines.next()).value ?? "null");
    },
  };
}

/** Adult's rows where they are at hand, else drawn ones of their shape. */
function benchTable(): TrainingTable & { readonly of: string } {
  const encoding = `${shared}reference/models/adult_encoding.json`;
  if (!existsSync(encoding)) return { ...drawnTable(), of: "drawn rows like Adult's" };
  const { columns: names, categories } = JSON.parse(readFileSync(encoding, "utf8")) as {
    readonly columns: readonly string[];
    readonly categories: Readonly<Record<string, readonly string[]>>;
  };
  const rows = readFileSync(`${shared}data/adult.data`, "utf8")
    .split("\n")
    .map((line) => line.split(",").map((cell) => cell.trim()))
    .filter((cells) => cells.length === names.length + 1);
  const columns = names.map((name, index) =>
    Float64Array.from(rows, (cells) => categories[name]?.indexOf(cells[index] ?? "") ?? Number(cells[index])),
  );
  const labels = Uint8Array.from(rows, (cells) => Number(cells.at(-1) === ">50K"));
  return { columns, names, labels, classes: ["<=50K", ">50K"], weights: null, of: "Adult's rows" };
}

function drawnTable(): TrainingTable {
  const random = new PhiloxStream(1, 0);
  const rows = 32_561;
  const sizes = [73, 9, 21_648, 16, 16, 7, 15, 6, 5, 2, 119, 92, 94, 42];
  const columns = sizes.map((size) => Float64Array.from({ length: rows }, () => random.integer(size)));
  const labels = Uint8Array.from({ length: rows }, (_, row) =>
    Number((columns[0]?.[row] ?? 0) / 73 + (columns[4]?.[row] ?? 0) / 16 + random.normal() / 2 > 1.3),
  );
  return { columns, names: sizes.map((_, at) => `x${at}`), labels, classes: ["0", "1"], weights: null };
}

/** Far above the larger class's share. */
function agreesWithLabels(fitted: FittedModel, table: TrainingTable): void {
  let right = 0;
  for (const [row, label] of table.labels.entries()) {
    if (Number((fitted.training[2 * row + 1] ?? 0) > 0.5) === label) right++;
  }
  ok(right / table.labels.length > 0.8);
}

function near(ours: FittedModel & { coefficients: readonly Float64Array[]; intercepts: Float64Array }, peer: unknown) {
  const theirs = peer as readonly number[];
  const own = [...(ours.coefficients[0] ?? []), ours.intercepts[0] ?? 0];
  // scikit-learn's default tolerance leaves it some 1e-3 from the minimum.
  ok(own.length === theirs.length && own.every((value, at) => Math.abs(value - (theirs[at] ?? 0)) < 0.01));
}

async function prepared() {
  const table = benchTable();
  return { table, device: await openDevice("cpu", { threads }), peer: await startPeer(table) };
}

const size = "32,561 rows, 14 columns";

export const benches: readonly Bench[] = python
  ? [
      {
        name: `training: logistic regression, ${size}`,
        async prepare() {
          const { table, device, peer } = await prepared();
          return {
            ours: () => trainLogistic(table, { device, standardize: true }),
            peer: {
              name: "scikit-learn's LogisticRegression (lbfgs, tolerance 1e-4)",
              scale: 1,
              run: () => peer.ask("logistic"),
            },
            limit: null,
            agree: (ours: unknown, theirs: unknown) => near(ours as Parameters<typeof near>[0], theirs),
            notes: `${table.of}; ${threads} threads; ours standardises and loads too, and converges to 1e-8`,
          };
        },
      },
      {
        name: `training: logistic regression once more, ${size}`,
        async prepare() {
          const { table, device, peer } = await prepared();
          const ready = prepareLogistic(table, { device, standardize: true });
          return {
            ours: () => ready.fit(),
            peer: {
              name: "scikit-learn's LogisticRegression (lbfgs, tolerance 1e-4)",
              scale: 1,
              run: () => peer.ask("logistic"),
            },
            limit: null,
            agree: (ours: unknown, theirs: unknown) => near(ours as Parameters<typeof near>[0], theirs),
            notes: `${table.of}; ${threads} threads; a table that is prepared, as a mitigation refits it; ours converges to 1e-8`,
          };
        },
      },
      {
        name: `training: 100 boosted trees of 31 leaves, ${size}`,
        async prepare() {
          const { table, device, peer } = await prepared();
          return {
            ours: () => trainBoostedTrees(table, { device }),
            peer: {
              name: "scikit-learn's HistGradientBoostingClassifier, all threads",
              scale: 1,
              run: () => peer.ask("histograms"),
            },
            limit: null,
            agree: (ours: unknown) => agreesWithLabels(ours as FittedModel, table),
            notes: `${table.of}; ${threads} threads; binning included on both sides`,
          };
        },
      },
      {
        name: `training: 100 boosted trees of depth 3, ${size}`,
        async prepare() {
          const { table, device, peer } = await prepared();
          const settings = { maxLeafNodes: null, maxDepth: 3, minSamplesLeaf: 1 };
          return {
            ours: () => trainBoostedTrees(table, { device, ...settings }),
            peer: {
              name: "scikit-learn's GradientBoostingClassifier, which sorts and does not bin",
              scale: 1,
              run: () => peer.ask("sorted"),
            },
            limit: null,
            agree: (ours: unknown) => agreesWithLabels(ours as FittedModel, table),
            notes: `${table.of}; ${threads} threads`,
          };
        },
      },
    ]
  : [];
