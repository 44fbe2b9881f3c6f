import { type CodedTable, requestKey } from "@assay/dataset";
import { AssayError, Plan, type PlanInput, type ReportData } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { checkData } from "./check-data.ts";
import { preparePlan } from "./prepare.ts";
import { textColumn } from "./testing/coded-table.ts";

const data: ReportData = {
  rows: 4,
  rowsRead: 4,
  digest: `sha256:${"0".repeat(64)}`,
  format: "csv",
  encoding: "utf-8",
  columns: [],
  warnings: [],
};

function check(texts: Record<"y" | "d" | "g", readonly (string | null)[]>, columns: PlanInput["columns"]): ReportData {
  const plan = Plan.parse({ version: 1, data: { file: "d.csv" }, columns, audits: { "fairness.group-metrics": {} } });
  const prepared = preparePlan(plan, [
    { name: "y", type: "integer" },
    { name: "d", type: "integer" },
    { name: "g", type: "text" },
  ]);
  const columnsOf = Object.entries(texts).map(([name, values]) => [
    requestKey({ kind: "text", column: name }),
    textColumn(values),
  ]);
  const table: CodedTable = { rows: texts.y.length, columns: Object.fromEntries(columnsOf), counts: null };
  for (const request of prepared.requests) {
    if (request.kind === "text") expect(Object.keys(table.columns)).toContain(requestKey(request));
  }
  return checkData(prepared, { table, data });
}

function problems(texts: Parameters<typeof check>[0], columns: PlanInput["columns"]): string[] {
  try {
    check(texts, columns);
  } catch (error) {
    if (error instanceof AssayError) return error.problems.map(({ at, message }) => `${at}: ${message}`);
    throw error;
  }
  return [];
}

const roles = { label: "y", positive: "1", decision: "d", protected: ["g"] };
const binary = ["1", "0", "1", "0"];
const groups = ["a", "b", "a", "b"];

describe("values that the plan names and the data does not have", () => {
  it("are refused where the column holds others, which would make every row negative", () => {
    expect(problems({ y: ["1.0", "0.0", "1.0", "0.0"], d: binary, g: groups }, roles)).toEqual([
      'columns.positive: no value "1" in column "y"; it holds "0.0", "1.0"; did you mean "1.0"?',
    ]);
    expect(
      problems(
        { y: ["yes", "no", "yes", "no"], d: ["yes", "no", "no", "no"], g: groups },
        { ...roles, positive: "Yes" },
      ),
    ).toEqual([
      'columns.positive: no value "Yes" in column "y"; it holds "no", "yes"; did you mean "yes"?',
      'columns.positive: no value "Yes" in column "d"; it holds "no", "yes"; did you mean "yes"?',
    ]);
    expect(
      problems(
        { y: binary, d: ["low", "high", "low", "low"], g: groups },
        { ...roles, decision: { column: "d", equals: "High" } },
      ),
    ).toEqual(['columns.decision.equals: no value "High" in column "d"; it holds "high", "low"; did you mean "high"?']);
  });

  it("are let pass where one value is all there is: a file without positives", () => {
    expect(problems({ y: ["0", "0", "0", null], d: binary, g: groups }, roles)).toEqual([]);
  });

  it("are refused as a reference group", () => {
    expect(problems({ y: binary, d: binary, g: groups }, { ...roles, reference: { g: "A" } })).toEqual([
      'columns.reference.g: no group "A" in column "g"; did you mean "a"?',
    ]);
  });
});

describe("values of which nobody said which is positive", () => {
  const unsaid = { label: "y", decision: "d", protected: ["g"] };
  const asked = (y: string[], d = binary) => problems({ y, d, g: groups }, unsaid);

  it("are asked for, with the values, where none is 1 or true", () => {
    expect(asked(["2", "3", "2", "3"])).toEqual([
      'columns.label: column "y" holds "2", "3": say with columns.positive which value is the positive class',
    ]);
    expect(asked(["1.0", "0.0", "1.0", "0.0"], ["0", "0", "2", "0"])).toEqual([
      'columns.label: column "y" holds "0.0", "1.0": say with columns.positive which value is the positive class, such as positive: "1.0"',
      'columns.decision: column "d" holds "0", "2": say with columns.positive which value is the positive class',
    ]);
  });

  it("are taken where they are", () => {
    expect(asked(binary)).toEqual([]);
    expect(asked(["-1", "1", "1", "1"])).toEqual([]);
    expect(asked(["True", "False", "FALSE", "True"])).toEqual([]);
    expect(asked(["0", "0", "0", "0"])).toEqual([]);
  });
});

