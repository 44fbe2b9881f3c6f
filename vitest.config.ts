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
    exclude: ["**/node_modules/**", "**/dist/**"],
    pool: "forks",
    env: await softwareVulkan(),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
};

/** The compute core again in Chromium, but for what needs Node. WebGPU is a software GPU there. */
const browser: TestProjectInlineConfiguration = {
  // Threads share memory on pages that are isolated from other origins.
  server: { headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" } },
  test: {
    name: "browser",
    include: ["packages/compute/src/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/*.node.test.ts", "**/*.reference.test.ts"],
    testTimeout: 60_000,
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

export default defineConfig({
  test: { maxWorkers: 2, projects: executablePath === null ? [node] : [node, browser] },
});
