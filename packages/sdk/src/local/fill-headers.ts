import { type FilledHeaders, fillHeaders, type Plan, planError } from "@assay/schema";

/**
 * The headers of the plan's endpoint, their variables filled in from the environment.
 * @throws AssayError plan-invalid naming every variable that is missing
 */
export function fillPlanHeaders(
  plan: Plan,
  name: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): FilledHeaders {
  const endpoint = plan.model?.endpoint;
  if (endpoint === undefined) return { headers: {}, secrets: {} };
  const { filled, problems } = fillHeaders(endpoint, (variable) => environment[variable]);
  if (problems.length > 0) throw planError(name, problems);
  return filled;
}
