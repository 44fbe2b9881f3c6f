import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { AssayError } from "@assay/schema/plain";
import { z } from "zod";
import { serverAddress } from "../client/server-address.ts";
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
  await writeWhole(path, `${JSON.stringify(credentials, null, 2)}\n`, { secret: true });
  return path;
}

/**
 * The server and key to use: `--server` or ASSAY_URL and ASSAY_API_KEY, else the stored login.
 * @throws AssayError unauthorized, telling how to log in
 */
export async function findCredentials(context: CliContext, server?: string): Promise<Credentials> {
  const named = server ?? (context.env.ASSAY_URL || undefined);
  const key = context.env.ASSAY_API_KEY || undefined;
  // A login that cannot be read is no hindrance where nothing of it is needed.
  const stored = named === undefined || key === undefined ? await readStored(context) : null;
  const url = named === undefined ? stored?.url : serverAddress(named);
  if (url === undefined) {
    throw new AssayError(
      "unauthorized",
      "no server is known; run `assay login <url>` or set ASSAY_URL and ASSAY_API_KEY",
    );
  }
  const apiKey = key ?? (stored?.url === url ? stored.apiKey : undefined);
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
