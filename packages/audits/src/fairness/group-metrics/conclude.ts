import type { AuditContext, Conclusion } from "../../define.ts";
import { adjust } from "./adjust.ts";
import { concludeBinary } from "./binary/conclude.ts";
import { concludeClasses } from "./classes/conclude.ts";
import { concludeLists } from "./lists/conclude.ts";
import type { Part } from "./part.ts";
import type { Input } from "./settings.ts";
import type { GroupMetricsSummary } from "./summary.ts";
import { concludeValues } from "./values/conclude.ts";

/** Each kind of output by itself; p values are adjusted over all of them together. */
export async function conclude(summary: GroupMetricsSummary, context: AuditContext<Input>): Promise<Conclusion> {
  const parts: Part[] = [];
  if (summary.binary) parts.push(await concludeBinary(summary.binary, context));
  if (summary.classes) parts.push(await concludeClasses(summary.classes, context));
  if (summary.values) parts.push(await concludeValues(summary.values, context));
  if (summary.lists) parts.push(await concludeLists(summary.lists, context));
  const { adjusted, falseDiscovery } = adjust(parts.flatMap(({ measures }) => measures));
  return {
    measures: adjusted,
    figures: parts.flatMap((part) => part.figures(adjusted)),
    tables: parts.flatMap((part) => part.tables(adjusted, falseDiscovery)),
  };
}
