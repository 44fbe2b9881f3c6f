import type { FastifyInstance } from "fastify";

const answerWithinMs = 3000;

/** `/healthz`: this process answers; it never asks the database. `/readyz`: the database answers too. */
export function healthRoutes(app: FastifyInstance, askDatabase: () => Promise<string>): void {
  app.get("/healthz", () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${answerWithinMs / 1000} s`)), answerWithinMs);
    });
    try {
      return { status: "ready", database: await Promise.race([askDatabase(), late]) };
    } catch (error) {
      reply.code(503);
      return {
        status: "not ready",
        reason: `the database does not answer: ${error instanceof Error ? error.message : ""}`,
      };
    } finally {
      clearTimeout(timer);
    }
  });
}
