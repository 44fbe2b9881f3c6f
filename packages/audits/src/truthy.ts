/** Texts that mean "yes" where the plan names no positive value. */
export const truthy = ["1", "true", "True", "TRUE"] as const;
