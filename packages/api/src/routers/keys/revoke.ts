import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const revoke = signedIn
  .meta({ openapi: { method: "DELETE", path: "/keys/{id}", tags: ["keys"], summary: "Revoke an API key at once" } })
  .input(exactly({ id: z.string() }))
  .output(z.object({ ok: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    await ctx.services.accounts.revokeKey(ctx.user.id, input.id);
    return { ok: true };
  });
