import { z } from "zod";
import { signedIn } from "../../trpc.ts";

export const get = signedIn
  .meta({ openapi: { method: "GET", path: "/me", tags: ["me"], summary: "Who calls" } })
  .output(z.object({ user: z.object({ id: z.string(), name: z.string(), email: z.string() }) }))
  .query(({ ctx }) => ({ user: ctx.user }));
