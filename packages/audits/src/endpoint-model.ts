import { type EndpointHost, openEndpoint } from "@assay/models";
import {
  AssayError,
  type AuditId,
  type Endpoint,
  type EndpointInput,
  type Plan,
  type ReportModel,
} from "@assay/schema";
import { describeModel } from "./describe-model.ts";
import type { Prepared } from "./prepare.ts";
import type { KnownColumn } from "./roles.ts";

/**
 * What a plan's endpoint says of itself to the plan: nothing is asked for it. Null where the plan has none. Its inputs are
 * its own, else the plan's features: numbers of columns of numbers and of columns with `categories`, else texts.
 */
export function describeEndpoint(plan: Plan, columns: readonly KnownColumn[]): ReportModel | null {
  const endpoint = plan.model?.endpoint;
  if (endpoint === undefined) return null;
  const inputs = endpointInputs(endpoint, plan, columns);
  return describeModel(openEndpoint(endpoint, { inputs, filled: { headers: {}, secrets: {} }, host: nobody }));
}

function endpointInputs(endpoint: Endpoint, plan: Plan, columns: readonly KnownColumn[]): readonly EndpointInput[] {
  if (endpoint.inputs !== undefined) return endpoint.inputs;
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const categories = typeof plan.model?.categories === "object" ? plan.model.categories : {};
  return plan.columns.features.map((name): EndpointInput => {
    const type = types.get(name);
    const isNumber = type === "integer" || type === "number" || Object.hasOwn(categories, name);
    return { name, kind: isNumber ? "number" : "category" };
  });
}

const asked = (): never => {
  throw new AssayError("internal", "an endpoint is described without asking it");
};
const nobody: EndpointHost = { fetch: asked, sleep: asked, now: asked };

/** How much an endpoint is asked, at most, and by what. */
export interface EndpointLoad {
  /** The audit that asks; null: the answers about every row, which all audits read. */
  readonly audit: AuditId | null;
  readonly rows: number;
  readonly requests: number;
}

/** How much a prepared plan asks its endpoint about so many rows of data; nothing where it has none. */
export function endpointLoads({ plan, roles, audits, modelRequests }: Prepared, rows: number): readonly EndpointLoad[] {
  const endpoint = plan.model?.endpoint;
  if (endpoint === undefined) return [];
  const load = (audit: AuditId | null, times: number): EndpointLoad[] =>
    times === 0 ? [] : [{ audit, rows: rows * times, requests: Math.ceil(rows / endpoint.batch) * times }];
  const asking = audits.flatMap(({ definition, input }) => load(definition.id, definition.asks?.(input, roles) ?? 0));
  // An audit that asks more asks about the rows as they stand as well, if nothing did before.
  return [...load(null, modelRequests.length > 0 || asking.length > 0 ? 1 : 0), ...asking];
}
