import { z } from "zod";
import { Key } from "../../shapes/key.ts";
import { signedIn } from "../../trpc.ts";

export const list = signedIn
  .meta({ openapi: { method: "GET", path: "/keys", tags: ["keys"], summary: "Your API keys" } })
  .output(z.array(Key))
  .query(({ ctx }) => ctx.services.accounts.keys(ctx.user.id));
