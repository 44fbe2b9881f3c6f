import { z } from "zod";
import { open } from "../../trpc.ts";

export const info = open
  .meta({
    openapi: { method: "GET", path: "/system", protect: false, tags: ["system"], summary: "What this server is" },
  })
  .output(
    z.object({
      version: z.string(),
      needsSetup: z.boolean(),
      device: z.object({ name: z.string(), description: z.string() }),
      database: z.string(),
      uploadLimitBytes: z.number(),
    }),
  )
  .query(({ ctx }) => ctx.services.system.info());
