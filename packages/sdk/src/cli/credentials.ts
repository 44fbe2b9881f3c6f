import { chmod, mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { AssayError } from "@assay/schema";
import { z } from "zod";
import type { CliContext } from "./context.ts";
import { writeWhole } from "./write-files.ts";

const Credentials = z.strictObject({ url: z.url(), apiKey: z.string().min(1) });
export type Credentials = z.infer<typeof Credentials>;

export function credentialsPath(context: CliContext): string {
  const base = context.env.XDG_CONFIG_HOME || join(context.env.HOME || homedir(), ".config");
  return join(base, "assay", "credentials.json");
}

/** Stores the login, readable by its owner alone. */
export async function saveCredentials(context: CliContext, credentials: Credentials): Promise<string> {
  const path = credentialsPath(context);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeWhole(path, `${JSON.stringify(credentials, null, 2)}\n`);
  await chmod(path, 0o600);
  return path;
}

/**
 * The server and key to use: `--server` or ASSAY_URL and ASSAY_API_KEY, else the stored login.
 * @throws AssayError unauthorized, telling how to log in
 */
export async function findCredentials(context: CliContext, server?: string): Promise<Credentials> {
  const stored = await readStored(context);
  const url = server ?? context.env.ASSAY_URL ?? stored?.url;
  if (url === undefined) {
    throw new AssayError(
      "unauthorized",
      "no server is known; run `assay login <url>` or set ASSAY_URL and ASSAY_API_KEY",
    );
  }
  const apiKey = context.env.ASSAY_API_KEY ?? (stored?.url === url ? stored.apiKey : undefined);
  if (apiKey === undefined) {
    throw new AssayError("unauthorized", `no API key for ${url}; run \`assay login ${url}\` or set ASSAY_API_KEY`);
  }
  return { url, apiKey };
}

async function readStored(context: CliContext): Promise<Credentials | null> {
  const path = credentialsPath(context);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    return null;
  }
  try {
    return Credentials.parse(JSON.parse(text));
  } catch {
    throw new AssayError(
      "unauthorized",
      `${path} is not a login that this version reads; run \`assay login <url>\` again`,
    );
  }
}
