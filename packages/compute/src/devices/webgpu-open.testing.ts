import { cpu } from "./cpu.ts";
import { type FoundAdapter, findAdapter } from "./webgpu-adapter.ts";
import { WebGpuDevice } from "./webgpu-device.ts";
import type { WebGpuCode } from "./webgpu-pipelines.ts";

/** A device of this host's own adapter that runs a test's shaders, and the GPUDevice under it, to be taken away. */
export async function openWith(
  found: FoundAdapter,
  code?: WebGpuCode,
  timeoutMs = 60_000,
): Promise<{ device: WebGpuDevice; inner: GPUDevice }> {
  // An adapter gives one device only.
  const again = await findAdapter();
  if ("reason" in again) throw new Error(again.reason);
  const inner = await again.adapter.requestDevice();
  const parts = { gpu: again.gpu, device: inner, description: found.description, host: await cpu.open({}), timeoutMs };
  return { device: new WebGpuDevice(code ? { ...parts, code } : parts), inner };
}

const head = (name: string, group: number) => `
@compute @workgroup_size(${group})
fn ${name}(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (workgroup.y * workgroups.x + workgroup.x) * ${group}u + local;`;

/** Kernels small enough to see what the device does with them. */
export const testCode: WebGpuCode = {
  kernels: [
    {
      name: "small",
      entries: [
        { name: "add", parameters: ["read", "write", "u32", "i32", "f32"], group: 64 },
        { name: "number", parameters: ["write"], group: 1 },
        { name: "spin", parameters: ["write", "u32"], group: 1 },
      ],
    },
    { name: "misspelt", entries: [{ name: "misspelt", parameters: ["write"], group: 64 }] },
    { name: "including", entries: [{ name: "including", parameters: ["write"], group: 64 }] },
    { name: "strict", entries: [{ name: "readsOnly", parameters: ["write"], group: 64 }] },
    { name: "longer", entries: [{ name: "readsMore", parameters: ["write", "u32"], group: 64 }] },
  ],
  shaders: {
    small: `
struct AddScalars { items: u32, plus: u32, minus: i32, times: f32 }
@group(0) @binding(0) var<storage, read> source: array<u32>;
@group(0) @binding(1) var<storage, read_write> target_sums: array<f32>;
@group(0) @binding(2) var<uniform> add_scalars: AddScalars;
${head("add", 64)}
  if (item >= add_scalars.items) { return; }
  target_sums[item] = f32(i32(source[item] + add_scalars.plus) - add_scalars.minus) * add_scalars.times;
}

struct NumberScalars { items: u32 }
@group(0) @binding(0) var<storage, read_write> numbers: array<u32>;
@group(0) @binding(1) var<uniform> number_scalars: NumberScalars;
${head("number", 1)}
  if (item >= number_scalars.items) { return; }
  numbers[item] += item + 1u;
}

struct SpinScalars { items: u32, rounds: u32 }
@group(0) @binding(1) var<uniform> spin_scalars: SpinScalars;
${head("spin", 1)}
  if (item >= spin_scalars.items) { return; }
  var x = numbers[item];
  for (var round = 0u; round < spin_scalars.rounds; round++) {
    x = x * 1664525u + 1013904223u;
    if (x == 7u) { numbers[item] = x; }
  }
  numbers[item] = x;
}
`,
    misspelt: `@group(0) @binding(0) var<storage, read_write> out: array<u32>;
${head("misspelt", 64)}
  out[item] = itm;
}
`,
    including: `@group(0) @binding(0) var<storage, read_write> out: array<u32>;
${head("including", 64)}
  out[item] = twice(item);
}
// file: random/twice.wgsl
fn twice(x: u32) -> u32 {
  return x * y;
}
`,
    strict: `@group(0) @binding(0) var<storage, read> out: array<u32>;
${head("readsOnly", 64)}
  let unused = out[item];
}
`,
    longer: `struct Scalars { items: u32, a: u32, b: u32 }
@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@group(0) @binding(1) var<uniform> scalars: Scalars;
${head("readsMore", 64)}
  out[item] = scalars.b;
}
`,
  },
};
