/** A scalar's type on a GPU. 64-bit integers, such as seeds, go as two u32, low word first. */
export type GpuScalar = "f32" | "i32" | "u32";

/**
 * How one entry of a kernel is called on a GPU; the same for WGSL and CUDA.
 *
 * WGSL: `@compute @workgroup_size(group) fn name(...)`. The buffers stand, in the order of `parameters`, at
 * `@group(0) @binding(0)`, `@binding(1)`, …: `read` is `var<storage, read>`, `write` is `var<storage, read_write>`. After
 * the last buffer comes one `var<uniform>` struct: `items: u32`, then the scalars in their order.
 * An invocation's item is `item(workgroup_id, num_workgroups, local_invocation_index, group)` of devices/item.wgsl;
 * those from `items` on do nothing.
 *
 * CUDA: `extern "C" __global__ void name(unsigned items, …parameters in order)`, buffers as pointers; the item is
 * `blockIdx.x * blockDim.x + threadIdx.x`.
 *
 * At most 8 buffers, which is what every WebGPU adapter has.
 */
export interface GpuEntry {
  readonly name: string;
  readonly parameters: readonly ("read" | "write" | GpuScalar)[];
  /** Invocations in a workgroup (threads in a block): at most 256. */
  readonly group: number;
}
