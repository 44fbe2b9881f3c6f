import type { Stores } from "@assay/db";
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** `/metrics` in Prometheus' format: the process, requests by route, and runs by state. */
export function metricsRoutes(app: FastifyInstance, stores: Stores): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "assay_http_request_duration_seconds",
    help: "Time to answer, by route",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  new Gauge({
    name: "assay_runs_unfinished",
    help: "Runs that wait or run",
    labelNames: ["status"],
    registers: [registry],
    async collect() {
      const runs = await stores.work.unfinished().catch(() => null);
      this.reset();
      if (runs === null) return;
      const running = runs.filter((run) => run.running).length;
      this.set({ status: "running" }, running);
      this.set({ status: "queued" }, runs.length - running);
    },
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  app.get("/metrics", async (_request, reply) => {
    reply.header("content-type", registry.contentType);
    return registry.metrics();
  });
}
