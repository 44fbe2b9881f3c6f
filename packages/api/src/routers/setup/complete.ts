import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { nameOf } from "../../shapes/name.ts";
import { open } from "../../trpc.ts";

export const complete = open
  .meta({
    openapi: {
      method: "POST",
      path: "/setup",
      protect: false,
      tags: ["setup"],
      summary: "Make the owner account, once, with the token from the server's log",
    },
  })
  .input(
    exactly({
      token: z.string().min(1),
      name: nameOf("an account"),
      email: z.email("not an e-mail address"),
      password: z.string().min(8, "at least 8 characters").max(128, "at most 128 characters"),
    }),
  )
  .output(z.object({ ok: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    await ctx.services.accounts.setUp(input);
    return { ok: true };
  });
