import {
  AssayError,
  type AuditResult,
  type GateRule,
  gateVerdict,
  type ReportBody,
  type ReportData,
} from "@assay/schema";
import { judgeMeasure } from "../gate.ts";
import { type Cell, cellsOf, sumsOf, valuesOf } from "./cells.ts";
import { withholdMeasures } from "./measures.ts";
import {
  drawsPersons,
  partsTellFew,
  type Told,
  toldOf,
  withholdFigure,
  withholdFinding,
  withholdTable,
} from "./parts.ts";
import { isFew, saysFew } from "./people.ts";
import { namesOf, numbersOf } from "./told.ts";
import { type WithheldCells, withheldCells } from "./withheld-cells.ts";
import { findingText, ruleText, statement, type WithheldCounts, warningText } from "./words.ts";

export interface Suppressed {
  readonly body: ReportBody;
  /** Null: nothing had to be withheld, and the body is the one that was given. */
  readonly withheld: WithheldCounts | null;
  /** Names of the files beside the report that may still go with it. */
  readonly artifacts: ReadonlySet<string>;
}

/** Files that hold no rows and no counts of people. */
const withoutPeople = new Set(["layers.csv", "model.onnx", "permutation-importance.csv", "thresholds.json"]);

/**
 * A report without the numbers from which fewer than `below` people could be read: counts, numerators and denominators of rates and
 * what is left of them, lines of tables, dots of figures, sentences; and without as many others as it takes that these
 * cannot be worked out again from sums that are told. Verdicts of findings stay: they were reached before. A rule is judged by what
 * is left.
 *
 * How many rows of the whole file lack a value may still follow from the rows and the n of a rate; of groups it does not.
 * Zero is no number of people.
 * @param below 2 or more
 * @throws AssayError data-invalid where all rows together are too few
 */
export function suppressSmallCells(body: ReportBody, below: number): Suppressed {
  if (body.data.rows < below) {
    throw new AssayError(
      "data-invalid",
      `the data have ${body.data.rows} rows, and suppress_below is ${below}: nothing could be told of so few; lower it, or use more data`,
    );
  }
  // What measures the machine tells of no person.
  const ofPeople = body.audits.filter((audit) => !audit.id.startsWith("efficiency."));
  const cells = cellsOf(ofPeople);
  const withheld = withheldCells(cells, sumsOf(cells), below);
  const data = withholdData(body.data, below);
  const names = namesOf(
    body.plan,
    [...cells.values()].flatMap((cell) => [...valuesOf(cell.about)]),
  );
  const settings = numbersOf(body.plan);
  const done = body.audits.map((audit) =>
    ofPeople.includes(audit)
      ? withholdAudit(audit, { body, cells, withheld, below, names, settings })
      : { audit, changed: new Set<number>(), counts: none },
  );
  const rules = body.gate.rules.map((rule): GateRule => {
    const hidden = rule.measures.some(({ audit, index }) =>
      done.some((one) => one.audit.id === audit && one.changed.has(index)),
    );
    if (!hidden) return saysFew(rule.text, below) ? { ...rule, text: ruleText(rule.rule, rule.verdict, below) } : rule;
    // Rules with bounds close together would tell a number that is withheld: what is left decides.
    const fails = rule.measures.some(({ audit, index }) => {
      const measure = done.find((one) => one.audit.id === audit)?.audit.measures[index];
      return measure !== undefined && judgeMeasure(rule.rule, measure) === "fail";
    });
    const verdict = fails ? "fail" : "indeterminate";
    return { ...rule, verdict, text: ruleText(rule.rule, verdict, below) };
  });
  const counts = done.reduce((sum, one) => add(sum, one.counts), none);
  const isSame =
    data === body.data &&
    done.every(({ audit }, place) => audit === body.audits[place]) &&
    rules.every((rule, place) => rule === body.gate.rules[place]);
  const artifacts = new Set(done.flatMap(({ audit }) => audit.artifacts.map(({ name }) => name)));
  if (isSame) return { body, withheld: null, artifacts };
  const total = add(counts, {
    ...none,
    sentences: rules.filter((rule, place) => rule !== body.gate.rules[place]).length,
  });
  return {
    body: {
      ...body,
      data: { ...data, warnings: [...data.warnings, statement(below, total)] },
      audits: done.map(({ audit }) => audit),
      gate: { ...body.gate, verdict: gateVerdict(rules), rules },
    },
    withheld: total,
    artifacts,
  };
}

