import { connect, createServer, type Server, type Socket } from "node:net";

/** Every byte that a browser sends to a server, seen on the wire: by pages, their workers, or anything else in it. */
export class NetworkWatch {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #sent: Buffer[] = [];
  #cut = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** Forwards to a port of this machine. */
  static async start(to: number): Promise<NetworkWatch> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const watch = new NetworkWatch(server, typeof address === "object" && address !== null ? address.port : 0);
    server.on("connection", (socket) => watch.#forward(socket, to));
    return watch;
  }

  /** What was sent since the last `forget`. */
  get sent(): Buffer {
    return Buffer.concat(this.#sent);
  }

  forget(): void {
    this.#sent.length = 0;
  }

  /** Pulls the cable, or plugs it in again. */
  set cut(cut: boolean) {
    this.#cut = cut;
    if (cut) for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut = true;
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #forward(socket: Socket, to: number): void {
    if (this.#cut) {
      socket.destroy();
      return;
    }
    const onward = connect(to, "localhost");
    for (const one of [socket, onward]) {
      this.#sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        this.#sockets.delete(one);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.on("data", (bytes) => {
      this.#sent.push(Buffer.from(bytes));
      onward.write(bytes);
    });
    onward.on("data", (bytes) => socket.write(bytes));
  }
}

/** Which of the texts or bytes stand in what was sent; bodies may be compressed by nobody, so that they stand as they are. */
export function leaks(sent: Buffer, markers: Readonly<Record<string, string | Uint8Array>>): string[] {
  return Object.entries(markers)
    .filter(([, marker]) => sent.includes(typeof marker === "string" ? Buffer.from(marker) : Buffer.from(marker)))
    .map(([name]) => name);
}
