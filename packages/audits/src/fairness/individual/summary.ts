import { type CodedTable, type ColumnRequest, requestKey } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { AuditContext, MeasureContext, Shards, Step } from "../../define.ts";
import { type AgreementSummary, readAgreement } from "../../neighbours/read-agreement.ts";
import type { Roles } from "../../roles.ts";
import { type ColumnFlips, measureFlips, protectedInputs } from "./flips.ts";
import type { Input } from "./settings.ts";

/** Numbers of groups alone; each part is measured once, over all rows. */
export type IndividualSummary = {
  readonly disclosure: "aggregate";
  readonly consistency: AgreementSummary | null;
  /** By protected column. */
  readonly flips: { readonly [column: string]: ColumnFlips };
};

/** Philox streams of the people drawn as neighbours, and, one more, as those asked about. */
export const peopleStream = 1_020_000_000;

/** What is compared between neighbours: the decision, or the label where there is none. */
export function outcomeOf(
  roles: Roles,
): { readonly kind: "decision" | "label"; readonly request: ColumnRequest } | null {
  if (roles.decision) return { kind: "decision", request: roles.decision };
  if (roles.label) return { kind: "label", request: roles.label };
  return null;
}

/** Features that say how alike people are. */
export function likeness(input: Input, roles: Roles): Roles["features"] {
  const outcome = outcomeOf(roles);
  const own = outcome !== null && outcome.request.kind !== "model" ? outcome.request.column : null;
  return roles.features.filter(
    ({ name }) =>
      name !== own &&
      name !== roles.labelText?.column &&
      (input.with_protected || !roles.protected.some((role) => role.name === name)),
  );
}

type Detail = { readonly part: "consistency" } | { readonly part: "flips"; readonly column: string };

/** One step for the neighbours and one for each protected column that the model reads, each over all rows: none depends on shards. */
export function planIndividual(
  shards: Shards,
  { roles, plan, model }: AuditContext<Input>,
): readonly { readonly start: number; readonly end: number; readonly detail: Detail }[] {
  const whole = { start: 0, end: shards.rows };
  const columns = model === null || plan.data.counts !== undefined ? [] : protectedInputs(roles).read;
  return [
    { ...whole, detail: { part: "consistency" } },
    ...columns.map(({ name }) => ({ ...whole, detail: { part: "flips", column: name } as const })),
  ];
}

export async function measureIndividual(
  _rows: CodedTable,
  step: Step,
  context: MeasureContext<Input>,
): Promise<IndividualSummary> {
  const { input, roles, plan, device, table } = context;
  const detail = step.detail as unknown as Detail;
  if (detail.part === "flips") {
    return {
      disclosure: "aggregate",
      consistency: null,
      flips: { [detail.column]: await measureFlips(detail.column, context) },
    };
  }
  const outcome = outcomeOf(roles);
  if (outcome === null) throw new AssayError("internal", "individual: the plan has no outcome");
  const consistency = await readAgreement({
    table,
    roles,
    features: likeness(input, roles),
    outcome: outcome.request,
    k: input.k,
    mostAsked: input.asked,
    mostNeighbours: input.neighbours,
    seed: plan.seed,
    stream: peopleStream,
    device,
  });
  return { disclosure: "aggregate", consistency, flips: {} };
}

export function mergeIndividual(a: IndividualSummary, b: IndividualSummary): IndividualSummary {
  if (a.consistency !== null && b.consistency !== null) {
    throw new AssayError(
      "not-supported",
      "individual: neighbours in one set of rows and in another do not add up; audit the rows together",
    );
  }
  const flips = [...Object.entries(a.flips), ...Object.entries(b.flips)].sort(([x], [y]) => (x < y ? -1 : 1));
  return {
    disclosure: "aggregate",
    consistency: a.consistency ?? b.consistency,
    flips: Object.fromEntries(flips),
  };
}

/** The columns that neighbours and flips read. */
export function requestsOf(input: Input, roles: Roles): readonly ColumnRequest[] {
  const all = [
    ...roles.protected.map((role) => role.request),
    ...likeness(input, roles).map((feature) => feature.request),
    ...[outcomeOf(roles)?.request].filter((request) => request !== undefined),
    ...(roles.model?.inputs ?? []).map((one) => one.request),
  ];
  return [...new Map(all.map((request) => [requestKey(request), request])).values()];
}
