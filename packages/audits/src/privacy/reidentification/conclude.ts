import type { AuditContext, Conclusion } from "../../define.ts";
import type { Classes } from "./classes.ts";
import { diversityOf } from "./diversity.ts";
import { figuresOf } from "./figures.ts";
import { diversityMeasures, riskMeasures, singlingMeasures } from "./measures.ts";
import { riskOf } from "./risk.ts";
import type { Input } from "./settings.ts";
import { singlingOf } from "./singling.ts";
import { tablesOf } from "./tables.ts";

/** Every number of the audit, from the classes alone. */
export async function conclude(
  classes: Classes,
  { input, signal, device }: Pick<AuditContext<Input>, "device" | "input" | "signal">,
): Promise<Conclusion> {
  const risk = riskOf(classes.counts, input.k);
  const singling = await singlingOf(device, classes, signal);
  const identifiers = new Set(classes.identifiers.map((one) => one.column));
  const sensitive = classes.sensitive.map((entries) => {
    signal.throwIfAborted();
    const refused = identifiers.has(entries.column) ? "also a quasi-identifier: every class has one value of it" : null;
    return { column: entries.column, refused, diversity: diversityOf(entries, classes.counts, input.l) };
  });
  const told = sensitive.flatMap(({ diversity, refused }) => (diversity && refused === null ? [diversity] : []));
  return {
    measures: [
      ...riskMeasures(risk, input),
      ...singlingMeasures(singling, risk),
      ...sensitive.flatMap((one) => diversityMeasures(one.column, one.diversity, risk.people, input, one.refused)),
    ],
    figures: figuresOf(risk, singling),
    tables: tablesOf(risk, singling, told, input),
  };
}
