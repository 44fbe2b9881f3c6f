import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sealReport } from "@assay/report/text";
import { Report } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { withholdSmallCells } from "../../packages/sdk/src/local/withhold-small-cells.ts";
import { apiKey, ownerEmail, ServerProcess } from "../server-process.ts";
import { assay, assayProcess, type Ran } from "./assay.ts";

// Every test starts programs or runs; on a busy machine each of them waits.
vi.setConfig({ testTimeout: 90_000 });

let server: ServerProcess;
let folder: string;

/** 2 × 2 × 2 cells of 1,000 people in each group; 60 % of a and 30 % of b are chosen. */
const counts = `group,label,decision,count
a,1,1,450
a,0,1,150
a,1,0,100
a,0,0,300
b,1,1,225
b,0,1,75
b,1,0,100
b,0,0,600
`;
const plan = (extra = "") => `version: 1
project: Hiring
data: { counts: data/counts.csv }
columns: { label: label, decision: decision, protected: [group] }
audits: { fairness.group-metrics: { replicates: 500 } }
${extra}`;
const rule = (most: number) => `rules: [{ metric: selection-rate-difference, by: group, at_most: ${most} }]`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-cli-"));
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data/counts.csv"), counts);
  writeFileSync(join(folder, "pass.yaml"), plan(rule(0.5)));
  writeFileSync(join(folder, "fail.yaml"), plan(rule(0.1)));
  writeFileSync(join(folder, "unclear.yaml"), plan(rule(0.3)));
  writeFileSync(join(folder, "none.yaml"), plan());
  server = await ServerProcess.start();
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** With the key of the login that the first test makes, unless told. */
function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return assay(args, { cwd: folder, env });
}
function report(path: string): Report {
  return Report.parse(JSON.parse(readFileSync(join(folder, path), "utf8")));
}

