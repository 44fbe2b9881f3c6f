import { quotedValues } from "./quoted-values.ts";
import { likelyPositive } from "./truthy.ts";

/** Which value is the positive class cannot be told from a column; `values`: what it holds, null where that is not known yet. */
export function askForPositive(column: string, values: readonly string[] | null): string {
  const held = values === null ? "text" : quotedValues(values);
  const likely = values === null ? null : likelyPositive(values);
  const such = likely === null ? "" : `, such as positive: "${likely}"`;
  return `column "${column}" holds ${held}: say with columns.positive which value is the positive class${such}`;
}
