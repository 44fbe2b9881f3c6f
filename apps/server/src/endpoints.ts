import { type Endpoint, type FilledHeaders, fillHeaders, type Problem } from "@assay/schema";

/** What plans may do with endpoints: nothing calls out that the operator has not named. */
export interface EndpointRules {
  /** Origins that may be asked, `https://models.example.org`. */
  readonly origins: readonly string[];
  /** Variables that headers may name, all of them `ASSAY_ENDPOINT_…`: no plan reads others of the server. */
  readonly variables: Readonly<Record<string, string>>;
}

export const variablePrefix = "ASSAY_ENDPOINT_";

/** Whether the server may ask a plan's endpoint, and with which headers. Every problem is told with its place in the plan. */
export function allowEndpoint(
  endpoint: Endpoint,
  { origins, variables }: EndpointRules,
): { readonly filled: FilledHeaders; readonly problems: readonly Problem[] } {
  const { filled, problems } = fillHeaders(endpoint, (name) => {
    if (!name.startsWith(variablePrefix)) {
      return {
        problem: `on a server, headers may name variables that begin with ${variablePrefix} alone, not ${name}; ask its operator to set ${variablePrefix}${name}`,
      };
    }
    return Object.hasOwn(variables, name)
      ? variables[name]
      : { problem: `the server has no variable ${name}; its operator sets it, or ${name}_FILE` };
  });
  const { origin } = new URL(endpoint.url);
  if (origins.includes(origin)) return { filled, problems };
  const others = origins.length === 0 ? "" : ` (it allows ${origins.join(", ")})`;
  const message = `this server does not ask ${origin}${others}; its operator allows it with the setting ASSAY_ENDPOINTS=${[...origins, origin].join(",")}`;
  return { filled, problems: [{ at: "model.endpoint.url", message }, ...problems] };
}
