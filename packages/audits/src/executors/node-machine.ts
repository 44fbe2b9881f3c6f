import { arch, availableParallelism, cpus, platform, release } from "node:os";
import type { Machine } from "../define.ts";

/** This machine, as Node tells it: `Intel(R) Xeon(R) CPU @ 2.20GHz, 2 processors, linux 6.1.0 x64`. */
export function nodeMachine(): Machine {
  // Some systems name no processor.
  const model = cpus()[0]?.model.replace(/\s+/g, " ").trim() || arch();
  const many = availableParallelism();
  const processors = many === 1 ? "1 processor" : `${many} processors`;
  return { now: () => performance.now(), name: `${model}, ${processors}, ${platform()} ${release()} ${arch()}` };
}
