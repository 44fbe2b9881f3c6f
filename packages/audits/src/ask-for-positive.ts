import { quotedValues } from "./quoted-values.ts";
import { likelyPositive } from "./truthy.ts";

/** Which value is the positive class cannot be told from a column; `values`: what it holds, null where that is not known yet. */
export function askForPositive(column: string, values: readonly string[] | null): string {
  if (values?.length === 0) {
    return `column "${column}" holds no value at all; check the file and data.missing, or leave the column out of the plan`;
  }
  const held = values === null ? "text" : quotedValues(values);
  const likely = values === null ? null : likelyPositive(values);
  const such = likely === null ? "" : `, such as positive: "${likely}"`;
  return `column "${column}" holds ${held}: say with columns.positive which value is the positive class${such}`;
}
