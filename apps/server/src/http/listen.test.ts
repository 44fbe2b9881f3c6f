import Fastify from "fastify";
import { expect, test } from "vitest";
import { listen } from "./listen.ts";

test.each(["127.0.0.1", "0.0.0.0", "localhost"])(
  "on %s and a free port, tells the port it got, to people and to itself",
  async (host) => {
    const app = Fastify();
    app.get("/", () => "here");
    try {
      const { url, origin } = await listen(app, { host, port: 0 });
      expect(url).toMatch(/^http:\/\/localhost:[1-9]\d*$/);
      expect(origin).toMatch(/^http:\/\/(127\.0\.0\.1|\[::1\]):[1-9]\d*$/);
      expect(new URL(origin).port).toBe(new URL(url).port);
      expect(await (await fetch(origin)).text()).toBe("here");
    } finally {
      await app.close();
    }
  },
);
