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

  /** What was sent since the last `forget`. Of a WebSocket its opening: what follows is masked, so that none may be opened. */
  get sent(): Buffer {
    return Buffer.concat(this.#sent);
  }

  /** The first lines of the requests among it. */
  get requests(): string[] {
    return (
      this.sent.toString("latin1").match(/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S+(?= HTTP\/1\.1\r$)/gm) ?? []
    );
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

/** Which of the texts or bytes stand in what was sent, plain or in one of the ways in which programs write bytes down. */
export function leaks(sent: Buffer, markers: Readonly<Record<string, string | Uint8Array>>): string[] {
  return Object.entries(markers)
    .filter(([, marker]) => spellings(Buffer.from(marker)).some((bytes) => sent.includes(bytes)))
    .map(([name]) => name);
}

/** As it is, in UTF-16, hexadecimal, per cent, and in base64, where it may begin at any of three places. */
function spellings(bytes: Buffer): Buffer[] {
  const hex = bytes.toString("hex");
  const base64 = [0, 1, 2].map((before) => {
    // The digits that share bits with what stands before or behind are left out.
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [
    bytes,
    Buffer.from(bytes.toString("latin1"), "utf16le"),
    ...[hex, hex.toUpperCase(), hex.replace(/../g, "%$&"), hex.toUpperCase().replace(/../g, "%$&"), ...base64].map(
      (text) => Buffer.from(text),
    ),
  ];
}
