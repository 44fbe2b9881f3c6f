import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What the proxy saw of one connection so far. */
export interface Seen {
  /** Text of the requests. */
  readonly sent: string;
  /** Text of the answers. */
  readonly received: string;
}

/** A TCP proxy on loopback that cuts a connection in the middle, once, where it is told to. */
export class CuttingProxy {
  /** Connections cut so far. */
  cuts = 0;
  /** Every connection, in order. */
  readonly connections: Seen[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** `where` is asked after each piece of bytes, before it is passed on: true cuts, with the piece lost. */
  static async start(target: string, where: (seen: Seen) => boolean): Promise<CuttingProxy> {
    const server = createServer();
    const proxy = new CuttingProxy(server);
    const { hostname, port } = new URL(target);
    server.on("connection", (client) => {
      const upstream = connect(Number(port), hostname);
      const seen = { sent: "", received: "" };
      proxy.connections.push(seen);
      const cut = (): boolean => {
        if (proxy.cuts > 0 || !where(seen)) return false;
        proxy.cuts++;
        client.destroy();
        upstream.destroy();
        return true;
      };
      client.on("data", (bytes) => {
        seen.sent += bytes.toString("latin1");
        if (!cut()) upstream.write(bytes);
      });
      upstream.on("data", (bytes) => {
        seen.received += bytes.toString("latin1");
        if (!cut()) client.write(bytes);
      });
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        proxy.#sockets.add(one);
        one.on("error", () => {});
        one.on("close", () => {
          proxy.#sockets.delete(one);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends every connection, and takes no new one. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
