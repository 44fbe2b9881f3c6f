import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { FeedbackFormShape } from "../../shapes/feedback.ts";
import { signedIn } from "../../trpc.ts";
import { firstForm } from "./first-form.ts";

export const form = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/projects/{project}/feedback/form",
      tags: ["feedback"],
      summary: "A project's feedback form; where there is none it is made, closed",
    },
  })
  .input(exactly({ project: z.string() }))
  .output(FeedbackFormShape)
  .query(async ({ ctx, input }) => {
    const { id, name } = await ctx.stores.projects.get(ctx.organizationId, input.project);
    return ctx.stores.feedbackForms.ensure(id, firstForm(name));
  });
