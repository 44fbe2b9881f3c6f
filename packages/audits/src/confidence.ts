import { z } from "zod";

/**
 * The level of an audit's intervals; what it calls shown is shown at 1 less this. Below 0.8 an interval misleads, and
 * beyond 0.999 neither draws nor large-sample formulas reach.
 */
export const confidence = z.number().min(0.8).max(0.999).default(0.95);
