import { type ChildProcess, fork, spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../paths.ts";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Around {
  readonly cwd: string;
  readonly env?: Record<string, string>;
}

function environmentOf({ cwd, env = {} }: Around): Record<string, string | undefined> {
  const { ASSAY_URL: _url, ASSAY_API_KEY: _key, ...rest } = process.env;
  return { ...rest, LANG: "C", LC_ALL: "C", XDG_CONFIG_HOME: join(cwd, ".config"), ...env };
}

/** The built program's commands, in a process that all of a file's commands share; what a terminal does needs `assayProcess`. */
export function assay(args: readonly string[], around: Around): Promise<Ran> {
  resident ??= startResident();
  return resident.run({ args, cwd: around.cwd, env: environmentOf(around) });
}

interface Resident {
  run(command: object): Promise<Ran>;
}
let resident: Resident | undefined;

function startResident(): Resident {
  const waiting = new Map<number, { resolve: (ran: Ran) => void; reject: (error: Error) => void }>();
  const child: ChildProcess = fork(join(root, "tests/cli/resident.mjs"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  child.on("message", ({ id, ...ran }: Ran & { id: number }) => {
    waiting.get(id)?.resolve(ran);
    waiting.delete(id);
  });
  child.on("exit", (code) => {
    resident = undefined;
    for (const { reject } of waiting.values()) reject(new Error(`the process of the commands ended with ${code}`));
  });
  let count = 0;
  return {
    run: (command) =>
      new Promise((resolve, reject) => {
        waiting.set(++count, { resolve, reject });
        child.send({ id: count, ...command });
      }),
  };
}

/**
 * Runs the built `assay` program as a user would, in a process of its own. Ctrl-C is sent `interruptAfterMs` after the start,
 * or as soon as stderr says what `interruptWhen` waits for.
 */
export function assayProcess(
  args: readonly string[],
  options: Around & { readonly interruptAfterMs?: number; readonly interruptWhen?: RegExp },
): Promise<Ran> {
  const child = spawn(process.execPath, [join(root, "packages/sdk/bin/assay.js"), ...args], {
    cwd: options.cwd,
    env: environmentOf(options) as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  let interrupted = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (options.interruptWhen?.test(stderr) && !interrupted) {
      interrupted = true;
      child.kill("SIGINT");
    }
  });
  if (options.interruptAfterMs !== undefined) setTimeout(() => child.kill("SIGINT"), options.interruptAfterMs);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
