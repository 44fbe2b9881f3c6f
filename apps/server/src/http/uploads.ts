import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Uploads, uploadPath } from "../storage/uploads.ts";
import { requireCaller, type Surface } from "./context.ts";

/** tus reads the request itself: no body parser may touch it. */
export async function uploadRoutes(app: FastifyInstance, surface: Surface, uploads: Uploads): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const user = await requireCaller(surface, request.headers);
      reply.hijack();
      await uploads.handle(request.raw, reply.raw, user);
    };
    scope.route({ method: ["OPTIONS", "POST"], url: uploadPath, handler });
    scope.route({ method: ["DELETE", "HEAD", "OPTIONS", "PATCH"], url: `${uploadPath}/:id`, handler });
  });
}
