import type { FastifyInstance } from "fastify";

/**
 * Answers whoever asks for a WebSocket: there is none. The dashboard's handler would keep such a connection without an answer,
 * and a server that has one open does not stop.
 */
export function refuseUpgrades(app: FastifyInstance): void {
  app.server.on("upgrade", (_request, socket) => {
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", () => socket.destroy());
  });
}
