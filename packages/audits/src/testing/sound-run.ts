import { Figure, Finding, Measure, Table } from "@assay/schema";
import { expect } from "vitest";
import type { AuditRun } from "./run-audit.ts";

/** What every run must keep to, whatever its rows. */
export function isSound(run: AuditRun): void {
  for (const one of run.measures) {
    expect(Measure.safeParse(one).success, JSON.stringify(one)).toBe(true);
    if (one.value === null) expect(one.reason, JSON.stringify(one)).toBeTruthy();
    else {
      expect(one.low ?? one.value, JSON.stringify(one)).toBeLessThanOrEqual(one.value);
      expect(one.high ?? one.value, JSON.stringify(one)).toBeGreaterThanOrEqual(one.value);
    }
  }
  const shown = new Set([...run.figures, ...run.tables].map((one) => one.id));
  expect(shown.size).toBe(run.figures.length + run.tables.length);
  for (const figure of run.figures) expect(Figure.safeParse(figure).error).toBeUndefined();
  for (const table of run.tables) {
    expect(Table.safeParse(table).error).toBeUndefined();
    for (const row of table.rows) expect(row.cells).toHaveLength(table.columns.length);
  }
  expect(new Set(run.findings.map((finding) => finding.id)).size).toBe(run.findings.length);
  for (const finding of run.findings) {
    expect(Finding.safeParse(finding).error).toBeUndefined();
    for (const place of finding.measures) expect(run.measures[place]).toBeDefined();
    if (finding.figure) expect(shown).toContain(finding.figure);
    if (finding.table) expect(shown).toContain(finding.table);
    for (const text of Object.values(finding.text)) {
      expect(text).toMatch(/^\*\*[^*]+\*\*[^*]*$/);
      expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
    }
  }
}
