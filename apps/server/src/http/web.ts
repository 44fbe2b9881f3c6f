import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { FastifyInstance } from "fastify";

export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Loads the built dashboard; null where it is not built. It takes a second or two, so it is begun before the database.
 */
export async function prepareWeb(): Promise<Handle | null> {
  const require = createRequire(import.meta.url);
  const dir = dirname(require.resolve("@assay/web/package.json"));
  if (!existsSync(join(dir, ".next", "BUILD_ID"))) return null;
  process.env.NEXT_TELEMETRY_DISABLED = "1";
  // Next's types describe a default export inside a module; what `require` gives is the function itself.
  const next: typeof import("next").default = require("next");
  const server = next({ dev: false, dir, quiet: true });
  await server.prepare();
  return server.getRequestHandler();
}

/** The dashboard: Next's own handler, for every path that nothing else answers. */
export async function webRoutes(app: FastifyInstance, handle: Handle | null): Promise<void> {
  if (handle === null) {
    app.get("/", (_request, reply) =>
      reply
        .type("text/plain; charset=utf-8")
        .send(
          "Assay's API is at /api/v1 (see /api/v1/openapi.json). The dashboard is not built; run `npm run build`.\n",
        ),
    );
    return;
  }
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    scope.route({
      method: ["GET", "HEAD", "POST"],
      url: "/*",
      async handler(request, reply) {
        reply.hijack();
        await handle(request.raw, reply.raw);
      },
    });
  });
}
