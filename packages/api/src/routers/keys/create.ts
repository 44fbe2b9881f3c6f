import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { nameOf } from "../../shapes/name.ts";
import { signedIn } from "../../trpc.ts";

export const create = signedIn
  .meta({
    openapi: { method: "POST", path: "/keys", tags: ["keys"], summary: "Make an API key; it is shown this once" },
  })
  .input(
    exactly({
      name: nameOf("a key"),
      expiresInDays: z.int().min(1).max(3650).optional(),
    }),
  )
  .output(z.object({ id: z.string(), name: z.string(), key: z.string() }))
  .mutation(({ ctx, input }) =>
    ctx.services.accounts.createKey(ctx.user.id, { name: input.name, expiresInDays: input.expiresInDays ?? null }),
  );
