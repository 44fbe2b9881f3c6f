import { createServer } from "node:net";
import { AssayError } from "@assay/schema";
import type { FastifyInstance } from "fastify";
import type { Env } from "../env.ts";

type Place = Pick<Env, "host" | "port">;

/** Says at once that a port cannot be had, before a database is started for nothing. @throws AssayError */
export async function checkPort({ host, port }: Place): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject).listen({ host, port }, resolve);
    });
  } catch (cause) {
    throw listenError(cause, { host, port });
  }
  await new Promise((resolve) => probe.close(resolve));
}

/** Listens, and tells where people find it. @throws AssayError where the port cannot be had */
export async function listen(app: FastifyInstance, { host, port }: Place): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw listenError(cause, { host, port });
  }
  const bound = app.server.address();
  const name = host === "127.0.0.1" || host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${typeof bound === "object" && bound !== null ? bound.port : port}`;
}

function listenError(cause: unknown, { host, port }: Place): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  switch (code) {
    case "EADDRINUSE":
      return new AssayError("conflict", `port ${port} is taken; stop what uses it, or set PORT to another`, { cause });
    case "EACCES":
      return new AssayError("forbidden", `port ${port} needs more rights; set PORT to one above 1023`, { cause });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new AssayError("usage", `this machine has no address ${host}; set HOST to one it has`, { cause });
    default:
      return cause;
  }
}
