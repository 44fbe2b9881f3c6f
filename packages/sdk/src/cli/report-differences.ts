import { type AuditResult, digestJson, type Measure, measureKey, type Report } from "@assay/schema";

/** A report beside its recomputation. */
export interface ReportDifferences {
  /** What was computed otherwise, by name: `fairness.group-metrics: false-positive-rate {"race":"white"} value: 0.3 there, 0.2 here`. */
  readonly differences: readonly string[];
  /** What was computed equally and is told otherwise: sentences, and versions of audits. Empty beside differences of its audit. */
  readonly told: readonly string[];
}

/** What differs between a report and the same made here, numbers apart from words. */
export function reportDifferences(there: Report, here: Report): ReportDifferences {
  const differences = [...subjectDifferences(there, here)];
  const told: string[] = [];
  for (const theirs of there.audits) {
    const ours = here.audits.find((audit) => audit.id === theirs.id);
    if (!ours) {
      differences.push(`${theirs.id}: this plan does not run it`);
      continue;
    }
    const version =
      theirs.version === ours.version
        ? []
        : [`${theirs.id}: version ${theirs.version} made the report, version ${ours.version} is here`];
    // It measured the machine at its time: no second run gives the same numbers.
    const found = theirs.volatile === true || ours.volatile === true ? [] : auditDifferences(theirs, ours);
    if (found.length > 0) differences.push(...version, ...found);
    else {
      told.push(...version);
      if (theirs.volatile !== true && ours.volatile !== true && digestJson(theirs) !== digestJson(ours))
        told.push(...wordDifferences(theirs, ours));
    }
  }
  for (const audit of here.audits) {
    if (!there.audits.some((one) => one.id === audit.id)) differences.push(`${audit.id}: is not in the report`);
  }
  // Rules about what measures the machine come out otherwise with it.
  const gates = [there.gate, here.gate].map((gate) => ({
    ...gate,
    verdict: gate.rules.some((rule) => rule.volatile === true) ? null : gate.verdict,
    rules: gate.rules.filter((rule) => rule.volatile !== true),
  }));
  if (differences.length === 0 && plain(gates[0]) !== plain(gates[1])) {
    differences.push("gate: its verdict or its rules differ");
  } else if (differences.length === 0 && digestJson(gates[0]) !== digestJson(gates[1])) {
    told.push("gate: the sentences of its rules");
  }
  if (differences.length === 0 && told.length === 0 && there.digest !== here.digest)
    differences.push("the digest differs though every number is the same");
  return { differences, told };
}

/** The data, the model and the settings. */
function subjectDifferences(there: Report, here: Report): string[] {
  const lines: string[] = [];
  if (there.data.digest !== here.data.digest) {
    lines.push(`data: the file's digest is ${here.data.digest}, the report was made of ${there.data.digest}`);
  } else if (plain(there.data) !== plain(here.data)) {
    lines.push("data: the file is the same, and its rows or columns are told otherwise");
  }
  if (there.model?.digest !== here.model?.digest) {
    lines.push(`model: ${modelText(here)} is here, the report was made of ${modelText(there)}`);
  }
  lines.push(...fileDifferences(there, here));
  if (lines.length === 0 && plain(there.model) !== plain(here.model))
    lines.push("model: its files are the same, and its inputs or outputs are told otherwise");
  if (there.sections.plan !== here.sections.plan) lines.push("plan: the settings are not those of the report");
  return lines;
}

/** Numbers by name; then what else an audit computes. */
function auditDifferences(theirs: AuditResult, ours: AuditResult): string[] {
  const lines: string[] = [];
  const known = new Map(ours.measures.map((measure) => [measureKey(measure), measure]));
  for (const measure of theirs.measures) {
    const mine = known.get(measureKey(measure));
    known.delete(measureKey(measure));
    if (!mine) lines.push(`${theirs.id}: ${nameOf(measure)} is not found again`);
    else {
      // The first number that differs tells; an interval moves with its estimate.
      const key = (["value", "n", "low", "high", "p", "p_adjusted"] as const).find((one) => measure[one] !== mine[one]);
      if (key) {
        lines.push(
          `${theirs.id}: ${nameOf(measure)} ${key}: ${measure[key] ?? "none"} there, ${mine[key] ?? "none"} here`,
        );
      }
    }
  }
  for (const measure of known.values()) lines.push(`${theirs.id}: ${nameOf(measure)} is not in the report`);
  if (lines.length > 0) return lines;
  for (const [name, part] of [
    ["its measures", "measures"],
    ["the verdicts of its findings", "findings"],
    ["what its figures draw", "figures"],
    ["the cells of its tables", "tables"],
    ["its files", "artifacts"],
    ["its status", "status"],
    ["its summary", "summary"],
  ] as const) {
    if (plain(theirs[part]) !== plain(ours[part])) lines.push(`${theirs.id}: ${name} differ`);
  }
  return lines;
}

function wordDifferences(theirs: AuditResult, ours: AuditResult): string[] {
  const findings = theirs.findings.filter(
    (finding, place) => digestJson(finding) !== digestJson(ours.findings[place] ?? null),
  );
  if (findings.length > 0) return findings.map(({ id }) => `${theirs.id}: the sentence of its finding ${id}`);
  return digestJson({ ...theirs, version: 0 }) === digestJson({ ...ours, version: 0 })
    ? []
    : [`${theirs.id}: the words of its numbers, figures or tables`];
}

/** A part of a report by its digest, without the words in it: texts in every language, and reasons why a number is not known. */
function plain(part: unknown): string {
  return digestJson(
    JSON.parse(
      JSON.stringify(part, (key, value: unknown) => {
        if (key === "reason" && typeof value === "string") return "";
        return typeof value === "object" && value !== null && "zh-CN" in value && "en" in value ? "" : value;
      }),
    ),
  );
}

function modelText({ model }: Report): string {
  return model === null ? "none" : `${model.file} (${model.digest})`;
}

/** Files beside the model that are others here, each by its name. */
function fileDifferences(there: Report, here: Report): string[] {
  if (there.model === null || here.model === null) return [];
  const ours = new Map((here.model.files ?? []).map(({ name, digest }) => [name, digest]));
  const lines: string[] = [];
  for (const { name, digest } of there.model.files ?? []) {
    const mine = ours.get(name);
    ours.delete(name);
    if (mine === undefined) lines.push(`model: its file ${name} is not read here`);
    else if (mine !== digest) {
      lines.push(`model: the digest of its file ${name} is ${mine}, the report was made of ${digest}`);
    }
  }
  for (const name of ours.keys()) lines.push(`model: its file ${name} is not in the report`);
  return lines;
}

function nameOf(measure: Measure): string {
  const { metric, group, by, class: ofClass, feature, column, stratum } = measure;
  const rest = [group, by, ofClass, feature, column, stratum].filter((one) => one !== undefined);
  return [metric, ...rest.map((one) => JSON.stringify(one))].join(" ");
}
