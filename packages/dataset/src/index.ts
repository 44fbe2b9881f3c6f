export * from "./dataset.ts";
export * from "./table.ts";
