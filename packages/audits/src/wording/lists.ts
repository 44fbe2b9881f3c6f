import type { LocalizedText } from "@assay/schema";

/** `age, sex and race` and `age、sex 和 race`. */
export function listText(items: readonly string[]): LocalizedText {
  const last = items.at(-1) ?? "";
  const rest = items.slice(0, -1);
  if (rest.length === 0) return { en: last, "zh-CN": last };
  return { en: `${rest.join(", ")} and ${last}`, "zh-CN": `${rest.join("、")} 和 ${last}` };
}
