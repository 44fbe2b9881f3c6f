import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cuda } from "./cuda.ts";
import { loadKoffi, signatures } from "./cuda-driver.ts";
import { controls, emulator, missing } from "./cuda-emulator.testing.ts";

const real = await cuda.probe();
const header = findHeader();

/** The toolkit's cuda.h, where it is installed. */
function findHeader(): string | null {
  const places = existsSync("/usr/local") ? readdirSync("/usr/local").map((name) => join("/usr/local", name)) : [];
  const folders = [process.env.CUDA_PATH, process.env.CUDA_HOME, ...places].filter((folder) => folder !== undefined);
  const paths = folders.map((folder) => join(folder, "include/cuda.h"));
  return paths.find((path) => existsSync(path) && /CUresult CUDAAPI cuInit/.test(readFileSync(path, "utf8"))) ?? null;
}

/** What a parameter of cuda.h is to the calling convention. */
function passedAs(parameter: string): string {
  const type = parameter.replace(/\s*\w+$/, "").trim();
  if (parameter.includes("*") || ["CUcontext", "CUevent", "CUfunction", "CUmodule", "CUstream"].includes(type)) {
    return "address";
  }
  const plain: Readonly<Record<string, string>> = {
    CUdevice: "int",
    CUdevice_attribute: "int",
    CUdeviceptr: "uint64_t",
    CUresult: "int",
    "unsigned char": "uint8_t",
    "unsigned int": "uint32_t",
  };
  return plain[type] ?? type;
}

it.skipIf(header === null)(`calls the driver as cuda.h says${header === null ? " (no CUDA toolkit here)" : ""}`, () => {
  const text = readFileSync(header ?? "", "utf8");
  for (const [name, parameters] of Object.entries(signatures)) {
    // Under its own name among the old versions at the end, else under the name that the header gives it.
    const plain = name.replace(/_v\d$/, "");
    const found = [name, plain]
      .flatMap((one) => [...text.matchAll(new RegExp(`CUresult CUDAAPI ${one}\\(([^)]*)\\);`, "g"))])
      .map(([, list]) => (list ?? "").split(",").map((parameter) => passedAs(parameter.trim())));
    const ours = parameters.map((type) => (type === "void *" || type === "str" ? "address" : type));
    expect(found, name).toContainEqual(ours);
  }
});

describe("looking for a CUDA driver", () => {
  it.skipIf(real.available)("says in words why there is none", async () => {
    const { reason } = real.available ? { reason: "" } : real;
    expect(reason).not.toBe("");
    if (process.platform === "linux" && !existsSync("/proc/driver/nvidia")) {
      expect(reason).toBe("no CUDA driver: libcuda.so.1 is not on this machine");
    }
    await expect(cuda.open({})).rejects.toMatchObject({
      code: "device-unavailable",
      message: `cuda: ${reason}; use cpu or auto`,
    });
  });

  it("says so of a path where nothing is, or something else", async () => {
    const here = fileURLToPath(import.meta.url);
    expect(await cuda.probe({ cudaLibrary: "/nowhere/libcuda.so.1" })).toMatchObject({
      available: false,
      reason: "no CUDA driver: /nowhere/libcuda.so.1 is not on this machine",
    });
    expect(await cuda.probe({ cudaLibrary: here })).toMatchObject({
      available: false,
      reason: expect.stringMatching(/^the CUDA driver could not be loaded: /),
    });
  });

  it.skipIf(process.platform !== "linux")("says so of a library that is no driver", async () => {
    expect(await cuda.probe({ cudaLibrary: "libc.so.6" })).toMatchObject({
      available: false,
      reason: "libc.so.6 is no CUDA driver, or one before CUDA 11.0: it has no function cuCtxCreate_v2",
    });
  });

  it("says so where koffi is not installed, or does not load", async () => {
    expect(await loadKoffi("koffi-is-not-here")).toEqual({
      reason: "the npm package koffi, through which the CUDA driver is called, is not installed; npm install koffi",
    });
    vi.doMock("koffi", () => {
      throw new Error("GLIBC_2.99 not found");
    });
    vi.resetModules();
    const fresh = await import("./cuda.ts");
    expect(await fresh.cuda.probe()).toMatchObject({
      available: false,
      reason: expect.stringMatching(/^the npm package koffi does not load on this machine: /),
    });
    vi.doUnmock("koffi");
    vi.resetModules();
  });

  it("refuses options that mean nothing", async () => {
    await expect(cuda.open({ timeoutMs: 0 })).rejects.toThrow(/timeoutMs must be above 0, got 0/);
    await expect(cuda.open({ ordinal: -1 })).rejects.toThrow(/ordinal must be an integer from 0, got -1/);
  });
});

