import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { TabAuditPage } from "../tab-audit.ts";
import { columnsPlan, people } from "./given-files.ts";
import type { TabSession } from "./session.ts";

/** A proxy before a server that drops some headers of its answers, as proxies do. */
async function withoutHeaders(url: string, dropped: readonly string[]): Promise<{ url: string; server: Server }> {
  const server = createServer((incoming, outgoing) => {
    const onward = request(url + (incoming.url ?? ""), { method: incoming.method, headers: incoming.headers });
    onward.on("response", (answer) => {
      const kept = Object.entries(answer.headers).filter(([name]) => !dropped.includes(name));
      outgoing.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, server };
}

/** Pages that lack what makes audits fast. */
export function bareBrowsers(session: () => TabSession): void {
  test("runs with one thread on a page that is not isolated from other origins, and says so", async () => {
    const proxy = await withoutHeaders(session().server.url, [
      "cross-origin-opener-policy",
      "cross-origin-embedder-policy",
      "cross-origin-resource-policy",
    ]);
    const tab = new TabAuditPage(await session().newPage(await session().otherBrowser("localhost")));
    await tab.open(proxy.url, "credit");
    expect(await tab.page.evaluate(() => [globalThis.isSecureContext, globalThis.crossOriginIsolated])).toEqual([
      true,
      false,
    ]);
    await tab.page.getByText("with one thread: this page is not isolated from other origins").waitFor();
    // This browser was started without what gives it WebGPU.
    const off = /WebGPU is off\. This browser has no/;
    await tab.page.getByText(off).waitFor();
    await runsOnOneThread(tab, off);
    await tab.page.close();
    proxy.server.closeAllConnections();
    proxy.server.close();
  });

  test("runs without WebGPU, where pages come over http, and says why", async () => {
    const { port } = new URL(session().server.url);
    const tab = new TabAuditPage(await session().newPage(await session().otherBrowser("assay.test")));
    await tab.open(`http://assay.test:${port}`, "credit");
    // No locks either, by which a dead worker is noticed, and no threads.
    expect(await tab.page.evaluate(() => ["gpu" in navigator, "locks" in navigator])).toEqual([false, false]);
    const off = "WebGPU is off. Browsers give WebGPU only to pages that come over https or from localhost.";
    await tab.page.getByText(off).waitFor();
    await runsOnOneThread(tab, off);
    await tab.page.close();
    session().forgive(/Cross-Origin-Opener-Policy/);
  });
}

/** @param off what stands beside the device, and beside what ran on it */
async function runsOnOneThread(tab: TabAuditPage, off: string | RegExp): Promise<void> {
  await tab.chooseData(people);
  await tab.page.getByText(off).waitFor();
  await tab.writePlan(columnsPlan);
  await tab.start();
  await tab.finished();
  await tab.page.getByText(/^It ran on the processor: WebGPU is off\./).waitFor();
  const report = await tab.report();
  expect(report.environment).toMatchObject({ host: "browser", device: "cpu", threads: 1 });
  expect(report.audits.map(({ status }) => status)).toEqual(["completed"]);
}
