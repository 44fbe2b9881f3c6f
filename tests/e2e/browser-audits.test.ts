import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser } from "../browser.ts";
import { hasDashboard } from "../server-process.ts";
import { bareBrowsers } from "./browser-audits/bare-browsers.ts";
import { byKeyboard } from "./browser-audits/by-keyboard.ts";
import { failures } from "./browser-audits/failures.ts";
import { inFirefox } from "./browser-audits/in-firefox.ts";
import { largeFile } from "./browser-audits/large-file.ts";
import { leaving } from "./browser-audits/leaving.ts";
import { parity } from "./browser-audits/parity.ts";
import { registeredModel } from "./browser-audits/registered-model.ts";
import { TabSession } from "./browser-audits/session.ts";
import { smallCells } from "./browser-audits/small-cells.ts";
import { whatLeaves } from "./browser-audits/what-leaves.ts";
import { withoutNetwork } from "./browser-audits/without-network.ts";
import { workerEnds } from "./browser-audits/worker-ends.ts";

const browser = await findBrowser();

/** One server and one browser for all; each part opens pages of its own. */
describe.skipIf(browser === null || !hasDashboard)("an audit in the browser", { timeout: 300_000 }, () => {
  let session: TabSession;
  const started = (): TabSession => session;

  beforeAll(async () => {
    session = await TabSession.start(browser ?? "");
  }, 300_000);
  afterAll(() => session?.stop(), 180_000);

  describe("what leaves the tab", () => whatLeaves(started));
  describe("without a network", () => withoutNetwork(started));
  describe("when its worker ends", () => workerEnds(started));
  describe("when memory or the GPU gives way", () => failures(started));
  describe("with a large file", () => largeFile(started));
  describe("with a model of the server", () => registeredModel(started));
  describe("before it is left", () => leaving(started));
  describe("in bare browsers", () => bareBrowsers(started));
  describe("in another browser", () => inFirefox(started));
  describe("beside the command line and the server", () => parity(started));
  describe("with small cells", () => smallCells(started));
  describe("by keyboard", () => byKeyboard(started));

  test("leaves no error behind", () => {
    expect(session.troubles).toEqual([]);
  });
});
