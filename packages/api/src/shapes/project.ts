import { z } from "zod";
import { nameOf } from "./name.ts";
import { RunRow } from "./run.ts";

export const Project = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  runs: z.number(),
  datasets: z.number(),
  models: z.number(),
  lastRun: RunRow.nullable(),
});
export type Project = z.output<typeof Project>;

export const ProjectName = nameOf("a project");
