import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { openDataset } from "@assay/dataset/node";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import type { TabSession } from "./session.ts";

const plan = `version: 1
project: large
data: { file: large.parquet }
columns: { label: label, positive: 1, decision: decision, protected: [race] }
audits: { fairness.group-metrics: { replicates: 200 } }
`;

/** As few rows as are shared out among threads, in several row groups. */
const rows = 250_000;

/** A file whose columns are decoded by more than one thread. */
export function largeFile(session: () => TabSession): void {
  test("decodes the columns that the plan asks for on two threads, shows findings, and has the data of the command line", async () => {
    const folder = await mkdtemp(join(tmpdir(), "assay-large-"));
    const path = join(folder, "large.parquet");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT i AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE 'group ' || (i % 3) END AS race, (i % 10 < 3)::INTEGER AS label,
         (i % 10 < 2 + i % 3)::INTEGER AS decision, i / 7.0 AS income FROM range(${rows}) t(i))
       TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    connection.closeSync();
    instance.closeSync();
    const tab = await session().newTab();
    const [worker] = await tab.auditWorkers();
    await worker?.evaluate(() => {
      const { Worker: Plain } = globalThis;
      globalThis.Worker = class extends Plain {
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, options);
          this.addEventListener("message", ({ data }) => {
            if (data?.told === "column") console.log("decoded by a helper");
          });
        }
      };
    });
    await tab.chooseData({ name: "large.parquet", bytes: await readFile(path) });
    await tab.page.getByText(/All columns together take about [\d.]+ MB of this tab’s memory/).waitFor();
    await tab.writePlan(plan);
    await tab.startable();
    await tab.start();
    await tab.finished();
    // With one processor there is nobody to help.
    if (availableParallelism() > 1) expect(session().said).toContain("decoded by a helper");
    const report = await tab.report();
    const dataset = await openDataset(path, { source: { missing: [""] }, name: "large.parquet" });
    const { data } = await dataset.load(
      (["race", "label", "decision"] as const).map((column) => ({ kind: "text", column })),
    );
    await dataset.close();
    expect(report.data.rows).toBe(rows);
    const known = ({ name, type, missing }: (typeof data.columns)[number]) => ({ name, type, missing });
    expect([report.data.digest, report.data.columns.map(known)]).toEqual([data.digest, data.columns.map(known)]);
    await tab.page.close();
    await rm(folder, { recursive: true, force: true });
  });
}
