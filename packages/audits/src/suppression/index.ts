export { type Suppressed, suppressSmallCells } from "./suppress.ts";
export type { WithheldCounts } from "./words.ts";
