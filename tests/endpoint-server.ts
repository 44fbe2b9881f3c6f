import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the endpoint got it. */
export interface Asked {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly headers: IncomingHttpHeaders;
  /** The server's own clock, in milliseconds. */
  readonly at: number;
  /** Requests that the server has not answered yet, this one among them. */
  readonly underWay: number;
}

export type Answer = (asked: Asked, response: ServerResponse, count: number) => unknown;

/** An endpoint on this machine. Tests say what it answers, and read what it was asked. */
export interface EndpointServer {
  readonly url: string;
  readonly asked: Asked[];
  answer: Answer;
  close(): Promise<void>;
}

/** Starts an endpoint on a free port of the loopback address. */
export async function startEndpoint(answer: Answer): Promise<EndpointServer> {
  const asked: Asked[] = [];
  let underWay = 0;
  const server = createServer((request, response) => {
    underWay++;
    const pieces: Buffer[] = [];
    response.on("close", () => {
      underWay--;
    });
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { instances } = JSON.parse(Buffer.concat(pieces).toString("utf8"));
      const one: Asked = { rows: instances, headers: request.headers, at: performance.now(), underWay };
      asked.push(one);
      endpoint.answer(one, response, asked.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint: EndpointServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/credit/predict`,
    asked,
    answer,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return endpoint;
}

/** Answers with JSON, or with a text as it is. */
export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
