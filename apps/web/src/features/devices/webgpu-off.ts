/** Why this browser gives no WebGPU, as far as somebody can do something about it: the keys of `settings.devices`. */
export function webgpuOff(): "insecure" | "noAdapter" | "noWebgpu" {
  if (!globalThis.isSecureContext) return "insecure";
  return "gpu" in navigator ? "noAdapter" : "noWebgpu";
}
