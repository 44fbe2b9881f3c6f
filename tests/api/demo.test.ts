import { type AuditDefinition, registry } from "@assay/audits";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Answer, ServerProcess } from "../server-process.ts";

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start({ env: { ASSAY_DEMO: "true" } });
}, 120_000);
afterAll(async () => {
  await server.stop();
});

const measure = (report: Answer, audit: string, metric: string, group: Record<string, string>) =>
  report.audits
    .find((one: Answer) => one.id === audit)
    .measures.find((one: Answer) => one.metric === metric && JSON.stringify(one.group) === JSON.stringify(group));

it("the first start makes a demo project with real runs of published numbers", async () => {
  await expect
    .poll(async () => (await server.call("GET", "/projects/demo/runs").catch(() => ({}))).total, {
      timeout: 120_000,
    })
    .toBe(3);
  const { items } = await server.call("GET", "/projects/demo/runs?sort=oldest");
  const [berkeley, compas, lending] = await Promise.all(
    items.map(async (run: Answer) => {
      expect(await server.waitFor(run.id, ["completed", "failed"], 120_000)).toMatchObject({ status: "completed" });
      return server.call("GET", `/runs/${run.id}/report`);
    }),
  );
  // Bickel et al. 1975, the six departments: 1,198 of 2,691 men and 557 of 1,835 women were admitted.
  const admitted = (sex: string) => measure(berkeley, "fairness.group-metrics", "selection-rate", { sex });
  expect(admitted("male")).toMatchObject({ n: 2691, value: 1198 / 2691 });
  expect(admitted("female")).toMatchObject({ n: 1835, value: 557 / 1835 });
  // ProPublica: false-positive rates 44.85 % and 23.45 %.
  const alarms = (race: string) => measure(compas, "fairness.group-metrics", "false-positive-rate", { race }).value;
  expect(alarms("African-American")).toBeCloseTo(0.4485, 4);
  expect(alarms("Caucasian")).toBeCloseTo(0.2345, 4);
  expect(compas.gate.verdict).toBe("fail");
  // The bias put into the lending set is found; every audit that needs no model, no times and no reports of people ran on it.
  expect(lending.gate.rules.find((rule: Answer) => rule.rule.metric === "impact-ratio").verdict).toBe("fail");
  expect(lending.audits.map((audit: Answer) => [audit.id, audit.status])).toEqual(
    (registry as readonly AuditDefinition[])
      .filter(({ byRequest }) => byRequest !== true)
      .map(({ id, needs }) => [
        id,
        needs.model !== undefined || needs.columns.flat().includes("time") || id === "fairness.feedback"
          ? "skipped"
          : "completed",
      ]),
  );
}, 240_000);

it("a demo that was removed does not come back", async () => {
  await server.call("DELETE", "/projects/demo");
  await server.stop({ keep: true });
  server = await ServerProcess.start({ folder: server.folder, env: { ASSAY_DEMO: "true" } });
  await new Promise((wake) => setTimeout(wake, 1000));
  expect(await server.call("GET", "/projects")).toEqual([]);
}, 120_000);
