import type { Services } from "@assay/api";
import { probeDevices } from "@assay/compute";
import { connect, migrate } from "@assay/db";
import { type Cluster, startCluster } from "@assay/db/embedded";
import { countFindings, verifyReport } from "@assay/report";
import { AssayError } from "@assay/schema";
import { accountService, initialize } from "./auth/accounts.ts";
import { makeAuth } from "./auth/auth.ts";
import { SetupToken } from "./auth/owner.ts";
import { openDataFolder, readSecret } from "./data-folder.ts";
import { makeDemo } from "./demo/demo.ts";
import { allowEndpoint } from "./endpoints.ts";
import type { Env } from "./env.ts";
import { eraseOldFeedback } from "./feedback/retention.ts";
import { buildApp } from "./http/app.ts";
import type { Surface } from "./http/context.ts";
import { checkPort, listen } from "./http/listen.ts";
import { prepareWeb } from "./http/web.ts";
import { openQueue, superviseWorkers, unfinishedJobs } from "./jobs/index.ts";
import { openNotices } from "./notices/notices.ts";
import { webhookProblem } from "./notices/webhook.ts";
import { regularly } from "./regularly.ts";
import { openRunEvents } from "./run-events.ts";
import { lookEveryMs, runDue } from "./schedules/run-due.ts";
import { tellEnded } from "./schedules/tell-ended.ts";
import { openBlobs } from "./storage/blobs.ts";
import { datasetService } from "./storage/datasets.ts";
import { modelService } from "./storage/models.ts";
import { openModelReader } from "./storage/read-model.ts";
import { sweep, sweepEveryMs } from "./storage/sweep.ts";
import { openUploads } from "./storage/uploads.ts";
import { version } from "./version.ts";

/** Pushed models that are opened side by side. */
const modelsAtOnce = 2;

