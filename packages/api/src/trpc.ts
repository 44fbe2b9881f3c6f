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

/** Anyone may call it. */
export const open = t.procedure.use(async ({ ctx, next }) => {
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
