import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Endpoint, Report } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { assay } from "../cli/assay.ts";
import { root } from "../paths.ts";

// Programs are started, and on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

const page = readFileSync(join(root, "docs/models/endpoints.md"), "utf8");
const block = (language: string): string =>
  new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page)?.[1] ?? "";
const hasPython = spawnSync("python3", ["-c", "import http.server"]).status === 0;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-docs-endpoint-"));
  const lines = Array.from(
    { length: 60 },
    (_, row) => `${20 + row},${row % 3 ? "Oslo" : "Bern"},${row % 2 ? "f" : "m"},${row > 25 ? 1 : 0}`,
  );
  writeFileSync(join(folder, "people.csv"), `age,town,sex,paid\n${lines.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Waits until the server of the page answers, with a refusal since no key is given. */
async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; child.exitCode === null && tries < 100; tries++) {
    const status = await fetch(url, { method: "POST", body: "{}" }).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 401) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(`the server does not answer (exit code ${child.exitCode})`);
}

describe("the example of a model behind an address runs as it stands", () => {
  it.each([
    ["js", "serve.mjs", process.execPath, true],
    ["python", "serve.py", "python3", hasPython],
  ] as const)("%s", async (language, file, program, there) => {
    if (!there) {
      console.warn(`skipped: no ${program} here`);
      return;
    }
    const port = await freePort();
    writeFileSync(join(folder, file), block(language));
    const plan = block("yaml");
    expect(plan).toContain("http://127.0.0.1:8080/predict");
    writeFileSync(join(folder, "audit.yaml"), plan.replace(":8080", `:${port}`));
    const env = { CREDIT_KEY: "open-sesame" };
    const server = spawn(program, [join(folder, file)], {
      env: { PATH: process.env.PATH, PORT: String(port), ...env } as unknown as NodeJS.ProcessEnv,
      stdio: "ignore",
    });
    try {
      await answers(`http://127.0.0.1:${port}/predict`, server);
      const ran = await assay(["run", "audit.yaml", "--out", language], { cwd: folder, env });
      expect(ran.stderr).toContain("is asked about 60 rows in 1 request\n");
      expect(ran.code).toBe(0);
      const report = Report.parse(JSON.parse(readFileSync(join(folder, language, "report.json"), "utf8")));
      const auc = report.audits.flatMap(({ measures }) => measures).find(({ metric }) => metric === "roc-auc");
      expect(auc?.value).toBeGreaterThan(0.9);
      const refused = await assay(["run", "audit.yaml", "--out", "refused"], {
        cwd: folder,
        env: { CREDIT_KEY: "wrong" },
      });
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/answers 401.*; check CREDIT_KEY/) });
    } finally {
      server.kill();
    }
  });

  it("and so do the settings that it shows in part", () => {
    const parts = [...page.matchAll(/^```yaml\n((?:request|response):[\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
    expect(parts).toHaveLength(2);
    for (const part of parts) expect(Endpoint.safeParse({ url: "https://a.test", ...parse(part) }).success).toBe(true);
  });
});