export interface Server {
  /** Where people find it. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly hasWeb: boolean;
  /** The one-time link that makes the owner; null where there is one. */
  readonly setupLink: string | null;
  readonly workerPids: () => readonly number[];
  /** Settles when the database went away under the server. */
  readonly lost: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts everything: database, migrations, accounts, jobs, workers, HTTP.
 * @throws AssayError with one sentence on what is in the way
 */
export async function startServer(env: Env, log: (message: string) => void): Promise<Server> {
  // Undone in turn, the newest first: by `stop`, or where the start fails halfway.
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
      await step().catch((error: unknown) => log(`while stopping: ${String(error)}`));
    }
  };
  try {
    return await start(env, log, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  env: Env,
  log: (message: string) => void,
  undo: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Server> {
  const logError = (error: unknown) => log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const folder = openDataFolder(env.dataFolder);
  await checkPort(env);
  let cluster: Cluster | null = null;
  if (env.databaseUrl === null) {
    cluster = await startCluster(folder.postgres, folder.path);
    undo.push(cluster.stop);
  }
  const preparing = prepareWeb();
  preparing.catch(() => {});
  const databaseUrl = env.databaseUrl ?? cluster?.url ?? "";
  await migrate(databaseUrl);
  const database = connect(databaseUrl, { connections: 10 });
  undo.push(database.close);
  const { stores } = database;
  const organization = await stores.organizations.home();

  const blobs = openBlobs(folder.blobs);
  const uploads = openUploads({ folder: folder.uploads, blobs, stores, limitBytes: env.uploadLimitBytes });
  const reader = openModelReader(blobs, { atOnce: modelsAtOnce, memoryBytes: env.modelMemoryBytes });
  undo.push(async () => reader.close());
  const secret = readSecret(folder, env.secret);
  const auth = makeAuth({
    client: database.authClient,
    secret,
    url: env.url,
    logError,
  });
  await initialize(auth, stores, env.init);
  const token = new SetupToken();
  const needsSetup = async () => (await stores.users.count()) === 0;

  const queue = await openQueue({ url: databaseUrl, role: "server", onError: logError });
  undo.push(queue.stop);
  let people = env.url ?? "";
  const notices = await openNotices({
    databaseUrl,
    stores,
    rules: { webhooks: env.webhooks, mail: env.mail, url: () => people },
    onError: logError,
  });
  undo.push(notices.stop);
  const events = openRunEvents(databaseUrl);
  undo.push(events.close);
  const probes = await probeDevices();
  const devices = probes.map((probe) => ({
    name: probe.name,
    available: probe.available,
    description: probe.available ? probe.description : probe.reason,
  }));
  const services: Services = {
    accounts: accountService(auth, stores, token),
    comparisons: { enqueue: (sql, id) => queue.enqueue(sql, { kind: "comparison", id }), changes: events.changes },
    datasets: datasetService({ blobs, stores, uploads }),
    endpoints: { problems: (endpoint) => allowEndpoint(endpoint, env.endpoints).problems },
    feedback: {
      problems({ email, webhook }) {
        const told: { at: string; message: string | null }[] = [
          { at: "settings.notify.webhook", message: webhook === null ? null : webhookProblem(webhook, env.webhooks) },
          {
            at: "settings.notify.email",
            message:
              email === null || env.mail !== null
                ? null
                : "this server sends no e-mail; its operator allows it with the settings ASSAY_SMTP_URL and ASSAY_MAIL_FROM",
          },
        ];
        return told.flatMap(({ at, message }) => (message === null ? [] : [{ at, message }]));
      },
    },
    models: modelService({ blobs, reader, stores, uploads }),
    reports: {
      count: countFindings,
      verify(value) {
        const verification = verifyReport(value);
        if (verification.ok) return verification.report;
        const parts = verification.differs.join(", ");
        throw new AssayError("digest-mismatch", `the report was changed after it was sealed: ${parts}`, {
          problems: verification.differs.map((at) => ({ at, message: "does not match its digest" })),
        });
      },
    },
    runs: { enqueue: (sql, id) => queue.enqueue(sql, { kind: "run", id }), changes: events.changes },
    uploads: { reuse: uploads.reuse },
    system: {
      devices: async () => devices,
      info: async () => ({
        version,
        needsSetup: await needsSetup(),
        device: { name: "cpu", description: devices.find(({ name }) => name === "cpu")?.description ?? "" },
        database: await database.version(),
        uploadLimitBytes: env.uploadLimitBytes,
        endpoints: env.endpoints.origins,
        webhooks: env.webhooks,
        mail: env.mail !== null,
      }),
    },
  };
  const surface: Surface = { auth, stores, services, logError, organizationId: organization.id };
  const web = await preparing;
  const app = await buildApp({ env, surface, secret, notices, blobs, uploads, web, askDatabase: database.version });
  undo.push(() => app.close());
  const { url: address, origin } = await listen(app, env);
  // The dashboard renders in this process and asks the API like any other client: at the port that was really got.
  process.env.ASSAY_ORIGIN = origin;
  people = env.url ?? address;
  await notices.work();

  // The embedded database has one server: whatever was running when it last ended has no worker now.
  if (cluster !== null) await queue.giveBack(await unfinishedJobs(stores));
  const workers = superviseWorkers({
    count: env.workers,
    environment: { ...process.env, DATABASE_URL: databaseUrl, DATABASE_URL_FILE: "", ASSAY_DATA_DIR: env.dataFolder },
    stores,
    queue,
    log,
  });
  undo.push(workers.stop);
  undo.push(regularly(() => sweep(stores, blobs, uploads), { everyMs: sweepEveryMs, onError: logError }));
  // Of its own: what people were promised does not wait for a disk that cannot be swept.
  const erase = () => eraseOldFeedback(stores, organization.id, Date.now());
  undo.push(regularly(erase, { everyMs: sweepEveryMs, onError: logError }));
  const look = async () => {
    await runDue({ stores, services, now: () => new Date(), onError: logError });
    await tellEnded(stores, notices);
  };
  undo.push(regularly(look, { everyMs: lookEveryMs, onError: logError }));
  if (env.demo && !organization.hasDemo) {
    const demo = makeDemo({ organizationId: organization.id, stores, services, blobs }).catch(logError);
    undo.push(() => demo);
  }

  const url = env.url ?? address;
  return {
    url,
    databaseUrl,
    hasWeb: web !== null,
    setupLink: (await needsSetup()) ? `${url}/setup?token=${token.value ?? ""}` : null,
    workerPids: workers.pids,
    lost: cluster?.lost ?? new Promise(() => {}),
    stop,
  };
}
