import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = dirname(dirname(fileURLToPath(import.meta.url)));

/** Reference data beside the checkout; tests that read it skip where it is missing. */
export const shared: string = join(root, "../shared");
export const hasShared: boolean = existsSync(join(shared, "data/compas-scores-two-years.csv"));
export const compasFile: string = join(shared, "data/compas-scores-two-years.csv");
