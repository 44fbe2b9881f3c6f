import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sealReport } from "@assay/report/text";
import { type AuditResult, Report } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assayProcess as assay } from "./assay.ts";

let folder: string;

/** 2 × 2 × 2 cells: group a is chosen 60 %, group b `rate` % of 1,000 each. */
function writeCounts(rate: number): void {
  const lines = ["group,label,decision,count"];
  for (const [group, chosen] of [
    ["a", 600],
    ["b", rate * 10],
  ] as const) {
    lines.push(`${group},1,1,${Math.round(chosen * 0.75)}`, `${group},0,1,${chosen - Math.round(chosen * 0.75)}`);
    lines.push(`${group},1,0,100`, `${group},0,0,${900 - chosen}`);
  }
  writeFileSync(join(folder, "counts.csv"), `${lines.join("\n")}\n`);
}

const plan = (extra = "") => `version: 1
project: test
data: { counts: counts.csv }
columns: { label: label, decision: decision, protected: [group] }
audits: { fairness.group-metrics: { replicates: 500 } }
${extra}`;

function writePlan(name: string, extra: string): void {
  writeFileSync(join(folder, name), plan(extra));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-cli-"));
  writeCounts(30);
  writePlan("pass.yaml", "rules: [{ metric: selection-rate-difference, by: group, at_most: 0.5 }]");
  writePlan("fail.yaml", "rules: [{ metric: selection-rate-difference, by: group, at_most: 0.1 }]");
  writePlan("unclear.yaml", "rules: [{ metric: selection-rate-difference, by: group, at_most: 0.3 }]");
  writePlan("none.yaml", "");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A busy machine prints a line of progress now and then. */
function withoutProgress(stderr: string): string {
  return stderr.replaceAll(/^ *\d+ % .*\n/gm, "");
}

function report(out = "assay-report"): Report {
  return Report.parse(JSON.parse(readFileSync(join(folder, out, "report.json"), "utf8")));
}

describe("assay run", () => {
  it.each([
    ["pass.yaml", [], 0, "pass"],
    ["fail.yaml", [], 1, "fail"],
    ["unclear.yaml", [], 3, "indeterminate"],
    ["unclear.yaml", ["--fail-on", "indeterminate"], 1, "indeterminate"],
    ["none.yaml", [], 0, "none"],
  ] as const)("%s %j exits with %d", async (file, args, code, verdict) => {
    const ran = await assay(["run", file, ...args], { cwd: folder });
    expect(withoutProgress(ran.stderr)).toBe("");
    expect(ran.code).toBe(code);
    expect(report().gate.verdict).toBe(verdict);
  });

  it("writes every format asked for, and report.json always", async () => {
    const ran = await assay(["run", "none.yaml", "--out", "formats", "--format", "html,md,csv"], { cwd: folder });
    expect(ran.code).toBe(0);
    expect(readdirSync(join(folder, "formats")).sort()).toEqual([
      "report.csv",
      "report.html",
      "report.json",
      "report.md",
    ]);
  });

  it("prints JSON for machines on stdout and nothing else", async () => {
    const ran = await assay(["run", "fail.yaml", "--json", "--out", "j"], { cwd: folder });
    expect(ran.code).toBe(1);
    const told = JSON.parse(ran.stdout);
    expect(told).toMatchObject({ gate: "fail", exit: 1, digest: report("j").digest });
  });

  it("speaks Chinese when asked", async () => {
    const ran = await assay(["run", "fail.yaml", "--lang", "zh-CN", "--out", "zh"], { cwd: folder });
    expect(ran.stdout).toMatch(/未满足/);
  });

  it("takes the seed of the command line into the report's plan", async () => {
    await assay(["run", "none.yaml", "--seed", "41", "--out", "seed"], { cwd: folder });
    expect(report("seed").plan.seed).toBe(41);
  });

  it.each([
    [["run"], /missing required argument 'plan'/],
    [["run", "nowhere.yaml"], /no plan at .*nowhere\.yaml/],
    [["run", "none.yaml", "--format", "pdf"], /no format "pdf"; there are/],
    [["run", "none.yaml", "--device", "tpu"], /--device takes auto/],
    [["run", "none.yaml", "--device", "cuda"], /cuda/],
    [["run", "none.yaml", "--threads", "0"], /--threads takes a whole number/],
    [["run", "none.yaml", "--seed", "x"], /--seed takes a whole number/],
    [["run", "none.yaml", "--lang", "fr"], /--lang takes en or zh-CN/],
    [["run", "none.yaml", "--fail-on", "fail"], /--fail-on takes indeterminate/],
    [["run", "none.yaml", "--nonsense"], /unknown option '--nonsense'/],
    [["anonymize", "x"], /unknown command 'anonymize'/],
    [["audits", "fairness.group-metric"], /did you mean "fairness.group-metrics"/],
    [["verify", "counts.csv"], /is not JSON/],
    [["push", "none.yaml"], /is not JSON/],
    [["login", "not-an-address"], /ASSAY_API_KEY|address/],
  ] as const)("%j is told and exits with 2, never 1", async (args, message) => {
    const ran = await assay(args, { cwd: folder });
    expect(ran.stderr).toMatch(message);
    expect(ran.code).toBe(2);
  });

  it("refuses a plan with every problem together, before any work", async () => {
    writeFileSync(
      join(folder, "bad.yaml"),
      `version: 1
data: { counts: counts.csv }
columns: { label: lable, decision: decision, protected: [grup] }
audits: { fairness.group-metric: {} }
rules: [{ metric: accuracy, at_least: 2, at_most: 3 }]
`,
    );
    const first = await assay(["run", "bad.yaml", "--out", "bad"], { cwd: folder });
    expect(first.code).toBe(2);
    expect(first.stderr).toMatch(/rules\[0\].*give exactly one of at_least and at_most/);
    writeFileSync(
      join(folder, "bad.yaml"),
      `version: 1
data: { counts: counts.csv }
columns: { label: lable, decision: decision, protected: [grup] }
audits: { fairness.group-metric: {} }
`,
    );
    const second = await assay(["run", "bad.yaml", "--out", "bad"], { cwd: folder });
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/no column "lable" in data; did you mean "label"\?/);
    expect(second.stderr).toMatch(
      /columns\.protected\[0\]: no column "grup" in data; did you mean "group"\? \(line 3\)/,
    );
    expect(second.stderr).toMatch(/did you mean "fairness\.group-metrics"\?/);
    expect(existsSync(join(folder, "bad"))).toBe(false);
  });

  it("prints names of groups on one line, and nothing in them that a terminal would obey", async () => {
    const hostile = "\u001b[31mred\u202e\nline";
    const cells = readFileSync(join(folder, "counts.csv"), "utf8").replace(/^b,/gm, `"${hostile}",`);
    writeFileSync(join(folder, "hostile.csv"), cells);
    writeFileSync(join(folder, "hostile.yaml"), plan().replace("counts.csv", "hostile.csv"));
    const text = await assay(["run", "hostile.yaml", "--out", "hostile"], { cwd: folder });
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/red line/);
    for (const sign of ["\u001b", "\u202e", "\nline"]) expect(text.stdout).not.toContain(sign);
    writeFileSync(join(folder, "hostile.yaml"), plan().replace("[group]", '["\\e[31mgr"]'));
    const wrong = await assay(["run", "hostile.yaml", "--out", "hostile"], { cwd: folder });
    expect(wrong.stderr).toContain('no column "\\u001b[31mgr" in data');
  });

  it("does not write into a place that is a file", async () => {
    const ran = await assay(["run", "none.yaml", "--out", "counts.csv"], { cwd: folder });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/counts\.csv.*(--out|folder)/);
  });
});

