import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measure, Report } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assay } from "../../cli/assay.ts";
import { compasFile, hasShared, root } from "../../paths.ts";
import { apiKey } from "../../server-process.ts";
import type { GivenFile } from "../tab-audit.ts";
import type { TabSession } from "./session.ts";

/** Devices sum floats in other orders: means over rows of probabilities, and of what is taken from them. */
const tolerance = 1e-6;
/** From the same counts: engines of JavaScript differ in the last bits of exp, log and pow. */
const rounding = 1e-9;

/** Sixteen trees of depth two that lean on income and debt, with probabilities in their leaves. */
const trees = JSON.stringify({
  kind: "forest",
  aggregate: "mean",
  n_features: 4,
  features: ["income", "debt_ratio", "years_employed", "age"],
  trees: Array.from({ length: 16 }, (_, tree) => ({
    feature: [tree % 2, (tree + 1) % 4, -1, -1, (tree + 2) % 4, -1, -1],
    threshold: [
      [30000, 0.3][tree % 2],
      [40000, 0.25, 6, 35][(tree + 1) % 4],
      0,
      0,
      [50000, 0.4, 3, 50][(tree + 2) % 4],
      0,
      0,
    ],
    left: [1, 2, -1, -1, 5, -1, -1],
    right: [4, 3, -1, -1, 6, -1, -1],
    value: [0, 0, 0.1 + tree / 50, 0.55 - tree / 70, 0, 0.5 + tree / 90, 0.95 - tree / 60],
  })),
});

const lendingPlan = `version: 1
project: lending
data: { file: lending.csv }
columns:
  id: id
  label: repaid
  positive: yes
  decision: approved
  score: score
  protected: [sex, { column: age, breaks: [30, 45, 60] }]
  quasi_identifiers: [age, sex, region]
  sensitive: [repaid]
  features: [income, debt_ratio, years_employed, age]
model: { file: trees.json }
audits:
  efficiency.profile: {}
  explainability.associations: {}
  explainability.permutation-importance: { repeats: 2 }
  explainability.shapley: { background: 10, rows: 20 }
  fairness.calibration: { replicates: 200 }
  fairness.group-metrics: { replicates: 1000 }
  fairness.impact-ratio: {}
  fairness.representation: {}
  impact.classification: { replicates: 200 }
  privacy.reidentification: {}
rules: [{ metric: impact-ratio, by: sex, at_least: 0.8 }]
seed: 7
`;
const compasPlan = `version: 1
project: compas
data:
  file: compas.csv
  where: "days_b_screening_arrest <= 30 and days_b_screening_arrest >= -30 and is_recid != -1 and c_charge_degree != 'O' and score_text != 'N/A'"
columns:
  id: id
  label: two_year_recid
  positive: 1
  decision: { column: decile_score, at_least: 5 }
  protected: [race, sex]
  quasi_identifiers: [age, sex, race]
audits:
  fairness.group-metrics: { replicates: 1000 }
  fairness.impact-ratio: {}
  fairness.representation: {}
  impact.classification: { replicates: 200 }
  privacy.reidentification: {}
seed: 7
`;

/** What asks the model. The rest of the plan's audits are of columns alone: decision and score are columns. */
const asksModel = (id: string): boolean => /^(efficiency\.|explainability\.(permutation|shapley))/.test(id);

interface Everywhere {
  readonly folder: string;
  readonly cli: Report;
  readonly cpu: Report;
  /** Null where the browser has no WebGPU. */
  readonly webgpu: Report | null;
}

