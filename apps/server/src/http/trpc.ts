import { type AppRouter, appRouter, toAssayError } from "@assay/api";
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from "@trpc/server/adapters/fastify";
import type { FastifyInstance } from "fastify";
import { contextOf, type Surface } from "./context.ts";

/** tRPC at /trpc; subscriptions are server-sent events. */
export async function trpcRoutes(app: FastifyInstance, surface: Surface): Promise<void> {
  await app.register(fastifyTRPCPlugin, {
    prefix: "/trpc",
    trpcOptions: {
      router: appRouter,
      createContext: ({ req }) => contextOf(surface, req.headers),
      // tRPC knows fewer statuses than we do; a lone call is answered with its error's own.
      responseMeta({ errors, paths }) {
        const error = errors[0];
        return error !== undefined && paths?.length === 1 ? { status: toAssayError(error).http } : {};
      },
    } satisfies FastifyTRPCPluginOptions<AppRouter>["trpcOptions"],
  });
}
