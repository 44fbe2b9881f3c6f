import {
  AssayError,
  type Digest,
  digestJson,
  type Environment,
  type Gate,
  gateVerdict,
  issueText,
  type Report,
  ReportBody,
} from "@assay/schema";
import { danglingParts, placeOf } from "./read-report.ts";

/**
 * Makes the report file of what was audited: section digests, and the digest over the RFC 8785 form of
 * `{ plan, data, model, audits, gate }`. Nothing in the whole's digest depends on time or machine: audits that completed or
 * failed as `volatile`, and rules that speak of them, are covered by their section's digest and stay out of the whole's.
 * @throws AssayError internal, when an audit made a part that no reader would accept (NaN, an index to nothing)
 */
export function sealReport(body: ReportBody, environment: Environment): Report {
  const parsed = ReportBody.safeParse(body);
  const problems = parsed.success
    ? danglingParts(parsed.data)
    : parsed.error.issues.map((issue) => ({ at: placeOf(issue.path), message: issueText(issue) }));
  if (!parsed.success || problems.length > 0) {
    const lines = problems.map((problem) => `  ${problem.at}: ${problem.message}`);
    throw new AssayError("internal", `this report cannot be written:\n${lines.join("\n")}`, { problems });
  }
  const sealed = parsed.data;
  return {
    format: "assay.report",
    version: 1,
    ...sealed,
    environment,
    sections: sectionDigests(sealed),
    digest: bodyDigest(sealed),
    signature: null,
  };
}

type Sections = Report["sections"];
/** The parts of a body as they were read, whatever is in them: verification must see them before any parsing. */
export type RawBody = Pick<ReportBody, "plan" | "data" | "model" | "audits" | "gate">;

export function sectionDigests(body: RawBody): Sections {
  return {
    plan: digestJson(body.plan),
    data: digestJson(body.data),
    model: digestJson(body.model),
    audits: Object.fromEntries(body.audits.map((audit) => [audit.id, digestJson(audit)])),
    gate: digestJson(body.gate),
  };
}

export function bodyDigest(body: RawBody): Digest {
  return digestJson({
    plan: body.plan,
    data: body.data,
    model: body.model,
    audits: body.audits.filter((audit) => audit.volatile !== true),
    gate: stableGate(body.gate),
  });
}

/** The gate as it would be without what the machine does: the same wherever the report is made. */
function stableGate(gate: Gate): Gate {
  const rules = gate.rules.filter((rule) => rule.volatile !== true);
  return rules.length === gate.rules.length ? gate : { ...gate, rules, verdict: gateVerdict(rules) };
}
