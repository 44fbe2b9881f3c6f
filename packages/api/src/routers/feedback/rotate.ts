import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { FeedbackFormShape } from "../../shapes/feedback.ts";
import { signedIn } from "../../trpc.ts";
import { firstForm } from "./first-form.ts";

export const rotate = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/projects/{project}/feedback/form/rotate",
      tags: ["feedback"],
      summary: "Give a form another address, or its webhook another secret; the old one is worth nothing from now on",
    },
  })
  .input(exactly({ project: z.string(), what: z.enum(["token", "webhookSecret"]).default("token") }))
  .output(FeedbackFormShape)
  .mutation(async ({ ctx, input }) => {
    const { id, name } = await ctx.stores.projects.get(ctx.organizationId, input.project);
    await ctx.stores.feedbackForms.ensure(id, firstForm(name));
    return ctx.stores.feedbackForms.rotate(id, input.what);
  });