describe("labels beside a prediction", () => {
  const predicted = (y: string[], d: string[], more: Pick<PlanInput, "audits"> = {}): string[] => {
    const column = (name: string, values: readonly string[]): Record<string, CodedTable["columns"][string]> => ({
      [requestKey({ kind: "text", column: name })]: textColumn(values),
      [requestKey({ kind: "number", column: name })]: { kind: "number", values: Float64Array.from(values, Number) },
    });
    const typeOf = (values: readonly string[]) => (values.some((value) => value.includes(".")) ? "number" : "integer");
    const prepared = preparePlan(
      Plan.parse({
        version: 1,
        data: { file: "d.csv" },
        columns: { label: "y", prediction: "d", protected: ["g"] },
        ...more,
      }),
      [
        { name: "y", type: typeOf(y) },
        { name: "d", type: typeOf(d) },
        { name: "g", type: "text" },
      ],
    );
    const columns = {
      ...column("y", y),
      ...column("d", d),
      [requestKey({ kind: "text", column: "g" })]: textColumn(groups),
    };
    try {
      checkData(prepared, { table: { rows: y.length, columns, counts: null }, data });
    } catch (error) {
      if (error instanceof AssayError) return error.problems.map(({ at, message }) => `${at}: ${message}`);
      throw error;
    }
    return [];
  };
  const floats = ["1.0", "0.0", "1.0", "0.0"];

  it("are not read as numbers where both hold two whole ones: a program wrote classes with decimals", () => {
    expect(predicted(floats, floats)).toEqual([
      'columns.prediction: columns "d" and "y" hold "0.0", "1.0" alone, written as numbers with decimals; for two classes name "d" as columns.decision instead, with columns.positive ("1.0"); for numbers set output: values in audits.fairness.group-metrics',
    ]);
    expect(predicted(floats, binary)).toHaveLength(1);
    expect(predicted(floats, ["0.4", "0.2", "0.9", "1.5"])).toEqual([]);
    expect(predicted(floats, floats, { audits: { "fairness.group-metrics": { output: "values" } } })).toEqual([]);
  });

  it("are refused where no class is spelled alike on both sides", () => {
    expect(predicted(floats, binary, { audits: { "impact.classification": {} } })).toEqual([
      'columns.prediction: column "d" holds "0", "1", none of them in the label "y", which holds "0.0", "1.0"; write the classes alike in both',
    ]);
    expect(predicted(binary, binary)).toEqual([]);
  });
});

describe("labels beside a model's classes", () => {
  const check = (label: readonly string[], classes: readonly string[], output: "label" | "probabilities") => {
    const prepared = preparePlan(
      Plan.parse({
        version: 1,
        data: { file: "d.csv" },
        columns: { label: "y", features: ["x"], protected: ["g"] },
        model: { file: "m.onnx" },
        audits: { "impact.classification": {} },
      }),
      [
        { name: "y", type: "integer" },
        { name: "x", type: "number" },
        { name: "g", type: "text" },
      ],
      {
        model: {
          format: "onnx",
          classes,
          inputs: [{ name: "x", kind: "number" }],
          link: null,
          output,
          structure: "other",
        },
      },
    );
    const columns = { [requestKey({ kind: "text", column: "y" })]: textColumn([...label]) };
    checkData(prepared, { table: { rows: label.length, columns, counts: null }, data });
  };

  it("are refused where the model knows none of several: all of its predictions would be wrong", () => {
    expect(() => check(["0", "1", "2"], ["a", "b", "c"], "probabilities")).toThrow(
      /columns\.label: column "y" holds "0", "1", "2", none of them a class of the model, whose classes are "a", "b", "c"/,
    );
    expect(() => check(["0", "1", "7"], ["0", "1", "2"], "probabilities")).not.toThrow();
  });

  it("are refused where they lack the positive class that the model names, and the model is told as its source", () => {
    expect(() => check(["0", "1"], ["no", "yes"], "label")).toThrow(
      /columns\.label: column "y" has no value "yes", which is the last of the model's classes and so the positive one; it holds "0", "1"/,
    );
  });
});