describe("assay verify", () => {
  it("is good on a report as it was written, and on its recomputation", async () => {
    await assay(["run", "fail.yaml", "--out", "v"], { cwd: folder });
    expect((await assay(["verify", "v/report.json"], { cwd: folder })).code).toBe(0);
    const again = await assay(["verify", "v/report.json", "--plan", "fail.yaml"], { cwd: folder });
    expect(again.stdout).toMatch(/^Good\./);
    expect(again.code).toBe(0);
  });

  it("names the section that was changed", async () => {
    const changed = report("v");
    const text = JSON.stringify({ ...changed, gate: { ...changed.gate, verdict: "pass" } });
    writeFileSync(join(folder, "v/changed.json"), text);
    const ran = await assay(["verify", "v/changed.json"], { cwd: folder });
    expect(ran.stdout).toMatch(/section gate/);
    expect(ran.code).toBe(1);
  });

  it("is good where sentences alone are another version's, and says which; not where this version writes others, or a table holds another number", async () => {
    const { digest: _, sections: __, signature: ___, format: ____, version: _____, environment, ...body } = report("v");
    const sealed = (name: string, change: (audit: AuditResult) => void, assayVersion = environment.assay) => {
      const copy: typeof body = structuredClone(body);
      if (copy.audits[0] !== undefined) change(copy.audits[0]);
      mkdirSync(join(folder, name), { recursive: true });
      const text = JSON.stringify(sealReport(copy, { ...environment, assay: assayVersion }));
      writeFileSync(join(folder, name, "report.json"), text);
      return assay(["verify", name, "--plan", "fail.yaml"], { cwd: folder });
    };
    const reword = (audit: AuditResult) => {
      const [finding] = audit.findings;
      if (finding !== undefined) finding.text = { en: "**It was said so.**", "zh-CN": "**曾这样写。**" };
    };
    const words = await sealed("words", reword, "0.0.9");
    expect(words.code).toBe(0);
    expect(words.stdout).toMatch(/^Good\. Every number was recomputed and is the same\./);
    expect(words.stdout).toMatch(/In the words of Assay 0\.0\.9, where this is \d/);
    expect(words.stdout).toMatch(/fairness\.group-metrics: the sentence of its finding /);
    const forged = await sealed("words", reword);
    expect(forged.code).toBe(1);
    expect(forged.stdout).toMatch(
      /^Not good\. 1 difference:\n {2}fairness\.group-metrics: the sentence of its finding /,
    );
    const cells = await sealed("cells", (audit) => {
      const row = audit.tables[0]?.rows[0];
      if (row !== undefined) row.cells[1] = 0.123;
    });
    expect(cells.code).toBe(1);
    expect(cells.stdout).toMatch(/fairness\.group-metrics: the cells of its tables differ/);
    const verdict = await sealed("verdict", (audit) => {
      const [finding] = audit.findings;
      if (finding !== undefined) finding.verdict = finding.verdict === "pass" ? "fail" : "pass";
    });
    expect(verdict.stdout).toMatch(/the verdicts of its findings differ/);
    expect(verdict.code).toBe(1);
  });

  it("names the number that a changed cell changes", async () => {
    writeCounts(31);
    const ran = await assay(["verify", "v/report.json", "--plan", "fail.yaml"], { cwd: folder });
    writeCounts(30);
    expect(ran.stdout).toMatch(/data: the file's digest/);
    expect(ran.stdout).toMatch(/selection-rate \{"group":"b"\} value: 0\.3 there, 0\.31 here/);
    expect(ran.code).toBe(1);
  });
});

describe("assay init", () => {
  it("writes a plan that runs, and does not write over one", async () => {
    const first = await assay(["init", "counts.csv", "--out", "first.yaml"], { cwd: folder });
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/It can run: .*impact\.classification/);
    expect((await assay(["init", "counts.csv", "--out", "first.yaml"], { cwd: folder })).code).toBe(2);
    const ran = await assay(["run", "first.yaml", "--out", "first"], { cwd: folder });
    expect(withoutProgress(ran.stderr)).toBe("");
    expect(ran.code).toBe(0);
  });
});

describe("an interruption", () => {
  it("exits with 130 and leaves no half-written report", async () => {
    const lines = ["group,label,decision"];
    for (let row = 0; row < 400_000; row++) lines.push(`g${row % 12},${row % 2},${row % 3 === 0 ? 1 : 0}`);
    writeFileSync(join(folder, "many.csv"), lines.join("\n"));
    writeFileSync(join(folder, "many.yaml"), plan().replace("counts: counts.csv", "file: many.csv"));
    const ran = await assay(["run", "many.yaml", "--out", "cut", "--shards", "4000"], {
      cwd: folder,
      interruptAfterMs: 900,
    });
    expect(ran.code).toBe(130);
    expect(existsSync(join(folder, "cut/report.json"))).toBe(false);
  });
});
