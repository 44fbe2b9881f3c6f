import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { probeDevices, selfTestTrials } from "@assay/compute";
import { describe, expect, it } from "vitest";
import { root } from "../paths.ts";
import { assayProcess as assay } from "./assay.ts";

const cwd = tmpdir();

describe("assay devices", () => {
  it("tells what this machine has, or why not, and how fast it is", async () => {
    const ran = await assay(["devices", "--seconds", "1"], { cwd });
    expect(ran.code).toBe(0);
    for (const probe of await probeDevices()) {
      const line = ran.stdout.split("\n").find((one) => one.startsWith(probe.name)) ?? "";
      if (!probe.available) expect(line).toContain(`not here: ${probe.reason}`);
    }
    expect(ran.stdout).toMatch(/^cpu +WASM SIMD, \d+ threads?$/m);
    expect(ran.stdout).toMatch(/^Neural network +billion multiply-adds\/s +[\d.]+/m);
    expect(ran.stdout).not.toMatch(/undefined|NaN/);
  });

  it("prints JSON for machines, with every trial of every device that is there", async () => {
    const ran = await assay(["devices", "--seconds", "1", "--json"], { cwd });
    expect(ran.code).toBe(0);
    const { passed, devices } = JSON.parse(ran.stdout);
    expect(passed).toBe(true);
    expect(devices.map((one: { name: string }) => one.name)).toEqual(["cpu", "cuda", "webgpu"]);
    const trials = devices[0].selfTest.trials;
    expect(trials.map((one: { trial: string }) => one.trial)).toEqual(selfTestTrials.map((one) => one.name));
    for (const { perSecond, fault } of trials) {
      expect(perSecond).toBeGreaterThan(0);
      expect(fault).toBeNull();
    }
    for (const one of devices) expect(one.available ? one.selfTest.device : one.reason).toBeTruthy();
  });

  it("speaks Chinese when asked", async () => {
    const ran = await assay(["devices", "--seconds", "1", "--lang", "zh-CN"], { cwd });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/神经网络 +十亿次乘加\/秒 +[\d.]+/);
  });

  it("exits with 2 where a device that is there fails, and says with what", () => {
    const program = join(root, "packages/sdk/bin/assay.js");
    const args = ["--wasm-max-mem-pages=32", program, "devices", "--seconds", "5"];
    const ran = spawnSync(process.execPath, args, { cwd, encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
    expect(ran.stdout).toMatch(/^cpu, .+: cpu: no memory for \d+ more bytes/m);
    expect(ran.status).toBe(2);
  });

  it("can be interrupted", async () => {
    const ran = await assay(["devices", "--seconds", "60"], { cwd, interruptAfterMs: 1500 });
    expect(ran.code).toBe(130);
    expect(ran.stdout).toBe("");
  });

  it.each([
    [["devices", "--seconds", "0"], /--seconds takes a whole number from 1/],
    [["devices", "cpu"], /too many arguments/],
    [["devices", "--lang", "fr"], /--lang takes en or zh-CN/],
  ] as const)("%j is told and exits with 2", async (args, message) => {
    const ran = await assay(args, { cwd });
    expect(ran.stderr).toMatch(message);
    expect(ran.code).toBe(2);
  });
});
