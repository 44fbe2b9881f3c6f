import { Digest } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const reuse = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/projects/{project}/uploads",
      tags: ["uploads"],
      summary: "Ask for an upload of bytes that the server has already, or has a part of; null: send all of them",
    },
  })
  .input(
    exactly({
      project: z.string(),
      fileName: z
        .string()
        .min(1)
        .max(1000)
        .refine((name) => !["/", "\\", "\u0000"].some((part) => name.includes(part)), "a name, without folders"),
      digest: Digest,
      sizeBytes: z.int().min(0),
    }),
  )
  .output(
    z
      .object({
        /** The upload's id, as `create` of models and datasets takes it once it is complete. */
        id: z.string(),
        /** Bytes that are there. */
        offset: z.number(),
        complete: z.boolean(),
      })
      .nullable(),
  )
  .mutation(async ({ ctx, input: { project, ...file } }) => {
    await ctx.stores.projects.get(ctx.organizationId, project);
    return ctx.services.uploads.reuse({ ...file, userId: ctx.user.id });
  });
