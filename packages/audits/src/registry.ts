import type { AuditDefinition } from "./define.ts";

/** Every audit, alphabetical. Forms, pages, CLI help and docs come from this list. */
export const registry = [] as const satisfies readonly AuditDefinition[];
