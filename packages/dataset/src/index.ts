export * from "./dataset.ts";
export { compareCodePoints, levelOrder } from "./level-order.ts";
export { parseNumber } from "./number-text.ts";
export { type Preview, previewRows } from "./preview.ts";
export { sharedCodes, sharedNumbers } from "./shared-memory.ts";
export * from "./table.ts";
export { countColumn } from "./tabular.ts";
export * from "./where/index.ts";
