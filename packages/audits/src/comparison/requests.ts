import { type ColumnRequest, type FileRequest, type ModelRequest, requestKey } from "@assay/dataset";
import type { Prepared } from "../prepare.ts";
import { textRequest } from "../prepare.ts";

/** The row id of a plan, or null. */
export function idRequest({ plan }: Pick<Prepared, "plan">): FileRequest | null {
  return plan.columns.id === undefined ? null : textRequest(plan.columns.id).request;
}

/** The same plan, asking its data and model for what a paired comparison reads and nothing else. */
export function forComparison(prepared: Prepared): Prepared {
  const { roles } = prepared;
  const wanted: (ColumnRequest | null)[] = [
    roles.label,
    roles.decision,
    // Without a truth a score has nothing to be held against.
    roles.label === null ? null : roles.score,
    roles.weight,
    ...roles.protected.map((role) => role.request),
    idRequest(prepared),
  ];
  const given = wanted.filter((request) => request !== null);
  const modelRequests = given.filter((request): request is ModelRequest => request.kind === "model");
  const inputs = modelRequests.length > 0 ? (roles.model?.inputs ?? []).map(({ request }) => request) : [];
  const file = [...given, ...inputs].filter((request): request is FileRequest => request.kind !== "model");
  const byKey = new Map(file.map((request) => [requestKey(request), request]));
  return {
    ...prepared,
    requests: [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, request]) => request),
    modelRequests,
  };
}
