import { cellText, tableLayout } from "@assay/report/text";
import type { Table } from "@assay/schema";
import { useLocale } from "next-intl";

/** Texts up to here stay on one line: a table that is too wide scrolls. */
const longText = 36;

/** Numbers aligned on the point, the unit once in the head, intervals beside them, rows of little data in grey. */
export function ReportTable({ table }: { table: Table }) {
  const locale = useLocale();
  const layout = tableLayout(table, locale);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, and must do so by keyboard too
    <section className="overflow-x-auto" tabIndex={0} aria-label={table.title[locale]}>
      <table className="ledger fit">
        <thead>
          <tr>
            {layout.map((column) => (
              <th
                key={column.title}
                scope="col"
                colSpan={column.interval ? 2 : 1}
                className={column.format === "text" ? undefined : "num"}
              >
                {column.title}
                {column.unit === "" || column.title.includes(column.unit) ? null : ` (${column.unit})`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a finished report never move
            <tr key={at} className={row.few ? "few" : undefined}>
              {layout.map((column, index) => {
                const cell = cellText(row.cells[index] ?? null, column, locale);
                if (index === 0 && column.format === "text") {
                  return (
                    <th
                      key={column.title}
                      scope="row"
                      className={cell.value.length > longText ? undefined : "whitespace-nowrap"}
                    >
                      <bdi>{cell.value}</bdi>
                    </th>
                  );
                }
                if (column.format === "text") {
                  return (
                    <td key={column.title} className={cell.value.length > longText ? undefined : "whitespace-nowrap"}>
                      <bdi>{cell.value}</bdi>
                    </td>
                  );
                }
                return [
                  <td key={column.title} className="num">
                    {cell.value}
                  </td>,
                  column.interval ? (
                    <td key={`${column.title} interval`} className="span">
                      {cell.interval}
                    </td>
                  ) : null,
                ];
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
