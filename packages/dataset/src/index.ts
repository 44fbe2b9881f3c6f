export * from "./dataset.ts";
export { nearestName } from "./nearest-name.ts";
export * from "./table.ts";
export { countColumn } from "./tabular.ts";
export * from "./where/index.ts";
