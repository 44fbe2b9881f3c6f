import { randomUUID } from "node:crypto";
import { AssayError } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { RunRow } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";
import { startScheduled } from "./start-scheduled.ts";

export const runNow = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/schedules/{id}/run",
      tags: ["schedules"],
      summary: "Run a schedule's plan on its newest data now, also where nothing has changed or it is paused",
    },
  })
  .input(
    exactly({
      id: z.string(),
      /** Calls with the same key make one run. */
      idempotencyKey: z.string().min(1).max(100).optional(),
    }),
  )
  .output(RunRow)
  .mutation(async ({ ctx, input }) => {
    const { project, ...schedule } = await ctx.stores.schedules.get(input.id);
    const asked = new Date();
    const { run } = await startScheduled(
      ctx,
      { ...schedule, projectId: project.id },
      { key: `now:${input.idempotencyKey ?? randomUUID()}`, always: true },
    );
    if (run === null) throw new AssayError("internal", "a schedule that always runs made no run");
    await ctx.stores.schedules.record(schedule.id, { dueAt: asked, outcome: "run", runId: run.id, error: null });
    return run;
  });
