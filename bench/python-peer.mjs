import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Why a row whose peer is a Python package is skipped; undefined where the package is at hand. */
export function noPython(...modules) {
  return pythonWith(modules) === undefined ? `no python3 with ${modules.join(" and ")} is at hand` : undefined;
}

function pythonWith(modules) {
  const program = `import ${modules.join(", ")}`;
  return ["python3", "/usr/bin/python3"].find(
    (name) => spawnSync(name, ["-c", program], { stdio: "ignore" }).status === 0,
  );
}

/**
 * A peer in Python that reads its data once and then works each time it is sent a line: it answers with one line of JSON,
 * whose `seconds` are the work's own, without what it takes to write the answer.
 */
export async function startPython(file, modules, args) {
  const script = fileURLToPath(new URL(`peers/${file}`, import.meta.url));
  const child = spawn(pythonWith(modules) ?? "python3", [script, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    // One thread, as ours.
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${file} ended`);
    return JSON.parse(value);
  };
  child.unref();
  const ready = await next();
  return {
    ready,
    async run() {
      child.stdin.write("go\n");
      const answer = await next();
      return { ...answer, ownSeconds: answer.seconds };
    },
    stop: () => child.kill(),
  };
}