describe("assay login", () => {
  it("refuses a wrong key and keeps nothing", async () => {
    const ran = await run(["login", server.url], { ASSAY_API_KEY: "assay_not_a_key_of_this_server_1" });
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toMatch(/^assay: .*API key/);
    expect(existsSync(join(folder, ".config"))).toBe(false);
  });

  it("says so where no server answers", async () => {
    const nobody = await run(["login", "http://127.0.0.1:9"], { ASSAY_API_KEY: apiKey });
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toMatch(/^assay: no answer from http:\/\/127\.0\.0\.1:9 .*is the server running\?\n$/);
  });

  it("asks for the key only on a terminal", async () => {
    const ran = await run(["login", server.url]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/set ASSAY_API_KEY/);
  });

  it("keeps address and key where only their owner may read them", async () => {
    const ran = await run(["login", `${server.url}/`], { ASSAY_API_KEY: apiKey });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain(ownerEmail);
    const path = join(folder, ".config/assay/credentials.json");
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ url: server.url, apiKey });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe("assay submit", () => {
  it.each([
    ["pass.yaml", [], 0],
    ["none.yaml", [], 0],
    ["fail.yaml", [], 1],
    ["unclear.yaml", [], 3],
    ["unclear.yaml", ["--fail-on", "indeterminate"], 1],
  ] as const)("%s --wait %j ends with %d, as run does", async (file, args, code) => {
    const ran = await run(["submit", file, "--wait", ...args]);
    expect(ran.stderr).toMatch(/^Run \d+ of Hiring: http\S+\n(?: *\d+ % .*\n)*$/);
    expect(ran.code).toBe(code);
    expect(ran.stdout).toMatch(/^Digest {2}sha256:[0-9a-f]{64}$/m);
  });

  it("without --wait prints the run's id alone, and pull fetches its report in every format", async () => {
    const submitted = await run(["submit", "fail.yaml"]);
    expect(submitted.code).toBe(0);
    const id = submitted.stdout.trim();
    expect(submitted.stdout).toBe(`${id}\n`);
    await server.waitFor(id, ["completed"]);
    const pulled = await run(["pull", id, "--format", "json,html,md,csv", "--out", "pulled", "--lang", "zh-CN"]);
    expect(pulled).toMatchObject({ code: 0, stderr: "" });
    expect(pulled.stdout.trim().split("\n").sort()).toEqual(
      ["csv", "html", "json", "md"].map((ending) => join("pulled", `report.${ending}`)),
    );
    expect(readFileSync(join(folder, "pulled/report.html"), "utf8")).toMatch(/^<!doctype html>\n<html lang="zh-CN"/i);
    expect(readFileSync(join(folder, "pulled/report.md"), "utf8")).toMatch(/[一-龥]{4}/);
    expect(readFileSync(join(folder, "pulled/report.csv"), "utf8")).toMatch(/selection-rate-difference/);
    expect((await run(["verify", "pulled/report.json"])).code).toBe(0);
    expect((await run(["verify", "pulled/report.json", "--plan", "fail.yaml"])).stdout).toMatch(/^Good\./);
  });

  it("gives the report that run gives, wherever the plan lies and whatever policy file judges it", async () => {
    mkdirSync(join(folder, "plans"));
    writeFileSync(
      join(folder, "plans/own.yaml"),
      `id: own-rule
title: { en: Our own rule, zh-CN: 我们的规则 }
rules: [{ metric: selection-rate-difference, by: protected, at_most: 0.1 }]
`,
    );
    writeFileSync(
      join(folder, "plans/audit.yaml"),
      plan("policy: [eeoc-four-fifths, own.yaml]")
        .replace("data/counts.csv", "../data/counts.csv")
        .replace("audits: {", "audits: { fairness.impact-ratio: {},"),
    );
    expect((await run(["run", "plans/audit.yaml", "--out", "here"])).code).toBe(1);
    expect((await run(["submit", "plans/audit.yaml", "--wait"])).code).toBe(1);
    const { items } = await server.call("GET", "/projects/hiring/runs?pageSize=1");
    expect((await run(["pull", items[0].id, "--out", "there"])).code).toBe(0);
    const [here, there] = [report("here/report.json"), report("there/report.json")];
    expect(there.digest).toBe(here.digest);
    expect(there.sections).toEqual(here.sections);
    expect(here.gate.rules.map((one) => one.source)).toContain("own-rule");
    expect(JSON.stringify(here.plan)).not.toContain("..");
  });

  it("refuses a plan that cannot run, with every problem, and starts nothing", async () => {
    writeFileSync(
      join(folder, "bad.yaml"),
      plan()
        .replace("label: label", "label: lable")
        .replace("[group]", "[grup]")
        .replace("group-metrics", "group-metric"),
    );
    const { total: before } = await server.call("GET", "/projects/hiring/runs");
    const ran = await run(["submit", "bad.yaml", "--wait"]);
    expect(ran.code).toBe(2);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toMatch(/columns\.label: no column "lable" in data; did you mean "label"\? \(line \d+\)/);
    expect(ran.stderr).toMatch(
      /columns\.protected\[0\]: no column "grup" in data; did you mean "group"\? \(line \d+\)/,
    );
    expect(ran.stderr).toMatch(/did you mean "fairness\.group-metrics"\?/);
    expect((await server.call("GET", "/projects/hiring/runs")).total).toBe(before);
  });

  it("says which file is missing or broken, as the plan names it", async () => {
    writeFileSync(join(folder, "gone.yaml"), plan().replace("data/counts.csv", "data/gone.csv"));
    const gone = await run(["submit", "gone.yaml"]);
    expect(gone).toMatchObject({ code: 2, stdout: "" });
    expect(gone.stderr).toMatch(/^assay: data\/gone\.csv: there is no such file/);
    writeFileSync(join(folder, "data/ragged.csv"), "group,label,decision,count\na,1\n");
    writeFileSync(join(folder, "ragged.yaml"), plan().replace("data/counts.csv", "data/ragged.csv"));
    const ragged = await run(["submit", "ragged.yaml"]);
    expect(ragged).toMatchObject({ code: 2, stdout: "" });
    expect(ragged.stderr).toMatch(/^assay: ragged\.csv, line 2: 2 fields, but the header has 4/);
  });

  it("interrupted while it waits says that the run goes on, and how to fetch it", async () => {
    const lines = ["group,label,decision"];
    for (let row = 0; row < 200_000; row++) lines.push(`g${row % 12},${row % 2},${row % 3 === 0 ? 1 : 0}`);
    writeFileSync(join(folder, "data/many.csv"), lines.join("\n"));
    writeFileSync(
      join(folder, "many.yaml"),
      plan().replace("counts: data/counts.csv", "file: data/many.csv").replace("replicates: 500", "replicates: 100000"),
    );
    const ran = await assayProcess(["submit", "many.yaml", "--wait"], { cwd: folder, interruptWhen: /^Run \d+/m });
    expect(ran.code).toBe(130);
    const id = ran.stderr.match(/interrupted; the run goes on at http\S+; fetch it with: assay pull (\S+)/)?.[1] ?? "";
    expect((await server.call("GET", `/runs/${id}`)).status).not.toBe("cancelled");
    await server.call("POST", `/runs/${id}/cancel`);
  });
});

describe("assay push", () => {
  it("keeps a report computed here as pushed, and the same report once", async () => {
    expect((await run(["run", "pass.yaml", "--out", "local"])).code).toBe(0);
    const first = await run(["push", "local/report.json", "--project", "Pushed"]);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(/^Pushed as run 1 of Pushed: http\S+\/projects\/pushed\/runs\/1\nid \S+\n$/);
    const second = await run(["push", "local/report.json", "--project", "Pushed"]);
    expect(second.stdout).toBe(first.stdout);
    const { items } = await server.call("GET", "/projects/pushed/runs");
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ origin: "pushed", dataset: null, verdict: "pass" });
    const id = first.stdout.match(/^id (\S+)$/m)?.[1] ?? "";
    expect((await run(["pull", id, "--out", "back"])).code).toBe(0);
    expect(report("back/report.json")).toEqual(report("local/report.json"));
  });

  it("withholds small cells from the pushed report as the plan would have, and refuses where it cannot", async () => {
    const people = [
      ["a", 300, 200],
      ["b", 250, 90],
      ["c", 21, 20],
      ["d", 2, 1],
    ] as const;
    const lines = people.map(([group, yes, no]) => `${group},1,1,${yes}\n${group},0,0,${no}`);
    writeFileSync(join(folder, "data/small.csv"), `group,label,decision,count\n${lines.join("\n")}\n`);
    const small = plan().replace("counts.csv", "small.csv");
    writeFileSync(join(folder, "open.yaml"), small);
    writeFileSync(join(folder, "bound.yaml"), `${small}suppress_below: 5\n`);
    for (const name of ["open", "bound"]) expect((await run(["run", `${name}.yaml`, "--out", name])).code).toBe(0);
    const push = (...args: readonly string[]) => run(["push", ...args, "--project", "Small"]);

    const pushed = await push("open/report.json", "--suppress-below", "5");
    expect(pushed).toMatchObject({ code: 0, stderr: "" });
    expect(pushed.stdout).toMatch(/^Withheld from the pushed report: \d+ numbers, .+\.\nPushed as run 1 of Small: /);
    const id = pushed.stdout.match(/^id (\S+)$/m)?.[1] ?? "";
    const kept = Report.parse(await server.call("GET", `/runs/${id}/report`));
    const bound = Report.parse(report("bound/report.json"));
    expect([kept.digest, kept.sections]).toEqual([bound.digest, bound.sections]);
    expect(report("open/report.json").plan.suppress_below).toBeUndefined();

    const chinese = await push("bound/report.json", "--suppress-below", "5", "--lang", "zh-CN");
    expect(chinese.stdout).toMatch(/^无须隐去任何内容.+\n已推送为 Small 的第 1 次运行：/);
    const { environment, ...body } = Report.parse(report("open/report.json"));
    const { plan: own, data, model, audits, gate } = body;
    const older = sealReport(
      { plan: own, data, model, gate, audits: audits.map((one) => ({ ...one, version: one.version + 1 })) },
      environment,
    );
    for (const [given, below, why] of [
      [bound, 10, /withholds fewer than 5 people already.+run the plan again with suppress_below: 10/],
      [older, 5, /its fairness\.group-metrics is of version \d+, and here it is \d+; run the plan again/],
      [Report.parse(report("open/report.json")), 1000, /the data have 884 rows, and suppress_below is 1000/],
    ] as const) {
      await expect(withholdSmallCells(given, below)).rejects.toThrow(why);
    }
    expect((await server.call("GET", "/projects/small/runs")).items).toHaveLength(1);
  });

  it("refuses a report that was changed after it was sealed, before anything travels", async () => {
    const changed = report("local/report.json");
    writeFileSync(
      join(folder, "changed.json"),
      JSON.stringify({ ...changed, gate: { ...changed.gate, verdict: "fail" } }),
    );
    const ran = await run(["push", "changed.json", "--project", "Changed"]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toBe("assay: changed.json was changed after it was sealed: gate\n");
    expect((await server.fetch("GET", "/projects/changed")).status).toBe(404);
  });
});

describe("a command that needs the server", () => {
  const commands: readonly (readonly string[])[] = [
    ["submit", "pass.yaml"],
    ["push", "local/report.json"],
    ["pull", "some-run"],
  ];

  it.each(commands)("%s with a wrong key exits with 2 and says so", async (...args) => {
    const ran = await run(args, { ASSAY_URL: server.url, ASSAY_API_KEY: "assay_not_a_key_of_this_server_1" });
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toMatch(/^assay: .*API key/);
  });

  it("with no server there exits with 2, and tells the address", async () => {
    const env = { ASSAY_URL: "http://127.0.0.1:9", ASSAY_API_KEY: apiKey };
    for (const ran of await Promise.all(commands.map((args) => run(args, env)))) {
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(ran.stderr).toMatch(/^assay: no answer from http:\/\/127\.0\.0\.1:9 /);
    }
  });

  it("does not send the login's key to another server", async () => {
    const ran = await run(["pull", "some-run", "--server", "http://127.0.0.1:9"]);
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.stderr).toMatch(/no API key for http:\/\/127\.0\.0\.1:9; run `assay login/);
  });

  it("names a run that is not there, and writes nothing", async () => {
    const ran = await run(["pull", "some-run", "--out", "nothing"]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toMatch(/some-run/);
    expect(readdirSync(folder)).not.toContain("nothing");
  });
});

describe("assay schedules", () => {
  const on = (...args: string[]) => ["schedules", ...args, "--project", "Watch"];

  it("makes a schedule of data that were uploaded alone, runs it, and shows what came of it in both languages", async () => {
    const uploaded = await run(["upload", "data/counts.csv", "--project", "Watch", "--counts"]);
    expect(uploaded).toMatchObject({ code: 0, stderr: expect.stringMatching(/counts\.csv: 8 rows\n$/) });
    expect(uploaded.stderr).toContain("There was no project Watch; it is made.");
    const missing = await run(["upload", "data/gone.csv", "--project", "Watched"]);
    expect(missing).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/gone\.csv: there is no such file; check the path\n/),
    });
    expect((await server.call("GET", "/projects")).map(({ name }: { name: string }) => name)).not.toContain("Watched");
    const made = await run(on("create", "fail.yaml", "--name", "daily", "--cron", "0 6 * * *", "--json"));
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(made.stdout)).toMatchObject({ name: "daily", dataset: "counts.csv", enabled: true, last: null });
    const ran = await run(on("run", "daily"));
    expect(ran.code).toBe(0);
    await server.waitFor(ran.stdout.trim(), ["completed"]);
    expect((await run(on("show", "daily"))).stdout).toMatch(/^daily\n[\s\S]*▲ run 1 fails$/m);
    const paused = await run(on("pause", "daily", "--lang", "zh-CN"));
    expect(paused.stdout).toMatch(/daily +counts\.csv +0 6 \* \* \* UTC +已暂停 +▲ 运行 1 未通过\n$/);
    expect(await run(on("remove", "daily"))).toMatchObject({ code: 0, stdout: "Removed daily.\n" });
    expect((await run(on("list"))).stdout).toMatch(/^No schedule yet/);
  });

  it("ends with 2 for times that cannot be, a schedule that is not there and an unknown verb", async () => {
    const often = await run(["schedules", "preview", "* * * * *", "--lang", "zh-CN"]);
    expect(often).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/^assay: .*间隔短于 5 分钟/) });
    expect(await run(on("show", "weekly"))).toMatchObject({ code: 2, stderr: 'assay: no schedule "weekly"\n' });
    expect((await run(["schedules", "wait"])).code).toBe(2);
  });
});
