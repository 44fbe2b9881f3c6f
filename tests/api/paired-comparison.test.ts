import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Assay, type AssayError } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { assay } from "../cli/assay.ts";
import { type Answer, apiKey, ServerProcess } from "../server-process.ts";

// Jobs wait for a worker process; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

/** 600 people; version 2 turns every third negative decision about group b into a positive one, rightly or not. */
function table(version: 1 | 2, ids = "p"): string {
  const rows = Array.from({ length: 600 }, (_, index) => {
    const group = index % 2 === 0 ? "a" : "b";
    const label = index % 5 < 2 ? 1 : 0;
    const first = index % 7 < 3 ? label : 0;
    return [`${ids}${index}`, group, label, version === 2 && group === "b" && index % 3 === 0 ? 1 : first].join(",");
  });
  if (version === 2) rows.reverse();
  return ["id,group,label,decision", ...rows].join("\n");
}
const planOf = (file: string, columns = "id: id, ") => `version: 1
project: loans
data: { file: ${file} }
columns: { ${columns}label: label, decision: decision, protected: [group] }
audits: { fairness.group-metrics: { replicates: 500 } }
seed: 5
`;

let server: ServerProcess;
let folder: string;
let first: Answer;
let second: Answer;

async function run(file: string, bytes: string, plan = planOf(file), project = "credit"): Promise<Answer> {
  const dataset = await server.dataset(project, file, bytes);
  const { id } = await server.call("POST", `/projects/${project}/runs`, { dataset: dataset.id, plan });
  const ended = await server.waitFor(id, ["completed", "failed"]);
  expect(ended).toMatchObject({ status: "completed", error: null });
  return ended;
}
const create = (from: Answer, to: Answer, more: object = {}) =>
  server.call("POST", "/projects/credit/comparisons", { from: from.id, to: to.id, replicates: 400, ...more });
