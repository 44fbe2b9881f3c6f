/** The driver library that runs every kernel.cu on the processor (see ../emulator), or why there is none here. */
export async function emulatedCuda(): Promise<{ readonly path: string } | { readonly reason: string }> {
  if (!globalThis.process?.versions?.node) return { reason: "a browser cannot load it" };
  // Named at run time: the same tests are bundled for browsers, which have no compiler to build it with.
  const build = new URL("../emulator/build.mjs", import.meta.url).href;
  const { buildEmulator } = await import(/* @vite-ignore */ build);
  return buildEmulator();
}
