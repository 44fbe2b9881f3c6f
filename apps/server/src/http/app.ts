import { AssayError } from "@assay/schema";
import Fastify, { type FastifyInstance } from "fastify";
import type { Env } from "../env.ts";
import type { Notices } from "../notices/notices.ts";
import type { Blobs } from "../storage/blobs.ts";
import type { Uploads } from "../storage/uploads.ts";
import { authRoutes } from "./auth.ts";
import type { Surface } from "./context.ts";
import { downloadRoutes } from "./downloads.ts";
import { answerErrors } from "./errors.ts";
import { feedbackRoutes } from "./feedback.ts";
import { feedbackExportRoutes } from "./feedback-export.ts";
import { healthRoutes } from "./health.ts";
import { isolate } from "./isolation.ts";
import { metricsRoutes } from "./metrics.ts";
import { restRoutes } from "./rest.ts";
import { trpcRoutes } from "./trpc.ts";
import { refuseUpgrades } from "./upgrades.ts";
import { uploadRoutes } from "./uploads.ts";
import { type Handle, webRoutes } from "./web.ts";
import { confineWorkers } from "./worker-policy.ts";

/** Largest JSON body: a report that is pushed. Data files go through uploads and have a limit of their own. */
const bodyLimitBytes = 64 * 1024 * 1024;

export interface AppOptions {
  readonly env: Env;
  readonly surface: Surface;
  /** Signs what is given to people without a session. */
  readonly secret: string;
  readonly notices: Notices;
  readonly blobs: Blobs;
  readonly uploads: Uploads;
  readonly askDatabase: () => Promise<string>;
  /** The dashboard's handler; null where it is not built. */
  readonly web: Handle | null;
}

/** The whole HTTP surface on one port. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { env, surface, blobs, uploads } = options;
  const app = Fastify({
    logger: { level: env.logLevel },
    trustProxy: env.trustProxy,
    bodyLimit: bodyLimitBytes,
    routerOptions: { maxParamLength: 1000 },
    forceCloseConnections: true,
    return503OnClosing: false,
  });
  answerErrors(app, surface.logError);
  isolate(app);
  confineWorkers(app);
  refuseUpgrades(app);
  metricsRoutes(app, surface.stores);
  healthRoutes(app, options.askDatabase);
  await authRoutes(app, surface.auth);
  await trpcRoutes(app, surface);
  restRoutes(app, surface);
  downloadRoutes(app, surface, blobs);
  feedbackExportRoutes(app, surface);
  await feedbackRoutes(app, { surface, secret: options.secret, notices: options.notices });
  await uploadRoutes(app, surface, uploads);
  app.all("/api/*", (request) => {
    throw new AssayError("not-found", `nothing answers ${request.method} ${request.url}`);
  });
  await webRoutes(app, options.web);
  return app;
}
