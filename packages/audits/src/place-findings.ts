import type { Finding } from "@assay/schema";
import type { Conclusion } from "./define.ts";

/**
 * Findings with the figures and tables that are there: an audit names where each is told, and too few rows or too many groups
 * leave some undrawn.
 */
export function placeFindings(findings: readonly Finding[], { figures, tables }: Conclusion): Finding[] {
  const drawn = new Set(figures.map(({ id }) => id));
  const listed = new Set(tables.map(({ id }) => id));
  return findings.map(({ figure, table, ...finding }) => ({
    ...finding,
    ...(figure !== undefined && drawn.has(figure) ? { figure } : {}),
    ...(table !== undefined && listed.has(table) ? { table } : {}),
  }));
}