async function ended(id: string): Promise<Answer> {
  const until = Date.now() + 90_000;
  for (;;) {
    const found = await server.call("GET", `/comparisons/${id}`);
    if (!["queued", "running"].includes(found.status)) return found;
    if (Date.now() > until)
      throw new Error(`the comparison is still ${found.status}: ${JSON.stringify(found.progress)}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}
const refused = async (from: Answer, to: Answer): Promise<[number, string]> => {
  const response = await server.fetch("POST", "/projects/credit/comparisons", { from: from.id, to: to.id });
  return [response.status, (await response.json()).message];
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-paired-"));
  server = await ServerProcess.start();
  await server.call("POST", "/projects", { name: "Credit" });
  await server.call("POST", "/projects", { name: "Other" });
  first = await run("v1.csv", table(1));
  second = await run("v2.csv", table(2));
}, 240_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("two runs compared row by row", () => {
  it("give the very numbers of `assay compare` of the two plans", async () => {
    for (const version of [1, 2] as const) {
      writeFileSync(join(folder, `v${version}.csv`), table(version));
      writeFileSync(join(folder, `v${version}.yaml`), planOf(`v${version}.csv`));
    }
    const [{ stdout }, made] = [
      await assay(["compare", "v1.yaml", "v2.yaml", "--replicates", "400", "--json"], { cwd: folder }),
      await create(first, second),
    ];
    const here = JSON.parse(stdout);
    const there = await ended(made.id);
    expect(there).toMatchObject({
      status: "completed",
      verdict: here.verdict,
      rows: 600,
      from: { number: first.number },
      to: { number: second.number },
      settings: { confidence: 0.95, replicates: 400, seed: 5 },
      error: null,
    });
    const { result } = there;
    expect(result.pairing).toEqual(here.pairing);
    expect(result.measures).toEqual(here.measures);
    expect(result.findings).toEqual(here.findings);
    const report = await server.call("GET", `/runs/${first.id}/report`);
    expect(result.a).toMatchObject({ name: `#${first.number}`, report: report.digest, data: report.data.digest });
  });

  it("again are the same comparison, with other settings another, and are listed newest first", async () => {
    const [one, two] = await Promise.all([create(first, second), create(first, second)]);
    expect(two.id).toBe(one.id);
    const other = await create(first, second, { seed: 6 });
    expect(other.id).not.toBe(one.id);
    await ended(other.id);
    const { items, total } = await server.call("GET", `/projects/credit/comparisons?from=${first.id}`);
    expect(total).toBe(2);
    expect(items.map((row: Answer) => row.id)).toEqual([other.id, one.id]);
    expect(items[0]).not.toHaveProperty("result");
    expect((await server.call("GET", `/projects/credit/comparisons?from=${second.id}`)).total).toBe(0);
    expect((await server.call("GET", "/projects/other/comparisons")).total).toBe(0);
  });

  it("whose ids turn out to have nothing in common are compared by intervals, with the reason", async () => {
    const strangers = await run("v3.csv", table(2, "q"));
    const { result, status, rows } = await ended((await create(first, strangers)).id);
    expect([status, rows]).toEqual(["completed", null]);
    expect(result.pairing).toEqual({
      kind: "none",
      reason: { en: 'no value of "id" stands in both data sets', "zh-CN": "两份数据没有共同的“id”值" },
    });
  });

  it("fail with the rows named where an id repeats; asked again they are tried again", async () => {
    const twice = await run("twice.csv", `${table(1)}\np3,a,1,1\n`);
    const failed = await ended((await create(twice, second)).id);
    expect(failed).toMatchObject({ status: "failed", result: null, error: { code: "data-invalid" } });
    expect(failed.error.message).toMatch(new RegExp(`plan of run ${twice.number}: rows 4 and 601 .* same id`));
    const again = await create(twice, second);
    expect(again.id).not.toBe(failed.id);
    expect((await server.fetch("GET", `/comparisons/${failed.id}`)).status).toBe(404);
    await ended(again.id);
  });

  it("are refused at once, in plain words, where it can be told that rows cannot be paired", async () => {
    const possible = await server.call("GET", `/runs/${first.id}/pairing/${second.id}`);
    expect(possible).toEqual({ possible: true, reason: null });
    const nameless = await run("v1.csv", table(1), planOf("v1.csv", ""));
    expect(await refused(nameless, second)).toEqual([
      409,
      "rows cannot be paired: the data files differ and the plans name no id column on both sides: give columns.id to pair rows",
    ]);
    const filtered = await run(
      "v1.csv",
      table(1),
      planOf("v1.csv", "").replace("v1.csv }", "v1.csv, where: \"group = 'a'\" }"),
    );
    expect((await refused(nameless, filtered))[1]).toMatch(/the plans read different rows of the file/);
    expect((await refused(first, first))[1]).toMatch(/run \d+ is on both sides/);
    const report = await server.call("GET", `/runs/${first.id}/report`);
    const pushed = await server.call("POST", "/projects/credit/reports", { report });
    const why = await server.call("GET", `/runs/${pushed.id}/pairing/${second.id}`);
    expect(why.possible).toBe(false);
    expect(why.reason.en).toMatch(
      /computed elsewhere and pushed: the server has its report and no rows.*assay compare/,
    );
    expect(why.reason["zh-CN"]).toMatch(/推送/);
    const elsewhere = await run("v1.csv", table(1), planOf("v1.csv"), "other");
    expect(await refused(first, elsewhere)).toEqual([409, expect.stringMatching(/choose two runs of one project/)]);
    expect((await server.fetch("GET", `/runs/${first.id}/pairing/nobody`)).status).toBe(404);
  });

  it("pair by place where both plans read the same rows of one file, and say whose data were removed", async () => {
    const bytes = table(1, "r");
    const [one, two] = [
      await run("same.csv", bytes, planOf("same.csv", "")),
      await run("same.csv", bytes, planOf("same.csv", "favourable: negative, ")),
    ];
    const { result } = await ended((await create(one, two)).id);
    expect(result).toMatchObject({ pairing: { kind: "row", rows: 600 }, verdict: "same" });
    await server.call("DELETE", `/datasets/${one.dataset.id}`);
    expect((await refused(one, two))[1]).toMatch(new RegExp(`the data of run ${one.number} were removed`));
  });

  it("go with either of their runs; one alone is removed and its runs stay", async () => {
    const gone = await run("v4.csv", table(2, "p").replace("p0,a", "p0,b"));
    const { id } = await create(first, gone);
    await ended(id);
    await server.call("DELETE", `/runs/${gone.id}`);
    expect((await server.fetch("GET", `/comparisons/${id}`)).status).toBe(404);
    const kept = await create(first, second);
    await server.call("DELETE", `/comparisons/${kept.id}`);
    expect((await server.fetch("GET", `/comparisons/${kept.id}`)).status).toBe(404);
    expect(await server.call("GET", `/runs/${second.id}`)).toMatchObject({ status: "completed" });
  });

  it("are told to nobody without an account", async () => {
    for (const [method, path] of [
      ["GET", "/projects/credit/comparisons"],
      ["POST", "/projects/credit/comparisons"],
      ["GET", `/runs/${first.id}/pairing/${second.id}`],
      ["GET", "/comparisons/x"],
      ["POST", "/comparisons/x/cancel"],
      ["DELETE", "/comparisons/x"],
    ] as const) {
      const body = method === "POST" ? {} : undefined;
      expect((await server.fetch(method, path, body, null)).status, `${method} ${path}`).toBe(401);
    }
  });
});

describe("the SDK", () => {
  it("compares row by row, watches to the end, and reads it again by its id", async () => {
    const client = new Assay({ url: server.url, apiKey });
    const project = await client.projects.get("credit");
    const comparison = await project.comparisons.create({ from: first.id, to: second.id, replicates: 300 });
    const states: string[] = [];
    for await (const { status } of comparison.watch()) states.push(status);
    expect(states.at(-1)).toBe("completed");
    const result = await comparison.finished();
    expect((await (await project.comparisons.get(comparison.id)).finished()).measures).toEqual(result.measures);
    const later = await client.run(second.id);
    expect((await later.compare(first.id, { paired: true, replicates: 300 })).measures).toEqual(result.measures);
    expect((await later.compare(first.id)).pairing.kind).toBe("none");
    const refusedHere = await later.compare(later, { paired: true }).catch((error: AssayError) => error);
    expect(refusedHere).toMatchObject({ code: "conflict", message: expect.stringMatching(/on both sides/) });
  });
});
