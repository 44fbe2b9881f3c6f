import { readPlan } from "@assay/schema";
import { expect, it } from "vitest";
import { editPlan, type PlanEdit } from "./edit-plan.ts";
import type { EndpointField } from "./endpoint-edit.ts";
import { readPlanView } from "./plan-view.ts";

const start = `version: 1
data: { file: people.csv }
columns:
  label: paid # the truth
  features: [age, town]
model: { file: old.onnx }
`;
const field = (name: EndpointField, value: string): PlanEdit => ({ kind: "endpoint-field", field: name, value });
const edited = (text: string, ...edits: PlanEdit[]): string => edits.reduce(editPlan, text);
const viewOf = (text: string) => {
  const reading = readPlanView(text);
  return reading.ok ? reading.view.model?.endpoint : undefined;
};
const chosen: PlanEdit = { kind: "endpoint", url: "https://models.example.org" };
// biome-ignore lint/suspicious/noTemplateCurlyInString: headers name variables so
const value = "Bearer ${ASSAY_ENDPOINT_KEY}";

it("an address takes the place of a file, and a file that of an address", () => {
  const text = edited(start, chosen, field("url", "https://models.example.org/predict"));
  expect(readPlan(text).model).toMatchObject({ endpoint: { url: "https://models.example.org/predict", batch: 100 } });
  expect(text).toContain("label: paid # the truth");
  expect(readPlan(edited(text, { kind: "model", file: "new.onnx" })).model).toEqual({ file: "new.onnx" });
  expect(readPlan(edited(text, { kind: "model", file: null })).model).toBeUndefined();
});

it("an address that is emptied is still asked for: the choice does not jump away", () => {
  const text = edited(start, chosen, field("url", ""));
  expect(viewOf(text)).toMatchObject({ url: "" });
});

it("a header is a name and a value, in either order, and others stay", () => {
  const byValue = edited(start, chosen, field("headerValue", value));
  expect(readPlan(byValue).model?.endpoint?.headers).toEqual({ authorization: value });
  const named = edited(byValue, field("header", "x-api-key"));
  expect(readPlan(named).model?.endpoint?.headers).toEqual({ "x-api-key": value });
  expect(viewOf(named)).toMatchObject({ header: "x-api-key", headerValue: value });
  expect(readPlan(edited(named, field("headerValue", ""))).model?.endpoint?.headers).toEqual({});
  const two = named.replace(/^( *)(x-api-key: .*)$/m, "$1$2\n$1x-tenant: credit");
  expect(readPlan(edited(two, field("header", "x-key"))).model?.endpoint?.headers).toEqual({
    "x-key": value,
    "x-tenant": "credit",
  });
});

it("what is emptied is left to the default, and an answer keeps a place for its score", () => {
  const rows = edited(
    start,
    chosen,
    field("responseRows", "result"),
    field("requestRows", "data.rows"),
    field("batch", "20"),
  );
  expect(readPlan(rows).model?.endpoint).toMatchObject({
    request: { rows: "data.rows" },
    response: { rows: "result", score: "" },
    batch: 20,
  });
  const label = edited(rows, field("label", "class"), field("score", ""));
  expect(readPlan(label).model?.endpoint?.response).toMatchObject({ rows: "result", label: "class" });
  expect(readPlan(label).model?.endpoint?.response.score).toBeUndefined();
  const none = edited(
    label,
    field("label", ""),
    field("responseRows", ""),
    field("score", ""),
    field("requestRows", ""),
    field("batch", ""),
  );
  expect(readPlan(none).model?.endpoint).toMatchObject({ response: { rows: "predictions" }, batch: 100 });
});
