import { createHash } from "node:crypto";
import { digestJson, gateVerdict, isAssayError, type Report } from "@assay/schema";
import { expect, test } from "vitest";
import { compasBody, compasReport, environment } from "./fixtures/compas-report.ts";
import { readReport } from "./read-report.ts";
import { bodyDigest, sealReport } from "./seal-report.ts";
import { verifyReport } from "./verify-report.ts";

/** RFC 8785 for values without exotic numbers: sorted keys, no blanks. Written here so as not to trust the code under test. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const copy = (report: Report): Report => JSON.parse(JSON.stringify(report)) as Report;

test("the digest can be recomputed from the file alone, by anyone", () => {
  const report = copy(compasReport());
  const { plan, data, model, audits, gate } = report;
  expect(report.digest).toBe(sha256(canonical({ plan, data, model, audits, gate })));
  expect(report.sections.plan).toBe(sha256(canonical(plan)));
  expect(report.sections.model).toBe(sha256("null"));
  for (const audit of audits) expect(report.sections.audits[audit.id]).toBe(sha256(canonical(audit)));
  expect(verifyReport(report)).toMatchObject({ ok: true });
});

test("time and machine do not enter the digest", () => {
  const later = sealReport(compasBody(), {
    ...environment,
    device: "cuda",
    seconds: 99,
    startedAt: "2030-01-01T00:00:00Z",
    threads: 64,
  });
  expect(later.digest).toBe(compasReport().digest);
  expect(later.sections).toEqual(compasReport().sections);
});

test("an audit of the machine itself has a section digest and stays out of the whole", () => {
  const body = compasBody();
  const latency = {
    id: "efficiency.latency",
    version: 1,
    status: "completed",
    volatile: true,
    summary: null,
    measures: [{ metric: "latency-ms", value: 12.5 }],
    findings: [],
    figures: [],
    tables: [],
    artifacts: [],
  } as const;
  const report = sealReport(
    {
      ...body,
      audits: [
        ...body.audits,
        { ...latency, measures: [...latency.measures], findings: [], figures: [], tables: [], artifacts: [] },
      ],
    },
    environment,
  );
  expect(report.digest).toBe(compasReport().digest);
  expect(report.sections.audits["efficiency.latency"]).toBe(digestJson(latency));
  expect(verifyReport(copy(report))).toMatchObject({ ok: true });
  const changed = copy(report);
  const measure = changed.audits.at(-1)?.measures[0];
  if (measure) measure.value = 1;
  expect(verifyReport(changed)).toMatchObject({ ok: false, differs: ["audits.efficiency.latency"] });
});

function withLatency(value: number, bound: number): Report {
  const body = compasBody();
  const verdict = value <= bound ? "pass" : "fail";
  const text = { en: `latency-ms is ${value}.`, "zh-CN": `latency-ms 为 ${value}。` };
  return sealReport(
    {
      ...body,
      audits: [
        ...body.audits,
        {
          id: "efficiency.latency",
          version: 1,
          status: "completed",
          volatile: true,
          summary: digestJson(value),
          measures: [{ metric: "latency-ms", value }],
          findings: [],
          figures: [],
          tables: [],
          artifacts: [],
        },
      ],
      gate: {
        verdict: gateVerdict([...body.gate.rules, { verdict }]),
        rules: [
          ...body.gate.rules,
          {
            rule: { metric: "latency-ms", at_most: bound },
            source: "plan",
            verdict,
            text,
            measures: [{ audit: "efficiency.latency", index: 0 }],
            volatile: true,
          },
        ],
      },
    },
    environment,
  );
}

test("a rule on what the machine does decides the gate, and neither its verdict nor its words move the digest", () => {
  const [fast, slow] = [withLatency(2, 10), withLatency(12, 10)];
  expect(fast.gate.rules.at(-1)?.verdict).toBe("pass");
  expect(slow.gate.verdict).toBe("fail");
  expect(fast.digest).toBe(slow.digest);
  expect(fast.digest).toBe(compasReport().digest);
  expect(fast.sections.gate).not.toBe(slow.sections.gate);
  for (const report of [fast, slow]) expect(verifyReport(copy(report))).toMatchObject({ ok: true });
});

test("a verdict that does not follow from its rules is found, even where every section was sealed again", () => {
  const report = copy(withLatency(12, 10));
  report.gate.verdict = "pass";
  report.sections.gate = digestJson(report.gate);
  expect(bodyDigest(report)).toBe(report.digest);
  expect(verifyReport(report)).toMatchObject({ ok: false, differs: ["gate"] });
});

test("a rule cannot be freed from the digest, nor a volatile one hide that it is", () => {
  const freed = copy(compasReport());
  const [rule] = freed.gate.rules;
  if (rule) rule.volatile = true;
  freed.sections.gate = digestJson(freed.gate);
  expect(verifyReport(freed)).toMatchObject({ ok: false, differs: ["digest"] });
  const hidden = copy(withLatency(2, 10));
  const last = hidden.gate.rules.at(-1);
  if (last) Reflect.deleteProperty(last, "volatile");
  expect(() => readReport(hidden)).toThrow(/gate\.rules\[\d+\]\.volatile: must be true/);
});

test.each([
  ["plan", (report: Report) => Object.assign(report.plan, { seed: 8 })],
  ["data", (report: Report) => Object.assign(report.data, { rows: 7213 })],
  ["gate", (report: Report) => Object.assign(report.gate, { verdict: "pass" })],
  ["audits.privacy.reidentification", (report: Report) => void report.audits[3]?.findings.splice(0, 1)],
  ["audits.fairness.impact-ratio", (report: Report) => void report.audits.pop()],
  ["digest", (report: Report) => void report.audits.reverse()],
  ["digest", (report: Report) => Object.assign(report, { digest: digestJson("another") })],
])("a change is found and its section named: %s", (section, change) => {
  const report = copy(compasReport());
  change(report);
  expect(verifyReport(report)).toMatchObject({ ok: false, differs: [section] });
});

test("a changed last digit of one measure is found", () => {
  const report = copy(compasReport());
  const measure = report.audits[0]?.measures[0];
  if (measure?.value) measure.value += 2 ** -52;
  expect(verifyReport(report)).toMatchObject({ ok: false, differs: ["audits.fairness.group-metrics"] });
});

test("a default that was left out of the file counts as a change, not as the default", () => {
  const report = copy(compasReport());
  Reflect.deleteProperty(report.plan.columns, "intersections");
  expect(verifyReport(report)).toMatchObject({ ok: false, differs: ["plan"] });
});

function problemsOf(run: () => unknown): readonly { at: string; message: string }[] {
  try {
    run();
  } catch (error) {
    if (isAssayError(error)) return [{ at: "code", message: error.code }, ...error.problems];
    throw error;
  }
  return [];
}

test("what is not a report is refused with every path", () => {
  expect(problemsOf(() => readReport("no"))).toContainEqual({ at: "code", message: "report-invalid" });
  const report = copy(compasReport());
  Object.assign(report, { extra: 1 });
  const measure = report.audits[0]?.measures[1];
  if (measure) Object.assign(measure, { value: "0.5" });
  const finding = report.audits[0]?.findings[0];
  if (finding) Object.assign(finding.text, { fr: "…" });
  const places = problemsOf(() => readReport(report)).map((problem) => problem.at);
  expect(places).toContain("audits[0].measures[1].value");
  expect(places).toContain("audits[0].findings[0].text");
  expect(places).toContain("report");
});

test("what points at nothing is refused", () => {
  const report = copy(compasReport());
  const finding = report.audits[0]?.findings[0];
  if (finding) Object.assign(finding, { measures: [999], figure: "gone", table: "gone" });
  const rule = report.gate.rules[0];
  if (rule) rule.measures = [{ audit: "impact.classification", index: 7 }];
  const tree = report.audits[1]?.figures[0];
  // A node that is its own ancestor would never end to draw.
  if (tree?.kind === "tree" && tree.nodes[1]) tree.nodes[1].parent = 6;
  expect(problemsOf(() => readReport(report)).map((problem) => problem.at)).toEqual([
    "code",
    "audits[0].findings[0].measures",
    "audits[0].findings[0].figure",
    "audits[0].findings[0].table",
    "audits[1].figures[0].nodes[1].parent",
    "gate.rules[0].measures[0]",
  ]);
});

test("a number that JSON cannot hold is refused before it is sealed", () => {
  const body = compasBody();
  const measure = body.audits[0]?.measures[0];
  if (measure) measure.value = Number.NaN;
  expect(problemsOf(() => sealReport(body, environment)).map((problem) => problem.at)).toEqual([
    "code",
    "audits[0].measures[0].value",
  ]);
});
