import type { FastifyInstance } from "fastify";

/**
 * Isolates every page from other origins, so that browsers let its workers share memory: the cpu device's threads need
 * that. A page is isolated only if all that it loads agrees, scripts of workers and framed reports too, so every answer
 * says it. Nothing here is meant to be loaded into pages of others.
 * @see https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies
 */
export function isolate(app: FastifyInstance): void {
  app.addHook("onRequest", async (_request, reply) => {
    // On the raw response: the dashboard's handler writes to that one.
    reply.raw.setHeader("cross-origin-opener-policy", "same-origin");
    reply.raw.setHeader("cross-origin-embedder-policy", "require-corp");
    reply.raw.setHeader("cross-origin-resource-policy", "same-origin");
  });
}
