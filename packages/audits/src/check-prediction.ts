import { type CodedTable, type FileRequest, requestKey } from "@assay/dataset";
import type { Problem } from "@assay/schema";
import { outputsOf } from "./fairness/group-metrics/outputs.ts";
import type { Input } from "./fairness/group-metrics/settings.ts";
import type { Prepared } from "./prepare.ts";
import { quotedValues } from "./quoted-values.ts";

/** Classes that a message can list, and that numbers of a regression do not stop at. */
const mostClasses = 20;

/**
 * A prediction and a label that nobody said how to read: two classes that a program wrote as `1.0` and `0.0` read as numbers
 * with decimals, and classes that are spelled in two ways never agree.
 */
export function predictionProblems({ audits, roles }: Prepared, table: CodedTable): Problem[] {
  const { prediction, labelText } = roles;
  if (prediction === null || prediction.kind === "model" || labelText === null || roles.decision !== null) return [];
  const metrics = audits.find(({ definition }) => definition.id === "fairness.group-metrics");
  const output = metrics?.input.output as Input["output"] | undefined;
  if (output === "auto" && outputsOf({ output }, roles).decided === "values") {
    const values = wholesOf(prediction.column, table);
    const labels = wholesOf(labelText.column, table);
    if (values === null || labels === null || union(values, labels).length > 2) return [];
    const held = textsOf(labelText, table) ?? labels.map(String);
    return [
      {
        at: "columns.prediction",
        message: `columns "${prediction.column}" and "${labelText.column}" hold ${quotedValues(held)} alone, written as numbers with decimals; for two classes name "${prediction.column}" as columns.decision instead, with columns.positive${held.includes("1.0") ? ' ("1.0")' : ""}; for numbers set output: values in audits.fairness.group-metrics`,
      },
    ];
  }
  if (output === "values") return [];
  const predicted = textsOf(prediction, table);
  const told = textsOf(labelText, table);
  if (predicted === null || told === null || predicted.length === 0 || told.length === 0) return [];
  if (predicted.length > mostClasses || told.length > mostClasses) return [];
  if (predicted.some((text) => told.includes(text))) return [];
  return [
    {
      at: "columns.prediction",
      message: `column "${prediction.column}" holds ${quotedValues(predicted)}, none of them in the label "${labelText.column}", which holds ${quotedValues(told)}; write the classes alike in both`,
    },
  ];
}

function textsOf(request: FileRequest, table: CodedTable): readonly string[] | null {
  const column = table.columns[requestKey(request)];
  return column?.kind === "coded" ? column.levels : null;
}

/** The distinct numbers of a column, null where more than two or one with a fraction. */
function wholesOf(name: string, table: CodedTable): number[] | null {
  const column = table.columns[requestKey({ kind: "number", column: name })];
  if (column?.kind !== "number") return null;
  const found: number[] = [];
  for (const value of column.values) {
    if (Number.isNaN(value) || found.includes(value)) continue;
    if (found.length === 2 || !Number.isInteger(value)) return null;
    found.push(value);
  }
  return found;
}

function union(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])];
}
