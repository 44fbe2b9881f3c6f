export * from "./digest.ts";
export * from "./error.ts";
export * from "./figure.ts";
export * from "./ids.ts";
export * from "./plan.ts";
export * from "./read-plan.ts";
export * from "./report.ts";
export * from "./summary.ts";
