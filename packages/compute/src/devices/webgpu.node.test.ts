import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { webgpu } from "./webgpu.ts";
import { findAdapter } from "./webgpu-adapter.ts";
import { openWith, testCode } from "./webgpu-open.testing.ts";

const probe = await webgpu.probe();
const missing = probe.available ? null : probe.reason;
const built = new URL("../../dist/index.js", import.meta.url);
const isBuilt = existsSync(built);

/** Runs a script against the built package in a process of its own. */
function run(script: string, env: Record<string, string | undefined> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
    timeout: 120_000,
    env: { ...process.env, ...env },
  });
  return { status, stdout: stdout.trim(), stderr };
}

const printProbe = `
  import { probeDevices } from ${JSON.stringify(built.href)};
  const probe = (await probeDevices()).find(({ name }) => name === "webgpu");
  console.log(JSON.stringify(probe));
`;

describe.skipIf(!isBuilt)("probing for WebGPU in Node", () => {
  it.runIf(process.platform === "linux")("says that there is no driver, and prints nothing", () => {
    const empty = mkdtempSync(join(tmpdir(), "assay-vulkan-"));
    const { status, stdout, stderr } = run(printProbe, { VK_DRIVER_FILES: join(empty, "none.json") });
    rmSync(empty, { recursive: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      name: "webgpu",
      available: false,
      reason: expect.stringMatching(/^no Vulkan (driver on this machine|loader)/),
    });
  });

  it("says that the package webgpu is not installed, and prints nothing", () => {
    const alone = mkdtempSync(join(tmpdir(), "assay-compute-"));
    cpSync(new URL(".", built), join(alone, "dist"), { recursive: true });
    writeFileSync(join(alone, "package.json"), '{ "type": "module" }');
    mkdirSync(join(alone, "node_modules/@assay"), { recursive: true });
    symlinkSync(fileURLToPath(new URL("../../../schema", import.meta.url)), join(alone, "node_modules/@assay/schema"));
    const { status, stdout, stderr } = run(
      printProbe.replace(built.href, pathToFileURL(join(alone, "dist/index.js")).href),
    );
    rmSync(alone, { recursive: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      available: false,
      reason: "the npm package webgpu is not installed; npm install webgpu",
    });
  });

  it.skipIf(missing !== null)("describes what there is, prints nothing, and lets the process end", () => {
    const { status, stdout, stderr } = run(printProbe);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual(probe);
  });
});

describe.skipIf(missing !== null || !isBuilt)(`a process with a webgpu device (${missing ?? "there is one"})`, () => {
  it("ends by itself, whether the device is disposed of or not", () => {
    const { status, stdout, stderr } = run(`
      import { openDevice, philoxWords } from ${JSON.stringify(built.href)};
      globalThis.kept = await openDevice("webgpu");
      const disposed = await openDevice("webgpu");
      for (const device of [kept, disposed]) {
        console.log((await philoxWords(device, { seed: 0, stream: 0, counter: 0, blocks: 1 }))[0].toString(16));
      }
      disposed.dispose();
    `);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "6627e8d5\n6627e8d5", stderr: "" });
  });
});

describe.skipIf(missing !== null)(`memory with a webgpu device (${missing ?? "there is one"})`, () => {
  it("is after 1000 rounds of upload, dispatch and download where it was", { timeout: 120_000 }, async () => {
    const device = await webgpu.open({});
    const bytes = new Uint8Array(160_000);
    const measure = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) {
        const buffer = device.allocate(bytes.length);
        device.upload(buffer, bytes);
        await device.dispatch("philoxWords", [buffer, 0, 0, 0, 0, round, 0], 1);
        await device.download(buffer, bytes);
        buffer.free();
      }
      return process.memoryUsage().rss;
    };
    const before = await measure(600);
    const after = await measure(1000);
    // 160,000 bytes that stayed every round would be 160 MB.
    expect(after - before).toBeLessThan(80_000_000);
    expect(device.allocatedBytes).toBe(0);
    device.dispose();
  });

  it("is given back by devices that are disposed of", async () => {
    const found = await findAdapter();
    if ("reason" in found) throw new Error(found.reason);
    const cycle = async (count: number) => {
      for (let index = 0; index < count; index++) {
        const { device } = await openWith(found, testCode);
        const buffer = device.allocate(4_000_000);
        device.clear(buffer);
        await device.dispatch("number", [buffer], 1);
        await device.download(buffer, new Uint32Array(1));
        device.dispose();
      }
      return process.memoryUsage().rss;
    };
    const before = await cycle(10);
    // 4 MB that stayed for every device would be 120 MB.
    expect((await cycle(30)) - before).toBeLessThan(60_000_000);
  });
});
