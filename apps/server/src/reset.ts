import { connect, migrate } from "@assay/db";
import { runningCluster, startCluster } from "@assay/db/embedded";
import { AssayError, isAssayError } from "@assay/schema";
import { makeAuth } from "./auth/auth.ts";
import { resetPassword } from "./auth/owner.ts";
import { openDataFolder, readSecret } from "./data-folder.ts";
import { readEnv } from "./env.ts";

/** `node apps/server/dist/reset.js <email>`: gives an account a new password, with the server running or not. */
async function main(): Promise<void> {
  const email = process.argv[2];
  if (email === undefined || process.argv.length > 3) {
    throw new AssayError("usage", "give the account's address: node apps/server/dist/reset.js you@example.org");
  }
  const env = readEnv(process.env);
  const folder = openDataFolder(env.dataFolder);
  const running = env.databaseUrl ?? (await runningCluster(folder.postgres));
  const cluster = running === null ? await startCluster(folder.postgres) : null;
  const url = running ?? cluster?.url ?? "";
  try {
    await migrate(url);
    const database = connect(url, { connections: 2 });
    try {
      const auth = makeAuth({
        client: database.authClient,
        secret: readSecret(folder, env.secret),
        url: env.url,
        logError: () => {},
      });
      const password = await resetPassword(auth, email);
      process.stdout.write(`The new password of ${email} is ${password}\nIts sessions are ended.\n`);
    } finally {
      await database.close();
    }
  } finally {
    await cluster?.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`assay: ${isAssayError(error) ? error.message : String(error)}\n`);
  process.exit(2);
});
