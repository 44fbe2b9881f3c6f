/** What there is to open a device on; `gpu` must be kept as long as the device lives. */
export interface FoundAdapter {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  readonly description: string;
  /** True where the processor plays the GPU. */
  readonly software: boolean;
}

/** What a kernel may count on having. */
const leastStorageBuffers = 8;

/** The best adapter of this browser or, in Node, of the package `webgpu`; or why there is none and what to do. */
export async function findAdapter(): Promise<FoundAdapter | { readonly reason: string }> {
  const inNode = globalThis.process?.versions?.node !== undefined;
  const found = inNode && globalThis.navigator?.gpu === undefined ? await nodeGpu() : browserGpu();
  if ("reason" in found) return found;
  const { gpu } = found;
  let adapter: GPUAdapter | null;
  try {
    // In a browser the choice is the user's, and Chromium on Windows warns of the option.
    adapter = await gpu.requestAdapter(inNode ? { powerPreference: "high-performance" } : {});
  } catch (error) {
    return { reason: `the search for a GPU failed: ${firstLine(error)}` };
  }
  if (!adapter) {
    const hint = inNode
      ? "check that its driver is installed (vulkaninfo --summary lists what Vulkan finds)"
      : "switch hardware acceleration on in the browser's settings (chrome://gpu says what is off)";
    return { reason: `no GPU that WebGPU can use; ${hint}` };
  }
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const kind = `${vendor} ${architecture}`.trim();
  // Browsers tell no more than the kind; Dawn in Node has the card's name in `device` and the driver's in `description`.
  const name = [device.replace(/-+$/, "") || kind || "a GPU without a name", description].filter(Boolean).join(", ");
  const buffers = adapter.limits.maxStorageBuffersPerShaderStage;
  if (buffers < leastStorageBuffers) {
    return { reason: `${name} gives kernels ${buffers} buffers, ${leastStorageBuffers} are needed; use cpu` };
  }
  const software =
    isFallbackAdapter === true ||
    /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i.test(`${kind} ${device} ${description}`);
  return { gpu, adapter, software, description: software ? `${name}, played by the processor` : name };
}

type FoundGpu = { readonly gpu: GPU } | { readonly reason: string };

function browserGpu(): FoundGpu {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (gpu) return { gpu };
  if (globalThis.isSecureContext === false) {
    return { reason: "browsers give WebGPU only to pages served over https or from localhost" };
  }
  return { reason: "this browser has no WebGPU; use a current Chrome, Edge, Firefox or Safari" };
}

/** Named by an argument, so that no bundler looks for the package: they see through constants. */
async function nodeGpu(name = "webgpu"): Promise<FoundGpu> {
  let binding: unknown;
  try {
    binding = await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name);
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    return {
      reason: missing
        ? "the npm package webgpu is not installed; npm install webgpu"
        : `the npm package webgpu does not load on this machine: ${firstLine(error)}`,
    };
  }
  if (!isBinding(binding)) return { reason: "the npm package webgpu is another than expected; npm install webgpu@0.6" };
  const reason = vulkanMissing();
  if (reason !== null) return { reason };
  try {
    return { gpu: binding.create([]) };
  } catch (error) {
    return { reason: `the npm package webgpu does not start on this machine: ${firstLine(error)}` };
  }
}

function isBinding(value: unknown): value is { create(flags: string[]): GPU } {
  return typeof value === "object" && value !== null && "create" in value && typeof value.create === "function";
}

/**
 * Why Vulkan cannot start on this Linux machine, or null. Asked first, since the binding writes warnings where it fails.
 * @see https://github.com/KhronosGroup/Vulkan-Loader/blob/main/docs/LoaderDriverInterface.md
 */
function vulkanMissing(): string | null {
  if (process.platform !== "linux") return null;
  try {
    process.dlopen({ exports: {} }, "libvulkan.so.1");
  } catch (error) {
    // What is no addon of Node ends in an error too, but one that comes after it was loaded.
    if (/cannot open shared object|no such file/i.test(firstLine(error))) {
      return "no Vulkan loader (libvulkan.so.1); install the GPU's driver, or the system's package libvulkan1";
    }
  }
  return vulkanDrivers().length === 0 ? "no Vulkan driver on this machine; install the GPU's driver" : null;
}

function vulkanDrivers(): string[] {
  const fs = process.getBuiltinModule("node:fs");
  const { HOME: home = "", VK_ADD_DRIVER_FILES: added, VK_DRIVER_FILES: named, VK_ICD_FILENAMES: older } = process.env;
  const { XDG_CONFIG_DIRS, XDG_CONFIG_HOME, XDG_DATA_DIRS, XDG_DATA_HOME } = process.env;
  const folders = [
    XDG_CONFIG_HOME || `${home}/.config`,
    XDG_CONFIG_DIRS || "/etc/xdg",
    "/etc",
    XDG_DATA_HOME || `${home}/.local/share`,
    XDG_DATA_DIRS || "/usr/local/share:/usr/share",
  ];
  const places = named || older || [...folders.flatMap(split).map((path) => `${path}/vulkan/icd.d`), added].join(":");
  return split(places).flatMap((place) => {
    try {
      if (!fs.statSync(place).isDirectory()) return [place];
      return fs.readdirSync(place).filter((file) => file.endsWith(".json"));
    } catch {
      return [];
    }
  });
}

function split(paths: string): string[] {
  return paths.split(":").filter((path) => path !== "");
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}
