import { z } from "zod";
import { confidence } from "../../confidence.ts";
import { constraints } from "./threshold/problem.ts";

export const methods = ["reduce", "repair", "resample", "reweigh", "threshold"] as const;
export type Method = (typeof methods)[number];

export const mitigationInput = z.strictObject({
  /** A protected column, or several crossed; none: the plan's first. */
  by: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).default([]),
  confidence,
  constraint: z.enum(constraints).default("demographic-parity"),
  /** How texts become numbers where a method learns anew. */
  encoding: z.enum(["codes", "one-hot"]).default("one-hot"),
  /** Points of the front of gap against objective; 0 draws none. */
  frontier: z.int().min(0).max(50).default(9),
  /** How far `repair` moves features, from 0 (not at all) to 1 (groups alike). */
  level: z.number().min(0).max(1).default(1),
  method: z.enum(methods).default("threshold"),
  min_count: z.int().min(0).default(30),
  objective: z.enum(["accuracy", "balanced-accuracy"]).default("accuracy"),
  replicates: z.int().min(199).max(100_000).default(1000),
  /** A column that says `train` or `test`; empty: drawn by the seed. */
  split: z.string().default(""),
  /** Share of the rows held out. */
  test: z.number().min(0.05).max(0.95).default(0.3),
  /** Greatest gap that the constraint allows. */
  tolerance: z.number().min(0).max(1).default(0),
});
export type MitigationInput = z.output<typeof mitigationInput>;
