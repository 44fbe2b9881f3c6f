import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { appRouter, type Context, createCallerFactory } from "@assay/api";
import { type AuditDefinition, defineAudit, registry } from "@assay/audits";
import { coded } from "@assay/dataset";
import { audit } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { runCli } from "../../packages/sdk/src/cli/program.ts";
import { methodPages } from "../../scripts/docs.mjs";

/** Counts the rows decided positive. It enters by one line in the registry and by nothing else. */
const decided = defineAudit({
  id: "impact.decided",
  version: 1,
  input: z.strictObject({ least: z.int().min(0).default(3) }),
  needs: { columns: ["decision"], uses: [] },
  requests: (_input, roles) => (roles.decision ? [roles.decision] : []),
  gives: () => [{ metric: "decided-positive", scope: "overall", by: [] }],
  async measure(rows, _step, { roles }) {
    if (!roles.decision) throw new Error("no decision");
    let positive = 0;
    for (const code of coded(rows, roles.decision).codes) if (code === 2) positive++;
    return { positive };
  },
  merge: (a, b) => ({ positive: a.positive + b.positive }),
  conclude: async ({ positive }) => ({
    measures: [{ metric: "decided-positive", value: positive }],
    figures: [],
    tables: [],
  }),
  judge: (_conclusion, { input }) => [
    {
      id: "impact.decided/least",
      verdict: "info",
      severity: "low",
      text: { en: `**At least ${input.least}.**`, "zh-CN": `**至少 ${input.least}。**` },
      measures: [0],
    },
  ],
  text: {
    en: {
      name: "Decided",
      question: "How many rows are decided positive?",
      method: "Counts them.",
      reading: "As it stands.",
      action: "None.",
      limits: "None.",
      settings: { least: { label: "At least", help: "Rows that should be there." } },
    },
    "zh-CN": {
      name: "决定数",
      question: "有多少行被判为阳性？",
      method: "逐行计数。",
      reading: "直接阅读。",
      action: "无。",
      limits: "无。",
      settings: { least: { label: "至少", help: "应有的行数。" } },
    },
  },
  references: [{ of: "the count", citation: "Counting.", url: "https://example.org/counting" }],
});

const list = registry as unknown as AuditDefinition[];
let folder: string;

beforeAll(() => {
  list.push(decided);
  folder = mkdtempSync(join(tmpdir(), "assay-new-"));
  writeFileSync(join(folder, "d.csv"), "hired\n1\n0\n1\n1\n");
});
afterAll(() => {
  list.splice(list.indexOf(decided), 1);
  rmSync(folder, { recursive: true, force: true });
});

describe("an audit that is added to the registry alone", () => {
  it("runs, and a rule may speak of its metric", async () => {
    const report = await audit(
      {
        version: 1,
        data: { file: "d.csv" },
        columns: { decision: "hired" },
        audits: { "impact.decided": {} },
        rules: [{ metric: "decided-positive", at_least: 3 }],
      },
      { folder, shards: 2 },
    );
    expect(report.audits[0]).toMatchObject({ status: "completed", measures: [{ value: 3 }] });
    expect(report.gate.verdict).toBe("pass");
  });

  it.each(["en", "zh-CN"] as const)("is explained by the command line (%s)", async (locale) => {
    let told = "";
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        told += String(chunk);
        done();
      },
    });
    const context = { stdout, stderr: stdout, env: {}, cwd: folder, signal: new AbortController().signal };
    expect(await runCli(["audits", "impact.decided", "--lang", locale], context)).toBe(0);
    const { question, settings } = decided.text[locale];
    expect(told).toContain(question);
    expect(told).toContain(settings.least?.help);
  });

  it("gives the dashboard its form", async () => {
    const unused = new Proxy({}, { get: () => () => Promise.reject(new Error("audits.list asks nothing else")) });
    const caller = createCallerFactory(appRouter)({
      user: { id: "u", name: "U", email: "u@example.org" },
      organizationId: "o",
      stores: unused,
      services: unused,
      logError: () => {},
    } as unknown as Context);
    const found = (await caller.audits.list()).find((one) => one.id === "impact.decided");
    expect(found).toMatchObject({
      pillar: "impact",
      defaults: { least: 3 },
      input: { properties: { least: { type: "integer", minimum: 0 } } },
    });
  });

  it("has its page in the documentation", () => {
    expect(methodPages().get("docs/methods/impact.decided.md")).toContain("How many rows are decided positive?");
    expect(methodPages().get("docs/methods/zh-CN/impact.decided.md")).toContain("有多少行被判为阳性？");
  });
});
