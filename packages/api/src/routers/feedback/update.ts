import { AssayError, feedbackLimits, type Report } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { FeedbackDetail, FeedbackFinding, FeedbackNumber, FeedbackState } from "../../shapes/feedback.ts";
import { signedIn } from "../../trpc.ts";

const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `at most ${most} characters`)
    .refine((value) => !value.includes("\u0000"), "holds a NUL character");

export const update = signedIn
  .meta({
    openapi: {
      method: "PATCH",
      path: "/projects/{project}/feedback/{number}",
      tags: ["feedback"],
      summary: "Change a report's state, assignee, run, finding or row, with a note; what is left out stays",
    },
  })
  .input(
    exactly({
      project: z.string(),
      number: FeedbackNumber,
      /** `withdrawn` is its sender's alone. */
      state: FeedbackState.exclude(["withdrawn"]).optional(),
      /** An account's id, or null for nobody. */
      assignee: z.string().nullable().optional(),
      /** A run of the project, and a finding of its report; null takes the link away. */
      link: exactly({ run: z.string(), finding: exactly(FeedbackFinding.shape).nullable().default(null) })
        .nullable()
        .optional(),
      /** The value of the row's id in the data of the run that is linked; it goes with the link. */
      rowId: text(feedbackLimits.rowId).optional(),
      note: text(feedbackLimits.note).optional(),
    }),
  )
  .output(FeedbackDetail)
  .mutation(async ({ ctx, input }) => {
    const { stores } = ctx;
    const { id } = await stores.projects.get(ctx.organizationId, input.project);
    const { link } = input;
    if (link) {
      const run = await stores.runs.get(link.run);
      if (run.project.id !== id) throw new AssayError("not-found", `run "${link.run}" belongs to another project`);
      if (link.finding !== null) {
        const { audit, id: finding } = link.finding;
        const report = JSON.parse(await stores.reports.json(link.run)) as Report;
        const found = report.audits.find((one) => one.id === audit)?.findings.some((one) => one.id === finding);
        if (found !== true)
          throw new AssayError("not-found", `run ${run.number} has no finding "${finding}" of ${audit}`);
      }
    }
    // A row's id says nothing without the data that it is of.
    const isUnlinked =
      link === null || (link === undefined && (await stores.feedback.get(id, input.number)).run === null);
    if (isUnlinked && input.rowId !== undefined && input.rowId !== "") {
      throw new AssayError("conflict", "rowId: a row is of a run's data; link the report to a run as well");
    }
    return stores.feedback.update(id, input.number, ctx.user.id, {
      state: input.state,
      assigneeId: input.assignee,
      link: link ? { runId: link.run, finding: link.finding } : link,
      rowId: link === null ? "" : input.rowId,
      note: input.note,
    });
  });
