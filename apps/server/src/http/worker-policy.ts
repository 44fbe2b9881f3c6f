import type { FastifyInstance } from "fastify";

/**
 * Workers of the dashboard's pages are under the policy of their own script, not under that of the page. The one that audits in
 * a tab holds rows and models that may not leave it: it reaches this server and nothing else.
 * @see https://w3c.github.io/webappsec-csp/#initialize-global-object-csp
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "worker-src 'self'",
].join("; ");

export function confineWorkers(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    // On the raw response: the dashboard's handler writes to that one.
    if (request.url.startsWith("/_next/static/")) reply.raw.setHeader("content-security-policy", policy);
  });
}