/** The same plan gives the same, wherever it runs. */
export function parity(session: () => TabSession): void {
  describe("a model and columns", () => {
    let found: Everywhere;
    const files: readonly [GivenFile, GivenFile] = [
      { name: "lending.csv", bytes: readFileSync(join(root, "examples/lending/lending.csv")) },
      { name: "trees.json", bytes: trees },
    ];
    beforeAll(async () => {
      found = await everywhere(session(), lendingPlan, files);
    }, 400_000);
    afterAll(() => found && rm(found.folder, { recursive: true, force: true }));

    test.for(["cpu", "webgpu"] as const)(
      "counts the same as the command line, and measures of the model agree within the tolerance (%s)",
      (device, context) => {
        const { cli, [device]: report } = found;
        if (report === null) return context.skip("this browser has no WebGPU");
        expect(report.environment).toMatchObject({ host: "browser", device });
        expect(report.audits.map(({ status }) => status)).toEqual(report.audits.map(() => "completed"));
        for (const part of ["plan", "data", "model"] as const) expect(report.sections[part]).toBe(cli.sections[part]);
        const ofColumns = (id: string) => !asksModel(id);
        expect(summaries(report, ofColumns)).toEqual(summaries(cli, ofColumns));
        expect(Object.values(summaries(cli, ofColumns))).not.toContain(null);
        agree(cli, report, ofColumns, rounding);
        agree(cli, report, asksModel, tolerance);
        return undefined;
      },
    );

    test("gives reports that verify, and that compare as no difference with those of the command line and the server", async () => {
      const { server } = session();
      const dataset = await server.dataset("credit", "lending.csv", files[0].bytes);
      const upload = await server.upload("trees.json", files[1].bytes);
      await server.call("POST", "/projects/credit/models", { upload, name: "trees" });
      const run = await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan: lendingPlan });
      expect(await server.waitFor(run.id, ["completed", "failed"], 120_000)).toMatchObject({ status: "completed" });
      const own = { cwd: found.folder, env: { ASSAY_URL: server.url, ASSAY_API_KEY: apiKey } };
      for (const browsers of found.webgpu === null ? ["cpu"] : ["cpu", "webgpu"]) {
        const verified = await assay(["verify", `${browsers}.json`], own);
        expect(verified.code, verified.stdout + verified.stderr).toBe(0);
        for (const other of ["cli/report.json", run.id]) {
          const compared = await assay(["compare", other, `${browsers}.json`, "--json"], own);
          expect(compared.code, compared.stderr).toBe(0);
          const { verdict, measures: numbers } = JSON.parse(compared.stdout);
          expect(numbers.length).toBeGreaterThan(100);
          expect(["same", "no-evidence"], `${browsers} against ${other}`).toContain(verdict);
          for (const { difference, metric } of numbers) {
            expect(Math.abs(difference ?? 0), metric).toBeLessThanOrEqual(tolerance);
          }
        }
      }
    });
  });

  describe.skipIf(!hasShared)("COMPAS (../shared)", () => {
    let found: Everywhere;
    beforeAll(async () => {
      found = await everywhere(session(), compasPlan, [{ name: "compas.csv", bytes: readFileSync(compasFile) }]);
    }, 400_000);
    afterAll(() => found && rm(found.folder, { recursive: true, force: true }));

    test.for(["cpu", "webgpu"] as const)(
      "has the same rows, counts and measures in the browser (%s)",
      (device, context) => {
        const report = found[device];
        if (report === null) return context.skip("this browser has no WebGPU");
        expect(report.data.rows).toBe(6172);
        expect(report.environment.device).toBe(device);
        expect(report.data.columns).toEqual(found.cli.data.columns);
        expect(summaries(report, () => true)).toEqual(summaries(found.cli, () => true));
        expect(Object.values(summaries(report, () => true))).not.toContain(null);
        agree(found.cli, report, () => true, rounding);
        return undefined;
      },
    );
  });
}

/** Runs a plan on the command line and in a tab, there on each device. The reports of the tab are kept beside the plan. */
async function everywhere(
  session: TabSession,
  plan: string,
  [data, model]: readonly [GivenFile, GivenFile?],
): Promise<Everywhere> {
  const folder = await mkdtemp(join(tmpdir(), "assay-parity-"));
  for (const file of model === undefined ? [data] : [data, model]) await writeFile(join(folder, file.name), file.bytes);
  await writeFile(join(folder, "audit.yaml"), plan);
  const running = assay(["run", "audit.yaml", "--out", "cli", "--device", "cpu"], { cwd: folder });
  const tab = await session.newTab();
  await tab.chooseData(data);
  if (model !== undefined) await tab.chooseModel(model);
  const inTab = async (device: "cpu" | "webgpu"): Promise<Report> => {
    await tab.writePlan(plan);
    await tab.device(device);
    await tab.start();
    await tab.finished();
    const text = await tab.download(/^JSON/);
    await writeFile(join(folder, `${device}.json`), text);
    return JSON.parse(text);
  };
  const cpu = await inTab("cpu");
  let webgpu: Report | null = null;
  if (await tab.hasWebgpu()) {
    await tab.change();
    webgpu = await inTab("webgpu");
  }
  await tab.page.close();
  const ran = await running;
  // The gate may pass, fail or be indeterminate.
  expect([0, 1, 3], ran.stderr).toContain(ran.code);
  return { folder, cli: JSON.parse(await readFile(join(folder, "cli/report.json"), "utf8")), cpu, webgpu };
}

function summaries({ audits }: Report, which: (id: string) => boolean): Record<string, string | null> {
  return Object.fromEntries(audits.filter(({ id }) => which(id)).map(({ id, summary }) => [id, summary]));
}

/** Each number of some audits is the same in both reports but for `within`, relative where it is above 1. */
function agree(a: Report, b: Report, which: (id: string) => boolean, within: number): void {
  const measures = ({ audits }: Report): Measure[] =>
    audits.filter(({ id, volatile }) => which(id) && volatile !== true).flatMap((audit) => audit.measures);
  const [here, there] = [measures(a), measures(b)];
  expect(here.length).toBeGreaterThan(8);
  expect(there).toHaveLength(here.length);
  for (const [index, measure] of here.entries()) {
    const other = there[index];
    const { value: _v, low: _l, high: _h, p: _p, p_adjusted: _q, ...place } = measure;
    const about = JSON.stringify(place);
    expect(other, about).toMatchObject(place);
    for (const key of ["value", "low", "high", "p", "p_adjusted"] as const) {
      const [x, y] = [measure[key], other?.[key]];
      if (typeof x !== "number") expect(y, about).toBe(x);
      else expect(Math.abs((y ?? Number.NaN) - x), about).toBeLessThanOrEqual(within * Math.max(1, Math.abs(x)));
    }
  }
}
