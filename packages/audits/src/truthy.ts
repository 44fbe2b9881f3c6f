/** Texts that mean "yes" where the plan names no positive value. */
export const truthy = ["1", "true", "True", "TRUE"] as const;

/** Sets of texts in which those can mean nothing else. −1 is the negative class of some trainers. */
const plain: readonly (readonly string[])[] = [
  ["1", "0"],
  ["1", "-1"],
  [...truthy.slice(1), "false", "False", "FALSE"],
];

/** Whether a column's values can only be no and yes. */
export function isPlainYesNo(values: readonly string[]): boolean {
  return plain.some((set) => values.every((value) => set.includes(value)));
}

/** Whether a plan that names no positive value says which it is: 1 or true, where the column has it or nothing but no. */
export function tellsPositive(values: readonly string[]): boolean {
  return isPlainYesNo(values) || values.some((value) => truthy.some((text) => text === value));
}

const yes =
  /^(true|yes|y|positive|high|approved|accepted|hired|admitted|selected|granted|good|>50k\.?|是|通过|批准|录用|高)$/i;

/** The one value that reads as "yes", to suggest it: `1.0` beside `0.0`, `yes` beside `no`; null where none or several do. */
export function likelyPositive(values: readonly string[]): string | null {
  const isNumbers = values.every((value) => value.trim() !== "" && [-1, 0, 1].includes(Number(value)));
  const found = values.filter((value) => (isNumbers ? Number(value) === 1 : yes.test(value)));
  return found.length === 1 ? (found[0] ?? null) : null;
}
