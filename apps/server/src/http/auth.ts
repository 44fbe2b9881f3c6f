import { toNodeHandler } from "better-auth/node";
import type { FastifyInstance } from "fastify";
import { type Auth, clientAddressHeader } from "../auth/auth.ts";

/** better-auth reads the request itself. Keys are made and revoked through the API only. */
export async function authRoutes(app: FastifyInstance, auth: Auth): Promise<void> {
  const handle = toNodeHandler(auth);
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    scope.route({
      method: ["GET", "POST"],
      url: "/api/auth/*",
      async handler(request, reply) {
        request.raw.headers[clientAddressHeader] = request.ip;
        reply.hijack();
        await handle(request.raw, reply.raw);
      },
    });
  });
}
