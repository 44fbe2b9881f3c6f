import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { FeedbackRow, FeedbackState } from "../../shapes/feedback.ts";
import { signedIn } from "../../trpc.ts";

/** In a REST query, lists come as texts with commas between. */
const States = z.preprocess(
  (value) => (typeof value === "string" ? value.split(",").filter((one) => one !== "") : value),
  z.array(FeedbackState),
);

export const list = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/projects/{project}/feedback",
      tags: ["feedback"],
      summary: "Reports of people affected",
    },
  })
  .input(
    exactly({
      project: z.string(),
      states: States.optional(),
      /** An account's id, `me` or `none`. */
      assignee: z.string().max(100).optional(),
      /** A protected column, and the group that senders chose; both or neither. */
      column: z.string().max(300).optional(),
      group: z.string().max(300).optional(),
      /** Received at or after, and before. */
      from: z.iso.datetime().optional(),
      before: z.iso.datetime().optional(),
      search: z.string().max(200).optional(),
      /** The id of a run that reports are linked to. */
      run: z.string().optional(),
      sort: z.enum(["newest", "oldest"]).optional(),
      page: z.number().int().min(1).optional(),
      pageSize: z.number().int().min(1).max(200).optional(),
    }),
  )
  .output(z.object({ items: z.array(FeedbackRow), total: z.number() }))
  .query(async ({ ctx, input }) => {
    const { project, column, group, assignee, from, before, ...query } = input;
    const { id } = await ctx.stores.projects.get(ctx.organizationId, project);
    return ctx.stores.feedback.list(id, {
      ...query,
      assignee: assignee === "me" ? ctx.user.id : assignee,
      group: column === undefined || group === undefined ? undefined : { column, value: group },
      from: from === undefined ? undefined : new Date(from),
      before: before === undefined ? undefined : new Date(before),
    });
  });
