import type { Roles } from "../roles.ts";

/** The reference group of some columns, where the plan names one for each of them. */
export function referenceOf(roles: Roles, by: readonly string[]): readonly string[] | null {
  const texts = by.map((name) => roles.protected.find((role) => role.name === name)?.reference ?? null);
  return texts.every((text) => text !== null) ? texts : null;
}