describe("texts that a model takes as numbers", () => {
  const checkTexts = (given: readonly (string | null)[], categories: readonly string[], counts?: Float64Array) => {
    const plan = Plan.parse({
      version: 1,
      data: { file: "d.csv" },
      columns: { label: "y", features: ["town"], protected: ["g"] },
      model: { file: "m.onnx", categories: { town: categories } },
      audits: { "fairness.group-metrics": {} },
    });
    const prepared = preparePlan(
      plan,
      [
        { name: "y", type: "integer" },
        { name: "town", type: "text" },
        { name: "g", type: "text" },
      ],
      {
        model: {
          format: "onnx",
          classes: ["0", "1"],
          inputs: [{ name: "town", kind: "number" }],
          link: null,
          output: "probabilities",
          structure: "other",
        },
      },
    );
    const town = requestKey({ kind: "text", column: "town" });
    expect(prepared.requests.map(requestKey)).toContain(town);
    const columns = {
      [town]: textColumn(given),
      [requestKey({ kind: "text", column: "y" })]: textColumn(given.map((_, row) => String(row % 2))),
    };
    checkData(prepared, { table: { rows: given.length, columns, counts: counts ?? null }, data });
  };

  it("are refused before the model runs where the plan's list lacks them, with their rows and the cure", () => {
    const given = ["Bern", "Oslo", "Olso", null, "Olso"];
    expect(() => checkTexts(given, ["Bern", "Oslo"])).toThrow(
      /model\.categories\.town: column "town" holds "Olso" \(2 rows\), which the list lacks; is it "Oslo"\?; list every text/,
    );
    expect(() => checkTexts(given, ["Bern"])).toThrow(
      /holds "Olso" \(2 rows\), "Oslo" \(1 row\), which the list lacks; list/,
    );
    expect(() => checkTexts(given, ["Bern", "Olso", "Oslo"])).not.toThrow();
  });

  it("are told by rows, not by lines, of a table of counts; and many of them by the first", () => {
    expect(() => checkTexts(["Bern", "Oslo"], ["Bern"], Float64Array.of(3, 40))).toThrow(/"Oslo" \(40 rows\)/);
    const many = Array.from({ length: 12 }, (_, index) => `town ${index}`);
    expect(() => checkTexts(many, ["Bern"])).toThrow(/and 4 more \(12 rows in all\)/);
  });
});

describe("weights", () => {
  const weighed = (weights: readonly number[]) => () => {
    const plan = Plan.parse({
      version: 1,
      data: { file: "d.csv" },
      columns: { decision: "d", protected: ["g"], weight: "w" },
      audits: { "fairness.group-metrics": {} },
    });
    const prepared = preparePlan(plan, [
      { name: "d", type: "integer" },
      { name: "g", type: "text" },
      { name: "w", type: "number" },
    ]);
    const columns: CodedTable["columns"] = {
      [requestKey({ kind: "text", column: "d" })]: textColumn(binary),
      [requestKey({ kind: "number", column: "w" })]: { kind: "number", values: Float64Array.from(weights) },
    };
    checkData(prepared, { table: { rows: 4, columns, counts: null }, data });
  };

  it("are refused before any work where one is no weight or none is above 0", () => {
    expect(weighed([1, 2, -1, 1])).toThrow(/columns\.weight: column "w": the weight -1 in row 3 of the rows read/);
    expect(weighed([1, Number.POSITIVE_INFINITY, 1, 1])).toThrow(/the weight Infinity in row 2/);
    expect(weighed([0, 0, Number.NaN, 0])).toThrow(/columns\.weight: column "w" holds no weight above 0/);
    expect(weighed([0, 0.5, Number.NaN, 0])).not.toThrow();
  });
});

describe("values beyond two", () => {
  it("are told in the data's warnings, with their rows", () => {
    const { warnings } = check({ y: ["1", "0", "9", "0"], d: binary, g: groups }, roles);
    expect(warnings.map((one) => one.en)).toEqual([
      'columns.label: "y" holds 3 values; every one but 1 counts as negative: 0 (2 rows), 9 (1 rows).',
    ]);
    expect(warnings[0]?.["zh-CN"]).toContain("0（2 行）、9（1 行）");
  });

  it("need no word where the plan says which value is meant", () => {
    const columns = { ...roles, decision: { column: "d", equals: "high" } };
    const [ofTwo] = check(
      { y: ["1", "2", "2", "2"], d: binary, g: groups },
      { label: "y", decision: "d", protected: ["g"] },
    ).warnings;
    expect(ofTwo?.en).toBe('columns.label: "y" holds 2 values; every one but 1 counts as negative: 2 (3 rows).');
    expect(check({ y: binary, d: ["low", "mid", "high", "low"], g: groups }, columns).warnings).toEqual([]);
  });
});
