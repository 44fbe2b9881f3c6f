import { constraints, mitigationInput } from "@assay/audits";
import { LocalizedText } from "@assay/schema";
import { z } from "zod";

const { shape } = mitigationInput;
export const MitigationMethod = shape.method.unwrap();

/** Settings of a mitigation, as `fairness.mitigation` in a plan has them; what is left out is the plan's own, else usual. */
export const MitigationSettings = z.object({
  method: MitigationMethod,
  /** Protected columns, crossed; left out: the plan's own, else its first. */
  by: z.array(z.string().min(1)).min(1).max(4).optional(),
  constraint: z.enum(constraints).optional(),
  /** Greatest gap allowed, 0 to 1. */
  tolerance: z.number().min(0).max(1).optional(),
  confidence: z.number().optional(),
  encoding: shape.encoding.unwrap().optional(),
  frontier: shape.frontier.unwrap().optional(),
  level: shape.level.unwrap().optional(),
  min_count: shape.min_count.unwrap().optional(),
  objective: shape.objective.unwrap().optional(),
  replicates: shape.replicates.unwrap().optional(),
  split: shape.split.unwrap().optional(),
  /** Share of the rows held out. */
  test: shape.test.unwrap().optional(),
});

export const MitigationOptions = z.object({
  run: z.object({ id: z.string(), number: z.number(), title: z.string() }),
  /** Why nothing can be tried on this run; null where something can. */
  reason: LocalizedText.nullable(),
  /** Protected columns. */
  by: z.array(z.string()).readonly(),
  methods: z
    .array(
      z.object({
        method: MitigationMethod,
        needs: z.enum(["features", "score"]),
        /** Why not; null where it can be used. */
        reason: LocalizedText.nullable(),
        constraints: z.array(z.enum(constraints)).readonly(),
        /** Files it writes, besides the report. */
        files: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  /** The plan asks an endpoint, which would be asked about every row again. */
  endpoint: z.boolean(),
  /** What the plan itself sets of `fairness.mitigation`. */
  settings: z.record(z.string(), z.unknown()),
});
export type MitigationOptions = z.output<typeof MitigationOptions>;
