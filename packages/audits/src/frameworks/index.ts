import type { Policy } from "@assay/schema";
import { eeocFourFifths } from "./eeoc-four-fifths.ts";
import { nycLl144 } from "./nyc-ll144.ts";

/** Laws, guidance and standards that a plan can name as its policy, alphabetical. */
export const frameworks = [eeocFourFifths, nycLl144] as const satisfies readonly Policy[];
