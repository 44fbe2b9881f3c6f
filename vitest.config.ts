import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { findBrowser, quietArguments } from "./tests/browser.ts";
import { softwareVulkan } from "./tests/software-vulkan.ts";

const executablePath = await findBrowser();

/** Everything, in Node. */
const node: TestProjectInlineConfiguration = {
  test: {
    name: "node",
    include: ["packages/*/src/**/*.test.{ts,tsx}", "apps/*/src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/*.crash.test.ts", "**/*.browser.test.ts"],
    pool: "forks",
    env: await softwareVulkan(),
    // A test that hangs is ended; one that is slow on a busy machine is not.
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
};

/** Tests in a Chromium of their own. WebGPU is a software GPU there. */
function inChromium(name: string, include: string[], exclude: string[]): TestProjectInlineConfiguration {
  return {
    // Threads share memory on pages that are isolated from other origins.
    server: {
      headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
    },
    // Found only while tests run, it would have the page loaded anew under them.
    optimizeDeps: {
      include: [
        "onnxruntime-web/wasm",
        ...["core", "layers", "converter", "backend-cpu", "backend-wasm", "backend-webgpu"].map(
          (part) => `@tensorflow/tfjs-${part}`,
        ),
      ],
    },
    test: {
      name,
      include,
      exclude: ["**/node_modules/**", ...exclude],
      testTimeout: 120_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: {
            executablePath: executablePath ?? "",
            args: [...quietArguments, "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
          },
        }),
        instances: [{ browser: "chromium" }],
      },
    },
  };
}

/** The compute core again, but for what needs Node; and what only a browser has. */
const browser = inChromium(
  "browser",
  ["packages/compute/src/**/*.test.ts", "packages/*/src/**/*.browser.test.ts"],
  ["**/*.crash.test.ts", "**/*.node.test.ts", "**/*.reference.test.ts"],
);

/** What takes the browser's GPU away, and so from all that runs beside it. */
const crash = inChromium("crash", ["packages/compute/src/**/*.crash.test.ts"], []);

export default defineConfig({
  test: { maxWorkers: 2, projects: executablePath === null ? [node] : [node, browser, crash] },
});
