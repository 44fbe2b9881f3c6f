import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";

/** Where Chromium has Vulkan and its software driver beside it. */
const usualPlaces = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome"];

/**
 * Environment of a Node process on Linux that finds SwiftShader, the software GPU of Chromium or of the npm package
 * @sparticuz/chromium, besides the drivers that the machine has. Empty where there is none. It must be there when the
 * process starts: that is when the loader reads its path.
 */
export async function softwareVulkan(): Promise<Record<string, string>> {
  if (process.platform !== "linux") return {};
  const places = [...usualPlaces, dirname(chromium.executablePath())];
  const folder = places.find(hasVulkan) ?? (await packedVulkan());
  if (folder === null) return {};
  const { LD_LIBRARY_PATH: libraries, VK_ADD_DRIVER_FILES: drivers } = process.env;
  return {
    LD_LIBRARY_PATH: [libraries, folder].filter(Boolean).join(":"),
    VK_ADD_DRIVER_FILES: [drivers, join(folder, "vk_swiftshader_icd.json")].filter(Boolean).join(":"),
  };
}

function hasVulkan(folder: string): boolean {
  return ["libvulkan.so.1", "libvk_swiftshader.so", "vk_swiftshader_icd.json"].every((file) =>
    existsSync(join(folder, file)),
  );
}

/** Unpacks the package's libraries, which are 7 MB, without the browser. */
async function packedVulkan(): Promise<string | null> {
  if (process.arch !== "x64") return null;
  try {
    const { inflate } = await import("@sparticuz/chromium");
    const bin = new URL("../bin/swiftshader.tar.br", import.meta.resolve("@sparticuz/chromium"));
    await inflate(bin.pathname);
  } catch {
    return null;
  }
  return hasVulkan(tmpdir()) ? tmpdir() : null;
}