describe.skipIf(missing !== null)(
  `the cards of a CUDA driver, emulated${missing === null ? "" : ` (${missing})`}`,
  () => {
    const options = "path" in emulator ? { cudaLibrary: emulator.path } : {};
    const GiB = 2 ** 30;
    const reason = async (more = {}) => {
      const probe = await cuda.probe({ ...options, ...more });
      return probe.available ? "" : probe.reason;
    };

    afterEach(() => {
      controls().setVersion(13000);
      controls().setCard(0, "emulated card on the processor", GiB, 75);
      controls().setCard(1, "", 0, 0);
    });

    it("are described by name, memory and driver", async () => {
      controls().setVersion(12040);
      controls().setCard(0, "NVIDIA H100 80GB HBM3", 79.1 * GiB, 90);
      expect(await cuda.probe(options)).toEqual({
        name: "cuda",
        available: true,
        description: "NVIDIA H100 80GB HBM3, 79 GiB, CUDA 12.4",
        software: false,
      });
    });

    it("are chosen by memory, or by number", async () => {
      controls().setCard(1, "the larger card", 2 * GiB, 86);
      const largest = await cuda.open(options);
      expect(largest.description).toBe("the larger card, 2 GiB, CUDA 13.0");
      expect(largest.maxBufferBytes).toBe(2 * GiB);
      const first = await cuda.open({ ...options, ordinal: 0 });
      expect(first.description).toMatch(/^emulated card/);
      const buffer = first.allocate(4);
      first.upload(buffer, Uint32Array.of(8));
      expect(await first.download(buffer, new Uint32Array(1))).toEqual(Uint32Array.of(8));
      largest.dispose();
      first.dispose();
      expect(await reason({ ordinal: 2 })).toBe("there is no card 2; the driver sees 2, counted from 0");
    });

    it("are passed by where they are too old", async () => {
      controls().setCard(1, "Tesla P100", 16 * GiB, 60);
      const device = await cuda.open(options);
      expect(device.description).toMatch(/^emulated card/);
      device.dispose();
      expect(await reason({ ordinal: 1 })).toBe(
        "Tesla P100 has compute capability 6.0, needed is 7.5 (Turing) or later",
      );
      controls().setCard(1, "", 0, 0);
      controls().setCard(0, "Tesla V100", 16 * GiB, 70);
      expect(await reason()).toBe("Tesla V100 has compute capability 7.0, needed is 7.5 (Turing) or later");
    });

    it("are not used through a driver that is too old or does not start", async () => {
      controls().setVersion(10020);
      expect(await reason()).toBe(
        "the NVIDIA driver is too old: it speaks CUDA 10.2, needed is CUDA 11.0 (driver 450 or later)",
      );
      controls().setVersion(11000);
      expect((await cuda.probe(options)).available).toBe(true);
      controls().fail("cuInit", 999, 0);
      expect(await reason()).toMatch(/^the CUDA driver \(CUDA 11.0\) does not start: CUDA error 999/);
      controls().setCard(0, "", 0, 0);
      expect(await reason()).toMatch(
        /CUDA_ERROR_NO_DEVICE .*a driver is there, a card is not \(in a container: --gpus all\)/,
      );
    });
  },
);
