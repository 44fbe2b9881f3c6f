import { devices as names } from "@assay/schema";
import { z } from "zod";
import { signedIn } from "../../trpc.ts";

export const devices = signedIn
  .meta({
    openapi: { method: "GET", path: "/system/devices", tags: ["system"], summary: "What this server can compute on" },
  })
  .output(
    z.array(
      z.object({
        name: z.enum(names),
        available: z.boolean(),
        description: z.string().describe("What it is; where it is not available, why."),
      }),
    ),
  )
  .query(async ({ ctx }) => [...(await ctx.services.system.devices())]);
