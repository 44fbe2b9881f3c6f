import type { RowGroup, SchemaElement } from "hyparquet";
import type { ParquetKind } from "./parquet-values.ts";

/**
 * How many rows of a column lack a value, from the file's footer alone; null where only its values tell. Of numbers that may be
 * NaN they do, and of texts unless the footer rules the empty one out.
 * @param missing texts that mean missing; the footer tells only of the empty one
 */
export function footerMissing(
  groups: readonly RowGroup[],
  element: SchemaElement,
  kind: ParquetKind,
  missing: readonly string[],
): number | null {
  if (missing.some((text) => text !== "")) return null;
  const isFloat = element.type === "FLOAT" || element.type === "DOUBLE" || element.logical_type?.type === "FLOAT16";
  if (isFloat) return null;
  const mayBeEmpty =
    missing.length > 0 && kind.form === "text" && kind.type === "text" && element.type === "BYTE_ARRAY";
  let lacking = 0;
  for (const { columns, num_rows: rows } of groups) {
    const about = columns.find(({ meta_data: data }) => data?.path_in_schema[0] === element.name)?.meta_data;
    const nulls = about?.statistics?.null_count;
    if (about === undefined || nulls === undefined || nulls < 0n || nulls > rows) return null;
    // A least text that was cut short is still no longer than the least one.
    const least = about.statistics?.min_value;
    if (mayBeEmpty && nulls < rows && (typeof least !== "string" || least === "")) return null;
    lacking += Number(nulls);
  }
  return lacking;
}
