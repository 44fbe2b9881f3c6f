import { AssayError, issueText, type Problem, pathText, Report } from "@assay/schema";

/**
 * Reads a report that came from outside: the shape by Zod, then what a shape cannot say (ids once only, indexes
 * and ids that point at something). Digests are not checked here: see `verifyReport`.
 * @throws AssayError report-invalid, with every problem and its path
 */
export function readReport(value: unknown): Report {
  const result = Report.safeParse(value);
  if (!result.success) {
    throw reportError(
      result.error.issues.map((issue) => ({
        at: placeOf(issue.path),
        message:
          issue.code === "unrecognized_keys"
            ? `unknown key ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`
            : issueText(issue),
      })),
    );
  }
  const problems = danglingParts(result.data);
  if (problems.length > 0) throw reportError(problems);
  return result.data;
}

/**
 * What points at nothing: measures of findings and rules, figures, tables, an audit listed twice. And a rule on a volatile
 * audit that is not told as such: the digest would cover it.
 */
export function danglingParts(report: Pick<Report, "audits" | "gate">): Problem[] {
  const problems: Problem[] = [];
  const measureCounts = new Map<string, number>();
  for (const [index, audit] of report.audits.entries()) {
    const at = `audits[${index}]`;
    if (measureCounts.has(audit.id)) problems.push({ at: `${at}.id`, message: `audit ${audit.id} is listed twice` });
    measureCounts.set(audit.id, audit.measures.length);
    for (const list of ["findings", "figures", "tables"] as const) {
      const ids = audit[list].map((part) => part.id);
      for (const [place, id] of ids.entries()) {
        if (ids.indexOf(id) !== place)
          problems.push({ at: `${at}.${list}[${place}].id`, message: `"${id}" is used twice` });
      }
    }
    for (const [place, finding] of audit.findings.entries()) {
      for (const measure of finding.measures) {
        if (measure >= audit.measures.length) {
          problems.push({
            at: `${at}.findings[${place}].measures`,
            message: `measure ${measure} does not exist, the audit has ${audit.measures.length}`,
          });
        }
      }
      if (finding.figure !== undefined && !audit.figures.some((figure) => figure.id === finding.figure)) {
        problems.push({
          at: `${at}.findings[${place}].figure`,
          message: `no figure "${finding.figure}" in this audit`,
        });
      }
      if (finding.table !== undefined && !audit.tables.some((table) => table.id === finding.table)) {
        problems.push({ at: `${at}.findings[${place}].table`, message: `no table "${finding.table}" in this audit` });
      }
    }
    for (const [place, figure] of audit.figures.entries()) {
      const at = `audits[${index}].figures[${place}]`;
      if (figure.kind === "heatmap") {
        for (const [cellIndex, cell] of figure.cells.entries()) {
          if (cell.row >= figure.rows.length || cell.column >= figure.columns.length) {
            problems.push({
              at: `${at}.cells[${cellIndex}]`,
              message: `row ${cell.row}, column ${cell.column} is outside ${figure.rows.length} × ${figure.columns.length}`,
            });
          }
        }
      }
      if (figure.kind === "tree") problems.push(...treeProblems(figure.nodes, at));
    }
    for (const [place, table] of audit.tables.entries()) {
      for (const [rowIndex, row] of table.rows.entries()) {
        if (row.cells.length !== table.columns.length) {
          problems.push({
            at: `${at}.tables[${place}].rows[${rowIndex}]`,
            message: `${row.cells.length} cells for ${table.columns.length} columns`,
          });
        }
      }
    }
  }
  const isVolatile = new Set(report.audits.filter((audit) => audit.volatile === true).map((audit) => audit.id));
  for (const [index, rule] of report.gate.rules.entries()) {
    const pointed = rule.measures.find((measure) => isVolatile.has(measure.audit));
    if (pointed !== undefined && rule.volatile !== true) {
      problems.push({
        at: `gate.rules[${index}].volatile`,
        message: `must be true: ${pointed.audit} measures the machine`,
      });
    }
    for (const [place, measure] of rule.measures.entries()) {
      const at = `gate.rules[${index}].measures[${place}]`;
      const count = measureCounts.get(measure.audit);
      if (count === undefined) problems.push({ at, message: `no audit ${measure.audit} in this report` });
      else if (measure.index >= count) {
        problems.push({ at, message: `measure ${measure.index} of ${measure.audit} does not exist, it has ${count}` });
      }
    }
  }
  return problems;
}

/** One root, first; every other node after its parent, ids once: so that drawing a tree always ends. */
function treeProblems(nodes: readonly { id: number; parent: number | null }[], at: string): Problem[] {
  const seen = new Set<number>();
  const problems: Problem[] = [];
  for (const [index, node] of nodes.entries()) {
    const place = `${at}.nodes[${index}]`;
    if (seen.has(node.id)) problems.push({ at: `${place}.id`, message: `node ${node.id} is listed twice` });
    if ((node.parent === null) !== (index === 0)) {
      problems.push({ at: `${place}.parent`, message: "the first node, and no other, is the root" });
    } else if (node.parent !== null && !seen.has(node.parent)) {
      problems.push({ at: `${place}.parent`, message: `node ${node.parent} must stand before its children` });
    }
    seen.add(node.id);
  }
  return problems;
}

export function placeOf(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === "symbol" ? String(part) : part));
  return parts.length === 0 ? "report" : pathText(parts);
}

function reportError(problems: readonly Problem[]): AssayError {
  const shown = problems.slice(0, 20).map((problem) => `  ${problem.at}: ${problem.message}`);
  const more = problems.length > shown.length ? [`  … and ${problems.length - shown.length} more`] : [];
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new AssayError(
    "report-invalid",
    `this is not a report that can be read, ${count}:\n${[...shown, ...more].join("\n")}`,
    { problems },
  );
}
