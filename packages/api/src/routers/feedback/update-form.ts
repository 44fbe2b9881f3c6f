import { AssayError, FeedbackForm, type FeedbackFormInput, issueText, pathText } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { FeedbackFormShape } from "../../shapes/feedback.ts";
import { written } from "../../shapes/kept.ts";
import { signedIn } from "../../trpc.ts";
import { firstForm } from "./first-form.ts";

export const updateForm = signedIn
  .meta({
    openapi: {
      method: "PATCH",
      path: "/projects/{project}/feedback/form",
      tags: ["feedback"],
      summary: "Change what a project's form asks, whom it tells, and whether it takes reports",
    },
  })
  .input(
    exactly({
      project: z.string(),
      isOpen: z.boolean().optional(),
      /** All of it: what is left out is gone. */
      settings: z
        .custom<FeedbackFormInput>((value) => typeof value === "object" && value !== null)
        .meta(written(FeedbackForm))
        .optional(),
    }),
  )
  .output(FeedbackFormShape)
  .mutation(async ({ ctx, input }) => {
    const { id, name } = await ctx.stores.projects.get(ctx.organizationId, input.project);
    const before = await ctx.stores.feedbackForms.ensure(id, firstForm(name));
    // Parsed here, so that each problem is told with its place.
    const parsed = input.settings === undefined ? undefined : FeedbackForm.safeParse(input.settings);
    const settings = parsed?.data;
    const problems = [
      ...(parsed?.error?.issues ?? []).map((issue) => ({
        at: pathText(["settings", ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))]),
        message: issueText(issue),
      })),
      ...(settings === undefined ? [] : ctx.services.feedback.problems(settings.notify)),
    ];
    if (problems.length > 0) {
      const text = problems.map(({ at, message }) => `${at}: ${message}`).join("; ");
      throw new AssayError("usage", text, { problems });
    }
    const told = settings ?? before.settings;
    const opens = input.isOpen ?? before.isOpen;
    if (opens && told.title.en === "" && told.title["zh-CN"] === "") {
      throw new AssayError("usage", "a form that is open needs a title", {
        problems: [{ at: "settings.title", message: "a form that is open needs a title" }],
      });
    }
    return ctx.stores.feedbackForms.update(id, { isOpen: input.isOpen, settings });
  });
