import { Endpoint } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { allowEndpoint } from "./endpoints.ts";

const endpoint = (url: string, headers: Record<string, string> = {}) => Endpoint.parse({ url, headers });
const rules = (origins: string[], variables: Record<string, string> = {}) => ({ origins, variables });
const messages = (...given: Parameters<typeof allowEndpoint>) =>
  allowEndpoint(...given).problems.map(({ at, message }) => `${at}: ${message}`);

describe("a server asks endpoints", () => {
  it("none, unless its operator names them, and says which setting it is", () => {
    expect(messages(endpoint("https://models.example.org/v1"), rules([]))).toEqual([
      "model.endpoint.url: this server does not ask https://models.example.org; its operator allows it with the setting ASSAY_ENDPOINTS=https://models.example.org",
    ]);
  });

  it.each([
    ["https://models.example.org/v1/predict?x=1", true],
    ["https://MODELS.example.org:443/", true],
    ["http://models.example.org/v1", false],
    ["https://models.example.org:8443/v1", false],
    ["https://models.example.org.evil.test/v1", false],
    ["https://evil.test/https://models.example.org", false],
    ["https://sub.models.example.org/", false],
  ])("of exactly the origins named: %s is %s", (url, allowed) => {
    expect(messages(endpoint(url), rules(["https://models.example.org"])).length).toBe(allowed ? 0 : 1);
  });

  it("with variables of their kind alone, so that no plan sends others of the server away", () => {
    const allowed = rules(["https://a.test"], { ASSAY_ENDPOINT_KEY: "k" });
    const headers = (value: string) => endpoint("https://a.test", { authorization: value });
    expect(allowEndpoint(headers(`Bearer \${ASSAY_ENDPOINT_KEY}`), allowed)).toEqual({
      filled: { headers: { authorization: "Bearer k" }, secrets: { ASSAY_ENDPOINT_KEY: "k" } },
      problems: [],
    });
    for (const name of ["DATABASE_URL", "ASSAY_SECRET", "ASSAY_ENDPOINTS", "PATH", "assay_endpoint_key"]) {
      expect(messages(headers(`\${${name}}`), { ...allowed, variables: { [name]: "x" } })).toEqual([
        expect.stringMatching(/^model\.endpoint\.headers\.authorization: .* begin with ASSAY_ENDPOINT_ alone/),
      ]);
    }
    for (const name of ["ASSAY_ENDPOINT_OTHER", "ASSAY_ENDPOINT_KEY_FILE"]) {
      expect(messages(headers(`\${${name}}`), allowed)[0]).toContain(`the server has no variable ${name}`);
    }
  });
});
