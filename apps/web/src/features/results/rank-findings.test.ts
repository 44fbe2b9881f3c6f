import type { AuditResult, Finding, Report } from "@assay/schema";
import { expect, test } from "vitest";
import { rankFindings } from "./rank-findings.ts";

const finding = (id: string, verdict: Finding["verdict"], severity: Finding["severity"], figure?: string): Finding => ({
  id,
  verdict,
  severity,
  text: { en: `**${id}.**`, "zh-CN": `**${id}。**` },
  measures: [],
  ...(figure === undefined ? {} : { figure }),
});

function report(findings: Finding[]): Pick<Report, "audits" | "gate"> {
  const figure = (id: string): AuditResult["figures"][number] => ({
    kind: "tree",
    id,
    title: { en: id, "zh-CN": id },
    caption: { en: id, "zh-CN": id },
    nodes: [],
  });
  const audit: AuditResult = {
    id: "fairness.group-metrics",
    version: 1,
    status: "completed",
    summary: null,
    measures: [],
    findings,
    figures: [figure("a"), figure("b")],
    tables: [],
    artifacts: [],
  };
  return { audits: [audit], gate: { verdict: "none", rules: [] } };
}
const keys = (findings: Finding[]) => {
  const { grave, rest } = rankFindings(report(findings));
  return {
    grave: grave.map((group) => group.findings.map((placed) => placed.finding.id)),
    rest: rest.map((placed) => placed.finding.id),
  };
};

test("what fails or weighs much opens the page; what holds never does beside it", () => {
  expect(
    keys([
      finding("holds", "pass", "high"),
      finding("note", "info", "low"),
      finding("gap", "info", "high"),
      finding("small failure", "fail", "low"),
    ]),
  ).toEqual({ grave: [["small failure"], ["gap"]], rest: ["note", "holds"] });
});

test("findings of one figure stand together at the place of the gravest", () => {
  expect(
    keys([
      finding("one", "fail", "high", "a"),
      finding("two", "fail", "high", "b"),
      finding("three", "fail", "low", "a"),
    ]).grave,
  ).toEqual([["one", "three"], ["two"]]);
});

test("where nothing weighs, the first few open the page", () => {
  const { grave, rest } = keys(["1", "2", "3", "4"].map((id) => finding(id, "pass", "low")));
  expect(grave.flat()).toEqual(["1", "2", "3"]);
  expect(rest).toEqual(["4"]);
});
