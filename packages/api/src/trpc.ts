import { AssayError, isAssayError } from "@assay/schema";
import { initTRPC } from "@trpc/server";
import type { OpenApiMeta } from "trpc-to-openapi";
import type { Context } from "./context.ts";
import { toAssayError, toTrpcError } from "./error-shape.ts";

const t = initTRPC
  .context<Context>()
  .meta<OpenApiMeta>()
  .create({
    errorFormatter({ shape, error }) {
      const told = toAssayError(error);
      return {
        ...shape,
        message: told.message,
        data: { code: told.code, problems: told.problems, httpStatus: told.http, path: shape.data.path ?? null },
      };
    },
    sse: {
      ping: { enabled: true, intervalMs: 15_000 },
      client: { reconnectAfterInactivityMs: 45_000 },
    },
  });

export const { router, createCallerFactory } = t;

/** Where in an input a text holds U+0000, which PostgreSQL takes in no text; null where none does. */
function nulAt(value: unknown, path: string): string | null {
  if (typeof value === "string") return value.includes("\u0000") ? path : null;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = nulAt(inner, path === "" ? key : `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** Anyone may call it. */
export const open = t.procedure.use(async ({ ctx, next, path, getRawInput }) => {
  // A report keeps its texts as JSON, in which the sign is written out.
  const nul = path === "reports.push" ? null : nulAt(await getRawInput(), "");
  if (nul !== null)
    throw toTrpcError(new AssayError("usage", `${nul || "input"}: holds a NUL character; leave it out`));
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  if (isAssayError(cause)) throw toTrpcError(cause);
  if (toAssayError(result.error).code === "internal") ctx.logError(cause ?? result.error);
  return result;
});

/** Needs a session or an API key. */
export const signedIn = open.use(({ ctx, next }) => {
  if (ctx.user === null) {
    throw new AssayError("unauthorized", "sign in, or send an API key as `Authorization: Bearer <key>`");
  }
  return next({ ctx: { ...ctx, user: ctx.user } });
});
