import { AssayError, type Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { disparities } from "../../groups/disparity.ts";
import { type Estimated, estimateGroup, groupMeasures } from "../../groups/group-measures.ts";
import { groupsOf } from "../../groups/groups.ts";
import { groupOf } from "../../groups/reading.ts";
import type { GroupSettings } from "../../groups/settings.ts";
import { baseRate } from "../../metrics/base-rate.ts";
import { holm } from "../../statistics/index.ts";
import { figuresOf } from "./figures.ts";
import { labelMeasures } from "./labels.ts";
import { mostPrinted } from "./limits.ts";
import { missingMeasures } from "./missing.ts";
import { advance } from "./progress.ts";
import { proxyMeasures } from "./proxies.ts";
import { type Input, populationOf } from "./settings.ts";
import { shareMeasures, sharesOf } from "./shares.ts";
import { streams } from "./streams.ts";
import { fieldsOf, type RepresentationSummary } from "./summary.ts";
import { tablesOf } from "./tables.ts";

export async function conclude(summary: RepresentationSummary, context: AuditContext<Input>): Promise<Conclusion> {
  const { roles, input, plan, device } = context;
  const { counted } = summary;
  if (counted === null) throw new AssayError("internal", "representation: the first round's counts are not there");
  const progress = advance(summary.progress, summary.part, counted.cells, input, roles);
  const measures: Measure[] = [];
  for (const [index, by] of roles.groupings.entries()) {
    context.signal.throwIfAborted();
    measures.push(...(await groupingMeasures(counted.cells, by, index, context)));
  }
  if (roles.weight) measures.push({ metric: "rows-without-weight", value: counted.cells.weightless, unit: "rows" });
  const run = { device, replicates: input.replicates, seed: plan.seed };
  const fields = fieldsOf(roles).map((field) => field.name);
  measures.push(...(await missingMeasures(counted.missing, fields, input, { ...run, stream: streams.missing })));
  measures.push(...(await proxyMeasures(progress, roles, input, { ...run, stream: streams.proxies })));
  measures.push(...labelMeasures(progress.labels, roles, input));
  const all = adjusted(adjusted(measures, "representation-distance"), "base-rate-difference");
  return { measures: all, figures: figuresOf(all, context), tables: tablesOf(all, context) };
}

/** Shares and base rates of the groups of some columns. Base rates are those of `fairness.group-metrics`, to the last bit. */
async function groupingMeasures(
  cells: Parameters<typeof groupsOf>[0],
  by: readonly string[],
  index: number,
  context: AuditContext<Input>,
): Promise<Measure[]> {
  const { roles, input, plan } = context;
  const groups = groupsOf(cells, by);
  const shares = sharesOf(by, groups, populationOf(input, by), input, {
    seed: plan.seed,
    stream: streams.fits + index,
  });
  const known = new Map(shares.groups.map((one) => [JSON.stringify(one.values), one]));
  const rates: Estimated[] = [];
  const asGroups: AuditContext<GroupSettings> = { ...context, input: { ...input, bins: 15 } };
  if (roles.label) {
    for (const group of groups) {
      rates.push(await estimateGroup(group, [baseRate], asGroups, { stream: 0, bootstrap: false }));
    }
  }
  const kept = new Set([...groups].sort((a, b) => b.rows - a.rows).slice(0, mostPrinted));
  const measures: Measure[] = [];
  for (const [place, group] of groups.entries()) {
    if (!kept.has(group)) continue;
    measures.push({ metric: "count", value: group.rows, group: groupOf(by, group.values), n: group.rows });
    const share = known.get(JSON.stringify(group.values));
    if (share) measures.push(...shareMeasures(shares, share, input));
    const rate = rates[place];
    if (rate) measures.push(...groupMeasures(rate, [baseRate], by, input.confidence));
  }
  // Groups that only the population has, the largest of them first.
  const absent = shares.groups.filter(({ rows, population }) => rows === 0 && population !== null);
  absent.sort((a, b) => (b.population ?? 0) - (a.population ?? 0));
  for (const one of absent.slice(0, mostPrinted)) {
    measures.push({ metric: "count", value: 0, group: groupOf(by, one.values), n: 0 });
    measures.push(...shareMeasures(shares, one, input));
  }
  measures.push(...shares.measures);
  if (roles.label) {
    // The streams of group metrics, so that both audits draw the same.
    const tested = await disparities(rates, [baseRate], by, asGroups, (index + 1) * 1_000_000 + 900_000);
    measures.push(...tested.map(({ hypothesis: _, ...measure }) => measure));
  }
  return measures;
}

/** Holm's adjustment over the numbers of one metric. */
function adjusted(measures: readonly Measure[], metric: string): Measure[] {
  const out = [...measures];
  const places = [...measures.keys()].filter((at) => measures[at]?.metric === metric && measures[at]?.p !== undefined);
  const ps = holm(places.map((at) => measures[at]?.p ?? 1));
  for (const [index, at] of places.entries()) {
    const measure = out[at];
    if (measure) out[at] = { ...measure, p_adjusted: ps[index] ?? 1 };
  }
  return out;
}
