import { probeDevices } from "@assay/compute";
import { afterAll, describe, expect, it, vi } from "vitest";
import { type Answer, ServerProcess } from "../server-process.ts";
import { softwareVulkan } from "../software-vulkan.ts";

vi.setConfig({ testTimeout: 120_000 });

const rows = [
  "label,decision",
  ...Array.from({ length: 3000 }, (_, row) => `${row % 3 === 0 ? 1 : 0},${(row >> 1) % 2}`),
];
const plan = `version: 1
project: devices
data: { file: rows.csv }
columns: { label: label, decision: decision }
audits: { impact.classification: { replicates: 200 } }
`;

const servers: ServerProcess[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

/** The plan's run on a server that measures on a device. */
async function runOn(device: string): Promise<{ run: Answer; report: Answer }> {
  const server = await ServerProcess.start({ env: { ASSAY_DEVICE: device, ...(await softwareVulkan()) } });
  servers.push(server);
  await server.call("POST", "/projects", { name: "Devices" });
  const dataset = await server.dataset("devices", "rows.csv", rows.join("\n"));
  const { id } = await server.call("POST", "/projects/devices/runs", { plan, dataset: dataset.id });
  const run = await server.waitFor(id, ["completed", "failed"], 100_000);
  const report = run.status === "completed" ? await server.call("GET", `/runs/${id}/report.json`) : null;
  return { run, report };
}

const probes = await probeDevices();
const absent = (name: string): string => {
  const probe = probes.find((one) => one.name === name);
  return probe && !probe.available ? probe.reason : "";
};

describe("a server that is told what to measure on", () => {
  it.skipIf(absent("webgpu") !== "")(`does so, and the report says it ${absent("webgpu")}`, async () => {
    const [gpu, auto] = await Promise.all([runOn("webgpu"), runOn("auto")]);
    expect(gpu.report.environment).toMatchObject({ device: "webgpu", host: "server" });
    expect(gpu.report.environment.ran).toContain("webgpu");
    // No audit of this plan gains by a GPU.
    expect(auto.report.environment).toMatchObject({ device: "cpu", ran: ["cpu"] });
    expect(gpu.report.digest).toBe(auto.report.digest);
  });

  it.skipIf(absent("cuda") === "")("fails runs with the reason where the device is not there", async () => {
    const { run } = await runOn("cuda");
    expect(run).toMatchObject({ status: "failed", error: { code: "device-unavailable" } });
    expect(run.error.message).toContain(absent("cuda"));
  });
});