const none: WithheldCounts = { measures: 0, tables: 0, figures: 0, sentences: 0, artifacts: 0 };

function add(a: WithheldCounts, b: WithheldCounts): WithheldCounts {
  return {
    measures: a.measures + b.measures,
    tables: a.tables + b.tables,
    figures: a.figures + b.figures,
    sentences: a.sentences + b.sentences,
    artifacts: a.artifacts + b.artifacts,
  };
}

interface Withholding {
  readonly body: ReportBody;
  readonly cells: ReadonlyMap<string, Cell>;
  readonly withheld: WithheldCells;
  readonly below: number;
  readonly names: readonly string[];
  readonly settings: readonly number[];
}

function withholdAudit(
  audit: AuditResult,
  { body, cells, withheld, below, names, settings }: Withholding,
): { readonly audit: AuditResult; readonly changed: ReadonlySet<number>; readonly counts: WithheldCounts } {
  const measures = withholdMeasures(audit.id, audit.measures, withheld, cells, body.plan, below);
  const changed = new Set(measures.flatMap((measure, place) => (measure === audit.measures[place] ? [] : [place])));
  const isTold = changed.size === 0 && !partsTellFew(audit, below);
  const told: Told | null = isTold ? null : toldOf(measures, cells, { below, names, settings });
  const tables = audit.tables.map((table) => (told === null ? table : withholdTable(table, told)));
  const figures = audit.figures.map((figure) =>
    drawsPersons(figure) ? null : told === null ? figure : withholdFigure(figure, told),
  );
  const kept = new Set(figures.flatMap((figure) => (figure === null ? [] : [figure.id])));
  const artifacts = audit.artifacts.filter(({ name }) => withoutPeople.has(name));
  const findings = audit.findings.map((finding) => {
    const said =
      told !== null
        ? withholdFinding(finding, changed, told)
        : saysFew(finding.text, below)
          ? { ...finding, text: findingText(below) }
          : finding;
    if (said.figure === undefined || kept.has(said.figure)) return said;
    const { figure: _, ...rest } = said;
    return rest;
  });
  const reason = audit.reason !== undefined && saysFew(audit.reason, below) ? warningText(below) : audit.reason;
  const differing = <T>(now: readonly T[], before: readonly T[]): number =>
    now.filter((one, place) => one !== before[place]).length;
  const counts: WithheldCounts = {
    measures: changed.size,
    tables: differing(tables, audit.tables),
    figures: differing(figures, audit.figures),
    sentences: findings.filter((finding, place) => finding.text !== audit.findings[place]?.text).length,
    artifacts: audit.artifacts.length - artifacts.length,
  };
  const isSame =
    Object.values(counts).every((count) => count === 0) &&
    reason === audit.reason &&
    (told === null || audit.summary === null);
  if (isSame) return { audit, changed, counts };
  return {
    changed,
    counts,
    audit: {
      ...audit,
      ...(reason === undefined ? {} : { reason }),
      // A digest of small counts gives them to whoever tries all of them.
      summary: null,
      measures,
      tables,
      figures: figures.filter((figure) => figure !== null),
      findings,
      artifacts,
    },
  };
}

/** Missing values, and the rows that the filter leaves out. */
function withholdData(data: ReportData, below: number): ReportData {
  const hides = (count: number | null): boolean => count !== null && isFew(count, below);
  const columns = data.columns.map((column) =>
    column.missing !== null && (hides(column.missing) || hides(data.rows - column.missing))
      ? { ...column, missing: null }
      : column,
  );
  const warnings = data.warnings.map((warning) => (saysFew(warning, below) ? warningText(below) : warning));
  const rowsRead = data.rowsRead !== null && hides(data.rowsRead - data.rows) ? null : data.rowsRead;
  const isSame =
    rowsRead === data.rowsRead &&
    columns.every((column, place) => column === data.columns[place]) &&
    warnings.every((warning, place) => warning === data.warnings[place]);
  return isSame ? data : { ...data, rowsRead, columns, warnings };
}
