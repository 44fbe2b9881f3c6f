import { createInterface } from "node:readline/promises";
import { AssayError } from "@assay/schema/plain";
import { print } from "../context.ts";
import type { AddCommand } from "./index.ts";

/** `assay login <url>`: checks an API key and keeps it for this user. */
export const addLogin: AddCommand = (program, context) => {
  program
    .command("login")
    .summary("keep a server's address and API key")
    .description(
      "Checks an API key against a server and keeps both for this user. The key comes from ASSAY_API_KEY, or is asked for.",
    )
    .argument("<url>", "the server, such as http://localhost:3000")
    .action(async (url: string) => {
      const [{ Assay }, { saveCredentials }, { serverAddress }] = await Promise.all([
        import("../../client/assay.ts"),
        import("../credentials.ts"),
        import("../../client/server-address.ts"),
      ]);
      const address = serverAddress(url);
      const apiKey = context.env.ASSAY_API_KEY || (await askKey(context.signal));
      const { user } = await new Assay({ url: address, apiKey, signal: context.signal }).me();
      const path = await saveCredentials(context, { url: address, apiKey });
      print(context, `Logged in to ${address} as ${user.email}. The key is kept in ${path}.`);
    });
};

async function askKey(signal: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new AssayError("unauthorized", "set ASSAY_API_KEY; keys are made in the dashboard under Settings");
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const key = (await lines.question("API key (made in the dashboard under Settings): ", { signal })).trim();
    if (key === "") throw new AssayError("unauthorized", "no API key was given");
    return key;
  } finally {
    lines.close();
  }
}
