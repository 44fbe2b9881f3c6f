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

export interface Listening {
  /** Where people find it. */
  readonly url: string;
  /** Where this machine reaches it, whatever it is bound to and whatever names resolve to. */
  readonly origin: string;
}

/** Listens, on a free port where none is named. @throws AssayError where the port cannot be had */
export async function listen(app: FastifyInstance, { host, port }: Place): Promise<Listening> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw listenError(cause, { host, port });
  }
  const bound = app.server.address();
  const at = typeof bound === "object" && bound !== null ? bound : { address: host, port };
  const everywhere = at.address === "0.0.0.0" || at.address === "::";
  return {
    url: addressOf(everywhere || at.address === "127.0.0.1" ? "localhost" : host, at.port),
    origin: addressOf(everywhere ? "127.0.0.1" : at.address, at.port),
  };
}

function addressOf(name: string, port: number): string {
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
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
