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
      /** Origins that plans may ask for predictions; told to those who signed in. */
      endpoints: z.array(z.string()),
      /** Origins that notices of feedback may be posted to, and whether letters go out; told likewise. */
      webhooks: z.array(z.string()),
      mail: z.boolean(),
    }),
  )
  .query(async ({ ctx }) => {
    const { endpoints, webhooks, mail, ...info } = await ctx.services.system.info();
    if (ctx.user === null) return { ...info, endpoints: [], webhooks: [], mail: false };
    return { ...info, endpoints: [...endpoints], webhooks: [...webhooks], mail };
  });
