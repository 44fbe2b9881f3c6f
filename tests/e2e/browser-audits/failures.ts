import { expect, test } from "vitest";
import { columnsPlan, people } from "./given-files.ts";
import type { TabSession } from "./session.ts";

/** Two trees over age and income, which WebGPU can run. */
const trees = JSON.stringify({
  kind: "forest",
  aggregate: "mean",
  n_features: 2,
  features: ["age", "income"],
  trees: [0, 1].map((feature) => ({
    feature: [feature, -1, -1],
    threshold: [[40, 1400][feature], 0, 0],
    left: [1, -1, -1],
    right: [2, -1, -1],
    value: [0, 0.2, 0.8],
  })),
});
const treesPlan = `version: 1
project: people
data: { file: people.csv }
columns: { label: label, positive: yes, protected: [sex], features: [age, income] }
model: { file: trees.json }
audits: { explainability.permutation-importance: { repeats: 2 } }
seed: 7
`;

/** What a tab says where memory or the GPU gives way, and that it goes on from there. */
export function failures(session: () => TabSession): void {
  test("says that the GPU was lost, and runs the audit on the processor instead", async (context) => {
    const tab = await session().newTab();
    const { page } = tab;
    if (!(await tab.hasWebgpu())) return context.skip("this browser has no WebGPU");
    await tab.chooseData(people);
    await tab.chooseModel({ name: "trees.json", bytes: trees });
    await tab.writePlan(treesPlan);
    await tab.startable();
    await tab.device("webgpu");
    const [worker] = await tab.auditWorkers();
    // The next device is taken away at its first work.
    await worker?.evaluate(() => {
      const { requestDevice } = GPUAdapter.prototype;
      GPUAdapter.prototype.requestDevice = async function (descriptor) {
        const device = await requestDevice.call(this, descriptor);
        const { submit } = device.queue;
        device.queue.submit = function (buffers) {
          device.destroy();
          submit.call(this, buffers);
          return undefined;
        };
        return device;
      };
    });
    await tab.start();
    await page.getByText("The GPU was lost while the audit ran").waitFor();
    await page.getByRole("button", { name: "Run on the processor" }).click();
    await tab.finished();
    expect((await tab.report()).environment).toMatchObject({ host: "browser", device: "cpu" });
    await page.close();
    return undefined;
  });

  test("says what to do where WebAssembly gets no more memory, and keeps what the other audits found", async () => {
    const tab = await session().newTab();
    const { page } = tab;
    await tab.chooseData(people);
    await tab.writePlan(
      columnsPlan.replace("audits: { ", "audits: { fairness.representation: {}, ").replace("500 }", "20000 }"),
    );
    await tab.startable();
    const [worker] = await tab.auditWorkers();
    // No memory may grow beyond what it begins with.
    await worker?.evaluate(() => {
      const { Memory } = WebAssembly;
      WebAssembly.Memory = class extends Memory {
        constructor(descriptor: WebAssembly.MemoryDescriptor) {
          super({ ...descriptor, maximum: descriptor.initial });
        }
      };
    });
    await tab.start();
    await tab.finished();
    const { audits } = await tab.report();
    const failed = audits.filter(({ status }) => status === "failed");
    expect(failed.length).toBeGreaterThan(0);
    expect(audits.some(({ status }) => status === "completed")).toBe(true);
    for (const { reason } of failed) {
      expect(reason?.en).toMatch(/^the memory did not suffice \(cpu: no memory for \d+ more bytes/);
      expect(reason?.["zh-CN"]).toMatch(/^内存不足/);
    }
    await page.getByText("the memory did not suffice").first().waitFor();
    await page.close();
  });
}
